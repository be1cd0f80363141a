// What the CSV and JSON scanners share: descriptors of columns, and the conversion of a field's text into a cell. A conversion that is not plain (an exponent
// on a BIGINT, blanks around a number, 30 February) is left to the general path in TypeScript: then it returns false.
//
// A descriptor has 12 words of 4 bytes: 0 kind, 1 address of the cells, 2 address of the null mask, 3 precision, 4 scale, 5 and 6 address and length of the
// name (a quote behind it), 7 first child, 8 number of children, 9 out: whether a NULL was written.

export const SKIPPED = 0
export const BOOLEAN = 1
export const TINYINT = 2
export const SMALLINT = 3
export const INTEGER = 4
export const BIGINT = 5
export const FLOAT = 6
export const DOUBLE = 7
export const DECIMAL_64 = 8
export const DECIMAL_128 = 9
export const TEXT = 10
export const DATE = 11
export const TIME = 12
export const TIMESTAMP_MS = 13
export const TIMESTAMP_NS = 14
export const INSTANT_MS = 15
export const INSTANT_NS = 16
export const ROW = 17

export const DESCRIPTOR_BYTES: usize = 48

// @ts-ignore: decorator
@inline
export function kindOf(d: usize): i32 {
  return load<i32>(d)
}

// @ts-ignore: decorator
@inline
function cells(d: usize): usize {
  return <usize>load<u32>(d, 4)
}

// @ts-ignore: decorator
@inline
export function markPresent(d: usize, row: i32): void {
  store<u8>(<usize>load<u32>(d, 8) + row, 0)
}

/** Marks a cell and the fields in it as NULL. */
export function writeNull(d: usize, row: i32): void {
  store<u8>(<usize>load<u32>(d, 8) + row, 1)
  const kind = kindOf(d)
  if (kind == TEXT) store<u64>(cells(d) + (<usize>row << 3), 0)
  else if (kind == ROW) {
    const first = <usize>load<u32>(d, 28)
    const count = load<i32>(d, 32)
    for (let i = 0; i < count; i++) writeNull(first + <usize>i * DESCRIPTOR_BYTES, row)
  }
}

// @ts-ignore: decorator
@inline
export function writeView(d: usize, row: i32, address: usize, length: usize): void {
  markPresent(d, row)
  const cell = cells(d) + (<usize>row << 3)
  store<u32>(cell, <u32>address)
  store<u32>(cell, <u32>length, 4)
}

// @ts-ignore: decorator
@inline
export function writeBoolean(d: usize, row: i32, value: u8): void {
  markPresent(d, row)
  store<u8>(cells(d) + row, value)
}

/** Zeroes the null masks of descriptors, those of children included. */
export function clearMasks(d: usize, count: i32, rows: i32): void {
  for (let i = 0; i < count; i++, d += DESCRIPTOR_BYTES) {
    memory.fill(<usize>load<u32>(d, 8), 0, rows)
    if (kindOf(d) == ROW) clearMasks(<usize>load<u32>(d, 28), load<i32>(d, 32), rows)
  }
}

/** Notes in each descriptor whether one of its cells is NULL. */
export function findNulls(d: usize, count: i32, rows: i32): void {
  for (let i = 0; i < count; i++, d += DESCRIPTOR_BYTES) {
    store<i32>(d, anySet(<usize>load<u32>(d, 8), rows) ? 1 : 0, 36)
    if (kindOf(d) == ROW) findNulls(<usize>load<u32>(d, 28), load<i32>(d, 32), rows)
  }
}

function anySet(mask: usize, rows: i32): bool {
  let i = 0
  for (; i + 16 <= rows; i += 16) if (v128.any_true(v128.load(mask + i))) return true
  for (; i < rows; i++) if (load<u8>(mask + i) != 0) return true
  return false
}

// --- Numbers. `scanNumber` leaves what it read here.
let mantissa: u64 = 0
let isNegative = false
let fractionDigits: i32 = 0
let exponent: i32 = 0
let hasExponent = false
let isExact = true

// @ts-ignore: decorator
@inline
export function isDigit(byte: u32): bool {
  return byte - 48 < 10
}

