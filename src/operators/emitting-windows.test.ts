import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { nodePorts } from '../base/node-ports.ts'
import { ArenaOwner, arenaOfThread } from '../data/arena.ts'
import { RowKind, rowKindSign, rowKindText } from '../data/row-kind.ts'
import { types } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import type { AggregateCall } from '../expr/aggregate.ts'
import type { Expr } from '../expr/expr.ts'
import { type Change, memoryConnector } from '../testing/memory-connector.ts'
import { type EmitStrategy, scanNode, schemaOf, watermarkNode, windowNode, windowRowsNode } from '../testing/plan-nodes.ts'
import { runOperator } from '../testing/run-operator.ts'
import { type PlanSettings, changeText, foldChanges, runPlan } from '../testing/run-plan.ts'
import { SimulatedClock } from '../testing/simulated-clock.ts'
import { emittingWindows } from './emitting-windows.ts'
import { type FixedWindow, windowsOf } from './window-layout.ts'
import { windowTime } from './window-time.ts'

const time = types.timestamp(3, false)
const rowTypes = [time, types.integer(false), types.integer(false)]
const schema = schemaOf(rowTypes)
const count: AggregateCall = { name: 'COUNT', args: [], argTypes: [], distinct: false, type: types.bigint(false) }
const sum: AggregateCall = { name: 'SUM', args: [2], argTypes: [types.integer(false)], distinct: false, type: types.integer() }
const outputTypes = [types.integer(false), count.type, sum.type, time, time]
const ownTime: Expr = { kind: 'column', index: 0, type: time }

interface Row {
  readonly at: number
  readonly key: number
  readonly value: number
}

const ms = (value: number): bigint => BigInt(value) * 1_000_000n

/** A row counts in every window that is not forgotten: the watermark before it is less than the lateness behind the window's last millisecond. */
function expected(rows: readonly Row[], window: FixedWindow, latenessMs: number): { rows: readonly string[]; late: number } {
  const groups = new Map<string, SqlValue[]>()
  let watermark = Number.NEGATIVE_INFINITY
  let late = 0
  for (const { at, key, value } of rows) {
    for (const { start, end } of windowsOf(window, at)) {
      if (watermark >= end - 1 + latenessMs) {
        late++
        continue
      }
      const id = `${key} ${start} ${end}`
      const group = groups.get(id)
      groups.set(id, [key, BigInt((group?.[1] as bigint) ?? 0n) + 1n, Number(group?.[2] ?? 0) + value, ms(start), ms(end)])
    }
    watermark = Math.max(watermark, at)
  }
  return { late, rows: [...groups.values()].map((row) => changeText(outputTypes, { kind: RowKind.insert, row }).slice(2)).sort() }
}

const rowsOfTest = fc
  .array(fc.record({ step: fc.integer({ min: -14, max: 9 }), key: fc.nat({ max: 2 }), value: fc.nat({ max: 4 }) }), { maxLength: 50 })
  .map((steps): readonly Row[] => {
    let at = 100
    return steps.map(({ step, key, value }) => {
      at += step > 0 ? step : 0
      return { at: step < 0 ? at + step : at, key, value }
    })
  })

const settings = fc.record({
  batchRows: fc.constantFrom(1, 7, 4096),
  parallelism: fc.constantFrom(1, 3),
  seed: fc.nat(),
  restoreAt: fc.option(fc.record({ rows: fc.nat({ max: 50 }), parallelism: fc.constantFrom(1, 2, 3) }), { nil: undefined }),
}) satisfies fc.Arbitrary<PlanSettings>

const strategies: readonly EmitStrategy[] = [
  { earlyMs: 0, lateMs: undefined, latenessMs: 0 },
  { earlyMs: undefined, lateMs: 0, latenessMs: 6 },
  { earlyMs: 0, lateMs: 0, latenessMs: 6 },
]
const windows: readonly FixedWindow[] = [
  { kind: 'tumble', sizeMs: 10, offsetMs: 0 },
  { kind: 'hop', sizeMs: 12, slideMs: 4, offsetMs: 0 },
]

// Goal: whenever results are sent, the last ones are those of all rows that came in time; changes of a window follow each other; nothing stays in state.
// Method: against one pass by definition; batches, subtasks and restores at random.
for (const emit of strategies) {
  for (const window of windows) {
    test(`${window.kind} windows, early ${emit.earlyMs}, late ${emit.lateMs}`, async () => {
      await fc.assert(
        fc.asyncProperty(rowsOfTest, settings, fc.integer({ min: 1, max: 9 }), async (rows, chosen, blockRows) => {
          const changes = rows.map((row): Change => ({ kind: RowKind.insert, row: [ms(row.at), row.key, row.value] }))
          const columns = schema.map((field) => field.name)
          const connector = memoryConnector(new Map([['t', { columns, changes, mode: 'append', blockRows }]]))
          const windowed = windowRowsNode(watermarkNode(scanNode('t', schema), 0, ownTime), 0, window)
          const plan = windowNode(windowed, [1], [count, sum], {
            window,
            time: { kind: 'attached', start: 3, end: 4 },
            emit,
            changes: 'retract',
          })
          const run = await runPlan(plan, { ports: nodePorts, connectors: [connector], settings: chosen })
          const wanted = expected(rows, window, emit.latenessMs)
          assert.deepEqual(foldChanges(outputTypes, run.changes), wanted.rows)
          assert.equal(run.summary.lateRows, wanted.late)
        }),
        { numRuns: 40 },
      )
    })
  }
}

test('results by the clock: as often as the delay says, while they change, until the window is forgotten', async () => {
  const clock = new SimulatedClock(1000)
  const operator = emittingWindows({
    id: 'w',
    owner: new ArenaOwner(arenaOfThread(), 'test'),
    clock,
    inputTypes: [time, time, types.integer(false)],
    propertyTypes: [],
    keys: [],
    aggregates: [count],
    start: 0,
    end: 1,
    properties: [],
    earlyMs: 10,
    lateMs: 20,
    latenessMs: 50,
    inputRetracts: true,
    time: windowTime(undefined),
    ordersOutput: false,
    givesPlaces: false,
  })
  const row = (kind: RowKind = RowKind.insert): Change => ({ kind, row: [ms(0), ms(100), 1] })
  const changes = await runOperator(operator, {
    inputTypes: [time, time, types.integer(false)],
    inputs: [
      { changes: [row()], watermark: 10 },
      { clock: 1009 },
      { changes: [row()], watermark: 10 },
      // +I 2
      { clock: 1010 },
      { clock: 1020 },
      { changes: [row()], watermark: 10 },
      // -U 2, +U 3
      { watermark: 99 },
      { clock: 1030 },
      { changes: [row()], watermark: 99 },
      { clock: 1049 },
      { changes: [row(RowKind.delete), row(RowKind.delete)], watermark: 99 },
      // -U 3, +U 2
      { clock: 1050 },
      { changes: [row(RowKind.delete), row(RowKind.delete)], watermark: 99 },
      // -D 2
      { clock: 1070 },
      { watermark: 149 },
      { changes: [row()], watermark: 149 },
      { clock: 1090 },
    ],
    seed: 1,
    clock,
  })
  assert.deepEqual(
    changes.map(({ kind, row: [n] }) => `${rowKindText(kind)} ${String(n)}`),
    ['+I 2', '-U 2', '+U 3', '-U 3', '+U 2', '-D 2'],
  )
  assert.equal(
    changes.reduce((total, { kind }) => total + rowKindSign(kind), 0),
    0,
  )
  assert.equal(operator.lateRows?.(), 1)
  assert.equal(operator.nextTimer?.(), undefined)
})
