import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { nodePorts } from '../base/node-ports.ts'
import { RowKind } from '../data/row-kind.ts'
import { types } from '../data/types.ts'
import type { AggregateCall } from '../expr/aggregate.ts'
import type { Expr } from '../expr/expr.ts'
import { buildCall } from '../expr/resolve-call.ts'
import { type Change, memoryConnector } from '../testing/memory-connector.ts'
import { exchangeNode, type PhysicalNode, scanNode, schemaOf, watermarkNode, windowNode, windowRowsNode } from '../testing/plan-nodes.ts'
import { type PlanSettings, foldChanges, runPlan } from '../testing/run-plan.ts'

const time = types.timestamp(3)
const rowTypes = [time, types.integer(), types.string()]
const schema = schemaOf(rowTypes)
const columns = schema.map((field) => field.name)
// Watermarks stay behind, so that a row may join two sessions.
const delay: Expr = { kind: 'literal', type: types.intervalDayTime(false), value: 6n }
const delayed = buildCall('-', [{ kind: 'column', index: 0, type: time }, delay])

const call = (name: string, type: AggregateCall['type'], args: readonly number[], distinct = false): AggregateCall => ({
  name,
  args,
  argTypes: args.map((arg) => rowTypes[arg]!),
  distinct,
  type,
})
const aggregates = [
  call('COUNT', types.bigint(false), []),
  call('MAX', types.string(), [2]),
  call('COUNT', types.bigint(false), [2], true),
  call('SUM', types.integer(), [1]),
]
const window = { kind: 'session' as const, gapMs: 4, partitionKeys: [1] }

const row = fc.record({
  step: fc.integer({ min: -9, max: 6 }),
  key: fc.nat({ max: 2 }),
  text: fc.option(fc.constantFrom('a', 'b', 'a longer one')),
})
const given = fc.array(row, { maxLength: 60 }).map((steps): readonly Change[] => {
  let at = 0
  return steps.map(({ step, key, text }): Change => {
    at += Math.max(step, 0)
    const own = step < 0 ? Math.max(0, at + step) : at
    return { kind: RowKind.insert, row: [BigInt(own) * 1_000_000n, key, text] }
  })
})

const settings = fc.record({
  batchRows: fc.constantFrom(1, 7, 4096),
  parallelism: fc.constantFrom(1, 3),
  seed: fc.nat(),
  restoreAt: fc.option(fc.record({ rows: fc.nat({ max: 50 }), parallelism: fc.constantFrom(1, 2, 3) }), { nil: undefined }),
}) satisfies fc.Arbitrary<PlanSettings>

// Goal: sessions that are aggregated as rows come are those of rows that are kept until their session ends.
// Method: against a window table function with an aggregate behind it, also for rows that are taken back; batches, subtasks and restores at random.
for (const mode of ['append', 'retract'] as const) {
  test(`sessions of ${mode} rows are those of the table function`, async () => {
    await fc.assert(
      fc.asyncProperty(
        given,
        settings,
        fc.integer({ min: 1, max: 9 }),
        fc.array(fc.nat(5), { minLength: 60, maxLength: 60 }),
        async (changes, chosen, blockRows, back) => {
          // Some rows are taken back right after they came, which leaves sessions without rows.
          const all =
            mode === 'append'
              ? changes
              : changes.flatMap((change, i) => (back[i] === 0 ? [change, { ...change, kind: RowKind.delete }] : [change]))
          const connector = memoryConnector(new Map([['t', { columns, changes: all, mode, blockRows }]]))
          const source = watermarkNode(scanNode('t', schema, mode), 0, delayed)
          const direct = windowNode(source, [1], aggregates, { window, time: { kind: 'rowtime', column: 0 } })
          const rows = windowRowsNode(exchangeNode(source, [1]), 0, window)
          const kept = windowNode(rows, [1], aggregates, { window, time: { kind: 'attached', start: 3, end: 4 } })
          const run = async (
            plan: PhysicalNode,
            how: PlanSettings,
          ): Promise<{ readonly rows: readonly string[]; readonly late: number }> => {
            const result = await runPlan(plan, { ports: nodePorts, connectors: [connector], settings: how })
            return {
              rows: foldChanges(
                plan.schema.map((field) => field.type),
                result.changes,
              ),
              late: result.summary.lateRows,
            }
          }
          assert.deepEqual(await run(direct, chosen), await run(kept, { batchRows: 1 }))
        },
      ),
      { numRuns: 150 },
    )
  })
}
