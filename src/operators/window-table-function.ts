import type { ArenaOwner } from '../data/arena.ts'
import { BATCH_CAPACITY, Batch } from '../data/batch.ts'
import { BatchBuffer } from '../data/batch-buffer.ts'
import { copyRows } from '../data/copy-batch.ts'
import type { SqlType } from '../data/types.ts'
import type { Operator, Output, Progress } from '../runtime/operator.ts'
import { viewOf } from './batch-view.ts'
import { int64Cells } from './int64.ts'
import { type FixedWindow, floorTo, windowsOf } from './window-layout.ts'
import type { WindowTime } from './window-time.ts'

export interface WindowTableFunctionOptions {
  readonly owner: ArenaOwner
  readonly inputTypes: readonly SqlType[]
  /** Of window_start, window_end and window_time. */
  readonly windowTypes: readonly SqlType[]
  readonly timeColumn: number
  readonly window: FixedWindow
  readonly time: WindowTime
}

/**
 * TUMBLE, HOP and CUMULATE as table functions: every row once for each of its windows, with the window's bounds behind its columns.
 * Without state; a row without event time is in no window.
 */
export function windowTableFunction(options: WindowTableFunctionOptions): Operator {
  return options.window.kind === 'tumble' ? tumble(options, options.window) : new SeveralWindows(options, options.window)
}

/** One window a row: the input's columns are shared. */
function tumble(
  { owner, windowTypes, timeColumn, time }: WindowTableFunctionOptions,
  window: Extract<FixedWindow, { kind: 'tumble' }>,
): Operator {
  const { arena } = owner
  const cells = int64Cells(arena)
  const bounds = new BatchBuffer(owner, windowTypes)
  const selection = owner.allocate(BATCH_CAPACITY * 4)
  return {
    name: 'WindowTableFunction',
    keepsRowNumbers: true,
    onBatch(_input, batch, out) {
      bounds.clear()
      const [starts, ends, times] = bounds.batch.columns.map((column) => column.cells / 8) as [number, number, number]
      const source = batch.columns[timeColumn]!
      let count = 0
      for (let i = 0; i < batch.selectedCount; i++) {
        const row = batch.selection === 0 ? i : arena.i32[(batch.selection >>> 2) + i]!
        if (source.isNull(arena, row)) continue
        const start = floorTo(time.toLocal(cells.get(source.cells / 8 + row)), window.sizeMs, window.offsetMs)
        const end = start + window.sizeMs
        cells.set(starts + row, start)
        cells.set(ends + row, end)
        cells.set(times + row, time.fromLocal(end - 1))
        arena.i32[(selection >>> 2) + count++] = row
      }
      const result = viewOf(batch, [...batch.columns, ...bounds.batch.columns])
      if (count < batch.selectedCount) {
        result.selection = selection
        result.selectedCount = count
      }
      out.push(result)
      return 'done'
    },
    close: () => owner.close(),
  }
}

/** Several windows a row: rows are copied. */
class SeveralWindows implements Operator {
  readonly name = 'WindowTableFunction'
  readonly #options: WindowTableFunctionOptions
  readonly #window: FixedWindow
  readonly #rows: BatchBuffer
  readonly #bounds: BatchBuffer
  /** i32 numbers of the input rows of the output. */
  readonly #sources: number
  /** The selected row that comes next, and how many of its windows were given. */
  #next = 0
  #given = 0

  constructor(options: WindowTableFunctionOptions, window: FixedWindow) {
    this.#options = options
    this.#window = window
    const { owner, inputTypes, windowTypes } = options
    this.#rows = new BatchBuffer(owner, inputTypes)
    this.#bounds = new BatchBuffer(owner, windowTypes)
    this.#sources = owner.allocate(BATCH_CAPACITY * 4)
  }

  onBatch(_input: number, batch: Batch, out: Output): Progress {
    while (this.#next < batch.selectedCount) {
      const result = this.#fill(batch)
      if (result.rowCount > 0) out.push(result)
      if (out.isFull && this.#next < batch.selectedCount) return 'more'
    }
    this.#next = 0
    return 'done'
  }

  #fill(batch: Batch): Batch {
    const { owner, timeColumn, time } = this.#options
    const { arena } = owner
    const cells = int64Cells(arena)
    this.#rows.clear()
    this.#bounds.clear()
    const [starts, ends, times] = this.#bounds.batch.columns.map((column) => column.cells / 8) as [number, number, number]
    const source = batch.columns[timeColumn]!
    const placeNumbers: number[] = []
    let count = 0
    for (; this.#next < batch.selectedCount; this.#next++) {
      const row = batch.selection === 0 ? this.#next : arena.i32[(batch.selection >>> 2) + this.#next]!
      if (source.isNull(arena, row)) continue
      const windows = windowsOf(this.#window, time.toLocal(cells.get(source.cells / 8 + row)))
      for (; this.#given < windows.length && count < BATCH_CAPACITY; this.#given++) {
        const { start, end } = windows[this.#given]!
        cells.set(starts + count, start)
        cells.set(ends + count, end)
        cells.set(times + count, time.fromLocal(end - 1))
        placeNumbers.push(this.#given)
        arena.i32[(this.#sources >>> 2) + count++] = row
      }
      if (this.#given < windows.length) break
      this.#given = 0
    }
    copyRows(batch, this.#rows, { rows: this.#sources, from: 0, count })
    const copied = this.#rows.batch
    const result = viewOf(copied, [...copied.columns, ...this.#bounds.batch.columns])
    result.watermark = batch.watermark
    if (result.places !== 0) this.#spreadPlaces(result, placeNumbers)
    return result
  }

  /** The copies of one row have places in their order. */
  #spreadPlaces(result: Batch, numbers: readonly number[]): void {
    const { i64 } = this.#options.owner.arena
    const width = BigInt(windowsAtMost(this.#window))
    numbers.forEach((number, row) => {
      i64[result.places / 8 + row] = i64[result.places / 8 + row]! * width + BigInt(number)
    })
  }

  close(): void {
    this.#options.owner.close()
  }
}

function windowsAtMost(window: FixedWindow): number {
  if (window.kind === 'hop') return Math.ceil(window.sizeMs / window.slideMs)
  return window.kind === 'cumulate' ? window.maxSizeMs / window.stepMs : 1
}
