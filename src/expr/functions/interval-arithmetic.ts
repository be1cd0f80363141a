import {
  addMonthsToDate,
  addMonthsToTimestamp,
  floorMod,
  monthsBetweenDates,
  monthsBetweenTimestamps,
  MS_PER_DAY,
  NS_PER_MS,
  timestampOfDate,
} from '../../data/datetime.ts'
import { saturateInt, saturateLong } from '../../data/saturate.ts'
import { type SqlType, types, withNullability } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import { isInterval, isNumeric, isTemporal, isTimestamp } from '../coercion.ts'
import { divisionByZero } from '../evaluation-error.ts'
import type { ArgInfo, CallSite, ScalarFunction } from '../function.ts'

/** `temporal + interval`, `interval + temporal`, `temporal - interval`, and sums of intervals of one kind. */
export function resolveTemporal(operator: '+' | '-'): ScalarFunction['resolve'] {
  return (args) => {
    const [left, right] = args
    if (left === undefined || right === undefined || args.length !== 2) return 'count'
    const nullable = left.type.nullable || right.type.nullable
    const argTypes = [left.type, right.type]
    if (isInterval(left.type) && left.type.kind === right.type.kind) return { type: withNullability(left.type, nullable), argTypes }
    const moved = operator === '+' && isInterval(left.type) ? shifted(right, left) : shifted(left, right)
    if (moved === undefined) return 'count'
    return { type: withNullability(moved, nullable), argTypes }
  }
}

/** The type of a date or time moved by an interval. A DATE stays one, but a literal of less than whole days makes it a TIMESTAMP. */
function shifted(moment: ArgInfo, interval: ArgInfo): SqlType | undefined {
  if (!isInterval(interval.type)) return undefined
  if (isTimestamp(moment.type)) return moment.type
  if (moment.type.kind === 'TIME') return interval.type.kind === 'INTERVAL_DAY_TIME' ? moment.type : undefined
  if (moment.type.kind !== 'DATE') return undefined
  const isPartOfDay = typeof interval.literal === 'bigint' && interval.literal % BigInt(MS_PER_DAY) !== 0n
  return isPartOfDay ? types.timestamp(0) : moment.type
}

export function evaluateTemporal(sign: 1 | -1, a: SqlValue, b: SqlValue, site: CallSite): SqlValue {
  const [left, right] = site.argTypes as readonly [SqlType, SqlType]
  if (isInterval(left) && isInterval(right)) {
    if (typeof a === 'bigint') return BigInt.asIntN(64, a + BigInt(sign) * (b as bigint))
    return ((a as number) + sign * (b as number)) | 0
  }
  return isInterval(left) ? move(right, b, left, a, sign, site.type) : move(left, a, right, b, sign, site.type)
}

function move(from: SqlType, moment: SqlValue, by: SqlType, interval: SqlValue, sign: 1 | -1, to: SqlType): SqlValue {
  if (by.kind === 'INTERVAL_YEAR_MONTH') {
    const months = sign * (interval as number)
    return from.kind === 'DATE' ? addMonthsToDate(moment as number, months) : addMonthsToTimestamp(moment as bigint, months)
  }
  const milliseconds = BigInt(sign) * (interval as bigint)
  switch (from.kind) {
    case 'DATE': {
      const day = BigInt(MS_PER_DAY)
      if (to.kind === 'DATE') return ((moment as number) + Number(milliseconds / day)) | 0
      return (BigInt(moment as number) * day + milliseconds) * NS_PER_MS
    }
    case 'TIME':
      return floorMod((moment as number) + Number(milliseconds % BigInt(MS_PER_DAY)), MS_PER_DAY)
    default:
      return (moment as bigint) + milliseconds * NS_PER_MS
  }
}

