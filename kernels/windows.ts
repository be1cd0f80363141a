import { isNullAt, rowAt } from './bytes'
import { lineAt } from './groups'

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

// What `extendSessions` works on, u32s, then i64s. The line of a key begins with the id of its first session + 1, or 0; that of a session is
//
//   f64 rows, u32 next session of the key (id + 1), u32 key, i64 start, i64 end
const KEY_IDS = 20
const KEY_DIRECTORY = 24
const KEY_LINE_BYTES = 28
const SESSION_DIRECTORY = 32
const SESSION_LINE_BYTES = 36
const KINDS = 12
const OUT_ROWS = 40
const OUT_IDS = 44
const OUT_LINES = 48
const OUT_SIGNS = 52
const OUT_COUNT = 56
const BATCH_WATERMARK = 64
const GAP = 72

/**
 * Brings rows from place `from` on into the sessions of their keys, as long as a key has one session only, which a row touches and the row's watermark has not
 * ended.
 *
 * @returns The next place: `count`, or that of a row of which that is not so.
 */
export function extendSessions(work: usize, from: i32, count: i32): i32 {
  const selection = <usize>load<u32>(work, SELECTION)
  const times = <usize>load<u32>(work, TIMES)
  const nulls = <usize>load<u32>(work, NULLS)
  const kinds = <usize>load<u32>(work, KINDS)
  const rowWatermarks = <usize>load<u32>(work, ROW_WATERMARKS)
  const keyIds = <usize>load<u32>(work, KEY_IDS)
  const keyDirectory = <usize>load<u32>(work, KEY_DIRECTORY)
  const keyLineBytes = load<u32>(work, KEY_LINE_BYTES)
  const directory = <usize>load<u32>(work, SESSION_DIRECTORY)
  const lineBytes = load<u32>(work, SESSION_LINE_BYTES)
  const rows = <usize>load<u32>(work, OUT_ROWS)
  const ids = <usize>load<u32>(work, OUT_IDS)
  const lines = <usize>load<u32>(work, OUT_LINES)
  const signs = <usize>load<u32>(work, OUT_SIGNS)
  const batchWatermark = load<i64>(work, BATCH_WATERMARK)
  const gap = load<i64>(work, GAP)
  let kept = <usize>load<u32>(work, OUT_COUNT)
  let i = from
  for (; i < count; i++) {
    const row = rowAt(selection, i)
    if (isNullAt(nulls, row)) break
    const session = load<u32>(lineAt(keyDirectory, keyLineBytes, load<u32>(keyIds + (<usize>i << 2))))
    if (session == 0) break
    const line = lineAt(directory, lineBytes, session - 1)
    const time = load<i64>(times + (<usize>row << 3))
    const start = load<i64>(line, 16)
    const end = load<i64>(line, 24)
    let watermark = batchWatermark
    if (rowWatermarks) watermark = max<i64>(watermark, load<i64>(rowWatermarks + (<usize>row << 3)))
    if (load<u32>(line, 8) != 0 || start > time + gap || end < time || end - 1 <= watermark) break
    if (time < start) store<i64>(line, time, 16)
    if (time + gap > end) store<i64>(line, time + gap, 24)
    let sign = 1
    if (kinds) {
      const kind = load<u8>(kinds + <usize>row)
      if (kind == 1 || kind == 3) sign = -1
    }
    store<f64>(line, load<f64>(line) + <f64>sign)
    store<u32>(rows + (kept << 2), row)
    store<u32>(ids + (kept << 2), session - 1)
    store<u32>(lines + (kept << 2), <u32>line)
    store<i8>(signs + kept, sign)
    kept++
  }
  store<u32>(work, kept, OUT_COUNT)
  return i
}
