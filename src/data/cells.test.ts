import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { arbitraryTypedValues } from '../../test/arbitrary-values.ts'
import { ArenaOwner, arenaOfThread } from './arena.ts'
import { BatchBuffer } from './batch-buffer.ts'
import { readCell, writeCell } from './cells.ts'
import { types } from './types.ts'

test('every value comes back from the cell it was written to', () => {
  fc.assert(
    fc.property(arbitraryTypedValues(5), ({ type, values }) => {
      const owner = new ArenaOwner(arenaOfThread(), 'test')
      const buffer = new BatchBuffer(owner, [type], 8)
      const column = buffer.batch.columns[0]!
      // Twice in another order: a cell may be written again, and a cleared batch has no NULLs left.
      values.toReversed().forEach((value, row) => writeCell(buffer, column, row, value))
      values.forEach((value, row) => writeCell(buffer, column, row, value))
      assert.deepEqual(
        values.map((_, row) => readCell(buffer.arena, column, row)),
        values,
      )
      buffer.clear()
      values.toReversed().forEach((value, row) => writeCell(buffer, column, row, value))
      assert.deepEqual(
        values.map((_, row) => readCell(buffer.arena, column, row)),
        values.toReversed(),
      )
      owner.close()
    }),
    { numRuns: 500 },
  )
})

test('long texts come back, and take no more room than their bytes', () => {
  const owner = new ArenaOwner(arenaOfThread(), 'test')
  const buffer = new BatchBuffer(owner, [types.string()], 8)
  const column = buffer.batch.columns[0]!
  const texts = ['x'.repeat(5000), 'ä'.repeat(3000), '😀\ud800'.repeat(2000)]
  texts.forEach((text, row) => writeCell(buffer, column, row, text))
  assert.equal(readCell(buffer.arena, column, 0), texts[0])
  assert.equal(readCell(buffer.arena, column, 1), texts[1])
  assert.equal(readCell(buffer.arena, column, 2), '😀?'.repeat(2000))
  const first = buffer.arena.u32[column.cells >>> 2]!
  assert.equal(buffer.textAddress - first, 5000 + 6000 + 10_000)
  owner.close()
})
