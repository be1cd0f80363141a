import { assert } from '../base/assert.ts'
import { BatchBuffer } from '../data/batch-buffer.ts'
import type { ArenaOwner } from '../data/arena.ts'
import { copySelected } from '../data/copy-batch.ts'
import type { SqlType } from '../data/types.ts'
import type { StreamEvent } from './event.ts'
import type { Leaf } from './leaf.ts'

/** What an input of a union or join gets and tells. */
export interface EarlyRowsOptions {
  readonly owner: ArenaOwner
  readonly types: readonly SqlType[]
  /** Passes an event on, whose turn has come; true when it is worked off. */
  readonly pass: (event: StreamEvent) => boolean
  readonly resume: () => boolean
  readonly isWaiting: () => boolean
  /** Whether the end of the input went through. */
  readonly hasEnded: () => boolean
}

/**
 * What came by one input before its turn, because its rows are made together with those of another input: copies of the batches, in order with all else. It is read like any
 * other leaf when the turn comes. Inputs that share a part are wanted block by block in turn, so about a block waits here.
 */
export class EarlyRows implements Leaf {
  readonly #options: EarlyRowsOptions
  readonly #events: { readonly event: StreamEvent; readonly buffer: BatchBuffer | undefined }[] = []
  #head = 0
  readonly #free: BatchBuffer[] = []
  /** The buffer whose rows are being worked at. */
  #lent: BatchBuffer | undefined

  constructor(options: EarlyRowsOptions) {
    this.#options = options
  }

  get isEmpty(): boolean {
    return this.#head === this.#events.length
  }

  get isReady(): boolean {
    return !this.isEmpty
  }

  get hasEnded(): boolean {
    return this.isEmpty && this.#options.hasEnded()
  }

  get isWaiting(): boolean {
    return this.#options.isWaiting()
  }

  /** Keeps an event; the rows of a batch are copied. */
  add(event: StreamEvent): void {
    if (event.kind !== 'batch') {
      this.#events.push({ event, buffer: undefined })
      return
    }
    const { batch } = event
    const buffer = this.#free.pop() ?? new BatchBuffer(this.#options.owner, this.#options.types)
    buffer.clear()
    copySelected(batch, buffer)
    buffer.batch.watermark = batch.watermark
    this.#events.push({ event: { ...event, batch: buffer.batch }, buffer })
  }

  pull(): boolean {
    const next = this.#events[this.#head]
    assert(next !== undefined && this.#lent === undefined, 'rows that came early are there')
    this.#events[this.#head++] = undefined as never
    if (this.isEmpty) {
      this.#events.length = 0
      this.#head = 0
    }
    this.#lent = next.buffer
    return this.#finish(this.#options.pass(next.event))
  }

  resume(): boolean {
    return this.#finish(this.#options.resume())
  }

  /** Its rows come from leaves that are stopped themselves. */
  stop(): void {}

  #finish(isDone: boolean): boolean {
    if (isDone && this.#lent !== undefined) {
      this.#free.push(this.#lent)
      this.#lent = undefined
    }
    return isDone
  }
}
