import { characterCount, characterIndex, cutText } from '../../data/text.ts'
import { MAX_LENGTH, type SqlType, types, withNullability } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import { SqlMap } from '../../data/value.ts'
import { commonType, isBinary, isText } from '../coercion.ts'
import { EvaluationError } from '../evaluation-error.ts'
import type { ArgInfo, ResolvedCall, ScalarFunction } from '../function.ts'
import { javaSplit, memoRegex } from '../regex.ts'
import { bigint, binary, firstOf, integer, signature, text, textOrBinary } from '../signature.ts'
import { decodeText, encodeText } from '../charset.ts'

type Define = Omit<ScalarFunction, 'family'>

function define(definition: Define): ScalarFunction {
  return { family: 'string', ...definition }
}

/** VARCHAR of the same length. */
function varying(argTypes: readonly SqlType[]): SqlType {
  const type = argTypes[0]!
  return 'length' in type ? types.varchar(type.length) : types.string()
}

/** Both types stay: texts of any length meet without a cast. */
const twoTexts = signature({ parameters: [text, text], returns: types.boolean() })
const twoBinaries = signature({ parameters: [binary, binary], returns: types.boolean() })

/** CHAR or BINARY as long as both where both are of fixed length, else VARCHAR or VARBINARY. */
function resolveConcatenation(args: readonly ArgInfo[]): ResolvedCall | string {
  if (args.length !== 2) return 'count'
  const argTypes: SqlType[] = []
  for (const [i, arg] of args.entries()) {
    const type = textOrBinary.accept(arg)
    if (type === undefined) return `${textOrBinary.wanted} as argument ${i + 1}`
    argTypes.push(type)
  }
  const [left, right] = argTypes as [SqlType, SqlType]
  if (!('length' in left) || !('length' in right) || isText(left) !== isText(right)) return 'a value like the first as argument 2'
  const length = Math.min(MAX_LENGTH, left.length + right.length)
  const nullable = left.nullable || right.nullable
  const isFixed = (left.kind === 'CHAR' || left.kind === 'BINARY') && left.kind === right.kind
  if (isText(left)) return { type: isFixed ? types.char(length, nullable) : types.varchar(length, nullable), argTypes }
  return { type: isFixed ? types.binary(length, nullable) : types.varbinary(length, nullable), argTypes }
}

function concatenate(a: SqlValue, b: SqlValue): SqlValue {
  if (typeof a === 'string') return a + (b as string)
  const left = a as Uint8Array
  const right = b as Uint8Array
  const result = new Uint8Array(left.length + right.length)
  result.set(left)
  result.set(right, left.length)
  return result
}

/** SUBSTRING of Flink: from 1, 0 counts as 1, from the end when negative and empty when beyond the beginning; NULL for a negative length. */
export function substring(value: string, position: number, length: number): string | null {
  if (length < 0) return null
  if (position < 0) {
    const start = characterCount(value) + position
    return start < 0 ? '' : slice(value, start, length)
  }
  return slice(value, position === 0 ? 0 : position - 1, length)
}

function slice(value: string, start: number, length: number): string {
  const from = characterIndex(value, start)
  if (length >= value.length - from) return value.slice(from)
  const rest = value.slice(from)
  return rest.slice(0, characterIndex(rest, length))
}

const resolveSubstring = firstOf(
  signature({ parameters: [text, integer], returns: varying, nullable: 'always' }),
  signature({ parameters: [text, integer, integer], returns: varying, nullable: 'always' }),
)

/** Position (from 1, in characters) of `sought` from the character `from` on; 0 when it is not there, 1 for the empty text. */
export function position(sought: string, value: string, from: number): number {
  if (sought === '') return 1
  const found = value.indexOf(sought, characterIndex(value, from - 1))
  return found < 0 ? 0 : characterCount(value.slice(0, found)) + 1
}

function nthPosition(value: string, sought: string, start: number, occurrence: number): number {
  if (occurrence <= 0) {
    throw new EvaluationError('data/argument', `Cannot evaluate "INSTR": the occurrence is ${occurrence}, a positive one was wanted`)
  }
  if (start === 0) return 0
  if (start < 0) {
    const found = nthPosition(reverse(value), reverse(sought), -start, occurrence)
    return found === 0 ? 0 : characterCount(value) + 2 - found - characterCount(sought)
  }
  let found = 0
  for (let i = 0, from = start; i < occurrence; i++, from = found + 1) {
    found = position(sought, value, from)
    if (found === 0) return 0
  }
  return found
}

function reverse(value: string): string {
  return [...value].reverse().join('')
}

