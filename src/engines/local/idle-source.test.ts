import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { nodePorts } from '../../base/node-ports.ts'
import type { RuntimeConnector } from '../../connectors/connector.ts'
import { ArenaOwner } from '../../data/arena.ts'
import { BatchBuffer } from '../../data/batch-buffer.ts'
import { writeCell } from '../../data/cells.ts'
import { types } from '../../data/types.ts'
import type { AggregateCall } from '../../expr/aggregate.ts'
import type { Expr } from '../../expr/expr.ts'
import { buildCall } from '../../expr/resolve-call.ts'
import type { SourceStep } from '../../runtime/source.ts'
import {
  type PhysicalNode,
  calcNode,
  intervalJoinNode,
  scanNode,
  schemaOf,
  unionNode,
  watermarkNode,
  windowNode,
} from '../../testing/plan-nodes.ts'
import { changeText, runPlan } from '../../testing/run-plan.ts'
import { SimulatedClock } from '../../testing/simulated-clock.ts'

const time = types.timestamp(3)
const schema = schemaOf([time, types.bigint()])
const ownTime: Expr = { kind: 'column', index: 0, type: time }
const ownKey: Expr = { kind: 'column', index: 1, type: types.bigint() }
const count: AggregateCall = { name: 'COUNT', args: [], argTypes: [], distinct: false, type: types.bigint(false) }

/** Tables without end, whose rows (times in ms, one a block, with their remainder by 3 as key) a test gives when it wants; `undefined` ends them. Subtasks read the blocks in turn. */
class Feed {
  readonly #rows = new Map<string, (number | undefined)[]>()
  #wake: (() => void)[] = []
  #readers = 0
  #ended = 0

  /** Whether all readers wait for rows, or have ended. */
  get isQuiet(): boolean {
    return this.#readers > 0 && this.#wake.length + this.#ended === this.#readers
  }

