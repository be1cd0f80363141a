import { assert, unreachable } from '../base/assert.ts'
import { END_WATERMARK, NO_WATERMARK } from '../data/watermark.ts'
import type { Downstream, StreamEvent } from './event.ts'

export interface UnionOptions {
  readonly stateId: string
  readonly subtask: number
  /** `input`: batches say which input they are of, for an operator behind that joins the inputs. */
  readonly tags: 'none' | 'input'
  readonly inputs: number
  /** `turns`: block by block, so that the order of rows is always the same. `ready`: whoever has rows, for inputs that do not end. */
  readonly order: 'turns' | 'ready'
  /** In order `ready` with several subtasks: the inputs of the blocks so far, chosen by whichever subtask came first. */
  readonly log: number[] | undefined
  readonly next: Downstream
  /** The input of the last block before a restore. */
  readonly last: number | undefined
}

/**
 * Where the inputs of a UNION ALL or of a join meet in one subtask. Rows pass as they are, with the watermarks of their own input; the watermark
 * of the union is the least of those of the inputs that have not ended. The subtask asks `turn` which input to read next.
 */
export class UnionLink {
  /** Where the chain of each input ends. */
  readonly inputs: readonly Downstream[]
  readonly #stateId: string
  readonly #subtask: number
  readonly #tags: 'none' | 'input'
  readonly #order: 'turns' | 'ready'
  readonly #log: number[] | undefined
  readonly #next: Downstream
  readonly #watermarks: number[]
  readonly #hasEnded: boolean[]
  readonly #isAtBarrier: boolean[]
  /** False when some input was stopped rather than ended. */
  #isDrained = true
  /** The event of which a part is still to be sent, and whether the next link is at work. */
  #then: StreamEvent | undefined
  #isFull = false
  /** The input of the last block. */
  #last: number
  /** How many blocks of which input have gone through. */
  #step = 0

  constructor(options: UnionOptions) {
    this.#stateId = options.stateId
    this.#subtask = options.subtask
    this.#tags = options.tags
    this.#order = options.order
    this.#log = options.log
    this.#last = options.last ?? options.inputs - 1
    this.#next = options.next
    this.#watermarks = new Array<number>(options.inputs).fill(NO_WATERMARK)
    this.#hasEnded = new Array<boolean>(options.inputs).fill(false)
    this.#isAtBarrier = new Array<boolean>(options.inputs).fill(false)
    this.inputs = this.#watermarks.map(
      (_, input) =>
        new UnionInput(
          (event) => this.#accept(input, event),
          () => this.#resume(),
          options.next,
        ),
    )
  }

  hasEnded(input: number): boolean {
    return this.#hasEnded[input] === true
  }

  /** The input to read next; undefined when none of those that may come next is ready, for inputs that need not take turns. */
  turn(isReady: (input: number) => boolean): number | undefined {
    const logged = this.#log?.[this.#step]
    if (logged !== undefined && !this.#isAtBarrier[logged]) return logged
    const chosen = this.#nextInput(this.#order === 'turns' ? undefined : isReady)
    // Only the choice of a block's first row is logged; here the same subtask comes again for the rest of the block.
    if (chosen !== undefined && this.#log !== undefined && !this.#isAtBarrier.includes(true)) this.#log[this.#step] = chosen
    return chosen
  }

  /** The next input behind the last one that has not ended and fulfils the condition. */
  #nextInput(condition: ((input: number) => boolean) | undefined): number | undefined {
    const count = this.inputs.length
    for (let i = 1; i <= count; i++) {
      const input = (this.#last + i) % count
      if (!this.#hasEnded[input] && !this.#isAtBarrier[input] && (condition === undefined || condition(input))) return input
    }
    return undefined
  }

  #accept(input: number, event: StreamEvent): boolean {
    switch (event.kind) {
      case 'batch':
        return this.#send(this.#tags === 'none' ? event : { ...event, input })
      case 'watermark':
        this.#watermarks[input] = event.time
        return this.#sendWatermark()
      case 'block-end':
        this.#step++
        this.#last = input
        return this.#send(event)
      case 'timer':
        return true
      case 'barrier':
        this.#isAtBarrier[input] = true
        if (!this.#isAtBarrier.every((isThere, i) => isThere || this.#hasEnded[i])) return true
        this.#isAtBarrier.fill(false)
        event.barrier.add(this.#stateId, this.#subtask, { keyed: new Map(), whole: Uint8Array.of(this.#last) })
        return this.#send(event)
      case 'end':
        this.#hasEnded[input] = true
        this.#isDrained &&= event.drained
        this.#watermarks[input] = END_WATERMARK
        if (!this.#hasEnded.every(Boolean)) return event.drained ? this.#sendWatermark() : true
        // A watermark may leave before the end does.
        if (this.#isDrained && !this.#sendWatermark()) {
          this.#then = { kind: 'end', drained: true }
          return false
        }
        return this.#send({ kind: 'end', drained: this.#isDrained })
      default:
        return unreachable(event)
    }
  }

  #sent = NO_WATERMARK

  #sendWatermark(): boolean {
    const time = Math.min(...this.#watermarks)
    if (time <= this.#sent) return true
    this.#sent = time
    return this.#send({ kind: 'watermark', time })
  }

  #send(event: StreamEvent): boolean {
    assert(!this.#isFull, 'a union sends one event at a time')
    this.#isFull = !this.#next.accept(event)
    return !this.#isFull
  }

  #resume(): boolean {
    if (this.#isFull && !this.#next.resume()) return false
    this.#isFull = false
    const then = this.#then
    this.#then = undefined
    return then === undefined || this.#send(then)
  }
}

/** The end of one input's chain. */
class UnionInput implements Downstream {
  readonly accept: (event: StreamEvent) => boolean
  readonly resume: () => boolean
  readonly #next: Downstream

  constructor(accept: (event: StreamEvent) => boolean, resume: () => boolean, next: Downstream) {
    this.accept = accept
    this.resume = resume
    this.#next = next
  }

  get isWaiting(): boolean {
    return this.#next.isWaiting
  }
}
