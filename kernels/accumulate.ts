import { compareRuns, copyRun, isNullAt } from './bytes'
import { decimalDivide, decimalFits } from './decimal'

// Accumulators in the lines of groups: how rows change them, and their values. A call works for one aggregate over the rows of a batch, entry i of
// `rows`, `lines` and `signs` being a row, the address of its group's line and 1 or -1. `offset` is where the accumulator begins in the line:
//
//   COUNT               f64 count
//   SUM, AVG            f64 count, then: i64 sum that wraps; f64 sum; or 192 bits of a sum of decimals
//   MIN, MAX            u64 whether there is a value, then: f64, i64 or i128
//   MIN, MAX of bytes   u32 whether there is a value, u32 room, u32 address, u32 length
//
// A line of zeros is an empty group. In all of them the first word is 0 just where there is no value.

// Layouts of cells.
const I8: i32 = 0
const I16: i32 = 1
export const I32: i32 = 2
export const I64: i32 = 3
const I128: i32 = 4
export const F32: i32 = 6

// @ts-ignore: decorator
@inline
export function rowOf(rows: usize, i: i32): i32 {
  return load<i32>(rows + (<usize>i << 2))
}

// @ts-ignore: decorator
@inline
export function placeOf(lines: usize, i: i32, offset: u32): usize {
  return <usize>load<u32>(lines + (<usize>i << 2)) + <usize>offset
}

// @ts-ignore: decorator
@inline
function addCount(at: usize, sign: i32): void {
  store<f64>(at, load<f64>(at) + <f64>sign)
}

export function addCounts(nulls: usize, rows: usize, lines: usize, signs: usize, count: i32, offset: u32): void {
  for (let i = 0; i < count; i++) {
    if (nulls != 0 && isNullAt(nulls, rowOf(rows, i))) continue
    addCount(placeOf(lines, i, offset), load<i8>(signs + <usize>i))
  }
}

// @ts-ignore: decorator
@inline
export function wholeCell(cells: usize, layout: i32, row: i32): i64 {
  const index = <usize>row
  if (layout == I64) return load<i64>(cells + (index << 3))
  if (layout == I32) return load<i32>(cells + (index << 2))
  return layout == I16 ? <i64>load<i16>(cells + (index << 1)) : <i64>load<i8>(cells + index)
}

/** Whole numbers of any width. */
export function addWholes(layout: i32, cells: usize, nulls: usize, rows: usize, lines: usize, signs: usize, count: i32, offset: u32): void {
  for (let i = 0; i < count; i++) {
    const row = rowOf(rows, i)
    if (isNullAt(nulls, row)) continue
    const at = placeOf(lines, i, offset)
    const sign = <i32>load<i8>(signs + <usize>i)
    const value = wholeCell(cells, layout, row)
    addCount(at, sign)
    store<i64>(at, load<i64>(at, 8) + (sign > 0 ? value : -value), 8)
  }
}

// @ts-ignore: decorator
@inline
export function floatCell(cells: usize, layout: i32, row: i32): f64 {
  return layout == F32 ? <f64>load<f32>(cells + (<usize>row << 2)) : load<f64>(cells + (<usize>row << 3))
}

/** FLOAT and DOUBLE; `isSingle`: the sum is rounded to FLOAT after each value. */
export function addFloats(
  layout: i32,
  isSingle: bool,
  cells: usize,
  nulls: usize,
  rows: usize,
  lines: usize,
  signs: usize,
  count: i32,
  offset: u32,
): void {
  for (let i = 0; i < count; i++) {
    const row = rowOf(rows, i)
    if (isNullAt(nulls, row)) continue
    const at = placeOf(lines, i, offset)
    const sign = <i32>load<i8>(signs + <usize>i)
    addCount(at, sign)
    const sum = load<f64>(at, 8) + <f64>sign * floatCell(cells, layout, row)
    store<f64>(at, isSingle ? <f64>(<f32>sum) : sum, 8)
  }
}

