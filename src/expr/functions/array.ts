import { compareValues, valuesEqual } from '../../data/compare.ts'
import { types, withNullability, type SqlType } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import { canCast } from '../cast.ts'
import { commonType, isText } from '../coercion.ts'
import type { ArgInfo, ResolvedCall, ScalarFunction } from '../function.ts'
import { boolean, integer, signature, text, type Parameter } from '../signature.ts'
import { array, elementOf, isSame, type ArrayType, type ArrayValue } from './array-values.ts'

/** An ARRAY whose elements have an order. */
const sortable: Parameter = {
  wanted: 'an array of elements that have an order',
  accept: ({ type }) => (type.kind === 'ARRAY' && !UNORDERED.has(type.element.kind) ? type : undefined),
}

/** As in Flink BOOLEAN elements have none. */
const UNORDERED: ReadonlySet<SqlType['kind']> = new Set<SqlType['kind']>([
  'ARRAY',
  'MAP',
  'MULTISET',
  'ROW',
  'VARIANT',
  'BITMAP',
  'BOOLEAN',
  'NULL',
])

/** Types of a call of an array and one element, which is cast to the array's element type without loss. */
function resolveElement(args: readonly ArgInfo[]): readonly [ArrayType, SqlType] | string {
  const [list, element] = args
  if (list === undefined || element === undefined || args.length !== 2) return 'count'
  if (list.type.kind !== 'ARRAY') return 'an array as argument 1'
  const wanted = list.type.element
  if (!canCast(element.type, wanted, 'implicit')) return 'an element of the array as argument 2'
  // A longer text must not be cut to the elements' length, or it would be found.
  const type = isText(element.type) && isText(wanted) ? element.type : withNullability(wanted, element.type.nullable)
  return [list.type, type]
}

function elementSignature(returns: (list: ArrayType, element: SqlType) => SqlType): ScalarFunction['resolve'] {
  return (args) => {
    const resolved = resolveElement(args)
    return typeof resolved === 'string' ? resolved : { type: returns(...resolved), argTypes: resolved }
  }
}

/** Types of a call of arrays that meet in one type. */
function resolveCommon(least: number, most: number): (args: readonly ArgInfo[]) => ResolvedCall | string {
  return (args) => {
    if (args.length < least || args.length > most) return 'count'
    const other = args.findIndex((arg) => arg.type.kind !== 'ARRAY' && arg.type.kind !== 'NULL')
    if (other >= 0) return `an array as argument ${other + 1}`
    const type = commonType(args.map((arg) => arg.type))
    if (type === undefined) return 'arrays of one element type'
    return { type, argTypes: args.map((arg) => withNullability(type, arg.type.nullable)) }
  }
}

// --- One array and one element -------------------------------------------------------------------------------------------------------

const widened = (list: ArrayType, element: SqlType): SqlType =>
  types.array(withNullability(list.element, list.element.nullable || element.nullable), list.nullable || element.nullable)

