import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isUnclosed, parseForCompletion } from './completion.ts'
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
  assert.deepEqual(at('SELECT x FROM t WHERE )) |').keywords, [])
})

test('the tables around the cursor, inner ones first', () => {
  const context = at('SELECT o.cu| FROM orders AS o JOIN db.customers ON o.id = 1')
  assert.deepEqual(context.qualifier, ['o'])
  assert.equal(context.prefix, 'cu')
  assert.deepEqual(context.tables, [
    { name: ['orders'], alias: 'o' },
    { name: ['db', 'customers'], alias: undefined },
  ])
  assert.deepEqual(
    at('SELECT a FROM x WHERE EXISTS (SELECT | FROM y) AND b IN (SELECT c FROM z)').tables.map((table) => table.name[0]),
    ['y', 'x'],
  )
})

test('a shell reads on where a string, name or comment is open', () => {
  assert.equal(isUnclosed("SELECT 'a"), true)
  assert.equal(isUnclosed('SELECT /* a'), true)
  assert.equal(isUnclosed("SELECT 'a'"), false)
})
