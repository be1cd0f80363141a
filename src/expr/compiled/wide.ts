import { powerOfTen } from '../../data/decimal.ts'
import type { Emitter, Fragment } from '../emitter.ts'
import { type Code, type Operand, i32, i64, op, operand, select } from '../wasm-code.ts'

// Integers of 128 bits as two words. All operations are exact modulo 2^128, in two's complement.

export interface Wide {
  readonly low: Operand
  readonly high: Operand
  /** `high` is nothing but the sign of `low`. */
  readonly isNarrow: boolean
}

/** An unscaled DECIMAL of either layout. */
export function wideOf(fragment: Fragment): Wide {
  const [low, high] = fragment.value
  if (high === undefined) return narrow(low!)
  return fragment.isNarrow === true ? narrow(low!) : { low: low!, high, isNarrow: false }
}

export function narrow(low: Operand): Wide {
  if (typeof low.constant === 'bigint') return wideConstant(low.constant)
  return { low, high: operand(op('i64.shr_s', low, i64(63))), isNarrow: true }
}

export function wideConstant(value: bigint): Wide {
  const low = BigInt.asIntN(64, value)
  return { low: i64(low), high: i64(value >> 64n), isNarrow: low === value }
}

export function addWide(emit: Emitter, a: Wide, b: Wide): Wide {
  const low = emit.bind(op('i64.add', a.low, b.low))
  const carry = op('i64.extend_i32_u', op('i64.lt_u', low, a.low))
  return { low, high: emit.bind(op('i64.add', op('i64.add', a.high, b.high), carry)), isNarrow: false }
}

export function subtractWide(emit: Emitter, a: Wide, b: Wide): Wide {
  const low = emit.bind(op('i64.sub', a.low, b.low))
  const borrow = op('i64.extend_i32_u', op('i64.lt_u', a.low, b.low))
  return { low, high: emit.bind(op('i64.sub', op('i64.sub', a.high, b.high), borrow)), isNarrow: false }
}

export function multiplyWide(emit: Emitter, a: Wide, b: Wide): Wide {
  const [x, y] = typeof a.low.constant === 'bigint' ? [b, a] : [a, b]
  const factor = y.low.constant
  if (x.isNarrow && y.isNarrow && typeof factor === 'bigint' && factor >= 0n && factor < 1n << 32n)
    return multiplyByHalfWord(emit, x.low, factor)
  const low = emit.bind(op('i64.mul', x.low, y.low))
  const cross = op('i64.add', op('i64.mul', x.high, y.low), op('i64.mul', x.low, y.high))
  return { low, high: emit.bind(op('i64.add', highOfProduct(emit, x.low, y.low), cross)), isNarrow: false }
}

/** A signed word times a number below 2^32: two multiplications give the high word. */
function multiplyByHalfWord(emit: Emitter, x: Operand, factor: bigint): Wide {
  const lower = op('i64.mul', op('i64.and', x, i64(0xffffffffn)), i64(factor))
  const upper = op('i64.mul', op('i64.shr_s', x, i64(32)), i64(factor))
  const high = op('i64.shr_s', op('i64.add', upper, op('i64.shr_u', lower, i64(32))), i64(32))
  return { low: emit.bind(op('i64.mul', x, i64(factor))), high: emit.bind(high), isNarrow: false }
}

/** The high word of the product of two unsigned words, from the four products of their halves. */
function highOfProduct(emit: Emitter, x: Operand, y: Operand): Code {
  const lower = (value: Operand): Operand => emit.bind(op('i64.and', value, i64(0xffffffffn)))
  const upper = (value: Operand): Operand => emit.bind(op('i64.shr_u', value, i64(32)))
  const [x0, x1, y0, y1] = [lower(x), upper(x), lower(y), upper(y)]
  const middle = emit.bind(op('i64.add', op('i64.mul', x1, y0), op('i64.shr_u', op('i64.mul', x0, y0), i64(32))))
  const carry = op('i64.add', op('i64.and', middle, i64(0xffffffffn)), op('i64.mul', x0, y1))
  return op('i64.add', op('i64.add', op('i64.mul', x1, y1), op('i64.shr_u', middle, i64(32))), op('i64.shr_u', carry, i64(32)))
}

/** 1 when a < b, signed. */
export function lessWide(a: Wide, b: Wide): Code {
  const highs = op('i64.lt_s', a.high, b.high)
  const lows = op('i32.and', op('i64.eq', a.high, b.high), op('i64.lt_u', a.low, b.low))
  return op('i32.or', highs, lows)
}

export function equalWide(a: Wide, b: Wide): Code {
  return op('i64.eqz', op('i64.or', op('i64.xor', a.low, b.low), op('i64.xor', a.high, b.high)))
}

/** 1 when the value has more than `precision` digits. */
export function exceeds(emit: Emitter, value: Wide, precision: number): Operand {
  const limit = powerOfTen(precision)
  const isAbove = op('i32.eqz', lessWide(value, wideConstant(limit)))
  const isBelow = op('i32.eqz', lessWide(wideConstant(-limit), value))
  return emit.bind(op('i32.or', isAbove, isBelow))
}

/** 1 when one word holds the value. */
export function isOneWord(value: Wide): Code {
  return value.isNarrow ? i32(1) : op('i64.eq', value.high, op('i64.shr_s', value.low, i64(63)))
}

/** The quotient of a word and a positive constant, a tie rounded away from zero. */
export function divideHalfUp(emit: Emitter, dividend: Operand, divisor: bigint): Operand {
  const quotient = emit.bind(op('i64.div_s', dividend, i64(divisor)))
  const remainder = emit.bind(op('i64.sub', dividend, op('i64.mul', quotient, i64(divisor))))
  const sign = emit.bind(op('i64.shr_s', dividend, i64(63)))
  const size = op('i64.sub', op('i64.xor', remainder, sign), sign)
  // 2 * size >= divisor, written so that it cannot overflow.
  const roundsAway = op('i64.ge_u', size, i64((divisor + 1n) / 2n))
  const step = op('i64.or', sign, i64(1))
  return emit.bind(op('i64.add', quotient, select(roundsAway, step, i64(0))))
}
