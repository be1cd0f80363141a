import type { AggregateCall } from '../expr/aggregate.ts'
import { type Expr, children } from '../expr/expr.ts'
import type { EvaluationContext } from '../expr/function.ts'
import type { SqlValue } from '../data/value.ts'
import { inputsOf, withInputs } from './build.ts'
import { conjuncts } from './expression-properties.ts'
import type { LogicalNode } from './logical.ts'
import { foldExpression } from './rules/fold-constants.ts'

/** What these say of no rows; any other aggregate leaves the answer to the job, which in streaming mode says nothing before the first row. */
const ofNothing: ReadonlyMap<string, SqlValue> = new Map<string, SqlValue>([
  ['COUNT', 0n],
  ['APPROX_COUNT_DISTINCT', 0n],
  ['AVG', null],
  ['SUM', null],
  ['MIN', null],
  ['MAX', null],
])

/**
 * An aggregate of all rows is answered at once where the plan says that there are none: `SELECT COUNT(*) FROM t WHERE FALSE` is 0, also in streaming mode, where a
 * table that happens to be empty gives no row. Flink has it so, since its rules fold what is constant; here it is no rule, for it changes answers.
 */
export function answerEmptyAggregates(plan: LogicalNode, evaluation: EvaluationContext): LogicalNode {
  // Below a join such an aggregate is mostly a subquery, which has its answer by itself and would keep a row for ever as the side of a join.
  if (plan.kind === 'join' || plan.kind === 'temporal-join') return plan
  const inputs = inputsOf(plan).map((input) => answerEmptyAggregates(input, evaluation))
  const node = withInputs(plan, inputs)
  if (node.kind !== 'aggregate' || node.keys.length > 0 || node.aggregates.length === 0) return node
  if (!node.aggregates.every(isAnswered) || !isEmpty(node.input, evaluation)) return node
  return { kind: 'values', rows: [node.aggregates.map((call) => ofNothing.get(call.name) ?? null)], schema: node.schema }
}

function isAnswered(call: AggregateCall): boolean {
  return ofNothing.has(call.name)
}

function isEmpty(node: LogicalNode, evaluation: EvaluationContext): boolean {
  switch (node.kind) {
    case 'values':
      return node.rows.length === 0
    case 'filter':
      return isNever(node.condition, evaluation) || isEmpty(node.input, evaluation)
    case 'sort':
      return node.count === 0 || isEmpty(node.input, evaluation)
    case 'project':
    case 'watermark':
    case 'unnest':
    case 'over':
    case 'rank':
      return isEmpty(node.input, evaluation)
    case 'aggregate':
      return node.keys.length > 0 && isEmpty(node.input, evaluation)
    case 'union':
      return node.inputs.every((input) => isEmpty(input, evaluation))
    case 'join': {
      const [left, right] = node.inputs
      const never = node.condition !== undefined && isNever(node.condition, evaluation)
      if (node.joinType === 'inner' || node.joinType === 'semi') return never || isEmpty(left, evaluation) || isEmpty(right, evaluation)
      return (node.joinType === 'left' || node.joinType === 'anti') && isEmpty(left, evaluation)
    }
    default:
      return false
  }
}

/** Whether no row fulfils a condition, as far as its text says: it is constant, a column differs from itself, or lies on both sides of a gap. */
function isNever(condition: Expr, evaluation: EvaluationContext): boolean {
  const parts = conjuncts(foldExpression(condition, evaluation))
  return parts.some((part) => isNeverAlone(part, evaluation)) || hasGap(parts)
}

function isNeverAlone(part: Expr, evaluation: EvaluationContext): boolean {
  if (part.kind === 'literal') return part.value !== true
  if (part.kind === 'or') return part.args.every((arg) => isNever(arg, evaluation))
  if (part.kind !== 'call' || !['<>', '<', '>'].includes(part.name)) return false
  const [left, right] = children(part)
  return left?.kind === 'column' && right?.kind === 'column' && left.index === right.index
}

/** What conditions say of one column. */
interface Range {
  low: number | bigint | undefined
  high: number | bigint | undefined
  /** Whether the bound itself is left out. */
  isOpenBelow: boolean
  isOpenAbove: boolean
  text: string | undefined
  isNull: boolean
  isNotNull: boolean
}

const mirrored: Readonly<Record<string, string>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=', '=': '=' }
const opposite: Readonly<Record<string, string>> = {
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
  'IS NULL': 'IS NOT NULL',
  'IS NOT NULL': 'IS NULL',
}

/** Whether conditions on one column leave no value for it. */
function hasGap(parts: readonly Expr[]): boolean {
  const ranges = new Map<number, Range>()
  for (const part of parts) {
    const comparison = comparisonOf(part)
    if (comparison === undefined) continue
    const { column, name, bound } = comparison
    const range = ranges.get(column) ?? newRange()
    ranges.set(column, range)
    if (narrows(range, name, bound)) return true
  }
  return false
}

function newRange(): Range {
  return {
    low: undefined,
    high: undefined,
    isOpenBelow: false,
    isOpenAbove: false,
    text: undefined,
    isNull: false,
    isNotNull: false,
  }
}

/** A column compared with a constant of its own type, or asked for NULL. */
function comparisonOf(part: Expr): { readonly column: number; readonly name: string; readonly bound: SqlValue } | undefined {
  if (part.kind !== 'call') return undefined
  if (part.name === 'NOT') {
    const inner = comparisonOf(part.args[0]!)
    const name = inner === undefined ? undefined : opposite[inner.name]
    return inner === undefined || name === undefined ? undefined : { ...inner, name }
  }
  const [left, right] = part.args
  if (part.name === 'IS NULL' || part.name === 'IS NOT NULL')
    return left?.kind === 'column' ? { column: left.index, name: part.name, bound: null } : undefined
  const mirror = mirrored[part.name]
  if (mirror === undefined) return undefined
  const [column, bound, name] = left?.kind === 'column' ? [left, right, part.name] : [right, left, mirror]
  if (column?.kind !== 'column' || bound?.kind !== 'literal' || (column.type.kind !== bound.type.kind && typeof bound.value !== 'string'))
    return undefined
  if (column.type.kind === 'DECIMAL' && bound.type.kind === 'DECIMAL' && column.type.scale !== bound.type.scale) return undefined
  return { column: column.index, name, bound: bound.value }
}

/** Adds what a comparison says; TRUE when nothing is left. */
function narrows(range: Range, name: string, bound: SqlValue): boolean {
  if (name === 'IS NULL') range.isNull = true
  else range.isNotNull = true
  if (typeof bound === 'string' && name === '=') {
    if (range.text !== undefined && range.text !== bound) return true
    range.text = bound
  }
  if (typeof bound === 'number' || typeof bound === 'bigint') {
    if (name !== '<' && name !== '<=' && (range.low === undefined || bound >= range.low)) {
      range.isOpenBelow = name === '>' || (range.low === bound && range.isOpenBelow)
      range.low = bound
    }
    if (name !== '>' && name !== '>=' && (range.high === undefined || bound <= range.high)) {
      range.isOpenAbove = name === '<' || (range.high === bound && range.isOpenAbove)
      range.high = bound
    }
    const { low, high } = range
    if (low !== undefined && high !== undefined && (low > high || (low === high && (range.isOpenBelow || range.isOpenAbove)))) return true
  }
  return range.isNull && range.isNotNull
}
