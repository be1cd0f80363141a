import { CsvDecoder } from './csv-decoder.ts'
import { CsvEncoder } from './csv-encoder.ts'
import { csvOptions, csvSettings } from './csv-options.ts'
import type { Format } from './format.ts'

export const csvFormat: Format = {
  name: 'csv',
  doc: 'Comma-separated values, one row a line; a header line is a row like any other.',
  options: csvOptions,
  changes: 'append',
  canJoinFiles: true,
  readsNestedPaths: false,
  check: (_columns, options) => void csvSettings(options),
  createDecoder: (spec) => new CsvDecoder(spec),
  createEncoder: (spec) => new CsvEncoder(spec),
}
