import { lineAt } from './groups'

// The values that each group has, with counts: what DISTINCT keeps. A value of a group is an entry with a line of its own:
//
//   f64 count, u32 next, u32 previous (ids of entries + 1, or 0), u32 state
//
// The entries of a group are a list in the order in which they came; the group's line holds its two ends. A count is below zero while a value that is
// taken back has not come yet; an entry whose count is 0 leaves its list, and its id is given out as free at the end of the call.
const NEXT = 8
const PREVIOUS = 12
const STATE = 16
const OUTSIDE: u32 = 0
const LISTED: u32 = 1
const FREED: u32 = 2

/** Puts the group of each row at the row's number, as the cells of a column. */
export function scatterInts(values: usize, rows: usize, count: i32, cells: usize): void {
  for (let i: usize = 0; i < <usize>count; i++) store<u32>(cells + (<usize>load<u32>(rows + (i << 2)) << 2), load<u32>(values + (i << 2)))
}

/**
 * Counts rows in their entries. Keeps those with which a group gets a value or loses its last one, with sign 1 or -1.
 *
 * @param list Where the two ends of the list lie in a group's line.
 * @param freed Receives how many entries are to be freed, then their ids, each once.
 * @returns How many rows were kept.
 */
export function countValues(
  directory: usize,
  lineBytes: u32,
  entries: usize,
  list: u32,
  freed: usize,
  rows: usize,
  ids: usize,
  lines: usize,
  signs: usize,
  count: i32,
  keptRows: usize,
  keptIds: usize,
  keptLines: usize,
  keptSigns: usize,
): i32 {
  let kept: usize = 0
  let emptied: usize = 0
  for (let i: usize = 0; i < <usize>count; i++) {
    const id = load<u32>(entries + (i << 2))
    const entry = lineAt(directory, lineBytes, id)
    const group = load<u32>(lines + (i << 2))
    const sign = <i32>load<i8>(signs + i)
    const before = load<f64>(entry)
    const after = before + <f64>sign
    store<f64>(entry, after)
    if (load<u32>(entry, STATE) == OUTSIDE) link(directory, lineBytes, <usize>group + <usize>list, id, entry)
    if (after == 0) {
      unlink(directory, lineBytes, <usize>group + <usize>list, entry)
      emptied++
      store<u32>(freed + (emptied << 2), id)
    }
    if (before > 0 == after > 0) continue
    store<u32>(keptRows + (kept << 2), load<u32>(rows + (i << 2)))
    store<u32>(keptIds + (kept << 2), load<u32>(ids + (i << 2)))
    store<u32>(keptLines + (kept << 2), group)
    store<i8>(keptSigns + kept, sign)
    kept++
  }
  let free: usize = 0
  for (let i: usize = 1; i <= emptied; i++) {
    const id = load<u32>(freed + (i << 2))
    const entry = lineAt(directory, lineBytes, id)
    if (load<u32>(entry, STATE) != OUTSIDE) continue
    store<u32>(entry, FREED, STATE)
    free++
    store<u32>(freed + (free << 2), id)
  }
  store<u32>(freed, free)
  return <i32>kept
}

// @ts-ignore: decorator
@inline
function link(directory: usize, lineBytes: u32, ends: usize, id: u32, entry: usize): void {
  const last = load<u32>(ends, 4)
  store<u32>(entry, 0, NEXT)
  store<u32>(entry, last, PREVIOUS)
  store<u32>(entry, LISTED, STATE)
  if (last) store<u32>(lineAt(directory, lineBytes, last - 1), id + 1, NEXT)
  else store<u32>(ends, id + 1)
  store<u32>(ends, id + 1, 4)
}

function unlink(directory: usize, lineBytes: u32, ends: usize, entry: usize): void {
  const next = load<u32>(entry, NEXT)
  const previous = load<u32>(entry, PREVIOUS)
  if (previous) store<u32>(lineAt(directory, lineBytes, previous - 1), next, NEXT)
  else store<u32>(ends, next)
  if (next) store<u32>(lineAt(directory, lineBytes, next - 1), previous, PREVIOUS)
  else store<u32>(ends, previous, 4)
  store<u32>(entry, OUTSIDE, STATE)
}
