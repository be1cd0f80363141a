import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ArenaOwner, arenaOfThread } from '../data/arena.ts'
import { KEY_GROUPS } from '../data/partitioner.ts'
import { RowKind } from '../data/row-kind.ts'
import { types } from '../data/types.ts'
import type { AggregateCall } from '../expr/aggregate.ts'
import type { Operator } from '../runtime/operator.ts'
import { type OperatorInput, runOperator } from '../testing/run-operator.ts'
import { changeText, foldChanges } from '../testing/run-plan.ts'
import { SimulatedClock } from '../testing/simulated-clock.ts'
import { type DueOperator, byClock } from './by-clock.ts'
import { intervalJoin } from './interval-join.ts'
import type { JoinKind } from './join-context.ts'
import { overAggregate } from './over-aggregate.ts'
import { sessionWindow } from './session-window.ts'
import { windowAggregate } from './window-aggregate.ts'
import { type FixedWindow, windowsOf } from './window-layout.ts'
import { windowTableFunction } from './window-table-function.ts'
import { windowTime } from './window-time.ts'

const time = types.timestamp(3, false)
const inputTypes = [types.timestampLtz(3, false), types.integer(false), types.integer(false)]
const count: AggregateCall = { name: 'COUNT', args: [], argTypes: [], distinct: false, type: types.bigint(false) }
const sum: AggregateCall = { name: 'SUM', args: [2], argTypes: [types.integer(false)], distinct: false, type: types.integer() }
const outputTypes = [types.integer(false), count.type, sum.type, time, time]
const START = 1_000_000

interface Row {
  readonly at: number
  readonly key: number
  readonly value: number
}

/** Rows that come at times, in batches of those of one moment; the clock goes on to `end` behind the last one. */
const arrivals = fc
  .array(fc.record({ step: fc.nat({ max: 6 }), key: fc.nat({ max: 2 }), value: fc.nat({ max: 9 }) }), { maxLength: 40 })
  .map((steps): readonly Row[] => {
    let at = START
    return steps.map(({ step, key, value }) => ({ at: (at += step), key, value }))
  })

/** What PROCTIME() gave before is not what counts: rows say 0. */
const toInputs = (rows: readonly Row[], end: number): readonly OperatorInput[] => {
  const moments = [...new Set(rows.map((row) => row.at))]
  return [
    ...moments.flatMap((at): OperatorInput[] => [
      { clock: at },
      { changes: rows.filter((row) => row.at === at).map((row) => ({ kind: RowKind.insert, row: [0n, row.key, row.value] })) },
    ]),
    { clock: end },
  ]
}

const lastOf = (rows: readonly Row[]): number => rows.at(-1)?.at ?? START

const windows: readonly FixedWindow[] = [
  { kind: 'tumble', sizeMs: 10, offsetMs: 3 },
  { kind: 'hop', sizeMs: 12, slideMs: 4, offsetMs: 0 },
  { kind: 'cumulate', maxSizeMs: 12, stepMs: 4, offsetMs: 0 },
]

function counting(window: FixedWindow, owner: ArenaOwner, clock: SimulatedClock): Operator {
  const operator = windowAggregate({
    id: 'w',
    owner,
    inputTypes,
    propertyTypes: [time, time],
    keys: [1],
    aggregates: [count, sum],
    window,
    source: { kind: 'rowtime', column: 0 },
    properties: ['window_start', 'window_end'],
    inputRetracts: false,
    mode: 'streaming',
    time: windowTime(undefined),
    ordersOutput: false,
    givesPlaces: false,
  })
  return byClock({ operator, clock, owner, timeColumns: [0], watermark: 'behind' })
}

/** The rows of all windows that end at or before `end`. */
function counted(rows: readonly Row[], window: FixedWindow, end: number): readonly string[] {
  const groups = new Map<string, { key: number; start: number; end: number; count: bigint; sum: number }>()
  for (const { at, key, value } of rows) {
    for (const bounds of windowsOf(window, at)) {
      if (bounds.end > end) continue
      const id = `${key} ${bounds.start} ${bounds.end}`
      const group = groups.get(id) ?? { key, ...bounds, count: 0n, sum: 0 }
      groups.set(id, { ...group, count: group.count + 1n, sum: group.sum + value })
    }
  }
  return [...groups.values()]
    .map((group) => [group.key, group.count, group.sum, BigInt(group.start) * 1_000_000n, BigInt(group.end) * 1_000_000n])
    .map((row) => changeText(outputTypes, { kind: RowKind.insert, row }).slice(2))
    .sort()
}

