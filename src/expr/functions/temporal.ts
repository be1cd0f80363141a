import {
  addMonthsToDate,
  addMonthsToTimestamp,
  ceilDate,
  ceilTimestamp,
  extractFromDate,
  extractFromNanoOfDay,
  extractFromTimestamp,
  floorDate,
  floorMod,
  floorTimestamp,
  isClockUnit,
  MONTHS_PER_UNIT,
  MS_PER_DAY,
  NS_PER_DAY,
  NS_PER_MS,
  NS_PER_UNIT,
  timestampDiff,
  timestampOfDate,
  type TimeUnit,
} from '../../data/datetime.ts'
import { types, withNullability, type SqlType } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import { isTemporal } from '../coercion.ts'
import type { ArgInfo, ResolvedCall, ScalarFunction } from '../function.ts'
import { bigint, signature, type Parameter } from '../signature.ts'
import {
  literalUnit,
  nanoseconds,
  sessionZone,
  temporal,
  temporalOrInterval,
  unitOf,
  unitParameter,
  wallClock,
} from './temporal-arguments.ts'
import { temporalNowFunctions } from './temporal-now.ts'
import { temporalTextFunctions } from './temporal-text.ts'

const DATE_UNITS: readonly TimeUnit[] = ['MILLENNIUM', 'CENTURY', 'DECADE', 'YEAR', 'QUARTER', 'MONTH', 'WEEK', 'DAY']
const CALENDAR_UNITS: readonly TimeUnit[] = [...DATE_UNITS, 'ISOYEAR', 'DOW', 'ISODOW', 'DOY', 'EPOCH']
const CLOCK_UNITS: readonly TimeUnit[] = ['HOUR', 'MINUTE', 'SECOND', 'MILLISECOND']
const FINE_UNITS: readonly TimeUnit[] = ['MICROSECOND', 'NANOSECOND']
const ALL_UNITS: readonly TimeUnit[] = [...CALENDAR_UNITS, ...CLOCK_UNITS, ...FINE_UNITS]
const STEP_UNITS: readonly TimeUnit[] = [...DATE_UNITS, ...CLOCK_UNITS, ...FINE_UNITS]

/** The units that EXTRACT takes from a type. */
function extractableUnits(type: SqlType): readonly TimeUnit[] {
  switch (type.kind) {
    case 'TIME':
      return CLOCK_UNITS
    case 'DATE':
      return [...CALENDAR_UNITS, ...CLOCK_UNITS]
    case 'INTERVAL_YEAR_MONTH':
      return ['MILLENNIUM', 'CENTURY', 'DECADE', 'YEAR', 'QUARTER', 'MONTH']
    case 'INTERVAL_DAY_TIME':
      return ['DAY', ...CLOCK_UNITS]
    default:
      return ALL_UNITS
  }
}

const extractTypes = signature({ parameters: [unitParameter(ALL_UNITS), temporalOrInterval], returns: types.bigint() })

/** The call's types, or a refusal when the second argument's type has no such unit. */
function resolveExtract(args: readonly ArgInfo[]): ResolvedCall | string {
  const resolved = extractTypes(args)
  if (typeof resolved === 'string') return resolved
  const unit = literalUnit(args[0])!
  return extractableUnits(resolved.argTypes[1]!).includes(unit) ? resolved : `a value that has the unit ${unit} as argument 2`
}

function extract(unit: TimeUnit, value: SqlValue, type: SqlType, localNs: () => bigint): bigint {
  switch (type.kind) {
    case 'DATE':
      return extractFromDate(unit, value as number)
    case 'TIME':
      return isClockUnit(unit) ? extractFromNanoOfDay(unit, BigInt(value as number) * NS_PER_MS) : 0n
    case 'INTERVAL_YEAR_MONTH':
      return extractFromMonths(unit, value as number)
    case 'INTERVAL_DAY_TIME': {
      // Signs follow the interval: BigInt division cuts towards zero.
      const nanos = (value as bigint) * NS_PER_MS
      return isClockUnit(unit) ? extractFromNanoOfDay(unit, nanos % NS_PER_DAY) : nanos / NS_PER_DAY
    }
    default:
      return extractFromTimestamp(unit, localNs())
  }
}

