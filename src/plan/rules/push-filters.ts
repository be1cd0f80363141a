import { type Expr, mapColumns } from '../../expr/expr.ts'
import { filter, transform, withInputs } from '../build.ts'
import { columnsOf, conjunction, conjuncts, isDeterministic, isTrivial } from '../expression-properties.ts'
import type { LogicalNode } from '../logical.ts'
import type { Rule } from '../rule.ts'

/**
 * Moves the parts of a WHERE as near to the source as they may go: below projections of plain columns, into the inputs of UNION ALL, below the window table functions and below
 * GROUP BY where they read its keys only. Never below a watermark: a row that is filtered still advances it.
 */
export const pushFilters: Rule = {
  name: 'push-filters',
  doc: 'Filters rows as early as that changes nothing',
  apply: (plan) => transform(plan, (node) => (node.kind === 'filter' ? push(node.input, conjuncts(node.condition)) : node)),
}

/** `node` with rows that fail the conditions left out, each condition as far down as it goes. */
function push(node: LogicalNode, conditions: readonly Expr[]): LogicalNode {
  if (conditions.length === 0) return node
  switch (node.kind) {
    case 'filter':
      return push(node.input, [...conjuncts(node.condition), ...conditions])
    case 'project': {
      const { projections } = node
      const [below, above] = partition(conditions, (condition) =>
        [...columnsOf(condition)].every((column) => isTrivial(projections[column]!)),
      )
      const substituted = below.map((condition) => mapColumns(condition, (column) => projections[column.index]!))
      return keep(withInputs(node, [push(node.input, substituted)]), above)
    }
    case 'union':
      return withInputs(
        node,
        node.inputs.map((input) => push(input, conditions)),
      )
    case 'window-table-function': {
      const width = node.input.schema.length
      const movesDown = node.window.kind !== 'session'
      const [below, above] = partition(conditions, (condition) => movesDown && [...columnsOf(condition)].every((column) => column < width))
      return keep(withInputs(node, [push(node.input, below)]), above)
    }
    case 'aggregate': {
      const { keys } = node
      const [below, above] = partition(conditions, (condition) => {
        const columns = [...columnsOf(condition)]
        return columns.length > 0 && columns.every((column) => column < keys.length)
      })
      const substituted = below.map((condition) => mapColumns(condition, (column) => ({ ...column, index: keys[column.index]! })))
      return keep(withInputs(node, [push(node.input, substituted)]), above)
    }
    case 'sort':
      return node.count === undefined && node.offset === 0 ? withInputs(node, [push(node.input, conditions)]) : keep(node, conditions)
    default:
      return keep(node, conditions)
  }
}

function keep(node: LogicalNode, conditions: readonly Expr[]): LogicalNode {
  const condition = conjunction(conditions)
  return condition === undefined ? node : filter(node, condition)
}

/** Those that may move and those that stay. What is not deterministic stays where it was written. */
function partition(conditions: readonly Expr[], mayMove: (condition: Expr) => boolean): [readonly Expr[], readonly Expr[]] {
  const moves = conditions.map((condition) => isDeterministic(condition) && mayMove(condition))
  return [conditions.filter((_, i) => moves[i]), conditions.filter((_, i) => !moves[i])]
}
