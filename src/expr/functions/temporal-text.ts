import { MS_PER_DAY, parseDate, parseTimestamp, truncateTimestamp } from '../../data/datetime.ts'
import { compileDateTimePattern, formatWithPattern, type DateTimePattern } from '../../data/datetime-pattern.ts'
import { parseWithPattern } from '../../data/datetime-pattern-parse.ts'
import { powerOfTen } from '../../data/decimal.ts'
import {
  compileSimpleDatePattern,
  formatSimpleDate,
  lookupLegacyZone,
  parseSimpleDate,
  type SimpleDatePattern,
} from '../../data/simple-date-pattern.ts'
import { localToUtcNs, utc, zone } from '../../data/time-zone.ts'
import { types, type TypeOf } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import { isInteger, isNumeric } from '../coercion.ts'
import { EvaluationError } from '../evaluation-error.ts'
import type { ArgInfo, CallSite, ResolvedCall, ScalarFunction } from '../function.ts'
import { firstOf, integer, numeric, signature, text, type Parameter } from '../signature.ts'
import { sessionZone, timestamp, wallClock } from './temporal-arguments.ts'

/*
 * Dates and text. Flink reads and prints with two of Java's pattern languages: TO_TIMESTAMP, TO_TIMESTAMP_LTZ and DATE_FORMAT of timestamps with the
 * newer, everything else with the older and more forgiving one.
 */

const DEFAULT_PATTERN = 'yyyy-MM-dd HH:mm:ss'
const UNREADABLE = -(2n ** 63n)

/** The last pattern of each kind at a site. Patterns are nearly always literals, so one place is enough. */
interface PatternMemo {
  dateTime?: { readonly text: string; readonly pattern: DateTimePattern }
  simple?: { readonly text: string; readonly pattern: SimpleDatePattern }
}

function memoOf(site: CallSite): PatternMemo {
  const memo = site.memo ?? {}
  site.memo = memo
  return memo
}

function dateTimePattern(source: string, site: CallSite): DateTimePattern {
  const memo = memoOf(site)
  if (memo.dateTime?.text === source) return memo.dateTime.pattern
  const pattern = compileDateTimePattern(source)
  if (typeof pattern === 'string') throw badPattern(source, pattern)
  memo.dateTime = { text: source, pattern }
  return pattern
}

function simplePattern(source: string, site: CallSite): SimpleDatePattern {
  const memo = memoOf(site)
  if (memo.simple?.text === source) return memo.simple.pattern
  const pattern = compileSimpleDatePattern(source)
  if (typeof pattern === 'string') throw badPattern(source, pattern)
  memo.simple = { text: source, pattern }
  return pattern
}

function badPattern(source: string, reason: string): EvaluationError {
  return new EvaluationError(
    'data/date-pattern',
    `Cannot use the date pattern "${source}": ${reason}, a pattern such as "${DEFAULT_PATTERN}" was wanted`,
  )
}

// --- DATE_FORMAT ---------------------------------------------------------------------------------------------------------------------

const timestampOrText: Parameter = { ...text, wanted: 'a timestamp, as CAST makes of a DATE, or its text' }

const dateFormat: ScalarFunction = {
  name: 'DATE_FORMAT',
  family: 'temporal',
  forms: ['DATE_FORMAT(timestamp, pattern)', 'DATE_FORMAT(text, pattern)'],
  doc: 'A timestamp, or a text `yyyy-MM-dd HH:mm:ss`, written by a pattern of Java; NULL when the text is no timestamp.',
  examples: [
    ["DATE_FORMAT(TIMESTAMP '2024-02-29 13:14:15.987', 'EEE, d MMM yyyy hh:mm a')", 'Thu, 29 Feb 2024 01:14 PM'],
    ["DATE_FORMAT('2024-02-29 13:14:15', 'yyyy/MM/dd')", '2024/02/29'],
  ],
  resolve: firstOf(
    signature({ parameters: [timestamp, text], returns: types.string(), nullable: 'always' }),
    signature({ parameters: [timestampOrText, text], returns: types.string(), nullable: 'always' }),
  ),
  nulls: 'strict',
  evaluate: ([value, pattern], site) => {
    const type = site.argTypes[0]!
    if (typeof value === 'string') return reformat(value, pattern as string, site)
    const result = formatWithPattern(dateTimePattern(pattern as string, site), wallClock(value!, type, site))
    if (result !== undefined) return result
    throw badPattern(pattern as string, 'it asks for a zone, which a timestamp on the wall clock has not')
  },
}

