import type { SqlValue } from '../../data/value.ts'

/** A row that is looked at. */
export class MatchRow {
  /** Event time, milliseconds. */
  readonly time: number
  /** In the order of the rows that were looked at; what comes later is greater. */
  readonly number: number
  /** By bit of a variable: whether its condition, which reads this row only, is known, and whether it holds. */
  known: number
  holds: number
  /** Values of the columns that are read; undefined: nobody has asked for them yet. */
  values: readonly SqlValue[] | undefined

  constructor(time: number, number: number, known: number, holds: number) {
    this.time = time
    this.number = number
    this.known = known
    this.holds = holds
    this.values = undefined
  }
}

/** A row in the chain of those that a match took. Ways that part share what is before. */
export interface TakenRow {
  readonly row: MatchRow
  readonly variable: number
  readonly before: TakenRow | undefined
}

/** A way into a pattern: the state it has reached and the rows it took. */
export interface PartialMatch {
  readonly state: number
  /** The last row that was taken; undefined: none yet, a match may begin with the next row. */
  readonly last: TakenRow | undefined
  /** Number of the first row; infinite without one. */
  readonly firstRow: number
  /** Time of the first row. */
  readonly startTime: number
}

/**
 * Partial matches by their first row, the earliest on top. Which of those with one first row comes first depends on how the heap was built, and so do Flink's
 * answers where several matches begin with one row: this is the binary heap that Flink uses, step by step.
 */
export class MatchQueue {
  #heap: PartialMatch[] = []

  constructor(items: readonly PartialMatch[] = []) {
    this.#heap.push(...items)
  }

  get size(): number {
    return this.#heap.length
  }

  /** In the order of the heap, which is the order in which Flink goes through them. A queue of these items in this order is the same queue. */
  get items(): readonly PartialMatch[] {
    return this.#heap
  }

  /** Gives its items for those of another queue. */
  swap(other: MatchQueue): void {
    const heap = this.#heap
    this.#heap = other.#heap
    other.#heap = heap
  }

  clear(): void {
    this.#heap.length = 0
  }

  peek(): PartialMatch | undefined {
    return this.#heap[0]
  }

  add(item: PartialMatch): void {
    const heap = this.#heap
    let at = heap.push(item) - 1
    while (at > 0) {
      const parent = (at - 1) >>> 1
      if (item.firstRow >= heap[parent]!.firstRow) break
      heap[at] = heap[parent]!
      at = parent
    }
    heap[at] = item
  }

  poll(): PartialMatch | undefined {
    const heap = this.#heap
    const top = heap[0]
    const last = heap.pop()
    if (heap.length > 0) this.#sink(0, last!)
    return top
  }

  removeIf(isGone: (item: PartialMatch) => boolean): void {
    const before = this.#heap.length
    this.#heap = this.#heap.filter((item) => !isGone(item))
    if (this.#heap.length === before) return
    for (let i = (this.#heap.length >>> 1) - 1; i >= 0; i--) this.#sink(i, this.#heap[i]!)
  }

  #sink(from: number, item: PartialMatch): void {
    const heap = this.#heap
    const half = heap.length >>> 1
    let at = from
    while (at < half) {
      let child = at * 2 + 1
      if (child + 1 < heap.length && heap[child]!.firstRow > heap[child + 1]!.firstRow) child++
      if (item.firstRow <= heap[child]!.firstRow) break
      heap[at] = heap[child]!
      at = child
    }
    heap[at] = item
  }
}
