import { dayOfWeek, dayOfYear, daysFromCivil, daysInMonth, isLeapYear, timestampOfDate } from './datetime.ts'
import { ERAS, MONTHS, QUARTERS, SHORT_ERAS, WEEKDAYS, type DateTimePattern, type PatternItem } from './datetime-pattern.ts'

/*
 * Reads text by the patterns of `java.time.format.DateTimeFormatter`, strict about the text and "smart" about its values: February 30 is the month's last day,
 * 24:00 the next midnight.
 */

/** Fields read so far, by their meaning; a field read twice must have one value. */
type Fields = Map<FieldName, number>

type FieldName =
  | 'era'
  | 'yearOfEra'
  | 'year'
  | 'weekYear'
  | 'week'
  | 'weekOfMonth'
  | 'quarter'
  | 'month'
  | 'day'
  | 'dayOfYear'
  | 'weekday'
  | 'alignedDay'
  | 'amPm'
  | 'hour'
  | 'clockHour'
  | 'hour12'
  | 'clockHour12'
  | 'minute'
  | 'second'
  | 'nano'
  | 'milliOfDay'
  | 'nanoOfDay'
  | 'offset'

const NUMBER_FIELDS: ReadonlyMap<string, FieldName> = new Map(
  (
    'u year,y yearOfEra,Y weekYear,D dayOfYear,M month,L month,d day,Q quarter,q quarter,w week,W weekOfMonth,e weekday,c weekday,F alignedDay,' +
    'h clockHour12,K hour12,k clockHour,H hour,m minute,s second,A milliOfDay,n nano,N nanoOfDay'
  )
    .split(',')
    .map((entry) => [entry[0]!, entry.slice(2) as FieldName] as const),
)

/** A wall clock time read by a pattern; parts that the pattern lacks are those of 1970-01-01 00:00:00. Undefined when the text does not fit. */
export function parseWithPattern(pattern: DateTimePattern, text: string): bigint | undefined {
  const fields: Fields = new Map()
  return parseItems(pattern.items, text, 0, fields) === text.length ? resolve(fields) : undefined
}

/** Reads the items one after another and returns the position behind, or -1. */
function parseItems(items: readonly PatternItem[], text: string, start: number, fields: Fields): number {
  let at = start
  for (let i = 0; i < items.length && at >= 0; i++) {
    const item = items[i]!
    if (item.kind === 'literal') {
      at = text.startsWith(item.text, at) ? at + item.text.length : -1
    } else if (item.kind === 'field') {
      at = parseField(item.letter, item.count, text, at, fields, widthBehind(items, i))
    } else {
      const inner: Fields = new Map(fields)
      const end = parseItems(item.items, text, at, inner)
      if (end < 0) continue
      for (const [name, value] of inner) fields.set(name, value)
      at = end
    }
  }
  return at
}

/** Digits of the fixed-width numbers that follow directly: a number of any width leaves them their digits. */
function widthBehind(items: readonly PatternItem[], index: number): number {
  const first = items[index]!
  if (first.kind !== 'field' || fixedWidth(first.letter, first.count) !== undefined) return 0
  let width = 0
  for (const item of items.slice(index + 1)) {
    const own = item.kind === 'field' ? fixedWidth(item.letter, item.count) : undefined
    if (own === undefined) return width
    width += own
  }
  return width
}

/** How many digits a numeric field always has; undefined when that varies, or when it is no number. */
function fixedWidth(letter: string, count: number): number | undefined {
  if (letter === 'S') return count
  if ('yuY'.includes(letter)) return count === 2 ? 2 : undefined
  if (letter === 'D') return count === 3 ? 3 : undefined
  if ('dhHkKmsw'.includes(letter)) return count === 2 ? 2 : undefined
  return 'MLQqec'.includes(letter) && count === 2 ? 2 : undefined
}

function parseField(letter: string, count: number, text: string, at: number, fields: Fields, reserved: number): number {
  switch (letter) {
    case 'G':
      return parseName(count === 4 ? ERAS : count === 5 ? ['B', 'A'] : SHORT_ERAS, text, at, fields, 'era')
    case 'E':
      return parseWeekday(count, text, at, fields)
    case 'a':
      return parseName(['AM', 'PM'], text, at, fields, 'amPm')
    case 'B':
      return -1
    case 'S':
      return parseFraction(count, text, at, fields)
    case 'V':
    case 'z':
    case 'O':
    case 'X':
    case 'x':
    case 'Z': {
      const offset = parseOffset(letter, count, text, at)
      return offset === undefined ? -1 : put(fields, 'offset', offset.seconds, offset.end)
    }
    case 'M':
    case 'L':
      if (count >= 3) return parseName(names(MONTHS, count), text, at, fields, 'month', 1)
      break
    case 'Q':
    case 'q':
      if (count >= 3)
        return parseName(
          count === 3 ? ['Q1', 'Q2', 'Q3', 'Q4'] : count === 4 ? QUARTERS : ['1', '2', '3', '4'],
          text,
          at,
          fields,
          'quarter',
          1,
        )
      break
    case 'e':
    case 'c':
      if (count >= 3) return parseWeekday(count, text, at, fields)
      break
  }
  return parseNumber(letter, count, text, at, fields, reserved)
}

