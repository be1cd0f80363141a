import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { nodePorts } from '../../base/node-ports.ts'
import { RowKind, rowKindSign } from '../../data/row-kind.ts'
import { types } from '../../data/types.ts'
import { SqlMap, type SqlValue } from '../../data/value.ts'
import type { AggregateCall } from '../../expr/aggregate.ts'
import { type Change, memoryConnector } from '../../testing/memory-connector.ts'
import { groupNode, scanNode, schemaOf } from '../../testing/plan-nodes.ts'
import { type PlanSettings, changeText, foldChanges, runPlan } from '../../testing/run-plan.ts'

const rowTypes = [types.integer(), types.string(), types.integer()]
const schema = schemaOf(rowTypes)
const call = (name: string, arg: number, type: AggregateCall['type'], more: Partial<AggregateCall> = {}): AggregateCall => ({
  name,
  args: [arg],
  argTypes: [rowTypes[arg]!],
  distinct: false,
  type,
  ...more,
})
const calls = [
  call('LISTAGG', 1, types.string(), { options: ['/'] }),
  call('ARRAY_AGG', 2, types.array(types.integer())),
  call('FIRST_VALUE', 1, types.string()),
  call('LAST_VALUE', 2, types.integer()),
  call('COLLECT', 1, types.multiset(types.string(), false)),
  call('VAR_POP', 2, types.double()),
  call('STDDEV_SAMP', 2, types.integer()),
  call('APPROX_COUNT_DISTINCT', 1, types.bigint(false)),
]
const outputTypes = [types.integer(), ...calls.map((each) => each.type)]

type Row = readonly [key: number, text: string | null, number: number | null]

/** Rows that are added, and now and then one of them taken back. */
const changes = fc
  .array(
    fc.record({
      row: fc.tuple(fc.nat({ max: 2 }), fc.option(fc.constantFrom('a', 'b', '')), fc.option(fc.integer({ min: -4, max: 4 }))),
      takes: fc.option(fc.nat(), { freq: 3 }),
    }),
    { maxLength: 40 },
  )
  .map((steps): readonly { readonly kind: RowKind; readonly row: Row }[] => {
    const kept: Row[] = []
    return steps.map(({ row, takes }) => {
      if (takes !== null && kept.length > 0) return { kind: RowKind.delete, row: kept.splice(takes % kept.length, 1)[0]! }
      kept.push(row)
      return { kind: RowKind.insert, row }
    })
  })

interface RunningVariance {
  readonly count: number
  readonly mean: number
  readonly squares: number
}

const noVariance: RunningVariance = { count: 0, mean: 0, squares: 0 }

function nextVariance({ count, mean, squares }: RunningVariance, number: number, sign: number): RunningVariance {
  if (count + sign === 0) return noVariance
  const after = mean + (sign * (number - mean)) / (count + sign)
  return { count: count + sign, mean: after, squares: squares + sign * ((number - mean) * (number - after)) }
}

/** By definition: of equal rows the first one goes. */
function expected(given: readonly { readonly kind: RowKind; readonly row: Row }[]): readonly string[] {
  const groups = new Map<number, Row[]>()
  const isEqual = (a: SqlValue, b: SqlValue): boolean => a === b
  const lists = new Map<number, { texts: (string | null)[]; numbers: (number | null)[] }>()
  const running = new Map<number, RunningVariance>()
  const counts = new Map<number, Map<string, number>>()
  for (const { kind, row } of given) {
    const [key, text, number] = row
    const group = groups.get(key) ?? []
    groups.set(key, group)
    const list = lists.get(key) ?? { texts: [], numbers: [] }
    lists.set(key, list)
    const times = counts.get(key) ?? new Map<string, number>()
    counts.set(key, times)
    if (text !== null) {
      const now = (times.get(text) ?? 0) + rowKindSign(kind)
      if (now === 0) times.delete(text)
      else times.set(text, now)
    }
    if (number !== null) running.set(key, nextVariance(running.get(key) ?? noVariance, number, rowKindSign(kind)))
    if (rowKindSign(kind) > 0) {
      group.push(row)
      list.texts.push(text)
      list.numbers.push(number)
      continue
    }
    group.splice(
      group.findIndex((other) => isEqual(other[1], text) && isEqual(other[2], number)),
      1,
    )
    list.texts.splice(list.texts.indexOf(text), 1)
    list.numbers.splice(list.numbers.indexOf(number), 1)
    if (group.length === 0) lists.delete(key)
  }
  return [...groups]
    .filter(([, rows]) => rows.length > 0)
    .map(([key]) => {
      const { texts, numbers } = lists.get(key)!
      const present = texts.filter((text) => text !== null)
      const values = numbers.filter((number) => number !== null)
      const n = values.length
      const sum = values.reduce((a, b) => a + b, 0)
      const square = values.reduce((a, b) => a + b * b, 0) - (sum * sum) / n
      const squares = Math.max(0, running.get(key)?.squares ?? 0)
      // The steps of Welford's method give what the definition gives, but for the last digits; less than nothing is nothing.
      assert(n === 0 || Math.abs(squares - square) < 1e-9)
      const row: SqlValue[] = [
        key,
        present.length === 0 ? null : present.join('/'),
        numbers,
        present.at(0) ?? null,
        values.at(-1) ?? null,
        new SqlMap([...counts.get(key)!.keys()], [...counts.get(key)!.values()]),
        n === 0 ? null : squares / n,
        n < 2 ? null : Math.trunc(Math.sqrt(squares / (n - 1))),
        BigInt(new Set(present).size),
      ]
      return changeText(outputTypes, { kind: 0, row }).slice(2)
    })
    .sort()
}

const settings = fc.record({
  batchRows: fc.constantFrom(1, 7, 4096),
  parallelism: fc.constantFrom(1, 3),
  seed: fc.nat(),
  restoreAt: fc.option(fc.record({ rows: fc.nat({ max: 40 }), parallelism: fc.constantFrom(1, 2, 3) }), { nil: undefined }),
}) satisfies fc.Arbitrary<PlanSettings>

// Goal: lists, variances and counts are those of the rows that are left, in the order in which they came.
// Method: against lists by definition; rows are taken back, batches, subtasks and restores at random.
test('lists and variances follow rows that come and go', async () => {
  await fc.assert(
    fc.asyncProperty(changes, settings, async (given, chosen) => {
      const columns = schema.map((field) => field.name)
      const rows = given.map(({ kind, row }): Change => ({ kind, row: [...row] }))
      const connector = memoryConnector(new Map([['t', { columns, changes: rows, mode: 'retract', blockRows: 4 }]]))
      const plan = groupNode(scanNode('t', schema, 'retract'), [0], calls)
      const run = await runPlan(plan, { ports: nodePorts, connectors: [connector], settings: chosen })
      assert.deepEqual(foldChanges(outputTypes, run.changes), expected(given))
    }),
    { numRuns: 150 },
  )
})
