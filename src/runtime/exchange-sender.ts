import { unreachable } from '../base/assert.ts'
import { END_WATERMARK, NO_WATERMARK } from '../data/watermark.ts'
import type { Channel, Message } from './channel.ts'
import type { Downstream, StreamEvent } from './event.ts'
import type { Router } from './router.ts'

export interface SenderOptions {
  /** One a receiver. */
  readonly channels: readonly Channel[]
  readonly router: Router
  /** `by-block`: block ends carry the watermark of their own rows, else they get that of the stream here. */
  readonly watermarks: 'absolute' | 'by-block'
}

/**
 * The end of a chain whose rows go to other subtasks: copies each row to the channel of its receiver, and tells every receiver of the
 * ends of blocks, of barriers and of the end. A batch is copied as soon as it comes, never kept until a buffer is full.
 */
export class ExchangeSender implements Downstream {
  readonly #channels: readonly Channel[]
  readonly #router: Router
  readonly #isByBlock: boolean
  #event: StreamEvent | undefined
  #watermark = NO_WATERMARK
  #leaf = 0
  /** Inputs that became idle, or active, in the block. */
  readonly #idle = new Map<number, boolean>()

  constructor(options: SenderOptions) {
    this.#channels = options.channels
    this.#router = options.router
    this.#isByBlock = options.watermarks === 'by-block'
  }

  /** A receiver wakes the subtask when it has taken something out. */
  get isWaiting(): boolean {
    return this.#event !== undefined
  }

  accept(event: StreamEvent): boolean {
    this.#event = event
    return this.resume()
  }

  resume(): boolean {
    const event = this.#event
    if (event === undefined) return true
    if (event.kind === 'batch' && this.#channels.some((channel) => channel.isFull)) return false
    this.#event = undefined
    this.#send(event)
    return true
  }

  #send(event: StreamEvent): void {
    switch (event.kind) {
      case 'batch':
        this.#leaf = event.leaf
        this.#router.send(event.batch, this.#isByBlock ? event.leaf : 0)
        return
      case 'watermark':
        this.#watermark = event.time
        return
      case 'block-end':
        this.#leaf = event.leaf
        if (this.#isByBlock) this.#endBlock(event.leaf, event.watermark)
        else this.#endBlock(0, this.#watermark === END_WATERMARK ? NO_WATERMARK : this.#watermark)
        return
      case 'barrier':
        this.#sendToAll(event)
        return
      case 'end':
        // What the end itself made is a block of its own.
        if (event.drained) this.#sendToAll({ kind: 'block-end', leaf: this.#isByBlock ? this.#leaf : 0, watermark: END_WATERMARK })
        this.#sendToAll(event)
        return
      // Told with the end of the block, so that all senders say it at the same place.
      case 'idle':
        this.#idle.set(this.#isByBlock ? event.leaf : 0, event.isIdle)
        return
      case 'timer':
        return
      default:
        unreachable(event)
    }
  }

  #endBlock(leaf: number, watermark: number): void {
    const isIdle = this.#idle.get(leaf)
    this.#idle.delete(leaf)
    this.#sendToAll({ kind: 'block-end', leaf, watermark, ...(isIdle === undefined ? {} : { isIdle }) })
  }

  #sendToAll(message: Exclude<Message, { kind: 'batch' }>): void {
    for (const channel of this.#channels) channel.send(message)
  }
}
