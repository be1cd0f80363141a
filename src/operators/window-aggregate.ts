import type { ArenaOwner } from '../data/arena.ts'
import { BATCH_CAPACITY, type Batch } from '../data/batch.ts'
import { ByteReader, ByteSink } from '../data/byte-sink.ts'
import { KEY_GROUPS } from '../data/partitioner.ts'
import type { SqlType } from '../data/types.ts'
import { END_WATERMARK, NO_WATERMARK } from '../data/watermark.ts'
import type { AggregateCall } from '../expr/aggregate.ts'
import type { OperatorSnapshot, Output, Progress } from '../runtime/operator.ts'
import { type CreateState, type KeyedState, memoryState } from '../state/keyed-state.ts'
import { AggregateLines } from './aggregates/aggregate-lines.ts'
import { viewOf } from './batch-view.ts'
import type { DueOperator } from './by-clock.ts'
import { GroupOutput } from './group-output.ts'
import { type Int64Cells, int64Cells } from './int64.ts'
import { orderGroups } from './order-groups.ts'
import { type PaneGroups, PaneMerge } from './pane-merge.ts'
import { PaneAssigner, type WindowSource } from './pane-assigner.ts'
import { GROUP_HEADER_BYTES, TouchedGroups } from './touched-groups.ts'
import { type PendingWindow, WindowHeap } from './window-heap.ts'
import { ALL_WINDOWS, PANE_PREFIX_BYTES, type WindowPanes, attachedPanes, fixedPanes } from './window-panes.ts'
import type { FixedWindow } from './window-layout.ts'
import type { WindowTime } from './window-time.ts'

/** Aggregates that Flink does not compute of panes. */
const arrivals: ReadonlySet<string> = new Set(['FIRST_VALUE', 'LAST_VALUE', 'JSON_ARRAYAGG', 'JSON_OBJECTAGG'])

export interface WindowAggregateOptions {
  readonly id: string
  readonly owner: ArenaOwner
  readonly inputTypes: readonly SqlType[]
  /** Of the columns behind the aggregates. */
  readonly propertyTypes: readonly SqlType[]
  readonly keys: readonly number[]
  readonly aggregates: readonly AggregateCall[]
  readonly window: FixedWindow
  readonly source: WindowSource
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
const KNOWN_RUN = 1

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

interface Pane extends PaneGroups {
  readonly start: number
  readonly from: number
}

/** A window that is leaving. */
interface Firing {
  readonly window: PendingWindow
  readonly ids: readonly number[]
  readonly places: readonly bigint[]
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
  readonly #output: GroupOutput
  readonly #touched: TouchedGroups
  /** Of windows that share panes. */
  readonly #merge: PaneMerge
  readonly #assigner: PaneAssigner
  /** The pane's two columns, which stand behind those of the input, then the keys. */
  readonly #keyColumns: readonly number[]
  readonly #panes = new Map<string, Pane>()
  readonly #windows = new WindowHeap()
  #firing: Firing | undefined
  readonly #forgotten: Int32Array
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
    this.#lines = new AggregateLines(owner, aggregates, GROUP_HEADER_BYTES, inputRetracts ? 'changing' : 'appending')
    const { createState = memoryState } = options
    this.#state = createState({ owner, lineBytes: this.#lines.lineBytes, prefixBytes: PANE_PREFIX_BYTES, ttlMs: 0 })
    this.#touched = new TouchedGroups(owner, BATCH_CAPACITY, 'open')
    this.#merge = new PaneMerge(owner, this.#state, this.#lines)
    this.#forgotten = owner.ints(BATCH_CAPACITY)
    this.#assigner = new PaneAssigner(owner, source, this.#panesOf, options.time)
    const keyTypes = keys.map((key) => inputTypes[key]!)
    this.#output = new GroupOutput(owner, keyTypes, [...aggregates.map((call) => call.type), ...propertyTypes], BATCH_CAPACITY)
    this.#keyColumns = [inputTypes.length, inputTypes.length + 1, ...keys]
  }

