import { copyRun, equalRuns, isNullAt, rowAt } from './bytes'
import { formatDate } from './text'
import { DATE, RAW, TEXT, TIMESTAMP, TIMESTAMP_Z } from './value-forms'
import { formatMoment, writeBare } from './value-text'

// Writes rows as lines of CSV. The context, u32s: selection, columns, descriptors, delimiter, quote (0: none), escape (0: none), the least byte that
// needs no quotes, address and length of the text for NULL, where to write, where the room ends; out: the end of what was written. A descriptor is u32 form, u32 cells,
// u32 nulls, u32 scale.
const SELECTION = 0
const COLUMNS = 4
const DESCRIPTORS = 8
const DELIMITER = 12
const QUOTE = 16
const ESCAPE = 20
const LEAST_SAFE = 24
const NULL_ADDRESS = 28
const NULL_LENGTH = 32
const TARGET = 36
const ROOM_END = 40
const END = 44

const DESCRIPTOR = 16

/** The longest value that is no text, with quotes, and its delimiter. */
const LONGEST: u32 = 48
/** Longer texts, in UTF-16 units, are quoted without a look at them. */
const LONGEST_LOOK = 24

/**
 * Writes rows from place `from` on, to the first with which at least `limit` bytes are written.
 *
 * @returns The next place: that behind the last row that was written; the rest has no room, or a value that must be written the slow way.
 */
export function encodeCsv(context: usize, from: i32, to: i32, limit: u32): i32 {
  const selection = <usize>load<u32>(context, SELECTION)
  const columns = load<u32>(context, COLUMNS)
  const descriptors = <usize>load<u32>(context, DESCRIPTORS)
  const delimiter = <u8>load<u32>(context, DELIMITER)
  const target = <usize>load<u32>(context, TARGET)
  const roomEnd = <usize>load<u32>(context, ROOM_END)
  const nullLength = load<u32>(context, NULL_LENGTH)
  let at = target
  let i = from
  for (; i < to; i++) {
    if (<u32>(at - target) >= limit) break
    const row = rowAt(selection, i)
    let room: u64 = 2
    for (let c: u32 = 0; c < columns; c++) {
      const d = descriptors + <usize>c * DESCRIPTOR
      room += LONGEST + nullLength
      const form = load<u32>(d)
      if (form == TEXT || form == RAW) room += <u64>load<u32>(<usize>load<u32>(d, 4) + (<usize>row << 3), 4) * 2
    }
    if (room > <u64>(roomEnd - at)) break
    const start = at
    for (let c: u32 = 0; c < columns; c++) {
      const d = descriptors + <usize>c * DESCRIPTOR
      if (c > 0) store<u8>(at++, delimiter)
      if (isNullAt(<usize>load<u32>(d, 8), row)) {
        copyRun(at, <usize>load<u32>(context, NULL_ADDRESS), nullLength)
        at += <usize>nullLength
        continue
      }
      at = writeValue(context, d, row, at)
      if (at == 0) {
        store<u32>(context, start, END)
        return i
      }
    }
    store<u8>(at++, 10)
  }
  store<u32>(context, at, END)
  return i
}

/** Returns the address behind a value, 0 when it must be written the slow way. */
// @ts-ignore: decorator
@inline
function writeValue(context: usize, d: usize, row: i32, at: usize): usize {
  const form = load<u32>(d)
  const cell = <usize>load<u32>(d, 4) + (<usize>row << 3)
  switch (form) {
    case TEXT:
      return writeText(context, <usize>load<u32>(cell), load<u32>(cell, 4), at)
    case DATE: {
      const length = formatDate(load<i32>(<usize>load<u32>(d, 4) + (<usize>row << 2)), at + 1)
      return length == 0 ? 0 : quoteInPlace(context, at, length)
    }
    case TIMESTAMP:
    case TIMESTAMP_Z: {
      const length = formatMoment(load<i64>(cell), form == TIMESTAMP_Z, at + 1)
      return length == 0 ? 0 : quoteInPlace(context, at, length)
    }
    default:
      return writeBare(form, d, row, at)
  }
}

/** A text of digits and signs that lies behind `at`: gets quotes around it, or moves to `at`. */
function quoteInPlace(context: usize, at: usize, length: i32): usize {
  const quote = load<u32>(context, QUOTE)
  if (quote != 0 && (look(context, at + 1, length) & IS_UNSAFE || isLong(at + 1, length))) {
    store<u8>(at, <u8>quote)
    store<u8>(at + 1 + length, <u8>quote)
    return at + 2 + length
  }
  memory.copy(at, at + 1, length)
  return at + length
}

