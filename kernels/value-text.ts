import { writeDigits } from './bytes'
import { formatDecimal } from './decimal'
import { formatInteger, formatTimestamp } from './text'

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
