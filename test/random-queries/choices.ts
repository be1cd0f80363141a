import { Random } from '../../src/base/random.ts'

/** A stretch of the choices that belong together: a row, a subquery, a condition. */
export interface Span {
  readonly label: string
  readonly from: number
  readonly to: number
}

/**
 * The choices from which a case is made, each a number below a bound, where 0 is the simplest. They come from a seed and are recorded, or are given: a shorter or smaller
 * list then makes a simpler case of the same kind, which is how failures are made small. Behind the end of a given list everything is 0.
 */
export class Choices {
  readonly taken: number[] = []
  readonly spans: Span[] = []
  readonly #random: Random | undefined
  readonly #given: readonly number[]

  constructor(source: number | readonly number[]) {
    this.#random = typeof source === 'number' ? new Random(source) : undefined
    this.#given = typeof source === 'number' ? [] : source
  }

  below(bound: number): number {
    const given = this.#given[this.taken.length] ?? 0
    // A choice among nothing is 0 as well: whoever offered nothing does without.
    const choice = this.#random === undefined ? Math.max(0, Math.min(given, bound - 1)) : this.#random.nextInt(bound)
    this.taken.push(choice)
    return choice
  }

  /** True once in so many times; false is the simple answer. */
  oneIn(times: number): boolean {
    return this.below(times) === times - 1
  }

  /** The first item is the simplest. */
  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError('there is something to choose from')
    return items[this.below(items.length)]!
  }

  /** One of the items by weight; the first one is the simplest. */
  weighted<T>(items: readonly (readonly [weight: number, item: T])[]): T {
    let left = this.below(items.reduce((total, [weight]) => total + weight, 0))
    for (const [weight, item] of items) {
      if (left < weight) return item
      left -= weight
    }
    throw new RangeError('weights are whole numbers above 0')
  }

  /** Some of the items, in their order, at least one. */
  some<T>(items: readonly T[], most: number): readonly T[] {
    const first = this.below(items.length)
    const picked = items.filter((_, i) => i === first || this.below(Math.max(2, items.length)) === 1)
    return picked.slice(0, Math.max(1, most))
  }

  span<T>(label: string, make: () => T): T {
    const from = this.taken.length
    const made = make()
    this.spans.push({ label, from, to: this.taken.length })
    return made
  }
}
