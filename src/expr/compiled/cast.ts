import { layoutOf } from '../../data/column.ts'
import { powerOfTen } from '../../data/decimal.ts'
import type { SqlType } from '../../data/types.ts'
import { utf8Bytes } from '../../data/utf8.ts'
import type { FormCall } from '../compiled-form.ts'
import type { Emitter, Fragment } from '../emitter.ts'
import { assign, resultFragment, resultLocals } from '../fragment-memory.ts'
import { type Code, type Operand, f32, f64, i32, i64, load, op, select } from '../wasm-code.ts'
import { fastOr } from './call-out.ts'
import { scaledUp } from './arithmetic.ts'
import { floorDivide } from './integers.ts'
import { type DecimalType, asWord, decimalResult, kernelDecimal, present, wrapped } from './numbers.ts'
import { type Wide, divideHalfUp, narrow, wideOf } from './wide.ts'

export interface CastCall extends FormCall {
  readonly from: SqlType
  readonly mode: 'cast' | 'try'
}

type Text = Extract<SqlType, { kind: 'CHAR' | 'VARCHAR' | 'BINARY' | 'VARBINARY' }>

const MS_PER_DAY = 86_400_000n
const integerDigits: Partial<Record<SqlType['kind'], number>> = { BOOLEAN: 1, TINYINT: 3, SMALLINT: 5, INTEGER: 10, BIGINT: 19 }

/** CAST and TRY_CAST of a value that is not NULL; undefined where the interpreter's conversion must be called. */
export function emitCast(emit: Emitter, value: Fragment, call: CastCall): Fragment | undefined {
  const { from, type: to } = call
  if (isText(from) && !isText(to)) return fromText(emit, value, to, call)
  switch (to.kind) {
    case 'VARCHAR':
    case 'CHAR':
      return toText(emit, value, to, call)
    case 'VARBINARY':
    case 'BINARY':
      return isBytes(from) && to.kind === 'VARBINARY' ? present(emit, value.value[0]!, atMost(value.value[1]!, to.length)) : undefined
    case 'BOOLEAN':
      return toBoolean(emit, value, from)
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
      return toInteger(emit, value, from, to)
    case 'BIGINT':
      return toBigint(emit, value, from)
    case 'FLOAT':
    case 'DOUBLE':
      return toFloating(emit, value, call)
    case 'DECIMAL':
      return toDecimal(emit, value, from, to)
    case 'DATE':
    case 'TIME':
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return toTemporal(emit, value, from, to)
    case 'INTERVAL_DAY_TIME':
    case 'INTERVAL_YEAR_MONTH':
      return from.kind === to.kind ? value : undefined
    default:
      return undefined
  }
}

function isText(type: SqlType): type is Text {
  return type.kind === 'CHAR' || type.kind === 'VARCHAR'
}

function isBytes(type: SqlType): type is Text {
  return type.kind === 'BINARY' || type.kind === 'VARBINARY'
}

function atMost(length: Operand, limit: number): Code {
  return select(op('i32.lt_u', length, i32(limit)), length, i32(limit))
}

function toText(emit: Emitter, value: Fragment, to: Text, call: CastCall): Fragment | undefined {
  const { from } = call
  if (isText(from) && from.length <= to.length && (to.kind === 'VARCHAR' || (from.kind === 'CHAR' && from.length === to.length)))
    return value
  if (to.kind === 'CHAR') return undefined
  if (isText(from)) return cutCharacters(emit, value, to.length)
  if (from.kind === 'BOOLEAN') return booleanText(emit, value, to, call)
  const address = emit.roomForText(i32(MAX_WRITTEN))
  const written = writtenText(emit, value, from, address, call)
  if (written === undefined) return undefined
  const length = emit.bind(written)
  const taken = (): Fragment => {
    const kept = to.length >= MAX_WRITTEN ? length : emit.bind(atMost(length, to.length))
    emit.takeText(address, kept)
    return { isNull: undefined, value: [address, kept] }
  }
  // Of a time, no length means a year that the kernel does not write.
  return from.kind === 'DATE' || from.kind.startsWith('TIMESTAMP') ? fastOr(emit, call, length, taken) : taken()
}

/** The longest text that a kernel writes: a DECIMAL. */
const MAX_WRITTEN = 41

