import type { Zone } from '../data/time-zone.ts'

const HOUR_MS = 3_600_000

/**
 * How the event time of a window operator relates to the wall clock that its windows go by. TIMESTAMP is the wall clock; TIMESTAMP_LTZ is an
 * instant, seen on the wall of the session's time zone. Bounds of windows always are wall clock times.
 */
export interface WindowTime {
  /** The wall clock time of an event time, epoch ms. */
  toLocal(time: number): number
  /** The event time of a wall clock time, as `window_time` shows it. */
  fromLocal(local: number): number
  /** The wall clock shows event time itself. */
  readonly isEventTime: boolean
  /** The watermark that says that the wall clock has passed `local` for good. */
  timerOf(local: number): number
}

/** @param zone Of the session when the event time is TIMESTAMP_LTZ, undefined for TIMESTAMP and where the wall clock is that of UTC. */
export function windowTime(zone: Zone | undefined): WindowTime {
  if (zone === undefined) return wallClock
  return {
    isEventTime: false,
    toLocal: (time) => time + zone.offsetAtUtc(time),
    fromLocal: (local) => zone.localToUtc(local),
    timerOf(local) {
      const time = zone.localToUtc(local)
      const hourLater = zone.localToUtc(local + HOUR_MS)
      // The clock skips this time: its windows end where the clock goes on.
      if (time === hourLater) return time - (((time % HOUR_MS) + HOUR_MS) % HOUR_MS)
      // The clock shows this hour twice: its windows end with the second one.
      return hourLater - time > HOUR_MS ? time + HOUR_MS : time
    },
  }
}

const wallClock: WindowTime = { isEventTime: true, toLocal: (time) => time, fromLocal: (local) => local, timerOf: (local) => local }
