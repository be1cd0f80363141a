import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { nodePorts } from '../base/node-ports.ts'
import { RowKind, rowKindSign } from '../data/row-kind.ts'
import { type SqlType, types } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import type { AggregateCall } from '../expr/aggregate.ts'
import type { Expr } from '../expr/expr.ts'
import { type Change, memoryConnector } from '../testing/memory-connector.ts'
import { groupNode, scanNode, schemaOf, unionNode, watermarkNode, windowNode } from '../testing/plan-nodes.ts'
import { type PlanSettings, changeText, foldChanges, runPlan } from '../testing/run-plan.ts'
import type { FixedWindow } from './window-layout.ts'
import { windowsOf } from './window-layout.ts'

const time = types.timestamp(3)
const key = types.integer()
const value = types.integer()
const rowTypes = [time, key, value]
const schema = schemaOf(rowTypes)

const call = (name: string, args: readonly number[], more: Partial<AggregateCall> = {}): AggregateCall => ({
  name,
  args,
  argTypes: args.map((arg) => rowTypes[arg]!),
  distinct: false,
  type: name === 'COUNT' ? types.bigint(false) : value,
  ...more,
})
const aggregates = [call('COUNT', []), call('SUM', [2]), call('MAX', [2]), call('COUNT', [2], { distinct: true })]
/** The first two can be taken out of sums again, so sums go on from window to window; with the others each window is added up anew. */
const some = fc.constantFrom(2, aggregates.length)
const typesOf = (calls: number): readonly SqlType[] => [key, ...aggregates.slice(0, calls).map((aggregate) => aggregate.type), time, time]
const outputTypes = typesOf(aggregates.length)

/** Watermarks are the rows' own times: every row that is not later than all before it is behind the watermark. */
const ownTime: Expr = { kind: 'column', index: 0, type: time }

interface Row {
  readonly at: number
  readonly key: number
  readonly value: number | null
}

interface Timed {
  readonly kind: Change['kind']
  readonly row: Row
}

const toChange = ({ kind, row }: Timed): Change => ({ kind, row: [BigInt(row.at) * 1_000_000n, row.key, row.value] })

/** One pass over each input: a row counts in the windows that the watermark before it has not reached. */
function expected(
  inputs: readonly (readonly Timed[])[],
  window: FixedWindow,
  calls: number = aggregates.length,
): { rows: readonly string[]; late: number } {
  const groups = new Map<string, { key: number; start: number; end: number; rows: Row[] }>()
  let late = 0
  for (const changes of inputs) {
    let watermark = Number.NEGATIVE_INFINITY
    for (const { kind, row } of changes) {
      const windows = windowsOf(window, row.at)
      const open = windows.filter(({ end }) => end - 1 > watermark)
      if (open.length === 0 && windows.length > 0) late++
      for (const { start, end } of open) {
        const id = `${row.key}:${start}:${end}`
        const group = groups.get(id) ?? { key: row.key, start, end, rows: [] }
        groups.set(id, group)
        if (rowKindSign(kind) > 0) group.rows.push(row)
        else {
          const place = group.rows.findIndex((other) => other.value === row.value)
          if (place >= 0) group.rows.splice(place, 1)
        }
      }
      if (row.at > 0) watermark = Math.max(watermark, row.at)
    }
  }
  const rows = [...groups.values()].filter((group) => group.rows.length > 0)
  return {
    late,
    rows: rows
      .map((group) => {
        const values = group.rows.flatMap((row) => (row.value === null ? [] : [row.value]))
        const results: SqlValue[] = [
          BigInt(group.rows.length),
          values.length === 0 ? null : values.reduce((a, b) => a + b, 0),
          values.length === 0 ? null : Math.max(...values),
          BigInt(new Set(values).size),
        ]
        const bounds = [BigInt(group.start) * 1_000_000n, BigInt(group.end) * 1_000_000n]
        return changeText(typesOf(calls), { kind: 0, row: [group.key, ...results.slice(0, calls), ...bounds] }).slice(2)
      })
      .sort(),
  }
}

const windows: readonly FixedWindow[] = [
  { kind: 'tumble', sizeMs: 10, offsetMs: 0 },
  { kind: 'tumble', sizeMs: 7, offsetMs: 3 },
  { kind: 'hop', sizeMs: 12, slideMs: 4, offsetMs: 0 },
  { kind: 'hop', sizeMs: 10, slideMs: 4, offsetMs: -1 },
  { kind: 'hop', sizeMs: 20, slideMs: 2, offsetMs: 0 },
  { kind: 'hop', sizeMs: 3, slideMs: 5, offsetMs: 0 },
  { kind: 'cumulate', maxSizeMs: 12, stepMs: 4, offsetMs: 0 },
]

/** Times go up with steps back, so that some rows are late for all and some for a part of their windows. */
const rows = fc
  .array(fc.record({ step: fc.integer({ min: -14, max: 9 }), key: fc.nat({ max: 2 }), value: fc.option(fc.nat({ max: 4 })) }), {
    maxLength: 50,
  })
  .map((steps): readonly Timed[] => {
    let at = 0
    return steps.map(({ step, key: rowKey, value: rowValue }) => {
      at += step > 0 ? step : 0
      return { kind: RowKind.insert, row: { at: step < 0 ? at + step : at, key: rowKey, value: rowValue } }
    })
  })

