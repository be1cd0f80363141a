import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodePorts } from '../../base/node-ports.ts'
import type { RuntimeConnector } from '../../connectors/connector.ts'
import { ArenaOwner } from '../../data/arena.ts'
import { BatchBuffer } from '../../data/batch-buffer.ts'
import { writeCell } from '../../data/cells.ts'
import { types } from '../../data/types.ts'
import type { AggregateCall } from '../../expr/aggregate.ts'
import type { Expr } from '../../expr/expr.ts'
import type { SourceStep } from '../../runtime/source.ts'
import { scanNode, schemaOf, unionNode, watermarkNode, windowNode } from '../../testing/plan-nodes.ts'
import { runPlan } from '../../testing/run-plan.ts'
import { SimulatedClock } from '../../testing/simulated-clock.ts'

const time = types.timestamp(3)
const schema = schemaOf([time])
const ownTime: Expr = { kind: 'column', index: 0, type: time }
const count: AggregateCall = { name: 'COUNT', args: [], argTypes: [], distinct: false, type: types.bigint(false) }

/** Tables whose rows (times in ms, one a batch) a test gives when it wants; `undefined` ends them. */
class Feed {
  readonly #queues = new Map<string, (number | undefined)[]>()
  #wake: (() => void)[] = []

  give(table: string, ...rows: readonly (number | undefined)[]): void {
    this.#queueOf(table).push(...rows)
    for (const wake of this.#wake.splice(0)) wake()
  }

  #queueOf(table: string): (number | undefined)[] {
    const queue = this.#queues.get(table) ?? []
    this.#queues.set(table, queue)
    return queue
  }

  readonly connector: RuntimeConnector = {
    name: 'memory',
    doc: 'Rows that come one by one',
    options: [],
    source: () => ({
      isBounded: false,
      changes: 'append',
      canProject: true,
      canProjectNested: false,
      canLimit: false,
      canPrunePartitions: false,
      metadata: [],
    }),
    createSource: (table) => ({
      open: ({ arena }) => {
        const owner = new ArenaOwner(arena, 'feed')
        const buffer = new BatchBuffer(owner, [time], 1)
        const queue = this.#queueOf(table.options.get('table') ?? '')
        let isBlockOver = false
        const next = (): SourceStep => {
          if (isBlockOver) {
            isBlockOver = false
            return { kind: 'block-end' }
          }
          if (queue.length === 0) return { kind: 'wait', ready: new Promise((resolve) => this.#wake.push(resolve)) }
          const row = queue.shift()
          if (row === undefined) return { kind: 'end' }
          buffer.clear()
          writeCell(buffer, buffer.batch.columns[0]!, 0, BigInt(row) * 1_000_000n)
          buffer.batch.rowCount = 1
          buffer.batch.selectedCount = 1
          isBlockOver = true
          return { kind: 'batch', batch: buffer.batch }
        }
        return Promise.resolve({
          next,
          position: () => ({}),
          metrics: () => ({ badRecords: 0, bytesRead: 0 }),
          close: () => {
            owner.close()
            return Promise.resolve()
          },
        })
      },
    }),
  }
}

const quiet = async (): Promise<void> => {
  for (let i = 0; i < 5; i++) await new Promise(setImmediate)
}

const plan = windowNode(
  unionNode([watermarkNode(scanNode('busy', schema), 0, ownTime), watermarkNode(scanNode('silent', schema), 0, ownTime)]),
  [],
  [count],
  { window: { kind: 'tumble', sizeMs: 10, offsetMs: 0 }, time: { kind: 'rowtime', column: 0 } },
)

// Such a job has one subtask, whatever is asked for.
for (const parallelism of [1, 3]) {
  test(`a source without rows for so long holds back no window; what it gives behind them is late (parallelism ${parallelism})`, async () => {
    const clock = new SimulatedClock()
    const feed = new Feed()
    const seen: bigint[] = []
    const options = { ports: { ...nodePorts, clock }, connectors: [feed.connector], settings: { idleTimeoutMs: 1000, parallelism } }
    const running = runPlan(plan, { ...options, onChange: ({ row }) => seen.push(row[0] as bigint) })
    feed.give('busy', 1, 2, 15)
    await quiet()
    clock.moveTo(999)
    await quiet()
    assert.deepEqual(seen, [], 'the silent source may still have rows of the first window')
    clock.moveTo(1000)
    await quiet()
    assert.deepEqual(seen, [2n])
    // Too late for the first window; the second one is open.
    feed.give('silent', 3, 11)
    await quiet()
    feed.give('busy', 30)
    await quiet()
    assert.deepEqual(seen, [2n], 'a source that has rows again is waited for')
    feed.give('silent', 40)
    await quiet()
    assert.deepEqual(seen, [2n, 2n])
    feed.give('busy', undefined)
    feed.give('silent', undefined)
    const { summary } = await running
    assert.equal(summary.lateRows, 1)
    assert.deepEqual(seen, [2n, 2n, 1n, 1n])
  })
}

test('without the setting a silent source is waited for', async () => {
  const clock = new SimulatedClock()
  const feed = new Feed()
  const seen: bigint[] = []
  const running = runPlan(plan, {
    ports: { ...nodePorts, clock },
    connectors: [feed.connector],
    onChange: ({ row }) => seen.push(row[0] as bigint),
  })
  feed.give('busy', 1, 15)
  await quiet()
  clock.moveTo(1e9)
  await quiet()
  assert.deepEqual(seen, [])
  feed.give('busy', undefined)
  feed.give('silent', 2, undefined)
  await running
  assert.deepEqual(seen, [2n, 1n])
})
