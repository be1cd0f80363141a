// Goal: a program gets rows, back-pressure, ends and errors as the session promises. Method: real queries over generated rows and VALUES, in process.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RheoError } from '../base/errors.ts'
import { nodePorts } from '../base/node-ports.ts'
import type { Change } from './query.ts'
import { Session } from './session.ts'

const numbers = (
  options = "'rows-per-second' = '10000000'",
): string => `CREATE TABLE numbers (n BIGINT) WITH ('connector' = 'datagen', 'fields.n.kind' = 'sequence',
  'fields.n.start' = '1', 'fields.n.end' = '1000000000', ${options})`

/** A session whose printed bytes are kept; `taken` gives what was printed since it was asked last. */
function printingSession(): { readonly session: Session; readonly taken: () => string } {
  let text = ''
  const session = Session.local({ output: (_, bytes) => void (text += Buffer.from(bytes).toString()) })
  const taken = (): string => {
    const printed = text
    text = ''
    return printed
  }
  return { session, taken }
}

async function collect<Row>(changes: AsyncIterable<Change<Row>>, most = Infinity): Promise<Change<Row>[]> {
  const all: Change<Row>[] = []
  for await (const change of changes) if (all.push(change) >= most) break
  return all
}

test("the mission's example in six lines", async () => {
  const session = Session.local()
  session.sql(`CREATE TABLE input_table (id INT, data STRING) WITH ('connector' = 'datagen', 'rows-per-second' = '1000')`)
  const query = session.sql<{ id: number; upper_data: string }>('SELECT id, UPPER(data) AS upper_data FROM input_table')
  const changes = await collect(query, 3)
  assert.equal(changes.length, 3)
  for (const { op, row } of changes) {
    assert.equal(op, '+I')
    assert.equal(typeof row.id, 'number')
    assert.match(row.upper_data, /^[0-9A-F]{100}$/)
  }
})

test('values are what the table of types says', async () => {
  const session = Session.local({ settings: { 'table.local-time-zone': 'Europe/Berlin' } })
  const [change] = await collect(
    session.sql(`SELECT 1 AS i, CAST(9007199254740993 AS BIGINT) AS b, 1.50 AS d, 'x' AS s, x'6869' AS y, DATE '2024-02-29' AS d8,
      TIMESTAMP '2024-02-29 12:00:00.5' AS ts, TO_TIMESTAMP_LTZ(0, 3) AS ltz, ROW(1, 'a') AS r, ARRAY[1, 2] AS a, MAP['k', 1] AS m,
      CAST(NULL AS INT) AS nothing, TRUE AS yes`),
  )
  assert.deepEqual(change?.row, {
    i: 1,
    b: 9007199254740993n,
    d: '1.50',
    s: 'x',
    y: new Uint8Array([0x68, 0x69]),
    d8: '2024-02-29',
    ts: '2024-02-29 12:00:00.5',
    ltz: new Date(0),
    r: { EXPR$0: 1, EXPR$1: 'a' },
    a: [1, 2],
    m: new Map([['k', 1]]),
    nothing: null,
    yes: true,
  })
})

test('ARRAY_AGG leaves NULLs out where it is told so, with what else it has', async () => {
  const session = Session.local({ settings: { 'execution.runtime-mode': 'batch' } })
  const lists = await collect(
    session.sql(`SELECT k, ARRAY_AGG(x) IGNORE NULLS AS a, ARRAY_AGG(DISTINCT x IGNORE NULLS) AS b, ARRAY_AGG(x ORDER BY x DESC) IGNORE NULLS AS c,
      ARRAY_AGG(x) IGNORE NULLS FILTER (WHERE x > 1) AS d, ARRAY_AGG(x) RESPECT NULLS AS e
    FROM (VALUES ('k', 1), ('k', CAST(NULL AS INT)), ('k', 2), ('n', CAST(NULL AS INT))) AS t (k, x) GROUP BY k`),
  )
  assert.deepEqual(
    lists.map(({ row }) => row),
    [
      { k: 'k', a: [1, 2], b: [1, 2], c: [2, 1], d: [2], e: [1, null, 2] },
      { k: 'n', a: null, b: null, c: null, d: null, e: [null] },
    ],
  )
})

