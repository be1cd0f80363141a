import { copyRun, rowAt } from './bytes'
import { PREFIX, batchPrefixes, compareLines, prefixDecides } from './row-order'
import { groupList, linesEqual } from './row-store'
import { freeRun, takeRun } from './runs'

// Top-N: the rows of each group in order, and how those from rank `from` to rank `to` change. A group has u32 address of its rows (u32 room, u32 its own `to`, u32
// lines), u32 how many; where only the first row is kept, u32 the row itself.
//
// The context, u32s:
/** Candidates: how many are done, how many there are, their group ids, physical rows, lines; and the kinds of the batch. */
const ROW = 0
const COUNT = 4
const IDS = 8
const INPUTS = 12
const LINES = 16
const KINDS = 20
const ORDER = 24
const SCHEMA = 28
const LISTS = 32
const RUNS = 36
const FROM = 40
const TO = 44
const FLAGS = 48
/** Changes: lines, kinds, ranks (i64), physical rows of the input, numbers within one of them; room and how many there are. */
const OUT_LINES = 52
const OUT_KINDS = 56
const OUT_RANKS = 60
const OUT_INPUTS = 64
const OUT_NUMBERS = 68
const OUT_ROOM = 72
const OUT_COUNT = 76
/** Lines that are in no group any more, behind their number. */
const GONE = 80
/** Out: why a call stopped. */
const MISSING = 84
/** Prefixes of the rows at hand. */
const PREFIXES = 88

/** Out: how many changes there must be room for. */
const NEEDED = 92
/** i32 `to` of the group that a physical row begins; 0: all groups have the same. */
const ENDS = 96

const MISSING_ROOM: u32 = 1
const MISSING_PAGE: u32 = 2

/** Every rank tells its row, and not only who enters and who leaves. */
const SHOWS_PLACES: u32 = 1
const EMITS_UPDATE_BEFORE: u32 = 2
const RETRACTS: u32 = 4
/** Of rows that the order does not tell apart, the last one that came stands before the others. */
const LAST_FIRST: u32 = 8
/** Only the first row is kept. */
const IS_TOP_1: u32 = 16
/** A rank is shown, or there is one place only. */
const SHOWS_PLACES_OF_RETRACTION: u32 = 32
/** Changes are told to nobody. */
const IS_SILENT: u32 = 64

const INSERT: u32 = 0
const UPDATE_BEFORE: u32 = 1
const UPDATE_AFTER: u32 = 2
const DELETE: u32 = 3

const ROWS_HEADER = 8
const FIRST_ROOM: u32 = 4
/** Rows that are looked through one by one. */
const FEW_ROWS: u32 = 16

// @ts-ignore: decorator
@inline
function rowOf(rows: usize, i: u32): usize {
  return rows + ROWS_HEADER + (<usize>i << 2)
}

/**
 * Of the rows of places `from` to `from + count - 1` those that may come among the rows that are kept: where rows are only added, they are not behind the last row of a
 * full group. Writes their physical rows, ids and prefixes, and returns how many there are.
 */
export function rankCandidates(context: usize, selection: usize, ids: usize, from: i32, count: i32): i32 {
  const lists = <usize>load<u32>(context, LISTS)
  const order = <usize>load<u32>(context, ORDER)
  const to = load<u32>(context, TO)
  const flags = load<u32>(context, FLAGS)
  const prefixes = <usize>load<u32>(context, PREFIXES)
  const outIds = <usize>load<u32>(context, IDS)
  const outInputs = <usize>load<u32>(context, INPUTS)
  const ends = load<u32>(context, ENDS)
  const isTop1 = (flags & IS_TOP_1) != 0
  const canTie = (flags & LAST_FIRST) != 0
  let kept = 0
  batchPrefixes(order, selection, from, count, prefixes)
  for (let i = 0; i < count; i++) {
    const id = load<i32>(ids + (<usize>(from + i) << 2))
    const prefix = load<u64>(prefixes + (<usize>i << 3))
    if (!(flags & RETRACTS)) {
      const list = groupList(lists, 0, id)
      const rows = <usize>load<u32>(list)
      const end = ends != 0 && rows != 0 ? load<u32>(rows, 4) : to
      if (rows != 0 && load<u32>(list, 4) == end) {
        if (end == 0) continue
        const last = isTop1 ? rows : <usize>load<u32>(rowOf(rows, end - 1))
        const least = load<u64>(last, PREFIX)
        if (prefix > least || (prefix == least && !canTie && prefixDecides(order, prefix))) continue
      }
    }
    const at = <usize>kept << 2
    store<i32>(outIds + at, id)
    store<i32>(outInputs + at, rowAt(selection, from + i))
    store<u64>(prefixes + (<usize>kept << 3), prefix)
    kept++
  }
  return kept
}

