// Goal: a catalog in a folder lasts, is shared, and refuses what is damaged by name. Method: sessions over one real folder; random types through a file and back.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import fc from 'fast-check'
import { RheoError } from '../base/errors.ts'
import { nodeTextFiles } from '../base/node-text-files.ts'
import { OverlaidTextFiles } from '../base/overlaid-text-files.ts'
import type { TextFiles } from '../base/ports.ts'
import { Catalogs } from '../catalog/catalog.ts'
import type { SourceAbilities } from '../catalog/connector.ts'
import { Settings } from '../catalog/settings.ts'
import type { Table } from '../catalog/table.ts'
import { types, typesEqual } from '../data/types.ts'
import { arbitraryType } from '../../test/arbitrary-values.ts'
import { bindStatement } from './bind.ts'
import { entryOfText, entryText } from './catalog-file.ts'
import { parseScript } from './parser.ts'

let folder = ''
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'rheo-catalog-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A session with the catalog attached: runs statements and gives the rows of the last one. */
function session(textFiles: TextFiles = nodeTextFiles): (sql: string) => readonly string[] {
  const source = (): SourceAbilities => ({
    isBounded: true,
    changes: 'append',
    canProject: false,
    canProjectNested: false,
    canLimit: false,
    canPrunePartitions: false,
    metadata: [{ key: 'file.path', type: types.string() }],
  })
  const connector = { name: 'datagen', doc: '', options: [], source }
  const environment = {
    catalogs: new Catalogs(),
    settings: new Settings(),
    connectors: { get: () => connector, names: () => ['datagen'] },
    textFiles,
  }
  const run = (sql: string): readonly string[] => {
    let rows: readonly string[] = []
    for (const statement of parseScript(sql).statements) {
      const bound = bindStatement(statement, environment)
      rows = bound.kind === 'rows' ? bound.rows.map((row) => row.map(String).join(' ')) : []
    }
    return rows
  }
  run(`CREATE CATALOG c WITH ('type' = 'directory', 'path' = '${folder}/catalog'); USE CATALOG c`)
  return run
}

function refusal(work: () => unknown): { readonly code: string; readonly message: string } {
  try {
    work()
  } catch (error) {
    if (error instanceof RheoError) return { code: error.code, message: error.message }
    throw error
  }
  return { code: 'none', message: '' }
}

const orders = `CREATE TABLE orders (id INT NOT NULL, name STRING COMMENT 'who', ts TIMESTAMP(3), twice AS id * 2, f STRING METADATA FROM 'file.path' VIRTUAL,
  r ROW<\`a b\` INT NOT NULL, m MAP<STRING, ARRAY<DECIMAL(10, 2)>>>, WATERMARK FOR ts AS ts - INTERVAL '5' SECOND, PRIMARY KEY (id) NOT ENFORCED)
  COMMENT 'all of them' PARTITIONED BY (name) WITH ('connector' = 'datagen', 'password' = 'p''w')`

test('tables, views, functions and databases are there in the next session, as they were', () => {
  const first = session()
  first(orders)
  first(`CREATE VIEW big (a, t) COMMENT 'a view' AS SELECT id, ts FROM orders WHERE id > 10`)
  first(
    `CREATE FUNCTION f AS 'com.example.F'; CREATE DATABASE other COMMENT 'more' WITH ('k' = 'v'); CREATE TABLE other.\`x/y "z"\` (a INT)`,
  )
  first(`ALTER TABLE orders ADD PARTITION (name = 'x')`)
  const second = session()
  for (const sql of [
    'SHOW CREATE TABLE orders',
    'DESCRIBE orders',
    'SHOW CREATE VIEW big',
    'DESCRIBE big',
    'SHOW USER FUNCTIONS',
    'SHOW DATABASES',
    'DESCRIBE DATABASE EXTENDED other',
    'SHOW TABLES FROM other',
    'SHOW PARTITIONS orders',
  ]) {
    const rows = first(sql)
    assert.ok(rows.length > 0, sql)
    assert.deepEqual(second(sql), rows, sql)
  }
  assert.deepEqual(second('SHOW TABLES FROM other'), ['x/y "z"'])
  assert.match(second('DESCRIBE big').join('\n'), /\*ROWTIME\*/)
})

test('what one session does, the other one sees at once', () => {
  const [a, b] = [session(), session()]
  a('CREATE TABLE t (a INT)')
  b('ALTER TABLE t ADD b STRING; ALTER TABLE t RENAME TO u')
  assert.deepEqual(a('SHOW TABLES'), ['u'])
  assert.equal(a('DESCRIBE u').length, 2)
  assert.equal(refusal(() => a('CREATE TABLE u (z INT)')).code, 'sql/duplicate-table')
  a('DROP TABLE u; CREATE DATABASE d; CREATE TABLE d.t (a INT)')
  assert.deepEqual(b('SHOW TABLES'), [])
  assert.equal(refusal(() => b('DROP DATABASE d')).code, 'sql/database-not-empty')
  b('DROP DATABASE d CASCADE')
  assert.deepEqual(a('SHOW DATABASES'), ['default'])
})