/** Unscaled decimals of 64 or 128 bits; the sum has 192. */
export function addDecimals(layout: i32, cells: usize, nulls: usize, rows: usize, lines: usize, signs: usize, count: i32, offset: u32): void {
  for (let i = 0; i < count; i++) {
    const row = rowOf(rows, i)
    if (isNullAt(nulls, row)) continue
    const at = placeOf(lines, i, offset)
    const sign = <i32>load<i8>(signs + <usize>i)
    addCount(at, sign)
    let low: u64
    let high: u64
    if (layout == I128) {
      low = load<u64>(cells + (<usize>row << 4))
      high = load<u64>(cells + (<usize>row << 4), 8)
    } else {
      low = load<u64>(cells + (<usize>row << 3))
      high = <u64>(<i64>low >> 63)
    }
    let top = <u64>(<i64>high >> 63)
    if (sign < 0) {
      low = 0 - low
      high = ~high + u64(low == 0)
      top = ~top + u64((low | high) == 0)
    }
    const sum0 = load<u64>(at, 8) + low
    const carry0 = u64(sum0 < low)
    const part = load<u64>(at, 16) + high
    const sum1 = part + carry0
    const carry1 = u64(part < high) + u64(sum1 < carry0)
    store<u64>(at, sum0, 8)
    store<u64>(at, sum1, 16)
    store<u64>(at, load<u64>(at, 24) + top + carry1, 24)
  }
}

// --- the least and the greatest; `direction` is 1 for MIN, -1 for MAX ---

/** Whether a row has nothing that could be kept. */
// @ts-ignore: decorator
@inline
function isPassed(signs: usize, nulls: usize, row: i32, i: i32): bool {
  return load<i8>(signs + <usize>i) < 0 || isNullAt(nulls, row)
}

// @ts-ignore: decorator
@inline
function keepValue<T>(direction: i32, at: usize, value: T): void {
  const kept = load<T>(at, 8)
  if (load<u64>(at) == 0 || (direction > 0 ? value < kept : value > kept)) {
    store<u64>(at, 1)
    store<T>(at, value, 8)
  }
}

/** Numbers that a DOUBLE holds; one that is not a number never comes before what is kept. */
export function keepNumbers(
  layout: i32,
  direction: i32,
  cells: usize,
  nulls: usize,
  rows: usize,
  lines: usize,
  signs: usize,
  count: i32,
  offset: u32,
): void {
  for (let i = 0; i < count; i++) {
    const row = rowOf(rows, i)
    if (isPassed(signs, nulls, row, i)) continue
    const value = layout <= I32 ? <f64>wholeCell(cells, layout, row) : floatCell(cells, layout, row)
    keepValue<f64>(direction, placeOf(lines, i, offset), value)
  }
}

export function keepWords(direction: i32, cells: usize, nulls: usize, rows: usize, lines: usize, signs: usize, count: i32, offset: u32): void {
  for (let i = 0; i < count; i++) {
    const row = rowOf(rows, i)
    if (isPassed(signs, nulls, row, i)) continue
    keepValue<i64>(direction, placeOf(lines, i, offset), load<i64>(cells + (<usize>row << 3)))
  }
}

export function keepWides(direction: i32, cells: usize, nulls: usize, rows: usize, lines: usize, signs: usize, count: i32, offset: u32): void {
  for (let i = 0; i < count; i++) {
    const row = rowOf(rows, i)
    if (isPassed(signs, nulls, row, i)) continue
    const at = placeOf(lines, i, offset)
    const low = load<u64>(cells + (<usize>row << 4))
    const high = load<i64>(cells + (<usize>row << 4), 8)
    const keptLow = load<u64>(at, 8)
    const keptHigh = load<i64>(at, 16)
    const isLess = high < keptHigh || (high == keptHigh && low < keptLow)
    const isEqual = high == keptHigh && low == keptLow
    if (load<u64>(at) == 0 || (direction > 0 ? isLess : !isLess && !isEqual)) {
      store<u64>(at, 1)
      store<u64>(at, low, 8)
      store<i64>(at, high, 16)
    }
  }
}

/**
 * Texts and binaries, by their bytes, from entry `from` on.
 *
 * @returns The next entry: `count`, or the one whose group has too little room.
 */
