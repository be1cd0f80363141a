import { civilFromDays, dayOfWeek, dayOfYear, daysFromCivil, floorDivBig, floorMod, NS_PER_DAY } from './datetime.ts'

/*
 * Patterns of `java.time.format.DateTimeFormatter` (`yyyy-MM-dd HH:mm:ss.SSS`) in English of the United States, for DATE_FORMAT and
 * TO_TIMESTAMP: what it is made of and what it prints; `datetime-pattern-parse.ts` reads.
 * Weeks of `Y`, `w`, `W` and `e` start on Sunday and week 1 holds January 1.
 */

/** A compiled pattern; keep it between rows. */
export interface DateTimePattern {
  readonly items: readonly PatternItem[]
}

export type PatternItem =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'field'; readonly letter: string; readonly count: number }
  | { readonly kind: 'optional'; readonly items: readonly PatternItem[] }

export const MONTHS = 'January February March April May June July August September October November December'.split(' ')
export const WEEKDAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ')
export const QUARTERS = ['1st quarter', '2nd quarter', '3rd quarter', '4th quarter']
export const ERAS = ['Before Christ', 'Anno Domini']
export const SHORT_ERAS = ['BC', 'AD']

/** How often a letter may stand in a row; 19 where there is no narrower limit. */
const MAX_COUNT: ReadonlyMap<string, number> = new Map(
  'G5 u19 y19 D3 M5 L5 d2 Q5 q5 Y19 w2 W1 E5 e5 c5 F1 a1 B5 h2 K2 k2 H2 m2 s2 S9 A19 n19 N19 V2 z4 O4 X5 x5 Z5'
    .split(' ')
    .map((entry) => [entry[0]!, Number(entry.slice(1))] as const),
)

/** Compiles a pattern; a text is the reason why it is none. */
export function compileDateTimePattern(text: string): DateTimePattern | string {
  const open: PatternItem[][] = [[]]
  const items = splitPattern(text)
  if (items === undefined) return 'a quote is not closed'
  for (const item of items) {
    const top = open.at(-1)!
    if (item.kind === 'literal' && !item.isQuoted && item.text === '[') {
      open.push([])
    } else if (item.kind === 'literal' && !item.isQuoted && item.text === ']') {
      if (open.length === 1) return 'a "]" has no "["'
      open.pop()
      open.at(-1)!.push({ kind: 'optional', items: top })
    } else if (item.kind === 'literal') {
      if (!item.isQuoted && '{}#'.includes(item.text)) return `"${item.text}" is reserved`
      top.push({ kind: 'literal', text: item.text })
    } else {
      const most = MAX_COUNT.get(item.letter)
      if (most === undefined) return `"${item.letter}" is no pattern letter`
      if (item.count > most || (item.letter === 'O' && item.count !== 1 && item.count !== 4) || (item.letter === 'V' && item.count !== 2)) {
        return `"${item.letter}" stands ${item.count} times`
      }
      top.push({ kind: 'field', letter: item.letter, count: item.count })
    }
  }
  // An open bracket ends with the pattern.
  while (open.length > 1) {
    const inner = open.pop()!
    open.at(-1)!.push({ kind: 'optional', items: inner })
  }
  return { items: open[0]! }
}

type RawItem =
  | { readonly kind: 'literal'; readonly text: string; readonly isQuoted: boolean }
  | { readonly kind: 'field'; readonly letter: string; readonly count: number }

/** Runs of letters, quoted text (two quotes are one), and single other characters; undefined when a quote is not closed. */
export function splitPattern(text: string): readonly RawItem[] | undefined {
  const items: RawItem[] = []
  let i = 0
  while (i < text.length) {
    const letter = text[i]!
    if (letter === "'") {
      let content = ''
      let end = i + 1
      for (; end < text.length; end++) {
        if (text[end] !== "'") content += text[end]
        else if (text[end + 1] === "'") content += text[end++]
        else break
      }
      if (end >= text.length) return undefined
      items.push({ kind: 'literal', text: content === '' ? "'" : content, isQuoted: true })
      i = end + 1
    } else if (/[A-Za-z]/.test(letter)) {
      let end = i + 1
      while (text[end] === letter) end++
      items.push({ kind: 'field', letter, count: end - i })
      i = end
    } else {
      items.push({ kind: 'literal', text: letter, isQuoted: false })
      i++
    }
  }
  return items
}

// --- Printing -----------------------------------------------------------------------------------------------------------------------

/** What patterns print of a wall clock time. */
interface Clock {
  readonly days: number
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly nano: number
  readonly nanoOfDay: bigint
}

function readClock(ns: bigint): Clock {
  const wholeDays = floorDivBig(ns, NS_PER_DAY)
  const nanoOfDay = ns - wholeDays * NS_PER_DAY
  const days = Number(wholeDays)
  const seconds = Number(nanoOfDay / 1_000_000_000n)
  return {
    ...civilFromDays(days),
    days,
    hour: Math.floor(seconds / 3600),
    minute: Math.floor(seconds / 60) % 60,
    second: seconds % 60,
    nano: Number(nanoOfDay % 1_000_000_000n),
    nanoOfDay,
  }
}

