import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RheoError } from '../base/errors.ts'
import { formatType } from '../data/types.ts'
import { bindScript, planningEnvironment } from '../testing/planning.ts'
import { bindScalar } from './bind.ts'

const tables = `CREATE TABLE orders (id INT, customer STRING, amount DECIMAL(10, 2), qty INT, ts TIMESTAMP(3), tags ARRAY<STRING>, item ROW<sku STRING, n INT>, WATERMARK FOR ts AS ts - INTERVAL '5' SECOND) WITH ('connector' = 'planned');
CREATE TABLE plain (id INT, ts TIMESTAMP(3)) WITH ('connector' = 'planned');
CREATE TABLE stock (sku STRING, units INT) WITH ('connector' = 'planned', 'changes' = 'retract');
CREATE TABLE sink (customer STRING, n BIGINT, PRIMARY KEY (n) NOT ENFORCED) WITH ('connector' = 'planned', 'sink' = 'upsert');
CREATE TABLE log (customer STRING, n BIGINT) WITH ('connector' = 'planned');
CREATE VIEW v AS SELECT id, customer FROM orders;
`
/** The line that a script's statement stands on. */
const line = tables.split('\n').length

function fail(sql: string, settings: Readonly<Record<string, string>> = {}): RheoError {
  try {
    bindScript(tables + sql, planningEnvironment(settings))
  } catch (error) {
    if (error instanceof RheoError) return error
    throw error
  }
  return assert.fail(`bound: ${sql}`)
}

