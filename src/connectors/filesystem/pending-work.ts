import type { SourceStep } from '../../runtime/source.ts'

/** What a reader has under way while its steps answer at once: one promise at a time. What it fails with is thrown by the next step. */
export class PendingWork {
  #ready: Promise<void> | undefined
  #failure: unknown

  /** Settles, without ever failing, when what is under way is over; undefined when nothing is. */
  get ready(): Promise<void> | undefined {
    return this.#ready
  }

  /** Throws what has failed since. */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure
  }

  /** For a failure behind rows that are still to be given. */
  failLater(failure: unknown): void {
    this.#failure ??= failure
  }

  begin(work: Promise<void>): SourceStep {
    const ready: Promise<void> = work
      .catch((error: unknown) => this.failLater(error))
      .finally(() => {
        // The next work may have begun between the end of this one and this call.
        if (this.#ready === ready) this.#ready = undefined
      })
    this.#ready = ready
    return { kind: 'wait', ready }
  }
}
