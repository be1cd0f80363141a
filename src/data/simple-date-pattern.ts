import { type CivilDate, civilFromDays, dayOfWeek, dayOfYear, daysFromCivil, floorMod, MS_PER_DAY } from './datetime.ts'
import { MONTHS, splitPattern, WEEKDAYS, weekOfMonth, weekOfYear } from './datetime-pattern.ts'
import { parseOffset } from './datetime-pattern-parse.ts'
import { zone as lookupZone } from './time-zone.ts'
import type { Zone } from './time-zone.ts'

/*
 * Patterns of Java's older `java.text.SimpleDateFormat`, which FROM_UNIXTIME, UNIX_TIMESTAMP, CONVERT_TZ and TO_DATE with a pattern follow. It differs
 * from the newer patterns in what it forgives: values out of range roll over (February 30 is March 1 or 2), numbers may have fewer digits,
 * names ignore case, and text behind the pattern is ignored. `S` is a number of milliseconds, not a fraction; `u` the weekday from Monday = 1.
 */

export interface SimpleDatePattern {
  readonly items: readonly SimpleItem[]
}

type SimpleItem =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'field'; readonly letter: string; readonly count: number; readonly isAbutting: boolean }

const LETTERS = 'GyYMLwWDdFEuaHkKhmsSzZX'

/** Compiles a pattern; a text is the reason why it is none. */
export function compileSimpleDatePattern(text: string): SimpleDatePattern | string {
  const raw = splitPattern(text)
  if (raw === undefined) return 'a quote is not closed'
  const items: SimpleItem[] = []
  for (const [i, item] of raw.entries()) {
    if (item.kind === 'literal') {
      items.push({ kind: 'literal', text: item.text })
      continue
    }
    if (!LETTERS.includes(item.letter)) return `"${item.letter}" is no pattern letter`
    if (item.letter === 'X' && item.count > 3) return `"X" stands ${item.count} times`
    const next = raw[i + 1]
    const isAbutting = isNumber(item.letter, item.count) && next?.kind === 'field' && isNumber(next.letter, next.count)
    items.push({ kind: 'field', letter: item.letter, count: item.count, isAbutting })
  }
  return { items }
}

function isNumber(letter: string, count: number): boolean {
  return !'GEazZX'.includes(letter) && !('ML'.includes(letter) && count > 2)
}

const pad = (value: number, width: number): string => (width === 2 && value < 10 ? `0${value}` : String(value).padStart(width, '0'))

/** The text of an instant on the wall clock of a zone. */
export function formatSimpleDate(pattern: SimpleDatePattern, utcMs: number, zone: Zone): string {
  const offsetMs = zone.offsetAtUtc(utcMs)
  const localMs = utcMs + offsetMs
  const days = Math.floor(localMs / MS_PER_DAY)
  const moment: Moment = { ...civilFromDays(days), days, msOfDay: localMs - days * MS_PER_DAY, offsetMs, zone, utcMs }
  let text = ''
  for (const item of pattern.items) text += item.kind === 'literal' ? item.text : formatField(item.letter, item.count, moment)
  return text
}

interface Moment extends CivilDate {
  readonly days: number
  readonly msOfDay: number
  readonly offsetMs: number
  readonly zone: Zone
  readonly utcMs: number
}

function formatField(letter: string, count: number, moment: Moment): string {
  const { days, msOfDay, year, month, day } = moment
  const hour = Math.floor(msOfDay / 3_600_000)
  switch (letter) {
    case 'G':
      return year > 0 ? 'AD' : 'BC'
    case 'y':
      return formatYear(year > 0 ? year : 1 - year, count)
    case 'Y':
      return formatYear(weekOfYear(days).year, count)
    case 'M':
    case 'L':
      return count <= 2 ? pad(month, count) : formatName(MONTHS[month - 1]!, count)
    case 'w':
      return pad(weekOfYear(days).week, count)
    case 'W':
      return pad(weekOfMonth(days), count)
    case 'D':
      return pad(dayOfYear(days), count)
    case 'd':
      return pad(day, count)
    case 'F':
      return pad(Math.floor((day - 1) / 7) + 1, count)
    case 'E':
      return formatName(WEEKDAYS[dayOfWeek(days)]!, count)
    case 'u':
      return pad(floorMod(days + 3, 7) + 1, count)
    case 'a':
      return hour < 12 ? 'AM' : 'PM'
    case 'H':
      return pad(hour, count)
    case 'k':
      return pad(hour === 0 ? 24 : hour, count)
    case 'K':
      return pad(hour % 12, count)
    case 'h':
      return pad(((hour + 11) % 12) + 1, count)
    case 'm':
      return pad(Math.floor(msOfDay / 60_000) % 60, count)
    case 's':
      return pad(Math.floor(msOfDay / 1_000) % 60, count)
    case 'S':
      return pad(msOfDay % 1_000, count)
    case 'z':
      return formatZone(moment, count)
    default:
      return formatOffset(moment.offsetMs, letter, count)
  }
}

