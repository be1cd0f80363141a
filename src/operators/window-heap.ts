/** A window that waits for the watermark. */
export interface PendingWindow {
  /** The watermark that fires it. */
  readonly timer: number
  /** Wall clock bounds. */
  readonly start: number
  readonly end: number
}

/** Windows by the time at which they fire, then by end and start; each at most once. */
export class WindowHeap {
  readonly #heap: PendingWindow[] = []
  readonly #known = new Set<string>()

  get size(): number {
    return this.#heap.length
  }

  add(window: PendingWindow): void {
    const key = `${window.start}:${window.end}`
    if (this.#known.has(key)) return
    this.#known.add(key)
    const heap = this.#heap
    let at = heap.push(window) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!isBefore(window, heap[parent]!)) break
      heap[at] = heap[parent]!
      at = parent
    }
    heap[at] = window
  }

  /** The window that fires first. */
  peek(): PendingWindow | undefined {
    return this.#heap[0]
  }

  pop(): PendingWindow | undefined {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (first === undefined || last === undefined) return undefined
    this.#known.delete(`${first.start}:${first.end}`)
    if (heap.length === 0) return first
    let at = 0
    for (;;) {
      let child = at * 2 + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++
      if (!isBefore(heap[child]!, last)) break
      heap[at] = heap[child]!
      at = child
    }
    heap[at] = last
    return first
  }
}

function isBefore(a: PendingWindow, b: PendingWindow): boolean {
  if (a.timer !== b.timer) return a.timer < b.timer
  return a.end === b.end ? a.start < b.start : a.end < b.end
}
