import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { nodePorts } from '../base/node-ports.ts'
import { RowKind } from '../data/row-kind.ts'
import { types } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import type { Expr } from '../expr/expr.ts'
import { buildCall } from '../expr/resolve-call.ts'
import { type Change, memoryConnector } from '../testing/memory-connector.ts'
import {
  type PhysicalNode,
  intervalJoinNode,
  scanNode,
  schemaOf,
  temporalJoinNode,
  watermarkNode,
  windowJoinNode,
  windowNode,
} from '../testing/plan-nodes.ts'
import { type PlanSettings, changeText, foldChanges, runPlan } from '../testing/run-plan.ts'
import type { JoinKind } from './join-context.ts'

// Goal: the rows that a join by event time gives are those of nested loops over all of both inputs, in whatever order their rows come within the bound of the watermark and however the
// job runs; nothing is late, also for what stands above the join; and nothing is left in the state.
// Method: random rows of few keys and close times, NULL keys among them, with a condition that only some pairs fulfil.

const time = types.timestamp(3)
const key = types.integer()
const rowTypes = [time, key, types.string(), types.integer()]
const WINDOW_MS = 8

interface Row {
  readonly at: number
  readonly key: number | null
  readonly name: string
  readonly value: number
}

/** Rows whose times are at most `DELAY_MS - 1` behind the greatest before them: none is late under a watermark of that delay. */
const DELAY_MS = 6
const rows = fc
  .array(fc.record({ step: fc.nat(4), back: fc.nat(DELAY_MS - 1), key: fc.option(fc.nat(2), { nil: null, freq: 8 }), value: fc.nat(2) }), {
    maxLength: 40,
    size: 'max',
  })
  .map((steps): readonly Row[] => {
    let greatest = 100
    return steps.map(({ step, back, key: rowKey, value }, i) => {
      greatest += step
      return { at: greatest - back, key: rowKey, name: `č${i}`, value }
    })
  })

const settings = fc.record({
  parallelism: fc.constantFrom(1, 3),
  batchRows: fc.constantFrom(1, 7, 4096),
  blockRows: fc.constantFrom(1, 3, 50),
  seed: fc.nat(1000),
  restoreAt: fc.option(fc.record({ rows: fc.integer({ min: 1, max: 60 }), parallelism: fc.constantFrom(1, 2, 3) }), { nil: undefined }),
})
type Settings = PlanSettings & { readonly blockRows: number }

const ms = (at: number): bigint => BigInt(at) * 1_000_000n
const valuesOf = (row: Row): readonly SqlValue[] => [ms(row.at), row.key, row.name, row.value]
const startOf = (at: number): number => Math.floor(at / WINDOW_MS) * WINDOW_MS
const windowed = (row: Row): readonly SqlValue[] => [...valuesOf(row), ms(startOf(row.at)), ms(startOf(row.at) + WINDOW_MS)]
const nothing = (width: number): readonly SqlValue[] => new Array<SqlValue>(width).fill(null)

const added = (list: readonly (readonly SqlValue[])[]): readonly Change[] => list.map((row) => ({ kind: RowKind.insert, row }))

/** A table of rows with their times in column 0. */
function timedScan(name: string, columnTypes: readonly (typeof rowTypes)[number][]): PhysicalNode {
  const delay: Expr = { kind: 'literal', type: types.intervalDayTime(false), value: BigInt(DELAY_MS) }
  const at: Expr = { kind: 'column', index: 0, type: time }
  return watermarkNode(scanNode(name, schemaOf(columnTypes)), 0, buildCall('-', [at, delay]))
}

async function run(plan: PhysicalNode, sides: readonly [readonly Change[], readonly Change[]], how: Settings) {
  const { rows: shown, lateRows, stateRows } = await runJoin(plan, sides, how)
  assert.equal(lateRows, 0, 'no row is late')
  // Only the version that is valid from the last watermark on is kept for ever.
  if (plan.kind !== 'temporal-join') assert.equal(stateRows, 0, 'nothing is left in the state')
  return shown
}

