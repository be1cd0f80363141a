import { unreachable } from '../base/assert.ts'

/**
 * Numbers of 16 bits, at least one, in one of the three forms of Roaring bitmaps.
 *
 * | form | holds | bytes when written |
 * | --- | --- | --- |
 * | sparse | the first `count` of `values`, ascending; the rest is room | 2 a number |
 * | dense | a bit a number, number n in bit n % 32 of word n / 32 | 8,192 |
 * | runs | `bounds`: first and last of each run of neighbours, ascending | 2, and 4 a run |
 *
 * A chunk that several bitmaps have is shared, and never changed again.
 */
export type Chunk = SparseChunk | DenseChunk | RunChunk

interface SparseChunk {
  readonly kind: 'sparse'
  values: Uint16Array
  count: number
  isShared: boolean
}

interface DenseChunk {
  readonly kind: 'dense'
  readonly words: Uint32Array
  count: number
  isShared: boolean
}

interface RunChunk {
  readonly kind: 'runs'
  readonly bounds: Uint16Array
  readonly count: number
  isShared: boolean
}

export type SetOperation = 'and' | 'or' | 'xor' | 'andnot'

/** More numbers than that are dense, or runs. */
export const MOST_SPARSE = 4096
export const DENSE_BYTES = 8192
const CHUNK_SIZE = 65536
const WORDS = CHUNK_SIZE / 32

export function sparseChunk(values: Uint16Array, count: number = values.length): Chunk {
  return { kind: 'sparse', values, count, isShared: false }
}

export function denseChunk(words: Uint32Array): Chunk {
  return { kind: 'dense', words, count: countBits(words), isShared: false }
}

/** @param bounds First and last of each run, ascending. */
export function runChunk(bounds: Uint16Array): Chunk {
  let count = 0
  for (let i = 0; i < bounds.length; i += 2) count += bounds[i + 1]! - bounds[i]! + 1
  return { kind: 'runs', bounds, count, isShared: false }
}

/** Adds a number. Returns the chunk that has it, which is this one or stands for it from now on. */
export function withNumber(chunk: Chunk, number: number): Chunk {
  if (chunk.isShared || chunk.kind === 'runs') return withNumber(editable(chunk), number)
  if (chunk.kind === 'dense') {
    const bit = 1 << (number & 31)
    const word = chunk.words[number >>> 5]!
    if ((word & bit) === 0) {
      chunk.words[number >>> 5] = word | bit
      chunk.count++
    }
    return chunk
  }
  const at = place(chunk, number)
  if (at < chunk.count && chunk.values[at] === number) return chunk
  if (chunk.count === MOST_SPARSE) return withNumber(denseChunk(wordsOf(chunk)), number)
  if (chunk.count === chunk.values.length) {
    const grown = new Uint16Array(Math.min(MOST_SPARSE, chunk.count * 2 + 2))
    grown.set(chunk.values)
    chunk.values = grown
  }
  chunk.values.copyWithin(at + 1, at, chunk.count)
  chunk.values[at] = number
  chunk.count++
  return chunk
}

/** Removes a number. Returns the chunk without it; undefined when nothing is left. */
export function withoutNumber(chunk: Chunk, number: number): Chunk | undefined {
  if (chunk.isShared || chunk.kind === 'runs') return withoutNumber(editable(chunk), number)
  if (chunk.kind === 'dense') {
    const bit = 1 << (number & 31)
    const word = chunk.words[number >>> 5]!
    if ((word & bit) !== 0) {
      chunk.words[number >>> 5] = word & ~bit
      chunk.count--
    }
    // Half of what makes a chunk dense, so that it does not change its form back and forth.
    return chunk.count > MOST_SPARSE / 2 ? chunk : chunk.count === 0 ? undefined : sparseChunk(numbersOf(chunk))
  }
  const at = place(chunk, number)
  if (at === chunk.count || chunk.values[at] !== number) return chunk
  chunk.values.copyWithin(at, at + 1, chunk.count)
  chunk.count--
  return chunk.count === 0 ? undefined : chunk
}

/** The numbers of both, of either, of only one, or of the first that the second has not; undefined when there are none. */
export function combineChunks(left: Chunk, right: Chunk, operation: SetOperation): Chunk | undefined {
  const chunk =
    left.kind === 'sparse' && right.kind === 'sparse'
      ? mergeSparse(left, right, operation)
      : denseChunk(combineWords(left, right, operation))
  return chunk.count === 0 ? undefined : compactChunk(chunk)
}

/** The same numbers in the form that takes the fewest bytes; sparse or dense where runs take as many. */
export function compactChunk(chunk: Chunk): Chunk {
  const plainBytes = chunk.count <= MOST_SPARSE ? chunk.count * 2 : DENSE_BYTES
  const runs = countRuns(chunk, plainBytes)
  if (2 + runs * 4 < plainBytes) return chunk.kind === 'runs' ? chunk : runChunk(boundsOf(chunk, runs))
  if (chunk.count > MOST_SPARSE) return chunk.kind === 'dense' ? chunk : denseChunk(wordsOf(chunk))
  return chunk.kind === 'sparse' ? chunk : sparseChunk(numbersOf(chunk))
}

