import { characterCount, characterIndex } from '../../data/text.ts'
import { types, withNullability } from '../../data/types.ts'
import { SqlMap } from '../../data/value.ts'
import { commonType, isBinary } from '../coercion.ts'
import { EvaluationError } from '../evaluation-error.ts'
import type { ArgInfo, ResolvedCall, ScalarFunction } from '../function.ts'
import { javaSplit, memoRegex } from '../regex.ts'
import { bigint, binary, firstOf, integer, signature, text } from '../signature.ts'

type Define = Omit<ScalarFunction, 'family'>

function define(definition: Define): ScalarFunction {
  return { family: 'string', ...definition }
}

/** Both types stay: texts of any length meet without a cast. */
const twoTexts = signature({ parameters: [text, text], returns: types.boolean() })
const twoBinaries = signature({ parameters: [binary, binary], returns: types.boolean() })

/** Position (from 1, in characters) of `sought` from the character `from` on; 0 when it is not there, 1 for the empty text. */
function position(sought: string, value: string, from: number): number {
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
    const found = nthPosition(reversed(value), reversed(sought), -start, occurrence)
    return found === 0 ? 0 : characterCount(value) + 2 - found - characterCount(sought)
  }
  let found = 0
  for (let i = 0, from = start; i < occurrence; i++, from = found + 1) {
    found = position(sought, value, from)
    if (found === 0) return 0
  }
  return found
}

function reversed(value: string): string {
  return [...value].reverse().join('')
}

/** What Java's `Character.isWhitespace` accepts: no no-break spaces, but the separators U+001C to U+001F. */
// oxlint-disable-next-line no-control-regex -- see above
const javaWhitespace = /[\t-\r\u001c-\u0020\u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000]/

/** The index-th part, from 0, of a text cut at a separator; an empty separator stands for blanks. NULL beyond the end and on empty text. */
function splitIndex(value: string, separator: string, index: number): string | null {
  if (index < 0 || value === '') return null
  return value.split(separator === '' ? javaWhitespace : separator)[index] ?? null
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

export const stringSearchFunctions: readonly ScalarFunction[] = [
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
  define({
    name: 'STARTSWITH',
    forms: ['STARTSWITH(value, beginning)'],
    doc: 'Whether a text or bytes begin with another.',
    examples: [["STARTSWITH('Flink SQL', 'Flink')", 'TRUE']],
    resolve: firstOf(twoBinaries, twoTexts),
    nulls: 'strict',
    evaluate: ([value, part]) =>
      typeof value === 'string'
        ? value.startsWith(part as string)
        : Buffer.from(value as Uint8Array)
            .subarray(0, (part as Uint8Array).length)
            .equals(part as Uint8Array),
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
      const all = Buffer.from(value as Uint8Array)
      const end = part as Uint8Array
      return end.length <= all.length && all.subarray(all.length - end.length).equals(end)
    },
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
      return toMap(
        value as string,
        (all) => javaSplit(all, pairs, 0),
        (pair) => javaSplit(pair, keys, 2),
      )
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
]
