import { equalRuns, rowAt } from './bytes'

// Groups of keyed state: their lines, and how the rows of a batch touch them.
//
//   directory -> pages of 1024 lines; a line begins with
//     f64 rows of the group, u32 number of the run that touched it last, u32 unused
//
// A run is one batch, or a part of one, whose changes leave together.
const RUN = 8

const PAGE_SHIFT: u32 = 10

// @ts-ignore: decorator
@inline
export function lineAt(directory: usize, lineBytes: u32, id: u32): usize {
  const page = <usize>load<u32>(directory + (<usize>(id >> PAGE_SHIFT) << 2))
  return page + <usize>((id & ((1 << PAGE_SHIFT) - 1)) * lineBytes)
}

/** The addresses of the lines of groups, as u32s. */
export function lineAddresses(directory: usize, lineBytes: u32, ids: usize, count: i32, lines: usize): void {
  for (let i: usize = 0; i < <usize>count; i++) store<u32>(lines + (i << 2), lineAt(directory, lineBytes, load<u32>(ids + (i << 2))))
}

/** Fills the lines of groups with zeros. */
export function clearLines(directory: usize, lineBytes: u32, ids: usize, count: i32): void {
  for (let i: usize = 0; i < <usize>count; i++) {
    let at = lineAt(directory, lineBytes, load<u32>(ids + (i << 2)))
    for (const end = at + <usize>lineBytes; at < end; at += 8) store<u64>(at, 0)
  }
}

// What `touchGroups` works on, u32s.
const SELECTION = 0
const IDS = 4
const KINDS = 8
const DIRECTORY = 12
const LINE_BYTES = 16
const RUN_NUMBER = 20
/** Out: the rows that count, with their groups, from place 0 on in each call. */
const ROWS = 24
const ROW_IDS = 28
const ROW_LINES = 32
const ROW_SIGNS = 36
/** Out, over all calls of a run: the groups by order of first touch, the last row before which each was as it had been, whether it had a row. */
const TOUCHED_IDS = 40
const TOUCHED_LINES = 44
const TOUCHED_ROWS = 48
const HAD_ROW = 52
const TOUCHED_COUNT = 56
const ROW_COUNT = 60
/** 1: groups may have fewer rows than none, and nothing stops at zero. */
const IS_OPEN = 64

/**
 * Counts the rows of places `from` to `count - 1` in their groups.
 *
 * @returns The next place: `count`, or the one behind a row with which the last row of its group was taken back: the last of the rows that were given out. A row
 * that is taken back from a group without rows is left out.
 */
export function touchGroups(work: usize, from: i32, count: i32): i32 {
  const selection = <usize>load<u32>(work, SELECTION)
  const ids = <usize>load<u32>(work, IDS)
  const kinds = <usize>load<u32>(work, KINDS)
  const directory = <usize>load<u32>(work, DIRECTORY)
  const lineBytes = load<u32>(work, LINE_BYTES)
  const run = load<u32>(work, RUN_NUMBER)
  const rows = <usize>load<u32>(work, ROWS)
  const rowIds = <usize>load<u32>(work, ROW_IDS)
  const rowLines = <usize>load<u32>(work, ROW_LINES)
  const rowSigns = <usize>load<u32>(work, ROW_SIGNS)
  const isOpen = load<u32>(work, IS_OPEN) != 0
  let touched = <usize>load<u32>(work, TOUCHED_COUNT)
  let kept: usize = 0
  let i = from
  for (; i < count; i++) {
    const row = rowAt(selection, i)
    const id = load<u32>(ids + (<usize>i << 2))
    const line = lineAt(directory, lineBytes, id)
    const before = load<f64>(line)
    if (load<u32>(line, RUN) != run) {
      store<u32>(line, run, RUN)
      store<u32>(<usize>load<u32>(work, TOUCHED_IDS) + (touched << 2), id)
      store<u32>(<usize>load<u32>(work, TOUCHED_LINES) + (touched << 2), line)
      store<u32>(<usize>load<u32>(work, TOUCHED_ROWS) + (touched << 2), row)
      store<u8>(<usize>load<u32>(work, HAD_ROW) + touched, u8(before != 0))
      touched++
    }
    let sign = 1
    if (kinds) {
      const kind = load<u8>(kinds + <usize>row)
      if (kind == 1 || kind == 3) sign = -1
    }
    if (sign < 0 && before == 0 && !isOpen) continue
    store<u32>(rows + (kept << 2), row)
    store<u32>(rowIds + (kept << 2), id)
    store<u32>(rowLines + (kept << 2), line)
    store<i8>(rowSigns + kept, sign)
    kept++
    const after = before + <f64>sign
    store<f64>(line, after)
    if (after == 0 && !isOpen) {
      i++
      break
    }
  }
  store<u32>(work, touched, TOUCHED_COUNT)
  store<u32>(work, kept, ROW_COUNT)
  return i
}