  onBatch(_input: number, batch: Batch): Progress {
    const panes = this.#assigner
    const late = panes.assign(batch, this.#options.mode === 'final' ? 'never' : 'by-watermark')
    const kept = viewOf(batch, [...batch.columns, panes.starts, panes.froms])
    kept.selection = panes.selection
    kept.selectedCount = panes.kept
    const ids = this.#state.prepare(kept, this.#keyColumns)
    if (typeof ids !== 'number') return ids
    this.#state.touch(ids, kept.selectedCount)
    this.#lateRows += late
    const touched = this.#touched
    // One run for all batches: what is touched is what no row has touched before.
    touched.start(kept, ids, this.#state, KNOWN_RUN)
    touched.take(0, kept.selectedCount)
    const starts = panes.starts.cells / 8
    const froms = panes.froms.cells / 8
    for (let k = 0; k < touched.count; k++) {
      const row = touched.firstRows[k]!
      this.#know(touched.groups.ids[k]!, this.#cells.get(starts + row), this.#cells.get(froms + row))
    }
    this.#lines.update(touched.rows)
    return 'done'
  }

  #lastPane: Pane | undefined

  /** Puts a new group into its pane; the pane's first window will fire. */
  #know(id: number, start: number, from: number): void {
    const last = this.#lastPane
    if (last !== undefined && last.start === start && last.from === from) {
      last.ids.push(id)
      return
    }
    const key = `${start}:${from}`
    let pane = this.#panes.get(key)
    if (pane === undefined) {
      pane = { start, from, ids: [], targets: [] }
      this.#panes.set(key, pane)
      const window = this.#panesOf.firstWindow(start, from, this.#fired)
      if (window !== undefined) this.#windows.add(window)
    }
    pane.ids.push(id)
    this.#lastPane = pane
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
    for (const pane of panes) {
      const prepared = this.#state.prepareGroups(pane.ids)
      if (prepared !== true) return prepared
    }
    this.#windows.pop()
    const { arena } = this.#owner
    const ids = sharing === undefined ? panes.flatMap((pane) => pane.ids) : this.#merge.merge(this.#inOrder(panes))
    const ordered = this.#options.ordersOutput
      ? orderGroups(
          arena,
          ids.filter((id) => arena.f64[this.#state.line(id) >>> 3] !== 0),
          (id) => this.#keyOf(id),
        )
      : undefined
    this.#firing = {
      window,
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

  /**
   * Panes in the order in which Flink adds them up, which shows in lists and in the last digit of a sum of DOUBLE: those of a HOP window from the latest on; those of a CUMULATE
   * window one by one, rows that were late for earlier windows before the pane in which they were the first to count. It has no first and last values of panes: these need their order.
   */
  #inOrder(panes: readonly Pane[]): readonly Pane[] {
    const { window, aggregates } = this.#options
    if (window.kind === 'hop' && !aggregates.some((call) => arrivals.has(call.name)))
      return panes.toSorted((a, b) => b.start - a.start || a.from - b.from)
    if (window.kind !== 'cumulate') return panes.toSorted((a, b) => a.start - b.start || a.from - b.from)
    const place = ({ start, from }: Pane): number => (from === ALL_WINDOWS ? start : from - window.stepMs)
    return panes.toSorted((a, b) => place(a) - place(b) || b.from - a.from || a.start - b.start)
  }

  #keyOf(id: number): Uint8Array {
    return this.#state.keyBytes(id).subarray(PANE_PREFIX_BYTES)
  }

  #emitRows(firing: Firing): void {
    const output = this.#output
    const { batch, buffer, columns } = output
    const { i64, kernels } = this.#owner.arena
    const { window, ids } = firing
    const { properties, aggregates, givesPlaces, time } = this.#options
    const { groups } = this.#touched
    const first = batch.rowCount
    const taken = Math.min(output.capacity - first, ids.length - firing.next)
    for (let i = 0; i < taken; i++) groups.ids[i] = ids[firing.next + i]!
    if (givesPlaces) for (let i = 0; i < taken; i++) i64[batch.places / 8 + first + i] = firing.places[firing.next + i] ?? 0n
    firing.next += taken
    const idsAt = groups.ids.byteOffset
    kernels.lineAddresses(this.#state.directory, this.#state.lineBytes, idsAt, taken, groups.linesAt)
    const count = kernels.groupsWithRows(idsAt, groups.linesAt, taken)
    output.takeKeys(this.#state, idsAt, count, PANE_PREFIX_BYTES, first)
    this.#lines.writeAll(groups, columns, { buffer, from: 0, to: count, first, step: 1 })
    const values = { window_start: window.start, window_end: window.end, window_time: time.fromLocal(window.end - 1) }
    properties.forEach((property, i) =>
      kernels.fillWords(columns[aggregates.length + i]!.cells + first * 8, count, BigInt(values[property])),
    )
    // What the watermark fires is sent before the watermark itself.
    kernels.fillWords(batch.rowWatermarks + first * 8, count, BigInt(window.timer - 1))
    batch.rowCount += count
    if (firing.next < ids.length) return
    this.#firing = undefined
    this.#leave(firing)
  }

  /** Forgets a window that has left, and the panes that no later window needs. */
  #leave({ window }: Firing): void {
    const { sharing } = this.#panesOf
    if (sharing === undefined) {
      for (const pane of this.#onlyPane(window)) this.#forgetPane(pane)
      return
    }
    this.#merge.clear()
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
    if (this.#lastPane === pane) this.#lastPane = undefined
    this.#panes.delete(`${pane.start}:${pane.from}`)
    this.#merge.forget(pane)
    this.#forgetAll(pane.ids)
  }

  #forgetAll(ids: readonly number[]): void {
    if (this.#lines.keepsBeside) for (const id of ids) this.#lines.clear(id, this.#state.line(id))
    const room = this.#forgotten
    for (let from = 0; from < ids.length; from += BATCH_CAPACITY) {
      const count = Math.min(ids.length - from, BATCH_CAPACITY)
      for (let i = 0; i < count; i++) room[i] = ids[from + i]!
      this.#state.removeAll(room.byteOffset, count)
    }
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
    // What panes are merged into is made again.
    for (const pane of this.#panes.values()) this.#merge.forget(pane)
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
    this.#owner.arena.u32[(line + KNOWN_OFFSET) >>> 2] = KNOWN_RUN
    this.#know(id, start, Number(pane.i64()))
  }

  stateSize(): { readonly rows: number; readonly bytes: number } {
    return { rows: this.#state.count - this.#merge.count, bytes: this.#state.usedBytes }
  }

  close(): void {
    this.#owner.close()
  }
}
