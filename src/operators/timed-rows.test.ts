import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { TimedRows } from './timed-rows.ts'
import { TimerHeap } from './timer-heap.ts'

test('rows lie in the order of time, those of equal time as they came, whatever goes away', () => {
  const steps = fc.array(fc.record({ time: fc.nat(20), removes: fc.nat(4), probe: fc.nat(21) }), { maxLength: 200, size: 'max' })
  fc.assert(
    fc.property(steps, (list) => {
      const rows = new TimedRows()
      const expected: { time: number; row: number }[] = []
      list.forEach(({ time, removes, probe }, row) => {
        rows.add(time, row)
        const place = expected.findLastIndex((entry) => entry.time <= time) + 1
        expected.splice(place, 0, { time, row })
        // The oldest go most often.
        if (removes > 1) {
          const gone = removes === 4 ? Math.floor(expected.length / 2) : 0
          rows.removeAt(rows.start + gone)
          expected.splice(gone, 1)
        }
        const shown = Array.from({ length: rows.size }, (_, i) => ({ time: rows.timeAt(rows.start + i), row: rows.rowAt(rows.start + i) }))
        assert.deepEqual(shown, expected)
        assert.equal(rows.end - rows.start, expected.length)
        assert.equal(rows.placeOf(probe) - rows.start, expected.filter((entry) => entry.time < probe).length)
        assert.equal(rows.placeAfter(probe) - rows.start, expected.filter((entry) => entry.time <= probe).length)
      })
    }),
    { numRuns: 100 },
  )
})

test('numbers leave a heap in the order of their times', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.nat(50), fc.constant(undefined)), { maxLength: 400, size: 'max' }), (steps) => {
      const heap = new TimerHeap()
      const expected: { time: number; id: number }[] = []
      steps.forEach((time, id) => {
        if (time !== undefined) {
          heap.add(time, id)
          expected.push({ time, id })
          return
        }
        const least = Math.min(...expected.map((entry) => entry.time))
        assert.equal(heap.next, least)
        if (expected.length === 0) return
        const popped = heap.pop()
        const at = expected.findIndex((entry) => entry.id === popped)
        assert.equal(expected[at]?.time, least)
        expected.splice(at, 1)
      })
    }),
    { numRuns: 100 },
  )
})
