import type { Field, Schema } from '../catalog/schema.ts'
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
  const timed = timedJoin(candidate, 'written')
  if (timedJoin(node, 'written') === undefined && timed !== undefined)
    return { ...candidate, schema: withTimes(node.schema, inputs, timed) }
  return inputs[0] === left && inputs[1] === right ? node : { ...node, inputs }
}

function hasSubquery(condition: Expr): boolean {
  let result = false
  walk(condition, (part) => {
    if (part.kind === 'subquery') result = true
  })
  return result
}

function withTimes(schema: Schema, inputs: readonly [LogicalNode, LogicalNode], timed: IntervalBounds | WindowBounds): Schema {
  const below = inputs.flatMap((input) => input.schema)
  return schema.map((field, i) => {
    const source = below[i]
    const timeAttribute = source === undefined || !keepsTimeOf(timed, source) ? undefined : source.timeAttribute
    return timeAttribute === undefined ? field : { ...field, timeAttribute }
  })
}

/** Whether a column of one side is still a time of what the join gives. Rows that wait for others by the clock leave behind the watermarks that came with them. */
export function keepsTimeOf(timed: IntervalBounds | WindowBounds, { timeAttribute }: Field): boolean {
  return timeAttribute === 'proctime' || (timeAttribute === 'rowtime' && !(timed.kind === 'interval' && timed.byClock))
}