function names(full: readonly string[], count: number): readonly string[] {
  return count === 4 ? full : full.map((name) => name.slice(0, count === 5 ? 1 : 3))
}

function parseWeekday(count: number, text: string, at: number, fields: Fields): number {
  return parseName(names(WEEKDAYS, Math.max(count, 3)), text, at, fields, 'weekday', 1)
}

function parseName(list: readonly string[], text: string, at: number, fields: Fields, field: FieldName, base = 0): number {
  let found = -1
  for (let i = 0; i < list.length; i++) {
    if (text.startsWith(list[i]!, at) && (found < 0 || list[i]!.length > list[found]!.length)) found = i
  }
  return found < 0 ? -1 : put(fields, field, found + base, at + list[found]!.length)
}

function parseFraction(count: number, text: string, at: number, fields: Fields): number {
  const digits = text.slice(at, at + count)
  if (digits.length < count || !/^[0-9]+$/.test(digits)) return -1
  return put(fields, 'nano', Number(digits.padEnd(9, '0')), at + count)
}

function parseNumber(letter: string, count: number, text: string, at: number, fields: Fields, reserved: number): number {
  const isYear = 'yuY'.includes(letter)
  const fixed = fixedWidth(letter, count)
  const least = fixed ?? (isYear || letter === 'D' || 'AnN'.includes(letter) ? count : 1)
  const sign = isYear && fixed === undefined && /[+-]/.test(text[at] ?? '') ? text[at]! : ''
  const from = at + sign.length
  let end = from
  while (end < text.length && end - from < (fixed ?? 19) && text.charCodeAt(end) >= 48 && text.charCodeAt(end) <= 57) end++
  if (reserved > 0) end = Math.min(end, Math.max(from + least, end - reserved))
  if (end - from < least) return -1
  // As in Java: a plus sign only before a year with more digits than its letters, and then it must be there.
  if (isYear && count >= 4 && (sign === '+') !== end - from > count && sign !== '-') return -1
  const digits = Number(text.slice(from, end))
  if (!Number.isSafeInteger(digits)) return -1
  const value = isYear && count === 2 ? 2000 + digits : sign === '-' ? -digits : digits
  return put(fields, NUMBER_FIELDS.get(letter)!, value, end)
}

function put(fields: Fields, field: FieldName, value: number, end: number): number {
  if (fields.has(field) && fields.get(field) !== value) return -1
  fields.set(field, value)
  return end
}

/** A zone or an offset at a place of a text: its seconds east of UTC (0 for a named zone, which is not looked up), and where it ends. */
export function parseOffset(
  letter: string,
  count: number,
  text: string,
  at: number,
): { readonly seconds: number; readonly end: number } | undefined {
  const form =
    letter === 'z' || letter === 'V'
      ? /(?:(?:GMT|UTC|UT)?[+-]\d{1,2}(?::?\d{2})?|[A-Za-z]+(?:\/[A-Za-z_+-]+\d*)*)/y
      : letter === 'O' || (letter === 'Z' && count === 4)
        ? /GMT(?:[+-]\d{1,2}(?::\d{2}(?::\d{2})?)?)?/y
        : offsetForm(letter, count)
  form.lastIndex = at
  const match = form.exec(text)
  if (match === null) return undefined
  const parts = /([+-])(\d{1,2}):?(\d{2})?:?(\d{2})?$/.exec(match[0])
  const size = parts === null ? 0 : Number(parts[2]) * 3600 + Number(parts[3] ?? 0) * 60 + Number(parts[4] ?? 0)
  return { seconds: parts?.[1] === '-' ? -size : size, end: at + match[0].length }
}

/** `X` and `ZZZZZ` take a Z for UTC, `x` and `Z` do not. */
function offsetForm(letter: string, count: number): RegExp {
  const zulu = letter === 'X' || (letter === 'Z' && count === 5) ? 'Z|' : ''
  const width = letter === 'Z' ? (count === 5 ? 5 : 2) : count
  const digits =
    width === 1
      ? '\\d{2}(?:\\d{2})?'
      : width === 2
        ? '\\d{4}'
        : width === 3
          ? '\\d{2}:\\d{2}'
          : width === 4
            ? '\\d{4}(?:\\d{2})?'
            : '\\d{2}:\\d{2}(?::\\d{2})?'
  return new RegExp(`${zulu}[+-]${digits}`, 'y')
}

