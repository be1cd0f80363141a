import {
  BOOLEAN,
  DATE,
  DESCRIPTOR_BYTES,
  ROW,
  SKIPPED,
  TEXT,
  kindOf,
  markPresent,
  sameBytes,
  scanNumber,
  writeBoolean,
  writeNull,
  writeNumber,
  writeTemporal,
  writeView,
} from './fields'
import { findByte } from './text-scan'

// Why the scanner stopped.
const FULL: i32 = 0
const BLOCK_END: i32 = 1
const NEED_MORE: i32 = 2
/** The record at `position` is for the general path. */
const UNUSUAL: i32 = 3
/** Text without escapes found no room. */
const NEED_TEXT: i32 = 4

const LF: u32 = 10
const QUOTE: u32 = 34
const BACKSLASH: u32 = 92
const MAX_DEPTH = 64

// The cursor and what it needs, of the call that is under way.
let pos: usize = 0
let limit: usize = 0
let separator: u32 = 32
let failsOnMissing = false
let textAt: usize = 0
let textEnd: usize = 0
let needsText = false

/**
 * Reads JSON objects, one a line or element of an array that is a line, into columns. The struct at `context`, words of 4 bytes: 0 position (in and out),
 * 1 end, 2 block end, 3 whether the input ends there, 4 row (in and out), 5 rows at most, 6 the byte between date and time, 7 whether a missing field is an
 * error, 8 number of columns, 9 their descriptors, 10 where to note the start of each record, 11 whether `position` is within an array, 12 and 13 the
 * room for text without escapes (first in and out), 14 address of the first byte that is not UTF-8, 15 the longest record.
 */
export function decodeJson(context: usize): i32 {
  const end = <usize>load<u32>(context, 4)
  const blockEnd = <usize>load<u32>(context, 8)
  const maxRows = load<i32>(context, 20)
  separator = load<u32>(context, 24)
  failsOnMissing = load<u32>(context, 28) != 0
  const columns = load<i32>(context, 32)
  const descriptors = <usize>load<u32>(context, 36)
  const starts = <usize>load<u32>(context, 40)
  const isArray = load<u32>(context, 44) != 0
  textAt = <usize>load<u32>(context, 48)
  textEnd = <usize>load<u32>(context, 52)
  const invalidAt = <usize>load<u32>(context, 56)
  const longest = <usize>load<u32>(context, 60)
  let row = load<i32>(context, 16)
  let position = <usize>load<u32>(context)
  let stop = FULL
  needsText = false

  while (row < maxRows) {
    let byte: u32 = 0
    for (; position < end; position++) {
      byte = load<u8>(position)
      if (byte != 32 && byte != 9 && byte != 13 && (byte != LF || isArray)) break
    }
    if (position >= end) {
      stop = NEED_MORE
      break
    }
    if (position >= blockEnd) {
      stop = BLOCK_END
      break
    }
    stop = UNUSUAL
    if (byte != 123) break
    // A line bounds its object, so that no scan runs far beyond it; an element is bounded by what is there.
    const lineEnd = isArray ? end : findByte(position, end, LF)
    if (lineEnd == end && !isArray) {
      if (load<u32>(context, 12) == 0) stop = NEED_MORE
      break
    }
    const textStart = textAt
    pos = position
    limit = lineEnd
    if (!readObject(descriptors, columns, row, 0) || pos > lineEnd) {
      if (needsText) stop = NEED_TEXT
      textAt = textStart
      break
    }
    skipBlanks()
    let next: usize
    if (isArray) {
      // The last element of an array, and what follows it, is for the general path.
      if (pos >= end || load<u8>(pos) != 44) break
      next = pos + 1
    } else {
      if (pos != lineEnd) break
      next = lineEnd + 1
    }
    if (next > invalidAt || next - position > longest) break
    store<u32>(starts + (<usize>row << 2), <u32>position)
    position = next
    row++
    stop = FULL
  }
  store<u32>(context, <u32>position)
  store<i32>(context, row, 16)
  store<u32>(context, <u32>textAt, 48)
  return stop
}

// @ts-ignore: decorator
@inline
function skipBlanks(): void {
  for (;;) {
    const byte = <u32>load<u8>(pos)
    if (byte != 32 && byte != 9 && byte != 13) return
    pos++
  }
}

