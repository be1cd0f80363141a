import { copyRun, digitCount, equalRuns, writeDigits } from './bytes'

// Functions of UTF-8 text for generated code. A text is an address and a length in bytes. A part of a text is given as a view: the
// address in the low half of a u64, the length in the high half; nothing is copied. Writers are given room that is enough as their comment says.

const ABSENT: u64 = 0xffffffffffffffff

// @ts-ignore: decorator
@inline
function view(address: usize, length: usize): u64 {
  return <u64>address | (<u64>length << 32)
}

/** How many characters (code points): bytes that do not continue one. */
export function charLength(address: usize, length: usize): i32 {
  const end = address + length
  const continuation = i8x16.splat(-64)
  let continued = 0
  for (; address + 16 <= end; address += 16) {
    continued += popcnt<i32>(i8x16.bitmask(i8x16.lt_s(v128.load(address), continuation)))
  }
  for (; address < end; address++) continued += i32((load<u8>(address) & 0xc0) == 0x80)
  return <i32>length - continued
}

export function isAscii(address: usize, length: usize): bool {
  const end = address + length
  let high: u64 = 0
  for (; address + 8 <= end; address += 8) high |= load<u64>(address)
  for (; address < end; address++) high |= load<u8>(address)
  return (high & 0x8080808080808080) == 0
}

/** Writes `length` bytes in upper case; false, and nothing useful written, when a byte is not ASCII. */
export function upperAscii(address: usize, length: usize, target: usize): bool {
  return changeCase(address, length, target, 97)
}

/** As `upperAscii`, in lower case. */
export function lowerAscii(address: usize, length: usize, target: usize): bool {
  return changeCase(address, length, target, 65)
}

/** Turns the 26 letters from `first` on into the other case: one bit. */
// @ts-ignore: decorator
@inline
function changeCase(address: usize, length: usize, target: usize, first: u8): bool {
  const end = address + length
  const below = i8x16.splat(<i8>(first - 1))
  const above = i8x16.splat(<i8>(first + 26))
  const bit = i8x16.splat(0x20)
  let high: i32 = 0
  for (; address + 16 <= end; address += 16, target += 16) {
    const bytes = v128.load(address)
    high |= i8x16.bitmask(bytes)
    const isLetter = v128.and(i8x16.gt_s(bytes, below), i8x16.lt_s(bytes, above))
    v128.store(target, v128.xor(bytes, v128.and(isLetter, bit)))
  }
  for (; address < end; address++, target++) {
    const byte = load<u8>(address)
    high |= byte & 0x80
    store<u8>(target, <u8>(byte - first) < 26 ? byte ^ 0x20 : byte)
  }
  return high == 0
}

/** Bytes of the character that starts with `byte`. */
// @ts-ignore: decorator
@inline
function charBytes(byte: u8): usize {
  if (byte < 0x80) return 1
  return byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4
}

/** The offset in bytes of character `index`, from 0; the text's length when it has no more than `index` characters. */
export function byteOffsetOfChar(address: usize, length: usize, index: i32): i32 {
  let at = address
  const end = address + length
  while (index > 0 && at < end) {
    // Eight ASCII characters at a time.
    if (index >= 8 && at + 8 <= end && (load<u64>(at) & 0x8080808080808080) == 0) {
      at += 8
      index -= 8
      continue
    }
    at += charBytes(load<u8>(at))
    index--
  }
  return <i32>(min(at, end) - address)
}

/** SUBSTRING as Flink has it: `position` counts characters from 1, below 0 from the end; 0 counts as 1. `count` is at least 0. */
export function substring(address: usize, length: usize, position: i32, count: i32): u64 {
  let start: i32 = 0
  if (position > 0) start = byteOffsetOfChar(address, length, position - 1)
  else if (position < 0) {
    const first = charLength(address, length) + position
    if (first < 0) return view(address, 0)
    start = byteOffsetOfChar(address, length, first)
  }
  const taken = byteOffsetOfChar(address + start, length - start, count)
  return view(address + start, taken)
}