/** Gives the lines of the candidates their prefixes. */
export function setPrefixes(prefixes: usize, lines: usize, count: i32): void {
  for (let i = 0; i < count; i++) store<u64>(<usize>load<u32>(lines + (<usize>i << 2)), load<u64>(prefixes + (<usize>i << 3)), PREFIX)
}

// The change at hand.
let out: u32 = 0
let number: u32 = 0

// @ts-ignore: decorator
@inline
function tell(context: usize, kind: u32, line: usize, rank: u32, input: i32): void {
  if (load<u32>(context, FLAGS) & IS_SILENT) return
  const at = <usize>out
  store<u32>(<usize>load<u32>(context, OUT_LINES) + (at << 2), <u32>line)
  store<u8>(<usize>load<u32>(context, OUT_KINDS) + at, <u8>kind)
  store<u64>(<usize>load<u32>(context, OUT_RANKS) + (at << 3), rank)
  store<i32>(<usize>load<u32>(context, OUT_INPUTS) + (at << 2), input)
  store<u32>(<usize>load<u32>(context, OUT_NUMBERS) + (at << 2), number)
  out++
  number++
}

function replace(context: usize, before: usize, after: usize, rank: u32, input: i32): void {
  if (after == 0) {
    if (before != 0) tell(context, DELETE, before, rank, input)
  } else if (before == 0) tell(context, INSERT, after, rank, input)
  else {
    if (load<u32>(context, FLAGS) & EMITS_UPDATE_BEFORE) tell(context, UPDATE_BEFORE, before, rank, input)
    tell(context, UPDATE_AFTER, after, rank, input)
  }
}

// @ts-ignore: decorator
@inline
function discard(gone: usize, line: usize): void {
  const count = load<u32>(gone - 4)
  store<u32>(gone + (<usize>count << 2), <u32>line)
  store<u32>(gone - 4, count + 1)
}

/**
 * Takes the candidates into their groups, or out of them, and makes the changes.
 *
 * @returns `count`, or the candidate that was not begun because there is no room for its changes (`NEEDED`) or no page.
 */
export function rankRows(context: usize): i32 {
  const count = load<i32>(context, COUNT)
  const flags = load<u32>(context, FLAGS)
  const order = <usize>load<u32>(context, ORDER)
  const lists = <usize>load<u32>(context, LISTS)
  const ids = <usize>load<u32>(context, IDS)
  const inputs = <usize>load<u32>(context, INPUTS)
  const lines = <usize>load<u32>(context, LINES)
  const kinds = <usize>load<u32>(context, KINDS)
  const gone = <usize>load<u32>(context, GONE)
  const room = load<u32>(context, OUT_ROOM)
  const sameEnd = load<u32>(context, TO)
  const ends = <usize>load<u32>(context, ENDS)
  out = load<u32>(context, OUT_COUNT)
  let i = load<i32>(context, ROW)
  store<u32>(context, 0, MISSING)
  for (; i < count; i++) {
    const at = <usize>i << 2
    const id = load<i32>(ids + at)
    const line = <usize>load<u32>(lines + at)
    const input = load<i32>(inputs + at)
    const list = groupList(lists, 0, id)
    const rows = <usize>load<u32>(list)
    const size = load<u32>(list, 4)
    const to = ends == 0 ? sameEnd : rows == 0 ? load<u32>(ends + (<usize>input << 2)) : load<u32>(rows, 4)
    const needed = flags & IS_SILENT ? 0 : 2 * (min(size, to) + 1)
    if (out + needed > room) {
      store<u32>(context, MISSING_ROOM, MISSING)
      store<u32>(context, needed, NEEDED)
      break
    }
    number = 0
    if (flags & IS_TOP_1) {
      if (rows == 0) {
        store<u32>(list, <u32>line)
        store<u32>(list, 1, 4)
        tell(context, INSERT, line, 1, input)
        continue
      }
      const compared = compareLines(order, line, rows)
      if (compared > 0 || (compared == 0 && !(flags & LAST_FIRST))) {
        discard(gone, line)
        continue
      }
      store<u32>(list, <u32>line)
      replace(context, rows, line, 1, input)
      discard(gone, rows)
      continue
    }
    const kind: u32 = kinds ? load<u8>(kinds + <usize>input) : INSERT
    if (kind == INSERT || kind == UPDATE_AFTER) {
      if (rows == 0 || size == load<u32>(rows)) {
        if (!growRows(context, list, size)) {
          store<u32>(context, MISSING_PAGE, MISSING)
          break
        }
        if (ends != 0) store<u32>(<usize>load<u32>(list), to, 4)
      }
      addRow(context, list, line, input, to)
    } else takeBack(context, list, line, input, to)
  }
  store<u32>(context, out, OUT_COUNT)
  store<i32>(context, i, ROW)
  return i
}

