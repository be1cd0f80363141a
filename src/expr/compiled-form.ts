import type { SqlType } from '../data/types.ts'
import type { Emitter, Fragment } from './emitter.ts'

/**
 * Emits a call of a function. Arguments are evaluated already, each a fragment of its type; for a `strict` function the emitter handles NULL
 * before and the form gives the value only. Returns undefined where it has no compiled form for these types.
 */
export type CompiledForm = (emit: Emitter, args: readonly Fragment[], argTypes: readonly SqlType[], type: SqlType) => Fragment | undefined
