import { unreachable } from '../base/assert.ts'
import type { ArenaOwner } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import type { BatchBuffer } from '../data/batch-buffer.ts'
import { type RowRange, copyRows } from '../data/copy-batch.ts'
import { Partitioner } from '../data/partitioner.ts'
import type { Channel } from './channel.ts'

/** Which receiver a row goes to: that of its key's group, or always the same one. */
export type Route = { readonly kind: 'hash'; readonly keys: readonly number[] } | { readonly kind: 'fixed'; readonly receiver: number }

/** Copies the rows of batches into buffers of the channels that they go to. */
export class Router {
  readonly #route: Route
  readonly #partitioner: Partitioner | undefined
  readonly #channels: readonly Channel[]

  constructor(route: Route, channels: readonly Channel[], owner: ArenaOwner) {
    this.#route = route
    this.#channels = channels
    this.#partitioner = route.kind === 'hash' ? new Partitioner(owner, channels.length) : undefined
  }

  /** Sends every selected row; rows of one receiver stay in order. */
  send(batch: Batch, leaf: number): void {
    const route = this.#route
    switch (route.kind) {
      case 'fixed':
        this.#copy(batch, { rows: batch.selection, from: 0, count: batch.selectedCount }, this.#channels[route.receiver]!, leaf)
        return
      case 'hash': {
        const partitioner = this.#partitioner!
        partitioner.partition(batch, route.keys)
        for (let i = 0; i < this.#channels.length; i++) this.#copy(batch, partitioner.rowsOf(i), this.#channels[i]!, leaf)
        return
      }
      default:
        unreachable(route)
    }
  }

  #copy(batch: Batch, range: RowRange, channel: Channel, leaf: number): void {
    if (range.count === 0) return
    const buffer: BatchBuffer = channel.takeBuffer()
    buffer.clear()
    copyRows(batch, buffer, range)
    buffer.batch.watermark = batch.watermark
    channel.send({ kind: 'batch', buffer, leaf })
  }
}
