import { assert, unreachable } from '../base/assert.ts'
import type { ArenaOwner } from '../data/arena.ts'
import { ByteReader, ByteSink } from '../data/byte-sink.ts'
import type { SqlType } from '../data/types.ts'
import { END_WATERMARK, NO_WATERMARK } from '../data/watermark.ts'
import { ActiveInputs } from './active-inputs.ts'
import { EarlyRows } from './early-rows.ts'
import type { Downstream, StreamEvent } from './event.ts'
import type { TurnLog } from './turn-log.ts'

export interface UnionOptions {
  readonly stateId: string
  readonly subtask: number
  /** `input`: batches say which input they are of, for an operator behind that joins the inputs. */
  readonly tags: 'none' | 'input'
  readonly inputs: number
  /** `turns`: block by block, so that the order of rows is always the same. `ready`: whoever has rows, for inputs that do not end. */
  readonly order: 'turns' | 'ready'
  /** In order `ready` with several subtasks: the inputs of the blocks, chosen by whichever subtask came first. */
  readonly log: TurnLog | undefined
  readonly next: Downstream
  /** In order `turns`: by input, memory and types for rows that may come before their turn, because another input's chain makes them too. */
  readonly early?: readonly ({ readonly owner: ArenaOwner; readonly types: readonly SqlType[] } | undefined)[]
  readonly watermarks: 'absolute' | 'by-block'
  /** What a snapshot has of it. */
  readonly restored: Uint8Array | undefined
}

/**
 * Where the inputs of a UNION ALL or of a join meet in one subtask. Rows pass as they are, with the watermarks of their own input; the watermark
 * of the union is the least of those of the inputs that have not ended. The subtask asks `turn` which input to read next.
 */
