import { copyRun, isNullAt, rowAt } from './bytes'
import { formatDate } from './text'
import { DATE, RAW, TEXT, TIMESTAMP, TIMESTAMP_Z } from './value-forms'
import { formatMoment, writeBare } from './value-text'

// Writes rows as JSON objects, one a line. The context, u32s: selection, columns, descriptors, whether fields that are NULL are left out, the byte between date and time, where
// to write, where the room ends; out: the end of what was written. A descriptor is u32 form, u32 cells, u32 nulls, u32 scale, u32 address and u32 length of `"name":`.
const SELECTION = 0
const COLUMNS = 4
const DESCRIPTORS = 8
const SKIPS_NULLS = 12
const SEPARATOR = 16
const TARGET = 20
const ROOM_END = 24
const END = 28

const DESCRIPTOR = 24

/** The longest value that is no text, with quotes, and its comma. */
const LONGEST: u32 = 48

/**
 * Writes rows from place `from` on, to the first with which at least `limit` bytes are written.
 *
 * @returns The next place: that behind the last row that was written; the rest has no room, or a value that must be written the slow way.
 */
export function encodeJson(context: usize, from: i32, to: i32, limit: u32): i32 {
  const selection = <usize>load<u32>(context, SELECTION)
  const columns = load<u32>(context, COLUMNS)
  const descriptors = <usize>load<u32>(context, DESCRIPTORS)
  const skipsNulls = load<u32>(context, SKIPS_NULLS) != 0
  const target = <usize>load<u32>(context, TARGET)
  const roomEnd = <usize>load<u32>(context, ROOM_END)
  let at = target
  let i = from
  for (; i < to; i++) {
    if (<u32>(at - target) >= limit) break
    const row = rowAt(selection, i)
    let room: u64 = 3
    for (let c: u32 = 0; c < columns; c++) {
      const d = descriptors + <usize>c * DESCRIPTOR
      const form = load<u32>(d)
      room += LONGEST + load<u32>(d, 20)
      // A byte may become six.
      if (form == TEXT || form == RAW) room += <u64>load<u32>(<usize>load<u32>(d, 4) + (<usize>row << 3), 4) * (form == TEXT ? 6 : 1)
    }
    if (room > <u64>(roomEnd - at)) break
    const start = at
    store<u8>(at++, 0x7b)
    for (let c: u32 = 0; c < columns; c++) {
      const d = descriptors + <usize>c * DESCRIPTOR
      const isNull = isNullAt(<usize>load<u32>(d, 8), row)
      if (isNull && skipsNulls) continue
      if (at != start + 1) store<u8>(at++, 0x2c)
      const nameLength = load<u32>(d, 20)
      copyRun(at, <usize>load<u32>(d, 16), nameLength)
      at += <usize>nameLength
      if (isNull) {
        store<u32>(at, 0x6c6c756e)
        at += 4
        continue
      }
      at = writeJsonValue(context, d, row, at)
      if (at == 0) {
        store<u32>(context, start, END)
        return i
      }
    }
    store<u16>(at, 0x0a7d)
    at += 2
  }
  store<u32>(context, at, END)
  return i
}

/** Returns the address behind a value, 0 when it must be written the slow way. */
// @ts-ignore: decorator
@inline
function writeJsonValue(context: usize, d: usize, row: i32, at: usize): usize {
  const form = load<u32>(d)
  const cell = <usize>load<u32>(d, 4) + (<usize>row << 3)
  switch (form) {
    case TEXT:
      return writeJsonText(<usize>load<u32>(cell), load<u32>(cell, 4), at)
    case DATE: {
      const length = formatDate(load<i32>(<usize>load<u32>(d, 4) + (<usize>row << 2)), at + 1)
      return length == 0 ? 0 : quoted(at, length)
    }
    case TIMESTAMP:
    case TIMESTAMP_Z: {
      const length = formatMoment(load<i64>(cell), form == TIMESTAMP_Z, at + 1)
      if (length == 0) return 0
      store<u8>(at + 11, <u8>load<u32>(context, SEPARATOR))
      return quoted(at, length)
    }
    default:
      return writeBare(form, d, row, at)
  }
}

/** Puts quotes around what lies behind `at`. */
// @ts-ignore: decorator
@inline
function quoted(at: usize, length: i32): usize {
  store<u8>(at, 0x22)
  store<u8>(at + length, 0x22, 1)
  return at + length + 2
}

function writeJsonText(address: usize, length: u32, at: usize): usize {
  store<u8>(at++, 0x22)
  if (isPlainJson(address, length)) {
    copyRun(at, address, length)
    at += <usize>length
  } else {
    for (let i: usize = 0; i < <usize>length; i++) {
      const byte = <u32>load<u8>(address + i)
      if (byte >= 0x20 && byte != 0x22 && byte != 0x5c) store<u8>(at++, <u8>byte)
      else at = writeEscape(byte, at)
    }
  }
  store<u8>(at, 0x22)
  return at + 1
}

function isPlainJson(address: usize, length: usize): bool {
  if (length < 16) {
    let special: u32 = 0
    for (let i: usize = 0; i < length; i++) {
      const byte = <u32>load<u8>(address + i)
      special |= u32(byte < 0x20) | u32(byte == 0x22) | u32(byte == 0x5c)
    }
    return special == 0
  }
  const blanks = i8x16.splat(0x20)
  const quotes = i8x16.splat(0x22)
  const backslashes = i8x16.splat(0x5c)
  let special = i8x16.splat(0)
  const last = address + length - 16
  for (let at = address; ; at += 16) {
    // The last sixteen bytes overlap those before.
    if (at > last) at = last
    const bytes = v128.load(at)
    const found = v128.or(i8x16.eq(bytes, quotes), i8x16.eq(bytes, backslashes))
    special = v128.or(special, v128.or(found, i8x16.lt_u(bytes, blanks)))
    if (at == last) break
  }
  return !v128.any_true(special)
}

/** `\n`, `\"`, `\u001F`. */
function writeEscape(byte: u32, at: usize): usize {
  let letter: u32 = byte
  if (byte == 8) letter = 0x62
  else if (byte == 9) letter = 0x74
  else if (byte == 10) letter = 0x6e
  else if (byte == 12) letter = 0x66
  else if (byte == 13) letter = 0x72
  if (letter >= 0x20) {
    store<u16>(at, <u16>(0x5c | (letter << 8)))
    return at + 2
  }
  store<u32>(at, 0x3030755c)
  store<u8>(at, <u8>(0x30 + (byte >> 4)), 4)
  const low = byte & 15
  store<u8>(at, <u8>(low < 10 ? 0x30 + low : 0x37 + low), 5)
  return at + 6
}
