import type { Arena } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import { ByteReader, ByteSink } from '../data/byte-sink.ts'
import { NO_WATERMARK } from '../data/watermark.ts'
import type { OperatorSnapshot } from '../runtime/operator.ts'
import { type Int64Cells, int64Cells } from './int64.ts'

/**
 * The event time of a join: the lesser of the watermarks of its inputs. A row moves that of its own input to the one it carries; the other input stands where
 * its last block left it, so the time of a row depends on nothing but the order of the blocks.
 */
export class JoinClock {
  readonly #cells: Int64Cells
  readonly #inputs: [number, number] = [NO_WATERMARK, NO_WATERMARK]

  constructor(arena: Arena) {
    this.#cells = int64Cells(arena)
  }

  /** The watermarks of both inputs, as `onWatermark` gets them. */
  set(inputs: readonly number[]): void {
    inputs.forEach((time, input) => {
      this.#inputs[input] = Math.max(this.#inputs[input]!, time)
    })
  }

  /** The watermark that has come when a row does: `row` is its physical number in a batch of input `side`. */
  at(side: 0 | 1, batch: Batch, row: number): number {
    let own = batch.watermark
    if (batch.rowWatermarks !== 0) own = Math.max(own, this.#cells.get(batch.rowWatermarks / 8 + row))
    return Math.min(own, this.#inputs[1 - side]!)
  }

  save(): Uint8Array {
    const sink = new ByteSink(16)
    for (const time of this.#inputs) sink.f64(time)
    return sink.toBytes()
  }

  /** Every subtask has heard the same watermarks at a barrier. */
  restore(parts: readonly OperatorSnapshot[]): void {
    for (const { whole } of parts) {
      if (whole === undefined) continue
      const reader = new ByteReader(whole)
      this.set([reader.f64(), reader.f64()])
    }
  }
}
