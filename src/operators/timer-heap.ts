const FIRST_ROOM = 64

/**
 * Numbers by the event time at which something is due for them, the least time first. Those that are added in the order of time, as most are, stand in a
 * queue; only the others go to a heap. The same number may be there several times, and nothing is ever taken out before its time.
 */
export class TimerHeap {
  // The queue, a ring: `#queued` entries from place `#first` on.
  #queueTimes = new Float64Array(FIRST_ROOM)
  #queueIds = new Int32Array(FIRST_ROOM)
  #first = 0
  #queued = 0
  #last = Number.NEGATIVE_INFINITY
  // The heap.
  #times = new Float64Array(FIRST_ROOM)
  #ids = new Int32Array(FIRST_ROOM)
  #count = 0

  add(time: number, id: number): void {
    if (this.#queued > 0 && time < this.#last) {
      this.#addToHeap(time, id)
      return
    }
    if (this.#queued === this.#queueIds.length) this.#growQueue()
    const place = (this.#first + this.#queued++) & (this.#queueIds.length - 1)
    this.#queueTimes[place] = time
    this.#queueIds[place] = id
    this.#last = time
  }

  /** The least time; Infinity when there is none. */
  get next(): number {
    return Math.min(this.#nextQueued, this.#nextOfHeap)
  }

  get #nextQueued(): number {
    return this.#queued === 0 ? Number.POSITIVE_INFINITY : this.#queueTimes[this.#first]!
  }

  get #nextOfHeap(): number {
    return this.#count === 0 ? Number.POSITIVE_INFINITY : this.#times[0]!
  }

  /** Takes out the number of the least time. */
  pop(): number {
    if (this.#nextOfHeap < this.#nextQueued) return this.#popFromHeap()
    const id = this.#queueIds[this.#first]!
    this.#first = (this.#first + 1) & (this.#queueIds.length - 1)
    this.#queued--
    return id
  }

  #growQueue(): void {
    const room = this.#queueIds.length
    const times = new Float64Array(room * 2)
    const ids = new Int32Array(room * 2)
    const behind = room - this.#first
    times.set(this.#queueTimes.subarray(this.#first))
    times.set(this.#queueTimes.subarray(0, this.#first), behind)
    ids.set(this.#queueIds.subarray(this.#first))
    ids.set(this.#queueIds.subarray(0, this.#first), behind)
    this.#queueTimes = times
    this.#queueIds = ids
    this.#first = 0
  }

  #addToHeap(time: number, id: number): void {
    if (this.#count === this.#ids.length) this.#growHeap()
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

  #growHeap(): void {
    const times = new Float64Array(this.#times.length * 2)
    const ids = new Int32Array(this.#ids.length * 2)
    times.set(this.#times)
    ids.set(this.#ids)
    this.#times = times
    this.#ids = ids
  }

  #popFromHeap(): number {
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
