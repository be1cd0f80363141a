import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { nodePorts } from '../base/node-ports.ts'
import { RowKind } from '../data/row-kind.ts'
import { types } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import { memoryConnector } from '../testing/memory-connector.ts'
import { calcNode, scanNode, schemaOf, type PhysicalNode } from '../testing/plan-nodes.ts'
import { type PlanSettings, changeText, foldChanges, runPlan } from '../testing/run-plan.ts'

const rowTypes = [types.integer(), types.array(types.string())]
const schema = schemaOf(rowTypes)
const outputTypes = [...rowTypes, types.string(), types.integer()]

const element = fc.option(fc.constantFrom('a', 'b', ''))
const rows = fc.array(fc.tuple(fc.nat({ max: 9 }), fc.option(fc.array(element, { maxLength: 5 }))), { maxLength: 40 })
const settings = fc.record({
  batchRows: fc.constantFrom(1, 7, 4096),
  parallelism: fc.constantFrom(1, 3),
  seed: fc.nat(),
}) satisfies fc.Arbitrary<PlanSettings>

function unnestNode(joinType: 'inner' | 'left'): PhysicalNode {
  const input = scanNode('t', schema)
  return { ...input, kind: 'unnest', id: 'unnest', input, collection: 1, withOrdinality: true, joinType, schema: schemaOf(outputTypes) }
}

async function unnested(
  given: readonly (readonly SqlValue[])[],
  joinType: 'inner' | 'left',
  chosen: PlanSettings,
): Promise<readonly string[]> {
  const changes = given.map((row) => ({ kind: RowKind.insert, row: [...row] }))
  const connector = memoryConnector(new Map([['t', { columns: schema.map((field) => field.name), changes, mode: 'append', blockRows: 4 }]]))
  const run = await runPlan(unnestNode(joinType), { ports: nodePorts, connectors: [connector], settings: chosen })
  return foldChanges(outputTypes, run.changes)
}

test('a row is there once for each element; LEFT keeps rows without elements', async () => {
  await fc.assert(
    fc.asyncProperty(rows, fc.constantFrom('inner', 'left'), settings, async (given, joinType, chosen) => {
      const wanted = given.flatMap(([key, list]) => {
        const elements: readonly (readonly SqlValue[])[] = (list ?? []).map((value, i) => [value, i + 1])
        const shown = elements.length === 0 && joinType === 'left' ? [[null, null]] : elements
        return shown.map((cells) => changeText(outputTypes, { kind: 0, row: [key, list, ...cells] }).slice(2))
      })
      assert.deepEqual(await unnested(given, joinType, chosen), wanted.sort())
    }),
    { numRuns: 100 },
  )
})

test('a collection longer than a batch is given in several', async () => {
  const list = Array.from({ length: 10_000 }, (_, i) => String(i))
  const changes = [{ kind: RowKind.insert, row: [1, list] }]
  const connector = memoryConnector(new Map([['t', { columns: ['c0', 'c1'], changes, mode: 'append', blockRows: 4 }]]))
  const plan = calcNode(unnestNode('inner'), [{ kind: 'column', index: 2, type: types.string() }])
  const run = await runPlan(plan, { ports: nodePorts, connectors: [connector] })
  assert.deepEqual(
    run.changes.map((change) => change.row[0]),
    list,
  )
})