/** Says how many rows of a group without rows are ranked; 0: a page is missing, and nothing was done. */
export function setRankEnd(context: usize, id: i32, end: u32): bool {
  const list = groupList(<usize>load<u32>(context, LISTS), 0, id)
  if (!growRows(context, list, 0)) return false
  store<u32>(<usize>load<u32>(list), end, 4)
  return true
}

/** Rows that are only added are one more than have a rank at most. */
function growRows(context: usize, list: usize, size: u32): bool {
  const runs = <usize>load<u32>(context, RUNS)
  const doubled = size << 1
  const wanted = size == 0 ? FIRST_ROOM : load<u32>(context, FLAGS) & RETRACTS ? doubled : min(doubled, max(load<u32>(context, TO), size) + 1)
  const grown = takeRun(runs, ROWS_HEADER + (wanted << 2))
  if (grown == 0) return false
  const rows = <usize>load<u32>(list)
  store<u32>(grown, wanted)
  if (rows) {
    store<u32>(grown, load<u32>(rows, 4), 4)
    copyRun(grown + ROWS_HEADER, rows + ROWS_HEADER, <usize>size << 2)
    freeRun(runs, rows, ROWS_HEADER + (size << 2))
  }
  store<u32>(list, <u32>grown)
  return true
}

/** Forgets a group: its rows, which are no more than there is room for, are gone. */
export function dropRanked(context: usize, id: i32): void {
  const list = groupList(<usize>load<u32>(context, LISTS), 0, id)
  const rows = <usize>load<u32>(list)
  const size = load<u32>(list, 4)
  const gone = <usize>load<u32>(context, GONE)
  if (load<u32>(context, FLAGS) & IS_TOP_1) {
    if (rows) discard(gone, rows)
  } else if (rows) {
    for (let i: u32 = 0; i < size; i++) discard(gone, <usize>load<u32>(rowOf(rows, i)))
    freeRun(<usize>load<u32>(context, RUNS), rows, ROWS_HEADER + (load<u32>(rows) << 2))
  }
  store<u64>(list, 0)
}

/**
 * Keeps the last row of each group and makes the changes, at most two a row, for which there is room: a row that is not as the one before takes its place, one
 * that is taken back leaves none.
 */
export function upsertRows(context: usize): void {
  const count = load<i32>(context, COUNT)
  const schema = <usize>load<u32>(context, SCHEMA)
  const lists = <usize>load<u32>(context, LISTS)
  const ids = <usize>load<u32>(context, IDS)
  const inputs = <usize>load<u32>(context, INPUTS)
  const lines = <usize>load<u32>(context, LINES)
  const kinds = <usize>load<u32>(context, KINDS)
  const gone = <usize>load<u32>(context, GONE)
  out = 0
  for (let i = 0; i < count; i++) {
    const at = <usize>i << 2
    const line = <usize>load<u32>(lines + at)
    const input = inputs ? load<i32>(inputs + at) : i
    const list = groupList(lists, 0, load<i32>(ids + at))
    const before = <usize>load<u32>(list)
    const kind: u32 = kinds ? load<u8>(kinds + <usize>input) : INSERT
    number = 0
    if (kind != INSERT && kind != UPDATE_AFTER) {
      discard(gone, line)
      if (before == 0) continue
      tell(context, DELETE, before, 1, input)
      store<u64>(list, 0)
      discard(gone, before)
    } else if (before != 0 && linesEqual(schema, before, line)) discard(gone, line)
    else {
      replace(context, before, line, 1, input)
      store<u32>(list, <u32>line)
      store<u32>(list, 1, 4)
      if (before != 0) discard(gone, before)
    }
  }
  store<u32>(context, out, OUT_COUNT)
}

