import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { nodePorts } from '../base/node-ports.ts'
import { RowKind } from '../data/row-kind.ts'
import { type SqlType, types } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import type { AggregateCall } from '../expr/aggregate.ts'
import { type Change, memoryConnector } from '../testing/memory-connector.ts'
import { exchangeNode, type PhysicalNode, scanNode, schemaOf, watermarkNode } from '../testing/plan-nodes.ts'
import { type PlanSettings, changeText, runPlan } from '../testing/run-plan.ts'

// Goal: OVER gives each row what a loop over the rows of its frame gives, whatever the batches, subtasks and restores. Method: over event time a simulation of
// timers, row by row; of bounded input frames by their definition. Rows behind the watermark must be in it: whether they count depends on what has fired.

type Frame = Extract<PhysicalNode, { kind: 'over-window' }>['frame']
type FrameBound = Frame['start']

const settings = fc.record({
  batchRows: fc.constantFrom(1, 7, 4096),
  parallelism: fc.constantFrom(1, 3),
  seed: fc.nat(),
  restoreAt: fc.option(fc.record({ rows: fc.nat({ max: 40 }), parallelism: fc.constantFrom(1, 2, 3) }), { nil: undefined }),
}) satisfies fc.Arbitrary<PlanSettings>

const rowTypes = [types.timestamp(3), types.timestamp(3), types.integer(), types.integer()]
const schema = schemaOf(rowTypes)
const columns = schema.map((field) => field.name)
const nothing = { uniqueKeys: [], upsertKeys: [] }
const MS = 1_000_000n

/** Time, its watermark 3 ms behind, key, value. */
type Row = readonly [bigint, bigint, number, number | null]
const row: fc.Arbitrary<Row> = fc
  .tuple(fc.nat({ max: 25 }), fc.nat({ max: 2 }), fc.option(fc.nat({ max: 9 }), { nil: null }))
  .map(([time, key, value]) => [BigInt(time) * MS, BigInt(time - 3) * MS, key, value])
const rows = fc.array(row, { maxLength: 40 })

function callOf(name: string, args: readonly number[], type: SqlType, options?: readonly string[]): AggregateCall {
  const call = { name, args, argTypes: args.map((arg) => rowTypes[arg]!), distinct: false, type }
  return options === undefined ? call : { ...call, options }
}

const count = callOf('COUNT', [], types.bigint(false))
const min = callOf('MIN', [3], types.integer())
const lag = callOf('LAG', [3], types.integer(), ['2'])

/** COUNT(*) and MIN(value). */
function summary(frame: readonly Row[]): readonly SqlValue[] {
  const values = frame.flatMap((each) => (each[3] === null ? [] : [each[3]]))
  return [BigInt(frame.length), values.length === 0 ? null : Math.min(...values)]
}

function textsOf(outTypes: readonly SqlType[], list: readonly (readonly SqlValue[])[]): readonly string[] {
  return list.map((values) => changeText(outTypes, { kind: RowKind.insert, row: values })).sort()
}

test('over event time: frames, late rows and LAG as timers make them', async () => {
  const frames = fc.record({
    unit: fc.constantFrom('ROWS' as const, 'RANGE' as const),
    preceding: fc.option(fc.nat({ max: 6 }), { nil: undefined }),
  })
  await fc.assert(
    fc.asyncProperty(rows, frames, settings, async (list, { unit, preceding }, chosen) => {
      const calls = preceding === undefined ? [count, min, lag] : [count, min]
      const outTypes = [...rowTypes, ...calls.map((call) => call.type)]
      const changes = list.map((values): Change => ({ kind: RowKind.insert, row: values }))
      const expression = { kind: 'column', index: 1, type: rowTypes[1]! } as const
      const input = exchangeNode(watermarkNode(scanNode('t', schema), 0, expression), [2])
      const plan: PhysicalNode = {
        kind: 'over-aggregate',
        id: 'over',
        input,
        keys: [2],
        timeColumn: 0,
        unit,
        preceding,
        calls,
        stateTtlMs: 0,
        schema: schemaOf(outTypes),
        changes: 'append',
        ...nothing,
      }
      const connectors = [memoryConnector(new Map([['t', { columns, changes, mode: 'append', blockRows: 3 }]]))]
      const run = await runPlan(plan, { ports: nodePorts, connectors, settings: chosen })
      assert.deepEqual(run.changes.map((change) => changeText(outTypes, change)).sort(), textsOf(outTypes, simulate(list, unit, preceding)))
    }),
    { numRuns: 200 },
  )
})

