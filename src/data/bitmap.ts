import { assert } from '../base/assert.ts'
import {
  type Chunk,
  DENSE_BYTES,
  MOST_SPARSE,
  type SetOperation,
  combineChunks,
  compactChunk,
  denseChunk,
  numbersOf,
  runChunk,
  sparseChunk,
  withNumber,
  withoutNumber,
} from './bitmap-chunk.ts'

// The portable format, version of 32 bits: https://github.com/RoaringBitmap/RoaringFormatSpec. All numbers are little-endian.
//
//   without runs   u32 12346, u32 number of chunks
//   with runs      u16 12347, u16 number of chunks - 1, a bit a chunk that says whether it is one of runs
//   then           for each chunk: u16 its upper 16 bits, u16 how many numbers it has - 1
//                  u32 where each chunk begins; absent when there are runs and less than 4 chunks
//                  the chunks: sparse u16 a number; dense 8,192 bytes; runs u16 how many, for each u16 its first number and u16 how many more
const COOKIE = 12346
const COOKIE_WITH_RUNS = 12347
const LEAST_WITH_OFFSETS = 4

/** Longer texts of bitmaps are cut, as the Java library does it. */
const LONGEST_TEXT = 0x80000

/**
 * A set of whole numbers of 32 bits: chunks by the upper 16 bits of their numbers, as Roaring bitmaps have them. Numbers are unsigned where they are ordered, counted or shown: -1 is
 * 4294967295.
 *
 * As a SQL value a bitmap is its bytes in the portable format, every chunk in its shortest form: equal sets have equal bytes.
 */
export class Bitmap {
  /** By the upper 16 bits; none is empty. */
  readonly #chunks: Map<number, Chunk>

  constructor(chunks: Map<number, Chunk> = new Map()) {
    this.#chunks = chunks
  }

  get isEmpty(): boolean {
    return this.#chunks.size === 0
  }

