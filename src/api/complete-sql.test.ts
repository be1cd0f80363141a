import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Catalogs } from '../catalog/catalog.ts'
import { Settings } from '../catalog/settings.ts'
import { connectorRegistry } from '../connectors/registry.ts'
import { bindStatement } from '../sql/bind.ts'
import type { BindEnvironment } from '../sql/bound-statement.ts'
import { parseScript } from '../sql/parser.ts'
import { completeSql, type Completion } from './complete-sql.ts'

const environment: BindEnvironment = { catalogs: new Catalogs(), settings: new Settings(), connectors: connectorRegistry() }
const definitions = `
CREATE TABLE orders (id INT, customer STRING, amount DECIMAL(10, 2), ts TIMESTAMP(3), \`group\` INT, WATERMARK FOR ts AS ts) WITH ('connector' = 'datagen');
CREATE TABLE customers (name STRING, city STRING) WITH ('connector' = 'datagen');
CREATE TABLE sink (a INT, b STRING) WITH ('connector' = 'blackhole');
CREATE VIEW big AS SELECT id, amount AS value_of_it FROM orders WHERE amount > 100;
CREATE DATABASE archive;
CREATE TABLE archive.old_orders (old_id INT) WITH ('connector' = 'datagen');`
for (const statement of parseScript(definitions).statements) bindStatement(statement, environment)

const complete = (text: string): Completion => completeSql(text.replace('|', ''), text.indexOf('|'), environment)
/** What can stand at the `|` of a text, of the kinds that are asked for. */
const texts = (text: string, ...kinds: readonly string[]): readonly string[] =>
  complete(text)
    .candidates.filter(({ kind }) => kinds.length === 0 || kinds.includes(kind))
    .map((candidate) => candidate.text)

test('keywords, in the case in which they are begun', () => {
  assert.deepEqual(texts('SEL|'), ['SELECT'])
  assert.deepEqual(texts('sel|'), ['select'])
  assert.deepEqual(texts('SELECT id FROM orders GRO|'), ['GROUP BY'])
  assert.deepEqual(texts('SELECT id FROM orders ORDER |'), ['BY'])
})

test('tables, also of other databases, and views', () => {
  assert.deepEqual(texts('SELECT * FROM |', 'table'), ['big', 'customers', 'orders', 'sink'])
  assert.deepEqual(texts('SELECT * FROM orders JOIN cu|'), ['customers'])
  assert.deepEqual(texts('SELECT * FROM archive.|'), ['old_orders'])
  assert.deepEqual(texts('INSERT INTO s|', 'table'), ['sink'])
  assert.deepEqual(texts('DESCRIBE o|', 'table'), ['orders'])
  assert.deepEqual(texts('USE arch|'), ['archive'])
})

test('columns of the tables in FROM, before and behind the cursor', () => {
  assert.deepEqual(texts('SELECT | FROM orders', 'column'), ['id', 'customer', 'amount', 'ts', '`group`'])
  assert.deepEqual(texts('SELECT * FROM orders WHERE am|', 'column'), ['amount'])
  assert.deepEqual(texts('SELECT o.| FROM orders AS o JOIN customers c ON o.customer = c.name', 'column').length, 5)
  assert.deepEqual(texts('SELECT * FROM orders o JOIN customers c ON o.customer = c.|'), ['name', 'city'])
  assert.deepEqual(texts('SELECT v| FROM big', 'column'), ['value_of_it'])
  assert.deepEqual(texts('SELECT old| FROM archive.old_orders', 'column'), ['old_id'])
  assert.deepEqual(texts('INSERT INTO sink (|', 'column'), ['a', 'b'])
  assert.equal(complete('SELECT am| FROM orders').candidates[0]?.detail, 'DECIMAL(10, 2)  orders')
  assert.deepEqual(texts('SELECT a,, b FROM orders WHERE cus|', 'column'), ['customer'], 'a mistake before the cursor is no hindrance')
})

test('columns of subqueries, common tables and windows', () => {
  assert.deepEqual(texts('SELECT | FROM (SELECT id AS number, customer FROM orders) x', 'column'), ['number', 'customer'])
  assert.deepEqual(
    texts('WITH sums AS (SELECT customer, SUM(amount) AS total FROM orders GROUP BY customer) SELECT to| FROM sums', 'column'),
    ['total'],
  )
  assert.deepEqual(texts("SELECT window| FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '1' MINUTE))", 'column'), [
    'window_start',
    'window_end',
    'window_time',
  ])
  assert.deepEqual(texts('SELECT id FROM orders WHERE EXISTS (SELECT n| FROM customers)', 'column'), ['name'])
})

test('functions with their arguments', () => {
  const [found] = complete('SELECT UPPE|').candidates
  assert.deepEqual([found?.text, found?.detail], ['UPPER(', 'UPPER(text)  The text in upper case'])
  assert.deepEqual(texts('SELECT current_ti|', 'function'), ['current_time', 'current_timestamp'])
  assert.deepEqual(texts('SELECT row_n|'), ['row_number('])
  assert(texts('SELECT COUN|').includes('COUNT('))
})

test('options of the connector and the format that are given, and their values', () => {
  const create = 'CREATE TABLE t (a INT) WITH ('
  assert.deepEqual(texts(`${create}|`), ["'connector'"])
  assert.deepEqual(texts(`${create}'connector' = 'file|`), ["'filesystem'"])
  assert.deepEqual(texts(`${create}'connector' = 'datagen', 'rows|`), ["'rows-per-second'"])
  assert.deepEqual(texts(`${create}'connector' = 'filesystem', 'format' = 'csv', 'csv.ig|`), ["'csv.ignore-parse-errors'"])
  assert.deepEqual(texts(`${create}'connector' = 'filesystem', 'format' = 'csv', 'csv.ignore-parse-errors' = |`), ["'true'", "'false'"])
  assert.deepEqual(texts(`${create}'path' = 'x', 'connector' = 'filesystem', 'pa|`).includes("'path'"), false, 'given already')
  assert.deepEqual(texts(`${create}'connector' |`), ['='])
  assert.equal(complete(`${create}'connector' = 'filesystem', 'path' = 'da|`).path, 'da')
  assert.deepEqual(texts("SELECT * FROM orders /*+ OPTIONS('number|"), ["'number-of-rows'"])
  assert.deepEqual(texts("SET 'execution.runtime|"), ["'execution.runtime-mode'"])
  assert.deepEqual(texts("SET 'execution.runtime-mode' = |"), ["'streaming'", "'batch'", "'automatic'"])
  // The closing quote behind the cursor is not written twice.
  assert.deepEqual(texts("SET 'execution.runtime-mode' = 'ba|'"), ["'batch"])
})

test('what is no name is not completed', () => {
  assert.deepEqual(texts("SELECT 'or|"), [])
  assert.deepEqual(texts('SELECT id AS |'), [])
})
