import { copyRun, equalRuns, hashRun, isNullAt, rowAt } from './bytes'
import { F32, F64, I128, I16, I32, I64, I8, NULL, TEXT, TS, writeFixed } from './cells'
import { freeRun, takeRun } from './runs'

// Rows of state, each as one run of bytes in pages of its owner. A row is named by its address, a multiple of 8, which never changes.
//
//   line := u32 next, u32 previous, u32 bytes of the body, u32 mark; the owner's extra bytes; body
//   body := fixed cells of all columns (a text: u32 where it begins in the body, u32 length), a bit a column for NULL, texts
//
// Equal rows have equal bodies, byte by byte: the cell of a NULL is 0, there is one NaN, and texts are named by where they are in the body. So a row is found, hashed,
// saved and loaded without knowing its columns.
//
// The schema: u32 columns, u32 offset of the body in the line, u32 fixed bytes, u32 offset of the NULL bits in the body, u32 whether any row may have a NULL; then 32 bytes a
// column, a field of a ROW behind it: u32 form, u32 offset of the cell in the line, u32 offset of its NULL bit's byte in the line, u32 the bit in this byte, u32 the same two of
// the ROW it is a field of (0, 0: of none), u32 cells, u32 nulls: of the batch that rows are read from or written to.

const NEXT = 0
const PREVIOUS = 4
const SIZE = 8
const MARK = 12
const LINE_HEADER = 16

const HAS_NULLS = 16
const SCHEMA_HEADER = 20
const DESCRIPTOR = 32
const OFFSET = 4
const NULL_BYTE = 8
const NULL_BIT = 12
const PARENT_BYTE = 16
const PARENT_BIT = 20
const CELLS = 24
const NULLS = 28

/** Rows whose lines are worked on together, column by column, while they are in the cache. */
const BLOCK = 128

/** Sets `sizes[i]` to the bytes of the line of selected row `from + i`, and returns how many bytes all of them have, at most 2^32 - 1. */
export function lineSizes(schema: usize, selection: usize, from: i32, count: i32, sizes: usize): u32 {
  const columns = load<i32>(schema)
  const base = load<u32>(schema, 4) + load<u32>(schema, 8)
  for (let i = 0; i < count; i++) store<u32>(sizes + (<usize>i << 2), base)
  let total: u64 = <u64>base * count
  for (let c = 0; c < columns; c++) {
    const d = schema + SCHEMA_HEADER + <usize>c * DESCRIPTOR
    if (load<u32>(d) != TEXT) continue
    const cells = <usize>load<u32>(d, CELLS)
    const nulls = <usize>load<u32>(d, NULLS)
    for (let i = 0; i < count; i++) {
      const row = rowAt(selection, from + i)
      if (isNullAt(nulls, row)) continue
      const length = load<u32>(cells + (<usize>row << 3), 4)
      const slot = sizes + (<usize>i << 2)
      store<u32>(slot, load<u32>(slot) + length)
      total += length
    }
  }
  return <u32>min<u64>(total, 0xffffffff)
}

/**
 * Sets `lines[i]` to a free line of `sizes[i]` bytes for `from` to `count - 1`, with its size set and everything else before the body 0.
 *
 * @returns `count`, or the first that has none because a page is missing.
 */
export function takeLines(runs: usize, schema: usize, sizes: usize, from: i32, count: i32, lines: usize): i32 {
  const body = load<u32>(schema, 4)
  for (let i = from; i < count; i++) {
    const size = load<u32>(sizes + (<usize>i << 2))
    const line = takeRun(runs, size)
    if (line == 0) return i
    store<u64>(line, 0)
    store<u32>(line, size - body, SIZE)
    store<u32>(line, 0, MARK)
    for (let at: u32 = LINE_HEADER; at < body; at += 8) store<u64>(line + at, 0)
    store<u32>(lines + (<usize>i << 2), <u32>line)
  }
  return count
}

