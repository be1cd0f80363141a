import type { SqlValue } from '../data/value.ts'
import { type Expr, children, withChildren } from '../expr/expr.ts'
import type { EvaluationContext } from '../expr/function.ts'
import { columnsOf, conjuncts, isDeterministic } from './expression-properties.ts'
import { foldExpression } from './rules/fold-constants.ts'

/** Ranks from 1 on that a condition lets through. */
export interface RankRange {
  readonly from: number
  readonly to: number
  /** Whether the condition says no more than that. */
  readonly isWhole: boolean
}

/** Places on the line of numbers, between which lie others: rank `n` is `2n`, what lies between it and the next one `2n + 1`. */
type Interval = readonly [low: number, high: number]

/** Where an expression over the rank has a value. */
interface Piece {
  readonly where: readonly Interval[]
  readonly value: SqlValue
}

/** Conditions with more pieces are not looked into. */
const MAX_PIECES = 64

const noRank: Interval = [4, 2]
const everywhere: readonly Interval[] = [[-Infinity, Infinity]]

/**
 * What a condition says about the rank in column `rank` alone; undefined where that is nothing, or more than one range: `rn < 2 OR rn = 2` is one, `rn = 1 OR rn = 2` is two,
 * as in Flink.
 *
 * Comparisons with constants part the line of numbers in pieces; all that is made of them (NOT, CASE, IS TRUE) has one value in each piece, which the interpreter tells.
 *
 * @param evaluation Of the query, to compute constants with; without it they have to be written out.
 */
export function rankRange(condition: Expr, rank: number, evaluation: EvaluationContext | undefined): RankRange | undefined {
  const parts = conjuncts(condition)
  if (parts.length > 1) {
    const ranges = parts.map((part) => rankRange(part, rank, evaluation))
    const known = ranges.filter((range) => range !== undefined)
    if (known.length === 0) return undefined
    const from = Math.max(...known.map((range) => range.from))
    const to = Math.min(...known.map((range) => range.to))
    return { from, to, isWhole: known.length === parts.length && known.every((range) => range.isWhole) }
  }
  const columns = columnsOf(condition)
  if (!columns.has(rank) || columns.size > 1 || !isDeterministic(condition)) return undefined
  const pieces = piecesOf(condition, { rank, evaluation })
  if (pieces === undefined) return undefined
  const kept = union(pieces.flatMap((piece) => (piece.value === true ? piece.where : [])))
  if (kept.length > 1) return undefined
  const [low, high] = kept[0] ?? noRank
  if (low === -Infinity && high === Infinity) return undefined
  return { from: Math.max(1, Math.ceil(low / 2)), to: Math.floor(high / 2), isWhole: true }
}

/** Whether an expression is the rank: also where it is cast to a wider number, or where what is added or multiplied changes nothing. */
export function isRank(expr: Expr, rank: number): boolean {
  switch (expr.kind) {
    case 'column':
      return expr.index === rank
    case 'cast':
      return holdsRanks(expr.type) && isRank(expr.arg, rank)
    case 'coalesce':
      return isRank(expr.args[0]!, rank)
    case 'call': {
      const [left, right] = expr.args
      if (left === undefined || right === undefined || expr.type.kind !== 'BIGINT') return false
      const neutral = expr.name === '*' || expr.name === '/' ? 1 : expr.name === '+' || expr.name === '-' ? 0 : undefined
      if (neutral === undefined) return false
      if (isWritten(right, neutral)) return isRank(left, rank)
      return (expr.name === '*' || expr.name === '+') && isWritten(left, neutral) && isRank(right, rank)
    }
    default:
      return false
  }
}

function holdsRanks(type: Expr['type']): boolean {
  return type.kind === 'BIGINT' || type.kind === 'DOUBLE' || (type.kind === 'DECIMAL' && type.precision - type.scale >= 10)
}

function isWritten(expr: Expr, value: number): boolean {
  if (expr.kind === 'cast') return isWritten(expr.arg, value)
  return expr.kind === 'literal' && (typeof expr.value === 'bigint' || typeof expr.value === 'number') && Number(expr.value) === value
}

interface Known {
  readonly rank: number
  readonly evaluation: EvaluationContext | undefined
}

/** Undefined where the expression depends on more than whether the rank is less or more than something. */
function piecesOf(expr: Expr, known: Known): readonly Piece[] | undefined {
  const { rank, evaluation } = known
  if (expr.kind === 'column' || expr.kind === 'outer' || expr.kind === 'subquery') return undefined
  const compared = comparison(expr, known)
  if (compared !== undefined) return compared
  const operands = children(expr)
  if ((expr.kind === 'call' || expr.kind === 'coalesce' || expr.kind === 'cast') && operands.some((operand) => isRank(operand, rank)))
    return undefined
  const folded = evaluation === undefined ? expr : foldExpression(expr, evaluation)
  if (folded.kind === 'literal') return [{ where: everywhere, value: folded.value }]
  const parts = operands.map((operand) => piecesOf(operand, known))
  let combined: readonly { readonly where: readonly Interval[]; readonly values: readonly SqlValue[] }[] = [
    { where: everywhere, values: [] },
  ]
  for (const part of parts) {
    if (part === undefined) return undefined
    combined = combined.flatMap(({ where, values }) =>
      part.flatMap((piece) => {
        const both = where.flatMap((one) => piece.where.flatMap((other) => common(one, other)))
        return both.length === 0 ? [] : [{ where: both, values: [...values, piece.value] }]
      }),
    )
    if (combined.length > MAX_PIECES) return undefined
  }
  const pieces: Piece[] = []
  for (const { where, values } of combined) {
    const literals = operands.map(({ type }, i): Expr => ({ kind: 'literal', type, value: values[i]! }))
    const value = evaluation === undefined ? undefined : foldExpression(withChildren(expr, literals), evaluation)
    if (value?.kind !== 'literal') return undefined
    pieces.push({ where, value: value.value })
  }
  return pieces
}

