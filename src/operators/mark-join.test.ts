import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { nodePorts } from '../base/node-ports.ts'
import { Random } from '../base/random.ts'
import { ArenaOwner, arenaOfThread } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import { BatchBuffer } from '../data/batch-buffer.ts'
import { readCell, writeCell } from '../data/cells.ts'
import { RowKind, rowKindSign } from '../data/row-kind.ts'
import { types } from '../data/types.ts'
import type { Expr } from '../expr/expr.ts'
import type { EvaluationContext } from '../expr/function.ts'
import { buildCall } from '../expr/resolve-call.ts'
import type { Operator, OperatorSnapshot, Output } from '../runtime/operator.ts'
import { memoryState } from '../state/keyed-state.ts'
import { RandomlyAsynchronousState } from '../state/random-state.ts'
import { type Change, memoryConnector } from '../testing/memory-connector.ts'
import { markJoinNode, scanNode, schemaOf } from '../testing/plan-nodes.ts'
import { SimulatedClock } from '../testing/simulated-clock.ts'
import { type PlanSettings, changeText, foldChanges, runPlan } from '../testing/run-plan.ts'
import { markedPairs } from './join-condition.ts'
import { markJoin } from './mark-join.ts'

// Goal: behind every left row stands what nested loops over what is left of the inputs say, TRUE, FALSE or UNKNOWN, whatever came in which order and however it runs.
// Method: random changes of both sides with many NULLs; with and without keys, a condition, and a hash by the columns that the mark compares. Plans run in batches of 1, 7 and 4096 rows, at
// parallelism 1 and 3, with a restore in the middle; and the operator alone is asked after every batch, before a consumer that is full now and then.

type Row = readonly (number | null)[]