// What `look` finds in a text.
const IS_UNSAFE: u32 = 1
const HAS_SPECIAL: u32 = 2

/** Whether a text has bytes that want quotes around it, and whether it has quotes or escapes itself, which are written twice. */
// @ts-ignore: decorator
@inline
function look(context: usize, address: usize, length: usize): u32 {
  const least = <u8>load<u32>(context, LEAST_SAFE)
  const quote = load<u32>(context, QUOTE)
  // No byte of UTF-8 is 0xff.
  const escape = load<u32>(context, ESCAPE) || 0xff
  if (length < 16) {
    let unsafe: u32 = 0
    let special: u32 = 0
    for (let i: usize = 0; i < length; i++) {
      const byte = <u32>load<u8>(address + i)
      const isEscape = u32(byte == escape)
      unsafe |= u32(byte < least) | isEscape
      special |= u32(byte == quote) | isEscape
    }
    return unsafe | (special << 1)
  }
  const leasts = i8x16.splat(least)
  const quotes = i8x16.splat(<u8>quote)
  const escapes = i8x16.splat(<u8>escape)
  let unsafe = i8x16.splat(0)
  let special = i8x16.splat(0)
  const last = address + length - 16
  for (let at = address; ; at += 16) {
    // The last sixteen bytes overlap those before.
    if (at > last) at = last
    const bytes = v128.load(at)
    const isEscape = i8x16.eq(bytes, escapes)
    unsafe = v128.or(unsafe, v128.or(i8x16.lt_u(bytes, leasts), isEscape))
    special = v128.or(special, v128.or(i8x16.eq(bytes, quotes), isEscape))
    if (at == last) break
  }
  return (v128.any_true(unsafe) ? IS_UNSAFE : 0) | (v128.any_true(special) ? HAS_SPECIAL : 0)
}

/** Whether a text is so long that it gets quotes unseen. */
// @ts-ignore: decorator
@inline
function isLong(address: usize, length: u32): bool {
  if (length <= <u32>LONGEST_LOOK) return false
  // A unit of UTF-16 takes three bytes at most.
  if (length > <u32>LONGEST_LOOK * 3) return true
  let units = 0
  for (let i: usize = 0; i < <usize>length; i++) {
    const byte = load<u8>(address + i)
    // Each character is one unit, one of four bytes two.
    units += i32((byte & 0xc0) != 0x80) + i32(byte >= 0xf0)
  }
  return units > LONGEST_LOOK
}

function writeText(context: usize, address: usize, length: u32, at: usize): usize {
  const quote = load<u32>(context, QUOTE)
  const found = quote == 0 ? 0 : look(context, address, <usize>length)
  if (quote == 0 || (!(found & IS_UNSAFE) && !isLong(address, length))) {
    copyRun(at, address, length)
    return at + <usize>length
  }
  store<u8>(at++, <u8>quote)
  if (!(found & HAS_SPECIAL)) {
    copyRun(at, address, length)
    at += <usize>length
  } else {
    const escape = load<u32>(context, ESCAPE)
    for (let i: usize = 0; i < <usize>length; i++) {
      const byte = <u32>load<u8>(address + i)
      if (byte == quote || (escape != 0 && byte == escape)) store<u8>(at++, <u8>byte)
      store<u8>(at++, <u8>byte)
    }
  }
  store<u8>(at++, <u8>quote)
  return at
}

/** The first place behind `from` whose cell differs from that at `from`, or `to`. `shift`: log2 of the bytes of a cell, or -1 for texts. */
export function equalCells(cells: usize, nulls: usize, shift: i32, selection: usize, from: i32, to: i32): i32 {
  const first = rowAt(selection, from)
  const isNull = isNullAt(nulls, first)
  for (let i = from + 1; i < to; i++) {
    const row = rowAt(selection, i)
    if (isNullAt(nulls, row) != isNull) return i
    if (isNull) continue
    if (shift < 0) {
      const a = cells + (<usize>first << 3)
      const b = cells + (<usize>row << 3)
      const length = load<u32>(a, 4)
      if (load<u32>(b, 4) != length) return i
      const addressA = <usize>load<u32>(a)
      const addressB = <usize>load<u32>(b)
      if (addressA != addressB && !equalRuns(addressA, addressB, length)) return i
    } else {
      const size: usize = 1 << shift
      if (!equalRuns(cells + (<usize>first << shift), cells + (<usize>row << shift), size)) return i
    }
  }
  return to
}
