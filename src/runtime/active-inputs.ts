import { END_WATERMARK, NO_WATERMARK } from '../data/watermark.ts'

/**
 * The watermark of several inputs together, some of which may be idle: nobody waits for those. It is the least of the watermarks of those that are active and
 * have not ended; where all are idle the greatest, as in Flink, so that it does not matter who of two was idle first.
 *
 * What comes from an input that nobody waited for is late where the others went on in the meantime: `passed` is where they had come to.
 */
export class ActiveInputs {
  readonly watermarks: number[]
  readonly #isIdle: boolean[]
  /** A watermark that was given without waiting for an input. */
  passed: number

  constructor(watermarks: readonly number[], passed: number) {
    this.watermarks = [...watermarks]
    this.#isIdle = watermarks.map(() => false)
    this.passed = passed
  }

  setIdle(input: number, isIdle: boolean): void {
    this.#isIdle[input] = isIdle
  }

  isIdle(input: number): boolean {
    return this.#isIdle[input] === true
  }

  /** Whether all that have not ended are idle. */
  get areAllIdle(): boolean {
    let result = false
    for (let i = 0; i < this.watermarks.length; i++) {
      if (this.watermarks[i] === END_WATERMARK) continue
      if (this.#isIdle[i] !== true) return false
      result = true
    }
    return result
  }

  /** Of all together; remembers where it went on without an input. */
  together(): number {
    const live = this.watermarks.filter((time) => time !== END_WATERMARK)
    if (live.length === 0) return END_WATERMARK
    const active = this.watermarks.filter((time, i) => time !== END_WATERMARK && this.#isIdle[i] !== true)
    const time = active.length > 0 ? Math.min(...active) : Math.max(...live)
    if (time > Math.min(...live)) this.passed = Math.max(this.passed, time)
    return time
  }

  /** What a row of an input carries at least. */
  raised(watermark: number): number {
    return this.passed > NO_WATERMARK ? Math.max(watermark, this.passed) : watermark
  }
}
