import type { Batch } from '../data/batch.ts'
import type { BatchBuffer } from '../data/batch-buffer.ts'

export interface CarryOptions {
  /** Where the watermarks and places are kept. */
  readonly buffer: BatchBuffer
  /** The batch that gets them: the buffer's own, or one that shows its columns. */
  readonly batch: Batch
  /** By entry: the physical row of the input from which its rows were made. */
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
  const { i64 } = buffer.arena
  batch.watermark = input.watermark
  if (input.rowWatermarks !== 0) {
    batch.rowWatermarks = buffer.addRowWatermarks()
    const from = input.rowWatermarks / 8
    const to = batch.rowWatermarks / 8
    for (let k = 0; k < entries; k++) i64.fill(i64[from + rows[k]!]!, to + k * rowsPerEntry, to + (k + 1) * rowsPerEntry)
  }
  if (input.places !== 0) {
    batch.places = buffer.addPlaces()
    const from = input.places / 8
    const to = batch.places / 8
    const width = BigInt(rowsPerEntry)
    for (let k = 0; k < entries; k++) {
      let place = i64[from + rows[k]!]! * width
      for (let j = 0; j < rowsPerEntry; j++) i64[to + k * rowsPerEntry + j] = place++
    }
  }
}
