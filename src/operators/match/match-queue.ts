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

/** Stands for the first row of a way that has none yet: it comes behind all others. */
const never = new MatchRow(Infinity, Infinity, 0, 0)

/**
 * A way into a pattern: the state it has reached and the row it took last. The rows before hang in a chain behind it, which is shared by ways that part later.
 */
export class PartialMatch {
  readonly state: number
  readonly row: MatchRow
  /** For which variable the row was taken; -1: there is none yet, and a match may begin with the next row. */
  readonly variable: number
  readonly before: PartialMatch | undefined
  readonly first: MatchRow

  constructor(state: number, row: MatchRow, variable: number, before?: PartialMatch) {
    this.state = state
    this.row = row
    this.variable = variable
    this.before = before
    this.first = before === undefined ? row : before.first
  }

  /** A way without a row. */
  static idle(state: number): PartialMatch {
    return new PartialMatch(state, never, -1)
  }

  get isIdle(): boolean {
    return this.variable < 0
  }
}

// Partial matches by their first row, the earliest on top. Which of those with one first row comes first depends on how the heap was built, and so do Flink's answers
// where several matches begin with one row: these are the steps of the binary heap that Flink uses. Flink goes through partial matches in the order of the heap.

/** Partial matches that are being gathered. Its array is used again, so that what a key keeps can be exactly as long as it must. */
export class MatchHeap {
  readonly #items: PartialMatch[] = []
  count = 0

  add(item: PartialMatch): void {
    const items = this.#items
    let at = this.count++
    if (at === items.length) items.push(item)
    const { number } = item.first
    while (at > 0) {
      const parent = (at - 1) >>> 1
      if (number >= items[parent]!.first.number) break
      items[at] = items[parent]!
      at = parent
    }
    items[at] = item
  }

  /** Empties the heap into `kept` if it has as many, else into a new array, which it returns. */
  moveTo(kept: PartialMatch[]): PartialMatch[] {
    const { count } = this
    this.count = 0
    if (kept.length !== count) return this.#items.slice(0, count)
    for (let i = 0; i < count; i++) kept[i] = this.#items[i]!
    return kept
  }

  /** Empties the heap in its order. */
  drain(take: (item: PartialMatch) => void): void {
    for (let i = 0; i < this.count; i++) take(this.#items[i]!)
    this.count = 0
  }
}

/** Adds to a heap that is kept. */
export function addToHeap(heap: PartialMatch[], item: PartialMatch): void {
  let at = heap.push(item) - 1
  while (at > 0) {
    const parent = (at - 1) >>> 1
    if (item.first.number >= heap[parent]!.first.number) break
    heap[at] = heap[parent]!
    at = parent
  }
  heap[at] = item
}

/** Takes the earliest out. */
export function pollHeap(heap: PartialMatch[]): void {
  const last = heap.pop()
  if (heap.length > 0) sink(heap, 0, last!)
}

/** The heap without those that began before row `number`; itself when there are none. */
export function heapFrom(heap: PartialMatch[], number: number): PartialMatch[] {
  const left = heap.filter((item) => item.first.number >= number)
  if (left.length === heap.length) return heap
  for (let i = (left.length >>> 1) - 1; i >= 0; i--) sink(left, i, left[i]!)
  return left
}

function sink(heap: PartialMatch[], from: number, item: PartialMatch): void {
  const half = heap.length >>> 1
  let at = from
  while (at < half) {
    let child = at * 2 + 1
    if (child + 1 < heap.length && heap[child]!.first.number > heap[child + 1]!.first.number) child++
    if (item.first.number <= heap[child]!.first.number) break
    heap[at] = heap[child]!
    at = child
  }
  heap[at] = item
}
