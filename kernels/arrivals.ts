import { copyRun, hashRun, writeVarint } from './bytes'
import { TEXT } from './cells'
import { GROUP, HASH, NEXT, SIZE, find, groupHash, linkLast, slotAt, unlink } from './group-values'
import { varintAt, varintEnd, varintSize } from './keys'
import { freeRun, takeRun } from './runs'
import { fillSlot, isTableFull, removeSlot } from './slot-table'
import { showValue } from './value-heap'

// All values of each group in the order in which they came, equal ones too: what FIRST_VALUE, LAST_VALUE, LISTAGG and ARRAY_AGG keep. A value is a line:
//
//   u32 next, u32 previous of the same group; u32 bytes of the value; where rows are also taken back: u32 group, u32 hash, u32 next of its equals in the group,
//   u32 last of them; the encoded value (`keys.ts`)
//
// Equal values of a group are a list of their own, whose first line a slot names; it alone knows the last one. What is taken back is the first of its equals: its
// place in the slot goes to the next one. A value that is not there is not taken back. The group's line holds the first and the last line of its list.
// Up to the hash it is as the line of a value that is counted (`group-values.ts`), and found in the same way.
const APPENDED_BODY: usize = 12
const NEXT_EQUAL = 20
/** Of the first of its equals; 0 in the others. */
const LAST_EQUAL = 24
const CHANGING_BODY: usize = 28

// What the kernels work on, u32s, behind the header of the slots: runs; where the ends of a list lie in a group's line; whether rows are also taken back.
const RUNS = 28
const LIST = 32
const IS_CHANGING = 36
/** Encoded values, as the key encoder has them. */
const KEYS = 40
const OFFSETS = 44
const HASHES = 48
/** Rows: groups, groups' lines, signs. */
const IDS = 52
const LINES = 56
const SIGNS = 60
/** Out: why a call stopped. */
const MISSING = 64

const MISSING_SLOTS: u32 = 1
const MISSING_PAGE: u32 = 2

// @ts-ignore: decorator
@inline
function bodyOffset(set: usize): usize {
  return load<u32>(set, IS_CHANGING) ? CHANGING_BODY : APPENDED_BODY
}

/** Puts a value behind those of its group; false: something is missing. */
function append(set: usize, hash: u32, group: u32, ends: usize, value: usize, size: u32): bool {
  const isChanging = load<u32>(set, IS_CHANGING) != 0
  const equal = isChanging ? find(set, hash, group, value, size, CHANGING_BODY) : 0
  if (isChanging && equal == 0 && isTableFull(set)) {
    store<u32>(set, MISSING_SLOTS, MISSING)
    return false
  }
  const body = bodyOffset(set)
  const line = takeRun(<usize>load<u32>(set, RUNS), <u32>body + size)
  if (line == 0) {
    store<u32>(set, MISSING_PAGE, MISSING)
    return false
  }
  linkLast(line, ends)
  store<u32>(line, size, SIZE)
  copyRun(line + body, value, size)
  if (!isChanging) return true
  store<u32>(line, group, GROUP)
  store<u32>(line, hash, HASH)
  store<u32>(line, 0, NEXT_EQUAL)
  if (equal) {
    store<u32>(<usize>load<u32>(equal, LAST_EQUAL), <u32>line, NEXT_EQUAL)
    store<u32>(equal, <u32>line, LAST_EQUAL)
    store<u32>(line, 0, LAST_EQUAL)
  } else {
    store<u32>(line, <u32>line, LAST_EQUAL)
    fillSlot(set, slotAt, hash, <u32>line)
  }
  return true
}

function takeBack(set: usize, hash: u32, group: u32, ends: usize, value: usize, size: u32): void {
  const line = find(set, hash, group, value, size, CHANGING_BODY)
  if (line == 0) return
  const equal = load<u32>(line, NEXT_EQUAL)
  if (equal) {
    store<u32>(equal, load<u32>(line, LAST_EQUAL), LAST_EQUAL)
    store<u32>(slotAt, equal, 4)
  } else removeSlot(set, hash, <u32>line)
  unlink(line, ends)
  freeRun(<usize>load<u32>(set, RUNS), line, <u32>CHANGING_BODY + size)
}

/**
 * Adds or takes back rows `from` to `from + count - 1`, whose values are encoded values 0 and up.
 *
 * @param first The first value to be done: not 0 in a call that goes on after a stop.
 * @returns `count`, or the first value that was not done because something is missing.
 */
