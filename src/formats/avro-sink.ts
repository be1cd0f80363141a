/** Collects bytes in Avro's binary encoding. */
export class AvroSink {
  bytes: Uint8Array
  length = 0
  #view: DataView

  constructor(capacity: number) {
    this.bytes = new Uint8Array(capacity)
    this.#view = new DataView(this.bytes.buffer)
  }

  #reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.length + count))
    grown.set(this.bytes.subarray(0, this.length))
    this.bytes = grown
    this.#view = new DataView(grown.buffer)
  }

  byte(byte: number): void {
    this.#reserve(1)
    this.bytes[this.length++] = byte
  }

  /** A number of 32 bits as a zigzag varint. */
  int(value: number): void {
    this.#reserve(5)
    let rest = ((value << 1) ^ (value >> 31)) >>> 0
    const { bytes } = this
    while (rest > 0x7f) {
      bytes[this.length++] = (rest & 0x7f) | 0x80
      rest >>>= 7
    }
    bytes[this.length++] = rest
  }

  /** A number of 64 bits, by its halves. */
  long(low: number, high: number): void {
    if (high === low >> 31) {
      this.int(low)
      return
    }
    this.#reserve(10)
    const sign = high >> 31
    let zigzagLow = ((low << 1) ^ sign) >>> 0
    let zigzagHigh = (((high << 1) | (low >>> 31)) ^ sign) >>> 0
    const { bytes } = this
    while (zigzagHigh > 0 || zigzagLow > 0x7f) {
      bytes[this.length++] = (zigzagLow & 0x7f) | 0x80
      zigzagLow = ((zigzagLow >>> 7) | (zigzagHigh << 25)) >>> 0
      zigzagHigh >>>= 7
    }
    bytes[this.length++] = zigzagLow
  }

  bigint(value: bigint): void {
    this.long(Number(BigInt.asIntN(32, value)), Number(BigInt.asIntN(32, value >> 32n)))
  }

  float(value: number): void {
    this.#reserve(4)
    this.#view.setFloat32(this.length, value, true)
    this.length += 4
  }

  double(value: number): void {
    this.#reserve(8)
    this.#view.setFloat64(this.length, value, true)
    this.length += 8
  }

  /** A length, then so many bytes. */
  counted(source: Uint8Array, from: number, count: number): void {
    this.int(count)
    this.#reserve(count)
    const { bytes } = this
    if (count > 32) bytes.set(source.subarray(from, from + count), this.length)
    else for (let i = 0; i < count; i++) bytes[this.length + i] = source[from + i]!
    this.length += count
  }
}
