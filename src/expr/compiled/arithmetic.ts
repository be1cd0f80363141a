import { powerOfTen } from '../../data/decimal.ts'
import type { SqlType } from '../../data/types.ts'
import type { CompiledForm, FormCall } from '../compiled-form.ts'
import type { Emitter, Fragment } from '../emitter.ts'
import { assign, resultFragment, resultLocals } from '../fragment-memory.ts'
import { type Code, type Operand, type Operation, i32, i64, op, select } from '../wasm-code.ts'
import { type DecimalType, asWord, decimalResult, isSmallInteger, kernelDecimal, present, wrapped } from './numbers.ts'
import { type Wide, addWide, isOneWord, multiplyWide, narrow, subtractWide, wideConstant, wideOf } from './wide.ts'

const MAX_DIGITS = 38
/** A signed word holds every number of so many digits. */
const WORD_DIGITS = 18

const MS_PER_DAY = 86_400_000n

type AddOrSubtract = '+' | '-'
type Arithmetic = AddOrSubtract | '*'

const word: Record<Arithmetic, Operation> = { '+': 'i64.add', '-': 'i64.sub', '*': 'i64.mul' }
const int: Record<Arithmetic, Operation> = { '+': 'i32.add', '-': 'i32.sub', '*': 'i32.mul' }
const double: Record<Arithmetic | '/', Operation> = { '+': 'f64.add', '-': 'f64.sub', '*': 'f64.mul', '/': 'f64.div' }
const float: Record<Arithmetic | '/', Operation> = { '+': 'f32.add', '-': 'f32.sub', '*': 'f32.mul', '/': 'f32.div' }

function total(operator: Arithmetic): CompiledForm {
  return {
    nulls: 'total',
    emit: (emit, args, call) => {
      const [a, b] = args as readonly [Fragment, Fragment]
      const { type, argTypes } = call
      if (argTypes.some((arg) => !isNumber(arg))) return operator === '*' ? undefined : moved(emit, operator, a, b, call)
      switch (type.kind) {
        case 'TINYINT':
        case 'SMALLINT':
        case 'INTEGER':
          return present(emit, wrapped(type, op(int[operator], a.value[0]!, b.value[0]!)))
        case 'BIGINT':
          return present(emit, op(word[operator], a.value[0]!, b.value[0]!))
        case 'FLOAT':
          return present(emit, op(float[operator], a.value[0]!, b.value[0]!))
        case 'DOUBLE':
          return present(emit, op(double[operator], a.value[0]!, b.value[0]!))
        case 'DECIMAL':
          return operator === '*' ? multiplied(emit, a, b, call, type) : added(emit, operator, a, b, call, type)
        default:
          return undefined
      }
    },
  }
}

function isNumber(type: SqlType): boolean {
  return isSmallInteger(type) || ['BIGINT', 'FLOAT', 'DOUBLE', 'DECIMAL'].includes(type.kind)
}

function added(emit: Emitter, operator: AddOrSubtract, a: Fragment, b: Fragment, call: FormCall, type: DecimalType): Fragment | undefined {
  const [left, right] = call.argTypes as readonly [DecimalType, DecimalType]
  const scale = Math.max(left.scale, right.scale)
  const [moveLeft, moveRight] = [scale - left.scale, scale - right.scale]
  const digits = Math.max(left.precision + moveLeft, right.precision + moveRight)
  const dropped = scale - type.scale
  if (dropped === 0 && digits < WORD_DIGITS) {
    const low = op(word[operator], scaledWord(a.value[0]!, moveLeft), scaledWord(b.value[0]!, moveRight))
    return decimalResult(emit, type, narrow(emit.bind(low)), digits + 1)
  }
  if (dropped === 0 && digits < MAX_DIGITS) {
    const [x, y] = [scaledUp(emit, wideOf(a), moveLeft), scaledUp(emit, wideOf(b), moveRight)]
    return decimalResult(emit, type, operator === '+' ? addWide(emit, x, y) : subtractWide(emit, x, y), digits + 1)
  }
  // What has more than 38 digits on the way may still have no more in the end: the interpreter computes that with as many as it takes.
  if (dropped !== 0 || digits > MAX_DIGITS) return undefined
  const [x, y] = [scaledUp(emit, wideOf(a), moveLeft), scaledUp(emit, wideOf(b), moveRight)]
  const kernel = operator === '+' ? 'decimalAdd' : 'decimalSubtract'
  return kernelDecimal(emit, type, emit.bind(emit.call('kernels', kernel, 'i32', x.low, x.high, y.low, y.high, emit.scratch())))
}

