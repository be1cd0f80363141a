import { assert } from '../../base/assert.ts'
import { joinJsonArrays } from '../../data/json-parts.ts'
import { orderKey, unorderedPart } from '../../data/order-key.ts'
import { type SqlType, types, withNullability } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import { EvaluationError } from '../evaluation-error.ts'
import type { ScalarFunction } from '../function.ts'
import { order } from './array.ts'
import { nullPath } from './null-path.ts'

/** Of one row of INTERSECT ALL or EXCEPT ALL. */
const MOST_COPIES = 1 << 22

/** What the planner calls: their names cannot be written. */
export const internalFunctions: readonly ScalarFunction[] = [
  {
    name: 'NOT NULL ENFORCED',
    family: 'auxiliary',
    forms: ['INSERT INTO table_with_not_null_column ...'],
    doc: 'The value, or the end of the job when it is NULL and the column of the table is NOT NULL.',
    examples: [],
    resolve: (args) =>
      args.length === 2 ? { type: withNullability(args[0]!.type, false), argTypes: args.map((arg) => arg.type) } : 'count',
    nulls: 'custom',
    evaluate: ([value, column]) => {
      if (value !== null && value !== undefined) return value
      throw notNull(String(column))
    },
    flinkName: null,
    sparkName: null,
  },
  {
    name: 'NULL PATH',
    family: 'auxiliary',
    forms: ['INSERT INTO table_with_not_null_field ...'],
    doc: 'Where in a value of a column the first NULL is that its type does not have, `r.a` or `a[0]`; NULL when there is none.',
    examples: [],
    resolve: (args) => (args.length === 3 ? { type: types.string(), argTypes: args.map((arg) => arg.type) } : 'count'),
    nulls: 'custom',
    evaluate: ([value, column, collections], { argTypes }) =>
      nullPath(value ?? null, argTypes[0]!, String(column), collections === true ? 'collections' : 'rows') ?? null,
    flinkName: null,
    sparkName: null,
  },
  {
    name: 'NESTED NOT NULL ENFORCED',
    family: 'auxiliary',
    forms: ['INSERT INTO table_with_not_null_field ...'],
    doc: 'The value, or the end of the job when there is a place in it that is NULL and must not be.',
    examples: [],
    resolve: (args) => (args.length === 2 ? { type: args[0]!.type, argTypes: args.map((arg) => arg.type) } : 'count'),
    nulls: 'custom',
    evaluate: ([value, path]) => {
      if (path === null) return value ?? null
      throw notNull(String(path))
    },
    flinkName: null,
    sparkName: null,
  },
  {
    name: 'ELEMENTS IN ORDER',
    family: 'auxiliary',
    forms: ['SELECT ARRAY_AGG(value ORDER BY key, ...) ...'],
    doc: 'The first fields of an array of rows, sorted by the others: how is said by one text, for each of them A or D (ascending, descending) and F or L (NULLs first or last).',
    examples: [],
    resolve: ([rows, how, ...rest]) => {
      if (rows === undefined || how === undefined || rest.length > 0) return 'count'
      const element = rows.type.kind === 'ARRAY' && rows.type.element.kind === 'ROW' ? rows.type.element.fields[0]?.type : undefined
      return element === undefined
        ? 'an array of rows as argument 1'
        : { type: types.array(element, rows.type.nullable), argTypes: [rows.type, how.type] }
    },
    nulls: 'strict',
    evaluate: ([rows, how], site) => inOrder(rows as readonly Row[], how as string, fieldsOfElement(site.argTypes[0]!)),
    flinkName: null,
    sparkName: null,
  },
  {
    name: 'ORDER KEY',
    family: 'auxiliary',
    forms: ['SELECT ... ORDER BY array LIMIT ...'],
    doc: 'Bytes that are in the order of the values of an ARRAY or ROW: item by item, NULL first; of two with one beginning the shorter comes first.',
    examples: [],
    resolve: ([value, ...rest]) => {
      if (value === undefined || rest.length > 0) return 'count'
      if ((value.type.kind !== 'ARRAY' && value.type.kind !== 'ROW') || unorderedPart(value.type) !== undefined)
        return 'an array or row whose values have an order as argument 1'
      return { type: types.bytes(value.type.nullable), argTypes: [value.type] }
    },
    nulls: 'strict',
    evaluate: ([value], site) => orderKey(site.argTypes[0]!, value!),
    flinkName: null,
    sparkName: null,
  },
  {
    name: 'JSON MEMBERS JOINED',
    family: 'auxiliary',
    forms: ['SELECT JSON_ARRAYAGG(value ORDER BY key, ...) ...'],
    doc: 'JSON arrays of at most one member as one array; NULL as one without members.',
    examples: [],
    resolve: ([parts, ...rest]) => {
      if (parts === undefined || rest.length > 0) return 'count'
      const element = parts.type.kind === 'ARRAY' ? parts.type.element : undefined
      return element?.kind === 'VARCHAR' && !element.nullable
        ? { type: types.string(false), argTypes: [parts.type] }
        : 'an array of texts as argument 1'
    },
    nulls: 'custom',
    evaluate: ([parts]) => joinJsonArrays((parts ?? []) as readonly string[]),
    flinkName: null,
    sparkName: null,
  },
  {
    name: 'REPEATED ROWS',
    family: 'auxiliary',
    forms: ['SELECT ... INTERSECT ALL SELECT ...'],
    doc: 'An array with as many elements as a row is there in the result of INTERSECT ALL or EXCEPT ALL.',
    examples: [],
    resolve: ([count, ...rest]) => {
      if (count === undefined || rest.length > 0) return 'count'
      return count.type.kind === 'BIGINT'
        ? { type: types.array(types.boolean(false), count.type.nullable), argTypes: [count.type] }
        : 'a BIGINT as argument 1'
    },
    nulls: 'strict',
    evaluate: ([times]) => {
      const count = Number(times)
      if (count <= MOST_COPIES) return new Array<boolean>(Math.max(0, count)).fill(true)
      throw new EvaluationError(
        'data/too-many-copies',
        `Cannot give a row ${count} times: at most ${MOST_COPIES} copies of one row were wanted`,
      )
    },
    flinkName: null,
    sparkName: null,
  },
]

/** A row that is NULL is one of NULLs. */
type Row = readonly SqlValue[] | null

function fieldsOfElement(type: SqlType): readonly SqlType[] {
  assert(type.kind === 'ARRAY' && type.element.kind === 'ROW', 'the elements are rows')
  return type.element.fields.map((field) => field.type)
}

function inOrder(rows: readonly Row[], how: string, fields: readonly SqlType[]): readonly SqlValue[] {
  const sorted = rows.toSorted((a, b) => {
    for (let field = 1; field < fields.length; field++) {
      const [x, y] = [a?.[field] ?? null, b?.[field] ?? null]
      const nullsFirst = how[2 * field - 1] === 'F'
      if (x === null || y === null) {
        if (x !== y) return (x === null) === nullsFirst ? -1 : 1
        continue
      }
      const sign = order(fields[field]!, x, y)
      if (sign !== 0) return how[2 * field - 2] === 'A' ? sign : -sign
    }
    return 0
  })
  return sorted.map((row) => row?.[0] ?? null)
}

function notNull(column: string): EvaluationError {
  return new EvaluationError(
    'data/not-null',
    `Cannot write NULL into column "${column}": it is NOT NULL; SET 'table.exec.sink.not-null-enforcer' = 'DROP' leaves out such rows`,
  )
}
