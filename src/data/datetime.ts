/**
 * The civil calendar behind DATE, TIME and TIMESTAMP: proleptic Gregorian, days and nanoseconds counted from 1970-01-01.
 *
 * A date is a `number` of days, a time of day a `number` of milliseconds, a timestamp a `bigint` of nanoseconds of the wall clock. Zones are
 * none of this file's business: TIMESTAMP_LTZ is moved to the wall clock first (`time-zone.ts`).
 */

export const MS_PER_SECOND = 1_000
export const MS_PER_MINUTE = 60_000
export const MS_PER_HOUR = 3_600_000
export const MS_PER_DAY = 86_400_000
export const NS_PER_MS = 1_000_000n
export const NS_PER_SECOND = 1_000_000_000n
export const NS_PER_DAY = 86_400_000_000_000n

export interface CivilDate {
  readonly year: number
  /** 1 to 12. */
  readonly month: number
  /** 1 to 31. */
  readonly day: number
}

/** Units of EXTRACT, FLOOR, CEIL, TIMESTAMPADD and TIMESTAMPDIFF. */
export type TimeUnit =
  | 'MILLENNIUM'
  | 'CENTURY'
  | 'DECADE'
  | 'YEAR'
  | 'ISOYEAR'
  | 'QUARTER'
  | 'MONTH'
  | 'WEEK'
  | 'DAY'
  | 'DOW'
  | 'ISODOW'
  | 'DOY'
  | 'HOUR'
  | 'MINUTE'
  | 'SECOND'
  | 'MILLISECOND'
  | 'MICROSECOND'
  | 'NANOSECOND'
  | 'EPOCH'

const UNITS: ReadonlySet<string> = new Set<TimeUnit>([
  'MILLENNIUM',
  'CENTURY',
  'DECADE',
  'YEAR',
  'ISOYEAR',
  'QUARTER',
  'MONTH',
  'WEEK',
  'DAY',
  'DOW',
  'ISODOW',
  'DOY',
  'HOUR',
  'MINUTE',
  'SECOND',
  'MILLISECOND',
  'MICROSECOND',
  'NANOSECOND',
  'EPOCH',
])

/** The unit that a SQL word names, in any case, with ODBC's `SQL_TSI_` names; undefined when there is none. */
export function parseTimeUnit(text: string): TimeUnit | undefined {
  const name = text.toUpperCase().replace(/^SQL_TSI_/, '')
  if (name === 'FRAC_SECOND') return 'NANOSECOND'
  return UNITS.has(name) ? (name as TimeUnit) : undefined
}

// --- The calendar -------------------------------------------------------------------------------------------------------------------

/** Days since the epoch of a date; the month may lie outside 1 to 12 and the day outside its month, they roll over. */
export function daysFromCivil(year: number, month: number, day: number): number {
  const monthIndex = month - 1
  const y = year + Math.floor(monthIndex / 12)
  const m = monthIndex - Math.floor(monthIndex / 12) * 12 + 1
  // Years start in March, so that the leap day is the last of a year.
  const shifted = m <= 2 ? y - 1 : y
  const era = Math.floor(shifted / 400)
  const yearOfEra = shifted - era * 400
  const dayOfYear = Math.floor((153 * (m > 2 ? m - 3 : m + 9) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}

/** Year, month and day of a date. */
export function civilFromDays(days: number): CivilDate {
  const shifted = days + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const m = Math.floor((5 * dayOfYear + 2) / 153)
  const month = m < 10 ? m + 3 : m - 9
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day: dayOfYear - Math.floor((153 * m + 2) / 5) + 1 }
}

export function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
}

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** Day of the week: 0 for Sunday to 6 for Saturday. */
export function dayOfWeek(days: number): number {
  return floorMod(days + 4, 7)
}

/** Day of the year, from 1. */
export function dayOfYear(days: number): number {
  return days - daysFromCivil(civilFromDays(days).year, 1, 1) + 1
}

/** Year and week by ISO 8601: weeks start on Monday, week 1 holds the year's first Thursday. */
export function isoWeek(days: number): { readonly year: number; readonly week: number } {
  const thursday = days - floorMod(days + 3, 7) + 3
  const { year } = civilFromDays(thursday)
  return { year, week: Math.floor((thursday - daysFromCivil(year, 1, 1)) / 7) + 1 }
}