/** Gives `count` lines back; they will be taken again. */
export function freeLines(runs: usize, schema: usize, lines: usize, count: i32): void {
  const body = load<u32>(schema, 4)
  for (let i = 0; i < count; i++) {
    const line = <usize>load<u32>(lines + (<usize>i << 2))
    freeRun(runs, line, load<u32>(line, SIZE) + body)
  }
}

/** Writes the bodies of selected rows `from` to `from + count - 1` to `lines`, which have their sizes. */
export function writeLines(schema: usize, selection: usize, from: i32, count: i32, lines: usize): void {
  const columns = load<i32>(schema)
  const body = load<u32>(schema, 4)
  const fixed = load<u32>(schema, 8)
  const bits = load<u32>(schema, 12)
  for (let start = 0; start < count; start += BLOCK) {
    const end = min(start + BLOCK, count)
    for (let i = start; i < end; i++) {
      const line = <usize>load<u32>(lines + (<usize>i << 2))
      // Until the row is in a list its first field tells where its next text goes.
      store<u32>(line, fixed, NEXT)
      for (let at = bits; at < fixed; at++) store<u8>(line + body + at, 0)
    }
    for (let c = 0; c < columns; c++) {
      const d = schema + SCHEMA_HEADER + <usize>c * DESCRIPTOR
      const isPlain = load<u32>(d, PARENT_BYTE) == 0 && load<u32>(d) != NULL && !hasNulls(<usize>load<u32>(d, NULLS), selection, from + start, from + end)
      if (isPlain) writePlain(d, body, selection, from, start, end, lines)
      else if (writeNullable(d, body, selection, from, start, end, lines)) store<u32>(schema, 1, HAS_NULLS)
    }
    for (let i = start; i < end; i++) {
      const line = <usize>load<u32>(lines + (<usize>i << 2))
      // A text in a ROW that is NULL has no bytes.
      store<u32>(line, load<u32>(line, NEXT), SIZE)
      store<u32>(line, 0, NEXT)
    }
  }
}

/** Many a mask marks only rows that are not selected. */
// @ts-ignore: decorator
@inline
function hasNulls(nulls: usize, selection: usize, from: i32, to: i32): bool {
  if (nulls == 0) return false
  let any: u32 = 0
  for (let i = from; i < to; i++) any |= load<u8>(nulls + <usize>rowAt(selection, i))
  return any != 0
}

function writePlain(d: usize, body: u32, selection: usize, from: i32, start: i32, end: i32, lines: usize): void {
  const form = load<u32>(d)
  const cells = <usize>load<u32>(d, CELLS)
  const offset = <usize>load<u32>(d, OFFSET)
  if (form == I64) {
    for (let i = start; i < end; i++) {
      const line = <usize>load<u32>(lines + (<usize>i << 2))
      store<u64>(line + offset, load<u64>(cells + (<usize>rowAt(selection, from + i) << 3)))
    }
    return
  }
  for (let i = start; i < end; i++) {
    writeCell(form, cells, rowAt(selection, from + i), <usize>load<u32>(lines + (<usize>i << 2)), offset, body)
  }
}

/** Whether a cell was NULL. */
function writeNullable(d: usize, body: u32, selection: usize, from: i32, start: i32, end: i32, lines: usize): bool {
  const form = load<u32>(d)
  const cells = <usize>load<u32>(d, CELLS)
  const nulls = <usize>load<u32>(d, NULLS)
  const offset = <usize>load<u32>(d, OFFSET)
  const parentByte = <usize>load<u32>(d, PARENT_BYTE)
  const parentBit = <u8>load<u32>(d, PARENT_BIT)
  const nullByte = <usize>load<u32>(d, NULL_BYTE)
  const nullBit = <u8>load<u32>(d, NULL_BIT)
  let any = false
  for (let i = start; i < end; i++) {
    const line = <usize>load<u32>(lines + (<usize>i << 2))
    const row = rowAt(selection, from + i)
    const isNull = form == NULL || isNullAt(nulls, row) || (parentByte != 0 && (load<u8>(line + parentByte) & parentBit) != 0)
    if (!isNull) {
      writeCell(form, cells, row, line, offset, body)
      continue
    }
    any = true
    store<u8>(line + nullByte, load<u8>(line + nullByte) | nullBit)
    clearCell(form, line + offset)
  }
  return any
}

