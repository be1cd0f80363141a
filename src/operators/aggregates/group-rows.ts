import type { ArenaOwner } from '../../data/arena.ts'
import { BATCH_CAPACITY, Batch } from '../../data/batch.ts'
import type { GroupLines, GroupPairs, GroupRows } from './accumulator.ts'

/** Room for the rows of one batch with their groups; the arrays lie in the arena, where kernels can read them. */
export function newGroupRows(owner: ArenaOwner, capacity: number = BATCH_CAPACITY): GroupRows {
  const { i32, u32, i8 } = owner.arena
  const rowsAt = owner.allocate(capacity * 4)
  const idsAt = owner.allocate(capacity * 4)
  const linesAt = owner.allocate(capacity * 4)
  const signsAt = owner.allocate(capacity)
  return {
    batch: new Batch([]),
    count: 0,
    rows: i32.subarray(rowsAt >>> 2, (rowsAt >>> 2) + capacity),
    ids: i32.subarray(idsAt >>> 2, (idsAt >>> 2) + capacity),
    lines: u32.subarray(linesAt >>> 2, (linesAt >>> 2) + capacity),
    signs: i8.subarray(signsAt, signsAt + capacity),
    rowsAt,
    idsAt,
    linesAt,
    signsAt,
  }
}

/** Room for as many groups as an output batch tells of. */
export function newGroupLines(owner: ArenaOwner, capacity: number = BATCH_CAPACITY): GroupLines {
  const { i32, u32 } = owner.arena
  const idsAt = owner.allocate(capacity * 4)
  const linesAt = owner.allocate(capacity * 4)
  return {
    ids: i32.subarray(idsAt >>> 2, (idsAt >>> 2) + capacity),
    lines: u32.subarray(linesAt >>> 2, (linesAt >>> 2) + capacity),
    linesAt,
    missingAt: owner.allocate(capacity),
  }
}

/** Pairs of the groups of rows with others; entries of both belong together. */
export function pairsOf(owner: ArenaOwner, { rows, ids, lines, linesAt }: GroupRows): GroupPairs {
  const othersAt = owner.allocate(rows.length * 4)
  const otherLines = owner.arena.u32.subarray(othersAt >>> 2, (othersAt >>> 2) + rows.length)
  return { count: 0, ids, lines, linesAt, otherIds: ids, otherLines, othersAt }
}

export function newGroupPairs(owner: ArenaOwner, capacity: number = BATCH_CAPACITY): GroupPairs {
  const { u32 } = owner.arena
  const linesAt = owner.allocate(capacity * 4)
  const othersAt = owner.allocate(capacity * 4)
  return {
    count: 0,
    ids: owner.ints(capacity),
    lines: u32.subarray(linesAt >>> 2, (linesAt >>> 2) + capacity),
    linesAt,
    otherIds: owner.ints(capacity),
    otherLines: u32.subarray(othersAt >>> 2, (othersAt >>> 2) + capacity),
    othersAt,
  }
}