/** Goes over a number of JSON's grammar; the address behind it, or 0 when there is none. Reads no further than one byte beyond it. */
export function scanNumber(from: usize): usize {
  let at = from
  isNegative = load<u8>(at) == 45
  if (isNegative) at++
  let byte = <u32>load<u8>(at) - 48
  if (byte > 9) return 0
  let value: u64 = byte
  let digits = 1
  at++
  if (byte != 0) {
    for (byte = <u32>load<u8>(at) - 48; byte < 10; byte = <u32>load<u8>(++at) - 48) {
      value = value * 10 + byte
      digits++
    }
  } else if (isDigit(load<u8>(at))) return 0
  fractionDigits = 0
  if (load<u8>(at) == 46) {
    at++
    const start = at
    for (byte = <u32>load<u8>(at) - 48; byte < 10; byte = <u32>load<u8>(++at) - 48) value = value * 10 + byte
    fractionDigits = <i32>(at - start)
    if (fractionDigits == 0) return 0
    digits += fractionDigits
  }
  hasExponent = false
  exponent = 0
  if ((load<u8>(at) | 32) == 101) {
    hasExponent = true
    at++
    const sign = load<u8>(at)
    if (sign == 45 || sign == 43) at++
    const start = at
    for (byte = <u32>load<u8>(at) - 48; byte < 10; byte = <u32>load<u8>(++at) - 48) {
      if (exponent < 100000) exponent = exponent * 10 + <i32>byte
    }
    if (at == start) return 0
    if (sign == 45) exponent = -exponent
  }
  mantissa = value
  isExact = digits <= 18
  return at
}

const powers = memory.data<u64>([
  1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000, 100000000000, 1000000000000, 10000000000000, 100000000000000,
  1000000000000000, 10000000000000000, 100000000000000000, 1000000000000000000,
])
const doublePowers = memory.data<f64>([
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
])

// @ts-ignore: decorator
@inline
function powerOfTen(exponentOfTen: i32): u64 {
  return load<u64>(powers + (<usize>exponentOfTen << 3))
}

/** Writes the number of the last `scanNumber`; false when it does not plainly fit. */
export function writeNumber(d: usize, row: i32): bool {
  if (!isExact) return false
  const kind = kindOf(d)
  const cell = cells(d)
  if (kind <= BIGINT) {
    if (fractionDigits != 0 || hasExponent) return false
    const value = isNegative ? -(<i64>mantissa) : <i64>mantissa
    switch (kind) {
      case TINYINT:
        if (value != <i64>(<i8>value)) return false
        store<i8>(cell + row, <i8>value)
        break
      case SMALLINT:
        if (value != <i64>(<i16>value)) return false
        store<i16>(cell + (<usize>row << 1), <i16>value)
        break
      case INTEGER:
        if (value != <i64>(<i32>value)) return false
        store<i32>(cell + (<usize>row << 2), <i32>value)
        break
      case BIGINT:
        store<i64>(cell + (<usize>row << 3), value)
        break
      default:
        return false
    }
  } else if (kind <= DOUBLE) {
    // A mantissa below 2^53 and a power of ten up to 10^22 are exact doubles, so that one operation rounds right (Clinger 1990).
    const power = exponent - fractionDigits
    if (mantissa > 9007199254740992 || power < -22 || power > 22) return false
    let value = <f64>mantissa
    if (power < 0) value /= load<f64>(doublePowers + (<usize>-power << 3))
    else value *= load<f64>(doublePowers + (<usize>power << 3))
    if (isNegative) value = -value
    if (kind == FLOAT) store<f32>(cell + (<usize>row << 2), <f32>value)
    else store<f64>(cell + (<usize>row << 3), value)
  } else if (kind <= DECIMAL_128) {
    const missing = load<i32>(d, 16) - fractionDigits
    if (hasExponent || missing < 0 || missing > 18) return false
    const precision = load<i32>(d, 12)
    const limit = powerOfTen(precision < 18 ? precision : 18)
    if (mantissa >= limit / powerOfTen(missing)) return false
    const unscaled = <i64>(mantissa * powerOfTen(missing))
    const value = isNegative ? -unscaled : unscaled
    if (kind == DECIMAL_64) store<i64>(cell + (<usize>row << 3), value)
    else {
      store<i64>(cell + (<usize>row << 4), value)
      store<i64>(cell + (<usize>row << 4), value >> 63, 8)
    }
  } else return false
  markPresent(d, row)
  return true
}

// --- Dates and times

/** Two digits as a number below 100; 255 and more when they are none. */
// @ts-ignore: decorator
@inline
function twoDigits(at: usize): u32 {
  const tens = <u32>load<u8>(at) - 48
  const ones = <u32>load<u8>(at, 1) - 48
  return tens > 9 || ones > 9 ? 255 : tens * 10 + ones
}