/** The numbers, ascending. */
export function numbersOf(chunk: Chunk): Uint16Array {
  switch (chunk.kind) {
    case 'sparse':
      return chunk.values.subarray(0, chunk.count)
    case 'dense': {
      const numbers = new Uint16Array(chunk.count)
      let at = 0
      chunk.words.forEach((word, w) => {
        for (let left = word; left !== 0; left &= left - 1) numbers[at++] = w * 32 + lowestBit(left)
      })
      return numbers
    }
    case 'runs': {
      const numbers = new Uint16Array(chunk.count)
      let at = 0
      for (let i = 0; i < chunk.bounds.length; i += 2) {
        for (let number = chunk.bounds[i]!; number <= chunk.bounds[i + 1]!; number++) numbers[at++] = number
      }
      return numbers
    }
    default:
      return unreachable(chunk)
  }
}

/** A chunk of its own that is sparse or dense. */
function editable(chunk: Chunk): Chunk {
  return chunk.count <= MOST_SPARSE ? sparseChunk(numbersOf(chunk).slice()) : denseChunk(wordsOf(chunk))
}

/** Where a number is or belongs. */
function place(chunk: SparseChunk, number: number): number {
  // Numbers often come in order.
  if (chunk.count > 0 && chunk.values[chunk.count - 1]! < number) return chunk.count
  let from = 0
  let to = chunk.count
  while (from < to) {
    const middle = (from + to) >>> 1
    if (chunk.values[middle]! < number) from = middle + 1
    else to = middle
  }
  return from
}

function mergeSparse(left: SparseChunk, right: SparseChunk, operation: SetOperation): Chunk {
  const keepsLeft = operation !== 'and'
  const keepsRight = operation === 'or' || operation === 'xor'
  const keepsBoth = operation === 'and' || operation === 'or'
  const merged = new Uint16Array(left.count + right.count)
  let count = 0
  let l = 0
  let r = 0
  while (l < left.count && r < right.count) {
    const a = left.values[l]!
    const b = right.values[r]!
    if (a <= b) l++
    if (b <= a) r++
    if (a === b ? keepsBoth : a < b ? keepsLeft : keepsRight) merged[count++] = Math.min(a, b)
  }
  for (; keepsLeft && l < left.count; l++) merged[count++] = left.values[l]!
  for (; keepsRight && r < right.count; r++) merged[count++] = right.values[r]!
  const values = merged.slice(0, count)
  return count <= MOST_SPARSE ? sparseChunk(values) : denseChunk(wordsOf(sparseChunk(values)))
}

function combineWords(left: Chunk, right: Chunk, operation: SetOperation): Uint32Array {
  const words = wordsOf(left)
  const others = right.kind === 'dense' ? right.words : wordsOf(right)
  switch (operation) {
    case 'and':
      for (let w = 0; w < WORDS; w++) words[w]! &= others[w]!
      break
    case 'or':
      for (let w = 0; w < WORDS; w++) words[w]! |= others[w]!
      break
    case 'xor':
      for (let w = 0; w < WORDS; w++) words[w]! ^= others[w]!
      break
    case 'andnot':
      for (let w = 0; w < WORDS; w++) words[w]! &= ~others[w]!
      break
    default:
      unreachable(operation)
  }
  return words
}

/** The numbers as bits, which the caller may change. */
function wordsOf(chunk: Chunk): Uint32Array {
  if (chunk.kind === 'dense') return chunk.words.slice()
  const words = new Uint32Array(WORDS)
  if (chunk.kind === 'sparse') {
    for (const number of numbersOf(chunk)) words[number >>> 5]! |= 1 << (number & 31)
    return words
  }
  for (let i = 0; i < chunk.bounds.length; i += 2) setRange(words, chunk.bounds[i]!, chunk.bounds[i + 1]!)
  return words
}

function setRange(words: Uint32Array, first: number, last: number): void {
  const from = first >>> 5
  const to = last >>> 5
  const head = 0xffffffff << (first & 31)
  const tail = 0xffffffff >>> (31 - (last & 31))
  if (from === to) {
    words[from]! |= head & tail
    return
  }
  words[from]! |= head
  words.fill(0xffffffff, from + 1, to)
  words[to]! |= tail
}

/** How many runs of neighbours there are; counting may end when they are known to take more than so many bytes. */
function countRuns(chunk: Chunk, mostBytes: number): number {
  if (chunk.kind === 'runs') return chunk.bounds.length / 2
  let runs = 0
  if (chunk.kind === 'sparse') {
    for (let i = 0; i < chunk.count; i++) if (i === 0 || chunk.values[i]! !== chunk.values[i - 1]! + 1) runs++
    return runs
  }
  // A run begins at each bit whose lower neighbour is not set.
  let carry = 0
  for (let w = 0; w < WORDS && runs * 4 < mostBytes; w++) {
    const word = chunk.words[w]!
    runs += bitCount(word & ~((word << 1) | carry))
    carry = word >>> 31
  }
  return runs
}

function boundsOf(chunk: Chunk, runs: number): Uint16Array {
  const bounds = new Uint16Array(runs * 2)
  let at = -2
  let next = -1
  for (const number of numbersOf(chunk)) {
    if (number !== next) {
      at += 2
      bounds[at] = number
    }
    bounds[at + 1] = number
    next = number + 1
  }
  return bounds
}

function countBits(words: Uint32Array): number {
  let count = 0
  for (const word of words) count += bitCount(word)
  return count
}

function bitCount(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555)
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word)
}
