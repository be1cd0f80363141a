// Goal: every mistake is told where it is, with what was found or wanted, how to go on, and a code; the status says who must act. Method: a table of mistakes as
// people make them, run in this process; each line names the place, the code and the last words of the message.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { mistakeOf } from './mistakes.ts'

type Case = readonly [sql: string, place: string, code: string, says: string]

const folder = mkdtempSync(join(tmpdir(), 'rheo-mistakes-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const row = '1,ann,9.50,2024-01-01 10:00:00\n'
const files: Readonly<Record<string, string | Uint8Array>> = {
  'orders.csv': row,
  'field.csv': `${row}2,bob,abc,2024-01-01 10:01:00\n`,
  'few.csv': `${row}2,bob\n`,
  'many.csv': `${row}2,bob,1,2024-01-01 10:00:00,extra\n`,
  'big.csv': `${row}3000000000,bob,1,2024-01-01 10:00:00\n`,
  'digits.csv': `${row}2,bob,123456789012.00,2024-01-01 10:00:00\n`,
  'quote.csv': `${row}2,"bob,1,2024-01-01 10:00:00\n3,x,1,2024-01-01 10:00:00\n`,
  'utf8.csv': Buffer.concat([Buffer.from(`${row}2,b`), Buffer.from([0xff, 0xfe]), Buffer.from('b,1,2024-01-01 10:00:00\n')]),
  'long.csv': `${row}2,${'x'.repeat(3_000_000)},1,2024-01-01 10:00:00\n`,
  'time.csv': `${row}2,bob,1,yesterday\n`,
  'rows.jsonl': '{"id":1,"note":"7","qty":1}\n{"id":2,"note":"n/a","qty":0}\n',
  'broken.jsonl': '{"id":1}\n{"id":2,\n',
  'type.jsonl': '{"id":1}\n{"id":"two"}\n',
  'big.jsonl': '{"id":1}\n{"id":3000000000}\n',
  'utf8.jsonl': Buffer.concat([Buffer.from('{"id":1}\n{"id":2,"note":"b'), Buffer.from([0xff, 0xfe]), Buffer.from('"}\n')]),
  'array.json': '[{"id":1},{"id":"x"}]',
  'iso.jsonl': '{"id":1,"ts":"2024-01-01T10:00:00"}\n',
}
for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)

const orders = (file = 'orders.csv', options = ''): string =>
  `CREATE TABLE orders (id INT, customer STRING, amount DECIMAL(10, 2), ts TIMESTAMP(3)) WITH ('connector' = 'filesystem', 'path' = '${folder}/${file}', 'format' = 'csv'${options}); `
const lines = (file: string, options = ''): string =>
  `CREATE TABLE t (id INT, note STRING, qty INT, ts TIMESTAMP(3)) WITH ('connector' = 'filesystem', 'path' = '${folder}/${file}', 'format' = 'json'${options}); `

async function check(
  sql: string,
  [shown, place, code, says]: Case,
  status: number,
  settings?: Readonly<Record<string, string>>,
): Promise<void> {
  const mistake = await mistakeOf(sql, folder, settings)
  assert.ok(mistake !== undefined, `${shown}: no mistake was found`)
  // A column behind the folder's path depends on its length.
  const found = place.endsWith('*') ? mistake.place.replace(/\d+$/, '*') : mistake.place
  assert.deepEqual({ place: found, code: mistake.code, status: mistake.status }, { place, code, status }, `${shown}: ${mistake.message}`)
  assert.match(mistake.message, /^Cannot [^]*: [^]*[^.]$/, shown)
  assert.ok(mistake.message.endsWith(says), `${shown}: ${mistake.message}`)
}

/** Behind a line that creates the table orders (id, customer, amount, ts). */
const queries: readonly Case[] = [
  ['SELCT id FROM orders', 'job.sql:2:1', 'sql/unknown-statement', 'did you mean "SELECT"?'],
  ['SELECT id FORM orders', 'job.sql:2:11', 'sql/syntax', 'did you mean "FROM"?'],
  ['SELECT id FROM orders WERE id > 1', 'job.sql:2:23', 'sql/syntax', 'did you mean "WHERE"?'],
  ['SELECT id FROM orders GROPU BY id', 'job.sql:2:23', 'sql/syntax', 'did you mean "GROUP"?'],
  ['SELECT id FROM orders GROUP id', 'job.sql:2:29', 'sql/syntax', 'expected BY'],
  ['SELECT id customer amount FROM orders', 'job.sql:2:20', 'sql/syntax', 'is a comma missing after "id"?'],
  ['SELECT id, FROM orders', 'job.sql:2:12', 'sql/syntax', 'the comma is one too many, or what follows it is missing'],
  ['SELECT , id FROM orders', 'job.sql:2:8', 'sql/syntax', 'expected an expression, DISTINCT or ALL'],
  ['SELECT FROM orders', 'job.sql:2:8', 'sql/syntax', 'expected an expression, DISTINCT or ALL'],
  ['SELECT * FROM', 'job.sql:2:14', 'sql/syntax', 'expected a table, "(", LATERAL, UNNEST or TABLE'],
  ['SELECT (id FROM orders', 'job.sql:2:12', 'sql/syntax', 'is a closing parenthesis missing?'],
  ['SELECT id) FROM orders', 'job.sql:2:10', 'sql/syntax', 'there is no "(" that it closes'],
  ["SELECT 'abc FROM orders", 'job.sql:2:8', 'sql/syntax', "the string that starts at 2:8 has no closing '"],
  ['SELECT "id" FROM orders', 'job.sql:2:8', 'sql/syntax', "write 'text' for a string, `name` for a name"],
  ['SELECT `id FROM orders', 'job.sql:2:8', 'sql/syntax', 'the quoted name that starts at 2:8 has no closing `'],
  ["SELECT id FROM orders WHERE customer == 'ann'", 'job.sql:2:39', 'sql/syntax', 'write one = to compare'],
  ['SELECT id FROM orders WHERE customer = "ann"', 'job.sql:2:40', 'sql/syntax', "write 'text' for a string, `name` for a name"],
  ['SELECT id FROM orders /* comment', 'job.sql:2:23', 'sql/syntax', 'the comment that starts at 2:23 has no closing */'],
  ['SELECT Id FROM orders', 'job.sql:2:8', 'sql/unknown-column', 'did you mean "id"?'],
  ['SELECT ordres.id FROM orders', 'job.sql:2:8', 'sql/unknown-column', 'did you mean "orders"?'],
  ['SELECT o.idd FROM orders o', 'job.sql:2:10', 'sql/unknown-column', 'did you mean "id"?'],
  ['SELECT id FROM order', 'job.sql:2:16', 'sql/syntax', 'put back quotes around it: `order`'],
  ['SELECT id FROM ordrs', 'job.sql:2:16', 'sql/unknown-table', 'did you mean "orders"?'],
  ['SELECT id FROM mydb.orders', 'job.sql:2:16', 'sql/unknown-database', 'catalog "default_catalog" has none of that name'],
  ['SELECT UPER(customer) FROM orders', 'job.sql:2:8', 'sql/unknown-function', 'did you mean "UPPER"?'],
  ['SELECT LEN(customer) FROM orders', 'job.sql:2:8', 'sql/unknown-function', 'Flink SQL has CHAR_LENGTH(text)'],
  ['SELECT IFNUL(customer, 1) FROM orders', 'job.sql:2:8', 'sql/unknown-function', 'did you mean "IFNULL"?'],
  ['SELECT NVL(customer, 1) FROM orders', 'job.sql:2:8', 'sql/unknown-function', 'Flink SQL has COALESCE(value, other)'],
  [
    'SELECT ISNULL(customer, 1) FROM orders',
    'job.sql:2:8',
    'sql/unknown-function',
    'Flink SQL has value IS NULL, and COALESCE(value, other)',
  ],
  ["SELECT DATE_TRUNC('day', ts) FROM orders", 'job.sql:2:8', 'sql/unknown-function', 'Flink SQL has FLOOR(ts TO DAY), and TUMBLE windows'],
  [
    'SELECT SUBSTR(customer) FROM orders',
    'job.sql:2:8',
    'sql/argument-count',
    '"SUBSTRING(text FROM start [FOR length])" or "SUBSTRING(text, start[, length])" was wanted',
  ],
  ['SELECT ROUND(customer, 2) FROM orders', 'job.sql:2:14', 'sql/argument-type', 'CAST(... AS INT) or AS DOUBLE makes a number of it'],
  ['SELECT customer + 1 FROM orders', 'job.sql:2:8', 'sql/argument-type', 'CAST(... AS INT) or AS DOUBLE makes a number of it'],
  ['SELECT customer || 1 FROM orders', 'job.sql:2:20', 'sql/argument-type', 'CAST(... AS STRING) makes a text of it'],
  ['SELECT id WHERE id > 1', 'job.sql:2:17', 'sql/unknown-column', "a text is written 'id'"],
  ['SELECT * FROM orders WHERE id', 'job.sql:2:28', 'sql/argument-type', 'it is INT, wanted is a condition (BOOLEAN)'],
  ["SELECT CASE WHEN id > 1 THEN 'a' ELSE 2 END FROM orders", 'job.sql:2:8', 'sql/argument-type', 'CAST makes them so'],
  ['SELECT CAST(id AS INTT) FROM orders', 'job.sql:2:19', 'sql/unknown-type', 'did you mean "INT"?'],
  ['SELECT CAST(id AS VARCHR(3)) FROM orders', 'job.sql:2:19', 'sql/unknown-type', 'did you mean "VARCHAR"?'],
  ['SELECT CAST(id AS TEXT) FROM orders', 'job.sql:2:19', 'sql/unknown-type', 'Flink SQL has STRING'],
  ['SELECT id::STRING FROM orders', 'job.sql:2:10', 'sql/syntax', 'write CAST(value AS type)'],
  ['SELECT customer, COUNT(*) FROM orders', 'job.sql:2:8', 'sql/not-grouped', 'add GROUP BY customer, or write for example MAX(customer)'],
  [
    'SELECT customer, amount FROM orders GROUP BY customer',
    'job.sql:2:18',
    'sql/not-grouped',
    'add it there, or write for example MAX(amount)',
  ],
  ['SELECT customer, SUM(amount) FROM orders GROUP BY customr', 'job.sql:2:51', 'sql/unknown-column', 'did you mean "customer"?'],
  [
    'SELECT customer, SUM(amount) FROM orders GROUP BY 3',
    'job.sql:2:8',
    'sql/not-grouped',
    'add it there, or write for example MAX(customer)',
  ],
  ['SELECT customer FROM orders WHERE SUM(amount) > 1 GROUP BY customer', 'job.sql:2:35', 'sql/aggregate-in-where', 'use HAVING'],
  [
    'SELECT customer, SUM(COUNT(*)) FROM orders GROUP BY customer',
    'job.sql:2:22',
    'sql/aggregate-not-allowed',
    'aggregates stand in SELECT, HAVING and ORDER BY of a query',
  ],
  [
    'SELECT customer FROM orders GROUP BY customer HAVING amount > 1',
    'job.sql:2:54',
    'sql/not-grouped',
    'add it there, or write for example MAX(amount)',
  ],
  ['SELECT a FROM (SELECT customer AS a, id AS a FROM orders)', 'job.sql:2:8', 'sql/ambiguous-column', 'give them aliases'],
  [
    "SELECT * FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '1' HOUR))",
    'job.sql:2:53',
    'plan/no-watermark',
    "add WATERMARK FOR ts AS ts - INTERVAL '5' SECOND to its table",
  ],
  [
    "SELECT window_start, COUNT(*) FROM TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '1' HOUR) GROUP BY window_start",
    'job.sql:2:68',
    'plan/no-watermark',
    "add WATERMARK FOR ts AS ts - INTERVAL '5' SECOND to its table",
  ],
  [
    "SELECT * FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(tss), INTERVAL '1' HOUR))",
    'job.sql:2:53',
    'sql/unknown-column',
    'did you mean "ts"?',
  ],
  [
    "SELECT * FROM TABLE(TUMBEL(TABLE orders, DESCRIPTOR(ts), INTERVAL '1' HOUR))",
    'job.sql:2:21',
    'sql/unknown-function',
    'did you mean "TUMBLE"?',
  ],
  ["SELECT * FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '1 HOUR'))", 'job.sql:2:75', 'sql/syntax', "write INTERVAL '1' HOUR"],
  [
    "SELECT * FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), '1 HOUR'))",
    'job.sql:2:53',
    'plan/no-watermark',
    "add WATERMARK FOR ts AS ts - INTERVAL '5' SECOND to its table",
  ],
  [
    "SELECT * FROM TABLE(TUMBLE(orders, ts, INTERVAL '1' HOUR))",
    'job.sql:2:28',
    'sql/argument-type',
    'its first argument is a table, written TABLE t',
  ],
]

/** With nothing before them. */
const statements: readonly Case[] = [
  ["CREATE TABLE t (id INT ts TIMESTAMP(3)) WITH ('connector'='datagen')", 'job.sql:1:24', 'sql/syntax', 'is a comma missing before "ts"?'],
  ["CREATE TABLE t (id INTT) WITH ('connector'='datagen')", 'job.sql:1:20', 'sql/unknown-type', 'did you mean "INT"?'],
  [
    "CREATE TABLE t (id INT,) WITH ('connector'='datagen')",
    'job.sql:1:24',
    'sql/syntax',
    'the comma is one too many, or what follows it is missing',
  ],
  [
    "CREATE TABLE t (id INT) WITH ('connector'='datgen'); SELECT * FROM t",
    'job.sql:1:31',
    'sql/unknown-connector',
    'did you mean "datagen"?',
  ],
  ["CREATE TABLE t (id INT) WITH (connector='datagen')", 'job.sql:1:31', 'sql/syntax', "write 'connector' = '...'"],
  ["CREATE TABLE t (id INT) WITH ('connector'=datagen)", 'job.sql:1:43', 'sql/syntax', "write 'datagen'"],
  ["CREATE TABLE t (id INT) WITH ('connector': 'datagen')", 'job.sql:1:42', 'sql/syntax', 'expected "="'],
  [
    "CREATE TABLE t (id INT) WITH ('connector'='datagen' 'rows-per-second'='5')",
    'job.sql:1:53',
    'sql/syntax',
    "is a comma missing before string 'rows-per-second'?",
  ],
  [
    "CREATE TABLE t (id INT) WITH ('connector'='datagen', 'rows-per-secnd'='5'); SELECT * FROM t",
    'job.sql:1:54',
    'sql/unknown-option',
    'did you mean "rows-per-second"?',
  ],
  [
    "CREATE TABLE t (id INT) WITH ('connector'='datagen', 'rows-per-second'='five'); SELECT * FROM t",
    'job.sql:1:54',
    'sql/option-value',
    'found "five", wanted a whole number',
  ],
  [
    "CREATE TABLE t (id INT) WITH ('connector'='datagen', 'fields.idd.kind'='sequence'); SELECT * FROM t",
    'job.sql:1:54',
    'sql/option-value',
    'it has id',
  ],
  [
    "CREATE TABLE t (id INT) WITH ('connector'='datagen', 'fields.id.kind'='sequnce'); SELECT * FROM t",
    'job.sql:1:54',
    'sql/option-value',
    'found "sequnce", wanted one of "random", "sequence"',
  ],
  [
    "CREATE TABLE t (id INT) WITH ('connector'='datagen', 'fields.id.min'='10', 'fields.id.max'='1', 'number-of-rows'='2'); SELECT * FROM t",
    'job.sql:1:54',
    'sql/option-value',
    'found "10", wanted at most "max", 1, for INT',
  ],
  [
    'CREATE TABLE t (id INT); SELECT * FROM t',
    'job.sql:1:14',
    'sql/missing-option',
    'there are "blackhole", "datagen", "filesystem", "nexmark", "print"',
  ],
  ["CREATE TABLE t (id INT, id2 AS idd + 1) WITH ('connector'='datagen')", 'job.sql:1:32', 'sql/unknown-column', 'did you mean "id"?'],
  [
    "CREATE TABLE t (id INT, ts TIMESTAMP(3), WATERMARK FOR tss AS ts) WITH ('connector'='datagen')",
    'job.sql:1:56',
    'sql/unknown-column',
    'did you mean "ts"?',
  ],
  [
    "CREATE TABLE t (id INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - 5) WITH ('connector'='datagen')",
    'job.sql:1:62',
    'sql/argument-type',
    "write a length of time as INTERVAL '5' SECOND",
  ],
  [
    "CREATE TABLE t (id INT, ts TIMESTAMP, WATERMARK FOR ts AS ts - INTERVAL '5' SECOND) WITH ('connector'='datagen')",
    'job.sql:1:53',
    'sql/watermark-type',
    'it is TIMESTAMP(6), wanted is TIMESTAMP(0..3) or TIMESTAMP_LTZ(0..3)',
  ],
  [
    "CREATE TABLE t (id INT, PRIMARY KEY (idd) NOT ENFORCED) WITH ('connector'='datagen')",
    'job.sql:1:38',
    'sql/unknown-column',
    'did you mean "id"?',
  ],
  [
    "CREATE TABLE t (id INT PRIMARY KEY) WITH ('connector'='datagen')",
    'job.sql:1:24',
    'sql/enforced-key',
    'wanted is PRIMARY KEY (...) NOT ENFORCED',
  ],
  [
    "CREATE TABLE t (id INT PRIMARY KEY NOT ENFORCED, PRIMARY KEY (id) NOT ENFORCED) WITH ('connector'='datagen')",
    'job.sql:1:50',
    'sql/duplicate-key',
    'a table has one PRIMARY KEY',
  ],
  ['CREATE TABEL t (id INT)', 'job.sql:1:8', 'sql/syntax', 'did you mean "TABLE"?'],
  ['CREATE TABLE IF EXISTS t (id INT)', 'job.sql:1:17', 'sql/syntax', 'write IF NOT EXISTS'],
  ['DROP TABLE t', 'job.sql:1:12', 'sql/unknown-table', 'DROP TABLE IF EXISTS does nothing then'],
  ['DROP TABEL t', 'job.sql:1:6', 'sql/syntax', 'did you mean "TABLE"?'],
  ['INSERT INTO nowhere SELECT 1', 'job.sql:1:13', 'sql/unknown-table', 'there is none at all'],
  [
    "CREATE TABLE s (a INT, b STRING) WITH ('connector'='print'); INSERT INTO s SELECT 1",
    'job.sql:1:76',
    'sql/insert-columns',
    'the query gives (EXPR$0 INT), the table takes (a INT, b STRING)',
  ],
  [
    "CREATE TABLE s (a INT, b STRING) WITH ('connector'='print'); INSERT INTO s (a, c) SELECT 1, 'x'",
    'job.sql:1:80',
    'sql/unknown-column',
    '"s" has "a", "b"',
  ],
  [
    "CREATE TABLE s (a INT, b STRING) WITH ('connector'='print'); INSERT INTO s VALUES (1, 'x'), (2)",
    'job.sql:1:93',
    'sql/column-count',
    'the first row has 2 columns, row 2 has 1',
  ],
  [
    "CREATE TABLE s (a INT, b STRING) WITH ('connector'='print'); INSERT INTO s VALUES (1, 'x', 3)",
    'job.sql:1:76',
    'sql/insert-columns',
    'the query gives (EXPR$0 INT, EXPR$1 CHAR(1), EXPR$2 INT), the table takes (a INT, b STRING)',
  ],
  [
    "CREATE TABLE s (a INT, b STRING) WITH ('connector'='print'); INSERT INTO s SELECT 'x', 1",
    'job.sql:1:76',
    'sql/insert-types',
    'the query gives (EXPR$0 CHAR(1), EXPR$1 INT), the table takes (a INT, b STRING)',
  ],
  [
    "CREATE TABLE s (a INT, b STRING) WITH ('connector'='print'); INSERT s VALUES (1, 'x')",
    'job.sql:1:69',
    'sql/syntax',
    'write INSERT INTO s',
  ],
  [
    "CREATE TABLE s (a INT, b STRING) WITH ('connector'='print'); SELECT * FROM s",
    'job.sql:1:76',
    'sql/no-source',
    'the connector "print" only writes',
  ],
  [
    "CREATE TABLE s (a INT, b STRING) WITH ('connector'='datagen'); INSERT INTO s VALUES (1, 'x')",
    'job.sql:1:76',
    'sql/no-sink',
    'the connector "datagen" only reads',
  ],
  ["SET 'rheo.batch.row' = '5'", 'job.sql:1:5', 'sql/unknown-option', 'did you mean "rheo.batch.rows"?'],
  ['SET rheo.batch.rows = 5', 'job.sql:1:5', 'sql/syntax', "write SET 'key' = 'value'"],
  ["SET 'rheo.batch.rows' = 'five'", 'job.sql:1:5', 'sql/option-value', 'found "five", wanted a whole number'],
  [
    "SET 'execution.runtime-mode' = 'fast'",
    'job.sql:1:5',
    'sql/option-value',
    'found "fast", wanted one of "streaming", "batch", "automatic"',
  ],
  [
    "SET 'table.local-time-zone' = 'Mars'",
    'job.sql:1:5',
    'sql/option-value',
    'found "Mars", wanted a zone such as "Europe/Berlin" or "GMT+02:00"',
  ],
  ['USE nowhere', 'job.sql:1:5', 'sql/unknown-database', 'catalog "default_catalog" has none of that name'],
  ['SHOW TABELS', 'job.sql:1:6', 'sql/syntax', 'did you mean "TABLES"?'],
  ['DESCRIBE nothing', 'job.sql:1:10', 'sql/unknown-table', 'there is none at all'],
  ['EXPLAIN SELECT * FROM nothing', 'job.sql:1:23', 'sql/unknown-table', 'there is none at all'],
  ['VALUES (1, 2), (3)', 'job.sql:1:16', 'sql/column-count', 'the first row has 2 columns, row 2 has 1'],
  ['SELECT 1 +', 'job.sql:1:11', 'sql/syntax', 'expected an expression'],
  ['SELECT 1 + * 2', 'job.sql:1:12', 'sql/syntax', 'expected an expression'],
  ['SELECT 1 LIMIT x', 'job.sql:1:16', 'sql/unknown-column', "a text is written 'x'"],
  ['SELECT 1 LIMIT -1', 'job.sql:1:16', 'sql/row-count', 'wanted is a whole number of rows, such as LIMIT 10'],
  ['SELECT TOP 10 * FROM x', 'job.sql:1:12', 'sql/syntax', 'write LIMIT at the end of the query'],
  ["SELECT DATE '2024-02-30'", 'job.sql:1:8', 'sql/literal', "found no such value, wanted one like DATE '2024-02-29'"],
  ['SELECT 99999999999999999999', 'job.sql:1:8', 'sql/number-range', 'write it with a point or as text'],
  ['SELECT ARRAY[1,2,3][0]', 'job.sql:1:21', 'sql/argument-type', 'the first element is [1]'],
  ["SELECT MAP['a', 1, 'b']", 'job.sql:1:8', 'sql/syntax', 'it has 3 entries, keys and values in turn make an even number'],
  ['UPDATE x SET a = 1', 'job.sql:1:1', 'plan/rows-not-changeable', 'write the new rows into another table'],
  [
    'GRANT ALL',
    'job.sql:1:1',
    'sql/unknown-statement',
    'statements of Flink SQL are queries, INSERT, CREATE, ALTER, DROP, DESCRIBE, SHOW, EXPLAIN, USE, SET, RESET, EXECUTE, COMPILE and their kin',
  ],
  ['EXECUTE STATEMENT SET BEGIN SELECT 1; END', 'job.sql:1:29', 'sql/syntax', 'expected INSERT'],
  ['BEGIN STATEMENT SET; INSERT INTO x SELECT 1;', 'job.sql:1:1', 'sql/syntax', 'it has no END'],
  ['END;', 'job.sql:1:1', 'sql/syntax', 'none was begun'],
  ['SELECT * FROM a JOIN b ON a.id = b.id', 'job.sql:1:15', 'sql/unknown-table', 'there is none at all'],
]

/** Rows that an expression refuses: status 3. */
const rows: readonly Case[] = [
  [
    'SELECT CAST(note AS INT) FROM t',
    'rows.jsonl:2',
    'data/cast',
    '"n/a" to INT in "CAST(note AS INT)": the value is not one of this type; TRY_CAST gives NULL instead',
  ],
  [
    'SELECT id FROM t WHERE note > 5',
    'rows.jsonl:2',
    'data/cast',
    'in "note > 5": the value is not one of this type; TRY_CAST(... AS INT) gives NULL instead',
  ],
  [
    'SELECT id / qty FROM t',
    'rows.jsonl:2',
    'data/division-by-zero',
    '"id / qty": the divisor is 0 (id is 2, qty is 0); write NULLIF(qty, 0) to get NULL instead',
  ],
  ['SELECT MOD(id, qty) AS m FROM t', 'rows.jsonl:2', 'data/division-by-zero', 'write NULLIF(qty, 0) to get NULL instead'],
  [
    'SELECT UPPER(note) FROM t WHERE 10 % qty = 0',
    'rows.jsonl:2',
    'data/division-by-zero',
    '"10 % qty": the divisor is 0 (qty is 0); write NULLIF(qty, 0) to get NULL instead',
  ],
  ['SELECT SUM(CAST(note AS INT)) FROM t', 'rows.jsonl:2', 'data/cast', 'TRY_CAST gives NULL instead'],
  [
    'SELECT n FROM (SELECT id / qty AS n FROM t) WHERE n > 0',
    'rows.jsonl:2',
    'data/division-by-zero',
    'write NULLIF(qty, 0) to get NULL instead',
  ],
  ['CREATE VIEW v AS SELECT id / qty AS n FROM t; SELECT n FROM v', 'rows.jsonl:2', 'data/division-by-zero', 'the divisor is 0'],
  [
    'SELECT 10 / (m - 2) FROM (SELECT MAX(id) AS m FROM t)',
    'job.sql:2:8',
    'data/division-by-zero',
    'write NULLIF((m - 2), 0) to get NULL instead',
  ],
]

/** Files that hold what the table does not: status 3. */
const records: readonly (readonly [file: string, place: string, code: string, says: string])[] = [
  [
    'field.csv',
    'field.csv:2',
    'format/bad-field',
    `field "amount" holds "abc" and wants DECIMAL(10, 2); set 'csv.ignore-parse-errors' = 'true' to take it as NULL`,
  ],
  [
    'few.csv',
    'few.csv:2',
    'format/bad-record',
    `it has 2 fields and wants 4; set 'csv.ignore-parse-errors' = 'true' to take the missing ones as NULL`,
  ],
  [
    'many.csv',
    'many.csv:2',
    'format/bad-record',
    `it has 5 fields and wants 4 (field 5 holds "extra"); set 'csv.ignore-parse-errors' = 'true' to drop such rows`,
  ],
  [
    'big.csv',
    'big.csv:2',
    'format/bad-field',
    `field "id" holds "3000000000" and wants INT; set 'csv.ignore-parse-errors' = 'true' to take it as NULL`,
  ],
  ['quote.csv', 'quote.csv:2', 'format/bad-record', `a quote is not closed; set 'csv.ignore-parse-errors' = 'true' to drop such rows`],
  ['utf8.csv', 'utf8.csv:2', 'format/bad-record', `it is not UTF-8; set 'csv.ignore-parse-errors' = 'true' to drop such rows`],
  [
    'time.csv',
    'time.csv:2',
    'format/bad-field',
    `field "ts" holds "yesterday" and wants TIMESTAMP(3); set 'csv.ignore-parse-errors' = 'true' to take it as NULL`,
  ],
  ['orders.cvs', 'job.sql:1:121', 'file/not-found', 'nothing is there; did you mean "orders.csv"?'],
  ['none/orders.csv', 'job.sql:1:121', 'file/not-found', `there is no folder "none"`],
  [
    'broken.jsonl',
    'broken.jsonl:2',
    'format/bad-record',
    `it is not JSON: it ends too early; set 'json.ignore-parse-errors' = 'true' to drop such rows`,
  ],
  [
    'type.jsonl',
    'type.jsonl:2',
    'format/bad-field',
    `field "id" holds "two" and wants INT; set 'json.ignore-parse-errors' = 'true' to take it as NULL`,
  ],
  [
    'big.jsonl',
    'big.jsonl:2',
    'format/bad-field',
    `field "id" holds "3000000000" and wants INT; set 'json.ignore-parse-errors' = 'true' to take it as NULL`,
  ],
  ['utf8.jsonl', 'utf8.jsonl:2', 'format/bad-record', `it is not UTF-8; set 'json.ignore-parse-errors' = 'true' to drop such rows`],
  [
    'array.json',
    'array.json:1',
    'format/bad-field',
    `field "id" holds "x" and wants INT; set 'json.ignore-parse-errors' = 'true' to take it as NULL`,
  ],
  [
    'iso.jsonl',
    'iso.jsonl:1',
    'format/bad-field',
    `'json.timestamp-format.standard' = 'ISO-8601' reads it; set 'json.ignore-parse-errors' = 'true' to take it as NULL`,
  ],
]

for (const each of queries) test(each[0], () => check(`${orders()}\n${each[0]}`, each, 2))

for (const each of statements) test(each[0], () => check(each[0], each, 2))

for (const each of rows) {
  for (const expressions of ['compiled', 'interpreted'])
    test(`${each[0]} (${expressions})`, () => check(`${lines('rows.jsonl')}\n${each[0]}`, each, 3, { 'rheo.expressions': expressions }))
}

for (const each of records) {
  const [file] = each
  const sql = file.includes('json') ? `${lines(file)}\nSELECT * FROM t` : `${orders(file)}\nSELECT * FROM orders`
  test(`reading ${file}`, () => check(sql, each, 3))
}

test('a record over the limit is a bad record', () =>
  check(
    `${orders('long.csv')}\nSELECT id FROM orders`,
    [
      '',
      'long.csv:2',
      'format/bad-record',
      `raise the limit with "rheo.max-record"; set 'csv.ignore-parse-errors' = 'true' to drop such rows`,
    ],
    3,
    { 'rheo.max-record': '1 mb' },
  ))

test('options of csv are named with their table', async () => {
  await check(
    `${orders('orders.csv', ", 'csv.field-delimiter' = ';'")}\nSELECT * FROM orders`,
    [
      '',
      'orders.csv:1',
      'format/bad-record',
      `is 'csv.field-delimiter' right? Else set 'csv.ignore-parse-errors' = 'true' to take the missing ones as NULL`,
    ],
    3,
  )
})

test('rows before the one that fails are there', async () => {
  const mistake = await mistakeOf(`${lines('rows.jsonl')} SELECT CAST(note AS INT) FROM t`, folder)
  assert.equal(mistake?.out, '+I[7]\n')
})
