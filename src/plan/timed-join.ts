import type { Schema } from '../catalog/schema.ts'
import { type Expr, mapColumns, walk } from '../expr/expr.ts'
import { columnsOf, conjunction, conjuncts, isDeterministic } from './expression-properties.ts'
import { type IntervalBounds, intervalBounds } from './interval-bounds.ts'
import type { LogicalNode, LogicalOf } from './logical.ts'
import { type WindowBounds, windowBounds } from './window-properties.ts'

/**
 * What event time a join goes by, if any; in streaming mode only.
 *
 * @param form `written`: the condition bounds times as Flink wants it, so the join keeps its event times; `any`: in some way.
 */
export function timedJoin(node: LogicalOf<'join'>, form: 'written' | 'any'): IntervalBounds | WindowBounds | undefined {
  switch (node.joinType) {
    case 'mark':
      return undefined
    // As in Flink rows find each other by EXISTS however late they come, unless windows bound them.
    case 'semi':
    case 'anti':
      return windowBounds(node)
    default:
      return windowBounds(node) ?? intervalBounds(node, form)
  }
}

/**
 * `FROM a, b WHERE ...`: inner joins that WHERE makes joins by event time get the conditions that do so, and their event times back; WHERE still says all that it says.
 */
export function timedBy(node: LogicalNode, conditions: readonly Expr[]): LogicalNode {
  if (node.kind !== 'join' || node.joinType !== 'inner' || conditions.length === 0) return node
  const [left, right] = node.inputs
  const width = left.schema.length
  const ofLeft: Expr[] = []
  const ofRight: Expr[] = []
  const ofBoth: Expr[] = []
  for (const condition of conditions) {
    if (!isDeterministic(condition) || hasSubquery(condition)) continue
    const columns = [...columnsOf(condition)]
    if (columns.every((column) => column < width)) ofLeft.push(condition)
    else if (columns.every((column) => column >= width))
      ofRight.push(mapColumns(condition, (column) => ({ ...column, index: column.index - width })))
    else ofBoth.push(condition)
  }
  const inputs = [timedBy(left, ofLeft), timedBy(right, ofRight)] as const
  const condition = conjunction([...(node.condition === undefined ? [] : conjuncts(node.condition)), ...ofBoth])
  const { condition: _, ...bare } = node
  const candidate: LogicalOf<'join'> = { ...bare, inputs, ...(condition === undefined ? {} : { condition }) }
  if (timedJoin(node, 'written') === undefined && timedJoin(candidate, 'written') !== undefined)
    return { ...candidate, schema: withTimes(node.schema, inputs) }
  return inputs[0] === left && inputs[1] === right ? node : { ...node, inputs }
}

function hasSubquery(condition: Expr): boolean {
  let result = false
  walk(condition, (part) => {
    if (part.kind === 'subquery') result = true
  })
  return result
}

function withTimes(schema: Schema, inputs: readonly [LogicalNode, LogicalNode]): Schema {
  const times = inputs.flatMap((input) => input.schema.map((field) => field.timeAttribute))
  return schema.map((field, i) => {
    const timeAttribute = times[i]
    return timeAttribute === undefined ? field : { ...field, timeAttribute }
  })
}
