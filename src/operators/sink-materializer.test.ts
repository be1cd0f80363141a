import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { RheoError } from '../base/errors.ts'
import { nodePorts } from '../base/node-ports.ts'
import { RowKind } from '../data/row-kind.ts'
import { types } from '../data/types.ts'
import { type Change, memoryConnector } from '../testing/memory-connector.ts'
import { exchangeNode, scanNode, schemaOf, watermarkNode, type PhysicalNode } from '../testing/plan-nodes.ts'
import { type PlanSettings, runPlan } from '../testing/run-plan.ts'

// Goal: before a table with another primary key, each key shows the row that came last of those that are there, or the first one that is settled by the watermark. Method: random
// additions and deletions, against arrays; batches, subtasks and restores at random.

const settings = fc.record({
  batchRows: fc.constantFrom(1, 7, 4096),
  parallelism: fc.constantFrom(1, 3),
  seed: fc.nat(),
  restoreAt: fc.option(fc.record({ rows: fc.nat({ max: 30 }), parallelism: fc.constantFrom(1, 2, 3) }), { nil: undefined }),
}) satisfies fc.Arbitrary<PlanSettings>

const rowTypes = [types.timestamp(3), types.integer(), types.integer()]
const schema = schemaOf(rowTypes)
const columns = schema.map((field) => field.name)
const MS = 1_000_000n

/** Event time, primary key, and the key of the query: a number of the row. */
type Row = readonly [bigint, number, number]

/** Additions, and deletions of rows that are there; time goes on with every second row. */
const changes = fc.array(fc.tuple(fc.nat({ max: 2 }), fc.nat()), { maxLength: 30 }).map((steps) => {
  const present: Row[] = []
  return steps.map(([key, choice], i): Change => {
    const time = BigInt(1 + (i >> 1)) * MS
    if (choice % 3 !== 0 || present.length === 0) {
      present.push([time, key, i])
      return { kind: RowKind.insert, row: [time, key, i] }
    }
    return { kind: RowKind.delete, row: present.splice(choice % present.length, 1)[0]! }
  })
})

function planOf(keeps: 'last' | 'first' | 'error'): PhysicalNode {
  const time = { kind: 'column', index: 0, type: rowTypes[0]! } as const
  const input = exchangeNode(watermarkNode(scanNode('t', schema, 'retract'), 0, time), [1])
  const fields = { schema, changes: 'upsert', uniqueKeys: [[1]], upsertKeys: [[1]] } as const
  return { ...fields, kind: 'sink-materializer', id: 'settled', input, keys: [1], rowKey: [2], keeps, stateTtlMs: 0 }
}

/** The table that upserts make. */
function tableOf(list: readonly Change[]): readonly string[] {
  const table = new Map<number, string>()
  for (const { kind, row } of list) {
    const key = Number(row[1])
    assert.equal(table.has(key), kind !== RowKind.insert, `${String(row)} as ${kind}`)
    if (kind === RowKind.delete) table.delete(key)
    else table.set(key, String(row))
  }
  return [...table.values()].sort()
}

test('the last row of each key', async () => {
  await fc.assert(
    fc.asyncProperty(changes, settings, async (list, chosen) => {
      const connectors = [memoryConnector(new Map([['t', { columns, changes: list, mode: 'retract', blockRows: 3 }]]))]
      const run = await runPlan(planOf('last'), { ports: nodePorts, connectors, settings: chosen })
      const present: Row[] = []
      for (const change of list) apply(present, change)
      assert.deepEqual(tableOf(run.changes), [...new Map(present.map((row) => [row[1], String(row)])).values()].sort())
    }),
    { numRuns: 150 },
  )
})

test('the first row of each key that the watermark settles, and an error where there are two', async () => {
  await fc.assert(
    fc.asyncProperty(changes, settings, async (list, chosen) => {
      const connectors = [memoryConnector(new Map([['t', { columns, changes: list, mode: 'retract', blockRows: 3 }]]))]
      const { table, hasConflict } = settle(list)
      const run = await runPlan(planOf('first'), { ports: nodePorts, connectors, settings: chosen })
      assert.deepEqual(tableOf(run.changes), table)
      const strict = runPlan(planOf('error'), { ports: nodePorts, connectors, settings: chosen })
      if (!hasConflict) assert.deepEqual(tableOf((await strict).changes), table)
      else await assert.rejects(strict, (error) => error instanceof RheoError && error.code === 'data/key-conflict')
    }),
    { numRuns: 150 },
  )
})

function apply(rows: Row[], { kind, row }: Change): void {
  const values = row as unknown as Row
  const at = rows.findIndex((other) => other[2] === values[2])
  if (kind === RowKind.insert) rows.push(values)
  else if (at >= 0) rows.splice(at, 1)
}

/** Changes wait until the watermark rises; then each key keeps its first row, and forgets the others. */
function settle(list: readonly Change[]): { readonly table: readonly string[]; readonly hasConflict: boolean } {
  const shown = new Map<number, Row>()
  let waiting: Change[] = []
  let hasConflict = false
  const pass = (): void => {
    for (const key of new Set(waiting.map((change) => Number(change.row[1])))) {
      const before = shown.get(key)
      const rows = before === undefined ? [] : [before]
      for (const change of waiting) if (change.row[1] === key) apply(rows, change)
      if (rows.length > 1) hasConflict = true
      if (rows[0] === undefined) shown.delete(key)
      else if (rows.length === 1 || before === undefined) shown.set(key, rows[0])
    }
    waiting = []
  }
  let watermark = 0n
  for (const change of list) {
    waiting.push(change)
    const time = change.row[0] as bigint
    if (time <= watermark) continue
    watermark = time
    pass()
  }
  pass()
  return { table: [...shown.values()].map(String).sort(), hasConflict }
}
