import type { Clock } from '../base/ports.ts'

/** One reader of the table that is watched. */
export interface WatchedReader {
  /** The table has had no rows for so long. */
  onIdle(): void
}

/**
 * Sees when a table that several subtasks read by turns has had no rows for so long, whoever's turn it was: the time runs while all of them wait, from the last row on. All hear of it at once, so
 * that each of them can say so behind the same block.
 */
export class IdleWatch {
  readonly #clock: Clock
  readonly #timeoutMs: number
  readonly #readers = new Set<WatchedReader>()
  readonly #waiting = new Set<WatchedReader>()
  #cancel: (() => void) | undefined
  isIdle = false

  constructor(options: { readonly clock: Clock; readonly timeoutMs: number }) {
    this.#clock = options.clock
    this.#timeoutMs = options.timeoutMs
  }

  add(reader: WatchedReader): void {
    this.#readers.add(reader)
  }

  /** A reader has nothing right now. */
  wait(reader: WatchedReader): void {
    this.#waiting.add(reader)
    if (this.#cancel !== undefined || this.isIdle || this.#waiting.size < this.#readers.size) return
    this.#cancel = this.#clock.schedule(this.#timeoutMs, () => {
      this.#cancel = undefined
      this.isIdle = true
      for (const one of this.#readers) one.onIdle()
    })
  }

  /** A reader is asked again. */
  ask(reader: WatchedReader): void {
    this.#waiting.delete(reader)
  }

  /** A reader has rows; whether the table was idle before. */
  read(): boolean {
    this.#stop()
    const wasIdle = this.isIdle
    this.isIdle = false
    return wasIdle
  }

  /** A reader has come to its end. */
  remove(reader: WatchedReader): void {
    this.#readers.delete(reader)
    this.#waiting.delete(reader)
    this.#stop()
  }

  #stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }
}