function extractFromMonths(unit: TimeUnit, months: number): bigint {
  if (unit === 'MONTH') return BigInt(months % 12)
  if (unit === 'QUARTER') return BigInt(Math.trunc((months % 12) / 3) + 1)
  return BigInt(Math.trunc(months / MONTHS_PER_UNIT[unit]!))
}

const extractFunction: ScalarFunction = {
  name: 'EXTRACT',
  family: 'temporal',
  forms: ['EXTRACT(unit FROM value)'],
  doc: 'The value of one unit of a date, time, timestamp or interval as BIGINT: weeks by ISO 8601, DOW from 1 for Sunday, MILLISECOND and finer within the second.',
  examples: [
    ["EXTRACT(DAY FROM DATE '2006-06-05')", '5'],
    ["EXTRACT(MILLISECOND FROM TIMESTAMP '2024-02-29 13:14:15.987')", '987'],
    ["EXTRACT(HOUR FROM INTERVAL '3 04:05:06.789' DAY TO SECOND)", '4'],
    ['EXTRACT(YEAR FROM CAST(NULL AS DATE))', null],
  ],
  resolve: resolveExtract,
  nulls: 'strict',
  evaluate: ([unit, value], site) => extract(unitOf(unit!), value!, site.argTypes[1]!, () => wallClock(value!, site.argTypes[1]!, site)),
}

/** YEAR(x) and its kin: EXTRACT of one unit. */
function shortExtract(name: string, unit: TimeUnit, example: readonly [string, string], what: string): ScalarFunction {
  const one = signature({ parameters: [temporal], returns: types.bigint() })
  return {
    name,
    family: 'temporal',
    forms: [`${name}(value)`],
    doc: `${what} of a date or timestamp as BIGINT: EXTRACT(${unit} FROM value).`,
    examples: [example, [`${name}(CAST(NULL AS TIMESTAMP(3)))`, null]],
    resolve: (args) => {
      const resolved = one(args)
      if (typeof resolved === 'string') return resolved
      return extractableUnits(resolved.argTypes[0]!).includes(unit) ? resolved : `a value that has the unit ${unit} as argument 1`
    },
    nulls: 'strict',
    evaluate: ([value], site) => extract(unit, value!, site.argTypes[0]!, () => wallClock(value!, site.argTypes[0]!, site)),
  }
}

const shortFunctions: readonly ScalarFunction[] = [
  shortExtract('YEAR', 'YEAR', ["YEAR(DATE '1994-09-27')", '1994'], 'The year'),
  shortExtract('QUARTER', 'QUARTER', ["QUARTER(DATE '1994-09-27')", '3'], 'The quarter, 1 to 4,'),
  shortExtract('MONTH', 'MONTH', ["MONTH(DATE '1994-09-27')", '9'], 'The month, 1 to 12,'),
  shortExtract('WEEK', 'WEEK', ["WEEK(DATE '1994-09-27')", '39'], 'The week by ISO 8601, 1 to 53,'),
  shortExtract('DAYOFYEAR', 'DOY', ["DAYOFYEAR(DATE '1994-09-27')", '270'], 'The day of the year, 1 to 366,'),
  shortExtract('DAYOFMONTH', 'DAY', ["DAYOFMONTH(DATE '1994-09-27')", '27'], 'The day of the month, 1 to 31,'),
  shortExtract('DAYOFWEEK', 'DOW', ["DAYOFWEEK(DATE '1994-09-27')", '3'], 'The day of the week, 1 for Sunday to 7,'),
  shortExtract('HOUR', 'HOUR', ["HOUR(TIMESTAMP '1994-09-27 13:14:15')", '13'], 'The hour, 0 to 23,'),
  shortExtract('MINUTE', 'MINUTE', ["MINUTE(TIMESTAMP '1994-09-27 13:14:15')", '14'], 'The minute, 0 to 59,'),
  shortExtract('SECOND', 'SECOND', ["SECOND(TIMESTAMP '1994-09-27 13:14:15')", '15'], 'The second, 0 to 59,'),
]

