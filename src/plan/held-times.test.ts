import assert from 'node:assert/strict'
import { test } from 'node:test'
import { planningEnvironment, planOfScript } from '../testing/planning.ts'
import { heldTimeMs } from './held-times.ts'

// Goal: the joins by event time know how far rows may lie behind the watermark.
// Method: queries that show one event time, `ts`, of rows that windows held or did not, and how long.

const orders = `
CREATE TABLE orders (id INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'planned');
CREATE TABLE rates (id INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts, PRIMARY KEY (id) NOT ENFORCED) WITH ('connector' = 'planned', 'changes' = 'upsert');
CREATE VIEW minutes AS SELECT * FROM TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '1' MINUTE);
CREATE VIEW sums AS SELECT window_start, window_end, window_time AS ts, COUNT(*) AS id FROM minutes GROUP BY window_start, window_end, window_time;
`

function first(of: string, window = 'window_start, window_end'): string {
  return `SELECT ts FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY ${window} ORDER BY id) AS rn FROM ${of}) WHERE rn <= 3`
}

const minute = 60_000

const queries: readonly (readonly [sql: string, ms: number])[] = [
  ['SELECT ts FROM orders', 0],
  ['SELECT ts FROM minutes WHERE id > 3', 0],
  [first('minutes'), minute],
  [first('minutes', 'window_start'), 0],
  [first('minutes').replace('ts', 'window_time AS ts'), 0],
  [first('sums'), 0],
  [first("HOP(TABLE orders, DESCRIPTOR(ts), INTERVAL '1' MINUTE, INTERVAL '5' MINUTE)"), 5 * minute],
  [first("CUMULATE(TABLE orders, DESCRIPTOR(ts), INTERVAL '1' MINUTE, INTERVAL '1' HOUR)"), 60 * minute],
  ["SELECT ts FROM SESSION(TABLE orders PARTITION BY id, DESCRIPTOR(ts), INTERVAL '1' MINUTE)", Infinity],
  ['SELECT a.ts FROM minutes a JOIN minutes b ON a.window_start = b.window_start AND a.window_end = b.window_end', minute],
  ['SELECT a.window_time AS ts FROM minutes a JOIN minutes b ON a.window_start = b.window_start AND a.window_end = b.window_end', 0],
  [`SELECT a.ts FROM orders a JOIN (${first('minutes')}) b ON a.ts = b.ts`, 0],
  // Joins by event time hold back the watermark themselves.
  [`SELECT b.ts FROM (${first('minutes').replace('ts', 'id, ts')}) b JOIN rates FOR SYSTEM_TIME AS OF b.ts AS r ON r.id = b.id`, 0],
  [`SELECT ts FROM orders UNION ALL ${first('minutes')}`, minute],
  // The window goes by another time than the one that is shown.
  [
    first(
      "TUMBLE(TABLE (SELECT a.id, a.ts, b.ts AS t FROM orders a JOIN orders b ON a.id = b.id AND a.ts = b.ts), DESCRIPTOR(t), INTERVAL '1' MINUTE)",
    ),
    Infinity,
  ],
]

for (const [sql, ms] of queries) {
  test(`${sql} is held for ${ms} ms`, () => {
    const plan = planOfScript(`${orders}${sql}`, planningEnvironment())
    const column = plan.schema.findIndex((field) => field.name === 'ts')
    assert.equal(plan.schema[column]?.timeAttribute, 'rowtime')
    assert.equal(heldTimeMs(plan, column), ms)
  })
}
