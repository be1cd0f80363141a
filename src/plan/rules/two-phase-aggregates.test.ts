import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { nodePorts } from '../../base/node-ports.ts'
import { RowKind } from '../../data/row-kind.ts'
import { types } from '../../data/types.ts'
import type { AggregateCall } from '../../expr/aggregate.ts'
import { type Change, memoryConnector } from '../../testing/memory-connector.ts'
import { groupNode, scanNode, schemaOf } from '../../testing/plan-nodes.ts'
import { foldChanges, runPlan } from '../../testing/run-plan.ts'
import { twoPhaseAggregates } from './two-phase-aggregates.ts'

const rowTypes = [types.string(), types.integer(), types.boolean()]
const schema = schemaOf(rowTypes)

const call = (name: string, args: readonly number[], type: AggregateCall['type'], filter?: number): AggregateCall => ({
  name,
  args,
  argTypes: args.map((arg) => rowTypes[arg]!),
  distinct: false,
  type,
  ...(filter === undefined ? {} : { filter }),
})

const aggregates: readonly AggregateCall[] = [
  call('COUNT', [], types.bigint(false)),
  call('COUNT', [1], types.bigint(false), 2),
  call('SUM', [1], types.integer()),
  call('AVG', [1], types.integer(), 2),
  call('MIN', [1], types.integer()),
  call('MAX', [2], types.boolean()),
]

const row = fc.tuple(
  fc.option(fc.constantFrom('a', 'b', 'a longer key')),
  fc.option(fc.integer({ min: -3, max: 3 })),
  fc.option(fc.boolean()),
)

// Goal: two phases give the table of one, wherever the first one looks for equal keys and where it has given up, and across a restore at another number of subtasks.
// Method: random rows of few keys against the plan as it was.
for (const [name, adaptive] of [
  ['that look for equal keys', undefined],
  ['that give up at once and look again', { rows: 3, distinctRate: 0.1 }],
] as const) {
  test(`two phases ${name} give the table of one`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 60 }),
        fc.record({
          keys: fc.constantFrom([0], [0, 1], []),
          mode: fc.constantFrom('streaming' as const, 'final' as const),
          stateTtlMs: fc.constantFrom(0, 3_600_000),
          batchRows: fc.constantFrom(1, 7, 4096),
          restoreAt: fc.option(fc.record({ rows: fc.nat({ max: 60 }), parallelism: fc.constantFrom(1, 2, 3) }), { nil: undefined }),
        }),
        async (rows, { keys, mode, stateTtlMs, batchRows, restoreAt }) => {
          const changes = rows.map((values): Change => ({ kind: RowKind.insert, row: values }))
          const table = { columns: schema.map((field) => field.name), changes, mode: 'append' as const, blockRows: 4 }
          const connectors = [memoryConnector(new Map([['t', table]]))]
          const plan = groupNode(scanNode('t', schema, 'append'), keys, aggregates, { mode, stateTtlMs: mode === 'final' ? 0 : stateTtlMs })
          const split = twoPhaseAggregates(plan, adaptive)
          assert.equal('phase' in split && split.phase, 'global')
          const outputTypes = plan.schema.map((field) => field.type)
          const run = async (node: typeof plan, parallelism: number): Promise<readonly string[]> => {
            const settings = { parallelism, batchRows, ...(parallelism > 1 && { restoreAt }) }
            return foldChanges(outputTypes, (await runPlan(node, { ports: nodePorts, connectors, settings })).changes)
          }
          assert.deepEqual(await run(split, 3), await run(plan, 1))
        },
      ),
      { numRuns: 150 },
    )
  })
}
