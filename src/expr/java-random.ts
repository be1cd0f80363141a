const multiplier = 0x5deece66dn
const mask = (1n << 48n) - 1n

/** The linear congruential generator that Java specifies for `java.util.Random`, so that a seed gives the numbers that Flink gives. */
export class JavaRandom {
  #state: bigint

  constructor(seed: number) {
    this.#state = (BigInt(seed) ^ multiplier) & mask
  }

  #next(bits: number): number {
    this.#state = (this.#state * multiplier + 0xbn) & mask
    return Number(BigInt.asIntN(32, this.#state >> BigInt(48 - bits)))
  }

  /** A uniform double in [0, 1). */
  nextDouble(): number {
    const high = this.#next(26)
    return (high * 0x8000000 + this.#next(27)) * 2 ** -53
  }

  /** A uniform integer in [0, bound), `bound` positive. */
  nextInt(bound: number): number {
    let bits = this.#next(31)
    const last = bound - 1
    if ((bound & last) === 0) return Number((BigInt(bound) * BigInt(bits)) >> 31n)
    // Numbers of the last, incomplete run of `bound` are drawn again.
    for (let value = bits % bound; bits - value + last > 0x7fffffff; value = bits % bound) bits = this.#next(31)
    return bits % bound
  }
}
