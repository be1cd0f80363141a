import { copyRun, equalRuns, hashRun, isNullAt, writeVarint } from './bytes'
import { freeRun, takeRun } from './runs'
import { TOMBSTONE, chooseTable, fillSlot, isTableFull, probeDirectory, probeMask, probeSlot, removeSlot, slotAddress } from './slot-table'
import { HEAP, HEAP_BYTES, freeHeap, putIntoHeap, readyHeap, takeFromHeap } from './value-heap'

// The values that each group has: what DISTINCT keeps, and every aggregate that must take values back. A value of a group is a line:
//
//   u32 next, u32 previous of the same group; u32 bytes of the value, u32 group; u32 hash, u32 bits of the members that have it;
//   i64 count of each member, where rows are also taken back; what a heap wants (`value-heap.ts`), where there is one; the encoded value (`keys.ts`)
//
// Several aggregates share the values of one argument: its members, each with a filter of its own. Member m takes part in a row when bit m of the row's mask is set. Where rows
// are only added there are no counts. A count is below zero while a value that is taken back has not come yet; a value of which no member has a count is forgotten.
//
// The lines of a group are a list in the order in which they came; the group's line holds its two ends.
export const NEXT = 0
const PREVIOUS = 4
export const SIZE = 8
export const GROUP = 12
export const HASH = 16
const BITS = 20
const COUNTS = 24

// What the kernels work on, u32s, behind the header of the slots: runs; where the ends of a list lie in a group's line; members that are counted (0: rows are only added).
const RUNS = 28
const LIST = 32
const COUNTED = 36
/** Encoded values, as the key encoder has them. */
const KEYS = 40
const OFFSETS = 44
const HASHES = 48
/** Rows: numbers, groups, groups' lines, signs, masks of members. */
const ROWS = 52
const IDS = 56
const LINES = 60
const SIGNS = 64
const MASKS = 68
/** Out: those with which a member gets a value or loses its last one, with masks of these members; how many; the bits of all of them. */
const KEPT_ROWS = 72
const KEPT_IDS = 76
const KEPT_LINES = 80
const KEPT_SIGNS = 84
const KEPT_MASKS = 88
const KEPT = 92
const CHANGED = 96
/** Out: why a call stopped. */
const MISSING = 100
/** Out, of one value: the members that got it, and those that lost it. */
const GOT = 104
const LOST = 108
const UNUSED = 112
/** How often the values of rows count, i64; behind what belongs to heaps. */
const TIMES = 128

const MISSING_SLOTS: u32 = 1
const MISSING_PAGE: u32 = 2

/** Rows whose values are fetched together, so that the memory answers to all of them at once. */
const BLOCK = 64

/** Sets or adds bit `bit` of the mask of each row for which a BOOLEAN column is TRUE; without cells, of every row. */
export function markMembers(cells: usize, nulls: usize, rows: usize, count: i32, bit: u32, masks: usize): void {
  for (let i: usize = 0; i < <usize>count; i++) {
    const row = load<i32>(rows + (i << 2))
    const isIn = cells == 0 || (load<u8>(cells + <usize>row) != 0 && !isNullAt(nulls, row))
    const at = masks + (i << 2)
    store<u32>(at, (bit == 0 ? 0 : load<u32>(at)) | (u32(isIn) << bit))
  }
}

/** Keeps the rows of which a member takes the value, without those whose value is NULL. Returns how many. */
export function keepMembers(
  nulls: usize,
  rows: usize,
  ids: usize,
  lines: usize,
  signs: usize,
  masks: usize,
  count: i32,
  wanted: u32,
  keptRows: usize,
  keptIds: usize,
  keptLines: usize,
  keptSigns: usize,
  keptMasks: usize,
): i32 {
  let kept: usize = 0
  for (let i: usize = 0; i < <usize>count; i++) {
    const at = i << 2
    const to = kept << 2
    const row = load<i32>(rows + at)
    const mask = load<u32>(masks + at)
    store<u32>(keptRows + to, row)
    store<u32>(keptIds + to, load<u32>(ids + at))
    store<u32>(keptLines + to, load<u32>(lines + at))
    store<u8>(keptSigns + kept, load<u8>(signs + i))
    store<u32>(keptMasks + to, mask)
    kept += usize((mask & wanted) != 0 && !isNullAt(nulls, row))
  }
  return <i32>kept
}

