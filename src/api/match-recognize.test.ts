// Goal: what MATCH_RECOGNIZE has beyond Flink means what the SQL standard says. Method: patterns over one row a letter, in batch mode; the answers by hand.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Session } from './session.ts'

/** The matches over rows 1, 2, 3, ... of these letters, one text each. */
async function matches(letters: string, clauses: string): Promise<readonly string[]> {
  const session = Session.local()
  session.sql("SET 'execution.runtime-mode' = 'batch'")
  const rows = Array.from(letters, (letter, i) => `(${i + 1}, '${letter}', TIMESTAMP '2024-01-01 00:00:${String(i).padStart(2, '0')}')`)
  const query = session.sql<Record<string, unknown>>(`SELECT * FROM (VALUES ${rows.join(', ')}) AS t (id, x, ts)
    MATCH_RECOGNIZE (ORDER BY ts ${clauses})`)
  const found: string[] = []
  for await (const { row } of query) found.push(Object.values(row).map(String).join(' '))
  return found
}

const letters = "DEFINE A AS A.x = 'a', B AS B.x = 'b', C AS C.x = 'c'"
const span = 'MEASURES FIRST(id) AS f, LAST(id) AS l, COUNT(*) AS n AFTER MATCH SKIP PAST LAST ROW'

test('a fixed number of rounds of a group', async () => {
  assert.deepEqual(await matches('ababcabc', `${span} PATTERN ((A B){2} C) ${letters}`), ['1 5 5'])
  assert.deepEqual(await matches('aabaabc', `${span} PATTERN ((A{2} B){2} C) ${letters}`), ['1 7 7'])
})

test('a greedy group goes round as long as it can', async () => {
  assert.deepEqual(await matches('abababcabc', `${span} PATTERN ((A B)+ C) ${letters}`), ['1 7 7', '8 10 3'])
  assert.deepEqual(await matches('abababc', `${span} PATTERN ((A B){1,2} C) ${letters}`), ['3 7 5'])
  assert.deepEqual(await matches('abcc', `${span} PATTERN ((A B)* C) ${letters}`), ['1 3 3', '4 4 1'])
  assert.deepEqual(await matches('abcc', `${span} PATTERN ((A B)? C) ${letters}`), ['1 3 3', '4 4 1'])
  // C takes every row here, but not one that can begin another round.
  const openEnd = "DEFINE A AS A.x = 'a', B AS B.x = 'b'"
  assert.deepEqual(await matches('ababx', `${span} PATTERN ((A B)+ C) ${openEnd}`), ['1 5 5'])
})

test('a reluctant group is over with the first row that may follow', async () => {
  const openEnd = "DEFINE A AS A.x = 'a', B AS B.x = 'b'"
  assert.deepEqual(await matches('ababx', `${span} PATTERN ((A B)+? C) ${openEnd}`), ['1 3 3'])
})

test('groups within groups', async () => {
  assert.deepEqual(await matches('abbabcabc', `${span} PATTERN (((A B+)+ C){2}) ${letters}`), ['1 9 9'])
})

test('a SUBSET has the rows of its variables', async () => {
  const subset = 'MEASURES SUM(U.id) AS s, FIRST(U.id) AS f, LAST(U.id) AS l, COUNT(C.id) AS c PATTERN (A B+ C) SUBSET U = (B, C)'
  assert.deepEqual(await matches('abbc', `${subset} ${letters}`), ['9 2 4 1'])
  assert.deepEqual(await matches('abba', `MEASURES B.id AS b AFTER MATCH SKIP TO LAST U PATTERN (A B{2}) SUBSET U = (A, B) ${letters}`), [
    '3',
  ])
})

test('CLASSIFIER is the variable that a row was taken for', async () => {
  const measures = 'MEASURES CLASSIFIER() AS c, FIRST(CLASSIFIER()) AS f, LAST(CLASSIFIER(), 1) AS l, CLASSIFIER(U) AS u'
  assert.deepEqual(await matches('abbc', `${measures} PATTERN (A B+ C) SUBSET U = (A, B) ${letters}`), ['C A B B'])
  const inDefine = "DEFINE A AS A.x = 'a', B AS B.x <> 'c' AND LAST(CLASSIFIER(), 1) = 'A'"
  assert.deepEqual(await matches('abc', `MEASURES A.id AS a, B.id AS b PATTERN (A B) ${inDefine}`), ['1 2'])
})

test('a quantifier without a lower bound begins with none', async () => {
  assert.deepEqual(await matches('aac', `${span} PATTERN (A{,2} C) ${letters}`), ['1 3 3'])
})

test('an anchor, and a group that may be empty, are refused', async () => {
  await assert.rejects(() => matches('a', `${span} PATTERN (^ A) ${letters}`), { code: 'plan/match-anchor' })
  await assert.rejects(() => matches('a', `${span} PATTERN ((A* B*)+ C) ${letters}`), { code: 'plan/match-pattern' })
})
