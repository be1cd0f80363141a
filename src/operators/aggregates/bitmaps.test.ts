import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { nodePorts } from '../../base/node-ports.ts'
import { ArenaOwner, arenaOfThread } from '../../data/arena.ts'
import { BatchBuffer } from '../../data/batch-buffer.ts'
import { Bitmap } from '../../data/bitmap.ts'
import { readCell } from '../../data/cells.ts'
import { RowKind, rowKindSign } from '../../data/row-kind.ts'
import { types } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import type { AggregateCall } from '../../expr/aggregate.ts'
import { type Change, memoryConnector } from '../../testing/memory-connector.ts'
import { groupNode, scanNode, schemaOf } from '../../testing/plan-nodes.ts'
import { type PlanSettings, changeText, foldChanges, runPlan } from '../../testing/run-plan.ts'
import { createAccumulator } from './create-accumulator.ts'

const rowTypes = [types.integer(), types.integer(), types.bitmap()]
const schema = schemaOf(rowTypes)
const call = (name: string, arg: number, distinct: boolean = false): AggregateCall => ({
  name,
  args: [arg],
  argTypes: [rowTypes[arg]!],
  distinct,
  type: name.includes('CARDINALITY') ? types.bigint() : types.bitmap(),
})
const calls = [
  call('BITMAP_BUILD_AGG', 1),
  call('BITMAP_BUILD_CARDINALITY_AGG', 1, true),
  call('BITMAP_AND_AGG', 2),
  call('BITMAP_OR_AGG', 2),
  call('BITMAP_XOR_AGG', 2),
  call('BITMAP_XOR_AGG', 2, true),
  call('BITMAP_AND_CARDINALITY_AGG', 2, true),
  call('BITMAP_OR_CARDINALITY_AGG', 2, true),
]
const outputTypes = [types.integer(), ...calls.map((each) => each.type)]

type Row = readonly [key: number, number: number | null, members: readonly number[] | null]

const numbers = fc.constantFrom(0, 1, 2, 3, 70_000, -1)

/** Rows that are added, and now and then one of them taken back. */
const changes = (takesBack: boolean): fc.Arbitrary<readonly { readonly kind: RowKind; readonly row: Row }[]> =>
  fc
    .array(
      fc.record({
        row: fc.tuple(fc.nat({ max: 2 }), fc.option(numbers), fc.option(fc.uniqueArray(numbers, { maxLength: 5 }))),
        takes: takesBack ? fc.option(fc.nat(), { freq: 3 }) : fc.constant(null),
      }),
      { maxLength: 30 },
    )
    .map((steps) => {
      const kept: Row[] = []
      return steps.map(({ row, takes }) => {
        if (takes !== null && kept.length > 0) return { kind: RowKind.delete, row: kept.splice(takes % kept.length, 1)[0]! }
        kept.push(row)
        return { kind: RowKind.insert, row }
      })
    })

function bytesOf(members: Iterable<number>): Uint8Array {
  const bitmap = new Bitmap()
  for (const member of members) bitmap.add(member)
  return bitmap.toBytes()
}

/** By definition, from the rows that are left. */
function expected(given: readonly { readonly kind: RowKind; readonly row: Row }[]): readonly string[] {
  const groups = new Map<number, Row[]>()
  for (const { kind, row } of given) {
    const group = groups.get(row[0]) ?? []
    groups.set(row[0], group)
    if (rowKindSign(kind) > 0) group.push(row)
    else group.splice(group.indexOf(row), 1)
  }
  return [...groups]
    .filter(([, rows]) => rows.length > 0)
    .map(([key, rows]) => changeText(outputTypes, { kind: 0, row: [key, ...results(rows)] }).slice(2))
    .sort()
}

