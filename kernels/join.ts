import { isNullAt, rowAt } from './bytes'
import { groupList } from './row-store'

// The rows of a batch meet those that the other side of a join keeps: first pairs of an input row and a stored row, then the changes that these make.
//
// The context, u32s; those of the row at hand stay from call to call:
/** The selected row that comes next, and where in its list it goes on (0: it has not begun). */
const ROW = 0
const NEXT_LINE = 4
/** The row whose changes come next, its matches and changes so far. */
const CHANGED_ROW = 8
const MATCHES = 12
const CHANGES = 16
/** The lists of the other side, and the number of its list. */
const LISTS = 20
const LIST = 24
/** Of the batch: i32 group ids by selected row, selection, how many rows, kinds, places; the rows as they are stored, 0: they are not. */
const IDS = 28
const SELECTION = 32
const COUNT = 36
const KINDS = 40
const PLACES = 44
const OWN = 48
/** Pairs: i32 selected rows, i32 physical rows, u32 stored rows; a byte each for those that fulfil the condition, 0: all do. */
const PAIR_ROWS = 52
const PAIR_INPUTS = 56
const PAIR_LINES = 60
const MATCHED = 64
/** Changes: i32 physical rows, u32 stored rows, kinds, places, a byte each for those that show no input row. */
const OUT_INPUTS = 68
const OUT_LINES = 72
const OUT_KINDS = 76
const OUT_PLACES = 80
const OUT_ABSENT = 84
const ANY_ABSENT = 88
const FLAGS = 92

/** Rows of this side, of the other side, are shown without a match. */
const SHOWS_OWN: u32 = 1
const SHOWS_OTHER: u32 = 2
const SEMI: u32 = 4
const ANTI: u32 = 8
/** The batch is of the right side. */
const IS_RIGHT: u32 = 16
/** Rows without a match leave at once and not at the end. */
const STREAMING: u32 = 32
/** Only the number of matches decides, and all rows of a list match. */
const COUNTS: u32 = 64

const MARK = 12
const NEXT = 0
const PLACES_PER_ROW: u64 = 4096

const INSERT: u32 = 0
const DELETE: u32 = 3

/** Sets the group of rows to -1 whose column is NULL. */
export function dropNullKeys(nulls: usize, selection: usize, count: i32, ids: usize): i32 {
  let dropped = 0
  for (let i = 0; i < count; i++) {
    if (!isNullAt(nulls, rowAt(selection, i))) continue
    store<i32>(ids + (<usize>i << 2), -1)
    dropped++
  }
  return dropped
}

/** Collects up to `limit` pairs of at most `rowLimit` rows, and returns how many there are. */
export function joinPairs(context: usize, limit: i32, rowLimit: i32): i32 {
  const lists = <usize>load<u32>(context, LISTS)
  const list = load<i32>(context, LIST)
  const ids = <usize>load<u32>(context, IDS)
  const selection = <usize>load<u32>(context, SELECTION)
  const pairRows = <usize>load<u32>(context, PAIR_ROWS)
  const pairInputs = <usize>load<u32>(context, PAIR_INPUTS)
  const pairLines = <usize>load<u32>(context, PAIR_LINES)
  const skips = (load<u32>(context, FLAGS) & COUNTS) != 0
  let row = load<i32>(context, ROW)
  let line = <usize>load<u32>(context, NEXT_LINE)
  const end = <i32>min<i64>(<i64>row + rowLimit, load<i32>(context, COUNT))
  let pairs = 0
  for (; row < end; row++) {
    if (line == 0 && !skips) {
      const id = load<i32>(ids + (<usize>row << 2))
      if (id >= 0) line = <usize>load<u32>(groupList(lists, list, id))
    }
    if (line == 0) continue
    const input = rowAt(selection, row)
    do {
      if (pairs == limit) {
        store<i32>(context, row, ROW)
        store<u32>(context, <u32>line, NEXT_LINE)
        return pairs
      }
      const at = <usize>pairs << 2
      store<i32>(pairRows + at, row)
      store<i32>(pairInputs + at, input)
      store<u32>(pairLines + at, <u32>line)
      pairs++
      line = <usize>load<u32>(line, NEXT)
    } while (line)
  }
  store<i32>(context, row, ROW)
  store<u32>(context, 0, NEXT_LINE)
  return pairs
}