/** SQL with its error's code, column in the line, and a part of its message. */
const mistakes: readonly (readonly [sql: string, code: string, column: number, message: RegExp])[] = [
  // Names.
  ['SELECT id, custommer FROM orders', 'sql/unknown-column', 12, /"orders" has "id", .*did you mean "customer"\?/],
  ['SELECT Customer FROM orders', 'sql/unknown-column', 8, /did you mean "customer"\?/],
  ['SELECT o.id, o.total FROM orders AS o', 'sql/unknown-column', 16, /"total": "o" has/],
  ['SELECT x.id FROM orders AS o', 'sql/unknown-column', 8, /no table or column "x"/],
  ['SELECT id FROM orders AS a JOIN orders AS b ON a.id = b.id', 'sql/ambiguous-column', 8, /write "a.id" or "b.id"/],
  ['SELECT * FROM order_s', 'sql/unknown-table', 15, /did you mean "orders"\?/],
  ['SELECT * FROM nowhere.orders', 'sql/unknown-database', 15, /none of that name/],
  ['SELECT UPPERCASE(customer) FROM orders', 'sql/unknown-function', 8, /"UPPERCASE"/],
  ['SELECT item.size FROM orders', 'sql/unknown-field', 13, /the ROW has "sku", "n"/],
  ['SELECT customer.x FROM orders', 'sql/not-a-row', 17, /VARCHAR/],
  ['SELECT y.* FROM orders', 'sql/unknown-column', 8, /"y"/],
  ['SELECT qty * 2 AS d FROM orders WHERE d > 1', 'sql/unknown-column', 39, /"d"/],
  ['SELECT UPPER(customer) AS c FROM orders GROUP BY c', 'sql/unknown-column', 50, /"c"/],
  // Types.
  ['SELECT UPPER(customer, customer) FROM orders', 'sql/argument-count', 8, /"UPPER" with 2 arguments/],
  ['SELECT ABS(customer) FROM orders', 'sql/argument-type', 12, /ABS\(STRING\)/],
  ['SELECT id FROM orders WHERE qty', 'sql/argument-type', 29, /BOOLEAN/],
  ['SELECT CAST(tags AS INT) FROM orders', 'sql/cast', 8, /ARRAY<STRING> to INT/],
  ['SELECT NULL AS nothing FROM orders', 'sql/null-without-type', 8, /CAST\(NULL AS STRING\)/],
  ['SELECT a FROM (VALUES (1), (NULL)) AS t (a)', 'sql/null-without-type', 28, /no type/],
  ['SELECT 9223372036854775808', 'sql/number-range', 8, /BIGINT/],
  ["SELECT DATE '2024-13-01'", 'sql/literal', 8, /2024-13-01/],
  ["SELECT INTERVAL '100' SECOND", 'sql/literal', 8, /write SECOND\(3\)/],
  // Groups.
  ['SELECT customer FROM orders WHERE COUNT(*) > 1', 'sql/aggregate-in-where', 35, /use HAVING/],
  ['SELECT customer, qty, COUNT(*) FROM orders GROUP BY customer', 'sql/not-grouped', 18, /"qty".*MAX\(qty\)/],
  ['SELECT customer, COUNT(*) FROM orders', 'sql/not-grouped', 8, /no GROUP BY/],
  ['SELECT SUM(COUNT(*)) FROM orders', 'sql/aggregate-not-allowed', 12, /the aggregate SUM/],
  ['SELECT SUM(customer) FROM orders', 'sql/argument-type', 12, /a number as argument 1/],
  ['SELECT COUNT(DISTINCT customer, qty) FROM orders', 'sql/argument-type', 23, /one value/],
  ['SELECT MAX(*) FROM orders', 'sql/star', 8, /only COUNT/],
  ['SELECT ROW_NUMBER() FROM orders', 'sql/needs-over', 8, /OVER/],
  ['SELECT UPPER(DISTINCT customer) FROM orders', 'sql/not-an-aggregate', 8, /no aggregate/],
  // Sets, order, limits.
  ['SELECT id FROM orders UNION ALL SELECT id, customer FROM orders', 'sql/column-count', 33, /1 \(id\), another 2 \(id, customer\)/],
  ['SELECT id FROM orders UNION ALL SELECT tags FROM orders', 'sql/union-types', 33, /INT, ARRAY<STRING>/],
  ['SELECT id FROM orders ORDER BY customer', 'plan/order-by-needs-time', 32, /add LIMIT/],
  ['SELECT id FROM orders ORDER BY 3 LIMIT 1', 'sql/order-by', 32, /the query has 1/],
  ['SELECT id FROM orders LIMIT -1', 'sql/row-count', 29, /whole number/],
  ['WITH t (a, b, c) AS (SELECT id, qty FROM orders) SELECT a FROM t', 'sql/column-count', 6, /3 names for 2 columns/],
  // Windows.
  ["SELECT * FROM TUMBLE(TABLE plain, DESCRIPTOR(ts), INTERVAL '1' MINUTE)", 'plan/no-watermark', 46, /add WATERMARK FOR ts/],
  ["SELECT * FROM TUMBLE(TABLE orders, DESCRIPTOR(id), INTERVAL '1' MINUTE)", 'plan/no-watermark', 47, /it is INT/],
  ["SELECT * FROM TUMBLE(TABLE orders, DESCRIPTOR(tz), INTERVAL '1' MINUTE)", 'sql/unknown-column', 47, /did you mean "ts"/],
  ["SELECT * FROM TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '1' MONTH)", 'plan/window-size', 52, /months/],
  [
    "SELECT * FROM TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '1' DAY, INTERVAL '2' DAY)",
    'plan/window-offset',
    70,
    /less than the size/,
  ],
  ["SELECT COUNT(*) FROM plain GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE)", 'plan/no-watermark', 44, /wanted is a column with a watermark/],
  ["SELECT COUNT(*) FROM orders GROUP BY HOP(ts, INTERVAL '1' MINUTE)", 'sql/argument-count', 38, /wanted HOP\(time, slide, size\)/],
  [
    "SELECT TUMBLE_START(ts, INTERVAL '2' MINUTE) FROM orders GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE)",
    'sql/group-window',
    8,
    /no TUMBLE with the same arguments/,
  ],
  ["SELECT TUMBLE_START(ts, INTERVAL '2' MINUTE) FROM orders", 'sql/group-window', 8, /no TUMBLE in GROUP BY/],
  ["SELECT TUMBLE(ts, INTERVAL '2' MINUTE) FROM orders", 'sql/group-window', 8, /it stands in GROUP BY/],
  [
    "SELECT COUNT(*) FROM orders GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE), TUMBLE(ts, INTERVAL '2' MINUTE)",
    'sql/one-group-window',
    71,
    /one window was wanted/,
  ],
  ['SELECT GROUPING(qty) FROM orders GROUP BY ROLLUP (customer)', 'sql/not-grouped', 17, /not in GROUP BY/],
  ['SELECT * FROM TUMBLE(TABLE orders, DESCRIPTOR(ts))', 'sql/argument-count', 15, /SIZE is missing/],
  [
    "SELECT COUNT(*) FROM HOP(TABLE orders, DESCRIPTOR(ts), INTERVAL '20' MINUTE, INTERVAL '50' MINUTE) GROUP BY window_start, window_end",
    'plan/window-size',
    106,
    /no multiple/,
  ],
  // Hints and joins.
  ['SELECT /*+ BROADCAST(zz) */ id FROM orders AS o', 'sql/unknown-table', 22, /FROM has no table "zz"/],
  ['SELECT a.id FROM orders AS a JOIN plain AS a ON a.id = 1', 'sql/duplicate-alias', 35, /the name "a"/],
  // Tables.
  ['SELECT * FROM orders /*+ TURBO(1) */', 'sql/unknown-hint', 26, /"TURBO"/],
  ['CREATE TABLE t (id INT); SELECT * FROM t', 'sql/missing-option', 14, /no option "connector"/],
  ["CREATE TABLE t (id INT) WITH ('connector' = 'plannd'); SELECT * FROM t", 'sql/unknown-connector', 31, /did you mean "planned"/],
  [
    "CREATE TABLE t (id INT, o STRING METADATA FROM 'orign') WITH ('connector' = 'planned'); SELECT * FROM t",
    'sql/unknown-metadata',
    14,
    /did you mean "origin"/,
  ],
  ["CREATE TABLE t (id INT, x AS idd + 1) WITH ('connector' = 'planned')", 'sql/unknown-column', 30, /did you mean "id"/],
  // INSERT.
  [
    'INSERT INTO log SELECT customer, COUNT(*) FROM orders GROUP BY customer',
    'plan/sink-takes-inserts-only',
    1,
    /GROUP BY customer updates its rows/,
  ],
  ['INSERT INTO log SELECT sku, units FROM stock', 'plan/sink-takes-inserts-only', 1, /"stock" has updates/],
  [
    'INSERT INTO sink SELECT customer, COUNT(*) FROM orders GROUP BY customer',
    'plan/sink-key-differs',
    1,
    /keyed by \(customer\), the table by \(n\)/,
  ],
  [
    'INSERT INTO log SELECT id, customer FROM orders',
    'sql/insert-types',
    17,
    /column 1 of the query, "id" INT, does not fit "customer" STRING/,
  ],
  ["INSERT INTO log SELECT 'x'", 'sql/insert-columns', 17, /1 column, wanted are 2/],
  ["INSERT INTO log (n, m) SELECT 1, 'x'", 'sql/unknown-column', 21, /"log" has "customer", "n"/],
  ['INSERT INTO log (n, n) SELECT 1, 2', 'sql/duplicate-column', 21, /twice/],
  ["INSERT INTO sink (customer) SELECT 'x'", 'sql/insert-not-null', 13, /"n": it is NOT NULL/],
  ['INSERT INTO v SELECT 1', 'sql/not-a-table', 13, /it is a view/],
  ['INSERT OVERWRITE log SELECT customer, 1 FROM orders', 'plan/overwrite-in-streaming', 1, /'batch'/],
  ["INSERT INTO log PARTITION (n = 1) SELECT 'x'", 'sql/unknown-column', 28, /no partitions/],
  ['UPDATE orders SET qty = 1', 'plan/rows-not-changeable', 1, /UPDATE/],
  // Not yet.
  ['SELECT id FROM orders QUALIFY qty > 1', 'sql/qualify-needs-over', 31, /OVER/],
  ['SELECT ARRAY(SELECT id FROM plain) FROM orders', 'plan/collection-query', 8, /ARRAY_AGG/],
  [
    'SELECT id FROM orders AS o WHERE EXISTS (SELECT 1 FROM plain AS p FULL JOIN plain AS q ON p.id = o.id)',
    'plan/correlated-subquery',
    34,
    /FULL JOIN/,
  ],
  ['SELECT id FROM orders AS o WHERE EXISTS (SELECT 1 FROM plain WHERE id = o.nothing)', 'sql/unknown-column', 75, /"o" .*has "id"/],
  ['SELECT id FROM orders WHERE id IN (SELECT id, ts FROM plain)', 'sql/subquery-columns', 29, /2 columns, 1 was wanted/],
  ['SELECT (SELECT id, ts FROM plain) FROM orders', 'sql/subquery-columns', 9, /2 columns, one was wanted/],
  ['SELECT id FROM orders WHERE id IN (SELECT ts FROM plain)', 'sql/argument-type', 29, /INT/],
  ['SELECT PERCENTILE(qty, 1.5) FROM orders', 'sql/argument-type', 24, /0 to 1/],
  ['SELECT LISTAGG(customer ORDER BY id) FROM orders', 'sql/aggregate-order-by', 8, /ARRAY_AGG/],
  ['SELECT BITMAP_BUILD(ARRAY[1, 9223372036854775807])', 'sql/argument-type', 21, /array of INT/],
  ['SELECT BITMAP_OR_AGG(id) FROM orders', 'sql/argument-type', 22, /BITMAP/],
  ['SELECT ARRAY_AGG(DISTINCT qty ORDER BY id) FROM orders', 'sql/aggregate-order-by', 40, /value alone/],
  ['SELECT ARRAY_AGG(qty ORDER BY MAP[1, id]) FROM orders', 'sql/argument-type', 31, /MAP<INT/],
]

