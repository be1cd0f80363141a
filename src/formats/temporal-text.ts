import { MS_PER_DAY, NS_PER_MS, daysFromCivil, daysInMonth, truncateTimestamp } from '../data/datetime.ts'

/**
 * Dates and times in files, as the Java formatters behind Flink's formats read them; stricter than CAST: every field has its two digits, and there
 * are no blanks.
 *
 * Flink resolves timestamps "smartly": a day up to 31 that its month does not have is the month's last day, and 24:00:00 is the next midnight.
 * A DATE, and an ISO-8601 TIMESTAMP, must exist.
 */
export type TimestampStandard = 'SQL' | 'ISO-8601' | 'ISO-8601-WITH-OFFSET'

const date = '([+-]?\\d{4,10})-(\\d\\d)-(\\d\\d)'
const wholeSeconds = '(\\d\\d):(\\d\\d):(\\d\\d)(?:\\.(\\d{0,9}))?'
const isoTime = '(\\d\\d):(\\d\\d)(?::(\\d\\d)(?:\\.(\\d{0,9}))?)?'
const offset = '(Z|z|[+-]\\d\\d(?::?\\d\\d(?::?\\d\\d)?)?)'
const dateText = new RegExp(`^${date}$`)
const sqlTimeText = new RegExp(`^${wholeSeconds}$`)
const isoTimeText = new RegExp(`^${isoTime}$`)
const sqlText = new RegExp(`^${date} ${wholeSeconds}$`)
const sqlZonedText = new RegExp(`^${date} ${wholeSeconds}Z$`)
const isoText = new RegExp(`^${date}[Tt]${isoTime}$`)
const isoZonedText = new RegExp(`^${date}T${isoTime}Z$`)
const isoOffsetText = new RegExp(`^${date}T${isoTime}${offset}$`)

/** Days of `2024-02-29`, a day that exists; undefined otherwise. */
export function parseIsoDate(text: string): number | undefined {
  const parts = dateText.exec(text)
  return parts === null ? undefined : resolveDate(parts, 'strict')
}

/** Milliseconds of `23:59:59.123`, cut to `precision` digits. */
export function parseSqlTime(text: string, precision: number): number | undefined {
  const parts = sqlTimeText.exec(text)
  if (parts === null) return undefined
  const ns = resolveTime(parts, 1, 'smart')
  return ns === undefined ? undefined : cutTime(ns % (24n * 3_600_000_000_000n), precision)
}

/** As `parseSqlTime`; the seconds may be left out. */
export function parseIsoTime(text: string, precision: number): number | undefined {
  const parts = isoTimeText.exec(text)
  if (parts === null) return undefined
  const ns = resolveTime(parts, 1, 'strict')
  return ns === undefined ? undefined : cutTime(ns, precision)
}

function cutTime(ns: bigint, precision: number): number {
  const ms = Number(ns / NS_PER_MS)
  const step = precision >= 3 ? 1 : 10 ** (3 - precision)
  return Math.floor(ms / step) * step
}

/** Nanoseconds of a TIMESTAMP, cut to `precision` digits of a second. */
export function parseTimestampText(text: string, standard: TimestampStandard, precision: number): bigint | undefined {
  if (standard === 'ISO-8601-WITH-OFFSET') {
    const parts = isoOffsetText.exec(text)
    return parts === null ? undefined : resolveTimestamp(parts, 'smart', precision)
  }
  const parts = (standard === 'SQL' ? sqlText : isoText).exec(text)
  return parts === null ? undefined : resolveTimestamp(parts, standard === 'SQL' ? 'smart' : 'strict', precision)
}

/** Nanoseconds of a TIMESTAMP_LTZ, which ends with Z. */
export function parseInstantText(text: string, standard: TimestampStandard, precision: number): bigint | undefined {
  const parts = (standard === 'SQL' ? sqlZonedText : standard === 'ISO-8601' ? isoZonedText : isoOffsetText).exec(text)
  return parts === null ? undefined : resolveTimestamp(parts, 'smart', precision)
}

type Resolver = 'strict' | 'smart'

function resolveTimestamp(parts: RegExpExecArray, resolver: Resolver, precision: number): bigint | undefined {
  const days = resolveDate(parts, resolver)
  const time = resolveTime(parts, 4, resolver)
  if (days === undefined || time === undefined) return undefined
  const shift = parts[8] === undefined ? 0n : offsetNanos(parts[8])
  return truncateTimestamp(BigInt(days) * BigInt(MS_PER_DAY) * NS_PER_MS + time - shift, precision)
}

function resolveDate(parts: RegExpExecArray, resolver: Resolver): number | undefined {
  const yearText = parts[1]!
  // Five digits and more need a sign, four must not have a plus.
  const digits = yearText.replace(/^[+-]/, '').length
  if (yearText.startsWith('+') ? digits <= 4 : digits > 4 && !yearText.startsWith('-')) return undefined
  const year = Number(yearText)
  const month = Number(parts[2])
  const day = Number(parts[3])
  if (month < 1 || month > 12 || day < 1 || day > 31) return undefined
  const lastDay = daysInMonth(year, month)
  if (day > lastDay && resolver === 'strict') return undefined
  return daysFromCivil(year, month, Math.min(day, lastDay))
}

function resolveTime(parts: RegExpExecArray, first: number, resolver: Resolver): bigint | undefined {
  const hour = Number(parts[first])
  const minute = Number(parts[first + 1])
  const second = Number(parts[first + 2] ?? 0)
  const nanos = Number((parts[first + 3] ?? '').padEnd(9, '0'))
  const isNextMidnight = hour === 24 && minute === 0 && second === 0 && nanos === 0 && resolver === 'smart'
  if ((hour > 23 && !isNextMidnight) || minute > 59 || second > 59) return undefined
  return BigInt(hour * 3600 + minute * 60 + second) * 1_000_000_000n + BigInt(nanos)
}

function offsetNanos(text: string): bigint {
  if (text === 'Z' || text === 'z') return 0n
  const digits = text.slice(1).replaceAll(':', '').padEnd(6, '0')
  const seconds = Number(digits.slice(0, 2)) * 3600 + Number(digits.slice(2, 4)) * 60 + Number(digits.slice(4, 6))
  return BigInt(text.startsWith('-') ? -seconds : seconds) * 1_000_000_000n
}