/** Gives pairs, which are the changes themselves, the kinds and places of their input rows. */
export function joinInner(context: usize, pairs: i32): void {
  const kinds = <usize>load<u32>(context, KINDS)
  const places = <usize>load<u32>(context, PLACES)
  const outKinds = <usize>load<u32>(context, OUT_KINDS)
  const outPlaces = <usize>load<u32>(context, OUT_PLACES)
  const pairInputs = <usize>load<u32>(context, PAIR_INPUTS)
  const pairRows = <usize>load<u32>(context, PAIR_ROWS)
  if (outKinds != 0 && kinds != 0) {
    for (let k = 0; k < pairs; k++) {
      store<u8>(outKinds + <usize>k, load<u8>(kinds + <usize>load<i32>(pairInputs + (<usize>k << 2))))
    }
  }
  if (outPlaces == 0) return
  let changes: u64 = load<u32>(context, CHANGES)
  let last = load<i32>(context, CHANGED_ROW)
  for (let k = 0; k < pairs; k++) {
    const at = <usize>k << 2
    const row = load<i32>(pairRows + at)
    if (row != last) {
      last = row
      changes = 0
    }
    const place: u64 = places ? load<u64>(places + (<usize>load<i32>(pairInputs + at) << 3)) : 0
    store<u64>(outPlaces + (<usize>k << 3), place * PLACES_PER_ROW + min<u64>(changes, PLACES_PER_ROW - 1))
    changes++
  }
  store<u32>(context, <u32>min<u64>(changes, PLACES_PER_ROW), CHANGES)
  store<i32>(context, last, CHANGED_ROW)
}

/** Writes change `out` and returns the number of the next one. A line 0 is a row of NULLs; `isAbsent`: the input row is not shown. */
// @ts-ignore: decorator
@inline
function emit(context: usize, out: i32, kind: u32, input: i32, line: usize, isAbsent: bool): i32 {
  const at = <usize>out
  store<i32>(<usize>load<u32>(context, OUT_INPUTS) + (at << 2), input)
  store<u32>(<usize>load<u32>(context, OUT_LINES) + (at << 2), <u32>line)
  store<u8>(<usize>load<u32>(context, OUT_ABSENT) + at, u8(isAbsent))
  if (isAbsent) store<u32>(context, 1, ANY_ABSENT)
  const kinds = <usize>load<u32>(context, OUT_KINDS)
  if (kinds) store<u8>(kinds + at, <u8>kind)
  const outPlaces = <usize>load<u32>(context, OUT_PLACES)
  if (outPlaces == 0) return out + 1
  const places = <usize>load<u32>(context, PLACES)
  const place: u64 = places ? load<u64>(places + (<usize>input << 3)) : 0
  const changes: u64 = load<u32>(context, CHANGES)
  store<u64>(outPlaces + (at << 3), place * PLACES_PER_ROW + min<u64>(changes, PLACES_PER_ROW - 1))
  store<u32>(context, <u32>changes + 1, CHANGES)
  return out + 1
}

