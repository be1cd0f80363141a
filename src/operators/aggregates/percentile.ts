import type { ArenaOwner } from '../../data/arena.ts'
import { readCell, writeCell } from '../../data/cells.ts'
import { type SqlType, types } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import type { Accumulator, AccumulatorPlace } from './accumulator.ts'
import { GroupValues } from './group-values.ts'
import { valuesAccumulator } from './values-accumulator.ts'

interface PercentileOptions {
  /** DOUBLE, or a ROW of a DOUBLE and how often it counts. */
  readonly argType: SqlType
  /** `single`: the value of the only percentage, else an array of one value for each. */
  readonly result: 'single' | 'array'
  /** From 0 to 1. */
  readonly percentages: readonly number[]
}

/**
 * PERCENTILE: the values below which so much of a group lies, between two values in proportion. Keeps how often each value is there. A row whose frequency is NULL, 0 or less
 * does not count.
 */
export function percentileAccumulator(owner: ArenaOwner, place: AccumulatorPlace, options: PercentileOptions): Accumulator {
  const { argType, result, percentages } = options
  const { arena } = owner
  const values = new GroupValues(owner, { type: types.double(), list: place.offset, members: 1, input: 'changing' })
  const plain = valuesAccumulator(owner, values, place.column)
  const write: Accumulator['write'] = (_id, line, { buffer, column, row }) => {
    const counted = values.values(line).filter(({ count }) => count > 0)
    const found = percentiles(counted as readonly Counted[], percentages)
    writeCell(buffer, column, row, found === undefined ? null : result === 'single' ? found[0]! : found)
  }
  if (argType.kind !== 'ROW') return { ...plain, write }
  const add: Accumulator['add'] = (id, line, value, sign) => {
    const [number = null, times = null] = (value ?? []) as readonly SqlValue[]
    if (number !== null && times !== null && (times as bigint) > 0n) values.addTimes(id, line, number, { sign, times: Number(times) })
  }
  return {
    ...plain,
    update({ batch, count, rows, ids, lines, signs }) {
      const column = batch.columns[place.column]!
      for (let i = 0; i < count; i++) add(ids[i]!, lines[i]!, readCell(arena, column, rows[i]!), signs[i]!)
    },
    add,
    write,
  }
}

interface Counted {
  readonly value: number
  readonly count: number
}

/** The value at each percentage of the way from the first to the last of the sorted values; undefined without values. */
export function percentiles(values: readonly Counted[], percentages: readonly number[]): readonly number[] | undefined {
  const total = values.reduce((sum, { count }) => sum + count, 0)
  if (total <= 0) return undefined
  const sorted = [...values].sort((a, b) => compareDoubles(a.value, b.value))
  const ends: number[] = []
  sorted.forEach(({ count }, i) => ends.push((ends[i - 1] ?? 0) + count))
  return percentages.map((percentage) => {
    const position = percentage * (total - 1) + 1
    const [lower, higher] = [Math.floor(position), Math.ceil(position)]
    const i = ends.findIndex((end) => end >= lower)
    const { value } = sorted[i]!
    if (ends[i]! >= higher) return value
    return (higher - position) * value + (position - lower) * sorted[i + 1]!.value
  })
}

/** As Java sorts: -0.0 before 0.0, NaN last. */
function compareDoubles(a: number, b: number): number {
  if (a < b) return -1
  if (a > b) return 1
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b))
  return a === 0 ? Number(Object.is(b, -0)) - Number(Object.is(a, -0)) : 0
}
