import type { ArenaOwner } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import { BatchBuffer } from '../data/batch-buffer.ts'
import { readCell, writeCell } from '../data/cells.ts'
import { KEY_GROUPS } from '../data/partitioner.ts'
import { decodeRow, rowBytes } from '../data/row-encoding.ts'
import type { SqlType } from '../data/types.ts'
import type { Operator, OperatorSnapshot, Output, Progress } from '../runtime/operator.ts'
import { type CreateState, type KeyedState, memoryState } from '../state/keyed-state.ts'
import { type Int64Cells, int64Cells } from './int64.ts'
import { orderGroups } from './order-groups.ts'
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
  readonly createState?: CreateState
}

/** The row that a key has so far, waiting for the watermark, or 'sent'. */
type Kept = { readonly time: number; readonly bytes: Uint8Array } | 'sent'

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
  readonly #kept: (Kept | undefined)[] = []
  readonly #times = new TimeHeap()
  readonly #output: BatchBuffer
  /** Groups that are leaving at one moment. */
  #leaving: { readonly time: number; readonly groups: readonly { readonly id: number; readonly place: bigint }[] } | undefined
  #next = 0
  #lateRows = 0

  constructor(options: DeduplicateOptions) {
    this.#options = options
    this.stateId = options.id
    const { owner, types, createState = memoryState } = options
    this.#cells = int64Cells(owner.arena)
    this.#state = createState({ owner, lineBytes: 0, prefixBytes: 0, ttlMs: 0 })
    this.#output = new BatchBuffer(owner, types)
  }

  onBatch(_input: number, batch: Batch): Progress {
    const { owner, types, keys, timeColumn } = this.#options
    const { arena } = owner
    const ids = this.#state.prepare(batch, keys)
    if (typeof ids !== 'number') return ids
    this.#state.touch(ids, batch.selectedCount)
    const cells = batch.columns[timeColumn]!
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
      const kept = this.#kept[id]
      if (kept === 'sent' || (kept !== undefined && kept.time <= time)) continue
      const values = batch.columns.map((column) => readCell(arena, column, row))
      this.#kept[id] = { time, bytes: rowBytes(types, values) }
      this.#times.add(time, id)
    }
    this.#forget(ids, batch.selectedCount)
    return 'done'
  }

  /** Forgets keys of which only late rows came. */
  #forget(ids: number, count: number): void {
    const { i32 } = this.#options.owner.arena
    const gone = new Set<number>()
    for (let i = 0; i < count; i++) {
      const id = i32[(ids >>> 2) + i]!
      if (this.#kept[id] === undefined) gone.add(id)
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
    const isDue = (id: number): boolean => {
      const kept = this.#kept[id]
      return kept !== undefined && kept !== 'sent' && kept.time === due
    }
    const ids = [...new Set(this.#times.idsAt(due))].filter(isDue)
    const prepared = this.#state.prepareGroups(ids)
    if (prepared !== true) return prepared
    this.#times.pop()
    const groups = ordersOutput ? orderGroups(owner.arena, ids, (id) => this.#state.keyBytes(id)) : ids.map((id) => ({ id, place: 0n }))
    this.#leaving = { time: due, groups }
    this.#next = 0
    return true
  }

  #send(out: Output): void {
    const { owner, types, givesPlaces } = this.#options
    const { time, groups } = this.#leaving!
    const output = this.#output
    output.clear()
    const { batch } = output
    // What the watermark sends comes before the watermark itself.
    batch.watermark = time - 1
    const places = givesPlaces ? output.addPlaces() / 8 : 0
    for (; this.#next < groups.length && batch.rowCount < output.capacity; this.#next++) {
      const { id, place } = groups[this.#next]!
      const kept = this.#kept[id]!
      if (kept === 'sent') continue
      const row = batch.rowCount++
      decodeRow(types, kept.bytes).forEach((value, i) => writeCell(output, batch.columns[i]!, row, value))
      if (places !== 0) owner.arena.i64[places + row] = place
      this.#kept[id] = 'sent'
      this.#state.touchOne(id)
    }
    batch.selectedCount = batch.rowCount
    if (this.#next === groups.length) this.#leaving = undefined
    if (batch.rowCount > 0) out.push(batch)
  }

  lateRows(): number {
    return this.#lateRows
  }

  snapshot(): OperatorSnapshot {
    return {
      keyed: this.#state.snapshot(KEY_GROUPS, (id, sink) => {
        const kept = this.#kept[id] ?? 'sent'
        sink.u8(kept === 'sent' ? 1 : 0)
        if (kept === 'sent') return
        sink.f64(kept.time)
        sink.prefixed(kept.bytes)
      }),
    }
  }

  restore(parts: readonly OperatorSnapshot[], isMine: (keyGroup: number) => boolean): void {
    for (const { keyed } of parts) {
      for (const [keyGroup, bytes] of keyed) {
        if (!isMine(keyGroup)) continue
        this.#state.restore(bytes, (id, reader) => {
          if (reader.u8() === 1) this.#kept[id] = 'sent'
          else {
            const time = reader.f64()
            this.#kept[id] = { time, bytes: reader.raw(reader.varint()) }
            this.#times.add(time, id)
          }
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
