import { encodeUtf8, utf8Room } from '../data/utf8.ts'
import type { ByteChunks, Chunk } from './byte-chunks.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const HEX = '0123456789ABCDEF'
const letterOf: Readonly<Record<number, number>> = { 0x08: 0x62, 0x09: 0x74, 0x0a: 0x6e, 0x0c: 0x66, 0x0d: 0x72 }

const nothing = new Uint8Array(0)

/** Writers of less than this do without a chunk. */
const SMALL_BYTES = 16 << 10

/** Collects the bytes of records. `take` hands them over and begins anew. With `chunks` it collects them in the arena as soon as they are more than a few. */
export class ByteWriter {
  bytes: Uint8Array
  length = 0
  readonly #chunks: ByteChunks | undefined
  #chunk: Chunk | undefined
  #fillsChunks = false

  constructor(capacity: number = 4096, chunks?: ByteChunks) {
    this.bytes = new Uint8Array(capacity)
    this.#chunks = chunks
  }

  /** Where `bytes` begin in the arena; 0: elsewhere. */
  get address(): number {
    return this.#chunk?.address ?? 0
  }

  /** What was written; the caller owns it. */
  take(): Uint8Array {
    const taken = this.bytes.subarray(0, this.length)
    this.bytes = new Uint8Array(this.bytes.length)
    this.length = 0
    return taken
  }

  /** What was written, until `done` is called. */
  lend(): { readonly bytes: Uint8Array; readonly done: () => void } {
    const bytes = this.bytes.subarray(0, this.length)
    const chunk = this.#chunk
    this.#fillsChunks = chunk !== undefined
    this.#chunk = undefined
    this.bytes = nothing
    this.length = 0
    return { bytes, done: () => chunk !== undefined && this.#chunks?.give(chunk) }
  }

  /** Makes room for some bytes more. */
  reserve(count: number): void {
    const wanted = this.length + count
    if (wanted <= this.bytes.length) return
    const written = this.bytes.subarray(0, this.length)
    const before = this.#chunk
    const fitsChunk = wanted <= (this.#chunks?.chunkBytes ?? 0) && (wanted > SMALL_BYTES || this.#fillsChunks)
    this.#chunk = fitsChunk ? this.#chunks?.take() : undefined
    const doubled = Math.max(this.bytes.length * 2, wanted)
    this.bytes = this.#chunk?.bytes ?? new Uint8Array(wanted <= SMALL_BYTES ? Math.min(doubled, SMALL_BYTES) : doubled)
    this.bytes.set(written)
    if (before !== undefined) this.#chunks?.give(before)
  }

  byte(byte: number): void {
    if (this.length === this.bytes.length) this.reserve(1)
    this.bytes[this.length++] = byte
  }

  text(text: string): void {
    this.reserve(utf8Room(text))
    this.length += encodeUtf8(text, this.bytes, this.length)
  }

  /** A whole number within 2^53, in decimal. */
  integer(value: number): void {
    this.reserve(20)
    const { bytes } = this
    let rest = value
    if (rest < 0) {
      bytes[this.length++] = 0x2d
      rest = -rest
    }
    let digits = 1
    for (let limit = 10; rest >= limit && digits < 16; limit *= 10) digits++
    let at = this.length + digits
    this.length = at
    // Above 2^31 a division of doubles; below it the fast one of small integers.
    while (rest > 0x7fffffff) {
      const quotient = Math.floor(rest / 10)
      bytes[--at] = 0x30 + (rest - quotient * 10)
      rest = quotient
    }
    let small = rest | 0
    do {
      const quotient = (small / 10) | 0
      bytes[--at] = 0x30 + (small - quotient * 10)
      small = quotient
    } while (small > 0)
  }

  copy(source: Uint8Array, from: number, count: number): void {
    this.reserve(count)
    const { bytes } = this
    if (count > 32) bytes.set(source.subarray(from, from + count), this.length)
    else for (let i = 0; i < count; i++) bytes[this.length + i] = source[from + i]!
    this.length += count
  }

  /** UTF-8 bytes of one field of a tab-separated line: tabs, line breaks and backslashes as `\t`, `\n`, `\r` and `\\`. */
  field(source: Uint8Array, from: number, count: number): void {
    let plain = from
    const end = from + count
    for (let i = from; i < end; i++) {
      const byte = source[i]!
      if (byte !== BACKSLASH && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) continue
      this.copy(source, plain, i - plain)
      this.byte(BACKSLASH)
      this.byte(byte === BACKSLASH ? BACKSLASH : letterOf[byte]!)
      plain = i + 1
    }
    this.copy(source, plain, end - plain)
  }

  /** UTF-8 bytes as a JSON string. */
  jsonString(source: Uint8Array, from: number, count: number): void {
    this.reserve(count * 6 + 2)
    const { bytes } = this
    let at = this.length
    bytes[at++] = QUOTE
    for (let i = from; i < from + count; i++) {
      const byte = source[i]!
      if (byte >= 0x20 && byte !== QUOTE && byte !== BACKSLASH) bytes[at++] = byte
      else {
        bytes[at++] = BACKSLASH
        const letter = byte >= 0x20 ? byte : letterOf[byte]
        if (letter !== undefined) bytes[at++] = letter
        else {
          bytes.set([0x75, 0x30, 0x30, HEX.charCodeAt(byte >> 4), HEX.charCodeAt(byte & 15)], at)
          at += 5
        }
      }
    }
    bytes[at++] = QUOTE
    this.length = at
  }
}
