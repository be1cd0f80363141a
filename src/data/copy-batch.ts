import { assert } from '../base/assert.ts'
import type { Arena } from './arena.ts'
import type { BatchBuffer } from './batch-buffer.ts'
import type { Batch } from './batch.ts'
import { layoutBytes, type Column } from './column.ts'

/** Rows of a batch: `count` places from place `from` of the i32 row numbers at `rows`; where `rows` is 0, the physical rows from `from` on. */
export interface RowRange {
  readonly rows: number
  readonly from: number
  readonly count: number
}

/**
 * Appends the selected rows at places `from` to `to - 1` of `source` to the batch of `target`, with their texts, kinds, watermarks and places.
 * Columns are of the same types; `target` has room for the rows and no selection.
 */
export function copySelected(source: Batch, target: BatchBuffer, from: number = 0, to: number = source.selectedCount): void {
  copyRows(source, target, { rows: source.selection, from, count: to - from })
}

/** Appends any rows of `source` to the batch of `target`; as `copySelected` else. */
export function copyRows(source: Batch, target: BatchBuffer, range: RowRange): void {
  if (range.count === 0) return
  const { batch } = target
  assert(batch.selection === 0, 'rows are appended to a batch without a selection')
  assert(batch.rowCount + range.count <= target.capacity, 'copied rows fit the batch')
  assert(batch.columns.length === source.columns.length, 'rows are copied between batches of the same columns')
  for (let i = 0; i < batch.columns.length; i++) copyColumn(source.columns[i]!, target, batch.columns[i]!, range)
  if (source.kinds !== 0) gather(target.arena, source.kinds, 0, range, (batch.kinds || target.addKinds()) + batch.rowCount)
  copyWatermarks(source, target, range)
  copyPlaces(source, target, range)
  batch.rowCount += range.count
  batch.selectedCount = batch.rowCount
}

function gather(arena: Arena, source: number, shift: number, range: RowRange, target: number): void {
  arena.kernels.gatherCells(source, shift, range.rows, range.from, range.count, target)
}

/** Appends cells of one column, and of those nested in it, from row `target.batch.rowCount` on. */
function copyColumn(source: Column, target: BatchBuffer, column: Column, range: RowRange): void {
  assert(source.layout === column.layout, 'cells are copied between columns of one layout')
  const { arena, batch } = target
  const { kernels } = arena
  const { rows, from, count } = range
  const first = batch.rowCount
  if (source.nulls !== 0 && kernels.hasNull(source.nulls, rows, from, count) !== 0) {
    gather(arena, source.nulls, 0, range, (column.nulls || target.addNullMask(column)) + first)
  }
  if (column.layout === 'bytes') {
    const text = target.reserveText(kernels.textSize(source.cells, source.nulls, rows, from, count) >>> 0)
    kernels.gatherText(source.cells, source.nulls, rows, from, count, column.cells + first * 8, text)
  } else if (column.layout === 'row') {
    for (let i = 0; i < column.children.length; i++) copyColumn(source.children[i]!, target, column.children[i]!, range)
  } else {
    const sizeBytes = layoutBytes(column.layout)
    gather(arena, source.cells, 31 - Math.clz32(sizeBytes), range, column.cells + first * sizeBytes)
  }
}

function copyWatermarks(source: Batch, target: BatchBuffer, range: RowRange): void {
  const { batch, arena } = target
  if (source.rowWatermarks === 0 && batch.rowWatermarks === 0) {
    if (batch.rowCount === 0) batch.watermark = source.watermark
    if (batch.watermark === source.watermark) return
  }
  if (batch.rowWatermarks === 0) {
    const start = target.addRowWatermarks() / 8
    arena.i64.fill(BigInt(batch.watermark), start, start + batch.rowCount)
  }
  const at = batch.rowWatermarks + batch.rowCount * 8
  if (source.rowWatermarks !== 0) gather(arena, source.rowWatermarks, 3, range, at)
  else arena.i64.fill(BigInt(source.watermark), at / 8, at / 8 + range.count)
}

function copyPlaces(source: Batch, target: BatchBuffer, range: RowRange): void {
  const { batch, arena } = target
  if (source.places === 0 && batch.places === 0) return
  if (batch.places === 0) {
    const start = target.addPlaces() / 8
    arena.i64.fill(0n, start, start + batch.rowCount)
  }
  const at = batch.places + batch.rowCount * 8
  if (source.places !== 0) gather(arena, source.places, 3, range, at)
  else arena.i64.fill(0n, at / 8, at / 8 + range.count)
}
