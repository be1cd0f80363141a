import { assert } from '../base/assert.ts'
import { type ValueType, signed32, signed64, unsigned } from './wasm-module.ts'

/** Instructions that leave one value on the stack. */
export interface Code {
  readonly type: ValueType
  readonly bytes: readonly number[]
}

/** Code that is short, has no effect and may stand in many places: a local, a constant, or little more than that. */
export interface Operand extends Code {
  readonly isOperand: true
  /** The value, when it is known now. */
  readonly constant?: number | bigint
}

/** A local variable of the function. */
export interface Local extends Operand {
  readonly index: number
}

const operations = {
  'i32.eqz': [0x45, 'i32', 'i32'],
  'i32.eq': [0x46, 'i32', 'i32', 'i32'],
  'i32.ne': [0x47, 'i32', 'i32', 'i32'],
  'i32.lt_s': [0x48, 'i32', 'i32', 'i32'],
  'i32.lt_u': [0x49, 'i32', 'i32', 'i32'],
  'i32.gt_s': [0x4a, 'i32', 'i32', 'i32'],
  'i32.gt_u': [0x4b, 'i32', 'i32', 'i32'],
  'i32.le_s': [0x4c, 'i32', 'i32', 'i32'],
  'i32.le_u': [0x4d, 'i32', 'i32', 'i32'],
  'i32.ge_s': [0x4e, 'i32', 'i32', 'i32'],
  'i32.ge_u': [0x4f, 'i32', 'i32', 'i32'],
  'i64.eqz': [0x50, 'i32', 'i64'],
  'i64.eq': [0x51, 'i32', 'i64', 'i64'],
  'i64.ne': [0x52, 'i32', 'i64', 'i64'],
  'i64.lt_s': [0x53, 'i32', 'i64', 'i64'],
  'i64.lt_u': [0x54, 'i32', 'i64', 'i64'],
  'i64.gt_s': [0x55, 'i32', 'i64', 'i64'],
  'i64.gt_u': [0x56, 'i32', 'i64', 'i64'],
  'i64.le_s': [0x57, 'i32', 'i64', 'i64'],
  'i64.le_u': [0x58, 'i32', 'i64', 'i64'],
  'i64.ge_s': [0x59, 'i32', 'i64', 'i64'],
  'i64.ge_u': [0x5a, 'i32', 'i64', 'i64'],
  'f32.eq': [0x5b, 'i32', 'f32', 'f32'],
  'f32.ne': [0x5c, 'i32', 'f32', 'f32'],
  'f32.lt': [0x5d, 'i32', 'f32', 'f32'],
  'f32.gt': [0x5e, 'i32', 'f32', 'f32'],
  'f32.le': [0x5f, 'i32', 'f32', 'f32'],
  'f32.ge': [0x60, 'i32', 'f32', 'f32'],
  'f64.eq': [0x61, 'i32', 'f64', 'f64'],
  'f64.ne': [0x62, 'i32', 'f64', 'f64'],
  'f64.lt': [0x63, 'i32', 'f64', 'f64'],
  'f64.gt': [0x64, 'i32', 'f64', 'f64'],
  'f64.le': [0x65, 'i32', 'f64', 'f64'],
  'f64.ge': [0x66, 'i32', 'f64', 'f64'],
  'i32.clz': [0x67, 'i32', 'i32'],
  'i32.ctz': [0x68, 'i32', 'i32'],
  'i32.popcnt': [0x69, 'i32', 'i32'],
  'i32.add': [0x6a, 'i32', 'i32', 'i32'],
  'i32.sub': [0x6b, 'i32', 'i32', 'i32'],
  'i32.mul': [0x6c, 'i32', 'i32', 'i32'],
  'i32.div_s': [0x6d, 'i32', 'i32', 'i32'],
  'i32.div_u': [0x6e, 'i32', 'i32', 'i32'],
  'i32.rem_s': [0x6f, 'i32', 'i32', 'i32'],
  'i32.rem_u': [0x70, 'i32', 'i32', 'i32'],
  'i32.and': [0x71, 'i32', 'i32', 'i32'],
  'i32.or': [0x72, 'i32', 'i32', 'i32'],
  'i32.xor': [0x73, 'i32', 'i32', 'i32'],
  'i32.shl': [0x74, 'i32', 'i32', 'i32'],
  'i32.shr_s': [0x75, 'i32', 'i32', 'i32'],
  'i32.shr_u': [0x76, 'i32', 'i32', 'i32'],
  'i64.clz': [0x79, 'i64', 'i64'],
  'i64.ctz': [0x7a, 'i64', 'i64'],
  'i64.add': [0x7c, 'i64', 'i64', 'i64'],
  'i64.sub': [0x7d, 'i64', 'i64', 'i64'],
  'i64.mul': [0x7e, 'i64', 'i64', 'i64'],
  'i64.div_s': [0x7f, 'i64', 'i64', 'i64'],
  'i64.div_u': [0x80, 'i64', 'i64', 'i64'],
  'i64.rem_s': [0x81, 'i64', 'i64', 'i64'],
  'i64.rem_u': [0x82, 'i64', 'i64', 'i64'],
  'i64.and': [0x83, 'i64', 'i64', 'i64'],
  'i64.or': [0x84, 'i64', 'i64', 'i64'],
  'i64.xor': [0x85, 'i64', 'i64', 'i64'],
  'i64.shl': [0x86, 'i64', 'i64', 'i64'],
  'i64.shr_s': [0x87, 'i64', 'i64', 'i64'],
  'i64.shr_u': [0x88, 'i64', 'i64', 'i64'],
  'f32.abs': [0x8b, 'f32', 'f32'],
  'f32.neg': [0x8c, 'f32', 'f32'],
  'f32.ceil': [0x8d, 'f32', 'f32'],
  'f32.floor': [0x8e, 'f32', 'f32'],
  'f32.add': [0x92, 'f32', 'f32', 'f32'],
  'f32.sub': [0x93, 'f32', 'f32', 'f32'],
  'f32.mul': [0x94, 'f32', 'f32', 'f32'],
  'f32.div': [0x95, 'f32', 'f32', 'f32'],
  'f64.abs': [0x99, 'f64', 'f64'],
  'f64.neg': [0x9a, 'f64', 'f64'],
  'f64.ceil': [0x9b, 'f64', 'f64'],
  'f64.floor': [0x9c, 'f64', 'f64'],
  'f64.trunc': [0x9d, 'f64', 'f64'],
  'f64.sqrt': [0x9f, 'f64', 'f64'],
  'f64.add': [0xa0, 'f64', 'f64', 'f64'],
  'f64.sub': [0xa1, 'f64', 'f64', 'f64'],
  'f64.mul': [0xa2, 'f64', 'f64', 'f64'],
  'f64.div': [0xa3, 'f64', 'f64', 'f64'],
  'i32.wrap_i64': [0xa7, 'i32', 'i64'],
  'i64.extend_i32_s': [0xac, 'i64', 'i32'],
  'i64.extend_i32_u': [0xad, 'i64', 'i32'],
  'f32.convert_i32_s': [0xb2, 'f32', 'i32'],
  'f32.convert_i64_s': [0xb4, 'f32', 'i64'],
  'f32.demote_f64': [0xb6, 'f32', 'f64'],
  'f64.convert_i32_s': [0xb7, 'f64', 'i32'],
  'f64.convert_i64_s': [0xb9, 'f64', 'i64'],
  'f64.convert_i64_u': [0xba, 'f64', 'i64'],
  'f64.promote_f32': [0xbb, 'f64', 'f32'],
  'i32.reinterpret_f32': [0xbc, 'i32', 'f32'],
  'i64.reinterpret_f64': [0xbd, 'i64', 'f64'],
  'f64.reinterpret_i64': [0xbf, 'f64', 'i64'],
  'i32.extend8_s': [0xc0, 'i32', 'i32'],
  'i32.extend16_s': [0xc1, 'i32', 'i32'],
  'i64.extend32_s': [0xc4, 'i64', 'i64'],
  // Saturating: the only conversions from floating point that never trap. Two-byte opcodes.
  'i32.trunc_sat_f64_s': [0xfc02, 'i32', 'f64'],
  'i64.trunc_sat_f64_s': [0xfc06, 'i64', 'f64'],
} as const satisfies Record<string, readonly [number, ValueType, ...ValueType[]]>

