import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { nodePorts } from '../base/node-ports.ts'
import { RowKind } from '../data/row-kind.ts'
import { types } from '../data/types.ts'
import type { Expr } from '../expr/expr.ts'
import { type Change, memoryConnector } from '../testing/memory-connector.ts'
import { exchangeNode, scanNode, schemaOf, watermarkNode, type PhysicalNode } from '../testing/plan-nodes.ts'
import { type PlanSettings, changeText, foldChanges, runPlan } from '../testing/run-plan.ts'

const time = types.timestamp(3)
const bound = types.timestamp(3, false)
const rowTypes = [time, types.integer(), types.integer()]
const outputTypes = [...rowTypes, bound, bound, bound]
const schema = schemaOf(rowTypes)
const columns = schema.map((field) => field.name)
const ownTime: Expr = { kind: 'column', index: 0, type: time }
const GAP = 4

interface Row {
  readonly at: number
  readonly key: number
  readonly value: number
}

const nanos = (at: number): bigint => BigInt(at) * 1_000_000n
const toChange = (row: Row): Change => ({ kind: RowKind.insert, row: [nanos(row.at), row.key, row.value] })

/** Sessions by definition, row by row: a session is open to a row as long as the watermark before the row is less than its last millisecond. */
function expected(rows: readonly Row[], keyed: boolean): { readonly rows: readonly string[]; readonly late: number } {
  let sessions: { key: number; start: number; end: number; rows: Row[] }[] = []
  let watermark = Number.NEGATIVE_INFINITY
  let late = 0
  for (const row of rows) {
    const isTouched = (session: (typeof sessions)[number]): boolean =>
      (!keyed || session.key === row.key) && session.end - 1 > watermark && session.start <= row.at + GAP && session.end >= row.at
    const touched = sessions.filter(isTouched)
    if (touched.length === 0 && row.at + GAP - 1 <= watermark) late++
    else {
      sessions = sessions.filter((session) => !touched.includes(session))
      sessions.push({
        key: row.key,
        start: Math.min(row.at, ...touched.map(({ start }) => start)),
        end: Math.max(row.at + GAP, ...touched.map(({ end }) => end)),
        rows: [...touched.flatMap((session) => session.rows), row],
      })
    }
    if (row.at > 0) watermark = Math.max(watermark, row.at)
  }
  const texts = sessions.flatMap(({ start, end, rows: inside }) =>
    inside.map((row) =>
      changeText(outputTypes, { kind: 0, row: [nanos(row.at), row.key, row.value, nanos(start), nanos(end), nanos(end - 1)] }).slice(2),
    ),
  )
  return { rows: texts.sort(), late }
}

const rows = fc
  .array(fc.record({ step: fc.integer({ min: -7, max: 6 }), key: fc.nat({ max: 2 }), value: fc.nat({ max: 9 }) }), { maxLength: 50 })
  .map((steps): readonly Row[] => {
    let at = 0
    return steps.map(({ step, key, value }) => {
      at += Math.max(step, 0)
      return { at: step < 0 ? Math.max(0, at + step) : at, key, value }
    })
  })

const settings = fc.record({
  batchRows: fc.constantFrom(1, 7, 4096),
  parallelism: fc.constantFrom(1, 3),
  seed: fc.nat(),
  restoreAt: fc.option(fc.record({ rows: fc.nat({ max: 50 }), parallelism: fc.constantFrom(1, 2, 3) }), { nil: undefined }),
}) satisfies fc.Arbitrary<PlanSettings>

function sessionNode(partitionKeys: readonly number[]): PhysicalNode {
  const input = exchangeNode(watermarkNode(scanNode('t', schema), 0, ownTime), partitionKeys)
  return {
    kind: 'window-table-function',
    id: 'sessions',
    input,
    timeColumn: 0,
    window: { kind: 'session', gapMs: GAP, partitionKeys },
    schema: schemaOf(outputTypes),
    changes: 'append',
    uniqueKeys: [],
    upsertKeys: [],
  }
}

// Goal: which rows make a session, and which are late, is a matter of the rows alone.
// Method: against one pass by definition; batches, subtasks and restores at random.
for (const keys of [[1], []]) {
  test(`sessions ${keys.length === 0 ? 'of all rows' : 'of keys'} merge as long as they are open`, async () => {
    await fc.assert(
      fc.asyncProperty(rows, settings, fc.integer({ min: 1, max: 9 }), async (given, chosen, blockRows) => {
        const connector = memoryConnector(new Map([['t', { columns, changes: given.map(toChange), mode: 'append', blockRows }]]))
        const run = await runPlan(sessionNode(keys), { ports: nodePorts, connectors: [connector], settings: chosen })
        const wanted = expected(given, keys.length > 0)
        assert.deepEqual(foldChanges(outputTypes, run.changes), wanted.rows)
        assert.equal(run.summary.lateRows, wanted.late)
      }),
      { numRuns: 150 },
    )
  })
}

test('rows leave with the bounds of their session, in the order of its ends', async () => {
  const given = [0, 3, 20, 21, 40].map((at) => ({ at, key: 1, value: at }))
  const connector = memoryConnector(new Map([['t', { columns, changes: given.map(toChange), mode: 'append', blockRows: 2 }]]))
  const { changes } = await runPlan(sessionNode([1]), { ports: nodePorts, connectors: [connector] })
  assert.deepEqual(
    changes.map(({ row }) => [row[2], row[3], row[4]]),
    [
      [0, nanos(0), nanos(7)],
      [3, nanos(0), nanos(7)],
      [20, nanos(20), nanos(25)],
      [21, nanos(20), nanos(25)],
      [40, nanos(40), nanos(44)],
    ],
  )
})
