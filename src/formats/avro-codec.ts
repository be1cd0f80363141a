import { userError } from '../base/errors.ts'
import { snappyCompress, snappyDecompress } from './snappy.ts'

export const avroCodecs = ['null', 'deflate', 'snappy', 'zstandard', 'bzip2', 'xz'] as const

/** How the blocks of a container file are compressed. */
export interface AvroCodec {
  compress(bytes: Uint8Array): Uint8Array
  /** Undefined when the bytes are damaged. */
  decompress(bytes: Uint8Array, mostBytes: number): Uint8Array | undefined
}

// Loaded when it is needed, for the sake of a quick start.
const zlib = (): typeof import('node:zlib') => process.getBuiltinModule('node:zlib')

/** The codec of a name. @throws {RheoError} `unsupported/avro-codec`. */
export function avroCodec(name: string): AvroCodec {
  switch (name) {
    case 'null':
      return { compress: (bytes) => bytes, decompress: (bytes) => bytes }
    case 'deflate':
      return {
        compress: (bytes) => zlib().deflateRawSync(bytes),
        decompress: (bytes, maxOutputLength) => attempt(() => zlib().inflateRawSync(bytes, { maxOutputLength })),
      }
    case 'zstandard':
      return {
        compress: (bytes) => zlib().zstdCompressSync(bytes),
        decompress: (bytes, maxOutputLength) => attempt(() => zlib().zstdDecompressSync(bytes, { maxOutputLength })),
      }
    case 'snappy':
      return { compress: compressSnappy, decompress: decompressSnappy }
    default:
      throw userError(
        'unsupported/avro-codec',
        `Cannot use the codec "${name}" of avro: wanted one of "null", "deflate", "snappy", "zstandard"`,
      )
  }
}

function attempt(decompress: () => Uint8Array): Uint8Array | undefined {
  try {
    return decompress()
  } catch {
    return undefined
  }
}

const CHECKSUM_BYTES = 4

/** Behind the compressed bytes stands a checksum of what was compressed. */
function compressSnappy(bytes: Uint8Array): Uint8Array {
  const compressed = snappyCompress(bytes)
  const out = new Uint8Array(compressed.length + CHECKSUM_BYTES)
  out.set(compressed)
  new DataView(out.buffer).setUint32(compressed.length, zlib().crc32(bytes))
  return out
}

function decompressSnappy(bytes: Uint8Array, mostBytes: number): Uint8Array | undefined {
  const end = bytes.length - CHECKSUM_BYTES
  if (end < 0) return undefined
  const content = snappyDecompress(bytes.subarray(0, end), mostBytes)
  const checksum = new DataView(bytes.buffer, bytes.byteOffset).getUint32(end)
  return content !== undefined && zlib().crc32(content) === checksum ? content : undefined
}
