import type { ArenaOwner } from '../data/arena.ts'
import { BATCH_CAPACITY, type Batch } from '../data/batch.ts'
import { Column } from '../data/column.ts'
import { types } from '../data/types.ts'
import { NO_WATERMARK } from '../data/watermark.ts'
import { type Int64Cells, int64Cells } from './int64.ts'
import { ALL_WINDOWS, type WindowPanes } from './window-panes.ts'
import type { WindowTime } from './window-time.ts'

// What the kernel `assignPanes` works on, in u32s and i64s.
const SELECTION = 0
const TIMES = 1
const NULLS = 2
const ENDS = 3
const ROW_WATERMARKS = 4
const STARTS = 5
const FROMS = 6
const KEPT = 7
const KEPT_COUNT = 8
const WATERMARK = 5
const PANE_SIZE = 6
const PANE_OFFSET = 7
const ALL = 8
const WORK_BYTES = 72

/** Where a row's windows come from: its event time, or the bounds that it carries. */
export type WindowSource =
  | { readonly kind: 'rowtime'; readonly column: number }
  | { readonly kind: 'attached'; readonly start: number; readonly end: number }

/** Finds the panes of rows: a kernel takes the rows that are in time for all of their windows, the others are looked at one by one. */
export class PaneAssigner {
  /** The pane of each row: its start, and the end of the first window that it counts in where that is not the pane's own. */
  readonly starts: Column
  readonly froms: Column
  /** The rows that are in some open window: i32s, and how many. */
  readonly selection: number
  kept = 0
  readonly #owner: ArenaOwner
  readonly #source: WindowSource
  readonly #panes: WindowPanes
  readonly #time: WindowTime
  readonly #cells: Int64Cells
  readonly #work: number

  constructor(owner: ArenaOwner, source: WindowSource, panes: WindowPanes, time: WindowTime) {
    this.#owner = owner
    this.#source = source
    this.#panes = panes
    this.#time = time
    this.#cells = int64Cells(owner.arena)
    this.starts = new Column(types.bigint(false), owner.allocate(BATCH_CAPACITY * 8), 0)
    this.froms = new Column(types.bigint(false), owner.allocate(BATCH_CAPACITY * 8), 0)
    this.selection = owner.allocate(BATCH_CAPACITY * 4)
    const { u32, i64 } = owner.arena
    const work = owner.allocate(WORK_BYTES)
    this.#work = work
    u32[work / 4 + STARTS] = this.starts.cells
    u32[work / 4 + FROMS] = this.froms.cells
    u32[work / 4 + KEPT] = this.selection
    i64[work / 8 + PANE_SIZE] = BigInt(panes.regular?.sizeMs ?? 1)
    i64[work / 8 + PANE_OFFSET] = BigInt(panes.regular?.offsetMs ?? 0)
    i64[work / 8 + ALL] = BigInt(ALL_WINDOWS)
  }

  /** Selects the rows of a batch that are in some open window and writes their panes; returns how many are late for all. */
  assign(batch: Batch, lateness: 'by-watermark' | 'never'): number {
    const { u32, i64, kernels } = this.#owner.arena
    const source = this.#source
    const times = batch.columns[source.kind === 'attached' ? source.start : source.column]!
    const ends = source.kind === 'attached' ? batch.columns[source.end]! : undefined
    const isTimely = lateness === 'never'
    this.kept = 0
    let late = 0
    if (this.#panes.regular === undefined) {
      for (let i = 0; i < batch.selectedCount; i++) late += this.#assignOne(batch, times, ends, i, isTimely)
      return late
    }
    const work = this.#work
    u32[work / 4 + SELECTION] = batch.selection
    u32[work / 4 + TIMES] = times.cells
    u32[work / 4 + NULLS] = times.nulls
    u32[work / 4 + ENDS] = ends?.cells ?? 0
    u32[work / 4 + ROW_WATERMARKS] = isTimely ? 0 : batch.rowWatermarks
    i64[work / 8 + WATERMARK] = BigInt(isTimely ? NO_WATERMARK : batch.watermark)
    for (let from = 0; ; from++) {
      u32[work / 4 + KEPT_COUNT] = this.kept
      from = kernels.assignPanes(work, from, batch.selectedCount)
      this.kept = u32[work / 4 + KEPT_COUNT]!
      if (from === batch.selectedCount) return late
      late += this.#assignOne(batch, times, ends, from, isTimely)
    }
  }

  /** The same for the row at one place of the selection. */
  #assignOne(batch: Batch, times: Column, ends: Column | undefined, place: number, isTimely: boolean): number {
    const { arena } = this.#owner
    const cells = this.#cells
    const row = batch.selection === 0 ? place : arena.i32[(batch.selection >>> 2) + place]!
    if (times.isNull(arena, row)) return 0
    const value = cells.get(times.cells / 8 + row)
    let watermark = batch.watermark
    if (batch.rowWatermarks !== 0) watermark = Math.max(watermark, cells.get(batch.rowWatermarks / 8 + row))
    const pane = ends === undefined ? this.#panes.paneOf(this.#time.toLocal(value)) : value
    const end = ends === undefined ? 0 : cells.get(ends.cells / 8 + row)
    const from = this.#panes.openFrom(pane, end, isTimely ? NO_WATERMARK : watermark)
    if (from === 'late') return 1
    if (from === 'none') return 0
    cells.set(this.starts.cells / 8 + row, pane)
    cells.set(this.froms.cells / 8 + row, from)
    arena.i32[(this.selection >>> 2) + this.kept++] = row
    return 0
  }
}
