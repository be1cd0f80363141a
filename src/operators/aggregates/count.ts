import type { Arena } from '../../data/arena.ts'
import { int64Cells } from '../int64.ts'
import type { Accumulator, AccumulatorPlace } from './accumulator.ts'

/** COUNT(*) and COUNT(value): an f64 in the line, exact to 2^53. */
export function countAccumulator(arena: Arena, { offset, column }: AccumulatorPlace): Accumulator {
  const { f64, kernels } = arena
  const cells = int64Cells(arena)
  return {
    lineBytes: 8,
    update({ batch, count, rowsAt, linesAt, signsAt }) {
      kernels.addCounts(column < 0 ? 0 : batch.columns[column]!.nulls, rowsAt, linesAt, signsAt, count, offset)
    },
    add(_id, line, value, sign) {
      if (value === null) return
      f64[(line + offset) >>> 3] = f64[(line + offset) >>> 3]! + sign
    },
    write(_id, line, { column: target, row }) {
      cells.set((target.cells >>> 3) + row, f64[(line + offset) >>> 3]!)
    },
    writeAll(groups, { column: target, from, to, first, step }) {
      kernels.takeCounts(groups.linesAt + from * 4, to - from, offset, target.cells, first + from * step, step)
    },
    merge(_id, line, _otherId, otherLine) {
      f64[(line + offset) >>> 3] = f64[(line + offset) >>> 3]! + f64[(otherLine + offset) >>> 3]!
    },
    mergeAll: ({ linesAt, othersAt, count }) => kernels.mergeCounts(linesAt, othersAt, count, offset),
    unmergeAll: ({ linesAt, othersAt, count }) => kernels.unmergeCounts(linesAt, othersAt, count, offset),
    save(_id, line, sink) {
      sink.f64(f64[(line + offset) >>> 3]!)
    },
    load(_id, line, reader) {
      f64[(line + offset) >>> 3] = reader.f64()
    },
  }
}