export type Operation = keyof typeof operations

/** One instruction over its arguments, which are evaluated from left to right. */
export function op(operation: Operation, ...args: readonly Code[]): Code {
  const [opcode, type, ...params] = operations[operation]
  assert(
    params.length === args.length && args.every((arg, i) => arg.type === params[i]),
    `${operation} takes (${params.join(', ')}), not (${args.map((arg) => arg.type).join(', ')})`,
  )
  return { type, bytes: [...args.flatMap((arg) => arg.bytes), ...(opcode > 0xff ? [opcode >> 8, opcode & 0xff] : [opcode])] }
}

export function i32(value: number): Operand {
  return { type: 'i32', bytes: [0x41, ...signed32(value)], isOperand: true, constant: value | 0 }
}

export function i64(value: bigint | number): Operand {
  const constant = BigInt.asIntN(64, BigInt(value))
  return { type: 'i64', bytes: [0x42, ...signed64(constant)], isOperand: true, constant }
}

export function f32(value: number): Operand {
  return { type: 'f32', bytes: [0x43, ...new Uint8Array(Float32Array.of(value).buffer)], isOperand: true, constant: Math.fround(value) }
}

export function f64(value: number): Operand {
  return { type: 'f64', bytes: [0x44, ...new Uint8Array(Float64Array.of(value).buffer)], isOperand: true, constant: value }
}

