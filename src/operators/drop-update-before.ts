import type { ArenaOwner } from '../data/arena.ts'
import { BATCH_CAPACITY } from '../data/batch.ts'
import { RowKind } from '../data/row-kind.ts'
import type { Operator } from '../runtime/operator.ts'
import { viewOf } from './batch-view.ts'

/** Takes -U out of a stream of changes: whoever reads it finds the old row by its key. Only the selection changes. */
export function dropUpdateBefore(owner: ArenaOwner): Operator {
  const { i32, u8 } = owner.arena
  const selection = owner.allocate(BATCH_CAPACITY * 4) >>> 2
  return {
    name: 'DropUpdateBefore',
    keepsRowNumbers: true,
    onBatch(_input, batch, out) {
      if (batch.kinds === 0) {
        out.push(batch)
        return 'done'
      }
      let count = 0
      for (let i = 0; i < batch.selectedCount; i++) {
        const row = batch.selection === 0 ? i : i32[(batch.selection >>> 2) + i]!
        if (u8[batch.kinds + row] !== RowKind.updateBefore) i32[selection + count++] = row
      }
      const result = viewOf(batch)
      result.selection = selection * 4
      result.selectedCount = count
      out.push(result)
      return 'done'
    },
    close: () => owner.close(),
  }
}
