/** What a block holds is not what its schema says. */
export class AvroDataError extends Error {
  override readonly name = 'AvroDataError'
}

const MOST_EMPTY_ITEMS = 1_000_000

/** Reads Avro's binary encoding: numbers are zigzag varints, texts and bytes have their length before them. */
export class AvroCursor {
  bytes: Uint8Array = new Uint8Array(0)
  #view: DataView = new DataView(new ArrayBuffer(0))
  at = 0
  /** The halves of the last long. */
  low = 0
  high = 0

  reset(bytes: Uint8Array): void {
    this.bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    this.at = 0
  }

  /** Reads a long into `low` and `high`. */
  long(): void {
    const { bytes } = this
    const first = bytes[this.at++]!
    if (first < 0x80) {
      this.low = (first >>> 1) ^ -(first & 1)
      this.high = this.low >> 31
      return
    }
    let low = first & 0x7f
    let high = 0
    for (let shift = 7; ; shift += 7) {
      const byte = bytes[this.at++]
      if (byte === undefined || shift > 63) throw new AvroDataError('a number has no end')
      const bits = byte & 0x7f
      if (shift < 28) low |= bits << shift
      else if (shift === 28) {
        low |= bits << 28
        high = bits >>> 4
      } else high |= bits << (shift - 32)
      if (byte < 0x80) break
    }
    const sign = -(low & 1)
    this.low = ((low >>> 1) | (high << 31)) ^ sign
    this.high = (high >>> 1) ^ sign
  }

  /** A whole number that is exact as a double. */
  number(): number {
    this.long()
    const value = this.high * 4294967296 + (this.low >>> 0)
    if (!Number.isSafeInteger(value)) throw new AvroDataError(`found the number ${value}, which is too large`)
    return value
  }

  int(): number {
    this.long()
    if (this.high !== this.low >> 31) throw new AvroDataError('found a number of 64 bits, wanted is one of 32')
    return this.low
  }

  bigint(): bigint {
    this.long()
    return (BigInt(this.high) << 32n) | BigInt(this.low >>> 0)
  }

  boolean(): boolean {
    return this.bytes[this.at++] === 1
  }

  float(): number {
    this.#need(4)
    const value = this.#view.getFloat32(this.at, true)
    this.at += 4
    return value
  }

  double(): number {
    this.#need(8)
    const value = this.#view.getFloat64(this.at, true)
    this.at += 8
    return value
  }

  /** The length of what follows, which lies within the block. */
  length(): number {
    const length = this.number()
    this.#need(length)
    return length
  }

  /** A view of bytes, for as long as the block is there. */
  view(length: number): Uint8Array {
    this.#need(length)
    this.at += length
    return this.bytes.subarray(this.at - length, this.at)
  }

  /** Calls `read` for each item of an array or map. */
  items(read: () => void): void {
    for (;;) {
      let count = this.number()
      if (count === 0) return
      if (count < 0) {
        count = -count
        this.number()
      }
      // Items of no bytes at all would let a small file ask for a large loop.
      if (count > Math.max(this.bytes.length, MOST_EMPTY_ITEMS))
        throw new AvroDataError(`found ${count} items in a block of ${this.bytes.length} bytes`)
      for (let i = 0; i < count; i++) read()
      if (this.at > this.bytes.length) throw new AvroDataError('an array has no end')
    }
  }

  skip(length: number): void {
    this.#need(length)
    this.at += length
  }

  #need(length: number): void {
    if (length < 0 || this.at + length > this.bytes.length) {
      throw new AvroDataError(`found a length of ${length} bytes, where ${this.bytes.length - this.at} are left`)
    }
  }
}
