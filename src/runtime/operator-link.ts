import { assert, unreachable } from '../base/assert.ts'
import type { Batch } from '../data/batch.ts'
import { END_WATERMARK, NO_WATERMARK } from '../data/watermark.ts'
import type { Barrier, Downstream, StreamEvent } from './event.ts'
import type { Operator, Output, Progress } from './operator.ts'

/** A watermark less a delay; before the first and behind the last row it is what it is. */
function delayed(time: number, delayMs: number = 0): number {
  return time === NO_WATERMARK || time === END_WATERMARK ? time : time - delayMs
}

export interface LinkOptions {
  readonly operator: Operator
  readonly subtask: number
  readonly next: Downstream
  /** Called when a promise that the operator gave has settled. */
  readonly wake: () => void
  /** Ends the job with an error. */
  readonly fail: (error: unknown) => void
  /** `by-block`: other subtasks read the blocks between, so watermarks leave only with the ends of blocks. */
  readonly watermarks: 'absolute' | 'by-block'
  /** Called once when the operator needs no more input: the sources above it stop. */
  readonly onSatisfied: () => void
  /** Of a job that goes on from a snapshot: the input had ended before it, and what the operator says at the end is said. */
  readonly hasEnded?: boolean
}

/**
 * One operator in a chain: gives it events, lends its batches to the next one, and remembers where it stopped when somebody
 * downstream is full. An event leaves a link only when the operator and everything below have worked it off.
 */
export class OperatorLink implements Downstream, Output {
  readonly operator: Operator
  readonly #subtask: number
  readonly #next: Downstream
  readonly #wake: () => void
  readonly #fail: (error: unknown) => void
  readonly #isByBlock: boolean
  readonly #onSatisfied: () => void
  readonly #hasEnded: boolean
  #event: StreamEvent | undefined
  /** `call`: the operator has not answered 'done' yet; `forward`: the event itself goes on; `sent`: it waits for the next link. */
  #phase: 'call' | 'forward' | 'sent' = 'call'
  /** What goes on after the event: the end, when the operator has all that it needs. */
  readonly #after: StreamEvent[] = []
  #leaf = 0
  #isOperatorWaiting = false
  /** No further input can change anything: the end went on, whatever still comes is dropped. */
  #isSatisfied = false
  /** The last watermark that was sent on. */
  #watermark = NO_WATERMARK
  isFull = false

  constructor(options: LinkOptions) {
    this.operator = options.operator
    this.#subtask = options.subtask
    this.#next = options.next
    this.#wake = options.wake
    this.#fail = options.fail
    this.#isByBlock = options.watermarks === 'by-block'
    this.#onSatisfied = options.onSatisfied
    this.#hasEnded = options.hasEnded === true
  }

  get isWaiting(): boolean {
    return this.#isOperatorWaiting || this.#next.isWaiting
  }

  /** Called by the operator. */
  push(batch: Batch): void {
    assert(!this.isFull, `"${this.operator.name}" pushes only while there is room`)
    if (batch.selectedCount === 0) return
    this.isFull = !this.#next.accept({ kind: 'batch', batch, leaf: this.#leaf })
  }

  accept(event: StreamEvent): boolean {
    assert(this.#event === undefined, 'a link works at one event at a time')
    // The end of what is below was sent already. Where the rows have other readers, they go on in a job that is restored, and the operator has to know that it needs none.
    if (this.#isSatisfied) {
      if (event.kind === 'barrier') this.#addSnapshot(event.barrier)
      return true
    }
    this.#event = event
    this.#phase = 'call'
    if (event.kind === 'batch' || event.kind === 'block-end') this.#leaf = event.leaf
    return this.resume()
  }

  resume(): boolean {
    for (;;) {
      const event = this.#event
      assert(event !== undefined, 'a link resumes an event that it has begun')
      if (this.#isOperatorWaiting) return false
      if (this.isFull) {
        if (!this.#next.resume()) return false
        this.isFull = false
      }
      if (this.#phase === 'sent') {
        const after = this.#after.shift()
        if (after !== undefined) {
          this.#send(after)
          continue
        }
        this.#event = undefined
        return true
      }
      if (this.#phase === 'forward') {
        this.#phase = 'sent'
        this.#forward(event)
        continue
      }
      const progress = this.#call(event)
      if (progress === 'done') this.#phase = 'forward'
      else if (progress !== 'more') {
        this.#wait(progress)
        return false
        // An operator with much to give and room below gives way to the event loop.
      } else if (!this.isFull) return false
    }
  }

  #call(event: StreamEvent): Progress {
    const { operator } = this
    switch (event.kind) {
      case 'batch':
        return operator.onBatch(event.input ?? 0, event.batch, this)
      case 'watermark':
        return operator.onWatermark?.(event.time, this, event.inputs) ?? 'done'
      case 'end':
        return (event.drained && !this.#hasEnded ? operator.onEnd?.(0, this) : undefined) ?? 'done'
      case 'barrier':
        this.#addSnapshot(event.barrier)
        return 'done'
      case 'timer':
        return operator.onTimer?.(event.time, this) ?? 'done'
      case 'block-end':
      case 'idle':
        return 'done'
      default:
        return unreachable(event)
    }
  }

  #addSnapshot(barrier: Barrier): void {
    const { operator } = this
    // The watermark of an assigner that works by blocks is kept by the exchange behind it.
    if (operator.stateId === undefined || operator.snapshot === undefined || (this.#isByBlock && operator.watermarks !== undefined)) return
    barrier.add(operator.stateId, this.#subtask, operator.snapshot())
  }

  #wait(promise: Promise<void>): void {
    this.#isOperatorWaiting = true
    promise.then(() => {
      this.#isOperatorWaiting = false
      this.#wake()
    }, this.#fail)
  }

  /** Sends the event itself on, or what it means below. */
  #forward(event: StreamEvent): void {
    const { operator } = this
    if (event.kind === 'batch' && operator.isSatisfied?.() === true) {
      this.#isSatisfied = true
      this.#after.push({ kind: 'watermark', time: END_WATERMARK }, { kind: 'end', drained: true })
      this.#onSatisfied()
    }
    const generator = operator.watermarks
    switch (event.kind) {
      case 'batch':
        if (generator !== undefined && !this.#isByBlock) this.#sendWatermark(generator.current())
        return
      case 'watermark':
        // What comes from above an assigner means nothing below it, but for the end.
        if (generator === undefined || event.time === END_WATERMARK) this.#sendWatermark(delayed(event.time, operator.delayMs))
        return
      case 'block-end': {
        if (generator === undefined || !this.#isByBlock) {
          this.#send(event)
          return
        }
        const watermark = event.watermark === END_WATERMARK ? END_WATERMARK : generator.current()
        generator.startBlock()
        this.#send({ ...event, watermark })
        return
      }
      case 'timer':
        return
      case 'idle':
      case 'barrier':
      case 'end':
        this.#send(event)
        return
      default:
        unreachable(event)
    }
  }

  #sendWatermark(time: number): void {
    if (time <= this.#watermark) return
    this.#watermark = time
    this.#send({ kind: 'watermark', time })
  }

  #send(event: StreamEvent): void {
    this.isFull = !this.#next.accept(event)
  }
}
