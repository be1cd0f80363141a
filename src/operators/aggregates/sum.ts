import type { Arena } from '../../data/arena.ts'
import { writeCell } from '../../data/cells.ts'
import { MAX_DECIMAL_PRECISION, type SqlType } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import type { Accumulator, AccumulatorPlace } from './accumulator.ts'
import { clearNull } from './clear-null.ts'
import { layoutNumbers, layoutOf } from '../../data/column.ts'
import { loadLine, saveLine } from './line-bytes.ts'
import { runningSum } from './running-sum.ts'
import { type TakeValues, writeValues } from './write-values.ts'

const DECIMAL_LIMIT = 10n ** BigInt(MAX_DECIMAL_PRECISION)

/** SUM: of the argument's type, which wraps; DECIMAL(38, s), NULL beyond 38 digits. NULL without values. */
export function sumAccumulator(arena: Arena, type: SqlType, place: AccumulatorPlace): Accumulator {
  const running = runningSum(arena, type, { ...place, wide: false })
  const { lineBytes } = running
  const { u8, u32, kernels } = arena
  const layout = layoutNumbers[layoutOf(type)]
  const isFloat = type.kind === 'FLOAT' || type.kind === 'DOUBLE'
  const take: TakeValues = type.kind === 'DECIMAL' ? kernels.takeDecimals : (...cells) => kernels.takeWords(layout, isFloat, ...cells)
  const isWhole = type.kind === 'BIGINT'
  return {
    lineBytes,
    update: (rows) => running.update(rows),
    add: (_id, line, value, sign) => running.add(line, value, sign),
    write(_id, line, { buffer, column, row }) {
      if (running.count(line) === 0) writeCell(buffer, column, row, null)
      else if (isWhole) {
        // The two halves as they are: a BigInt would take ten times as long.
        const from = running.sumAt(line) >>> 2
        const to = (column.cells >>> 2) + row * 2
        u32[to] = u32[from]!
        u32[to + 1] = u32[from + 1]!
        clearNull(u8, column, row)
      } else writeCell(buffer, column, row, wrapped(type, running.sum(line)))
    },
    writeAll: (groups, range) => writeValues(groups, range, place.offset, take),
    merge: (_id, line, _otherId, otherLine) => running.merge(line, otherLine),
    mergeAll: (pairs) => running.mergeAll(pairs),
    ...(running.unmergeAll !== undefined && { unmergeAll: running.unmergeAll }),
    save: (_id, line, sink) => saveLine(arena, line + place.offset, lineBytes, sink),
    load: (_id, line, reader) => loadLine(arena, line + place.offset, lineBytes, reader),
  }
}

/** The sum in the width of its type. */
function wrapped(type: SqlType, sum: bigint | number): SqlValue {
  switch (type.kind) {
    case 'TINYINT':
      return Number(BigInt.asIntN(8, sum as bigint))
    case 'SMALLINT':
      return Number(BigInt.asIntN(16, sum as bigint))
    case 'INTEGER':
      return Number(BigInt.asIntN(32, sum as bigint))
    case 'DECIMAL':
      return isDecimal(sum as bigint) ? sum : null
    default:
      return sum
  }
}

/** Whether an unscaled number has at most 38 digits. */
export function isDecimal(unscaled: bigint): boolean {
  return unscaled < DECIMAL_LIMIT && unscaled > -DECIMAL_LIMIT
}
