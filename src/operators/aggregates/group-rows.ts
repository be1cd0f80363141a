import type { ArenaOwner } from '../../data/arena.ts'
import { BATCH_CAPACITY, Batch } from '../../data/batch.ts'
import type { GroupRows } from './accumulator.ts'

/** Room for the rows of one batch with their groups; the arrays lie in the arena, where kernels can read them. */
export function newGroupRows(owner: ArenaOwner, capacity: number = BATCH_CAPACITY): GroupRows {
  const { i32, u32, i8 } = owner.arena
  const words = (): number => owner.allocate(capacity * 4) >>> 2
  const rows = words()
  const ids = words()
  const lines = words()
  const signs = owner.allocate(capacity)
  return {
    batch: new Batch([]),
    count: 0,
    rows: i32.subarray(rows, rows + capacity),
    ids: i32.subarray(ids, ids + capacity),
    lines: u32.subarray(lines, lines + capacity),
    signs: i8.subarray(signs, signs + capacity),
  }
}
