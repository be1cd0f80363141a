import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Random } from '../base/random.ts'
import { ArenaOwner, arenaOfThread } from '../data/arena.ts'
import { BATCH_CAPACITY, type Batch } from '../data/batch.ts'
import { BatchBuffer } from '../data/batch-buffer.ts'
import { readCell, writeCell } from '../data/cells.ts'
import { type SqlType, types } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import { NO_WATERMARK } from '../data/watermark.ts'
import { createPipeline } from './create-pipeline.ts'
import type { Expr } from './expr.ts'
import type { EvaluationContext } from './function.ts'
import { FailedRowError, type Pipeline } from './pipeline.ts'
import type { PipelineStep } from './pipeline-program.ts'
import { buildCall } from './resolve-call.ts'

const arena = arenaOfThread()
const context: EvaluationContext = {
  clock: { nowMs: () => 0, monotonicMs: () => 0, schedule: () => () => {} },
  random: new Random(1),
  timeZone: 'UTC',
  queryStartMs: undefined,
  currentCatalog: 'default_catalog',
  currentDatabase: 'default_database',
}
const executions = ['interpreted', 'compiled'] as const

function batchOf(owner: ArenaOwner, columns: readonly SqlType[], rows: readonly (readonly SqlValue[])[]): Batch {
  const buffer = new BatchBuffer(owner, columns)
  rows.forEach((values, row) => values.forEach((value, i) => writeCell(buffer, buffer.batch.columns[i]!, row, value)))
  buffer.batch.rowCount = rows.length
  buffer.batch.selectedCount = rows.length
  return buffer.batch
}

function rowsOf(batch: Batch): readonly (readonly SqlValue[])[] {
  return Array.from({ length: batch.selectedCount }, (_, i) => {
    const row = batch.selection === 0 ? i : arena.i32[batch.selection / 4 + i]!
    return batch.columns.map((column) => readCell(arena, column, row))
  })
}

const column = (index: number, type: SqlType): Expr => ({ kind: 'column', index, type })
const literal = (type: SqlType, value: SqlValue): Expr => ({ kind: 'literal', type, value })
const one = literal(types.integer(false), 1)

/** Runs a test with pipelines of each execution, and frees their memory. */
function inBoth(
  name: string,
  body: (create: (inputTypes: readonly SqlType[], steps: readonly PipelineStep[]) => Pipeline, owner: ArenaOwner) => void,
): void {
  for (const execution of executions) {
    test(`${name} (${execution})`, () => {
      const owner = new ArenaOwner(arena, 'test')
      body((inputTypes, steps) => createPipeline({ inputTypes, steps }, { owner, context, execution }), owner)
      owner.close()
    })
  }
}

inBoth('filter, projection, filter, projection become one pass', (create, owner) => {
  const [a, b] = [column(0, types.integer()), column(1, types.string())]
  const pipeline = create(
    [types.integer(), types.string()],
    [
      { kind: 'filter', condition: buildCall('>', [a, one]) },
      { kind: 'project', projections: [buildCall('+', [a, one]), b] },
      { kind: 'filter', condition: buildCall('<', [a, literal(types.integer(false), 5)]) },
      { kind: 'project', projections: [b, a, buildCall('||', [b, b])] },
    ],
  )
  const input = batchOf(
    owner,
    [types.integer(), types.string()],
    [
      [1, 'a'],
      [2, 'b'],
      [3, null],
      [null, 'c'],
      [4, 'd'],
    ],
  )
  assert.deepEqual(rowsOf(pipeline.run(input)), [
    ['b', 3, 'bb'],
    [null, 4, null],
  ])
})

inBoth('a value above a filter is computed only for the rows that pass it', (create, owner) => {
  const a = column(0, types.integer())
  const pipeline = create(
    [types.integer()],
    [
      { kind: 'project', projections: [a, buildCall('/', [literal(types.integer(false), 10), a])] },
      { kind: 'filter', condition: buildCall('<>', [a, literal(types.integer(false), 0)]) },
    ],
  )
  assert.deepEqual(rowsOf(pipeline.run(batchOf(owner, [types.integer()], [[0], [5]]))), [[5, 2]])
})

inBoth('a failing row comes with its number and the rows before it', (create, owner) => {
  const a = column(0, types.integer())
  const pipeline = create([types.integer()], [{ kind: 'project', projections: [buildCall('/', [literal(types.integer(false), 10), a])] }])
  const input = batchOf(owner, [types.integer()], [[5], [2], [0], [1]])
  assert.throws(
    () => pipeline.run(input),
    (error) => {
      assert(error instanceof FailedRowError)
      assert.equal(error.row, 2)
      assert.equal(error.code, 'data/division-by-zero')
      assert.deepEqual(rowsOf(error.before), [[2], [5]])
      return true
    },
  )
})