/** Puts a row behind all others of a group; 0: a page is missing, and nothing was done. */
export function appendRanked(context: usize, id: i32, line: usize): bool {
  const list = groupList(<usize>load<u32>(context, LISTS), 0, id)
  const size = load<u32>(list, 4)
  if (load<u32>(context, FLAGS) & IS_TOP_1) store<u32>(list, <u32>line)
  else {
    if (load<u32>(list) == 0 || size == load<u32>(<usize>load<u32>(list))) {
      if (!growRows(context, list, size)) return false
    }
    store<u32>(rowOf(<usize>load<u32>(list), size), <u32>line)
  }
  store<u32>(list, size + 1, 4)
  return true
}

/** Where rows like `line` begin in a group, or (`behind`) end. */
function search(order: usize, rows: usize, size: u32, line: usize, behind: bool): u32 {
  const prefix = load<u64>(line, PREFIX)
  if (size <= FEW_ROWS && prefixDecides(order, prefix)) {
    // Counting all asks no question whose answer chance decides.
    const least = prefix + u64(behind)
    let before: u32 = 0
    for (let i: u32 = 0; i < size; i++) before += u32(load<u64>(<usize>load<u32>(rowOf(rows, i)), PREFIX) < least)
    return before
  }
  const limit = behind ? 0 : -1
  let low: u32 = 0
  let high = size
  // Many rows of a full Top-N stand behind the last one.
  if (high > 0 && compareLines(order, <usize>load<u32>(rowOf(rows, high - 1)), line) <= limit) return high
  while (low < high) {
    const middle = (low + high) >> 1
    if (compareLines(order, <usize>load<u32>(rowOf(rows, middle)), line) <= limit) low = middle + 1
    else high = middle
  }
  return low
}

/** Moves rows from `position` on by one place: mostly few, for which `memory.copy` is a slow call. */
// @ts-ignore: decorator
@inline
function makePlace(rows: usize, position: u32, size: u32): void {
  if (size - position > FEW_ROWS) memory.copy(rowOf(rows, position + 1), rowOf(rows, position), <usize>(size - position) << 2)
  else for (let i = size; i > position; i--) store<u32>(rowOf(rows, i), load<u32>(rowOf(rows, i - 1)))
}

function addRow(context: usize, list: usize, line: usize, input: i32, to: u32): void {
  const flags = load<u32>(context, FLAGS)
  const gone = <usize>load<u32>(context, GONE)
  const from = load<u32>(context, FROM)
  const rows = <usize>load<u32>(list)
  let size = load<u32>(list, 4)
  const position = search(<usize>load<u32>(context, ORDER), rows, size, line, !(flags & LAST_FIRST))
  if (!(flags & RETRACTS) && position >= to) {
    discard(gone, line)
    return
  }
  makePlace(rows, position, size)
  store<u32>(rowOf(rows, position), <u32>line)
  size++
  if (flags & SHOWS_PLACES) {
    if (!(flags & IS_SILENT)) tellShift(context, rows, size, max(position, from - 1), min(to, size), input)
  } else if (position < to) {
    if (size > to) tell(context, DELETE, <usize>load<u32>(rowOf(rows, to)), 0, input)
    tell(context, INSERT, line, 0, input)
  }
  if (!(flags & RETRACTS) && size > to) {
    size--
    discard(gone, <usize>load<u32>(rowOf(rows, size)))
  }
  store<u32>(list, size, 4)
}

