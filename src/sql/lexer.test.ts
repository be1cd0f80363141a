import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RheoError } from '../base/errors.ts'
import { lex } from './lexer.ts'

function tokens(text: string): string[] {
  return lex(text)
    .slice(0, -1)
    .map((token) => `${token.kind} ${token.value}`)
}

function failure(text: string): string {
  try {
    lex(text)
  } catch (error) {
    assert(error instanceof RheoError)
    const at = error.place?.position
    return `${error.code} ${at?.line}:${at?.column} ${error.message}`
  }
  return 'no error'
}

test('words, names, numbers and operators', () => {
  assert.deepEqual(tokens('Select `a``b` a1_$ größe'), ['word Select', 'quoted a`b', 'word a1_$', 'word größe'])
  assert.deepEqual(tokens('1 1.50 .5 1. 1e3 1.5E-3 12345678901234567890'), [
    'number 1',
    'number 1.50',
    'number .5',
    'number 1.',
    'number 1e3',
    'number 1.5E-3',
    'number 12345678901234567890',
  ])
  assert.deepEqual(tokens('a<>b<=c>=d||e=>f'), [
    'word a',
    'symbol <>',
    'word b',
    'symbol <=',
    'word c',
    'symbol >=',
    'word d',
    'symbol ||',
    'word e',
    'symbol =>',
    'word f',
  ])
  assert.throws(() => lex('a != b'), /write <>/)
  assert.deepEqual(tokens('t.1'), ['word t', 'number .1'])
})

test('strings with their prefixes and escapes', () => {
  assert.deepEqual(tokens("'it''s' X'0aFF' E'a\\n\\x41\\101\\u00e9\\'' N'n' _UTF8'c' _UTF-16LE'd' U&'d\\0061'"), [
    "string it's",
    'binary 0AFF',
    "string a\nAAé'",
    'string n',
    'string c',
    'string d',
    'string d\\0061',
  ])
  assert.equal(lex("_UTF-16LE'd'")[0]!.charset, 'UTF-16LE')
  assert.equal(lex("U&'x'")[0]!.key, "U&''")
})

test('comments vanish, hints stay', () => {
  assert.deepEqual(tokens('a -- b\n/* c\n */ d // e\n/*+ OPTIONS(1) */'), [
    'word a',
    'word d',
    'symbol /*+',
    'word OPTIONS',
    'symbol (',
    'number 1',
    'symbol )',
    'symbol */',
  ])
  assert.deepEqual(tokens('2 */ 3'), ['number 2', 'symbol *', 'symbol /', 'number 3'])
})

test('positions count lines and columns from 1, in UTF-16 units', () => {
  const at = lex("a\n  'x\ny' b").map((token) => token.at)
  assert.deepEqual(at, [
    { offset: 0, length: 1, line: 1, column: 1 },
    { offset: 4, length: 5, line: 2, column: 3 },
    { offset: 10, length: 1, line: 3, column: 4 },
    { offset: 11, length: 0, line: 3, column: 5 },
  ])
})

test('what never ends is reported where it starts', () => {
  assert.equal(failure("SELECT 'open"), "sql/syntax 1:8 Cannot parse the statement: the string that starts at 1:8 has no closing '")
  assert.equal(failure('SELECT\n `open'), 'sql/syntax 2:2 Cannot parse the statement: the quoted name that starts at 2:2 has no closing `')
  assert.equal(failure('SELECT /* open'), 'sql/syntax 1:8 Cannot parse the statement: the comment that starts at 1:8 has no closing */')
  assert.match(failure('SELECT "a"'), /^sql\/syntax 1:8 .*is no quote in Flink SQL/)
  assert.match(failure("X'abc'"), /3 digits, an even number/)
  assert.equal(failure('SELECT @'), 'sql/syntax 1:8 Cannot parse the statement: unexpected character "@"')
})
