import type { Expr } from '../expr/expr.ts'
import type { PhysicalNode } from './physical.ts'
import { inputsOfStep } from './physical-inputs.ts'

/** Of a table of which nothing is known, as in Flink. */
const ROWS_OF_TABLE = 1e8
const EQUAL = 0.15
const COMPARED = 0.5
const OTHERWISE = 0.25
/** Of the rows of a GROUP BY, the part that has keys of their own. */
const DISTINCT_KEYS = 0.5

/** What a step gives, and what it and those below it handle together. */
export interface Estimate {
  readonly rows: number
  readonly cumulativeRows: number
}

/**
 * Guesses how many rows leave a step, by the shape of the plan alone: no statistics are kept and no plan depends on it. It is there to be read in EXPLAIN ESTIMATED_COST, where
 * one plan is compared with another.
 */
export function estimateStep(node: PhysicalNode): Estimate {
  const inputs = inputsOfStep(node).map(estimateStep)
  const rows = Math.max(
    node.kind === 'values' ? node.rows.length : 1,
    rowsOf(
      node,
      inputs.map((input) => input.rows),
    ),
  )
  return { rows, cumulativeRows: inputs.reduce((sum, input) => sum + input.cumulativeRows, rows) }
}

/** `rowcount = 5.0E7, cumulative cost = {2.5E8 rows}`. */
export function estimateText(node: PhysicalNode): string {
  const { rows, cumulativeRows } = estimateStep(node)
  return `rowcount = ${numberText(rows)}, cumulative cost = {${numberText(cumulativeRows)} rows}`
}

function rowsOf(node: PhysicalNode, inputs: readonly number[]): number {
  const [first = 0, second = 0] = inputs
  switch (node.kind) {
    case 'scan':
      return node.limit === undefined ? ROWS_OF_TABLE : Math.min(node.limit, ROWS_OF_TABLE)
    case 'values':
      return node.rows.length
    case 'calc':
      return node.condition === undefined ? first : first * selectivity(node.condition)
    case 'union':
      return inputs.reduce((sum, rows) => sum + rows, 0)
    case 'join':
    case 'interval-join':
    case 'temporal-join':
    case 'window-join':
      return joinedRows(node, first, second)
    case 'mark-join':
      return first
    case 'group-aggregate':
    case 'local-group-aggregate':
    case 'window-aggregate':
      return node.keys.length === 0 ? 1 : first * DISTINCT_KEYS
    case 'deduplicate':
    case 'changelog-normalize':
      return first * DISTINCT_KEYS
    case 'rank':
    case 'window-rank':
      return node.keys.length === 0 ? Math.min(first, node.to) : first * DISTINCT_KEYS
    case 'match':
      return first * OTHERWISE
    case 'expand':
      return first * node.sets.length
    case 'limit':
    case 'sort':
      return node.count === undefined ? first : Math.min(first, node.count)
    default:
      return first
  }
}

function joinedRows(
  { joinType, leftKeys }: { readonly joinType: string; readonly leftKeys: readonly number[] },
  left: number,
  right: number,
): number {
  const inner = leftKeys.length === 0 ? left * right : Math.max(left, right)
  switch (joinType) {
    case 'semi':
    case 'anti':
      return left * COMPARED
    case 'left':
      return Math.max(left, inner)
    case 'right':
      return Math.max(right, inner)
    case 'full':
      return Math.max(left + right, inner)
    default:
      return inner
  }
}

function selectivity(condition: Expr): number {
  switch (condition.kind) {
    case 'literal':
      return condition.value === true ? 1 : 0
    case 'and':
      return condition.args.reduce((product, part) => product * selectivity(part), 1)
    case 'or':
      return Math.min(
        1,
        condition.args.reduce((sum, part) => sum + selectivity(part), 0),
      )
    case 'call':
      if (condition.name === 'NOT') return 1 - selectivity(condition.args[0]!)
      if (condition.name === '=' || condition.name === 'IS NULL') return EQUAL
      if (condition.name === 'IS NOT NULL') return 1 - EQUAL
      return ['<', '<=', '>', '>=', '<>'].includes(condition.name) ? COMPARED : OTHERWISE
    default:
      return OTHERWISE
  }
}

/** As Java prints a double: `1.0`, `5.0E7`. */
function numberText(value: number): string {
  if (value >= 1e7) {
    const [digits = '', exponent = ''] = value.toExponential().split('e+')
    return `${digits.includes('.') ? digits : `${digits}.0`}E${exponent}`
  }
  return Number.isInteger(value) ? `${value}.0` : String(value)
}