/** From the place of a new row on, `position` to `end - 1`, each place has the row that stood before it. Most changes of a Top-N are told here. */
function tellShift(context: usize, rows: usize, size: u32, position: u32, end: u32, input: i32): void {
  if (position >= end) return
  const first = <usize>out
  const lines = <usize>load<u32>(context, OUT_LINES)
  const kinds = <usize>load<u32>(context, OUT_KINDS)
  const ranks = <usize>load<u32>(context, OUT_RANKS)
  const emitsBefore = (load<u32>(context, FLAGS) & EMITS_UPDATE_BEFORE) != 0
  // The last place of all had no row.
  const replaced = min(end, size - 1)
  let at = first
  for (let i = position; i < replaced; i++) {
    const after = rowOf(rows, i)
    if (emitsBefore) {
      store<u32>(lines + (at << 2), load<u32>(after, 4))
      store<u8>(kinds + at, <u8>UPDATE_BEFORE)
      store<u64>(ranks + (at << 3), i + 1)
      at++
    }
    store<u32>(lines + (at << 2), load<u32>(after))
    store<u8>(kinds + at, <u8>UPDATE_AFTER)
    store<u64>(ranks + (at << 3), i + 1)
    at++
  }
  if (replaced < end) {
    store<u32>(lines + (at << 2), load<u32>(rowOf(rows, replaced)))
    store<u8>(kinds + at, <u8>INSERT)
    store<u64>(ranks + (at << 3), replaced + 1)
    at++
  }
  const inputs = <usize>load<u32>(context, OUT_INPUTS)
  const numbers = <usize>load<u32>(context, OUT_NUMBERS)
  for (let i = first; i < at; i++) {
    store<i32>(inputs + (i << 2), input)
    store<u32>(numbers + (i << 2), number++)
  }
  out = <u32>at
}

function takeBack(context: usize, list: usize, line: usize, input: i32, to: u32): void {
  const order = <usize>load<u32>(context, ORDER)
  const schema = <usize>load<u32>(context, SCHEMA)
  const gone = <usize>load<u32>(context, GONE)
  const from = load<u32>(context, FROM)
  const rows = <usize>load<u32>(list)
  let size = load<u32>(list, 4)
  discard(gone, line)
  let position: u32 = rows == 0 ? 0 : search(order, rows, size, line, false)
  let found: usize = 0
  for (; position < size; position++) {
    const known = <usize>load<u32>(rowOf(rows, position))
    if (linesEqual(schema, known, line)) {
      found = known
      break
    }
    if (compareLines(order, known, line) != 0) return
  }
  if (found == 0) return
  size--
  memory.copy(rowOf(rows, position), rowOf(rows, position + 1), <usize>(size - position) << 2)
  store<u32>(list, size, 4)
  discard(gone, found)
  if (position < to) {
    if (load<u32>(context, FLAGS) & SHOWS_PLACES_OF_RETRACTION) {
      const end = min(to, size + 1)
      for (let i = max(position, from - 1); i < end; i++) {
        replace(
          context,
          i == position ? found : <usize>load<u32>(rowOf(rows, i - 1)),
          i < size ? <usize>load<u32>(rowOf(rows, i)) : 0,
          i + 1,
          input,
        )
      }
    } else {
      // Above the first place that is shown a row is gone, so the one there moves out of sight.
      const left = position + 1 >= from ? found : from - 2 < size ? <usize>load<u32>(rowOf(rows, from - 2)) : 0
      if (left != 0) {
        tell(context, DELETE, left, 0, input)
        if (to - 1 < size) tell(context, INSERT, <usize>load<u32>(rowOf(rows, to - 1)), 0, input)
      }
    }
  }
  if (size > 0) return
  freeRun(<usize>load<u32>(context, RUNS), rows, ROWS_HEADER + (load<u32>(rows) << 2))
  store<u32>(list, 0)
}

/** The places of changes: those of the input rows that caused them, and their numbers within one. */
export function changePlaces(places: usize, inputs: usize, numbers: usize, count: i32, width: u64, target: usize): void {
  for (let i = 0; i < count; i++) {
    const place = load<u64>(places + (<usize>load<i32>(inputs + (<usize>i << 2)) << 3))
    store<u64>(target + (<usize>i << 3), place * width + <u64>load<u32>(numbers + (<usize>i << 2)))
  }
}
