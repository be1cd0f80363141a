import type { Format } from './format.ts'
import { JsonDecoder } from './json-decoder.ts'
import { JsonEncoder } from './json-encoder.ts'
import { jsonOptions, jsonSettings } from './json-options.ts'

export const jsonFormat: Format = {
  name: 'json',
  doc: 'One JSON object a line; a line that is an array is one row an element.',
  options: jsonOptions,
  changes: 'append',
  canJoinFiles: true,
  readsNestedPaths: true,
  check: (_columns, options) => void jsonSettings(options),
  createDecoder: (spec) => new JsonDecoder(spec),
  createEncoder: (spec) => new JsonEncoder(spec),
}
