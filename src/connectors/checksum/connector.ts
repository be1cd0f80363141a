import type { Arena } from '../../data/arena.ts'
import type { Batch } from '../../data/batch.ts'
import { type Column, layoutBytes } from '../../data/column.ts'
import type { RuntimeConnector } from '../connector.ts'

/** What a checksum sink has seen so far, over all its subtasks. */
export interface ChecksumTotals {
  rows: number
  /** Sum over all changes of each column's cells, every byte read; independent of order. */
  checksum: bigint
}

/** A sink for benchmarks: reads every byte of every column and keeps a sum, so that no work of a query is left out. */
export function checksumConnector(totals: ChecksumTotals): RuntimeConnector {
  return {
    name: 'checksum',
    doc: 'Reads every byte of every row and keeps a sum',
    options: [],
    sink: () => ({ accepts: 'retract', canOverwrite: true, canPartition: true, metadata: [] }),
    createSink: () => ({
      open: ({ arena }) =>
        Promise.resolve({
          write(batch: Batch) {
            totals.rows += batch.selectedCount
            let sum = 0n
            for (const [i, column] of batch.columns.entries()) sum += BigInt(i + 1) * columnChecksum(arena, column, batch)
            if (batch.kinds !== 0) sum += BigInt(arena.kernels.checksumKinds(batch.kinds, batch.selection, batch.selectedCount))
            totals.checksum = BigInt.asUintN(64, totals.checksum + sum)
            return 'done' as const
          },
          flush: () => Promise.resolve(),
          finish: () => Promise.resolve(),
          close: () => Promise.resolve(),
        }),
    }),
  }
}

function columnChecksum(arena: Arena, column: Column, batch: Batch): bigint {
  const { kernels } = arena
  const { selection, selectedCount } = batch
  switch (column.layout) {
    case 'row':
      return column.children.reduce((sum, child, i) => sum + BigInt(i + 1) * columnChecksum(arena, child, batch), 0n)
    case 'bytes':
      return kernels.checksumText(column.cells, column.nulls, selection, selectedCount)
    default:
      return kernels.checksumCells(column.cells, column.nulls, Math.log2(layoutBytes(column.layout)), selection, selectedCount)
  }
}
