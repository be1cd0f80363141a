import type { AggregateCall } from '../expr/aggregate.ts'
import { type Expr, children } from '../expr/expr.ts'
import type { EvaluationContext } from '../expr/function.ts'
import type { SqlValue } from '../data/value.ts'
import { transform } from './build.ts'
import { conjuncts } from './expression-properties.ts'
import type { LogicalNode } from './logical.ts'
import { foldExpression } from './rules/fold-constants.ts'

/** What these say of no rows; any other aggregate leaves the answer to the job, which in streaming mode says nothing before the first row. */
const ofNothing: ReadonlyMap<string, SqlValue> = new Map<string, SqlValue>([
  ['COUNT', 0n],
  ['SUM', null],
  ['MIN', null],
  ['MAX', null],
])

/**
 * An aggregate of all rows is answered at once where the plan says that there are none: `SELECT COUNT(*) FROM t WHERE FALSE` is 0, also in streaming mode, where a
 * table that happens to be empty gives no row. Flink has it so, since its rules fold what is constant; here it is no rule, for it changes answers.
 */
export function answerEmptyAggregates(plan: LogicalNode, evaluation: EvaluationContext): LogicalNode {
  return transform(plan, (node) => {
    if (node.kind !== 'aggregate' || node.keys.length > 0 || node.aggregates.length === 0) return node
    if (!node.aggregates.every(isAnswered) || !isEmpty(node.input, evaluation)) return node
    return { kind: 'values', rows: [node.aggregates.map((call) => ofNothing.get(call.name) ?? null)], schema: node.schema }
  })
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

interface Range {
  low: number | bigint | undefined
  high: number | bigint | undefined
  isOpen: boolean
}

const mirrored: Readonly<Record<string, string>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=', '=': '=' }

/** Bounds of one column, as numbers, that leave nothing between them. */
function hasGap(parts: readonly Expr[]): boolean {
  const ranges = new Map<number, Range>()
  for (const part of parts) {
    if (part.kind !== 'call' || mirrored[part.name] === undefined) continue
    const [left, right] = children(part)
    const [column, bound, name] =
      left?.kind === 'column' ? [left, right, part.name] : right?.kind === 'column' ? [right, left, mirrored[part.name]!] : []
    if (column === undefined || bound?.kind !== 'literal' || (typeof bound.value !== 'number' && typeof bound.value !== 'bigint')) continue
    if (column.type.kind !== bound.type.kind) continue
    const range = ranges.get(column.index) ?? { low: undefined, high: undefined, isOpen: false }
    ranges.set(column.index, range)
    if (name !== '<' && name !== '<=' && (range.low === undefined || bound.value > range.low)) range.low = bound.value
    if (name !== '>' && name !== '>=' && (range.high === undefined || bound.value < range.high)) range.high = bound.value
    if (range.low !== undefined && range.high !== undefined && range.low > range.high) return true
    if ((name === '<' || name === '>') && range.low !== undefined && range.low === range.high) return true
  }
  return false
}
