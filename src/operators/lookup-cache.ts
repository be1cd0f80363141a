import type { ArenaOwner } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import { BatchBuffer } from '../data/batch-buffer.ts'
import { writeCell } from '../data/cells.ts'
import { decodeRow } from '../data/row-encoding.ts'
import type { SqlType } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import type { LookupCache } from '../runtime/lookup.ts'
import { GroupIndex } from '../state/group-index.ts'
import { RowStore } from '../state/row-store.ts'

/** What is known of a key. */
interface Entry {
  /** Names of rows in the store. */
  readonly rows: readonly number[]
  readonly writtenMs: number
  usedMs: number
}

/**
 * Answers of lookups by key: the rows lie in the arena, so that joined rows are gathered by kernels. Keys have ids, as those of keyed state; an id whose answer is not there
 * is asked for.
 *
 * What leaves the cache keeps its bytes until the next batch, for rows that were sent may show them.
 */
export class LookupAnswers {
  readonly store: RowStore
  readonly #index: GroupIndex
  readonly #keyTypes: readonly SqlType[]
  readonly #cache: LookupCache
  readonly #rows: BatchBuffer
  readonly #u32: Uint32Array
  /** By id. */
  readonly #entries: (Entry | undefined)[] = []
  /** Ids with an answer, the one that was used longest ago first, where that matters. */
  readonly #order = new Set<number>()
  readonly #keepsOrder: boolean

  constructor(owner: ArenaOwner, keyTypes: readonly SqlType[], rowTypes: readonly SqlType[], cache: LookupCache) {
    this.#keyTypes = keyTypes
    this.#cache = cache
    this.#index = new GroupIndex(owner)
    this.store = new RowStore({ owner, types: rowTypes })
    this.#rows = new BatchBuffer(owner, rowTypes)
    this.#u32 = owner.arena.u32
    this.#keepsOrder = cache.kind === 'partial' && cache.maxKeys !== Infinity
  }

  /** The address of one i32 id for each selected row of a batch. */
  idsOf(batch: Batch, keyColumns: readonly number[]): number {
    return this.#index.prepare(batch, keyColumns)
  }

  keyOf(id: number): SqlValue[] {
    return decodeRow(this.#keyTypes, this.#index.keyBytes(id))
  }

  has(id: number): boolean {
    return this.#entries[id] !== undefined
  }

  /** The rows of an id whose answer is there. */
  rowsOf(id: number): readonly number[] {
    return this.#entries[id]!.rows
  }

  put(id: number, rows: readonly (readonly SqlValue[])[], nowMs: number): void {
    const names: number[] = []
    const { batch, capacity } = this.#rows
    for (let from = 0; from < rows.length; from += capacity) {
      const part = rows.slice(from, from + capacity)
      this.#rows.clear()
      part.forEach((row, i) => row.forEach((value, column) => writeCell(this.#rows, batch.columns[column]!, i, value)))
      batch.rowCount = part.length
      batch.selectedCount = part.length
      const added = this.store.add(batch) >>> 2
      for (let i = 0; i < part.length; i++) names.push(this.#u32[added + i]!)
    }
    this.#entries[id] = { rows: names, writtenMs: nowMs, usedMs: nowMs }
    this.#order.add(id)
  }

  /** Before a batch: frees what left the cache. */
  reclaim(): void {
    this.store.reclaim()
  }

  /** Says that the answers of these ids are used, and drops those that count no longer. */
  use(ids: ReadonlySet<number>, nowMs: number): void {
    const { expireAfterWriteMs, expireAfterAccessMs } = this.#cache
    for (const id of ids) {
      const entry = this.#entries[id]
      if (entry === undefined) continue
      const isOld =
        (expireAfterWriteMs !== undefined && nowMs - entry.writtenMs >= expireAfterWriteMs) ||
        (expireAfterAccessMs !== undefined && nowMs - entry.usedMs >= expireAfterAccessMs)
      if (isOld) {
        this.#forget(id)
        continue
      }
      entry.usedMs = nowMs
      if (this.#keepsOrder) {
        this.#order.delete(id)
        this.#order.add(id)
      }
    }
  }

  /** Behind a batch: drops what is beyond the bound, and keys without rows where those are not kept. */
  shrink(used: Iterable<number>): void {
    if (!this.#cache.keepsMissing) for (const id of used) if (this.#entries[id]?.rows.length === 0) this.#drop(id)
    for (const id of this.#order) {
      if (this.#order.size <= this.#cache.maxKeys) return
      this.#drop(id)
    }
  }

  /** Forgets all answers; their ids stay good until the next `idsOf`. */
  clear(): void {
    for (const id of this.#order) this.#drop(id)
  }

  #drop(id: number): void {
    this.#forget(id)
    this.#index.remove(id)
  }

  #forget(id: number): void {
    for (const row of this.#entries[id]?.rows ?? []) this.store.release(row)
    this.#entries[id] = undefined
    this.#order.delete(id)
  }

  get size(): number {
    return this.#order.size
  }
}