const elementFunctions: readonly ScalarFunction[] = [
  {
    name: 'ARRAY_APPEND',
    family: 'collection',
    forms: ['ARRAY_APPEND(array, element)'],
    doc: 'The array with an element added at its end; NULL when the array is.',
    examples: [['ARRAY_APPEND(ARRAY[1, 2], 3)', '[1, 2, 3]']],
    resolve: elementSignature(widened),
    nulls: 'custom',
    evaluate: ([value, element]) => (value === null ? null : [...(value as ArrayValue), element!]),
  },
  {
    name: 'ARRAY_PREPEND',
    family: 'collection',
    forms: ['ARRAY_PREPEND(array, element)'],
    doc: 'The array with an element added at its start; NULL when the array is.',
    examples: [['ARRAY_PREPEND(ARRAY[1, 2], 0)', '[0, 1, 2]']],
    resolve: elementSignature(widened),
    nulls: 'custom',
    evaluate: ([value, element]) => (value === null ? null : [element!, ...(value as ArrayValue)]),
  },
  {
    name: 'ARRAY_CONTAINS',
    family: 'collection',
    forms: ['ARRAY_CONTAINS(array, element)'],
    doc: 'Whether an array holds an element, which may be NULL; NULL when the array is.',
    examples: [
      ["ARRAY_CONTAINS(ARRAY['a', 'b'], 'b')", 'TRUE'],
      ['ARRAY_CONTAINS(ARRAY[1, CAST(NULL AS INT)], CAST(NULL AS INT))', 'TRUE'],
    ],
    resolve: elementSignature((list) => types.boolean(list.nullable)),
    nulls: 'custom',
    evaluate: ([value, element], site) =>
      value === null ? null : (value as ArrayValue).some((item) => isSame(elementOf(site.argTypes[0]), item, element!)),
  },
  {
    name: 'ARRAY_POSITION',
    family: 'collection',
    forms: ['ARRAY_POSITION(array, element)'],
    doc: 'The position from 1 of the first element that equals a value, 0 when there is none.',
    examples: [
      ["ARRAY_POSITION(ARRAY['a', 'b'], 'b')", '2'],
      ["ARRAY_POSITION(ARRAY['a', 'b'], 'c')", '0'],
    ],
    resolve: elementSignature((list, element) => types.integer(list.nullable || element.nullable)),
    nulls: 'strict',
    evaluate: ([value, element], site) =>
      (value as ArrayValue).findIndex((item) => isSame(elementOf(site.argTypes[0]), item, element!)) + 1,
  },
  {
    name: 'ARRAY_REMOVE',
    family: 'collection',
    forms: ['ARRAY_REMOVE(array, element)'],
    doc: 'The array without the elements that equal a value, which may be NULL; NULL when the array is.',
    examples: [['ARRAY_REMOVE(ARRAY[1, 2, 1], 1)', '[2]']],
    resolve: elementSignature((list) => list),
    nulls: 'custom',
    evaluate: ([value, element], site) =>
      value === null ? null : (value as ArrayValue).filter((item) => !isSame(elementOf(site.argTypes[0]), item, element!)),
  },
]

// --- One array -----------------------------------------------------------------------------------------------------------------------

const same = ([type]: readonly SqlType[]): SqlType => type!

/** Elements by their value: scalars are found by hash, nested values and bytes by comparison one after another. */
class ElementSet {
  readonly #type: SqlType
  readonly #scalars = new Set<SqlValue>()
  readonly #others: SqlValue[] = []

  constructor(type: SqlType, items: ArrayValue = []) {
    this.#type = type
    for (const item of items) this.add(item)
  }

  has(item: SqlValue): boolean {
    if (item === null || typeof item !== 'object') return this.#scalars.has(item)
    return this.#others.some((other) => valuesEqual(this.#type, other, item))
  }

  /** False when it was there already. */
  add(item: SqlValue): boolean {
    if (this.has(item)) return false
    if (item === null || typeof item !== 'object') this.#scalars.add(item)
    else this.#others.push(item)
    return true
  }
}

/** The elements without later ones that equal an earlier one. */
function distinct(items: ArrayValue, type: SqlType): ArrayValue {
  const seen = new ElementSet(type)
  return items.filter((item) => seen.add(item))
}

/** As `compareValues`, with NaN as the greatest number. */
export function order(type: SqlType, a: SqlValue, b: SqlValue): number {
  const sign = compareValues(type, a, b)
  return Number.isNaN(sign) ? Number(Number.isNaN(a)) - Number(Number.isNaN(b)) : sign
}

function extreme(name: string, what: string, example: readonly [string, string], wins: (sign: number) => boolean): ScalarFunction {
  return {
    name,
    family: 'collection',
    forms: [`${name}(array)`],
    doc: `The ${what} element of an array, NULLs aside; NULL when there is none.`,
    examples: [example],
    resolve: signature({ parameters: [sortable], returns: ([type]) => elementOf(type), nullable: 'always' }),
    nulls: 'strict',
    evaluate: ([value], site) => {
      const type = elementOf(site.argTypes[0])
      let best: SqlValue = null
      for (const item of value as ArrayValue) if (item !== null && (best === null || wins(order(type, item, best)))) best = item
      return best
    },
  }
}