/** `a` modulo `b`, never negative for a positive `b`. */
export function floorMod(a: number, b: number): number {
  return a - Math.floor(a / b) * b
}

/** `a / b` rounded down. */
export function floorDivBig(a: bigint, b: bigint): bigint {
  const quotient = a / b
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient
}

/** The milliseconds of a timestamp; finer digits are cut. */
export function wholeMilliseconds(ns: bigint): bigint {
  return floorDivBig(ns, NS_PER_MS)
}

/** The date of a timestamp. */
export function dateOfTimestamp(ns: bigint): number {
  return Number(floorDivBig(ns, NS_PER_DAY))
}

/** Nanoseconds since midnight of a timestamp. */
export function nanoOfDay(ns: bigint): bigint {
  return ns - floorDivBig(ns, NS_PER_DAY) * NS_PER_DAY
}

/** The time of day of a timestamp in milliseconds; finer digits are cut. */
export function timeOfTimestamp(ns: bigint): number {
  return Number(nanoOfDay(ns) / NS_PER_MS)
}

export function timestampOfDate(days: number): bigint {
  return BigInt(days) * NS_PER_DAY
}

const POWERS_OF_TEN = Array.from({ length: 10 }, (_, i) => 10n ** BigInt(i))

/** Cuts a timestamp to `precision` digits of a second, towards the past. */
export function truncateTimestamp(ns: bigint, precision: number): bigint {
  if (precision >= 9) return ns
  const step = POWERS_OF_TEN[9 - precision]!
  return floorDivBig(ns, step) * step
}

// --- Text as CAST writes it ---------------------------------------------------------------------------------------------------------

const pad2 = (n: number): string => (n < 10 ? `0${n}` : `${n}`)

function padYear(year: number): string {
  return year < 0 ? `-${String(-year).padStart(4, '0')}` : String(year).padStart(4, '0')
}

/** `2024-02-29`. */
export function formatDate(days: number): string {
  const { year, month, day } = civilFromDays(days)
  return `${padYear(year)}-${pad2(month)}-${pad2(day)}`
}

/** `13:04:05`, with `precision` digits of a second at most: as in Flink trailing zeros are left out, but one digit stays. */
export function formatTime(ms: number, precision = 0): string {
  const time = floorMod(ms, MS_PER_DAY)
  const seconds = Math.floor(time / MS_PER_SECOND)
  const text = `${pad2(Math.floor(seconds / 3600))}:${pad2(Math.floor(seconds / 60) % 60)}:${pad2(seconds % 60)}`
  if (precision === 0) return text
  const fraction = String(time % MS_PER_SECOND)
    .padStart(3, '0')
    .slice(0, precision)
  return `${text}.${fraction.replace(/(?<=.)0+$/, '')}`
}

/** `2024-02-29 13:04:05.123`: exactly `precision` digits of a second. */
export function formatTimestamp(ns: bigint, precision: number): string {
  const days = floorDivBig(ns, NS_PER_DAY)
  const rest = ns - days * NS_PER_DAY
  const text = `${formatDate(Number(days))} ${formatTime(Number(rest / NS_PER_MS))}`
  if (precision === 0) return text
  return `${text}.${String(rest % NS_PER_SECOND)
    .padStart(9, '0')
    .slice(0, precision)}`
}

/** `+2-03`. */
export function formatIntervalYearMonth(months: number): string {
  const size = Math.abs(months)
  return `${months < 0 ? '-' : '+'}${Math.floor(size / 12)}-${pad2(size % 12)}`
}

/** `+1 02:03:04.567`. */
export function formatIntervalDayTime(ms: bigint): string {
  const size = ms < 0n ? -ms : ms
  const days = size / BigInt(MS_PER_DAY)
  return `${ms < 0n ? '-' : '+'}${days} ${formatTime(Number(size % BigInt(MS_PER_DAY)))}.${String(size % 1000n).padStart(3, '0')}`
}

// --- Text as CAST reads it ----------------------------------------------------------------------------------------------------------