// --- FLOOR and CEIL ------------------------------------------------------------------------------------------------------------------

const roundTypes = signature({ parameters: [temporal, unitParameter(STEP_UNITS)], returns: ([type]) => type! })

function resolveRound(args: readonly ArgInfo[]): ResolvedCall | string {
  const resolved = roundTypes(args)
  if (typeof resolved === 'string') return resolved
  const unit = literalUnit(args[1])!
  return resolved.argTypes[0]!.kind === 'TIME' && !isClockUnit(unit) ? 'a unit of the day as argument 2' : resolved
}

function roundTime(ms: number, unit: TimeUnit, direction: 'floor' | 'ceil'): number {
  const step = Number(NS_PER_UNIT[unit]!) / 1e6
  if (step <= 1) return ms
  const units = direction === 'floor' ? Math.floor(ms / step) : Math.ceil(ms / step)
  return floorMod(units * step, MS_PER_DAY)
}

function roundTemporal(direction: 'floor' | 'ceil'): ScalarFunction['evaluate'] {
  const roundDate = direction === 'floor' ? floorDate : ceilDate
  const roundTimestamp = direction === 'floor' ? floorTimestamp : ceilTimestamp
  return ([value, unitText], site) => {
    const unit = unitOf(unitText!)
    switch (site.argTypes[0]!.kind) {
      case 'DATE':
        return roundDate(value as number, unit)
      case 'TIME':
        return roundTime(value as number, unit, direction)
      case 'TIMESTAMP_LTZ': {
        // As in Flink the offset is that of the instant, also where the rounded time has another.
        const offset = BigInt(sessionZone(site).offsetAtUtc(Number((value as bigint) / NS_PER_MS))) * NS_PER_MS
        return roundTimestamp((value as bigint) + offset, unit) - offset
      }
      default:
        return roundTimestamp(value as bigint, unit)
    }
  }
}

const roundFunctions: readonly ScalarFunction[] = [
  {
    name: 'FLOOR_TIME',
    family: 'temporal',
    forms: ['FLOOR(value TO unit)'],
    doc: 'The start of the unit that a date, time or timestamp lies in; weeks start on Sunday.',
    examples: [
      ["FLOOR(TIME '12:44:31' TO MINUTE)", '12:44:00'],
      ["FLOOR(TIMESTAMP '2024-02-29 13:14:15.987' TO MONTH)", '2024-02-01 00:00:00.000'],
    ],
    resolve: resolveRound,
    nulls: 'strict',
    evaluate: roundTemporal('floor'),
    flinkName: 'FLOOR',
    sparkName: 'DATE_TRUNC',
  },
  {
    name: 'CEIL_TIME',
    family: 'temporal',
    forms: ['CEIL(value TO unit)', 'CEILING(value TO unit)'],
    doc: 'The start of the next unit after a date, time or timestamp, or the value itself where it stands on one.',
    examples: [
      ["CEIL(TIME '12:44:31' TO MINUTE)", '12:45:00'],
      ["CEIL(DATE '2024-02-29' TO YEAR)", '2025-01-01'],
    ],
    resolve: resolveRound,
    nulls: 'strict',
    evaluate: roundTemporal('ceil'),
    flinkName: 'CEIL',
    sparkName: null,
  },
]

// --- TIMESTAMPADD, TIMESTAMPDIFF, OVERLAPS --------------------------------------------------------------------------------------------

