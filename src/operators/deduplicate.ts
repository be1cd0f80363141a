import { assert } from '../base/assert.ts'
import type { Clock } from '../base/ports.ts'
import type { ArenaOwner } from '../data/arena.ts'
import { BATCH_CAPACITY, type Batch } from '../data/batch.ts'
import { BatchBuffer } from '../data/batch-buffer.ts'
import { KEY_GROUPS } from '../data/partitioner.ts'
import type { SqlType } from '../data/types.ts'
import type { Operator, OperatorSnapshot, Output, Progress } from '../runtime/operator.ts'
import { type KeyExpiry, keyExpiry } from '../state/key-expiry.ts'
import { type CreateState, type KeyedState, memoryState } from '../state/keyed-state.ts'
import { RowStore } from '../state/row-store.ts'
import { type Int64Cells, int64Cells } from './int64.ts'
import { leavingGroups } from './order-groups.ts'
import { TimeHeap } from './time-heap.ts'

export interface DeduplicateOptions {
  readonly id: string
  readonly owner: ArenaOwner
  readonly types: readonly SqlType[]
  readonly keys: readonly number[]
  readonly timeColumn: number
  /** Rows of one moment leave in the order of their keys, for something above reads arrival order. */
  readonly ordersOutput: boolean
  /** They also get places. */
  readonly givesPlaces: boolean
  readonly clock: Clock
  /** A key whose row left so long ago is forgotten; 0: never. Rows that wait stay. */
  readonly stateTtlMs: number
  readonly createState?: CreateState
}

/** Of the form in which a row is saved. */
const FORMAT = 1

/** Instead of the time of the row that a key has so far: there is none; it has left. */
const NO_ROW = Number.POSITIVE_INFINITY
const SENT = Number.NEGATIVE_INFINITY

/**
 * Keeps the first row of each key by event time (of equal times, the one that came first). It leaves when the watermark has reached its time; rows before the
 * watermark are late and dropped, and keys whose row has left stay known.
 */
export function deduplicate(options: DeduplicateOptions): Operator {
  return new Deduplicate(options)
}

class Deduplicate implements Operator {
  readonly name = 'Deduplicate'
  readonly stateId: string
  readonly #options: DeduplicateOptions
  readonly #cells: Int64Cells
  readonly #state: KeyedState
  readonly #store: RowStore
  /** By group, the time of the row that waits for the watermark, and its name. */
  readonly #kept: number[] = []
  readonly #rows: number[] = []
  readonly #times = new TimeHeap()
  /** Of keys whose row has left. */
  readonly #expiry: KeyExpiry | undefined
  readonly #output: BatchBuffer
  /** Rows of the batch at hand that are kept, and their groups; then rows that leave. */
  readonly #inputs: number
  readonly #ids: number
  /** Groups that are leaving at one moment. */
  #leaving: { readonly time: number; readonly groups: readonly { readonly id: number; readonly place: bigint }[] } | undefined
  #next = 0
  #lateRows = 0

  constructor(options: DeduplicateOptions) {
    this.#options = options
    this.stateId = options.id
    const { owner, types, clock, stateTtlMs, createState = memoryState } = options
    this.#cells = int64Cells(owner.arena)
    this.#state = createState({ owner, lineBytes: 0, prefixBytes: 0, ttlMs: 0 })
    this.#expiry = keyExpiry(this.#state, clock, stateTtlMs)
    this.#store = new RowStore({ owner: this.#state.owner, types })
    this.#output = new BatchBuffer(owner, types)
    this.#inputs = owner.allocate(BATCH_CAPACITY * 4)
    this.#ids = owner.allocate(BATCH_CAPACITY * 4)
  }

