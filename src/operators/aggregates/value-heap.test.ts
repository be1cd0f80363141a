import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ArenaOwner, arenaOfThread } from '../../data/arena.ts'
import { BatchBuffer } from '../../data/batch-buffer.ts'
import { ByteReader, ByteSink } from '../../data/byte-sink.ts'
import { readCell, writeCell } from '../../data/cells.ts'
import { types, type SqlType } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import { compareValues } from './compare-values.ts'
import { newGroupLines } from './group-rows.ts'
import { GroupValues, newMemberRows } from './group-values.ts'

const arena = arenaOfThread()
const GROUPS = 3
const LINE_BYTES = 48
const LIST = 8
const ROOM = 40

const nanos = (ms: bigint): bigint => ms * 1_000_000n
const kinds: readonly (readonly [SqlType, fc.Arbitrary<SqlValue>])[] = [
  [types.boolean(), fc.boolean()],
  [types.integer(), fc.integer({ min: -20, max: 20 })],
  [types.bigint(), fc.bigInt(-30n, 30n)],
  [types.double(), fc.constantFrom(0, -0, 1.5, -1.5, 1e300, -1e300, Infinity, -Infinity, Number.NaN)],
  [types.float(), fc.constantFrom(0, -0, 1.5, -1.5, Number.NaN)],
  [types.decimal(30, 2), fc.bigInt(-(1n << 70n), 1n << 70n)],
  [types.decimal(30, 2), fc.bigInt(-5n, 5n)],
  [types.timestamp(3), fc.bigInt(-9n, 9n).map(nanos)],
  [types.timestamp(9), fc.bigInt(-3_000_000n, 3_000_000n)],
  [types.string(), fc.constantFrom('', 'a', 'b', 'ab', 'a longer text', 'a longer text too', 'ü', 'a'.repeat(200), `${'a'.repeat(200)}b`)],
]

for (const [type, value] of kinds) {
  for (const first of ['least', 'greatest'] as const) {
    // Goal: the first value of a group is that of the sorted values which it has, however they come and go.
    // Method: random rows in batches, merged and cleared groups and a copy by snapshot, against a list of values.
    test(`the ${first} of values of ${type.kind} is at hand`, () => {
      const row = fc.record({ id: fc.nat(GROUPS - 1), value, sign: fc.constantFrom(1, 1, -1) })
      const step = fc.oneof(
        { weight: 6, arbitrary: fc.record({ rows: fc.array(row, { maxLength: ROOM }) }) },
        { weight: 1, arbitrary: fc.record({ cleared: fc.nat(GROUPS - 1) }) },
        { weight: 1, arbitrary: fc.record({ merged: fc.tuple(fc.nat(GROUPS - 2), fc.constant(GROUPS - 1)) }) },
      )
      const property = fc.property(fc.array(step, { maxLength: 10 }), (steps) => {
        const before = arena.usedBytes
        const owner = new ArenaOwner(arena, 'test')
        const lines = owner.allocate(LINE_BYTES * GROUPS)
        arena.kernels.clearBytes(lines, LINE_BYTES * GROUPS)
        const lineOf = (id: number): number => lines + id * LINE_BYTES
        const options = { type, list: LIST, members: 1, input: 'changing', first } as const
        let values = new GroupValues(owner, options)
        const models = Array.from({ length: GROUPS }, () => new Map<string, { readonly value: SqlValue; count: number }>())
        const keyOf = (cell: SqlValue): string => (Object.is(cell, -0) ? '-0' : String(cell))
        const add = (id: number, cell: SqlValue, change: number): void => {
          const entry = models[id]!.get(keyOf(cell)) ?? { value: cell, count: 0 }
          entry.count += change
          models[id]!.set(keyOf(cell), entry)
        }
        const buffer = new BatchBuffer(owner, [type], ROOM)
        const column = buffer.batch.columns[0]!
        const output = new BatchBuffer(owner, [type], ROOM)
        const groups = newGroupLines(owner, GROUPS)
        const { rows, masksAt } = newMemberRows(owner, ROOM)
        const check = (): void => {
          output.clear()
          for (let id = 0; id < GROUPS; id++) {
            groups.ids[id] = id
            groups.lines[id] = lineOf(id)
          }
          values.writeFirsts(groups, { buffer: output, column: output.batch.columns[0]!, from: 0, to: GROUPS, first: 1, step: 2 })
          models.forEach((model, id) => {
            const sorted = [...model.values()]
              .filter(({ count }) => count > 0)
              .map((entry) => entry.value)
              .sort(compareValues)
            const expected = (first === 'least' ? sorted[0] : sorted.at(-1)) ?? null
            assert.deepEqual(values.first(lineOf(id)), expected)
            assert.deepEqual(readCell(arena, output.batch.columns[0]!, 1 + id * 2), expected)
          })
        }
        for (const each of steps) {
          if ('cleared' in each) {
            values.clear(lineOf(each.cleared))
            arena.kernels.clearBytes(lineOf(each.cleared), LINE_BYTES)
            models[each.cleared]!.clear()
          } else if ('merged' in each) {
            const [id, other] = each.merged
            values.merge(id, lineOf(id), lineOf(other), () => undefined)
            for (const { value: cell, count } of models[other]!.values()) add(id, cell, count)
          } else {
            buffer.clear()
            each.rows.forEach(({ id, value: cell, sign }, i) => {
              writeCell(buffer, column, i, cell)
              rows.rows[i] = i
              rows.ids[i] = id
              rows.lines[i] = lineOf(id)
              rows.signs[i] = sign
              arena.u32[(masksAt >>> 2) + i] = 1
              add(id, cell, sign)
            })
            rows.count = each.rows.length
            values.count({ rows, masksAt }, column)
          }
          check()
        }
        const copies = new GroupValues(owner, options)
        for (let id = 0; id < GROUPS; id++) {
          const sink = new ByteSink()
          values.save(lineOf(id), sink)
          values.clear(lineOf(id))
          arena.kernels.clearBytes(lineOf(id), LINE_BYTES)
          copies.load(id, lineOf(id), new ByteReader(sink.toBytes()))
        }
        values = copies
        check()
        owner.close()
        assert.equal(arena.usedBytes, before)
      })
      fc.assert(property, { numRuns: 60 })
    })
  }
}
