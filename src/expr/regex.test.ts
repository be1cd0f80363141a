import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileJavaRegex, findMatches, groupText, javaSplit } from './regex.ts'

function all(pattern: string, text: string, group = 0): (string | null)[] | undefined {
  const regex = compileJavaRegex(pattern)
  return regex === undefined ? undefined : Array.from(findMatches(regex, text), (match) => groupText(regex, match, group))
}

test('Java patterns match as in Java', () => {
  const answers: readonly (readonly [string, string, readonly string[]])[] = [
    ['\\p{Alpha}+', 'ab1é2c', ['ab', 'c']],
    ['\\p{IsAlphabetic}+', 'ab1é2c', ['ab', 'é', 'c']],
    ['\\pL\\p{Nd}', 'é5x', ['é5']],
    ['\\h+', 'a \t\nb', [' \t']],
    ['\\R', 'a\r\nb\nc', ['\r\n', '\n']],
    ['(?i)straSSe|x', 'STRASSE X', ['STRASSE', 'X']],
    ['a(?i)b|c', 'aB C c', ['aB', 'C', 'c']],
    ['(?x) a b  # comment', 'ab', ['ab']],
    ['(?s)a.b', 'a\nb', ['a\nb']],
    ['a.b', 'a\nb', []],
    ['(?m)^b$', 'a\nb\nc', ['b']],
    ['b$', 'b\n', ['b']],
    ['\\Aa\\z', 'a', ['a']],
    ['\\Q.*\\E+', 'x.***', ['.***']],
    ['[a-c[x-z]&&[^b]]+', 'abcxyz', ['a', 'cxyz']],
    ['[-+.]', 'a+b-c.', ['+', '-', '.']],
    ['[]a]+', 'a]a', ['a]a']],
    ['\\x41\\u0042\\0103', 'ABC', ['ABC']],
    ['.', '🍕', ['🍕']],
    ['\\d{2,}?', '12345', ['12', '34']],
  ]
  for (const [pattern, text, wanted] of answers) assert.deepEqual(all(pattern, text), wanted, pattern)
})

test('possessive quantifiers and atomic groups give nothing back, and groups keep their numbers', () => {
  assert.deepEqual(all('a++a', 'aaa'), [])
  assert.deepEqual(all('(?>a*)(b)', 'aab', 1), ['b'])
  assert.deepEqual(all('(?<x>o++)(b)\\2', 'foobb', 2), ['b'])
  assert.deepEqual(all('(a)|(b)', 'ab', 2), [null, 'b'])
})

test('what Java refuses is refused', () => {
  for (const pattern of ['(', ')', '[a', '*a', 'a{', 'a**', '\\', '\\y', '(?z)a', '\\p{Nope}', 'a{2,1}'])
    assert.equal(compileJavaRegex(pattern), undefined, pattern)
})

test('split drops empty parts at the end only without a limit', () => {
  const comma = compileJavaRegex(',')!
  assert.deepEqual(javaSplit('a,,b,,', comma, 0), ['a', '', 'b'])
  assert.deepEqual(javaSplit('a,b,c', comma, 2), ['a', 'b,c'])
  assert.deepEqual(javaSplit('abc', compileJavaRegex('')!, 0), ['a', 'b', 'c'])
})
