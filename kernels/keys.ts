import { copyRun, hashRun, isNullAt, rowAt, writeVarint } from './bytes'
import { ENCODED, F32, F64, I128, I64, NULL, TEXT, TS, readFixed, writeFixed } from './cells'

// Encodes the key columns of a batch as `src/data/row-encoding.ts` encodes values: a tag of one byte, 0 for NULL, else 1 and the payload.
//
// A key column is described by 16 bytes: u32 form, u32 cells, u32 nulls, u32 nulls of the ROW column that it is a field of (0: of none, or never
// NULL). A ROW is described by form ROW, which has only the tag, followed by its fields, which are left out where the ROW is NULL.
//
// Work goes by columns: first the sizes of all keys, then each column writes behind what the columns before it wrote.

const DESCRIPTOR = 16

/**
 * Sets `offsets[i]` to where the key of selected row `from + i` starts, `offsets[count]` to where the last one ends.
 *
 * @returns How many keys: all up to `to`, or fewer, at least one, if they would take more than `limit` bytes.
 */
export function keySizes(
  descriptors: usize,
  columns: i32,
  selection: usize,
  from: i32,
  to: i32,
  limit: u32,
  offsets: usize,
): i32 {
  const count = to - from
  const sizes = offsets + 4
  let fixed: u32 = 0
  let varying = 0
  for (let c = 0; c < columns; c++) {
    const d = descriptors + <usize>c * DESCRIPTOR
    if (isFixed(d)) fixed += 1 + payloadSize(load<u32>(d))
    else varying++
  }
  if (varying == 0) {
    const fitting = fixed == 0 ? count : min<i32>(count, max<i32>(1, limit / fixed))
    for (let i = 0; i <= fitting; i++) store<u32>(offsets + (<usize>i << 2), <u32>i * fixed)
    return fitting
  }
  for (let i = 0; i < count; i++) store<u32>(sizes + (<usize>i << 2), fixed)
  for (let c = 0; c < columns; c++) {
    const d = descriptors + <usize>c * DESCRIPTOR
    const form = load<u32>(d)
    const nulls = <usize>load<u32>(d, 8)
    const parent = <usize>load<u32>(d, 12)
    if (form == TEXT || form == ENCODED) addTextSizes(<usize>load<u32>(d, 4), nulls, parent, form == TEXT, selection, from, count, sizes)
    else if (nulls != 0 || parent != 0) addNullableSizes(payloadSize(form), nulls, parent, selection, from, count, sizes)
  }
  let total: u32 = 0
  store<u32>(offsets, 0)
  for (let i = 0; i < count; i++) {
    const slot = sizes + (<usize>i << 2)
    const size = load<u32>(slot)
    if (i > 0 && (size > limit || total > limit - size)) return i
    total += size
    store<u32>(slot, total)
  }
  return count
}

/** Whether the keys of all rows have the same number of bytes from a column. */
// @ts-ignore: decorator
@inline
function isFixed(d: usize): bool {
  const form = load<u32>(d)
  return load<u32>(d, 8) == 0 && load<u32>(d, 12) == 0 && form != TEXT && form != ENCODED
}

function payloadSize(form: u32): u32 {
  if (form <= I64) return 1 << form
  if (form == I128) return 16
  if (form == TS) return 12
  if (form == F32) return 4
  return form == F64 ? 8 : 0
}

function addNullableSizes(payload: u32, nulls: usize, parent: usize, selection: usize, from: i32, count: i32, sizes: usize): void {
  for (let i = 0; i < count; i++) {
    const row = rowAt(selection, from + i)
    const slot = sizes + (<usize>i << 2)
    if (!isNullAt(parent, row)) store<u32>(slot, load<u32>(slot) + (isNullAt(nulls, row) ? 1 : 1 + payload))
  }
}

function addTextSizes(
  cells: usize,
  nulls: usize,
  parent: usize,
  hasPrefix: bool,
  selection: usize,
  from: i32,
  count: i32,
  sizes: usize,
): void {
  for (let i = 0; i < count; i++) {
    const row = rowAt(selection, from + i)
    if (isNullAt(parent, row)) continue
    let size: u32 = 1
    if (!isNullAt(nulls, row)) {
      const length = load<u32>(cells + (<usize>row << 3), 4)
      size = hasPrefix ? 1 + varintSize(length) + length : length
    }
    const slot = sizes + (<usize>i << 2)
    store<u32>(slot, load<u32>(slot) + size)
  }
}

