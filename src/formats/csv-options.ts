import type { OptionDefinition } from '../catalog/option.ts'
import { userError } from '../base/errors.ts'
import type { FormatOptions } from './format.ts'

export const csvOptions: readonly OptionDefinition[] = [
  {
    key: 'field-delimiter',
    type: 'string',
    default: ',',
    doc: 'The character between fields; escapes such as \\t and \\u0001 are understood.',
  },
  { key: 'disable-quote-character', type: 'boolean', default: 'false', doc: 'Takes quotes as ordinary characters.' },
  { key: 'quote-character', type: 'string', default: '"', doc: 'Encloses fields that hold delimiters, quotes (doubled) or line breaks.' },
  { key: 'allow-comments', type: 'boolean', default: 'false', doc: 'Leaves out lines that start with #, and blank lines.' },
  {
    key: 'ignore-parse-errors',
    type: 'boolean',
    default: 'false',
    doc: 'Takes a field that does not fit its column as NULL and drops rows with too many fields, instead of failing.',
  },
  {
    key: 'array-element-delimiter',
    type: 'string',
    default: ';',
    doc: 'Stands between the elements of an ARRAY and the fields of a nested ROW.',
  },
  {
    key: 'escape-character',
    type: 'string',
    doc: 'Takes the special meaning of the next character; n, r, t and 0 are control characters.',
  },
  { key: 'null-literal', type: 'string', doc: 'The text that is NULL.' },
  {
    key: 'write-bigdecimal-in-scientific-notation',
    type: 'boolean',
    default: 'true',
    doc: 'Writes DECIMAL 100000 as 1E+5.',
  },
]

export interface CsvSettings {
  readonly delimiter: string
  /** Undefined: none. */
  readonly quote: string | undefined
  readonly escape: string | undefined
  readonly allowsComments: boolean
  readonly ignoresErrors: boolean
  readonly elementDelimiter: string
  readonly nullLiteral: string | undefined
  readonly writesExponents: boolean
}

export function csvSettings(options: FormatOptions): CsvSettings {
  const delimiter = options.get('field-delimiter')
  if (options.get('disable-quote-character') === true && options.has('quote-character')) {
    throw userError(
      'sql/option-value',
      `Cannot set option "csv.quote-character": "csv.disable-quote-character" is true, wanted only one of the two`,
    )
  }
  return {
    delimiter: delimiter === undefined ? ',' : singleCharacter('field-delimiter', unescapeJava(String(delimiter))),
    quote:
      options.get('disable-quote-character') === true
        ? undefined
        : options.has('quote-character')
          ? singleAscii('quote-character', String(options.get('quote-character')))
          : '"',
    escape: options.has('escape-character') ? singleAscii('escape-character', String(options.get('escape-character'))) : undefined,
    allowsComments: options.get('allow-comments') === true,
    ignoresErrors: options.get('ignore-parse-errors') === true,
    elementDelimiter: String(options.get('array-element-delimiter') ?? ';'),
    nullLiteral: options.has('null-literal') ? String(options.get('null-literal')) : undefined,
    writesExponents: options.get('write-bigdecimal-in-scientific-notation') !== false,
  }
}

function singleCharacter(key: string, text: string): string {
  if (text.length === 1) return text
  throw userError('sql/option-value', `Cannot set option "csv.${key}": found "${text}", wanted a single character`)
}

function singleAscii(key: string, text: string): string {
  const character = singleCharacter(key, text)
  if (character.charCodeAt(0) < 0x80) return character
  throw userError('unsupported/csv-character', `Cannot set option "csv.${key}": found "${text}", wanted an ASCII character`)
}

const escapes: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', b: '\b', f: '\f' }

/** The text with Java's escapes resolved: \t, \u0001, \\, octal \1. */
function unescapeJava(text: string): string {
  return text.replace(/\\(?:u+([0-9a-fA-F]{4})|([0-3]?[0-7]{1,2})|(.))/gs, (_match, unicode?: string, octal?: string, other?: string) => {
    if (unicode !== undefined) return String.fromCharCode(Number.parseInt(unicode, 16))
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8))
    return escapes[other ?? ''] ?? other ?? ''
  })
}