function formatYear(year: number, count: number): string {
  return count === 2 ? pad(year % 100, 2) : pad(year, count)
}

function formatName(name: string, count: number): string {
  return count >= 4 ? name : name.slice(0, 3)
}

/** The zone's short name (`CET`, or its offset where English has none), four letters for the long one. */
function formatZone({ zone, utcMs, offsetMs }: Moment, count: number): string {
  if (/^(?:UTC|GMT|UT|Z)$/.test(zone.name)) return count >= 4 ? 'Coordinated Universal Time' : 'UTC'
  if (/^GMT[+-]/.test(zone.name)) return `GMT${formatOffset(offsetMs, 'X', 3)}`
  // Each English knows the short names of its own part of the world; elsewhere Intl gives an offset.
  for (const locale of ['en-US', 'en-GB', 'en-AU', 'en-IN', 'en-ZA']) {
    const format = new Intl.DateTimeFormat(locale, { timeZone: zone.name, timeZoneName: count >= 4 ? 'long' : 'short' })
    const name = format.formatToParts(utcMs).find((part) => part.type === 'timeZoneName')?.value
    if (name !== undefined && !/[+-]\d/.test(name)) return name
  }
  return `GMT${formatOffset(offsetMs, 'X', 3)}`
}

/** `Z` is `+0130`; `X`, `XX`, `XXX` are `+01`, `+0130`, `+01:30`, and Z for UTC. */
function formatOffset(offsetMs: number, letter: string, count: number): string {
  if (letter === 'X' && offsetMs === 0) return 'Z'
  const minutes = Math.floor(Math.abs(offsetMs) / 60_000)
  const hours = `${offsetMs < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60), 2)}`
  if (letter === 'X' && count === 1) return hours
  return `${hours}${letter === 'X' && count === 3 ? ':' : ''}${pad(minutes % 60, 2)}`
}

// --- Reading ------------------------------------------------------------------------------------------------------------------------

interface Reading {
  readonly values: Map<string, number>
  zone: Zone | undefined
  offsetSeconds: number | undefined
}

/**
 * The instant that a text names on the wall clock of `zone`, unless the text itself names a zone; undefined when it does not fit. `nowMs` is asked
 * only for a year with two digits, whose century it decides: 80 years back, 20 ahead.
 */
export function parseSimpleDate(pattern: SimpleDatePattern, text: string, zone: Zone, nowMs: () => number): number | undefined {
  const reading: Reading = { values: new Map(), zone: undefined, offsetSeconds: undefined }
  let at = 0
  for (const item of pattern.items) {
    if (item.kind === 'literal') at = text.startsWith(item.text, at) ? at + item.text.length : -1
    else at = parseField(item, text, skipBlanks(text, at), reading, nowMs)
    if (at < 0) return undefined
  }
  const localMs = resolve(reading.values)
  if (reading.offsetSeconds !== undefined) return localMs - reading.offsetSeconds * 1000
  return (reading.zone ?? zone).localToUtcLater(localMs)
}

function skipBlanks(text: string, at: number): number {
  let end = at
  while (text[end] === ' ' || text[end] === '\t') end++
  return end
}

function parseField(item: Extract<SimpleItem, { kind: 'field' }>, text: string, at: number, reading: Reading, nowMs: () => number): number {
  const { letter, count } = item
  switch (letter) {
    case 'G':
      return parseName(['BC', 'AD'], text, at, reading, 'G')
    case 'E':
      return parseName(WEEKDAYS, text, at, reading, 'E')
    case 'a':
      return parseName(['AM', 'PM'], text, at, reading, 'a')
    case 'z':
    case 'Z':
    case 'X':
      return parseZone(letter, count, text, at, reading)
    case 'M':
    case 'L':
      if (count > 2) return parseName(MONTHS, text, at, reading, 'M')
      break
  }
  const most = item.isAbutting ? count : Infinity
  let end = at
  while (end < text.length && end - at < most && text.charCodeAt(end) >= 48 && text.charCodeAt(end) <= 57) end++
  if (end === at || (item.isAbutting && end - at < count) || end - at > 15) return -1
  let value = Number(text.slice(at, end))
  if (letter === 'y' && count <= 2 && end - at === 2) value = nearCentury(value, nowMs())
  reading.values.set(letter === 'L' ? 'M' : letter, letter === 'M' || letter === 'L' ? value - 1 : value)
  return end
}