// @ts-ignore: decorator
@inline
export function varintSize(value: u32): u32 {
  return value < 0x80 ? 1 : (38 - clz<u32>(value)) / 7
}

/** Writes the keys of selected rows `from` to `from + count - 1` to `out`, at the offsets that `keySizes` gave. */
export function writeKeys(descriptors: usize, columns: i32, selection: usize, from: i32, count: i32, offsets: usize, out: usize): void {
  let varying = 0
  for (let c = 0; c < columns; c++) varying += i32(!isFixed(descriptors + <usize>c * DESCRIPTOR))
  if (varying == 0) {
    const size = load<u32>(offsets, 4)
    for (let c = 0; c < columns; c++) {
      const d = descriptors + <usize>c * DESCRIPTOR
      const form = load<u32>(d)
      writeColumn(form, <usize>load<u32>(d, 4), selection, from, count, out, size)
      out += 1 + payloadSize(form)
    }
    return
  }
  // While columns are written, offsets[i + 1] is the place in key i where the next column goes; in the end that is where key i ends.
  memory.copy(offsets + 4, offsets, <usize>count << 2)
  const places = offsets + 4
  for (let c = 0; c < columns; c++) {
    const d = descriptors + <usize>c * DESCRIPTOR
    const form = load<u32>(d)
    const cells = <usize>load<u32>(d, 4)
    const nulls = <usize>load<u32>(d, 8)
    const parent = <usize>load<u32>(d, 12)
    if (form == I64) writeWords(cells, nulls, parent, selection, from, count, places, out)
    else if (form == TEXT) writeTexts(cells, nulls, parent, selection, from, count, places, out)
    else writeOthers(form, cells, nulls, parent, selection, from, count, places, out)
  }
}

/** Writes a column without NULLs to keys that are all of `size` bytes; `out` is where it goes in the first key. */
function writeColumn(form: u32, cells: usize, selection: usize, from: i32, count: i32, out: usize, size: u32): void {
  if (form == I64) {
    for (let i = 0; i < count; i++, out += size) {
      store<u8>(out, 1)
      store<u64>(out, load<u64>(cells + (<usize>rowAt(selection, from + i) << 3)), 1)
    }
    return
  }
  for (let i = 0; i < count; i++, out += size) {
    store<u8>(out, form == NULL ? 0 : 1)
    writeFixed(form, cells, rowAt(selection, from + i), out + 1)
  }
}

function writeWords(cells: usize, nulls: usize, parent: usize, selection: usize, from: i32, count: i32, places: usize, out: usize): void {
  for (let i = 0; i < count; i++) {
    const row = rowAt(selection, from + i)
    if (isNullAt(parent, row)) continue
    const slot = places + (<usize>i << 2)
    const place = load<u32>(slot)
    const at = out + <usize>place
    if (isNullAt(nulls, row)) {
      store<u8>(at, 0)
      store<u32>(slot, place + 1)
      continue
    }
    store<u8>(at, 1)
    store<u64>(at, load<u64>(cells + (<usize>row << 3)), 1)
    store<u32>(slot, place + 9)
  }
}

function writeTexts(cells: usize, nulls: usize, parent: usize, selection: usize, from: i32, count: i32, places: usize, out: usize): void {
  for (let i = 0; i < count; i++) {
    const row = rowAt(selection, from + i)
    if (isNullAt(parent, row)) continue
    const slot = places + (<usize>i << 2)
    const place = load<u32>(slot)
    let at = out + <usize>place
    if (isNullAt(nulls, row)) {
      store<u8>(at, 0)
      store<u32>(slot, place + 1)
      continue
    }
    const cell = cells + (<usize>row << 3)
    const length = load<u32>(cell, 4)
    store<u8>(at, 1)
    at = writeVarint(at + 1, length)
    copyRun(at, load<u32>(cell), length)
    store<u32>(slot, <u32>(at + length - out))
  }
}

