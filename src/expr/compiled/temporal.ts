import { layoutOf } from '../../data/column.ts'
import { NS_PER_UNIT, type TimeUnit, isClockUnit, parseTimeUnit } from '../../data/datetime.ts'
import type { SqlType } from '../../data/types.ts'
import type { CompiledForm, FormCall } from '../compiled-form.ts'
import type { Emitter, Fragment } from '../emitter.ts'
import { assign, resultFragment, resultLocals } from '../fragment-memory.ts'
import { type Code, type Operand, i32, i64, op, select } from '../wasm-code.ts'
import { floorDivide } from './integers.ts'
import { present } from './numbers.ts'

const MS_PER_DAY = 86_400_000n
const NANOS_PER_MS = 1_000_000n

/** What HOUR to SECOND take out of the milliseconds of a day: a divisor, then the size of the unit above it. */
const clockParts: Partial<Record<TimeUnit, readonly [bigint, bigint]>> = {
  HOUR: [3_600_000n, 24n],
  MINUTE: [60_000n, 60n],
  SECOND: [1_000n, 60n],
  MILLISECOND: [1n, 1_000n],
}

function unitOf(call: FormCall, index: number): TimeUnit | undefined {
  const text = call.literals[index]
  return typeof text === 'string' ? parseTimeUnit(text) : undefined
}

/** The wall clock in milliseconds; undefined for a type without one, or whose wall clock needs the rules of a zone. */
function wallMs(type: SqlType, value: Fragment, call: FormCall): Code | undefined {
  switch (type.kind) {
    case 'TIMESTAMP':
      return value.value[0]!
    case 'TIMESTAMP_LTZ':
      return call.timeZone === 'UTC' ? value.value[0]! : undefined
    default:
      return undefined
  }
}

function extracted(emit: Emitter, unit: TimeUnit, value: Fragment, type: SqlType, call: FormCall): Fragment | undefined {
  if (type.kind === 'DATE') {
    if (isClockUnit(unit)) return { isNull: undefined, value: [i64(0)] }
    return fromDays(emit, unit, value.value[0]!, call)
  }
  if (type.kind === 'TIME') {
    const part = clockParts[unit]
    return part === undefined ? undefined : present(emit, op('i64.extend_i32_u', clockPart(value.value[0]!, part)))
  }
  const code = wallMs(type, value, call)
  if (code === undefined) return undefined
  const ms = emit.bind(code)
  if (unit === 'EPOCH') return present(emit, floorDivide(emit, ms, 1000n))
  const days = floorDivide(emit, ms, MS_PER_DAY)
  const part = clockParts[unit]
  if (part !== undefined) {
    const ofDay = emit.bind(op('i32.wrap_i64', op('i64.sub', ms, op('i64.mul', days, i64(MS_PER_DAY)))))
    return present(emit, op('i64.extend_i32_u', clockPart(ofDay, part)))
  }
  return isClockUnit(unit) ? undefined : fromDays(emit, unit, dayNumber(emit, days), call)
}

function clockPart(msOfDay: Operand, [divisor, size]: readonly [bigint, bigint]): Code {
  const units = divisor === 1n ? msOfDay : op('i32.div_u', msOfDay, i32(Number(divisor)))
  return size === 24n ? units : op('i32.rem_u', units, i32(Number(size)))
}

interface Civil {
  readonly year: Operand
  readonly month: Operand
  readonly day: Operand
  /** From 1. */
  readonly dayOfYear: () => Code
}

/** Days far from the epoch, whose calendar does not fit 32 bits, are left to the interpreter. */
const FAR = 100_000_000

/** Days of 64 bits in 32; those that do not fit stay far. */
function dayNumber(emit: Emitter, wide: Code): Operand {
  const days = emit.bind(wide)
  const fits = emit.bind(op('i64.lt_u', op('i64.add', days, i64(1n << 31n)), i64(1n << 32n)))
  const wrapped = op('i32.mul', op('i32.wrap_i64', days), fits)
  return emit.bind(op('i32.add', wrapped, op('i32.mul', op('i32.xor', fits, i32(1)), i32(2 * FAR))))
}