/** `condition` is not 0: `yes`, else `no`. Both are evaluated. */
export function select(condition: Code, yes: Code, no: Code): Code {
  assert(yes.type === no.type, 'both sides of a select have one type')
  return { type: yes.type, bytes: [...yes.bytes, ...no.bytes, ...condition.bytes, 0x1b] }
}

const loads = {
  'i32.load': [0x28, 'i32'],
  'i64.load': [0x29, 'i64'],
  'f32.load': [0x2a, 'f32'],
  'f64.load': [0x2b, 'f64'],
  'i32.load8_s': [0x2c, 'i32'],
  'i32.load8_u': [0x2d, 'i32'],
  'i32.load16_s': [0x2e, 'i32'],
  'i32.load16_u': [0x2f, 'i32'],
  'i64.load32_s': [0x34, 'i64'],
} as const satisfies Record<string, readonly [number, ValueType]>

/** Reads memory at `address + offset`. Promises no alignment. */
export function load(operation: keyof typeof loads, address: Code, offset: number = 0): Code {
  const [opcode, type] = loads[operation]
  return { type, bytes: [...address.bytes, opcode, 0, ...unsigned(offset)] }
}

const stores = {
  'i32.store': [0x36, 'i32'],
  'i64.store': [0x37, 'i64'],
  'f32.store': [0x38, 'f32'],
  'f64.store': [0x39, 'f64'],
  'i32.store8': [0x3a, 'i32'],
  'i32.store16': [0x3b, 'i32'],
} as const satisfies Record<string, readonly [number, ValueType]>

export type StoreOperation = keyof typeof stores

/** Instructions that write `value` at `address + offset` and leave nothing. */
export function storeBytes(operation: StoreOperation, address: Code, value: Code, offset: number = 0): readonly number[] {
  const [opcode, type] = stores[operation]
  assert(value.type === type, `${operation} takes ${type}`)
  return [...address.bytes, ...value.bytes, opcode, 0, ...unsigned(offset)]
}

/** The same code, promised to be short and without effect. */
export function operand(code: Code): Operand {
  assert(code.bytes.length <= 24, 'an operand is short')
  return { ...code, isOperand: true }
}
