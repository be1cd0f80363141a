import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { nodePorts } from '../base/node-ports.ts'
import { RowKind } from '../data/row-kind.ts'
import { types } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import type { AggregateCall } from '../expr/aggregate.ts'
import { type Change, memoryConnector } from '../testing/memory-connector.ts'
import { groupNode, scanNode, schemaOf } from '../testing/plan-nodes.ts'
import { type PlanSettings, changeText, foldChanges, runPlan } from '../testing/run-plan.ts'

const rowTypes = [types.integer(), types.integer(), types.string(), types.boolean()]
const schema = schemaOf(rowTypes)
const value = types.integer()
const text = types.string()

const call = (name: string, args: readonly number[], type: AggregateCall['type'], more: Partial<AggregateCall> = {}): AggregateCall => ({
  name,
  args,
  argTypes: args.map((arg) => rowTypes[arg]!),
  distinct: false,
  type,
  ...more,
})

const aggregates: readonly AggregateCall[] = [
  call('COUNT', [], types.bigint(false)),
  call('COUNT', [1], types.bigint(false)),
  call('SUM', [1], value),
  call('AVG', [1], value),
  call('MIN', [1], value),
  call('MAX', [2], text),
  call('FIRST_VALUE', [2], text),
  call('LAST_VALUE', [2], text),
  call('COUNT', [1], types.bigint(false), { distinct: true }),
  call('SUM', [1], value, { filter: 3 }),
]

type Row = readonly [number | null, number | null, string | null, boolean | null]

/** What the aggregates give for one group: its rows, and its texts in order of arrival. */
function evaluate(rows: readonly Row[], texts: readonly string[]): readonly SqlValue[] {
  const numbers = rows.flatMap((row) => (row[1] === null ? [] : [row[1]]))
  const sum = (list: readonly number[]): number | null => (list.length === 0 ? null : list.reduce((a, b) => (a + b) | 0, 0))
  const total = numbers.reduce((a, b) => a + b, 0)
  return [
    BigInt(rows.length),
    BigInt(numbers.length),
    sum(numbers),
    numbers.length === 0 ? null : Math.trunc(total / numbers.length),
    numbers.length === 0 ? null : Math.min(...numbers),
    texts.length === 0 ? null : texts.toSorted().at(-1)!,
    texts[0] ?? null,
    texts.at(-1) ?? null,
    BigInt(new Set(numbers).size),
    sum(rows.flatMap((row) => (row[3] === true && row[1] !== null ? [row[1]] : []))),
  ]
}

const outputTypes = [value, ...aggregates.map((aggregate) => aggregate.type)]

/** The final table by definition: lists of rows and texts, from which what is taken back leaves where it first is. */
function expected(changes: readonly Change[], keyed: boolean): readonly string[] {
  const groups = new Map<number | null, { rows: Row[]; texts: string[] }>()
  for (const { kind, row } of changes) {
    const [key, , text] = row as Row
    const group = groups.get(keyed ? key : 0) ?? { rows: [], texts: [] }
    groups.set(keyed ? key : 0, group)
    if (kind === RowKind.insert || kind === RowKind.updateAfter) {
      group.rows.push(row as Row)
      if (text !== null) group.texts.push(text)
    } else {
      group.rows.splice(
        group.rows.findIndex((other) => JSON.stringify(other) === JSON.stringify(row)),
        1,
      )
      if (text !== null) group.texts.splice(group.texts.indexOf(text), 1)
    }
  }
  return [...groups]
    .filter(([, group]) => group.rows.length > 0)
    .map(([key, { rows, texts }]) => {
      const values = evaluate(rows, texts)
      return changeText(keyed ? outputTypes : outputTypes.slice(1), { kind: 0, row: keyed ? [key, ...values] : values }).slice(2)
    })
    .sort()
}

const row: fc.Arbitrary<Row> = fc.tuple<[number | null, number | null, string | null, boolean | null]>(
  fc.option(fc.integer({ min: 0, max: 4 })),
  fc.option(fc.integer({ min: -3, max: 3 })),
  fc.option(fc.constantFrom('a', 'b', 'cc', '')),
  fc.option(fc.boolean()),
)

const appending = fc
  .array(row, { maxLength: 60 })
  .map((rows): readonly Change[] => rows.map((values) => ({ kind: RowKind.insert, row: values })))

