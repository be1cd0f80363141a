/** Rows of one key, each at most a gap after another; all times are those of the wall clock. */
export interface Session {
  /** The group id of the key. */
  readonly id: number
  start: number
  end: number
  /** The watermark that ends it. */
  timer: number
  /** False once it is part of another one. */
  isOpen: boolean
  rows: SessionRow[]
}

export interface SessionRow {
  /** Counts the rows of a subtask as they arrive. */
  readonly number: number
  readonly kind: number
  readonly bytes: Uint8Array
}

/**
 * Sessions by the time at which they end. A session that grows stays where it is until its old time comes, and is put back then: most sessions grow
 * with nearly every row.
 */
export class SessionQueue {
  readonly #heap: { timer: number; readonly session: Session }[] = []

  add(session: Session): void {
    this.#push({ timer: session.timer, session })
  }

  /** Takes out the session that ends first, if that is at or before `time`. */
  take(time: number): Session | undefined {
    for (;;) {
      const first = this.#heap[0]
      if (first === undefined || first.timer > time) return undefined
      this.#pop()
      const { session } = first
      if (!session.isOpen) continue
      if (session.timer === first.timer) return session
      this.#push({ timer: session.timer, session })
    }
  }

  /** A time at or before which nothing ends; undefined: there is no session. */
  get nextTimer(): number | undefined {
    return this.#heap[0]?.timer
  }

  #push(entry: { timer: number; readonly session: Session }): void {
    const heap = this.#heap
    let at = heap.push(entry) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (heap[parent]!.timer <= entry.timer) break
      heap[at] = heap[parent]!
      at = parent
    }
    heap[at] = entry
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let at = 0
    for (;;) {
      let child = at * 2 + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && heap[child + 1]!.timer < heap[child]!.timer) child++
      if (heap[child]!.timer >= last.timer) break
      heap[at] = heap[child]!
      at = child
    }
    heap[at] = last
  }
}
