import type { ArenaOwner } from '../data/arena.ts'
import { BATCH_CAPACITY, type Batch } from '../data/batch.ts'
import { BatchBuffer } from '../data/batch-buffer.ts'
import { ByteReader, type ByteSink } from '../data/byte-sink.ts'
import { readCell } from '../data/cells.ts'
import { Column } from '../data/column.ts'
import { KEY_GROUPS } from '../data/partitioner.ts'
import { decodeRow, rowBytes } from '../data/row-encoding.ts'
import { RowKind, rowKindSign } from '../data/row-kind.ts'
import { type SqlType, types } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import type { Clock } from '../base/ports.ts'
import type { AggregateCall } from '../expr/aggregate.ts'
import type { OperatorSnapshot, Output, Progress } from '../runtime/operator.ts'
import { type CreateState, type KeyedState, memoryState } from '../state/keyed-state.ts'
import type { GroupRows } from './aggregates/accumulator.ts'
import { AggregateLines } from './aggregates/aggregate-lines.ts'
import { compareBytes } from './aggregates/compare-values.ts'
import { newGroupRows } from './aggregates/group-rows.ts'
import { viewOf } from './batch-view.ts'
import type { DueOperator } from './by-clock.ts'
import { type Int64Cells, int64Cells } from './int64.ts'
import { orderGroups } from './order-groups.ts'
import { type TimedCause, TimedQueue } from './timed-queue.ts'
import { TimeHeap } from './time-heap.ts'
import { PANE_PREFIX_BYTES } from './window-panes.ts'
import type { WindowTime } from './window-time.ts'

export interface EmittingWindowsOptions {
  readonly id: string
  readonly owner: ArenaOwner
  readonly clock: Clock
  readonly inputTypes: readonly SqlType[]
  /** Of the columns behind the aggregates. */
  readonly propertyTypes: readonly SqlType[]
  readonly keys: readonly number[]
  readonly aggregates: readonly AggregateCall[]
  /** The columns that hold the bounds of a row's window. */
  readonly start: number
  readonly end: number
  readonly properties: readonly ('window_start' | 'window_end' | 'window_time')[]
  /** Results before and behind the end of a window: 0 after every row, else every so many milliseconds of processing time; undefined: none. */
  readonly earlyMs: number | undefined
  readonly lateMs: number | undefined
  readonly latenessMs: number
  readonly inputRetracts: boolean
  readonly time: WindowTime
  readonly ordersOutput: boolean
  readonly givesPlaces: boolean
  readonly createState?: CreateState
}

/** Of a group's line: how many rows it has, and its flags; then the aggregates. */
const FLAGS_OFFSET = 8
const HEADER_BYTES = 16
const KNOWN = 1
/** It had a row that was not late, so the window's end sends its result. */
const TIMELY = 2
/** Its end has come. */
const FIRED = 4
/** Queued changes after which the queue is sent. */
const QUEUE_ROWS = 1024

/**
 * GROUP BY windows that send results before they end, and again for rows that are late: +I first, -U and +U when a result differs from the last one that was sent, -D
 * when its last row was taken back.
 *
 * A window's end sends its result, `latenessMs` later it is forgotten. A row that comes later than that is dropped and counted. A row that is late and the first of
 * its window sends at once, however seldom late rows fire.
 */
export function emittingWindows(options: EmittingWindowsOptions): DueOperator {
  return new EmittingWindows(options)
}

class EmittingWindows implements DueOperator {
  readonly name = 'WindowAggregate'
  readonly stateId: string
  readonly #options: EmittingWindowsOptions
  readonly #owner: ArenaOwner
  readonly #cells: Int64Cells
  readonly #lines: AggregateLines
  readonly #state: KeyedState
  readonly #rows: GroupRows
  readonly #queue: TimedQueue
  /** One row, where the values of a group are read. */
  readonly #values: BatchBuffer
  readonly #keyTypes: readonly SqlType[]
  readonly #valueTypes: readonly SqlType[]
  readonly #keyColumns: readonly number[]
  readonly #selection: number
  #kept = 0
  #done = 0
  /** By group: the encoded values that were sent last. */
  readonly #sent: (Uint8Array | undefined)[] = []
  /** By group: when it fires next by the clock; 0: not. */
  readonly #fires: number[] = []
  /** Watermarks at which groups fire or are forgotten, and times at which they fire by the clock. */
  readonly #due = new TimeHeap()
  readonly #clockDue = new TimeHeap()
  #lateRows = 0

