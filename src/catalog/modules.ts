import { type Position, type RheoError, userError } from '../base/errors.ts'

const CORE = 'core'

/**
 * The modules of a session. There is one, `core`, which is where SHOW FUNCTIONS takes the built-in functions from. As in Flink a call finds them also while
 * it is unloaded.
 */
export class SessionModules {
  #isLoaded = true
  #isUsed = true

  get isUsed(): boolean {
    return this.#isUsed
  }

  /** The names with whether they are used, in the order of USE MODULES. */
  entries(): readonly (readonly [name: string, isUsed: boolean])[] {
    return this.#isLoaded ? [[CORE, this.#isUsed]] : []
  }

  load(name: string, at: Position): void {
    if (name !== CORE) throw unknownModule('load', name, at)
    if (this.#isLoaded) throw userError('sql/duplicate-module', `Cannot load module "${CORE}": it is loaded`, at)
    this.#isLoaded = true
    this.#isUsed = true
  }

  unload(name: string, at: Position): void {
    if (name !== CORE || !this.#isLoaded) throw unknownModule('unload', name, at)
    this.#isLoaded = false
    this.#isUsed = false
  }

  use(names: readonly { readonly name: string; readonly at: Position }[]): void {
    for (const [i, { name, at }] of names.entries()) {
      if (names.findIndex((other) => other.name === name) < i)
        throw userError('sql/duplicate-module', `Cannot use module "${name}" twice: each stands in the list once`, at)
      if (name !== CORE || !this.#isLoaded) throw unknownModule('use', name, at)
    }
    this.#isUsed = true
  }
}

function unknownModule(verb: string, name: string, at: Position): RheoError {
  return userError('sql/unknown-module', `Cannot ${verb} module "${name}": there is none of that name; the only one is "${CORE}"`, at)
}
