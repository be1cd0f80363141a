import type { ArenaOwner } from '../data/arena.ts'
import { BatchBuffer } from '../data/batch-buffer.ts'
import type { SqlType } from '../data/types.ts'
import { NO_WATERMARK } from '../data/watermark.ts'
import type { Operator } from '../runtime/operator.ts'
import { viewOf } from './batch-view.ts'
import { int64Cells } from './int64.ts'

/** Shows the watermark that each row carries in columns of their own: TIMESTAMP(3) or TIMESTAMP_LTZ(3), NULL before the first watermark. */
export function currentWatermark(owner: ArenaOwner, types: readonly SqlType[]): Operator {
  const { arena } = owner
  const cells = int64Cells(arena)
  const shown = new BatchBuffer(owner, types)
  return {
    name: 'CurrentWatermark',
    keepsRowNumbers: true,
    onBatch(_input, batch, out) {
      shown.clear()
      for (const column of shown.batch.columns) {
        for (let i = 0; i < batch.selectedCount; i++) {
          const row = batch.selection === 0 ? i : arena.i32[(batch.selection >>> 2) + i]!
          const own = batch.rowWatermarks === 0 ? NO_WATERMARK : cells.get(batch.rowWatermarks / 8 + row)
          const watermark = Math.max(batch.watermark, own)
          if (watermark === NO_WATERMARK) shown.setNull(column, row)
          else cells.set(column.cells / 8 + row, watermark)
        }
      }
      out.push(viewOf(batch, [...batch.columns, ...shown.batch.columns]))
      return 'done'
    },
    close: () => owner.close(),
  }
}
