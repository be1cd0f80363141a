import { characterCount, characterIndex, cutText } from '../../data/text.ts'
import { MAX_LENGTH, type SqlType, types } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import { isText } from '../coercion.ts'
import { EvaluationError } from '../evaluation-error.ts'
import type { ArgInfo, ResolvedCall, ScalarFunction } from '../function.ts'
import { firstOf, integer, signature, text, textOrBinary } from '../signature.ts'
import { encodingFunctions } from './encoding.ts'
import { stringSearchFunctions } from './string-search.ts'

type Define = Omit<ScalarFunction, 'family'>

function define(definition: Define): ScalarFunction {
  return { family: 'string', ...definition }
}

/** VARCHAR of the same length. */
function varying(argTypes: readonly SqlType[]): SqlType {
  const type = argTypes[0]!
  return 'length' in type ? types.varchar(type.length) : types.string()
}

/** VARCHAR as long as the text and what replaces a part of it. */
function overlaidType([value, replacement]: readonly SqlType[]): SqlType {
  const lengthOf = (type: SqlType | undefined): number => (type !== undefined && 'length' in type ? type.length : MAX_LENGTH)
  return types.varchar(Math.min(MAX_LENGTH, lengthOf(value) + lengthOf(replacement)))
}

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
function substring(value: string, position: number, length: number): string | null {
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

function reverse(value: string): string {
  return [...value].reverse().join('')
}

type Side = 'both' | 'start' | 'end'

function trim(value: string, characters: string, side: Side): string {
  if (!/[\ud800-\udfff]/.test(characters)) return trimUnits(value, characters, side)
  const set = new Set(characters)
  const all = [...value]
  let start = 0
  let end = all.length
  if (side !== 'end') while (start < end && set.has(all[start]!)) start++
  if (side !== 'start') while (end > start && set.has(all[end - 1]!)) end--
  return start === 0 && end === all.length ? value : all.slice(start, end).join('')
}

/** The frequent case: no character takes two UTF-16 units. */
function trimUnits(value: string, characters: string, side: Side): string {
  let start = 0
  let end = value.length
  if (side !== 'end') while (start < end && characters.includes(value[start]!)) start++
  if (side !== 'start') while (end > start && characters.includes(value[end - 1]!)) end--
  return value.slice(start, end)
}

function trimFunction(
  name: string,
  side: Side,
  doc: string,
  examples: ScalarFunction['examples'],
  forms: readonly string[],
): ScalarFunction {
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

/** A text longer than this would not fit a cell. */
const maxTextLength = 64 * 1024 * 1024

function repeat(value: string, count: number): string {
  if (count <= 0) return ''
  checkLength('REPEAT', value.length * count)
  return value.repeat(count)
}

function checkLength(name: string, length: number): void {
  if (length <= maxTextLength) return
  throw new EvaluationError(
    'data/too-long',
    `Cannot evaluate "${name}": the result has ${length} characters, at most ${maxTextLength} were wanted`,
  )
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
  trimFunction(
    'TRIM',
    'both',
    'The text without some characters (blanks) at both ends.',
    [["TRIM('  a ')", 'a']],
    ['TRIM([BOTH | LEADING | TRAILING] [characters] FROM text)', 'TRIM(text)'],
  ),
  trimFunction(
    'LTRIM',
    'start',
    'The text without some characters (blanks) at its beginning.',
    [["LTRIM('  a ') || '|'", 'a |']],
    ['LTRIM(text[, characters])'],
  ),
  trimFunction(
    'RTRIM',
    'end',
    'The text without some characters (blanks) at its end.',
    [["RTRIM('abc', 'cb')", 'a']],
    ['RTRIM(text[, characters])'],
  ),
  trimFunction(
    'BTRIM',
    'both',
    'The text without some characters (blanks) at both ends.',
    [["BTRIM('abca', 'a')", 'bc']],
    ['BTRIM(text[, characters])'],
  ),
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
    resolve: signature({ parameters: [text, text, integer, integer], optional: 1, returns: overlaidType }),
    nulls: 'strict',
    evaluate: ([value, replacement, start, length]) =>
      overlay(
        value as string,
        replacement as string,
        start as number,
        (length as number | undefined) ?? characterCount(replacement as string),
      ),
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
    aliases: ['TRANSLATE3'],
    forms: ['TRANSLATE(text, from, to)'],
    doc: 'The text with each character of `from` replaced by the one at its place in `to`, or dropped when `to` is shorter.',
    examples: [["TRANSLATE('aeiou', 'aei', '12')", '12ou']],
    resolve: signature({ parameters: [text, text, text], returns: types.string() }),
    nulls: 'strict',
    evaluate: ([value, from, to]) => translate(value as string, from as string, to as string),
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
  ...stringSearchFunctions,
  ...encodingFunctions,
]