// @ts-ignore: decorator
@inline
function bodyOffset(set: usize): usize {
  return <usize>COUNTS + (<usize>load<u32>(set, COUNTED) << 3) + (load<u32>(set, HEAP) ? HEAP_BYTES : 0)
}

// @ts-ignore: decorator
@inline
export function groupHash(valueHash: u32, group: u32): u32 {
  let hash = valueHash ^ (group * 0x9e3779b1)
  hash = (hash ^ (hash >> 15)) * 0x85ebca6b
  return hash ^ (hash >> 13)
}

/** The slot of the value that `find` found, else where it would go. */
export let slotAt: usize = 0

/** The line of a value of a group, whose body begins at `body`; 0 where there is none. */
// @ts-ignore: decorator
@inline
export function find(set: usize, hash: u32, group: u32, value: usize, size: u32, body: usize): usize {
  chooseTable(set, hash)
  const directory = probeDirectory
  const mask = probeMask
  let slot = probeSlot
  let reusable: usize = 0
  while (true) {
    const at = slotAddress(directory, slot)
    const line = <usize>load<u32>(at, 4)
    if (line == 0) {
      slotAt = reusable ? reusable : at
      return 0
    }
    if (line == <usize>TOMBSTONE) {
      if (!reusable) reusable = at
    } else if (
      load<u32>(at) == hash &&
      load<u32>(line, GROUP) == group &&
      load<u32>(line, SIZE) == size &&
      equalRuns(line + body, value, size)
    ) {
      slotAt = at
      return line
    }
    slot = (slot + 1) & mask
  }
}

/** Puts a line at the end of the list whose first and last line `ends` holds. */
// @ts-ignore: decorator
@inline
export function linkLast(line: usize, ends: usize): void {
  const last = load<u32>(ends, 4)
  store<u32>(line, 0, NEXT)
  store<u32>(line, last, PREVIOUS)
  if (last) store<u32>(last, <u32>line, NEXT)
  else store<u32>(ends, <u32>line)
  store<u32>(ends, <u32>line, 4)
}

// @ts-ignore: decorator
@inline
export function unlink(line: usize, ends: usize): void {
  const next = load<u32>(line, NEXT)
  const previous = load<u32>(line, PREVIOUS)
  if (previous) store<u32>(previous, next, NEXT)
  else store<u32>(ends, next)
  if (next) store<u32>(next, previous, PREVIOUS)
  else store<u32>(ends, previous, 4)
}

/** How many lines the last block made: the next one will make about as many. */
let created: u32 = 0

/** A new line at the end of a group's list, or 0 because something is missing. */
function create(set: usize, hash: u32, group: u32, value: usize, size: u32, ends: usize): usize {
  if (isTableFull(set)) {
    store<u32>(set, MISSING_SLOTS, MISSING)
    return 0
  }
  const body = bodyOffset(set)
  const line = takeRun(<usize>load<u32>(set, RUNS), <u32>body + size)
  if (line == 0) {
    store<u32>(set, MISSING_PAGE, MISSING)
    return 0
  }
  linkLast(line, ends)
  store<u32>(line, size, SIZE)
  store<u32>(line, group, GROUP)
  store<u32>(line, hash, HASH)
  store<u32>(line, 0, BITS)
  for (let at: usize = COUNTS; at < body; at += 8) store<u64>(line + at, 0)
  copyRun(line + body, value, size)
  fillSlot(set, slotAt, hash, <u32>line)
  created++
  return line
}

function forget(set: usize, line: usize, ends: usize): void {
  removeSlot(set, load<u32>(line, HASH), <u32>line)
  unlink(line, ends)
  freeRun(<usize>load<u32>(set, RUNS), line, <u32>bodyOffset(set) + load<u32>(line, SIZE))
}

/**
 * Counts rows `from` to `from + count - 1`, whose values are encoded values 0 and up, and appends those that change a member to the kept ones.
 *
 * @param first The first value to be counted: not 0 in a call that goes on after a stop.
 * @returns `count`, or the first value that was not done because something is missing.
 */
export function addValues(set: usize, from: i32, first: i32, count: i32): i32 {
  for (let start = first; start < count; start += BLOCK) {
    const end = min(start + BLOCK, count)
    fetch(set, from, start, end)
    created = 0
    const done = addBlock(set, from, start, end)
    if (done < end) return done
  }
  return count
}

