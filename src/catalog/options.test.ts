import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OptionDefinition, OptionWarning } from './option.ts'
import { checkOptions } from './options.ts'

const definitions: readonly OptionDefinition[] = [
  { key: 'rows', type: 'int', doc: 'Rows.', otherKeys: [{ key: 'max-rows' }, { key: 'row-count', deprecated: true }] },
  { key: 'name', type: 'string', isRequired: true, doc: 'A name.', otherKeys: [{ key: 'title' }] },
]

function check(given: Readonly<Record<string, string>>, ignores?: (key: string) => boolean) {
  const warnings: OptionWarning[] = []
  const values = checkOptions(new Map(Object.entries(given)), definitions, { name: 'the thing', ignores }, (warning) =>
    warnings.push(warning),
  )
  return { values: Object.fromEntries(values), warnings: warnings.map(({ message }) => message) }
}

test('an option may have other keys, which its own goes before', () => {
  assert.deepEqual(check({ 'max-rows': '5', title: 'x' }), { values: { rows: 5, name: 'x' }, warnings: [] })
  assert.deepEqual(check({ 'max-rows': '5', rows: '6', name: 'y', title: 'x' }), { values: { rows: 6, name: 'y' }, warnings: [] })
})

test('a deprecated key is told with the one that is wanted', () => {
  const warnings = ['Option "row-count" is deprecated: wanted is "rows"']
  assert.deepEqual(check({ 'row-count': '7', name: 'x' }), { values: { rows: 7, name: 'x' }, warnings })
})

test('a wrong value is told by the key that was written', () => {
  assert.throws(() => check({ 'max-rows': 'many', name: 'x' }), {
    code: 'sql/option-value',
    message: /^Cannot set option "max-rows": found "many"/,
  })
})

test('an unknown key is refused, or told where its owner ignores it; a required one may not be missing', () => {
  assert.throws(() => check({ rwos: '1', name: 'x' }), { code: 'sql/unknown-option', message: /did you mean "rows"/ })
  const { values, warnings } = check({ rwos: '1', name: 'x' }, () => true)
  assert.deepEqual(values, { name: 'x' })
  assert.match(warnings[0] ?? '', /^Ignored option "rwos": the thing has no such option; did you mean "rows"/)
  assert.throws(() => check({ rows: '1' }), { code: 'sql/missing-option' })
})
