import type { SqlType } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import type { Emitter, Fragment } from './emitter.ts'
import type { Operand } from './wasm-code.ts'

/** What a form knows of the call that it emits. */
export interface FormCall {
  readonly argTypes: readonly SqlType[]
  readonly type: SqlType
  /** The value of an argument that is a literal, else undefined. */
  readonly literals: readonly (SqlValue | undefined)[]
  /** The session's, as `EvaluationContext` has it. */
  readonly timeZone: string
  /** Calls the interpreter's function for the row, for values that the form leaves to it. Not for `total` forms. */
  readonly callOut: () => Fragment
  /** The address of bytes that live as long as the loop. */
  readonly constantBytes: (bytes: Uint8Array) => Operand
}

/**
 * How the compiler emits a function whose arguments are evaluated already.
 *
 * - `total`: strict, and cheap and harmless on any operands, so the form runs also on the unspecified values of NULLs: no failure, no read
 *   of memory, no division.
 * - `guarded`: strict; the code runs only where no argument is NULL.
 * - `custom`: sees the NULLs of its arguments and gives its own.
 *
 * `emit` returns what the function gives, or undefined where it has no compiled form for these types or literals; the loop then calls
 * the interpreter's `evaluate`. With `total` and `guarded` its `isNull` says when the result is NULL although no argument is.
 */
export interface CompiledForm {
  readonly nulls: 'total' | 'guarded' | 'custom'
  readonly emit: (emit: Emitter, args: readonly Fragment[], call: FormCall) => Fragment | undefined
}
