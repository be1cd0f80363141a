import type { ArenaOwner } from '../../data/arena.ts'
import { writeCell } from '../../data/cells.ts'
import type { SqlType } from '../../data/types.ts'
import { SqlMap } from '../../data/value.ts'
import type { Accumulator, AccumulatorPlace } from './accumulator.ts'
import { GroupValues } from './group-values.ts'
import { valuesAccumulator } from './values-accumulator.ts'

/** COLLECT: the multiset of the values that are not NULL, in the order in which they first came. */
export function collectAccumulator(owner: ArenaOwner, type: SqlType, place: AccumulatorPlace): Accumulator {
  const values = new GroupValues(owner, { type, list: place.offset, members: 1, input: 'changing' })
  return {
    ...valuesAccumulator(owner, values, place.column),
    write(_id, line, { buffer, column, row }) {
      const entries = values.values(line).filter(({ count }) => count > 0)
      const multiset = new SqlMap(
        entries.map((entry) => entry.value),
        entries.map((entry) => entry.count),
      )
      writeCell(buffer, column, row, multiset)
    },
    writeAll: (groups, range) => values.writeMultisets(groups, range),
  }
}