const addTypes = signature({ parameters: [unitParameter(STEP_UNITS), bigint, temporal], returns: types.timestamp(3) })

/** A DATE becomes a TIMESTAMP when hours or less are added; milliseconds and less widen the precision. */
function resolveAdd(args: readonly ArgInfo[]): ResolvedCall | string {
  const resolved = addTypes(args)
  if (typeof resolved === 'string') return resolved
  const unit = literalUnit(args[0])!
  const value = resolved.argTypes[2]!
  const least = unit === 'MILLISECOND' ? 3 : unit === 'MICROSECOND' ? 6 : unit === 'NANOSECOND' ? 9 : 0
  if (value.kind === 'TIME') return { ...resolved, type: withNullability(value, resolved.type.nullable) }
  if (value.kind === 'DATE') {
    return {
      ...resolved,
      type: isClockUnit(unit) ? types.timestamp(Math.max(least, 6), resolved.type.nullable) : types.date(resolved.type.nullable),
    }
  }
  if (value.kind !== 'TIMESTAMP' && value.kind !== 'TIMESTAMP_LTZ') return resolved
  return { ...resolved, type: { ...value, precision: Math.max(value.precision, least), nullable: resolved.type.nullable } }
}

const addFunction: ScalarFunction = {
  name: 'TIMESTAMPADD',
  family: 'temporal',
  forms: ['TIMESTAMPADD(unit, count, value)'],
  doc: 'A date, time or timestamp moved by a number of units; a day that the new month lacks becomes its last.',
  examples: [
    ["TIMESTAMPADD(MONTH, 1, DATE '2024-01-31')", '2024-02-29'],
    ["TIMESTAMPADD(HOUR, 36, TIMESTAMP '2024-02-28 13:00:00')", '2024-03-01 01:00:00'],
    ["TIMESTAMPADD(SECOND, 86400, TIME '13:14:15')", '13:14:15'],
  ],
  resolve: resolveAdd,
  nulls: 'strict',
  evaluate: ([unitText, count, value], site) => {
    const unit = unitOf(unitText!)
    const type = site.argTypes[2]!
    const months = MONTHS_PER_UNIT[unit]
    if (months !== undefined) {
      const total = months * Number(count)
      if (type.kind === 'TIME') return value!
      return type.kind === 'DATE' ? addMonthsToDate(value as number, total) : addMonthsToTimestamp(value as bigint, total)
    }
    const ns = (count as bigint) * NS_PER_UNIT[unit]!
    if (type.kind === 'TIME') return floorMod((value as number) + Number((ns / NS_PER_MS) % BigInt(MS_PER_DAY)), MS_PER_DAY)
    if (type.kind !== 'DATE') return (value as bigint) + ns
    return site.type.kind === 'DATE' ? (value as number) + Number(ns / NS_PER_DAY) : timestampOfDate(value as number) + ns
  },
}

const diffTypes = signature({ parameters: [unitParameter(STEP_UNITS), temporal, temporal], returns: types.integer() })

const diffFunction: ScalarFunction = {
  name: 'TIMESTAMPDIFF',
  family: 'temporal',
  forms: ['TIMESTAMPDIFF(unit, from, to)'],
  doc: 'How many complete units lie between two dates or timestamps, negative when `to` is earlier, as INT (MICROSECOND and NANOSECOND: BIGINT).',
  examples: [
    ["TIMESTAMPDIFF(DAY, DATE '2024-01-31', DATE '2024-03-01')", '30'],
    ["TIMESTAMPDIFF(MONTH, TIMESTAMP '2024-01-31 08:00:00', TIMESTAMP '2024-02-29 08:00:00')", '1'],
  ],
  resolve: (args) => {
    const resolved = diffTypes(args)
    if (typeof resolved === 'string') return resolved
    const [, from, to] = resolved.argTypes
    if ((from!.kind === 'TIME') !== (to!.kind === 'TIME')) return 'a value of the same kind as argument 3'
    return FINE_UNITS.includes(literalUnit(args[0])!) ? { ...resolved, type: types.bigint(resolved.type.nullable) } : resolved
  },
  nulls: 'strict',
  evaluate: ([unitText, from, to], site) => {
    const [, fromType, toType] = site.argTypes
    const count = timestampDiff(unitOf(unitText!), nanoseconds(from!, fromType!), nanoseconds(to!, toType!))
    return site.type.kind === 'BIGINT' ? count : Number(BigInt.asIntN(32, count))
  },
  sparkName: 'TIMESTAMPDIFF',
}