function multiplied(emit: Emitter, a: Fragment, b: Fragment, call: FormCall, type: DecimalType): Fragment {
  const [left, right] = call.argTypes as readonly [DecimalType, DecimalType]
  const digits = left.precision + right.precision
  const dropped = left.scale + right.scale - type.scale
  if (dropped === 0 && digits <= WORD_DIGITS)
    return decimalResult(emit, type, narrow(emit.bind(op('i64.mul', a.value[0]!, b.value[0]!))), digits)
  if (dropped === 0 && digits <= MAX_DIGITS) return decimalResult(emit, type, multiplyWide(emit, wideOf(a), wideOf(b)), digits)
  const [x, y] = [wideOf(a), wideOf(b)]
  const status = emit.call('kernels', 'decimalMultiply', 'i32', x.low, x.high, y.low, y.high, i32(dropped), emit.scratch())
  return kernelDecimal(emit, type, emit.bind(status))
}

function scaledWord(value: Operand, digits: number): Code {
  return digits === 0 ? value : op('i64.mul', value, i64(powerOfTen(digits)))
}

/** Appends zeros; the caller knows that the result has at most 38 digits. */
export function scaledUp(emit: Emitter, value: Wide, digits: number): Wide {
  return digits === 0 ? value : multiplyWide(emit, value, wideConstant(powerOfTen(digits)))
}

/** A timestamp, time or date and an interval of milliseconds, or two intervals of one kind. */
function moved(emit: Emitter, operator: AddOrSubtract, a: Fragment, b: Fragment, call: FormCall): Fragment | undefined {
  const [left, right] = call.argTypes as readonly [SqlType, SqlType]
  if (isInterval(left) && isInterval(right)) {
    if (left.kind !== right.kind) return undefined
    const operation = left.kind === 'INTERVAL_DAY_TIME' ? word[operator] : int[operator]
    return present(emit, op(operation, a.value[0]!, b.value[0]!))
  }
  const [moment, from, interval, by] = isInterval(left) ? [b, right, a, left] : [a, left, b, right]
  if (by.kind !== 'INTERVAL_DAY_TIME') return undefined
  const milliseconds = interval.value[0]!
  switch (from.kind) {
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return present(emit, op(word[operator], moment.value[0]!, milliseconds), ...moment.value.slice(1))
    case 'DATE': {
      if (call.type.kind !== 'DATE') return undefined
      const days = op('i32.wrap_i64', op('i64.div_s', milliseconds, i64(MS_PER_DAY)))
      return present(emit, op(int[operator], moment.value[0]!, days))
    }
    case 'TIME': {
      const rest = op('i64.rem_s', milliseconds, i64(MS_PER_DAY))
      const sum = emit.bind(op('i64.rem_s', op(word[operator], op('i64.extend_i32_s', moment.value[0]!), rest), i64(MS_PER_DAY)))
      return present(emit, op('i32.wrap_i64', select(op('i64.lt_s', sum, i64(0)), op('i64.add', sum, i64(MS_PER_DAY)), sum)))
    }
    default:
      return undefined
  }
}

function isInterval(type: SqlType): boolean {
  return type.kind === 'INTERVAL_DAY_TIME' || type.kind === 'INTERVAL_YEAR_MONTH'
}

