import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bindScript, planningEnvironment } from '../testing/planning.ts'

const tables = `
CREATE TABLE t (id INT, k STRING) WITH ('connector' = 'planned');
CREATE TABLE s (k STRING, n BIGINT) WITH ('connector' = 'planned', 'sink' = 'retract');
`

function explained(statement: string, settings: Readonly<Record<string, string>> = {}): string {
  const bound = bindScript(`${tables}${statement}`, planningEnvironment(settings))
  assert.ok(bound.kind === 'rows' && bound.rows.length === 1)
  return String(bound.rows[0]![0])
}

test('a statement set has one answer, with the plans of its sinks one below the other', () => {
  const text = explained(
    'EXPLAIN STATEMENT SET BEGIN INSERT INTO s SELECT k, 1 FROM t; INSERT INTO s SELECT k, COUNT(*) FROM t GROUP BY k; END',
  )
  const [, , physical = ''] = text.split(/== .* ==\n/)
  assert.equal(physical.match(/^Sink\(/gm)?.length, 2)
})

test('estimated rows go up with joins and down with filters, keys and limits', () => {
  const rows = (query: string): readonly string[] =>
    Array.from(
      explained(`EXPLAIN ESTIMATED_COST ${query}`).matchAll(/rowcount = (\S+), cumulative cost = \{(\S+) rows\}/g),
      ([, a, b]) => `${a} ${b}`,
    )
  assert.deepEqual(rows('SELECT * FROM t'), ['1.0E8 2.0E8', '1.0E8 1.0E8'])
  assert.deepEqual(rows('SELECT id FROM t WHERE id > 1 AND k IS NOT NULL').slice(0, 2), ['4.25E7 1.85E8', '4.25E7 1.425E8'])
  assert.equal(rows('SELECT COUNT(*) FROM t')[1]?.split(' ')[0], '1.0')
  assert.equal(rows('SELECT * FROM t LIMIT 7')[0]?.split(' ')[0], '7.0')
  assert.equal(rows('VALUES (1), (2), (3)')[0], '3.0 6.0')
})

test('advice names the steps whose state has no end', () => {
  const text = explained('EXPLAIN PLAN_ADVICE SELECT k, COUNT(*) FROM t GROUP BY k')
  assert.match(text, /GroupAggregate\(advice=\[1\], groupBy=\[k\]/)
  assert.match(text, /^advice\[1\]: \[ADVICE\] GroupAggregate keeps every key \(k\)/m)
  assert.match(explained('EXPLAIN PLAN_ADVICE SELECT k FROM t'), /No available advice\.\.\./)
  assert.match(
    explained('EXPLAIN PLAN_ADVICE SELECT k, COUNT(*) FROM t GROUP BY k', { 'table.exec.state.ttl': '1 h' }),
    /No available advice/,
  )
})

test('the steps as JSON: each once, with those that send it rows', () => {
  const text = explained('EXPLAIN JSON_EXECUTION_PLAN SELECT a.k, COUNT(*) FROM t AS a JOIN t AS b ON a.id = b.id GROUP BY a.k', {
    'parallelism.default': '3',
  })
  const { nodes } = JSON.parse(text.slice(text.indexOf('{\n'))) as {
    nodes: readonly {
      id: number
      pact: string
      parallelism: number
      predecessors?: readonly { id: number; ship_strategy: string; side: string }[]
    }[]
  }
  assert.deepEqual(
    nodes.map(({ id }) => id),
    nodes.map((_, i) => i + 1),
  )
  assert.equal(nodes[0]?.pact, 'Data Source')
  assert.equal(nodes.at(-1)?.pact, 'Data Sink')
  assert.equal(nodes[0].parallelism, 3)
  const join = nodes.find(({ predecessors }) => predecessors?.length === 2)
  assert.deepEqual(
    join?.predecessors?.map(({ ship_strategy, side }) => [ship_strategy, side]),
    [
      ['HASH', 'first'],
      ['HASH', 'second'],
    ],
  )
  for (const { id, predecessors } of nodes) for (const { id: from } of predecessors ?? []) assert.ok(from < id)
})
