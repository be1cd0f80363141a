import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodePorts } from '../../base/node-ports.ts'
import { RheoError } from '../../base/errors.ts'
import { ArenaOwner, arenaOfThread } from '../../data/arena.ts'
import { BatchBuffer } from '../../data/batch-buffer.ts'
import { readCell } from '../../data/cells.ts'
import { RowKind } from '../../data/row-kind.ts'
import { types } from '../../data/types.ts'
import type { RuntimeConnector } from '../../connectors/connector.ts'
import type { Expr } from '../../expr/expr.ts'
import type { PhysicalNode, PhysicalOf } from '../../plan/physical.ts'
import type { SourceReader } from '../../runtime/source.ts'
import { type Change, memoryConnector } from '../../testing/memory-connector.ts'
import { calcNode, groupNode, scanNode, schemaOf, unionNode } from '../../testing/plan-nodes.ts'
import { runPlan } from '../../testing/run-plan.ts'
import type { Collector, Job, JobSettings } from './job.ts'
import { startJob } from './start-job.ts'

const integer = types.integer()
const schema = schemaOf([integer])
const column: Expr = { kind: 'column', index: 0, type: integer }

/** Counts up for ever; every fourth step it has nothing for a moment. */
const counter: RuntimeConnector = {
  name: 'memory',
  doc: 'Numbers without end',
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
  createSource: () => ({
    open({ arena }) {
      const owner = new ArenaOwner(arena, 'counter')
      const buffer = new BatchBuffer(owner, [integer])
      let step = 0
      const reader: SourceReader = {
        next() {
          step++
          if (step % 4 === 0) return { kind: 'wait', ready: new Promise((resolve) => setTimeout(resolve, 1)) }
          if (step % 4 === 3) return { kind: 'block-end' }
          buffer.clear()
          arena.i32[buffer.batch.columns[0]!.cells / 4] = step
          buffer.batch.rowCount = 1
          buffer.batch.selectedCount = 1
          return { kind: 'batch', batch: buffer.batch }
        },
        position: () => ({ step }),
        metrics: () => ({ badRecords: 0, bytesRead: 0 }),
        close() {
          owner.close()
          return Promise.resolve()
        },
      }
      return Promise.resolve(reader)
    },
  }),
}

const settings: JobSettings = {
  parallelism: 1,
  batchRows: 4096,
  blockBytes: 256,
  expressions: 'interpreted',
  seed: 1,
  maxRecordBytes: 1 << 20,
  timeZone: 'UTC',
}

function start(node: PhysicalNode, connector: RuntimeConnector, collect: Collector, more: Partial<JobSettings> = {}): Job {
  const { schema: rows, changes, uniqueKeys, upsertKeys } = node
  const sink: PhysicalNode = {
    kind: 'sink',
    id: 'sink',
    input: node,
    target: undefined,
    overwrite: false,
    partition: {},
    schema: rows,
    changes,
    uniqueKeys,
    upsertKeys,
  }
  return startJob([sink], { connectors: () => connector, ports: nodePorts, settings: { ...settings, ...more }, collect, output: () => {} })
}

const appended = (values: readonly number[]): readonly Change[] => values.map((value) => ({ kind: RowKind.insert, row: [value] }))
const tableOf = (values: readonly number[]) => ({ columns: ['c0'], changes: appended(values), mode: 'append' as const, blockRows: 2 })
const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i)

function limitNode(input: PhysicalNode, count: number | undefined, offset = 0): PhysicalNode {
  const fields: Omit<PhysicalOf<'limit'>, 'kind'> = {
    id: 'limit',
    input,
    offset,
    count,
    schema: input.schema,
    changes: input.changes,
    uniqueKeys: [],
    upsertKeys: [],
  }
  return { kind: 'limit', ...fields }
}

test('LIMIT ends a job whose input has no end, with one subtask and with three', async () => {
  for (const parallelism of [1, 3]) {
    const seen: number[] = []
    const summary = await start(
      limitNode(scanNode('t', schema), 3, 1),
      counter,
      (batch) => {
        for (let i = 0; i < batch.selectedCount; i++) seen.push(i)
        return 'done'
      },
      { parallelism },
    ).done
    assert.equal(seen.length, 3)
    assert.equal(summary.rowsOut, 3)
  }
})

test('LIMIT takes the same rows at every parallelism, batch size and restore', async () => {
  const connector = memoryConnector(new Map([['t', tableOf(upTo(40))]]))
  for (const more of [
    { parallelism: 1 },
    { parallelism: 3 },
    { batchRows: 1 },
    { parallelism: 3, restoreAt: { rows: 9, parallelism: 2 } },
  ]) {
    const { changes } = await runPlan(limitNode(scanNode('t', schema), 10, 5), {
      ports: nodePorts,
      connectors: [connector],
      settings: more,
    })
    assert.deepEqual(
      changes.map((change) => change.row[0]),
      upTo(15).slice(5),
    )
  }
})

test('LIMIT over changing rows moves up the next row for one that is taken back', async () => {
  const change = (kind: Change['kind'], value: number): Change => ({ kind, row: [value] })
  const changes = [1, 2, 3, 4].map((value) => change(RowKind.insert, value))
  const table = {
    columns: ['c0'],
    changes: [...changes, change(RowKind.delete, 2), change(RowKind.delete, 4), change(RowKind.insert, 5)],
    mode: 'retract' as const,
    blockRows: 3,
  }
  const connector = memoryConnector(new Map([['t', table]]))
  const run = await runPlan(limitNode(scanNode('t', schema, 'retract'), 2), { ports: nodePorts, connectors: [connector] })
  assert.deepEqual(
    run.changes.map(({ kind, row }) => [kind, row[0]]),
    [
      [RowKind.insert, 1],
      [RowKind.insert, 2],
      [RowKind.delete, 2],
      [RowKind.insert, 3],
    ],
  )
})