/** Writes a value as text and gives the length. */
function writtenText(emit: Emitter, { value, isNarrow }: Fragment, from: SqlType, target: Operand, call: CastCall): Code | undefined {
  const kernel = (name: string, ...args: readonly Code[]): Code => emit.call('kernels', name, 'i32', ...args, target)
  switch (from.kind) {
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
    case 'BIGINT':
      return kernel('formatInteger', asWord(from, value[0]!))
    case 'DECIMAL': {
      const { low, high } = wideOf({ isNull: undefined, value, isNarrow: isNarrow === true })
      return kernel('formatDecimal', low, high, i32(from.scale))
    }
    case 'DATE':
      return kernel('formatDate', value[0]!)
    case 'TIME':
      // A TIME with a fraction prints as few of its digits as it has: the interpreter does that.
      return from.precision === 0 ? kernel('formatTime', value[0]!, i32(0), i32(0)) : undefined
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      if (from.kind === 'TIMESTAMP_LTZ' && call.timeZone !== 'UTC') return undefined
      return kernel('formatTimestamp', value[0]!, value[1] ?? i32(0), i32(from.precision))
    default:
      return undefined
  }
}

function booleanText(emit: Emitter, { value }: Fragment, to: Text, call: CastCall): Fragment {
  const [isTrue] = value
  const address = select(isTrue!, call.constantBytes(utf8Bytes('TRUE')), call.constantBytes(utf8Bytes('FALSE')))
  return present(emit, address, atMost(emit.bind(select(isTrue!, i32(4), i32(5))), to.length))
}

/** Reads numbers and times in their usual forms; whatever else the text is, the interpreter says so. */
function fromText(emit: Emitter, value: Fragment, to: SqlType, call: CastCall): Fragment | undefined {
  const parse = (kernel: string, ...args: readonly Code[]): Code =>
    op('i32.eqz', emit.call('kernels', kernel, 'i32', ...value.value, ...args, emit.scratch()))
  switch (to.kind) {
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER': {
      const isNumber = emit.bind(parse('parseInteger'))
      const word = emit.bind(emit.loadScratch('i64', 0))
      const cut = emit.bind(wrapped(to, op('i32.wrap_i64', word)))
      const fits = op('i64.eq', op('i64.extend_i32_s', cut), word)
      return fastOr(emit, call, op('i32.and', isNumber, fits), () => ({ isNull: undefined, value: [cut] }))
    }
    case 'BIGINT':
      return fastOr(emit, call, parse('parseInteger'), () => present(emit, emit.loadScratch('i64', 0)))
    case 'FLOAT':
    case 'DOUBLE':
      return fastOr(emit, call, parse('parseDouble'), () => {
        const double = op('f64.reinterpret_i64', emit.loadScratch('i64', 0))
        return present(emit, to.kind === 'FLOAT' ? op('f32.demote_f64', double) : double)
      })
    case 'DECIMAL':
      return fastOr(emit, call, parse('parseDecimal', i32(to.scale)), () => kernelDecimal(emit, to, i32(0)))
    case 'DATE':
      return fastOr(emit, call, parse('parseDate'), () => present(emit, emit.loadScratch('i32', 0)))
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      if (to.kind === 'TIMESTAMP_LTZ' && call.timeZone !== 'UTC') return undefined
      return fastOr(emit, call, parse('parseTimestamp'), () => {
        const parsed = present(emit, emit.loadScratch('i64', 0), emit.loadScratch('i32', 8))
        return truncated(emit, parsed, 9, to.precision)
      })
    default:
      return undefined
  }
}

/** The first `limit` characters. A text of no more bytes has no more characters. */
function cutCharacters(emit: Emitter, { value }: Fragment, limit: number): Fragment {
  const [address, length] = value as readonly [Operand, Operand]
  const cut = emit.local('i32')
  emit.set(cut, length)
  emit.if(op('i32.gt_u', length, i32(limit)), () => {
    const left = emit.local('i32')
    emit.set(left, i32(limit))
    emit.set(cut, i32(0))
    emit.block((done) =>
      emit.loop((next) => {
        emit.branchIf(done, op('i32.ge_u', cut, length))
        // Bytes 10xxxxxx go on with a character; all others start one.
        const byte = load('i32.load8_u', op('i32.add', address, cut))
        const starts = emit.bind(op('i32.ne', op('i32.and', byte, i32(0xc0)), i32(0x80)))
        emit.branchIf(done, op('i32.and', starts, op('i32.eqz', left)))
        emit.set(left, op('i32.sub', left, starts))
        emit.set(cut, op('i32.add', cut, i32(1)))
        emit.branch(next)
      }),
    )
  })
  return { isNull: undefined, value: [address, cut] }
}

