import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { nodePorts } from '../base/node-ports.ts'
import { RowKind } from '../data/row-kind.ts'
import { types } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import { type Change, memoryConnector } from '../testing/memory-connector.ts'
import { exchangeNode, scanNode, schemaOf, type PhysicalNode } from '../testing/plan-nodes.ts'
import { type PlanSettings, changeText, foldChanges, runPlan } from '../testing/run-plan.ts'
import { type FixedWindow, windowsOf } from './window-layout.ts'

// Sorting, normalizing and window table functions against a definition by arrays.

const settings = fc.record({
  batchRows: fc.constantFrom(1, 7, 4096),
  parallelism: fc.constantFrom(1, 3),
  seed: fc.nat(),
  restoreAt: fc.option(fc.record({ rows: fc.nat({ max: 40 }), parallelism: fc.constantFrom(1, 2, 3) }), { nil: undefined }),
}) satisfies fc.Arbitrary<PlanSettings>

const rowTypes = [types.timestamp(3), types.integer(), types.string(), types.double()]
const schema = schemaOf(rowTypes)
const columns = schema.map((field) => field.name)
const nothing = { uniqueKeys: [], upsertKeys: [] }

const row = fc.tuple<[bigint, number | null, string | null, number | null]>(
  fc.integer({ min: -30, max: 60 }).map((ms) => BigInt(ms) * 1_000_000n),
  fc.option(fc.integer({ min: 0, max: 5 })),
  fc.option(fc.constantFrom('', 'a', 'Z', 'é', '\u{1F600}', '\uFFEE')),
  fc.option(fc.constantFrom(0, -0, 1.5, Number.NaN, Number.POSITIVE_INFINITY, -2)),
)
const rows = fc.array(row, { maxLength: 40 })

const connectorOf = (changes: readonly Change[], mode: 'append' | 'retract' | 'upsert', blockRows: number) =>
  memoryConnector(new Map([['t', { columns, changes, mode, blockRows }]]))
const inserts = (list: readonly (readonly SqlValue[])[]): readonly Change[] => list.map((values) => ({ kind: RowKind.insert, row: values }))

test('sorts by several columns with NULL where it is wanted, and cuts', async () => {
  const order = fc.record({
    column: fc.nat({ max: 3 }),
    order: fc.constantFrom('ascending' as const, 'descending' as const),
    nulls: fc.constantFrom('first' as const, 'last' as const),
  })
  await fc.assert(
    fc.asyncProperty(
      rows,
      fc.array(order, { minLength: 1, maxLength: 3 }),
      fc.nat({ max: 5 }),
      settings,
      async (list, keys, offset, chosen) => {
        const input = scanNode('t', schema)
        const plan: PhysicalNode = { kind: 'sort', id: 'sort', input, keys, offset, count: 20, schema, changes: 'append', ...nothing }
        const { changes } = await runPlan(plan, {
          ports: nodePorts,
          connectors: [connectorOf(inserts(list), 'append', 3)],
          settings: chosen,
        })
        const wanted = list.toSorted((a, b) => {
          for (const key of keys) {
            const [x, y] = [rank(a[key.column]!), rank(b[key.column]!)]
            if (x === null || y === null) {
              if (x === y) continue
              return (x === null) === (key.nulls === 'first') ? -1 : 1
            }
            const compared =
              typeof x === 'string'
                ? Buffer.compare(Buffer.from(x), Buffer.from(y as string))
                : x < (y as number)
                  ? -1
                  : x > (y as number)
                    ? 1
                    : 0
            if (compared !== 0) return key.order === 'ascending' ? compared : -compared
          }
          return 0
        })
        assert.deepEqual(
          changes.map((change) => change.row),
          wanted.slice(offset, offset + 20),
        )
      },
    ),
    { numRuns: 100 },
  )
})

/** A number that sorts as the value: NaN above all, -0 right below 0. */
function rank(value: SqlValue): number | string | null | bigint {
  if (typeof value !== 'number') return value as string | null | bigint
  if (Number.isNaN(value)) return 1e300
  if (Object.is(value, -0)) return -1e-300
  return value === Number.POSITIVE_INFINITY ? 1e299 : value
}

test('normalizes upserts: the last row of each key, old rows before new ones', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(row, fc.boolean()), { maxLength: 40 }), settings, async (list, chosen) => {
      const changes = list.map(([values, isDeleted]): Change => ({ kind: isDeleted ? RowKind.delete : RowKind.updateAfter, row: values }))
      const input = exchangeNode(scanNode('t', schema, 'upsert'), [1])
      const plan: PhysicalNode = {
        kind: 'changelog-normalize',
        stateTtlMs: 0,
        id: 'n',
        input,
        keys: [1],
        schema,
        changes: 'retract',
        ...nothing,
      }
      const run = await runPlan(plan, { ports: nodePorts, connectors: [connectorOf(changes, 'upsert', 3)], settings: chosen })
      const table = new Map<SqlValue, readonly SqlValue[]>()
      for (const { kind, row: values } of changes) {
        if (kind === RowKind.delete) table.delete(values[1]!)
        else table.set(values[1]!, values)
      }
      assert.deepEqual(foldChanges(rowTypes, run.changes), textsOf(rowTypes, [...table.values()]))
      for (let i = 1; i < run.changes.length && chosen.parallelism === 1; i++) {
        if (run.changes[i]!.kind === RowKind.updateAfter) assert.equal(run.changes[i - 1]!.kind, RowKind.updateBefore)
      }
    }),
    { numRuns: 100 },
  )
})

const tableWindows: readonly FixedWindow[] = [
  { kind: 'tumble', sizeMs: 10, offsetMs: 3 },
  { kind: 'hop', sizeMs: 12, slideMs: 4, offsetMs: 0 },
  { kind: 'hop', sizeMs: 3, slideMs: 5, offsetMs: 0 },
  { kind: 'cumulate', maxSizeMs: 12, stepMs: 4, offsetMs: 0 },
]
const windowTypes = [...rowTypes, types.timestamp(3, false), types.timestamp(3, false), types.timestamp(3, false)]

test('a window table function gives each row once for each of its windows', async () => {
  await fc.assert(
    fc.asyncProperty(rows, fc.constantFrom(...tableWindows), settings, async (list, window, chosen) => {
      const input = scanNode('t', schema)
      const plan: PhysicalNode = {
        kind: 'window-table-function',
        id: 'w',
        input,
        timeColumn: 0,
        window,
        schema: schemaOf(windowTypes),
        changes: 'append',
        ...nothing,
      }
      const run = await runPlan(plan, { ports: nodePorts, connectors: [connectorOf(inserts(list), 'append', 3)], settings: chosen })
      const wanted = list.flatMap((values) =>
        windowsOf(window, Number(values[0] / 1_000_000n)).map(({ start, end }) => [
          ...values,
          ...[start, end, end - 1].map((ms) => BigInt(ms) * 1_000_000n),
        ]),
      )
      assert.deepEqual(
        run.changes.map((change) => change.row),
        wanted,
      )
    }),
    { numRuns: 100 },
  )
})

function textsOf(of: typeof rowTypes, list: readonly (readonly SqlValue[])[]): readonly string[] {
  return list.map((values) => changeText(of, { kind: RowKind.insert, row: values }).slice(2)).sort()
}
