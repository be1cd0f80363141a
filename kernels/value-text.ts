import { copyRun, writeDigits } from './bytes'
import { formatDecimal } from './decimal'
import { formatInteger, formatTimestamp } from './text'
import { BOOLEAN, DECIMAL, I16, I32, I64, I8, PLAIN_DECIMAL } from './value-forms'

// Texts of values as Java writes them, in files; nothing here is exported from the module.

/** Rows of one second follow each other: the text of the last one, without its fraction. */
const SECOND_TEXT = memory.data(32)
let textSecond: i64 = i64.MIN_VALUE

/** Writes `YYYY-MM-DD HH:MM:SS` of epoch milliseconds, with the fraction without zeros at its end; 0 for a year outside 1 to 9999. At most 23 bytes, of 32 that are written. */
export function formatSecond(ms: i64, at: usize): i32 {
  let second = ms / 1000
  let fraction = <u32>(ms - second * 1000)
  if (ms < 0 && ms != second * 1000) {
    second--
    fraction += 1000
  }
  if (second != textSecond) {
    if (formatTimestamp(second * 1000, 0, 0, SECOND_TEXT) == 0) return 0
    textSecond = second
  }
  v128.store(at, v128.load(SECOND_TEXT))
  store<u32>(at, load<u32>(SECOND_TEXT, 15), 15)
  if (fraction == 0) return 19
  store<u8>(at, 0x2e, 19)
  let digits = 3
  for (; fraction % 10 == 0; fraction /= 10) digits--
  writeDigits(at + 20 + digits, fraction, digits)
  return 20 + digits
}

/** As `formatSecond`, and a `Z` behind it where the value is an instant. */
// @ts-ignore: decorator
@inline
export function formatMoment(ms: i64, isInstant: bool, at: usize): i32 {
  const length = formatSecond(ms, at)
  if (!isInstant || length == 0) return length
  store<u8>(at + <usize>length, 0x5a)
  return length + 1
}

/** Writes a value that has one text in every format and never needs quotes: a number, TRUE or FALSE, a text that is there already. Returns the address behind. */
// @ts-ignore: decorator
@inline
export function writeBare(form: u32, descriptor: usize, row: i32, at: usize): usize {
  const cells = <usize>load<u32>(descriptor, 4)
  const index = <usize>row
  switch (form) {
    case I8:
      return at + formatInteger(<i64>load<i8>(cells + index), at)
    case I16:
      return at + formatInteger(<i64>load<i16>(cells + (index << 1)), at)
    case I32:
      return at + formatInteger(<i64>load<i32>(cells + (index << 2)), at)
    case I64:
      return at + formatInteger(load<i64>(cells + (index << 3)), at)
    case BOOLEAN:
      if (load<u8>(cells + index)) {
        store<u32>(at, 0x65757274)
        return at + 4
      }
      store<u32>(at, 0x736c6166)
      store<u8>(at, 0x65, 4)
      return at + 5
    case DECIMAL:
      return writeJavaDecimal(load<i64>(cells + (index << 3)), load<i32>(descriptor, 12), at)
    case PLAIN_DECIMAL: {
      const value = load<i64>(cells + (index << 3))
      return at + formatDecimal(<u64>value, <u64>(value >> 63), load<i32>(descriptor, 12), at)
    }
    default: {
      const cell = cells + (index << 3)
      const length = load<u32>(cell, 4)
      copyRun(at, load<u32>(cell), length)
      return at + <usize>length
    }
  }
}

/** Writes an unscaled decimal as BigDecimal does when its trailing zeros are gone: `12.5`, `1E-8`, `1E+5`. Returns the address behind. */
export function writeJavaDecimal(value: i64, scale: i32, at: usize): usize {
  if (value == 0) {
    store<u8>(at, 0x30)
    return at + 1
  }
  for (; value % 10 == 0; value /= 10) scale--
  // The digits come where a mantissa of one digit and a point leaves room before them.
  const isNegative = value < 0
  const start = at + usize(isNegative)
  const count = formatInteger(isNegative ? 0 - value : value, start + 1)
  const exponent = count - 1 - scale
  if (scale >= 0 && exponent >= -6) return at + formatDecimal(<u64>value, <u64>(value >> 63), scale, at)
  if (isNegative) store<u8>(at, 0x2d)
  store<u8>(start, load<u8>(start + 1))
  let end = start + 1
  if (count > 1) {
    store<u8>(start, 0x2e, 1)
    end = start + 1 + count
  }
  store<u8>(end++, 0x45)
  if (exponent >= 0) store<u8>(end++, 0x2b)
  return end + formatInteger(exponent, end)
}
