import type { ArenaOwner } from '../data/arena.ts'
import { BATCH_CAPACITY, type Batch } from '../data/batch.ts'
import { BatchBuffer } from '../data/batch-buffer.ts'
import { KEY_GROUPS } from '../data/partitioner.ts'
import { type SqlType, types as sqlTypes } from '../data/types.ts'
import type { Operator, OperatorSnapshot, Output, Progress } from '../runtime/operator.ts'
import { type CreateState, type KeyedState, memoryState } from '../state/keyed-state.ts'
import type { OrderColumn } from '../state/row-order.ts'
import { type Int64Cells, int64Cells } from './int64.ts'
import { leavingGroups } from './order-groups.ts'
import { RankedRows } from './ranked-rows.ts'
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
  readonly orderKeys: readonly OrderColumn[]
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
  readonly #rows: RankedRows
  /** By group, the watermark that it waits for; undefined: it has no rows. */
  readonly #timers: (number | undefined)[] = []
  readonly #times = new TimeHeap()
  readonly #output: BatchBuffer
  /** Rows of the batch at hand that are not late, and their groups; then rows that leave. */
  readonly #inputs: number
  readonly #ids: number
  #leaving: { readonly timer: number; readonly groups: readonly { readonly id: number; readonly place: bigint }[] } | undefined
  #nextGroup = 0
  #nextRow = 0
  #lateRows = 0

  constructor(options: WindowRankOptions) {
    this.#options = options
    this.stateId = options.id
    const { owner, types, showsRank, createState = memoryState } = options
    this.#inputs = owner.allocate(BATCH_CAPACITY * 4)
    this.#ids = owner.allocate(BATCH_CAPACITY * 4)
    this.#cells = int64Cells(owner.arena)
    this.#state = createState({ owner, lineBytes: 0, prefixBytes: 0, ttlMs: 0 })
    this.#rows = new RankedRows(this.#state.owner, { ...options, inputRetracts: false, emitsUpdateBefore: false, tells: 'none' })
    this.#output = new BatchBuffer(owner, showsRank ? [...types, sqlTypes.bigint(false)] : types)
  }

  onBatch(_input: number, batch: Batch): Progress {
    const { owner, keys, endColumn, time } = this.#options
    const { arena } = owner
    const ids = this.#state.prepare(batch, keys)
    if (typeof ids !== 'number') return ids
    this.#state.touch(ids, batch.selectedCount)
    const ends = batch.columns[endColumn]!.cells / 8
    const inputs = this.#inputs >>> 2
    const groups = this.#ids >>> 2
    let count = 0
    let late: Set<number> | undefined
    for (let i = 0; i < batch.selectedCount; i++) {
      const row = batch.selection === 0 ? i : arena.i32[(batch.selection >>> 2) + i]!
      const id = arena.i32[(ids >>> 2) + i]!
      let watermark = batch.watermark
      if (batch.rowWatermarks !== 0) watermark = Math.max(watermark, this.#cells.get(batch.rowWatermarks / 8 + row))
      const timer = time.timerOf(this.#cells.get(ends + row) - 1)
      if (timer <= watermark) {
        this.#lateRows++
        late ??= new Set()
        late.add(id)
        continue
      }
      if (this.#timers[id] === undefined) {
        this.#timers[id] = timer
        this.#times.add(timer, id)
      }
      arena.i32[inputs + count] = row
      arena.i32[groups + count] = id
      count++
    }
    this.#rows.begin(batch, { rows: this.#inputs, count, ids: this.#ids, idBound: this.#state.idBound })
    this.#rows.changeSilently()
    if (late !== undefined) for (const id of late) if (this.#timers[id] === undefined) this.#state.remove(id)
    return 'done'
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
    const groups = leavingGroups(owner.arena, this.#state, ids, ordersOutput)
    this.#leaving = { timer, groups }
    this.#nextGroup = 0
    this.#nextRow = this.#options.from - 1
    return true
  }

  #send(out: Output): void {
    const { owner, types, givesPlaces, showsRank, from } = this.#options
    const { u32, i64 } = owner.arena
    const { timer, groups } = this.#leaving!
    const output = this.#output
    output.clear()
    // Rows that have left are shown no more.
    this.#rows.store.reclaim()
    const { batch } = output
    // What the watermark sends comes before the watermark itself.
    batch.watermark = timer - 1
    const places = givesPlaces ? output.addPlaces() / 8 : 0
    const ranks = showsRank ? batch.columns[types.length]!.cells / 8 : 0
    const names = this.#inputs >>> 2
    let count = 0
    while (this.#nextGroup < groups.length && count < output.capacity) {
      const { id, place } = groups[this.#nextGroup]!
      const rows = this.#rows.rowsOf(id)
      for (; this.#nextRow < rows.length && count < output.capacity; this.#nextRow++, count++) {
        u32[names + count] = rows[this.#nextRow]!
        if (ranks !== 0) i64[ranks + count] = BigInt(this.#nextRow + 1)
        if (places !== 0) i64[places + count] = place
      }
      if (this.#nextRow < rows.length) break
      this.#nextGroup++
      this.#nextRow = from - 1
      this.#rows.drop(id)
      this.#timers[id] = undefined
      this.#state.remove(id)
    }
    this.#rows.store.read(this.#inputs, count, output, showsRank ? batch.columns.slice(0, types.length) : batch.columns)
    batch.rowCount = count
    batch.selectedCount = count
    if (this.#nextGroup === groups.length) this.#leaving = undefined
    if (count > 0) out.push(batch)
  }

  lateRows(): number {
    return this.#lateRows
  }

  snapshot(): OperatorSnapshot {
    return {
      keyed: this.#state.snapshot(KEY_GROUPS, (id, sink) => {
        sink.f64(this.#timers[id]!)
        this.#rows.save(id, sink)
      }),
    }
  }

  restore(parts: readonly OperatorSnapshot[], isMine: (keyGroup: number) => boolean): void {
    for (const { keyed } of parts) {
      for (const [keyGroup, saved] of keyed) {
        if (!isMine(keyGroup)) continue
        this.#state.restore(saved, (id, reader) => {
          const timer = reader.f64()
          this.#timers[id] = timer
          this.#times.add(timer, id)
          this.#rows.lists.grow(this.#state.idBound)
          this.#rows.load(id, reader)
        })
      }
    }
  }

  stateSize(): { readonly rows: number; readonly bytes: number } {
    return { rows: this.#rows.store.count, bytes: this.#state.usedBytes }
  }

  close(): void {
    this.#options.owner.close()
  }
}
