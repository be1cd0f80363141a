import { isNullAt, rowAt } from './bytes'
import { lineAt } from './groups'
import { groupList } from './row-store'

// Whether rows of the left side find a right one: TRUE, FALSE or UNKNOWN, kept up to date while rows of both sides come and go.
//
// Rows of a group that compare the same values are a bucket; an open one has a NULL among them, so its rows may be UNKNOWN to any others. Each group chains its buckets:
//
//   group  := u32 right rows, u32 those in open buckets, u32 first and last open bucket, u32 first and last closed one, u32 whether it is listed as empty
//   bucket := u32 right rows (of a closed one), u32 group, u32 next, u32 previous, u32 whether it is open, u32 whether it is listed as empty
//
// where a group or bucket is named by its id and 1, 0 is none. Without values to compare each group is its own bucket, and there are no lines of buckets.
//
// Marks are COUNTED where how many right rows a bucket and its group have tells all: then a right row changes answers only where the first comes or the last goes. Else each
// left row keeps how many right rows are TRUE to it (its mark) and how many UNKNOWN, and pairs of rows are asked one by one.
const RIGHT = 0
const OPEN_RIGHT = 4
const FIRST_OPEN = 8
const FIRST_CLOSED = 16
const GROUP_LISTED = 24
const GROUP_BYTES: u32 = 32
const GROUP = 4
const NEXT_BUCKET = 8
const PREVIOUS_BUCKET = 12
const IS_OPEN = 16
const BUCKET_LISTED = 20
const BUCKET_BYTES: u32 = 24

// The context, u32s; those of the row at hand stay from call to call.
/** The selected row that meets the other side next, and whether that has begun. */
const ROW = 0
const HAS_BEGUN = 4
/** Which lists are left to be walked, the next bucket of a chain, the next line. */
const STAGES = 8
const BUCKET = 12
const LINE = 16
/** Counted: how the answers of a bucket of its own change, and those of the list at hand. */
const OWN_CHANGE = 20
const CHANGE = 24
/** The row whose changes were made last, and how many these are. */
const CHANGED_ROW = 28
const CHANGES = 32
/** Lists of rows by bucket, and the number of the other side's. */
const LISTS = 36
const LIST = 40
/** Of the batch: i32 group and bucket ids (-1: the row's key matches nothing, -2: it was never there) by selected row, a byte each whether the bucket is open (0: none is), selection, how many rows, kinds, places; the rows as stored. */
const IDS = 44
const BUCKETS = 48
const OPENS = 52
const SELECTION = 56
const COUNT = 60
const KINDS = 64
const PLACES = 68
const OWN = 72
/** Directories of the lines of groups and of buckets (0: none have any). */
const GROUP_LINES = 76
const BUCKET_LINES = 80
/** Pairs: i32 selected rows, i32 physical rows, u32 stored rows, a byte each: how answers change (counted), else the answer. */
const PAIR_ROWS = 84
const PAIR_INPUTS = 88
const PAIR_LINES = 92
const PAIR_ANSWERS = 96
/** Changes: u32 stored rows, kinds, places; the cells of the mark and its NULLs. */
const OUT_LINES = 100
const OUT_KINDS = 104
const OUT_PLACES = 108
const OUT_MARKS = 112
const OUT_NULLS = 116
const OUT_SELECTION = 120
const FLAGS = 124
/** Where a left row counts those that are UNKNOWN to it. */
const UNKNOWNS = 128
/** The bucket whose list is at hand. */
const LISTED_BUCKET = 132

const IS_RIGHT: u32 = 1
const IS_COUNTED: u32 = 2
const STREAMING: u32 = 4

const OWN_BUCKET: u32 = 1
const OPEN_BUCKETS: u32 = 2
const CLOSED_BUCKETS: u32 = 4
const IN_CHAIN: u32 = 8
/** Buckets with right rows are left out. */
const WITHOUT_RIGHT: u32 = 16

const FALSE: u32 = 0
const TRUE: u32 = 1
const UNKNOWN: u32 = 2

const NEXT = 0
const MARK = 12
const PLACES_PER_ROW: u64 = 4096
const INSERT: u32 = 0
const UPDATE_BEFORE: u32 = 1
const UPDATE_AFTER: u32 = 2

