import { unreachable } from '../../base/assert.ts'
import type { Arena } from '../../data/arena.ts'
import { layoutNumbers, layoutOf } from '../../data/column.ts'
import type { SqlType } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import type { GroupPairs, GroupRows } from './accumulator.ts'

/**
 * The sum of the values of a group and how many they are, in a part of its line: what SUM and AVG have in common.
 *
 * | values | the line holds |
 * | --- | --- |
 * | whole numbers | f64 count, i64 sum, which wraps |
 * | FLOAT, DOUBLE | f64 count, f64 sum; a FLOAT sum is rounded after each value |
 * | DECIMAL | f64 count, 192-bit sum: exact however large, so that the answer does not depend on the order of rows |
 */
export interface RunningSum {
  readonly lineBytes: number
  update(rows: GroupRows): void
  add(line: number, value: SqlValue, sign: number): void
  count(line: number): number
  /** The sum as the interpreter has it: bigint for whole numbers and DECIMAL (unscaled), number for floating ones. */
  sum(line: number): bigint | number
  merge(line: number, otherLine: number): void
  mergeAll(pairs: GroupPairs): void
  /** Absent where sums are not exact. */
  readonly unmergeAll?: (pairs: GroupPairs) => void
  /** Address of the sum in the line. */
  sumAt(line: number): number
}

/** @param wide `FLOAT` values are summed as DOUBLE, for an average. */
export function runningSum(
  arena: Arena,
  type: SqlType,
  place: { readonly offset: number; readonly column: number; readonly wide: boolean },
): RunningSum {
  switch (type.kind) {
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
    case 'BIGINT':
      return wholeSum(arena, type, place)
    case 'FLOAT':
    case 'DOUBLE':
      return floatingSum(arena, type.kind === 'FLOAT' && !place.wide, place)
    case 'DECIMAL':
      return decimalSum(arena, place)
    default:
      return unreachable(type as never)
  }
}

interface SumPlace {
  readonly offset: number
  readonly column: number
}

function wholeSum(arena: Arena, type: SqlType, { offset, column }: SumPlace): RunningSum {
  const { i64, f64, kernels } = arena
  const layout = layoutNumbers[layoutOf(type)]
  return {
    lineBytes: 16,
    update({ batch, count, rowsAt, linesAt, signsAt }) {
      const { cells, nulls } = batch.columns[column]!
      kernels.addWholes(layout, cells, nulls, rowsAt, linesAt, signsAt, count, offset)
    },
    add(line, value, sign) {
      if (value === null) return
      const counter = (line + offset) >>> 3
      f64[counter] = f64[counter]! + sign
      i64[counter + 1] = i64[counter + 1]! + BigInt(value as number | bigint) * BigInt(sign)
    },
    count: (line) => f64[(line + offset) >>> 3]!,
    sumAt: (line) => line + offset + 8,
    sum: (line) => i64[(line + offset + 8) >>> 3]!,
    mergeAll: ({ linesAt, othersAt, count }) => kernels.mergeWholes(linesAt, othersAt, count, offset),
    unmergeAll: ({ linesAt, othersAt, count }) => kernels.unmergeWholes(linesAt, othersAt, count, offset),
    merge(line, otherLine) {
      const at = (line + offset) >>> 3
      const other = (otherLine + offset) >>> 3
      f64[at] = f64[at]! + f64[other]!
      i64[at + 1] = i64[at + 1]! + i64[other + 1]!
    },
  }
}

function floatingSum(arena: Arena, isSingle: boolean, { offset, column }: SumPlace): RunningSum {
  const { f64, kernels } = arena
  const add = (line: number, value: number, sign: number): void => {
    const at = (line + offset) >>> 3
    f64[at] = f64[at]! + sign
    const sum = f64[at + 1]! + sign * value
    f64[at + 1] = isSingle ? Math.fround(sum) : sum
  }
  return {
    lineBytes: 16,
    update({ batch, count, rowsAt, linesAt, signsAt }) {
      const { cells, nulls, layout } = batch.columns[column]!
      kernels.addFloats(layoutNumbers[layout], isSingle, cells, nulls, rowsAt, linesAt, signsAt, count, offset)
    },
    add(line, value, sign) {
      if (value !== null) add(line, value as number, sign)
    },
    count: (line) => f64[(line + offset) >>> 3]!,
    sumAt: (line) => line + offset + 8,
    sum: (line) => f64[(line + offset + 8) >>> 3]!,
    mergeAll: ({ linesAt, othersAt, count }) => kernels.mergeFloats(isSingle, linesAt, othersAt, count, offset),
    merge(line, otherLine) {
      const at = (line + offset) >>> 3
      const other = (otherLine + offset) >>> 3
      f64[at] = f64[at]! + f64[other]!
      const sum = f64[at + 1]! + f64[other + 1]!
      f64[at + 1] = isSingle ? Math.fround(sum) : sum
    },
  }
}

function decimalSum(arena: Arena, { offset, column }: SumPlace): RunningSum {
  const { f64, i64, kernels } = arena
  const sum = (line: number): bigint => {
    const at = (line + offset + 8) >>> 3
    return (i64[at + 2]! << 128n) | (BigInt.asUintN(64, i64[at + 1]!) << 64n) | BigInt.asUintN(64, i64[at]!)
  }
  const set = (line: number, value: bigint): void => {
    const at = (line + offset + 8) >>> 3
    i64[at] = value
    i64[at + 1] = value >> 64n
    i64[at + 2] = value >> 128n
  }
  const add = (line: number, value: SqlValue, sign: number): void => {
    if (value === null) return
    const counter = (line + offset) >>> 3
    f64[counter] = f64[counter]! + sign
    set(line, sign > 0 ? sum(line) + (value as bigint) : sum(line) - (value as bigint))
  }
  return {
    lineBytes: 32,
    update({ batch, count, rowsAt, linesAt, signsAt }) {
      const { cells, nulls, layout } = batch.columns[column]!
      kernels.addDecimals(layoutNumbers[layout], cells, nulls, rowsAt, linesAt, signsAt, count, offset)
    },
    add,
    count: (line) => f64[(line + offset) >>> 3]!,
    sumAt: (line) => line + offset + 8,
    sum,
    mergeAll: ({ linesAt, othersAt, count }) => kernels.mergeDecimals(linesAt, othersAt, count, offset),
    unmergeAll: ({ linesAt, othersAt, count }) => kernels.unmergeDecimals(linesAt, othersAt, count, offset),
    merge(line, otherLine) {
      const counter = (line + offset) >>> 3
      f64[counter] = f64[counter]! + f64[(otherLine + offset) >>> 3]!
      set(line, sum(line) + sum(otherLine))
    },
  }
}
