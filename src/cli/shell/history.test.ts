import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { defaultHistoryPath, History } from './history.ts'
import { HistoryPlace } from './history-place.ts'
import { withoutSecrets } from './secrets.ts'

const folder = mkdtempSync(join(tmpdir(), 'rheo-history-'))
after(() => rmSync(folder, { recursive: true, force: true }))

test('statements survive whole, in a file that is private', () => {
  const path = join(folder, 'a/b/history')
  const first = new History(path)
  first.add('SELECT 1,\n  2;')
  first.add('SELECT 1,\n  2;')
  first.add('  ')
  first.add('SHOW TABLES;')
  assert.deepEqual(new History(path).entries, ['SELECT 1,\n  2;', 'SHOW TABLES;'])
  assert.equal(statSync(path).mode & 0o777, 0o600)
  assert.equal(statSync(join(folder, 'a/b')).mode & 0o777, 0o700)
})

test('a file that others may read is closed to them; lines that are none are left out', () => {
  const path = join(folder, 'open')
  writeFileSync(path, '"SELECT 1;"\nbroken\n"SELECT 2;"\n{}\n')
  chmodSync(path, 0o644)
  assert.deepEqual(new History(path).entries, ['SELECT 1;', 'SELECT 2;'])
  assert.equal(statSync(path).mode & 0o777, 0o600)
})

test('the file is bounded, and nothing is left beside it', () => {
  const path = join(folder, 'long')
  writeFileSync(path, Array.from({ length: 5_000 }, (_, i) => `${JSON.stringify(`SELECT ${i};`)}\n`).join(''))
  const { entries } = new History(path)
  assert.equal(entries.length, 2_000)
  assert.equal(entries.at(-1), 'SELECT 4999;')
  assert.equal(readFileSync(path, 'utf8').split('\n').length, 2_001)
  const wide = join(folder, 'wide')
  writeFileSync(wide, Array.from({ length: 100 }, (_, i) => `${JSON.stringify(`${i}${'x'.repeat(20_000)}`)}\n`).join(''))
  assert.ok(new History(wide).entries.length < 60)
  assert.ok(statSync(wide).size <= 1 << 20)
  assert.deepEqual(
    readdirSync(folder).filter((name) => /\d+$/.test(name)),
    [],
  )
})

test('without a file, or with one that cannot be written, the shell remembers what it can', () => {
  for (const path of [undefined, '/proc/nothing/history']) {
    const history = new History(path)
    history.add('SELECT 1;')
    assert.deepEqual(history.entries, ['SELECT 1;'])
  }
})

test('the path is that of XDG', () => {
  assert.equal(defaultHistoryPath({ XDG_STATE_HOME: '/state' }), '/state/rheo/history')
  assert.match(defaultHistoryPath({ XDG_STATE_HOME: 'relative' }), /\/\.local\/state\/rheo\/history$/)
})

test('secrets are masked, or the statement is not kept', () => {
  const kept: readonly (readonly [string, string])[] = [
    [
      "CREATE TABLE t (a INT) WITH ('password' = 'hunter2', 'path' = 'x')",
      "CREATE TABLE t (a INT) WITH ('password' = '****', 'path' = 'x')",
    ],
    ["SET 'fs.s3.access-key'='hunter2';", "SET 'fs.s3.access-key'='****';"],
    ["WITH ('properties.sasl.jaas.config' = 'x required password=\"hunter2\";')", "WITH ('properties.sasl.jaas.config' = '****')"],
    ["WITH ('url' = 'jdbc:postgresql://me:hunter2@host/db')", "WITH ('url' = '****')"],
    ["WITH ('options' = 'user=me;password=hunter2')", "WITH ('options' = '****')"],
    ["WITH ('API-Key' = 'it''s hunter2')", "WITH ('API-Key' = '****')"],
    ["SELECT password FROM users WHERE name = 'ann';", "SELECT password FROM users WHERE name = 'ann';"],
    ["SELECT 'no secret here';", "SELECT 'no secret here';"],
  ]
  for (const [text, masked] of kept) assert.equal(withoutSecrets(text), masked)
  const dropped = [
    "CREATE TABLE t (a INT) WITH ('password' = 'hunter2",
    'CREATE TABLE t (a INT) WITH ("password" = "hunter2")',
    "SET password = 'hunter2'",
    '-- password: hunter2',
    'SELECT 1; // https://me:hunter2@host',
    '\\set DB_PASSWORD hunter2',
  ]
  for (const text of dropped) assert.equal(withoutSecrets(text), undefined, text)
})

test('a walk through the history keeps what is typed', () => {
  const place = new HistoryPlace(['a', 'b'])
  assert.equal(place.older('typed'), 'b')
  assert.equal(place.older('b, changed'), 'a')
  assert.equal(place.older('a'), undefined)
  assert.equal(place.newer('a'), 'b, changed')
  assert.equal(place.newer('b, changed'), 'typed')
  assert.equal(place.newer('typed'), undefined)
})
