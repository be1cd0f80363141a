import type { Emitter } from '../emitter.ts'
import { type Operand, i64, op } from '../wasm-code.ts'

/** The quotient by a positive constant, rounded down. */
export function floorDivide(emit: Emitter, dividend: Operand, divisor: bigint): Operand {
  const quotient = emit.bind(op('i64.div_s', dividend, i64(divisor)))
  const isBelow = op('i64.lt_s', op('i64.sub', dividend, op('i64.mul', quotient, i64(divisor))), i64(0))
  return emit.bind(op('i64.sub', quotient, op('i64.extend_i32_u', isBelow)))
}