/** Makes the changes of `pairs` pairs and of the rows that are complete: at most two a pair and one a row. Returns how many. */
export function joinChanges(context: usize, pairs: i32): i32 {
  const flags = load<u32>(context, FLAGS)
  const kinds = <usize>load<u32>(context, KINDS)
  const selection = <usize>load<u32>(context, SELECTION)
  const ids = <usize>load<u32>(context, IDS)
  const own = <usize>load<u32>(context, OWN)
  const pairRows = <usize>load<u32>(context, PAIR_ROWS)
  const pairLines = <usize>load<u32>(context, PAIR_LINES)
  const matched = <usize>load<u32>(context, MATCHED)
  const end = load<i32>(context, ROW)
  const isPartial = load<u32>(context, NEXT_LINE) != 0
  let matches = load<u32>(context, MATCHES)
  let row = load<i32>(context, CHANGED_ROW)
  let k = 0
  let out = 0
  store<u32>(context, 0, ANY_ABSENT)
  for (; row < end || (row == end && isPartial); row++) {
    const input = rowAt(selection, row)
    const kind: u32 = kinds ? load<u8>(kinds + <usize>input) : 0
    const isAdded = kind == INSERT || kind == 2
    for (; k < pairs && load<i32>(pairRows + (<usize>k << 2)) == row; k++) {
      if (matched != 0 && load<u8>(matched + <usize>k) == 0) continue
      const line = <usize>load<u32>(pairLines + (<usize>k << 2))
      const before = load<u32>(line, MARK)
      const after = isAdded ? before + 1 : before - 1
      store<u32>(line, after, MARK)
      matches++
      if (flags & (SEMI | ANTI)) {
        if ((flags & IS_RIGHT) == 0 || (isAdded ? before : after) != 0) continue
        if (flags & SEMI) out = emit(context, out, kind, input, line, true)
        else if (!isAdded) out = emit(context, out, INSERT, input, line, true)
        else if (flags & STREAMING) out = emit(context, out, DELETE, input, line, true)
        continue
      }
      if (isAdded) {
        if (before == 0 && (flags & (SHOWS_OTHER | STREAMING)) == (SHOWS_OTHER | STREAMING)) out = emit(context, out, DELETE, input, line, true)
        out = emit(context, out, flags & (SHOWS_OWN | SHOWS_OTHER) ? INSERT : kind, input, line, false)
      } else {
        out = emit(context, out, flags & SHOWS_OWN ? DELETE : kind, input, line, false)
        if (after == 0 && (flags & SHOWS_OTHER) != 0) out = emit(context, out, INSERT, input, line, true)
      }
    }
    if (row == end) break
    const id = load<i32>(ids + (<usize>row << 2))
    if (id != -2) {
      if (flags & COUNTS && id >= 0) {
        matches = load<u32>(groupList(<usize>load<u32>(context, LISTS), load<i32>(context, LIST), id), 4) & 0x7fffffff
      }
      const isFinal = (flags & STREAMING) == 0 && id != -1
      if (flags & (SEMI | ANTI)) {
        const isShown = flags & SEMI ? matches != 0 : matches == 0 && !isFinal
        if (isShown && (flags & IS_RIGHT) == 0) out = emit(context, out, kind, input, 0, false)
      } else if (matches == 0 && (flags & SHOWS_OWN) != 0 && !isFinal) out = emit(context, out, isAdded ? INSERT : DELETE, input, 0, false)
      if (isAdded && own != 0 && id >= 0) store<u32>(<usize>load<u32>(own + (<usize>row << 2)), matches, MARK)
    }
    matches = 0
    store<u32>(context, 0, CHANGES)
  }
  store<u32>(context, matches, MATCHES)
  store<i32>(context, row, CHANGED_ROW)
  return out
}

/** Sets a byte for each of `count` rows: whether it is among the `selected` ones. */
export function markSelected(selection: usize, selected: i32, count: i32, marks: usize): void {
  memory.fill(marks, selection ? 0 : 1, <usize>count)
  if (selection == 0) return
  for (let i = 0; i < selected; i++) store<u8>(marks + <usize>load<i32>(selection + (<usize>i << 2)), 1)
}

/** The mask of rows gathered from a column: where the row is absent or the column is NULL. */
export function gatherMask(nulls: usize, rows: usize, absent: usize, count: i32, target: usize): void {
  for (let i = 0; i < count; i++) {
    const at = <usize>i
    const isAbsent = absent != 0 && load<u8>(absent + at) != 0
    store<u8>(target + at, u8(isAbsent || isNullAt(nulls, load<i32>(rows + (at << 2)))))
  }
}

/** Writes the ids of a batch whose groups have no row in any of `width` lists to `out`; an id may be there more than once. Returns how many. */
export function emptyGroups(lists: usize, width: i32, ids: usize, count: i32, out: usize): i32 {
  let found = 0
  for (let i = 0; i < count; i++) {
    const id = load<i32>(ids + (<usize>i << 2))
    let rows: u32 = 0
    for (let list = 0; list < width; list++) rows |= load<u32>(groupList(lists, list, id))
    if (rows != 0) continue
    store<i32>(out + (<usize>found << 2), id)
    found++
  }
  return found
}