/** Reads the object at `pos` into a row of the columns; false when anything is unusual. */
function readObject(first: usize, count: i32, row: i32, depth: i32): bool {
  if (depth > MAX_DEPTH) return false
  pos++
  skipBlanks()
  let seen: u64 = 0
  let expected = 0
  if (load<u8>(pos) == 125) pos++
  else {
    for (;;) {
      if (load<u8>(pos) != QUOTE) return false
      const field = readName(first, count, expected)
      if (field == -2) return false
      if (load<u8>(pos) != 58) {
        skipBlanks()
        if (load<u8>(pos) != 58) return false
      }
      pos++
      if (load<u8>(pos) <= 32) skipBlanks()
      if (field < 0) {
        if (!skipValue(depth)) return false
      } else {
        const bit = (<u64>1) << (<u64>field)
        // Of equal names the last wins: rare enough for the general path.
        if ((seen & bit) != 0) return false
        seen |= bit
        if (!readValue(first + <usize>field * DESCRIPTOR_BYTES, row, depth)) return false
        expected = field + 1
      }
      if (load<u8>(pos) <= 32) skipBlanks()
      const byte = <u32>load<u8>(pos++)
      if (byte == 125) break
      if (byte != 44) return false
      if (load<u8>(pos) <= 32) skipBlanks()
    }
  }
  if (popcnt(seen) != <u64>count) {
    if (failsOnMissing) return false
    for (let i = 0; i < count; i++) if (((seen >> (<u64>i)) & 1) == 0) writeNull(first + <usize>i * DESCRIPTOR_BYTES, row)
  }
  return true
}

/** Reads the name at `pos` and finds its field, the expected one first: -1 when there is none, -2 when the name is unusual. */
// @ts-ignore: decorator
@inline
function readName(first: usize, count: i32, expected: i32): i32 {
  const name = pos + 1
  if (expected < count) {
    const d = first + <usize>expected * DESCRIPTOR_BYTES
    const length = <usize>load<u32>(d, 24)
    // The quote behind the name is compared with it.
    if (sameBytes(name, <usize>load<u32>(d, 20), length + 1)) {
      pos = name + length + 1
      return expected
    }
  }
  return searchName(first, count)
}

function searchName(first: usize, count: i32): i32 {
  const name = pos + 1
  const end = plainStringEnd(name)
  if (end == 0 || load<u8>(end) != QUOTE) return -2
  pos = end + 1
  const length = end - name
  for (let i = 0; i < count; i++) {
    const d = first + <usize>i * DESCRIPTOR_BYTES
    if (<usize>load<u32>(d, 24) == length && sameBytes(name, <usize>load<u32>(d, 20), length)) return i
  }
  return -1
}

/** Where the first quote or backslash from `from` on stands; 0 when a line end or the limit comes before. */
// @ts-ignore: decorator
@inline
function plainStringEnd(from: usize): usize {
  const quote = i8x16.splat(<i8>QUOTE)
  const backslash = i8x16.splat(<i8>BACKSLASH)
  const lineEnd = i8x16.splat(<i8>LF)
  for (let at = from; at < limit; at += 16) {
    const bytes = v128.load(at)
    const mask = i8x16.bitmask(v128.or(v128.or(i8x16.eq(bytes, quote), i8x16.eq(bytes, backslash)), i8x16.eq(bytes, lineEnd)))
    if (mask != 0) {
      const found = at + <usize>ctz(mask)
      return found < limit && load<u8>(found) != LF ? found : 0
    }
  }
  return 0
}

function readValue(d: usize, row: i32, depth: i32): bool {
  const byte = <u32>load<u8>(pos)
  if (byte == 110) {
    if (load<u32>(pos) != 0x6c6c756e) return false
    pos += 4
    writeNull(d, row)
    return true
  }
  const kind = kindOf(d)
  if (kind == TEXT) return readText(d, row, byte)
  if (kind == ROW) {
    if (byte != 123) return false
    markPresent(d, row)
    return readObject(<usize>load<u32>(d, 28), load<i32>(d, 32), row, depth + 1)
  }
  if (kind == SKIPPED) {
    writeNull(d, row)
    return skipValue(depth)
  }
  if (kind == BOOLEAN) {
    const word = wordLength(byte)
    if (word == 0) return false
    writeBoolean(d, row, word == 4 ? 1 : 0)
    pos += word
    return true
  }
  if (kind >= DATE) {
    if (byte != QUOTE) return false
    const end = writeTemporal(d, row, pos + 1, separator)
    if (end == 0 || load<u8>(end) != QUOTE) return false
    pos = end + 1
    return true
  }
  const end = scanNumber(pos)
  if (end == 0) return false
  pos = end
  return writeNumber(d, row)
}

/** The length of `true` or `false` at `pos`; 0 when neither is there. */
function wordLength(byte: u32): usize {
  if (byte == 116 && load<u32>(pos) == 0x65757274) return 4
  return byte == 102 && load<u32>(pos, 1) == 0x65736c61 ? 5 : 0
}

/** A string, or the text of a number or boolean. */
function readText(d: usize, row: i32, byte: u32): bool {
  if (byte == QUOTE) {
    const from = pos + 1
    const end = plainStringEnd(from)
    if (end == 0) return false
    if (load<u8>(end) == QUOTE) {
      writeView(d, row, from, end - from)
      pos = end + 1
      return true
    }
    return readEscaped(d, row, from, end)
  }
  const from = pos
  const word = wordLength(byte)
  pos = word != 0 ? pos + word : scanNumber(pos)
  if (pos == 0) return false
  writeView(d, row, from, pos - from)
  return true
}

