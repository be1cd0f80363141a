import { assert } from '../base/assert.ts'
import type { Batch } from '../data/batch.ts'
import type { Downstream, StreamEvent } from './event.ts'

/**
 * Where several chains read the same rows: each event goes to one reader after the other, within one call. A reader that is not done with it is resumed before the next one
 * gets it, so none sees an event twice, and a batch stays lent until the last of them has worked it off.
 */
export class SharedLink implements Downstream {
  readonly #readers: Downstream[] = []
  #event: StreamEvent | undefined
  /** The reader that is at work, or comes next. */
  #reader = 0
  #isAtWork = false
  // What a reader may change of a batch that it is lent, as it was for the first.
  #selection = 0
  #selectedCount = 0
  #watermark = 0
  #rowWatermarks = 0

  add(reader: Downstream): void {
    this.#readers.push(reader)
  }

  get isWaiting(): boolean {
    return this.#isAtWork && this.#readers[this.#reader]!.isWaiting
  }

  accept(event: StreamEvent): boolean {
    assert(this.#event === undefined, 'shared rows are read one event at a time')
    this.#event = event
    this.#reader = 0
    if (event.kind === 'batch') this.#remember(event.batch)
    return this.resume()
  }

  resume(): boolean {
    const event = this.#event
    if (event === undefined) return true
    while (this.#reader < this.#readers.length) {
      const reader = this.#readers[this.#reader]!
      const isDone = this.#isAtWork ? reader.resume() : reader.accept(event)
      this.#isAtWork = !isDone
      if (!isDone) return false
      this.#reader++
      if (event.kind === 'batch') this.#restore(event.batch)
    }
    this.#event = undefined
    return true
  }

  #remember(batch: Batch): void {
    this.#selection = batch.selection
    this.#selectedCount = batch.selectedCount
    this.#watermark = batch.watermark
    this.#rowWatermarks = batch.rowWatermarks
  }

  #restore(batch: Batch): void {
    batch.selection = this.#selection
    batch.selectedCount = this.#selectedCount
    batch.watermark = this.#watermark
    batch.rowWatermarks = this.#rowWatermarks
  }
}
