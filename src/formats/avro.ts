import type { OptionDefinition } from '../catalog/option.ts'
import { avroCodec, avroCodecs } from './avro-codec.ts'
import { AvroDecoder } from './avro-decoder.ts'
import { AvroEncoder } from './avro-encoder.ts'
import type { Format } from './format.ts'

const avroOptions: readonly OptionDefinition[] = [
  { key: 'codec', type: { oneOf: avroCodecs }, default: 'snappy', doc: 'How blocks are compressed when they are written.' },
  {
    key: 'timestamp_mapping.legacy',
    type: 'boolean',
    default: 'true',
    doc: 'Writes TIMESTAMP as an instant (timestamp-millis) instead of a local timestamp; TIMESTAMP_LTZ and microseconds need false.',
  },
  {
    key: 'encoding',
    type: { oneOf: ['binary', 'json'] },
    default: 'binary',
    doc: 'Of single records; container files are always binary.',
  },
  { key: 'open.fastread', type: 'boolean', default: 'false', doc: "Flink's choice between two readers; there is one here." },
]

export const avroFormat: Format = {
  name: 'avro',
  doc: 'Avro container files: blocks of records, with their schema.',
  options: avroOptions,
  changes: 'append',
  readsNestedPaths: true,
  check: (_columns, options) => void avroCodec(String(options.get('codec') ?? 'snappy')),
  createFileDecoder: (spec) => new AvroDecoder(spec),
  createFileEncoder: (spec) => new AvroEncoder(spec),
}