/** A non-negative integer with blanks around it; undefined otherwise. Only ASCII digits count. */
function parseDigits(text: string): number | undefined {
  const trimmed = trimBlanks(text)
  if (!/^[0-9]+$/.test(trimmed)) return undefined
  const value = Number(trimmed)
  return value <= 2147483647 ? value : undefined
}

/** Cuts characters up to the space from both ends, as Java's `trim` does. */
function trimBlanks(text: string): string {
  let from = 0
  let to = text.length
  while (from < to && text.charCodeAt(from) <= 32) from++
  while (to > from && text.charCodeAt(to - 1) <= 32) to--
  return text.slice(from, to)
}

/**
 * A date as CAST and TO_DATE read it: `y-M-d` of any digits, `y-M`, or `y`; what follows a blank is ignored. Undefined when it is none, or no
 * day of the calendar.
 */
export function parseDate(text: string): number | undefined {
  const blank = text.indexOf(' ')
  const parts = (blank > 0 ? text.slice(0, blank) : text).split('-')
  // What follows a second hyphen is the day, further hyphens and all.
  const numbers = (parts.length > 3 ? [parts[0]!, parts[1]!, parts.slice(2).join('-')] : parts).map(parseDigits)
  const [year, month = 1, day = 1] = numbers
  if (year === undefined || numbers.includes(undefined)) return undefined
  if (year > 9999 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined
  return daysFromCivil(year, month, day)
}

/**
 * A time of day as CAST reads it: `h`, `h:m` or `h:m:s[.fraction]`, with an optional offset (`+1`, `-01:30`) that Flink adds to the time.
 * Milliseconds, rounded half up from the fraction; undefined when it is none.
 */
export function parseTime(text: string): number | undefined {
  const sign = text.includes('-') ? '-' : '+'
  const cut = text.indexOf(sign)
  const clock = (cut < 0 ? text : text.slice(0, cut)).split(':')
  const offset = cut < 0 ? [] : splitOnce(text.slice(cut + 1), ':')
  if (clock.length > 3) return undefined
  const [secondText, fraction] = clock.length === 3 ? splitOnce(clock[2]!, '.') : ['0']
  const numbers = [clock[0]!, clock[1] ?? '0', secondText!, ...offset].map(parseDigits)
  if (numbers.includes(undefined)) return undefined
  const [hour = 0, minute = 0, second = 0, offsetHour = 0, offsetMinute = 0] = numbers
  if (hour > 23 || minute > 59 || second > 59) return undefined
  const shift = (offsetHour * MS_PER_HOUR + offsetMinute * MS_PER_MINUTE) * (sign === '-' ? -1 : 1)
  const time = hour * MS_PER_HOUR + minute * MS_PER_MINUTE + second * MS_PER_SECOND + parseMilliseconds(fraction ?? '')
  return floorMod(time + shift, MS_PER_DAY)
}

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator)
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)]
}

/** Milliseconds of the digits behind the point, rounded half up; anything but a digit counts as 0. */
function parseMilliseconds(fraction: string): number {
  const digits = trimBlanks(fraction)
    .replace(/[^0-9]/g, '0')
    .padEnd(4, '0')
  return Number(digits.slice(0, 3)) + (digits[3]! >= '5' ? 1 : 0)
}

const TIMESTAMP_TEXT = /^(\d{4})-(\d{1,2})-(\d{1,2})(?: (\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{0,9}))?)?$/

/**
 * A timestamp as CAST and TO_TIMESTAMP read it: `yyyy-M-d` or `yyyy-M-d H:m:s[.fraction]`, with one blank between and none around. All nine
 * digits are kept. A day up to the 31st that its month has not becomes the month's last, and 24:00:00 the next midnight, as in Flink.
 */
export function parseTimestamp(text: string): bigint | undefined {
  return text.length >= 19 ? (parseWideTimestamp(text) ?? parseAnyTimestamp(text)) : parseAnyTimestamp(text)
}

