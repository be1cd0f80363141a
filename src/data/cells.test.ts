import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { arbitraryTypedValues } from '../../test/arbitrary-values.ts'
import { ArenaOwner, arenaOfThread } from './arena.ts'
import { BatchBuffer } from './batch-buffer.ts'
import { readCell, writeCell } from './cells.ts'

test('every value comes back from the cell it was written to', () => {
  fc.assert(
    fc.property(arbitraryTypedValues(5), ({ type, values }) => {
      const owner = new ArenaOwner(arenaOfThread(), 'test')
      const buffer = new BatchBuffer(owner, [type], 8)
      const column = buffer.batch.columns[0]!
      // Twice in another order: a cell may be written again, and a cleared batch has no NULLs left.
      values.toReversed().forEach((value, row) => writeCell(buffer, column, row, value))
      values.forEach((value, row) => writeCell(buffer, column, row, value))
      assert.deepEqual(values.map((_, row) => readCell(buffer.arena, column, row)), values)
      buffer.clear()
      values.toReversed().forEach((value, row) => writeCell(buffer, column, row, value))
      assert.deepEqual(values.map((_, row) => readCell(buffer.arena, column, row)), values.toReversed())
      owner.close()
    }),
    { numRuns: 500 },
  )
})
