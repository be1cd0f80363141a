import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { nodePorts } from '../../base/node-ports.ts'
import { RowKind } from '../../data/row-kind.ts'
import { types } from '../../data/types.ts'
import type { Expr } from '../../expr/expr.ts'
import type { PhysicalNode } from '../../plan/physical.ts'
import { type Change, memoryConnector } from '../../testing/memory-connector.ts'
import { calcNode, groupNode, joinNode, scanNode, schemaOf, unionNode } from '../../testing/plan-nodes.ts'
import { changeText, foldChanges, runPlan } from '../../testing/run-plan.ts'
import type { JobSettings } from './job.ts'

// Goal: a plan of which a part has several readers gives the changes, in their order, that it gives when each reader has a part of its own.
// Method: plans are made twice by one recipe: with one object for the part, and with objects of different ids. Unions and joins of filters, aggregates and limits of
// the part, beside a table of their own, which is longer or shorter.

const integer = types.integer()
const schema = schemaOf([integer, integer])
const column = (index: number): Expr => ({ kind: 'column', index, type: integer })
const literal = (value: number): Expr => ({ kind: 'literal', type: types.integer(false), value })

type Read = (input: PhysicalNode, id: string) => PhysicalNode

const readers: readonly Read[] = [
  (input) => input,
  (input, id) => ({ ...calcNode(input, [column(1), column(0)]), id }),
  (input, id) => ({
    ...calcNode(input, [column(0), column(1)], { kind: 'call', name: '>', args: [column(1), literal(3)], type: types.boolean() }),
    id,
  }),
  (input, id) => groupNode(input, [0], [{ name: 'MAX', args: [1], argTypes: [integer], distinct: false, type: integer }], { id }),
  (input, id) => {
    const { changes } = input
    return { kind: 'limit', id, input, offset: 1, count: 3, schema, changes, uniqueKeys: [], upsertKeys: [] }
  },
]

interface Recipe {
  readonly base: number
  readonly readers: readonly number[]
  readonly withOther: boolean
  readonly joins: boolean
}

function planOf(recipe: Recipe, isShared: boolean): PhysicalNode {
  const shared = readers[recipe.base]!(scanNode('t', schema), 'base')
  const part = (copy: number): PhysicalNode => {
    if (isShared) return shared
    return readers[recipe.base]!({ ...scanNode('t', schema), id: `t ${copy}` }, `base ${copy}`)
  }
  const inputs = recipe.readers.map((reader, i) => readers[reader]!(part(i), `reader ${i}`))
  if (recipe.joins) {
    const sides = { joinType: 'left', leftKeys: [0], rightKeys: [0], stateTtlMs: [0, 0] } as const
    return joinNode(inputs[0]!, inputs[1]!, sides)
  }
  const other = recipe.withOther ? [scanNode('other', schema)] : []
  const [first, ...rest] = inputs
  const changes = inputs.every((input) => input.changes === 'append') ? 'append' : 'retract'
  return { ...unionNode([first!, ...other, ...rest]), changes }
}

const rows = fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 9 })), { maxLength: 14 })
const recipes: fc.Arbitrary<Recipe> = fc.record({
  base: fc.integer({ min: 0, max: 3 }),
  readers: fc.array(fc.integer({ min: 0, max: readers.length - 1 }), { minLength: 2, maxLength: 4 }),
  withOther: fc.boolean(),
  joins: fc.boolean(),
})
const settings: fc.Arbitrary<Partial<JobSettings>> = fc.record({
  batchRows: fc.constantFrom(1, 2, 4096),
  parallelism: fc.constantFrom(1, 3),
  seed: fc.integer({ min: 0, max: 99 }),
  restoreAt: fc.option(fc.record({ rows: fc.integer({ min: 1, max: 20 }), parallelism: fc.constantFrom(1, 2) }), { nil: undefined }),
})

const tableOf = (values: readonly (readonly number[])[]) => ({
  columns: ['c0', 'c1'],
  changes: values.map((row): Change => ({ kind: RowKind.insert, row })),
  mode: 'append' as const,
  blockRows: 2,
})

test('a shared part gives what parts of their own give', async () => {
  await fc.assert(
    fc.asyncProperty(recipes, rows, rows, settings, async (recipe, mine, others, more) => {
      const connectors = [
        memoryConnector(
          new Map([
            ['t', tableOf(mine)],
            ['other', tableOf(others)],
          ]),
        ),
      ]
      const plan = planOf(recipe, true)
      const expected = await runPlan(planOf(recipe, false), { ports: nodePorts, connectors, settings: { batchRows: more.batchRows ?? 1 } })
      const actual = await runPlan(plan, { ports: nodePorts, connectors, settings: more })
      const rowTypes = plan.schema.map((field) => field.type)
      assert.deepEqual(foldChanges(rowTypes, actual.changes), foldChanges(rowTypes, expected.changes))
      if (more.parallelism !== 1 || more.restoreAt !== undefined) return
      const texts = (changes: readonly Change[]): readonly string[] => changes.map((change) => changeText(rowTypes, change))
      assert.deepEqual(texts(actual.changes), texts(expected.changes))
    }),
    { numRuns: 300 },
  )
})

test('a shared table is read once', async () => {
  const connectors = [memoryConnector(new Map([['t', tableOf(Array.from({ length: 9 }, (_, i) => [i, i]))]]))]
  const scan = scanNode('t', schema)
  for (const parallelism of [1, 3]) {
    const { summary, changes } = await runPlan(unionNode([scan, scan, scan]), { ports: nodePorts, connectors, settings: { parallelism } })
    assert.equal(summary.rowsIn, 9)
    assert.equal(changes.length, 27)
  }
})