type Side = 'both' | 'start' | 'end'

function trim(value: string, characters: string, side: Side): string {
  const set = new Set(characters)
  const all = [...value]
  let start = 0
  let end = all.length
  if (side !== 'end') while (start < end && set.has(all[start]!)) start++
  if (side !== 'start') while (end > start && set.has(all[end - 1]!)) end--
  return start === 0 && end === all.length ? value : all.slice(start, end).join('')
}

function trimFunction(name: string, side: Side, doc: string, examples: ScalarFunction['examples'], forms: readonly string[]): ScalarFunction {
  return define({
    name,
    forms,
    doc,
    examples,
    resolve: signature({ parameters: [text, text], optional: 1, returns: name === 'BTRIM' ? types.string() : varying }),
    nulls: 'strict',
    evaluate: ([value, characters]) => trim(value as string, (characters as string | undefined) ?? ' ', side),
  })
}

function pad(value: string, length: number, filling: string, side: 'start' | 'end'): string | null {
  if (length < 0 || filling === '') return null
  const missing = length - characterCount(value)
  if (missing <= 0) return cutText(value, length)
  checkLength(side === 'start' ? 'LPAD' : 'RPAD', length)
  const fillingLength = characterCount(filling)
  const padding = cutText(filling.repeat(Math.ceil(missing / fillingLength)), missing)
  return side === 'start' ? padding + value : value + padding
}

function padFunction(name: string, side: 'start' | 'end', doc: string, examples: ScalarFunction['examples']): ScalarFunction {
  return define({
    name,
    forms: [`${name}(text, length, padding)`],
    doc,
    examples,
    resolve: signature({ parameters: [text, integer, text], returns: types.string(), nullable: 'always' }),
    nulls: 'strict',
    evaluate: ([value, length, filling]) => pad(value as string, length as number, filling as string, side),
  })
}

/** Flink drops what stands behind when the length is 0 or reaches beyond the end. */
function overlay(value: string, replacement: string, start: number, length: number): string {
  const characters = [...value]
  if (start <= 0 || start > characters.length) return value
  const behind = start + length <= characters.length && length > 0 ? characters.slice(start - 1 + length).join('') : ''
  return characters.slice(0, start - 1).join('') + replacement + behind
}

function translate(value: string, from: string, to: string): string {
  const targets = [...to]
  const replacements = new Map<string, string>()
  for (const [i, character] of [...from].entries()) {
    if (!replacements.has(character)) replacements.set(character, targets[i] ?? '')
  }
  let result = ''
  for (const character of value) result += replacements.get(character) ?? character
  return result
}

/** Words are runs of ASCII letters and digits; any other character starts a new one, as in Flink. */
function initCap(value: string): string {
  return value.replace(/[A-Za-z0-9]+/g, (word) => word[0]!.toUpperCase() + word.slice(1).toLowerCase())
}

