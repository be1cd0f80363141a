import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseForCompletion } from './completion.ts'
import type { CompletionContext } from './completion.ts'

/** The context at the `|` of a text. */
function at(text: string): CompletionContext {
  return parseForCompletion(text.replace('|', ''), text.indexOf('|'))
}

test('keywords that can follow', () => {
  assert(at('|').keywords.includes('SELECT'))
  assert(at('SELECT a FROM t W|').keywords.includes('WHERE'))
  assert.equal(at('SELECT a FROM t W|').prefix, 'W')
  assert.deepEqual(at('SELECT a FROM t W|').replaces, { offset: 16, length: 1 })
  assert.deepEqual(at('SELECT a FROM t GROUP |').keywords, ['BY'])
  assert.deepEqual(at('SELECT * FROM a LEFT |').keywords, ['OUTER', 'JOIN'])
  assert(at('SELECT 1; SHOW |').keywords.includes('TABLES'))
  assert(at('SELECT a FROM t WHERE a |').keywords.includes('BETWEEN'))
  assert(at('CREATE TABLE t (a |').keywords.includes('TIMESTAMP'))
})

test('kinds of names that can follow', () => {
  assert.deepEqual([...at('SELECT * FROM |').names], ['table'])
  assert.deepEqual([...at('SELECT |').names], ['column', 'function'])
  assert.deepEqual([...at("CREATE TABLE t (a INT) WITH ('conn|").names], ['option'])
  assert.deepEqual([...at('USE CATALOG |').names], ['catalog'])
  assert.deepEqual([...at('SELECT x FROM t WHERE )) |').names], [])
})

test('the tables around the cursor, inner ones first', () => {
  const context = at('SELECT o.cu| FROM orders AS o JOIN db.customers ON o.id = 1')
  assert.deepEqual(context.qualifier, ['o'])
  assert.equal(context.prefix, 'cu')
  assert.deepEqual(context.tables, [
    { name: ['orders'], alias: 'o', text: 'orders AS o' },
    { name: ['db', 'customers'], alias: undefined, text: 'db.customers' },
  ])
  assert.deepEqual(
    at('SELECT a FROM x WHERE EXISTS (SELECT | FROM y) AND b IN (SELECT c FROM z)').tables.map((table) => table.name[0]),
    ['y', 'x'],
  )
})

test('subqueries, calls and common tables are told as they are written', () => {
  const texts = (text: string): readonly string[] => at(text).tables.map((table) => `${table.alias ?? ''}: ${table.text}`)
  assert.deepEqual(texts('SELECT | FROM (SELECT a FROM t) AS x JOIN u y ON x.a = y.a, z WHERE b'), [
    'x: (SELECT a FROM t) AS x',
    'y: u y',
    ': z',
  ])
  assert.deepEqual(texts("SELECT | FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(at), INTERVAL '1' MINUTE)) w GROUP BY a, b"), [
    "w: TABLE(TUMBLE(TABLE bids, DESCRIPTOR(at), INTERVAL '1' MINUTE)) w",
  ])
  assert.deepEqual(texts('SELECT | FROM orders AS o JOIN rates FOR SYSTEM_TIME AS OF o.ts AS r ON o.c = r.c'), [
    'o: orders AS o',
    'r: rates FOR SYSTEM_TIME AS OF o.ts AS r',
  ])
  assert.deepEqual(texts('INSERT INTO sink (|'), [': sink'])
  assert.equal(
    at('WITH a AS (SELECT 1 AS x), b (y) AS (SELECT x FROM a) SELECT | FROM b').commonTables,
    'WITH a AS (SELECT 1 AS x), b (y) AS (SELECT x FROM a) ',
  )
  assert.equal(at('WITH a AS (SELECT 1 AS x), b AS (SELECT | FROM a) SELECT y FROM b').commonTables, 'WITH a AS (SELECT 1 AS x) ')
})

test('a place among options', () => {
  const place = (text: string): unknown => at(text).option
  const given = new Map([['connector', 'filesystem']])
  assert.deepEqual(place("CREATE TABLE t (a INT) WITH ('connector' = 'filesystem', 'pa|"), {
    owner: 'table',
    wanted: 'key',
    key: undefined,
    given,
  })
  assert.deepEqual(place("CREATE TABLE t (a INT) WITH ('format' = |, 'connector' = 'filesystem')"), {
    owner: 'table',
    wanted: 'value',
    key: 'format',
    given,
  })
  assert.deepEqual(place("SET 'table.local-time-zone' |"), {
    owner: 'session',
    wanted: '=',
    key: 'table.local-time-zone',
    given: new Map(),
  })
  assert.deepEqual(place("SELECT * FROM t /*+ OPTIONS('|"), { owner: 'table', wanted: 'key', key: undefined, given: new Map() })
  assert.equal(place('SELECT (|'), undefined)
})

test('behind a mistake the last word tells what can follow', () => {
  assert.deepEqual([...at('SELECT a,, b FROM |').names], ['table'])
  assert.deepEqual([...at('SELECT a b c FROM t WHERE |').names], ['column', 'function'])
  assert(at('SELECT a,, b FROM t |').keywords.includes('WHERE'))
})
