import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { likeMatcher, similarMatcher } from './text-pattern.ts'

test('LIKE matches the whole text, by characters', () => {
  const answers: readonly (readonly [string, string, boolean])[] = [
    ['%', '', true],
    ['', '', true],
    ['', 'a', false],
    ['_', '🍕', true],
    ['a%', 'a\nb', true],
    ['%b%', 'abc', true],
    ['a.c', 'abc', false],
    ['_%_', 'a', false],
    ['a%b%c', 'aXbYc', true],
    ['\\%', '\\x', true],
    ['-_.5', '-0.5', true],
    ['a/b-c_', 'a/b-c#', true],
    ['_^$*+?()[]{}|', 'x^$*+?()[]{}|', true],
  ]
  for (const [pattern, text, wanted] of answers) assert.equal(likeMatcher(pattern)(text), wanted, pattern)
  assert.equal(likeMatcher('%10!_000%', '!')('to 10_000 m'), true)
  assert.equal(likeMatcher('!!%', '!')('!x'), true)
  assert.throws(() => likeMatcher('a!b', '!'), { code: 'data/pattern' })
  assert.throws(() => likeMatcher('a', '!!'), { code: 'data/pattern' })
})

// Goal: the short cuts for patterns with % at the ends only agree with the general form.
// Method: an escape character that the pattern does not have forces the general form.
test('the short cuts of LIKE change nothing', () => {
  const characters = fc.constantFrom('a', 'b', '%', '_', '.')
  const texts = fc.string({ unit: characters, maxLength: 6 })
  fc.assert(
    fc.property(texts, texts, (pattern, text) => {
      assert.equal(likeMatcher(pattern)(text), likeMatcher(pattern, '!')(text))
    }),
  )
})

test('SIMILAR TO has alternatives, classes and quantifiers', () => {
  const answers: readonly (readonly [string, string, boolean])[] = [
    ['(Ada|Zoë)%', 'Zoë Müller', true],
    ['[A-Za-z ]+', 'Zoë', false],
    ['a{3}', 'aaa', true],
    ['a{2}', 'aaa', false],
    ['[^0-9]_', 'x1', true],
    ['[[:DIGIT:]]+', '123', true],
    ['a.b', 'axb', true],
    ['a$', 'a$', true],
    ['[a-c]|d', 'd', true],
    ['a-b%', 'a-bc', true],
    ['[+-]?[0-9]+', '-12', true],
  ]
  for (const [pattern, text, wanted] of answers) assert.equal(similarMatcher(pattern)(text), wanted, pattern)
  assert.throws(() => similarMatcher('[a'), { code: 'data/pattern' })
  assert.throws(() => similarMatcher('(a'), { code: 'data/pattern' })
})
