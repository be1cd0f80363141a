import { type Expr, mapColumns } from '../../expr/expr.ts'
import { filter, transform, withInputs } from '../build.ts'
import { columnsOf, conjunction, conjuncts, isDeterministic, isTrivial } from '../expression-properties.ts'
import type { LogicalNode, LogicalOf } from '../logical.ts'
import type { Rule } from '../rule.ts'

/**
 * Moves the parts of a WHERE as near to the source as they may go: below projections of plain columns, into the inputs of UNION ALL, below the window table functions and below
 * GROUP BY where they read its keys only. Never below a watermark: a row that is filtered still advances it.
 */
export const pushFilters: Rule = {
  name: 'push-filters',
  doc: 'Filters rows as early as that changes nothing',
  apply: pushConditions,
}

/** The plan with every condition as near to its rows as it may go. */
export function pushConditions(plan: LogicalNode): LogicalNode {
  return transform(plan, (node) =>
    node.kind === 'filter' ? push(node.input, conjuncts(node.condition)) : node.kind === 'join' ? pushIntoJoin(node, []) : node,
  )
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
    case 'join':
      return pushIntoJoin(node, conditions)
    case 'temporal-join': {
      // A version that is left out would leave the one before it valid.
      const [left, right] = node.inputs
      const width = left.schema.length
      const [below, above] = partition(conditions, (condition) => [...columnsOf(condition)].every((column) => column < width))
      return keep(withInputs(node, [push(left, below), right]), above)
    }
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
    case 'lookup-join': {
      const width = node.input.schema.length
      const [below, above] = partition(conditions, (condition) => [...columnsOf(condition)].every((column) => column < width))
      return keep(withInputs(node, [push(node.input, below)]), above)
    }
    case 'sort':
      return node.count === undefined && node.offset === 0 ? withInputs(node, [push(node.input, conditions)]) : keep(node, conditions)
    default:
      return keep(node, conditions)
  }
}

/**
 * A side that may be padded with NULLs keeps the conditions that stand above; one that pads the other side keeps those of ON. Between two sides of an inner
 * join all that reads both becomes part of its condition.
 */
function pushIntoJoin(node: LogicalOf<'join'>, above: readonly Expr[]): LogicalNode {
  const [left, right] = node.inputs
  const { joinType } = node
  const showsRight = joinType !== 'semi' && joinType !== 'anti' && joinType !== 'mark'
  const width = left.schema.length
  const readsLeft = (condition: Expr): boolean => [...columnsOf(condition)].every((column) => column < width)
  const readsRight = (condition: Expr): boolean =>
    columnsOf(condition).size > 0 && [...columnsOf(condition)].every((column) => column >= width)
  const padsLeft = joinType === 'right' || joinType === 'full'
  const padsRight = joinType === 'left' || joinType === 'full'
  const on = node.condition === undefined ? [] : conjuncts(node.condition)
  const [leftAbove, restAbove] = partition(above, (condition) => !padsLeft && readsLeft(condition))
  const [rightAbove, between] = partition(restAbove, (condition) => !padsRight && showsRight && readsRight(condition))
  const [joined, kept] = partition(between, () => joinType === 'inner')
  const [leftOn, restOn] = partition(
    on,
    (condition) => (joinType === 'inner' || joinType === 'right' || joinType === 'semi') && readsLeft(condition),
  )
  const [rightOn, both] = partition(restOn, (condition) => joinType !== 'right' && joinType !== 'full' && readsRight(condition))
  const shift = (condition: Expr): Expr => mapColumns(condition, (column) => ({ ...column, index: column.index - width }))
  const inputs: [LogicalNode, LogicalNode] = [push(left, [...leftAbove, ...leftOn]), push(right, [...rightAbove, ...rightOn].map(shift))]
  if (inputs[0] === left && inputs[1] === right && joined.length === 0) return keep(node, kept)
  const condition = conjunction([...both, ...joined])
  const { condition: _, ...rest } = node
  return keep(condition === undefined ? { ...rest, inputs } : { ...rest, inputs, condition }, kept)
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
