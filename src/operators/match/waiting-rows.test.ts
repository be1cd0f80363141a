// Goal: rows come out by time, those of one time as they arrived, whatever the order in which they came.
// Method: random times added and taken in turns; a list sorted by time, which keeps the order of arrival, is the oracle.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ArenaOwner, arenaOfThread } from '../../data/arena.ts'
import { DueRows, WaitingRows } from './waiting-rows.ts'

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ jump: fc.integer({ min: -3, max: 4 }) }) },
  { weight: 1, arbitrary: fc.constant('take' as const) },
)

test('rows are taken by time and arrival, and known by group until then', () => {
  const arena = arenaOfThread()
  fc.assert(
    fc.property(fc.array(step, { maxLength: 2000 }), (steps) => {
      const owner = new ArenaOwner(arena, 'test')
      const waiting = new WaitingRows(owner)
      let expected: { readonly time: number; readonly row: number; readonly id: number }[] = []
      let now = 1_700_000_000_000
      let taken = -Infinity
      steps.forEach((each, i) => {
        if (each === 'take') {
          const due = new DueRows()
          assert.equal(waiting.due, expected[0]?.time ?? Infinity)
          if (expected.length === 0) return
          taken = waiting.due
          waiting.take(due)
          const wanted = expected.filter(({ time }) => time === taken)
          expected = expected.filter(({ time }) => time > taken)
          assert.deepEqual(
            [...due.rows.subarray(0, due.count)],
            wanted.map(({ row }) => row),
          )
          assert.deepEqual(
            [...due.ids.subarray(0, due.count)],
            wanted.map(({ id }) => id),
          )
          return
        }
        // A row at or behind the watermark never waits.
        now = Math.max(now + each.jump, taken + 1)
        const row = { time: now, row: (i + 1) * 8, id: i % 5 }
        waiting.add(row.time, row.row, row.id)
        expected = [...expected, row].sort((a, b) => a.time - b.time)
      })
      const groups = waiting.byGroup()
      for (let id = 0; id < 5; id++)
        assert.deepEqual(
          [...(groups.get(id) ?? [])].sort((a, b) => a - b),
          expected
            .filter((row) => row.id === id)
            .map(({ row }) => row)
            .sort((a, b) => a - b),
        )
      owner.close()
    }),
    { numRuns: 40 },
  )
})
