import type { FormCall } from '../compiled-form.ts'
import type { Emitter, Fragment } from '../emitter.ts'
import { assign, resultFragment, resultLocals } from '../fragment-memory.ts'
import type { Code } from '../wasm-code.ts'

/** The fast way where `isFast` holds, else the interpreter's. */
export function fastOr(emit: Emitter, call: FormCall, isFast: Code, fast: () => Fragment): Fragment {
  const result = resultLocals(emit, call.type)
  const sources: Fragment[] = []
  const take = (fragment: Fragment): void => {
    sources.push(fragment)
    assign(emit, result, fragment)
  }
  emit.if(
    isFast,
    () => take(fast()),
    () => take(call.callOut()),
  )
  return resultFragment(result, sources)
}
