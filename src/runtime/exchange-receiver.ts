import { assert } from '../base/assert.ts'
import type { ArenaOwner } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import type { BatchBuffer } from '../data/batch-buffer.ts'
import { END_WATERMARK, NO_WATERMARK } from '../data/watermark.ts'
import { ActiveInputs } from './active-inputs.ts'
import type { Channel, Message } from './channel.ts'
import type { Downstream, StreamEvent } from './event.ts'
import type { Leaf } from './leaf.ts'
import { BlockMerge } from './block-merge.ts'
import { watermarkSnapshot } from './watermark-snapshot.ts'

export interface ReceiverOptions {
  readonly owner: ArenaOwner
  readonly subtask: number
  /** Which input of its stage it is. */
  readonly leaf: number
  /** One a sender. */
  readonly channels: readonly Channel[]
  readonly next: Downstream
  readonly mergesByPlace: boolean
  /** Of each input of the sending stage: the id of the watermark assigner above it, and the watermark from which a restored job goes on. */
  readonly inputs: readonly { readonly watermarkId: string | undefined; readonly watermark: number }[]
}

/**
 * Where the rows of an exchange arrive: brings the blocks of all senders into order. Every sender tells every receiver of the end of
 * each block, so a block is complete when all have.
 *
 * Rows of senders that read a table by turns carry watermarks that know their own block only; they are raised here to the greatest of the
 * earlier blocks. Within a block the senders' rows follow each other by number, or are merged by the place of the source row that caused
 * them.
 */
export class ExchangeReceiver implements Leaf {
  readonly #subtask: number
  readonly #leaf: number
  readonly #channels: readonly Channel[]
  readonly #next: Downstream
  readonly #inputs: ReceiverOptions['inputs']
  readonly #merge: BlockMerge | undefined
  /** By input of the sending stage: greatest watermark of the completed blocks, and whether somebody waits for it. */
  readonly #active: ActiveInputs
  /** What was said of all of them together. */
  #saidIdle = false
  /** How each sender ended the current block. */
  readonly #boundaryOf: (Exclude<Message, { kind: 'batch' }> | undefined)[]
  /** The sender that is read, while earlier ones have ended the block. */
  #sender = 0
  #sentWatermark = NO_WATERMARK
  readonly #queue: StreamEvent[] = []
  /** The buffer whose rows the chain works at, and the sender that gets it back. */
  #lent: { readonly buffer: BatchBuffer; readonly channel: Channel } | undefined
  readonly #hasSenderEnded: boolean[]
  /** False when any sender was stopped rather than drained. */
  #isDrained = true
  hasEnded = false

  constructor(options: ReceiverOptions) {
    this.#subtask = options.subtask
    this.#leaf = options.leaf
    this.#channels = options.channels
    this.#next = options.next
    this.#inputs = options.inputs
    this.#active = new ActiveInputs(
      options.inputs.map((input) => input.watermark),
      NO_WATERMARK,
    )
    this.#merge = options.mergesByPlace && options.channels.length > 1 ? new BlockMerge(options.owner, options.channels) : undefined
    this.#hasSenderEnded = options.channels.map(() => false)
    this.#boundaryOf = options.channels.map(() => undefined)
    if (this.#merge === undefined) this.#readFrom(0)
  }

  get isReady(): boolean {
    if (this.#queue.length > 0) return true
    if (this.hasEnded) return false
    return this.#merge === undefined ? this.#channels[this.#sender]!.peek() !== undefined : this.#merge.isReady
  }

  get isWaiting(): boolean {
    return this.#next.isWaiting
  }

  /** The sources are stopped; what they had sent still passes. */
  stop(): void {}

  pull(): boolean {
    const event = this.#queue.shift() ?? this.#receive()
    if (event === undefined) return true
    if (event.kind === 'end') this.hasEnded = true
    return this.#finish(this.#next.accept(event))
  }

  resume(): boolean {
    return this.#finish(this.#next.resume())
  }

  /** Gives a buffer back when the chain is done with it. */
  #finish(isDone: boolean): boolean {
    const lent = this.#lent
    if (isDone && lent !== undefined) {
      this.#lent = undefined
      lent.channel.giveBack(lent.buffer)
    }
    return isDone
  }

