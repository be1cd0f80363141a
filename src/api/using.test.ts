// Names of columns behind JOIN .. USING and NATURAL JOIN: the common column stands once, those of the two sides keep their names.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Session } from './session.ts'

const tables = `WITH a (k, x) AS (VALUES (1, 'a1'), (2, 'a2')), b (k, y) AS (VALUES (2, 'b2'), (3, 'b3')), c (k, z) AS (VALUES (2, 'c2'), (3, 'c3'))`

const queries: readonly (readonly [sql: string, rows: readonly string[]])[] = [
  ['SELECT * FROM a JOIN b USING (k)', ['k=2 x=a2 y=b2']],
  ['SELECT a.k AS p, b.k AS q, k FROM a LEFT JOIN b USING (k)', ['p=1 q=null k=1', 'p=2 q=2 k=2']],
  ['SELECT a.k AS p, b.k AS q, k FROM a FULL JOIN b USING (k)', ['p=1 q=null k=1', 'p=2 q=2 k=2', 'p=null q=3 k=3']],
  ['SELECT * FROM a FULL JOIN b USING (k)', ['k=1 x=a1 y=null', 'k=2 x=a2 y=b2', 'k=3 x=null y=b3']],
  ['SELECT b.*, x FROM a RIGHT JOIN b USING (k)', ['k=2 y=b2 x=a2', 'k=3 y=b3 x=null']],
  ['SELECT *, b.k AS q FROM a NATURAL JOIN b', ['k=2 x=a2 y=b2 q=2']],
  ['SELECT * FROM a NATURAL FULL JOIN b NATURAL JOIN c', ['k=2 x=a2 y=b2 z=c2', 'k=3 x=null y=b3 z=c3']],
  ['SELECT * FROM a FULL JOIN b USING (k) FULL JOIN c USING (k) WHERE k > 1', ['k=2 x=a2 y=b2 z=c2', 'k=3 x=null y=b3 z=c3']],
  ['SELECT b.k, COUNT(*) AS n FROM a FULL JOIN b USING (k) GROUP BY b.k', ['k=2 n=1', 'k=3 n=1', 'k=null n=1']],
]

for (const [sql, rows] of queries) {
  test(sql, async () => {
    await using session = Session.local({ settings: { 'execution.runtime-mode': 'batch' } })
    const found: string[] = []
    for await (const { row } of session.sql<Record<string, unknown>>(`${tables} ${sql}`)) found.push(shown(row))
    assert.deepEqual(found.sort(), [...rows].sort())
  })
}

function shown(row: Record<string, unknown>): string {
  return Object.entries(row)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(' ')
}