/** Changes that only take back rows that are there, oldest of its kind first. */
const changing = fc.array(fc.tuple(row, fc.nat({ max: 5 })), { maxLength: 60 }).map((steps): readonly Change[] => {
  const live: Row[] = []
  return steps.map(([values, choice]): Change => {
    if (choice < 3 || live.length === 0) {
      live.push(values)
      return { kind: choice === 0 ? RowKind.updateAfter : RowKind.insert, row: values }
    }
    const wanted = JSON.stringify(live[choice % live.length])
    const [taken] = live.splice(
      live.findIndex((other) => JSON.stringify(other) === wanted),
      1,
    )
    return { kind: choice === 3 ? RowKind.updateBefore : RowKind.delete, row: taken! }
  })
})

const settings = fc.record({
  batchRows: fc.constantFrom(1, 7, 4096),
  parallelism: fc.constantFrom(1, 3),
  seed: fc.nat(),
  restoreAt: fc.option(fc.record({ rows: fc.nat({ max: 60 }), parallelism: fc.constantFrom(1, 2, 3) }), { nil: undefined }),
}) satisfies fc.Arbitrary<PlanSettings>

for (const input of ['appending', 'changing'] as const) {
  for (const emission of ['batch', 'row'] as const) {
    for (const keyed of [true, false]) {
      // Goal: the fold of the changes is the table by definition, in whatever pieces and places the work is done.
      // Method: random rows, few keys and values, so that groups empty and fill and values repeat.
      test(`${input} rows ${keyed ? 'by key' : 'in one group'} give the right table, changes by ${emission}`, async () => {
        await fc.assert(
          fc.asyncProperty(
            input === 'appending' ? appending : changing,
            settings,
            fc.integer({ min: 1, max: 9 }),
            async (changes, chosen, blockRows) => {
              const mode = input === 'appending' ? 'append' : 'retract'
              const connector = memoryConnector(new Map([['t', { columns: schema.map((field) => field.name), changes, mode, blockRows }]]))
              const plan = groupNode(scanNode('t', schema, mode), keyed ? [0] : [], aggregates, { emission })
              const run = await runPlan(plan, { ports: nodePorts, connectors: [connector], settings: chosen })
              assert.deepEqual(foldChanges(keyed ? outputTypes : outputTypes.slice(1), run.changes), expected(changes, keyed))
              assert.equal(run.summary.rowsIn, changes.length)
            },
          ),
          { numRuns: 100 },
        )
      })
    }
  }
}

test('a row that is taken back without having been there changes nothing', async () => {
  const changes: readonly Change[] = [
    { kind: RowKind.delete, row: [1, 1, 'a', true] },
    { kind: RowKind.insert, row: [1, 2, 'b', true] },
  ]
  const connector = memoryConnector(
    new Map([['t', { columns: schema.map((field) => field.name), changes, mode: 'retract' as const, blockRows: 1 }]]),
  )
  const plan = groupNode(scanNode('t', schema, 'retract'), [0], [call('COUNT', [], types.bigint(false)), call('SUM', [1], value)])
  const run = await runPlan(plan, { ports: nodePorts, connectors: [connector] })
  assert.deepEqual(run.changes, [{ kind: RowKind.insert, row: [1, 1n, 2] }])
})

// Goal: an aggregate over aggregates that looks at the order of arrival sees the order of the source's rows.
// Method: the answer of one subtask with single rows is the measure.
test('changes of many subtasks meet again in the order of the rows that caused them', async () => {
  const count = types.bigint(false)
  const ofCount = (name: string): AggregateCall => ({ name, args: [1], argTypes: [count], distinct: false, type: types.bigint() })
  await fc.assert(
    fc.asyncProperty(changing, settings, fc.constantFrom([], [1]), async (changes, chosen, keys) => {
      const connector = memoryConnector(
        new Map([['t', { columns: schema.map((field) => field.name), changes, mode: 'retract' as const, blockRows: 5 }]]),
      )
      const counted = groupNode(scanNode('t', schema, 'retract'), [0], [call('COUNT', [], count)], { emission: 'row' })
      const plan = groupNode(counted, keys, [ofCount('FIRST_VALUE'), ofCount('LAST_VALUE')], { id: 'upper' })
      const outputs = plan.schema.map((field) => field.type)
      const measure = await runPlan(plan, { ports: nodePorts, connectors: [connector], settings: { batchRows: 1 } })
      const run = await runPlan(plan, { ports: nodePorts, connectors: [connector], settings: chosen })
      assert.deepEqual(foldChanges(outputs, run.changes), foldChanges(outputs, measure.changes))
    }),
    { numRuns: 150 },
  )
})