const inRange = (value: number | undefined, least: number, most: number): boolean =>
  value === undefined || (value >= least && value <= most)

function resolve(fields: Fields): bigint | undefined {
  const time = resolveTime(fields)
  const days = resolveDate(fields)
  if (time === undefined || days === undefined) return undefined
  return timestampOfDate(days) + time
}

/** Nanoseconds from midnight; a whole day for 24:00. */
function resolveTime(fields: Fields): bigint | undefined {
  const get = (name: FieldName): number | undefined => fields.get(name)
  if (!inRange(get('clockHour'), 1, 24) || !inRange(get('clockHour12'), 1, 12) || !inRange(get('hour12'), 0, 11)) return undefined
  if (!inRange(get('minute'), 0, 59) || !inRange(get('second'), 0, 59) || !inRange(get('nano'), 0, 999_999_999)) return undefined
  const nanoOfDay = get('nanoOfDay')
  if (nanoOfDay !== undefined) return nanoOfDay < 86_400e9 ? BigInt(nanoOfDay) : undefined
  const milliOfDay = get('milliOfDay')
  if (milliOfDay !== undefined)
    return milliOfDay < 86_400_000 ? BigInt(milliOfDay) * 1_000_000n + BigInt((get('nano') ?? 0) % 1_000_000) : undefined
  const clockHour = get('clockHour')
  const clockHour12 = get('clockHour12')
  const hour12 = get('hour12') ?? (clockHour12 === undefined ? undefined : clockHour12 % 12)
  const amPm = get('amPm')
  const candidates = [
    get('hour'),
    clockHour === undefined ? undefined : clockHour % 24,
    // Without AM or PM an hour of twelve stays unknown, and an unknown hour counts as 0.
    hour12 === undefined || amPm === undefined ? undefined : amPm * 12 + hour12,
  ].filter((hour) => hour !== undefined)
  const hour = candidates[0] ?? 0
  if (candidates.some((other) => other !== hour)) return undefined
  const minute = get('minute') ?? 0
  const second = get('second') ?? 0
  const nano = get('nano') ?? 0
  if (hour > 23 && !(hour === 24 && minute === 0 && second === 0 && nano === 0)) return undefined
  return BigInt(hour * 3600 + minute * 60 + second) * 1_000_000_000n + BigInt(nano)
}

function resolveDate(fields: Fields): number | undefined {
  const get = (name: FieldName): number | undefined => fields.get(name)
  const yearOfEra = get('yearOfEra')
  if (yearOfEra !== undefined && yearOfEra < 1) return undefined
  const year = get('year') ?? (yearOfEra !== undefined && get('era') === 0 ? 1 - yearOfEra : yearOfEra)
  if (!inRange(get('month'), 1, 12) || !inRange(get('day'), 1, 31) || !inRange(get('dayOfYear'), 1, 366)) return undefined
  const weekYear = get('weekYear')
  const week = get('week')
  const weekday = get('weekday')
  const dayInYear = get('dayOfYear')
  let days: number
  if (get('month') === undefined && year !== undefined && dayInYear !== undefined) {
    if (dayInYear === 366 && !isLeapYear(year)) return undefined
    days = daysFromCivil(year, 1, dayInYear)
  } else if (get('month') === undefined && weekYear !== undefined && week !== undefined && weekday !== undefined) {
    if (week < 1 || week > 54 || weekday < 1 || weekday > 7) return undefined
    const newYear = daysFromCivil(weekYear, 1, 1)
    days = newYear - dayOfWeek(newYear) + (week - 1) * 7 + weekday - 1
  } else {
    const month = get('month') ?? 1
    const day = get('day') ?? 1
    days = daysFromCivil(year ?? 1970, month, Math.min(day, daysInMonth(year ?? 1970, month)))
    const isWhole = year !== undefined && get('month') !== undefined && get('day') !== undefined
    // A weekday that contradicts a whole date is an error; without a whole date nothing checks it.
    if (isWhole && weekday !== undefined && weekday !== dayOfWeek(days) + 1) return undefined
    if (isWhole && dayInYear !== undefined && dayInYear !== dayOfYear(days)) return undefined
    if (isWhole && get('quarter') !== undefined && get('quarter') !== Math.floor((month + 2) / 3)) return undefined
  }
  return days
}