export function keepTexts(
  direction: i32,
  cells: usize,
  nulls: usize,
  rows: usize,
  lines: usize,
  signs: usize,
  from: i32,
  count: i32,
  offset: u32,
): i32 {
  for (let i = from; i < count; i++) {
    const row = rowOf(rows, i)
    if (isPassed(signs, nulls, row, i)) continue
    const at = placeOf(lines, i, offset)
    const cell = cells + (<usize>row << 3)
    const address = <usize>load<u32>(cell)
    const length = load<u32>(cell, 4)
    if (load<u32>(at) != 0) {
      const order = compareRuns(address, length, <usize>load<u32>(at, 8), load<u32>(at, 12))
      if (direction > 0 ? order >= 0 : order <= 0) continue
    }
    if (length > load<u32>(at, 4)) return i
    copyRun(<usize>load<u32>(at, 8), address, length)
    store<u32>(at, 1)
    store<u32>(at, length, 12)
  }
  return count
}

// --- values: entry k goes to row `first + k * step`; where there is none, `missing[k]` is 1, else 0. Each returns how many are missing ---

/** Counts, as i64s. */
export function takeCounts(lines: usize, count: i32, offset: u32, cells: usize, first: i32, step: i32): void {
  let target = cells + (<usize>first << 3)
  for (let k = 0; k < count; k++, target += <usize>step << 3) store<i64>(target, <i64>load<f64>(placeOf(lines, k, offset)))
}

/** Says whether group `k` has no value; 1 if so. */
// @ts-ignore: decorator
@inline
export function noteAbsent(missing: usize, k: i32, isAbsent: bool): i32 {
  store<u8>(missing + <usize>k, u8(isAbsent))
  return i32(isAbsent)
}

/** The word behind the first one, into cells of a layout that is as wide or narrower; `isFloat`: it is an f64. */
export function takeWords(
  layout: i32,
  isFloat: bool,
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
    const isAbsent = load<u64>(at) == 0
    absent += noteAbsent(missing, k, isAbsent)
    storeWord(layout, isFloat, load<u64>(at, 8), cells, <usize>(first + k * step))
  }
  return absent
}

// @ts-ignore: decorator
@inline
export function storeWord(layout: i32, isFloat: bool, word: u64, cells: usize, row: usize): void {
  if (layout == F32) {
    store<f32>(cells + (row << 2), <f32>reinterpret<f64>(word))
    return
  }
  // A DOUBLE is stored as the bits that it is.
  if (layout >= I64) {
    store<u64>(cells + (row << 3), word)
    return
  }
  const whole = isFloat ? <i32>reinterpret<f64>(word) : <i32>word
  if (layout == I32) store<i32>(cells + (row << 2), whole)
  else if (layout == I16) store<i16>(cells + (row << 1), whole)
  else store<i8>(cells + row, whole)
}

/** The 128 bits behind the first word. */
export function takeWides(lines: usize, count: i32, offset: u32, cells: usize, first: i32, step: i32, missing: usize): i32 {
  let absent = 0
  for (let k = 0; k < count; k++) {
    const at = placeOf(lines, k, offset)
    const isAbsent = load<u64>(at) == 0
    absent += noteAbsent(missing, k, isAbsent)
    const target = cells + (<usize>(first + k * step) << 4)
    store<u64>(target, load<u64>(at, 8))
    store<u64>(target, load<u64>(at, 16), 8)
  }
  return absent
}

/** Views of the texts that are kept; they hold until the group keeps another one. */
export function takeTexts(lines: usize, count: i32, offset: u32, cells: usize, first: i32, step: i32, missing: usize): i32 {
  let absent = 0
  for (let k = 0; k < count; k++) {
    const at = placeOf(lines, k, offset)
    const isAbsent = load<u32>(at) == 0
    absent += noteAbsent(missing, k, isAbsent)
    const target = cells + (<usize>(first + k * step) << 3)
    store<u64>(target, isAbsent ? 0 : load<u64>(at, 8))
  }
  return absent
}

/** How many bytes the texts have together that `takeTexts` showed. */
export function takenTextSize(cells: usize, count: i32, first: i32, step: i32): u32 {
  let total: u32 = 0
  for (let k = 0; k < count; k++) total += load<u32>(cells + (<usize>(first + k * step) << 3), 4)
  return total
}

/** Copies these texts to `bytes`. */
export function copyTakenTexts(cells: usize, count: i32, first: i32, step: i32, bytes: usize): void {
  for (let k = 0; k < count; k++) {
    const cell = cells + (<usize>(first + k * step) << 3)
    const length = load<u32>(cell, 4)
    copyRun(bytes, <usize>load<u32>(cell), length)
    store<u32>(cell, bytes)
    bytes += <usize>length
  }
}

