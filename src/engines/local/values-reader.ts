import type { ArenaOwner } from '../../data/arena.ts'
import { BatchBuffer } from '../../data/batch-buffer.ts'
import { writeCell } from '../../data/cells.ts'
import type { SqlType } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import type { SourceOpen, SourceReader } from '../../runtime/source.ts'

/** What a row of VALUES counts for in a block. */
const ROW_BYTES = 32

/** Reads the rows of a VALUES: blocks of a fixed number of rows, whatever the parallelism. */
export function valuesReader(
  types: readonly SqlType[],
  rows: readonly (readonly SqlValue[])[],
  owner: ArenaOwner,
  open: SourceOpen,
): SourceReader {
  const buffer = new BatchBuffer(owner, types, open.batchRows)
  const rowsPerBlock = Math.max(1, Math.floor(open.blockBytes / ROW_BYTES))
  const { parallelism, subtask } = open
  // Where the next row stands, and the number of its block.
  let row = typeof open.position?.['row'] === 'number' ? open.position['row'] : 0
  let block = Math.floor(row / rowsPerBlock)
  // A restored job deals out the blocks anew.
  const firstBlock = block
  return {
    next() {
      if (block * rowsPerBlock >= rows.length) return { kind: 'end' }
      const end = Math.min((block + 1) * rowsPerBlock, rows.length)
      if ((block - firstBlock) % parallelism !== subtask) row = end
      const count = Math.min(end - row, buffer.capacity)
      if (count === 0) {
        block++
        return { kind: 'block-end' }
      }
      buffer.clear()
      for (let i = 0; i < count; i++) buffer.batch.columns.forEach((column, c) => writeCell(buffer, column, i, rows[row + i]![c]!))
      buffer.batch.rowCount = count
      buffer.batch.selectedCount = count
      row += count
      return { kind: 'batch', batch: buffer.batch }
    },
    position: () => ({ row }),
    metrics: () => ({ badRecords: 0, bytesRead: 0 }),
    close: () => Promise.resolve(),
  }
}