const mirrored: Readonly<Record<string, string>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' }

/** A comparison of the rank with constants. */
function comparison(expr: Expr, { rank, evaluation }: Known): readonly Piece[] | undefined {
  if (expr.kind !== 'call') return undefined
  const [left, right] = expr.args
  if (left === undefined) return undefined
  const isFlipped = expr.args.length === 2 && isRank(right!, rank)
  if (!isFlipped && !isRank(left, rank)) return undefined
  if (expr.args.length === 1) {
    if (expr.name !== 'IS NULL' && expr.name !== 'IS NOT NULL') return undefined
    return [{ where: everywhere, value: expr.name === 'IS NOT NULL' }]
  }
  if (isFlipped && expr.name === 'IN') return undefined
  const limits = (isFlipped ? [left] : expr.args.slice(1)).map((arg) => limitOf(arg, evaluation))
  if (limits.some((limit) => limit === undefined)) return undefined
  const numbers = limits.flatMap((limit) => (limit === undefined || limit === null ? [] : [limit]))
  const hasNull = numbers.length < limits.length
  const operator = isFlipped ? (mirrored[expr.name] ?? expr.name) : expr.name
  switch (operator) {
    case 'IN':
    case '=': {
      const equal = union(numbers.flatMap((at): readonly Interval[] => (at % 2 === 0 ? [[at, at]] : [])))
      return parted(equal, { inside: true, outside: hasNull ? null : false })
    }
    case 'IS NOT DISTINCT FROM':
    case 'IS DISTINCT FROM': {
      const isEqual = operator === 'IS NOT DISTINCT FROM'
      return parted(hasNull || numbers[0]! % 2 !== 0 ? [] : [[numbers[0]!, numbers[0]!]], { inside: isEqual, outside: !isEqual })
    }
    case '<>':
    case '<':
    case '<=':
    case '>':
    case '>=': {
      const [at] = numbers
      if (at === undefined) return [{ where: everywhere, value: null }]
      if (operator === '<>') return parted(at % 2 === 0 ? [[at, at]] : [], { inside: false, outside: true })
      if (operator === '<' || operator === '<=')
        return parted([[-Infinity, operator === '<' ? at - 1 : at]], { inside: true, outside: false })
      return parted([[operator === '>' ? at + 1 : at, Infinity]], { inside: true, outside: false })
    }
    default:
      return undefined
  }
}

/** The place of a constant number; null of NULL, undefined of what is no constant. */
function limitOf(expr: Expr, evaluation: EvaluationContext | undefined): number | null | undefined {
  const folded = evaluation === undefined ? expr : foldExpression(expr, evaluation)
  // Without values to compute with, a cast of a whole number is that number.
  const plain = folded.kind === 'cast' && holdsRanks(folded.type) && folded.arg.type.kind !== 'DECIMAL' ? folded.arg : folded
  if (plain.kind !== 'literal') return undefined
  const { type, value } = plain
  if (value === null) return null
  if (type.kind === 'DECIMAL' && typeof value === 'bigint') {
    const unit = 10n ** BigInt(type.scale)
    const rest = ((value % unit) + unit) % unit
    return Number((value - rest) / unit) * 2 + (rest === 0n ? 0 : 1)
  }
  if (typeof value !== 'bigint' && typeof value !== 'number') return undefined
  const number = Number(value)
  if (Number.isNaN(number)) return undefined
  return Number.isInteger(number) || !Number.isFinite(number) ? number * 2 : Math.floor(number) * 2 + 1
}

function parted(inside: readonly Interval[], values: { readonly inside: SqlValue; readonly outside: SqlValue }): readonly Piece[] {
  const outside: Interval[] = []
  let from = -Infinity
  for (const [low, high] of inside) {
    if (low > from) outside.push([from, low - 1])
    from = high + 1
  }
  if (from < Infinity) outside.push([from, Infinity])
  const pieces = [
    { where: inside, value: values.inside },
    { where: outside, value: values.outside },
  ]
  return pieces.filter((piece) => piece.where.length > 0)
}

function common([low, high]: Interval, [otherLow, otherHigh]: Interval): readonly Interval[] {
  const from = Math.max(low, otherLow)
  const to = Math.min(high, otherHigh)
  return from <= to ? [[from, to]] : []
}

/** The same places as few intervals in order. */
function union(intervals: readonly Interval[]): readonly Interval[] {
  const result: Interval[] = []
  for (const [low, high] of [...intervals].sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0))) {
    const last = result.at(-1)
    if (last !== undefined && low <= last[1] + 1) result[result.length - 1] = [last[0], Math.max(last[1], high)]
    else result.push([low, high])
  }
  return result
}
