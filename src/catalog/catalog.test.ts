import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RheoError } from '../base/errors.ts'
import { types } from '../data/types.ts'
import { Catalogs } from './catalog.ts'
import { checkOptions, parseDuration, parseMemorySize } from './options.ts'
import { Settings } from './settings.ts'
import type { Table } from './table.ts'

function table(column: string, lifetime: 'permanent' | 'temporary' = 'permanent'): Table {
  return {
    kind: 'table',
    columns: [{ kind: 'physical', name: column, type: types.integer() }],
    partitionedBy: [],
    options: new Map(),
    isTemporary: lifetime === 'temporary',
  }
}

function codeOf(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    if (error instanceof RheoError) return error.code
    throw error
  }
  return 'none'
}

test('a name of one to three parts is completed with the current database and catalog', () => {
  const catalogs = new Catalogs()
  assert.deepEqual(catalogs.path(['t']), { catalog: 'default_catalog', database: 'default_database', name: 't' })
  catalogs.createDatabase('default_catalog', { name: 'sales', comment: undefined, options: new Map() })
  catalogs.useDatabase('default_catalog', 'sales')
  assert.deepEqual(catalogs.path(['t']), { catalog: 'default_catalog', database: 'sales', name: 't' })
  assert.deepEqual(catalogs.path(['d', 't']), { catalog: 'default_catalog', database: 'd', name: 't' })
  assert.deepEqual(catalogs.path(['c', 'd', 't']), { catalog: 'c', database: 'd', name: 't' })
})

test('a temporary table hides the permanent one until it is dropped', () => {
  const catalogs = new Catalogs()
  const path = catalogs.path(['t'])
  catalogs.create(path, table('a'), 'fail')
  catalogs.create(path, table('b', 'temporary'), 'fail')
  assert.equal(catalogs.find(path)?.columns[0]?.name, 'b')
  assert.deepEqual(catalogs.objectNames(), ['t'])
  catalogs.drop(path, 'temporary')
  assert.equal(catalogs.find(path)?.columns[0]?.name, 'a')
})

test('names are sorted by code units and case-sensitive', () => {
  const catalogs = new Catalogs()
  for (const name of ['b', 'Delta', 'alpha', 'B']) catalogs.create(catalogs.path([name]), table('x'), 'fail')
  assert.deepEqual(catalogs.objectNames(), ['B', 'Delta', 'alpha', 'b'])
})

test('what is there, or not there, is refused with a code', () => {
  const catalogs = new Catalogs()
  const path = catalogs.path(['orders'])
  catalogs.create(path, table('a'), 'fail')
  assert.equal(catalogs.create(path, table('b'), 'keep'), 'kept')
  assert.equal(
    codeOf(() => catalogs.create(path, table('b'), 'fail')),
    'sql/duplicate-table',
  )
  assert.equal(
    codeOf(() => catalogs.get(catalogs.path(['order']))),
    'sql/unknown-table',
  )
  assert.equal(
    codeOf(() => catalogs.get(catalogs.path(['x', 'orders']))),
    'sql/unknown-database',
  )
  assert.equal(
    codeOf(() => catalogs.get(catalogs.path(['x', 'y', 'orders']))),
    'sql/unknown-catalog',
  )
  assert.throws(() => catalogs.get(catalogs.path(['ordres'])), /did you mean "orders"\?/)
  const sales = { name: 'sales', comment: undefined, options: new Map<string, string>() }
  catalogs.createDatabase('default_catalog', sales)
  assert.equal(
    codeOf(() => catalogs.createDatabase('default_catalog', sales)),
    'sql/duplicate-database',
  )
  catalogs.create(catalogs.path(['sales', 't']), table('a'), 'fail')
  assert.equal(
    codeOf(() => catalogs.dropDatabase('default_catalog', 'sales', 'restrict')),
    'sql/database-not-empty',
  )
  assert.equal(
    codeOf(() => catalogs.dropDatabase('default_catalog', 'default_database', 'cascade')),
    'sql/database-in-use',
  )
  catalogs.dropDatabase('default_catalog', 'sales', 'cascade')
  assert.deepEqual(catalogs.databaseNames(), ['default_database'])
})

