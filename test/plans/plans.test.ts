import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { physicalTree } from '../../src/plan/explain.ts'
import { planFromJson, planToJson } from '../../src/plan/json.ts'
import type { PhysicalNode } from '../../src/plan/physical.ts'
import { planJob } from '../../src/plan/plan-job.ts'
import { ruleNames } from '../../src/plan/rules.ts'
import { planningEnvironment, planOfScript } from '../../src/testing/planning.ts'

// Goal: plans change only on purpose.
// Method: the physical plans of queries over tables of every kind, with their kinds of changes, are in plans.txt, read by a reviewer. UPDATE_PLANS=1 rewrites the file.

const tables = `
CREATE TABLE orders (id INT, customer STRING, amount DECIMAL(10, 2), qty INT, ts TIMESTAMP(3), item ROW<sku STRING, size ROW<w INT, h INT>>,
  total AS amount * qty, origin STRING METADATA VIRTUAL, WATERMARK FOR ts AS ts - INTERVAL '5' SECOND) WITH ('connector' = 'planned');
CREATE TABLE plain (id INT, customer STRING, qty INT) WITH ('connector' = 'planned');
CREATE TABLE days (id INT, clicks INT, \`day\` STRING, country STRING) PARTITIONED BY (\`day\`, country) WITH ('connector' = 'planned');
CREATE TABLE stock (sku STRING, shelf STRING, units INT) WITH ('connector' = 'planned', 'changes' = 'retract');
CREATE TABLE accounts (id INT, owner STRING, balance DECIMAL(10, 2), PRIMARY KEY (id) NOT ENFORCED) WITH ('connector' = 'planned', 'changes' = 'upsert');
CREATE TABLE whole (id INT, name STRING) WITH ('connector' = 'planned', 'projects' = 'false', 'limits' = 'false');
CREATE TABLE totals (customer STRING, n BIGINT, total DECIMAL(38, 2), PRIMARY KEY (customer) NOT ENFORCED) WITH ('connector' = 'planned', 'sink' = 'upsert');
CREATE TABLE log (customer STRING NOT NULL, n BIGINT) WITH ('connector' = 'planned', 'sink' = 'retract');
CREATE VIEW big AS SELECT id, customer, amount * 2 AS twice FROM orders WHERE amount > 100;
`

interface Query {
  readonly sql: string
  readonly settings?: Readonly<Record<string, string>>
}

