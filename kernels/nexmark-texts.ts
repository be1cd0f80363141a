import { copyRun, digitCount, writeDigits } from './bytes'

// The texts that Nexmark's events show parts of. They are made once a job, before anything of this module is compiled well; here that takes a tenth of the time. The random
// numbers are those of `src/connectors/row-random.ts`, whose state is passed on.

let state: u32 = 0

@inline
function nextUint32(): u32 {
  state += 0x9e3779b9
  let z = state
  z = (z ^ (z >> 16)) * 0x21f0aaad
  z = (z ^ (z >> 15)) * 0x735a2d97
  return z ^ (z >> 15)
}

/** Uniform below `bound`, of 53 random bits. */
function below(bound: u32): u32 {
  const high = <f64>nextUint32() * 2097152.0
  return <u32>(((high + <f64>(nextUint32() >> 11)) / 9007199254740992.0) * <f64>bound)
}

/** As in the public generator, one character of thirteen is not a letter. */
function writeLetters(at: usize, count: u32, special: u8): usize {
  const end = at + <usize>count
  for (; at < end; at++) store<u8>(at, below(13) === 0 ? special : <u8>(0x61 + below(26)))
  return end
}

/** Writes `count` letters and returns the state behind them. */
export function nexmarkLetters(from: u32, at: usize, count: u32, special: u32): u32 {
  state = from
  writeLetters(at, count, <u8>special)
  return state
}

@inline
function writePart(parts: usize, part: usize, at: usize): usize {
  const view = parts + (part << 3)
  const length = <usize>load<u32>(view, 4)
  copyRun(at, load<u32>(view), length)
  return at + length
}

/** Three words of three or four letters between the first part and the second. */
function writeUrl(parts: usize, at: usize): usize {
  at = writePart(parts, 0, at)
  for (let word = 0; word < 3; word++) {
    at = writeLetters(at, 3 + below(2), 0x5f)
    if (word < 2) store<u8>(at++, 0x2f)
  }
  return writePart(parts, 1, at)
}

/**
 * Writes urls one behind the other from `at` on, and their views: first those of the `hot` channels, then of `count` others, of which nine in ten have the third part and the
 * channel's number, its bits in reverse.
 *
 * @param parts Views of the constant texts.
 */
export function nexmarkUrls(from: u32, parts: usize, hot: i32, count: i32, views: usize, at: usize): void {
  state = from
  for (let i = -hot; i < count; i++, views += 8) {
    const start = at
    const hasChannel = i >= 0 && below(10) > 0
    at = writeUrl(parts, at)
    if (hasChannel) {
      at = writePart(parts, 2, at)
      const channel = abs<i32>(bitReverse(i))
      const digits = max(digitCount(channel), 1)
      at += <usize>digits
      writeDigits(at, channel, digits)
    }
    store<u32>(views, start)
    store<u32>(views, at - start, 4)
  }
}

function bitReverse(value: u32): u32 {
  value = ((value >> 1) & 0x55555555) | ((value & 0x55555555) << 1)
  value = ((value >> 2) & 0x33333333) | ((value & 0x33333333) << 2)
  value = ((value >> 4) & 0x0f0f0f0f) | ((value & 0x0f0f0f0f) << 4)
  return bswap<u32>(value)
}