/** Whole sums divided by their counts, cut, in the width of the layout. */
export function takeWholeAverages(layout: i32, lines: usize, count: i32, offset: u32, cells: usize, first: i32, step: i32, missing: usize): i32 {
  let absent = 0
  for (let k = 0; k < count; k++) {
    const at = placeOf(lines, k, offset)
    const values = <i64>load<f64>(at)
    absent += noteAbsent(missing, k, values == 0)
    const sum = load<i64>(at, 8)
    // The least number divided by -1 is no i64.
    const average = values == 0 ? 0 : values == -1 ? -sum : sum / values
    storeWord(layout, false, <u64>average, cells, <usize>(first + k * step))
  }
  return absent
}

export function takeFloatAverages(layout: i32, lines: usize, count: i32, offset: u32, cells: usize, first: i32, step: i32, missing: usize): i32 {
  let absent = 0
  for (let k = 0; k < count; k++) {
    const at = placeOf(lines, k, offset)
    const values = load<f64>(at)
    absent += noteAbsent(missing, k, values == 0)
    storeWord(layout, true, reinterpret<u64>(load<f64>(at, 8) / values), cells, <usize>(first + k * step))
  }
  return absent
}

// @ts-ignore: decorator
@inline
function isDecimalSum(at: usize): bool {
  const high = load<u64>(at, 16)
  return load<u64>(at, 24) == <u64>(<i64>high >> 63) && decimalFits(load<u64>(at, 8), high, 38)
}

/** Sums of decimals, as DECIMAL(38, s); those of more digits are missing. */
export function takeDecimals(lines: usize, count: i32, offset: u32, cells: usize, first: i32, step: i32, missing: usize): i32 {
  let absent = 0
  for (let k = 0; k < count; k++) {
    const at = placeOf(lines, k, offset)
    const isAbsent = load<f64>(at) == 0 || !isDecimalSum(at)
    absent += noteAbsent(missing, k, isAbsent)
    const target = cells + (<usize>(first + k * step) << 4)
    store<u64>(target, load<u64>(at, 8))
    store<u64>(target, load<u64>(at, 16), 8)
  }
  return absent
}

/** Sums of decimals with `digits` more digits, divided by their counts, halves rounded up. */
export function takeDecimalAverages(digits: i32, lines: usize, count: i32, offset: u32, cells: usize, first: i32, step: i32, missing: usize): i32 {
  let absent = 0
  for (let k = 0; k < count; k++) {
    const at = placeOf(lines, k, offset)
    const values = <i64>load<f64>(at)
    const target = cells + (<usize>(first + k * step) << 4)
    const isAbsent =
      values == 0 ||
      !isDecimalSum(at) ||
      decimalDivide(load<u64>(at, 8), load<u64>(at, 16), <u64>values, <u64>(values >> 63), digits, target) != 0
    absent += noteAbsent(missing, k, isAbsent)
  }
  return absent
}

/** Marks the rows of a column whose values are missing, and only those. */
export function spreadMissing(missing: usize, count: i32, nulls: usize, first: i32, step: i32): void {
  for (let k = 0; k < count; k++) store<u8>(nulls + <usize>(first + k * step), load<u8>(missing + <usize>k))
}

// --- what other groups hold, added to groups: entry i of `lines` gets what entry i of `others` has, in order ---

export function mergeCounts(lines: usize, others: usize, count: i32, offset: u32): void {
  for (let i = 0; i < count; i++) {
    const at = placeOf(lines, i, offset)
    store<f64>(at, load<f64>(at) + load<f64>(placeOf(others, i, offset)))
  }
}

export function mergeWholes(lines: usize, others: usize, count: i32, offset: u32): void {
  for (let i = 0; i < count; i++) {
    const at = placeOf(lines, i, offset)
    const other = placeOf(others, i, offset)
    store<f64>(at, load<f64>(at) + load<f64>(other))
    store<i64>(at, load<i64>(at, 8) + load<i64>(other, 8), 8)
  }
}