export function addArrivals(set: usize, from: i32, first: i32, count: i32): i32 {
  const keys = <usize>load<u32>(set, KEYS)
  const offsets = <usize>load<u32>(set, OFFSETS)
  const hashes = <usize>load<u32>(set, HASHES)
  const ids = <usize>load<u32>(set, IDS)
  const lines = <usize>load<u32>(set, LINES)
  const signs = <usize>load<u32>(set, SIGNS)
  const list = <usize>load<u32>(set, LIST)
  for (let k = first; k < count; k++) {
    const i = <usize>(from + k)
    const offset = load<u32>(offsets + (<usize>k << 2))
    const size = load<u32>(offsets + (<usize>k << 2), 4) - offset
    const value = keys + <usize>offset
    const group = load<u32>(ids + (i << 2))
    const hash = groupHash(load<u32>(hashes + (<usize>k << 2)), group)
    const ends = <usize>load<u32>(lines + (i << 2)) + list
    if (load<i8>(signs + i) < 0) takeBack(set, hash, group, ends, value, size)
    else if (!append(set, hash, group, ends, value, size)) return k
  }
  return count
}

/** Puts one encoded value behind those of a group, or takes it back; false: something is missing. */
export function addArrival(set: usize, value: usize, size: u32, group: u32, groupLine: usize, sign: i32): bool {
  const hash = groupHash(<u32>hashRun(value, size), group)
  const ends = groupLine + <usize>load<u32>(set, LIST)
  if (sign > 0) return append(set, hash, group, ends, value, size)
  takeBack(set, hash, group, ends, value, size)
  return true
}

/** Forgets all values of a group, whose line is then its owner's to clear. */
export function forgetArrivals(set: usize, groupLine: usize): void {
  const runs = <usize>load<u32>(set, RUNS)
  const isChanging = load<u32>(set, IS_CHANGING) != 0
  const body = <u32>bodyOffset(set)
  let line = <usize>load<u32>(groupLine + <usize>load<u32>(set, LIST))
  while (line) {
    if (isChanging && load<u32>(line, LAST_EQUAL)) removeSlot(set, load<u32>(line, HASH), <u32>line)
    const next = <usize>load<u32>(line, NEXT)
    freeRun(runs, line, body + load<u32>(line, SIZE))
    line = next
  }
}

/** The first value of each group, or the last one (`end` 4), or a missing one. Texts are shown where they lie. Returns how many are missing. */
export function takeArrivals(
  set: usize,
  end: usize,
  form: u32,
  lines: usize,
  count: i32,
  cells: usize,
  first: i32,
  step: i32,
  missing: usize,
): i32 {
  const body = bodyOffset(set)
  const at = <usize>load<u32>(set, LIST) + end
  let absent = 0
  for (let k = 0; k < count; k++) {
    const line = <usize>load<u32>(<usize>load<u32>(lines + (<usize>k << 2)) + at)
    absent += showValue(form, line ? line + body : 0, cells, <usize>(first + k * step), missing + <usize>k)
  }
  return absent
}

/** How many bytes the lists of groups have as `writeLists` writes them. */
export function listSizes(set: usize, form: u32, separatorLength: u32, lines: usize, count: i32): f64 {
  const body = bodyOffset(set)
  const list = <usize>load<u32>(set, LIST)
  let total: f64 = 0
  for (let k = 0; k < count; k++) {
    let values: u32 = 0
    let line = <usize>load<u32>(<usize>load<u32>(lines + (<usize>k << 2)) + list)
    if (line == 0) continue
    for (; line; line = <usize>load<u32>(line, NEXT)) {
      values++
      total += <f64>(form == TEXT ? varintAt(line + body + 1) + separatorLength : load<u32>(line, SIZE))
    }
    total += form == TEXT ? -<f64>separatorLength : <f64>(1 + varintSize(values))
  }
  return total
}

/** Writes the values of each group to `bytes`: texts with a separator between them, values of any other form as one encoded ARRAY. Returns how many groups have none. */
export function writeLists(
  set: usize,
  form: u32,
  separator: usize,
  separatorLength: u32,
  bytes: usize,
  lines: usize,
  count: i32,
  cells: usize,
  first: i32,
  step: i32,
  missing: usize,
): i32 {
  const body = bodyOffset(set)
  const list = <usize>load<u32>(set, LIST)
  let absent = 0
  let to = bytes
  for (let k = 0; k < count; k++) {
    const start = to
    const head = <usize>load<u32>(<usize>load<u32>(lines + (<usize>k << 2)) + list)
    store<u8>(missing + <usize>k, u8(head == 0))
    absent += i32(head == 0)
    if (form == TEXT) {
      for (let line = head; line; line = <usize>load<u32>(line, NEXT)) {
        if (line != head) {
          copyRun(to, separator, separatorLength)
          to += separatorLength
        }
        const length = varintAt(line + body + 1)
        copyRun(to, varintEnd(line + body + 1), length)
        to += length
      }
    } else if (head) {
      let values: u32 = 0
      for (let line = head; line; line = <usize>load<u32>(line, NEXT)) values++
      store<u8>(to++, 1)
      to = writeVarint(to, values)
      for (let line = head; line; line = <usize>load<u32>(line, NEXT)) {
        const size = load<u32>(line, SIZE)
        copyRun(to, line + body, size)
        to += size
      }
    }
    const cell = cells + (<usize>(first + k * step) << 3)
    store<u32>(cell, <u32>start)
    store<u32>(cell, <u32>(to - start), 4)
  }
  return absent
}