  constructor(options: EmittingWindowsOptions) {
    this.#options = options
    this.stateId = options.id
    const { owner, aggregates, inputRetracts, inputTypes, keys, propertyTypes, createState = memoryState } = options
    this.#owner = owner
    this.#cells = int64Cells(owner.arena)
    this.#lines = new AggregateLines(owner, aggregates, HEADER_BYTES, inputRetracts ? 'changing' : 'appending')
    this.#state = createState({ owner, lineBytes: this.#lines.lineBytes, prefixBytes: PANE_PREFIX_BYTES, ttlMs: 0 })
    this.#rows = newGroupRows(owner, 1)
    this.#keyTypes = keys.map((key) => inputTypes[key]!)
    this.#valueTypes = aggregates.map((call) => call.type)
    this.#values = new BatchBuffer(owner, this.#valueTypes, 1)
    this.#queue = new TimedQueue(owner, [...this.#keyTypes, ...this.#valueTypes, ...propertyTypes], options.givesPlaces)
    this.#selection = owner.allocate(BATCH_CAPACITY * 4)
    this.#keyColumns = [inputTypes.length, inputTypes.length + 1, ...keys]
  }

  onBatch(_input: number, batch: Batch, out: Output): Progress {
    const late = this.#dropLate(batch)
    const [start, end] = [this.#options.start, this.#options.end].map((column) => boundsColumn(batch.columns[column]!))
    const kept = viewOf(batch, [...batch.columns, start!, end!])
    kept.selection = this.#selection
    kept.selectedCount = this.#kept
    const ids = this.#state.prepare(kept, this.#keyColumns)
    if (typeof ids !== 'number') return ids
    this.#state.touch(ids, kept.selectedCount)
    for (;;) {
      if (!this.#queue.flush(out)) return 'more'
      if (this.#done === kept.selectedCount) break
      this.#addRows(kept, ids)
    }
    this.#done = 0
    this.#lateRows += late
    return 'done'
  }

  /** Selects the rows whose windows are not forgotten; returns how many are not among them. */
  #dropLate(batch: Batch): number {
    const { arena } = this.#owner
    const end = batch.columns[this.#options.end]!
    let late = 0
    this.#kept = 0
    for (let i = 0; i < batch.selectedCount; i++) {
      const row = batch.selection === 0 ? i : arena.i32[(batch.selection >>> 2) + i]!
      if (this.#watermarkOf(batch, row) >= this.#forgottenAt(this.#cells.get(end.cells / 8 + row))) late++
      else arena.i32[(this.#selection >>> 2) + this.#kept++] = row
    }
    return late
  }

  #watermarkOf(batch: Batch, row: number): number {
    return batch.rowWatermarks === 0 ? batch.watermark : Math.max(batch.watermark, this.#cells.get(batch.rowWatermarks / 8 + row))
  }

  #forgottenAt(end: number): number {
    return this.#options.time.timerOf(end - 1 + this.#options.latenessMs)
  }

  #addRows(batch: Batch, ids: number): void {
    const { i32, u8, i64 } = this.#owner.arena
    const { end, time, earlyMs, lateMs } = this.#options
    const rows = this.#rows
    rows.batch = batch
    rows.count = 1
    while (this.#done < batch.selectedCount && this.#queue.size < QUEUE_ROWS) {
      const row = i32[(batch.selection >>> 2) + this.#done]!
      const id = i32[(ids >>> 2) + this.#done]!
      this.#done++
      const line = this.#state.line(id)
      rows.rows[0] = row
      rows.ids[0] = id
      rows.lines[0] = line
      rows.signs[0] = batch.kinds === 0 ? 1 : rowKindSign(u8[batch.kinds + row]!)
      const watermark = this.#watermarkOf(batch, row)
      const windowEnd = this.#cells.get(batch.columns[end]!.cells / 8 + row)
      const isLate = watermark >= time.timerOf(windowEnd - 1)
      if (this.#flags(line) === 0) this.#know(id, line, windowEnd, isLate)
      const wasTimely = (this.#flags(line) & TIMELY) !== 0
      if (!isLate) this.#setFlag(line, TIMELY)
      const { f64 } = this.#owner.arena
      f64[line >>> 3] = f64[line >>> 3]! + rows.signs[0]
      this.#lines.update(rows)
      const every = isLate ? (wasTimely ? lateMs : 0) : earlyMs
      const place = batch.places === 0 ? 0n : i64[batch.places / 8 + row]!
      if (every === 0) this.#send(id, { watermark, place })
      else if (every !== undefined) this.#fireLater(id, every)
    }
  }

  #flags(line: number): number {
    return this.#owner.arena.f64[(line + FLAGS_OFFSET) >>> 3]!
  }

  #setFlag(line: number, flag: number): void {
    this.#owner.arena.f64[(line + FLAGS_OFFSET) >>> 3] = this.#flags(line) | flag
  }

  #know(id: number, line: number, end: number, isLate: boolean): void {
    this.#setFlag(line, KNOWN)
    const timer = this.#options.time.timerOf(end - 1)
    const forgotten = this.#forgottenAt(end)
    if (!isLate) this.#due.add(timer, id)
    if (isLate || forgotten !== timer) this.#due.add(forgotten, id)
  }

  /** So often by the clock, from the first row on. */
  #fireLater(id: number, every: number): void {
    if ((this.#fires[id] ?? 0) !== 0) return
    const time = this.#options.clock.nowMs() + every
    this.#fires[id] = time
    this.#clockDue.add(time, id)
  }

  /** Tells how the result of a group differs from the last one that was sent. */
  #send(id: number, cause: TimedCause): void {
    const line = this.#state.line(id)
    const before = this.#sent[id]
    if (this.#owner.arena.f64[line >>> 3] === 0) {
      if (before !== undefined) this.#queue.add(RowKind.delete, this.#rowOf(id, before), cause)
      this.#sent[id] = undefined
      return
    }
    this.#values.clear()
    const { batch, arena } = this.#values
    this.#lines.write(id, line, { buffer: this.#values, columns: batch.columns, row: 0 })
    const values = batch.columns.map((column) => readCell(arena, column, 0))
    const bytes = rowBytes(this.#valueTypes, values)
    if (before !== undefined) {
      if (compareBytes(before, bytes) === 0) return
      this.#queue.add(RowKind.updateBefore, this.#rowOf(id, before), cause)
    }
    this.#queue.add(before === undefined ? RowKind.insert : RowKind.updateAfter, this.#rowOf(id, bytes), cause)
    this.#sent[id] = bytes
  }

  #rowOf(id: number, values: Uint8Array): readonly SqlValue[] {
    const key = this.#state.keyBytes(id)
    const { start, end } = boundsOfKey(key)
    const { time, properties } = this.#options
    const bounds = { window_start: start, window_end: end, window_time: time.fromLocal(end - 1) }
    const shown = properties.map((property) => BigInt(bounds[property]) * 1_000_000n)
    return [...decodeRow(this.#keyTypes, key.subarray(PANE_PREFIX_BYTES)), ...decodeRow(this.#valueTypes, values), ...shown]
  }

  // --- ends of windows ---

  onWatermark(time: number, out: Output): Progress {
    for (;;) {
      if (!this.#queue.flush(out)) return 'more'
      const next = this.#due.peek()
      if (next === undefined || next > time) return 'done'
      const ids = [...new Set(this.#due.idsAt(next))]
      const prepared = this.#state.prepareGroups(ids)
      if (prepared !== true) return prepared
      this.#due.pop()
      for (const { id, place } of this.#ordered(ids)) this.#end(id, next, place)
    }
  }

  #ordered(ids: readonly number[]): readonly { readonly id: number; readonly place: bigint }[] {
    const { ordersOutput } = this.#options
    if (!ordersOutput) return ids.map((id) => ({ id, place: 0n }))
    return orderGroups(this.#owner.arena, ids, (id) => this.#state.keyBytes(id).subarray(PANE_PREFIX_BYTES))
  }

  /** What the watermark `time` means for a group: the end of its window, or that it is forgotten. */
  #end(id: number, time: number, place: bigint): void {
    this.#state.touchOne(id)
    const line = this.#state.line(id)
    const flags = this.#flags(line)
    if ((flags & TIMELY) !== 0 && (flags & FIRED) === 0) {
      this.#setFlag(line, FIRED)
      this.#fires[id] = 0
      // What the watermark fires is sent before the watermark itself.
      this.#send(id, { watermark: time - 1, place })
    }
    if (this.#forgottenAt(boundsOfKey(this.#state.keyBytes(id)).end) > time) return
    this.#lines.clear(id, line)
    this.#state.remove(id)
    this.#sent[id] = undefined
    this.#fires[id] = 0
  }

  // --- results by the clock ---

  nextTimer(): number | undefined {
    return this.#clockDue.peek()
  }

  onTimer(now: number, out: Output): Progress {
    for (;;) {
      if (!this.#queue.flush(out)) return 'more'
      const next = this.#clockDue.peek()
      if (next === undefined || next > now) return 'done'
      const ids = this.#clockDue.idsAt(next).filter((id) => this.#fires[id] === next)
      const prepared = this.#state.prepareGroups(ids)
      if (prepared !== true) return prepared
      this.#clockDue.pop()
      for (const { id, place } of this.#ordered(ids)) this.#fireByClock(id, next, place)
    }
  }

  #fireByClock(id: number, time: number, place: bigint): void {
    const { earlyMs, lateMs } = this.#options
    const every = (this.#flags(this.#state.line(id)) & FIRED) === 0 ? earlyMs : lateMs
    this.#fires[id] = 0
    if (every === undefined || every === 0) return
    const next = time + every
    this.#fires[id] = next
    this.#clockDue.add(next, id)
    this.#send(id, { watermark: undefined, place })
  }

  nextDue(): number | undefined {
    return this.#due.peek()
  }

  lateRows(): number {
    return this.#lateRows
  }

  // --- snapshots ---

  snapshot(): OperatorSnapshot {
    const { f64 } = this.#owner.arena
    const keyed = this.#state.snapshot(KEY_GROUPS, (id, sink: ByteSink) => {
      const line = this.#state.line(id)
      sink.f64(f64[line >>> 3]!)
      sink.f64(this.#flags(line))
      sink.f64(this.#fires[id] ?? 0)
      const sent = this.#sent[id]
      sink.u8(sent === undefined ? 0 : 1)
      if (sent !== undefined) sink.prefixed(sent)
      this.#lines.save(id, line, sink)
    })
    return { keyed }
  }

  restore(parts: readonly OperatorSnapshot[], isMine: (keyGroup: number) => boolean): void {
    for (const { keyed } of parts) {
      for (const [keyGroup, bytes] of keyed) {
        // Without keys there is one group a window, and one subtask for them.
        if (this.#options.keys.length > 0 && !isMine(keyGroup)) continue
        this.#state.restore(bytes, (id, reader) => this.#load(id, reader))
      }
    }
  }

  #load(id: number, reader: ByteReader): void {
    const { f64 } = this.#owner.arena
    const line = this.#state.line(id)
    f64[line >>> 3] = reader.f64()
    const flags = reader.f64()
    f64[(line + FLAGS_OFFSET) >>> 3] = flags
    const fires = reader.f64()
    this.#sent[id] = reader.u8() === 0 ? undefined : reader.raw(reader.varint()).slice()
    this.#lines.load(id, line, reader)
    this.#know(id, line, boundsOfKey(this.#state.keyBytes(id)).end, (flags & TIMELY) === 0 || (flags & FIRED) !== 0)
    this.#fires[id] = fires
    if (fires !== 0) this.#clockDue.add(fires, id)
  }

  stateSize(): { readonly rows: number; readonly bytes: number } {
    return { rows: this.#state.count, bytes: this.#state.usedBytes }
  }

  close(): void {
    this.#owner.close()
  }
}

/** Bounds are keys as whole numbers, whatever their type: both are milliseconds in 64 bits. */
function boundsColumn(column: Column): Column {
  return new Column(types.bigint(false), column.cells, 0)
}

function boundsOfKey(key: Uint8Array): { readonly start: number; readonly end: number } {
  const reader = new ByteReader(key)
  reader.offset = 1
  const start = Number(reader.i64())
  reader.offset++
  return { start, end: Number(reader.i64()) }
}