/** The offset of the first place at or after `from` where `part` occurs, or -1. An empty part occurs everywhere. */
export function indexOf(address: usize, length: usize, part: usize, partLength: usize, from: i32): i32 {
  if (<usize>from + partLength > length) return -1
  if (partLength == 0) return from
  const first = load<u8>(part)
  const last = address + length - partLength
  let at = address + from
  const wanted = i8x16.splat(first)
  for (; at + 15 <= last; at += 16) {
    let hits = i8x16.bitmask(i8x16.eq(v128.load(at), wanted))
    while (hits != 0) {
      const place = at + <usize>ctz<i32>(hits)
      if (partLength == 1 || equalRuns(place, part, partLength)) return <i32>(place - address)
      hits &= hits - 1
    }
  }
  for (; at <= last; at++) {
    if (load<u8>(at) == first && equalRuns(at, part, partLength)) return <i32>(at - address)
  }
  return -1
}

export function textEquals(a: usize, aLength: usize, b: usize, bLength: usize): bool {
  return aLength == bLength && equalRuns(a, b, aLength)
}

/** -1, 0 or 1 in the order of bytes, which is that of code points. */
export function textCompare(a: usize, aLength: usize, b: usize, bLength: usize): i32 {
  const common = min(aLength, bLength)
  let i: usize = 0
  for (; i + 8 <= common; i += 8) {
    const x = load<u64>(a + i)
    const y = load<u64>(b + i)
    if (x != y) return bswap(x) < bswap(y) ? -1 : 1
  }
  for (; i < common; i++) {
    const x = load<u8>(a + i)
    const y = load<u8>(b + i)
    if (x != y) return x < y ? -1 : 1
  }
  return aLength < bLength ? -1 : i32(aLength > bLength)
}

export function startsWith(address: usize, length: usize, part: usize, partLength: usize): bool {
  return partLength <= length && equalRuns(address, part, partLength)
}

export function endsWith(address: usize, length: usize, part: usize, partLength: usize): bool {
  return partLength <= length && equalRuns(address + length - partLength, part, partLength)
}

/** Copies a text and returns the address behind it. */
export function appendText(target: usize, address: usize, length: usize): usize {
  copyRun(target, address, length)
  return target + length
}

/**
 * Writes the text with each occurrence of `part`, which is not empty, replaced.
 *
 * @returns The length of the result. When it is more than `room`, nothing useful was written.
 */
export function replaceText(
  address: usize,
  length: usize,
  part: usize,
  partLength: usize,
  by: usize,
  byLength: usize,
  target: usize,
  room: usize,
): u32 {
  let written: usize = 0
  let done: usize = 0
  while (true) {
    const found = indexOf(address, length, part, partLength, <i32>done)
    const until = found < 0 ? length : <usize>found
    const kept = until - done
    if (written + kept <= room) copyRun(target + written, address + done, kept)
    written += kept
    if (found < 0) return <u32>min<usize>(written, 0x7fffffff)
    if (written + byLength <= room) copyRun(target + written, by, byLength)
    written += byLength
    done = until + partLength
  }
}

/** The text without leading (`sides` & 1) and trailing (`sides` & 2) characters that occur in `chars`. */
export function trimText(address: usize, length: usize, chars: usize, charsLength: usize, sides: i32): u64 {
  let end = address + length
  if (sides & 1) {
    while (address < end) {
      const size = min(charBytes(load<u8>(address)), end - address)
      if (!isOneOf(address, size, chars, charsLength)) break
      address += size
    }
  }
  if (sides & 2) {
    while (address < end) {
      let start = end - 1
      while (start > address && (load<u8>(start) & 0xc0) == 0x80) start--
      if (!isOneOf(start, end - start, chars, charsLength)) break
      end = start
    }
  }
  return view(address, end - address)
}

// @ts-ignore: decorator
@inline
function isOneOf(char: usize, size: usize, chars: usize, charsLength: usize): bool {
  if (size == 1 && charsLength == 1) return load<u8>(char) == load<u8>(chars)
  // UTF-8 has no character inside another one.
  return indexOf(chars, charsLength, char, size, 0) >= 0
}

/** Part `index`, from 0, of the text cut at each `separator`, which is not empty; 2^64 - 1 when there is none. An empty text has no parts. */
export function splitPart(address: usize, length: usize, separator: usize, separatorLength: usize, index: i32): u64 {
  if (length == 0 || index < 0) return ABSENT
  let start: i32 = 0
  while (true) {
    const end = indexOf(address, length, separator, separatorLength, start)
    if (index == 0) return view(address + start, (end < 0 ? <i32>length : end) - start)
    if (end < 0) return ABSENT
    start = end + <i32>separatorLength
    index--
  }
}

