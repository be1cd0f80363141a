import { finish, hashRun, isNullAt, mixWord, rowAt, shortWord } from './bytes'

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

/** The checksum of the selected cells of layout `bytes`: order-independent over rows; reads every byte of the texts. */
export function checksumText(cells: usize, nulls: usize, selection: usize, count: i32): u64 {
  let sum: u64 = 0
  if (nulls == 0 && selection == 0) {
    for (let cell = cells, end = cells + (<usize>count << 3); cell < end; cell += 8) sum += checksumRun(load<u32>(cell), load<u32>(cell, 4))
    return sum
  }
  for (let i = 0; i < count; i++) {
    const row = rowAt(selection, i)
    if (isNullAt(nulls, row)) {
      sum += NULL_WORD
      continue
    }
    const cell = cells + (<usize>row << 3)
    sum += checksumRun(load<u32>(cell), load<u32>(cell, 4))
  }
  return sum
}

// Keys of the first block of a run and what they grow by from block to block.
const BLOCK_KEYS_A = i32x4(0x85ebca77, 0x27d4eb2f, 0x165667b1, 0x9e3779b9)
const BLOCK_KEYS_B = i32x4(0xc2b2ae3d, 0x61c88647, 0x2545f491, 0x4f6cdd1d)
const BLOCK_STEP_A = i32x4(0x7feb352d, 0x846ca68b, 0x1b873593, 0xcc9e2d51)
const BLOCK_STEP_B = i32x4(0x58f38ded, 0x0a1b2c3d, 0xe6546b64, 0x38495ab5)

/**
 * Blocks of 32 bytes multiply the half-words of their one half with those of the other, each with a key of its place added, else texts of the same words in another order
 * would agree. The last block, and the halves of a short text, overlap what comes before them. Lengths vary, and a branch that they decide would be guessed wrong: the
 * texts that are most frequent are read without one.
 */
// @ts-ignore: decorator
@inline
function checksumRun(address: usize, length: usize): u64 {
  let h: u64 = (<u64>length + 1) * KB
  if (length < 16) {
    let first: u64
    let second: u64 = 0
    if (length >= 4) {
      // The first eight bytes, or the first four and the last four; and the last eight, if there are as many. What lies before a text can be read, what lies behind may be the end.
      first = <u64>load<u32>(address) | (<u64>load<u32>(address + min<usize>(4, length - 4)) << 32)
      second = load<u64>(address + length - 8) & (0 - <u64>(length >> 3))
    } else first = shortWord(address, length)
    first += KA
    second += KA + KB
    h += (first & 0xffffffff) * (first >> 32) + rotl<u64>(first, 29)
    h += (second & 0xffffffff) * (second >> 32) + rotl<u64>(second, 29)
    return h ^ (h >> 32)
  }
  const last = address + length - 16
  let sums: v128
  if (length > 32 && length <= 96) {
    // Two blocks or three: of two, the one in the middle is read, and does not count.
    const isLong = 0 - (length > 64 ? 1 : 0)
    const counted = i32x4.splat(isLong)
    const middle = address + (32 & <usize>isLong)
    const keysA = i32x4.add(BLOCK_KEYS_A, BLOCK_STEP_A)
    const keysB = i32x4.add(BLOCK_KEYS_B, BLOCK_STEP_B)
    const second = checksumBlock(i32x4.add(v128.load(middle), keysA), i32x4.add(v128.load(middle, 16), keysB))
    const lastA = i32x4.add(keysA, v128.and(BLOCK_STEP_A, counted))
    const lastB = i32x4.add(keysB, v128.and(BLOCK_STEP_B, counted))
    sums = checksumBlock(i32x4.add(v128.load(address), BLOCK_KEYS_A), i32x4.add(v128.load(address, 16), BLOCK_KEYS_B))
    sums = i64x2.add(sums, v128.and(second, counted))
    sums = i64x2.add(sums, checksumBlock(i32x4.add(v128.load(last - 16), lastA), i32x4.add(v128.load(last), lastB)))
  } else sums = checksumBlocks(address, length)
  h += i64x2.extract_lane(sums, 0) + i64x2.extract_lane(sums, 1)
  return h ^ (h >> 32)
}

function checksumBlocks(address: usize, length: usize): v128 {
  let keysA = BLOCK_KEYS_A
  let keysB = BLOCK_KEYS_B
  let sums = i64x2.splat(0)
  const last = address + length - 16
  for (; address + 16 < last; address += 32) {
    sums = i64x2.add(sums, checksumBlock(i32x4.add(v128.load(address), keysA), i32x4.add(v128.load(address, 16), keysB)))
    keysA = i32x4.add(keysA, BLOCK_STEP_A)
    keysB = i32x4.add(keysB, BLOCK_STEP_B)
  }
  // Of a text below 32 bytes the halves overlap each other, of a longer one the block those before.
  const half = length < 32 ? address : last - 16
  return i64x2.add(sums, checksumBlock(i32x4.add(v128.load(half), keysA), i32x4.add(v128.load(last), keysB)))
}

// @ts-ignore: decorator
@inline
function checksumBlock(a: v128, b: v128): v128 {
  return i64x2.add(i64x2.extmul_low_i32x4_u(a, b), i64x2.extmul_high_i32x4_u(a, b))
}

/** How many more of the selected changes add a row than take one away. */
export function checksumKinds(kinds: usize, selection: usize, count: i32): i32 {
  let sum = count
  // Kinds that take a row away, -U and -D, are odd.
  for (let i = 0; i < count; i++) sum -= <i32>(load<u8>(kinds + <usize>rowAt(selection, i)) & 1) << 1
  return sum
}