const period: Parameter = temporal
const overlapTypes = signature({ parameters: [period, temporalOrInterval, period, temporalOrInterval], returns: types.boolean() })

const overlapsFunction: ScalarFunction = {
  name: 'OVERLAPS',
  family: 'temporal',
  forms: ['(start1, end1) OVERLAPS (start2, end2)', '(start1, length1) OVERLAPS (start2, length2)'],
  doc: 'Whether two periods overlap; ends may come in any order, touching ends overlap.',
  examples: [
    ["(TIME '02:55:00', INTERVAL '1' HOUR) OVERLAPS (TIME '03:30:00', INTERVAL '2' HOUR)", 'TRUE'],
    ["(TIME '09:00:00', TIME '10:00:00') OVERLAPS (TIME '10:15:00', INTERVAL '3' HOUR)", 'FALSE'],
  ],
  resolve: (args) => {
    const resolved = overlapTypes(args)
    if (typeof resolved === 'string') return resolved
    const [first, , second] = resolved.argTypes
    if (first!.kind !== second!.kind) return 'a value of the same kind as argument 3'
    for (const i of [1, 3]) {
      const end = resolved.argTypes[i]!
      if (isTemporal(end) && end.kind !== first!.kind && args[i]!.type.kind !== 'NULL')
        return `a value of the same kind as argument ${i + 1}`
    }
    return resolved
  },
  nulls: 'custom',
  evaluate: (args, site) => {
    const [start1, end1] = periodOf(args[0]!, args[1]!, site.argTypes[0]!, site.argTypes[1]!)
    const [start2, end2] = periodOf(args[2]!, args[3]!, site.argTypes[2]!, site.argTypes[3]!)
    const isBefore = end1 === null || start2 === null ? null : end1 >= start2
    const isAfter = end2 === null || start1 === null ? null : end2 >= start1
    if (isBefore === false || isAfter === false) return false
    return isBefore === null || isAfter === null ? null : true
  },
  sparkName: null,
}

/** Both ends in order. With one end unknown the first one counts as the later, as in Flink. */
function periodOf(start: SqlValue, end: SqlValue, startType: SqlType, endType: SqlType): readonly [bigint | null, bigint | null] {
  const from = start === null ? null : nanoseconds(start, startType)
  const to =
    end === null
      ? null
      : isTemporal(endType)
        ? nanoseconds(end, endType)
        : from === null
          ? null
          : addInterval(from, end, startType, endType)
  return from !== null && to !== null && from <= to ? [from, to] : [to, from]
}

function addInterval(from: bigint, length: SqlValue, startType: SqlType, lengthType: SqlType): bigint {
  if (lengthType.kind === 'INTERVAL_YEAR_MONTH') return addMonthsToTimestamp(from, length as number)
  const to = from + (length as bigint) * NS_PER_MS
  return startType.kind === 'TIME' ? ((to % NS_PER_DAY) + NS_PER_DAY) % NS_PER_DAY : to
}

/** Functions over dates, times, timestamps and intervals. Arithmetic with intervals is that of the operators + and -. */
export const temporalFunctions: readonly ScalarFunction[] = [
  extractFunction,
  ...shortFunctions,
  ...roundFunctions,
  addFunction,
  diffFunction,
  overlapsFunction,
  ...temporalTextFunctions,
  ...temporalNowFunctions,
]
