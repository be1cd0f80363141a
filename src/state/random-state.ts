import type { Random } from '../base/random.ts'
import type { ArenaOwner } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import type { ByteReader, ByteSink } from '../data/byte-sink.ts'
import type { KeyedState } from './keyed-state.ts'

/**
 * A store for tests that behaves as if groups had to be fetched now and then: it answers with a promise at random, and works when it is asked
 * again.
 */
export class RandomlyAsynchronousState implements KeyedState {
  readonly #state: KeyedState
  readonly #random: Random
  /** Whether the next call is the second one of its kind. */
  #wasRefused = false

  constructor(state: KeyedState, random: Random) {
    this.#state = state
    this.#random = random
  }

  get owner(): ArenaOwner {
    return this.#state.owner
  }

  #refuses(): boolean {
    this.#wasRefused = !this.#wasRefused && this.#random.nextInt(2) === 0
    return this.#wasRefused
  }

  prepare(batch: Batch, keyColumns: readonly number[]): number | Promise<void> {
    return this.#refuses() ? later() : this.#state.prepare(batch, keyColumns)
  }

  find(batch: Batch, keyColumns: readonly number[], hashes: number): number | Promise<void> {
    return this.#refuses() ? later() : this.#state.find(batch, keyColumns, hashes)
  }

  prepareGroups(ids: ArrayLike<number>): true | Promise<void> {
    return this.#refuses() ? later() : this.#state.prepareGroups(ids)
  }

  add(key: Uint8Array): number {
    return this.#state.add(key)
  }

  touch(ids: number, count: number): void {
    this.#state.touch(ids, count)
  }

  touchOne(id: number): void {
    this.#state.touchOne(id)
  }

  line(id: number): number {
    return this.#state.line(id)
  }

  get directory(): number {
    return this.#state.directory
  }

  get lineBytes(): number {
    return this.#state.lineBytes
  }

  keyBytes(id: number): Uint8Array {
    return this.#state.keyBytes(id)
  }

  remove(id: number): void {
    this.#state.remove(id)
  }

  removeAll(ids: number, count: number): void {
    this.#state.removeAll(ids, count)
  }

  rename(ids: number, count: number, prefix: Uint8Array): number {
    return this.#state.rename(ids, count, prefix)
  }

  get created(): number {
    return this.#state.created
  }

  get createdCount(): number {
    return this.#state.createdCount
  }

  keyPlaces(ids: number, count: number, skip: number, places: number): void {
    this.#state.keyPlaces(ids, count, skip, places)
  }

  next(id: number): number {
    return this.#state.next(id)
  }

  get count(): number {
    return this.#state.count
  }

  get idBound(): number {
    return this.#state.idBound
  }

  get usedBytes(): number {
    return this.#state.usedBytes
  }

  snapshot(groupCount: number, save: (id: number, sink: ByteSink) => void): ReadonlyMap<number, Uint8Array> {
    return this.#state.snapshot(groupCount, save)
  }

  restore(bytes: Uint8Array, load: (id: number, reader: ByteReader) => void): void {
    this.#state.restore(bytes, load)
  }
}

function later(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
