import { compareValues, valuesEqual } from '../../data/compare.ts'
import { parseDouble } from '../../data/number-text.ts'
import { type SqlType, types, withNullability } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import { commonType, comparisonType, isInteger, isNumeric, isText } from '../coercion.ts'
import type { ArgInfo, ResolvedCall, ScalarFunction } from '../function.ts'
import { boolean, signature, text, type Parameter } from '../signature.ts'

/** All arguments in their common type. */
function resolveCommon(least: number, nullable: 'any' | 'all'): ScalarFunction['resolve'] {
  return (args: readonly ArgInfo[]): ResolvedCall | string => {
    if (args.length < least) return 'count'
    const common = commonType(args.map((arg) => arg.type))
    if (common === undefined) return 'values of one family of types as argument 2'
    const isNullable = nullable === 'any' ? args.some((arg) => arg.type.nullable) : args.every((arg) => arg.type.nullable)
    return { type: withNullability(common, isNullable), argTypes: args.map((arg) => withNullability(common, arg.type.nullable)) }
  }
}

const unordered: readonly SqlType['kind'][] = ['ARRAY', 'MAP', 'MULTISET', 'ROW', 'VARIANT', 'BITMAP']

function extreme(
  name: 'GREATEST' | 'LEAST',
  example: readonly [string, string],
  isBetter: (comparison: number) => boolean,
): ScalarFunction {
  const resolve = resolveCommon(1, 'any')
  return {
    name,
    family: 'conditional',
    forms: [`${name}(value, ...)`],
    doc: `The ${name === 'GREATEST' ? 'greatest' : 'least'} of the values; NULL when one is NULL.`,
    examples: [example],
    resolve: (args) => {
      const resolved = resolve(args)
      if (typeof resolved !== 'string' && unordered.includes(resolved.type.kind)) return 'a type with an order as argument 1'
      return resolved
    },
    nulls: 'strict',
    evaluate: (args, { type }) => {
      let best: SqlValue = args[0]!
      for (const arg of args) if (isBetter(compareValues(type, arg, best))) best = arg
      return best
    },
  }
}

/** Any text, or any number as it is. */
const textOrAnyNumber: Parameter = {
  wanted: 'a text or a number',
  accept: (arg) => (isNumeric(arg.type) ? arg.type : text.accept(arg)),
}

function kindTest(
  name: string,
  doc: string,
  examples: ScalarFunction['examples'],
  test: (value: SqlValue, type: SqlType) => boolean,
): ScalarFunction {
  return {
    name,
    family: 'conditional',
    forms: [`${name}(text)`],
    doc,
    examples,
    resolve: signature({ parameters: [textOrAnyNumber], returns: types.boolean(false), nullable: 'own' }),
    nulls: 'custom',
    evaluate: ([value], { argTypes }) => (value !== null || !isText(argTypes[0]!)) && test(value!, argTypes[0]!),
  }
}

/* The binder turns COALESCE, IFNULL, IF and NULLIF into nodes that evaluate lazily; the entries are here for docs and engines. */

export const conditionalFunctions: readonly ScalarFunction[] = [
  extreme('GREATEST', ['GREATEST(1, 3, 2)', '3'], (comparison) => comparison > 0),
  extreme('LEAST', ['LEAST(1.5, 3)', '1.5'], (comparison) => comparison < 0),
  {
    name: 'COALESCE',
    family: 'conditional',
    forms: ['COALESCE(value, ...)'],
    doc: 'The first value that is not NULL; later ones are not evaluated.',
    examples: [["COALESCE(CAST(NULL AS STRING), 'default')", 'default']],
    resolve: resolveCommon(1, 'all'),
    nulls: 'custom',
    evaluate: (args) => args.find((arg) => arg !== null) ?? null,
  },
  {
    name: 'IFNULL',
    family: 'conditional',
    forms: ['IFNULL(value, replacement)'],
    doc: 'The value, or the replacement where it is NULL.',
    examples: [['IFNULL(NULLIF(1, 1), 5)', '5']],
    resolve: (args) => (args.length === 2 ? resolveCommon(2, 'all')(args) : 'count'),
    nulls: 'custom',
    evaluate: ([value, replacement]) => value ?? replacement ?? null,
  },
  {
    name: 'IF',
    family: 'conditional',
    forms: ['IF(condition, value, otherwise)'],
    doc: 'The value where the condition is TRUE, else the other one.',
    examples: [['IF(5 > 3, 5, 3)', '5']],
    resolve: ([condition, ...values]) => {
      if (condition === undefined || values.length !== 2) return 'count'
      const conditionType = boolean.accept(condition)
      if (conditionType === undefined) return `${boolean.wanted} as argument 1`
      const resolved = resolveCommon(2, 'any')(values)
      return typeof resolved === 'string' ? resolved : { type: resolved.type, argTypes: [conditionType, ...resolved.argTypes] }
    },
    nulls: 'custom',
    evaluate: ([condition, value, otherwise]) => (condition === true ? value! : otherwise!),
  },
  {
    name: 'NULLIF',
    family: 'conditional',
    forms: ['NULLIF(value, other)'],
    doc: 'NULL where the values are equal, else the first one.',
    examples: [['NULLIF(5, 0)', '5']],
    resolve: (args) => {
      const [value, other] = args
      if (value === undefined || other === undefined || args.length !== 2) return 'count'
      const common = comparisonType('equality', value.type, other.type)
      if (common === undefined) return 'a value that compares with the first as argument 2'
      return { type: withNullability(value.type, true), argTypes: [value.type, value.type] }
    },
    nulls: 'custom',
    evaluate: ([value, other], { argTypes }) =>
      value !== null && other !== null && valuesEqual(argTypes[0]!, value!, other!) ? null : value!,
  },
  kindTest(
    'IS_ALPHA',
    'Whether a text has only letters; FALSE for NULL, the empty text and numbers.',
    [["IS_ALPHA('Flink')", 'TRUE']],
    (value) => (typeof value === 'string' ? /^\p{L}+$/u.test(value) : false),
  ),
  kindTest(
    'IS_DECIMAL',
    'Whether a text reads as a number; FALSE for a NULL text, TRUE for numbers.',
    [
      ["IS_DECIMAL('1.5e3')", 'TRUE'],
      ["IS_DECIMAL('12a')", 'FALSE'],
    ],
    (value) => typeof value !== 'string' || parseDouble(value) !== undefined,
  ),
  kindTest(
    'IS_DIGIT',
    'Whether a text has only digits; FALSE for a NULL text and the empty one, TRUE for integers.',
    [["IS_DIGIT('123')", 'TRUE']],
    (value, type) => (typeof value === 'string' ? /^\p{Nd}+$/u.test(value) : isInteger(type)),
  ),
]
