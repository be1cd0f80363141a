import { userError } from '../base/errors.ts'

/** What of the package hyparquet reading needs: footers, headers and encodings of pages. */
export interface ParquetReading {
  readonly parquetMetadataAsync: (typeof import('hyparquet'))['parquetMetadataAsync']
  readonly parquetSchema: (typeof import('hyparquet'))['parquetSchema']
  readonly parquetHeader: (typeof import('hyparquet/src/column.js'))['parquetHeader']
  readonly readDataPage: (typeof import('hyparquet/src/datapage.js'))['readDataPage']
  readonly readDataPageV2: (typeof import('hyparquet/src/datapage.js'))['readDataPageV2']
  readonly decompressPage: (typeof import('hyparquet/src/datapage.js'))['decompressPage']
  readonly DEFAULT_PARSERS: (typeof import('hyparquet/src/convert.js'))['DEFAULT_PARSERS']
  readonly readPlain: (typeof import('hyparquet/src/plain.js'))['readPlain']
  readonly compressors: (typeof import('hyparquet-compressors'))['compressors']
}

/** What of the package hyparquet-writer writing needs: the footer, headers of pages and runs of levels. */
export interface ParquetWriting {
  readonly ByteWriter: (typeof import('hyparquet-writer'))['ByteWriter']
  readonly writeMetadata: (typeof import('hyparquet-writer/src/metadata.js'))['writeMetadata']
  readonly writePageHeader: (typeof import('hyparquet-writer/src/datapage.js'))['writePageHeader']
  readonly writeRleBitPackedHybrid: (typeof import('hyparquet-writer/src/encoding.js'))['writeRleBitPackedHybrid']
}

let reading: ParquetReading | undefined
let writing: ParquetWriting | undefined

/** The packages are no dependencies of Rheo: whoever uses parquet installs them. @throws {RheoError} `format/missing-package`. */
export async function loadParquet(use: 'read' | 'write'): Promise<void> {
  try {
    if (use === 'read') reading ??= await importReading()
    else writing ??= await importWriting()
  } catch (error) {
    const names = use === 'read' ? 'hyparquet hyparquet-compressors' : 'hyparquet hyparquet-writer'
    throw userError(
      'format/missing-package',
      `Cannot ${use} parquet: a package is missing, wanted is npm install ${names}`,
      undefined,
      error,
    )
  }
}

async function importReading(): Promise<ParquetReading> {
  const [
    { parquetMetadataAsync, parquetSchema },
    { parquetHeader },
    { readDataPage, readDataPageV2, decompressPage },
    { readPlain },
    { DEFAULT_PARSERS },
    { compressors },
  ] = await Promise.all([
    import('hyparquet'),
    import('hyparquet/src/column.js'),
    import('hyparquet/src/datapage.js'),
    import('hyparquet/src/plain.js'),
    import('hyparquet/src/convert.js'),
    import('hyparquet-compressors'),
  ])
  const zlib = process.getBuiltinModule('node:zlib')
  return {
    parquetMetadataAsync,
    parquetSchema,
    parquetHeader,
    readDataPage,
    readDataPageV2,
    decompressPage,
    readPlain,
    DEFAULT_PARSERS,
    compressors: {
      ...compressors,
      GZIP: (bytes, maxOutputLength) => plainBytes(zlib.gunzipSync(bytes, { maxOutputLength })),
      ZSTD: (bytes, maxOutputLength) => plainBytes(zlib.zstdDecompressSync(bytes, { maxOutputLength })),
      BROTLI: (bytes, maxOutputLength) => plainBytes(zlib.brotliDecompressSync(bytes, { maxOutputLength })),
    },
  }
}

/** Without what a Buffer does otherwise: its `slice` is no copy. */
function plainBytes(bytes: Buffer): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
}

async function importWriting(): Promise<ParquetWriting> {
  const [{ ByteWriter }, { writeMetadata }, { writePageHeader }, { writeRleBitPackedHybrid }] = await Promise.all([
    import('hyparquet-writer'),
    import('hyparquet-writer/src/metadata.js'),
    import('hyparquet-writer/src/datapage.js'),
    import('hyparquet-writer/src/encoding.js'),
  ])
  return { ByteWriter, writeMetadata, writePageHeader, writeRleBitPackedHybrid }
}

/** After `loadParquet('read')`. */
export function parquetReading(): ParquetReading {
  if (reading === undefined) throw new TypeError('the packages for reading parquet are not loaded')
  return reading
}

/** After `loadParquet('write')`. */
export function parquetWriting(): ParquetWriting {
  if (writing === undefined) throw new TypeError('the packages for writing parquet are not loaded')
  return writing
}