const wholeFunctions: readonly ScalarFunction[] = [
  {
    name: 'ARRAY_DISTINCT',
    family: 'collection',
    forms: ['ARRAY_DISTINCT(array)'],
    doc: 'The different elements of an array in the order of their first places; NULL counts as an element.',
    examples: [['ARRAY_DISTINCT(ARRAY[2, 1, 2])', '[2, 1]']],
    resolve: signature({ parameters: [array], returns: same }),
    nulls: 'strict',
    evaluate: ([value], site) => distinct(value as ArrayValue, elementOf(site.argTypes[0])),
  },
  {
    name: 'ARRAY_REVERSE',
    family: 'collection',
    forms: ['ARRAY_REVERSE(array)'],
    doc: 'The elements in reverse order.',
    examples: [['ARRAY_REVERSE(ARRAY[1, 2, 3])', '[3, 2, 1]']],
    resolve: signature({ parameters: [array], returns: same }),
    nulls: 'strict',
    evaluate: ([value]) => (value as ArrayValue).toReversed(),
    sparkName: 'REVERSE',
  },
  {
    name: 'ARRAY_SLICE',
    family: 'collection',
    forms: ['ARRAY_SLICE(array, start[, end])'],
    doc: 'The elements from one position to another, both included; positions count from 1, or from the end when negative, and 0 counts as 1.',
    examples: [
      ['ARRAY_SLICE(ARRAY[1, 2, 3, 4], 2, 3)', '[2, 3]'],
      ['ARRAY_SLICE(ARRAY[1, 2, 3, 4], -2)', '[3, 4]'],
    ],
    resolve: signature({ parameters: [array, integer, integer], optional: 1, returns: same }),
    nulls: 'strict',
    evaluate: ([value, start, end]) => {
      const items = value as ArrayValue
      const position = (at: number): number => (at < 0 ? items.length + at + 1 : at)
      const from = Math.max(1, position(start as number))
      // An end right before the first element counts as the first too.
      const to = end === undefined ? items.length : position(end as number) || 1
      return items.slice(from - 1, Math.max(0, to))
    },
    sparkName: null,
  },
  {
    name: 'ARRAY_SORT',
    family: 'collection',
    forms: ['ARRAY_SORT(array[, ascending[, nullsFirst]])'],
    doc: 'The elements in order, ascending unless told otherwise; NULLs stand first ascending and last descending unless told otherwise.',
    examples: [
      ['ARRAY_SORT(ARRAY[2, 3, 1])', '[1, 2, 3]'],
      ['ARRAY_SORT(ARRAY[2, CAST(NULL AS INT), 3], FALSE, TRUE)', '[NULL, 3, 2]'],
    ],
    resolve: signature({ parameters: [sortable, boolean, boolean], optional: 2, returns: same }),
    nulls: 'strict',
    evaluate: ([value, ascending = true, nullsFirst = ascending], site) => {
      const type = elementOf(site.argTypes[0])
      const sign = ascending === true ? 1 : -1
      const nulls = nullsFirst === true ? -1 : 1
      return (value as ArrayValue).toSorted((a, b) => {
        if (a === null || b === null) return a === b ? 0 : a === null ? nulls : -nulls
        return sign * order(type, a, b)
      })
    },
    sparkName: null,
  },
  extreme('ARRAY_MAX', 'greatest', ['ARRAY_MAX(ARRAY[1, 3, 2])', '3'], (sign) => sign > 0),
  extreme('ARRAY_MIN', 'least', ['ARRAY_MIN(ARRAY[2, 1, 3])', '1'], (sign) => sign < 0),
  {
    name: 'ARRAY_JOIN',
    family: 'collection',
    forms: ['ARRAY_JOIN(array, separator[, nullText])'],
    doc: 'The texts of an array in one, with a separator between; NULLs are left out, or shown by a text.',
    examples: [
      ["ARRAY_JOIN(ARRAY['a', CAST(NULL AS STRING), 'b'], '+')", 'a+b'],
      ["ARRAY_JOIN(ARRAY['a', CAST(NULL AS STRING), 'b'], '+', '?')", 'a+?+b'],
    ],
    resolve: signature({
      parameters: [
        { wanted: 'an array of texts', accept: ({ type }) => (type.kind === 'ARRAY' && isText(type.element) ? type : undefined) },
        text,
        text,
      ],
      optional: 1,
      returns: types.string(),
    }),
    nulls: 'strict',
    evaluate: ([value, separator, nullText]) => {
      const parts: string[] = []
      for (const item of value as ArrayValue) {
        if (item !== null) parts.push(item as string)
        else if (nullText !== undefined) parts.push(nullText as string)
      }
      return parts.join(separator as string)
    },
  },
  {
    name: 'ARRAY_FLATTEN',
    family: 'collection',
    forms: ['ARRAY_FLATTEN(array)'],
    doc: 'The elements of the arrays of an array in one array; NULL arrays are left out.',
    examples: [['ARRAY_FLATTEN(ARRAY[ARRAY[1, 2], ARRAY[3]])', '[1, 2, 3]']],
    resolve: signature({
      parameters: [
        { wanted: 'an array of arrays', accept: ({ type }) => (type.kind === 'ARRAY' && type.element.kind === 'ARRAY' ? type : undefined) },
      ],
      returns: ([type]) => elementOf(type),
    }),
    nulls: 'strict',
    evaluate: ([value]) => (value as ArrayValue).flatMap((item) => (item === null ? [] : (item as ArrayValue))),
    sparkName: 'FLATTEN',
  },
]