async function runJoin(plan: PhysicalNode, sides: readonly [readonly Change[], readonly Change[]], { blockRows, ...how }: Settings) {
  const table = (side: 0 | 1) => {
    const columns = sides[side][0]?.row.length ?? 6
    return { columns: Array.from({ length: columns }, (_, i) => `c${i}`), changes: sides[side], mode: 'append', blockRows } as const
  }
  const tables = new Map([
    ['l', table(0)],
    ['r', table(1)],
  ])
  const { changes, summary } = await runPlan(plan, { ports: nodePorts, connectors: [memoryConnector(tables)], settings: how })
  assert.ok(
    changes.every(({ kind }) => kind === RowKind.insert),
    'rows are only added',
  )
  const shown = texts(
    plan.schema.map((field) => field.type),
    changes.map(({ row }) => row),
  )
  return { rows: shown, lateRows: summary.lateRows, stateRows: summary.stateRows }
}

function texts(columnTypes: readonly (typeof rowTypes)[number][], list: readonly (readonly SqlValue[])[]): readonly string[] {
  return list.map((row) => changeText(columnTypes, { kind: RowKind.insert, row })).sort()
}

/** Rows of both sides in nested loops. */
function nestedLoops<R>(
  joinType: JoinKind,
  [left, right]: readonly [readonly R[], readonly R[]],
  { matches, values, width }: { matches: (l: R, r: R) => boolean; values: (row: R) => readonly SqlValue[]; width: number },
): readonly (readonly SqlValue[])[] {
  const found = (l: R): readonly R[] => right.filter((r) => matches(l, r))
  if (joinType === 'semi') return left.filter((l) => found(l).length > 0).map(values)
  if (joinType === 'anti') return left.filter((l) => found(l).length === 0).map(values)
  const padsRight = joinType === 'left' || joinType === 'full'
  const padsLeft = joinType === 'right' || joinType === 'full'
  return [
    ...left.flatMap((l) => found(l).map((r) => [...values(l), ...values(r)])),
    ...(padsRight ? left.filter((l) => found(l).length === 0).map((l) => [...values(l), ...nothing(width)]) : []),
    ...(padsLeft ? right.filter((r) => !left.some((l) => matches(l, r))).map((r) => [...nothing(width), ...values(r)]) : []),
  ]
}

const joinTypes = fc.constantFrom<JoinKind>('inner', 'left', 'right', 'full', 'semi', 'anti')
const column = (index: number): Expr => ({ kind: 'column', index, type: types.integer() })
const smaller = (width: number): Expr => buildCall('<', [column(3), column(width + 3)])
const equalKeys = (l: Row, r: Row): boolean => l.key !== null && l.key === r.key

const intervals = fc.record({
  joinType: fc.constantFrom<JoinKind>('inner', 'left', 'right', 'full'),
  lowerMs: fc.integer({ min: -9, max: 5 }),
  spanMs: fc.nat(9),
  hasKeys: fc.boolean(),
  hasCondition: fc.boolean(),
})

test('an interval join gives what nested loops find', async () => {
  await fc.assert(
    fc.asyncProperty(rows, rows, intervals, settings, async (left, right, { joinType, lowerMs, spanMs, hasKeys, hasCondition }, how) => {
      const upperMs = lowerMs + spanMs
      const plan = intervalJoinNode(timedScan('l', rowTypes), timedScan('r', rowTypes), {
        joinType,
        leftKeys: hasKeys ? [1] : [],
        rightKeys: hasKeys ? [1] : [],
        leftTime: 0,
        rightTime: 0,
        lowerMs,
        upperMs,
        ...(hasCondition ? { condition: smaller(4) } : {}),
      })
      const matches = (l: Row, r: Row): boolean =>
        (!hasKeys || equalKeys(l, r)) && l.at - r.at >= lowerMs && l.at - r.at <= upperMs && (!hasCondition || l.value < r.value)
      const wanted = nestedLoops(joinType, [left, right], { matches, values: valuesOf, width: 4 })
      const sides = [added(left.map(valuesOf)), added(right.map(valuesOf))] as const
      assert.deepEqual(
        await run(plan, sides, how),
        texts(
          plan.schema.map((field) => field.type),
          wanted,
        ),
      )
    }),
    { numRuns: 300 },
  )
})