function divided(emit: Emitter, args: readonly Fragment[], call: FormCall): Fragment | undefined {
  const [a, b] = args as readonly [Fragment, Fragment]
  const { type, argTypes } = call
  if (argTypes.some((arg) => !isNumber(arg))) return undefined
  switch (type.kind) {
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER': {
      refuseZero(emit, b)
      return present(emit, wrapped(type, quotient(emit, 'i32', a.value[0]!, b.value[0]!)))
    }
    case 'BIGINT':
      refuseZero(emit, b)
      return present(emit, quotient(emit, 'i64', a.value[0]!, b.value[0]!))
    case 'FLOAT':
    case 'DOUBLE':
      return present(emit, op((type.kind === 'FLOAT' ? float : double)['/'], a.value[0]!, b.value[0]!))
    case 'DECIMAL':
      return dividedDecimals(emit, a, b, call, type)
    default:
      return undefined
  }
}

/** The least integer divided by -1 traps, and in SQL stays what it is: by -1 the quotient is the negative, which wraps. */
function quotient(emit: Emitter, width: 'i32' | 'i64', a: Operand, b: Operand): Code {
  const [minusOne, one] = width === 'i32' ? [i32(-1), i32(1)] : [i64(-1), i64(1)]
  if (b.constant !== undefined && BigInt(b.constant) !== -1n) return op(`${width}.div_s`, a, b)
  const isMinusOne = emit.bind(op(`${width}.eq`, b, minusOne))
  const zero = width === 'i32' ? i32(0) : i64(0)
  return select(isMinusOne, op(`${width}.sub`, zero, a), op(`${width}.div_s`, a, select(isMinusOne, one, b)))
}

function refuseZero(emit: Emitter, divisor: Fragment): void {
  const [low, high] = divisor.value
  if (low!.constant !== undefined && BigInt(low!.constant) !== 0n) return
  emit.failIf(low!.type === 'i32' ? op('i32.eqz', low!) : op('i64.eqz', high === undefined ? low! : op('i64.or', low!, high)))
}

/**
 * Flink rounds the quotient to 38 digits and then to its scale; the kernel rounds once. That is the same where divisor and quotient have
 * at most 37 digits together, for then nothing lies so near to a tie that the first rounding makes it one; others are called out.
 */
function dividedDecimals(emit: Emitter, a: Fragment, b: Fragment, call: FormCall, type: DecimalType): Fragment {
  const [left, right] = call.argTypes as readonly [DecimalType, DecimalType]
  refuseZero(emit, b)
  const [x, y] = [wideOf(a), wideOf(b)]
  const digits = type.scale - left.scale + right.scale
  const status = emit.bind(emit.call('kernels', 'decimalDivide', 'i32', x.low, x.high, y.low, y.high, i32(digits), emit.scratch()))
  const fast = kernelDecimal(emit, type, status)
  if (right.precision + type.precision < MAX_DIGITS) return fast
  const bothSmall = op('i32.and', isOneWord(y), isSmallQuotient(fast))
  const result = resultLocals(emit, type)
  let slow: Fragment | undefined
  emit.if(
    op('i32.and', op('i32.eqz', status), bothSmall),
    () => assign(emit, result, fast),
    () => {
      slow = call.callOut()
      assign(emit, result, slow)
    },
  )
  return resultFragment(result, [fast, slow!])
}

function isSmallQuotient(fragment: Fragment): Code {
  const [low] = fragment.value
  const limit = powerOfTen(WORD_DIGITS)
  const inRange = op('i32.and', op('i64.lt_s', low!, i64(limit)), op('i64.gt_s', low!, i64(-limit)))
  return op('i32.and', isOneWord(wideOf(fragment)), inRange)
}

