import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { nodePorts } from '../base/node-ports.ts'
import { RowKind } from '../data/row-kind.ts'
import { types } from '../data/types.ts'
import { buildCall } from '../expr/resolve-call.ts'
import { type Change, memoryConnector } from '../testing/memory-connector.ts'
import { joinNode, scanNode, schemaOf } from '../testing/plan-nodes.ts'
import { type PlanSettings, changeText, foldChanges, runPlan } from '../testing/run-plan.ts'
import type { JoinKind } from './join-context.ts'

// Goal: the table that a join's changes leave is that of nested loops over what is left of its inputs, whatever came in which order and however it runs.
// Method: random changes of both sides, with NULL keys, equal rows and rows that are taken back; a condition that only some pairs fulfil.

const leftTypes = [types.integer(), types.string(), types.integer()]
const rightTypes = [types.string(), types.integer(), types.integer()]

type Row = readonly (number | string | null)[]

const row = fc.tuple(
  fc.option(fc.integer({ min: 0, max: 3 }), { nil: null, freq: 6 }),
  fc.constantFrom('a', 'b', 'čá'),
  fc.option(fc.integer({ min: 0, max: 2 }), { nil: null, freq: 6 }),
)

/** Changes of a table: a step either adds a row or takes back one of those that are there. */
const steps = fc.array(fc.record({ row, takesBack: fc.boolean(), which: fc.nat(), isUpdate: fc.boolean() }), { maxLength: 30 })

interface Step {
  readonly row: Row
  readonly takesBack: boolean
  readonly which: number
  readonly isUpdate: boolean
}

const added = (list: readonly Step[]): Step[] => list.map((step) => ({ ...step, takesBack: false, isUpdate: false }))

/** Steps of a side, which may be one that only adds rows. */
const sideSteps = fc.tuple(steps, fc.boolean()).map(([list, takesBack]) => (takesBack ? list : added(list)))

interface History {
  readonly changes: readonly Change[]
  readonly rows: readonly Row[]
}

function history(list: readonly Step[], order: readonly number[]): History {
  const rows: Row[] = []
  const changes: Change[] = []
  for (const step of list) {
    if (step.takesBack && rows.length > 0) {
      const [gone] = rows.splice(step.which % rows.length, 1)
      changes.push({ kind: step.isUpdate ? RowKind.updateBefore : RowKind.delete, row: gone! })
    } else {
      const added = order.map((column) => step.row[column]!)
      rows.push(added)
      changes.push({ kind: step.isUpdate ? RowKind.updateAfter : RowKind.insert, row: added })
    }
  }
  return { changes, rows }
}

function takenBack({ changes, rows }: History): History {
  return { changes: [...changes, ...rows.map((gone): Change => ({ kind: RowKind.delete, row: gone }))], rows: [] }
}

interface Case {
  readonly joinType: JoinKind
  readonly hasKeys: boolean
  readonly nullSafe: boolean
  readonly hasCondition: boolean
}

function matches(left: Row, right: Row, { hasKeys, nullSafe, hasCondition }: Case): boolean {
  if (hasKeys && (left[0] === null || right[1] === null ? !nullSafe || left[0] !== right[1] : left[0] !== right[1])) return false
  return !hasCondition || (left[2] !== null && right[2] !== null && left[2]! < right[2]!)
}

function nestedLoops(left: readonly Row[], right: readonly Row[], wanted: Case): readonly Row[] {
  const { joinType } = wanted
  const nothing: Row = [null, null, null]
  const found = (one: Row): readonly Row[] => right.filter((other) => matches(one, other, wanted))
  if (joinType === 'semi') return left.filter((one) => found(one).length > 0)
  if (joinType === 'anti') return left.filter((one) => found(one).length === 0)
  const pairs = left.flatMap((one) => found(one).map((other): Row => [...one, ...other]))
  const alone = left.filter((one) => found(one).length === 0).map((one): Row => [...one, ...nothing])
  const aloneRight = right.filter((other) => !left.some((one) => matches(one, other, wanted))).map((other): Row => [...nothing, ...other])
  return [
    ...pairs,
    ...(joinType === 'left' || joinType === 'full' ? alone : []),
    ...(joinType === 'right' || joinType === 'full' ? aloneRight : []),
  ]
}

const shape = fc.record({
  joinType: fc.constantFrom<JoinKind>('inner', 'left', 'right', 'full', 'semi', 'anti'),
  hasKeys: fc.boolean(),
  nullSafe: fc.boolean(),
  hasCondition: fc.boolean(),
})

const settings = fc.record({
  parallelism: fc.constantFrom(1, 3),
  batchRows: fc.constantFrom(1, 7, 4096),
  seed: fc.nat(1000),
  restoreAt: fc.option(fc.record({ rows: fc.integer({ min: 1, max: 20 }), parallelism: fc.constantFrom(1, 2, 3) }), { nil: undefined }),
})

interface Run {
  readonly texts: readonly string[]
  readonly fold: readonly string[]
  readonly stateBytes: number
}

