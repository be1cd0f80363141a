import type { ArenaOwner } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import { BatchBuffer } from '../data/batch-buffer.ts'
import { readCell, writeCell } from '../data/cells.ts'
import { KEY_GROUPS } from '../data/partitioner.ts'
import { decodeRow, rowBytes } from '../data/row-encoding.ts'
import { type SqlType, types as sqlTypes } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import type { Operator, OperatorSnapshot, Output, Progress } from '../runtime/operator.ts'
import { type CreateState, type KeyedState, memoryState } from '../state/keyed-state.ts'
import { type SortColumn, compareKeys } from './compare-rows.ts'
import { type Int64Cells, int64Cells } from './int64.ts'
import { orderGroups } from './order-groups.ts'
import { TimeHeap } from './time-heap.ts'
import type { WindowTime } from './window-time.ts'

export interface WindowRankOptions {
  readonly id: string
  readonly owner: ArenaOwner
  readonly types: readonly SqlType[]
  /** The partition, the window's bounds among it. */
  readonly keys: readonly number[]
  /** The column of the window's end. */
  readonly endColumn: number
  readonly orderKeys: readonly SortColumn[]
  readonly ties: 'first-come' | 'last-come'
  readonly from: number
  readonly to: number
  readonly showsRank: boolean
  readonly time: WindowTime
  /** Partitions of one moment leave in the order of their keys, for something above reads arrival order. */
  readonly ordersOutput: boolean
  /** Their rows also get places. */
  readonly givesPlaces: boolean
  readonly createState?: CreateState
}

interface RankedRow {
  readonly keys: readonly SqlValue[]
  readonly bytes: Uint8Array
}

interface Group {
  readonly timer: number
  readonly rows: RankedRow[]
}

/** Top-N of windows: the rows from rank `from` to rank `to` of each partition leave once, when the watermark has passed their window. */
export function windowRank(options: WindowRankOptions): Operator {
  return new WindowRank(options)
}

class WindowRank implements Operator {
  readonly name = 'WindowRank'
  readonly stateId: string
  readonly #options: WindowRankOptions
  readonly #cells: Int64Cells
  readonly #state: KeyedState
  readonly #groups: (Group | undefined)[] = []
  readonly #times = new TimeHeap()
  readonly #output: BatchBuffer
  #leaving: { readonly timer: number; readonly groups: readonly { readonly id: number; readonly place: bigint }[] } | undefined
  #nextGroup = 0
  #nextRow = 0
  #lateRows = 0

  constructor(options: WindowRankOptions) {
    this.#options = options
    this.stateId = options.id
    const { owner, types, showsRank, createState = memoryState } = options
    this.#cells = int64Cells(owner.arena)
    this.#state = createState({ owner, lineBytes: 0, prefixBytes: 0, ttlMs: 0 })
    this.#output = new BatchBuffer(owner, showsRank ? [...types, sqlTypes.bigint(false)] : types)
  }