const settings = fc.record({
  batchRows: fc.constantFrom(1, 7, 4096),
  expressions: fc.constantFrom('compiled', 'interpreted'),
  parallelism: fc.constantFrom(1, 3),
  seed: fc.nat(),
  restoreAt: fc.option(fc.record({ rows: fc.nat({ max: 50 }), parallelism: fc.constantFrom(1, 2, 3) }), { nil: undefined }),
}) satisfies fc.Arbitrary<PlanSettings>

const columns = schema.map((field) => field.name)

for (const window of windows) {
  // Goal: which rows count in which window is a matter of the rows alone.
  // Method: against one pass by definition; batches, subtasks and restores at random.
  test(`${JSON.stringify(window)} counts each row in its open windows`, async () => {
    await fc.assert(
      fc.asyncProperty(rows, settings, fc.integer({ min: 1, max: 9 }), some, async (timed, chosen, blockRows, calls) => {
        const connector = memoryConnector(new Map([['t', { columns, changes: timed.map(toChange), mode: 'append', blockRows }]]))
        const plan = windowNode(watermarkNode(scanNode('t', schema), 0, ownTime), [1], aggregates.slice(0, calls), {
          window,
          time: { kind: 'rowtime', column: 0 },
        })
        const run = await runPlan(plan, { ports: nodePorts, connectors: [connector], settings: chosen })
        const wanted = expected([timed], window, calls)
        assert.deepEqual(foldChanges(typesOf(calls), run.changes), wanted.rows)
        assert.equal(run.summary.lateRows, wanted.late)
      }),
      { numRuns: 80 },
    )
  })
}

test('a row of a union is late by the watermark of its own input', async () => {
  await fc.assert(
    fc.asyncProperty(rows, rows, fc.constantFrom(...windows), settings, some, async (first, second, window, chosen, calls) => {
      const table = (timed: readonly Timed[]) => ({ columns, changes: timed.map(toChange), mode: 'append' as const, blockRows: 4 })
      const connector = memoryConnector(
        new Map([
          ['a', table(first)],
          ['b', table(second)],
        ]),
      )
      const union = unionNode(['a', 'b'].map((name) => watermarkNode(scanNode(name, schema), 0, ownTime)))
      const plan = windowNode(union, [1], aggregates.slice(0, calls), { window, time: { kind: 'rowtime', column: 0 } })
      const run = await runPlan(plan, { ports: nodePorts, connectors: [connector], settings: chosen })
      const wanted = expected([first, second], window, calls)
      assert.deepEqual(foldChanges(typesOf(calls), run.changes), wanted.rows)
      assert.equal(run.summary.lateRows, wanted.late)
    }),
    { numRuns: 150 },
  )
})

// Goal: what arrives first above windows and exchanges is the same in every mode.
// Method: two exchanges between, and an aggregate that tells the order; the answer of one subtask with single rows is the measure.
test('FIRST_VALUE and LAST_VALUE above windows see one order', async () => {
  const last = (name: string): AggregateCall => ({
    name,
    args: [1],
    argTypes: [types.bigint(false)],
    distinct: false,
    type: types.bigint(),
  })
  await fc.assert(
    fc.asyncProperty(rows, fc.constantFrom(...windows), fc.constantFrom([], [3]), settings, async (timed, window, keys, chosen) => {
      const connector = memoryConnector(new Map([['t', { columns, changes: timed.map(toChange), mode: 'append', blockRows: 3 }]]))
      const counted = windowNode(watermarkNode(scanNode('t', schema), 0, ownTime), [1], [call('COUNT', [])], {
        window,
        time: { kind: 'rowtime', column: 0 },
      })
      const plan = groupNode(counted, keys, [last('FIRST_VALUE'), last('LAST_VALUE')])
      const outputs = plan.schema.map((field) => field.type)
      const measure = await runPlan(plan, {
        ports: nodePorts,
        connectors: [connector],
        settings: { batchRows: 1, expressions: 'interpreted' },
      })
      const run = await runPlan(plan, { ports: nodePorts, connectors: [connector], settings: chosen })
      assert.deepEqual(foldChanges(outputs, run.changes), foldChanges(outputs, measure.changes))
    }),
    { numRuns: 100 },
  )
})

test('coarse watermarks are the same in every mode', async () => {
  await fc.assert(
    fc.asyncProperty(
      rows,
      fc.constantFrom(...windows),
      settings,
      fc.integer({ min: 1, max: 20 }),
      async (timed, window, chosen, intervalMs) => {
        const connector = memoryConnector(new Map([['t', { columns, changes: timed.map(toChange), mode: 'append', blockRows: 3 }]]))
        const input = watermarkNode(scanNode('t', schema), 0, ownTime, intervalMs)
        const plan = windowNode(input, [1], aggregates, { window, time: { kind: 'rowtime', column: 0 } })
        const measure = await runPlan(plan, {
          ports: nodePorts,
          connectors: [connector],
          settings: { batchRows: 1, expressions: 'interpreted' },
        })
        const run = await runPlan(plan, { ports: nodePorts, connectors: [connector], settings: chosen })
        assert.deepEqual(foldChanges(outputTypes, run.changes), foldChanges(outputTypes, measure.changes))
      },
    ),
    { numRuns: 100 },
  )
})
