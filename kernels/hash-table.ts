import { copyRun, equalRuns, hashRun } from './bytes'
import { TOMBSTONE, chooseTable, fillSlot, isTableFull, probeDirectory, probeMask, probeSlot, removeSlot, slotAddress } from './slot-table'

// An index from key bytes to dense group ids.
//
//   slots (`slot-table.ts`) -> record: u32 id, u32 length, key bytes; 8-byte aligned, from pages, reused through free lists by size
//   ids -> directory -> pages of 4096 x u32: record of a live id; (next free id + 1) << 1 | 1 of a free one
//
// The header behind that of the slots, u32s. Kernels allocate nothing: they stop and say what is missing, the owner provides it and calls again.
/** Ids below it were given at least once. */
const NEXT_ID = 28
/** A free id + 1, or 0. */
const FREE_ID = 32
const ID_DIRECTORY = 36
/** How many ids the pages of the directory hold. */
const ID_CAPACITY = 40
const RECORD_CURSOR = 44
const RECORD_END = 48
/** Out: why a call stopped. */
const MISSING = 52
const MISSING_BYTES = 56
/** Out: how many ids were given by a call, all together since the owner set it to 0. */
const CREATED = 60
/** 33 heads of lists by size in units of 8 bytes, then 32 by power of two. */
const FREE_RECORDS = 64

const MISSING_TABLE: u32 = 1
const MISSING_IDS: u32 = 2
const MISSING_RECORDS: u32 = 3

const ID_PAGE_SHIFT: u32 = 12
const RECORD_HEADER = 8

/**
 * The latest keys of a call by the low bits of their hashes, u32 hash and u32 record each: mostly few keys make up many rows of a batch, and these are found without
 * a look at a large table.
 */
const RECENT_KEYS = 256
const RECENT: usize = memory.data(RECENT_KEYS << 3, 8)

/** Where a key that was not found would go; set by `find`. */
let freeSlot: usize = 0

/** The record of a key, or 0. */
// @ts-ignore: decorator
@inline
function find(table: usize, hash: u32, key: usize, length: u32): u32 {
  chooseTable(table, hash)
  const directory = probeDirectory
  const mask = probeMask
  let slot = probeSlot
  let reusable: usize = 0
  while (true) {
    const at = slotAddress(directory, slot)
    const record = load<u32>(at, 4)
    if (record == 0) {
      freeSlot = reusable ? reusable : at
      return 0
    }
    if (record == TOMBSTONE) {
      if (!reusable) reusable = at
    } else if (load<u32>(at) == hash && load<u32>(record, 4) == length && equalRuns(record + RECORD_HEADER, key, length)) {
      return record
    }
    slot = (slot + 1) & mask
  }
}

/**
 * Sets `ids[i]` to the id of key `i` for `from` to `count - 1`; a key that is new gets an id, which is also appended to `created`.
 *
 * @returns `count`, or the first key that was not done because something is missing.
 */
export function groupIds(
  table: usize,
  keys: usize,
  offsets: usize,
  hashes: usize,
  from: i32,
  count: i32,
  ids: usize,
  created: usize,
): i32 {
  const remembers = count - from >= RECENT_KEYS
  if (remembers) memory.fill(RECENT, 0, RECENT_KEYS << 3)
  for (let i = from; i < count; i++) {
    const offset = load<u32>(offsets + (<usize>i << 2))
    const length = load<u32>(offsets + (<usize>i << 2), 4) - offset
    const key = keys + <usize>offset
    const hash = load<u32>(hashes + (<usize>i << 2))
    const recent = RECENT + (<usize>(hash & (RECENT_KEYS - 1)) << 3)
    let record: u32 = 0
    if (remembers) {
      if (load<u32>(recent) == hash) record = load<u32>(recent, 4)
      if (record != 0 && load<u32>(record, 4) == length && equalRuns(record + RECORD_HEADER, key, length)) {
        store<u32>(ids + (<usize>i << 2), load<u32>(record))
        continue
      }
    }
    record = find(table, hash, key, length)
    if (record == 0) {
      record = insert(table, hash, key, length)
      if (record == 0) return i
      const place = load<u32>(table, CREATED)
      store<u32>(created + (<usize>place << 2), load<u32>(record))
      store<u32>(table, place + 1, CREATED)
    }
    store<u32>(ids + (<usize>i << 2), load<u32>(record))
    if (remembers) {
      store<u32>(recent, hash)
      store<u32>(recent, record, 4)
    }
  }
  return count
}

/** Sets `ids[i]` to the id of key `i`, or -1. */
export function findGroupIds(table: usize, keys: usize, offsets: usize, hashes: usize, count: i32, ids: usize): void {
  for (let i = 0; i < count; i++) {
    const offset = load<u32>(offsets + (<usize>i << 2))
    const length = load<u32>(offsets + (<usize>i << 2), 4) - offset
    const record = find(table, load<u32>(hashes + (<usize>i << 2)), keys + <usize>offset, length)
    store<i32>(ids + (<usize>i << 2), record ? load<i32>(record) : -1)
  }
}

