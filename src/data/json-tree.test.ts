import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { bigDecimalText, JsonNumber, parseJson, writeJson, type JsonNode } from './json-tree.ts'

const rewritten = (text: string): string | undefined => {
  const node = parseJson(text)
  return node === undefined ? undefined : writeJson(node)
}

// Goal: the parser accepts what JSON.parse accepts and gives the same tree. Method: random JSON values, written by JSON.stringify.
test('agrees with JSON.parse on every JSON text', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1, '\t'), (value, space) => {
      const text = JSON.stringify(value, null, space)
      assert.deepEqual(plain(parseJson(text)!), JSON.parse(text))
    }),
  )
})

test('refuses or reads damaged texts as JSON.parse does, but for text behind the value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.nat(), fc.constantFrom('', ',', '"', ':', '}', ']', '\\', '-', '0', 'e'), (value, place, damage) => {
      const text = JSON.stringify(value)
      const at = place % (text.length + 1)
      const damaged = text.slice(0, at) + damage + text.slice(at + 1)
      let expected: unknown
      try {
        expected = JSON.parse(damaged)
      } catch {
        return
      }
      assert.deepEqual(plain(parseJson(damaged)!), expected)
    }),
  )
})

function plain(node: JsonNode): unknown {
  if (node instanceof JsonNumber) return Number(node.text)
  if (Array.isArray(node)) return node.map(plain)
  // JSON.parse makes __proto__ an own property too.
  return node instanceof Map ? Object.fromEntries([...node].map(([key, value]) => [key, plain(value)])) : node
}

test('keeps digits, sorts keys, lets the last of equal keys win', () => {
  assert.equal(rewritten('{"b": 12.50, "a": 12345678901234567890, "b": 0.10}'), '{"a":12345678901234567890,"b":0.10}')
  assert.equal(parseJson('{"b": 1, "b": 2}', 'refuse'), undefined)
  assert.equal(rewritten('["é\\u00e9\\ud83d\\ude00/\\/\\u001f"]'), '["éé😀//\\u001F"]')
})

test('reads the first value only, and no number or word that something touches', () => {
  assert.equal(rewritten('{"a":1} x'), '{"a":1}')
  assert.equal(rewritten('"a"b'), '"a"')
  assert.equal(rewritten('1 2'), '1')
  for (const bad of [
    '12abc',
    'truex',
    '01',
    '1.',
    '-',
    '',
    ' ',
    'nul',
    "'a'",
    '{a:1}',
    '[1,]',
    '{"a":1,}',
    '"a\u0001"',
    '"\\x"',
    '\ufeff1',
    'NaN',
  ]) {
    assert.equal(rewritten(bad), undefined, bad)
  }
})

test('nesting has a limit, so that no text overflows the stack', () => {
  assert.equal(rewritten('['.repeat(1_000) + ']'.repeat(1_000)), '['.repeat(1_000) + ']'.repeat(1_000))
  assert.equal(rewritten('['.repeat(1_001) + ']'.repeat(1_001)), undefined)
  assert.equal(rewritten('['.repeat(1_000_000)), undefined)
})

test('numbers are written as Java writes a BigDecimal', () => {
  const answers = {
    '1e3': '1E+3',
    '12.50': '12.50',
    '1.50e2': '150',
    '0.000001': '0.000001',
    '0.0000001': '1E-7',
    '1.0E10': '1.0E+10',
    '0.00': '0.00',
    '0e5': '0E+5',
    '-12.5e-10': '-1.25E-9',
  }
  for (const [text, wanted] of Object.entries(answers)) assert.equal(bigDecimalText(text), wanted, text)
})
