import { compareRuns, isNullAt, rowAt } from './bytes'
import { F32, F64, I128, I16, I32, I64, I8, TEXT, TS } from './cells'

// The order of stored rows. A sort key is described by 32 bytes: u32 form and flags of `row-store.ts`, u32 offset of the cell in the line, u32 offset of its NULL bit's byte,
// u32 the bit, then u32 flags, u32 cells and u32 nulls of the batch's column. In front of them: u32 keys, u32 offset of the body in a line, u32 whether the first key decides
// alone.
//
// Lines that are compared are in no list: in place of its links they have a u64 that is in the order of the first key as far as 8 bytes tell it. Most comparisons end there.
const HEADER = 16
const DESCRIPTOR = 32
const OFFSET = 4
const NULL_BYTE = 8
const NULL_BIT = 12
const FLAGS = 16
const CELLS = 20
const NULLS = 24

const DESCENDING: u32 = 1
const NULLS_FIRST: u32 = 2

/** Where a line has it. */
export const PREFIX = 0

const SIGN: u64 = 0x8000000000000000

/** Doubles in their total order: -0.0 before 0.0, the one NaN last. */
// @ts-ignore: decorator
@inline
function doubleOrder(value: f64): u64 {
  const bits = value == value ? reinterpret<u64>(value) : 0x7ff8000000000000
  return bits & SIGN ? ~bits : bits | SIGN
}

// @ts-ignore: decorator
@inline
export function textOrder(at: usize, length: u32): u64 {
  if (length >= 8) return bswap<u64>(load<u64>(at))
  let order: u64 = 0
  for (let i: u32 = 0; i < length; i++) order |= <u64>load<u8>(at + i) << (56 - (<u64>i << 3))
  return order
}

/** The order of a cell that is not NULL, ascending. A text of a line begins at `base` and the offset in its cell. */
// @ts-ignore: decorator
@inline
export function cellOrder(form: u32, at: usize, base: usize): u64 {
  switch (form) {
    case I8:
      return <u64>(<i64>load<i8>(at)) ^ SIGN
    case I16:
      return <u64>(<i64>load<i16>(at)) ^ SIGN
    case I32:
      return <u64>(<i64>load<i32>(at)) ^ SIGN
    case I64:
    case TS:
      return load<u64>(at) ^ SIGN
    case I128:
      return load<u64>(at, 8) ^ SIGN
    case F32:
      return doubleOrder(<f64>load<f32>(at))
    case F64:
      return doubleOrder(load<f64>(at))
    case TEXT:
      return textOrder(base + <usize>load<u32>(at), load<u32>(at, 4))
    default:
      return 0
  }
}

// @ts-ignore: decorator
@inline
function nullOrder(flags: u32): u64 {
  return flags & NULLS_FIRST ? 0 : 0xffffffffffffffff
}

// @ts-ignore: decorator
@inline
function cellShift(form: u32): u32 {
  if (form <= I128) return form
  if (form == TS) return 4
  return form == F32 ? 2 : 3
}

/** The prefixes of the rows of places `from` to `from + count - 1`, u64s. */
export function batchPrefixes(order: usize, selection: usize, from: i32, count: i32, prefixes: usize): void {
  if (load<u32>(order) == 0) {
    memory.fill(prefixes, 0, <usize>count << 3)
    return
  }
  const d = order + HEADER
  const form = load<u32>(d)
  const flags = load<u32>(d, FLAGS)
  const cells = <usize>load<u32>(d, CELLS)
  const nulls = <usize>load<u32>(d, NULLS)
  const invert: u64 = flags & DESCENDING ? 0xffffffffffffffff : 0
  const shift = cellShift(form)
  for (let i = 0; i < count; i++) {
    const row = rowAt(selection, from + i)
    const prefix = isNullAt(nulls, row) ? nullOrder(flags) : cellOrder(form, cells + (<usize>row << shift), 0) ^ invert
    store<u64>(prefixes + (<usize>i << 3), prefix)
  }
}

/** The prefix of a line, for one that was loaded. */
export function linePrefix(order: usize, line: usize): void {
  let prefix: u64 = 0
  if (load<u32>(order) > 0) {
    const d = order + HEADER
    const flags = load<u32>(d, FLAGS)
    const isNull = (load<u8>(line + <usize>load<u32>(d, NULL_BYTE)) & <u8>load<u32>(d, NULL_BIT)) != 0
    const invert: u64 = flags & DESCENDING ? 0xffffffffffffffff : 0
    prefix = isNull
      ? nullOrder(flags)
      : cellOrder(load<u32>(d), line + <usize>load<u32>(d, OFFSET), line + <usize>load<u32>(order, 4)) ^ invert
  }
  store<u64>(line, prefix, PREFIX)
}

/** Whether rows of equal prefixes are equal in the order. */
// @ts-ignore: decorator
@inline
export function prefixDecides(order: usize, prefix: u64): bool {
  return load<u32>(order, 8) != 0 && prefix + 1 > 1
}

/** Negative when line `a` comes first, 0 when the order does not tell them apart. */
// @ts-ignore: decorator
@inline
export function compareLines(order: usize, a: usize, b: usize): i32 {
  const prefixA = load<u64>(a, PREFIX)
  const prefixB = load<u64>(b, PREFIX)
  if (prefixA != prefixB) return prefixA < prefixB ? -1 : 1
  return prefixDecides(order, prefixA) ? 0 : compareKeys(order, a, b)
}

function compareKeys(order: usize, a: usize, b: usize): i32 {
  const keys = load<i32>(order)
  const body = <usize>load<u32>(order, 4)
  for (let k = 0; k < keys; k++) {
    const d = order + HEADER + <usize>k * DESCRIPTOR
    const flags = load<u32>(d, FLAGS)
    const nullByte = <usize>load<u32>(d, NULL_BYTE)
    const nullBit = <u8>load<u32>(d, NULL_BIT)
    const isNullA = (load<u8>(a + nullByte) & nullBit) != 0
    const isNullB = (load<u8>(b + nullByte) & nullBit) != 0
    if (isNullA || isNullB) {
      if (isNullA == isNullB) continue
      return isNullA == ((flags & NULLS_FIRST) != 0) ? -1 : 1
    }
    const compared = compareCells(load<u32>(d), a, b, <usize>load<u32>(d, OFFSET), body)
    if (compared != 0) return flags & DESCENDING ? -compared : compared
  }
  return 0
}

function compareCells(form: u32, a: usize, b: usize, offset: usize, body: usize): i32 {
  const atA = a + offset
  const atB = b + offset
  if (form == TEXT) {
    const lengthA = load<u32>(atA, 4)
    const lengthB = load<u32>(atB, 4)
    return compareRuns(a + body + <usize>load<u32>(atA), lengthA, b + body + <usize>load<u32>(atB), lengthB)
  }
  const orderA = cellOrder(form, atA, 0)
  const orderB = cellOrder(form, atB, 0)
  if (orderA != orderB) return orderA < orderB ? -1 : 1
  if (form == I128) {
    const lowA = load<u64>(atA)
    const lowB = load<u64>(atB)
    return i32(lowA > lowB) - i32(lowA < lowB)
  }
  if (form == TS) {
    const nanosA = load<i32>(atA, 8)
    const nanosB = load<i32>(atB, 8)
    return i32(nanosA > nanosB) - i32(nanosA < nanosB)
  }
  return 0
}
