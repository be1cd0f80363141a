import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withChart } from './chart.ts'

const table = (values: readonly (string | null)[]): Parameters<typeof withChart>[0] => ({
  columns: [
    { name: 'k', isNumber: false },
    { name: 'n', isNumber: true },
  ],
  rows: values.map((value, i) => [`r${i}`, value]),
})

const drawn = (
  values: readonly (string | null)[],
  form: 'bar' | 'spark',
  histories?: readonly (readonly number[])[],
): readonly (string | null)[] =>
  withChart(table(values), { column: 'n', form }, histories === undefined ? undefined : (row) => histories[row] ?? []).rows.map(
    (row) => row[2] ?? null,
  )

test('bars are on one scale from zero; NULL has none, a little more than nothing is seen', () => {
  assert.deepEqual(drawn(['10', '5', '0', null, '0.01'], 'bar'), ['█'.repeat(20), '█'.repeat(10), '', '', '▏'])
  assert.deepEqual(drawn(['0', '0'], 'bar'), ['', ''])
})

test('with negative numbers zero stands within', () => {
  assert.deepEqual(drawn(['10', '-10', '5'], 'bar'), [' '.repeat(10) + '█'.repeat(10), '█'.repeat(10), ' '.repeat(10) + '█'.repeat(5)])
})

test('a sparkline shows what a value was', () => {
  assert.deepEqual(drawn(['8', '4'], 'spark', [[0, 4, 8], [4]]), ['▁▅█', '▅'])
  assert.deepEqual(drawn(['8', '1', null], 'spark'), ['█', '▂', ''])
})

test('a table without the column is left as it is', () => {
  const shown = table(['1'])
  assert.equal(withChart(shown, { column: 'other', form: 'bar' }), shown)
  assert.equal(withChart(shown, undefined), shown)
})
