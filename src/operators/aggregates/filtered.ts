import type { ArenaOwner } from '../../data/arena.ts'
import type { Accumulator, GroupRows } from './accumulator.ts'
import { newGroupRows } from './group-rows.ts'

/** An aggregate over the rows for which a BOOLEAN column is TRUE. */
export function filteredAccumulator(owner: ArenaOwner, filter: number, inner: Accumulator): Accumulator {
  const { u8 } = owner.arena
  const kept = newGroupRows(owner)
  return {
    ...inner,
    update(all: GroupRows) {
      const { cells, nulls } = all.batch.columns[filter]!
      let count = 0
      for (let i = 0; i < all.count; i++) {
        const row = all.rows[i]!
        if (u8[cells + row] === 0 || (nulls !== 0 && u8[nulls + row] !== 0)) continue
        kept.rows[count] = row
        kept.ids[count] = all.ids[i]!
        kept.lines[count] = all.lines[i]!
        kept.signs[count] = all.signs[i]!
        count++
      }
      kept.batch = all.batch
      kept.count = count
      inner.update(kept)
    },
  }
}