for (const window of windows) {
  // Goal: rows count in the windows of the moment at which they come; a window is sent when the clock reaches its end, and not before.
  // Method: against one pass by definition, at a clock that the test moves; the watermark of the input's end is given too.
  test(`${window.kind} windows of processing time`, async () => {
    await fc.assert(
      fc.asyncProperty(arrivals, fc.nat({ max: 20 }), fc.nat(), async (rows, wait, seed) => {
        const clock = new SimulatedClock(START)
        const end = lastOf(rows) + wait
        const operator = counting(window, new ArenaOwner(arenaOfThread(), 'test'), clock)
        let left: number | undefined
        const measured: Operator = { ...operator, close: () => ((left = operator.stateSize?.().rows), operator.close?.()) }
        const changes = await runOperator(measured, { inputTypes, inputs: toInputs(rows, end), seed, clock })
        assert.deepEqual(foldChanges(outputTypes, changes), counted(rows, window, end))
        if (wait >= 12) assert.equal(left, 0, 'no state is left when time is over')
      }),
      { numRuns: 60 },
    )
  })
}

test('a window of processing time survives a snapshot', async () => {
  await fc.assert(
    fc.asyncProperty(arrivals, fc.nat({ max: 40 }), fc.nat(), async (rows, cut, seed) => {
      const window = windows[1]!
      const clock = new SimulatedClock(START)
      const end = lastOf(rows) + 20
      const before = rows.slice(0, cut)
      const first = counting(window, new ArenaOwner(arenaOfThread(), 'test'), clock)
      let parts: ReturnType<NonNullable<Operator['snapshot']>> | undefined
      const watched: Operator = { ...first, onEnd: () => ((parts = first.snapshot?.()), 'done') }
      const changes = await runOperator(watched, { inputTypes, inputs: toInputs(before, lastOf(before)), seed, clock })
      const second = counting(window, new ArenaOwner(arenaOfThread(), 'test'), clock)
      second.restore?.([parts!], (group) => group < KEY_GROUPS)
      const after = await runOperator(second, { inputTypes, inputs: toInputs(rows.slice(cut), end), seed, clock })
      assert.deepEqual(foldChanges(outputTypes, [...changes, ...after]), counted(rows, window, end))
    }),
    { numRuns: 40 },
  )
})

const GAP = 10

interface RowsOfSession {
  readonly start: number
  readonly rows: readonly Row[]
}

/** A session goes on as long as less than the gap lies between two rows of its key; it is over at the gap behind the last one. */
function sessionsOf(rows: readonly Row[]): readonly RowsOfSession[] {
  const sessions: { start: number; rows: Row[] }[] = []
  for (const row of rows) {
    const open = sessions.findLast((session) => session.rows[0]!.key === row.key)
    if (open !== undefined && row.at < open.rows.at(-1)!.at + GAP) open.rows.push(row)
    else sessions.push({ start: row.at, rows: [row] })
  }
  return sessions
}

// Goal: a session of processing time is sent when no row of its key has come for the gap, and not before, and then no state is left of it. Method: against the definition.
test('sessions of processing time', async () => {
  await fc.assert(
    fc.asyncProperty(arrivals, fc.nat({ max: 2 * GAP }), fc.nat(), async (rows, wait, seed) => {
      const clock = new SimulatedClock(START)
      const owner = new ArenaOwner(arenaOfThread(), 'test')
      const end = lastOf(rows) + wait
      const sessions = sessionWindow({
        id: 's',
        owner,
        inputTypes,
        windowTypes: [time, time, time],
        timeColumn: 0,
        gapMs: GAP,
        keys: [1],
        inputRetracts: false,
        time: windowTime(undefined),
        ordersOutput: false,
        givesPlaces: false,
      })
      const operator = byClock({ operator: sessions, clock, owner, timeColumns: [0], watermark: 'behind' })
      let left: number | undefined
      const measured: Operator = { ...operator, close: () => ((left = operator.stateSize?.().rows), operator.close?.()) }
      const changes = await runOperator(measured, { inputTypes, inputs: toInputs(rows, end), seed, clock })
      const nanos = (at: number): bigint => BigInt(at) * 1_000_000n
      const expected = sessionsOf(rows)
        .map((session) => ({ ...session, end: session.rows.at(-1)!.at + GAP }))
        .filter((session) => session.end <= end)
        .flatMap((session) => session.rows.map(({ key, value }) => [key, value, nanos(session.start), nanos(session.end)]))
      const texts = (list: readonly (readonly unknown[])[]): readonly string[] => list.map((row) => row.join(' ')).sort()
      assert.deepEqual(texts(changes.map(({ row }) => row.slice(1, 5))), texts(expected))
      if (wait >= GAP) assert.equal(left, 0, 'no state is left when time is over')
    }),
    { numRuns: 60 },
  )
})

