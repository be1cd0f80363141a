import type { Arena } from '../../data/arena.ts'
import { readCell, writeCell } from '../../data/cells.ts'
import { layoutNumbers, layoutOf } from '../../data/column.ts'
import { formatValue } from '../../data/text.ts'
import type { SqlType } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import type { Accumulator, AccumulatorPlace, CellRange, GroupLines } from './accumulator.ts'
import { loadLine, saveLine } from './line-bytes.ts'
import { isDecimal as isDecimalValue } from './sum.ts'
import { type TakeValues, writeValues } from './write-values.ts'

const LINE_BYTES = 24

export type VarianceKind = 'STDDEV_POP' | 'STDDEV_SAMP' | 'VAR_POP' | 'VAR_SAMP'

/**
 * The variance and its root by Welford's method, step by step as Flink computes them, so that the last digits are the same; cast to the result's type. The line
 * holds the count, the mean and the sum of squared distances from it. NULL without values and of a sample of one. Where taking values back has left less than
 * nothing of the squares, by the last digits of a DOUBLE, nothing is left of them.
 */
export function varianceAccumulator(
  arena: Arena,
  argType: SqlType,
  type: SqlType,
  place: AccumulatorPlace,
  kind: VarianceKind,
): Accumulator {
  const { f64, kernels } = arena
  const add = (line: number, value: SqlValue, sign: number): void => {
    if (value === null) return
    const number = toDouble(argType, value)
    const at = (line + place.offset) >>> 3
    const count = f64[at]! + sign
    f64[at] = count
    if (count <= 0) {
      if (count === 0) f64.fill(0, at + 1, at + 3)
      return
    }
    const distance = number - f64[at + 1]!
    const mean = f64[at + 1]! + (sign * distance) / count
    f64[at + 1] = mean
    f64[at + 2] = f64[at + 2]! + sign * (distance * (number - mean))
  }
  const isDecimal = argType.kind === 'DECIMAL'
  const argLayout = layoutNumbers[layoutOf(argType)]
  const layout = layoutNumbers[layoutOf(type)]
  const take: TakeValues = (...cells) => kernels.takeVariances(layout, kind.endsWith('_SAMP'), kind.startsWith('STDDEV'), ...cells)
  return {
    lineBytes: LINE_BYTES,
    ...(!isDecimal && { writeAll: (groups: GroupLines, range: CellRange) => writeValues(groups, range, place.offset, take) }),
    update({ batch, count, rows, lines, signs, rowsAt, linesAt, signsAt }) {
      const column = batch.columns[place.column]!
      if (!isDecimal) {
        kernels.addVariances(argLayout, column.cells, column.nulls, rowsAt, linesAt, signsAt, count, place.offset)
        return
      }
      for (let i = 0; i < count; i++) add(lines[i]!, readCell(arena, column, rows[i]!), signs[i]!)
    },
    add: (_id, line, value, sign) => add(line, value, sign),
    write(_id, line, { buffer, column, row }) {
      const at = (line + place.offset) >>> 3
      const count = f64[at]!
      const divisor = kind.endsWith('_POP') ? count : count - 1
      const squares = Math.max(0, f64[at + 2]!)
      const variance = squares / divisor
      const result = kind.startsWith('STDDEV') ? Math.sqrt(variance) : variance
      writeCell(buffer, column, row, count <= 0 || divisor === 0 ? null : fromDouble(type, result))
    },
    merge(_id, line, _otherId, otherLine) {
      const at = (line + place.offset) >>> 3
      const other = (otherLine + place.offset) >>> 3
      const [count, added] = [f64[at]!, f64[other]!]
      if (added === 0) return
      if (count === 0) {
        f64.copyWithin(at, other, other + 3)
        return
      }
      const total = count + added
      const distance = f64[other + 1]! - f64[at + 1]!
      f64[at] = total
      f64[at + 1] = f64[at + 1]! + (added / total) * distance
      f64[at + 2] = f64[at + 2]! + f64[other + 2]! + ((count * added) / total) * distance * distance
    },
    save: (_id, line, sink) => saveLine(arena, line + place.offset, LINE_BYTES, sink),
    load: (_id, line, reader) => loadLine(arena, line + place.offset, LINE_BYTES, reader),
  }
}

function toDouble(type: SqlType, value: SqlValue): number {
  return type.kind === 'DECIMAL' ? Number(formatValue(type, value)) : Number(value)
}

/** CAST of a DOUBLE: whole numbers are cut, a DECIMAL that has no value is NULL. */
function fromDouble(type: SqlType, value: number): SqlValue {
  switch (type.kind) {
    case 'TINYINT':
      return (whole(value) << 24) >> 24
    case 'SMALLINT':
      return (whole(value) << 16) >> 16
    case 'INTEGER':
      return whole(value)
    case 'BIGINT':
      return Number.isNaN(value) ? 0n : BigInt(Math.trunc(Math.min(Math.max(value, -(2 ** 63)), 2 ** 63 - 1024)))
    case 'DECIMAL': {
      if (!Number.isFinite(value)) return null
      const unscaled = scaled(value, type.scale)
      return isDecimalValue(unscaled) ? unscaled : null
    }
    case 'FLOAT':
      return Math.fround(value)
    default:
      return value
  }
}

function whole(value: number): number {
  return Number.isNaN(value) ? 0 : Math.trunc(Math.min(Math.max(value, -(2 ** 31)), 2 ** 31 - 1))
}

/** The shortest decimal of a DOUBLE at a scale, rounded half up. */
function scaled(value: number, scale: number): bigint {
  const [digits = '0', exponent = '0'] = Math.abs(value).toExponential().split('e')
  const [units = '0', fraction = ''] = digits.split('.')
  const shift = Number(exponent) - fraction.length + scale
  const mantissa = BigInt(units + fraction)
  const magnitude = shift >= 0 ? mantissa * 10n ** BigInt(shift) : (mantissa * 2n + 10n ** BigInt(-shift)) / (2n * 10n ** BigInt(-shift))
  return value < 0 ? -magnitude : magnitude
}
