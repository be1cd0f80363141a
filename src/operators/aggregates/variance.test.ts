import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ArenaOwner, arenaOfThread } from '../../data/arena.ts'
import { BatchBuffer } from '../../data/batch-buffer.ts'
import { readCell, writeCell } from '../../data/cells.ts'
import { types, type SqlType } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import { newGroupLines, newGroupRows } from './group-rows.ts'
import { varianceAccumulator } from './variance.ts'

const arena = arenaOfThread()
const ROOM = 30

const argTypes: readonly (readonly [SqlType, fc.Arbitrary<SqlValue>])[] = [
  [types.tinyint(), fc.integer({ min: -128, max: 127 })],
  [types.smallint(), fc.integer({ min: -32_768, max: 32_767 })],
  [types.integer(), fc.oneof(fc.integer(), fc.integer({ min: -2, max: 2 }))],
  [types.bigint(), fc.oneof(fc.bigInt(-(1n << 63n), (1n << 63n) - 1n), fc.bigInt(-2n, 2n))],
  [types.float(), fc.float()],
  [types.double(), fc.oneof(fc.double(), fc.constantFrom(1, 2, 0.1))],
]

// Goal: kernels compute variances bit by bit as rows do one by one, which is as Flink does.
// Method: random rows, some taken back, into two lines: one by the kernels, one by `add` and `write`.
for (const [type, value] of argTypes) {
  for (const kind of ['STDDEV_POP', 'STDDEV_SAMP', 'VAR_POP', 'VAR_SAMP'] as const) {
    test(`${kind} of ${type.kind} is that of one row at a time`, () => {
      const row = fc.record({ cell: fc.option(value), sign: fc.constantFrom(1, 1, 1, -1) })
      const property = fc.property(fc.array(row, { maxLength: ROOM }), (steps) => {
        const owner = new ArenaOwner(arena, 'test')
        const offset = 8
        const accumulator = varianceAccumulator(arena, type, type, { offset, column: 0 }, kind)
        const lines = [owner.allocate(64), owner.allocate(64)] as const
        for (const line of lines) arena.u8.fill(0, line, line + 64)
        const input = new BatchBuffer(owner, [type], ROOM)
        const rows = newGroupRows(owner, ROOM)
        steps.forEach(({ cell, sign }, i) => {
          writeCell(input, input.batch.columns[0]!, i, cell)
          rows.rows[i] = i
          rows.lines[i] = lines[0]
          rows.signs[i] = sign
          accumulator.add(0, lines[1], cell, sign)
        })
        rows.batch = input.batch
        rows.count = steps.length
        accumulator.update(rows)
        const output = new BatchBuffer(owner, [type], 2)
        const column = output.batch.columns[0]!
        const groups = newGroupLines(owner, 1)
        groups.lines[0] = lines[0]
        accumulator.writeAll!(groups, { buffer: output, column, from: 0, to: 1, first: 0, step: 1 })
        accumulator.write(0, lines[1], { buffer: output, column, row: 1 })
        assert.deepEqual(readCell(arena, column, 0), readCell(arena, column, 1))
        owner.close()
      })
      fc.assert(property, { numRuns: 100 })
    })
  }
}
