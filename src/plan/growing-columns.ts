import type { Expr } from '../expr/expr.ts'
import type { AggregateCall } from '../expr/aggregate.ts'
import { columnsOf } from './expression-properties.ts'
import type { PhysicalNode } from './physical.ts'

/** How the columns of rows that are updated change: a COUNT over inserts only grows, the key of its group stays. */
interface ColumnChanges {
  readonly fixed: ReadonlySet<number>
  readonly growing: ReadonlySet<number>
  readonly shrinking: ReadonlySet<number>
}

/**
 * Marks MAX of columns that only grow and MIN of those that only shrink: a row that is taken back comes back with a value as great at once, so nothing
 * has to be kept of it, and the group tells nothing in between. As Flink does.
 *
 * The group's own keys must not change, or a row could leave the group.
 */
export function markOneWay(calls: readonly AggregateCall[], keys: readonly number[], input: PhysicalNode): readonly AggregateCall[] {
  const changes = columnChanges(input)
  // Of rows that are only added nothing is taken back anyway.
  if (input.changes === 'append' || changes === undefined || !keys.every((key) => changes.fixed.has(key))) return calls
  return calls.map((call): AggregateCall => {
    const [column] = call.args
    if (column === undefined || call.filter !== undefined) return call
    const isOneWay = (call.name === 'MAX' && changes.growing.has(column)) || (call.name === 'MIN' && changes.shrinking.has(column))
    return isOneWay ? { ...call, oneWay: true } : call
  })
}

/** Of rows that are updated but never deleted; undefined where that is not known. */
function columnChanges(node: PhysicalNode): ColumnChanges | undefined {
  switch (node.kind) {
    case 'exchange':
      return columnChanges(node.input)
    case 'calc': {
      const below = columnChanges(node.input)
      if (below === undefined || (node.condition !== undefined && !stays(node.condition, below))) return undefined
      const sources = node.projections.map((projection) => (projection.kind === 'column' ? projection.index : -1))
      const shown = (columns: ReadonlySet<number>): ReadonlySet<number> =>
        new Set(sources.flatMap((source, i) => (columns.has(source) ? [i] : [])))
      return { fixed: shown(below.fixed), growing: shown(below.growing), shrinking: shown(below.shrinking) }
    }
    case 'group-aggregate': {
      if (node.inputRetracts && !node.aggregates.some((call) => call.oneWay === true)) return undefined
      const named = (name: string): ReadonlySet<number> =>
        new Set(
          node.aggregates.flatMap((call, i) =>
            call.name === name && (!node.inputRetracts || call.oneWay === true) ? [node.keys.length + i] : [],
          ),
        )
      return {
        fixed: new Set(node.keys.map((_, i) => i)),
        growing: new Set([...named('COUNT'), ...named('MAX')]),
        shrinking: named('MIN'),
      }
    }
    default:
      return undefined
  }
}

/** Whether a row that passes a condition passes it for ever. */
function stays(condition: Expr, { fixed, growing }: ColumnChanges): boolean {
  if ([...columnsOf(condition)].every((column) => fixed.has(column))) return true
  if (condition.kind !== 'call' || !['>', '>='].includes(condition.name)) return false
  const [left, right] = condition.args
  return left?.kind === 'column' && growing.has(left.index) && right?.kind === 'literal'
}