// @ts-ignore: decorator
@inline
function writeCell(form: u32, cells: usize, row: i32, line: usize, offset: usize, body: u32): void {
  const at = line + offset
  if (form != TEXT) {
    writeFixed(form, cells, row, at)
    if (form == TS) store<u32>(at, 0, 12)
    return
  }
  const cell = cells + (<usize>row << 3)
  const length = load<u32>(cell, 4)
  const place = load<u32>(line, NEXT)
  store<u32>(at, place)
  store<u32>(at, length, 4)
  copyRun(line + body + place, load<u32>(cell), length)
  store<u32>(line, place + length, NEXT)
}

// @ts-ignore: decorator
@inline
function clearCell(form: u32, at: usize): void {
  switch (form) {
    case I8:
      store<u8>(at, 0)
      return
    case I16:
      store<u16>(at, 0)
      return
    case I32:
    case F32:
      store<u32>(at, 0)
      return
    case I64:
    case F64:
    case TEXT:
      store<u64>(at, 0)
      return
    case I128:
    case TS:
      store<u64>(at, 0)
      store<u64>(at, 0, 8)
      return
  }
}

/** Sets bytes at `out` to the NULL bits that any of the lines has; a line 0 is a row of NULLs. */
export function nullBitsOf(schema: usize, lines: usize, count: i32, out: usize): void {
  const body = load<u32>(schema, 4)
  const bits = load<u32>(schema, 12)
  const size = load<u32>(schema, 8) - bits
  memory.fill(out, 0, size)
  if (!load<u32>(schema, HAS_NULLS)) {
    for (let i = 0; i < count; i++) if (load<u32>(lines + (<usize>i << 2)) == 0) return memory.fill(out, 0xff, size)
    return
  }
  for (let b: u32 = 0; b < size; b += 8) {
    // What lies behind the bits does not matter: `out` has room for whole words.
    const offset = body + bits + b
    let any: u64 = 0
    for (let i = 0; i < count; i++) {
      const line = <usize>load<u32>(lines + (<usize>i << 2))
      any |= line ? load<u64>(line + offset) : 0xffffffffffffffff
    }
    store<u64>(out + b, any)
  }
}

/**
 * Writes lines to rows 0 to `count - 1` of columns; a column without cells is left out, one without a mask has no NULL. Texts stay in their lines, the cells show them.
 * A line 0 is a row of NULLs.
 */
export function readLines(schema: usize, lines: usize, count: i32): void {
  const columns = load<i32>(schema)
  const body = load<u32>(schema, 4)
  for (let start = 0; start < count; start += BLOCK) {
    const end = min(start + BLOCK, count)
    for (let c = 0; c < columns; c++) {
      const d = schema + SCHEMA_HEADER + <usize>c * DESCRIPTOR
      const cells = <usize>load<u32>(d, CELLS)
      const nulls = <usize>load<u32>(d, NULLS)
      if (nulls) readNulls(d, nulls, start, end, lines)
      if (cells) readCells(load<u32>(d), <usize>load<u32>(d, OFFSET), body, cells, start, end, lines, nulls != 0)
    }
  }
}

function readNulls(d: usize, nulls: usize, start: i32, end: i32, lines: usize): void {
  const nullByte = <usize>load<u32>(d, NULL_BYTE)
  const nullBit = <u8>load<u32>(d, NULL_BIT)
  for (let i = start; i < end; i++) {
    const line = <usize>load<u32>(lines + (<usize>i << 2))
    store<u8>(nulls + <usize>i, u8(line == 0 || (load<u8>(line + nullByte) & nullBit) != 0))
  }
}

