import { encodeUtf8, utf8Room } from '../data/utf8.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const HEX = '0123456789ABCDEF'
const letterOf: Readonly<Record<number, number>> = { 0x08: 0x62, 0x09: 0x74, 0x0a: 0x6e, 0x0c: 0x66, 0x0d: 0x72 }

/** Collects the bytes of records. `take` hands them over and begins anew. */
export class ByteWriter {
  bytes: Uint8Array
  length = 0

  constructor(capacity: number = 4096) {
    this.bytes = new Uint8Array(capacity)
  }

  /** What was written; the caller owns it. */
  take(): Uint8Array {
    const taken = this.bytes.subarray(0, this.length)
    this.bytes = new Uint8Array(this.bytes.length)
    this.length = 0
    return taken
  }

  #reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.length + count))
    grown.set(this.bytes.subarray(0, this.length))
    this.bytes = grown
  }

  byte(byte: number): void {
    if (this.length === this.bytes.length) this.#reserve(1)
    this.bytes[this.length++] = byte
  }

  text(text: string): void {
    this.#reserve(utf8Room(text))
    this.length += encodeUtf8(text, this.bytes, this.length)
  }

  /** A whole number within 2^53, in decimal. */
  integer(value: number): void {
    this.#reserve(20)
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
    this.#reserve(count)
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
    this.#reserve(count * 6 + 2)
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