/** Row by row: a row arrives, then the watermark that it brings fires what is due. */
function simulate(list: readonly Row[], unit: 'ROWS' | 'RANGE', preceding: number | undefined): readonly (readonly SqlValue[])[] {
  const results: (readonly SqlValue[])[] = []
  const taken = new Map<number, Row[]>()
  // A RANGE of so much time forgets a key: it begins anew, and its earlier rows are neither in frames nor make others late.
  const ends = new Map<number, { readonly end: number; readonly due: number }>()
  let pending: Row[] = []
  let watermark = -1000n * MS
  const fire = (): void => {
    const due = pending.filter((each) => each[0] <= watermark).toSorted((a, b) => Number(a[0] - b[0]))
    pending = pending.filter((each) => each[0] > watermark)
    for (const each of due) {
      const before = taken.get(each[2]) ?? []
      taken.set(each[2], before)
      const peers = due.filter((other) => other[2] === each[2] && other[0] === each[0])
      const present = unit === 'RANGE' ? [...before.filter((other) => other[0] < each[0]), ...peers] : [...before, each]
      const frame =
        preceding === undefined
          ? present
          : unit === 'ROWS'
            ? present.slice(-preceding - 1)
            : present.filter((other) => other[0] >= each[0] - BigInt(preceding) * MS)
      results.push([...each, ...summary(frame), ...(preceding === undefined ? [present.at(-3)?.[3] ?? null] : [])])
      before.push(each)
    }
  }
  for (const each of list) {
    const now = Number(watermark / MS)
    if ((ends.get(each[2])?.due ?? Number.POSITIVE_INFINITY) <= now) {
      ends.delete(each[2])
      taken.delete(each[2])
    }
    const last = taken.get(each[2])?.at(-1)
    if (preceding === undefined ? each[0] > watermark : last === undefined || each[0] > last[0]) {
      pending.push(each)
      const time = Number(each[0] / MS)
      const known = ends.get(each[2])
      if (unit === 'RANGE' && preceding !== undefined && (known === undefined || known.end < time + preceding + 1)) {
        const end = time + Math.floor(preceding * 1.5) + 1
        ends.set(each[2], { end, due: Math.max(end, now + 1) })
      }
    }
    // The first watermark is above 0, as in Flink.
    if (each[1] <= watermark || each[1] <= 0n) continue
    watermark = each[1]
    fire()
  }
  watermark = 1_000_000n * MS
  fire()
  return results
}

/** Additions, and deletions of rows that are there. */
const changing = fc.array(fc.tuple(row, fc.nat()), { maxLength: 40 }).map((steps) => {
  const present: Row[] = []
  return steps.map(([values, choice]): Change => {
    if (choice % 3 !== 0 || present.length === 0) {
      present.push(values)
      return { kind: RowKind.insert, row: values }
    }
    return { kind: RowKind.delete, row: present.splice(choice % present.length, 1)[0]! }
  })
})

test('in the order of values: after every change what the rows that are there give', async () => {
  await fc.assert(
    fc.asyncProperty(changing, fc.constantFrom('ROWS' as const, 'RANGE' as const), settings, async (changes, unit, chosen) => {
      const ranks = unit === 'RANGE' ? ['RANK', 'DENSE_RANK'].map((name) => callOf(name, [], types.bigint(false))) : []
      const calls = [count, min, ...ranks]
      const outTypes = [...rowTypes, ...calls.map((call) => call.type)]
      const plan: PhysicalNode = {
        kind: 'over-by-value',
        stateTtlMs: 0,
        id: 'over',
        input: exchangeNode(scanNode('t', schema, 'retract'), [2]),
        keys: [2],
        orderKeys: [{ column: 3, order: 'ascending', nulls: 'first' }],
        unit,
        calls,
        schema: schemaOf(outTypes),
        changes: 'retract',
        ...nothing,
      }
      const connectors = [memoryConnector(new Map([['t', { columns, changes, mode: 'retract', blockRows: 3 }]]))]
      const run = await runPlan(plan, { ports: nodePorts, connectors, settings: chosen })
      const present: Row[] = []
      for (const { kind, row: values } of changes) {
        const at = present.findIndex((other) => other.every((value, i) => value === values[i]))
        if (kind === RowKind.insert) present.push(values as Row)
        else present.splice(at, 1)
      }
      const frame: Frame = { unit, start: { kind: 'unbounded-preceding' }, end: { kind: 'current-row' } }
      // Of `evaluate`: the row, COUNT, MIN, ROW_NUMBER, RANK, DENSE_RANK. Which of rows of equal order comes first is by arrival, so ROWS are compared by order and count.
      const shown = unit === 'RANGE' ? [0, 1, 2, 3, 4, 5, 7, 8] : [2, 3, 4]
      const expected = evaluate(present, frame, 1)
        .map((values) => String(shown.map((i) => values[i])))
        .sort()
      const found = tableOf(run.changes)
        .map((values) => String(unit === 'RANGE' ? values : shown.map((i) => values[i])))
        .sort()
      assert.deepEqual(found, expected)
    }),
    { numRuns: 200 },
  )
})

