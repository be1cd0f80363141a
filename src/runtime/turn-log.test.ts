import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TurnLog } from './turn-log.ts'

// Goal: subtasks read what the first one chose, and what all have passed takes no memory, however long the union runs.
test('a turn is remembered until the last subtask has passed it', () => {
  const log = new TurnLog(3)
  for (let step = 0; step < 100_000; step++) {
    const lead = step + 2
    log.choose(lead, lead % 5)
    log.pass(0, lead + 1)
    if (step >= 2) assert.equal(log.inputAt(step), step % 5)
    log.pass(1, step)
    log.pass(2, step)
    assert.ok(log.size <= 4)
  }
  assert.equal(log.inputAt(50), undefined)
})