const integer = types.integer()
const rowTypes = [integer, integer, integer]
const cell = fc.option(fc.integer({ min: 0, max: 2 }), { nil: null, freq: 4 })
const steps = fc.array(fc.record({ row: fc.tuple(cell, cell, cell), takesBack: fc.boolean(), which: fc.nat() }), { maxLength: 25 })
const shape = fc.record({
  hasKeys: fc.boolean(),
  nullSafe: fc.boolean(),
  hasCondition: fc.boolean(),
  mark: fc.constantFrom('equal' as const, 'equal by hash' as const, 'both equal by hash' as const, 'less' as const, 'none' as const),
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

/** What one right row says to a left one; undefined: it does not count. */
function answerOf(one: Row, other: Row, { hasKeys, nullSafe, hasCondition, mark }: Shape): boolean | null | undefined {
  const compared = (column: number, test: (a: number, b: number) => boolean): boolean | null => {
    const [a, b] = [one[column]!, other[column]!]
    return a === null || b === null ? null : test(a, b)
  }
  const equal = (column: number): boolean | null => compared(column, (a, b) => a === b)
  if (hasKeys && (one[0] === null || other[0] === null ? !nullSafe || one[0] !== other[0] : one[0] !== other[0])) return undefined
  if (hasCondition && compared(2, (a, b) => a <= b) !== true) return undefined
  if (mark === 'none') return true
  if (mark === 'less') return compared(1, (a, b) => a < b)
  if (mark !== 'both equal by hash') return equal(1)
  const both = [equal(1), equal(2)]
  return both.includes(false) ? false : both.includes(null) ? null : true
}

function nestedLoops(left: readonly Row[], right: readonly Row[], wanted: Shape): readonly string[] {
  return left
    .map((one) => {
      const answers = right.map((other) => answerOf(one, other, wanted))
      const answer = answers.includes(true) ? 'TRUE' : answers.includes(null) ? 'null' : 'FALSE'
      return `[${[...one.map(String), answer].join(', ')}]`
    })
    .sort()
}

const value = (index: number): Expr => ({ kind: 'column', index, type: integer })

function markOf(mark: Shape['mark']): Expr | undefined {
  if (mark === 'none') return undefined
  if (mark === 'less') return buildCall('<', [value(1), value(4)])
  const equal = buildCall('=', [value(1), value(4)])
  return mark === 'both equal by hash' ? { kind: 'and', args: [equal, buildCall('=', [value(2), value(5)])], type: types.boolean() } : equal
}

/** The columns of one side that are found by a hash. */
function hashedBy(mark: Shape['mark']): readonly number[] {
  if (mark === 'equal by hash') return [1]
  return mark === 'both equal by hash' ? [1, 2] : []
}

const condition = buildCall('<=', [value(2), value(5)])

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
  const { hasKeys, nullSafe, hasCondition, mark } = wanted
  const asked = markOf(mark)
  const plan = markJoinNode(scanNode('l', schemaOf(rowTypes), changes), scanNode('r', schemaOf(rowTypes), changes), {
    leftKeys: hasKeys ? [0] : [],
    rightKeys: hasKeys ? [0] : [],
    nullSafe: hasKeys ? [nullSafe] : [],
    stateTtlMs: how.seed !== undefined && how.seed % 2 === 1 ? 3_600_000 : 0,
    leftEqual: hashedBy(mark),
    rightEqual: hashedBy(mark),
    mode,
    ...(hasCondition ? { condition } : {}),
    ...(asked === undefined ? {} : { mark: asked }),
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

const context: EvaluationContext = {
  clock: nodePorts.clock,
  random: new Random(1),
  timeZone: 'UTC',
  queryStartMs: undefined,
  currentCatalog: 'c',
  currentDatabase: 'd',
}

/** The operator alone, between batches of the test and a consumer that is full now and then. */
class Driven {
  readonly #owner = new ArenaOwner(arenaOfThread(), 'mark join alone')
  readonly #arena = this.#owner.arena
  readonly #buffer = new BatchBuffer(this.#owner, rowTypes)
  readonly #wanted: Shape
  readonly #random: Random
  readonly #stateTtlMs: number
  #operator: Operator
  readonly fold = new Map<string, number>()

  constructor(wanted: Shape, random: Random, stateTtlMs: number) {
    this.#wanted = wanted
    this.#random = random
    this.#stateTtlMs = stateTtlMs
    this.#operator = this.#make()
  }

  #make(): Operator {
    const { hasKeys, nullSafe, hasCondition, mark } = this.#wanted
    const owner = new ArenaOwner(arenaOfThread(), 'mark join')
    const asked = markOf(mark)
    const how = { owner, context, execution: 'compiled', types: [...rowTypes, ...rowTypes] } as const
    return markJoin({
      id: 'mark',
      owner,
      inputTypes: [rowTypes, rowTypes],
      types: [...rowTypes, types.boolean()],
      keys: hasKeys ? [[0], [0]] : [[], []],
      nullSafe: hasKeys ? [nullSafe] : [],
      answer: hasCondition || asked !== undefined ? markedPairs(hasCondition ? condition : undefined, asked, how) : undefined,
      hasCondition,
      equal: [hashedBy(mark), hashedBy(mark)],
      retracts: [true, true],
      clock: nodePorts.clock,
      stateTtlMs: this.#stateTtlMs,
      mode: 'streaming',
      ordersOutput: false,
      givesPlaces: true,
      createState: (options) => new RandomlyAsynchronousState(memoryState(options), this.#random),
    })
  }

  async send(input: 0 | 1, changes: readonly Change[]): Promise<void> {
    const { batch } = this.#buffer
    this.#buffer.clear()
    const kinds = this.#buffer.addKinds()
    const places = this.#buffer.addPlaces() / 8
    // Rows that are not selected lie between the others.
    const selection = this.#buffer.selectionRoom() >>> 2
    const isSparse = this.#random.nextInt(2) === 0
    changes.forEach(({ kind, row }, i) => {
      const at = isSparse ? i * 2 + 1 : i
      this.#arena.i32[selection + i] = at
      this.#arena.u8[kinds + at] = kind
      this.#arena.i64[places + at] = BigInt(i)
      row.forEach((cellValue, c) => writeCell(this.#buffer, batch.columns[c]!, at, cellValue))
    })
    batch.rowCount = isSparse ? changes.length * 2 : changes.length
    batch.selection = isSparse ? selection << 2 : 0
    batch.selectedCount = changes.length
    let room = 0
    const out: Output = {
      get isFull() {
        return room === 0
      },
      push: (shown) => {
        room--
        this.#read(shown)
      },
    }
    for (;;) {
      const progress = this.#operator.onBatch(input, batch, out)
      if (progress === 'done') return
      if (progress === 'more') {
        assert.equal(room, 0, 'it goes on while there is room')
        room = this.#random.nextInt(3)
      } else await progress
    }
  }

  #read({ columns, kinds, selection, selectedCount, places }: Batch): void {
    let last = 0n
    for (let i = 0; i < selectedCount; i++) {
      const at = selection === 0 ? i : this.#arena.i32[(selection >>> 2) + i]!
      const text = `[${columns.map((column) => String(readCell(this.#arena, column, at))).join(', ')}]`
      const sign = kinds === 0 ? 1 : rowKindSign(this.#arena.u8[kinds + at] as RowKind)
      const count = (this.fold.get(text) ?? 0) + sign
      assert.ok(count >= 0, `${text} is taken back and is not there`)
      if (count === 0) this.fold.delete(text)
      else this.fold.set(text, count)
      const place = this.#arena.i64[places / 8 + at]!
      assert.ok(place >= last, 'rows lie in the order of those that made them')
      last = place
    }
  }

  snapshot(): OperatorSnapshot {
    const snapshot = this.#operator.snapshot?.()
    assert.ok(snapshot !== undefined && !(snapshot instanceof Promise))
    return snapshot
  }

  /** Goes on from a snapshot, in which nothing is lost. */
  restart(): void {
    const snapshot = this.snapshot()
    const size = this.rows
    this.#operator.close?.()
    this.#operator = this.#make()
    this.#operator.restore?.([snapshot], () => true)
    assert.equal(this.rows, size)
  }

  get rows(): number {
    return this.#operator.stateSize?.().rows ?? 0
  }

  close(): void {
    this.#operator.close?.()
    this.#owner.close()
  }
}

const runs = fc.record({
  seed: fc.nat(),
  batchRows: fc.constantFrom(1, 7, 300),
  /** Distinct values of a column: few share their lists with many, and are found by the index. */
  values: fc.constantFrom(1, 3, 40),
  stateTtlMs: fc.constantFrom(0, 3_600_000),
})

test('after every batch of changes a mark join has said what nested loops say, and keeps nothing when all rows are gone', async () => {
  await fc.assert(
    fc.asyncProperty(shape, runs, async (wanted, { seed, batchRows, values, stateTtlMs }) => {
      const random = new Random(seed)
      const sides: readonly [Row[], Row[]] = [[], []]
      const driven = new Driven(wanted, random, stateTtlMs)
      const cellOf = (): number | null => (random.nextInt(5) === 0 ? null : random.nextInt(values))
      const batches = Math.min(40, Math.ceil(400 / batchRows))
      for (let n = 0; n < batches * 2; n++) {
        const side = random.nextInt(2) === 0 ? 0 : 1
        const rows = sides[side]
        // Rows come, then they go.
        const taken = n < batches ? 3 : 9
        const changes = Array.from({ length: batchRows }, (): Change => {
          if (rows.length > 0 && random.nextInt(10) < taken) {
            return { kind: RowKind.delete, row: rows.splice(random.nextInt(rows.length), 1)[0]! }
          }
          // Nobody knows this row.
          if (random.nextInt(20) === 0) return { kind: RowKind.delete, row: side === 0 ? [0, 77, 77] : [null, 77, 77] }
          rows.push([cellOf(), cellOf(), cellOf()])
          return { kind: RowKind.insert, row: rows.at(-1)! }
        })
        await driven.send(side, changes)
        assert.deepEqual(foldOf(driven), nestedLoops(...sides, wanted))
        if (random.nextInt(6) === 0) driven.restart()
      }
      for (const side of [0, 1] as const) {
        for (const row of sides[side].splice(0)) await driven.send(side, [{ kind: RowKind.delete, row }])
        assert.deepEqual(foldOf(driven), nestedLoops(...sides, wanted))
      }
      assert.equal(driven.rows, 0)
      assert.equal(driven.snapshot().keyed.size, 0)
      driven.close()
    }),
    { numRuns: 150 },
  )
})

function foldOf({ fold }: Driven): readonly string[] {
  return [...fold]
    .flatMap(([text, count]) => Array.from({ length: count }, () => text.replace(/true]$/, 'TRUE]').replace(/false]$/, 'FALSE]')))
    .sort()
}

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

for (const isCompared of [false, true]) {
  test(`rows of a key that had none for too long are forgotten, side by side; answers that were given stay${isCompared ? ', of rows that are found by a hash' : ''}`, () => {
    const arena = arenaOfThread()
    const clock = new SimulatedClock(0)
    const operatorOwner = new ArenaOwner(arena, 'mark join')
    const asked = { owner: operatorOwner, context, execution: 'interpreted', types: [integer, integer, integer, integer] } as const
    const operator = markJoin({
      id: 'mark',
      owner: operatorOwner,
      inputTypes: [
        [integer, integer],
        [integer, integer],
      ],
      types: [integer, integer, types.boolean()],
      keys: [[0], [0]],
      nullSafe: [false],
      answer: isCompared ? markedPairs(undefined, buildCall('=', [value(1), value(3)]), asked) : undefined,
      hasCondition: false,
      equal: isCompared ? [[1], [1]] : [[], []],
      retracts: [true, true],
      clock,
      stateTtlMs: 1000,
      mode: 'streaming',
      ordersOutput: false,
      givesPlaces: false,
    })
    const owner = new ArenaOwner(arena, 'test input')
    const buffer = new BatchBuffer(owner, [integer, integer])
    const given: string[] = []
    const send = (input: 0 | 1, at: number): void => {
      clock.moveTo(at)
      buffer.clear()
      for (const column of buffer.batch.columns) writeCell(buffer, column, 0, 7)
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
    assert.deepEqual(given, ['7 7 true', '7 7 false'])
    assert.equal(operator.stateSize?.().rows, 2)
    send(1, 5000)
    // Left rows have ended too, and do not hear of it.
    assert.equal(given.length, 2)
    assert.equal(operator.stateSize?.().rows, 1)
    operator.close?.()
    owner.close()
  })
}