test('of many sessions that create one table, one does', () => {
  const sessions = Array.from({ length: 8 }, () => session())
  const codes = sessions.map((run, i) => refusal(() => run(`CREATE TABLE t (a${i} INT)`)).code)
  assert.deepEqual(codes, ['none', ...codes.slice(1).map(() => 'sql/duplicate-table')])
})

test('temporary objects leave no file', () => {
  const run = session()
  run(`CREATE TEMPORARY TABLE t (a INT); CREATE TEMPORARY VIEW v AS SELECT 1 AS a`)
  assert.deepEqual(readdirSync(`${folder}/catalog/default`), ['database.json'])
})

test('a damaged file is refused by its name, and the others go on', () => {
  const run = session()
  run(`CREATE TABLE good (a INT); CREATE TABLE bad (a INT)`)
  const file = `${folder}/catalog/default/tables/bad.json`
  const text = readFileSync(file, 'utf8')
  const damages = [
    text.slice(0, 40),
    '',
    'null',
    '[]',
    text.replace('"INT"', '"INTEGRE"'),
    text.replace('"columns"', '"colums"').replace('"name": "bad"', '"name": 3'),
    text.replace('"table"', '"view"'),
    text.replace('"bad"', '"worse"'),
  ]
  for (const damage of damages) {
    writeFileSync(file, damage)
    const { code, message } = refusal(() => run('DESCRIBE bad'))
    assert.equal(code, 'catalog/damaged-file', damage)
    assert.ok(message.includes(file), message)
    assert.equal(run('DESCRIBE good').length, 1)
    assert.deepEqual(run('SHOW TABLES'), ['bad', 'good'])
  }
  writeFileSync(file, text.replace('"rheoCatalog": 1', '"rheoCatalog": 2'))
  assert.equal(refusal(() => run('DESCRIBE bad')).code, 'catalog/version')
})

test('what a damaged file holds is not told', () => {
  const run = session()
  run(`CREATE TABLE t (a INT) WITH ('connector' = 'datagen', 'password' = 'hunter2')`)
  const file = `${folder}/catalog/default/tables/t.json`
  const text = readFileSync(file, 'utf8')
  for (const damage of [text.replace('"hunter2"', 'hunter2'), text.replace('"password": ', 'password '), text.slice(0, -5)]) {
    writeFileSync(file, damage)
    const { code, message } = refusal(() => run('DESCRIBE t'))
    assert.equal(code, 'catalog/damaged-file')
    assert.doesNotMatch(message, /hunter|password/)
  }
})

test('files that a crash left over, and files of others, are in nobody’s way', () => {
  const run = session()
  run('CREATE TABLE t (a INT)')
  writeFileSync(`${folder}/catalog/default/tables/.u.json.0a1b2c`, '{"rheoCa')
  writeFileSync(`${folder}/catalog/default/tables/README.md`, 'hello')
  mkdirSync(`${folder}/catalog/empty`)
  assert.deepEqual(run('SHOW TABLES'), ['t'])
  assert.deepEqual(run('SHOW DATABASES'), ['default'])
})

test('a folder of something else is no catalog', () => {
  mkdirSync(`${folder}/catalog`)
  writeFileSync(`${folder}/catalog/photo.jpg`, '')
  const { code, message } = refusal(() => session())
  assert.equal(code, 'catalog/not-a-catalog')
  assert.match(message, /photo\.jpg/)
  assert.deepEqual(readdirSync(`${folder}/catalog`), ['photo.jpg'])
})

test('explaining leaves the folder as it was', () => {
  session()('CREATE TABLE t (a INT)')
  const before = readdirSync(folder, { recursive: true })
  const run = session(new OverlaidTextFiles(nodeTextFiles))
  run('CREATE TABLE u (a INT); DROP TABLE t; CREATE DATABASE d; CREATE TABLE d.x (a INT)')
  assert.deepEqual(run('SHOW TABLES'), ['u'])
  assert.deepEqual(run('SHOW TABLES FROM d'), ['x'])
  run('DROP DATABASE d CASCADE')
  assert.deepEqual(run('SHOW DATABASES'), ['default'])
  assert.deepEqual(readdirSync(folder, { recursive: true }), before)
})

test('a table of any types comes back from its text, or is refused', () => {
  fc.assert(
    fc.property(arbitraryType, fc.string({ minLength: 1 }), (type, name) => {
      const table: Table = {
        kind: 'table',
        columns: [{ kind: 'physical', name, type }],
        partitionedBy: [],
        options: new Map([[name, name]]),
        isTemporary: false,
      }
      if (JSON.stringify(type).includes('"kind":"NULL"')) {
        assert.equal(refusal(() => entryText('object', name, table)).code, 'catalog/column-type')
        return
      }
      const found = entryOfText('object', name, entryText('object', name, table), 'file')
      assert.ok(found?.kind === 'table')
      assert.equal(found.columns[0]?.name, name)
      assert.ok(typesEqual(found.columns[0].type, type))
      assert.deepEqual(found.options, table.options)
    }),
  )
})
