import type { Arena } from '../../data/arena.ts'
import { readCell, writeCell } from '../../data/cells.ts'
import type { SqlType } from '../../data/types.ts'
import { SqlMap, type SqlValue } from '../../data/value.ts'
import type { Accumulator, AccumulatorPlace } from './accumulator.ts'
import { ValueCounts } from './value-counts.ts'

/** COLLECT: the multiset of the values that are not NULL, in the order in which they first came. */
export function collectAccumulator(arena: Arena, type: SqlType, place: AccumulatorPlace): Accumulator {
  const counts = new ValueCounts(type)
  const add = (id: number, value: SqlValue, change: number): void => {
    if (value !== null) counts.add(id, value, change)
  }
  return {
    lineBytes: 0,
    update({ batch, count, rows, ids, signs }) {
      const column = batch.columns[place.column]!
      for (let i = 0; i < count; i++) add(ids[i]!, readCell(arena, column, rows[i]!), signs[i]!)
    },
    add: (id, _line, value, sign) => add(id, value, sign),
    write(id, _line, { buffer, column, row }) {
      const entries = [...counts.entries(id)]
      const multiset = new SqlMap(
        entries.map((entry) => entry.value),
        entries.map((entry) => entry.count),
      )
      writeCell(buffer, column, row, multiset)
    },
    merge(id, _line, otherId) {
      for (const { value, count } of counts.allEntries(otherId)) add(id, value, count)
    },
    clear: (id) => counts.clear(id),
    save: (id, _line, sink) => counts.save(id, sink),
    load: (id, _line, reader) => counts.load(id, reader),
  }
}