/** What the changes leave; taking back what is not there is a mistake. */
function tableOf(changes: readonly Change[]): readonly (readonly SqlValue[])[] {
  const table: (readonly SqlValue[])[] = []
  for (const { kind, row: values } of changes) {
    if (kind === RowKind.insert || kind === RowKind.updateAfter) {
      table.push(values)
      continue
    }
    const at = table.findIndex((other) => String(other) === String(values))
    assert.notEqual(at, -1, `takes back ${String(values)}, which is not there`)
    table.splice(at, 1)
  }
  return table
}

test('of bounded input: any frame, and the functions of rank', async () => {
  const bound: fc.Arbitrary<FrameBound> = fc.oneof(
    fc.constantFrom<FrameBound>({ kind: 'unbounded-preceding' }, { kind: 'current-row' }, { kind: 'unbounded-following' }),
    fc.record({
      kind: fc.constantFrom('preceding' as const, 'following' as const),
      offset: fc.nat({ max: 3 }).map((value) => ({ kind: 'literal' as const, type: types.integer(false), value })),
    }),
  )
  const frames: fc.Arbitrary<Frame> = fc
    .record({ unit: fc.constantFrom('ROWS' as const, 'RANGE' as const), start: bound, end: bound })
    .filter(({ start, end }) => start.kind !== 'unbounded-following' && end.kind !== 'unbounded-preceding')
  const order = fc.constantFrom('ascending' as const, 'descending' as const)
  await fc.assert(
    fc.asyncProperty(rows, frames, order, settings, async (list, frame, direction, chosen) => {
      const ranks = ['ROW_NUMBER', 'RANK', 'DENSE_RANK'].map((name) => callOf(name, [], types.bigint(false)))
      const calls = [count, min, ...ranks, lag]
      const outTypes = [...rowTypes, ...calls.map((call) => call.type)]
      const changes = list.map((values): Change => ({ kind: RowKind.insert, row: values }))
      const plan: PhysicalNode = {
        kind: 'over-window',
        id: 'over',
        input: exchangeNode(scanNode('t', schema), [2]),
        keys: [2],
        orderKeys: [{ column: 3, order: direction, nulls: direction === 'ascending' ? 'first' : 'last' }],
        frame,
        calls,
        schema: schemaOf(outTypes),
        changes: 'append',
        ...nothing,
      }
      const connectors = [memoryConnector(new Map([['t', { columns, changes, mode: 'append', blockRows: 3 }]]))]
      const run = await runPlan(plan, { ports: nodePorts, connectors, settings: chosen })
      assert.deepEqual(
        run.changes.map((change) => changeText(outTypes, change)).sort(),
        textsOf(outTypes, evaluate(list, frame, direction === 'ascending' ? 1 : -1)),
      )
    }),
    { numRuns: 200 },
  )
})

function evaluate(list: readonly Row[], frame: Frame, sign: 1 | -1): readonly (readonly SqlValue[])[] {
  const keys = [...new Set(list.map((each) => each[2]))]
  const place = (each: Row): number => (each[3] ?? Number.NEGATIVE_INFINITY) * sign
  return keys.flatMap((key) => {
    const sorted = list.filter((each) => each[2] === key).toSorted((a, b) => (place(a) === place(b) ? 0 : place(a) - place(b)))
    const isInside = (i: number, j: number): boolean => {
      const distance = (end: FrameBound): number => ('offset' in end ? Number(end.offset.value) * (end.kind === 'preceding' ? -1 : 1) : 0)
      const [own, other] = frame.unit === 'ROWS' ? [i, j] : [place(sorted[i]!), place(sorted[j]!)]
      const isAfter = frame.start.kind === 'unbounded-preceding' || other >= own + distance(frame.start)
      const isBefore = frame.end.kind === 'unbounded-following' || other <= own + distance(frame.end)
      return isAfter && isBefore
    }
    return sorted.map((each, i) => {
      const before = sorted.filter((other) => place(other) < place(each))
      const ranks = [i + 1, before.length + 1, new Set(before.map(place)).size + 1].map(BigInt)
      return [...each, ...summary(sorted.filter((_, j) => isInside(i, j))), ...ranks, sorted[i - 2]?.[3] ?? null]
    })
  })
}