/** Copies the string from `from`, whose first backslash is at `backslash`, without its escapes. */
function readEscaped(d: usize, row: i32, from: usize, backslash: usize): bool {
  const start = textAt
  let at = from
  let end = backslash
  for (;;) {
    if (textAt + (end - at) + 4 > textEnd) {
      needsText = true
      return false
    }
    memory.copy(textAt, at, end - at)
    textAt += end - at
    if (load<u8>(end) == QUOTE) break
    at = writeEscape(end + 1)
    if (at == 0) return false
    end = plainStringEnd(at)
    if (end == 0) return false
  }
  writeView(d, row, start, textAt - start)
  pos = end + 1
  return true
}

/** Writes the character of the escape behind a backslash; the address behind the escape, or 0. */
function writeEscape(at: usize): usize {
  const letter = <u32>load<u8>(at)
  if (letter != 117) {
    const byte = simpleEscape(letter)
    if (byte == 0) return 0
    store<u8>(textAt++, <u8>byte)
    return at + 1
  }
  let code = hexAt(at + 1)
  if (code < 0) return 0
  at += 5
  if ((code & 0xfc00) == 0xd800 && load<u16>(at) == 0x755c) {
    const low = hexAt(at + 2)
    if ((low & 0xfc00) == 0xdc00 && low >= 0) {
      code = 0x10000 + ((code & 0x3ff) << 10) + (low & 0x3ff)
      at += 6
    }
  }
  writeCharacter(<u32>code)
  return at
}

function simpleEscape(letter: u32): u32 {
  switch (letter) {
    case 34:
    case 92:
    case 47:
      return letter
    case 98:
      return 8
    case 102:
      return 12
    case 110:
      return 10
    case 114:
      return 13
    case 116:
      return 9
    default:
      return 0
  }
}

/** Four hexadecimal digits; -1 when they are none. */
function hexAt(at: usize): i32 {
  let value = 0
  for (let i: usize = 0; i < 4; i++) {
    const byte = <u32>load<u8>(at + i)
    const digit = byte - 48 < 10 ? byte - 48 : (byte | 32) - 97 < 6 ? (byte | 32) - 87 : 16
    if (digit == 16) return -1
    value = (value << 4) | <i32>digit
  }
  return value
}

/** UTF-8 of a code point; half a surrogate pair is no character and becomes "?". */
function writeCharacter(code: u32): void {
  if (code < 0x80) store<u8>(textAt++, <u8>code)
  else if (code < 0x800) {
    store<u8>(textAt++, <u8>(0xc0 | (code >> 6)))
    store<u8>(textAt++, <u8>(0x80 | (code & 63)))
  } else if (code - 0xd800 < 0x800) store<u8>(textAt++, 63)
  else if (code < 0x10000) {
    store<u8>(textAt++, <u8>(0xe0 | (code >> 12)))
    store<u8>(textAt++, <u8>(0x80 | ((code >> 6) & 63)))
    store<u8>(textAt++, <u8>(0x80 | (code & 63)))
  } else {
    store<u8>(textAt++, <u8>(0xf0 | (code >> 18)))
    store<u8>(textAt++, <u8>(0x80 | ((code >> 12) & 63)))
    store<u8>(textAt++, <u8>(0x80 | ((code >> 6) & 63)))
    store<u8>(textAt++, <u8>(0x80 | (code & 63)))
  }
}

/** Goes behind the value at `pos`; false when it is not JSON, or nests deep. */
function skipValue(depth: i32): bool {
  if (depth > MAX_DEPTH) return false
  const byte = <u32>load<u8>(pos)
  if (byte == QUOTE) return skipString()
  if (byte == 123) return skipMembers(depth, 125, true)
  if (byte == 91) return skipMembers(depth, 93, false)
  if (byte == 110) {
    if (load<u32>(pos) != 0x6c6c756e) return false
    pos += 4
    return true
  }
  const word = wordLength(byte)
  pos = word != 0 ? pos + word : scanNumber(pos)
  return pos != 0
}

function skipMembers(depth: i32, close: u32, isNamed: bool): bool {
  pos++
  skipBlanks()
  if (load<u8>(pos) == close) {
    pos++
    return true
  }
  for (;;) {
    if (isNamed) {
      if (load<u8>(pos) != QUOTE || !skipString()) return false
      skipBlanks()
      if (load<u8>(pos++) != 58) return false
      skipBlanks()
    }
    if (!skipValue(depth + 1)) return false
    skipBlanks()
    const byte = <u32>load<u8>(pos++)
    if (byte == close) return true
    if (byte != 44) return false
    skipBlanks()
  }
  return false
}

function skipString(): bool {
  let at = pos + 1
  for (;;) {
    const end = plainStringEnd(at)
    if (end == 0) return false
    if (load<u8>(end) == QUOTE) {
      pos = end + 1
      return true
    }
    const letter = <u32>load<u8>(end, 1)
    if (letter == 117) {
      if (hexAt(end + 2) < 0) return false
      at = end + 6
    } else {
      if (simpleEscape(letter) == 0) return false
      at = end + 2
    }
  }
  return false
}