function isNear(days: Operand): Code {
  return op('i32.lt_u', op('i32.add', days, i32(FAR)), i32(2 * FAR))
}

/**
 * Year, month and day of days since the epoch, which are near. Years are counted from 1 March, so that the leap day is the last one;
 * 400 of them have 146097 days.
 */
function civil(emit: Emitter, days: Operand): Civil {
  const fromZero = emit.bind(op('i32.add', days, i32(719_468)))
  const below = op('i32.shr_s', fromZero, i32(31))
  const era = emit.bind(op('i32.div_s', op('i32.sub', fromZero, op('i32.and', below, i32(146_096))), i32(146_097)))
  const ofEra = emit.bind(op('i32.sub', fromZero, op('i32.mul', era, i32(146_097))))
  const leapDays = op(
    'i32.sub',
    op('i32.add', op('i32.div_u', ofEra, i32(1_460)), op('i32.div_u', ofEra, i32(146_096))),
    op('i32.div_u', ofEra, i32(36_524)),
  )
  const yearOfEra = emit.bind(op('i32.div_u', op('i32.sub', ofEra, leapDays), i32(365)))
  const daysBefore = op(
    'i32.sub',
    op('i32.add', op('i32.mul', yearOfEra, i32(365)), op('i32.div_u', yearOfEra, i32(4))),
    op('i32.div_u', yearOfEra, i32(100)),
  )
  const fromMarch = emit.bind(op('i32.sub', ofEra, daysBefore))
  const marchMonth = emit.bind(op('i32.div_u', op('i32.add', op('i32.mul', fromMarch, i32(5)), i32(2)), i32(153)))
  const monthStart = op('i32.div_u', op('i32.add', op('i32.mul', marchMonth, i32(153)), i32(2)), i32(5))
  const isLate = emit.bind(op('i32.ge_u', marchMonth, i32(10)))
  const month = emit.bind(op('i32.sub', op('i32.add', marchMonth, i32(3)), select(isLate, i32(12), i32(0))))
  const year = emit.bind(op('i32.add', op('i32.add', yearOfEra, op('i32.mul', era, i32(400))), isLate))
  return {
    year,
    month,
    day: emit.bind(op('i32.add', op('i32.sub', fromMarch, monthStart), i32(1))),
    dayOfYear: () => {
      const isLeap = op('i32.or', op('i32.and', isMultiple(year, 4), op('i32.eqz', isMultiple(year, 100))), isMultiple(year, 400))
      return select(isLate, op('i32.sub', fromMarch, i32(305)), op('i32.add', op('i32.add', fromMarch, i32(60)), isLeap))
    },
  }
}

function isMultiple(value: Operand, of: number): Code {
  return op('i32.eqz', op('i32.rem_s', value, i32(of)))
}

/** 0 for Sunday. */
function dayOfWeek(days: Operand): Code {
  return op('i32.rem_u', op('i32.add', days, i32(FAR + 4 + ((7 - (FAR % 7)) % 7))), i32(7))
}

function fromDays(emit: Emitter, unit: TimeUnit, days: Operand, call: FormCall): Fragment | undefined {
  const part = (): Code | undefined => {
    switch (unit) {
      case 'YEAR':
        return civil(emit, days).year
      case 'DECADE':
        return op('i32.div_s', civil(emit, days).year, i32(10))
      case 'QUARTER':
        return op('i32.div_u', op('i32.add', civil(emit, days).month, i32(2)), i32(3))
      case 'MONTH':
        return civil(emit, days).month
      case 'DAY':
        return civil(emit, days).day
      case 'DOY':
        return civil(emit, days).dayOfYear()
      case 'DOW':
        return op('i32.add', dayOfWeek(days), i32(1))
      default:
        return undefined
    }
  }
  return nearOr(emit, days, call, () => {
    const code = part()
    return code === undefined ? undefined : present(emit, op('i64.extend_i32_s', code))
  })
}