test('no row of an interval join is late for windows of either time above it', async () => {
  await fc.assert(
    fc.asyncProperty(rows, rows, intervals, fc.constantFrom(0, 4), settings, async (left, right, wanted, timeColumn, how) => {
      const { joinType, lowerMs, spanMs } = wanted
      // Rows without this time have no window.
      if ((timeColumn === 4 && joinType === 'left') || (timeColumn === 0 && joinType === 'right') || joinType === 'full') return
      const upperMs = lowerMs + spanMs
      const join = intervalJoinNode(timedScan('l', rowTypes), timedScan('r', rowTypes), {
        joinType,
        leftKeys: [1],
        rightKeys: [1],
        leftTime: 0,
        rightTime: 0,
        lowerMs,
        upperMs,
      })
      const count = { name: 'COUNT', args: [], argTypes: [], distinct: false, type: types.bigint(false) } as const
      const plan = windowNode(join, [], [count], {
        // A window that ends with the millisecond of a row would call it late when it waited until its end.
        window: { kind: 'tumble', sizeMs: WINDOW_MS, offsetMs: 0 },
        time: { kind: 'rowtime', column: timeColumn },
      })
      const matches = (l: Row, r: Row): boolean => equalKeys(l, r) && l.at - r.at >= lowerMs && l.at - r.at <= upperMs
      const joined = nestedLoops(joinType, [left, right], { matches, values: valuesOf, width: 4 })
      const counts = new Map<number, number>()
      for (const row of joined) {
        const start = startOf(Number((row[timeColumn] as bigint) / 1_000_000n))
        counts.set(start, (counts.get(start) ?? 0) + 1)
      }
      const expected = Array.from(counts, ([start, n]) => [BigInt(n), ms(start), ms(start + WINDOW_MS)])
      const sides = [added(left.map(valuesOf)), added(right.map(valuesOf))] as const
      assert.deepEqual(
        await run(plan, sides, how),
        texts(
          plan.schema.map((field) => field.type),
          expected,
        ),
      )
    }),
    { numRuns: 200 },
  )
})

test('a window join gives what nested loops find in each window', async () => {
  const windowTypes = [...rowTypes, types.timestamp(3), types.timestamp(3)]
  await fc.assert(
    fc.asyncProperty(rows, rows, joinTypes, fc.boolean(), settings, async (left, right, joinType, hasCondition, how) => {
      const plan = windowJoinNode(timedScan('l', windowTypes), timedScan('r', windowTypes), {
        joinType,
        leftKeys: [1, 4, 5],
        rightKeys: [1, 4, 5],
        window: { kind: 'tumble', sizeMs: WINDOW_MS, offsetMs: 0 },
        leftBounds: [4, 5],
        rightBounds: [4, 5],
        ...(hasCondition ? { condition: smaller(6) } : {}),
      })
      const matches = (l: Row, r: Row): boolean =>
        equalKeys(l, r) && startOf(l.at) === startOf(r.at) && (!hasCondition || l.value < r.value)
      const wanted = nestedLoops(joinType, [left, right], { matches, values: windowed, width: 6 })
      const sides = [added(left.map(windowed)), added(right.map(windowed))] as const
      assert.deepEqual(
        await run(plan, sides, how),
        texts(
          plan.schema.map((field) => field.type),
          wanted,
        ),
      )
    }),
    { numRuns: 200 },
  )
})

/** Each left row with the last version that is not younger, where the condition holds. */
function versioned(
  left: readonly Row[],
  right: readonly Row[],
  joinType: 'inner' | 'left',
  hasCondition: boolean,
): readonly (readonly SqlValue[])[] {
  return left.flatMap((l): readonly (readonly SqlValue[])[] => {
    const versions = right.filter((r) => equalKeys(l, r) && r.at <= l.at)
    const version = versions.reduce<Row | undefined>((last, r) => (last === undefined || r.at >= last.at ? r : last), undefined)
    if (version !== undefined && (!hasCondition || l.value < version.value)) return [[...valuesOf(l), ...valuesOf(version)]]
    return joinType === 'left' ? [[...valuesOf(l), ...nothing(4)]] : []
  })
}

test('a temporal join gives each row the last version that is not younger', async () => {
  await fc.assert(
    fc.asyncProperty(
      rows,
      rows,
      fc.constantFrom('inner' as const, 'left' as const),
      fc.boolean(),
      settings,
      async (left, right, joinType, hasCondition, how) => {
        const plan = temporalJoinNode(timedScan('l', rowTypes), timedScan('r', rowTypes), {
          joinType,
          leftKeys: [1],
          rightKeys: [1],
          leftTime: 0,
          rightTime: 0,
          ...(hasCondition ? { condition: smaller(4) } : {}),
        })
        const wanted = versioned(left, right, joinType, hasCondition)
        const sides = [added(left.map(valuesOf)), added(right.map(valuesOf))] as const
        assert.deepEqual(
          await run(plan, sides, how),
          texts(
            plan.schema.map((field) => field.type),
            wanted,
          ),
        )
      },
    ),
    { numRuns: 300 },
  )
})