// @ts-ignore: decorator
@inline
function groupAt(context: usize, id: i32): usize {
  return lineAt(<usize>load<u32>(context, GROUP_LINES), GROUP_BYTES, <u32>id)
}

// @ts-ignore: decorator
@inline
function bucketAt(context: usize, id: i32): usize {
  return lineAt(<usize>load<u32>(context, BUCKET_LINES), BUCKET_BYTES, <u32>id)
}

// @ts-ignore: decorator
@inline
function kindAt(context: usize, row: i32): u32 {
  const kinds = <usize>load<u32>(context, KINDS)
  return kinds ? <u32>load<u8>(kinds + <usize>rowAt(<usize>load<u32>(context, SELECTION), row)) : INSERT
}

// @ts-ignore: decorator
@inline
function adds(kind: u32): bool {
  return kind == INSERT || kind == UPDATE_AFTER
}

// @ts-ignore: decorator
@inline
function isOpenAt(context: usize, row: i32): bool {
  const opens = <usize>load<u32>(context, OPENS)
  return opens != 0 && load<u8>(opens + <usize>row) != 0
}

/** Sets the byte of each selected row whose column is NULL. */
export function markNulls(nulls: usize, selection: usize, count: i32, marks: usize): void {
  for (let i = 0; i < count; i++) if (isNullAt(nulls, rowAt(selection, i))) store<u8>(marks + <usize>i, 1)
}

/** Puts the buckets of a batch's rows into the chains of their groups. */
export function chainBuckets(context: usize): void {
  const ids = <usize>load<u32>(context, IDS)
  const buckets = <usize>load<u32>(context, BUCKETS)
  const count = load<i32>(context, COUNT)
  for (let i = 0; i < count; i++) {
    const bucket = load<i32>(buckets + (<usize>i << 2))
    if (bucket < 0) continue
    const line = bucketAt(context, bucket)
    if (load<u32>(line, GROUP) != 0) continue
    const id = load<i32>(ids + (<usize>i << 2))
    const isOpen = isOpenAt(context, i)
    store<u32>(line, <u32>id + 1, GROUP)
    store<u32>(line, u32(isOpen), IS_OPEN)
    const chain = groupAt(context, id) + (isOpen ? FIRST_OPEN : FIRST_CLOSED)
    const last = load<u32>(chain, 4)
    store<u32>(line, last, PREVIOUS_BUCKET)
    if (last) store<u32>(bucketAt(context, last - 1), bucket + 1, NEXT_BUCKET)
    else store<u32>(chain, bucket + 1)
    store<u32>(chain, bucket + 1, 4)
  }
}

/**
 * Takes those of `count` buckets, i32s at `buckets`, that have no row out of their chains and writes their ids to `out`, each once. Returns how many. Without lines of
 * buckets: does so for groups.
 */
export function takeEmptyBuckets(context: usize, buckets: usize, count: i32, out: usize): i32 {
  const lists = <usize>load<u32>(context, LISTS)
  const hasBuckets = load<u32>(context, BUCKET_LINES) != 0
  let found = 0
  for (let i = 0; i < count; i++) {
    const bucket = load<i32>(buckets + (<usize>i << 2))
    if ((load<u32>(groupList(lists, 0, bucket)) | load<u32>(groupList(lists, 1, bucket))) != 0) continue
    const line = hasBuckets ? bucketAt(context, bucket) : groupAt(context, bucket)
    const listed = hasBuckets ? BUCKET_LISTED : GROUP_LISTED
    if (load<u32>(line + listed) != 0) continue
    store<u32>(line + listed, 1)
    store<i32>(out + (<usize>found << 2), bucket)
    found++
    if (!hasBuckets || load<u32>(line, GROUP) == 0) continue
    const next = load<u32>(line, NEXT_BUCKET)
    const previous = load<u32>(line, PREVIOUS_BUCKET)
    const chain = groupAt(context, load<u32>(line, GROUP) - 1) + (load<u32>(line, IS_OPEN) ? FIRST_OPEN : FIRST_CLOSED)
    if (previous) store<u32>(bucketAt(context, previous - 1), next, NEXT_BUCKET)
    else store<u32>(chain, next)
    if (next) store<u32>(bucketAt(context, next - 1), previous, PREVIOUS_BUCKET)
    else store<u32>(chain, previous, 4)
  }
  return found
}