  onBatch(_input: number, batch: Batch): Progress {
    const { owner, keys, endColumn, time } = this.#options
    const { arena } = owner
    const ids = this.#state.prepare(batch, keys)
    if (typeof ids !== 'number') return ids
    this.#state.touch(ids, batch.selectedCount)
    const ends = batch.columns[endColumn]!.cells / 8
    const empty = new Set<number>()
    for (let i = 0; i < batch.selectedCount; i++) {
      const row = batch.selection === 0 ? i : arena.i32[(batch.selection >>> 2) + i]!
      const id = arena.i32[(ids >>> 2) + i]!
      let watermark = batch.watermark
      if (batch.rowWatermarks !== 0) watermark = Math.max(watermark, this.#cells.get(batch.rowWatermarks / 8 + row))
      const timer = time.timerOf(this.#cells.get(ends + row) - 1)
      if (timer <= watermark) {
        this.#lateRows++
        if (this.#groups[id] === undefined) empty.add(id)
        continue
      }
      empty.delete(id)
      let group = this.#groups[id]
      if (group === undefined) {
        group = { timer, rows: [] }
        this.#groups[id] = group
        this.#times.add(timer, id)
      }
      this.#insert(group.rows, batch, row)
    }
    for (const id of empty) this.#state.remove(id)
    return 'done'
  }

  #insert(rows: RankedRow[], batch: Batch, row: number): void {
    const { owner, orderKeys, to, ties, types } = this.#options
    const { arena } = owner
    const keys = orderKeys.map((key) => readCell(arena, batch.columns[key.column]!, row))
    const limit = ties === 'first-come' ? 1 : 0
    let low = 0
    let high = rows.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (compareKeys(orderKeys, rows[middle]!.keys, keys) < limit) low = middle + 1
      else high = middle
    }
    if (low >= to) return
    const values = batch.columns.map((column) => readCell(arena, column, row))
    rows.splice(low, 0, { keys, bytes: rowBytes(types, values) })
    if (rows.length > to) rows.pop()
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

  /** Finds the partitions that leave next. False: none is due. */
  #begin(watermark: number): boolean | Promise<void> {
    const { ordersOutput, owner } = this.#options
    const timer = this.#times.peek()
    if (timer === undefined || timer > watermark) return false
    const ids = this.#times.idsAt(timer)
    const prepared = this.#state.prepareGroups(ids)
    if (prepared !== true) return prepared
    this.#times.pop()
    const groups = ordersOutput ? orderGroups(owner.arena, ids, (id) => this.#state.keyBytes(id)) : ids.map((id) => ({ id, place: 0n }))
    this.#leaving = { timer, groups }
    this.#nextGroup = 0
    this.#nextRow = this.#options.from - 1
    return true
  }

  #send(out: Output): void {
    const { owner, types, givesPlaces, showsRank, from } = this.#options
    const { timer, groups } = this.#leaving!
    const output = this.#output
    output.clear()
    const { batch } = output
    // What the watermark sends comes before the watermark itself.
    batch.watermark = timer - 1
    const places = givesPlaces ? output.addPlaces() / 8 : 0
    while (this.#nextGroup < groups.length && batch.rowCount < output.capacity) {
      const { id, place } = groups[this.#nextGroup]!
      const { rows } = this.#groups[id]!
      for (; this.#nextRow < rows.length && batch.rowCount < output.capacity; this.#nextRow++) {
        const at = batch.rowCount++
        decodeRow(types, rows[this.#nextRow]!.bytes).forEach((value, i) => writeCell(output, batch.columns[i]!, at, value))
        if (showsRank) writeCell(output, batch.columns[types.length]!, at, BigInt(this.#nextRow + 1))
        if (places !== 0) owner.arena.i64[places + at] = place
      }
      if (this.#nextRow < rows.length) break
      this.#nextGroup++
      this.#nextRow = from - 1
      this.#groups[id] = undefined
      this.#state.remove(id)
    }
    batch.selectedCount = batch.rowCount
    if (this.#nextGroup === groups.length) this.#leaving = undefined
    if (batch.rowCount > 0) out.push(batch)
  }

  lateRows(): number {
    return this.#lateRows
  }

  snapshot(): OperatorSnapshot {
    return {
      keyed: this.#state.snapshot(KEY_GROUPS, (id, sink) => {
        const { timer, rows } = this.#groups[id]!
        sink.f64(timer)
        sink.varint(rows.length)
        for (const { bytes } of rows) sink.prefixed(bytes)
      }),
    }
  }

  restore(parts: readonly OperatorSnapshot[], isMine: (keyGroup: number) => boolean): void {
    const { types, orderKeys } = this.#options
    for (const { keyed } of parts) {
      for (const [keyGroup, saved] of keyed) {
        if (!isMine(keyGroup)) continue
        this.#state.restore(saved, (id, reader) => {
          const timer = reader.f64()
          const rows = Array.from({ length: reader.varint() }, (): RankedRow => {
            const bytes = reader.raw(reader.varint())
            const values = decodeRow(types, bytes)
            return { keys: orderKeys.map((key) => values[key.column]!), bytes }
          })
          this.#groups[id] = { timer, rows }
          this.#times.add(timer, id)
        })
      }
    }
  }

  stateSize(): { readonly rows: number; readonly bytes: number } {
    return { rows: this.#groups.reduce((sum, group) => sum + (group?.rows.length ?? 0), 0), bytes: this.#state.usedBytes }
  }

  close(): void {
    this.#options.owner.close()
  }
}