  give(table: string, ...rows: readonly (number | undefined)[]): void {
    this.#rowsOf(table).push(...rows)
    for (const wake of this.#wake.splice(0)) wake()
  }

  #rowsOf(table: string): (number | undefined)[] {
    const rows = this.#rows.get(table) ?? []
    this.#rows.set(table, rows)
    return rows
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
      open: ({ arena, subtask, parallelism }) => {
        this.#readers++
        const owner = new ArenaOwner(arena, 'feed')
        const buffer = new BatchBuffer(owner, [time, types.bigint()], 1)
        const { batch } = buffer
        const rows = this.#rowsOf(table.options.get('table') ?? '')
        let block = 0
        let isBlockOver = false
        const next = (): SourceStep => {
          if (isBlockOver) {
            isBlockOver = false
            block++
            return { kind: 'block-end' }
          }
          if (block === rows.length) return { kind: 'wait', ready: new Promise((resolve) => this.#wake.push(resolve)) }
          const row = rows[block]
          if (row === undefined) {
            this.#ended++
            return { kind: 'end' }
          }
          isBlockOver = true
          if (block % parallelism !== subtask) return next()
          buffer.clear()
          writeCell(buffer, batch.columns[0]!, 0, BigInt(row) * 1_000_000n)
          writeCell(buffer, batch.columns[1]!, 0, BigInt(row % 3))
          batch.rowCount = 1
          batch.selectedCount = 1
          return { kind: 'batch', batch }
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

/** How long a job takes to begin depends on the machine. */
const quiet = async (feed: Feed): Promise<void> => {
  for (let i = 0; i < 8; i += feed.isQuiet ? 1 : 0) await new Promise(setImmediate)
}

const table = (name: string): PhysicalNode => watermarkNode(scanNode(name, schema), 0, ownTime)
const tumbling = (input: PhysicalNode, keys: readonly number[]): PhysicalNode =>
  windowNode(input, keys, [count], { window: { kind: 'tumble', sizeMs: 10, offsetMs: 0 }, time: { kind: 'rowtime', column: 0 } })
const plan = tumbling(unionNode([table('busy'), table('silent')]), [])

for (const parallelism of [1, 3]) {
  test(`a source without rows for so long holds back no window; what it gives behind them is late (parallelism ${parallelism})`, async () => {
    const clock = new SimulatedClock()
    const feed = new Feed()
    const seen: bigint[] = []
    const options = { ports: { ...nodePorts, clock }, connectors: [feed.connector], settings: { idleTimeoutMs: 1000, parallelism } }
    const running = runPlan(plan, { ...options, onChange: ({ row }) => seen.push(row[0] as bigint) })
    feed.give('busy', 1, 2, 15)
    await quiet(feed)
    clock.moveTo(999)
    await quiet(feed)
    assert.deepEqual(seen, [], 'the silent source may still have rows of the first window')
    clock.moveTo(1000)
    await quiet(feed)
    assert.deepEqual(seen, [2n])
    // Too late for the first window; the second one is open.
    feed.give('silent', 3, 11)
    await quiet(feed)
    feed.give('busy', 30)
    await quiet(feed)
    assert.deepEqual(seen, [2n], 'a source that has rows again is waited for')
    feed.give('silent', 40)
    await quiet(feed)
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
  await quiet(feed)
  clock.moveTo(1e9)
  await quiet(feed)
  assert.deepEqual(seen, [])
  feed.give('busy', undefined)
  feed.give('silent', 2, undefined)
  await running
  assert.deepEqual(seen, [2n, 1n])
})

for (const parallelism of [1, 3]) {
  test(`a silent source does not hold up the rows of others (parallelism ${parallelism})`, async () => {
    const feed = new Feed()
    const seen: unknown[] = []
    const running = runPlan(unionNode([table('silent'), table('busy')]), {
      ports: nodePorts,
      connectors: [feed.connector],
      settings: { parallelism },
      onChange: ({ row }) => seen.push(row[0]),
    })
    await quiet(feed)
    feed.give('busy', 1, 2, 3, 4)
    await quiet(feed)
    assert.equal(seen.length, 4)
    for (const name of ['busy', 'silent']) feed.give(name, undefined)
    await running
  })
}

// --- at any parallelism ---

const tables = ['a', 'b', 'c'] as const
const even: Expr = { kind: 'literal', type: types.bigint(), value: 1n }
const joined = intervalJoinNode(table('a'), table('b'), {
  joinType: 'full',
  leftKeys: [1],
  rightKeys: [1],
  leftTime: 0,
  rightTime: 0,
  lowerMs: -4,
  upperMs: 4,
})

/** Inputs that meet in readers, behind exchanges, behind joins, and in a union within a union; a filter whose dropped rows still say that their table is active. */
const plans: Readonly<Record<string, PhysicalNode>> = {
  'union of tables': tumbling(unionNode([table('a'), table('b'), table('c')]), [1]),
  'union of tables, filtered': tumbling(
    unionNode([table('a'), calcNode(table('b'), [ownTime, ownKey], buildCall('<', [ownKey, even])), table('c')]),
    [1],
  ),
  'interval join': joined,
  'union of a join and a table': tumbling(unionNode([calcNode(joined, [ownTime, ownKey]), table('c')]), [1]),
  'union of windows': unionNode([tumbling(table('a'), [1]), tumbling(unionNode([table('b'), table('c')]), [1])]),
}

type Step =
  | { readonly kind: 'rows'; readonly table: (typeof tables)[number]; readonly step: number }
  | { readonly kind: 'clock'; readonly ms: number }

const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('rows' as const), table: fc.constantFrom(...tables), step: fc.integer({ min: -6, max: 14 }) }),
    fc.record({ kind: fc.constant('clock' as const), ms: fc.constantFrom(400, 999, 1000, 2500) }),
  ),
  { maxLength: 24, size: 'max' },
)

/** What was seen after each step, and how many rows were late. */
async function seenAfterSteps(node: PhysicalNode, list: readonly Step[], parallelism: number): Promise<readonly unknown[]> {
  const clock = new SimulatedClock()
  const feed = new Feed()
  const seen: string[] = []
  const columnTypes = node.schema.map((field) => field.type)
  const settings = { idleTimeoutMs: 1000, parallelism }
  const options = { ports: { ...nodePorts, clock }, connectors: [feed.connector], settings }
  const running = runPlan(node, { ...options, onChange: (change) => seen.push(changeText(columnTypes, change)) })
  const last = new Map<string, number>()
  const counts: unknown[] = []
  const look = async (): Promise<void> => {
    await quiet(feed)
    counts.push(seen.splice(0).sort())
  }
  await look()
  for (const step of list) {
    if (step.kind === 'clock') clock.moveTo(clock.nowMs() + step.ms)
    else {
      const at = Math.max(0, (last.get(step.table) ?? 20) + step.step)
      last.set(step.table, at)
      feed.give(step.table, at)
    }
    await look()
  }
  for (const name of tables) {
    feed.give(name, undefined)
    await look()
  }
  const { summary } = await running
  return [...counts, summary.lateRows]
}

for (const [name, node] of Object.entries(plans)) {
  // Goal: which windows end, and which rows are late, is the same in every subtask, at any parallelism.
  // Method: rows come one by one, the clock moves between them; one subtask is the oracle.
  test(`idle sources: ${name}`, async () => {
    const used = tables.filter((one) => name !== 'interval join' || one !== 'c')
    await fc.assert(
      fc.asyncProperty(steps, fc.constantFrom(2, 3), async (list, parallelism) => {
        const mine = list.filter((step) => step.kind === 'clock' || used.includes(step.table))
        assert.deepEqual(await seenAfterSteps(node, mine, parallelism), await seenAfterSteps(node, mine, 1))
      }),
      { numRuns: 25 },
    )
  })
}