/** The usual form, `yyyy-MM-dd HH:mm:ss` with up to three digits of a second, of values in range; undefined for all others. */
function parseWideTimestamp(text: string): bigint | undefined {
  if (
    text.length > 23 ||
    text.length === 20 ||
    text[4] !== '-' ||
    text[7] !== '-' ||
    text[10] !== ' ' ||
    text[13] !== ':' ||
    text[16] !== ':'
  )
    return undefined
  if (text.length > 20 && text[19] !== '.') return undefined
  const year = digitsAt(text, 0, 4)
  const month = digitsAt(text, 5, 7)
  const day = digitsAt(text, 8, 10)
  const hour = digitsAt(text, 11, 13)
  const minute = digitsAt(text, 14, 16)
  const second = digitsAt(text, 17, 19)
  const fraction = text.length === 19 ? 0 : digitsAt(text, 20, text.length)
  // NaN of a character that is no digit fails every comparison.
  if (!(year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= 28 && hour <= 23 && minute <= 59 && second <= 59 && fraction >= 0))
    return undefined
  const ms = text.length === 19 ? 0 : fraction * 10 ** (23 - text.length)
  return (
    BigInt(daysFromCivil(year, month, day) * MS_PER_DAY + hour * MS_PER_HOUR + minute * MS_PER_MINUTE + second * MS_PER_SECOND + ms) *
    NS_PER_MS
  )
}

function digitsAt(text: string, from: number, to: number): number {
  let value = 0
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - 48
    if (digit < 0 || digit > 9) return Number.NaN
    value = value * 10 + digit
  }
  return value
}

function parseAnyTimestamp(text: string): bigint | undefined {
  const match = TIMESTAMP_TEXT.exec(text)
  if (match === null) return undefined
  const year = Number(match[1])
  const month = Number(match[2])
  const day = Number(match[3])
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > 31) return undefined
  const days = daysFromCivil(year, month, Math.min(day, daysInMonth(year, month)))
  if (match[4] === undefined) return timestampOfDate(days)
  const hour = Number(match[4])
  const minute = Number(match[5])
  const second = Number(match[6])
  const nanos = BigInt((match[7] ?? '').padEnd(9, '0'))
  const isEndOfDay = hour === 24 && minute === 0 && second === 0 && nanos === 0n
  if ((hour > 23 && !isEndOfDay) || minute > 59 || second > 59) return undefined
  return timestampOfDate(days) + BigInt(hour * 3600 + minute * 60 + second) * NS_PER_SECOND + nanos
}

// --- Arithmetic ---------------------------------------------------------------------------------------------------------------------

/** The same day some months later; the month's last day where it has no such day. */
export function addMonthsToDate(days: number, months: number): number {
  const { year, month, day } = civilFromDays(days)
  const index = year * 12 + month - 1 + months
  const y = Math.floor(index / 12)
  const m = index - y * 12 + 1
  return daysFromCivil(y, m, Math.min(day, daysInMonth(y, m)))
}

/** As `addMonthsToDate`; the time of day stays. */
export function addMonthsToTimestamp(ns: bigint, months: number): bigint {
  const days = floorDivBig(ns, NS_PER_DAY)
  return timestampOfDate(addMonthsToDate(Number(days), months)) + (ns - days * NS_PER_DAY)
}

/** Whole months from `from` to `to`, towards zero; 31 January to 29 February is one, for adding a month gives that day. */
export function monthsBetweenDates(from: number, to: number): number {
  if (to < from) return -monthsBetweenDates(to, from)
  const a = civilFromDays(from)
  const b = civilFromDays(to)
  const months = (b.year - a.year) * 12 + b.month - a.month
  return addMonthsToDate(from, months) > to ? months - 1 : months
}

/**
 * As `monthsBetweenDates`; where the months end on the last day exactly, they are one less when that day's time of day is before that of the
 * first, also when they are negative: from 2020-01-31 12:00 to 1999-12-31 00:00 it is -242, as Flink has it.
 */
export function monthsBetweenTimestamps(from: bigint, to: bigint): number {
  const [first, last] = [dateOfTimestamp(from), dateOfTimestamp(to)]
  const months = monthsBetweenDates(first, last)
  const isExact = addMonthsToDate(first, months) === last
  return isExact && to - timestampOfDate(last) < from - timestampOfDate(first) ? months - 1 : months
}

