import type { OptionDefinition } from '../catalog/option.ts'
import { userError } from '../base/errors.ts'
import type { FormatOptions } from './format.ts'
import type { TimestampStandard } from './temporal-text.ts'

const timestampFormat: OptionDefinition = {
  key: 'timestamp-format.standard',
  type: { oneOf: ['SQL', 'ISO-8601', 'ISO-8601-WITH-OFFSET'] },
  default: 'SQL',
  doc: 'How timestamps are written: 2024-02-29 23:59:59.123, or 2024-02-29T23:59:59.123.',
}
const ignoreParseErrors: OptionDefinition = {
  key: 'ignore-parse-errors',
  type: 'boolean',
  default: 'false',
  doc: 'Takes a field that does not fit its column as NULL and drops what is not JSON, instead of failing.',
}
const mapNullKeys: readonly OptionDefinition[] = [
  {
    key: 'map-null-key.mode',
    type: { oneOf: ['FAIL', 'DROP', 'LITERAL'] },
    default: 'FAIL',
    doc: 'What to write for a NULL key of a MAP.',
  },
  { key: 'map-null-key.literal', type: 'string', default: 'null', doc: 'The text for NULL keys with map-null-key.mode LITERAL.' },
]
const encoding: readonly OptionDefinition[] = [
  { key: 'encode.decimal-as-plain-number', type: 'boolean', default: 'false', doc: 'Writes DECIMAL as 0.00000003 instead of 3E-8.' },
  { key: 'encode.ignore-null-fields', type: 'boolean', default: 'false', doc: 'Leaves fields out that are NULL.' },
]

export const jsonOptions: readonly OptionDefinition[] = [
  { key: 'fail-on-missing-field', type: 'boolean', default: 'false', doc: 'Fails when an object has no field for a column.' },
  ignoreParseErrors,
  timestampFormat,
  ...mapNullKeys,
  ...encoding,
  { key: 'decode.json-parser.enabled', type: 'boolean', default: 'true', doc: "Flink's choice between two readers; both read alike here." },
]

/** Of the formats that carry changes in JSON. */
export const changeLogOptions: readonly OptionDefinition[] = [ignoreParseErrors, timestampFormat, ...mapNullKeys, ...encoding]

export interface JsonSettings {
  readonly ignoresErrors: boolean
  readonly failsOnMissing: boolean
  readonly timestamps: TimestampStandard
  readonly nullKeys: 'FAIL' | 'DROP' | 'LITERAL'
  readonly nullKeyLiteral: string
  readonly writesPlainDecimals: boolean
  readonly skipsNullFields: boolean
}

export function jsonSettings(options: FormatOptions): JsonSettings {
  const ignoresErrors = options.get('ignore-parse-errors') === true
  const failsOnMissing = options.get('fail-on-missing-field') === true
  if (ignoresErrors && failsOnMissing) {
    throw userError(
      'sql/option-value',
      `Cannot use the options of json: "json.fail-on-missing-field" and "json.ignore-parse-errors" are both true, wanted only one of the two`,
    )
  }
  return {
    ignoresErrors,
    failsOnMissing,
    timestamps: (options.get('timestamp-format.standard') ?? 'SQL') as TimestampStandard,
    nullKeys: (options.get('map-null-key.mode') ?? 'FAIL') as JsonSettings['nullKeys'],
    nullKeyLiteral: String(options.get('map-null-key.literal') ?? 'null'),
    writesPlainDecimals: options.get('encode.decimal-as-plain-number') === true,
    skipsNullFields: options.get('encode.ignore-null-fields') === true,
  }
}