function nearCentury(twoDigits: number, nowMs: number): number {
  const first = new Date(nowMs).getUTCFullYear() - 80
  const century = Math.floor(first / 100) * 100
  return twoDigits + century < first ? twoDigits + century + 100 : twoDigits + century
}

/** Full names and their first three letters, in any case. */
function parseName(list: readonly string[], text: string, at: number, reading: Reading, key: string): number {
  const rest = text.slice(at, at + 12).toLowerCase()
  for (const [i, name] of list.entries()) {
    const lower = name.toLowerCase()
    const length = rest.startsWith(lower) ? lower.length : lower.length > 3 && rest.startsWith(lower.slice(0, 3)) ? 3 : 0
    if (length === 0) continue
    reading.values.set(key, i)
    return at + length
  }
  return -1
}

function parseZone(letter: string, count: number, text: string, at: number, reading: Reading): number {
  if (letter === 'X') {
    const offset = parseOffset('X', count, text, at)
    if (offset === undefined) return -1
    reading.offsetSeconds = offset.seconds
    return offset.end
  }
  // Both z and Z take names as well as offsets.
  const offset = parseOffset('Z', 2, text, at) ?? parseOffset('z', 1, text, at)
  if (offset === undefined) return -1
  const name = text.slice(at, offset.end)
  if (/\d/.test(name)) reading.offsetSeconds = offset.seconds
  else reading.zone = lookupLegacyZone(name)
  return /\d/.test(name) || reading.zone !== undefined ? offset.end : -1
}

/** Wall clock milliseconds of the values read; what is missing is that of 1970-01-01 00:00:00, and everything rolls over. */
function resolve(values: ReadonlyMap<string, number>): number {
  const get = (letter: string): number | undefined => values.get(letter)
  const yearOfEra = get('y') ?? get('Y') ?? 1970
  const year = get('G') === 0 ? 1 - yearOfEra : yearOfEra
  const dayInYear = get('D')
  const week = get('w')
  let days: number
  if (dayInYear !== undefined && get('d') === undefined) {
    days = daysFromCivil(year, 1, 1) + dayInYear - 1
  } else if (week !== undefined && get('d') === undefined) {
    const newYear = daysFromCivil(year, 1, 1)
    const weekday = get('E') ?? (get('u') ?? 7) % 7
    days = newYear - dayOfWeek(newYear) + (week - 1) * 7 + weekday
  } else {
    days = daysFromCivil(year, (get('M') ?? 0) + 1, get('d') ?? 1)
  }
  const hour12 = get('h') === 12 ? 0 : (get('h') ?? get('K'))
  const hour24 = get('H') ?? (get('k') === 24 ? 0 : get('k'))
  const hour = hour24 ?? (hour12 ?? 0) + (get('a') ?? 0) * 12
  return days * MS_PER_DAY + hour * 3_600_000 + (get('m') ?? 0) * 60_000 + (get('s') ?? 0) * 1_000 + (get('S') ?? 0)
}

/** Three-letter names that Java still knows beside those of the time zone database. */
const LEGACY_ZONES: ReadonlyMap<string, string> = new Map(
  (
    'ACT Australia/Darwin,AET Australia/Sydney,AGT America/Argentina/Buenos_Aires,ART Africa/Cairo,AST America/Anchorage,' +
    'BET America/Sao_Paulo,BST Asia/Dhaka,CAT Africa/Harare,CNT America/St_Johns,CST America/Chicago,CTT Asia/Shanghai,' +
    'EAT Africa/Addis_Ababa,ECT Europe/Paris,EST GMT-05:00,HST GMT-10:00,IET America/Indiana/Indianapolis,IST Asia/Kolkata,' +
    'JST Asia/Tokyo,MIT Pacific/Apia,MST GMT-07:00,NET Asia/Yerevan,NST Pacific/Auckland,PLT Asia/Karachi,' +
    'PNT America/Phoenix,PRT America/Puerto_Rico,PST America/Los_Angeles,SST Pacific/Guadalcanal,VST Asia/Ho_Chi_Minh,' +
    'EDT America/New_York,CDT America/Chicago,MDT America/Denver,PDT America/Los_Angeles,CEST Europe/Berlin,' +
    'EEST Europe/Bucharest'
  )
    .split(',')
    .map((entry) => entry.split(' ') as [string, string]),
)

/** A zone as Java's `TimeZone.getTimeZone` finds it, three-letter names included; undefined where that falls back to GMT, as for `+08:00`. */
export function lookupLegacyZone(name: string): Zone | undefined {
  if (/^[+-]/.test(name)) return undefined
  return lookupZone(LEGACY_ZONES.get(name) ?? name)
}
