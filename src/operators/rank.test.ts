import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { nodePorts } from '../base/node-ports.ts'
import { Random } from '../base/random.ts'
import { RowKind } from '../data/row-kind.ts'
import { types } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import { type Change, memoryConnector } from '../testing/memory-connector.ts'
import { exchangeNode, scanNode, schemaOf, watermarkNode, type PhysicalNode } from '../testing/plan-nodes.ts'
import { type PlanSettings, changeText, foldChanges, runPlan } from '../testing/run-plan.ts'

// Goal: Top-N and deduplication are what a sort of all rows gives, whatever the batches, subtasks and restores, and after every change the table that a
// reader has is right. Method: random additions and deletions against arrays.

const settings = fc.record({
  batchRows: fc.constantFrom(1, 7, 4096),
  parallelism: fc.constantFrom(1, 3),
  seed: fc.nat(),
  restoreAt: fc.option(fc.record({ rows: fc.nat({ max: 40 }), parallelism: fc.constantFrom(1, 2, 3) }), { nil: undefined }),
}) satisfies fc.Arbitrary<PlanSettings>

const rowTypes = [types.timestamp(3), types.integer(), types.integer(), types.string()]
const schema = schemaOf(rowTypes)
const columns = schema.map((field) => field.name)
const nothing = { uniqueKeys: [], upsertKeys: [] }

type Row = readonly [bigint, number | null, number | null, string]
const row: fc.Arbitrary<Row> = fc.tuple(
  fc.nat({ max: 30 }).map((ms) => BigInt(ms) * 1_000_000n),
  fc.option(fc.nat({ max: 2 }), { nil: null }),
  fc.option(fc.nat({ max: 5 }), { nil: null }),
  fc.constantFrom('a', 'b', 'c'),
)

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

const bounds = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.nat({ max: 3 })).map(([from, more]) => ({ from, to: from + more }))

/** NULL is the smallest. */
function topOf(present: readonly Row[], { from, to }: { from: number; to: number }, showsRank: boolean): readonly (readonly SqlValue[])[] {
  const keys = new Set(present.map((values) => values[1]))
  return [...keys].flatMap((key) =>
    present
      .filter((values) => values[1] === key)
      .toSorted((a, b) => (b[2] ?? -1) - (a[2] ?? -1) || (a[3] < b[3] ? -1 : a[3] > b[3] ? 1 : 0))
      .map((values, i) => (showsRank ? [...values, BigInt(i + 1)] : values))
      .slice(from - 1, to),
  )
}

for (const mode of ['append', 'retract'] as const) {
  test(`keeps the first rows of each partition (${mode})`, async () => {
    await fc.assert(
      fc.asyncProperty(changing, bounds, fc.boolean(), settings, async (all, range, showsRank, chosen) => {
        const changes = mode === 'append' ? all.map((change): Change => ({ ...change, kind: RowKind.insert })) : all
        const outTypes = showsRank ? [...rowTypes, types.bigint(false)] : rowTypes
        const plan: PhysicalNode = {
          kind: 'rank',
          stateTtlMs: 0,
          id: 'rank',
          input: exchangeNode(scanNode('t', schema, mode), [1]),
          keys: [1],
          orderKeys: [
            { column: 2, order: 'descending', nulls: 'last' },
            { column: 3, order: 'ascending', nulls: 'first' },
          ],
          ties: 'first-come',
          ...range,
          showsRank,
          inputRetracts: mode === 'retract',
          emitsUpdateBefore: true,
          schema: schemaOf(outTypes),
          changes: 'retract',
          ...nothing,
        }
        const connectors = [memoryConnector(new Map([['t', { columns, changes, mode, blockRows: 3 }]]))]
        const run = await runPlan(plan, { ports: nodePorts, connectors, settings: chosen })
        const present: Row[] = []
        for (const { kind, row: values } of changes) {
          if (kind === RowKind.insert) present.push(values as Row)
          else
            present.splice(
              present.findIndex((other) => other.every((value, i) => value === values[i])),
              1,
            )
        }
        // Rows that the order does not tell apart differ in their time only.
        const withoutTime = (list: readonly (readonly SqlValue[])[]): readonly string[] =>
          list.map((values) => changeText(outTypes.slice(1), { kind: RowKind.insert, row: values.slice(1) })).sort()
        const left = run.changes.map((change) => ({ ...change, row: change.row.slice(1) }))
        assert.deepEqual(
          foldChanges(outTypes.slice(1), left).map((text) => `+I${text}`),
          withoutTime(topOf(present, range, showsRank)),
        )
      }),
      { numRuns: 150 },
    )
  })
}

/** Rows of one partition that come in the order of their times, and which of those that are there goes. */
const oneOrder = fc.array(fc.tuple(fc.nat({ max: 12 }), fc.nat()), { maxLength: 60, size: 'max' }).map((steps) => {
  const present: Row[] = []
  return steps.map(([value, choice], i): Change => {
    if (choice % 4 !== 0 || present.length === 0) {
      const values: Row = [BigInt(i) * 1_000_000n, 1, value === 12 ? null : value, 'a']
      present.push(values)
      return { kind: RowKind.insert, row: values }
    }
    return { kind: RowKind.delete, row: present.splice(choice % present.length, 1)[0]! }
  })
})

