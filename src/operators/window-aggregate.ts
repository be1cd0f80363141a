import type { ArenaOwner } from '../data/arena.ts'
import { BATCH_CAPACITY, type Batch } from '../data/batch.ts'
import { ByteReader, ByteSink } from '../data/byte-sink.ts'
import { Column } from '../data/column.ts'
import { KEY_GROUPS } from '../data/partitioner.ts'
import { rowKindSign } from '../data/row-kind.ts'
import { type SqlType, types } from '../data/types.ts'
import { END_WATERMARK, NO_WATERMARK } from '../data/watermark.ts'
import type { AggregateCall } from '../expr/aggregate.ts'
import { readsArrivalOrder } from '../expr/aggregates.ts'
import type { OperatorSnapshot, Output, Progress } from '../runtime/operator.ts'
import { type CreateState, type KeyedState, memoryState } from '../state/keyed-state.ts'
import type { GroupRows } from './aggregates/accumulator.ts'
import { AggregateLines } from './aggregates/aggregate-lines.ts'
import { newGroupRows } from './aggregates/group-rows.ts'
import { viewOf } from './batch-view.ts'
import type { DueOperator } from './by-clock.ts'
import { GroupOutput } from './group-output.ts'
import { type Int64Cells, int64Cells } from './int64.ts'
import { orderGroups } from './order-groups.ts'
import { type PendingWindow, WindowHeap } from './window-heap.ts'
import { ALL_WINDOWS, MERGED, PANE_PREFIX_BYTES, type WindowPanes, attachedPanes, fixedPanes, panePrefix } from './window-panes.ts'
import type { FixedWindow } from './window-layout.ts'
import type { WindowTime } from './window-time.ts'

export interface WindowAggregateOptions {
  readonly id: string
  readonly owner: ArenaOwner
  readonly inputTypes: readonly SqlType[]
  /** Of the columns behind the aggregates. */
  readonly propertyTypes: readonly SqlType[]
  readonly keys: readonly number[]
  readonly aggregates: readonly AggregateCall[]
  readonly window: FixedWindow
  /** Where a row's windows come from: its event time, or the bounds that it carries. */
  readonly source:
    | { readonly kind: 'rowtime'; readonly column: number }
    | { readonly kind: 'attached'; readonly start: number; readonly end: number }
  readonly properties: readonly ('window_start' | 'window_end' | 'window_time')[]
  readonly inputRetracts: boolean
  /** `final`: no row is late, all windows leave at the end. */
  readonly mode: 'streaming' | 'final'
  readonly time: WindowTime
  /** Rows of one moment leave in the order of their keys, for something above reads arrival order. */
  readonly ordersOutput: boolean
  /** They also get places. */
  readonly givesPlaces: boolean
  readonly createState?: CreateState
}

/** Of a group's line: how many rows it has, whether its pane knows it; then the aggregates. */
const COUNT_OFFSET = 0
const KNOWN_OFFSET = 8
const HEADER_BYTES = 16

/**
 * GROUP BY windows of event time. A window leaves, in the order of window ends, when the watermark reaches its last millisecond.
 *
 * Rows are added to panes: a pane is a stretch of time that lies in the same windows (TUMBLE: the window itself), and a window that fires
 * merges the lines of its panes. A row that is late for all of its windows is dropped and counted. One that is late for some counts in the
 * others only: such rows have panes of their own. Lateness goes by the watermark that the row itself carries, so the answer
 * does not depend on when windows fire.
 */
export function windowAggregate(options: WindowAggregateOptions): DueOperator {
  return new WindowAggregate(options)
}

/** The groups of one pane in the order in which they came. */
interface Pane {
  readonly start: number
  readonly from: number
  readonly ids: number[]
}

/** A window that is leaving. */
interface Firing {
  readonly window: PendingWindow
  readonly ids: readonly number[]
  readonly places: readonly bigint[]
  /** Groups that a merge made, those without rows among them. */
  readonly merged: readonly number[]
  next: number
}

class WindowAggregate implements DueOperator {
  readonly name = 'WindowAggregate'
  readonly stateId: string
  readonly #options: WindowAggregateOptions
  readonly #owner: ArenaOwner
  readonly #cells: Int64Cells
  readonly #panesOf: WindowPanes
  readonly #lines: AggregateLines
  readonly #state: KeyedState
  readonly #rows: GroupRows
  readonly #output: GroupOutput
  /** The pane of each row: its start, and the end of the first window that it counts in where that is not the pane's own. */
  readonly #starts: Column
  readonly #froms: Column
  readonly #selection: number
  /** The pane's two columns, which stand behind those of the input, then the keys. */
  readonly #keyColumns: readonly number[]
  readonly #panes = new Map<string, Pane>()
  readonly #windows = new WindowHeap()
  #firing: Firing | undefined
  /** The last watermark up to which windows have left. */
  #fired = NO_WATERMARK
  #lateRows = 0

