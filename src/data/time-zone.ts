import { floorDivBig, NS_PER_MS } from './datetime.ts'

/**
 * A time zone as functions between instants and wall clocks, both in milliseconds since 1970-01-01 00:00 (of UTC, and of the clock on the wall).
 *
 * `Intl` knows the rules but takes a microsecond an answer, so each zone asks it for the changes of one year when that year is first needed and
 * looks them up from then on.
 */
export interface Zone {
  readonly name: string
  /** What must be added to an instant for the wall clock, in milliseconds. */
  offsetAtUtc(utcMs: number): number
  /** The instant of a wall clock time: one in a gap moves forward by the gap, one that exists twice is the earlier. */
  localToUtc(localMs: number): number
  /** As `localToUtc`, but a time that exists twice is the later, as in UNIX_TIMESTAMP. */
  localToUtcLater(localMs: number): number
}

const zones = new Map<string, Zone | undefined>()

/** A zone by its IANA name (`Europe/Berlin`), `UTC`, `GMT`, or an offset (`GMT+05:30`, `GMT-3`); undefined for any other text. */
export function zone(name: string): Zone | undefined {
  if (zones.has(name)) return zones.get(name)
  const found = makeZone(name)
  // Names come from scripts and from data (CONVERT_TZ); a column of nonsense must not fill the memory.
  if (zones.size < 1_000) zones.set(name, found)
  return found
}

export const utc: Zone = fixedZone('UTC', 0)

/** Wall clock nanoseconds of an instant. */
export function utcToLocalNs(zone: Zone, ns: bigint): bigint {
  return ns + BigInt(zone.offsetAtUtc(Number(floorDivBig(ns, NS_PER_MS)))) * NS_PER_MS
}

/** The instant of wall clock nanoseconds, as `Zone.localToUtc`. */
export function localToUtcNs(zone: Zone, ns: bigint): bigint {
  const localMs = floorDivBig(ns, NS_PER_MS)
  return BigInt(zone.localToUtc(Number(localMs))) * NS_PER_MS + (ns - localMs * NS_PER_MS)
}

function makeZone(name: string): Zone | undefined {
  if (/^(?:UTC|GMT|UT|Z|Etc\/UTC|Etc\/GMT|GMT0)$/.test(name)) return fixedZone(name, 0)
  const offset = /^(?:GMT|UTC|UT)?([+-])(\d{1,2})(?::?(\d{2}))?$/.exec(name)
  if (offset !== null) {
    const minutes = Number(offset[2]) * 60 + Number(offset[3] ?? 0)
    if (Number(offset[2]) > 23 || Number(offset[3] ?? 0) > 59) return undefined
    return fixedZone(name, (offset[1] === '-' ? -minutes : minutes) * 60_000)
  }
  // Intl ignores case, TZDB names do not: every one starts with a capital letter.
  if (!/^[A-Z]/.test(name)) return undefined
  try {
    const format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' })
    return ruledZone(name, (utcMs) => parseOffset(format.format(utcMs)))
  } catch {
    return undefined
  }
}

function fixedZone(name: string, offsetMs: number): Zone {
  return {
    name,
    offsetAtUtc: () => offsetMs,
    localToUtc: (localMs) => localMs - offsetMs,
    localToUtcLater: (localMs) => localMs - offsetMs,
  }
}

/** Milliseconds of the text that `Intl` ends with: `GMT`, `GMT+02:00`, `GMT-00:01:15`. */
function parseOffset(text: string): number {
  const match = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(text)
  if (match?.[1] === undefined) return 0
  const ms = (Number(match[2]) * 3600 + Number(match[3]) * 60 + Number(match[4] ?? 0)) * 1000
  return match[1] === '-' ? -ms : ms
}

/** Instants (ascending) at which the offset changes inside one span; `offsets[i]` holds before `changes[i]`. */
interface Span {
  readonly start: number
  readonly changes: readonly number[]
  readonly offsets: readonly number[]
}

/** A bit more than a year. */
const SPAN_MS = 2 ** 35
/** No zone has changed its offset twice within 12 days. */
const PROBE_MS = SPAN_MS / 32
/** Before, every zone kept local mean time; far ahead, rules are guesses: both use the answer at the end of the range. */
const FIRST_MS = Date.UTC(1840, 0, 1)
const LAST_MS = Date.UTC(2500, 0, 1)
const DAY_MS = 86_400_000

function ruledZone(name: string, probe: (utcMs: number) => number): Zone {
  const spans = new Map<number, Span>()
  let last: Span | undefined

  function offsetAtUtc(utcMs: number): number {
    const at = Math.min(Math.max(utcMs, FIRST_MS), LAST_MS)
    const start = Math.floor(at / SPAN_MS) * SPAN_MS
    if (last === undefined || last.start !== start) {
      last = spans.get(start) ?? readSpan(start, probe)
      spans.set(start, last)
    }
    const { changes, offsets } = last
    let i = 0
    while (i < changes.length && at >= changes[i]!) i++
    return offsets[i]!
  }

  function localToUtc(localMs: number, prefer: 'earlier' | 'later'): number {
    const before = offsetAtUtc(localMs - DAY_MS)
    const after = offsetAtUtc(localMs + DAY_MS)
    if (before === after) return localMs - before
    const isBefore = offsetAtUtc(localMs - before) === before
    const isAfter = offsetAtUtc(localMs - after) === after
    if (isAfter && (!isBefore || prefer === 'later')) return localMs - after
    return localMs - before
  }

  return {
    name,
    offsetAtUtc,
    localToUtc: (localMs) => localToUtc(localMs, 'earlier'),
    localToUtcLater: (localMs) => localToUtc(localMs, 'later'),
  }
}

function readSpan(start: number, probe: (utcMs: number) => number): Span {
  const changes: number[] = []
  const offsets = [probe(start)]
  for (let from = start; from < start + SPAN_MS; from += PROBE_MS) {
    const offset = probe(from + PROBE_MS)
    if (offset === offsets.at(-1)) continue
    changes.push(findChange(from, from + PROBE_MS, probe))
    offsets.push(offset)
  }
  return { start, changes, offsets }
}

/** The first millisecond in (from, to] with the offset of `to`. */
function findChange(from: number, to: number, probe: (utcMs: number) => number): number {
  const target = probe(to)
  let low = from
  let high = to
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (probe(middle) === target) high = middle
    else low = middle
  }
  return high
}