function reformat(value: string, pattern: string, site: CallSite): string | null {
  const from = compileSimpleDatePattern(DEFAULT_PATTERN)
  if (typeof from === 'string') return null
  const ms = parseSimpleDate(from, value, utc, () => site.context.clock.nowMs())
  return ms === undefined ? null : formatSimpleDate(simplePattern(pattern, site), ms, utc)
}

// --- Text to dates and timestamps ----------------------------------------------------------------------------------------------------

/** Reads with a pattern; text that does not fit it may still be `yyyy-M-d[ H:m:s[.fraction]]`, as in Flink. */
function readTimestamp(value: string, pattern: string, site: CallSite): bigint | null {
  const ns = parseWithPattern(dateTimePattern(pattern, site), value) ?? parsePlainTimestamp(value.trim())
  return ns === undefined ? null : truncateTimestamp(ns, 3)
}

/** Unlike CAST this refuses days that the month lacks and 24:00. */
function parsePlainTimestamp(value: string): bigint | undefined {
  return parseDate(value) === undefined || / 24:/.test(value) ? undefined : parseTimestamp(value)
}

const toTimestamp: ScalarFunction = {
  name: 'TO_TIMESTAMP',
  family: 'temporal',
  forms: ['TO_TIMESTAMP(text[, pattern])'],
  doc: 'Text to TIMESTAMP(3), by default `yyyy-MM-dd HH:mm:ss[.fraction]`; NULL when it does not fit, or the pattern is none.',
  examples: [
    ["TO_TIMESTAMP('2024-02-29 13:04:05.1')", '2024-02-29 13:04:05.100'],
    ["TO_TIMESTAMP('29 Feb 2024 13h', 'd MMM yyyy HH''h''')", '2024-02-29 13:00:00.000'],
    ["TO_TIMESTAMP('29.02.2024')", null],
  ],
  resolve: signature({ parameters: [text, text], optional: 1, returns: types.timestamp(3), nullable: 'always' }),
  nulls: 'strict',
  evaluate: ([value, pattern], site) => {
    if (pattern !== undefined) {
      const isPattern = memoOf(site).dateTime?.text === pattern || typeof compileDateTimePattern(pattern as string) !== 'string'
      return isPattern ? readTimestamp(value as string, pattern as string, site) : null
    }
    const ns = parseTimestamp(value as string)
    return ns === undefined ? null : truncateTimestamp(ns, 3)
  },
}

const toDate: ScalarFunction = {
  name: 'TO_DATE',
  family: 'temporal',
  forms: ['TO_DATE(text[, pattern])'],
  doc: 'Text to DATE, by default `yyyy-MM-dd`; NULL when it does not fit. With a pattern values out of range roll over.',
  examples: [
    ["TO_DATE('2024-02-29')", '2024-02-29'],
    ["TO_DATE('29.02.2024', 'dd.MM.yyyy')", '2024-02-29'],
    ["TO_DATE('2023-02-29')", null],
  ],
  resolve: signature({ parameters: [text, text], optional: 1, returns: types.date(), nullable: 'always' }),
  nulls: 'strict',
  evaluate: ([value, pattern], site) => {
    if (pattern === undefined) return parseDate(value as string) ?? null
    const ms = parseSimpleDate(simplePattern(pattern as string, site), value as string, utc, () => site.context.clock.nowMs())
    return ms === undefined ? null : Math.floor(ms / MS_PER_DAY)
  },
}

/** The precision of a number's unit: 0 for seconds, 3 for milliseconds, 6, 9. The type has at least milliseconds. */
function ltzPrecision(arg: ArgInfo | undefined): number {
  return typeof arg?.literal === 'number' ? Math.min(Math.max(arg.literal, 3), 9) : 3
}