  constructor(options: WindowAggregateOptions) {
    this.#options = options
    this.stateId = options.id
    const { owner, aggregates, inputRetracts, inputTypes, keys, source, propertyTypes } = options
    this.#owner = owner
    this.#cells = int64Cells(owner.arena)
    this.#panesOf = source.kind === 'attached' ? attachedPanes(options.time) : fixedPanes(options.window, options.time)
    this.#lines = new AggregateLines(owner, aggregates, HEADER_BYTES, inputRetracts ? 'changing' : 'appending')
    const { createState = memoryState } = options
    this.#state = createState({ owner, lineBytes: this.#lines.lineBytes, prefixBytes: PANE_PREFIX_BYTES, ttlMs: 0 })
    this.#rows = newGroupRows(owner)
    const keyTypes = keys.map((key) => inputTypes[key]!)
    this.#output = new GroupOutput(owner, keyTypes, [...aggregates.map((call) => call.type), ...propertyTypes], BATCH_CAPACITY)
    this.#starts = new Column(types.bigint(false), owner.allocate(BATCH_CAPACITY * 8), 0)
    this.#froms = new Column(types.bigint(false), owner.allocate(BATCH_CAPACITY * 8), 0)
    this.#selection = owner.allocate(BATCH_CAPACITY * 4)
    this.#keyColumns = [inputTypes.length, inputTypes.length + 1, ...keys]
  }

  onBatch(_input: number, batch: Batch): Progress {
    const late = this.#assignPanes(batch)
    const kept = viewOf(batch, [...batch.columns, this.#starts, this.#froms])
    kept.selection = this.#selection
    kept.selectedCount = this.#kept
    const ids = this.#state.prepare(kept, this.#keyColumns)
    if (typeof ids !== 'number') return ids
    this.#state.touch(ids, kept.selectedCount)
    this.#lateRows += late
    this.#addRows(kept, ids)
    return 'done'
  }

  #kept = 0

  /** Selects the rows that are in some open window and writes their panes; returns how many are late for all. */
  #assignPanes(batch: Batch): number {
    const { source, mode, time } = this.#options
    const { arena } = this.#owner
    const cells = this.#cells
    const starts = this.#starts.cells / 8
    const froms = this.#froms.cells / 8
    const isAttached = source.kind === 'attached'
    const startColumn = batch.columns[isAttached ? source.start : source.column]!
    const endColumn = isAttached ? batch.columns[source.end]! : undefined
    const isTimely = mode === 'final'
    let late = 0
    let kept = 0
    for (let i = 0; i < batch.selectedCount; i++) {
      const row = batch.selection === 0 ? i : arena.i32[(batch.selection >>> 2) + i]!
      if (startColumn.isNull(arena, row)) continue
      const value = cells.get(startColumn.cells / 8 + row)
      let watermark = batch.watermark
      if (batch.rowWatermarks !== 0) watermark = Math.max(watermark, cells.get(batch.rowWatermarks / 8 + row))
      const pane = endColumn === undefined ? this.#panesOf.paneOf(time.toLocal(value)) : value
      const end = endColumn === undefined ? 0 : cells.get(endColumn.cells / 8 + row)
      const from = this.#panesOf.openFrom(pane, end, isTimely ? NO_WATERMARK : watermark)
      if (from === 'late') {
        late++
        continue
      }
      if (from === 'none') continue
      cells.set(starts + row, pane)
      cells.set(froms + row, from)
      arena.i32[(this.#selection >>> 2) + kept++] = row
    }
    this.#kept = kept
    return late
  }

  #addRows(batch: Batch, ids: number): void {
    const { i32, u8, f64 } = this.#owner.arena
    const rows = this.#rows
    rows.batch = batch
    rows.count = batch.selectedCount
    for (let i = 0; i < batch.selectedCount; i++) {
      const row = i32[(batch.selection >>> 2) + i]!
      const id = i32[(ids >>> 2) + i]!
      const line = this.#state.line(id)
      const sign = batch.kinds === 0 ? 1 : rowKindSign(u8[batch.kinds + row]!)
      rows.rows[i] = row
      rows.ids[i] = id
      rows.lines[i] = line
      rows.signs[i] = sign
      if (f64[(line + KNOWN_OFFSET) >>> 3] === 0) {
        this.#know(id, line, this.#cells.get(this.#starts.cells / 8 + row), this.#cells.get(this.#froms.cells / 8 + row))
      }
      f64[(line + COUNT_OFFSET) >>> 3] = f64[(line + COUNT_OFFSET) >>> 3]! + sign
    }
    this.#lines.update(rows)
  }

  /** Puts a new group into its pane; the pane's first window will fire. */
  #know(id: number, line: number, start: number, from: number): void {
    this.#owner.arena.f64[(line + KNOWN_OFFSET) >>> 3] = 1
    const key = `${start}:${from}`
    const pane = this.#panes.get(key)
    if (pane !== undefined) {
      pane.ids.push(id)
      return
    }
    this.#panes.set(key, { start, from, ids: [id] })
    const window = this.#panesOf.firstWindow(start, from, this.#fired)
    if (window !== undefined) this.#windows.add(window)
  }

  // --- windows that leave ---

  onWatermark(time: number, out: Output): Progress {
    return this.#options.mode === 'final' ? 'done' : this.#sendDue(time, out)
  }

  /** In batch mode an operator below may give its rows only at its end, behind the last watermark. */
  onEnd(_input: number, out: Output): Progress {
    return this.#options.mode === 'final' ? this.#sendDue(END_WATERMARK, out) : 'done'
  }

  #sendDue(time: number, out: Output): Progress {
    for (;;) {
      const blocked = this.#fill(time)
      const { batch } = this.#output
      if (batch.rowCount > 0) out.push(batch)
      else if (blocked !== undefined) return blocked
      if (this.#firing === undefined && !this.#isDue(time)) {
        this.#fired = time
        return 'done'
      }
      if (out.isFull) return 'more'
    }
  }