  onBatch(_input: number, batch: Batch): Progress {
    const { owner, keys, timeColumn } = this.#options
    const { arena } = owner
    for (const id of this.#expiry?.sweep() ?? []) {
      if (this.#kept[id] !== SENT) continue
      this.#kept[id] = NO_ROW
      this.#state.remove(id)
    }
    const ids = this.#state.prepare(batch, keys)
    if (typeof ids !== 'number') return ids
    this.#state.touch(ids, batch.selectedCount)
    const cells = batch.columns[timeColumn]!
    this.#grow()
    let count = 0
    for (let i = 0; i < batch.selectedCount; i++) {
      const row = batch.selection === 0 ? i : arena.i32[(batch.selection >>> 2) + i]!
      const id = arena.i32[(ids >>> 2) + i]!
      const time = cells.isNull(arena, row) ? Number.NaN : this.#cells.get(cells.cells / 8 + row)
      let watermark = batch.watermark
      if (batch.rowWatermarks !== 0) watermark = Math.max(watermark, this.#cells.get(batch.rowWatermarks / 8 + row))
      // A row without a time is in no order.
      if (Number.isNaN(time)) continue
      if (time < watermark) {
        this.#lateRows++
        continue
      }
      if (this.#kept[id]! <= time) continue
      this.#kept[id] = time
      this.#times.add(time, id)
      arena.i32[(this.#inputs >>> 2) + count] = row
      arena.i32[(this.#ids >>> 2) + count] = id
      count++
    }
    this.#keep(batch, count)
    this.#forget(ids, batch.selectedCount)
    return 'done'
  }

  #grow(): void {
    const bound = this.#state.idBound
    while (this.#kept.length < bound) {
      this.#kept.push(NO_ROW)
      this.#rows.push(0)
    }
  }

  /** Stores rows of a batch in the place of those that their keys had. */
  #keep(batch: Batch, count: number): void {
    const { i32, u32 } = this.#options.owner.arena
    const store = this.#store
    store.reclaim()
    const names = store.addRows(batch, { rows: this.#inputs, from: 0, count })
    for (let k = 0; k < count; k++) {
      const id = i32[(this.#ids >>> 2) + k]!
      const before = this.#rows[id]!
      if (before !== 0) store.release(before)
      this.#rows[id] = u32[(names >>> 2) + k]!
    }
  }

  /** Forgets keys of which only late rows came. */
  #forget(ids: number, count: number): void {
    const { i32 } = this.#options.owner.arena
    const gone = new Set<number>()
    for (let i = 0; i < count; i++) {
      const id = i32[(ids >>> 2) + i]!
      if (this.#kept[id] === NO_ROW) gone.add(id)
    }
    for (const id of gone) this.#state.remove(id)
  }

  onWatermark(time: number, out: Output): Progress {
    for (;;) {
      if (this.#leaving === undefined) {
        const blocked = this.#begin(time)
        if (blocked === false) return 'done'
        if (blocked !== true) return blocked
      }
      if (out.isFull) return 'more'
      this.#send(out)
    }
  }

  /** Finds the groups that leave next. False: none is due. */
  #begin(watermark: number): boolean | Promise<void> {
    const { ordersOutput, owner } = this.#options
    const due = this.#times.peek()
    if (due === undefined || due > watermark) return false
    const ids = [...new Set(this.#times.idsAt(due))].filter((id) => this.#kept[id] === due)
    const prepared = this.#state.prepareGroups(ids)
    if (prepared !== true) return prepared
    this.#times.pop()
    const groups = leavingGroups(owner.arena, this.#state, ids, ordersOutput)
    this.#leaving = { time: due, groups }
    this.#next = 0
    return true
  }

  #send(out: Output): void {
    const { owner, givesPlaces } = this.#options
    const { u32, i64, i32 } = owner.arena
    const { time, groups } = this.#leaving!
    const output = this.#output
    output.clear()
    // Rows that have left are shown no more.
    this.#store.reclaim()
    const { batch } = output
    // What the watermark sends comes before the watermark itself.
    batch.watermark = time - 1
    const places = givesPlaces ? output.addPlaces() / 8 : 0
    let count = 0
    for (; this.#next < groups.length && count < output.capacity; this.#next++, count++) {
      const { id, place } = groups[this.#next]!
      const row = this.#rows[id]!
      u32[(this.#inputs >>> 2) + count] = row
      u32[(this.#ids >>> 2) + count] = id
      if (places !== 0) i64[places + count] = place
      this.#store.release(row)
      this.#rows[id] = 0
      this.#kept[id] = SENT
      this.#state.touchOne(id)
    }
    this.#store.read(this.#inputs, count, output, batch.columns)
    this.#expiry?.write(i32, this.#ids, count)
    batch.rowCount = count
    batch.selectedCount = count
    if (this.#next === groups.length) this.#leaving = undefined
    if (count > 0) out.push(batch)
  }

  lateRows(): number {
    return this.#lateRows
  }

  snapshot(): OperatorSnapshot {
    return {
      keyed: this.#state.snapshot(KEY_GROUPS, (id, sink) => {
        const time = this.#kept[id]!
        sink.u8(FORMAT)
        sink.f64(time)
        if (time === SENT) this.#expiry?.save(id, sink)
        else sink.prefixed(this.#store.bytesOf(this.#rows[id]!))
      }),
    }
  }

  restore(parts: readonly OperatorSnapshot[], isMine: (keyGroup: number) => boolean): void {
    for (const { keyed } of parts) {
      for (const [keyGroup, bytes] of keyed) {
        if (!isMine(keyGroup)) continue
        this.#state.restore(bytes, (id, reader) => {
          assert(reader.u8() === FORMAT, 'a row is loaded in the form in which it was saved')
          const time = reader.f64()
          this.#grow()
          this.#kept[id] = time
          if (time === SENT) {
            this.#expiry?.load(id, reader)
            return
          }
          this.#rows[id] = this.#store.addBytes(reader.raw(reader.varint()))
          this.#times.add(time, id)
        })
      }
    }
  }

  stateSize(): { readonly rows: number; readonly bytes: number } {
    return { rows: this.#state.count, bytes: this.#state.usedBytes }
  }

  close(): void {
    this.#options.owner.close()
  }
}
