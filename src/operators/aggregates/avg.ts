import type { Arena } from '../../data/arena.ts'
import { writeCell } from '../../data/cells.ts'
import type { SqlType } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import type { Accumulator, AccumulatorPlace } from './accumulator.ts'
import { layoutNumbers, layoutOf } from '../../data/column.ts'
import { loadLine, saveLine } from './line-bytes.ts'
import { runningSum } from './running-sum.ts'
import { isDecimal } from './sum.ts'
import { type TakeValues, writeValues } from './write-values.ts'

/**
 * AVG: a whole number of the argument's type, cut, from a BIGINT sum that wraps; FLOAT and DOUBLE from a DOUBLE sum; DECIMAL rounded half up to the
 * result's scale. NULL without values.
 */
export function avgAccumulator(arena: Arena, argType: SqlType, type: SqlType, place: AccumulatorPlace): Accumulator {
  const running = runningSum(arena, argType, { ...place, wide: true })
  const { lineBytes } = running
  const take = takeAverages(arena, argType, type)
  return {
    lineBytes,
    update: (rows) => running.update(rows),
    add: (_id, line, value, sign) => running.add(line, value, sign),
    write(_id, line, { buffer, column, row }) {
      const count = running.count(line)
      writeCell(buffer, column, row, count === 0 ? null : average(argType, type, running.sum(line), count))
    },
    writeAll: (groups, range) => writeValues(groups, range, place.offset, take),
    merge: (_id, line, _otherId, otherLine) => running.merge(line, otherLine),
    mergeAll: (pairs) => running.mergeAll(pairs),
    ...(running.unmergeAll !== undefined && { unmergeAll: running.unmergeAll }),
    save: (_id, line, sink) => saveLine(arena, line + place.offset, lineBytes, sink),
    load: (_id, line, reader) => loadLine(arena, line + place.offset, lineBytes, reader),
  }
}

function takeAverages({ kernels }: Arena, argType: SqlType, type: SqlType): TakeValues {
  const layout = layoutNumbers[layoutOf(type)]
  if (argType.kind === 'FLOAT' || argType.kind === 'DOUBLE') return (...cells) => kernels.takeFloatAverages(layout, ...cells)
  if (argType.kind !== 'DECIMAL' || type.kind !== 'DECIMAL') return (...cells) => kernels.takeWholeAverages(layout, ...cells)
  const digits = type.scale - argType.scale
  return (...cells) => kernels.takeDecimalAverages(digits, ...cells)
}

function average(argType: SqlType, type: SqlType, sum: bigint | number, count: number): SqlValue {
  if (typeof sum === 'number') return type.kind === 'FLOAT' ? Math.fround(sum / count) : sum / count
  switch (type.kind) {
    case 'TINYINT':
      return Number(BigInt.asIntN(8, sum / BigInt(count)))
    case 'SMALLINT':
      return Number(BigInt.asIntN(16, sum / BigInt(count)))
    case 'INTEGER':
      return Number(BigInt.asIntN(32, sum / BigInt(count)))
    case 'DECIMAL': {
      if (!isDecimal(sum) || argType.kind !== 'DECIMAL') return null
      const scaled = roundedQuotient(sum * 10n ** BigInt(type.scale - argType.scale), BigInt(count))
      return isDecimal(scaled) ? scaled : null
    }
    default:
      return sum / BigInt(count)
  }
}

/** Half up, away from zero. */
function roundedQuotient(dividend: bigint, divisor: bigint): bigint {
  const magnitude = dividend < 0n ? -dividend : dividend
  const absDivisor = divisor < 0n ? -divisor : divisor
  const rounded = (magnitude * 2n + absDivisor) / (absDivisor * 2n)
  return dividend < 0n === divisor < 0n ? rounded : -rounded
}