/**
 * Whether the text matches a LIKE pattern: `_` is one character, `%` any number of them; `escape` is the code of an ASCII character before `_`, `%`
 * or itself that stands for them, or 0. The pattern was found well-formed before.
 */
export function likeMatch(address: usize, length: usize, pattern: usize, patternLength: usize, escape: u32): bool {
  const end = address + length
  const patternEnd = pattern + patternLength
  let at = address
  let wanted = pattern
  // Where to go on when a literal does not match: behind the last `%`, with one character more given to it.
  let retryAt: usize = 0
  let retryPattern: usize = 0
  while (true) {
    if (wanted < patternEnd) {
      let byte = <u32>load<u8>(wanted)
      let size: usize = 1
      if (escape != 0 && byte == escape) {
        byte = load<u8>(wanted + 1)
        size = 2
      } else if (byte == 37) {
        wanted++
        if (wanted == patternEnd) return true
        retryPattern = wanted
        retryAt = at
        continue
      }
      if (at < end) {
        if (size == 1 && byte == 95) {
          wanted++
          at += charBytes(load<u8>(at))
          continue
        }
        if (byte == <u32>load<u8>(at)) {
          wanted += size
          at++
          continue
        }
      }
    } else if (at == end) return true
    if (retryPattern == 0 || retryAt >= end) return false
    retryAt += charBytes(load<u8>(retryAt))
    at = retryAt
    wanted = retryPattern
  }
}

// Numbers and times from ASCII. Parsers write their result to `out` and return a status.

const OK: i32 = 0
/** A number, but larger than the type. */
const OUT_OF_RANGE: i32 = 1
const MALFORMED: i32 = 2
/** Perhaps well-formed: only the slow way knows. */
const UNUSUAL: i32 = 3

/**
 * Reads a whole number as Flink casts text: spaces around it, an optional sign, digits; a point and digits behind them are ignored.
 * The i64 goes to `out`.
 */
export function parseInteger(address: usize, length: usize, out: usize): i32 {
  let end = address + length
  while (address < end && load<u8>(address) == 32) address++
  while (address < end && load<u8>(end - 1) == 32) end--
  if (address == end) return MALFORMED
  const sign = load<u8>(address)
  const isNegative = sign == 45
  if (isNegative || sign == 43) {
    address++
    if (address == end) return MALFORMED
  }
  let value: u64 = 0
  let isTooLarge = false
  for (; address < end; address++) {
    const byte = load<u8>(address)
    if (byte == 46) break
    const digit = <u64>byte - 48
    if (digit > 9) return MALFORMED
    if (value > 922337203685477580) isTooLarge = true
    value = value * 10 + digit
    if (value > 0x7fffffffffffffff + u64(isNegative)) isTooLarge = true
  }
  for (address++; address < end; address++) {
    if (<u32>load<u8>(address) - 48 > 9) return MALFORMED
  }
  if (isTooLarge) return OUT_OF_RANGE
  store<u64>(out, isNegative ? 0 - value : value)
  return OK
}

const TENS = memory.data<f64>([
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
])

/**
 * Reads a decimal or scientific number to the nearest double where one multiplication or division gives it: at most 2^53 without the point
 * and a power of ten of at most 22. Everything else is unusual: long numbers, NaN, what is no number.
 */
