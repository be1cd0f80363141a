import { finish, hashRun, isNullAt, mixWord, rowAt } from './bytes'

/** 64 hash bits of `length` bytes. */
export function hashBytes(address: usize, length: usize): u64 {
  return hashRun(address, length)
}

/** Marks a NULL among hashes and checksums. */
const NULL_WORD: u64 = 0x5bd1e995a3c59ac3

/** 64 hash bits of each selected cell of 1 << `shift` bytes, shift 0 to 4. */
export function hashCells(cells: usize, nulls: usize, shift: i32, selection: usize, count: i32, hashes: usize): void {
  for (let i = 0; i < count; i++) {
    const row = rowAt(selection, i)
    let h: u64 = NULL_WORD
    if (!isNullAt(nulls, row)) {
      const cell = cells + (<usize>row << shift)
      h = mixWord(0, fixedWord(cell, shift))
      if (shift == 4) h = mixWord(h, load<u64>(cell + 8))
    }
    store<u64>(hashes + (<usize>i << 3), finish(h))
  }
}

// @ts-ignore: decorator
@inline
function fixedWord(cell: usize, shift: i32): u64 {
  if (shift >= 3) return load<u64>(cell)
  if (shift == 2) return load<u32>(cell)
  return shift == 1 ? <u64>load<u16>(cell) : <u64>load<u8>(cell)
}

// Checksums are sums over cells of a function of the cell, so that they depend neither on the order of rows nor on how rows are cut into batches. The
// function multiplies the two halves of a word, each with a constant added, as the NH hash does: one SIMD multiplication does two words.
const KA: u64 = 0x9e3779b185ebca87
const KB: u64 = 0xc2b2ae3d27d4eb4f

// @ts-ignore: decorator
@inline
function cellWord(word: u64): u64 {
  const keyed = word + KA
  return (keyed & 0xffffffff) * (keyed >> 32) + rotl<u64>(word, 29)
}

/** The checksum of the selected cells of 1 << `shift` bytes, shift 0 to 4: order-independent; reads every byte of them. */
export function checksumCells(cells: usize, nulls: usize, shift: i32, selection: usize, count: i32): u64 {
  if (nulls == 0 && selection == 0) {
    if (shift == 3) return checksumWords(cells, count)
    if (shift == 2) return checksumInts(cells, count)
  }
  let sum: u64 = 0
  for (let i = 0; i < count; i++) {
    const row = rowAt(selection, i)
    if (isNullAt(nulls, row)) {
      sum += NULL_WORD
      continue
    }
    const cell = cells + (<usize>row << shift)
    sum += cellWord(fixedWord(cell, shift))
    if (shift == 4) sum += cellWord(load<u64>(cell + 8) ^ KB)
  }
  return sum
}

function checksumWords(cells: usize, count: i32): u64 {
  const key = i64x2.splat(KA)
  let sumA = i64x2.splat(0)
  let sumB = i64x2.splat(0)
  let i = 0
  let at = cells
  for (; i + 4 <= count; i += 4, at += 32) {
    sumA = i64x2.add(sumA, pairWords(v128.load(at), key))
    sumB = i64x2.add(sumB, pairWords(v128.load(at, 16), key))
  }
  const both = i64x2.add(sumA, sumB)
  let sum: u64 = i64x2.extract_lane(both, 0) + i64x2.extract_lane(both, 1)
  for (; i < count; i++, at += 8) sum += cellWord(load<u64>(at))
  return sum
}

function checksumInts(cells: usize, count: i32): u64 {
  const key = i64x2.splat(KA)
  let sums = i64x2.splat(0)
  let i = 0
  let at = cells
  for (; i + 4 <= count; i += 4, at += 16) {
    const ints = v128.load(at)
    sums = i64x2.add(sums, pairWords(i64x2.extend_low_i32x4_u(ints), key))
    sums = i64x2.add(sums, pairWords(i64x2.extend_high_i32x4_u(ints), key))
  }
  let sum: u64 = i64x2.extract_lane(sums, 0) + i64x2.extract_lane(sums, 1)
  for (; i < count; i++, at += 4) sum += cellWord(load<u32>(at))
  return sum
}

// @ts-ignore: decorator
@inline
function pairWords(words: v128, key: v128): v128 {
  const keyed = i64x2.add(words, key)
  // Low halves and high halves of both words side by side, for the widening multiplication.
  const low = i8x16.shuffle(keyed, keyed, 0, 1, 2, 3, 8, 9, 10, 11, 0, 1, 2, 3, 8, 9, 10, 11)
  const high = i8x16.shuffle(keyed, keyed, 4, 5, 6, 7, 12, 13, 14, 15, 4, 5, 6, 7, 12, 13, 14, 15)
  const turned = v128.or(i64x2.shl(words, 29), i64x2.shr_u(words, 35))
  return i64x2.add(i64x2.extmul_low_i32x4_u(low, high), turned)
}