/** Writes those of `count` groups, i32s at `ids`, that have no bucket to `out`, each once. Returns how many. */
export function takeEmptyGroups(context: usize, ids: usize, count: i32, out: usize): i32 {
  let found = 0
  for (let i = 0; i < count; i++) {
    const id = load<i32>(ids + (<usize>i << 2))
    const line = groupAt(context, id)
    if ((load<u32>(line, FIRST_OPEN) | load<u32>(line, FIRST_CLOSED) | load<u32>(line, GROUP_LISTED)) != 0) continue
    store<u32>(line, 1, GROUP_LISTED)
    store<i32>(out + (<usize>found << 2), id)
    found++
  }
  return found
}

/** The next bucket of a group, in the order in which they are walked, behind `bucket` (0: the first); named by its id and 1, 0: none. */
export function nextBucket(context: usize, id: i32, bucket: u32): u32 {
  const group = groupAt(context, id)
  if (bucket == 0) return load<u32>(group, FIRST_OPEN) || load<u32>(group, FIRST_CLOSED)
  const line = bucketAt(context, bucket - 1)
  const next = load<u32>(line, NEXT_BUCKET)
  if (next != 0 || load<u32>(line, IS_OPEN) == 0) return next
  return load<u32>(group, FIRST_CLOSED)
}

/** Whether rows of a bucket have a NULL among what they compare. */
export function isOpenBucket(context: usize, bucket: i32): i32 {
  return load<i32>(bucketAt(context, bucket), IS_OPEN)
}

/** Adds to the right rows of a bucket and its group, which come from a snapshot. */
export function countRight(context: usize, id: i32, bucket: i32, count: u32): void {
  const group = groupAt(context, id)
  store<u32>(group, load<u32>(group, RIGHT) + count, RIGHT)
  if (load<u32>(context, BUCKET_LINES) == 0) return
  const line = bucketAt(context, bucket)
  if (load<u32>(line, IS_OPEN)) store<u32>(group, load<u32>(group, OPEN_RIGHT) + count, OPEN_RIGHT)
  else store<u32>(line, load<u32>(line, RIGHT) + count, RIGHT)
}

/** What rows of a bucket are told by counts alone. */
function countedMark(context: usize, id: i32, bucket: i32): u32 {
  const group = groupAt(context, id)
  if (load<u32>(context, BUCKET_LINES) == 0) return u32(load<u32>(group, RIGHT) != 0)
  const line = bucketAt(context, bucket)
  if (load<u32>(line, IS_OPEN)) return load<u32>(group, RIGHT) ? UNKNOWN : FALSE
  if (load<u32>(line, RIGHT)) return TRUE
  return load<u32>(group, OPEN_RIGHT) ? UNKNOWN : FALSE
}

// @ts-ignore: decorator
@inline
function markOf(line: usize, unknowns: usize): u32 {
  if (load<u32>(line, MARK)) return TRUE
  return load<u32>(line + unknowns) ? UNKNOWN : FALSE
}

// @ts-ignore: decorator
@inline
function changeOf(from: u32, to: u32, isAdded: bool): u32 {
  return isAdded ? from | (to << 2) : to | (from << 2)
}

/** Whether a number of rows has become, or was, 0; changes it. */
// @ts-ignore: decorator
@inline
function turns(at: usize, isAdded: bool): bool {
  const before = load<u32>(at)
  store<u32>(at, isAdded ? before + 1 : before - 1)
  return before == (isAdded ? 0 : 1)
}

