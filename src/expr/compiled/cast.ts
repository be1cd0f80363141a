import type { SqlType } from '../../data/types.ts'
import type { FormCall } from '../compiled-form.ts'
import type { Emitter, Fragment } from '../emitter.ts'

export interface CastCall extends FormCall {
  readonly from: SqlType
  readonly mode: 'cast' | 'try'
}

/** CAST and TRY_CAST of a value that is not NULL; undefined where the interpreter's conversion must be called. */
export function emitCast(emit: Emitter, value: Fragment, call: CastCall): Fragment | undefined {
  return undefined
}
