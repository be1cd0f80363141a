// Goal: what COMPILE PLAN wrote runs as long as its version is read, and whatever is not such a plan is refused with a code.
// Method: files that earlier commits compiled are in compiled/vN (never changed; UPDATE_PLANS=1 adds those that are missing). Each runs in a session without tables and prints what
// its query prints when it is planned today.
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { Session } from '../../src/api/session.ts'
import { COMPILED_PLAN_VERSION } from '../../src/plan/compiled-plan.ts'

const root = join(import.meta.dirname, '../..')
const compiled = join(import.meta.dirname, 'compiled')
const data = 'test/conformance/data'

const tables = `
CREATE TABLE orders (oid INT, cid INT, region STRING, amount DECIMAL(10, 2), qty INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND)
  WITH ('connector' = 'filesystem', 'path' = '${data}/joins_orders.jsonl', 'format' = 'json');
CREATE TABLE payments (pid STRING, oid INT, paid DECIMAL(10, 2), \`method\` STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
  WITH ('connector' = 'filesystem', 'path' = '${data}/joins_payments.jsonl', 'format' = 'json');
CREATE TABLE customers (id INT, name STRING, region STRING, tier STRING)
  WITH ('connector' = 'filesystem', 'path' = '${data}/joins_customers.jsonl', 'format' = 'json');
CREATE TABLE ticks (symbol STRING, price INT, vol INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '20' SECOND)
  WITH ('connector' = 'filesystem', 'path' = '${data}/patterns_ticks.jsonl', 'format' = 'json');
`

interface Job {
  /** The columns of the printing sink. */
  readonly sink: string
  readonly queries: readonly string[]
  readonly mode?: 'batch'
}

const jobs: Readonly<Record<string, Job>> = {
  calc: {
    sink: 'a STRING, b DECIMAL(12, 2), c TIMESTAMP(3), d STRING, e BYTES',
    queries: [
      `SELECT UPPER(region), amount * 2 + 0.01, ts + INTERVAL '1' DAY, CASE WHEN qty > 1 THEN 'many' ELSE CAST(qty AS STRING) END, X'0aff' FROM orders WHERE amount > 10.5 OR region IN ('us', 'x')`,
    ],
  },
  groups: {
    sink: 'region STRING, n BIGINT, items BIGINT, total DECIMAL(38, 2), seen BIGINT',
    queries: ['SELECT region, COUNT(*), COUNT(DISTINCT cid), SUM(amount), COUNT(*) FILTER (WHERE qty > 1) FROM orders GROUP BY region'],
  },
  windows: {
    sink: 'region STRING, w TIMESTAMP(3), n BIGINT',
    queries: [
      `SELECT region, window_start, COUNT(*) FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY region, window_start, window_end`,
    ],
  },
  joins: {
    sink: 'oid INT, name STRING, how STRING',
    queries: [
      `SELECT o.oid, c.name, p.\`method\` FROM orders AS o LEFT JOIN customers AS c ON o.cid = c.id
       JOIN payments AS p ON p.oid = o.oid AND p.ts BETWEEN o.ts - INTERVAL '1' MINUTE AND o.ts + INTERVAL '10' MINUTE`,
    ],
  },
  ranks: {
    sink: 'region STRING, oid INT, r BIGINT',
    queries: [
      'SELECT region, oid, r FROM (SELECT region, oid, ROW_NUMBER() OVER (PARTITION BY region ORDER BY amount DESC) AS r FROM orders) WHERE r <= 2',
    ],
  },
  patterns: {
    sink: 'symbol STRING, f TIMESTAMP(3), a INT',
    queries: [
      `SELECT symbol, f, a FROM ticks MATCH_RECOGNIZE (PARTITION BY symbol ORDER BY ts MEASURES FIRST(A.ts) AS f, AVG(A.price) AS a PATTERN (A+ B) DEFINE A AS AVG(A.price) < 13)`,
    ],
  },
  sets: {
    sink: 'a STRING, n BIGINT',
    queries: [
      'SELECT region, COUNT(*) FROM orders GROUP BY region',
      'SELECT tier, COUNT(*) FROM customers GROUP BY tier',
      `VALUES ('x', 1), (NULL, 2)`,
    ],
  },
  batch: {
    sink: 'oid INT, amount DECIMAL(10, 2)',
    queries: ['SELECT oid, amount FROM orders ORDER BY amount DESC, oid LIMIT 5'],
    mode: 'batch',
  },
}