/** Says which lists of the other side a row meets; counts a right row. */
function begin(context: usize, row: i32): void {
  store<u32>(context, 0, LINE)
  store<u32>(context, 0, STAGES)
  store<u32>(context, 1, HAS_BEGUN)
  const bucket = load<i32>(<usize>load<u32>(context, BUCKETS) + (<usize>row << 2))
  if (bucket < 0) return
  const flags = load<u32>(context, FLAGS)
  const isAdded = adds(kindAt(context, row))
  const hasBuckets = load<u32>(context, BUCKET_LINES) != 0
  const isOpen = isOpenAt(context, row)
  let stages: u32 = 0
  if (!(flags & IS_COUNTED)) {
    // A left row that goes takes its counts along.
    if (flags & IS_RIGHT || isAdded) stages = !hasBuckets ? OWN_BUCKET : isOpen ? OPEN_BUCKETS | CLOSED_BUCKETS : OWN_BUCKET | OPEN_BUCKETS
    store<u32>(context, stages, STAGES)
    return
  }
  const group = groupAt(context, load<i32>(<usize>load<u32>(context, IDS) + (<usize>row << 2)))
  if (turns(group + RIGHT, isAdded)) stages = hasBuckets ? OPEN_BUCKETS : OWN_BUCKET
  let from = FALSE
  if (hasBuckets) {
    if (isOpen) {
      if (turns(group + OPEN_RIGHT, isAdded)) stages |= CLOSED_BUCKETS | WITHOUT_RIGHT
    } else if (turns(bucketAt(context, bucket) + RIGHT, isAdded)) {
      stages |= OWN_BUCKET
      if (load<u32>(group, OPEN_RIGHT)) from = UNKNOWN
    }
  }
  if (!(flags & STREAMING)) return
  store<u32>(context, changeOf(from, TRUE, isAdded), OWN_CHANGE)
  store<u32>(context, stages, STAGES)
}

/** The first line of the next list that is not empty, of the group and bucket of a row; 0: there is none. */
function nextList(context: usize, id: i32, own: u32, list: i32): usize {
  const lists = <usize>load<u32>(context, LISTS)
  let stages = load<u32>(context, STAGES)
  if (stages & OWN_BUCKET) {
    stages &= ~OWN_BUCKET
    store<u32>(context, stages, STAGES)
    const line = <usize>load<u32>(groupList(lists, list, own))
    if (line) {
      store<u32>(context, load<u32>(context, OWN_CHANGE), CHANGE)
      store<u32>(context, own, LISTED_BUCKET)
      return line
    }
  }
  while (stages & (OPEN_BUCKETS | CLOSED_BUCKETS)) {
    const isOpen = (stages & OPEN_BUCKETS) != 0
    let bucket = load<u32>(context, BUCKET)
    if (!(stages & IN_CHAIN)) bucket = load<u32>(groupAt(context, id) + (isOpen ? FIRST_OPEN : FIRST_CLOSED))
    stages |= IN_CHAIN
    const skips = !isOpen && (stages & WITHOUT_RIGHT) != 0
    while (bucket) {
      const at = bucketAt(context, bucket - 1)
      const listed = bucket - 1
      bucket = load<u32>(at, NEXT_BUCKET)
      if (skips && load<u32>(at, RIGHT) != 0) continue
      const line = <usize>load<u32>(groupList(lists, list, listed))
      if (line == 0) continue
      store<u32>(context, bucket, BUCKET)
      store<u32>(context, stages, STAGES)
      store<u32>(context, listed, LISTED_BUCKET)
      return line
    }
    stages &= ~(IN_CHAIN | (isOpen ? OPEN_BUCKETS : CLOSED_BUCKETS))
  }
  store<u32>(context, stages, STAGES)
  return 0
}

