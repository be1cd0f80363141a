import type { ArenaOwner } from '../../data/arena.ts'
import type { Accumulator, GroupRows } from './accumulator.ts'
import { newGroupRows } from './group-rows.ts'

/** An aggregate over the rows for which a BOOLEAN column is TRUE. */
export function filteredAccumulator(owner: ArenaOwner, filter: number, inner: Accumulator): Accumulator {
  const { kernels } = owner.arena
  const kept = newGroupRows(owner)
  return {
    ...inner,
    update(all: GroupRows) {
      const { cells, nulls } = all.batch.columns[filter]!
      const { rowsAt, idsAt, linesAt, signsAt, count } = all
      kept.count = kernels.filterRows(
        cells,
        nulls,
        rowsAt,
        idsAt,
        linesAt,
        signsAt,
        count,
        kept.rowsAt,
        kept.idsAt,
        kept.linesAt,
        kept.signsAt,
      )
      kept.batch = all.batch
      inner.update(kept)
    },
  }
}