function resolveLtzOfNumber(args: readonly ArgInfo[]): ResolvedCall | string {
  const literal = args[1]?.literal
  if (typeof literal === 'number' && (literal < 0 || literal > 9)) return 'a precision from 0 to 9 as argument 2'
  return signature({ parameters: [numeric, integer], optional: 1, returns: types.timestampLtz(ltzPrecision(args[1])), nullable: 'always' })(
    args,
  )
}

const FIRST_LTZ = parseTimestamp('0001-01-01')! - 366n * 86_400_000_000_000n
const LAST_LTZ = parseTimestamp('9999-12-31 23:59:59.999999999')!

const toTimestampLtz: ScalarFunction = {
  name: 'TO_TIMESTAMP_LTZ',
  family: 'temporal',
  forms: ['TO_TIMESTAMP_LTZ(number[, precision])', 'TO_TIMESTAMP_LTZ(text[, pattern[, zone]])'],
  doc: 'Seconds (precision 0), milliseconds (3, the default), microseconds (6) or nanoseconds (9) since the epoch, or a text read in UTC or the given zone, to TIMESTAMP_LTZ; NULL when it does not fit or lies outside of the years 0 to 9999.',
  examples: [
    ['TO_TIMESTAMP_LTZ(1719828000, 0)', '2024-07-01 10:00:00.000'],
    ["TO_TIMESTAMP_LTZ('2024-07-01 12:00:00')", '2024-07-01 12:00:00.000'],
    ["TO_TIMESTAMP_LTZ('01/07/2024 12', 'dd/MM/yyyy HH', 'America/New_York')", '2024-07-01 16:00:00.000'],
  ],
  resolve: (args) => {
    const first = args[0]?.type
    if (first !== undefined && isNumeric(first)) return resolveLtzOfNumber(args)
    const zoneName = args[2]?.literal
    if (typeof zoneName === 'string' && zone(zoneName) === undefined)
      return 'a time zone such as "Europe/Berlin" or "GMT+02:00" as argument 3'
    return signature({ parameters: [text, text, text], optional: 2, returns: types.timestampLtz(3), nullable: 'always' })(args)
  },
  nulls: 'strict',
  evaluate: ([value, second, zoneName], site) => {
    if (typeof value !== 'string') return fromEpoch(value!, (second as number | undefined) ?? 3, site)
    if (second === undefined) {
      const ns = parseTimestamp(value)
      return ns === undefined ? null : truncateTimestamp(ns, 3)
    }
    const local = readTimestamp(value, second as string, site)
    if (local === null || zoneName === undefined) return local
    const named = zone(zoneName as string)
    return named === undefined ? null : localToUtcNs(named, local)
  },
}

/** Nanoseconds of a number of units of 10^-precision seconds; fractions are cut (of FLOAT and DOUBLE downwards), but FLOAT and DOUBLE seconds keep milliseconds. */
function fromEpoch(value: SqlValue, precision: number, site: CallSite): bigint | null {
  if (precision < 0 || precision > 9) {
    throw new EvaluationError('data/precision', `Cannot evaluate "TO_TIMESTAMP_LTZ": the precision is ${precision}, 0 to 9 was wanted`)
  }
  const type = site.argTypes[0]!
  let units: bigint
  let digits = precision
  if (typeof value === 'bigint') {
    units = type.kind === 'DECIMAL' ? value / powerOfTen(type.scale) : value
  } else {
    const isFine = (type.kind === 'DOUBLE' || type.kind === 'FLOAT') && precision < 3
    if (isFine) digits = 3
    const scaled = Math.floor((value as number) * (isFine ? 10 ** (3 - precision) : 1))
    if (!Number.isFinite(scaled)) return null
    units = BigInt(scaled)
  }
  const ns = units * powerOfTen(9 - digits)
  // A precision that is no literal leaves the type at milliseconds.
  return ns < FIRST_LTZ || ns > LAST_LTZ
    ? null
    : truncateTimestamp(ns, (site.type as TypeOf<'TIME' | 'TIMESTAMP' | 'TIMESTAMP_LTZ'>).precision)
}