function readCells(form: u32, offset: usize, body: u32, cells: usize, start: i32, end: i32, lines: usize, hasNulls: bool): void {
  if (!hasNulls && form == I64) {
    for (let i = start; i < end; i++) store<u64>(cells + (<usize>i << 3), load<u64>(<usize>load<u32>(lines + (<usize>i << 2)) + offset))
    return
  }
  if (!hasNulls && form == TEXT) {
    for (let i = start; i < end; i++) {
      const line = <usize>load<u32>(lines + (<usize>i << 2))
      const view = load<u64>(line + offset)
      store<u64>(cells + (<usize>i << 3), view + <u64>(line + body))
    }
    return
  }
  for (let i = start; i < end; i++) {
    const line = <usize>load<u32>(lines + (<usize>i << 2))
    const index = <usize>i
    const at = line + offset
    switch (form) {
      case I8:
        store<u8>(cells + index, line ? load<u8>(at) : 0)
        break
      case I16:
        store<u16>(cells + (index << 1), line ? load<u16>(at) : 0)
        break
      case I32:
      case F32:
        store<u32>(cells + (index << 2), line ? load<u32>(at) : 0)
        break
      case I64:
      case F64:
        store<u64>(cells + (index << 3), line ? load<u64>(at) : 0)
        break
      case TEXT:
        // A NULL is a view of nothing.
        store<u64>(cells + (index << 3), line && load<u64>(at) ? load<u64>(at) + <u64>(line + body) : 0)
        break
      case I128:
        store<u64>(cells + (index << 4), line ? load<u64>(at) : 0)
        store<u64>(cells + (index << 4), line ? load<u64>(at, 8) : 0, 8)
        break
      case TS:
        store<u64>(cells + (index << 4), line ? load<u64>(at) : 0)
        store<u64>(cells + (index << 4), line ? <u64>load<u32>(at, 8) : 0, 8)
        break
      default:
        return
    }
  }
}

/** Whether two lines hold the same row. */
export function linesEqual(schema: usize, a: usize, b: usize): bool {
  const size = load<u32>(a, SIZE)
  const body = load<u32>(schema, 4)
  return size == load<u32>(b, SIZE) && equalRuns(a + body, b + body, size)
}

// --- lists of rows by group ---
//
// Lists: u32 directory of pages of 1024 groups, u32 bytes of a group. A list of a group is u32 its first line, u32 how many; the first line's `previous` is the last
// one. Lists of more than INDEXED rows of a store that takes rows back are in an index by the hash of the body, so that a row among many is found at once. Their
// rows have, before the body, u32 hash, u32 next of the same bucket.

const GROUP_PAGE_SHIFT: u32 = 10
const IS_INDEXED: u32 = 0x80000000
const INDEXED: u32 = 16
const ROW_HASH = 16
const ROW_BUCKET = 20

// The index: linear hashing, so that it grows by one bucket a row and never stops for longer.
const BUCKETS = 0 // u32 directory of pages of 4096 buckets
const BUCKET_COUNT = 4
const BUCKET_CAPACITY = 8
const BUCKET_ROWS = 12
const BUCKET_PAGE_SHIFT: u32 = 12

// @ts-ignore: decorator
@inline
function listOf(lists: usize, number: i32, id: i32): usize {
  const page = <usize>load<u32>(<usize>load<u32>(lists) + (<usize>(<u32>id >> GROUP_PAGE_SHIFT) << 2))
  return page + <usize>(<u32>id & ((1 << GROUP_PAGE_SHIFT) - 1)) * <usize>load<u32>(lists, 4) + (<usize>number << 3)
}

/** Address of a list: u32 first line, u32 count (the highest bit means nothing to others). */
export function groupList(lists: usize, number: i32, id: i32): usize {
  return listOf(lists, number, id)
}

