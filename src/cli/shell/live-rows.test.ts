import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RowKind } from '../../data/row-kind.ts'
import { types } from '../../data/types.ts'
import { LiveRows } from './live-rows.ts'

const schema = [
  { name: 'k', type: types.string() },
  { name: 'n', type: types.bigint() },
]
const keyed = { schema, isAppendOnly: false, upsertKeys: [[0]], orderKeys: [] }

test('an update keeps the place of its row; a row that is taken back for good goes', () => {
  const rows = new LiveRows(keyed, 1)
  rows.add(RowKind.insert, ['a', '1'])
  rows.add(RowKind.insert, ['b', '1'])
  rows.add(RowKind.updateBefore, ['a', '1'])
  rows.add(RowKind.updateAfter, ['a', '2'])
  assert.deepEqual(rows.rows(0, 9), {
    cells: [
      ['a', '2'],
      ['b', '1'],
    ],
    histories: [[1, 2], [1]],
  })
  rows.add(RowKind.updateBefore, ['a', '2'])
  assert.deepEqual(rows.rows(0, 9).cells, [['b', '1']])
  assert.equal(rows.keptCount, 1)
  rows.add(RowKind.delete, ['b', '1'])
  assert.deepEqual([rows.rowCount, rows.changeCount, rows.keptCount], [0, 6, 0])
  assert.deepEqual(rows.changes(2), ['-U[a, 2]', '-D[b, 1]'])
})

test('rows without a key are counted, NULL is told', () => {
  const rows = new LiveRows({ ...keyed, upsertKeys: [] }, -1)
  for (const kind of [RowKind.insert, RowKind.insert, RowKind.delete]) rows.add(kind, ['a', null])
  rows.add(RowKind.insert, ['b', '1'])
  assert.deepEqual(rows.rows(0, 9).cells, [
    ['a', null],
    ['b', '1'],
  ])
  assert.equal(rows.changes(9)[0], '+I[a, null]')
})

test('what ORDER BY sorts is shown sorted, numbers as numbers', () => {
  const rows = new LiveRows({ ...keyed, orderKeys: [{ column: 1, order: 'descending', nulls: 'last' }] }, -1)
  for (const cells of [
    ['a', '9'],
    ['b', null],
    ['c', '10'],
    ['d', '9007199254740993'],
    ['e', '9007199254740992'],
  ])
    rows.add(RowKind.insert, cells)
  assert.deepEqual(
    rows.rows(0, 9).cells.map(([key]) => key),
    ['d', 'e', 'c', 'a', 'b'],
  )
})

test('what is kept is bounded, what is counted is not', () => {
  const appended = new LiveRows({ ...keyed, isAppendOnly: true }, -1)
  for (let i = 0; i < 5_000; i++) appended.add(RowKind.insert, ['x', String(i)])
  assert.deepEqual([appended.rowCount, appended.keptCount], [5_000, 1_000])
  assert.deepEqual(appended.rows(999, 9).cells, [['x', '4999']])
  const updated = new LiveRows(keyed, -1)
  for (let i = 0; i < 12_000; i++) updated.add(RowKind.insert, [String(i), '1'])
  assert.deepEqual([updated.rowCount, updated.keptCount], [12_000, 10_000])
  assert.ok(updated.changes(5_000).length <= 2_000)
})