function writeOthers(
  form: u32,
  cells: usize,
  nulls: usize,
  parent: usize,
  selection: usize,
  from: i32,
  count: i32,
  places: usize,
  out: usize,
): void {
  const payload = payloadSize(form)
  for (let i = 0; i < count; i++) {
    const row = rowAt(selection, from + i)
    if (isNullAt(parent, row)) continue
    const slot = places + (<usize>i << 2)
    const place = load<u32>(slot)
    const at = out + <usize>place
    if (form == NULL || isNullAt(nulls, row)) {
      store<u8>(at, 0)
      store<u32>(slot, place + 1)
      continue
    }
    if (form == ENCODED) {
      const cell = cells + (<usize>row << 3)
      const length = load<u32>(cell, 4)
      copyRun(at, load<u32>(cell), length)
      store<u32>(slot, place + length)
      continue
    }
    store<u8>(at, 1)
    writeFixed(form, cells, row, at + 1)
    store<u32>(slot, place + 1 + payload)
  }
}

/** 32 hash bits of each key, the low ones of its `hashBytes`. */
export function hashKeys(keys: usize, offsets: usize, count: i32, hashes: usize): void {
  for (let i = 0; i < count; i++) {
    const slot = offsets + (<usize>i << 2)
    const start = load<u32>(slot)
    store<u32>(hashes + (<usize>i << 2), <u32>hashRun(keys + <usize>start, <usize>(load<u32>(slot, 4) - start)))
  }
}

/** The key group of each hash, 0 to `groupCount - 1`, as i32. */
export function keyGroups(hashes: usize, count: i32, groupCount: u32, groups: usize): void {
  for (let i = 0; i < count; i++) {
    store<u32>(groups + (<usize>i << 2), keyGroup(load<u32>(hashes + (<usize>i << 2)), groupCount))
  }
}

/** The key group of one hash. Mixed once more (murmur3's last step), for tables take their slots from the same bits. */
export function keyGroup(hash: u32, groupCount: u32): u32 {
  hash = (hash ^ (hash >> 16)) * 0x85ebca6b
  hash = (hash ^ (hash >> 13)) * 0xc2b2ae35
  hash ^= hash >> 16
  return (groupCount & (groupCount - 1)) == 0 ? hash & (groupCount - 1) : hash % groupCount
}

/**
 * Reads a column of a fixed width or of texts from encoded keys: the part of key i lies at `places[i]`, which then is that of the next column. Texts are shown where they
 * lie in the keys. Values go to row `first` on; `missing[i]` says whether one is NULL. Returns how many are.
 */
export function readKeys(form: u32, places: usize, count: i32, cells: usize, first: i32, missing: usize): i32 {
  const payload = payloadSize(form)
  let absent = 0
  for (let i = 0; i < count; i++) {
    const slot = places + (<usize>i << 2)
    let at = <usize>load<u32>(slot)
    const row = <usize>(first + i)
    const isNull = load<u8>(at++) == 0
    store<u8>(missing + <usize>i, u8(isNull))
    if (isNull) {
      absent++
      if (form == TEXT) store<u64>(cells + (row << 3), 0)
    } else if (form == TEXT) {
      const length = varintAt(at)
      at = varintEnd(at)
      store<u32>(cells + (row << 3), at)
      store<u32>(cells + (row << 3), length, 4)
      at += <usize>length
    } else {
      readFixed(form, cells, row, at)
      at += <usize>payload
    }
    store<u32>(slot, at)
  }
  return absent
}

/** The length before a text. */
// @ts-ignore: decorator
@inline
export function varintAt(at: usize): u32 {
  let byte = load<u8>(at)
  let length = <u32>(byte & 0x7f)
  for (let shift: u32 = 7; byte >= 0x80; shift += 7) {
    byte = load<u8>(++at)
    length |= <u32>(byte & 0x7f) << shift
  }
  return length
}

/** Where the text begins. */
// @ts-ignore: decorator
@inline
export function varintEnd(at: usize): usize {
  while (load<u8>(at) >= 0x80) at++
  return at + 1
}