// --- Several arrays ------------------------------------------------------------------------------------------------------------------

const setFunctions: readonly ScalarFunction[] = [
  {
    name: 'ARRAY_UNION',
    family: 'collection',
    forms: ['ARRAY_UNION(array1, array2)'],
    doc: 'The different elements of two arrays, those of the first before those of the second.',
    examples: [['ARRAY_UNION(ARRAY[1, 2], ARRAY[2, 3])', '[1, 2, 3]']],
    resolve: resolveCommon(2, 2),
    nulls: 'strict',
    evaluate: ([a, b], site) => distinct([...(a as ArrayValue), ...(b as ArrayValue)], elementOf(site.argTypes[0])),
  },
  {
    name: 'ARRAY_INTERSECT',
    family: 'collection',
    forms: ['ARRAY_INTERSECT(array1, array2)'],
    doc: 'The different elements of the first array that the second holds too.',
    examples: [['ARRAY_INTERSECT(ARRAY[1, 2, 2], ARRAY[2, 3])', '[2]']],
    resolve: resolveCommon(2, 2),
    nulls: 'strict',
    evaluate: ([a, b], site) => {
      const type = elementOf(site.argTypes[0])
      const others = new ElementSet(type, b as ArrayValue)
      return distinct(a as ArrayValue, type).filter((item) => others.has(item))
    },
  },
  {
    name: 'ARRAY_EXCEPT',
    family: 'collection',
    forms: ['ARRAY_EXCEPT(array1, array2)'],
    doc: 'The different elements of the first array that the second does not hold.',
    examples: [['ARRAY_EXCEPT(ARRAY[1, 2, 1], ARRAY[2, 3])', '[1]']],
    resolve: resolveCommon(2, 2),
    nulls: 'strict',
    evaluate: ([a, b], site) => {
      const type = elementOf(site.argTypes[0])
      const others = new ElementSet(type, b as ArrayValue)
      return distinct(a as ArrayValue, type).filter((item) => !others.has(item))
    },
  },
  {
    name: 'ARRAY_CONCAT',
    family: 'collection',
    forms: ['ARRAY_CONCAT(array, ...)'],
    doc: 'The elements of all arrays one after another; NULL when one of the arrays is.',
    examples: [['ARRAY_CONCAT(ARRAY[1, 2], ARRAY[2], ARRAY[3])', '[1, 2, 2, 3]']],
    resolve: resolveCommon(1, Infinity),
    nulls: 'strict',
    evaluate: (arrays) => arrays.flatMap((items) => items as ArrayValue),
    sparkName: 'CONCAT',
  },
  {
    name: 'SPLIT',
    family: 'collection',
    forms: ['SPLIT(text, separator)'],
    doc: 'The parts of a text between separators as an array; its characters when the separator is empty, none when the text is.',
    examples: [
      ["SPLIT('a,,b', ',')", '[a, , b]'],
      ["SPLIT('abc', '')", '[a, b, c]'],
    ],
    resolve: signature({ parameters: [text, text], returns: types.array(types.string()) }),
    nulls: 'strict',
    evaluate: ([value, separator]) => {
      if (value === '') return []
      return separator === '' ? [...(value as string)] : (value as string).split(separator as string)
    },
    sparkName: null,
  },
]

/** Functions that take arrays or make them. */
export const arrayFunctions: readonly ScalarFunction[] = [...elementFunctions, ...wholeFunctions, ...setFunctions]
