import { copyRun, equalRuns, hashRun } from './bytes'

// What a function gave for a run of bytes, so that generated loops do not call it again for a value that repeats. A table of slots, of which a hash
// has four in a row; a new key that finds none free takes the place of an old one. Keys and texts are kept in a block that only fills up: whoever owns the memo empties both
// between two batches, for results may be shown until then.
//
//   memo: u32 slots, u32 mask (slots - 1; 0: off), u32 bytes, u32 used, u32 capacity, u32 lookups, u32 hits, u32 the slot that was found last
//   slot: u64 hash (0: empty), u32 key, u32 key length, u32 status, u32 unused, 16 bytes of the result's cell

const SLOT_BYTES = 48
const PLACES: u32 = 4
/** Longer keys and results cost more memory than a call is worth. */
const MAX_RUN: u32 = 4096

/** Place `i` of a hash. Slots come from its high bits, the low ones are compared. */
// @ts-ignore: decorator
@inline
function placeOf(memo: usize, hash: u64, i: u32): usize {
  return <usize>load<u32>(memo) + <usize>((<u32>(hash >> 32) + i) & load<u32>(memo, 4)) * SLOT_BYTES
}

// @ts-ignore: decorator
@inline
function hashOf(address: usize, length: usize): u64 {
  return hashRun(address, length) | 1
}

/** The slot of a key, or 0 when the memo does not have it. */
export function memoFind(memo: usize, address: usize, length: usize): usize {
  if (load<u32>(memo, 4) == 0) return 0
  store<u32>(memo, load<u32>(memo, 20) + 1, 20)
  // Times and the like come in runs of the same.
  const last = <usize>load<u32>(memo, 28)
  if (last != 0 && load<u64>(last) != 0 && <usize>load<u32>(last, 12) == length && equalRuns(load<u32>(last, 8), address, length)) {
    store<u32>(memo, load<u32>(memo, 24) + 1, 24)
    return last
  }
  const hash = hashOf(address, length)
  for (let i: u32 = 0; i < PLACES; i++) {
    const slot = placeOf(memo, hash, i)
    const found = load<u64>(slot)
    if (found == 0) return 0
    if (found != hash || <usize>load<u32>(slot, 12) != length || !equalRuns(load<u32>(slot, 8), address, length)) continue
    store<u32>(memo, load<u32>(memo, 24) + 1, 24)
    store<u32>(memo, <u32>slot, 28)
    return slot
  }
  return 0
}

/** Keeps what a call gave for a key: its status and its cell of `cellBytes`, which for `isView` shows a text that is kept too. */
export function memoStore(memo: usize, address: usize, length: u32, status: u32, cell: usize, cellBytes: u32, isView: bool): void {
  if (load<u32>(memo, 4) == 0) return
  const hasText = isView && status == 0
  const textLength = hasText ? load<u32>(cell, 4) : 0
  if (length > MAX_RUN || textLength > MAX_RUN) return
  const used = load<u32>(memo, 12)
  if (used + length + textLength > load<u32>(memo, 16)) return
  const key = <usize>load<u32>(memo, 8) + used
  store<u32>(memo, used + length + textLength, 12)
  copyRun(key, address, length)
  const hash = hashOf(address, length)
  // Of four that are taken one goes, chosen by bits of the hash that chose nothing yet.
  let slot = placeOf(memo, hash, <u32>hash >> 30)
  for (let i: u32 = 0; i < PLACES; i++) {
    const place = placeOf(memo, hash, i)
    if (load<u64>(place) != 0) continue
    slot = place
    break
  }
  store<u64>(slot, hash)
  store<u32>(slot, <u32>key, 8)
  store<u32>(slot, length, 12)
  store<u32>(slot, status, 16)
  if (hasText) {
    copyRun(key + length, load<u32>(cell), textLength)
    store<u32>(slot, <u32>key + length, 24)
    store<u32>(slot, textLength, 28)
  } else copyRun(slot + 24, cell, cellBytes)
}

/** Forgets everything but whether it is on. */
export function memoClear(memo: usize): void {
  memory.fill(load<u32>(memo), 0, <usize>(load<u32>(memo, 4) + 1) * SLOT_BYTES)
  store<u32>(memo, 0, 12)
  store<u64>(memo, 0, 20)
  store<u32>(memo, 0, 28)
}