inBoth('columns and fields are shared, and a NULL row makes its fields NULL', (create, owner) => {
  const row = types.row([
    { name: 'x', type: types.integer() },
    { name: 'y', type: types.row([{ name: 'z', type: types.string() }]) },
  ])
  const base = column(0, row)
  const y: Expr = { kind: 'field', base, index: 1, type: types.row([{ name: 'z', type: types.string() }]) }
  const z: Expr = { kind: 'field', base: y, index: 0, type: types.string() }
  const pipeline = create([row], [{ kind: 'project', projections: [z, base, buildCall('CHAR_LENGTH', [z])] }])
  const input = batchOf(owner, [row], [[[1, ['ab']]], [null], [[2, null]], [[3, [null]]]])
  const output = pipeline.run(input)
  assert.equal(output.columns[0]!.cells, input.columns[0]!.children[1]!.children[0]!.cells)
  assert.deepEqual(rowsOf(output), [
    ['ab', [1, ['ab']], 2],
    [null, null, null],
    [null, [2, null], null],
    [null, [3, [null]], null],
  ])
})

inBoth('each row carries the watermark of the rows before it', (create, owner) => {
  const time = column(0, types.timestamp(3))
  const ms = (value: number): bigint => BigInt(value) * 1_000_000n
  const delay = literal(types.intervalDayTime(false), 5n)
  const steps: readonly PipelineStep[] = [
    { kind: 'watermark', timeColumn: 0, expression: buildCall('-', [time, delay]), intervalMs: 0 },
    { kind: 'filter', condition: buildCall('<>', [time, literal(types.timestamp(3, false), ms(30))]) },
  ]
  const pipeline = create([types.timestamp(3)], steps)
  const output = pipeline.run(batchOf(owner, [types.timestamp(3)], [[ms(3)], [ms(10)], [ms(30)], [ms(20)], [ms(40)]]))
  const watermarks = Array.from({ length: output.selectedCount }, (_, i) => {
    const row = arena.i32[output.selection / 4 + i]!
    return Number(arena.i64[output.rowWatermarks / 8 + row])
  })
  assert.deepEqual(watermarks, [NO_WATERMARK, NO_WATERMARK, 25, 25])
  assert.deepEqual(pipeline.watermarkState(), { emitted: 35, greatest: 35 })
  const next = pipeline.run(batchOf(owner, [types.timestamp(3)], [[ms(1)], [ms(2)]]))
  assert.equal(next.rowWatermarks, 0)
  assert.equal(next.watermark, 35)
  assert.throws(() => pipeline.run(batchOf(owner, [types.timestamp(3)], [[null]])), FailedRowError)
})

inBoth('the interval of watermarks counts from the last one', (create, owner) => {
  const time = column(0, types.timestamp(6))
  const ms = (value: number): bigint => BigInt(value) * 1_000_000n + 7n
  const pipeline = create([types.timestamp(6)], [{ kind: 'watermark', timeColumn: 0, expression: time, intervalMs: 10 }])
  const states = [5, 11, 15, 22].map((value) => {
    pipeline.run(batchOf(owner, [types.timestamp(6)], [[ms(value)]]))
    return pipeline.watermarkState().emitted
  })
  assert.deepEqual(states, [NO_WATERMARK, 11, 11, 22])
})

inBoth('text goes on in another chunk when one is full', (create, owner) => {
  const text = column(0, types.string())
  const pipeline = create(
    [types.string()],
    [
      {
        kind: 'project',
        projections: [
          buildCall('UPPER', [text]),
          buildCall('REVERSE', [text]),
          buildCall('REPLACE', [text, literal(types.char(1, false), 'b'), literal(types.char(3, false), 'xyz')]),
        ],
      },
    ],
  )
  const rows = Array.from({ length: 500 }, (_, i) => [`${'ab'.repeat(i)}é`])
  const output = rowsOf(pipeline.run(batchOf(owner, [types.string()], rows)))
  for (const [i, [value]] of rows.entries()) {
    assert.deepEqual(output[i], [value!.toUpperCase(), [...value!].reverse().join(''), value!.replaceAll('b', 'xyz')])
  }
})