test('RANGE over processing time: rows of one millisecond share an answer, which comes with the next one', async () => {
  const clock = new SimulatedClock(START)
  const owner = new ArenaOwner(arenaOfThread(), 'test')
  const over = overAggregate({
    id: 'o',
    owner,
    inputTypes,
    keys: [1],
    timeColumn: 0,
    unit: 'RANGE',
    preceding: 5,
    calls: [sum],
    clock,
    stateTtlMs: 0,
    ordersOutput: false,
    givesPlaces: false,
  })
  const rows = [1, 1, 4, 7].map((at) => ({ at: START + at, key: 1, value: at }))
  const operator = byClock({ operator: over, clock, owner, timeColumns: [0], watermark: 'behind' })
  const changes = await runOperator(operator, { inputTypes, inputs: toInputs(rows, START + 7), seed: 1, clock })
  assert.deepEqual(
    changes.map(({ row }) => [row[2], row[3]]),
    [
      [1, 2],
      [1, 2],
      [4, 6],
    ],
  )
})

test('a window table function by the clock passes the watermarks of its rows on', async () => {
  const clock = new SimulatedClock(START)
  const owner = new ArenaOwner(arenaOfThread(), 'test')
  const operator = byClock({
    operator: windowTableFunction({
      owner,
      inputTypes,
      windowTypes: [time, time, time],
      timeColumn: 0,
      window: { kind: 'tumble', sizeMs: 10, offsetMs: 0 },
      time: windowTime(undefined),
    }),
    clock,
    owner,
    timeColumns: [0],
    watermark: 'behind',
  })
  let seen: number | undefined
  const watched: Operator = {
    ...operator,
    onBatch: (input, batch, out) =>
      operator.onBatch(input, batch, {
        push: (pushed) => {
          seen = pushed.watermark
          out.push(pushed)
        },
        get isFull() {
          return out.isFull
        },
      }),
  }
  const inputs: OperatorInput[] = [{ clock: START + 3 }, { changes: [{ kind: RowKind.insert, row: [0n, 1, 1] }], watermark: 77 }]
  const [change] = await runOperator(watched, { inputTypes, inputs, seed: 1, clock })
  assert.equal(seen, 77)
  assert.equal(change?.row[0], BigInt(START + 3) * 1_000_000n)
  assert.equal(operator.nextTimer?.(), undefined)
})

// --- interval joins ---

interface SidedRow extends Row {
  readonly side: 0 | 1
}

interface Interval {
  readonly joinType: Exclude<JoinKind, 'semi' | 'anti'>
  readonly lowerMs: number
  readonly upperMs: number
}

const sided = fc
  .array(fc.record({ step: fc.nat({ max: 5 }), side: fc.constantFrom<0 | 1>(0, 1), key: fc.nat({ max: 2 }) }), { maxLength: 40 })
  .map((steps): readonly SidedRow[] => {
    let at = START
    return steps.map(({ step, side, key }, value) => ({ at: (at += step), side, key, value }))
  })

const intervals = fc
  .record({
    joinType: fc.constantFrom<Interval['joinType']>('inner', 'left', 'right', 'full'),
    lowerMs: fc.integer({ min: -9, max: 6 }),
    span: fc.nat({ max: 9 }),
  })
  .map(({ span, ...rest }): Interval => ({ ...rest, upperMs: rest.lowerMs + span }))

