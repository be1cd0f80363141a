import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { formatDouble, formatFloat, parseBigint, parseDouble, parseInteger } from './number-text.ts'

test('floating-point numbers print as in Java', () => {
  const doubles: readonly (readonly [number, string])[] = [
    [1, '1.0'],
    [-0, '-0.0'],
    [0.001, '0.001'],
    [0.0001, '1.0E-4'],
    [9999999, '9999999.0'],
    [1e7, '1.0E7'],
    [123456789.125, '1.23456789125E8'],
    [1e21, '1.0E21'],
    [Number.NaN, 'NaN'],
    [-Infinity, '-Infinity'],
  ]
  for (const [value, text] of doubles) assert.equal(formatDouble(value), text)
  assert.equal(formatFloat(Math.fround(0.1)), '0.1')
  assert.equal(formatFloat(Math.fround(3.4e38)), '3.4E38')
  assert.equal(formatFloat(Math.fround(1e-10)), '1.0E-10')
})

test('floating-point numbers read back from their text', () => {
  fc.assert(fc.property(fc.double(), (value) => assert.ok(Object.is(parseDouble(formatDouble(value)), value))))
  fc.assert(fc.property(fc.float(), (value) => assert.ok(Object.is(Math.fround(parseDouble(formatFloat(value))!), value))))
})

test('integers read as in Flink', () => {
  assert.equal(parseInteger('-2147483648', 32), -2147483648)
  assert.equal(parseInteger('2147483648', 32), undefined)
  assert.equal(parseInteger('3.', 32), 3)
  assert.equal(parseInteger('.5', 32), 0)
  assert.equal(parseInteger('+', 32), undefined)
  assert.equal(parseInteger('1.5x', 32), undefined)
  assert.equal(parseInteger('١٢', 32), undefined)
  assert.equal(parseBigint('+9223372036854775807'), 9223372036854775807n)
  assert.equal(parseBigint('9223372036854775808'), undefined)
})
