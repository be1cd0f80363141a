import { assert } from '../base/assert.ts'
import type { ArenaOwner } from '../data/arena.ts'
import { BATCH_CAPACITY, type Batch } from '../data/batch.ts'
import type { BatchBuffer } from '../data/batch-buffer.ts'
import type { Channel, Message } from './channel.ts'

export type MergeStep =
  /** Rows of one sender that come before all others. `returns`: the buffer goes back to its channel when they are worked off. */
  | {
      readonly kind: 'rows'
      readonly batch: Batch
      readonly leaf: number
      readonly returns: { readonly buffer: BatchBuffer; readonly channel: Channel } | undefined
    }
  | { readonly kind: 'boundary'; readonly message: Exclude<Message, { kind: 'batch' }>; readonly sender: number }

/**
 * Merges the rows that several senders have of one block: by watermark, then by place, then by sender. Rows that a timer made carry the
 * time before it as their watermark, so they come where the timer fired; rows of one source row have one place and one sender, or places
 * that tell them apart.
 *
 * Nothing is copied: each step shows a run of one sender's batch through a selection.
 */
export class BlockMerge {
  readonly #channels: readonly Channel[]
  readonly #i64: BigInt64Array
  /** Row numbers 0, 1, 2, ...: a run is selected by a part of it. */
  readonly #rowNumbers: number
  /** Senders that have not ended the block. */
  readonly #isOpen: boolean[]
  /** The next row of each sender's first batch. */
  readonly #next: number[]

  constructor(owner: ArenaOwner, channels: readonly Channel[]) {
    this.#channels = channels
    this.#i64 = owner.arena.i64
    this.#rowNumbers = owner.allocate(BATCH_CAPACITY * 4)
    for (let i = 0; i < BATCH_CAPACITY; i++) owner.arena.i32[this.#rowNumbers / 4 + i] = i
    this.#isOpen = channels.map(() => true)
    this.#next = channels.map(() => 0)
  }

  /** Every sender that may still have rows of the block shows its next one. */
  get isReady(): boolean {
    return this.#channels.every((channel, i) => !this.#isOpen[i] || channel.peek() !== undefined)
  }

  /** Begins the next block with these senders. */
  startBlock(hasEnded: readonly boolean[]): void {
    for (let i = 0; i < this.#isOpen.length; i++) this.#isOpen[i] = !hasEnded[i]
  }

  next(): MergeStep {
    let least = -1
    let second = -1
    for (let sender = 0; sender < this.#channels.length; sender++) {
      if (!this.#isOpen[sender]) continue
      const message = this.#channels[sender]!.peek()
      assert(message !== undefined, 'a merge that is ready has a message of every sender')
      if (message.kind !== 'batch') {
        this.#channels[sender]!.shift()
        this.#isOpen[sender] = false
        return { kind: 'boundary', message, sender }
      }
      if (least < 0 || this.#isBefore(sender, this.#next[sender]!, least)) {
        second = least
        least = sender
      } else if (second < 0 || this.#isBefore(sender, this.#next[sender]!, second)) second = sender
    }
    assert(least >= 0, 'a merge that is ready has a sender')
    return this.#run(least, second)
  }

  /** The rows of a sender up to the first that comes after the next row of another one. */
  #run(sender: number, other: number): MergeStep {
    const channel = this.#channels[sender]!
    const message = channel.peek()
    assert(message?.kind === 'batch', 'the least sender has rows')
    const { batch } = message.buffer
    const from = this.#next[sender]!
    let to = batch.rowCount
    if (other >= 0) {
      to = from + 1
      while (to < batch.rowCount && this.#isBefore(sender, to, other)) to++
    }
    batch.selection = this.#rowNumbers + from * 4
    batch.selectedCount = to - from
    const isOver = to === batch.rowCount
    this.#next[sender] = isOver ? 0 : to
    if (isOver) channel.shift()
    return { kind: 'rows', batch, leaf: message.leaf, returns: isOver ? { buffer: message.buffer, channel } : undefined }
  }

  /** Whether row `row` of a sender comes before the next row of another one. */
  #isBefore(sender: number, row: number, other: number): boolean {
    const a = this.#batch(sender)
    const b = this.#batch(other)
    const otherRow = this.#next[other]!
    const time = this.#watermark(a, row)
    const otherTime = this.#watermark(b, otherRow)
    if (time !== otherTime) return time < otherTime
    const place = this.#place(a, row)
    const otherPlace = this.#place(b, otherRow)
    return place === otherPlace ? sender < other : place < otherPlace
  }

  #batch(sender: number): Batch {
    const message = this.#channels[sender]!.peek()
    assert(message?.kind === 'batch', 'the sender has rows')
    return message.buffer.batch
  }

  #watermark(batch: Batch, row: number): bigint {
    return batch.rowWatermarks === 0 ? BigInt(batch.watermark) : this.#i64[batch.rowWatermarks / 8 + row]!
  }

  #place(batch: Batch, row: number): bigint {
    return batch.places === 0 ? 0n : this.#i64[batch.places / 8 + row]!
  }
}