for (const [sql, code, column, message] of mistakes) {
  test(`${code}: ${sql}`, () => {
    const error = code.startsWith('plan/sink') ? failToPlan(sql) : fail(sql)
    assert.equal(error.code, code, error.message)
    assert.match(error.message, message)
    assert.match(error.message, /^Cannot [^\n]*[^.]$/)
    assert.equal(error.domain, 'user')
    assert.deepEqual([error.place?.position?.line, error.place?.position?.column], [line, column])
  })
}

/** Sinks and changes meet where the plan is made, for EXPLAIN as for a run. */
function failToPlan(sql: string): RheoError {
  const error = fail(`EXPLAIN ${sql}`)
  const position = error.place?.position
  assert(position !== undefined)
  return error
}

test('what has no order is found inside of arrays and rows too', () => {
  const error = fail("SELECT ARRAY[MAP['a', id]] AS a FROM orders ORDER BY a LIMIT 3")
  assert.equal(error.code, 'sql/argument-type')
  assert.match(error.message, /Cannot sort by ARRAY<MAP<CHAR\(1\).*: there is MAP<.* in it, whose values have no order/)
})

test("the user's own mistake is told before what is not there yet", () => {
  assert.equal(fail('SELECT a.id, LISTAGG(x) OVER () FROM orders AS a JOIN plain AS b ON a.idd = b.id').code, 'sql/unknown-column')
  assert.equal(fail('SELECT id FROM orders WHERE id IN (SELECT idd FROM plain)').code, 'sql/unknown-column')
})