/** The text of a wall clock time; undefined when the pattern asks for a zone, which a wall clock has not. */
export function formatWithPattern(pattern: DateTimePattern, ns: bigint): string | undefined {
  return formatItems(pattern.items, readClock(ns))
}

function formatItems(items: readonly PatternItem[], clock: Clock): string | undefined {
  let text = ''
  for (const item of items) {
    if (item.kind === 'literal') {
      text += item.text
      continue
    }
    const part = item.kind === 'field' ? formatField(item.letter, item.count, clock) : (formatItems(item.items, clock) ?? '')
    if (part === undefined) return undefined
    text += part
  }
  return text
}

const pad = (value: number | bigint, width: number): string => String(value).padStart(width, '0')

function formatField(letter: string, count: number, clock: Clock): string | undefined {
  switch (letter) {
    case 'G':
      return formatName(clock.year > 0 ? 1 : 0, count, ERAS, SHORT_ERAS)
    case 'y':
      return formatYear(clock.year > 0 ? clock.year : 1 - clock.year, count)
    case 'u':
      return formatYear(clock.year, count)
    case 'Y':
      return formatYear(weekOfYear(clock.days).year, count)
    case 'M':
    case 'L':
      return count <= 2 ? pad(clock.month, count) : formatName(clock.month - 1, count, MONTHS)
    case 'd':
      return pad(clock.day, count)
    case 'D':
      return pad(dayOfYear(clock.days), count)
    case 'Q':
    case 'q': {
      const quarter = Math.floor((clock.month + 2) / 3)
      if (count <= 2) return pad(quarter, count)
      return count === 3 ? `Q${quarter}` : count === 4 ? QUARTERS[quarter - 1]! : String(quarter)
    }
    case 'w':
      return pad(weekOfYear(clock.days).week, count)
    case 'W':
      return String(weekOfMonth(clock.days))
    case 'E':
      return formatName(dayOfWeek(clock.days), Math.max(count, 3), WEEKDAYS)
    case 'e':
    case 'c':
      return count <= 2 ? pad(dayOfWeek(clock.days) + 1, count) : formatName(dayOfWeek(clock.days), count, WEEKDAYS)
    case 'F':
      return String(((clock.day - 1) % 7) + 1)
    case 'a':
      return clock.hour < 12 ? 'AM' : 'PM'
    case 'B':
      return formatDayPeriod(clock)
    case 'h':
      return pad(((clock.hour + 11) % 12) + 1, count)
    case 'K':
      return pad(clock.hour % 12, count)
    case 'k':
      return pad(clock.hour === 0 ? 24 : clock.hour, count)
    case 'H':
      return pad(clock.hour, count)
    case 'm':
      return pad(clock.minute, count)
    case 's':
      return pad(clock.second, count)
    case 'S':
      return pad(clock.nano, 9).slice(0, count)
    case 'A':
      return pad(clock.nanoOfDay / 1_000_000n, count)
    case 'n':
      return pad(clock.nano, count)
    case 'N':
      return pad(clock.nanoOfDay, count)
    default:
      return undefined
  }
}

/** Two letters give two digits; from four on a longer year gets a plus sign. */
function formatYear(year: number, count: number): string {
  if (count === 2) return pad(floorMod(year, 100), 2)
  const digits = pad(Math.abs(year), count)
  if (year < 0) return `-${digits}`
  return count >= 4 && digits.length > count ? `+${digits}` : digits
}

/** Three letters and fewer give the short name, four the full, five the first letter. */
function formatName(index: number, count: number, names: readonly string[], shortNames?: readonly string[]): string {
  const name = names[index]!
  if (count === 4) return name
  return count === 5 ? name.slice(0, 1) : (shortNames?.[index] ?? name.slice(0, 3))
}

function formatDayPeriod({ hour, minute }: Clock): string {
  if (minute === 0 && hour === 0) return 'midnight'
  if (minute === 0 && hour === 12) return 'noon'
  if (hour < 6 || hour >= 21) return 'at night'
  if (hour < 12) return 'in the morning'
  return hour < 18 ? 'in the afternoon' : 'in the evening'
}

/** Week-based year and week, Sunday to Saturday, week 1 with January 1. */
export function weekOfYear(days: number): { readonly year: number; readonly week: number } {
  const saturday = days - dayOfWeek(days) + 6
  const { year } = civilFromDays(saturday)
  return { year, week: Math.floor((saturday - daysFromCivil(year, 1, 1)) / 7) + 1 }
}

/** Week of the month, Sunday to Saturday, the first with day 1. */
export function weekOfMonth(days: number): number {
  const { year, month, day } = civilFromDays(days)
  return Math.floor((day - 1 + dayOfWeek(daysFromCivil(year, month, 1))) / 7) + 1
}
