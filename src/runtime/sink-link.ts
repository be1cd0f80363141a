import { unreachable } from '../base/assert.ts'
import { END_WATERMARK, NO_WATERMARK } from '../data/watermark.ts'
import type { Batch } from '../data/batch.ts'
import type { Downstream, StreamEvent } from './event.ts'
import type { Progress } from './operator.ts'

/** Takes the batches at the end of a chain: a sink's writer, or whoever asked for the rows of a SELECT. */
export interface RowTaker {
  write(batch: Batch): Progress
  onWatermark?(time: number): void
}

/** The end of a chain: hands rows to a sink. Finishing the sink is the job's affair, when all of its subtasks have ended. */
export class SinkLink implements Downstream {
  readonly #taker: RowTaker
  readonly #wake: () => void
  readonly #fail: (error: unknown) => void
  #batch: Batch | undefined
  rows = 0
  watermark = NO_WATERMARK
  hasEnded = false
  isWaiting = false
  /** Whether something was written since the last flush. */
  isDirty = false

  constructor(options: { readonly taker: RowTaker; readonly wake: () => void; readonly fail: (error: unknown) => void }) {
    this.#taker = options.taker
    this.#wake = options.wake
    this.#fail = options.fail
  }

  accept(event: StreamEvent): boolean {
    switch (event.kind) {
      case 'batch':
        this.#batch = event.batch
        return this.resume()
      case 'watermark':
        this.#advance(event.time)
        return true
      case 'block-end':
        if (event.watermark !== END_WATERMARK) this.#advance(event.watermark)
        return true
      case 'timer':
      case 'idle':
        return true
      case 'barrier':
        event.barrier.arrived()
        return true
      case 'end':
        if (event.drained) this.watermark = END_WATERMARK
        this.hasEnded = true
        return true
      default:
        return unreachable(event)
    }
  }

  #advance(time: number): void {
    if (time <= this.watermark) return
    this.watermark = time
    this.#taker.onWatermark?.(time)
  }

  resume(): boolean {
    const batch = this.#batch
    if (batch === undefined) return true
    if (this.isWaiting) return false
    const progress = this.#taker.write(batch)
    if (progress === 'done') {
      this.rows += batch.selectedCount
      this.isDirty = true
      this.#batch = undefined
      return true
    }
    if (progress !== 'more') {
      this.isWaiting = true
      progress.then(() => {
        this.isWaiting = false
        this.#wake()
      }, this.#fail)
    }
    return false
  }
}