test('stop ends a job between blocks and keeps what it has; abort fails it', async () => {
  for (const parallelism of [1, 3]) {
    let rows = 0
    const job = start(
      scanNode('t', schema),
      counter,
      (batch) => {
        rows += batch.selectedCount
        return 'done'
      },
      { parallelism },
    )
    await new Promise((resolve) => setTimeout(resolve, 30))
    const summary = await job.stop()
    assert.ok(rows > 0)
    assert.equal(summary.rowsOut, rows)
    assert.equal(summary.rowsIn, rows)

    const second = start(scanNode('t', schema), counter, () => 'done', { parallelism })
    await new Promise((resolve) => setTimeout(resolve, 5))
    second.abort()
    await assert.rejects(second.done, (error: unknown) => error instanceof RheoError && error.code === 'job/aborted')
  }
})

// Numbers divided by zero at the fifth row: the four before it arrive, then the job fails with the row's place.
test('a row that an expression refuses fails the job at its place, after the rows before it', async () => {
  const connector = memoryConnector(new Map([['t', tableOf([4, 3, 2, 1, 0, 7])]]))
  const one: Expr = { kind: 'literal', type: integer, value: 1 }
  const quotient: Expr = { kind: 'call', name: '/', args: [one, column], type: integer }
  for (const parallelism of [1, 3]) {
    for (const batchRows of [1, 4096]) {
      const seen: unknown[] = []
      const job = start(
        calcNode(scanNode('t', schema), [quotient]),
        connector,
        (batch) => {
          for (let i = 0; i < batch.selectedCount; i++) seen.push(readCell(arenaOfThread(), batch.columns[0]!, i))
          return 'done'
        },
        { parallelism, batchRows },
      )
      await assert.rejects(
        job.done,
        (error: unknown) => error instanceof RheoError && error.domain === 'external' && error.place?.line === 5,
      )
      if (parallelism === 1) assert.equal(seen.length, 4)
    }
  }
})

test('a collector that is behind gets each batch until it takes it', async () => {
  const connector = memoryConnector(new Map([['t', tableOf(upTo(20))]]))
  let calls = 0
  let rows = 0
  const job = start(scanNode('t', schema), connector, (batch) => {
    calls++
    if (calls % 3 !== 0) return new Promise((resolve) => setImmediate(resolve))
    rows += batch.selectedCount
    return 'done'
  })
  assert.equal((await job.done).rowsOut, 20)
  assert.equal(rows, 20)
})

test('a failing sink fails the job', async () => {
  const connector = memoryConnector(new Map([['t', tableOf(upTo(20))]]))
  const job = start(scanNode('t', schema), connector, () =>
    Promise.reject(new RheoError('Cannot write', { code: 'file/failed', domain: 'external' })),
  )
  await assert.rejects(job.done, (error: unknown) => error instanceof RheoError && error.code === 'file/failed')
})

test('a budget of memory ends the job with the name of an operator', async () => {
  const connector = memoryConnector(new Map([['t', tableOf(upTo(100))]]))
  const count = { name: 'COUNT', args: [], argTypes: [], distinct: false, type: types.bigint(false) }
  const job = start(groupNode(scanNode('t', schema), [0], [count]), connector, () => 'done', { memoryBytes: 10_000 })
  await assert.rejects(
    job.done,
    (error: unknown) => error instanceof RheoError && error.code === 'runtime/memory-exhausted' && /group-aggregate/.test(error.message),
  )
})

test('bounded inputs of a union take turns block by block, also across a restore', async () => {
  const tables = new Map([
    ['a', tableOf(upTo(7))],
    ['b', tableOf(upTo(13).map((n) => n + 100))],
    ['c', tableOf(upTo(3).map((n) => n + 200))],
  ])
  const connector = memoryConnector(tables)
  const plan = unionNode([scanNode('a', schema), unionNode([scanNode('b', schema), scanNode('c', schema)])])
  const wanted = [0, 1, 100, 101, 200, 201, 2, 3, 102, 103, 202, 4, 5, 104, 105, 6, 106, 107, 108, 109, 110, 111, 112]
  for (const parallelism of [1, 3]) {
    for (let rows = 0; rows < 26; rows++) {
      const restoreAt = rows === 0 ? undefined : { rows, parallelism: (rows % 3) + 1 }
      const run = await runPlan(plan, { ports: nodePorts, connectors: [connector], settings: { parallelism, restoreAt, seed: rows } })
      assert.deepEqual(
        run.changes.map((change) => change.row[0]),
        wanted,
      )
      assert.equal(run.summary.rowsIn, 23)
    }
  }
})

test('a union goes on when one of its inputs has all that it needs', async () => {
  const connector = memoryConnector(
    new Map([
      ['a', tableOf(upTo(9))],
      ['b', tableOf(upTo(3).map((n) => n + 100))],
    ]),
  )
  for (const parallelism of [1, 3]) {
    const plan = unionNode([limitNode(scanNode('a', schema), 2), scanNode('b', schema)])
    const run = await runPlan(plan, { ports: nodePorts, connectors: [connector], settings: { parallelism } })
    assert.deepEqual(
      run.changes.map((change) => Number(change.row[0])).sort((a, b) => a - b),
      [0, 1, 100, 101, 102],
    )
  }
})
