// Goal: a condition on ROW_NUMBER is found wherever it stands, so that a stream keeps the first rows instead of numbering all.
// Method: the changes of each query, added up, are the rows that batch mode gives.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RheoError } from '../base/errors.ts'
import { Session } from './session.ts'

const views = [
  "CREATE VIEW scores AS SELECT * FROM (VALUES (1, 'red', 10), (2, 'red', 30), (3, 'blue', 20), (4, 'red', 20), (5, 'blue', 25)) AS t (id, team, points)",
  "CREATE VIEW names AS SELECT * FROM (VALUES (2, 'Ben'), (3, 'Cem'), (4, 'Dia'), (9, 'Ida')) AS t (id, name)",
  'CREATE VIEW ranked AS SELECT *, ROW_NUMBER() OVER (PARTITION BY team ORDER BY points DESC) AS rn FROM scores',
]

const queries = [
  'SELECT r.id, n.name FROM ranked r JOIN names n ON r.id = n.id WHERE r.rn <= 2',
  'SELECT r.id, n.name, rn FROM ranked r JOIN names n ON r.id = n.id AND r.rn = 1',
  'SELECT r.id, n.name FROM ranked r LEFT JOIN names n ON r.id = n.id WHERE rn = 1',
  'SELECT n.id, r.team, r.rn FROM names n LEFT JOIN ranked r ON r.id = n.id AND r.rn <= 1',
  'SELECT r.id FROM ranked r, names n WHERE r.id = n.id AND r.rn < 3 AND n.name <> r.team',
  'SELECT id FROM names WHERE id IN (SELECT id FROM ranked WHERE rn = 1)',
  'SELECT a.id, b.id AS other FROM ranked a JOIN ranked b ON a.rn = b.rn AND a.team <> b.team WHERE a.rn <= 2 AND b.rn <= 2',
  'SELECT id FROM (SELECT id, rn FROM ranked UNION ALL SELECT id, ROW_NUMBER() OVER (ORDER BY points) FROM scores) WHERE rn <= 2',
  'SELECT rn, COUNT(*) AS n FROM ranked GROUP BY rn HAVING rn <= 2',
  'SELECT id, rn FROM ranked WHERE NOT rn > 2',
  'SELECT id, rn FROM ranked WHERE NOT (rn > 2 OR points < 22)',
  'SELECT id, rn FROM ranked WHERE rn <= 1 + 1',
]

for (const sql of queries) {
  test(sql, async () => {
    const wanted = await table(sql, 'batch')
    assert.notEqual(wanted.length, 0)
    assert.deepEqual(await table(sql, 'streaming'), wanted)
  })
}

test('a number that no row has is a mistake, and so is none at all', async () => {
  const code = 'plan/rank-without-end'
  await assert.rejects(
    table('SELECT id FROM ranked WHERE rn < 1', 'streaming'),
    (error) => error instanceof RheoError && error.code === code,
  )
  await assert.rejects(
    table('SELECT id FROM ranked WHERE rn > 1', 'streaming'),
    (error) => error instanceof RheoError && error.code === code,
  )
})

/** The rows that are left, sorted. */
async function table(sql: string, mode: 'streaming' | 'batch'): Promise<readonly string[]> {
  await using session = Session.local({ settings: { 'execution.runtime-mode': mode } })
  for (const view of views) session.sql(view)
  const rows: string[] = []
  for await (const { op, row } of session.sql<Record<string, unknown>>(sql)) {
    const text = Object.values(row).map(String).join(' ')
    if (op.startsWith('+')) rows.push(text)
    else rows.splice(rows.indexOf(text), 1)
  }
  return rows.sort()
}