/** Times that go back and forth: some rows are behind the watermark. */
const lateRows = fc
  .array(fc.record({ step: fc.nat(4), back: fc.nat(3 * DELAY_MS), key: fc.nat(1), value: fc.nat(2) }), { maxLength: 40, size: 'max' })
  .map((steps): readonly Row[] => {
    let greatest = 100
    return steps.map(({ step, back, key: rowKey, value }, i) => {
      greatest += step
      return { at: greatest - back, key: rowKey, name: `č${i}`, value }
    })
  })

const timed = fc.oneof(
  intervals.map(({ joinType, lowerMs, spanMs, hasCondition }) => {
    const times = { leftTime: 0, rightTime: 0, lowerMs, upperMs: lowerMs + spanMs }
    const fields = { joinType, leftKeys: [1], rightKeys: [1], ...times, ...(hasCondition ? { condition: smaller(6) } : {}) }
    return (left: PhysicalNode, right: PhysicalNode) => intervalJoinNode(left, right, fields)
  }),
  fc.constantFrom('inner' as const, 'left' as const).map((joinType) => {
    const fields = { joinType, leftKeys: [1], rightKeys: [1], leftTime: 0, rightTime: 0 }
    return (left: PhysicalNode, right: PhysicalNode) => temporalJoinNode(left, right, fields)
  }),
  joinTypes.map((joinType) => {
    const window = { kind: 'tumble', sizeMs: WINDOW_MS, offsetMs: 0 } as const
    const bounds = { leftBounds: [4, 5], rightBounds: [4, 5] } as const
    const fields = { joinType, leftKeys: [1, 4, 5], rightKeys: [1, 4, 5], window, ...bounds }
    return (left: PhysicalNode, right: PhysicalNode) => windowJoinNode(left, right, fields)
  }),
)

test('what late rows find depends on nothing but the order of the blocks', async () => {
  const windowTypes = [...rowTypes, types.timestamp(3), types.timestamp(3)]
  await fc.assert(
    fc.asyncProperty(lateRows, lateRows, timed, fc.boolean(), settings, async (left, right, join, hasWindows, how) => {
      const joined = join(timedScan('l', windowTypes), timedScan('r', windowTypes))
      const count = { name: 'COUNT', args: [], argTypes: [], distinct: false, type: types.bigint(false) } as const
      const isPadded = 'joinType' in joined && (joined.joinType === 'right' || joined.joinType === 'full')
      const window = { window: { kind: 'tumble', sizeMs: WINDOW_MS, offsetMs: 0 }, time: { kind: 'rowtime', column: 0 } } as const
      const plan = hasWindows && !isPadded ? windowNode(joined, [], [count], window) : joined
      const sides = [added(left.map(windowed)), added(right.map(windowed))] as const
      const { blockRows } = how
      const plain = await runJoin(plan, sides, { parallelism: 1, batchRows: 1, blockRows })
      const { rows: shown, lateRows: late } = await runJoin(plan, sides, how)
      assert.deepEqual(shown, plain.rows)
      if (how.restoreAt === undefined) assert.equal(late, plain.lateRows)
    }),
    { numRuns: 400 },
  )
})

// Directed cases: watermarks are the rows' own times, blocks hold one row, and the sides take turns, the left one first.

function ownTimeScan(name: string, columnTypes: readonly (typeof rowTypes)[number][]): PhysicalNode {
  return watermarkNode(scanNode(name, schemaOf(columnTypes)), 0, { kind: 'column', index: 0, type: time })
}

const at = (time: number, value = 0): Row => ({ at: time, key: 1, name: 'x', value })
const turns: Settings = { parallelism: 1, batchRows: 4096, blockRows: 1 }

test('rows of an interval are kept up to the very millisecond at which their time is up', async () => {
  const fields = { leftKeys: [1], rightKeys: [1], leftTime: 0, rightTime: 0, lowerMs: 0, upperMs: 0 }
  const plan = intervalJoinNode(ownTimeScan('l', rowTypes), ownTimeScan('r', rowTypes), { joinType: 'inner', ...fields })
  const sides = [added([at(9), at(10)].map(valuesOf)), added([at(9), at(10, 1), at(10, 2)].map(valuesOf))] as const
  assert.equal((await runJoin(plan, sides, turns)).rows.length, 3)
})

