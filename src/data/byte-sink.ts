import { encodeUtf8, utf8Room } from './utf8.ts'

/** A growing run of bytes, little-endian. `clear` keeps its memory, so that one sink serves many values. */
export class ByteSink {
  bytes: Uint8Array
  length = 0
  #view: DataView

  constructor(capacity: number = 256) {
    this.bytes = new Uint8Array(capacity)
    this.#view = new DataView(this.bytes.buffer)
  }

  clear(): void {
    this.length = 0
  }

  /** A copy of what was written. */
  toBytes(): Uint8Array {
    return this.bytes.slice(0, this.length)
  }

  /** Makes room for `sizeBytes` more bytes. */
  #reserve(sizeBytes: number): void {
    const wanted = this.length + sizeBytes
    if (wanted <= this.bytes.length) return
    const grown = new Uint8Array(Math.max(wanted, this.bytes.length * 2))
    grown.set(this.bytes.subarray(0, this.length))
    this.bytes = grown
    this.#view = new DataView(grown.buffer)
  }

  u8(value: number): void {
    this.#reserve(1)
    this.bytes[this.length++] = value
  }

  i16(value: number): void {
    this.#reserve(2)
    this.#view.setInt16(this.length, value, true)
    this.length += 2
  }

  i32(value: number): void {
    this.#reserve(4)
    this.#view.setInt32(this.length, value, true)
    this.length += 4
  }

  i64(value: bigint): void {
    this.#reserve(8)
    this.#view.setBigInt64(this.length, value, true)
    this.length += 8
  }

  f32(value: number): void {
    this.#reserve(4)
    this.#view.setFloat32(this.length, value, true)
    this.length += 4
  }

  f64(value: number): void {
    this.#reserve(8)
    this.#view.setFloat64(this.length, value, true)
    this.length += 8
  }

  /** An unsigned integer below 2^53 in groups of 7 bits, least first; the high bit of a byte says that more follow. */
  varint(value: number): void {
    this.#reserve(8)
    let rest = value
    while (rest >= 0x80) {
      this.bytes[this.length++] = (rest % 0x80) | 0x80
      rest = Math.floor(rest / 0x80)
    }
    this.bytes[this.length++] = rest
  }

  /** The bytes as they are, without their length. */
  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length)
    this.bytes.set(bytes, this.length)
    this.length += bytes.length
  }

  /** Length and bytes. */
  prefixed(bytes: Uint8Array): void {
    this.varint(bytes.length)
    this.raw(bytes)
  }

  /** Length in bytes and the UTF-8 bytes. */
  text(text: string): void {
    // The length goes before bytes whose number is known only afterwards: nearly always one byte, else the text is moved.
    this.#reserve(utf8Room(text) + 8)
    const start = this.length
    const written = encodeUtf8(text, this.bytes, start + 1)
    this.varint(written)
    const prefix = this.length - start
    if (prefix > 1) {
      // Writing the longer length spoilt the first bytes of the text.
      encodeUtf8(text, this.bytes, start + prefix)
    }
    this.length = start + prefix + written
  }
}

/** Reads what a ByteSink wrote. */
export class ByteReader {
  readonly bytes: Uint8Array
  offset: number
  readonly #view: DataView

  constructor(bytes: Uint8Array, offset: number = 0) {
    this.bytes = bytes
    this.offset = offset
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  u8(): number {
    return this.#view.getUint8(this.offset++)
  }

  i8(): number {
    return this.#view.getInt8(this.offset++)
  }

  i16(): number {
    const value = this.#view.getInt16(this.offset, true)
    this.offset += 2
    return value
  }

  i32(): number {
    const value = this.#view.getInt32(this.offset, true)
    this.offset += 4
    return value
  }

  i64(): bigint {
    const value = this.#view.getBigInt64(this.offset, true)
    this.offset += 8
    return value
  }

  f32(): number {
    const value = this.#view.getFloat32(this.offset, true)
    this.offset += 4
    return value
  }

  f64(): number {
    const value = this.#view.getFloat64(this.offset, true)
    this.offset += 8
    return value
  }

  varint(): number {
    let value = 0
    for (let unit = 1; ; unit *= 0x80) {
      const byte = this.u8()
      value += (byte & 0x7f) * unit
      if (byte < 0x80) return value
    }
  }

  /** A copy of the next `length` bytes. */
  raw(length: number): Uint8Array {
    const start = this.offset
    this.offset += length
    return this.bytes.slice(start, this.offset)
  }
}
