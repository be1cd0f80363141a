import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { scalarFunction, tableFunction } from './functions.ts'
import { Session } from './session.ts'

const folder = mkdtempSync(join(tmpdir(), 'rheo-functions-'))
after(() => rmSync(folder, { recursive: true }))
const module = join(folder, 'functions.ts')
writeFileSync(
  module,
  `
type Maybe<T> = T | null
export const plus = { args: ['INT', 'INT'], returns: 'INT', call: (a: Maybe<number>, b: Maybe<number>) => (a === null || b === null ? -1 : a + b) }
export const twice = { args: ['BIGINT'], returns: 'BIGINT', nulls: 'strict', call: (a: bigint) => a * 2n }
export const refuse = { args: ['INT'], returns: 'INT', call(a: number) { if (a > 2) throw new Error('more than 2'); return a } }
export const lie = { args: ['INT'], returns: 'TINYINT', call: (a: number) => a * 1000 }
export const later = { args: [], returns: 'INT', call: async () => 1 }
export const shown = { args: ['ROW<a INT, b ARRAY<STRING>>', 'TIMESTAMP_LTZ(3)', 'MAP<STRING, INT>'], returns: 'STRING',
  call: (row: any, time: Date, map: Map<string, number>) => JSON.stringify([row, time.toISOString(), [...map]]) }
export const make = { args: ['INT'], returns: 'ROW<n INT, d DECIMAL(5, 2), moment TIMESTAMP(3), m MAP<STRING, INT>, b BYTES>',
  call: (n: number) => ({ n, d: '1.239', moment: '2024-01-02 03:04:05.678', m: new Map([['x', n]]), b: new Uint8Array([104, 105]) }) }
export const words = { kind: 'table', args: ['STRING'], returns: 'ROW<word STRING, size INT>',
  *call(text: Maybe<string>) { for (const word of text?.split(' ') ?? []) yield { word, size: word.length } } }
export const upTo = { kind: 'table', args: ['INT'], returns: 'INT', nulls: 'strict', call: (n: number) => Array.from({ length: n }, (_, i) => i) }
export const loud = { args: ['STRING'], returns: 'STRING', call: (text: string) => \`\${text.toUpperCase()}!\` }
export const nothing = 3
export const badType = { args: ['NUMBER'], returns: 'INT', call: () => 1 }
`,
)

async function rowsOf(text: string, settings: Readonly<Record<string, string>> = {}): Promise<readonly unknown[]> {
  await using session = Session.local({ settings })
  for (const name of ['plus', 'twice', 'refuse', 'lie', 'later', 'shown', 'make', 'words', 'upTo'])
    session.sql(`CREATE FUNCTION ${name} AS '${module}#${name}' LANGUAGE TYPESCRIPT`)
  session.sql("CREATE VIEW t AS SELECT * FROM (VALUES (1, 'a bc'), (2, 'd'), (3, CAST(NULL AS STRING))) AS v (id, text)")
  const rows: unknown[] = []
  for await (const { row } of session.sql(text)) rows.push(Object.values(row))
  return rows
}

test('values go to functions and back in the forms of rows', async () => {
  for (const expressions of ['compiled', 'interpreted']) {
    const settings = { 'rheo.expressions': expressions }
    assert.deepEqual(
      await rowsOf('SELECT PLUS(id, 1), plus(id, CAST(NULL AS INT)), twice(id), twice(CAST(NULL AS BIGINT)) FROM t', settings),
      [
        [2, -1, 2n, null],
        [3, -1, 4n, null],
        [4, -1, 6n, null],
      ],
    )
    const made = '[{"a":1,"b":["x","y"]},"2024-01-01T00:00:00.000Z",[["k",7]]]'
    const arguments_ = "ROW(1, ARRAY['x', 'y']), TO_TIMESTAMP_LTZ(1704067200000, 3), MAP['k', 7]"
    assert.deepEqual(await rowsOf(`SELECT shown(${arguments_}) FROM t LIMIT 1`, settings), [[made]])
    assert.deepEqual(await rowsOf('SELECT r.n, r.d, r.moment, r.m, r.b FROM (SELECT make(id) AS r FROM t WHERE id = 2)', settings), [
      [2, '1.24', '2024-01-02 03:04:05.678', new Map([['x', 2]]), new Uint8Array([104, 105])],
    ])
  }
})

