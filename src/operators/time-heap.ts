/** Ids, or whatever it is, by the event time at which they are due: the times in a heap, each once, the ids of a time in the order in which they were added. */
export class TimeHeap<T = number> {
  readonly #heap: number[] = []
  readonly #ids = new Map<number, T[]>()

  /** The list that the last one was put into: many come with one time. */
  #last: T[] | undefined
  #lastTime = Number.NaN

  add(time: number, id: T): void {
    const known = time === this.#lastTime ? this.#last : this.#ids.get(time)
    if (known !== undefined) {
      known.push(id)
      return
    }
    const ids = [id]
    this.#ids.set(time, ids)
    this.#last = ids
    this.#lastTime = time
    const heap = this.#heap
    let at = heap.push(time) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (heap[parent]! <= time) break
      heap[at] = heap[parent]!
      at = parent
    }
    heap[at] = time
  }

  /** The least time. */
  peek(): number | undefined {
    return this.#heap[0]
  }

  /** An id may be there twice. */
  idsAt(time: number): readonly T[] {
    return this.#ids.get(time) ?? []
  }

  /** The lists of all times, in no order. */
  lists(): Iterable<readonly T[]> {
    return this.#ids.values()
  }

  /** Forgets the least time and its ids. */
  pop(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (last === undefined) return
    const least = heap.length === 0 ? last : heap[0]!
    this.#ids.delete(least)
    if (least === this.#lastTime) this.#lastTime = Number.NaN
    if (heap.length === 0) return
    let at = 0
    for (;;) {
      let child = at * 2 + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && heap[child + 1]! < heap[child]!) child++
      if (heap[child]! >= last) break
      heap[at] = heap[child]!
      at = child
    }
    heap[at] = last
  }
}
