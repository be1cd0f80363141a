import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ArenaOwner, arenaOfThread } from '../../data/arena.ts'
import { BatchBuffer } from '../../data/batch-buffer.ts'
import { ByteReader, ByteSink } from '../../data/byte-sink.ts'
import { writeCell } from '../../data/cells.ts'
import { types, type SqlType } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import { GroupValues, newMemberRows } from './group-values.ts'

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

const MEMBERS = 3

/** The values of a group as a map from texts, in the order in which they came, with a count for each member. */
type Model = Map<string, { readonly value: SqlValue; readonly counts: number[] }>

for (const [type, value] of kinds) {
  for (const input of ['appending', 'changing'] as const) {
    // Goal: values, counts, their order, and the rows that pass on are those of maps of values, for each of several members.
    // Method: random rows in batches, single changes, cleared and merged groups and a copy by snapshot against maps.
    test(`the values of groups of ${type.kind} are counted as by maps, ${input}`, () => {
      const sign = input === 'changing' ? fc.constantFrom(1, 1, 1, -1) : fc.constant(1)
      const row = fc.record({ id: fc.nat(GROUPS - 1), value, sign, mask: fc.integer({ min: 1, max: (1 << MEMBERS) - 1 }) })
      const step = fc.oneof(
        { weight: 5, arbitrary: fc.record({ rows: fc.array(row, { maxLength: ROOM }) }) },
        { weight: 2, arbitrary: fc.record({ single: row }) },
        { weight: 1, arbitrary: fc.record({ cleared: fc.nat(GROUPS - 1) }) },
        { weight: 1, arbitrary: fc.record({ merged: fc.tuple(fc.nat(GROUPS - 2), fc.constant(GROUPS - 1)) }) },
      )
      const property = fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const before = arena.usedBytes
        const owner = new ArenaOwner(arena, 'test')
        const lines = owner.allocate(LINE_BYTES * GROUPS)
        arena.kernels.clearBytes(lines, LINE_BYTES * GROUPS)
        const lineOf = (id: number): number => lines + id * LINE_BYTES
        const values = new GroupValues(owner, { type, list: LIST, members: MEMBERS, input })
        const models = Array.from({ length: GROUPS }, (): Model => new Map())
        /** The members that changed, of one value. */
        const count = (id: number, cell: SqlValue, changes: readonly number[]): number => {
          const key = typeof cell === 'number' ? (Object.is(cell, -0) ? '-0' : String(cell)) : String(cell)
          const model = models[id]!
          const entry = model.get(key) ?? { value: cell, counts: changes.map(() => 0) }
          model.set(key, entry)
          let changed = 0
          changes.forEach((change, m) => {
            const had = entry.counts[m]!
            const has = input === 'changing' ? had + change : Math.min(had + change, 1)
            entry.counts[m] = has
            if (had > 0 !== has > 0) changed |= 1 << m
          })
          if (entry.counts.every((each) => each === 0)) model.delete(key)
          return changed
        }
        const changesOf = (mask: number, by: number): number[] => Array.from({ length: MEMBERS }, (_, m) => ((mask >> m) & 1) * by)
        const buffer = new BatchBuffer(owner, [type], ROOM)
        const column = buffer.batch.columns[0]!
        const { rows, masksAt } = newMemberRows(owner, ROOM)
        for (const each of steps) {
          if ('cleared' in each) {
            values.clear(lineOf(each.cleared))
            arena.kernels.clearBytes(lineOf(each.cleared), LINE_BYTES)
            models[each.cleared]!.clear()
          } else if ('merged' in each) {
            const [id, other] = each.merged
            const found: (readonly [SqlValue, number])[] = []
            values.merge(id, lineOf(id), lineOf(other), (cell, got, lost) => found.push([cell, got | lost]))
            const expected = [...models[other]!.values()].map(({ value: cell, counts }) => [cell, count(id, cell, counts)] as const)
            assert.deepEqual(
              found,
              expected.filter(([, changed]) => changed !== 0),
            )
          } else if ('single' in each) {
            const { id, value: single, sign: by } = each.single
            assert.equal(values.add(id, lineOf(id), single, by), count(id, single, changesOf((1 << MEMBERS) - 1, by)))
          } else {
            buffer.clear()
            const expected: (readonly number[])[] = []
            each.rows.forEach(({ id, value: cell, sign: by, mask }, i) => {
              writeCell(buffer, column, ROOM - 1 - i, cell)
              rows.rows[i] = ROOM - 1 - i
              rows.ids[i] = id
              rows.lines[i] = lineOf(id)
              rows.signs[i] = by
              arena.u32[(masksAt >>> 2) + i] = mask
              const changed = count(id, cell, changesOf(mask, by))
              if (changed !== 0) expected.push([ROOM - 1 - i, id, by, changed])
            })
            rows.count = each.rows.length
            const changed = values.count({ rows, masksAt }, column)
            assert.equal(
              changed,
              expected.reduce((all, [, , , members]) => all | members!, 0),
            )
            const { rows: kept, masksAt: keptMasks } = values.kept
            const found = Array.from({ length: kept.count }, (_, i) => [
              kept.rows[i],
              kept.ids[i],
              kept.signs[i],
              arena.u32[(keptMasks >>> 2) + i],
            ])
            assert.deepEqual(found, expected)
          }
        }
        const copies = new GroupValues(owner, { type, list: LIST + 8, members: MEMBERS, input })
        for (let id = 0; id < GROUPS; id++) {
          const expected = [...models[id]!.values()].map(({ value: kept, counts }) => ({
            value: kept,
            count: input === 'changing' ? counts[0]! : 1,
          }))
          assert.deepEqual(values.values(lineOf(id)), expected)
          const sink = new ByteSink()
          values.save(lineOf(id), sink)
          copies.load(id, lineOf(id), new ByteReader(sink.toBytes()))
          assert.deepEqual(copies.values(lineOf(id)), expected)
          const again = new ByteSink()
          copies.save(lineOf(id), again)
          assert.deepEqual(again.toBytes(), sink.toBytes())
        }
        owner.close()
        assert.equal(arena.usedBytes, before)
      })
      fc.assert(property, { numRuns: 150 })
    })
  }
}