function nearOr(emit: Emitter, days: Operand, call: FormCall, near: () => Fragment | undefined): Fragment | undefined {
  const result = resultLocals(emit, call.type)
  const sources: Fragment[] = []
  let isMissing = false
  emit.if(
    isNear(days),
    () => {
      const fragment = near()
      if (fragment === undefined) {
        isMissing = true
        return
      }
      sources.push(fragment)
      assign(emit, result, fragment)
    },
    () => {
      if (isMissing) return
      const slow = call.callOut()
      sources.push(slow)
      assign(emit, result, slow)
    },
  )
  return isMissing ? undefined : resultFragment(result, sources)
}

const extract: CompiledForm = {
  nulls: 'guarded',
  emit: (emit, [, value], call) => {
    const unit = unitOf(call, 0)
    return unit === undefined ? undefined : extracted(emit, unit, value!, call.argTypes[1]!, call)
  },
}

const shortExtract = (unit: TimeUnit): CompiledForm => ({
  nulls: 'guarded',
  emit: (emit, [value], call) => extracted(emit, unit, value!, call.argTypes[0]!, call),
})

/** FLOOR and CEIL to units of fixed length, and FLOOR to a week, month or year. */
const rounded = (direction: 'floor' | 'ceil'): CompiledForm => ({
  nulls: 'guarded',
  emit: (emit, [value], call) => {
    const unit = unitOf(call, 1)
    const type = call.argTypes[0]!
    if (unit === undefined || (type.kind !== 'TIMESTAMP' && type.kind !== 'TIMESTAMP_LTZ')) return undefined
    const code = wallMs(type, value!, call)
    if (code === undefined) return undefined
    const ms = emit.bind(code)
    const withoutNanos = (rounded: Code): Fragment => (layoutOf(type) === 'ts' ? present(emit, rounded, i32(0)) : present(emit, rounded))
    const nanos = unit === 'WEEK' ? undefined : NS_PER_UNIT[unit]
    if (nanos !== undefined) {
      if (nanos < NANOS_PER_MS) return undefined
      const step = nanos / NANOS_PER_MS
      if (direction === 'floor') return withoutNanos(op('i64.mul', floorDivide(emit, ms, step), i64(step)))
      // With nanoseconds left the next millisecond decides.
      const up =
        value!.value[1] === undefined ? ms : emit.bind(op('i64.add', ms, op('i64.extend_i32_u', op('i32.ne', value!.value[1], i32(0)))))
      const ceiling = op('i64.sub', i64(0), op('i64.mul', floorDivide(emit, emit.bind(op('i64.sub', i64(0), up)), step), i64(step)))
      return withoutNanos(ceiling)
    }
    if (direction === 'ceil') return undefined
    const days = dayNumber(emit, floorDivide(emit, ms, MS_PER_DAY))
    return nearOr(emit, days, call, () => {
      const start = startOf(emit, unit, days)
      return start === undefined ? undefined : withoutNanos(op('i64.mul', op('i64.extend_i32_s', start), i64(MS_PER_DAY)))
    })
  },
})

function startOf(emit: Emitter, unit: TimeUnit, days: Operand): Code | undefined {
  switch (unit) {
    case 'WEEK':
      return op('i32.sub', days, dayOfWeek(days))
    case 'MONTH':
      return op('i32.sub', op('i32.add', days, i32(1)), civil(emit, days).day)
    case 'YEAR':
      return op('i32.sub', op('i32.add', days, i32(1)), civil(emit, days).dayOfYear())
    default:
      return undefined
  }
}

export const temporalForms: readonly (readonly [string, CompiledForm])[] = [
  ['EXTRACT', extract],
  ['YEAR', shortExtract('YEAR')],
  ['QUARTER', shortExtract('QUARTER')],
  ['MONTH', shortExtract('MONTH')],
  ['DAYOFYEAR', shortExtract('DOY')],
  ['DAYOFMONTH', shortExtract('DAY')],
  ['DAYOFWEEK', shortExtract('DOW')],
  ['HOUR', shortExtract('HOUR')],
  ['MINUTE', shortExtract('MINUTE')],
  ['SECOND', shortExtract('SECOND')],
  ['FLOOR_TIME', rounded('floor')],
  ['CEIL_TIME', rounded('ceil')],
]
