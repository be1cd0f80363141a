// What `kernels/hash.ts` and the hashes of `kernels/keys.ts` compute, in plain TypeScript.

const mask = (1n << 64n) - 1n
const K1 = 0x9e3779b97f4a7c15n
const K2 = 0xc2b2ae3d27d4eb4fn
const K3 = 0x165667b19e3779f9n
const NULL_WORD = 0x5bd1e995a3c59ac3n
const KA = 0x9e3779b185ebca87n
const KB = 0xc2b2ae3d27d4eb4fn

function multiply(a: bigint, b: bigint): bigint {
  return (a * b) & mask
}

function rotateLeft(value: bigint, bits: bigint): bigint {
  return ((value << bits) | (value >> (64n - bits))) & mask
}

function finish(hash: bigint): bigint {
  let h = multiply(hash ^ (hash >> 32n), K3)
  h = multiply(h ^ (h >> 29n), K2)
  return h ^ (h >> 32n)
}

function mixWord(h: bigint, word: bigint): bigint {
  return multiply(rotateLeft(h ^ multiply(word, K2), 31n), K1)
}

/** `length` bytes from `start` as one little-endian integer. */
function word(bytes: Uint8Array, start: number, length: number): bigint {
  let value = 0n
  for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[start + i]!)
  return value
}

function shortWord(bytes: Uint8Array): bigint {
  const { length } = bytes
  if (length >= 4) return word(bytes, 0, 4) | (word(bytes, length - 4, 4) << 32n)
  if (length === 0) return 0n
  return BigInt(bytes[0]!) | (BigInt(bytes[length >> 1]!) << 8n) | (BigInt(bytes[length - 1]!) << 16n)
}

export function hashBytes(bytes: Uint8Array): bigint {
  const { length } = bytes
  let h = multiply(BigInt(length + 1), K1)
  if (length < 8) return finish(mixWord(h, shortWord(bytes)))
  for (let at = 0; at + 8 < length; at += 8) h = mixWord(h, word(bytes, at, 8))
  return finish(mixWord(h, word(bytes, length - 8, 8)))
}

/** The hash of one cell, null for NULL. */
export function hashCell(cell: Uint8Array | null): bigint {
  if (cell === null) return finish(NULL_WORD)
  const h = mixWord(0n, word(cell, 0, Math.min(cell.length, 8)))
  return finish(cell.length === 16 ? mixWord(h, word(cell, 8, 8)) : h)
}

function product(keyed: bigint): bigint {
  return (keyed & 0xffffffffn) * (keyed >> 32n)
}

function cellWord(value: bigint): bigint {
  return product((value + KA) & mask) + rotateLeft(value, 29n)
}

/** The checksum of cells, null for NULL. */
export function checksumCells(cells: readonly (Uint8Array | null)[]): bigint {
  let sum = 0n
  for (const cell of cells) {
    if (cell === null) sum += NULL_WORD
    else sum += cellWord(word(cell, 0, Math.min(cell.length, 8)))
    if (cell?.length === 16) sum += cellWord(word(cell, 8, 8) ^ KB)
  }
  return sum & mask
}

const BLOCK_KEYS = [0x85ebca77, 0x27d4eb2f, 0x165667b1, 0x9e3779b9, 0xc2b2ae3d, 0x61c88647, 0x2545f491, 0x4f6cdd1d]
const BLOCK_STEPS = [0x7feb352d, 0x846ca68b, 0x1b873593, 0xcc9e2d51, 0x58f38ded, 0x0a1b2c3d, 0xe6546b64, 0x38495ab5]

/** The sum of a block of 32 bytes: each half-word of `a`, with a key added, times that at its place in `b`. */
function checksumBlock(a: Uint8Array, b: Uint8Array, number: number): bigint {
  const keyed = (bytes: Uint8Array, i: number, key: number): bigint =>
    BigInt((Number(word(bytes, i * 4, 4)) + BLOCK_KEYS[key]! + Math.imul(BLOCK_STEPS[key]!, number)) >>> 0)
  return [0, 1, 2, 3].reduce((sum, i) => sum + keyed(a, i, i) * keyed(b, i, i + 4), 0n)
}

function checksumRun(bytes: Uint8Array): bigint {
  const { length } = bytes
  let h = BigInt(length + 1) * KB
  if (length < 16) {
    const words = length >= 8 ? [word(bytes, 0, 8), word(bytes, length - 8, 8)] : [shortWord(bytes), 0n]
    words.forEach((value, i) => {
      const keyed = (value + KA + BigInt(i) * KB) & mask
      h += product(keyed) + rotateLeft(keyed, 29n)
    })
  } else {
    let at = 0
    for (; at + 32 < length; at += 32) h += checksumBlock(bytes.subarray(at), bytes.subarray(at + 16), at / 32)
    h += checksumBlock(bytes.subarray(length < 32 ? at : length - 32), bytes.subarray(length - 16), at / 32)
  }
  h &= mask
  return h ^ (h >> 32n)
}

/** The checksum of texts, null for NULL. */
export function checksumText(texts: readonly (Uint8Array | null)[]): bigint {
  return texts.reduce((sum, text) => (sum + (text === null ? NULL_WORD : checksumRun(text))) & mask, 0n)
}

/** The key group of 32 hash bits. */
export function keyGroup(hash: number, groupCount: number): number {
  let h = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return ((h ^ (h >>> 16)) >>> 0) % groupCount
}