test('updates come as pairs', async () => {
  const session = Session.local()
  const changes = await collect(session.sql('SELECT k, COUNT(*) AS n FROM (VALUES (1), (1)) AS t (k) GROUP BY k'))
  assert.deepEqual(changes.filter(({ op }) => op === '+I' || op === '+U').at(-1)?.row, { k: 1, n: 2n })
})

test('leaving the loop stops the job, also when the reader is slow', async () => {
  const session = Session.local()
  session.sql(numbers())
  const query = session.sql('SELECT n FROM numbers')
  for await (const { row } of query) {
    if (row['n'] !== 20_000n) continue
    await new Promise((resolve) => setTimeout(resolve, 20))
    break
  }
  assert.equal(query.isRunning, false)
  assert.equal((await collect(query, 1)).length, 1, 'it may run again')
})

test('an error in the body of the loop stops the job', async () => {
  const session = Session.local()
  session.sql(numbers())
  const query = session.sql('SELECT n FROM numbers')
  await assert.rejects(async () => {
    for await (const _ of query) throw new Error('mine')
  }, /mine/)
  assert.equal(query.isRunning, false)
})

test('a slow reader holds the job back', async () => {
  const memory = process.memoryUsage().heapUsed
  const session = Session.local()
  session.sql(numbers())
  let count = 0
  let last = 0n
  for await (const { row } of session.sql<{ n: bigint }>('SELECT n FROM numbers')) {
    assert.equal(row.n, ++last, 'no row is lost and none comes twice')
    if (++count % 5000 === 0) await new Promise((resolve) => setTimeout(resolve, 10))
    if (count === 60_000) break
  }
  assert.ok(process.memoryUsage().heapUsed - memory < 100e6, 'the queue is bounded')
})

test('DDL and SET have worked when sql() returns', () => {
  const session = Session.local()
  session.sql(numbers())
  session.sql(`SET 'table.local-time-zone' = 'Asia/Tokyo'`)
  assert.deepEqual(
    session.sql('SELECT n FROM numbers').schema.map(({ name }) => name),
    ['n'],
  )
  assert.throws(() => session.sql(numbers()), { code: 'sql/duplicate-table' })
})

test('SHOW and DESCRIBE give rows and print them', async () => {
  const { session, taken } = printingSession()
  session.sql(numbers())
  assert.deepEqual(await collect(session.sql('SHOW TABLES')), [{ op: '+I', row: { 'table name': 'numbers' } }])
  const [column] = await collect(session.sql<{ name: string; type: string }>('DESCRIBE numbers'))
  assert.deepEqual([column?.row.name, column?.row.type], ['n', 'BIGINT'])
  await session.sql('SHOW TABLES').execute().print()
  assert.equal(taken(), '+I[numbers]\n')
  await session.sql("SET 'rheo.seed' = '7'").execute().print()
  assert.equal(taken(), '')
})

test('print() prints changes and gives the numbers', async () => {
  const { session, taken } = printingSession()
  const summary = await session.sql("SELECT * FROM (VALUES (1, 'a'), (2, CAST(NULL AS STRING))) AS t (i, s)").execute().print()
  assert.equal(taken(), '+I[1, a]\n+I[2, null]\n')
  assert.equal(summary.rowsOut, 2)
})

test('an INSERT runs when it is executed', async () => {
  const { session, taken } = printingSession()
  session.sql("CREATE TABLE sink (i INT) WITH ('connector' = 'print')")
  const insert = session.sql('INSERT INTO sink VALUES (1), (2)')
  await new Promise((resolve) => setTimeout(resolve, 5))
  assert.equal(taken(), '')
  await insert.execute().done()
  assert.equal(taken(), '+I[1]\n+I[2]\n')
})