  #receive(): StreamEvent | undefined {
    if (this.#merge !== undefined) return this.#receiveMerged(this.#merge)
    const channel = this.#channels[this.#sender]!
    const message = channel.peek()
    assert(message !== undefined, 'a receiver that is ready has a message')
    channel.shift()
    if (message.kind !== 'batch') return this.#boundary(message, this.#sender)
    this.#lent = { buffer: message.buffer, channel }
    return this.#rows(message.buffer.batch, message.leaf)
  }

  #receiveMerged(merge: BlockMerge): StreamEvent | undefined {
    const step = merge.next()
    if (step.kind === 'rows') {
      this.#lent = step.returns
      return this.#rows(step.batch, step.leaf)
    }
    return this.#boundary(step.message, step.sender)
  }

  /** Rows know the watermarks of their own block: none is below that of the blocks before. */
  #rows(batch: Batch, leaf: number): StreamEvent {
    batch.watermark = Math.max(batch.watermark, this.#active.raised(this.#active.watermarks[leaf]!))
    this.#active.setIdle(leaf, false)
    return { kind: 'batch', batch, leaf: this.#leaf }
  }

  /** One sender has ended the block, or all of its input, or has got to the barrier; when all have, the event goes on. */
  #boundary(message: Exclude<Message, { kind: 'batch' }>, sender: number): StreamEvent | undefined {
    this.#boundaryOf[sender] = message
    if (message.kind === 'end') {
      this.#hasSenderEnded[sender] = true
      this.#isDrained &&= message.drained
    }
    const next = this.#boundaryOf.findIndex((boundary, i) => boundary === undefined && !this.#hasSenderEnded[i])
    if (next < 0) {
      this.#completeBlock()
      return this.#queue.shift()
    }
    if (this.#merge === undefined) this.#readFrom(next)
    return undefined
  }

  /** All senders have come to a boundary. Only where some were stopped can it be a different one. */
  #completeBlock(): void {
    let leaf = -1
    const { watermarks } = this.#active
    const idle: (boolean | undefined)[] = []
    for (const boundary of this.#boundaryOf) {
      if (boundary?.kind === 'block-end') {
        leaf = boundary.leaf
        watermarks[leaf] = Math.max(watermarks[leaf]!, boundary.watermark)
        idle.push(boundary.isIdle)
      }
    }
    // A reader of its turn may have rows again when another one tells that there were none.
    if (idle.includes(false)) this.#active.setIdle(leaf, false)
    else if (idle.includes(true)) this.#active.setIdle(leaf, true)
    const barrier = this.#boundaryOf.find((boundary) => boundary?.kind === 'barrier')
    if (leaf >= 0) this.#endBlock()
    else if (barrier !== undefined) this.#passBarrier(barrier)
    else this.#queue.push({ kind: 'end', drained: this.#isDrained })
    this.#boundaryOf.fill(undefined)
    const first = this.#hasSenderEnded.indexOf(false)
    if (first < 0) return
    if (this.#merge === undefined) this.#readFrom(first)
    else this.#merge.startBlock(this.#hasSenderEnded)
  }

  #endBlock(): void {
    const watermark = this.#active.together()
    if (watermark > this.#sentWatermark) {
      this.#sentWatermark = watermark
      this.#queue.push({ kind: 'watermark', time: watermark })
    }
    const { areAllIdle } = this.#active
    if (areAllIdle !== this.#saidIdle) {
      this.#saidIdle = areAllIdle
      this.#queue.push({ kind: 'idle', leaf: this.#leaf, isIdle: areAllIdle })
    }
    this.#queue.push({ kind: 'block-end', leaf: this.#leaf, watermark: watermark === END_WATERMARK ? END_WATERMARK : NO_WATERMARK })
    for (const channel of this.#channels) channel.leaveBlock()
  }

  #passBarrier(message: Extract<Message, { kind: 'barrier' }>): void {
    if (this.#subtask === 0) {
      this.#inputs.forEach(({ watermarkId }, i) => {
        // Of an idle one also what went on without it.
        const watermark = this.#active.raised(this.#active.watermarks[i]!)
        if (watermarkId === undefined || watermark === NO_WATERMARK) return
        message.barrier.add(watermarkId, 0, watermarkSnapshot({ emitted: watermark, greatest: watermark }))
      })
    }
    this.#queue.push(message)
  }

  #readFrom(sender: number): void {
    this.#channels[this.#sender]!.isBeingRead = false
    this.#sender = sender
    this.#channels[sender]!.isBeingRead = true
  }
}