// --- Unix time and zones -------------------------------------------------------------------------------------------------------------

const seconds: Parameter = {
  wanted: 'an integer',
  accept: (arg) => (isInteger(arg.type) || arg.type.kind === 'NULL' ? types.bigint(arg.type.nullable) : undefined),
}

const fromUnixtime: ScalarFunction = {
  name: 'FROM_UNIXTIME',
  family: 'temporal',
  forms: ['FROM_UNIXTIME(seconds[, pattern])'],
  doc: 'Seconds since the epoch as text in the zone of the session, by default `yyyy-MM-dd HH:mm:ss`.',
  examples: [
    ['FROM_UNIXTIME(44)', '1970-01-01 00:00:44'],
    ["FROM_UNIXTIME(1709208245, 'dd.MM.yyyy')", '29.02.2024'],
  ],
  resolve: signature({ parameters: [seconds, text], optional: 1, returns: types.string() }),
  nulls: 'strict',
  evaluate: ([value, pattern], site) =>
    formatSimpleDate(simplePattern((pattern as string | undefined) ?? DEFAULT_PATTERN, site), Number(value) * 1000, sessionZone(site)),
}

const unixTimestamp: ScalarFunction = {
  name: 'UNIX_TIMESTAMP',
  family: 'temporal',
  forms: ['UNIX_TIMESTAMP()', 'UNIX_TIMESTAMP(text[, pattern])'],
  doc: 'Seconds since the epoch, now or of a text in the zone of the session; the least BIGINT when the text does not fit.',
  examples: [
    ["UNIX_TIMESTAMP('1970-01-02 00:00:00')", '86400'],
    ["UNIX_TIMESTAMP('1970-01-01 08:00:01.001 +0800', 'yyyy-MM-dd HH:mm:ss.SSS X')", '1'],
    ["UNIX_TIMESTAMP('no date')", '-9223372036854775808'],
  ],
  resolve: firstOf(
    signature({ parameters: [], returns: types.bigint(false), nullable: 'own' }),
    signature({ parameters: [text, text], optional: 1, returns: types.bigint() }),
  ),
  nulls: 'strict',
  // The form without arguments reads the clock.
  isDeterministic: false,
  evaluate: ([value, pattern], site) => {
    if (value === undefined) return BigInt(Math.floor(site.context.clock.nowMs() / 1000))
    const compiled = simplePattern((pattern as string | undefined) ?? DEFAULT_PATTERN, site)
    const ms = parseSimpleDate(compiled, value as string, sessionZone(site), () => site.context.clock.nowMs())
    return ms === undefined ? UNREADABLE : BigInt(Math.trunc(ms / 1000))
  },
}

const convertTz: ScalarFunction = {
  name: 'CONVERT_TZ',
  family: 'temporal',
  forms: ['CONVERT_TZ(text, fromZone, toZone)'],
  doc: 'A text `yyyy-MM-dd HH:mm:ss` moved from one zone to another; NULL when it is none, and an unknown zone counts as GMT.',
  examples: [["CONVERT_TZ('1970-01-01 00:00:00', 'UTC', 'America/Los_Angeles')", '1969-12-31 16:00:00']],
  resolve: signature({ parameters: [text, text, text], returns: types.string(), nullable: 'always' }),
  nulls: 'strict',
  evaluate: ([value, from, to], site) => {
    const pattern = simplePattern(DEFAULT_PATTERN, site)
    const ms = parseSimpleDate(pattern, value as string, lookupLegacyZone(from as string) ?? utc, () => site.context.clock.nowMs())
    return ms === undefined ? null : formatSimpleDate(pattern, ms, lookupLegacyZone(to as string) ?? utc)
  },
}

/** Between text and dates. */
export const temporalTextFunctions: readonly ScalarFunction[] = [
  dateFormat,
  toTimestamp,
  toDate,
  toTimestampLtz,
  fromUnixtime,
  unixTimestamp,
  convertTz,
]