const NO_DATE: i32 = i32.MIN_VALUE

/** Days since the epoch of the ten bytes `yyyy-MM-dd`; NO_DATE when they are no day of the calendar. */
function dateAt(at: usize): i32 {
  const century = twoDigits(at)
  const yearOfCentury = twoDigits(at + 2)
  const month = twoDigits(at + 5)
  const day = twoDigits(at + 8)
  if (century > 99 || yearOfCentury > 99 || load<u8>(at, 4) != 45 || load<u8>(at, 7) != 45) return NO_DATE
  if (month - 1 > 11 || day - 1 > 30) return NO_DATE
  const year = century * 100 + yearOfCentury
  if (day > 28 && day > daysInMonth(year, month)) return NO_DATE
  // Years from March, in eras of 400 years.
  const y = <i32>year - (month <= 2 ? 1 : 0)
  const era = (y >= 0 ? y : y - 399) / 400
  const yearOfEra = y - era * 400
  const dayOfYear = (153 * (<i32>month + (month > 2 ? -3 : 9)) + 2) / 5 + <i32>day - 1
  return era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468
}

function daysInMonth(year: u32, month: u32): u32 {
  if (month == 2) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31
}

let secondOfDay: i32 = 0
let nanos: i32 = 0

/** Reads `HH:mm:ss[.fraction]` into `secondOfDay` and `nanos`; the address behind it, or 0. */
function timeAt(at: usize): usize {
  const hour = twoDigits(at)
  const minute = twoDigits(at + 3)
  const second = twoDigits(at + 6)
  if (hour > 23 || minute > 59 || second > 59 || load<u8>(at, 2) != 58 || load<u8>(at, 5) != 58) return 0
  secondOfDay = <i32>(hour * 3600 + minute * 60 + second)
  nanos = 0
  at += 8
  if (load<u8>(at) != 46) return at
  const start = ++at
  let value: u32 = 0
  for (let byte = <u32>load<u8>(at) - 48; byte < 10; byte = <u32>load<u8>(++at) - 48) {
    if (at - start >= 9) return 0
    value = value * 10 + byte
  }
  const digits = <i32>(at - start)
  if (digits == 0) return 0
  nanos = <i32>(value * <u32>powerOfTen(9 - digits))
  return at
}

/** Writes the date or time at `from`; the address behind it, or 0 when there is none of its kind. `separator` stands between date and time. */
export function writeTemporal(d: usize, row: i32, from: usize, separator: u32): usize {
  const kind = kindOf(d)
  if (kind == DATE) {
    const days = dateAt(from)
    if (days == NO_DATE) return 0
    store<i32>(cells(d) + (<usize>row << 2), days)
    markPresent(d, row)
    return from + 10
  }
  if (kind == TIME) {
    const end = timeAt(from)
    if (end == 0) return 0
    const precision = load<i32>(d, 12)
    const ms = nanos / 1000000
    const step = <i32>powerOfTen(precision < 3 ? 3 - precision : 0)
    store<i32>(cells(d) + (<usize>row << 2), secondOfDay * 1000 + ms - (ms % step))
    markPresent(d, row)
    return end
  }
  const days = dateAt(from)
  if (days == NO_DATE || load<u8>(from, 10) != separator) return 0
  let end = timeAt(from + 11)
  if (end == 0) return 0
  if (kind >= INSTANT_MS) {
    if (load<u8>(end) != 90) return 0
    end++
  }
  const step = <i32>powerOfTen(9 - load<i32>(d, 12))
  const cut = nanos - (nanos % step)
  const ms = <i64>days * 86400000 + <i64>secondOfDay * 1000 + <i64>(cut / 1000000)
  if (kind == TIMESTAMP_MS || kind == INSTANT_MS) store<i64>(cells(d) + (<usize>row << 3), ms)
  else {
    store<i64>(cells(d) + (<usize>row << 4), ms)
    store<i64>(cells(d) + (<usize>row << 4), cut % 1000000, 8)
  }
  markPresent(d, row)
  return end
}

/** True when [a, a + length) and [b, b + length) hold the same bytes. May read up to 7 bytes beyond. */
// @ts-ignore: decorator
@inline
export function sameBytes(a: usize, b: usize, length: usize): bool {
  while (length >= 8) {
    if (load<u64>(a) != load<u64>(b)) return false
    a += 8
    b += 8
    length -= 8
  }
  return length == 0 || (load<u64>(a) ^ load<u64>(b)) << (<u64>(8 - length) << 3) == 0
}