let folder = ''
const before = process.cwd()
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rheo-plans-'))
  process.chdir(root)
})
afterEach(() => {
  process.chdir(before)
  rmSync(folder, { recursive: true, force: true })
})

class Shell {
  #printed = ''
  readonly #session = Session.local({ output: (_, bytes) => void (this.#printed += Buffer.from(bytes).toString()) })

  /** Runs statements and gives what they print, sorted. */
  async run(...statements: readonly string[]): Promise<readonly string[]> {
    this.#printed = ''
    for (const statement of statements) await this.#session.sql(statement).execute().print()
    return this.#printed.split('\n').slice(0, -1).sort()
  }
}

function statementsOf(script: string): readonly string[] {
  return script.split(';').filter((each) => each.trim() !== '')
}

async function shellFor({ mode }: Pick<Job, 'mode'>): Promise<Shell> {
  const shell = new Shell()
  if (mode === 'batch') await shell.run(`SET 'execution.runtime-mode' = 'batch'`)
  return shell
}

function insertOf({ queries }: Job): string {
  const inserts = queries.map((query) => `INSERT INTO sink ${query}`)
  return inserts.length === 1 ? inserts[0]! : `STATEMENT SET BEGIN ${inserts.join('; ')}; END`
}

async function shellWithTables(job: Job): Promise<Shell> {
  const shell = await shellFor(job)
  await shell.run(...statementsOf(tables), `CREATE TABLE sink (${job.sink}) WITH ('connector' = 'print')`)
  return shell
}

for (const [name, job] of Object.entries(jobs)) {
  const file = join(compiled, `v${COMPILED_PLAN_VERSION}`, `${name}.json`)
  test(`a plan of ${name} is kept in this version`, async () => {
    if (process.env['UPDATE_PLANS'] === '1' && !existsSync(file)) {
      mkdirSync(join(file, '..'), { recursive: true })
      await (await shellWithTables(job)).run(`COMPILE PLAN '${file}' FOR ${insertOf(job)}`)
    }
    assert.ok(existsSync(file), 'UPDATE_PLANS=1 compiles it')
  })
}

for (const version of readdirSync(compiled)) {
  for (const file of readdirSync(join(compiled, version))) {
    test(`${version}/${file} runs and prints what its query prints`, async () => {
      const job = jobs[file.replace('.json', '')]!
      const wanted = await (await shellWithTables(job)).run(...job.queries.map((query) => `INSERT INTO sink ${query}`))
      assert.ok(wanted.length > 1)
      assert.deepEqual(await (await shellFor(job)).run(`EXECUTE PLAN '${join(compiled, version, file)}'`), wanted)
    })
  }
}

const print = `CREATE TABLE sink (n INT) WITH ('connector' = 'print')`

test('a file is written once, unless told otherwise', async () => {
  const shell = new Shell()
  const plan = join(folder, 'a/plan.json')
  await shell.run(print)
  assert.deepEqual(await shell.run(`COMPILE AND EXECUTE PLAN '${plan}' FOR INSERT INTO sink VALUES (1)`), ['+I[1]'])
  assert.deepEqual(await shell.run(`COMPILE AND EXECUTE PLAN '${plan}' FOR INSERT INTO sink VALUES (2)`), ['+I[1]'])
  await shell.run(`COMPILE PLAN '${plan}' IF NOT EXISTS FOR INSERT INTO sink VALUES (3)`)
  await assert.rejects(shell.run(`COMPILE PLAN '${plan}' FOR INSERT INTO sink VALUES (4)`), { code: 'plan/file-exists' })
  assert.deepEqual(await shell.run(`EXECUTE PLAN 'file://${plan}'`), ['+I[1]'])
  await shell.run(`SET 'table.plan.force-recompile' = 'true'`, `COMPILE PLAN '${plan}' FOR INSERT INTO sink VALUES (5)`)
  assert.deepEqual(await shell.run(`EXECUTE PLAN '${plan}'`), ['+I[5]'])
})

