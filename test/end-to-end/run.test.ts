// Goal: the command line keeps its contract. Method: the built bin runs in a process of its own, as a user would run it.
import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { folderWith, rheo } from './rheo.ts'

const orders = `CREATE TABLE orders (id INT, customer STRING, amount DECIMAL(10, 2)) WITH ('connector' = 'filesystem', 'path' = 'orders.csv', 'format' = 'csv');\n`

test('the main job prints flights by week in less than two seconds', async () => {
  const { status, out, error, seconds } = await rheo(['run', 'examples/flights.sql'])
  assert.equal(status, 0, error)
  assert.equal(out.split('\n')[0], 'week\tflights\tmean_delay\tlongest_delay\tover_an_hour')
  const flights = out
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => Number(line.split('\t')[1]))
  assert.equal(
    flights.reduce((sum, count) => sum + count, 0),
    20_000,
  )
  assert.match(error, /20,000 read in .* late 0 · bad 0/)
  assert.ok(seconds < 2, `${seconds} s`)
})

test('the first stream runs until Ctrl-C, which ends it cleanly', async () => {
  const { status, out, error } = await rheo(['run', 'examples/seed.sql'], { interrupt: { afterLines: 3, signal: 'SIGINT' } })
  assert.equal(status, 0, error)
  for (const line of out.trim().split('\n')) assert.match(line, /^\+I\[-?\d+, [0-9A-F]{100}\]$/)
  assert.match(error, /^stopped · \d+ rows in .*watermark none\n$/)
})

test('SIGTERM stops as Ctrl-C does', async () => {
  const { status, error } = await rheo(['run', 'examples/seed.sql'], { interrupt: { afterLines: 1, signal: 'SIGTERM' } })
  assert.equal(status, 0, error)
  assert.match(error, /^stopped/)
})

test('a closed pipe ends the job quietly', async () => {
  const script = "CREATE TABLE t (n INT) WITH ('connector' = 'datagen', 'rows-per-second' = '100000');\nSELECT n FROM t;"
  const { status, error } = await rheo(['run', '-'], { input: script, closeAfterLines: 5 })
  assert.equal(status, 0)
  assert.equal(error, '')
})

test('each format prints what the contract says', async () => {
  using folder = folderWith({ 'orders.csv': '1,ann,9.50\n2,"b,ob",\n', 'job.sql': `${orders}SELECT id, customer, amount FROM orders;` })
  const options = { cwd: folder.path }
  writeFileSync(
    join(folder.path, 'job.sql'),
    readFileSync(join(folder.path, 'job.sql'), 'utf8').replace("'format' = 'csv'", "'format' = 'csv', 'csv.null-literal' = ''"),
  )
  assert.equal((await rheo(['run', 'job.sql'], options)).out, 'id\tcustomer\tamount\n1\tann\t9.50\n2\tb,ob\tNULL\n')
  assert.equal((await rheo(['run', 'job.sql', '--format', 'changelog'], options)).out, '+I[1, ann, 9.50]\n+I[2, b,ob, null]\n')
  assert.equal((await rheo(['run', 'job.sql', '--format', 'csv'], options)).out, 'op,id,customer,amount\n+I,1,ann,9.50\n+I,2,"b,ob",\n')
  const json = (await rheo(['run', 'job.sql', '--format', 'json'], options)).out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  assert.deepEqual(json, [
    { op: '+I', row: { id: 1, customer: 'ann', amount: 9.5 } },
    { op: '+I', row: { id: 2, customer: 'b,ob', amount: null } },
  ])
})

test('variables are replaced, and an unknown one is named with its place', async () => {
  const script = "SELECT '${WHO}' AS who;"
  assert.equal((await rheo(['run', '-', '--var', 'WHO=you'], { input: script })).out, 'who\nyou\n')
  const { status, error } = await rheo(['run', '-'], { input: script })
  assert.equal(status, 2)
  assert.match(error, /^<stdin>:1:9: Cannot replace "\$\{WHO\}".*\[cli\/unknown-variable\]\n$/)
})

test('errors name place and code; exit status 2 is the user, 3 the outside', async () => {
  using folder = folderWith({
    'orders.csv': '1,ann,9.50\n2,bob,abc\n',
    'column.sql': `${orders}SELECT amuont FROM orders;`,
    'data.sql': `${orders}SELECT * FROM orders;`,
    'missing.sql': orders.replace('orders.csv', 'nowhere.csv') + 'SELECT * FROM orders;',
  })
  const options = { cwd: folder.path }
  const column = await rheo(['run', 'column.sql'], options)
  assert.equal(column.status, 2)
  assert.match(column.error, /^column\.sql:2:8: .*"amuont".*did you mean "amount"\?.*\[sql\/unknown-column\]\n$/)
  const data = await rheo(['run', 'data.sql'], options)
  assert.equal(data.status, 3)
  assert.match(
    data.error,
    /orders\.csv:2: Cannot read the row: field "amount" holds "abc" and wants DECIMAL\(10, 2\).*\[format\/bad-field\]/,
  )
  const missing = await rheo(['run', 'missing.sql'], options)
  assert.equal(missing.status, 3)
  assert.match(missing.error, /nowhere\.csv.*\[file\/not-found\]/)
  assert.equal((await rheo(['rnu', 'column.sql'])).status, 2)
  assert.match((await rheo(['run', 'x.sql', '--fromat', 'csv'])).error, /did you mean "--format"\?/)
})

