import assert from 'node:assert/strict'
import { test } from 'node:test'
import { endOfStatements, openPartOf, textPieces } from './statement-text.ts'

test('what is open at the end of a text', () => {
  const cases: readonly (readonly [string, ReturnType<typeof openPartOf>])[] = [
    ['', undefined],
    ['  -- only a comment', undefined],
    ['SELECT 1', 'statement'],
    ['SELECT 1;', undefined],
    ['SELECT 1; -- and so on', undefined],
    ['SELECT 1; SELECT', 'statement'],
    ["SELECT 'a;", 'string'],
    ["SELECT 'it''s';", undefined],
    ['SELECT `a;', 'name'],
    ['SELECT /* a;', 'comment'],
    ['SELECT (1;', 'parenthesis'],
    ['SELECT 1);', undefined],
    ['SELECT "a";', undefined],
    ['BEGIN STATEMENT SET; INSERT INTO a SELECT 1;', 'statement'],
    ['BEGIN STATEMENT SET; INSERT INTO a SELECT 1; END;', undefined],
    ['EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT 1; END;', undefined],
  ]
  for (const [text, open] of cases) assert.equal(openPartOf(text), open, text)
})

test('where whole statements end', () => {
  assert.equal(endOfStatements('SELECT 1; SELECT'), 9)
  assert.equal(endOfStatements("SELECT ';'"), 0)
  assert.equal(endOfStatements('EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT 1; INSERT'), 0)
})

test('pieces with a colour, also of what is unfinished', () => {
  const pieces = (text: string): readonly string[] =>
    textPieces(text).map((piece) => `${piece.kind} ${text.slice(piece.offset, piece.offset + piece.length)}`)
  assert.deepEqual(pieces("SELECT UPPER(a), `b`, 1.5 -- why\nFROM t WHERE c = 'x"), [
    'keyword SELECT',
    'function UPPER',
    'quoted `b`',
    'number 1.5',
    'comment -- why',
    'keyword FROM',
    'keyword WHERE',
    "string 'x",
  ])
  assert.deepEqual(pieces('/* open'), ['comment /* open'])
})
