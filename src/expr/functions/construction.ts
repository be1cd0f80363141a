import { types, withNullability, type SqlType, type TypeOf } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import { commonType } from '../coercion.ts'
import type { ArgInfo, ResolvedCall, ScalarFunction } from '../function.ts'
import { makeMap } from './map.ts'

/** The common type of arguments, nullable when one of them is. */
function common(args: readonly ArgInfo[]): SqlType | undefined {
  return commonType(
    args.map((arg) => arg.type),
    'query',
  )
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

/** Names and values of OBJECT_OF and OBJECT_UPDATE; a text says what is wrong with them. */
function namedValues(args: readonly ArgInfo[]): readonly { readonly name: string; readonly type: SqlType }[] | string {
  if (args.length % 2 === 0) return 'count'
  const found: { readonly name: string; readonly type: SqlType }[] = []
  for (let i = 1; i < args.length; i += 2) {
    const name = args[i]!.literal
    if (typeof name !== 'string' || name === '') return `a literal name of a field as argument ${i + 1}`
    if (found.some((other) => other.name === name)) return `a name that stands once as argument ${i + 1}`
    found.push({ name, type: args[i + 1]!.type })
  }
  return found
}

function resolveObjectOf(args: readonly ArgInfo[]): ResolvedCall | string {
  const className = args[0]?.literal
  if (typeof className !== 'string') return args.length === 0 ? 'count' : 'a literal class name as argument 1'
  const fields = namedValues(args)
  if (typeof fields === 'string') return fields
  return { type: { kind: 'ROW', fields, className, nullable: true }, argTypes: args.map((arg) => arg.type) }
}

function resolveObjectUpdate(args: readonly ArgInfo[]): ResolvedCall | string {
  if (args.length < 3) return 'count'
  const type = args[0]!.type
  if (type.kind !== 'ROW' || type.className === undefined) return 'an object as argument 1'
  const changes = namedValues(args)
  if (typeof changes === 'string') return changes
  const unknown = changes.findIndex(({ name }) => !type.fields.some((field) => field.name === name))
  if (unknown >= 0) return `a name of one of the object's fields as argument ${2 * unknown + 2}`
  const fields = type.fields.map((field) => changes.find(({ name }) => name === field.name) ?? field)
  return { type: { ...type, fields }, argTypes: args.map((arg) => arg.type) }
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
  {
    name: 'OBJECT_OF',
    family: 'construction',
    forms: ['OBJECT_OF(className, name, value, ...)'],
    doc: 'An object of a class with fields of the given names and values: a row that shows its names.',
    examples: [["OBJECT_OF('com.example.User', 'name', 'Bob', 'age', 42)", '(name=Bob, age=42)']],
    resolve: resolveObjectOf,
    nulls: 'custom',
    evaluate: (args) => args.filter((_, i) => i > 0 && i % 2 === 0),
    sparkName: 'NAMED_STRUCT',
  },
  {
    name: 'OBJECT_UPDATE',
    family: 'construction',
    forms: ['OBJECT_UPDATE(object, name, value, ...)'],
    doc: 'An object with some of its fields replaced; NULL when the object is.',
    examples: [["OBJECT_UPDATE(OBJECT_OF('User', 'name', 'Bob', 'age', 42), 'age', 43)", '(name=Bob, age=43)']],
    resolve: resolveObjectUpdate,
    nulls: 'custom',
    evaluate: ([object, ...changes], site) => {
      if (object === null) return null
      const values = [...(object as readonly SqlValue[])]
      const { fields } = site.argTypes[0] as TypeOf<'ROW'>
      for (let i = 0; i < changes.length; i += 2) values[fields.findIndex((field) => field.name === changes[i])] = changes[i + 1]!
      return values
    },
    sparkName: null,
  },
]
