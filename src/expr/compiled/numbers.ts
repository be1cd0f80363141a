import { layoutOf } from '../../data/column.ts'
import type { SqlType } from '../../data/types.ts'
import type { Emitter, Fragment } from '../emitter.ts'
import { type Code, type Operand, op } from '../wasm-code.ts'
import { type Wide, exceeds } from './wide.ts'

// Numbers of several types in one form.

export type DecimalType = Extract<SqlType, { kind: 'DECIMAL' }>

/** A fragment that is never NULL where its arguments are not. */
export function present(emit: Emitter, ...value: readonly Code[]): Fragment {
  return { isNull: undefined, value: value.map((code) => emit.bind(code)) }
}

/** The number cut to the bits of TINYINT, SMALLINT or INT. */
export function wrapped(type: SqlType, value: Code): Code {
  switch (type.kind) {
    case 'TINYINT':
      return op('i32.extend8_s', value)
    case 'SMALLINT':
      return op('i32.extend16_s', value)
    default:
      return value
  }
}

/** Whether the type is TINYINT, SMALLINT or INT. */
export function isSmallInteger(type: SqlType): boolean {
  return type.kind === 'TINYINT' || type.kind === 'SMALLINT' || type.kind === 'INTEGER'
}

/** An integer of any type as a word. */
export function asWord(type: SqlType, value: Operand): Code {
  return layoutOf(type) === 'i64' ? value : op('i64.extend_i32_s', value)
}

/** A DECIMAL of a type from its exact value at that scale, NULL when it does not fit; `digits` bounds how many digits the value may have. */
export function decimalResult(emit: Emitter, type: DecimalType, value: Wide, digits: number): Fragment {
  const isNull = digits > type.precision ? exceeds(emit, value, type.precision) : undefined
  return { isNull, ...decimalValue(type, value) }
}

export function decimalValue(type: DecimalType, value: Wide): { readonly value: readonly Operand[]; readonly isNarrow: boolean } {
  return layoutOf(type) === 'i64' ? { value: [value.low], isNarrow: false } : { value: [value.low, value.high], isNarrow: value.isNarrow }
}

/** What a decimal kernel left in the scratch; `status` is what it returned, 1 for more than 38 digits. */
export function kernelDecimal(emit: Emitter, type: DecimalType, status: Operand): Fragment {
  const value = { low: emit.bind(emit.loadScratch('i64', 0)), high: emit.bind(emit.loadScratch('i64', 8)), isNarrow: false }
  if (type.precision === 38) return { isNull: status, ...decimalValue(type, value) }
  return { isNull: emit.bind(op('i32.or', status, exceeds(emit, value, type.precision))), ...decimalValue(type, value) }
}
