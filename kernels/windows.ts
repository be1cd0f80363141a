import { isNullAt, rowAt } from './bytes'

// What `assignPanes` works on: u32s, then i64s.
const SELECTION = 0
const TIMES = 4
const NULLS = 8
/** Cells of the ends of the windows that rows carry; 0: windows go by the rows' times. */
const ENDS = 12
const ROW_WATERMARKS = 16
/** Out: for each kept row, at its number, the start of its pane and the first window of it that the row counts in. */
const STARTS = 20
const FROMS = 24
/** Out: the kept rows. */
const KEPT = 28
const KEPT_COUNT = 32
const WATERMARK = 40
const PANE_SIZE = 48
const PANE_OFFSET = 56
const ALL_WINDOWS = 64

/**
 * Finds the panes of rows that are in time for all windows of their pane, from place `from` on; rows without a time are left out.
 *
 * @returns The next place: `count`, or that of a row whose watermark may have passed a window of its pane.
 */
export function assignPanes(work: usize, from: i32, count: i32): i32 {
  const selection = <usize>load<u32>(work, SELECTION)
  const times = <usize>load<u32>(work, TIMES)
  const nulls = <usize>load<u32>(work, NULLS)
  const ends = <usize>load<u32>(work, ENDS)
  const rowWatermarks = <usize>load<u32>(work, ROW_WATERMARKS)
  const starts = <usize>load<u32>(work, STARTS)
  const froms = <usize>load<u32>(work, FROMS)
  const kept = <usize>load<u32>(work, KEPT)
  const batchWatermark = load<i64>(work, WATERMARK)
  const size = load<i64>(work, PANE_SIZE)
  const offset = load<i64>(work, PANE_OFFSET)
  const all = load<i64>(work, ALL_WINDOWS)
  let keptCount = <usize>load<u32>(work, KEPT_COUNT)
  let i = from
  // Nearly all rows fall into the pane of the row before.
  let pane: i64 = 0
  let paneEnd: i64 = i64.MIN_VALUE
  for (; i < count; i++) {
    const row = rowAt(selection, i)
    if (isNullAt(nulls, row)) continue
    const time = load<i64>(times + (<usize>row << 3))
    let first = all
    if (ends) {
      pane = time
      first = load<i64>(ends + (<usize>row << 3))
      paneEnd = first
    } else if (time < pane || time >= paneEnd) {
      let rest = (time - offset) % size
      if (rest < 0) rest += size
      pane = time - rest
      paneEnd = pane + size
    }
    let watermark = batchWatermark
    if (rowWatermarks) watermark = max<i64>(watermark, load<i64>(rowWatermarks + (<usize>row << 3)))
    if (watermark >= paneEnd - 1) break
    store<i64>(starts + (<usize>row << 3), pane)
    store<i64>(froms + (<usize>row << 3), first)
    store<u32>(kept + (keptCount << 2), row)
    keptCount++
  }
  store<u32>(work, keptCount, KEPT_COUNT)
  return i
}

/** Keeps the entries whose groups have rows; in place. Returns how many. */
export function groupsWithRows(ids: usize, lines: usize, count: i32): i32 {
  let kept: usize = 0
  for (let i: usize = 0; i < <usize>count; i++) {
    const line = load<u32>(lines + (i << 2))
    store<u32>(ids + (kept << 2), load<u32>(ids + (i << 2)))
    store<u32>(lines + (kept << 2), line)
    kept += usize(load<f64>(<usize>line) != 0)
  }
  return <i32>kept
}

export function fillWords(target: usize, count: i32, value: i64): void {
  for (let i: usize = 0; i < <usize>count; i++) store<i64>(target + (i << 3), value)
}