/** The index-th part, from 0, of a text cut at a separator; an empty separator stands for blanks. NULL beyond the end and on empty text. */
function splitIndex(value: string, separator: string, index: number): string | null {
  if (index < 0 || value === '') return null
  const parts = separator === '' ? value.split(/[\t-\r\u001c-\u0020\u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000]/) : value.split(separator)
  return parts[index] ?? null
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

function toMap(value: string, split: (text: string) => readonly string[], splitOnce: (text: string) => readonly string[]): SqlMap {
  const entries = new Map<string, string | null>()
  if (value !== '') {
    for (const pair of split(value)) {
      const [key, rest] = splitOnce(pair)
      if (rest === undefined) entries.set(pair, null)
      else entries.set(key!, rest)
    }
  }
  return new SqlMap([...entries.keys()], [...entries.values()])
}

function resolveElement(args: readonly ArgInfo[]): ResolvedCall | string {
  const [index, ...values] = args
  if (index === undefined || values.length === 0) return 'count'
  const indexType = bigint.accept(index)
  if (indexType === undefined) return `${bigint.wanted} as argument 1`
  const accept = values.some((value) => isBinary(value.type)) ? binary : text
  for (const [i, value] of values.entries()) if (accept.accept(value) === undefined) return `${accept.wanted} as argument ${i + 2}`
  const type = withNullability(commonType(values.map((value) => value.type)) ?? types.string(), true)
  return { type, argTypes: [indexType, ...values.map((value) => withNullability(type, value.type.nullable))] }
}

/** A text longer than this would not fit a cell. */
const maxTextLength = 64 * 1024 * 1024

function repeat(value: string, count: number): string {
  if (count <= 0) return ''
  checkLength('REPEAT', value.length * count)
  return value.repeat(count)
}

function checkLength(name: string, length: number): void {
  if (length <= maxTextLength) return
  throw new EvaluationError('data/too-long', `Cannot evaluate "${name}": the result has ${length} characters, at most ${maxTextLength} were wanted`)
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

export const stringFunctions: readonly ScalarFunction[] = [
  define({
    name: '||',
    forms: ['text || text', 'bytes || bytes'],
    doc: 'Both texts, one behind the other; NULL when one is NULL.',
    examples: [["'a' || 'b'", 'ab']],
    resolve: resolveConcatenation,
    nulls: 'strict',
    evaluate: ([a, b]) => concatenate(a!, b!),
  }),
  define({
    name: 'CONCAT',
    forms: ['CONCAT(text, ...)'],
    doc: 'All texts, one behind the other; NULL when one is NULL.',
    examples: [["CONCAT('AA', 'BB', 'CC')", 'AABBCC']],
    resolve: signature({ parameters: [text], isVariadic: true, returns: types.string() }),
    nulls: 'strict',
    evaluate: (args) => args.join(''),
  }),
  define({
    name: 'CONCAT_WS',
    forms: ['CONCAT_WS(separator, text, ...)'],
    doc: 'The texts with a separator between; NULL texts are left out, a NULL separator gives NULL.',
    examples: [["CONCAT_WS('~', 'AA', CAST(NULL AS STRING), 'BB', '')", 'AA~BB~']],
    resolve: signature({ parameters: [text, text], optional: 1, isVariadic: true, returns: types.string() }),
    nulls: 'custom',
    evaluate: ([separator, ...values]) => (separator === null ? null : values.filter((value) => value !== null).join(separator as string)),
  }),
  define({
    name: 'CHAR_LENGTH',
    aliases: ['CHARACTER_LENGTH'],
    forms: ['CHAR_LENGTH(text)'],
    doc: 'How many characters a text has.',
    examples: [["CHAR_LENGTH('naïve')", '5']],
    resolve: signature({ parameters: [text], returns: types.integer() }),
    nulls: 'strict',
    evaluate: ([value]) => characterCount(value as string),
  }),
  define({
    name: 'UPPER',
    forms: ['UPPER(text)'],
    doc: 'The text in upper case.',
    examples: [["UPPER('abc')", 'ABC']],
    resolve: signature({ parameters: [text], returns: ([type]) => type! }),
    nulls: 'strict',
    evaluate: ([value]) => (value as string).toUpperCase(),
  }),
  define({
    name: 'LOWER',
    forms: ['LOWER(text)'],
    doc: 'The text in lower case.',
    examples: [["LOWER('ABC')", 'abc']],
    resolve: signature({ parameters: [text], returns: ([type]) => type! }),
    nulls: 'strict',
    evaluate: ([value]) => (value as string).toLowerCase(),
  }),
  define({
    name: 'INITCAP',
    forms: ['INITCAP(text)'],
    doc: 'Each word with a capital letter first and small ones behind; only ASCII letters and digits make words.',
    examples: [["INITCAP('a bIG day')", 'A Big Day']],
    resolve: signature({ parameters: [text], returns: ([type]) => type! }),
    nulls: 'strict',
    evaluate: ([value]) => initCap(value as string),
  }),
  define({
    name: 'POSITION',
    forms: ['POSITION(sought IN text [FROM start])'],
    doc: 'Where a text first stands in another, from 1; 0 when nowhere.',
    examples: [["POSITION('b' IN 'abc')", '2']],
    resolve: signature({ parameters: [text, text, integer], optional: 1, returns: types.integer() }),
    nulls: 'strict',
    evaluate: ([sought, value, from]) => position(sought as string, value as string, (from as number | undefined) ?? 1),
  }),
  define({
    name: 'LOCATE',
    forms: ['LOCATE(sought, text[, start])'],
    doc: 'Where a text first stands in another from a place on, from 1; 0 when nowhere.',
    examples: [["LOCATE('b', 'abcabc', 3)", '5']],
    resolve: signature({ parameters: [text, text, integer], optional: 1, returns: types.integer() }),
    nulls: 'strict',
    evaluate: ([sought, value, from]) => position(sought as string, value as string, (from as number | undefined) ?? 1),
  }),
  define({
    name: 'INSTR',
    forms: ['INSTR(text, sought[, start[, occurrence]])'],
    doc: 'Where a text stands in another for the n-th time, from 1; 0 when nowhere. A negative start searches from the end backwards.',
    examples: [
      ["INSTR('abcabc', 'b')", '2'],
      ["INSTR('abcabc', 'b', -1)", '5'],
    ],
    resolve: signature({ parameters: [text, text, integer, integer], optional: 2, returns: types.integer() }),
    nulls: 'strict',
    evaluate: ([value, sought, start, occurrence]) =>
      nthPosition(value as string, sought as string, (start as number | undefined) ?? 1, (occurrence as number | undefined) ?? 1),
  }),
  trimFunction('TRIM', 'both', 'The text without some characters (blanks) at both ends.', [["TRIM('  a ')", 'a']], [
    'TRIM([BOTH | LEADING | TRAILING] [characters] FROM text)',
    'TRIM(text)',
  ]),
  trimFunction('LTRIM', 'start', 'The text without some characters (blanks) at its beginning.', [["LTRIM('  a ') || '|'", 'a |']], ['LTRIM(text[, characters])']),
  trimFunction('RTRIM', 'end', 'The text without some characters (blanks) at its end.', [["RTRIM('abc', 'cb')", 'a']], ['RTRIM(text[, characters])']),
  trimFunction('BTRIM', 'both', 'The text without some characters (blanks) at both ends.', [["BTRIM('abca', 'a')", 'bc']], ['BTRIM(text[, characters])']),
  define({
    name: 'REPEAT',
    forms: ['REPEAT(text, count)'],
    doc: 'The text so many times; empty for a count below 1.',
    examples: [["REPEAT('ab', 2)", 'abab']],
    resolve: signature({ parameters: [text, integer], returns: types.string() }),
    nulls: 'strict',
    evaluate: ([value, count]) => repeat(value as string, count as number),
  }),
  define({
    name: 'OVERLAY',
    forms: ['OVERLAY(text PLACING replacement FROM start [FOR length])'],
    doc: 'The text with `length` characters from `start` on (as many as the replacement has) replaced.',
    examples: [["OVERLAY('xxxxxtest' PLACING 'xxxx' FROM 6 FOR 2)", 'xxxxxxxxxst']],
    resolve: signature({ parameters: [text, text, integer, integer], optional: 1, returns: types.string() }),
    nulls: 'strict',
    evaluate: ([value, replacement, start, length]) =>
      overlay(value as string, replacement as string, start as number, (length as number | undefined) ?? characterCount(replacement as string)),
  }),
  define({
    name: 'SUBSTRING',
    aliases: ['SUBSTR'],
    forms: ['SUBSTRING(text FROM start [FOR length])', 'SUBSTRING(text, start[, length])'],
    doc: 'A part of a text, from 1, from its end when negative; NULL for a negative length.',
    examples: [
      ["SUBSTRING('hello', 2, 3)", 'ell'],
      ["SUBSTRING('hello' FROM -3)", 'llo'],
    ],
    resolve: resolveSubstring,
    nulls: 'strict',
    evaluate: ([value, start, length]) => substring(value as string, start as number, (length as number | undefined) ?? MAX_LENGTH),
  }),
  define({
    name: 'LEFT',
    forms: ['LEFT(text, count)'],
    doc: 'The first characters; empty for a count below 1.',
    examples: [["LEFT('hello', 2)", 'he']],
    resolve: signature({ parameters: [text, integer], returns: varying, nullable: 'always' }),
    nulls: 'strict',
    evaluate: ([value, count]) => cutText(value as string, Math.max(0, count as number)),
  }),
  define({
    name: 'RIGHT',
    forms: ['RIGHT(text, count)'],
    doc: 'The last characters; empty for a count below 1.',
    examples: [["RIGHT('hello', 2)", 'lo']],
    resolve: signature({ parameters: [text, integer], returns: varying, nullable: 'always' }),
    nulls: 'strict',
    evaluate: ([value, count]) => {
      const all = value as string
      return all.slice(characterIndex(all, characterCount(all) - Math.max(0, count as number)))
    },
  }),
  define({
    name: 'REPLACE',
    forms: ['REPLACE(text, sought, replacement)'],
    doc: 'The text with every occurrence of a text replaced.',
    examples: [["REPLACE('ababab', 'abab', 'z')", 'zab']],
    resolve: signature({ parameters: [text, text, text], returns: types.string() }),
    nulls: 'strict',
    evaluate: ([value, sought, replacement]) => (value as string).replaceAll(sought as string, () => replacement as string),
  }),
  define({
    name: 'TRANSLATE',
    forms: ['TRANSLATE(text, from, to)'],
    doc: 'The text with each character of `from` replaced by the one at its place in `to`, or dropped when `to` is shorter.',
    examples: [["TRANSLATE('aeiou', 'aei', '12')", '12ou']],
    resolve: signature({ parameters: [text, text, text], returns: types.string() }),
    nulls: 'strict',
    evaluate: ([value, from, to]) => translate(value as string, from as string, to as string),
  }),
  define({
    name: 'STARTSWITH',
    forms: ['STARTSWITH(value, beginning)'],
    doc: 'Whether a text or bytes begin with another.',
    examples: [["STARTSWITH('Flink SQL', 'Flink')", 'TRUE']],
    resolve: firstOf(twoBinaries, twoTexts),
    nulls: 'strict',
    evaluate: ([value, part]) =>
      typeof value === 'string' ? value.startsWith(part as string) : asBytes(value!).subarray(0, (part as Uint8Array).length).equals(part as Uint8Array),
  }),
  define({
    name: 'ENDSWITH',
    forms: ['ENDSWITH(value, end)'],
    doc: 'Whether a text or bytes end with another.',
    examples: [["ENDSWITH('Flink SQL', 'SQL')", 'TRUE']],
    resolve: firstOf(twoBinaries, twoTexts),
    nulls: 'strict',
    evaluate: ([value, part]) => {
      if (typeof value === 'string') return value.endsWith(part as string)
      const all = asBytes(value!)
      const end = part as Uint8Array
      return end.length <= all.length && all.subarray(all.length - end.length).equals(end)
    },
  }),
  padFunction('LPAD', 'start', 'The text filled up at its beginning, or cut, to a length; NULL for a negative one or an empty padding.', [
    ["LPAD('hi', 4, '??')", '??hi'],
    ["LPAD('hi', 1, '??')", 'h'],
  ]),
  padFunction('RPAD', 'end', 'The text filled up at its end, or cut, to a length; NULL for a negative one or an empty padding.', [
    ["RPAD('hi', 4, '??')", 'hi??'],
  ]),
  define({
    name: 'REVERSE',
    forms: ['REVERSE(text)'],
    doc: 'The characters in opposite order.',
    examples: [["REVERSE('abc')", 'cba']],
    resolve: signature({ parameters: [text], returns: types.string(), nullable: 'always' }),
    nulls: 'strict',
    evaluate: ([value]) => reverse(value as string),
  }),
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
    name: 'SPLIT_INDEX',
    forms: ['SPLIT_INDEX(text, separator, index)'],
    doc: 'The part at an index, from 0, of a text cut at a separator (a text, or the code of a character); NULL beyond the end.',
    examples: [["SPLIT_INDEX('a,b,c', ',', 1)", 'b']],
    resolve: firstOf(
      signature({ parameters: [text, integer, integer], returns: types.string(), nullable: 'always' }),
      signature({ parameters: [text, text, integer], returns: types.string(), nullable: 'always' }),
    ),
    nulls: 'strict',
    evaluate: ([value, separator, index]) => {
      if (typeof separator === 'string') return splitIndex(value as string, separator, index as number)
      const code = separator as number
      return code > 255 || code < 1 ? null : splitIndex(value as string, String.fromCharCode(code), index as number)
    },
  }),
  define({
    name: 'STR_TO_MAP',
    forms: ['STR_TO_MAP(text[, pairSeparator, keySeparator])'],
    doc: 'A map from a text of pairs; separators ("," and "=" if absent) are regular expressions. A pair without a key separator has a NULL value.',
    examples: [["STR_TO_MAP('a=1')", '{a=1}']],
    resolve: firstOf(
      signature({ parameters: [text], returns: types.map(types.string(), types.string()) }),
      signature({ parameters: [text, text, text], returns: types.map(types.string(), types.string()) }),
    ),
    nulls: 'strict',
    evaluate: ([value, pairSeparator = ',', keySeparator = '='], site) => {
      const pairs = memoRegex(site, pairSeparator as string, 'first')
      const keys = memoRegex(site, keySeparator as string, 'second')
      if (pairs === undefined || keys === undefined) {
        throw new EvaluationError('data/pattern', `Cannot evaluate "STR_TO_MAP": a separator is no regular expression`)
      }
      return toMap(value as string, (all) => javaSplit(all, pairs, 0), (pair) => javaSplit(pair, keys, 2))
    },
  }),
  define({
    name: 'ELT',
    forms: ['ELT(index, value, ...)'],
    doc: 'The value at an index, from 1; NULL outside.',
    examples: [["ELT(2, 'a', 'b')", 'b']],
    resolve: resolveElement,
    nulls: 'custom',
    evaluate: ([index, ...values]) => (index === null ? null : (values[Number(index) - 1] ?? null)),
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
