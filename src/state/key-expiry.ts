import type { Clock } from '../base/ports.ts'
import type { ByteReader, ByteSink } from '../data/byte-sink.ts'
import type { KeyedState } from './keyed-state.ts'

/**
 * When the keys of an operator's state were written last, in processing time: state TTL. `sweep` names those that were not for longer than the time to live, which their owner
 * forgets. It costs one step for each key that ends, for the keys lie in the order of their last writing.
 */
export class KeyExpiry {
  readonly #clock: Clock
  readonly #ttlMs: number
  readonly #state: KeyedState
  /** By group id, in the order of time. */
  readonly #writtenAt = new Map<number, number>()
  /** Keys of several snapshots are not in order. */
  #isOrdered = true

  constructor(state: KeyedState, clock: Clock, ttlMs: number) {
    this.#state = state
    this.#clock = clock
    this.#ttlMs = ttlMs
  }

  /** The ids of keys that have ended; they begin anew when they are written again. Comes before `prepare`, which gives ids to new keys. */
  *sweep(): Iterable<number> {
    if (!this.#isOrdered) this.#order()
    const oldest = this.#clock.nowMs() - this.#ttlMs
    for (const [id, time] of this.#writtenAt) {
      if (time > oldest) return
      this.#writtenAt.delete(id)
      // The key may have gone before its time.
      if (this.#state.next(id) === id) yield id
    }
  }

  /** Says that the keys of these ids are written now: `count` i32 ids from `ids` on. */
  write(i32: Int32Array, ids: number, count: number): void {
    const now = this.#clock.nowMs()
    for (let i = 0; i < count; i++) {
      const id = i32[(ids >>> 2) + i]!
      if (id < 0) continue
      this.#writtenAt.delete(id)
      this.#writtenAt.set(id, now)
    }
  }

  /** Says that one key is written now. */
  renew(id: number): void {
    this.#writtenAt.delete(id)
    this.#writtenAt.set(id, this.#clock.nowMs())
  }

  save(id: number, sink: ByteSink): void {
    sink.f64(this.#writtenAt.get(id) ?? 0)
  }

  load(id: number, reader: ByteReader): void {
    this.#writtenAt.set(id, reader.f64())
    this.#isOrdered = false
  }

  #order(): void {
    const entries = [...this.#writtenAt].sort(([, a], [, b]) => a - b)
    this.#writtenAt.clear()
    for (const [id, time] of entries) this.#writtenAt.set(id, time)
    this.#isOrdered = true
  }
}

/** What a TTL needs, or nothing where state is kept for ever (0). */
export function keyExpiry(state: KeyedState, clock: Clock, ttlMs: number): KeyExpiry | undefined {
  return ttlMs === 0 ? undefined : new KeyExpiry(state, clock, ttlMs)
}