/** Texts whose bytes are asked for before the first of them is summed. */
const AHEAD = 64
/** Where nobody reads: what was loaded ahead must go somewhere. */
const NOWHERE = memory.data(8)

/** The checksum of the selected cells of layout `bytes`: order-independent over rows; reads every byte of the texts. */
export function checksumText(cells: usize, nulls: usize, selection: usize, count: i32): u64 {
  let sum: u64 = 0
  for (let start = 0; start < count; start += AHEAD) {
    const end = min(start + AHEAD, count)
    touchTexts(cells, nulls, selection, start, end)
    for (let i = start; i < end; i++) {
      const row = rowAt(selection, i)
      if (isNullAt(nulls, row)) {
        sum += NULL_WORD
        continue
      }
      const cell = cells + (<usize>row << 3)
      sum += checksumRun(load<u32>(cell), load<u32>(cell, 4))
    }
  }
  return sum
}

/** Texts of rows of state lie anywhere in memory: asked for together, they come together. */
// @ts-ignore: decorator
@inline
function touchTexts(cells: usize, nulls: usize, selection: usize, from: i32, to: i32): void {
  let touched: u32 = 0
  for (let i = from; i < to; i++) {
    const row = rowAt(selection, i)
    if (isNullAt(nulls, row)) continue
    const cell = cells + (<usize>row << 3)
    const length = load<u32>(cell, 4)
    if (length == 0) continue
    const address = <usize>load<u32>(cell)
    touched += load<u8>(address)
    for (let at: u32 = 64; at < length; at += 64) touched += load<u8>(address + at)
  }
  store<u32>(NOWHERE, touched)
}

// Keys of the first block of a run and what they grow by from block to block.
const BLOCK_KEYS_A = i32x4(0x85ebca77, 0x27d4eb2f, 0x165667b1, 0x9e3779b9)
const BLOCK_KEYS_B = i32x4(0xc2b2ae3d, 0x61c88647, 0x2545f491, 0x4f6cdd1d)
const BLOCK_STEP_A = i32x4(0x7feb352d, 0x846ca68b, 0x1b873593, 0xcc9e2d51)
const BLOCK_STEP_B = i32x4(0x58f38ded, 0x0a1b2c3d, 0xe6546b64, 0x38495ab5)

/**
 * Words are keyed by their place in the run, else texts of the same words in another order would agree. Blocks of 32 bytes multiply the keyed half-words of their one
 * half with those of the other.
 */
// @ts-ignore: decorator
@inline
function checksumRun(address: usize, length: usize): u64 {
  let h: u64 = (<u64>length + 1) * KB
  const end = address + length
  if (length >= 32) {
    let keysA = BLOCK_KEYS_A
    let keysB = BLOCK_KEYS_B
    let low = i64x2.splat(0)
    let high = i64x2.splat(0)
    for (; address + 32 <= end; address += 32) {
      const a = i32x4.add(v128.load(address), keysA)
      const b = i32x4.add(v128.load(address, 16), keysB)
      low = i64x2.add(low, i64x2.extmul_low_i32x4_u(a, b))
      high = i64x2.add(high, i64x2.extmul_high_i32x4_u(a, b))
      keysA = i32x4.add(keysA, BLOCK_STEP_A)
      keysB = i32x4.add(keysB, BLOCK_STEP_B)
    }
    const both = i64x2.add(low, high)
    h += i64x2.extract_lane(both, 0) + i64x2.extract_lane(both, 1)
  }
  let key: u64 = KA
  for (; address + 8 <= end; address += 8) {
    const keyed = load<u64>(address) + key
    h += (keyed & 0xffffffff) * (keyed >> 32) + rotl<u64>(keyed, 29)
    key += KB
  }
  let tail: u64 = 0
  let rest = <u32>(end - address)
  if (rest & 4) {
    tail = load<u32>(address)
    address += 4
  }
  if (rest & 2) {
    tail = (tail << 16) | load<u16>(address)
    address += 2
  }
  if (rest & 1) tail = (tail << 8) | load<u8>(address)
  const keyed = tail + key
  h += (keyed & 0xffffffff) * (keyed >> 32) + rotl<u64>(keyed, 29)
  return h ^ (h >> 32)
}

/** How many more of the selected changes add a row than take one away. */
export function checksumKinds(kinds: usize, selection: usize, count: i32): i32 {
  let sum = count
  // Kinds that take a row away, -U and -D, are odd.
  for (let i = 0; i < count; i++) sum -= <i32>(load<u8>(kinds + <usize>rowAt(selection, i)) & 1) << 1
  return sum
}