test('what is ignored is counted', async () => {
  using folder = folderWith({
    'orders.csv': '1,ann,9.50\n2,bob,abc\n3,cy,1.00,too,many\n',
    'job.sql': `${orders.replace("'csv')", "'csv', 'csv.ignore-parse-errors' = 'true')")}SELECT * FROM orders;`,
  })
  const { status, out, error } = await rheo(['run', 'job.sql', '--format', 'changelog', '--summary', 'json'], { cwd: folder.path })
  assert.equal(status, 0, error)
  assert.equal(out, '+I[1, ann, 9.50]\n+I[2, bob, null]\n')
  assert.equal(JSON.parse(error.trim().split('\n').at(-1)!).badRecords, 2)
})

test('files are written, read back, and found by pattern and in gzip', async () => {
  using folder = folderWith({
    'orders.csv': '1,ann,9.50\n2,bob,4.00\n',
    'write.sql': `${orders}
CREATE TABLE big (id INT, amount DECIMAL(10, 2)) WITH ('connector' = 'filesystem', 'path' = 'out', 'format' = 'json');
SET 'execution.runtime-mode' = 'batch';
INSERT OVERWRITE big SELECT id, amount FROM orders WHERE amount > 5;
SELECT * FROM big;`,
  })
  const { status, out, error } = await rheo(['run', 'write.sql'], { cwd: folder.path })
  assert.equal(status, 0, error)
  assert.equal(out, 'id\tamount\n1\t9.50\n')
  const files = readdirSync(join(folder.path, 'out')).filter((name) => !/^[._]/.test(name))
  assert.equal(files.length, 1)
  mkdirSync(join(folder.path, 'zipped'))
  writeFileSync(join(folder.path, 'zipped/a.csv.gz'), gzipSync('7,gz,1.00\n'))
  const read = orders.replace('orders.csv', 'zipped') + 'SELECT id, customer FROM orders;'
  assert.equal((await rheo(['run', '-'], { cwd: folder.path, input: read })).out, 'id\tcustomer\n7\tgz\n')
})

test('an endless INSERT must stand last', async () => {
  const script = `CREATE TABLE t (n INT) WITH ('connector' = 'datagen');
CREATE TABLE s (n INT) WITH ('connector' = 'blackhole');
INSERT INTO s SELECT n FROM t;
SELECT 1;`
  const { status, error } = await rheo(['run', '-'], { input: script })
  assert.equal(status, 2)
  assert.match(error, /^<stdin>:3:1: .*\[plan\/endless-insert\]/)
})

test('a job ends whose LIMIT has all that it needs while rows of a shared table wait for their turn', async () => {
  using folder = folderWith({
    't.csv': Array.from({ length: 40 }, (_, i) => `${i % 5},${i}\n`).join(''),
    'job.sql': `CREATE TABLE t (k INT, n BIGINT) WITH ('connector' = 'filesystem', 'path' = 't.csv', 'format' = 'csv');
      SET 'rheo.source.block' = '16';
      SELECT COUNT(*) AS c FROM t LEFT JOIN (SELECT 1 AS x FROM t AS a JOIN t AS b ON a.k = b.k LIMIT 1) AS q ON TRUE;`,
  })
  const { out, status } = await rheo(['run', 'job.sql'], { cwd: folder.path })
  assert.deepEqual({ out, status }, { out: 'c\n40\n', status: 0 })
})

test('help tells what an error code means, and which code may have been meant', async () => {
  assert.deepEqual(await rheo(['help', 'sql/unknown-column']).then(({ out, status }) => ({ out, status })), {
    out: 'There is no such column.\n',
    status: 0,
  })
  const { error, status } = await rheo(['help', 'sql/unknown-colum'])
  assert.match(error, /Cannot tell of "sql\/unknown-colum": .*did you mean "sql\/unknown-column"\?  \[cli\/usage\]/)
  assert.equal(status, 2)
})

test('help teaches, and every command has one', async () => {
  const { out, status } = await rheo(['--help'])
  assert.equal(status, 0)
  for (const name of ['run', 'explain', 'bench', 'completion']) {
    assert.match(out, new RegExp(`^  ${name} `, 'm'))
    assert.match((await rheo([name, '--help'])).out, /usage: rheo .*\n[^]*examples:/)
  }
})
