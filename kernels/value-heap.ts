import { compareRuns, copyRun } from './bytes'
import { I128, TEXT, TS, readFixed } from './cells'
import { varintAt, varintEnd } from './keys'
import { cellOrder, textOrder } from './row-order'
import { freeRun, takeRun } from './runs'

// The least of the values of each group, or the greatest: a binary heap of their lines (`group-values.ts`), which know where in it they are, so that any of them can be taken out.
//
// A group's line has u32 address of the heap (u32 lines), u32 how many, u32 room, 4 unused bytes; without room the only line itself.
// Lines of values have, before the value, a u64 in the order of the values as far as 8 bytes tell it, and u32 place in the heap.
//
// What the kernels work on, behind that of `group-values.ts`, u32s: where the heap lies in a group's line (0: there are no heaps), form of the values, whether the greatest comes first.
export const HEAP = 116
const FORM = 120
const IS_GREATEST = 124

/** So many bytes of a line of a value come with a heap. */
export const HEAP_BYTES: usize = 16
const PLACE: usize = 8

const FIRST_ROOM: u32 = 4

/** Makes room for another value of a group; false: a page is missing. */
export function readyHeap(set: usize, runs: usize, group: usize): bool {
  const heap = group + <usize>load<u32>(set, HEAP)
  const room = load<u32>(heap, 8)
  const count = load<u32>(heap, 4)
  if (count < room || count == 0) return true
  const grown = room ? room * 2 : FIRST_ROOM
  const lines = takeRun(runs, grown << 2)
  if (lines == 0) return false
  if (room) {
    copyRun(lines, <usize>load<u32>(heap), room << 2)
    freeRun(runs, <usize>load<u32>(heap), room << 2)
  } else store<u32>(lines, load<u32>(heap))
  store<u32>(heap, <u32>lines)
  store<u32>(heap, grown, 8)
  return true
}

export function freeHeap(set: usize, runs: usize, group: usize): void {
  const heap = group + <usize>load<u32>(set, HEAP)
  const room = load<u32>(heap, 8)
  if (room) freeRun(runs, <usize>load<u32>(heap), room << 2)
}

/** Puts a value, whose line has its body at `body`, into the heap of its group, which has room. */
export function putIntoHeap(set: usize, group: usize, line: usize, body: usize): void {
  const heap = group + <usize>load<u32>(set, HEAP)
  const form = load<u32>(set, FORM)
  const payload = line + body + 1
  const order = form == TEXT ? textOrder(varintEnd(payload), varintAt(payload)) : cellOrder(form, payload, 0)
  store<u64>(line + body - HEAP_BYTES, load<u32>(set, IS_GREATEST) ? ~order : order)
  const count = load<u32>(heap, 4)
  store<u32>(heap, count + 1, 4)
  if (load<u32>(heap, 8) == 0) {
    store<u32>(heap, <u32>line)
    store<u32>(line + body - HEAP_BYTES + PLACE, 0)
    return
  }
  rise(set, <usize>load<u32>(heap), count, line, body)
}

/** Takes a value out of the heap of its group. */
export function takeFromHeap(set: usize, runs: usize, group: usize, line: usize, body: usize): void {
  const heap = group + <usize>load<u32>(set, HEAP)
  const lines = <usize>load<u32>(heap)
  const last = load<u32>(heap, 4) - 1
  store<u32>(heap, last, 4)
  const place = load<u32>(line + body - HEAP_BYTES + PLACE)
  if (place != last) fillHole(set, lines, place, last, body)
  if (last != 1 || load<u32>(heap, 8) != FIRST_ROOM) return
  // Most groups of many have one value.
  store<u32>(heap, load<u32>(lines))
  store<u32>(heap, 0, 8)
  freeRun(runs, lines, FIRST_ROOM << 2)
}