async function run(
  left: History,
  right: History,
  wanted: Case,
  how: PlanSettings,
  mode: 'streaming' | 'final' = 'streaming',
): Promise<Run> {
  const modeOf = ({ changes }: History): 'append' | 'retract' =>
    changes.every(({ kind }) => kind === RowKind.insert) ? 'append' : 'retract'
  const tables = new Map([
    ['l', { columns: ['c0', 'c1', 'c2'], changes: left.changes, mode: modeOf(left), blockRows: 3 } as const],
    ['r', { columns: ['c0', 'c1', 'c2'], changes: right.changes, mode: modeOf(right), blockRows: 2 } as const],
  ])
  const value = (index: number): { kind: 'column'; index: number; type: ReturnType<typeof types.integer> } => ({
    kind: 'column',
    index,
    type: types.integer(),
  })
  const plan = joinNode(scanNode('l', schemaOf(leftTypes), modeOf(left)), scanNode('r', schemaOf(rightTypes), modeOf(right)), {
    joinType: wanted.joinType,
    stateTtlMs: [0, 0],
    leftKeys: wanted.hasKeys ? [0] : [],
    rightKeys: wanted.hasKeys ? [1] : [],
    nullSafe: wanted.hasKeys ? [wanted.nullSafe] : [],
    mode,
    ...(wanted.hasCondition ? { condition: buildCall('<', [value(2), value(5)]) } : {}),
  })
  const shown = plan.schema.map((field) => field.type)
  const result = await runPlan(plan, { ports: nodePorts, connectors: [memoryConnector(tables)], settings: how })
  return {
    texts: result.changes.map((change) => changeText(shown, change)),
    fold: foldChanges(shown, result.changes),
    stateBytes: result.summary.rowsOut,
  }
}

function texts(rows: readonly Row[]): readonly string[] {
  return rows.map((values) => `[${values.map((value) => (value === null ? 'null' : String(value))).join(', ')}]`).sort()
}

test('the changes of a join leave what nested loops find', async () => {
  await fc.assert(
    fc.asyncProperty(sideSteps, sideSteps, shape, settings, async (leftSteps, rightSteps, wanted, how) => {
      const left = history(leftSteps, [0, 1, 2])
      const right = history(rightSteps, [1, 0, 2])
      const { fold } = await run(left, right, wanted, how)
      assert.deepEqual(fold, texts(nestedLoops(left.rows, right.rows, wanted)))
    }),
    { numRuns: 300 },
  )
})

test('a join in batch mode adds exactly the rows that nested loops find', async () => {
  await fc.assert(
    fc.asyncProperty(steps, steps, shape, settings, async (leftSteps, rightSteps, wanted, how) => {
      const left = history(added(leftSteps), [0, 1, 2])
      const right = history(added(rightSteps), [1, 0, 2])
      const result = await run(left, right, wanted, how, 'final')
      assert.deepEqual(result.texts.map((text) => text.slice(2)).sort(), texts(nestedLoops(left.rows, right.rows, wanted)))
      assert.ok(result.texts.every((text) => text.startsWith('+I')))
    }),
    { numRuns: 100 },
  )
})

test('nothing is left when all rows of both sides are taken back', async () => {
  await fc.assert(
    fc.asyncProperty(steps, steps, shape, settings, async (leftSteps, rightSteps, wanted, how) => {
      const left = takenBack(history(leftSteps, [0, 1, 2]))
      const right = takenBack(history(rightSteps, [1, 0, 2]))
      assert.deepEqual((await run(left, right, wanted, how)).fold, [])
    }),
    { numRuns: 100 },
  )
})

test('the changes of a join of one key do not depend on the size of batches nor on a restore', async () => {
  await fc.assert(
    fc.asyncProperty(sideSteps, sideSteps, shape, settings, async (leftSteps, rightSteps, wanted, how) => {
      const left = history(leftSteps, [0, 1, 2])
      const right = history(rightSteps, [1, 0, 2])
      const plain = await run(left, right, wanted, { parallelism: 1 })
      const other = await run(left, right, wanted, how)
      assert.deepEqual(other.texts.toSorted(), plain.texts.toSorted())
    }),
    { numRuns: 100 },
  )
})

test('a row that meets thousands of others gives them as there is room', async () => {
  const many = Array.from({ length: 5000 }, (_, i): Change => ({ kind: RowKind.insert, row: ['x', 1, i] }))
  const left: History = { changes: [{ kind: RowKind.insert, row: [1, 'a', 0] }], rows: [] }
  const right: History = { changes: many, rows: [] }
  const wanted: Case = { joinType: 'full', hasKeys: true, nullSafe: false, hasCondition: false }
  const turned = { changes: many.map(({ kind, row: values }): Change => ({ kind, row: [values[1]!, 'a', values[2]!] })), rows: [] }
  const one = {
    changes: [
      { kind: RowKind.insert, row: ['x', 1, 0] },
      { kind: RowKind.delete, row: ['x', 1, 0] },
    ],
    rows: [],
  }
  assert.equal((await run(left, right, wanted, { blockBytes: 1 })).fold.length, 5000)
  const back = await run(turned, one, wanted, {})
  assert.equal(back.fold.length, 5000)
  assert.ok(back.fold.every((text) => text.endsWith('[null, null, null]') || text.endsWith('null, null, null]')))
})

test('many rows that wait for few are found, before a restore and behind it', async () => {
  const left: Row[] = Array.from({ length: 9000 }, (_, i) => [i % 300 === 299 ? null : i % 3000, 'a', i % 5])
  const right: Row[] = Array.from({ length: 300 }, (_, i) => ['x', i * 11, 2])
  const historyOf = (rows: readonly Row[]): History => ({ changes: rows.map((values) => ({ kind: RowKind.insert, row: values })), rows })
  for (const joinType of ['inner', 'full', 'anti'] as const) {
    for (const restoreAt of [undefined, { rows: 4000, parallelism: 2 }]) {
      const wanted: Case = { joinType, hasKeys: true, nullSafe: false, hasCondition: true }
      const { fold } = await run(historyOf(left), historyOf(right), wanted, { parallelism: 3, restoreAt })
      assert.deepEqual(fold, texts(nestedLoops(left, right, wanted)))
    }
  }
})