/** Collects up to `limit` pairs of a row of the batch and a stored row that it may change, or be changed by; returns how many there are. */
export function markPairs(context: usize, limit: i32): i32 {
  const ids = <usize>load<u32>(context, IDS)
  const buckets = <usize>load<u32>(context, BUCKETS)
  const list = load<i32>(context, LIST)
  const selection = <usize>load<u32>(context, SELECTION)
  const pairRows = <usize>load<u32>(context, PAIR_ROWS)
  const pairInputs = <usize>load<u32>(context, PAIR_INPUTS)
  const pairLines = <usize>load<u32>(context, PAIR_LINES)
  const pairAnswers = <usize>load<u32>(context, PAIR_ANSWERS)
  const isCounted = (load<u32>(context, FLAGS) & IS_COUNTED) != 0
  const count = load<i32>(context, COUNT)
  let pairs = 0
  let row = load<i32>(context, ROW)
  for (; row < count; row++) {
    if (!load<u32>(context, HAS_BEGUN)) begin(context, row)
    const id = load<i32>(ids + (<usize>row << 2))
    const input = rowAt(selection, row)
    const other = changeOf(FALSE, UNKNOWN, adds(kindAt(context, row)))
    let line = <usize>load<u32>(context, LINE)
    for (;;) {
      if (line == 0) {
        if (load<u32>(context, STAGES) == 0) break
        store<u32>(context, other, CHANGE)
        line = nextList(context, id, load<u32>(buckets + (<usize>row << 2)), list)
        if (line == 0) break
      }
      const change = load<u32>(context, CHANGE)
      do {
        if (pairs == limit) {
          store<i32>(context, row, ROW)
          store<u32>(context, <u32>line, LINE)
          return pairs
        }
        const at = <usize>pairs << 2
        store<i32>(pairRows + at, row)
        store<i32>(pairInputs + at, input)
        store<u32>(pairLines + at, <u32>line)
        if (isCounted) store<u8>(pairAnswers + <usize>pairs, <u8>change)
        pairs++
        line = <usize>load<u32>(line, NEXT)
      } while (line)
    }
    store<u32>(context, 0, HAS_BEGUN)
    store<u32>(context, 0, LINE)
  }
  store<i32>(context, row, ROW)
  return pairs
}

/** Sets a byte for each of `count` pairs to the answer of those that are selected, else FALSE. `cells` 0: they are TRUE. */
export function answerPairs(cells: usize, nulls: usize, selection: usize, selected: i32, count: i32, answers: usize): void {
  if (selection) memory.fill(answers, 0, <usize>count)
  for (let i = 0; i < selected; i++) {
    const row = rowAt(selection, i)
    const answer = isNullAt(nulls, row) ? UNKNOWN : cells ? u32(load<u8>(cells + <usize>row) != 0) : TRUE
    store<u8>(answers + <usize>row, <u8>answer)
  }
}

/** Tells the left rows of pairs what their right rows answer, and writes the changes that these make, at most two a pair. Returns how many. */
export function markChanges(context: usize, pairs: i32): i32 {
  const flags = load<u32>(context, FLAGS)
  const isCounted = (flags & IS_COUNTED) != 0
  const isRight = (flags & IS_RIGHT) != 0
  const streams = (flags & STREAMING) != 0
  const own = <usize>load<u32>(context, OWN)
  const pairRows = <usize>load<u32>(context, PAIR_ROWS)
  const pairLines = <usize>load<u32>(context, PAIR_LINES)
  const answers = <usize>load<u32>(context, PAIR_ANSWERS)
  const unknowns = <usize>load<u32>(context, UNKNOWNS)
  let out = 0
  for (let k = 0; k < pairs; k++) {
    const at = <usize>k << 2
    const row = load<i32>(pairRows + at)
    const answer = <u32>load<u8>(answers + <usize>k)
    let line = <usize>load<u32>(pairLines + at)
    let change = answer
    if (!isCounted) {
      if (answer == FALSE) continue
      if (!isRight) line = <usize>load<u32>(own + (<usize>row << 2))
      const counter = answer == TRUE ? line + MARK : line + unknowns
      const before = markOf(line, unknowns)
      turns(counter, !isRight || adds(kindAt(context, row)))
      change = before | (markOf(line, unknowns) << 2)
      if (!isRight || !streams || before == change >> 2) continue
    }
    if (row != load<i32>(context, CHANGED_ROW)) {
      store<i32>(context, row, CHANGED_ROW)
      store<u32>(context, 0, CHANGES)
    }
    out = emit(context, out, UPDATE_BEFORE, line, change & 3, row)
    out = emit(context, out, UPDATE_AFTER, line, change >> 2, row)
  }
  return out
}