function fetch(set: usize, from: i32, start: i32, end: i32): void {
  const ids = <usize>load<u32>(set, IDS)
  const hashes = <usize>load<u32>(set, HASHES)
  let any: u32 = 0
  for (let k = start; k < end; k++) {
    const hash = groupHash(load<u32>(hashes + (<usize>k << 2)), load<u32>(ids + (<usize>(from + k) << 2)))
    chooseTable(set, hash)
    const slot = slotAddress(probeDirectory, probeSlot)
    if (load<u32>(slot) == hash) any |= load<u32>(<usize>load<u32>(slot, 4), SIZE)
  }
  if (created > 0) {
    const lines = <usize>load<u32>(set, LINES)
    const list = <usize>load<u32>(set, LIST)
    for (let i = from + start; i < from + end; i++) {
      const last = <usize>load<u32>(<usize>load<u32>(lines + (<usize>i << 2)) + list, 4)
      any |= last ? load<u32>(last) : 0
    }
  }
  // So that what was fetched is wanted.
  store<u32>(set, any, UNUSED)
}

function addBlock(set: usize, from: i32, start: i32, end: i32): i32 {
  const keys = <usize>load<u32>(set, KEYS)
  const offsets = <usize>load<u32>(set, OFFSETS)
  const hashes = <usize>load<u32>(set, HASHES)
  const counted = load<u32>(set, COUNTED)
  const body = bodyOffset(set)
  const list = <usize>load<u32>(set, LIST)
  const hasHeap = load<u32>(set, HEAP) != 0
  const runs = <usize>load<u32>(set, RUNS)
  const times = load<i64>(set, TIMES)
  let kept = load<u32>(set, KEPT)
  let all = load<u32>(set, CHANGED)
  let k = start
  for (; k < end; k++) {
    const i = <usize>(from + k)
    const offset = load<u32>(offsets + (<usize>k << 2))
    const size = load<u32>(offsets + (<usize>k << 2), 4) - offset
    const value = keys + <usize>offset
    const id = load<u32>(<usize>load<u32>(set, IDS) + (i << 2))
    const group = <usize>load<u32>(<usize>load<u32>(set, LINES) + (i << 2))
    const mask = load<u32>(<usize>load<u32>(set, MASKS) + (i << 2))
    const hash = groupHash(load<u32>(hashes + (<usize>k << 2)), id)
    let line = find(set, hash, id, value, size, body)
    if (line == 0) {
      line = create(set, hash, id, value, size, group + list)
      if (line == 0) break
    }
    if (hasHeap && !readyHeap(set, runs, group)) {
      store<u32>(set, MISSING_PAGE, MISSING)
      break
    }
    let changed: u32
    let sign: i32 = 1
    if (counted == 0) {
      const bits = load<u32>(line, BITS)
      changed = mask & ~bits
      store<u32>(line, bits | changed, BITS)
    } else {
      sign = <i32>load<i8>(<usize>load<u32>(set, SIGNS) + i)
      changed = 0
      let any: i64 = 0
      for (let m: u32 = 0; m < counted; m++) {
        const at = line + (<usize>m << 3)
        const had = load<i64>(at, COUNTS)
        if (mask & (1 << m)) {
          const has = had + <i64>sign * times
          store<i64>(at, has, COUNTS)
          any |= has
          if (had > 0 != has > 0) changed |= 1 << m
        } else any |= had
      }
      if (hasHeap && changed != 0) {
        if (sign > 0) putIntoHeap(set, group, line, body)
        else takeFromHeap(set, runs, group, line, body)
      }
      if (any == 0) forget(set, line, group + list)
    }
    if (changed == 0) continue
    const to = <usize>kept << 2
    store<u32>(<usize>load<u32>(set, KEPT_ROWS) + to, load<u32>(<usize>load<u32>(set, ROWS) + (i << 2)))
    store<u32>(<usize>load<u32>(set, KEPT_IDS) + to, id)
    store<u32>(<usize>load<u32>(set, KEPT_LINES) + to, <u32>group)
    store<u8>(<usize>load<u32>(set, KEPT_SIGNS) + <usize>kept, <u8>sign)
    store<u32>(<usize>load<u32>(set, KEPT_MASKS) + to, changed)
    all |= changed
    kept++
  }
  store<u32>(set, kept, KEPT)
  store<u32>(set, all, CHANGED)
  return k
}

/**
 * Adds what another group has of a value, the line `other`, to a group. The members that got the value and those that lost it are told.
 *
 * @returns Whether it was done: something may be missing.
 */