/** `interval * number`, `number * interval`, `interval / number`. */
export function resolveScaling(operator: '*' | '/'): ScalarFunction['resolve'] {
  return (args) => {
    const [left, right] = args
    if (left === undefined || right === undefined || args.length !== 2) return 'count'
    const nullable = left.type.nullable || right.type.nullable
    const isLeft = isInterval(left.type) && isNumeric(right.type)
    const isRight = operator === '*' && isNumeric(left.type) && isInterval(right.type)
    if (!isLeft && !isRight) return 'count'
    const interval = isLeft ? left.type : right.type
    const factor = (type: SqlType): SqlType => (isInterval(type) ? type : types.double(type.nullable))
    return { type: withNullability(interval, nullable), argTypes: [factor(left.type), factor(right.type)] }
  }
}

export function evaluateScaling(operator: '*' | '/', a: SqlValue, b: SqlValue, site: CallSite): SqlValue {
  const isLeft = isInterval(site.argTypes[0]!)
  const interval = Number(isLeft ? a : b)
  const factor = Number(isLeft ? b : a)
  if (operator === '/' && factor === 0) throw divisionByZero('/')
  const result = operator === '*' ? interval * factor : interval / factor
  return site.type.kind === 'INTERVAL_DAY_TIME' ? saturateLong(result) : saturateInt(result)
}

/** Two moments of one kind, or a DATE beside a timestamp, which then is its midnight. */
function resolveDifference(result: 'INTERVAL_YEAR_MONTH' | 'INTERVAL_DAY_TIME'): ScalarFunction['resolve'] {
  return (args) => {
    const [left, right] = args
    if (left === undefined || right === undefined || args.length !== 2) return 'count'
    const kinds = [left.type.kind, right.type.kind]
    const isMixed = kinds.includes('DATE') && kinds.includes('TIMESTAMP')
    if (!isTemporal(left.type)) return 'a date or time as argument 1'
    if (left.type.kind !== right.type.kind && !isMixed) return 'a date or time like the first as argument 2'
    if (left.type.kind === 'TIME' && result === 'INTERVAL_YEAR_MONTH') return 'a date as argument 1'
    return { type: { kind: result, nullable: left.type.nullable || right.type.nullable }, argTypes: [left.type, right.type] }
  }
}

/** Nanoseconds; a TIME falls on the epoch day. */
function asTimestamp(type: SqlType, value: SqlValue): bigint {
  if (type.kind === 'DATE') return timestampOfDate(value as number)
  return type.kind === 'TIME' ? BigInt(value as number) * NS_PER_MS : (value as bigint)
}

/** What stands behind `(later - earlier) DAY` and its like; they cannot be called by name. */
export const differenceFunctions: readonly ScalarFunction[] = [
  {
    name: '- AS SECONDS',
    family: 'temporal',
    forms: ['(later - earlier) DAY TO SECOND'],
    doc: 'The time from one moment to another as an interval; of each unit from SECOND to DAY it is the same.',
    examples: [["(DATE '2024-03-01' - DATE '2024-02-28') DAY", '+2 00:00:00.000']],
    resolve: resolveDifference('INTERVAL_DAY_TIME'),
    nulls: 'strict',
    evaluate: ([later, earlier], { argTypes }) => (asTimestamp(argTypes[0]!, later!) - asTimestamp(argTypes[1]!, earlier!)) / NS_PER_MS,
    flinkName: null,
    sparkName: null,
  },
  {
    name: '- AS MONTHS',
    family: 'temporal',
    forms: ['(later - earlier) YEAR TO MONTH'],
    doc: 'The whole months from one moment to another as an interval.',
    examples: [["(DATE '2024-02-29' - DATE '2024-01-31') MONTH", '+0-01']],
    resolve: resolveDifference('INTERVAL_YEAR_MONTH'),
    nulls: 'strict',
    evaluate: ([later, earlier], { argTypes }) => {
      const [left, right] = argTypes as readonly [SqlType, SqlType]
      if (left.kind === 'DATE' && right.kind === 'DATE') return monthsBetweenDates(earlier as number, later as number)
      return monthsBetweenTimestamps(asTimestamp(right, earlier!), asTimestamp(left, later!))
    },
    flinkName: null,
    sparkName: null,
  },
]
