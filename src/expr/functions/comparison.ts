import { compareValues, valuesEqual } from '../../data/compare.ts'
import { formatType, type SqlType, types, withNullability } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import { comparisonType, isBinary, isText, membershipType } from '../coercion.ts'
import type { ArgInfo, CallSite, ResolvedCall, ScalarFunction } from '../function.ts'
import { any, firstOf, signature, text } from '../signature.ts'
import { likeMatcher, similarMatcher } from '../text-pattern.ts'

/** Texts and bytes compare without a cast: their lengths do not matter to the comparison. */
function comparesAsIs(a: SqlType, b: SqlType): boolean {
  return (isText(a) && isText(b)) || (isBinary(a) && isBinary(b))
}

const unordered: readonly string[] = ['ARRAY', 'MAP', 'MULTISET', 'ROW', 'VARIANT', 'BITMAP']

function resolveComparison(operator: 'equality' | 'order', nullable: 'arguments' | 'never'): ScalarFunction['resolve'] {
  return (args) => {
    const [left, right] = args
    if (left === undefined || right === undefined || args.length !== 2) return 'count'
    const common = comparisonType(operator, left.type, right.type)
    if (common === undefined) return `a value that compares with ${formatType(withNullability(left.type, true))} as argument 2`
    if (common.kind === 'VARIANT') return 'a type whose values compare as argument 1'
    if (operator === 'order' && unordered.includes(common.kind)) return 'a type with an order as argument 1'
    // A text that is no date or time is equal to none; only a literal one is an error.
    const refused = operator === 'equality' && [left, right].some((arg) => isText(arg.type) && arg.literal === undefined) ? 'null' : 'fails'
    const type = types.boolean(nullable === 'arguments' && (left.type.nullable || right.type.nullable || refused === 'null'))
    if (comparesAsIs(left.type, right.type)) return { type, argTypes: [left.type, right.type] }
    const target = common.kind === 'NULL' ? types.integer() : common
    return { type, argTypes: [withNullability(target, left.type.nullable), withNullability(target, right.type.nullable)], refused }
  }
}

/** The type in which the arguments of a call compare: they are equal but for lengths. */
function operandType(site: CallSite): SqlType {
  return site.argTypes[0]!
}

function comparison(
  name: string,
  doc: string,
  examples: ScalarFunction['examples'],
  operator: 'equality' | 'order',
  test: (type: SqlType, a: SqlValue, b: SqlValue) => boolean,
): ScalarFunction {
  return {
    name,
    family: 'comparison',
    forms: [`value1 ${name} value2`],
    doc,
    examples,
    resolve: resolveComparison(operator, 'arguments'),
    nulls: 'strict',
    evaluate: ([a, b], site) => test(operandType(site), a!, b!),
  }
}

function nullTest(name: string, doc: string, examples: ScalarFunction['examples'], test: (value: SqlValue) => boolean): ScalarFunction {
  return {
    name,
    family: 'comparison',
    forms: [`value ${name}`],
    doc,
    examples,
    resolve: signature({ parameters: [any], returns: types.boolean(false), nullable: 'own' }),
    nulls: 'custom',
    evaluate: ([value]) => test(value!),
  }
}

function isDistinct(type: SqlType, a: SqlValue, b: SqlValue): boolean {
  return a === null || b === null ? a !== b : !valuesEqual(type, a, b)
}

function distinctTest(name: string, doc: string, examples: ScalarFunction['examples'], wanted: boolean): ScalarFunction {
  return {
    name,
    family: 'comparison',
    forms: [`value1 ${name} value2`],
    doc,
    examples,
    resolve: resolveComparison('equality', 'never'),
    nulls: 'custom',
    evaluate: ([a, b], site) => isDistinct(operandType(site), a!, b!) === wanted,
  }
}

/** A text in a list of other values: it is one of their texts, as in Flink. */
function resolveInTexts([value, ...members]: readonly ArgInfo[]): ResolvedCall | string {
  const isShown = ({ kind }: SqlType): boolean => !unordered.includes(kind) && kind !== 'BINARY' && kind !== 'VARBINARY'
  if (members.some(({ type }) => isText(type) || !isShown(type))) return 'values of types that compare with each other as argument 2'
  const shown = (type: SqlType): SqlType => types.string(type.nullable)
  const all = [value!, ...members]
  return { type: types.boolean(all.some((arg) => arg.type.nullable)), argTypes: all.map((arg) => shown(arg.type)) }
}

function resolveIn(args: readonly ArgInfo[]): ResolvedCall | string {
  const [value, ...members] = args
  if (value === undefined || members.length === 0) return 'count'
  const memberTypes = members.map((member) => member.type)
  if (isText(value.type) && memberTypes.some((member) => !isText(member) && member.kind !== 'NULL')) return resolveInTexts(args)
  const common = membershipType(value.type, memberTypes)
  if (common === undefined || common.kind === 'VARIANT')
    return `values that compare with ${formatType(withNullability(value.type, true))} as argument 2`
  const type = types.boolean(args.some((arg) => arg.type.nullable))
  if (memberTypes.every((member) => comparesAsIs(value.type, member))) return { type, argTypes: args.map((arg) => arg.type) }
  const target = common.kind === 'NULL' ? types.integer() : common
  return { type, argTypes: args.map((arg) => withNullability(target, arg.type.nullable)) }
}

