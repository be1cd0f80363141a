import { types, withNullability, type SqlType, type TypeOf } from '../../data/types.ts'
import { commonType } from '../coercion.ts'
import type { ArgInfo, ResolvedCall, ScalarFunction } from '../function.ts'
import { makeMap } from './map.ts'

/** The common type of arguments, nullable when one of them is. */
function common(args: readonly ArgInfo[]): SqlType | undefined {
  return commonType(args.map((arg) => arg.type))
}

/** The type that an argument is cast to: the common one with its own nullability. */
function castTo(type: SqlType, arg: ArgInfo): SqlType {
  return withNullability(type, arg.type.nullable)
}

function resolveArray(args: readonly ArgInfo[]): ResolvedCall | string {
  if (args.length === 0) return 'count'
  const element = common(args)
  if (element === undefined) return 'elements of one type'
  if (element.kind === 'NULL') return 'an element that is not NULL, or CAST(NULL AS type), as argument 1'
  return { type: types.array(element, false), argTypes: args.map((arg) => castTo(element, arg)) }
}

function resolveMap(args: readonly ArgInfo[]): ResolvedCall | string {
  if (args.length === 0 || args.length % 2 !== 0) return 'count'
  const key = common(args.filter((_, i) => i % 2 === 0))
  const value = common(args.filter((_, i) => i % 2 === 1))
  if (key === undefined) return 'keys of one type'
  if (value === undefined) return 'values of one type'
  if (key.kind === 'NULL') return 'a key that is not NULL as argument 1'
  if (value.kind === 'NULL') return 'a value that is not NULL, or CAST(NULL AS type), as argument 2'
  return { type: types.map(key, value, false), argTypes: args.map((arg, i) => castTo(i % 2 === 0 ? key : value, arg)) }
}

/** Constructors of nested values. */
export const constructionFunctions: readonly ScalarFunction[] = [
  {
    name: 'ROW',
    family: 'construction',
    forms: ['ROW(value, ...)', '(value, value, ...)'],
    doc: 'A row of values; its fields are named EXPR$0, EXPR$1 and so on.',
    examples: [["ROW(1, 'a', CAST(NULL AS INT))", '(1, a, NULL)']],
    resolve: (args) => {
      if (args.length === 0) return 'count'
      const fields = args.map((arg, i) => ({ name: `EXPR$${i}`, type: arg.type }))
      return { type: types.row(fields, false), argTypes: args.map((arg) => arg.type) }
    },
    nulls: 'custom',
    evaluate: (values) => values,
    sparkName: 'NAMED_STRUCT',
  },
  {
    name: 'ARRAY',
    family: 'construction',
    forms: ['ARRAY[value, ...]'],
    doc: 'An array of values in their common type.',
    examples: [
      ['ARRAY[1, 2.5]', '[1.0, 2.5]'],
      ["ARRAY['a', CAST(NULL AS STRING)]", '[a, NULL]'],
    ],
    resolve: resolveArray,
    nulls: 'custom',
    evaluate: (values) => values,
  },
  {
    name: 'MAP',
    family: 'construction',
    forms: ['MAP[key, value, ...]'],
    doc: 'A map of keys and values, each in their common type; of equal keys the last value counts.',
    examples: [["MAP['a', 1, 'b', 2]", '{a=1, b=2}']],
    resolve: resolveMap,
    nulls: 'custom',
    evaluate: (args, site) =>
      makeMap(
        (site.type as TypeOf<'MAP'>).key,
        args.filter((_, i) => i % 2 === 0),
        args.filter((_, i) => i % 2 === 1),
      ),
  },
]