test('durations and sizes are read as Flink writes them', () => {
  const durations: readonly (readonly [string, number | undefined])[] = [
    ['100', 100],
    ['5 s', 5000],
    ['1min', 60_000],
    ['2 hours', 7_200_000],
    ['1 d', 86_400_000],
    ['1500 us', 1],
    ['PT1M30S', 90_000],
    ['soon', undefined],
    ['5 parsecs', undefined],
    ['-5 s', undefined],
  ]
  for (const [text, wanted] of durations) assert.equal(parseDuration(text), wanted, text)
  const sizes: readonly (readonly [string, number | undefined])[] = [
    ['64', 64],
    ['64 kb', 65_536],
    ['1m', 1_048_576],
    ['2 GB', 2_147_483_648],
    ['many', undefined],
  ]
  for (const [text, wanted] of sizes) assert.equal(parseMemorySize(text), wanted, text)
})

test('options are checked by their definitions', () => {
  const definitions = [
    { key: 'path', type: 'string', isRequired: true, doc: '' },
    { key: 'rows', type: 'long', doc: '' },
    { key: 'mode', type: { oneOf: ['fast', 'slow'] }, doc: '' },
    { key: 'fields.#.kind', type: 'string', doc: '' },
  ] as const
  const check = (entries: readonly (readonly [string, string])[]): unknown =>
    checkOptions(new Map(entries), definitions, { name: 'connector "x"' })
  assert.deepEqual(
    check([
      ['path', '/a'],
      ['rows', '10'],
      ['mode', 'FAST'],
      ['fields.a.b.kind', 'k'],
    ]),
    new Map<string, unknown>([
      ['path', '/a'],
      ['rows', 10n],
      ['mode', 'fast'],
      ['fields.a.b.kind', 'k'],
    ]),
  )
  assert.equal(
    codeOf(() => check([])),
    'sql/missing-option',
  )
  assert.equal(
    codeOf(() =>
      check([
        ['path', '/a'],
        ['rows', 'ten'],
      ]),
    ),
    'sql/option-value',
  )
  assert.equal(
    codeOf(() =>
      check([
        ['path', '/a'],
        ['mode', 'medium'],
      ]),
    ),
    'sql/option-value',
  )
  assert.throws(() => check([['pth', '/a']]), /did you mean "path"\?/)
})

test('settings are typed, fall back, and know a misspelt key', () => {
  const settings = new Settings(new Map([['rheo.batch.rows', '7']]))
  assert.equal(settings.number('rheo.batch.rows'), 7)
  assert.equal(settings.runtimeMode, 'streaming')
  settings.set('execution.runtime-mode', 'BATCH')
  assert.equal(settings.runtimeMode, 'batch')
  settings.set('table.exec.state.ttl', '1 h')
  assert.equal(settings.number('table.exec.state.ttl'), 3_600_000)
  settings.set('rheo.batch.rows', '9')
  settings.reset('rheo.batch.rows')
  assert.equal(settings.number('rheo.batch.rows'), 7)
  settings.set('some.other.system', 'x')
  assert.equal(settings.text('some.other.system'), 'x')
  settings.resetAll()
  assert.deepEqual(settings.entries(), [['rheo.batch.rows', '7']])
  settings.set('rheo.rules.disabled', 'push-filters, fold-constants')
  assert.deepEqual(settings.disabledRules, new Set(['push-filters', 'fold-constants']))
  assert.equal(
    codeOf(() => settings.set('execution.runtime-mode', 'fast')),
    'sql/option-value',
  )
  assert.equal(
    codeOf(() => settings.set('execution.runtime-mod', 'batch')),
    'sql/unknown-option',
  )
  assert.equal(
    codeOf(() => settings.set('rheo.nothing', '1')),
    'sql/unknown-option',
  )
  assert.equal(
    codeOf(() => settings.set('table.local-time-zone', 'Mars/Olympus')),
    'sql/option-value',
  )
  assert.equal(
    codeOf(() => settings.set('rheo.batch.rows', '5000')),
    'sql/option-value',
  )
})