test('a schema is checked against the plan', () => {
  const session = Session.local()
  const sql = "SELECT 1 AS id, 'a' AS name"
  session.sql("CREATE TABLE t (id INT, name STRING) WITH ('connector' = 'datagen')")
  session.sql('SELECT id, name FROM t', { id: 'INT', name: 'STRING' })
  assert.throws(() => session.sql('SELECT id, name FROM t', { id: 'BIGINT', nam: 'STRING' }), {
    code: 'plan/row-type',
    message: /"id" is INT, wanted is BIGINT; "nam" is missing; "name" is not expected; the query has id INT, name STRING$/,
  })
  assert.throws(() => session.sql("SET 'rheo.seed' = '1'", { id: 'INT' }), { code: 'plan/row-type' })
  assert.equal(session.sql(sql).schema.length, 2)
})

test('mistakes are thrown by sql(), with their place', () => {
  const session = Session.local()
  const error = caught(() => session.sql('SELECT 1,\n  wrong'))
  assert.equal(error.code, 'sql/unknown-column')
  assert.deepEqual([error.place?.position?.line, error.place?.position?.column], [2, 3])
  assert.throws(() => session.sql('SELECT 1; SELECT 2'), { code: 'sql/one-statement' })
  assert.throws(() => session.sql(' '), { code: 'sql/syntax' })
})

test('failures of the job reach the reader, print() and done()', async () => {
  const session = Session.local()
  const query = session.sql("SELECT CAST(s AS INT) AS i FROM (VALUES ('1'), ('x')) AS t (s)")
  const rows: unknown[] = []
  await assert.rejects(
    async () => {
      for await (const { row } of query) rows.push(row)
    },
    { code: 'data/cast', message: /"x" to INT in "CAST\(s AS INT\)"/ },
  )
  assert.deepEqual(rows, [{ i: 1 }], 'the rows before it came first')
  await assert.rejects(query.execute().done(), { code: 'data/cast' })
  assert.equal(query.isRunning, false)
})

test('close() ends what runs, and the session then takes nothing', async () => {
  const session = Session.local()
  session.sql(numbers(`'rows-per-second' = '1000'`))
  session.sql("CREATE TABLE sink (n BIGINT) WITH ('connector' = 'blackhole')")
  const insert = session.sql('INSERT INTO sink SELECT n FROM numbers')
  const done = insert.execute().done()
  const reading = collect(session.sql('SELECT n FROM numbers'))
  await new Promise((resolve) => setTimeout(resolve, 50))
  assert.equal(insert.isRunning, true)
  await session.close()
  assert.equal(insert.isRunning, false)
  assert.ok((await done).rowsIn > 0)
  assert.ok((await reading).length > 0)
  assert.throws(() => session.sql('SELECT 1'), { code: 'api/closed' })
})

test('a statement runs once at a time', async () => {
  await using session = Session.local()
  session.sql(numbers(`'rows-per-second' = '100'`))
  const query = session.sql('SELECT n FROM numbers')
  const first = query.execute()
  const running = first.done()
  await assert.rejects(query.execute().done(), { code: 'api/running' })
  await first.stop()
  await running
})

test('time comes from the ports', async () => {
  const ports = { ...nodePorts, clock: { ...nodePorts.clock, nowMs: () => Date.UTC(2001, 0, 1) } }
  const session = Session.local({ ports })
  const [change] = await collect(session.sql('SELECT CURRENT_DATE AS today'))
  assert.deepEqual(change?.row, { today: '2001-01-01' })
})

function caught(work: () => unknown): RheoError {
  try {
    work()
  } catch (error) {
    if (error instanceof RheoError) return error
  }
  throw new Error('a RheoError was expected')
}