/** Nanoseconds of the units that have a fixed length. */
export const NS_PER_UNIT: Readonly<Partial<Record<TimeUnit, bigint>>> = {
  WEEK: 7n * NS_PER_DAY,
  DAY: NS_PER_DAY,
  HOUR: 3_600n * NS_PER_SECOND,
  MINUTE: 60n * NS_PER_SECOND,
  SECOND: NS_PER_SECOND,
  MILLISECOND: NS_PER_MS,
  MICROSECOND: 1_000n,
  NANOSECOND: 1n,
}

/** Months of the units that are made of months. */
export const MONTHS_PER_UNIT: Readonly<Partial<Record<TimeUnit, number>>> = {
  MILLENNIUM: 12_000,
  CENTURY: 1_200,
  DECADE: 120,
  YEAR: 12,
  QUARTER: 3,
  MONTH: 1,
}

/** Complete units from `from` to `to`, towards zero: TIMESTAMPDIFF. Digits below a millisecond count for the units below it only. */
export function timestampDiff(unit: TimeUnit, from: bigint, to: bigint): bigint {
  const ns = NS_PER_UNIT[unit]
  if (ns !== undefined && ns < NS_PER_MS) return (to - from) / ns
  if (ns !== undefined) return (wholeMilliseconds(to) - wholeMilliseconds(from)) / (ns / NS_PER_MS)
  return BigInt(Math.trunc(monthsBetweenTimestamps(from, to) / (MONTHS_PER_UNIT[unit] ?? 1)))
}

// --- EXTRACT, FLOOR, CEIL -----------------------------------------------------------------------------------------------------------

/** Value of a unit in a date: weeks by ISO 8601, DOW from 1 for Sunday, ISODOW from 1 for Monday, DECADE is year / 10, a century starts in its year 1. */
export function extractFromDate(unit: TimeUnit, days: number): bigint {
  const { year, month, day } = civilFromDays(days)
  switch (unit) {
    case 'MILLENNIUM':
      return BigInt(Math.trunc((year > 0 ? year + 999 : year - 999) / 1000))
    case 'CENTURY':
      return BigInt(Math.trunc((year > 0 ? year + 99 : year - 99) / 100))
    case 'DECADE':
      return BigInt(Math.trunc(year / 10))
    case 'YEAR':
      return BigInt(year)
    case 'ISOYEAR':
      return BigInt(isoWeek(days).year)
    case 'QUARTER':
      return BigInt(Math.floor((month + 2) / 3))
    case 'MONTH':
      return BigInt(month)
    case 'WEEK':
      return BigInt(isoWeek(days).week)
    case 'DAY':
      return BigInt(day)
    case 'DOW':
      return BigInt(dayOfWeek(days) + 1)
    case 'ISODOW':
      return BigInt(floorMod(days + 3, 7) + 1)
    case 'DOY':
      return BigInt(dayOfYear(days))
    case 'EPOCH':
      return BigInt(days) * 86_400n
    case 'HOUR':
    case 'MINUTE':
    case 'SECOND':
    case 'MILLISECOND':
    case 'MICROSECOND':
    case 'NANOSECOND':
      return 0n
  }
}

/** As `extractFromDate`; HOUR to NANOSECOND of the wall clock, the last three within their second. */
export function extractFromTimestamp(unit: TimeUnit, ns: bigint): bigint {
  switch (unit) {
    case 'EPOCH':
      return floorDivBig(ns, NS_PER_SECOND)
    case 'HOUR':
    case 'MINUTE':
    case 'SECOND':
    case 'MILLISECOND':
    case 'MICROSECOND':
    case 'NANOSECOND':
      return extractFromNanoOfDay(unit, nanoOfDay(ns))
    default:
      return extractFromDate(unit, dateOfTimestamp(ns))
  }
}

type ClockUnit = 'HOUR' | 'MINUTE' | 'SECOND' | 'MILLISECOND' | 'MICROSECOND' | 'NANOSECOND'

/** True for the units that a TIME has. */
export function isClockUnit(unit: TimeUnit): unit is ClockUnit {
  return (
    unit === 'HOUR' || unit === 'MINUTE' || unit === 'SECOND' || unit === 'MILLISECOND' || unit === 'MICROSECOND' || unit === 'NANOSECOND'
  )
}

