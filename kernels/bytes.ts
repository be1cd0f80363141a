// Inlined parts of other kernels; nothing here is exported from the module.

/** The physical row of place `i` of a selection, which is absent when all rows count. */
// @ts-ignore: decorator
@inline
export function rowAt(selection: usize, i: i32): i32 {
  return selection ? load<i32>(selection + (<usize>i << 2)) : i
}

/** Whether a mask, which may be absent, marks a row as NULL. */
// @ts-ignore: decorator
@inline
export function isNullAt(nulls: usize, row: i32): bool {
  return nulls != 0 && load<u8>(nulls + <usize>row) != 0
}

/**
 * Copies bytes that do not overlap. Most runs are short, and for those `memory.copy` is a slow call. Lengths vary, and a branch that they decide would be guessed wrong: so
 * what is copied twice costs less than what asks how long it is.
 */
export function copyRun(target: usize, source: usize, length: usize): void {
  if (length >= 32) {
    if (length > 256) {
      memory.copy(target, source, length)
      return
    }
    const last = length - 32
    if (length <= 96) {
      const middle = min<usize>(32, last)
      copyBlock(target, source)
      copyBlock(target + middle, source + middle)
      copyBlock(target + last, source + last)
      return
    }
    for (let i: usize = 0; i < last; i += 32) copyBlock(target + i, source + i)
    copyBlock(target + last, source + last)
    return
  }
  if (length >= 16) {
    v128.store(target, v128.load(source))
    v128.store(target + length - 16, v128.load(source + length - 16))
    return
  }
  if (length >= 4) {
    // 0 below 8 bytes, else 4.
    const middle = (length >> 3) << 2
    const last = length - 4
    store<u32>(target, load<u32>(source))
    store<u32>(target + middle, load<u32>(source + middle))
    store<u32>(target + last - middle, load<u32>(source + last - middle))
    store<u32>(target + last, load<u32>(source + last))
    return
  }
  if (length) {
    store<u8>(target, load<u8>(source))
    store<u8>(target + (length >> 1), load<u8>(source + (length >> 1)))
    store<u8>(target + length - 1, load<u8>(source + length - 1))
  }
}

// @ts-ignore: decorator
@inline
function copyBlock(target: usize, source: usize): void {
  v128.store(target, v128.load(source))
  v128.store(target + 16, v128.load(source + 16))
}

export function equalRuns(a: usize, b: usize, length: usize): bool {
  if (length >= 8) {
    const last = length - 8
    for (let i: usize = 0; i < last; i += 8) {
      if (load<u64>(a + i) != load<u64>(b + i)) return false
    }
    return load<u64>(a + last) == load<u64>(b + last)
  }
  return shortWord(a, length) == shortWord(b, length)
}

/** Fewer than 8 bytes as one word that differs where they differ (for one length). */
// @ts-ignore: decorator
@inline
export function shortWord(address: usize, length: usize): u64 {
  if (length >= 4) return <u64>load<u32>(address) | (<u64>load<u32>(address + length - 4) << 32)
  if (length == 0) return 0
  return <u64>load<u8>(address) | (<u64>load<u8>(address + (length >> 1)) << 8) | (<u64>load<u8>(address + length - 1) << 16)
}

/** -1, 0 or 1 in the order of bytes; of two of which one begins the other the shorter comes first. */
export function compareRuns(a: usize, aLength: u32, b: usize, bLength: u32): i32 {
  const shorter = min<u32>(aLength, bLength)
  let i: usize = 0
  for (; i + 8 <= <usize>shorter; i += 8) {
    const wordA = load<u64>(a + i)
    const wordB = load<u64>(b + i)
    if (wordA != wordB) return bswap<u64>(wordA) < bswap<u64>(wordB) ? -1 : 1
  }
  for (; i < <usize>shorter; i++) {
    const byteA = load<u8>(a + i)
    const byteB = load<u8>(b + i)
    if (byteA != byteB) return byteA < byteB ? -1 : 1
  }
  return aLength < bLength ? -1 : i32(aLength > bLength)
}

// Odd constants of xxHash64 and of the golden ratio.
const K1: u64 = 0x9e3779b97f4a7c15
const K2: u64 = 0xc2b2ae3d27d4eb4f
const K3: u64 = 0x165667b19e3779f9

/** Spreads every bit of `h` over all bits. */
// @ts-ignore: decorator
@inline
export function finish(h: u64): u64 {
  h = (h ^ (h >> 32)) * K3
  h = (h ^ (h >> 29)) * K2
  return h ^ (h >> 32)
}

// @ts-ignore: decorator
@inline
export function mixWord(h: u64, word: u64): u64 {
  return rotl<u64>(h ^ (word * K2), 31) * K1
}

/** 64 hash bits of a run of bytes. */
export function hashRun(address: usize, length: usize): u64 {
  let h: u64 = (<u64>length + 1) * K1
  if (length < 8) return finish(mixWord(h, shortWord(address, length)))
  const end = address + length
  for (; address + 8 < end; address += 8) h = mixWord(h, load<u64>(address))
  return finish(mixWord(h, load<u64>(end - 8)))
}

/** Writes a number, 7 bits a byte from the lowest on; returns where it ends. */
// @ts-ignore: decorator
@inline
export function writeVarint(at: usize, value: u32): usize {
  for (; value >= 0x80; value >>= 7) store<u8>(at++, value | 0x80)
  store<u8>(at++, value)
  return at
}

/** Writes the last `count` decimal digits of `value` before `end`, two at a time. */
// @ts-ignore: decorator
@inline
export function writeDigits(end: usize, value: u32, count: i32): void {
  for (; count >= 2; count -= 2) {
    const rest = value / 100
    const two = value - rest * 100
    const tens = (two * 103) >> 10
    end -= 2
    store<u16>(end, 0x3030 + (tens | ((two - tens * 10) << 8)))
    value = rest
  }
  if (count > 0) store<u8>(end - 1, 48 + (value % 10))
}

/** How many decimal digits a number has; 0 has none. */
// @ts-ignore: decorator
@inline
export function digitCount(value: u32): i32 {
  let count = 0
  for (; value >= 1000; value /= 1000) count += 3
  return count + (value >= 100 ? 3 : value >= 10 ? 2 : i32(value > 0))
}
