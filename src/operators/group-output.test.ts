import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { arbitraryType, arbitraryValue } from '../../test/arbitrary-values.ts'
import { ArenaOwner, arenaOfThread } from '../data/arena.ts'
import { BatchBuffer } from '../data/batch-buffer.ts'
import { readCell, writeCell } from '../data/cells.ts'
import { rowBytes } from '../data/row-encoding.ts'
import { memoryState } from '../state/keyed-state.ts'
import { GroupOutput } from './group-output.ts'

const arbitraryTable = fc.array(arbitraryType, { minLength: 1, maxLength: 3 }).chain((columns) =>
  fc.record({
    columns: fc.constant(columns),
    rows: fc.array(fc.tuple(...columns.map(arbitraryValue)), { maxLength: 8 }),
    cut: fc.nat(8),
  }),
)

// Goal: keys of groups are written as the values that they were made of, whatever their types. Method: random keys there and back, in two parts.
test('keys of groups come back from the index', () => {
  fc.assert(
    fc.property(arbitraryTable, ({ columns, rows, cut }) => {
      const owner = new ArenaOwner(arenaOfThread(), 'test')
      const { arena } = owner
      const input = new BatchBuffer(owner, columns, 16)
      rows.forEach((row, i) => row.forEach((value, c) => writeCell(input, input.batch.columns[c]!, i, value)))
      input.batch.rowCount = rows.length
      input.batch.selectedCount = rows.length
      const state = memoryState({ owner, lineBytes: 8, prefixBytes: 0, ttlMs: 0 })
      const keys = columns.map((_, i) => i)
      const ids = owner.ints(16)
      const prepared = state.prepare(input.batch, keys) as number
      ids.set(arena.i32.subarray(prepared >>> 2, (prepared >>> 2) + rows.length))
      const output = new GroupOutput(owner, columns, [], 16)
      output.clear()
      const middle = Math.min(cut, rows.length)
      output.takeKeys(state, ids.byteOffset, middle, 0, 0)
      output.takeKeys(state, ids.byteOffset + middle * 4, rows.length - middle, 0, middle)
      rows.forEach((_, i) => {
        const found = output.batch.columns.map((column) => readCell(arena, column, i))
        const wanted = input.batch.columns.map((column) => readCell(arena, column, i))
        assert.equal(Buffer.compare(rowBytes(columns, found), rowBytes(columns, wanted)), 0)
      })
      owner.close()
    }),
    { numRuns: 500 },
  )
})