/** Puts a line behind the last one. */
// @ts-ignore: decorator
@inline
function append(list: usize, line: usize): void {
  const first = <usize>load<u32>(list)
  store<u32>(line, 0, NEXT)
  if (first == 0) {
    store<u32>(list, <u32>line)
    store<u32>(line, <u32>line, PREVIOUS)
  } else {
    const last = <usize>load<u32>(first, PREVIOUS)
    store<u32>(last, <u32>line, NEXT)
    store<u32>(line, <u32>last, PREVIOUS)
    store<u32>(first, <u32>line, PREVIOUS)
  }
  store<u32>(list, load<u32>(list, 4) + 1, 4)
}

function unlink(list: usize, line: usize): void {
  const first = <usize>load<u32>(list)
  const next = <usize>load<u32>(line, NEXT)
  const previous = <usize>load<u32>(line, PREVIOUS)
  if (line == first) {
    store<u32>(list, <u32>next)
    if (next) store<u32>(next, <u32>previous, PREVIOUS)
  } else {
    store<u32>(previous, <u32>next, NEXT)
    store<u32>(next ? next : first, <u32>previous, PREVIOUS)
  }
  const count = load<u32>(list, 4) - 1
  // The last one takes the mark of an indexed list along.
  store<u32>(list, next == 0 && line == first ? 0 : count, 4)
}

// @ts-ignore: decorator
@inline
function bucketOf(index: usize, hash: u32): usize {
  const count = load<u32>(index, BUCKET_COUNT)
  // The least power of two that is not below the count; buckets behind the count have not been split off yet.
  const bits = 32 - clz<u32>(count - 1)
  let bucket = hash & ((1 << bits) - 1)
  if (bucket >= count) bucket = hash & ((1 << (bits - 1)) - 1)
  return bucketAt(index, bucket)
}

// @ts-ignore: decorator
@inline
function bucketAt(index: usize, bucket: u32): usize {
  const page = <usize>load<u32>(<usize>load<u32>(index, BUCKETS) + (<usize>(bucket >> BUCKET_PAGE_SHIFT) << 2))
  return page + (<usize>(bucket & ((1 << BUCKET_PAGE_SHIFT) - 1)) << 2)
}

function splitBucket(index: usize): void {
  const count = load<u32>(index, BUCKET_COUNT)
  const half: u32 = 1 << (31 - clz<u32>(count))
  const from = bucketAt(index, count - half)
  const to = bucketAt(index, count)
  store<u32>(index, count + 1, BUCKET_COUNT)
  let line = <usize>load<u32>(from)
  store<u32>(from, 0)
  store<u32>(to, 0)
  while (line) {
    const next = <usize>load<u32>(line, ROW_BUCKET)
    const bucket = load<u32>(line, ROW_HASH) & half ? to : from
    store<u32>(line, load<u32>(bucket), ROW_BUCKET)
    store<u32>(bucket, <u32>line)
    line = next
  }
}

function addToIndex(index: usize, schema: usize, line: usize): void {
  const rows = load<u32>(index, BUCKET_ROWS) + 1
  store<u32>(index, rows, BUCKET_ROWS)
  if (rows > load<u32>(index, BUCKET_COUNT)) splitBucket(index)
  const hash = <u32>hashRun(line + <usize>load<u32>(schema, 4), load<u32>(line, SIZE))
  store<u32>(line, hash, ROW_HASH)
  const bucket = bucketOf(index, hash)
  store<u32>(line, load<u32>(bucket), ROW_BUCKET)
  store<u32>(bucket, <u32>line)
}

/** The row equal to `line` that came last into the index, which it leaves; or 0. */
function takeFromIndex(index: usize, schema: usize, line: usize): usize {
  const hash = <u32>hashRun(line + <usize>load<u32>(schema, 4), load<u32>(line, SIZE))
  let slot = bucketOf(index, hash)
  let before: usize = 0
  for (let found = <usize>load<u32>(slot); found; before = found, found = <usize>load<u32>(found, ROW_BUCKET)) {
    if (load<u32>(found, ROW_HASH) != hash || !linesEqual(schema, found, line)) continue
    const next = load<u32>(found, ROW_BUCKET)
    if (before) store<u32>(before, next, ROW_BUCKET)
    else store<u32>(slot, next)
    store<u32>(index, load<u32>(index, BUCKET_ROWS) - 1, BUCKET_ROWS)
    return found
  }
  return 0
}

