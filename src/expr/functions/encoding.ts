import { types } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import { decodeText, encodeText } from '../charset.ts'
import { EvaluationError } from '../evaluation-error.ts'
import type { ScalarFunction } from '../function.ts'
import { bigint, binary, signature, text, textOrBinary } from '../signature.ts'

type Define = Omit<ScalarFunction, 'family'>

function define(definition: Define): ScalarFunction {
  return { family: 'string', ...definition }
}

function fromBase64(value: string): string {
  const padding = value.endsWith('==') ? 2 : value.endsWith('=') ? 1 : 0
  const digits = value.length - padding
  const isWhole = padding > 0 ? value.length % 4 === 0 : digits % 4 !== 1
  if (!isWhole || /[^A-Za-z0-9+/]/.test(padding === 0 ? value : value.slice(0, digits))) {
    throw new EvaluationError('data/base64', `Cannot decode "${value.slice(0, 100)}": it is no Base64 text`)
  }
  return Buffer.from(value, 'base64').toString('utf8')
}

function asBytes(value: SqlValue): Buffer {
  if (typeof value === 'string') return Buffer.from(value, 'utf8')
  const bytes = value as Uint8Array
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

const validUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const lenientUtf8 = new TextDecoder('utf-8', { ignoreBOM: true })

function isValidUtf8(bytes: Uint8Array): boolean {
  try {
    validUtf8.decode(bytes)
    return true
  } catch {
    return false
  }
}

export const encodingFunctions: readonly ScalarFunction[] = [
  define({
    name: 'ASCII',
    forms: ['ASCII(text)'],
    doc: 'The code of the first character; 0 for the empty text.',
    examples: [["ASCII('abc')", '97']],
    resolve: signature({ parameters: [text], returns: types.integer() }),
    nulls: 'strict',
    evaluate: ([value]) => (value as string).codePointAt(0) ?? 0,
  }),
  define({
    name: 'CHR',
    forms: ['CHR(code)'],
    doc: 'The character of a code; codes above 255 wrap at 256, negative ones give the empty text.',
    examples: [
      ['CHR(97)', 'a'],
      ['CHR(353)', 'a'],
    ],
    resolve: signature({ parameters: [bigint], returns: types.string(), nullable: 'always' }),
    nulls: 'strict',
    evaluate: ([code]) => ((code as bigint) < 0n ? '' : String.fromCharCode(Number((code as bigint) & 0xffn))),
  }),
  define({
    name: 'ENCODE',
    forms: ['ENCODE(text, charset)'],
    doc: 'The bytes of a text in US-ASCII, ISO-8859-1, UTF-8, UTF-16BE, UTF-16LE or UTF-16.',
    examples: [["DECODE(ENCODE('é', 'UTF-16LE'), 'UTF-16LE')", 'é']],
    resolve: signature({ parameters: [text, text], returns: types.bytes(), nullable: 'always' }),
    nulls: 'strict',
    evaluate: ([value, charset]) => encodeText(value as string, charset as string),
  }),
  define({
    name: 'DECODE',
    forms: ['DECODE(bytes, charset)'],
    doc: 'The text of bytes in US-ASCII, ISO-8859-1, UTF-8, UTF-16BE, UTF-16LE or UTF-16.',
    examples: [["DECODE(X'c3a9', 'UTF-8')", 'é']],
    resolve: signature({ parameters: [binary, text], returns: types.string(), nullable: 'always' }),
    nulls: 'strict',
    evaluate: ([value, charset]) => decodeText(value as Uint8Array, charset as string),
  }),
  define({
    name: 'TO_BASE64',
    forms: ['TO_BASE64(text)', 'TO_BASE64(bytes)'],
    doc: 'The Base64 form of bytes, or of a text in UTF-8.',
    examples: [["TO_BASE64('hello world')", 'aGVsbG8gd29ybGQ=']],
    resolve: signature({ parameters: [textOrBinary], returns: types.string() }),
    nulls: 'strict',
    evaluate: ([value]) => asBytes(value!).toString('base64'),
    sparkName: 'base64',
  }),
  define({
    name: 'FROM_BASE64',
    forms: ['FROM_BASE64(text)'],
    doc: 'The text, in UTF-8, of a Base64 form; other text fails.',
    examples: [["FROM_BASE64('aGVsbG8gd29ybGQ=')", 'hello world']],
    resolve: signature({ parameters: [textOrBinary], returns: types.string() }),
    nulls: 'strict',
    evaluate: ([value]) => fromBase64(typeof value === 'string' ? value : asBytes(value!).toString('latin1')),
  }),
  define({
    name: 'IS_VALID_UTF8',
    forms: ['IS_VALID_UTF8(bytes)'],
    doc: 'Whether bytes are well-formed UTF-8.',
    examples: [["IS_VALID_UTF8(X'c3a9')", 'TRUE']],
    resolve: signature({ parameters: [textOrBinary], returns: types.boolean() }),
    nulls: 'strict',
    evaluate: ([value]) => typeof value === 'string' || isValidUtf8(value as Uint8Array),
  }),
  define({
    name: 'MAKE_VALID_UTF8',
    forms: ['MAKE_VALID_UTF8(bytes)'],
    doc: 'The text of bytes in UTF-8, where U+FFFD stands for what is malformed.',
    examples: [["MAKE_VALID_UTF8(X'61ff')", 'a\ufffd']],
    resolve: signature({ parameters: [textOrBinary], returns: types.string() }),
    nulls: 'strict',
    evaluate: ([value]) => (typeof value === 'string' ? value : lenientUtf8.decode(value as Uint8Array)),
  }),
]
