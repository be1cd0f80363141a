import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { nodePorts } from '../base/node-ports.ts'
import { ArenaOwner, arenaOfThread } from '../data/arena.ts'
import { BatchBuffer } from '../data/batch-buffer.ts'
import { readCell, writeCell } from '../data/cells.ts'
import { RowKind } from '../data/row-kind.ts'
import { types } from '../data/types.ts'
import type { Expr } from '../expr/expr.ts'
import { buildCall } from '../expr/resolve-call.ts'
import { type Change, memoryConnector } from '../testing/memory-connector.ts'
import { markJoinNode, scanNode, schemaOf } from '../testing/plan-nodes.ts'
import { SimulatedClock } from '../testing/simulated-clock.ts'
import { type PlanSettings, changeText, foldChanges, runPlan } from '../testing/run-plan.ts'
import { markJoin } from './mark-join.ts'

// Goal: behind every left row stands what nested loops over what is left of the inputs say, TRUE, FALSE or UNKNOWN, whatever came in which order and however it runs.
// Method: random changes of both sides with many NULLs; with and without keys, a condition, and a hash by the columns that the mark compares.

type Row = readonly (number | null)[]

const integer = types.integer()
const rowTypes = [integer, integer, integer]
const cell = fc.option(fc.integer({ min: 0, max: 2 }), { nil: null, freq: 4 })
const steps = fc.array(fc.record({ row: fc.tuple(cell, cell, cell), takesBack: fc.boolean(), which: fc.nat() }), { maxLength: 25 })
const shape = fc.record({
  hasKeys: fc.boolean(),
  nullSafe: fc.boolean(),
  hasCondition: fc.boolean(),
  mark: fc.constantFrom('equal' as const, 'equal by hash' as const, 'less' as const, 'none' as const),
})
const settings = fc.record({
  parallelism: fc.constantFrom(1, 3),
  batchRows: fc.constantFrom(1, 7, 4096),
  seed: fc.nat(1000),
  restoreAt: fc.option(fc.record({ rows: fc.integer({ min: 1, max: 20 }), parallelism: fc.constantFrom(1, 2, 3) }), { nil: undefined }),
})
type Shape = Parameters<Parameters<typeof shape.map>[0]>[0]

interface History {
  readonly changes: readonly Change[]
  readonly rows: readonly Row[]
}

function history(list: readonly { row: Row; takesBack: boolean; which: number }[]): History {
  const rows: Row[] = []
  const changes: Change[] = []
  for (const step of list) {
    if (step.takesBack && rows.length > 0) {
      const [gone] = rows.splice(step.which % rows.length, 1)
      changes.push({ kind: RowKind.delete, row: gone! })
    } else {
      rows.push(step.row)
      changes.push({ kind: RowKind.insert, row: step.row })
    }
  }
  return { changes, rows }
}

function nestedLoops(left: readonly Row[], right: readonly Row[], { hasKeys, nullSafe, hasCondition, mark }: Shape): readonly string[] {
  const compared = (a: number | null, b: number | null, test: (a: number, b: number) => boolean): boolean | null =>
    a === null || b === null ? null : test(a, b)
  return left
    .map((one) => {
      const answers = right.flatMap((other) => {
        if (hasKeys && (one[0] === null || other[0] === null ? !nullSafe || one[0] !== other[0] : one[0] !== other[0])) return []
        if (hasCondition && compared(one[2]!, other[2]!, (a, b) => a <= b) !== true) return []
        if (mark === 'none') return [true]
        return [compared(one[1]!, other[1]!, mark === 'less' ? (a, b) => a < b : (a, b) => a === b)]
      })
      const answer = answers.includes(true) ? 'TRUE' : answers.includes(null) ? 'null' : 'FALSE'
      return `[${[...one.map(String), answer].join(', ')}]`
    })
    .sort()
}

async function run(
  left: History,
  right: History,
  wanted: Shape,
  how: PlanSettings,
  mode: 'streaming' | 'final',
): Promise<readonly string[]> {
  const changes = mode === 'final' ? 'append' : 'retract'
  const columns = ['c0', 'c1', 'c2']
  const tables = new Map([
    ['l', { columns, changes: left.changes, mode: changes, blockRows: 3 } as const],
    ['r', { columns, changes: right.changes, mode: changes, blockRows: 2 } as const],
  ])
  const value = (index: number): Expr => ({ kind: 'column', index, type: integer })
  const { hasKeys, nullSafe, hasCondition, mark } = wanted
  const plan = markJoinNode(scanNode('l', schemaOf(rowTypes), changes), scanNode('r', schemaOf(rowTypes), changes), {
    leftKeys: hasKeys ? [0] : [],
    rightKeys: hasKeys ? [0] : [],
    nullSafe: hasKeys ? [nullSafe] : [],
    stateTtlMs: how.seed !== undefined && how.seed % 2 === 1 ? 3_600_000 : 0,
    leftEqual: mark === 'equal by hash' ? [1] : [],
    rightEqual: mark === 'equal by hash' ? [1] : [],
    mode,
    ...(hasCondition ? { condition: buildCall('<=', [value(2), value(5)]) } : {}),
    ...(mark === 'none' ? {} : { mark: buildCall(mark === 'less' ? '<' : '=', [value(1), value(4)]) }),
  })
  const shown = plan.schema.map((field) => field.type)
  const result = await runPlan(plan, { ports: nodePorts, connectors: [memoryConnector(tables)], settings: how })
  if (mode === 'final') return result.changes.map((change) => changeText(shown, change).slice(2)).sort()
  return foldChanges(shown, result.changes)
}

