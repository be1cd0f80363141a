import type { CellRange, GroupLines } from './accumulator.ts'

/** A kernel that takes values out of lines, with its first arguments given. */
export type TakeValues = (
  lines: number,
  count: number,
  offset: number,
  cells: number,
  first: number,
  step: number,
  missing: number,
) => number

/** Writes what a kernel takes out of the lines of groups, NULL where a value is missing. */
export function writeValues(
  groups: GroupLines,
  { buffer, column, from, to, first, step }: CellRange,
  offset: number,
  take: TakeValues,
): void {
  const start = first + from * step
  const missing = take(groups.linesAt + from * 4, to - from, offset, column.cells, start, step, groups.missingAt)
  if (missing === 0 && column.nulls === 0) return
  const nulls = column.nulls === 0 ? buffer.addNullMask(column) : column.nulls
  buffer.arena.kernels.spreadMissing(groups.missingAt, to - from, nulls, start, step)
}

/** Copies texts that a kernel showed where they are kept, so that they hold when these change. */
export function copyTexts({ buffer, column, from, to, first, step }: CellRange): void {
  const { kernels } = buffer.arena
  const start = first + from * step
  const text = buffer.reserveText(kernels.takenTextSize(column.cells, to - from, start, step) >>> 0)
  kernels.copyTakenTexts(column.cells, to - from, start, step, text)
}