function matcher(site: CallSite, pattern: string, escape: string | undefined, make: typeof likeMatcher): (value: string) => boolean {
  const key = `${escape ?? ''}\0${pattern}`
  const kept = site.memo as { readonly key: string; readonly matches: (value: string) => boolean } | undefined
  if (kept?.key === key) return kept.matches
  const matches = make(pattern, escape)
  site.memo = { key, matches }
  return matches
}

function patternTest(
  name: 'LIKE' | 'SIMILAR TO',
  doc: string,
  examples: ScalarFunction['examples'],
  make: typeof likeMatcher,
): ScalarFunction {
  return {
    name,
    family: 'comparison',
    forms: [`text ${name} pattern [ESCAPE character]`],
    doc,
    examples,
    resolve: firstOf(
      signature({ parameters: [text, text], returns: types.boolean() }),
      signature({ parameters: [text, text, text], returns: types.boolean() }),
    ),
    nulls: 'strict',
    evaluate: ([value, pattern, escape], site) => matcher(site, pattern as string, escape as string | undefined, make)(value as string),
  }
}

export const comparisonFunctions: readonly ScalarFunction[] = [
  comparison(
    '=',
    'TRUE when the values are equal.',
    [
      ['1 = 1.0', 'TRUE'],
      ["'a' = 'a '", 'FALSE'],
    ],
    'equality',
    valuesEqual,
  ),
  comparison('<>', 'TRUE when the values differ.', [['1 <> 2', 'TRUE']], 'equality', (type, a, b) => !valuesEqual(type, a, b)),
  comparison('<', 'TRUE when the first value is less.', [['1 < 2', 'TRUE']], 'order', (type, a, b) => compareValues(type, a, b) < 0),
  comparison(
    '<=',
    'TRUE when the first value is less or equal.',
    [['2 <= 2', 'TRUE']],
    'order',
    (type, a, b) => compareValues(type, a, b) <= 0,
  ),
  comparison('>', 'TRUE when the first value is greater.', [["'b' > 'a'", 'TRUE']], 'order', (type, a, b) => compareValues(type, a, b) > 0),
  comparison(
    '>=',
    'TRUE when the first value is greater or equal.',
    [['2 >= 3', 'FALSE']],
    'order',
    (type, a, b) => compareValues(type, a, b) >= 0,
  ),
  nullTest('IS NULL', 'TRUE when the value is NULL.', [['NULLIF(1, 1) IS NULL', 'TRUE']], (value) => value === null),
  nullTest('IS NOT NULL', 'TRUE when the value is not NULL.', [['1 IS NOT NULL', 'TRUE']], (value) => value !== null),
  distinctTest(
    'IS DISTINCT FROM',
    'TRUE when the values differ, where NULL equals NULL; never NULL.',
    [['1 IS DISTINCT FROM NULLIF(1, 1)', 'TRUE']],
    true,
  ),
  distinctTest(
    'IS NOT DISTINCT FROM',
    'TRUE when the values are equal, where NULL equals NULL; never NULL.',
    [['1 IS NOT DISTINCT FROM NULLIF(1, 1)', 'FALSE']],
    false,
  ),
  {
    name: 'IN',
    family: 'comparison',
    forms: ['value IN (member, ...)'],
    doc: 'TRUE when the value equals a member; NULL when it equals none and it or a member is NULL.',
    examples: [
      ['2 IN (1, 2)', 'TRUE'],
      ["3 IN (1, '3')", 'TRUE'],
      ['4 IN (1, NULLIF(1, 1))', null],
    ],
    resolve: resolveIn,
    nulls: 'custom',
    evaluate: ([value, ...members], site) => {
      if (value === null || value === undefined) return null
      const type = operandType(site)
      let result: SqlValue = false
      for (const member of members) {
        if (member === null) result = null
        else if (valuesEqual(type, value, member)) return true
      }
      return result
    },
  },
  patternTest(
    'LIKE',
    'TRUE when the whole text matches: % is any text, _ one character; a character behind the escape character stands for itself.',
    [
      ["'Flink' LIKE 'Fl%'", 'TRUE'],
      ["'10%' LIKE '10!%' ESCAPE '!'", 'TRUE'],
    ],
    likeMatcher,
  ),
  patternTest(
    'SIMILAR TO',
    'TRUE when the whole text matches a SQL regular expression: % and _ as in LIKE, and | * + ? {n,m} ( ) [ ].',
    [["'aaa' SIMILAR TO 'a{3}|b'", 'TRUE']],
    similarMatcher,
  ),
]