const queries: readonly Query[] = [
  { sql: 'SELECT id, UPPER(customer) AS who FROM plain WHERE qty > 1 + 2' },
  { sql: 'SELECT * FROM orders' },
  { sql: 'SELECT item.size.w, item.sku FROM orders WHERE item.size.h > 2' },
  { sql: "SELECT twice, id FROM big WHERE customer = 'ann' AND twice > 300" },
  { sql: 'SELECT customer, COUNT(*) AS n, SUM(amount) AS total FROM orders GROUP BY customer' },
  { sql: 'SELECT n, COUNT(*) FROM (SELECT customer, COUNT(*) AS n, MAX(qty) AS most FROM plain GROUP BY customer) GROUP BY n' },
  { sql: "SELECT customer, COUNT(*) AS n FROM plain GROUP BY customer HAVING customer <> 'x' AND COUNT(*) > 2" },
  { sql: 'SELECT LAST_VALUE(n) FROM (SELECT customer, COUNT(*) AS n FROM plain GROUP BY customer)' },
  { sql: 'SELECT DISTINCT customer, qty FROM plain' },
  {
    sql: `SELECT a.id, b.qty FROM (SELECT *, PROCTIME() AS pt FROM orders) a LEFT JOIN (SELECT *, PROCTIME() AS pt FROM plain) b
          ON a.customer = b.customer AND a.pt BETWEEN b.pt - INTERVAL '1' HOUR AND b.pt AND a.qty > b.qty`,
  },
  { sql: 'SELECT COUNT(DISTINCT customer) FILTER (WHERE qty > 1) AS c, COUNT(*) FROM plain' },
  {
    sql: "SELECT window_start, customer, SUM(qty) AS q FROM TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '10' MINUTE) WHERE qty > 0 GROUP BY customer, window_start, window_end",
  },
  {
    sql: "SELECT window_start, COUNT(*) FROM HOP(TABLE orders, DESCRIPTOR(ts), INTERVAL '1' MINUTE, INTERVAL '5' MINUTE) GROUP BY window_start",
  },
  {
    sql: `SELECT window_start, window_end, MAX(n) FROM TUMBLE(TABLE (SELECT window_time AS t, customer, COUNT(*) AS n
            FROM TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '1' MINUTE) GROUP BY window_start, window_end, window_time, customer), DESCRIPTOR(t), INTERVAL '1' HOUR)
          GROUP BY window_start, window_end`,
  },
  {
    sql: `SELECT window_start, window_end, MAX(n) FROM (SELECT window_start, window_end, customer, COUNT(*) AS n
            FROM TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '1' MINUTE) GROUP BY window_start, window_end, customer) GROUP BY window_start, window_end`,
  },
  {
    sql: `SELECT customer, n FROM orders MATCH_RECOGNIZE (PARTITION BY customer ORDER BY ts, qty DESC
            MEASURES A.id AS first_id, COUNT(B.id) AS n, MATCH_ROWTIME() AS rt, LAST(B.qty, 1) AS before
            AFTER MATCH SKIP TO LAST B PATTERN (A B{2,} C) WITHIN INTERVAL '1' HOUR
            DEFINE A AS A.qty > 1 + 2, B AS B.qty > LAST(B.qty, 1) OR SUM(A.qty) < 9, C AS qty < FIRST(A.qty))`,
  },
  { sql: 'SELECT shelf, SUM(units) FROM stock WHERE units > 0 GROUP BY shelf' },
  { sql: 'SELECT owner, balance FROM accounts WHERE balance > 0' },
  { sql: 'SELECT id, customer FROM plain UNION ALL SELECT id + 1, owner FROM accounts' },
  { sql: 'SELECT id FROM plain LIMIT 3 OFFSET 1' },
  { sql: 'SELECT name FROM whole LIMIT 3' },
  { sql: "SELECT id, clicks FROM days WHERE `day` = '2024-01-01' AND country IN ('DE', 'FR') AND clicks > 3" },
  { sql: 'INSERT INTO totals SELECT customer, COUNT(*), SUM(amount) FROM orders GROUP BY customer' },
  {
    sql: 'INSERT INTO totals SELECT customer, n, CAST(NULL AS DECIMAL(38, 2)) FROM (SELECT customer, COUNT(*) AS n FROM plain GROUP BY customer) WHERE n > 1',
  },
  { sql: 'INSERT INTO log (customer) SELECT customer FROM plain' },
  {
    sql: 'INSERT INTO log SELECT customer, COUNT(*) FROM plain GROUP BY customer',
    settings: { 'table.exec.sink.not-null-enforcer': 'DROP' },
  },
  { sql: 'INSERT INTO log SELECT shelf, units FROM stock' },
  {
    sql: 'SELECT customer, COUNT(*) AS n FROM orders GROUP BY customer ORDER BY n DESC, customer LIMIT 2',
    settings: { 'execution.runtime-mode': 'batch' },
  },
  {
    sql: "SELECT window_start, COUNT(*) FROM TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '1' DAY) GROUP BY window_start, window_end",
    settings: { 'execution.runtime-mode': 'batch' },
  },
  { sql: "SELECT 1 + 1 AS two, RAND() AS r, UPPER('a') FROM (VALUES (1), (2)) AS t (x) WHERE x > 1" },
  { sql: 'SELECT id FROM plain WHERE 1 = 2' },
  {
    sql: 'SELECT customer, COUNT(*) AS n, SUM(amount) AS total, MAX(qty) FILTER (WHERE id > 3) AS most FROM orders GROUP BY customer',
    settings: { 'table.optimizer.agg-phase-strategy': 'TWO_PHASE' },
  },
  {
    sql: 'SELECT COUNT(*), MAX(id) FROM (SELECT customer, COUNT(*) AS n, MAX(id) AS id FROM plain GROUP BY customer)',
    settings: {
      'table.exec.mini-batch.enabled': 'true',
      'table.exec.mini-batch.allow-latency': '1 s',
      'table.exec.mini-batch.size': '100',
    },
  },
  { sql: 'SELECT id, total FROM orders WHERE total > 10', settings: { 'rheo.rules.disabled': 'all' } },
  {
    sql: 'SELECT id FROM plain WHERE id IN (SELECT id FROM accounts WHERE balance > 5) AND EXISTS (SELECT 1 FROM stock WHERE units > qty)',
  },
  { sql: 'SELECT id FROM plain WHERE id NOT IN (SELECT id FROM accounts)' },
  {
    sql: 'SELECT id FROM plain WHERE id NOT IN (SELECT a.id FROM accounts AS a RIGHT JOIN stock AS s ON a.id = s.units)',
  },
  { sql: 'SELECT id FROM plain AS p WHERE customer NOT IN (SELECT owner FROM accounts AS a WHERE a.id = p.id)' },
  {
    sql: 'SELECT owner, (SELECT COUNT(*) FROM plain AS p WHERE p.id = a.id) AS n, (SELECT MAX(qty) FROM plain) AS most FROM accounts AS a',
  },
  { sql: 'SELECT id, (SELECT COUNT(*) FROM stock WHERE units > p.qty) AS n FROM plain AS p' },
  { sql: 'SELECT id, (SELECT sku FROM stock WHERE units = p.qty) AS sku FROM plain AS p' },
  { sql: 'SELECT id, qty > ALL (SELECT units FROM stock WHERE shelf = p.customer) AS most FROM plain AS p' },
  { sql: 'SELECT customer, id FROM plain INTERSECT SELECT owner, id FROM accounts' },
  { sql: 'SELECT customer FROM plain EXCEPT ALL SELECT owner FROM accounts' },
  { sql: 'SELECT id, item.sku FROM orders UNION ALL SELECT qty, customer FROM orders WHERE item.size.h > 2' },
  {
    sql: 'SELECT a.customer, b.n FROM big a JOIN (SELECT customer, COUNT(*) AS n FROM big GROUP BY customer) b ON a.customer = b.customer',
  },
  {
    sql: 'SELECT a.id FROM plain a JOIN (SELECT x.id FROM plain x JOIN whole y ON x.id = y.id) b ON a.id = b.id',
  },
]

