import type { PartialMatches } from './partial-matches.ts'

/**
 * Partial matches by their first row, the earliest on top. Which of those with one first row comes first depends on how the heap was built, and so do Flink's answers where
 * several matches begin with one row: these are the steps of the binary heap that Flink uses. Flink goes through partial matches in the order of the heap.
 *
 * One object serves many keys: it is filled from a key's list or row by row, and its items go to the key's list again.
 */
export class MatchHeap {
  /** The first `count` of them. */
  readonly items: number[] = []
  count = 0
  readonly #partials: PartialMatches

  constructor(partials: PartialMatches) {
    this.#partials = partials
  }

  add(item: number): void {
    const { items } = this
    const partials = this.#partials
    let at = this.count++
    if (at === items.length) items.push(item)
    const number = partials.firstNumber(item)
    while (at > 0) {
      const parent = (at - 1) >>> 1
      if (number >= partials.firstNumber(items[parent]!)) break
      items[at] = items[parent]!
      at = parent
    }
    items[at] = item
  }

  /** Takes the earliest out. */
  poll(): number {
    const { items } = this
    const first = items[0]!
    const last = items[--this.count]!
    if (this.count > 0) this.#sink(0, last)
    return first
  }

  /** Takes those out that began before row `number`, and lets go of them. */
  dropBefore(number: number): void {
    const { items } = this
    const partials = this.#partials
    let left = 0
    for (let i = 0; i < this.count; i++) {
      const item = items[i]!
      if (partials.firstNumber(item) >= number) items[left++] = item
      else partials.release(item)
    }
    if (left === this.count) return
    this.count = left
    for (let i = (left >>> 1) - 1; i >= 0; i--) this.#sink(i, items[i]!)
  }

  #sink(from: number, item: number): void {
    const { items, count } = this
    const partials = this.#partials
    const number = partials.firstNumber(item)
    const half = count >>> 1
    let at = from
    while (at < half) {
      let child = at * 2 + 1
      if (child + 1 < count && partials.firstNumber(items[child]!) > partials.firstNumber(items[child + 1]!)) child++
      if (number <= partials.firstNumber(items[child]!)) break
      items[at] = items[child]!
      at = child
    }
    items[at] = item
  }
}
