import type { Arena } from '../data/arena.ts'

const SHORT_BYTES = 48

/** Bytes that grow while lines are written to them; emptied by `take`. */
export class ByteLines {
  #bytes = Buffer.allocUnsafe(64 << 10)
  #length = 0

  get length(): number {
    return this.#length
  }

  /** Makes room for `count` more bytes. */
  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + count))
    this.#bytes.copy(larger, 0, 0, this.#length)
    this.#bytes = larger
  }

  /** One ASCII character. */
  byte(code: number): void {
    this.#reserve(1)
    this.#bytes[this.#length++] = code
  }

  text(text: string): void {
    this.#reserve(text.length * 3)
    if (text.length > SHORT_BYTES) {
      this.#length += this.#bytes.write(text, this.#length)
      return
    }
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i)
      if (code >= 0x80) {
        this.#length += this.#bytes.write(text.slice(i), this.#length)
        return
      }
      this.#bytes[this.#length++] = code
    }
  }

  /** Bytes of the arena as they are. */
  arenaBytes(arena: Arena, address: number, length: number): void {
    this.#reserve(length)
    const { u8 } = arena
    if (length > SHORT_BYTES) {
      this.#bytes.set(u8.subarray(address, address + length), this.#length)
      this.#length += length
      return
    }
    const bytes = this.#bytes
    let at = this.#length
    for (let i = address; i < address + length; i++) bytes[at++] = u8[i] ?? 0
    this.#length = at
  }

  /** A whole number within 2^53, in decimal. */
  integer(value: number): void {
    this.#reserve(20)
    let rest = value
    if (rest < 0) {
      this.#bytes[this.#length++] = 0x2d
      rest = -rest
    }
    let digits = 1
    for (let limit = 10; rest >= limit && digits < 16; limit *= 10) digits++
    let at = this.#length + digits
    this.#length = at
    // Above 2^31 a division of doubles; below it the fast one of small integers.
    while (rest > 0x7fffffff) {
      const quotient = Math.floor(rest / 10)
      this.#bytes[--at] = 0x30 + (rest - quotient * 10)
      rest = quotient
    }
    let small = rest | 0
    do {
      const quotient = (small / 10) | 0
      this.#bytes[--at] = 0x30 + (small - quotient * 10)
      small = quotient
    } while (small > 0)
  }

  /** What was written since the last call; the bytes are the caller's. */
  take(): Buffer {
    const taken = Buffer.from(this.#bytes.subarray(0, this.#length))
    this.#length = 0
    return taken
  }
}
