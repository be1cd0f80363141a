import { types, withNullability, type SqlType, type TypeOf } from '../../data/types.ts'
import { SqlMap, type SqlValue } from '../../data/value.ts'
import { commonType } from '../coercion.ts'
import { EvaluationError } from '../evaluation-error.ts'
import type { ArgInfo, ResolvedCall, ScalarFunction } from '../function.ts'
import { signature, type Parameter } from '../signature.ts'
import { array, elementOf, isSame } from './array-values.ts'

/** A MAP, as it is. */
const map: Parameter = {
  wanted: 'a map',
  accept: ({ type }) => (type.kind === 'MAP' ? type : undefined),
}

const asMap = (type: SqlType | undefined): TypeOf<'MAP'> => type as TypeOf<'MAP'>

/** A map of entries in their order; of equal keys the last value counts, at the place of the first. */
export function makeMap(keyType: SqlType, keys: readonly SqlValue[], values: readonly SqlValue[]): SqlMap {
  const distinctKeys: SqlValue[] = []
  const lastValues: SqlValue[] = []
  for (const [i, key] of keys.entries()) {
    const at = distinctKeys.findIndex((other) => isSame(keyType, key, other))
    if (at < 0) distinctKeys.push(key)
    lastValues[at < 0 ? distinctKeys.length - 1 : at] = values[i] ?? null
  }
  return new SqlMap(distinctKeys, lastValues)
}

function resolveUnion(args: readonly ArgInfo[]): ResolvedCall | string {
  if (args.length === 0) return 'count'
  const other = args.findIndex((arg) => arg.type.kind !== 'MAP' && arg.type.kind !== 'NULL')
  if (other >= 0) return `a map as argument ${other + 1}`
  const type = commonType(args.map((arg) => arg.type))
  if (type === undefined) return 'maps of one key and value type'
  return { type, argTypes: args.map((arg) => withNullability(type, arg.type.nullable)) }
}

/** Functions over maps. */
export const mapFunctions: readonly ScalarFunction[] = [
  {
    name: 'MAP_KEYS',
    family: 'collection',
    forms: ['MAP_KEYS(map)'],
    doc: 'The keys of a map as an array.',
    examples: [["MAP_KEYS(MAP['a', 1])", '[a]']],
    resolve: signature({ parameters: [map], returns: ([type]) => types.array(asMap(type).key) }),
    nulls: 'strict',
    evaluate: ([value]) => (value as SqlMap).keys,
  },
  {
    name: 'MAP_VALUES',
    family: 'collection',
    forms: ['MAP_VALUES(map)'],
    doc: 'The values of a map as an array, in the order of its keys.',
    examples: [["MAP_VALUES(MAP['a', 1])", '[1]']],
    resolve: signature({ parameters: [map], returns: ([type]) => types.array(asMap(type).value) }),
    nulls: 'strict',
    evaluate: ([value]) => (value as SqlMap).values,
  },
  {
    name: 'MAP_ENTRIES',
    family: 'collection',
    forms: ['MAP_ENTRIES(map)'],
    doc: 'The entries of a map as an array of rows of `key` and `value`.',
    examples: [["MAP_ENTRIES(MAP['a', 1])", '[(a, 1)]']],
    resolve: signature({
      parameters: [map],
      returns: ([type]) => {
        const { key, value } = asMap(type)
        return types.array(
          types.row([
            { name: 'key', type: key },
            { name: 'value', type: value },
          ]),
        )
      },
    }),
    nulls: 'strict',
    evaluate: ([value]) => (value as SqlMap).keys.map((key, i) => [key, (value as SqlMap).values[i] ?? null]),
  },
  {
    name: 'MAP_FROM_ARRAYS',
    family: 'collection',
    forms: ['MAP_FROM_ARRAYS(keys, values)'],
    doc: 'A map of an array of keys and one of values, which must be equally long.',
    examples: [["MAP_FROM_ARRAYS(ARRAY['a', 'b'], ARRAY[1, 2])", '{a=1, b=2}']],
    resolve: signature({ parameters: [array, array], returns: ([keys, values]) => types.map(elementOf(keys), elementOf(values)) }),
    nulls: 'strict',
    evaluate: ([keys, values], site) => {
      const [keyList, valueList] = [keys as readonly SqlValue[], values as readonly SqlValue[]]
      if (keyList.length === valueList.length) return makeMap(elementOf(site.argTypes[0]), keyList, valueList)
      throw new EvaluationError(
        'data/map',
        `Cannot evaluate "MAP_FROM_ARRAYS": there are ${keyList.length} keys and ${valueList.length} values, equally many were wanted`,
      )
    },
  },
  {
    name: 'MAP_UNION',
    family: 'collection',
    forms: ['MAP_UNION(map, ...)'],
    doc: 'The entries of all maps; of equal keys that of the last map counts. NULL when one of the maps is.',
    examples: [["MAP_UNION(MAP['a', 1], MAP['a', 2])", '{a=2}']],
    resolve: resolveUnion,
    nulls: 'strict',
    evaluate: (maps, site) =>
      makeMap(
        asMap(site.argTypes[0]).key,
        maps.flatMap((value) => (value as SqlMap).keys),
        maps.flatMap((value) => (value as SqlMap).values),
      ),
    sparkName: 'MAP_CONCAT',
  },
]
