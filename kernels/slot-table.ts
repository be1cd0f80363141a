// Slots by hash: open addressing with linear probing. What a slot names (a record) is for its user to compare.
//
//   directory -> chunks of 2^17 slots (1 MiB; a smaller table is one smaller chunk) of 8 bytes: u32 hash, u32 record
//
// A slot's home comes from the high bits of the hash, so a table twice as large has the same order of homes. While a table grows, the old one is
// moved over from its start, a slice at a time: records with a home below `cursor` live in the new one, all others, new ones too, in the old one, so that
// a record is looked for in one table only. A slice ends before an empty slot, so that no run of neighbours is cut. The only exception are
// runs that go round the end of the old table: their front is left at its start until the last slice.
//
// A table that is not being moved holds no tombstones: removing shifts neighbours back.
//
// The header, u32s.
const DIRECTORY = 0
const BITS = 4
/** 0 when the table is not growing. */
const OLD_DIRECTORY = 8
const OLD_BITS = 12
/** Homes of the old table below it were moved. */
const CURSOR = 16
const COUNT = 20
/** Count at which the table must grow. */
const LIMIT = 24

const CHUNK_SHIFT: u32 = 17
const CHUNK_MASK: u32 = (1 << 17) - 1
/** Stands for a record that is no more; below the address of any. */
export const TOMBSTONE: u32 = 1

// @ts-ignore: decorator
@inline
export function slotAddress(directory: usize, slot: u32): usize {
  return <usize>load<u32>(directory + (<usize>(slot >> CHUNK_SHIFT) << 2)) + (<usize>(slot & CHUNK_MASK) << 3)
}

/** The record of a slot; an absent chunk is empty. */
// @ts-ignore: decorator
@inline
function recordAt(directory: usize, slot: u32): u32 {
  const chunk = <usize>load<u32>(directory + (<usize>(slot >> CHUNK_SHIFT) << 2))
  return chunk ? load<u32>(chunk + (<usize>(slot & CHUNK_MASK) << 3), 4) : 0
}

// Where the records of a hash begin; set by `chooseTable`. A slot with record 0 ends them, the next one is `(slot + 1) & mask`.
export let probeDirectory: usize = 0
export let probeMask: u32 = 0
export let probeSlot: u32 = 0

// @ts-ignore: decorator
@inline
export function chooseTable(table: usize, hash: u32): void {
  let directory = <usize>load<u32>(table, DIRECTORY)
  let bits = load<u32>(table, BITS)
  const oldDirectory = <usize>load<u32>(table, OLD_DIRECTORY)
  if (oldDirectory) {
    const oldBits = load<u32>(table, OLD_BITS)
    if (hash >> (32 - oldBits) >= load<u32>(table, CURSOR)) {
      directory = oldDirectory
      bits = oldBits
    }
  }
  probeDirectory = directory
  probeMask = (1 << bits) - 1
  probeSlot = hash >> (32 - bits)
}

/** Whether the table must grow before it takes another record. */
// @ts-ignore: decorator
@inline
export function isTableFull(table: usize): bool {
  return load<u32>(table, OLD_DIRECTORY) == 0 && load<u32>(table, COUNT) >= load<u32>(table, LIMIT)
}

/** Puts a record into a free slot. */
// @ts-ignore: decorator
@inline
export function fillSlot(table: usize, slot: usize, hash: u32, record: u32): void {
  store<u32>(slot, hash)
  store<u32>(slot, record, 4)
  store<u32>(table, load<u32>(table, COUNT) + 1, COUNT)
}

/** Takes a record, which is there, out of its slot. */
export function removeSlot(table: usize, hash: u32, record: u32): void {
  store<u32>(table, load<u32>(table, COUNT) - 1, COUNT)
  const oldDirectory = <usize>load<u32>(table, OLD_DIRECTORY)
  if (oldDirectory) {
    const oldBits = load<u32>(table, OLD_BITS)
    const home = hash >> (32 - oldBits)
    if (home >= load<u32>(table, CURSOR)) {
      let slot = home
      while (recordAt(oldDirectory, slot) != record) slot = (slot + 1) & ((1 << oldBits) - 1)
      store<u64>(slotAddress(oldDirectory, slot), <u64>TOMBSTONE << 32)
      return
    }
  }
  const directory = <usize>load<u32>(table, DIRECTORY)
  const bits = load<u32>(table, BITS)
  const mask: u32 = (1 << bits) - 1
  let hole = hash >> (32 - bits)
  while (recordAt(directory, hole) != record) hole = (hole + 1) & mask
  // Neighbours whose home is not behind the hole move into it.
  for (let slot = (hole + 1) & mask; recordAt(directory, slot) != 0; slot = (slot + 1) & mask) {
    const at = slotAddress(directory, slot)
    const home = load<u32>(at) >> (32 - bits)
    if (((slot - home) & mask) >= ((slot - hole) & mask)) {
      store<u64>(slotAddress(directory, hole), load<u64>(at))
      hole = slot
    }
  }
  store<u64>(slotAddress(directory, hole), 0)
}

/** Where a slice of about `slots` slots of the old table ends: before an empty slot, or at the table's end. */
export function migrationEnd(table: usize, slots: u32): u32 {
  const size: u32 = 1 << load<u32>(table, OLD_BITS)
  const directory = <usize>load<u32>(table, OLD_DIRECTORY)
  const cursor = load<u32>(table, CURSOR)
  if (slots >= size - cursor) return size
  let end = cursor + slots
  while (end < size && recordAt(directory, end) != 0) end++
  return end
}

/** Moves the old table's slots from the cursor to `end`, which `migrationEnd` gave, to the new one. At the end of the table the old one is done with. */
export function migrate(table: usize, end: u32): void {
  const oldDirectory = <usize>load<u32>(table, OLD_DIRECTORY)
  const oldBits = load<u32>(table, OLD_BITS)
  const size: u32 = 1 << oldBits
  const directory = <usize>load<u32>(table, DIRECTORY)
  const bits = load<u32>(table, BITS)
  for (let slot = load<u32>(table, CURSOR); slot < end; slot++) {
    const at = slotAddress(oldDirectory, slot)
    if (load<u32>(at, 4) <= TOMBSTONE) continue
    // A home behind the slot: the front of a run that went round the end.
    if (load<u32>(at) >> (32 - oldBits) > slot) continue
    place(directory, bits, load<u64>(at))
    store<u64>(at, <u64>TOMBSTONE << 32)
  }
  store<u32>(table, end, CURSOR)
  if (end < size) return
  for (let slot: u32 = 0; slot < size; slot++) {
    const at = slotAddress(oldDirectory, slot)
    const record = load<u32>(at, 4)
    if (record == 0) break
    if (record != TOMBSTONE) place(directory, bits, load<u64>(at))
  }
  store<u32>(table, 0, OLD_DIRECTORY)
}

// @ts-ignore: decorator
@inline
function place(directory: usize, bits: u32, entry: u64): void {
  const mask: u32 = (1 << bits) - 1
  let slot = <u32>entry >> (32 - bits)
  while (load<u32>(slotAddress(directory, slot), 4) != 0) slot = (slot + 1) & mask
  store<u64>(slotAddress(directory, slot), entry)
}
