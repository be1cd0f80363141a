import type { Batch } from '../data/batch.ts'
import type { BatchBuffer } from '../data/batch-buffer.ts'

export interface CarryOptions {
  /** Where the watermarks and places are kept. */
  readonly buffer: BatchBuffer
  /** The batch that gets them: the buffer's own, or one that shows its columns. */
  readonly batch: Batch
  /** By entry: the physical row of the input from which its rows were made. Lies in the arena. */
  readonly rows: Int32Array
  readonly entries: number
  /** Rows `k * rowsPerEntry` and those behind it of the output are made from entry k's row. */
  readonly rowsPerEntry: number
}

/**
 * Gives rows that were made from rows the watermarks and places of these. Several rows that were made from one get places that follow each
 * other: they may go different ways, and are in order wherever they meet again.
 */
export function carryTime(input: Batch, { buffer, batch, rows, entries, rowsPerEntry }: CarryOptions): void {
  const { kernels } = buffer.arena
  batch.watermark = input.watermark
  if (input.rowWatermarks !== 0) {
    batch.rowWatermarks = buffer.addRowWatermarks()
    kernels.spreadWords(input.rowWatermarks, rows.byteOffset, entries, rowsPerEntry, 1, batch.rowWatermarks)
  }
  if (input.places !== 0) {
    batch.places = buffer.addPlaces()
    kernels.spreadWords(input.places, rows.byteOffset, entries, rowsPerEntry, rowsPerEntry, batch.places)
  }
}
