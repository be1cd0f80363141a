import { RheoError, userError } from '../base/errors.ts'
import type { Field, Schema } from '../catalog/schema.ts'
import type { SqlType } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import { commonType } from '../expr/coercion.ts'
import { type Expr, walk } from '../expr/expr.ts'
import { interpret } from '../expr/interpret.ts'
import { implicitCast } from '../expr/resolve-call.ts'
import { isDeterministic } from '../plan/expression-properties.ts'
import type { LogicalNode } from '../plan/logical.ts'
import { projectRows } from '../plan/subqueries.ts'
import { planningContext } from '../plan/plan-job.ts'
import { bindExpression, shownType, untypedNull } from './bind-expression.ts'
import type { BindContext } from './binder.ts'
import type { BindQuery } from './expression-context.ts'
import { type Scope, emptyScope } from './scope.ts'
import type { Query, Values } from './syntax-query.ts'

/** One row without columns: what SELECT without FROM reads. */
export const oneRow: LogicalNode = { kind: 'values', rows: [[]], schema: [] }

/** VALUES: rows in the common type of each column. What cannot be computed while planning is computed when the job runs, a row at a time. */
export function bindValues(node: Values, outside: BindContext, bindQuery: BindQuery, outer: Scope | undefined): LogicalNode {
  const { expected, ...context } = outside
  const subquery = (query: Query, inner: Scope): LogicalNode => bindQuery(query, context, inner)
  const rows = node.rows.map((row) =>
    row.values.map((value, i) => {
      const bound = bindExpression(value, { context, scope: { ...emptyScope, outer }, clause: 'VALUES', subquery })
      const type = bound.type.kind === 'NULL' ? expected?.[i] : undefined
      return type === undefined ? bound : implicitCast(bound, type)
    }),
  )
  const width = rows[0]?.length ?? 0
  rows.forEach((row, i) => {
    if (row.length !== width)
      throw userError(
        'sql/column-count',
        `Cannot make VALUES: the first row has ${width} columns, row ${i + 1} has ${row.length}`,
        node.rows[i]!.at,
      )
    const untyped = row.find((value) => value.type.kind === 'NULL')
    if (untyped !== undefined) throw untypedNull(untyped.at ?? node.at)
  })
  const types = Array.from({ length: width }, (_, column) =>
    columnType(
      rows.map((row) => row[column]!),
      column,
      node,
    ),
  )
  const schema: Schema = types.map((type, i): Field => ({ name: `EXPR$${i}`, type }))
  const cast = rows.map((row) => row.map((value, i) => implicitCast(value, types[i]!)))
  const values = cast.map((row) => constantRow(row, context))
  if (values.every((row) => row !== undefined)) return { kind: 'values', rows: values, schema }
  const names = schema.map((field) => field.name)
  const inputs = cast.map((row, i): LogicalNode => {
    const constant = values[i]
    return constant === undefined ? { ...projectRows(oneRow, row, names), schema } : { kind: 'values', rows: [constant], schema }
  })
  return inputs.length === 1 ? inputs[0]! : { kind: 'union', inputs, schema }
}

function columnType(values: readonly Expr[], column: number, node: Values): SqlType {
  const type = commonType(
    values.map((value) => value.type),
    'query',
  )
  if (type !== undefined) return type
  const found = [...new Set(values.map((value) => shownType(value.type)))].join(', ')
  const hint = node.rows.every((row) => row.values.length === 1) ? '; the values of one row stand in parentheses, VALUES (1, 2)' : ''
  throw userError(
    'sql/union-types',
    `Cannot make VALUES: column ${column + 1} is ${found}, types of one family were wanted${hint}`,
    node.at,
  )
}

/** Whether an expression has a query inside, or reads the row around its own. */
function readsQueries(expr: Expr): boolean {
  let found = false
  walk(expr, (part) => {
    if (part.kind === 'subquery' || part.kind === 'outer') found = true
  })
  return found
}

/** The values of a row; undefined where one of them has to wait for the job. */
function constantRow(row: readonly Expr[], context: BindContext): readonly SqlValue[] | undefined {
  if (!row.every((value) => isDeterministic(value) && !readsQueries(value))) return undefined
  try {
    return row.map((value) => (value.kind === 'literal' ? value.value : interpret(value, [], planningContext(context.env))))
  } catch (error) {
    if (error instanceof RheoError) return undefined
    throw error
  }
}
