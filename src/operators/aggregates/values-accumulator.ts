import type { ArenaOwner } from '../../data/arena.ts'
import type { Accumulator, GroupRows } from './accumulator.ts'
import { type GroupValues, VALUES_BYTES, newMemberRows } from './group-values.ts'

/** An aggregate that keeps all its values but NULL, counted: everything but how its value comes from them. */
export function valuesAccumulator(owner: ArenaOwner, values: GroupValues, columnNumber: number): Omit<Accumulator, 'write'> {
  const { kernels } = owner.arena
  const present = newMemberRows(owner)
  /** The rows whose value is not NULL, all of them of the one member. */
  const keep = (all: GroupRows, nulls: number): void => {
    const { rowsAt, idsAt, linesAt, signsAt, count } = all
    const { rows, masksAt } = present
    rows.batch = all.batch
    rows.count = kernels.filterRows(0, nulls, rowsAt, idsAt, linesAt, signsAt, count, rows.rowsAt, rows.idsAt, rows.linesAt, rows.signsAt)
    kernels.markMembers(0, 0, rows.rowsAt, rows.count, 0, masksAt)
  }
  return {
    lineBytes: VALUES_BYTES,
    update(rows) {
      const column = rows.batch.columns[columnNumber]!
      keep(rows, column.nulls)
      values.count(present, column)
    },
    add(id, line, value, sign) {
      if (value !== null) values.add(id, line, value, sign)
    },
    merge(id, line, _otherId, otherLine) {
      values.merge(id, line, otherLine, () => undefined)
    },
    clear: (_id, line) => values.clear(line),
    save: (_id, line, sink) => values.save(line, sink),
    load: (id, line, reader) => values.load(id, line, reader),
  }
}