test('a view of what cannot run yet is made, and refused where it is read', () => {
  const made = `${tables}CREATE VIEW w AS SELECT id, CAST(ts AS STRING FORMAT 'YYYY') AS n FROM orders;`
  const described = bindScript(`${made} DESCRIBE w`, planningEnvironment())
  assert(described.kind === 'rows')
  assert.deepEqual(
    described.rows.map(([name, type]) => [name, type]),
    [
      ['id', 'INT'],
      ['n', 'STRING'],
    ],
  )
  assert.equal(fail(made.slice(tables.length) + 'SELECT n FROM w').code, 'unsupported/cast-format')
})

test('an error in a view that no longer fits its table says which view', () => {
  const error = fail("CREATE TEMPORARY TABLE orders (x INT) WITH ('connector' = 'planned'); SELECT * FROM v")
  assert.equal(error.code, 'sql/unknown-column')
  assert.match(error.message, /\(in view "v"\)$/)
})

/** Columns of a query: `name TYPE`, with a mark for a time attribute. */
function columns(sql: string, settings: Readonly<Record<string, string>> = {}): string {
  const bound = bindScript(tables + sql, planningEnvironment(settings))
  assert(bound.kind === 'query')
  return bound.plan.schema
    .map(({ name, type, timeAttribute }) => `${name} ${formatType(type)}${timeAttribute === undefined ? '' : `*${timeAttribute}`}`)
    .join(', ')
}