function joining({ joinType, lowerMs, upperMs }: Interval, clock: SimulatedClock): DueOperator {
  const owner = new ArenaOwner(arenaOfThread(), 'test')
  const times = [0, 0] as const
  const operator = intervalJoin({
    id: 'j',
    owner,
    joinType,
    inputTypes: [inputTypes, inputTypes],
    types: [...inputTypes, ...inputTypes],
    keys: [[1], [1]],
    nullSafe: [false],
    times,
    lowerMs,
    upperMs,
    condition: undefined,
    ordersOutput: false,
    givesPlaces: false,
  })
  return byClock({ operator, clock, owner, timeColumns: times, watermark: 'at' })
}

/** One row a batch, in the order of arrival. */
const toSidedInputs = (rows: readonly SidedRow[], end: number): readonly OperatorInput[] => [
  ...rows.flatMap(({ at, side, key, value }): OperatorInput[] => [
    { clock: at },
    { input: side, changes: [{ kind: RowKind.insert, row: [0n, key, value] }] },
  ]),
  { clock: end },
]

/** Pairs of numbers that are shown until `end`: of two rows the first one waits for the second one while the clock has not passed the interval. */
function joined(rows: readonly SidedRow[], { joinType, lowerMs, upperMs }: Interval, end: number): readonly string[] {
  const keepMs = [-lowerMs, upperMs] as const
  const meets = (a: SidedRow, b: SidedRow): boolean => {
    if (a.side === b.side || a.key !== b.key) return false
    const [first, second] = rows.indexOf(a) < rows.indexOf(b) ? [a, b] : [b, a]
    const [left, right] = a.side === 0 ? [a, b] : [b, a]
    const difference = left.at - right.at
    return keepMs[first.side] > 0 && second.at >= first.at && difference >= lowerMs && difference <= upperMs
  }
  const pads = [joinType === 'left' || joinType === 'full', joinType === 'right' || joinType === 'full'] as const
  const isOver = ({ at, side }: SidedRow): boolean => keepMs[side] <= 0 || at + keepMs[side] < end
  return [
    ...rows.flatMap((l) => (l.side === 0 ? rows.filter((r) => meets(l, r)).map((r) => `${l.value} ${r.value}`) : [])),
    ...rows
      .filter((row) => pads[row.side] && isOver(row) && !rows.some((other) => meets(row, other)))
      .map((row) => (row.side === 0 ? `${row.value} null` : `null ${row.value}`)),
  ].sort()
}

const pairsOf = (changes: readonly { readonly row: readonly unknown[] }[]): readonly string[] =>
  changes.map(({ row }) => `${String(row[2])} ${String(row[5])}`).sort()

// Goal: rows meet by the moments at which they come, a row without a match is shown when the clock has passed its interval, not at the end of the input, and state is empty when time is over.
// Method: against pairs by definition, at a clock that the test moves, with a snapshot between two rows.
test('an interval join of processing time', async () => {
  await fc.assert(
    fc.asyncProperty(sided, intervals, fc.nat({ max: 20 }), fc.nat({ max: 40 }), fc.nat(), async (rows, interval, wait, cut, seed) => {
      const clock = new SimulatedClock(START)
      const last = rows.at(-1)?.at ?? START
      const lastBefore = rows.slice(0, cut).at(-1)?.at ?? START
      const first = joining(interval, clock)
      let parts: ReturnType<NonNullable<Operator['snapshot']>> | undefined
      const watched: Operator = { ...first, onEnd: () => ((parts = first.snapshot?.()), 'done') }
      const before = await runOperator(watched, { inputTypes, inputs: toSidedInputs(rows.slice(0, cut), lastBefore), seed, clock })
      const second = joining(interval, clock)
      second.restore?.([parts!], (group) => group < KEY_GROUPS)
      let left: number | undefined
      const measured: Operator = { ...second, close: () => ((left = second.stateSize?.().rows), second.close?.()) }
      const after = await runOperator(measured, { inputTypes, inputs: toSidedInputs(rows.slice(cut), last + wait), seed, clock })
      assert.deepEqual(pairsOf([...before, ...after]), joined(rows, interval, last + wait))
      if (wait > 18) assert.equal(left, 0)
    }),
    { numRuns: 200 },
  )
})
