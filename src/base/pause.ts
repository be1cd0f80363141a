import type { Clock } from './ports.ts'

/** A wait by the clock, one at a time, that whoever closes may cut short. */
export class Pause {
  readonly #clock: Clock
  #end: (() => void) | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Settles after so many milliseconds, or when it is cut short. */
  begin(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#clock.schedule(ms, resolve)
      this.#end = () => {
        cancel()
        resolve()
      }
    })
  }

  cutShort(): void {
    this.#end?.()
  }
}
