import type { Expr } from '../expr/expr.ts'
import { conjunction, conjuncts } from './expression-properties.ts'
import { heldTimeMs } from './held-times.ts'
import type { LogicalOf } from './logical.ts'

/** A join whose condition bounds the times of both sides: rows of long ago match nothing any more. */
export interface IntervalBounds {
  readonly kind: 'interval'
  /** Of processing time: the moments at which the rows come. */
  readonly byClock: boolean
  /** Time columns of the sides. */
  readonly leftTime: number
  readonly rightTime: number
  /** The left time less the right one is at least `lowerMs` and at most `upperMs`. */
  readonly lowerMs: number
  readonly upperMs: number
  /** How far rows may lie behind the watermark when they come, by side. */
  readonly heldMs: readonly [left: number, right: number]
  /** The part of the condition that says so, and the rest of it. */
  readonly bounds: Expr
  readonly rest: Expr | undefined
}

/** A comparison of the event times, or of the processing times, of both sides: `left - right OPERATOR ms`. */
interface TimeComparison {
  readonly byClock: boolean
  readonly leftTime: number
  readonly rightTime: number
  readonly lowerMs: number
  readonly upperMs: number
  /** One is a TIMESTAMP, the other one a TIMESTAMP_LTZ. */
  readonly isMixed: boolean
  readonly hasMonths: boolean
}

/**
 * The bounds of a join's condition. Form `written`: either both times are equal, or one comparison bounds their difference below and another one above: as in Flink, no more and no
 * less. Form `any`: the bounds that all comparisons of two event times give together.
 */
export function intervalBounds(node: LogicalOf<'join'>, form: 'written' | 'any'): IntervalBounds | undefined {
  const parts = node.condition === undefined ? [] : conjuncts(node.condition)
  const written = parts.map((part) => {
    const comparison = timeComparison(part, node.inputs)
    return comparison?.isMixed === false ? comparison : undefined
  })
  const isWritten = isWrittenSo(written.filter((part) => part !== undefined))
  if (form === 'written' && !isWritten) return undefined
  // A month has the days of Flink's where Flink goes by it, else as many as it has.
  const compared = isWritten ? written : written.map((part) => (part?.hasMonths === true || part?.byClock === true ? undefined : part))
  const first = compared.find((part) => part !== undefined)
  if (first === undefined) return undefined
  const { byClock, leftTime, rightTime } = first
  const isOfTimes = (part: TimeComparison | undefined): part is TimeComparison =>
    part?.leftTime === leftTime && part.rightTime === rightTime
  const found = compared.filter(isOfTimes)
  const lowerMs = Math.max(...found.map((part) => part.lowerMs))
  const upperMs = Math.min(...found.map((part) => part.upperMs))
  const bounds = conjunction(parts.filter((_, i) => isOfTimes(compared[i])))
  if (bounds === undefined || !Number.isFinite(lowerMs) || !Number.isFinite(upperMs)) return undefined
  const rest = conjunction(parts.filter((_, i) => !isOfTimes(compared[i])))
  const held = byClock ? ([0, 0] as const) : ([heldTimeMs(node.inputs[0], leftTime), heldTimeMs(node.inputs[1], rightTime)] as const)
  return { kind: 'interval', byClock, leftTime, rightTime, lowerMs, upperMs, heldMs: held, bounds, rest }
}

/** Whether a condition would bound the event times of both sides if one of them were not a TIMESTAMP and the other one a TIMESTAMP_LTZ. */
export function mixesTimes({ joinType, inputs, condition }: LogicalOf<'join'>): boolean {
  // Semi and anti joins are plain ones in Flink.
  if (joinType === 'semi' || joinType === 'anti') return false
  const parts = condition === undefined ? [] : conjuncts(condition)
  const compared = parts.map((part) => timeComparison(part, inputs)).filter((part) => part !== undefined)
  return compared.every((part) => part.isMixed) && isWrittenSo(compared)
}

function isWrittenSo(found: readonly TimeComparison[]): boolean {
  const [first, second] = found
  const isEqual = (part: TimeComparison): boolean => part.lowerMs === part.upperMs
  if (first === undefined || found.length > 2) return false
  if (second === undefined) return isEqual(first)
  return !isEqual(first) && !isEqual(second) && first.leftTime === second.leftTime && first.rightTime === second.rightTime
}

function timeComparison(part: Expr, [left, right]: LogicalOf<'join'>['inputs']): TimeComparison | undefined {
  if (part.kind !== 'call' || part.args.length !== 2 || !isComparison(part.name)) return undefined
  const [first, second] = part.args.map(shiftedColumn)
  if (first === undefined || second === undefined) return undefined
  const width = left.schema.length
  const isLeftFirst = first.column < width
  if (isLeftFirst === second.column < width) return undefined
  const [ofLeft, ofRight] = isLeftFirst ? [first, second] : [second, first]
  const leftTime = left.schema[ofLeft.column]
  const rightTime = right.schema[ofRight.column - width]
  if (leftTime?.timeAttribute === undefined || leftTime.timeAttribute !== rightTime?.timeAttribute) return undefined
  const byClock = leftTime.timeAttribute === 'proctime'
  // Where nothing bounds how far rows come behind the watermark, only a plain join finds them all.
  if (!byClock && heldTimeMs(left, ofLeft.column) + heldTimeMs(right, ofRight.column - width) === Infinity) return undefined
  const isMixed = leftTime.type.kind !== rightTime.type.kind
  // A time that goes by the zone and comes back is not moved by the same for all.
  if ((first.isZoned || second.isZoned) !== isMixed) return undefined
  if (part.name === '=' && (first.ms !== 0 || second.ms !== 0)) return undefined
  const hasMonths = first.hasMonths || second.hasMonths
  const columns = { byClock, leftTime: ofLeft.column, rightTime: ofRight.column - width, isMixed, hasMonths }
  // left + a OPERATOR right + b: the difference of the times is compared with b - a.
  return { ...columns, ...boundsOf(isLeftFirst ? part.name : mirrored[part.name], ofRight.ms - ofLeft.ms) }
}