export function parseDouble(address: usize, length: usize, out: usize): i32 {
  let end = address + length
  while (address < end && load<u8>(address) == 32) address++
  while (address < end && load<u8>(end - 1) == 32) end--
  let isNegative = false
  if (address < end && (load<u8>(address) == 45 || load<u8>(address) == 43)) {
    isNegative = load<u8>(address) == 45
    address++
  }
  let value: u64 = 0
  let digits = 0
  let exponent: i32 = 0
  let isBehindPoint = false
  for (; address < end; address++) {
    const byte = load<u8>(address)
    if (byte == 46 && !isBehindPoint) {
      isBehindPoint = true
      continue
    }
    const digit = <u64>byte - 48
    if (digit > 9) break
    digits++
    value = value * 10 + digit
    if (value > 0x20000000000000) return UNUSUAL
    if (isBehindPoint) exponent--
  }
  if (digits == 0) return UNUSUAL
  if (address < end) {
    if ((load<u8>(address) | 32) != 101) return UNUSUAL
    address++
    let isSmall = false
    if (address < end && (load<u8>(address) == 45 || load<u8>(address) == 43)) {
      isSmall = load<u8>(address) == 45
      address++
    }
    if (address == end) return UNUSUAL
    let given: i32 = 0
    for (; address < end; address++) {
      const digit = <u32>load<u8>(address) - 48
      if (digit > 9 || given > 999) return UNUSUAL
      given = given * 10 + <i32>digit
    }
    exponent += isSmall ? -given : given
  }
  if (exponent > 22 || exponent < -22) return UNUSUAL
  let result = <f64>value
  if (exponent < 0) result /= load<f64>(TENS + (<usize>-exponent << 3))
  else result *= load<f64>(TENS + (<usize>exponent << 3))
  store<f64>(out, isNegative ? -result : result)
  return OK
}

/** Two digits, or more than 99 when they are none. */
// @ts-ignore: decorator
@inline
function twoDigits(address: usize): u32 {
  const tens = <u32>load<u8>(address) - 48
  const ones = <u32>load<u8>(address, 1) - 48
  return tens > 9 || ones > 9 ? 1000 : tens * 10 + ones
}

/** Days from 1970-01-01 of a date of the proleptic Gregorian calendar, years 0 and later. */
function daysOfDate(year: i32, month: i32, day: i32): i32 {
  // Years begin in March, so that the leap day is their last.
  const y = month <= 2 ? year - 1 : year
  const era = (y >= 0 ? y : y - 399) / 400
  const ofEra = y - era * 400
  const ofYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
  return era * 146097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719468
}