/**
 * Puts lines into the lists of their groups, and takes rows back: `lines[i]` is of group `ids[i]`, and of kind `kinds[row]` (0: all are added), where `row` is selected row i. A row that is
 * taken back removes the latest that equals it. A line of group -1 is in no list. Lines that are in no list any more are appended to `gone`, which has `gone[-1]` of them; a row that
 * was never there gets group -2.
 *
 * @param index 0 where rows are only added.
 * @returns `count`, or the first row that was not done because the index needs more room.
 */
export function applyLines(
  schema: usize,
  lists: usize,
  number: i32,
  index: usize,
  ids: usize,
  kinds: usize,
  selection: usize,
  lines: usize,
  from: i32,
  count: i32,
  gone: usize,
): i32 {
  let goneCount = load<u32>(gone - 4)
  for (let i = from; i < count; i++) {
    const line = <usize>load<u32>(lines + (<usize>i << 2))
    const idAt = ids + (<usize>i << 2)
    const id = load<i32>(idAt)
    if (id < 0) {
      store<u32>(gone + (<usize>goneCount << 2), <u32>line)
      goneCount++
      continue
    }
    const list = listOf(lists, number, id)
    const kind: u32 = kinds ? load<u8>(kinds + <usize>rowAt(selection, i)) : 0
    if (kind == 0 || kind == 2) {
      if (index) {
        const counted = load<u32>(list, 4)
        if (counted & IS_INDEXED || counted >= INDEXED) {
          if (load<u32>(index, BUCKET_ROWS) + INDEXED + 1 >= load<u32>(index, BUCKET_CAPACITY)) {
            store<u32>(gone - 4, goneCount)
            return i
          }
          if (!(counted & IS_INDEXED)) {
            for (let known = <usize>load<u32>(list); known; known = <usize>load<u32>(known, NEXT)) addToIndex(index, schema, known)
            store<u32>(list, counted | IS_INDEXED, 4)
          }
          addToIndex(index, schema, line)
        }
      }
      append(list, line)
      continue
    }
    const found = index && load<u32>(list, 4) & IS_INDEXED ? takeFromIndex(index, schema, line) : findInList(schema, list, line)
    store<u32>(gone + (<usize>goneCount << 2), <u32>line)
    goneCount++
    if (found) {
      unlink(list, found)
      store<u32>(gone + (<usize>goneCount << 2), <u32>found)
      goneCount++
    } else store<i32>(idAt, -2)
  }
  store<u32>(gone - 4, goneCount)
  return count
}

/** The last line of a list that holds the same row, or 0. */
// @ts-ignore: decorator
@inline
function findInList(schema: usize, list: usize, line: usize): usize {
  const first = <usize>load<u32>(list)
  if (first == 0) return 0
  let known = <usize>load<u32>(first, PREVIOUS)
  while (!linesEqual(schema, known, line)) {
    if (known == first) return 0
    known = <usize>load<u32>(known, PREVIOUS)
  }
  return known
}

/** Appends one line to a list that is not indexed, whatever its length. */
export function appendLine(lists: usize, number: i32, id: i32, line: usize): void {
  append(listOf(lists, number, id), line)
}

/** Takes a line out of a list that is not indexed. */
export function unlinkLine(lists: usize, number: i32, id: i32, line: usize): void {
  unlink(listOf(lists, number, id), line)
}

/** Writes the lines of a list, in order, to `out`, which has room for all. */
export function linesOfList(lists: usize, number: i32, id: i32, out: usize): i32 {
  let count = 0
  for (let line = <usize>load<u32>(listOf(lists, number, id)); line; line = <usize>load<u32>(line, NEXT)) {
    store<u32>(out + (<usize>count << 2), <u32>line)
    count++
  }
  return count
}