inBoth('results of calls are right also when values repeat over many batches', (create) => {
  const text = column(0, types.string())
  const pattern = literal(types.char(9, false), '([a-z])=(\\d+)')
  const projections = [buildCall('REGEXP_EXTRACT', [text, pattern, literal(types.integer(false), 2)]), buildCall('INITCAP', [text])]
  const pipeline = create([types.string()], [{ kind: 'project', projections }])
  const random = new Random(3)
  for (let round = 0; round < 12; round++) {
    const rows = Array.from({ length: 1000 }, () => [
      random.nextInt(9) === 0 ? null : `k=${random.nextInt(round < 8 ? 50 : 1e9)} ${'x'.repeat(random.nextInt(30))}`,
    ])
    const scope = new ArenaOwner(arena, 'input')
    const output = rowsOf(pipeline.run(batchOf(scope, [types.string()], rows)))
    for (const [i, [value]] of rows.entries()) {
      const expected =
        value === null || value === undefined
          ? [null, null]
          : [
              /=(\d+)/.exec(value)![1],
              value[0]!.toUpperCase() + value.slice(1, value.indexOf(' ')) + value.slice(value.indexOf(' ')).replace(' x', ' X'),
            ]
      assert.deepEqual(output[i], expected)
    }
    scope.close()
  }
})

inBoth('a batch of full capacity, some rows selected', (create, owner) => {
  const a = column(0, types.bigint())
  const pipeline = create(
    [types.bigint()],
    [
      {
        kind: 'filter',
        condition: buildCall('=', [buildCall('MOD', [a, literal(types.integer(false), 3)]), literal(types.integer(false), 0)]),
      },
    ],
  )
  const input = batchOf(
    owner,
    [types.bigint()],
    Array.from({ length: BATCH_CAPACITY }, (_, i) => [BigInt(i)]),
  )
  const selection = owner.allocate(BATCH_CAPACITY * 4)
  for (let i = 0; i < 1000; i++) arena.i32[selection / 4 + i] = i * 4
  input.selection = selection
  input.selectedCount = 1000
  const expected = Array.from({ length: 1000 }, (_, i) => BigInt(i * 4)).filter((value) => value % 3n === 0n)
  assert.deepEqual(rowsOf(pipeline.run(input)).flat(), expected)
})

inBoth('single rows are kept or not as in a batch, also where texts are made on the way', (create, owner) => {
  const [a, b] = [column(0, types.integer()), column(1, types.string())]
  const repeated = buildCall('REPEAT', [b, literal(types.integer(false), 40)])
  const upper = buildCall('INITCAP', [buildCall('||', [repeated, b])])
  const pipeline = create(
    [types.integer(), types.string()],
    [
      { kind: 'filter', condition: buildCall('>', [buildCall('/', [literal(types.integer(false), 10), a]), one]) },
      { kind: 'filter', condition: buildCall('>', [upper, literal(types.string(false), 'Bb')]) },
    ],
  )
  const rowOf = (row: readonly SqlValue[]): Batch => batchOf(owner, [types.integer(), types.string()], [row])
  const rows = [
    [1, 'c'],
    [null, 'c'],
    [1, null],
    [1, 'a'],
    [9, 'c'],
  ].map(rowOf)
  const test = pipeline.rowTest(rowOf([1, 'c']))
  const notNull = owner.allocate(8)
  arena.u8.fill(0, notNull, notNull + 8)
  const keeps = ({ columns }: Batch): boolean => {
    columns.forEach(({ cells, nulls }, i) => {
      const place = test.placeOf([i])
      assert(place !== undefined)
      arena.u32.set([cells, nulls === 0 ? notNull : nulls], place / 4)
    })
    return test.keeps()
  }
  // More rows than a batch has, for memory is tidied then.
  for (let i = 0; i < BATCH_CAPACITY * 2 + 10; i++) assert.equal(keeps(rows[i % 5]!), i % 5 === 0)
  assert.throws(() => keeps(rowOf([0, 'c'])), { code: 'data/division-by-zero' })
  assert.equal(keeps(rows[0]!), true)
  assert.equal(test.placeOf([2]), undefined)
})

test('what runs compiled and what is called is listed', () => {
  const owner = new ArenaOwner(arena, 'test')
  const text = column(0, types.string())
  const steps: readonly PipelineStep[] = [
    { kind: 'project', projections: [buildCall('CHAR_LENGTH', [text]), buildCall('INITCAP', [text])] },
  ]
  const spec = { inputTypes: [types.string()], steps }
  assert.deepEqual(createPipeline(spec, { owner, context, execution: 'compiled' }).describe(), {
    compiled: ['CHAR_LENGTH'],
    called: ['INITCAP'],
  })
  assert.deepEqual(createPipeline(spec, { owner, context, execution: 'interpreted' }).describe(), {
    compiled: [],
    called: ['CHAR_LENGTH', 'INITCAP'],
  })
  owner.close()
})
