import {
  addMonthsToDate,
  addMonthsToTimestamp,
  floorMod,
  monthsBetweenDates,
  monthsBetweenTimestamps,
  MS_PER_DAY,
  NS_PER_MS,
  timestampOfDate,
  wholeMilliseconds,
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

/** The type of a date or time moved by an interval: the same, so a DATE moves by whole days only and a TIME does not move by months. */
function shifted(moment: ArgInfo, interval: ArgInfo): SqlType | undefined {
  if (!isInterval(interval.type)) return undefined
  if (isTimestamp(moment.type)) return moment.type
  return moment.type.kind === 'TIME' || moment.type.kind === 'DATE' ? moment.type : undefined
}

export function evaluateTemporal(sign: 1 | -1, a: SqlValue, b: SqlValue, site: CallSite): SqlValue {
  const [left, right] = site.argTypes as readonly [SqlType, SqlType]
  if (isInterval(left) && isInterval(right)) {
    if (typeof a === 'bigint') return BigInt.asIntN(64, a + BigInt(sign) * (b as bigint))
    return ((a as number) + sign * (b as number)) | 0
  }
  return isInterval(left) ? move(right, b, left, a, sign) : move(left, a, right, b, sign)
}

function move(from: SqlType, moment: SqlValue, by: SqlType, interval: SqlValue, sign: 1 | -1): SqlValue {
  if (by.kind === 'INTERVAL_YEAR_MONTH') {
    const months = sign * (interval as number)
    if (from.kind === 'TIME') return moment
    return from.kind === 'DATE' ? addMonthsToDate(moment as number, months) : addMonthsToTimestamp(moment as bigint, months)
  }
  const milliseconds = BigInt(sign) * (interval as bigint)
  switch (from.kind) {
    case 'DATE':
      return ((moment as number) + Number(milliseconds / BigInt(MS_PER_DAY))) | 0
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

/** Milliseconds since the epoch, without the rest of a TIMESTAMP of higher precision; a TIME falls on the epoch day. */
function milliseconds(type: SqlType, value: SqlValue): bigint {
  if (type.kind === 'TIME') return BigInt(value as number)
  return wholeMilliseconds(type.kind === 'DATE' ? timestampOfDate(value as number) : (value as bigint))
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
    evaluate: ([later, earlier], { argTypes }) => milliseconds(argTypes[0]!, later!) - milliseconds(argTypes[1]!, earlier!),
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
      return monthsBetweenTimestamps(milliseconds(right, earlier!) * NS_PER_MS, milliseconds(left, later!) * NS_PER_MS)
    },
    flinkName: null,
    sparkName: null,
  },
]