function remainder(emit: Emitter, args: readonly Fragment[], call: FormCall): Fragment | undefined {
  const [a, b] = args as readonly [Fragment, Fragment]
  const { type, argTypes } = call
  const [left, right] = argTypes as readonly [SqlType, SqlType]
  if (argTypes.some((arg) => !isNumber(arg)) || type.kind === 'FLOAT' || type.kind === 'DOUBLE') return undefined
  if (type.kind === 'DECIMAL') return remainderOfDecimals(emit, a, b, call, type)
  refuseZero(emit, b)
  if (isSmallInteger(left) && isSmallInteger(right)) return present(emit, wrapped(type, op('i32.rem_s', a.value[0]!, b.value[0]!)))
  const rest = wordRemainder(emit, asWord(left, a.value[0]!), asWord(right, b.value[0]!), b.value[0]!.constant)
  return present(emit, type.kind === 'BIGINT' ? rest : wrapped(type, op('i32.wrap_i64', rest)))
}

/** By a small constant: 32 bits suffice for most numbers, and there a multiplication stands in for the division. */
function wordRemainder(emit: Emitter, a: Code, b: Code, constant: number | bigint | undefined): Code {
  const divisor = constant === undefined ? 0n : BigInt(constant)
  if (divisor < 2n || divisor > 0x7fffffffn) return op('i64.rem_s', a, b)
  const dividend = emit.bind(a)
  const rest = emit.local('i64')
  const isShort = op('i64.eqz', op('i64.shr_u', dividend, i64(31)))
  emit.if(
    isShort,
    () => emit.set(rest, op('i64.extend_i32_u', op('i32.rem_u', op('i32.wrap_i64', dividend), i32(Number(divisor))))),
    () => emit.set(rest, op('i64.rem_s', dividend, i64(divisor))),
  )
  return rest
}

function remainderOfDecimals(emit: Emitter, a: Fragment, b: Fragment, call: FormCall, type: DecimalType): Fragment | undefined {
  const [left, right] = call.argTypes as readonly [DecimalType, DecimalType]
  const scale = Math.max(left.scale, right.scale)
  const [moveLeft, moveRight] = [scale - left.scale, scale - right.scale]
  if (type.scale !== scale) return undefined
  refuseZero(emit, b)
  if (left.precision + moveLeft <= WORD_DIGITS && right.precision + moveRight <= WORD_DIGITS) {
    const rest = op('i64.rem_s', scaledWord(a.value[0]!, moveLeft), scaledWord(b.value[0]!, moveRight))
    return decimalResult(emit, type, narrow(emit.bind(rest)), WORD_DIGITS)
  }
  const [x, y] = [wideOf(a), wideOf(b)]
  const status = emit.call(
    'kernels',
    'decimalRemainder',
    'i32',
    x.low,
    x.high,
    y.low,
    y.high,
    i32(moveLeft),
    i32(moveRight),
    emit.scratch(),
  )
  return kernelDecimal(emit, type, emit.bind(status))
}

function negated(emit: Emitter, args: readonly Fragment[], { type }: FormCall): Fragment | undefined {
  const { value } = args[0]!
  switch (type.kind) {
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
      return present(emit, wrapped(type, op('i32.sub', i32(0), value[0]!)))
    case 'BIGINT':
    case 'INTERVAL_DAY_TIME':
      return present(emit, op('i64.sub', i64(0), value[0]!))
    case 'DECIMAL':
      return decimalResult(emit, type, subtractWide(emit, wideConstant(0n), wideOf(args[0]!)), 0)
    case 'FLOAT':
      return present(emit, op('f32.neg', value[0]!))
    case 'DOUBLE':
      return present(emit, op('f64.neg', value[0]!))
    default:
      return undefined
  }
}

export const arithmeticForms: readonly (readonly [string, CompiledForm])[] = [
  ['+', total('+')],
  ['-', total('-')],
  ['*', total('*')],
  ['/', { nulls: 'guarded', emit: divided }],
  ['%', { nulls: 'guarded', emit: remainder }],
  ['NEGATE', { nulls: 'total', emit: negated }],
]