function fillHole(set: usize, lines: usize, place: u32, last: u32, body: usize): void {
  // The last one fills the hole, and goes up or down from there.
  const moved = <usize>load<u32>(lines + (<usize>last << 2))
  if (place > 0 && isBefore(set, moved, <usize>load<u32>(lines + (<usize>((place - 1) >> 1) << 2)), body)) rise(set, lines, place, moved, body)
  else sink(set, lines, place, last, moved, body)
}

// @ts-ignore: decorator
@inline
function put(lines: usize, place: u32, line: usize, body: usize): void {
  store<u32>(lines + (<usize>place << 2), <u32>line)
  store<u32>(line + body - HEAP_BYTES + PLACE, place)
}

function rise(set: usize, lines: usize, from: u32, line: usize, body: usize): void {
  let place = from
  while (place > 0) {
    const above = (place - 1) >> 1
    const other = <usize>load<u32>(lines + (<usize>above << 2))
    if (!isBefore(set, line, other, body)) break
    put(lines, place, other, body)
    place = above
  }
  put(lines, place, line, body)
}

function sink(set: usize, lines: usize, from: u32, count: u32, line: usize, body: usize): void {
  let place = from
  for (;;) {
    let below = place * 2 + 1
    if (below >= count) break
    let other = <usize>load<u32>(lines + (<usize>below << 2))
    if (below + 1 < count) {
      const right = <usize>load<u32>(lines + (<usize>(below + 1) << 2))
      if (isBefore(set, right, other, body)) {
        below++
        other = right
      }
    }
    if (!isBefore(set, other, line, body)) break
    put(lines, place, other, body)
    place = below
  }
  put(lines, place, line, body)
}

// @ts-ignore: decorator
@inline
function isBefore(set: usize, a: usize, b: usize, body: usize): bool {
  const orderA = load<u64>(a + body - HEAP_BYTES)
  const orderB = load<u64>(b + body - HEAP_BYTES)
  if (orderA != orderB) return orderA < orderB
  const compared = compareValues(load<u32>(set, FORM), a + body + 1, b + body + 1)
  return load<u32>(set, IS_GREATEST) ? compared > 0 : compared < 0
}

/** The order of two encoded values, behind their tags, whose first 8 bytes do not tell them apart. */
function compareValues(form: u32, a: usize, b: usize): i32 {
  if (form == TEXT) return compareRuns(varintEnd(a), varintAt(a), varintEnd(b), varintAt(b))
  if (form == I128) return i32(load<u64>(a) > load<u64>(b)) - i32(load<u64>(a) < load<u64>(b))
  if (form == TS) return i32(load<u32>(a, 8) > load<u32>(b, 8)) - i32(load<u32>(a, 8) < load<u32>(b, 8))
  return 0
}

/** The first value of each group, or a missing one. Texts are shown where they lie. Returns how many are missing. */
export function takeFirsts(set: usize, body: usize, lines: usize, count: i32, cells: usize, first: i32, step: i32, missing: usize): i32 {
  const form = load<u32>(set, FORM)
  let absent = 0
  for (let k = 0; k < count; k++) {
    const heap = <usize>load<u32>(lines + (<usize>k << 2)) + <usize>load<u32>(set, HEAP)
    const start = <usize>load<u32>(heap)
    const line: usize = load<u32>(heap, 8) ? <usize>load<u32>(start) : start
    absent += showValue(form, load<u32>(heap, 4) ? line + body : 0, cells, <usize>(first + k * step), missing + <usize>k)
  }
  return absent
}

/** An encoded value as a cell, a text where it lies; 0 for none, and then the answer is 1. */
// @ts-ignore: decorator
@inline
export function showValue(form: u32, value: usize, cells: usize, row: usize, missing: usize): i32 {
  store<u8>(missing, u8(value == 0))
  if (value == 0) {
    if (form == TEXT) store<u64>(cells + (row << 3), 0)
    return 1
  }
  const payload = value + 1
  if (form == TEXT) {
    store<u32>(cells + (row << 3), <u32>varintEnd(payload))
    store<u32>(cells + (row << 3), varintAt(payload), 4)
  } else readFixed(form, cells, row, payload)
  return 0
}