export function extractFromNanoOfDay(unit: ClockUnit, nanos: bigint): bigint {
  switch (unit) {
    case 'HOUR':
      return nanos / 3_600_000_000_000n
    case 'MINUTE':
      return (nanos / 60_000_000_000n) % 60n
    case 'SECOND':
      return (nanos / NS_PER_SECOND) % 60n
    case 'MILLISECOND':
      return (nanos % NS_PER_SECOND) / NS_PER_MS
    case 'MICROSECOND':
      return (nanos % NS_PER_SECOND) / 1_000n
    case 'NANOSECOND':
      return nanos % NS_PER_SECOND
  }
}

/** The first day of the unit that a date lies in; weeks start on Sunday. Units below a day change nothing. */
export function floorDate(days: number, unit: TimeUnit): number {
  const { year, month } = civilFromDays(days)
  switch (unit) {
    case 'MILLENNIUM':
      return daysFromCivil(1000 * Math.floor((year + 999) / 1000) - 999, 1, 1)
    case 'CENTURY':
      return daysFromCivil(100 * Math.floor((year + 99) / 100) - 99, 1, 1)
    case 'DECADE':
      return daysFromCivil(10 * Math.floor(year / 10), 1, 1)
    case 'YEAR':
      return daysFromCivil(year, 1, 1)
    case 'ISOYEAR': {
      const fourth = daysFromCivil(isoWeek(days).year, 1, 4)
      return fourth - floorMod(fourth + 3, 7)
    }
    case 'QUARTER':
      return daysFromCivil(year, month - ((month - 1) % 3), 1)
    case 'MONTH':
      return daysFromCivil(year, month, 1)
    case 'WEEK':
      return days - dayOfWeek(days)
    default:
      return days
  }
}

/**
 * The first day of the next unit, or the date itself on a border of WEEK, MONTH and YEAR. As in Flink, QUARTER moves on from every day but 1 January,
 * and DECADE, CENTURY and MILLENNIUM always.
 */
export function ceilDate(days: number, unit: TimeUnit): number {
  const { year, month, day } = civilFromDays(days)
  switch (unit) {
    case 'MILLENNIUM':
      return daysFromCivil(1000 * Math.floor((year + 999) / 1000) + 1, 1, 1)
    case 'CENTURY':
      return daysFromCivil(100 * Math.floor((year + 99) / 100) + 1, 1, 1)
    case 'DECADE':
      return daysFromCivil(10 * Math.floor(year / 10) + 10, 1, 1)
    case 'YEAR':
      return month > 1 || day > 1 ? daysFromCivil(year + 1, 1, 1) : days
    case 'ISOYEAR': {
      const start = floorDate(days, 'ISOYEAR')
      return start === days ? days : floorDate(start + 372, 'ISOYEAR')
    }
    case 'QUARTER':
      return month > 1 || day > 1 ? daysFromCivil(year, Math.floor((month + 2) / 3) * 3 + 1, 1) : days
    case 'MONTH':
      return day > 1 ? daysFromCivil(year, month + 1, 1) : days
    case 'WEEK':
      return dayOfWeek(days) === 0 ? days : days + 7 - dayOfWeek(days)
    default:
      return days
  }
}

/** The start of the unit that a timestamp lies in. */
export function floorTimestamp(ns: bigint, unit: TimeUnit): bigint {
  const step = unit === 'WEEK' ? undefined : NS_PER_UNIT[unit]
  if (step !== undefined) return floorDivBig(ns, step) * step
  return timestampOfDate(floorDate(dateOfTimestamp(ns), unit))
}

/** The start of the next unit, or the timestamp itself on a border. As in Flink, units of days and longer look at the date only: CEIL of a Sunday's noon TO WEEK is that Sunday. */
export function ceilTimestamp(ns: bigint, unit: TimeUnit): bigint {
  const step = unit === 'WEEK' ? undefined : NS_PER_UNIT[unit]
  if (step !== undefined) return -floorDivBig(-ns, step) * step
  return timestampOfDate(ceilDate(dateOfTimestamp(ns), unit))
}