function toBoolean(emit: Emitter, value: Fragment, from: SqlType): Fragment | undefined {
  const x = value.value[0]!
  switch (from.kind) {
    case 'BOOLEAN':
      return value
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
      return present(emit, op('i32.ne', x, i32(0)))
    case 'BIGINT':
      return present(emit, op('i64.ne', x, i64(0)))
    case 'DECIMAL': {
      const { low, high } = wideOf(value)
      return present(emit, op('i64.ne', op('i64.or', low, high), i64(0)))
    }
    case 'FLOAT':
      return present(emit, op('f32.ne', x, f32(0)))
    case 'DOUBLE':
      return present(emit, op('f64.ne', x, f64(0)))
    default:
      return undefined
  }
}

function toInteger(emit: Emitter, value: Fragment, from: SqlType, to: SqlType): Fragment | undefined {
  const x = value.value[0]!
  switch (from.kind) {
    case 'BOOLEAN':
      return value
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
      return present(emit, wrapped(to, x))
    case 'BIGINT':
      return present(emit, wrapped(to, op('i32.wrap_i64', x)))
    case 'DECIMAL':
      return present(emit, wrapped(to, op('i32.wrap_i64', wholePart(emit, value, from))))
    case 'FLOAT':
      return present(emit, wrapped(to, op('i32.trunc_sat_f64_s', op('f64.promote_f32', x))))
    case 'DOUBLE':
      return present(emit, wrapped(to, op('i32.trunc_sat_f64_s', x)))
    default:
      return undefined
  }
}

function toBigint(emit: Emitter, value: Fragment, from: SqlType): Fragment | undefined {
  const x = value.value[0]!
  switch (from.kind) {
    case 'BOOLEAN':
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
      return present(emit, op('i64.extend_i32_s', x))
    case 'BIGINT':
      return value
    case 'DECIMAL':
      return present(emit, wholePart(emit, value, from))
    case 'FLOAT':
      return present(emit, op('i64.trunc_sat_f64_s', op('f64.promote_f32', x)))
    case 'DOUBLE':
      return present(emit, op('i64.trunc_sat_f64_s', x))
    default:
      return undefined
  }
}

/** The low 64 bits of a DECIMAL without its fraction. */
function wholePart(emit: Emitter, value: Fragment, from: DecimalType): Code {
  const number = wideOf(value)
  if (from.scale === 0) return number.low
  if (number.isNarrow && from.scale <= 18) return op('i64.div_s', number.low, i64(powerOfTen(from.scale)))
  emit.drop(emit.call('kernels', 'decimalRescale', 'i32', number.low, number.high, i32(-from.scale), i32(1), emit.scratch()))
  return emit.bind(emit.loadScratch('i64', 0))
}

function toFloating(emit: Emitter, value: Fragment, call: CastCall): Fragment | undefined {
  const { from, type: to } = call
  const x = value.value[0]!
  const result = (code: Code): Fragment => present(emit, to.kind === 'FLOAT' ? op('f32.demote_f64', code) : code)
  switch (from.kind) {
    case 'BOOLEAN':
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
      return result(op('f64.convert_i32_s', x))
    case 'BIGINT':
      return result(op('f64.convert_i64_s', x))
    case 'FLOAT':
      return to.kind === 'FLOAT' ? value : result(op('f64.promote_f32', x))
    case 'DOUBLE':
      return to.kind === 'DOUBLE' ? value : result(x)
    case 'DECIMAL':
      return decimalToFloating(emit, value, from, call)
    default:
      return undefined
  }
}

/** The kernel gives NaN where one division does not make the nearest double. */
function decimalToFloating(emit: Emitter, value: Fragment, from: DecimalType, call: CastCall): Fragment {
  const number = wideOf(value)
  const demoted = (code: Code): Code => (call.type.kind === 'FLOAT' ? op('f32.demote_f64', code) : code)
  if (from.scale === 0 && number.isNarrow) return present(emit, demoted(op('f64.convert_i64_s', number.low)))
  const nearest = emit.bind(emit.call('kernels', 'decimalToDouble', 'f64', number.low, number.high, i32(from.scale)))
  const result = resultLocals(emit, call.type)
  const fast = present(emit, demoted(nearest))
  emit.if(
    op('f64.eq', nearest, nearest),
    () => assign(emit, result, fast),
    () => assign(emit, result, call.callOut()),
  )
  return resultFragment(result, [fast])
}