  get cardinality(): number {
    let count = 0
    for (const chunk of this.#chunks.values()) count += chunk.count
    return count
  }

  /** Adds a number, signed or not. */
  add(number: number): void {
    const key = number >>> 16
    const chunk = this.#chunks.get(key)
    if (chunk === undefined) this.#chunks.set(key, sparseChunk(Uint16Array.of(number & 0xffff)))
    else {
      const changed = withNumber(chunk, number & 0xffff)
      if (changed !== chunk) this.#chunks.set(key, changed)
    }
  }

  remove(number: number): void {
    const key = number >>> 16
    const chunk = this.#chunks.get(key)
    if (chunk === undefined) return
    const changed = withoutNumber(chunk, number & 0xffff)
    if (changed === undefined) this.#chunks.delete(key)
    else if (changed !== chunk) this.#chunks.set(key, changed)
  }

  /** Keeps the numbers of both, of either, of only one, or those that the other one has not. The other one stays as it is. */
  combine(operation: SetOperation, other: Bitmap): void {
    const adds = operation === 'or' || operation === 'xor'
    for (const [key, chunk] of operation === 'and' ? this.#chunks : other.#chunks) {
      const mine = this.#chunks.get(key)
      const theirs = other.#chunks.get(key)
      const result =
        mine === undefined ? (adds ? shared(chunk) : undefined) : theirs === undefined ? undefined : combineChunks(mine, theirs, operation)
      if (result === undefined) this.#chunks.delete(key)
      else this.#chunks.set(key, result)
    }
  }

  /** The numbers without sign, ascending. */
  *numbers(): Iterable<number> {
    for (const [key, chunk] of this.#inOrder()) for (const number of numbersOf(chunk)) yield key * 0x10000 + number
  }

  /** The portable form, with every chunk in its shortest form. */
  toBytes(): Uint8Array {
    const chunks = this.#inOrder().map(([key, chunk]) => ({ key, chunk: compactChunk(chunk) }))
    const hasRuns = chunks.some(({ chunk }) => chunk.kind === 'runs')
    const hasOffsets = !hasRuns || chunks.length >= LEAST_WITH_OFFSETS
    const flagBytes = hasRuns ? (chunks.length + 7) >>> 3 : 0
    const headerAt = hasRuns ? 4 + flagBytes : 8
    const offsetsAt = headerAt + chunks.length * 4
    let end = offsetsAt + (hasOffsets ? chunks.length * 4 : 0)
    const places = chunks.map(({ chunk }) => {
      const start = end
      end += chunkBytes(chunk)
      return start
    })
    const bytes = new Uint8Array(end)
    const view = new DataView(bytes.buffer)
    if (hasRuns) view.setUint32(0, COOKIE_WITH_RUNS + (chunks.length - 1) * 0x10000, true)
    else {
      view.setUint32(0, COOKIE, true)
      view.setUint32(4, chunks.length, true)
    }
    chunks.forEach(({ key, chunk }, i) => {
      if (chunk.kind === 'runs') bytes[4 + (i >>> 3)]! |= 1 << (i & 7)
      view.setUint16(headerAt + i * 4, key, true)
      view.setUint16(headerAt + i * 4 + 2, chunk.count - 1, true)
      if (hasOffsets) view.setUint32(offsetsAt + i * 4, places[i]!, true)
      writeChunk(view, places[i]!, chunk)
    })
    return bytes
  }

  #inOrder(): readonly (readonly [number, Chunk])[] {
    return [...this.#chunks].sort(([a], [b]) => a - b)
  }
}

/** The set that bytes in the portable format are, whatever the forms of their chunks; undefined for other bytes. What stands behind its end does not count. */
export function parseBitmap(bytes: Uint8Array): Bitmap | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const header = readHeader(view)
  if (header === undefined) return undefined
  const chunks = new Map<number, Chunk>()
  let at = header.chunksAt
  let lastKey = -1
  for (let i = 0; i < header.count; i++) {
    const key = view.getUint16(header.headerAt + i * 4, true)
    if (key <= lastKey) return undefined
    lastKey = key
    const count = view.getUint16(header.headerAt + i * 4 + 2, true) + 1
    const isRuns = header.hasRuns && ((view.getUint8(4 + (i >>> 3)) >>> (i & 7)) & 1) === 1
    const read = isRuns ? readRuns(view, at) : count > MOST_SPARSE ? readDense(view, at) : readSparse(view, at, count)
    if (read === undefined) return undefined
    chunks.set(key, read.chunk)
    at = read.end
  }
  return new Bitmap(chunks)
}

/** The set that a SQL value is. */
export function bitmapOf(value: Uint8Array): Bitmap {
  const bitmap = parseBitmap(value)
  assert(bitmap !== undefined, 'a value of type BITMAP has the portable format')
  return bitmap
}

/** `{1,2,4294967295}`; a very long text ends in `...}`. */
export function formatBitmap(value: Uint8Array): string {
  let text = '{'
  for (const number of bitmapOf(value).numbers()) {
    if (text.length > 1) {
      text += ','
      if (text.length > LONGEST_TEXT) return `${text}...}`
    }
    text += String(number)
  }
  return `${text}}`
}

function shared(chunk: Chunk): Chunk {
  chunk.isShared = true
  return chunk
}

function chunkBytes(chunk: Chunk): number {
  return chunk.kind === 'sparse' ? chunk.count * 2 : chunk.kind === 'dense' ? DENSE_BYTES : 2 + chunk.bounds.length * 2
}

function writeChunk(view: DataView, start: number, chunk: Chunk): void {
  let at = start
  if (chunk.kind === 'dense') {
    for (const word of chunk.words) {
      view.setUint32(at, word, true)
      at += 4
    }
  } else if (chunk.kind === 'sparse') {
    for (const number of numbersOf(chunk)) {
      view.setUint16(at, number, true)
      at += 2
    }
  } else {
    const { bounds } = chunk
    view.setUint16(at, bounds.length / 2, true)
    for (let i = 0; i < bounds.length; i += 2) {
      view.setUint16(at + 2 + i * 2, bounds[i]!, true)
      view.setUint16(at + 4 + i * 2, bounds[i + 1]! - bounds[i]!, true)
    }
  }
}

interface Header {
  readonly count: number
  readonly hasRuns: boolean
  readonly headerAt: number
  readonly chunksAt: number
}

function readHeader(view: DataView): Header | undefined {
  if (view.byteLength < 4) return undefined
  const hasRuns = view.getUint16(0, true) === COOKIE_WITH_RUNS
  if (!hasRuns && (view.getUint32(0, true) !== COOKIE || view.byteLength < 8)) return undefined
  const count = hasRuns ? view.getUint16(2, true) + 1 : view.getUint32(4, true)
  if (count > 0x10000) return undefined
  const headerAt = hasRuns ? 4 + ((count + 7) >>> 3) : 8
  const chunksAt = headerAt + count * (!hasRuns || count >= LEAST_WITH_OFFSETS ? 8 : 4)
  return chunksAt > view.byteLength ? undefined : { count, hasRuns, headerAt, chunksAt }
}

type ReadChunk = { readonly chunk: Chunk; readonly end: number } | undefined

function readSparse(view: DataView, at: number, count: number): ReadChunk {
  const end = at + count * 2
  if (end > view.byteLength) return undefined
  const values = new Uint16Array(count)
  for (let i = 0; i < count; i++) {
    values[i] = view.getUint16(at + i * 2, true)
    if (i > 0 && values[i]! <= values[i - 1]!) return undefined
  }
  return { chunk: sparseChunk(values), end }
}

function readDense(view: DataView, at: number): ReadChunk {
  const end = at + DENSE_BYTES
  if (end > view.byteLength) return undefined
  const words = new Uint32Array(DENSE_BYTES / 4)
  for (let w = 0; w < words.length; w++) words[w] = view.getUint32(at + w * 4, true)
  const chunk = denseChunk(words)
  return chunk.count === 0 ? undefined : { chunk, end }
}

function readRuns(view: DataView, at: number): ReadChunk {
  if (at + 2 > view.byteLength) return undefined
  const runs = view.getUint16(at, true)
  const end = at + 2 + runs * 4
  if (runs === 0 || end > view.byteLength) return undefined
  const bounds = new Uint16Array(runs * 2)
  let next = 0
  for (let i = 0; i < bounds.length; i += 2) {
    const first = view.getUint16(at + 2 + i * 2, true)
    const last = first + view.getUint16(at + 4 + i * 2, true)
    if (first < next || last > 0xffff) return undefined
    bounds[i] = first
    bounds[i + 1] = last
    next = last + 1
  }
  return { chunk: runChunk(bounds), end }
}
