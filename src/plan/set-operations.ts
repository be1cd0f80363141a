import type { Field } from '../catalog/schema.ts'
import { types } from '../data/types.ts'
import type { AggregateCall } from '../expr/aggregate.ts'
import type { Expr } from '../expr/expr.ts'
import { buildCall } from '../expr/resolve-call.ts'
import { allColumns, columnOf, project, select } from './build.ts'
import { trueLiteral } from './correlated-form.ts'
import { conjunction } from './expression-properties.ts'
import type { LogicalNode, LogicalOf } from './logical.ts'

/** DISTINCT over whole rows. */
export function distinctRows(input: LogicalNode): LogicalNode {
  const schema = input.schema.map(({ name, type }): Field => ({ name, type }))
  return { kind: 'aggregate', input, keys: schema.map((_, i) => i), aggregates: [], schema }
}

/** INTERSECT and EXCEPT of the two inputs of a union: the left rows that are among the right ones or not, each once. NULLs are equal. */
export function chosenRows({ inputs, schema }: LogicalOf<'union'>, operator: 'INTERSECT' | 'EXCEPT'): LogicalNode {
  const [left, right] = inputs as [LogicalNode, LogicalNode]
  const equal = schema.map((_, i): Expr => {
    const other = columnOf(right.schema, i)
    return buildCall('IS NOT DISTINCT FROM', [columnOf(left.schema, i), { ...other, index: schema.length + i }])
  })
  const fields = left.schema.map(({ name, type }): Field => ({ name, type }))
  const joinType = operator === 'INTERSECT' ? 'semi' : 'anti'
  const chosen: LogicalNode = { kind: 'join', joinType, inputs: [left, right], condition: conjunction(equal)!, schema: fields }
  return { ...distinctRows(chosen), schema: schema.map(({ name }, i): Field => ({ name, type: fields[i]!.type })) }
}

/** INTERSECT ALL and EXCEPT ALL: each row as often as the less of both sides has it, or as often as the left side has it more than the right one. */
export function countedRows({ inputs, schema }: LogicalOf<'union'>, operator: 'INTERSECT' | 'EXCEPT'): LogicalNode {
  const width = schema.length
  const names = schema.map((field) => field.name)
  const falseLiteral: Expr = { ...trueLiteral, value: false } as Expr
  const sides = inputs.map((input, i) => {
    const isLeft = i === 0
    const flags = [isLeft ? trueLiteral : falseLiteral, isLeft ? falseLiteral : trueLiteral]
    return project(input, [...allColumns(input.schema), ...flags], [...names, '$left', '$right'])
  })
  const flag = types.boolean(false)
  const fields: Field[] = schema.map(({ name, type }) => ({ name, type }))
  const union: LogicalNode = {
    kind: 'union',
    inputs: sides,
    schema: [...fields, { name: '$left', type: flag }, { name: '$right', type: flag }],
  }
  const type = types.bigint(false)
  const rows = (filter: number): AggregateCall => ({ name: 'COUNT', args: [], argTypes: [], distinct: false, filter, type })
  const counted: LogicalNode = {
    kind: 'aggregate',
    input: union,
    keys: fields.map((_, i) => i),
    aggregates: [rows(width), rows(width + 1)],
    schema: [...fields, { name: '$left', type }, { name: '$right', type }],
  }
  const counts = [columnOf(counted.schema, width), columnOf(counted.schema, width + 1)]
  const times = buildCall('REPEATED ROWS', [buildCall(operator === 'INTERSECT' ? 'LEAST' : '-', counts)])
  const repeated = project(counted, [...fields.map((_, i) => columnOf(counted.schema, i)), times], [...names, '$times'])
  const unnested: LogicalNode = {
    kind: 'unnest',
    input: repeated,
    collection: width,
    withOrdinality: false,
    joinType: 'inner',
    schema: [...repeated.schema, { name: '$row', type: flag }],
  }
  return select(
    unnested,
    fields.map((_, i) => i),
  )
}