test('a row whose window the watermark has reached is dropped and counted', async () => {
  const windowTypes = [...rowTypes, types.timestamp(3), types.timestamp(3)]
  const fields = { leftKeys: [1, 4, 5], rightKeys: [1, 4, 5], leftBounds: [4, 5], rightBounds: [4, 5] } as const
  const plan = windowJoinNode(ownTimeScan('l', windowTypes), ownTimeScan('r', windowTypes), {
    joinType: 'full',
    window: { kind: 'tumble', sizeMs: WINDOW_MS, offsetMs: 0 },
    ...fields,
  })
  // The window from 104 ends with 111.
  const sides = [added([at(105), at(111), at(106)].map(windowed)), added([at(105), at(111), at(120)].map(windowed))] as const
  const { rows: shown, lateRows: late } = await runJoin(plan, sides, turns)
  assert.equal(late, 1)
  // Two rows meet two; what comes later is alone.
  assert.equal(shown.length, 5)
})

test('a left row behind the watermark meets the version that is kept, and a version behind it counts for rows that come', async () => {
  const fields = { leftKeys: [1], rightKeys: [1], leftTime: 0, rightTime: 0 }
  const plan = temporalJoinNode(ownTimeScan('l', rowTypes), ownTimeScan('r', rowTypes), { joinType: 'left', ...fields })
  const left = [at(10), at(30), at(12), at(31), at(33), at(50), at(51)]
  const right = [at(5, 1), at(20, 2), at(40, 3), at(25, 4), at(60, 5), at(61, 6)]
  const { rows: shown, stateRows } = await runJoin(plan, [added(left.map(valuesOf)), added(right.map(valuesOf))], turns)
  const found = shown.map((text) => /:00\.(\d+), 1, x, 0, .*?(\d|null)\]/.exec(text)?.slice(1).map(Number))
  // At the time of the row of 12 the watermark is 20: the version of 5 is gone. The version of 25 came behind 31.
  assert.deepEqual(found, [
    [10, 1],
    [12, Number.NaN],
    [30, 2],
    [31, 2],
    [33, 4],
    [50, 3],
    [51, 3],
  ])
  assert.equal(stateRows, 1)
})

test('left rows that are taken back are shown with the version that they were shown with', async () => {
  const changes = fc.array(fc.record({ at: fc.nat(9), value: fc.nat(1), which: fc.nat(), takesBack: fc.boolean() }), {
    maxLength: 40,
    size: 'max',
  })
  await fc.assert(
    fc.asyncProperty(
      changes,
      rows,
      fc.constantFrom('inner' as const, 'left' as const),
      fc.boolean(),
      settings,
      async (steps, right, joinType, hasCondition, how) => {
        const there: Row[] = []
        let clock = 95
        const left = steps.map((step): Change => {
          clock += 2
          const gone = step.takesBack && there.length > 0 ? there.splice(step.which % there.length, 1)[0]! : undefined
          const row = gone ?? { at: clock - Math.min(step.at, DELAY_MS - 1), key: 1, name: 'x', value: step.value }
          if (gone === undefined) there.push(row)
          return { kind: gone === undefined ? RowKind.insert : RowKind.delete, row: valuesOf(row) }
        })
        const scan = scanNode('l', schemaOf(rowTypes), 'retract')
        const plan = temporalJoinNode(
          { ...timedScan('l', rowTypes), input: scan, changes: 'retract' } as PhysicalNode,
          timedScan('r', rowTypes),
          {
            joinType,
            leftKeys: [1],
            rightKeys: [1],
            leftTime: 0,
            rightTime: 0,
            ...(hasCondition ? { condition: smaller(4) } : {}),
          },
        )
        const { blockRows, ...given } = how
        const columns = ['c0', 'c1', 'c2', 'c3']
        const tables = new Map([
          ['l', { columns, changes: left, mode: 'retract', blockRows } as const],
          ['r', { columns, changes: added(right.map(valuesOf)), mode: 'append', blockRows } as const],
        ])
        const { changes: shown } = await runPlan(plan, { ports: nodePorts, connectors: [memoryConnector(tables)], settings: given })
        const shownTypes = plan.schema.map((field) => field.type)
        assert.deepEqual(
          foldChanges(shownTypes, shown),
          texts(shownTypes, versioned(there, right, joinType, hasCondition)).map((text) => text.slice(2)),
        )
      },
    ),
    { numRuns: 150 },
  )
})