for (const ties of ['first-come', 'last-come'] as const) {
  for (const mode of ['append', 'retract'] as const) {
    test(`rows that the one key of the order does not tell apart stand ${ties}, of few rows and of many (${mode})`, async () => {
      const wide = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.nat({ max: 30 })).map(([from, more]) => ({ from, to: from + more }))
      await fc.assert(
        fc.asyncProperty(oneOrder, wide, fc.constantFrom(1, 7, 4096), async (all, range, batchRows) => {
          const changes = mode === 'append' ? all.map((change): Change => ({ ...change, kind: RowKind.insert })) : all
          const outTypes = [...rowTypes, types.bigint(false)]
          const plan: PhysicalNode = {
            kind: 'rank',
            stateTtlMs: 0,
            id: 'rank',
            input: exchangeNode(scanNode('t', schema, mode), [1]),
            keys: [1],
            orderKeys: [{ column: 2, order: 'descending', nulls: 'last' }],
            ties,
            ...range,
            showsRank: true,
            inputRetracts: mode === 'retract',
            emitsUpdateBefore: true,
            schema: schemaOf(outTypes),
            changes: 'retract',
            ...nothing,
          }
          const connectors = [memoryConnector(new Map([['t', { columns, changes, mode, blockRows: 60 }]]))]
          const run = await runPlan(plan, { ports: nodePorts, connectors, settings: { batchRows } })
          const present: (readonly SqlValue[])[] = []
          for (const { kind, row: values } of changes) {
            if (kind === RowKind.insert) present.push(values)
            else present.splice(present.indexOf(values), 1)
          }
          const inTime = ties === 'first-come' ? present : present.toReversed()
          const expected = inTime
            .toSorted((a, b) => Number(b[2] ?? -1) - Number(a[2] ?? -1))
            .map((values, i) => changeText(outTypes, { kind: RowKind.insert, row: [...values, BigInt(i + 1)] }))
            .slice(range.from - 1, range.to)
          assert.deepEqual(
            foldChanges(outTypes, run.changes).map((text) => `+I${text}`),
            expected.toSorted(),
          )
        }),
        { numRuns: 100 },
      )
    })
  }
}

test('a long batch, of which a part is stored at a time, makes the changes that single rows make', async () => {
  const random = new Random(7)
  const draw = (bound: number): number => random.nextInt(bound)
  const changes = Array.from({ length: 3000 }, (_, i): Change => ({
    kind: RowKind.insert,
    row: [BigInt(i) * 1_000_000n, draw(3), draw(400), 'abc'[draw(3)]!],
  }))
  const outTypes = [...rowTypes, types.bigint(false)]
  const plan: PhysicalNode = {
    kind: 'rank',
    stateTtlMs: 0,
    id: 'rank',
    input: exchangeNode(scanNode('t', schema, 'append'), [1]),
    keys: [1],
    orderKeys: [
      { column: 2, order: 'descending', nulls: 'last' },
      { column: 3, order: 'ascending', nulls: 'first' },
    ],
    ties: 'first-come',
    from: 1,
    to: 200,
    showsRank: true,
    inputRetracts: false,
    emitsUpdateBefore: true,
    schema: schemaOf(outTypes),
    changes: 'retract',
    ...nothing,
  }
  const texts: (readonly string[])[] = []
  for (const batchRows of [1, 4096]) {
    const connectors = [memoryConnector(new Map([['t', { columns, changes, mode: 'append', blockRows: 3000 }]]))]
    const run = await runPlan(plan, { ports: nodePorts, connectors, settings: { batchRows } })
    texts.push(run.changes.map((change) => changeText(outTypes, change)))
  }
  assert.ok(texts[0]!.length > 20_000, 'changes fill their room more than once')
  assert.deepEqual(texts[1], texts[0])
})

test('keeps the first row of each key by event time once the watermark has reached it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 40 }), settings, async (list, chosen) => {
      const changes = list.map((values): Change => ({ kind: RowKind.insert, row: values }))
      const time = { kind: 'column', index: 0, type: rowTypes[0]! } as const
      const input = exchangeNode(watermarkNode(scanNode('t', schema), 0, time), [1])
      const plan: PhysicalNode = {
        kind: 'deduplicate',
        id: 'first',
        input,
        keys: [1],
        timeColumn: 0,
        stateTtlMs: 0,
        schema,
        changes: 'append',
        ...nothing,
      }
      const connectors = [memoryConnector(new Map([['t', { columns, changes, mode: 'append', blockRows: 3 }]]))]
      const run = await runPlan(plan, { ports: nodePorts, connectors, settings: chosen })
      const first = new Map<number | null, Row>()
      let watermark = -1n
      for (const values of list) {
        const before = first.get(values[1])
        if (values[0] >= watermark && (before === undefined || values[0] < before[0])) first.set(values[1], values)
        if (values[0] > watermark) watermark = values[0]
      }
      assert.deepEqual(
        run.changes.map((change) => changeText(rowTypes, change)).sort(),
        [...first.values()].map((values) => changeText(rowTypes, { kind: RowKind.insert, row: values })).sort(),
      )
    }),
    { numRuns: 150 },
  )
})