  #isDue(time: number): boolean {
    const next = this.#windows.peek()
    return next !== undefined && next.timer <= time
  }

  /** Fills the output with rows of windows that are due. A promise: the groups of the next one are not in memory. */
  #fill(time: number): Promise<void> | undefined {
    const output = this.#output
    const { batch, buffer } = output
    output.clear()
    batch.watermark = NO_WATERMARK
    batch.rowWatermarks = buffer.addRowWatermarks()
    if (this.#options.givesPlaces) batch.places = buffer.addPlaces()
    let blocked: Promise<void> | undefined
    while (batch.rowCount < output.capacity) {
      const next = this.#windows.peek()
      if (this.#firing === undefined) {
        if (next === undefined || next.timer > time) break
        blocked = this.#begin(next)
        if (blocked !== undefined) break
      }
      if (this.#firing !== undefined) this.#emitRows(this.#firing)
    }
    batch.selectedCount = batch.rowCount
    return blocked
  }

  /** Takes the first window off the heap and finds its groups. */
  #begin(window: PendingWindow): Promise<void> | undefined {
    const { sharing } = this.#panesOf
    const panes =
      sharing === undefined
        ? this.#onlyPane(window)
        : [...this.#panes.values()].filter(({ start, from }) => sharing.isPaneOf(window, start, from))
    const all = panes.flatMap((pane) => pane.ids)
    const prepared = this.#state.prepareGroups(all)
    if (prepared !== true) return prepared
    this.#windows.pop()
    const { arena } = this.#owner
    const merged = sharing === undefined ? [] : this.#merge(window, panes)
    const ids = (sharing === undefined ? all : merged).filter((id) => arena.f64[this.#state.line(id) >>> 3] !== 0)
    const ordered = this.#options.ordersOutput ? orderGroups(arena, ids, (id) => this.#keyOf(id)) : undefined
    this.#firing = {
      window,
      merged,
      ids: ordered?.map((group) => group.id) ?? ids,
      places: ordered?.map((group) => group.place) ?? [],
      next: 0,
    }
    return undefined
  }

  #onlyPane(window: PendingWindow): readonly Pane[] {
    const pane = this.#panes.get(`${window.start}:${this.#options.source.kind === 'attached' ? window.end : ALL_WINDOWS}`)
    return pane === undefined ? [] : [pane]
  }

  /** Adds up the groups of several panes by key, in groups of their own that live until the window has left. */
  #merge(window: PendingWindow, panes: readonly Pane[]): readonly number[] {
    const { f64 } = this.#owner.arena
    const prefix = panePrefix(window.end, MERGED)
    const inOrder = panes.toSorted((a, b) => a.start - b.start || a.from - b.from)
    const pairs = inOrder.flatMap((pane) =>
      pane.ids.map((id) => {
        const key = new Uint8Array(this.#state.keyBytes(id))
        key.set(prefix)
        return { id, merged: this.#state.add(key) }
      }),
    )
    // Flink adds the latest pane first, which shows in the last digit of a sum of DOUBLE; the first and last values need their order.
    const byArrival = this.#options.aggregates.some((call) => readsArrivalOrder(call.name))
    for (const { id, merged } of byArrival ? pairs : pairs.toReversed()) {
      const line = this.#state.line(merged)
      const paneLine = this.#state.line(id)
      f64[line >>> 3] = f64[line >>> 3]! + f64[paneLine >>> 3]!
      this.#lines.merge(merged, line, id, paneLine)
    }
    return [...new Set(pairs.map(({ merged }) => merged))]
  }

  #keyOf(id: number): Uint8Array {
    return this.#state.keyBytes(id).subarray(PANE_PREFIX_BYTES)
  }

  #emitRows(firing: Firing): void {
    const output = this.#output
    const { batch, buffer, columns } = output
    const { i64 } = this.#owner.arena
    const { window } = firing
    const { properties, aggregates, givesPlaces, time } = this.#options
    const values = { window_start: window.start, window_end: window.end, window_time: time.fromLocal(window.end - 1) }
    for (; firing.next < firing.ids.length && batch.rowCount < output.capacity; firing.next++) {
      const id = firing.ids[firing.next]!
      const row = batch.rowCount++
      output.writeKey(row, this.#keyOf(id))
      this.#lines.write(id, this.#state.line(id), { buffer, columns, row })
      properties.forEach((property, i) => this.#cells.set(columns[aggregates.length + i]!.cells / 8 + row, values[property]))
      // What the watermark fires is sent before the watermark itself.
      this.#cells.set(batch.rowWatermarks / 8 + row, window.timer - 1)
      if (givesPlaces) i64[batch.places / 8 + row] = firing.places[firing.next] ?? 0n
    }
    if (firing.next < firing.ids.length) return
    this.#firing = undefined
    this.#leave(firing)
  }

  /** Forgets a window that has left, and the panes that no later window needs. */
  #leave({ window, merged }: Firing): void {
    const { sharing } = this.#panesOf
    if (sharing === undefined) {
      for (const pane of this.#onlyPane(window)) this.#forgetPane(pane)
      return
    }
    for (const id of merged) this.#forget(id)
    const next = sharing.windowAfter(window)
    let isNeeded = false
    for (const pane of this.#panes.values()) {
      if (sharing.isOver(pane.start, window)) this.#forgetPane(pane)
      // Also for panes that count in later windows only: each window sees to it that the next one fires.
      else isNeeded ||= sharing.isPaneOf(next, pane.start, ALL_WINDOWS)
    }
    if (isNeeded) this.#windows.add(next)
  }

  #forgetPane(pane: Pane): void {
    this.#panes.delete(`${pane.start}:${pane.from}`)
    for (const id of pane.ids) this.#forget(id)
  }

  #forget(id: number): void {
    this.#lines.clear(id, this.#state.line(id))
    this.#state.remove(id)
  }

  nextDue(): number | undefined {
    return this.#windows.peek()?.timer
  }

  lateRows(): number {
    return this.#lateRows
  }

  // --- snapshots ---

  snapshot(): OperatorSnapshot {
    const { f64 } = this.#owner.arena
    const keyed = this.#state.snapshot(KEY_GROUPS, (id, sink) => {
      const line = this.#state.line(id)
      sink.f64(f64[(line + COUNT_OFFSET) >>> 3]!)
      this.#lines.save(id, line, sink)
    })
    const whole = new ByteSink(8)
    whole.f64(this.#fired)
    return { keyed, whole: whole.toBytes() }
  }

  restore(parts: readonly OperatorSnapshot[], isMine: (keyGroup: number) => boolean): void {
    for (const { whole } of parts) if (whole !== undefined) this.#fired = Math.max(this.#fired, new ByteReader(whole).f64())
    for (const { keyed } of parts) {
      for (const [keyGroup, bytes] of keyed) if (isMine(keyGroup)) this.#state.restore(bytes, (id, reader) => this.#load(id, reader))
    }
  }

  #load(id: number, reader: ByteReader): void {
    const line = this.#state.line(id)
    this.#owner.arena.f64[(line + COUNT_OFFSET) >>> 3] = reader.f64()
    this.#lines.load(id, line, reader)
    const pane = new ByteReader(this.#state.keyBytes(id))
    pane.offset = 1
    const start = Number(pane.i64())
    pane.offset++
    this.#know(id, line, start, Number(pane.i64()))
  }

  stateSize(): { readonly rows: number; readonly bytes: number } {
    return { rows: this.#state.count, bytes: this.#state.usedBytes }
  }

  close(): void {
    this.#owner.close()
  }
}
