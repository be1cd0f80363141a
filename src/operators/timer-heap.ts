const FIRST_ROOM = 64

/**
 * Numbers by the event time at which something is due for them, the least time first. For rows that come about in the order of time adding one costs next to
 * nothing. The same number may be there several times, and nothing is ever taken out before its time.
 */
export class TimerHeap {
  #times = new Float64Array(FIRST_ROOM)
  #ids = new Int32Array(FIRST_ROOM)
  #count = 0

  add(time: number, id: number): void {
    if (this.#count === this.#ids.length) this.#grow()
    const times = this.#times
    const ids = this.#ids
    let at = this.#count++
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (times[parent]! <= time) break
      times[at] = times[parent]!
      ids[at] = ids[parent]!
      at = parent
    }
    times[at] = time
    ids[at] = id
  }

  #grow(): void {
    const times = new Float64Array(this.#times.length * 2)
    const ids = new Int32Array(this.#ids.length * 2)
    times.set(this.#times)
    ids.set(this.#ids)
    this.#times = times
    this.#ids = ids
  }

  /** The least time; Infinity when there is none. */
  get next(): number {
    return this.#count === 0 ? Number.POSITIVE_INFINITY : this.#times[0]!
  }

  /** Takes out the number of the least time. */
  pop(): number {
    const times = this.#times
    const ids = this.#ids
    const first = ids[0]!
    const count = --this.#count
    const time = times[count]!
    const id = ids[count]!
    let at = 0
    for (;;) {
      let child = at * 2 + 1
      if (child >= count) break
      if (child + 1 < count && times[child + 1]! < times[child]!) child++
      if (times[child]! >= time) break
      times[at] = times[child]!
      ids[at] = ids[child]!
      at = child
    }
    times[at] = time
    ids[at] = id
    return first
  }
}
