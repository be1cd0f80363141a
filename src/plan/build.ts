import { assert } from '../base/assert.ts'
import type { Field, Schema } from '../catalog/schema.ts'
import type { Expr } from '../expr/expr.ts'
import type { LogicalNode, LogicalOf } from './logical.ts'
import { isMovedTime } from './moved-time.ts'

/** A reference to column `index` of a schema. */
export function columnOf(schema: Schema, index: number): Extract<Expr, { kind: 'column' }> {
  const field = schema[index]
  assert(field !== undefined, `column ${index} is one of ${schema.length}`)
  return { kind: 'column', index, type: field.type }
}

/** References to every column. */
export function allColumns(schema: Schema): readonly Expr[] {
  return schema.map((_, index) => columnOf(schema, index))
}

/** The fields of projections: names as given, types of the expressions, and the time attribute of what is a plain column. */
export function projectedSchema(input: Schema, projections: readonly Expr[], names: readonly string[]): Schema {
  return projections.map((projection, i): Field => {
    const timeAttribute =
      projection.kind === 'column' ? input[projection.index]?.timeAttribute : isProctime(projection) ? 'proctime' : undefined
    const field = { name: names[i] ?? `EXPR$${i}`, type: projection.type }
    if (timeAttribute !== undefined) return { ...field, timeAttribute }
    return isMovedTime(projection, input) ? { ...field, movesTime: true } : field
  })
}

function isProctime(expr: Expr): boolean {
  return expr.kind === 'call' && expr.name === 'PROCTIME'
}

export function project(input: LogicalNode, projections: readonly Expr[], names: readonly string[]): LogicalOf<'project'> {
  return { kind: 'project', input, projections, schema: projectedSchema(input.schema, projections, names) }
}

export function filter(input: LogicalNode, condition: Expr): LogicalOf<'filter'> {
  return { kind: 'filter', input, condition, schema: input.schema }
}

/** The columns of the input in another order, or fewer; the input itself when nothing changes. */
export function select(input: LogicalNode, columns: readonly number[]): LogicalNode {
  if (columns.length === input.schema.length && columns.every((column, i) => column === i)) return input
  const fields = columns.map((column) => input.schema[column]!)
  return { kind: 'project', input, projections: columns.map((column) => columnOf(input.schema, column)), schema: fields }
}

/** No rows. */
export function noRows(schema: Schema): LogicalOf<'values'> {
  return { kind: 'values', rows: [], schema }
}

/** The inputs of a node, in order. */
export function inputsOf(node: LogicalNode): readonly LogicalNode[] {
  switch (node.kind) {
    case 'scan':
    case 'values':
      return []
    case 'union':
    case 'join':
    case 'temporal-join':
      return node.inputs
    default:
      return [node.input]
  }
}

/** The same node over other inputs of the same schemas. */
export function withInputs(node: LogicalNode, inputs: readonly LogicalNode[]): LogicalNode {
  switch (node.kind) {
    case 'scan':
    case 'values':
      return node
    case 'union':
      return inputs.every((input, i) => input === node.inputs[i]) ? node : { ...node, inputs }
    case 'join':
    case 'temporal-join':
      return inputs.every((input, i) => input === node.inputs[i]) ? node : { ...node, inputs: [inputs[0]!, inputs[1]!] }
    default:
      return inputs[0] === node.input ? node : { ...node, input: inputs[0]! }
  }
}

/** Rewrites a plan from the leaves up. */
export function transform(node: LogicalNode, rewrite: (node: LogicalNode) => LogicalNode): LogicalNode {
  return rewrite(
    withInputs(
      node,
      inputsOf(node).map((input) => transform(input, rewrite)),
    ),
  )
}