test('rows of table functions beside the rows that they were called for', async () => {
  assert.deepEqual(await rowsOf('SELECT id, w.word, size FROM t, LATERAL TABLE(words(text)) AS w'), [
    [1, 'a', 1],
    [1, 'bc', 2],
    [2, 'd', 1],
  ])
  assert.deepEqual(await rowsOf('SELECT id, w FROM t LEFT JOIN LATERAL TABLE(words(text)) AS x (w, s) ON TRUE WHERE id > 1'), [
    [2, 'd'],
    [3, null],
  ])
  assert.deepEqual(await rowsOf('SELECT id, n FROM t CROSS JOIN LATERAL TABLE(upTo(id)) AS x (n) WHERE n > 0'), [
    [2, 1],
    [3, 1],
    [3, 2],
  ])
  assert.deepEqual(await rowsOf('SELECT * FROM TABLE(default_database.upto(2)) AS x (n)'), [[0], [1]])
})

test('what a function throws, or gives that is none of its type, fails the row', async () => {
  await assert.rejects(rowsOf('SELECT refuse(id) FROM t'), { code: 'data/function-failed', message: /threw "more than 2" \(id is 3\)/ })
  await assert.rejects(rowsOf('SELECT lie(id) FROM t'), {
    code: 'data/function-result',
    message: /found 1000, wanted is a value of TINYINT/,
  })
  await assert.rejects(rowsOf('SELECT later()'), { code: 'data/function-result', message: /a promise/ })
})

test('mistakes are told with a code and a place', async () => {
  const wrong: readonly (readonly [string, string])[] = [
    ["SELECT plus('a', 1)", 'sql/argument-type'],
    ['SELECT plus(1)', 'sql/argument-count'],
    ['SELECT words(text) FROM t', 'sql/table-function'],
    ['SELECT * FROM TABLE(plus(1, 2))', 'sql/table-function'],
    ['SELECT DISTINCT plus(DISTINCT 1, 2)', 'sql/not-an-aggregate'],
    ["CREATE TEMPORARY FUNCTION f AS 'example.f' LANGUAGE PYTHON", 'sql/java-function'],
    [`CREATE FUNCTION f AS '${module}#plus'`, 'sql/function-language'],
    [`CREATE FUNCTION f AS '${module}#plu' LANGUAGE TYPESCRIPT`, 'sql/function-definition'],
    [`CREATE FUNCTION f AS '${module}' LANGUAGE TYPESCRIPT`, 'sql/function-definition'],
    [`CREATE FUNCTION f AS '${module}#nothing' LANGUAGE TYPESCRIPT`, 'sql/function-definition'],
    [`CREATE FUNCTION f AS '${module}#badType' LANGUAGE TYPESCRIPT`, 'sql/function-definition'],
    [`CREATE FUNCTION f AS '${folder}/none.ts#x' LANGUAGE TYPESCRIPT`, 'file/not-found'],
    [`CREATE FUNCTION plus AS '${module}#plus' LANGUAGE TYPESCRIPT`, 'sql/duplicate-function'],
  ]
  for (const [text, code] of wrong) await assert.rejects(rowsOf(text), { code }, text)
})

test('a temporary system function takes the place of a built-in one; a dropped one is gone', async () => {
  await using session = Session.local()
  session.sql(`CREATE TEMPORARY SYSTEM FUNCTION reverse AS '${module}#loud' LANGUAGE TYPESCRIPT`)
  const one = async (): Promise<unknown> => {
    for await (const { row } of session.sql<{ x: unknown }>("SELECT REVERSE('abc') AS x")) return row.x
    return undefined
  }
  assert.equal(await one(), 'ABC!')
  session.sql('DROP TEMPORARY SYSTEM FUNCTION REVERSE')
  assert.equal(await one(), 'cba')
})

test('declarations keep what they are given', () => {
  const declaration = { args: ['INT'], returns: 'INT' }
  const same = (x: number): number => x
  const twice = (x: number): readonly number[] => [x, x]
  assert.deepEqual(scalarFunction(declaration, same), { ...declaration, kind: 'scalar', call: same })
  assert.deepEqual(tableFunction(declaration, twice), { ...declaration, kind: 'table', call: twice })
})