export class UnionLink {
  /** Where the chain of each input ends. */
  readonly inputs: readonly Downstream[]
  /** By input: what came before its turn. */
  readonly early: readonly (EarlyRows | undefined)[]
  readonly #stateId: string
  readonly #subtask: number
  readonly #tags: 'none' | 'input'
  readonly #order: 'turns' | 'ready'
  readonly #log: TurnLog | undefined
  readonly #next: Downstream
  readonly #hasEnded: boolean[]
  readonly #isAtBarrier: boolean[]
  readonly #active: ActiveInputs
  /** Of a stage whose subtasks read by turns: who is idle is seen behind the exchange. */
  readonly #isByBlock: boolean
  /** What was said of all inputs together. */
  #saidIdle = false
  /** False when some input was stopped rather than ended. */
  #isDrained = true
  /** The barrier that has come by some inputs. */
  #barrier: Extract<StreamEvent, { kind: 'barrier' }> | undefined
  /** What is still to be sent, and whether the next link is at work. */
  readonly #then: StreamEvent[] = []
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
    const { last, passed } = restoredUnion(options.restored) ?? { last: options.inputs - 1, passed: NO_WATERMARK }
    this.#last = last
    this.#next = options.next
    this.#isByBlock = options.watermarks === 'by-block'
    this.#active = new ActiveInputs(new Array<number>(options.inputs).fill(NO_WATERMARK), passed)
    this.#hasEnded = new Array<boolean>(options.inputs).fill(false)
    this.#isAtBarrier = new Array<boolean>(options.inputs).fill(false)
    this.inputs = this.#active.watermarks.map(
      (_, input) =>
        new UnionInput(
          (event) => this.#arrive(input, event),
          () => this.#resume(),
          options.next,
        ),
    )
    this.early = this.#active.watermarks.map((_, input) => {
      const memory = options.early?.[input]
      if (memory === undefined) return undefined
      return new EarlyRows({
        ...memory,
        pass: (event) => this.#accept(input, event),
        resume: () => this.#resume(),
        isWaiting: () => options.next.isWaiting,
        hasEnded: () => this.hasEnded(input),
      })
    })
  }

  hasEnded(input: number): boolean {
    return this.#hasEnded[input] === true
  }

  /** The input to read next; undefined when none of those that may come next is ready, for inputs that need not take turns. */
  turn(isReady: (input: number) => boolean): number | undefined {
    const logged = this.#log?.inputAt(this.#step)
    // Of an input that has ended only its end was chosen, which is no block.
    if (logged !== undefined && !this.#isAtBarrier[logged] && !this.#hasEnded[logged]) return logged
    const chosen = this.#nextInput(this.#order === 'turns' ? undefined : isReady)
    // Only the choice of a block's first row is logged; here the same subtask comes again for the rest of the block.
    if (chosen !== undefined && !this.#isAtBarrier.includes(true)) this.#log?.choose(this.#step, chosen)
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

  /** Passes an event whose turn it is, and keeps others. */
  #arrive(input: number, event: StreamEvent): boolean {
    const early = this.early[input]
    if (early === undefined || (early.isEmpty && this.#nextInput(undefined) === input)) return this.#accept(input, event)
    early.add(event)
    return true
  }

  #accept(input: number, event: StreamEvent): boolean {
    switch (event.kind) {
      case 'batch':
        // What comes behind the watermark that did not wait for it is late.
        event.batch.watermark = this.#active.raised(event.batch.watermark)
        this.#active.setIdle(input, false)
        return this.#send(this.#tags === 'none' ? event : { ...event, input })
      case 'watermark':
        this.#active.watermarks[input] = event.time
        this.#addWatermark()
        return this.#sendNext()
      case 'block-end':
        this.#step++
        this.#log?.pass(this.#subtask, this.#step)
        this.#last = input
        this.#sayIdle()
        this.#then.push(event)
        return this.#sendNext()
      case 'timer':
        return true
      case 'idle':
        if (this.#isByBlock) return this.#send(event)
        this.#leaf = event.leaf
        this.#active.setIdle(input, event.isIdle)
        if (event.isIdle) this.#addWatermark()
        this.#sayIdle()
        return this.#sendNext()
      case 'barrier':
        this.#isAtBarrier[input] = true
        this.#barrier = event
        this.#passBarrier()
        return this.#sendNext()
      case 'end':
        this.#hasEnded[input] = true
        this.#isDrained &&= event.drained
        this.#active.watermarks[input] = END_WATERMARK
        // The other inputs may be at a barrier: whoever ends had no more to say before it.
        this.#passBarrier()
        if (this.#hasEnded.every(Boolean)) {
          if (this.#isDrained) this.#addWatermark()
          this.#then.push({ kind: 'end', drained: this.#isDrained })
        } else if (event.drained) this.#addWatermark()
        return this.#sendNext()
      default:
        return unreachable(event)
    }
  }

  #sent = NO_WATERMARK

  #leaf = 0

  /** When all inputs are idle, so is what is behind; whether that is to be said now, or no longer. */
  #sayIdle(): void {
    const { areAllIdle } = this.#active
    if (areAllIdle === this.#saidIdle) return
    this.#saidIdle = areAllIdle
    this.#then.push({ kind: 'idle', leaf: this.#leaf, isIdle: areAllIdle })
  }

  /** The watermark, if it rose, is to be sent; to a join also that of one input. */
  #addWatermark(): void {
    const active = this.#active
    const time = active.together()
    if (this.#tags === 'input') {
      const inputs = active.watermarks.map((watermark, i) => (active.isIdle(i) ? Math.max(watermark, time) : watermark))
      this.#then.push({ kind: 'watermark', time: active.raised(time), inputs })
      return
    }
    if (time <= this.#sent) return
    this.#sent = time
    this.#then.push({ kind: 'watermark', time })
  }

  /** The barrier is to be sent when it has come by every input that has not ended. */
  #passBarrier(): void {
    const barrier = this.#barrier
    if (barrier === undefined || !this.#isAtBarrier.every((isThere, i) => isThere || this.#hasEnded[i])) return
    this.#barrier = undefined
    this.#isAtBarrier.fill(false)
    barrier.barrier.add(this.#stateId, this.#subtask, { keyed: new Map(), whole: this.#save() })
    this.#then.push(barrier)
  }

  #save(): Uint8Array {
    const sink = new ByteSink(16)
    sink.u8(this.#last)
    sink.f64(this.#active.passed)
    return sink.toBytes()
  }

  /** Sends what is to be sent; false when the next link is at work. */
  #sendNext(): boolean {
    for (;;) {
      const event = this.#then.shift()
      if (event === undefined) return true
      if (!this.#send(event)) return false
    }
  }

  #send(event: StreamEvent): boolean {
    assert(!this.#isFull, 'a union sends one event at a time')
    this.#isFull = !this.#next.accept(event)
    return !this.#isFull
  }

  #resume(): boolean {
    if (this.#isFull && !this.#next.resume()) return false
    this.#isFull = false
    return this.#sendNext()
  }
}

function restoredUnion(bytes: Uint8Array | undefined): { readonly last: number; readonly passed: number } | undefined {
  if (bytes === undefined) return undefined
  const reader = new ByteReader(bytes)
  return { last: reader.u8(), passed: reader.f64() }
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