test('a mark join says of each row what nested loops say', async () => {
  await fc.assert(
    fc.asyncProperty(steps, steps, shape, settings, async (leftSteps, rightSteps, wanted, how) => {
      const [left, right] = [history(leftSteps), history(rightSteps)]
      assert.deepEqual(await run(left, right, wanted, how, 'streaming'), nestedLoops(left.rows, right.rows, wanted))
    }),
    { numRuns: 300 },
  )
})

test('a mark join in batch mode gives each row once', async () => {
  await fc.assert(
    fc.asyncProperty(steps, steps, shape, settings, async (leftSteps, rightSteps, wanted, how) => {
      const added = <S extends { takesBack: boolean }>(list: readonly S[]): readonly S[] =>
        list.map((step) => ({ ...step, takesBack: false }))
      const [left, right] = [history(added(leftSteps)), history(added(rightSteps))]
      assert.deepEqual(await run(left, right, wanted, how, 'final'), nestedLoops(left.rows, right.rows, wanted))
    }),
    { numRuns: 100 },
  )
})

test('a right row that changes the answers of thousands of left rows does so as there is room', async () => {
  const many = Array.from({ length: 5000 }, (_, i): Change => ({ kind: RowKind.insert, row: [1, 1, i] }))
  const one: readonly Change[] = [
    { kind: RowKind.insert, row: [1, null, 0] },
    { kind: RowKind.insert, row: [1, 1, 0] },
    { kind: RowKind.delete, row: [1, null, 0] },
    { kind: RowKind.delete, row: [1, 1, 0] },
    { kind: RowKind.insert, row: [1, null, 0] },
  ]
  for (const mark of ['equal', 'equal by hash'] as const) {
    const wanted: Shape = { hasKeys: true, nullSafe: false, hasCondition: false, mark }
    const fold = await run({ changes: many, rows: [] }, { changes: one, rows: [] }, wanted, { blockBytes: 1 }, 'streaming')
    assert.equal(fold.length, 5000)
    assert.ok(fold.every((text) => text.endsWith(', null]')))
  }
})

test('rows of a key that had none for too long are forgotten, side by side; answers that were given stay', () => {
  const arena = arenaOfThread()
  const clock = new SimulatedClock(0)
  const operator = markJoin({
    id: 'mark',
    owner: new ArenaOwner(arena, 'mark join'),
    inputTypes: [[integer], [integer]],
    types: [integer, types.boolean()],
    keys: [[0], [0]],
    nullSafe: [false],
    condition: undefined,
    mark: undefined,
    equal: [[], []],
    retracts: [true, true],
    clock,
    stateTtlMs: 1000,
    mode: 'streaming',
    ordersOutput: false,
    givesPlaces: false,
  })
  const owner = new ArenaOwner(arena, 'test input')
  const buffer = new BatchBuffer(owner, [integer])
  const given: string[] = []
  const send = (input: 0 | 1, at: number): void => {
    clock.moveTo(at)
    buffer.clear()
    writeCell(buffer, buffer.batch.columns[0]!, 0, 7)
    buffer.batch.rowCount = 1
    buffer.batch.selectedCount = 1
    const push = ({ columns, rowCount }: typeof buffer.batch): void => {
      for (let i = 0; i < rowCount; i++) given.push(columns.map((column) => String(readCell(arena, column, i))).join(' '))
    }
    assert.equal(operator.onBatch(input, buffer.batch, { isFull: false, push }), 'done')
  }
  send(1, 0)
  send(0, 900)
  // The right row has ended, the left one has not.
  send(0, 1500)
  assert.deepEqual(given, ['7 true', '7 false'])
  assert.equal(operator.stateSize?.().rows, 2)
  send(1, 5000)
  // Left rows have ended too, and do not hear of it.
  assert.equal(given.length, 2)
  assert.equal(operator.stateSize?.().rows, 1)
  operator.close?.()
  owner.close()
})