export function mergeFloats(isSingle: bool, lines: usize, others: usize, count: i32, offset: u32): void {
  for (let i = 0; i < count; i++) {
    const at = placeOf(lines, i, offset)
    const other = placeOf(others, i, offset)
    store<f64>(at, load<f64>(at) + load<f64>(other))
    const sum = load<f64>(at, 8) + load<f64>(other, 8)
    store<f64>(at, isSingle ? <f64>(<f32>sum) : sum, 8)
  }
}

export function mergeDecimals(lines: usize, others: usize, count: i32, offset: u32): void {
  for (let i = 0; i < count; i++) {
    const at = placeOf(lines, i, offset)
    const other = placeOf(others, i, offset)
    store<f64>(at, load<f64>(at) + load<f64>(other))
    const sum0 = load<u64>(at, 8) + load<u64>(other, 8)
    const carry0 = u64(sum0 < load<u64>(other, 8))
    const part = load<u64>(at, 16) + load<u64>(other, 16)
    const sum1 = part + carry0
    const carry1 = u64(part < load<u64>(other, 16)) + u64(sum1 < carry0)
    store<u64>(at, sum0, 8)
    store<u64>(at, sum1, 16)
    store<u64>(at, load<u64>(at, 24) + load<u64>(other, 24) + carry1, 24)
  }
}

// What another group holds is taken away again, exactly.

export function unmergeCounts(lines: usize, others: usize, count: i32, offset: u32): void {
  for (let i = 0; i < count; i++) {
    const at = placeOf(lines, i, offset)
    store<f64>(at, load<f64>(at) - load<f64>(placeOf(others, i, offset)))
  }
}

export function unmergeWholes(lines: usize, others: usize, count: i32, offset: u32): void {
  for (let i = 0; i < count; i++) {
    const at = placeOf(lines, i, offset)
    const other = placeOf(others, i, offset)
    store<f64>(at, load<f64>(at) - load<f64>(other))
    store<i64>(at, load<i64>(at, 8) - load<i64>(other, 8), 8)
  }
}

export function unmergeDecimals(lines: usize, others: usize, count: i32, offset: u32): void {
  for (let i = 0; i < count; i++) {
    const at = placeOf(lines, i, offset)
    const other = placeOf(others, i, offset)
    store<f64>(at, load<f64>(at) - load<f64>(other))
    const low = load<u64>(at, 8)
    const middle = load<u64>(at, 16)
    const borrow0 = u64(low < load<u64>(other, 8))
    const part = middle - load<u64>(other, 16)
    const borrow1 = u64(middle < load<u64>(other, 16)) + u64(part < borrow0)
    store<u64>(at, low - load<u64>(other, 8), 8)
    store<u64>(at, part - borrow0, 16)
    store<u64>(at, load<u64>(at, 24) - load<u64>(other, 24) - borrow1, 24)
  }
}

/** The least or greatest values; `layout` of what is kept: F64, I64 or I128. */
export function mergeKept(layout: i32, direction: i32, lines: usize, others: usize, count: i32, offset: u32): void {
  for (let i = 0; i < count; i++) {
    const at = placeOf(lines, i, offset)
    const other = placeOf(others, i, offset)
    if (load<u64>(other) == 0) continue
    if (load<u64>(at) == 0 || isKeptBefore(layout, direction, other, at)) {
      store<u64>(at, 1)
      store<u64>(at, load<u64>(other, 8), 8)
      if (layout == I128) store<u64>(at, load<u64>(other, 16), 16)
    }
  }
}

// @ts-ignore: decorator
@inline
function isKeptBefore(layout: i32, direction: i32, a: usize, b: usize): bool {
  if (layout == I64) return direction > 0 ? load<i64>(a, 8) < load<i64>(b, 8) : load<i64>(a, 8) > load<i64>(b, 8)
  if (layout != I128) return direction > 0 ? load<f64>(a, 8) < load<f64>(b, 8) : load<f64>(a, 8) > load<f64>(b, 8)
  const highA = load<i64>(a, 16)
  const highB = load<i64>(b, 16)
  if (highA != highB) return direction > 0 ? highA < highB : highA > highB
  return direction > 0 ? load<u64>(a, 8) < load<u64>(b, 8) : load<u64>(a, 8) > load<u64>(b, 8)
}
