import type { Arena } from '../../data/arena.ts'
import { readCell } from '../../data/cells.ts'
import type { SqlType } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import type { Accumulator, AccumulatorPlace } from './accumulator.ts'
import { ValueCounts } from './value-counts.ts'

/** An aggregate over each value once: passes on the first row of a value that a group gets, and the last one that is taken back. */
export function distinctAccumulator(
  arena: Arena,
  type: SqlType,
  place: AccumulatorPlace,
  inner: Accumulator,
  nulls: 'with-null' | 'without-null' = 'without-null',
): Accumulator {
  const counts = new ValueCounts(type)
  const add = (id: number, line: number, value: SqlValue, change: number): void => {
    if (value === null && nulls === 'without-null') return
    const count = counts.add(id, value, change)
    const before = count - change
    if (before <= 0 && count > 0) inner.add(id, line, value, 1)
    else if (before > 0 && count <= 0) inner.add(id, line, value, -1)
  }
  return {
    lineBytes: inner.lineBytes,
    update({ batch, count, rows, ids, lines, signs }) {
      const column = batch.columns[place.column]!
      for (let i = 0; i < count; i++) add(ids[i]!, lines[i]!, readCell(arena, column, rows[i]!), signs[i]!)
    },
    add,
    write: (id, line, target) => inner.write(id, line, target),
    merge(id, line, otherId) {
      for (const { value, count } of counts.allEntries(otherId)) add(id, line, value, count)
    },
    clear(id) {
      counts.clear(id)
      inner.clear(id)
    },
    save(id, line, sink) {
      counts.save(id, sink)
      inner.save(id, line, sink)
    },
    load(id, line, reader) {
      counts.load(id, reader)
      inner.load(id, line, reader)
    },
  }
}
