import assert from 'node:assert/strict'
import { test } from 'node:test'
import { types } from '../data/types.ts'
import type { AggregateCall } from '../expr/aggregate.ts'
import type { Expr } from '../expr/expr.ts'
import { markOneWay } from './growing-columns.ts'
import type { PhysicalNode, PhysicalOf } from './physical.ts'

const call = (name: string, args: readonly number[]): AggregateCall => ({
  name,
  args,
  argTypes: args.map(() => types.bigint()),
  distinct: false,
  type: types.bigint(),
})

const column = (index: number): Expr => ({ kind: 'column', index, type: types.bigint() })

/** `k, COUNT(*), MIN(v)` by k of rows that are only added, or also taken back. */
function counts(inputRetracts: boolean): PhysicalOf<'group-aggregate'> {
  const fields = { schema: [], uniqueKeys: [], upsertKeys: [] }
  const input: PhysicalNode = { ...fields, kind: 'values', id: 'v', rows: [], changes: 'append' }
  return {
    ...fields,
    kind: 'group-aggregate',
    id: 'g',
    input,
    keys: [0],
    aggregates: [call('COUNT', []), call('MIN', [1])],
    inputRetracts,
    emitsUpdateBefore: true,
    emission: 'batch',
    stateTtlMs: 0,
    mode: 'streaming',
    changes: 'retract',
  }
}

const calc = (input: PhysicalNode, condition: Expr): PhysicalNode => ({
  ...input,
  kind: 'calc',
  input,
  condition,
  projections: [column(1), column(0), column(2)],
})

const marks = (input: PhysicalNode, keys: readonly number[], calls: readonly AggregateCall[]): readonly boolean[] =>
  markOneWay(calls, keys, input).map(({ oneWay }) => oneWay === true)

test('MAX of a count and MIN of a minimum go one way', () => {
  const calls = [call('MAX', [1]), call('MIN', [1]), call('MIN', [2]), call('SUM', [1]), call('MAX', [0])]
  assert.deepEqual(marks(counts(false), [], calls), [true, false, true, false, false])
  assert.deepEqual(marks(counts(false), [0], calls), [true, false, true, false, false])
})

test('nothing does where rows are deleted or may leave their group', () => {
  assert.deepEqual(marks(counts(true), [], [call('MAX', [1])]), [false])
  assert.deepEqual(marks(counts(false), [1], [call('MAX', [1])]), [false])
})

test('a condition keeps it only if no row stops passing', () => {
  const compare = (name: string): Expr => ({
    kind: 'call',
    name,
    args: [column(1), { kind: 'literal', value: 1n, type: types.bigint(false) }],
    type: types.boolean(),
  })
  assert.deepEqual(marks(calc(counts(false), compare('>')), [1], [call('MAX', [0])]), [true])
  assert.deepEqual(marks(calc(counts(false), compare('<')), [1], [call('MAX', [0])]), [false])
})