// @ts-ignore: decorator
@inline
function emit(context: usize, out: i32, kind: u32, line: usize, mark: u32, row: i32): i32 {
  const at = <usize>out
  store<u32>(<usize>load<u32>(context, OUT_LINES) + (at << 2), <u32>line)
  store<u8>(<usize>load<u32>(context, OUT_KINDS) + at, <u8>kind)
  setMark(context, at, mark)
  const changes = load<u32>(context, CHANGES)
  store<u32>(context, changes + 1, CHANGES)
  setPlace(context, at, rowAt(<usize>load<u32>(context, SELECTION), row), changes)
  return out + 1
}

// @ts-ignore: decorator
@inline
function setMark(context: usize, at: usize, mark: u32): void {
  store<u8>(<usize>load<u32>(context, OUT_MARKS) + at, u8(mark == TRUE))
  store<u8>(<usize>load<u32>(context, OUT_NULLS) + at, u8(mark == UNKNOWN))
}

// @ts-ignore: decorator
@inline
function setPlace(context: usize, at: usize, input: i32, changes: u32): void {
  const outPlaces = <usize>load<u32>(context, OUT_PLACES)
  if (outPlaces == 0) return
  const places = <usize>load<u32>(context, PLACES)
  const place: u64 = places ? load<u64>(places + (<usize>input << 3)) : 0
  store<u64>(outPlaces + (at << 3), place * PLACES_PER_ROW + min<u64>(changes, PLACES_PER_ROW - 1))
}

/**
 * Selects the left rows of a batch that are shown, and writes their marks behind them, at their own physical rows. Returns how many they are.
 *
 * @param gone What `applyLines` released for this batch: the stored rows of those that go.
 */
export function markRows(context: usize, gone: usize): i32 {
  const flags = load<u32>(context, FLAGS)
  const ids = <usize>load<u32>(context, IDS)
  const buckets = <usize>load<u32>(context, BUCKETS)
  const selection = <usize>load<u32>(context, SELECTION)
  const shown = <usize>load<u32>(context, OUT_SELECTION)
  const own = <usize>load<u32>(context, OWN)
  const unknowns = <usize>load<u32>(context, UNKNOWNS)
  const count = load<i32>(context, COUNT)
  let out = 0
  for (let i = 0; i < count; i++) {
    const at = <usize>i << 2
    const bucket = load<i32>(buckets + at)
    let line = <usize>load<u32>(own + at)
    if (bucket < 0) gone += 4
    else if (!adds(kindAt(context, i))) {
      // The row that took it back, and behind it the one that was there.
      line = <usize>load<u32>(gone, 4)
      gone += 8
    }
    if (bucket == -2 || (bucket >= 0 && !(flags & STREAMING))) continue
    const row = rowAt(selection, i)
    let mark = FALSE
    if (bucket >= 0) mark = flags & IS_COUNTED ? countedMark(context, load<i32>(ids + at), bucket) : markOf(line, unknowns)
    setMark(context, <usize>row, mark)
    setPlace(context, <usize>row, row, 0)
    store<i32>(shown + (<usize>out << 2), row)
    out++
  }
  return out
}

/** Begins to walk the left rows of a group. */
export function beginRemaining(context: usize): void {
  store<u32>(context, 0, LINE)
  store<u32>(context, load<u32>(context, BUCKET_LINES) ? OPEN_BUCKETS | CLOSED_BUCKETS : OWN_BUCKET, STAGES)
}

/** Writes left rows of a group and their marks from row `out` on, up to `limit`; returns where it stopped: below `limit` where the group has no more. */
export function remainingRows(context: usize, id: i32, out: i32, limit: i32): i32 {
  const lines = <usize>load<u32>(context, OUT_LINES)
  const isCounted = (load<u32>(context, FLAGS) & IS_COUNTED) != 0
  const unknowns = <usize>load<u32>(context, UNKNOWNS)
  let line = <usize>load<u32>(context, LINE)
  while (out < limit) {
    if (line == 0) line = nextList(context, id, <u32>id, 0)
    if (line == 0) break
    store<u32>(lines + (<usize>out << 2), <u32>line)
    const mark = isCounted ? countedMark(context, id, load<u32>(context, LISTED_BUCKET)) : markOf(line, unknowns)
    setMark(context, <usize>out, mark)
    out++
    line = <usize>load<u32>(line, NEXT)
  }
  store<u32>(context, <u32>line, LINE)
  return out
}
