/**
 * Random numbers that depend only on a seed, a column and a row: any row can be made without those before it, so that blocks, subtasks
 * and restored jobs give the same table. splitmix32 (Steele, Lea, Flood 2014) over a start that mixes the three.
 */
export class RowRandom {
  readonly #start: number
  #state = 0

  constructor(seed: number, column: number) {
    this.#start = mix((seed | 0) ^ mix(column + 0x51ed270b))
  }

  /** Starts the stream of one row. */
  seek(row: number): void {
    this.#state = mix((this.#start ^ (row | 0)) + Math.imul(Math.floor(row / 0x100000000), 0x27d4eb2f))
  }

  /** Where the stream stands: for kernels that go on from there. */
  get state(): number {
    return this.#state
  }

  nextUint32(): number {
    this.#state = (this.#state + 0x9e3779b9) | 0
    return mix(this.#state) >>> 0
  }

  /** Uniform in [0, 1), 53 random bits. */
  nextDouble(): number {
    return (this.nextUint32() * 0x200000 + (this.nextUint32() >>> 11)) / 0x20000000000000
  }

  nextBigUint64(): bigint {
    return (BigInt(this.nextUint32()) << 32n) | BigInt(this.nextUint32())
  }
}

function mix(x: number): number {
  let z = x | 0
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad)
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
  return z ^ (z >>> 15)
}
