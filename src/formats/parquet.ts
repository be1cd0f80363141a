import type { OptionDefinition } from '../catalog/option.ts'
import { userError } from '../base/errors.ts'
import type { Format, FormatOptions } from './format.ts'
import { parquetCompressions, type ParquetCompression } from './parquet-codec.ts'
import { ParquetDecoder } from './parquet-decoder.ts'
import { ParquetEncoder, type ParquetWriteSettings } from './parquet-encoder.ts'
import { loadParquet } from './parquet-packages.ts'

const others = ['LZO', 'LZ4', 'LZ4_RAW'] as const

const parquetOptions: readonly OptionDefinition[] = [
  {
    key: 'compression',
    type: { oneOf: [...parquetCompressions, ...others] },
    default: 'SNAPPY',
    doc: 'How pages are compressed when they are written.',
  },
  {
    key: 'utc-timezone',
    type: 'boolean',
    default: 'false',
    doc: "Whether timestamps are written in UTC rather than in the machine's time zone; here they always are.",
  },
  { key: 'write.int64.timestamp', type: 'boolean', default: 'false', doc: 'Writes timestamps as INT64 instead of INT96.' },
  { key: 'timestamp.time.unit', type: { oneOf: ['nanos', 'micros', 'millis'] }, default: 'micros', doc: 'The unit of INT64 timestamps.' },
  {
    key: 'block.size',
    type: 'memory',
    default: '16 mb',
    doc: 'A row group is written when its values take so much; it is the most that is in memory, when it is read too.',
  },
  { key: 'page.size', type: 'memory', default: '1 mb', doc: 'A page ends when its values take so much.' },
  {
    key: 'batch-size',
    type: 'int',
    default: '2048',
    doc: "Rows that Flink's reader takes at once; the batches here are those of the engine.",
  },
]

export const parquetFormat: Format = {
  name: 'parquet',
  doc: 'Parquet files: row groups by columns. Needs the packages hyparquet, hyparquet-writer and hyparquet-compressors.',
  options: parquetOptions,
  changes: 'append',
  readsNestedPaths: true,
  check: (_columns, options) => void writeSettings(options),
  load: loadParquet,
  createFileDecoder: (spec) => new ParquetDecoder(spec),
  createFileEncoder: (spec) => new ParquetEncoder(spec, writeSettings(spec.options)),
}

const units = { nanos: 'NANOS', micros: 'MICROS', millis: 'MILLIS' } as const

function writeSettings(options: FormatOptions): ParquetWriteSettings {
  const compression = String(options.get('compression') ?? 'SNAPPY')
  if (!isWritten(compression)) {
    throw userError(
      'unsupported/parquet-compression',
      `Cannot set option "parquet.compression": found "${compression}", wanted one of ${parquetCompressions.map((name) => `"${name}"`).join(', ')}`,
    )
  }
  const unit = String(options.get('timestamp.time.unit') ?? 'micros') as keyof typeof units
  return {
    compression,
    timestamps: options.get('write.int64.timestamp') === true ? units[unit] : 'INT96',
    groupBytes: Number(options.get('block.size') ?? 16 * 2 ** 20),
    pageBytes: Number(options.get('page.size') ?? 2 ** 20),
  }
}

function isWritten(name: string): name is ParquetCompression {
  return (parquetCompressions as readonly string[]).includes(name)
}
