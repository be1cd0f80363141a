/** A seeded stream of random numbers (xoshiro128**, Blackman and Vigna 2018): equal seeds give equal streams on every machine. */
export class Random {
  readonly #state = new Uint32Array(4)

  constructor(seed: number) {
    // splitmix32 spreads a small seed over the whole state.
    let x = seed | 0
    for (let i = 0; i < 4; i++) {
      x = (x + 0x9e3779b9) | 0
      let z = x ^ (x >>> 16)
      z = Math.imul(z, 0x21f0aaad)
      z ^= z >>> 15
      z = Math.imul(z, 0x735a2d97)
      this.#state[i] = z ^ (z >>> 15)
    }
  }

  /** A uniform unsigned 32-bit integer. */
  nextUint32(): number {
    const s = this.#state
    const s1 = s[1]!
    const scrambled = Math.imul(s1, 5)
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0
    const shifted = s1 << 9
    s[2] = s[2]! ^ s[0]!
    s[3] = s[3]! ^ s1
    s[1] = s1 ^ s[2]
    s[0] = s[0]! ^ s[3]
    s[2] = s[2] ^ shifted
    s[3] = (s[3] << 11) | (s[3] >>> 21)
    return result
  }

  /** A uniform double in [0, 1) with 53 random bits. */
  nextDouble(): number {
    return (this.nextUint32() * 0x200000 + (this.nextUint32() >>> 11)) / 0x20000000000000
  }

  /** A uniform integer in [0, bound), `bound` at most 2^32. */
  nextInt(bound: number): number {
    return Math.floor(this.nextDouble() * bound)
  }
}
