import { copyRun, isNullAt, rowAt } from './bytes'

// Copies selected rows to consecutive rows of another batch. `rows` is the address of i32 physical row numbers, or 0: then the rows are `from` itself
// and those behind it.

/** Copies cells of 1 << `shift` bytes, shift 0 to 4, of places `from` to `from + count - 1`. */
export function gatherCells(source: usize, shift: i32, rows: usize, from: i32, count: i32, target: usize): void {
  if (rows == 0) {
    memory.copy(target, source + (<usize>from << shift), <usize>count << shift)
    return
  }
  const end = rows + (<usize>(from + count) << 2)
  let at = rows + (<usize>from << 2)
  switch (shift) {
    case 0:
      for (; at < end; at += 4, target += 1) store<u8>(target, load<u8>(source + <usize>load<i32>(at)))
      return
    case 1:
      for (; at < end; at += 4, target += 2) store<u16>(target, load<u16>(source + (<usize>load<i32>(at) << 1)))
      return
    case 2:
      for (; at < end; at += 4, target += 4) store<u32>(target, load<u32>(source + (<usize>load<i32>(at) << 2)))
      return
    case 3:
      for (; at < end; at += 4, target += 8) store<u64>(target, load<u64>(source + (<usize>load<i32>(at) << 3)))
      return
    default:
      for (; at < end; at += 4, target += 16) v128.store(target, v128.load(source + (<usize>load<i32>(at) << 4)))
      return
  }
}

/** Whether a mask marks any of the rows as NULL. */
export function hasNull(nulls: usize, rows: usize, from: i32, count: i32): bool {
  let any: u32 = 0
  for (let i = from; i < from + count; i++) any |= load<u8>(nulls + <usize>rowAt(rows, i))
  return any != 0
}

/** Marks rows 0 to `count - 1` that either mask marks; `target` has room for whole words, and may be one of the two. */
export function mergeMasks(first: usize, second: usize, count: i32, target: usize): void {
  for (let i: usize = 0; i < <usize>count; i += 8) store<u64>(target + i, load<u64>(first + i) | load<u64>(second + i))
}

/** How many bytes the texts of the rows have together, at most 2^32 - 1. */
export function textSize(cells: usize, nulls: usize, rows: usize, from: i32, count: i32): u32 {
  let total: u64 = 0
  for (let i = from; i < from + count; i++) {
    const row = rowAt(rows, i)
    if (!isNullAt(nulls, row)) total += load<u32>(cells + (<usize>row << 3), 4)
  }
  return <u32>min<u64>(total, 0xffffffff)
}

/** Copies texts: their bytes one behind the other to `bytes`, their views to `target`. A NULL becomes a view of nothing. */
export function gatherText(cells: usize, nulls: usize, rows: usize, from: i32, count: i32, target: usize, bytes: usize): void {
  for (let i = from; i < from + count; i++, target += 8) {
    const row = rowAt(rows, i)
    if (isNullAt(nulls, row)) {
      store<u64>(target, 0)
      continue
    }
    const cell = cells + (<usize>row << 3)
    const length = load<u32>(cell, 4)
    copyRun(bytes, load<u32>(cell), length)
    store<u32>(target, bytes)
    store<u32>(target, length, 4)
    bytes += length
  }
}

/**
 * Sorts selected rows by where they go, in order within one target.
 *
 * @param targets One i32 a selected row, 0 to `targetCount - 1`.
 * @param starts Receives `targetCount + 1` i32s: the rows of target t are `rows[starts[t]]` to `rows[starts[t + 1] - 1]`.
 */
export function partitionRows(targets: usize, selection: usize, count: i32, targetCount: i32, starts: usize, rows: usize): void {
  memory.fill(starts, 0, <usize>(targetCount + 1) << 2)
  for (let i = 0; i < count; i++) {
    const slot = starts + (<usize>load<i32>(targets + (<usize>i << 2)) << 2)
    store<i32>(slot, load<i32>(slot) + 1)
  }
  // Counts become ends; filling from the back turns ends into starts.
  let sum = 0
  for (let t = 0; t <= targetCount; t++) {
    sum += load<i32>(starts + (<usize>t << 2))
    store<i32>(starts + (<usize>t << 2), sum)
  }
  for (let i = count - 1; i >= 0; i--) {
    const slot = starts + (<usize>load<i32>(targets + (<usize>i << 2)) << 2)
    const place = load<i32>(slot) - 1
    store<i32>(slot, place)
    store<i32>(rows + (<usize>place << 2), rowAt(selection, i))
  }
}

/** Maps key groups to subtasks: group g of G belongs to subtask g * n / G, rounded down, of n. In place. */
export function subtasksOfGroups(groups: usize, count: i32, groupCount: i32, parallelism: i32): void {
  if ((groupCount & (groupCount - 1)) == 0) {
    const shift = ctz<i32>(groupCount)
    for (let i = 0; i < count; i++) {
      const slot = groups + (<usize>i << 2)
      store<i32>(slot, (load<i32>(slot) * parallelism) >> shift)
    }
    return
  }
  for (let i = 0; i < count; i++) {
    const slot = groups + (<usize>i << 2)
    store<i32>(slot, load<i32>(slot) * parallelism / groupCount)
  }
}