test('columns have the names and types that Flink gives them', () => {
  assert.equal(
    columns('SELECT id, id AS a, id + 1, item.n, o.ts FROM orders AS o'),
    'id INT, a INT, EXPR$2 INT, n INT, ts TIMESTAMP(3)*rowtime',
  )
  assert.equal(columns('SELECT id, id FROM orders'), 'id INT, id0 INT')
  assert.equal(
    columns("SELECT 1, 1.50, .5, 1e3, 'ab', X'00ff', TRUE, DATE '2024-01-01', TIMESTAMP '2024-01-01 00:00:00.12'"),
    [
      'EXPR$0 INT NOT NULL',
      'EXPR$1 DECIMAL(3, 2) NOT NULL',
      'EXPR$2 DECIMAL(1, 1) NOT NULL',
      'EXPR$3 DOUBLE NOT NULL',
      'EXPR$4 CHAR(2) NOT NULL',
      'EXPR$5 BINARY(2) NOT NULL',
      'EXPR$6 BOOLEAN NOT NULL',
      'EXPR$7 DATE NOT NULL',
      'EXPR$8 TIMESTAMP(2) NOT NULL',
    ].join(', '),
  )
  assert.equal(
    columns('SELECT COUNT(*), SUM(qty), AVG(amount), SUM(amount) FROM orders'),
    'EXPR$0 BIGINT NOT NULL, EXPR$1 INT, EXPR$2 DECIMAL(38, 6), EXPR$3 DECIMAL(38, 2)',
  )
  assert.equal(columns("SELECT a, b FROM (VALUES (1, 'x'), (2.5, 'long')) AS t (a, b)"), 'a DECIMAL(11, 1) NOT NULL, b VARCHAR(4) NOT NULL')
  assert.equal(columns('SELECT id FROM orders UNION ALL SELECT CAST(1 AS BIGINT)'), 'id BIGINT')
})

test('event time passes plain references and windows, and nothing that computes', () => {
  assert.equal(columns('SELECT t FROM (SELECT ts AS t FROM orders)'), 't TIMESTAMP(3)*rowtime')
  assert.equal(columns('SELECT CAST(ts AS TIMESTAMP(3)) AS t FROM orders'), 't TIMESTAMP(3)')
  const windows = "FROM TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '1' MINUTE)"
  assert.equal(
    columns(`SELECT ts, window_start, window_time ${windows}`),
    'ts TIMESTAMP(3)*rowtime, window_start TIMESTAMP(3) NOT NULL, window_time TIMESTAMP(3) NOT NULL*rowtime',
  )
  assert.equal(
    columns(`SELECT window_time ${windows} GROUP BY window_start, window_end, window_time`),
    'window_time TIMESTAMP(3) NOT NULL*rowtime',
  )
  assert.equal(columns(`SELECT window_time ${windows} GROUP BY window_time`), 'window_time TIMESTAMP(3) NOT NULL')
})

test('an expression without columns is bound by itself', () => {
  assert.equal(formatType(bindScalar('1 + CAST(2 AS BIGINT)').type), 'BIGINT NOT NULL')
  assert.throws(
    () => bindScalar('x + 1'),
    (error) => error instanceof RheoError && error.code === 'sql/unknown-column',
  )
})
