import { F32, I32, I64, floatCell, noteAbsent, placeOf, rowOf, storeWord, wholeCell } from './accumulate'
import { isNullAt } from './bytes'

// Variances by Welford's method, step by step as Flink computes them: f64 count, f64 mean, f64 sum of squared distances from it, in the lines of groups.

/** Whole and floating numbers. */
export function addVariances(layout: i32, cells: usize, nulls: usize, rows: usize, lines: usize, signs: usize, count: i32, offset: u32): void {
  for (let i = 0; i < count; i++) {
    const row = rowOf(rows, i)
    if (isNullAt(nulls, row)) continue
    const at = placeOf(lines, i, offset)
    const sign = <f64>load<i8>(signs + <usize>i)
    const number = layout <= I64 ? <f64>wholeCell(cells, layout, row) : floatCell(cells, layout, row)
    const values = load<f64>(at) + sign
    store<f64>(at, values)
    if (values <= 0) {
      if (values == 0) {
        store<f64>(at, 0, 8)
        store<f64>(at, 0, 16)
      }
      continue
    }
    const distance = number - load<f64>(at, 8)
    const mean = load<f64>(at, 8) + (sign * distance) / values
    store<f64>(at, mean, 8)
    store<f64>(at, load<f64>(at, 16) + sign * (distance * (number - mean)), 16)
  }
}

/** Their values, in the width of the layout; `isSample`: the divisor is less by one; `isRoot`: the standard deviation. */
export function takeVariances(
  layout: i32,
  isSample: bool,
  isRoot: bool,
  lines: usize,
  count: i32,
  offset: u32,
  cells: usize,
  first: i32,
  step: i32,
  missing: usize,
): i32 {
  let absent = 0
  for (let k = 0; k < count; k++) {
    const at = placeOf(lines, k, offset)
    const values = load<f64>(at)
    const divisor = isSample ? values - 1 : values
    const isAbsent = values <= 0 || divisor == 0
    absent += noteAbsent(missing, k, isAbsent)
    const variance = isAbsent ? 0 : max<f64>(0, load<f64>(at, 16)) / divisor
    const value = isRoot ? sqrt<f64>(variance) : variance
    const row = <usize>(first + k * step)
    if (layout >= F32) storeWord(layout, true, reinterpret<u64>(value), cells, row)
    else storeWord(layout, false, <u64>wholeOf(layout, value), cells, row)
  }
  return absent
}

/** Cut, within the bounds of an INTEGER or of a BIGINT; what is no number is 0. */
// @ts-ignore: decorator
@inline
function wholeOf(layout: i32, value: f64): i64 {
  if (value != value) return 0
  if (layout <= I32) return <i64>min<f64>(max<f64>(value, -2147483648.0), 2147483647.0)
  return <i64>min<f64>(max<f64>(value, -9223372036854775808.0), 9223372036854774784.0)
}