export function mergeValue(set: usize, other: usize, group: u32, groupLine: usize): bool {
  const body = bodyOffset(set)
  const ends = groupLine + <usize>load<u32>(set, LIST)
  const size = load<u32>(other, SIZE)
  const counted = load<u32>(set, COUNTED)
  const hash = groupHash(<u32>hashRun(other + body, size), group)
  let line = find(set, hash, group, other + body, size, body)
  if (line == 0) {
    line = create(set, hash, group, other + body, size, ends)
    if (line == 0) return false
  }
  const hasHeap = load<u32>(set, HEAP) != 0
  if (hasHeap && !readyHeap(set, <usize>load<u32>(set, RUNS), groupLine)) {
    store<u32>(set, MISSING_PAGE, MISSING)
    return false
  }
  let got: u32 = 0
  let lost: u32 = 0
  if (counted == 0) {
    const bits = load<u32>(line, BITS)
    got = load<u32>(other, BITS) & ~bits
    store<u32>(line, bits | got, BITS)
  } else {
    let any: i64 = 0
    for (let m: u32 = 0; m < counted; m++) {
      const at = line + (<usize>m << 3)
      const had = load<i64>(at, COUNTS)
      const has = had + load<i64>(other + (<usize>m << 3), COUNTS)
      store<i64>(at, has, COUNTS)
      any |= has
      if (had <= 0 && has > 0) got |= 1 << m
      else if (had > 0 && has <= 0) lost |= 1 << m
    }
    if (hasHeap && got != 0) putIntoHeap(set, groupLine, line, body)
    if (hasHeap && lost != 0) takeFromHeap(set, <usize>load<u32>(set, RUNS), groupLine, line, body)
    if (any == 0) forget(set, line, ends)
  }
  store<u32>(set, got, GOT)
  store<u32>(set, lost, LOST)
  return true
}

/** Forgets all values of a group, whose line is then its owner's to clear. */
export function forgetValues(set: usize, groupLine: usize): void {
  const runs = <usize>load<u32>(set, RUNS)
  const body = <u32>bodyOffset(set)
  if (load<u32>(set, HEAP)) freeHeap(set, runs, groupLine)
  let line = <usize>load<u32>(groupLine + <usize>load<u32>(set, LIST))
  while (line) {
    removeSlot(set, load<u32>(line, HASH), <u32>line)
    const next = <usize>load<u32>(line, NEXT)
    freeRun(runs, line, body + load<u32>(line, SIZE))
    line = next
  }
}

/** How many bytes the values of groups have as `writeMultisets` writes them. */
export function multisetSizes(set: usize, lines: usize, count: i32): f64 {
  const list = <usize>load<u32>(set, LIST)
  let total: f64 = 0
  for (let k = 0; k < count; k++) {
    let line = <usize>load<u32>(<usize>load<u32>(lines + (<usize>k << 2)) + list)
    total += 1 + MOST_VARINT
    for (; line; line = <usize>load<u32>(line, NEXT)) total += <f64>(load<u32>(line, SIZE) + COUNT_BYTES)
  }
  return total
}

const MOST_VARINT: f64 = 5
const COUNT_BYTES: u32 = 5

/** Writes the values of each group that the first member has to `bytes`, as one encoded MULTISET, and its cell. */
export function writeMultisets(set: usize, bytes: usize, lines: usize, count: i32, cells: usize, first: i32, step: i32): void {
  const body = bodyOffset(set)
  const list = <usize>load<u32>(set, LIST)
  let to = bytes
  for (let k = 0; k < count; k++) {
    const start = to
    const head = <usize>load<u32>(<usize>load<u32>(lines + (<usize>k << 2)) + list)
    let values: u32 = 0
    for (let line = head; line; line = <usize>load<u32>(line, NEXT)) values += u32(load<i64>(line, COUNTS) > 0)
    store<u8>(to++, 1)
    to = writeVarint(to, values)
    for (let line = head; line; line = <usize>load<u32>(line, NEXT)) {
      const times = load<i64>(line, COUNTS)
      if (times <= 0) continue
      const size = load<u32>(line, SIZE)
      copyRun(to, line + body, size)
      to += size
      store<u8>(to, 1)
      store<i32>(to, <i32>times, 1)
      to += COUNT_BYTES
    }
    const cell = cells + (<usize>(first + k * step) << 3)
    store<u32>(cell, <u32>start)
    store<u32>(cell, <u32>(to - start), 4)
  }
}