type Comparison = '=' | '<' | '<=' | '>' | '>='

const mirrored = { '=': '=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const satisfies Record<Comparison, Comparison>

function isComparison(name: string): name is Comparison {
  return Object.hasOwn(mirrored, name)
}

function boundsOf(operator: Comparison, ms: number): { readonly lowerMs: number; readonly upperMs: number } {
  switch (operator) {
    case '=':
      return { lowerMs: ms, upperMs: ms }
    case '<':
      return { lowerMs: -Infinity, upperMs: ms - 1 }
    case '<=':
      return { lowerMs: -Infinity, upperMs: ms }
    case '>':
      return { lowerMs: ms + 1, upperMs: Infinity }
    case '>=':
      return { lowerMs: ms, upperMs: Infinity }
  }
}

interface ShiftedColumn {
  readonly column: number
  readonly ms: number
  /** Cast between TIMESTAMP and TIMESTAMP_LTZ. */
  readonly isZoned: boolean
  /** Moved by months, which were counted from the epoch on as Flink does: `INTERVAL '1' MONTH` is 31 days. */
  readonly hasMonths: boolean
}

/** A column of milliseconds, moved by intervals. */
function shiftedColumn(expr: Expr): ShiftedColumn | undefined {
  if (expr.kind === 'column') return { column: expr.index, ms: 0, isZoned: false, hasMonths: false }
  if (expr.kind === 'cast') {
    const { arg, type } = expr
    const isTime = (type.kind === 'TIMESTAMP' || type.kind === 'TIMESTAMP_LTZ') && type.precision >= 3
    const cast = isTime && (arg.type.kind === 'TIMESTAMP' || arg.type.kind === 'TIMESTAMP_LTZ') ? shiftedColumn(arg) : undefined
    return cast === undefined || type.kind === arg.type.kind ? cast : { ...cast, isZoned: true }
  }
  if (expr.kind !== 'call' || (expr.name !== '+' && expr.name !== '-')) return undefined
  const [first, second] = expr.args
  if (first === undefined || second === undefined) return undefined
  const [moved, interval] = expr.name === '+' && isInterval(first) ? [second, first] : [first, second]
  const below = isInterval(interval) ? shiftedColumn(moved) : undefined
  if (below === undefined) return undefined
  const sign = expr.name === '+' ? 1 : -1
  if (interval.type.kind === 'INTERVAL_YEAR_MONTH') {
    if (interval.kind !== 'literal' || interval.value === null) return undefined
    return { ...below, ms: movedByMonths(below.ms, sign * Number(interval.value)), hasMonths: true }
  }
  const ms = intervalMs(interval)
  return ms === undefined ? undefined : { ...below, ms: below.ms + sign * ms }
}

function isInterval({ type }: Expr): boolean {
  return type.kind === 'INTERVAL_DAY_TIME' || type.kind === 'INTERVAL_YEAR_MONTH'
}

/** A day that the month does not have is its last one. */
function movedByMonths(ms: number, months: number): number {
  const date = new Date(ms)
  const day = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() + months)
  const days = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  date.setUTCDate(Math.min(day, days))
  return date.getTime()
}

/** The milliseconds of an interval of fixed length that depends on nothing. */
function intervalMs(expr: Expr): number | undefined {
  if (expr.type.kind !== 'INTERVAL_DAY_TIME') return undefined
  switch (expr.kind) {
    case 'literal':
      return typeof expr.value === 'bigint' ? Number(expr.value) : undefined
    case 'cast':
      return intervalMs(expr.arg)
    case 'call':
      return calledMs(expr)
    default:
      return undefined
  }
}

function calledMs({ name, args }: Extract<Expr, { kind: 'call' }>): number | undefined {
  const [first, second] = args
  if (first === undefined) return undefined
  if (second === undefined) {
    const ms = intervalMs(first)
    return name === '-' && ms !== undefined ? -ms : name === '+' ? ms : undefined
  }
  if (name === '*') {
    const [ms, factor] = first.type.kind === 'INTERVAL_DAY_TIME' ? [intervalMs(first), second] : [intervalMs(second), first]
    const times = factor.kind === 'literal' ? Number(factor.value) : Number.NaN
    return ms === undefined || !Number.isSafeInteger(times) ? undefined : ms * times
  }
  const a = intervalMs(first)
  const b = intervalMs(second)
  if (a === undefined || b === undefined) return undefined
  return name === '+' ? a + b : name === '-' ? a - b : undefined
}