function toDecimal(emit: Emitter, value: Fragment, from: SqlType, to: DecimalType): Fragment | undefined {
  if (from.kind === 'DECIMAL') return rescaled(emit, wideOf(value), from.precision, from.scale, to)
  const digits = integerDigits[from.kind]
  if (digits === undefined) return undefined
  const low = from.kind === 'BIGINT' ? value.value[0]! : emit.bind(op('i64.extend_i32_s', value.value[0]!))
  return rescaled(emit, narrow(low), digits, 0, to)
}

/** `precision` bounds the digits of the value. */
function rescaled(emit: Emitter, value: Wide, precision: number, scale: number, to: DecimalType): Fragment {
  const up = to.scale - scale
  if (up === 0) return decimalResult(emit, to, value, precision)
  if (up > 0 && precision + up <= 38) {
    const digits = precision + up
    if (digits <= 18 && value.isNarrow)
      return decimalResult(emit, to, narrow(emit.bind(op('i64.mul', value.low, i64(powerOfTen(up))))), digits)
    return decimalResult(emit, to, scaledUp(emit, value, up), digits)
  }
  if (up < 0 && up >= -18 && value.isNarrow) {
    return decimalResult(emit, to, narrow(divideHalfUp(emit, value.low, powerOfTen(-up))), precision + up + 1)
  }
  const status = emit.call('kernels', 'decimalRescale', 'i32', value.low, value.high, i32(up), i32(0), emit.scratch())
  return kernelDecimal(emit, to, emit.bind(status))
}

/** Between DATE, TIME and TIMESTAMP; what needs the session's time zone is left to the interpreter. */
function toTemporal(emit: Emitter, value: Fragment, from: SqlType, to: SqlType): Fragment | undefined {
  if (from.kind === 'TIMESTAMP_LTZ' || to.kind === 'TIMESTAMP_LTZ') {
    return from.kind === to.kind && 'precision' in from && 'precision' in to
      ? truncated(emit, value, from.precision, to.precision)
      : undefined
  }
  if (from.kind === to.kind && from.kind === 'DATE') return value
  if (from.kind === 'TIMESTAMP' && to.kind === 'TIMESTAMP') return truncated(emit, value, from.precision, to.precision)
  const ms = localMs(value, from)
  if (ms === undefined) return undefined
  const millis = emit.bind(ms)
  switch (to.kind) {
    case 'DATE':
      return present(emit, op('i32.wrap_i64', floorDivide(emit, millis, MS_PER_DAY)))
    case 'TIME': {
      const time = op('i64.sub', millis, op('i64.mul', floorDivide(emit, millis, MS_PER_DAY), i64(MS_PER_DAY)))
      const unit = 10 ** Math.max(0, 3 - to.precision)
      const whole = emit.bind(op('i32.wrap_i64', time))
      return present(emit, unit === 1 ? whole : op('i32.sub', whole, op('i32.rem_u', whole, i32(unit))))
    }
    case 'TIMESTAMP': {
      const whole = from.kind === 'DATE' ? millis : floorTo(emit, millis, to.precision)
      return layoutOf(to) === 'ts' ? present(emit, whole, i32(0)) : present(emit, whole)
    }
    default:
      return undefined
  }
}

/** The wall clock in milliseconds; a TIME falls on the epoch day. */
function localMs(value: Fragment, from: SqlType): Code | undefined {
  switch (from.kind) {
    case 'DATE':
      return op('i64.mul', op('i64.extend_i32_s', value.value[0]!), i64(MS_PER_DAY))
    case 'TIME':
      return op('i64.extend_i32_s', value.value[0]!)
    case 'TIMESTAMP':
      return value.value[0]!
    default:
      return undefined
  }
}

/** A timestamp at another precision, digits cut off. */
function truncated(emit: Emitter, { value }: Fragment, from: number, to: number): Fragment {
  const [ms, nanos = i32(0)] = value as readonly [Operand, Operand?]
  if (to <= 3) return present(emit, from <= to ? ms : floorTo(emit, ms, to))
  if (from <= to) return present(emit, ms, nanos)
  const unit = 10 ** (9 - to)
  return present(emit, ms, op('i32.sub', nanos, op('i32.rem_u', nanos, i32(unit))))
}

/** Milliseconds cut to 10^-precision seconds, towards the past. */
function floorTo(emit: Emitter, ms: Operand, precision: number): Operand {
  const unit = 10n ** BigInt(Math.max(0, 3 - precision))
  return unit === 1n ? ms : emit.bind(op('i64.mul', floorDivide(emit, ms, unit), i64(unit)))
}