// @ts-ignore: decorator
@inline
function daysOfMonth(year: i32, month: i32): i32 {
  if (month == 2) return (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
  return 30 + ((month + (month >> 3)) & 1)
}

/** Days of `YYYY-MM-DD` at `address`, or i32.MIN_VALUE when it is not such a date. */
function readDate(address: usize): i32 {
  const century = twoDigits(address)
  const ofCentury = twoDigits(address + 2)
  const month = <i32>twoDigits(address + 5)
  const day = <i32>twoDigits(address + 8)
  if (century > 99 || ofCentury > 99 || month > 12 || month == 0 || load<u8>(address, 4) != 45 || load<u8>(address, 7) != 45) return i32.MIN_VALUE
  const year = <i32>(century * 100 + ofCentury)
  // Year 0 and impossible days are for the slow way.
  if (year == 0 || day == 0 || day > daysOfMonth(year, month)) return i32.MIN_VALUE
  return daysOfDate(year, month, day)
}

/** Reads `YYYY-MM-DD` to an i32 of days at `out`; any other spelling is unusual. */
export function parseDate(address: usize, length: usize, out: usize): i32 {
  if (length != 10) return UNUSUAL
  const days = readDate(address)
  if (days == i32.MIN_VALUE) return UNUSUAL
  store<i32>(out, days)
  return OK
}

/**
 * Reads `YYYY-MM-DD HH:MM:SS` with up to nine digits behind a point to an i64 of epoch milliseconds and an i32 of
 * nanoseconds of the millisecond at `out`; any other spelling is unusual.
 */
export function parseTimestamp(address: usize, length: usize, out: usize): i32 {
  if (length < 19 || length > 29 || length == 20) return UNUSUAL
  const days = readDate(address)
  const hour = twoDigits(address + 11)
  const minute = twoDigits(address + 14)
  const second = twoDigits(address + 17)
  const separator = load<u8>(address, 10)
  if (days == i32.MIN_VALUE || hour > 23 || minute > 59 || second > 59 || separator != 32) return UNUSUAL
  if (load<u8>(address, 13) != 58 || load<u8>(address, 16) != 58) return UNUSUAL
  let nanos: u32 = 0
  if (length > 20) {
    if (load<u8>(address, 19) != 46) return UNUSUAL
    for (let i: usize = 20; i < 29; i++) {
      const digit = i < length ? <u32>load<u8>(address + i) - 48 : 0
      if (digit > 9) return UNUSUAL
      nanos = nanos * 10 + digit
    }
  }
  const ofDay = ((hour * 60 + minute) * 60 + second) * 1000 + nanos / 1000000
  store<i64>(out, <i64>days * 86400000 + <i64>ofDay)
  store<u32>(out, nanos % 1000000, 8)
  return OK
}

/** Writes a whole number, at most 20 bytes, and returns how many. */
export function formatInteger(value: i64, target: usize): i32 {
  const magnitude = value < 0 ? 0 - <u64>value : <u64>value
  let at = target
  if (value < 0) store<u8>(at++, 45)
  if (magnitude < 1000000000) {
    const digits = max(digitCount(<u32>magnitude), 1)
    at += digits
    writeDigits(at, <u32>magnitude, digits)
    return <i32>(at - target)
  }
  // Nine digits at a time, so that single ones are divided off in 32 bits.
  const top = <u32>(magnitude / 1000000000000000000)
  const middle = <u32>((magnitude / 1000000000) % 1000000000)
  const low = <u32>(magnitude % 1000000000)
  const first = top != 0 ? top : middle != 0 ? middle : low
  const size = max(digitCount(first), 1)
  at += size
  writeDigits(at, first, size)
  if (top != 0) {
    at += 9
    writeDigits(at, middle, 9)
  }
  if ((top | middle) != 0) {
    at += 9
    writeDigits(at, low, 9)
  }
  return <i32>(at - target)
}

// @ts-ignore: decorator
@inline
function writeTwo(target: usize, value: u32): void {
  store<u8>(target, 48 + value / 10)
  store<u8>(target, 48 + value % 10, 1)
}

/** Writes `YYYY-MM-DD`, 10 bytes, and returns 10; 0 for a year outside 1 to 9999, which the slow way must write. */
export function formatDate(days: i32, target: usize): i32 {
  // 0001-01-01 and 9999-12-31.
  if (days < -719162 || days > 2932896) return 0
  const z = days + 719468
  const era = z / 146097
  const ofEra = z - era * 146097
  const yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36524 - ofEra / 146096) / 365
  const ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  const march = (5 * ofYear + 2) / 153
  const day = ofYear - (153 * march + 2) / 5 + 1
  const month = march < 10 ? march + 3 : march - 9
  const year = yearOfEra + era * 400 + i32(month <= 2)
  writeTwo(target, year / 100)
  writeTwo(target + 2, year % 100)
  store<u8>(target, 45, 4)
  writeTwo(target + 5, month)
  store<u8>(target, 45, 7)
  writeTwo(target + 8, day)
  return 10
}

/** Writes `HH:MM:SS` of milliseconds of the day, and a point and `digits` digits, 0 to 9, when there are any. At most 18 bytes; returns how many. */
export function formatTime(msOfDay: i32, nanosOfMs: i32, digits: i32, target: usize): i32 {
  const seconds = msOfDay / 1000
  writeTwo(target, seconds / 3600)
  store<u8>(target, 58, 2)
  writeTwo(target + 3, (seconds / 60) % 60)
  store<u8>(target, 58, 5)
  writeTwo(target + 6, seconds % 60)
  if (digits <= 0) return 8
  store<u8>(target, 46, 8)
  let fraction = <u32>(msOfDay % 1000) * 1000000 + nanosOfMs
  for (let i = digits; i < 9; i++) fraction /= 10
  writeDigits(target + 9 + digits, fraction, digits)
  return 9 + digits
}

/** Writes `YYYY-MM-DD HH:MM:SS` and `digits` digits behind a point, at most 29 bytes; 0 for a year outside 1 to 9999. */
export function formatTimestamp(ms: i64, nanosOfMs: i32, digits: i32, target: usize): i32 {
  let days = ms / 86400000
  let ofDay = ms - days * 86400000
  if (ofDay < 0) {
    days--
    ofDay += 86400000
  }
  if (days < -719162 || days > 2932896) return 0
  formatDate(<i32>days, target)
  store<u8>(target, 32, 10)
  return 11 + formatTime(<i32>ofDay, nanosOfMs, digits, target + 11)
}
