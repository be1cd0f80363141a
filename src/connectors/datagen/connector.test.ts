import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MemoryPorts } from '../../../test/memory-ports.ts'
import type { Clock } from '../../base/ports.ts'
import type { Table } from '../../catalog/table.ts'
import { arenaOfThread } from '../../data/arena.ts'
import { types } from '../../data/types.ts'
import { datagenConnector } from './connector.ts'

const table: Table = {
  kind: 'table',
  columns: [{ kind: 'physical', name: 'n', type: types.integer() }],
  partitionedBy: [],
  options: new Map([
    ['connector', 'datagen'],
    ['rows-per-second', '100'],
    ['fields.n.kind', 'sequence'],
    ['fields.n.start', '1'],
    ['fields.n.end', '4'],
  ]),
  isTemporary: false,
}

/** A clock that goes on only when somebody waits. */
function steppingClock(): Clock {
  let now = 0
  return {
    nowMs: () => now,
    monotonicMs: () => now,
    schedule(delayMs, callback) {
      now += delayMs
      queueMicrotask(callback)
      return () => undefined
    },
  }
}

test('every subtask ends as many blocks, however long it waits at their beginnings', async () => {
  const blocksOf = async (subtask: number): Promise<string> => {
    const source = datagenConnector.createSource!(table, { columns: [{ name: 'n', type: types.integer() }], metadata: [] })
    const reader = await source.open({
      arena: arenaOfThread(),
      ports: { ...new MemoryPorts(), clock: steppingClock() },
      subtask,
      parallelism: 3,
      batchRows: 10,
      blockBytes: 64,
      maxRecordBytes: 1000,
      seed: 1,
      timeZone: 'UTC',
      position: undefined,
    })
    let steps = ''
    for (;;) {
      const step = reader.next()
      if (step.kind === 'wait') await step.ready
      else if (step.kind === 'batch') steps += `${step.batch.selectedCount} `
      else if (step.kind === 'block-end') steps += '| '
      else break
    }
    await reader.close()
    return steps.trim()
  }
  assert.equal(await blocksOf(0), '1 | | | 1 |')
  assert.equal(await blocksOf(1), '| 1 | | |')
  assert.equal(await blocksOf(2), '| | 1 | |')
})