/** Puts a key into the slot that `find` left; returns its record, or 0 when something is missing. */
function insert(table: usize, hash: u32, key: usize, length: u32): u32 {
  if (isTableFull(table)) {
    store<u32>(table, MISSING_TABLE, MISSING)
    return 0
  }
  const freeId = load<u32>(table, FREE_ID)
  if (freeId == 0 && load<u32>(table, NEXT_ID) >= load<u32>(table, ID_CAPACITY)) {
    store<u32>(table, MISSING_IDS, MISSING)
    return 0
  }
  const record = takeRecord(table, length + RECORD_HEADER)
  if (record == 0) return 0
  let id: u32
  if (freeId) {
    id = freeId - 1
    store<u32>(table, load<u32>(idSlot(table, id)) >> 1, FREE_ID)
  } else {
    id = load<u32>(table, NEXT_ID)
    store<u32>(table, id + 1, NEXT_ID)
  }
  store<u32>(idSlot(table, id), record)
  store<u32>(record, id)
  store<u32>(record, length, 4)
  copyRun(record + RECORD_HEADER, key, length)
  fillSlot(table, freeSlot, hash, record)
  return record
}

// @ts-ignore: decorator
@inline
function idSlot(table: usize, id: u32): usize {
  const page = <usize>load<u32>(<usize>load<u32>(table, ID_DIRECTORY) + (<usize>(id >> ID_PAGE_SHIFT) << 2))
  return page + (<usize>(id & ((1 << ID_PAGE_SHIFT) - 1)) << 2)
}

/** Index of the free list for records of `size` bytes: by 8 bytes to 256, then by powers of two. */
// @ts-ignore: decorator
@inline
function sizeClass(size: u32): u32 {
  return size <= 256 ? (size + 7) >> 3 : 33 + (32 - clz<u32>(size - 1)) - 9
}

// @ts-ignore: decorator
@inline
function classSize(index: u32): u32 {
  return index <= 32 ? index << 3 : 1 << (index - 33 + 9)
}

function takeRecord(table: usize, size: u32): u32 {
  const index = sizeClass(size)
  const list = table + FREE_RECORDS + (<usize>index << 2)
  const free = load<u32>(list)
  if (free) {
    store<u32>(list, load<u32>(free))
    return free
  }
  const taken = classSize(index)
  const record = load<u32>(table, RECORD_CURSOR)
  if (load<u32>(table, RECORD_END) - record < taken) {
    store<u32>(table, MISSING_RECORDS, MISSING)
    store<u32>(table, taken, MISSING_BYTES)
    return 0
  }
  store<u32>(table, record + taken, RECORD_CURSOR)
  return record
}

/** The record of a live id (u32 id, u32 length, bytes), or 0. */
export function groupRecord(table: usize, id: u32): u32 {
  if (id >= load<u32>(table, NEXT_ID)) return 0
  const record = load<u32>(idSlot(table, id))
  return record & 1 ? 0 : record
}

/** The address of the key of each live id, behind its first `skip` bytes. */
export function keyPlaces(table: usize, ids: usize, count: i32, skip: u32, places: usize): void {
  for (let i: usize = 0; i < <usize>count; i++) {
    const record = load<u32>(idSlot(table, load<u32>(ids + (i << 2))))
    store<u32>(places + (i << 2), record + RECORD_HEADER + skip)
  }
}

/**
 * Writes the keys of live ids with another prefix of the same length one behind the other to `keys`, of `room` bytes, with their offsets.
 *
 * @returns How many there was room for.
 */
export function renameKeys(
  table: usize,
  ids: usize,
  count: i32,
  prefix: usize,
  prefixLength: u32,
  keys: usize,
  room: u32,
  offsets: usize,
): i32 {
  let total: u32 = 0
  store<u32>(offsets, 0)
  for (let i = 0; i < count; i++) {
    const record = load<u32>(idSlot(table, load<u32>(ids + (<usize>i << 2))))
    const length = load<u32>(record, 4)
    if (length > room - total) return i
    const key = keys + <usize>total
    copyRun(key, prefix, prefixLength)
    copyRun(key + <usize>prefixLength, record + RECORD_HEADER + prefixLength, length - prefixLength)
    total += length
    store<u32>(offsets + (<usize>i << 2), total, 4)
  }
  return count
}

/** The first live id that is not below `id`, or -1. */
export function nextGroup(table: usize, id: u32): i32 {
  const end = load<u32>(table, NEXT_ID)
  for (; id < end; id++) {
    if ((load<u32>(idSlot(table, id)) & 1) == 0) return id
  }
  return -1
}

/** Forgets live groups; their ids will be given again. */
export function removeGroups(table: usize, ids: usize, count: i32): void {
  for (let i = 0; i < count; i++) removeGroup(table, load<u32>(ids + (<usize>i << 2)))
}

function removeGroup(table: usize, id: u32): void {
  const place = idSlot(table, id)
  const record = load<u32>(place)
  const length = load<u32>(record, 4)
  removeSlot(table, <u32>hashRun(record + RECORD_HEADER, length), record)
  const list = table + FREE_RECORDS + (<usize>sizeClass(length + RECORD_HEADER) << 2)
  store<u32>(record, load<u32>(list))
  store<u32>(list, record)
  store<u32>(place, (load<u32>(table, FREE_ID) << 1) | 1)
  store<u32>(table, id + 1, FREE_ID)
}