/** Marks the entries, from `from` on, for which rows `2k` and `2k + 1` of a column differ; NULL is like NULL. */
export function markChangedCells(cells: usize, nulls: usize, shift: i32, from: i32, entries: i32, changed: usize): void {
  for (let k: usize = from; k < <usize>entries; k++) {
    if (nulls != 0) {
      const isNull = load<u8>(nulls + k * 2)
      if (isNull != load<u8>(nulls + k * 2, 1)) {
        store<u8>(changed + k, 1)
        continue
      }
      if (isNull) continue
    }
    let differs: bool
    const at = cells + ((k * 2) << shift)
    switch (shift) {
      case 0:
        differs = load<u8>(at) != load<u8>(at, 1)
        break
      case 1:
        differs = load<u16>(at) != load<u16>(at, 2)
        break
      case 2:
        differs = load<u32>(at) != load<u32>(at, 4)
        break
      case 3:
        differs = load<u64>(at) != load<u64>(at, 8)
        break
      default:
        differs = load<u64>(at) != load<u64>(at, 16) || load<u64>(at, 8) != load<u64>(at, 24)
    }
    store<u8>(changed + k, load<u8>(changed + k) | u8(differs))
  }
}

/** The same for texts. */
export function markChangedTexts(cells: usize, nulls: usize, from: i32, entries: i32, changed: usize): void {
  for (let k: usize = from; k < <usize>entries; k++) {
    const isNullA = nulls != 0 && load<u8>(nulls + k * 2) != 0
    const isNullB = nulls != 0 && load<u8>(nulls + k * 2, 1) != 0
    if (isNullA && isNullB) continue
    const cell = cells + (k << 4)
    const length = load<u32>(cell, 4)
    if (isNullA != isNullB || length != load<u32>(cell, 12) || !equalRuns(<usize>load<u32>(cell), <usize>load<u32>(cell, 8), length)) {
      store<u8>(changed + k, 1)
    }
  }
}

// Row kinds.
const INSERT: u8 = 0
const UPDATE_BEFORE: u8 = 1
const UPDATE_AFTER: u8 = 2
const DELETE: u8 = 3

/**
 * Selects the rows that tell how each touched group, from `from` on, has changed, and gives them kinds: rows `2k` and `2k + 1` are what group k was and what it is.
 *
 * @param selectedBefore How many rows are selected already.
 * @param emptied Receives the entries whose groups have no rows any more: how many, then their numbers; added to those that are there.
 * @returns How many rows are selected.
 */
export function selectChanges(
  lines: usize,
  hadRow: usize,
  changed: usize,
  from: i32,
  entries: i32,
  emitsBefore: bool,
  kinds: usize,
  selection: usize,
  selectedBefore: i32,
  emptied: usize,
): i32 {
  let selected: usize = selectedBefore
  let gone = <usize>load<u32>(emptied)
  for (let k: usize = from; k < <usize>entries; k++) {
    const had = load<u8>(hadRow + k) != 0
    const before = k * 2
    if (load<f64>(<usize>load<u32>(lines + (k << 2))) == 0) {
      gone++
      store<u32>(emptied + (gone << 2), k)
      if (!had) continue
      store<u8>(kinds + before, DELETE)
      store<u32>(selection + (selected++ << 2), before)
    } else if (!had) {
      store<u8>(kinds + before, INSERT, 1)
      store<u32>(selection + (selected++ << 2), before + 1)
    } else if (load<u8>(changed + k)) {
      if (emitsBefore) {
        store<u8>(kinds + before, UPDATE_BEFORE)
        store<u32>(selection + (selected++ << 2), before)
      }
      store<u8>(kinds + before, UPDATE_AFTER, 1)
      store<u32>(selection + (selected++ << 2), before + 1)
    }
  }
  store<u32>(emptied, gone)
  return <i32>selected
}

/** Gives the rows that were made from one entry, `perEntry` of them, the word of the entry's row times `factor`; with a factor above 1 they count up. */
export function spreadWords(source: usize, rows: usize, entries: i32, perEntry: i32, factor: i32, target: usize): void {
  for (let k = 0; k < entries; k++) {
    const row = rows ? load<u32>(rows + (<usize>k << 2)) : k
    const word = load<i64>(source + (<usize>row << 3)) * <i64>factor
    for (let j = 0; j < perEntry; j++, target += 8) store<i64>(target, factor > 1 ? word + j : word)
  }
}

/** Keeps the rows for which a BOOLEAN column is TRUE, or, where `cells` is 0, those that `nulls` does not mark. Returns how many. */
export function filterRows(
  cells: usize,
  nulls: usize,
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
  for (let i: usize = 0; i < <usize>count; i++) {
    const row = <usize>load<u32>(rows + (i << 2))
    store<u32>(keptRows + (kept << 2), row)
    store<u32>(keptIds + (kept << 2), load<u32>(ids + (i << 2)))
    store<u32>(keptLines + (kept << 2), load<u32>(lines + (i << 2)))
    store<u8>(keptSigns + kept, load<u8>(signs + i))
    const isIn = cells == 0 || load<u8>(cells + row) != 0
    const isNull = nulls != 0 && load<u8>(nulls + row) != 0
    kept += usize(isIn && !isNull)
  }
  return <i32>kept
}
