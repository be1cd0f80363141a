import type { Clock } from '../base/ports.ts'
import type { Random } from '../base/random.ts'
import type { Subtask } from './subtask.ts'

/** The longest that subtasks keep the thread before its event loop has a turn. */
const SLICE_MS = 5

export interface SchedulerOptions {
  readonly clock: Clock
  /** Chooses among subtasks that could run: any choice gives the same answers, and a seed the same choices. */
  readonly random: Random
  /** Called when no subtask can go on before something happens; true when it made one able to. */
  readonly onQuiet?: (() => boolean) | undefined
  /** Called before the thread is given away. */
  readonly onYield?: (() => void) | undefined
}

/** Runs the subtasks of a job on the calling thread, cooperatively, one event at a time. */
export class Scheduler {
  readonly #options: SchedulerOptions
  readonly #subtasks: Subtask[] = []
  /** Subtasks that have not ended. */
  #live: Subtask[] = []
  #isAwake = false
  #isOver = false
  #finish: () => void = () => {}
  #fail: (error: unknown) => void = () => {}
  #cancelTimer: (() => void) | undefined

  constructor(options: SchedulerOptions) {
    this.#options = options
  }

  add(subtask: Subtask): void {
    this.#subtasks.push(subtask)
  }

  /** Says that a subtask can go on. */
  wake(subtask: Subtask): void {
    subtask.isRunnable = true
    this.#awaken()
  }

  /** Ends the run: with an error, or without one when the rest of the work is not wanted any more. */
  end(error?: unknown): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#cancelTimer?.()
    if (error === undefined) this.#finish()
    else this.#fail(error)
  }

  /** Settles when all subtasks have ended, or `end` was called. */
  run(): Promise<void> {
    return new Promise<void>((finish, fail) => {
      this.#finish = finish
      this.#fail = fail
      this.#live = [...this.#subtasks]
      this.#awaken()
    })
  }

  #awaken(): void {
    if (this.#isAwake || this.#isOver) return
    this.#isAwake = true
    setImmediate(() => this.#slice())
  }

  /** Runs subtasks for a while, then gives way to the event loop. */
  #slice(): void {
    this.#isAwake = false
    if (this.#isOver) return
    try {
      if (this.#runFor(SLICE_MS)) this.#awaken()
      this.#options.onYield?.()
    } catch (error) {
      this.end(error)
    }
  }

  /** True when something is left to do. */
  #runFor(sliceMs: number): boolean {
    const { clock } = this.#options
    const end = clock.monotonicMs() + sliceMs
    const hasTimers = this.#fireTimers()
    for (;;) {
      const subtask = this.#choose()
      if (subtask === undefined) {
        if (this.#live.length === 0) {
          this.end()
          return false
        }
        if (this.#options.onQuiet?.() === true) continue
        if (this.#isOver) return false
        if (hasTimers) this.#setTimer()
        return false
      }
      // Taken back before the step: what wakes it during the step counts.
      subtask.isRunnable = false
      const result = subtask.step()
      if (this.#isOver) return false
      if (result === 'ran') subtask.isRunnable = true
      else if (result === 'ended') this.#live.splice(this.#live.indexOf(subtask), 1)
      if (clock.monotonicMs() >= end) return true
    }
  }

  #choose(): Subtask | undefined {
    const live = this.#live
    // Without a choice no random number is drawn: the usual job has one subtask.
    if (live.length === 1) return live[0]!.isRunnable ? live[0] : undefined
    let runnable = 0
    for (const subtask of live) if (subtask.isRunnable) runnable++
    if (runnable === 0) return undefined
    let chosen = runnable === 1 ? 0 : this.#options.random.nextInt(runnable)
    for (const subtask of live) if (subtask.isRunnable && chosen-- === 0) return subtask
    return undefined
  }

  /** Fires processing-time timers that are due; true when any is set at all. */
  #fireTimers(): boolean {
    const now = this.#options.clock.nowMs()
    let hasTimers = false
    for (const subtask of this.#live) {
      const time = subtask.nextTimer()
      if (time === undefined) continue
      hasTimers = true
      if (time <= now) {
        subtask.fireTimers(now)
        subtask.isRunnable = true
      }
    }
    return hasTimers
  }

  #setTimer(): void {
    let next = Infinity
    for (const subtask of this.#live) next = Math.min(next, subtask.nextTimer() ?? Infinity)
    if (next === Infinity) return
    const { clock } = this.#options
    this.#cancelTimer?.()
    this.#cancelTimer = clock.schedule(Math.max(0, next - clock.nowMs()), () => this.#awaken())
  }
}
