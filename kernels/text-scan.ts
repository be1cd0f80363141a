/** Address of the first `byte` in [from, end); `end` when there is none. May read up to 15 bytes beyond. */
export function findByte(from: usize, end: usize, byte: u32): usize {
  const wanted = i8x16.splat(<i8>byte)
  for (let at = from; at < end; at += 16) {
    const mask = i8x16.bitmask(i8x16.eq(v128.load(at), wanted))
    if (mask != 0) {
      const found = at + <usize>ctz(mask)
      return found < end ? found : end
    }
  }
  return end
}

/** How many `byte`s lie in [from, end). */
export function countByte(from: usize, end: usize, byte: u32): u32 {
  const wanted = i8x16.splat(<i8>byte)
  let count: u32 = 0
  let at = from
  for (; at + 16 <= end; at += 16) count += <u32>popcnt(i8x16.bitmask(i8x16.eq(v128.load(at), wanted)))
  for (; at < end; at++) if (load<u8>(at) == byte) count++
  return count
}

/** Address of the first byte in [from, end) that does not begin a whole UTF-8 character; `end` when all do. */
export function invalidUtf8(from: usize, end: usize): usize {
  let at = from
  while (at < end) {
    while (at + 16 <= end && i8x16.bitmask(v128.load(at)) == 0) at += 16
    while (at < end && load<u8>(at) < 0x80) at++
    // Text that is not ASCII comes in runs.
    while (at < end && load<u8>(at) >= 0x80) {
      const length = characterLength(at, end)
      if (length == 0) return at
      at += length
    }
  }
  return end
}

// @ts-ignore: decorator
@inline
function characterLength(at: usize, end: usize): usize {
  const first = <u32>load<u8>(at)
  if (first < 0xc2 || first > 0xf4) return 0
  const length: usize = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
  if (at + length > end) return 0
  const second = <u32>load<u8>(at, 1)
  if ((second & 0xc0) != 0x80) return 0
  if (length == 2) return 2
  if (first == 0xe0 && second < 0xa0) return 0
  if (first == 0xed && second > 0x9f) return 0
  if (first == 0xf0 && second < 0x90) return 0
  if (first == 0xf4 && second > 0x8f) return 0
  if ((load<u8>(at, 2) & 0xc0) != 0x80) return 0
  if (length == 4 && (load<u8>(at, 3) & 0xc0) != 0x80) return 0
  return length
}