function results(rows: readonly Row[]): readonly SqlValue[] {
  const built = new Set(rows.flatMap(([, number]) => number ?? []))
  const sets = rows.flatMap(([, , members]) => (members === null ? [] : [new Set(members)]))
  const distinct = [...new Map(sets.map((set) => [bytesOf(set).join(), set])).values()]
  const all = [0, 1, 2, 3, 70_000, -1]
  const inSome = all.filter((number) => sets.some((set) => set.has(number)))
  const inAll = all.filter((number) => sets.every((set) => set.has(number)))
  const inOdd = (members: readonly ReadonlySet<number>[]): number[] =>
    all.filter((number) => members.filter((set) => set.has(number)).length % 2 === 1)
  const unlessNone = (value: SqlValue): SqlValue => (sets.length === 0 ? null : value)
  return [
    built.size === 0 ? null : bytesOf(built),
    built.size === 0 ? null : BigInt(built.size),
    unlessNone(bytesOf(inAll)),
    unlessNone(bytesOf(inSome)),
    unlessNone(bytesOf(inOdd(sets))),
    unlessNone(bytesOf(inOdd(distinct))),
    unlessNone(BigInt(inAll.length)),
    unlessNone(BigInt(inSome.length)),
  ]
}

const settings = fc.record({
  batchRows: fc.constantFrom(1, 7, 4096),
  parallelism: fc.constantFrom(1, 3),
  seed: fc.nat(),
  restoreAt: fc.option(fc.record({ rows: fc.nat({ max: 30 }), parallelism: fc.constantFrom(1, 2, 3) }), { nil: undefined }),
}) satisfies fc.Arbitrary<PlanSettings>

// Goal: bitmaps are those of the rows that are left.
// Method: against sets by definition; rows that come only, or that are taken back; batches, subtasks and restores at random.
for (const mode of ['append', 'retract'] as const) {
  test(`bitmaps follow rows that ${mode === 'append' ? 'come' : 'come and go'}`, async () => {
    await fc.assert(
      fc.asyncProperty(changes(mode === 'retract'), settings, async (given, chosen) => {
        const columns = schema.map((field) => field.name)
        const rows = given.map(({ kind, row: [key, number, members] }): Change => ({
          kind,
          row: [key, number, members === null ? null : bytesOf(members)],
        }))
        const connector = memoryConnector(new Map([['t', { columns, changes: rows, mode, blockRows: 4 }]]))
        const plan = groupNode(scanNode('t', schema, mode), [0], calls)
        const run = await runPlan(plan, { ports: nodePorts, connectors: [connector], settings: chosen })
        assert.deepEqual(foldChanges(outputTypes, run.changes), expected(given))
      }),
      { numRuns: 100 },
    )
  })
}

// Goal: a group that another one was merged into has the rows of both, and each goes on by itself, as windows and sessions need it.
test('merged groups go on by themselves', () => {
  const arena = arenaOfThread()
  const property = fc.property(
    changes(false),
    changes(false),
    changes(false),
    fc.constantFrom('appending', 'changing'),
    (first, second, later, input) => {
      const owner = new ArenaOwner(arena, 'test')
      const [one, two] = [0, 1]
      const lines = owner.allocate(2 * 64)
      arena.kernels.clearBytes(lines, 2 * 64)
      const buffer = new BatchBuffer(owner, outputTypes.slice(1), 4)
      calls.forEach((each, c) => {
        const accumulator = createAccumulator(owner, each, 0, input)
        const addTo = (id: number, given: typeof first): void => {
          for (const { row } of given) {
            const value = each.args[0] === 1 ? row[1] : row[2] === null ? null : bytesOf(row[2])
            accumulator.add(id, lines + id * 64, value, 1)
          }
        }
        const check = (id: number, given: typeof first): void => {
          const column = buffer.batch.columns[c]!
          accumulator.write(id, lines + id * 64, { buffer, column, row: id })
          assert.deepEqual(readCell(arena, column, id), results(given.map(({ row }) => row))[c])
        }
        addTo(one, first)
        addTo(two, second)
        accumulator.merge(one, lines, two, lines + 64)
        check(one, [...first, ...second])
        addTo(one, later)
        check(two, second)
        addTo(two, later)
        check(one, [...first, ...second, ...later])
        check(two, [...second, ...later])
        for (const id of [one, two]) accumulator.clear?.(id, lines + id * 64)
        arena.kernels.clearBytes(lines, 2 * 64)
        check(one, [])
      })
      owner.close()
    },
  )
  fc.assert(property, { numRuns: 60 })
})