function planned({ sql, settings = {} }: Query): PhysicalNode {
  const environment = planningEnvironment(settings)
  return planJob(planOfScript(`${tables}${sql}`, environment), environment)
}

test('plans are those of plans.txt', () => {
  const found = queries.map((query) => {
    const settings = Object.entries(query.settings ?? {}).map(([key, value]) => `-- ${key} = ${value}\n`)
    return `${settings.join('')}${query.sql.replace(/\n\s+/g, '\n  ')}\n${physicalTree(planned(query), { changes: true })}\n`
  })
  const file = join(import.meta.dirname, 'plans.txt')
  const text = found.join('\n')
  if (process.env['UPDATE_PLANS'] !== undefined || !existsSync(file)) writeFileSync(file, text)
  assert.equal(text, readFileSync(file, 'utf8'))
})

test('a plan is equal after its way through JSON, places aside', () => {
  for (const query of queries) {
    const plan = planned(query)
    const again = planFromJson(JSON.parse(JSON.stringify(planToJson(plan))))
    assert.deepEqual(planToJson(again), planToJson(plan), query.sql)
    assert.equal(physicalTree(again, { changes: true }), physicalTree(plan, { changes: true }))
  }
})

test('ids are unique in a plan, and the ids of stateful operators are the same whichever rules run', () => {
  const stateful = new Set(['group-aggregate', 'window-aggregate', 'match', 'changelog-normalize', 'limit', 'sort', 'scan'])
  const idsOf = (node: PhysicalNode): readonly PhysicalNode[] => [
    node,
    ...(node.kind === 'union' ? node.inputs : 'input' in node ? [node.input] : []).flatMap(idsOf),
  ]
  for (const query of queries) {
    const without = (rules: string): PhysicalNode => planned({ ...query, settings: { ...query.settings, 'rheo.rules.disabled': rules } })
    const nodes = [...new Set(idsOf(planned(query)))]
    assert.equal(new Set(nodes.map((node) => node.id)).size, nodes.length, query.sql)
    if (query.sql.includes('1 = 2')) continue
    const wanted = idsOf(without('share-subplans'))
      .filter((node) => stateful.has(node.kind))
      .map((node) => node.id)
    // What several read has the id of the first of them.
    assert.deepEqual(
      nodes.filter((node) => stateful.has(node.kind) && !wanted.includes(node.id)),
      [],
    )
    for (const rule of [...ruleNames.map((name) => `${name},share-subplans`), 'all']) {
      const found = idsOf(without(rule)).filter((node) => stateful.has(node.kind))
      assert.deepEqual(
        found.map((node) => node.id),
        wanted,
        `${query.sql} without ${rule}`,
      )
    }
  }
})
