import type { Arena } from '../../data/arena.ts'
import { readCell, writeCell } from '../../data/cells.ts'
import { type SqlType, types } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import type { Accumulator, AccumulatorPlace } from './accumulator.ts'
import { ValueCounts } from './value-counts.ts'

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
export function percentileAccumulator(arena: Arena, place: AccumulatorPlace, options: PercentileOptions): Accumulator {
  const { argType, result, percentages } = options
  const counts = new ValueCounts(types.double())
  const hasFrequency = argType.kind === 'ROW'
  const add = (id: number, value: SqlValue, sign: number): void => {
    if (value === null) return
    const [number, times] = hasFrequency ? (value as readonly SqlValue[]) : [value, 1n]
    if (number === null || number === undefined || times === null || (times as bigint) <= 0n) return
    counts.add(id, number, sign * Number(times))
  }
  return {
    lineBytes: 0,
    update({ batch, count, rows, ids, signs }) {
      const column = batch.columns[place.column]!
      for (let i = 0; i < count; i++) add(ids[i]!, readCell(arena, column, rows[i]!), signs[i]!)
    },
    add: (id, _line, value, sign) => add(id, value, sign),
    write(id, _line, { buffer, column, row }) {
      const found = percentiles([...counts.entries(id)] as readonly Counted[], percentages)
      writeCell(buffer, column, row, found === undefined ? null : result === 'single' ? found[0]! : found)
    },
    merge(id, _line, otherId) {
      for (const { value, count } of counts.allEntries(otherId)) counts.add(id, value, count)
    },
    clear: (id) => counts.clear(id),
    save: (id, _line, sink) => counts.save(id, sink),
    load: (id, _line, reader) => counts.load(id, reader),
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
