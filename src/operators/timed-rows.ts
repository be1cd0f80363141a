/** Rows that are gone are cut off when there are so many, and more than half of all. */
const CUT_ROWS = 32

/** Rows by event time, those of equal time in the order in which they came. Found by binary search; the oldest leave first. */
export class TimedRows {
  #times: number[] = []
  #rows: number[] = []
  #start = 0

  get size(): number {
    return this.#rows.length - this.#start
  }

  /** Places count from `start` to `end - 1`, and change when rows come or go. */
  get start(): number {
    return this.#start
  }

  get end(): number {
    return this.#rows.length
  }

  timeAt(place: number): number {
    return this.#times[place]!
  }

  rowAt(place: number): number {
    return this.#rows[place]!
  }

  add(time: number, row: number): void {
    const times = this.#times
    if (times.length === this.#start || times.at(-1)! <= time) {
      times.push(time)
      this.#rows.push(row)
      return
    }
    // Rows that come out of order belong near the end.
    const rows = this.#rows
    const place = this.placeAfter(time)
    times.push(time)
    rows.push(row)
    for (let i = times.length - 1; i > place; i--) {
      times[i] = times[i - 1]!
      rows[i] = rows[i - 1]!
    }
    times[place] = time
    rows[place] = row
  }

  /** Puts another row in the place of one. */
  replaceAt(place: number, row: number): void {
    this.#rows[place] = row
  }

  removeAt(place: number): void {
    if (place === this.#start) {
      this.#start++
      this.#cut()
      return
    }
    this.#times.splice(place, 1)
    this.#rows.splice(place, 1)
  }

  /** The place of the first row of `time` or later. */
  placeOf(time: number): number {
    let low = this.#start
    let high = this.#times.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#times[middle]! < time) low = middle + 1
      else high = middle
    }
    return low
  }

  /** The place behind the last row of `time` or earlier. */
  placeAfter(time: number): number {
    let low = this.#start
    let high = this.#times.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#times[middle]! <= time) low = middle + 1
      else high = middle
    }
    return low
  }

  #cut(): void {
    if (this.#start < CUT_ROWS || this.#start * 2 < this.#rows.length) return
    const left = this.#rows.length - this.#start
    this.#times.copyWithin(0, this.#start)
    this.#rows.copyWithin(0, this.#start)
    this.#times.length = left
    this.#rows.length = left
    this.#start = 0
  }
}
