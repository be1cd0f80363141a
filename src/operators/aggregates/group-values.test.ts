import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ArenaOwner, arenaOfThread } from '../../data/arena.ts'
import { BatchBuffer } from '../../data/batch-buffer.ts'
import { ByteReader, ByteSink } from '../../data/byte-sink.ts'
import { writeCell } from '../../data/cells.ts'
import { types, type SqlType } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import { newGroupRows } from './group-rows.ts'
import { GroupValues } from './group-values.ts'
import { ValueCounts } from './value-counts.ts'

const arena = arenaOfThread()
const GROUPS = 4
const LINE_BYTES = 24
const LIST = 8
const ROOM = 32

const kinds: readonly (readonly [SqlType, fc.Arbitrary<SqlValue>])[] = [
  [types.bigint(), fc.bigInt(0n, 5n)],
  [types.double(), fc.constantFrom(0, -0, 1.5, Number.NaN)],
  [types.string(), fc.constantFrom('', 'a', 'b', 'a longer text')],
]

for (const [type, value] of kinds) {
  // Goal: values, counts, their order, and the rows that pass on are those of maps of values.
  // Method: random rows in batches, single changes, cleared groups and a copy by snapshot against `ValueCounts`.
  test(`the values of groups of ${type.kind} are counted as by maps`, () => {
    const row = fc.record({ id: fc.nat(GROUPS - 1), value, sign: fc.constantFrom(1, 1, 1, -1) })
    const step = fc.oneof(
      { weight: 5, arbitrary: fc.record({ rows: fc.array(row, { maxLength: ROOM }) }) },
      { weight: 2, arbitrary: fc.record({ single: row }) },
      { weight: 1, arbitrary: fc.record({ cleared: fc.nat(GROUPS - 1) }) },
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const before = arena.usedBytes
        const owner = new ArenaOwner(arena, 'test')
        const lines = owner.allocate(LINE_BYTES * GROUPS)
        arena.kernels.clearBytes(lines, LINE_BYTES * GROUPS)
        const lineOf = (id: number): number => lines + id * LINE_BYTES
        const values = new GroupValues(owner, type, LIST)
        const model = new ValueCounts(type)
        const buffer = new BatchBuffer(owner, [type], ROOM)
        const column = buffer.batch.columns[0]!
        const rows = newGroupRows(owner, ROOM)
        for (const each of steps) {
          if ('cleared' in each) {
            values.clear(lineOf(each.cleared))
            arena.kernels.clearBytes(lineOf(each.cleared), LINE_BYTES)
            model.clear(each.cleared)
          } else if ('single' in each) {
            const { id, value: single, sign } = each.single
            assert.equal(values.add(id, lineOf(id), single, sign), model.add(id, single, sign))
          } else {
            buffer.clear()
            const expected: (readonly number[])[] = []
            each.rows.forEach(({ id, value: cell, sign }, i) => {
              writeCell(buffer, column, ROOM - 1 - i, cell)
              rows.rows[i] = ROOM - 1 - i
              rows.ids[i] = id
              rows.lines[i] = lineOf(id)
              rows.signs[i] = sign
              const count = model.add(id, cell, sign)
              if (count > 0 !== count - sign > 0) expected.push([ROOM - 1 - i, id, sign])
            })
            rows.count = each.rows.length
            const kept = values.count(rows, column)
            const found = Array.from({ length: kept.count }, (_, i) => [kept.rows[i], kept.ids[i], kept.signs[i]])
            assert.deepEqual(found, expected)
          }
        }
        const copies = new GroupValues(owner, type, LIST + 8)
        for (let id = 0; id < GROUPS; id++) {
          const expected = [...model.allEntries(id)].map(({ value: kept, count }) => ({ value: kept, count }))
          assert.deepEqual(values.values(lineOf(id)), expected)
          const sink = new ByteSink()
          values.save(lineOf(id), sink)
          copies.load(id, lineOf(id), new ByteReader(sink.toBytes()))
          assert.deepEqual(copies.values(lineOf(id)), expected)
        }
        owner.close()
        assert.equal(arena.usedBytes, before)
      }),
      { numRuns: 200 },
    )
  })
}