test('what is no plan, or a newer one, is refused', async () => {
  const shell = new Shell()
  const plan = join(folder, 'plan.json')
  await shell.run(print, `COMPILE PLAN '${plan}' FOR INSERT INTO sink VALUES (1)`)
  const text = readFileSync(plan, 'utf8')
  const refused = async (changed: string, code: string): Promise<void> => {
    writeFileSync(plan, changed)
    await assert.rejects(shell.run(`EXECUTE PLAN '${plan}'`), { code }, changed.slice(0, 80))
  }
  await refused('', 'plan/damaged')
  await refused(text.slice(0, -30), 'plan/damaged')
  await refused('[1]', 'plan/damaged')
  await refused('{"a": 1}', 'plan/damaged')
  await refused(text.replace('"streaming"', '"batch"'), 'plan/damaged')
  await refused(text.replace(/"digest".*/, '').replace('"kind": "sink"', '"kind": "drain"'), 'plan/damaged')
  await refused(text.replace('"rheoCompiledPlan": 1', '"rheoCompiledPlan": 2'), 'plan/version')
  await refused(text.replace(/"digest".*/, '').replace('"rheoPlan": 1', '"rheoPlan": 99'), 'plan/version')
  await assert.rejects(shell.run(`EXECUTE PLAN '${folder}/none.json'`), { code: 'plan/no-file' })
  writeFileSync(plan, text.replace(/"digest".*/, '').replace(/\[\s*1\s*\]/, '[7]'))
  assert.deepEqual(await shell.run(`EXECUTE PLAN '${plan}'`), ['+I[7]'])
  await shell.run(`SET 'execution.runtime-mode' = 'batch'`)
  await assert.rejects(shell.run(`EXECUTE PLAN '${plan}'`), { code: 'plan/mode' })
})

test('a plan takes the tables that the catalog has now, and its own where it has none', async () => {
  const shell = new Shell()
  const plan = join(folder, 'plan.json')
  const source = (end: number): string =>
    `CREATE TABLE t (a INT) WITH ('connector' = 'datagen', 'fields.a.kind' = 'sequence', 'fields.a.start' = '1', 'fields.a.end' = '${end}', 'rows-per-second' = '1000000')`
  await shell.run(print, source(3), `COMPILE PLAN '${plan}' FOR INSERT INTO sink SELECT a FROM t /*+ OPTIONS('number-of-rows' = '2') */`)
  const execute = `EXECUTE PLAN '${plan}'`
  assert.deepEqual(await shell.run(execute), ['+I[1]', '+I[2]'])
  await shell.run(`ALTER TABLE t SET ('fields.a.start' = '2')`)
  assert.deepEqual(await shell.run(execute), ['+I[2]', '+I[3]'])
  await shell.run(`SET 'table.plan.restore.catalog-objects' = 'ALL_ENFORCED'`)
  assert.deepEqual(await shell.run(execute), ['+I[1]', '+I[2]'])
  await shell.run(`SET 'table.plan.restore.catalog-objects' = 'ALL'`, 'ALTER TABLE t ADD b INT')
  await assert.rejects(shell.run(execute), { code: 'plan/table-changed' })
  await shell.run('DROP TABLE t')
  assert.deepEqual(await shell.run(execute), ['+I[1]', '+I[2]'])
  await shell.run(`SET 'table.plan.restore.catalog-objects' = 'IDENTIFIER'`)
  await assert.rejects(shell.run(execute), { code: 'plan/unknown-table' })
})

test('a function of a module is found again by its module, and only as it was', async () => {
  const module = join(folder, 'functions.ts')
  const plan = join(folder, 'plan.json')
  writeFileSync(module, `export const twice = { args: ['INT'], returns: 'INT', call: (x) => x * 2 }`)
  const shell = new Shell()
  await shell.run(print, statementsOf(tables)[0]!, `CREATE FUNCTION twice AS '${module}#twice' LANGUAGE TYPESCRIPT`)
  await shell.run(`COMPILE PLAN '${plan}' FOR INSERT INTO sink SELECT twice(oid) FROM orders WHERE oid <= 101`)
  assert.deepEqual(await new Shell().run(`EXECUTE PLAN '${plan}'`), ['+I[200]', '+I[202]'])
  const text = readFileSync(plan, 'utf8').replace(/"digest".*/, '')
  writeFileSync(plan, text.replace(/@[0-9a-f]{16}/g, '@0123456789abcdef'))
  await assert.rejects(new Shell().run(`EXECUTE PLAN '${plan}'`), { code: 'plan/function-changed' })
})
