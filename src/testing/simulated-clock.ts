import type { Clock } from '../base/ports.ts'

interface Alarm {
  readonly time: number
  readonly number: number
  readonly callback: () => void
}

/** A clock that stands still until a test moves it. Callbacks run while it moves, each at its time, those of one time in the order in which they were scheduled. */
export class SimulatedClock implements Clock {
  #now: number
  #alarms: Alarm[] = []
  #scheduled = 0

  constructor(startMs: number = 0) {
    this.#now = startMs
  }

  nowMs(): number {
    return this.#now
  }

  monotonicMs(): number {
    return this.#now
  }

  schedule(delayMs: number, callback: () => void): () => void {
    const alarm: Alarm = { time: this.#now + Math.max(0, delayMs), number: this.#scheduled++, callback }
    this.#alarms.push(alarm)
    return () => {
      this.#alarms = this.#alarms.filter((other) => other !== alarm)
    }
  }

  /** Moves the clock on to `timeMs`, which is not before now. */
  moveTo(timeMs: number): void {
    for (;;) {
      const [next] = this.#alarms.filter((alarm) => alarm.time <= timeMs).sort((a, b) => a.time - b.time || a.number - b.number)
      if (next === undefined) break
      this.#alarms = this.#alarms.filter((alarm) => alarm !== next)
      this.#now = Math.max(this.#now, next.time)
      next.callback()
    }
    this.#now = Math.max(this.#now, timeMs)
  }
}
