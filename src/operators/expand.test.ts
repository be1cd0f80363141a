import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { nodePorts } from '../base/node-ports.ts'
import { RowKind } from '../data/row-kind.ts'
import { types } from '../data/types.ts'
import type { AggregateCall } from '../expr/aggregate.ts'
import { memoryConnector } from '../testing/memory-connector.ts'
import { groupNode, scanNode, schemaOf, type PhysicalNode } from '../testing/plan-nodes.ts'
import { type PlanSettings, changeText, foldChanges, runPlan } from '../testing/run-plan.ts'

const rowTypes = [types.integer(), types.string(), types.integer()]
const schema = schemaOf(rowTypes)
const count: AggregateCall = { name: 'COUNT', args: [], argTypes: [], distinct: false, type: types.bigint(false) }
/** Reads a key's column, which is not NULL for it. */
const sum: AggregateCall = { name: 'SUM', args: [0], argTypes: [types.integer()], distinct: false, type: types.integer() }
const outputTypes = [types.integer(), types.string(), types.integer(false), count.type, sum.type]

const rows = fc.array(fc.tuple(fc.nat({ max: 2 }), fc.option(fc.constantFrom('x', 'y')), fc.nat({ max: 9 })), { maxLength: 40 })
const sets = fc.uniqueArray(fc.subarray([0, 1]), { minLength: 1, maxLength: 4, selector: (set) => set.join() })
const settings = fc.record({
  batchRows: fc.constantFrom(1, 7, 4096),
  parallelism: fc.constantFrom(1, 3),
  seed: fc.nat(),
  restoreAt: fc.option(fc.record({ rows: fc.nat({ max: 40 }), parallelism: fc.constantFrom(1, 2, 3) }), { nil: undefined }),
}) satisfies fc.Arbitrary<PlanSettings>

test('every grouping set groups all rows by its own keys', async () => {
  await fc.assert(
    fc.asyncProperty(rows, sets, settings, async (given, chosenSets, chosen) => {
      const changes = given.map((row) => ({ kind: RowKind.insert, row: [...row] }))
      const columns = schema.map((field) => field.name)
      const connector = memoryConnector(new Map([['t', { columns, changes, mode: 'append', blockRows: 4 }]]))
      const input = scanNode('t', schema)
      const expanded: PhysicalNode = {
        ...input,
        kind: 'expand',
        id: 'expand',
        input,
        keys: [0, 1],
        sets: chosenSets,
        schema: schemaOf([...rowTypes, types.integer(), types.string(), types.integer(false)]),
      }
      const run = await runPlan(groupNode(expanded, [3, 4, 5], [count, sum]), {
        ports: nodePorts,
        connectors: [connector],
        settings: chosen,
      })
      const groups = new Map<string, { row: readonly [number | null, string | null, number]; count: number; sum: number }>()
      for (const [number, text] of given) {
        chosenSets.forEach((set, i) => {
          const row = [set.includes(0) ? number : null, set.includes(1) ? text : null, i] as const
          const group = groups.get(JSON.stringify(row)) ?? { row, count: 0, sum: 0 }
          groups.set(JSON.stringify(row), { row, count: group.count + 1, sum: group.sum + number })
        })
      }
      const wanted = [...groups.values()].map((group) =>
        changeText(outputTypes, { kind: 0, row: [...group.row, BigInt(group.count), group.sum] }).slice(2),
      )
      assert.deepEqual(foldChanges(outputTypes, run.changes), wanted.sort())
    }),
    { numRuns: 80 },
  )
})
