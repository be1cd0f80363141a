import { parseTimeUnit, timestampOfDate, type TimeUnit } from '../../data/datetime.ts'
import { utc, utcToLocalNs, type Zone, zone } from '../../data/time-zone.ts'
import { type SqlType, types } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import { isInterval, isTemporal, isTimestamp } from '../coercion.ts'
import type { ArgInfo, CallSite } from '../function.ts'
import type { Parameter } from '../signature.ts'

/** A literal unit (`'YEAR'`), as the binder writes EXTRACT(YEAR FROM x) and FLOOR(x TO YEAR). */
export function unitParameter(allowed: readonly TimeUnit[], wanted = 'a unit of time'): Parameter {
  return {
    wanted,
    accept: (arg) => {
      const unit = literalUnit(arg)
      return unit !== undefined && allowed.includes(unit) ? arg.type : undefined
    },
  }
}

export function literalUnit(arg: ArgInfo | undefined): TimeUnit | undefined {
  return typeof arg?.literal === 'string' ? parseTimeUnit(arg.literal) : undefined
}

const units = new Map<string, TimeUnit>()

/** The unit of a call whose unit was checked when it was bound. */
export function unitOf(value: SqlValue): TimeUnit {
  const known = units.get(value as string)
  if (known !== undefined) return known
  const unit = parseTimeUnit(value as string)!
  // Units are literals of scripts, so there are few spellings; the bound is for those who generate scripts.
  if (units.size < 1_000) units.set(value as string, unit)
  return unit
}

/** DATE, TIME, TIMESTAMP or TIMESTAMP_LTZ, as it is; an untyped NULL counts as TIMESTAMP(3). */
export const temporal: Parameter = {
  wanted: 'a date or time',
  accept: ({ type }) => (isTemporal(type) ? type : type.kind === 'NULL' ? types.timestamp(3) : undefined),
}

/** As `temporal`, or an interval. */
export const temporalOrInterval: Parameter = {
  wanted: 'a date, time or interval',
  accept: (arg) => (isInterval(arg.type) ? arg.type : temporal.accept(arg)),
}

/** TIMESTAMP or TIMESTAMP_LTZ, as it is. */
export const timestamp: Parameter = {
  wanted: 'a timestamp',
  accept: ({ type }) => (isTimestamp(type) ? type : type.kind === 'NULL' ? types.timestamp(3) : undefined),
}

/** The zone of the session. */
export function sessionZone(site: CallSite): Zone {
  return zone(site.context.timeZone) ?? utc
}

/** Wall clock nanoseconds of a DATE, TIMESTAMP or TIMESTAMP_LTZ. */
export function wallClock(value: SqlValue, type: SqlType, site: CallSite): bigint {
  if (type.kind === 'DATE') return timestampOfDate(value as number)
  return type.kind === 'TIMESTAMP_LTZ' ? utcToLocalNs(sessionZone(site), value as bigint) : (value as bigint)
}

/** Nanoseconds on one time line: of a DATE's midnight, of a timestamp, of a TIME since midnight. TIMESTAMP_LTZ counts in UTC. */
export function nanoseconds(value: SqlValue, type: SqlType): bigint {
  if (type.kind === 'DATE') return timestampOfDate(value as number)
  return type.kind === 'TIME' ? BigInt(value as number) * 1_000_000n : (value as bigint)
}
