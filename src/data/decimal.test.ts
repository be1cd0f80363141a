import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { divideDecimals, formatDecimal, parseDecimal, rescale } from './decimal.ts'

test('a decimal reads back from its text', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n }), fc.integer({ min: 0, max: 38 }), (value, scale) => {
      assert.equal(parseDecimal(formatDecimal(value, scale), 38, scale), value)
    }),
  )
})

test('rounding is half up, away from zero', () => {
  assert.equal(rescale(25n, 1, 0), 3n)
  assert.equal(rescale(-25n, 1, 0), -3n)
  assert.equal(rescale(-24n, 1, 0), -2n)
})

// Goal: a quotient is rounded to 38 significant digits and then to its scale, as Java's BigDecimal does, with no third rounding.
// Method: the same with exact fractions: a quotient q is half up at d digits when |q * 10^d - rounded| <= 1/2.
test('a quotient is the exact one rounded', () => {
  const digits = fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n })
  fc.assert(
    fc.property(digits, digits, fc.integer({ min: 0, max: 12 }), (a, b, scale) => {
      fc.pre(b !== 0n)
      const quotient = divideDecimals(a, 0, b, 0, { precision: 38, scale })
      assert.notEqual(quotient, null)
      const distance = a * 10n ** BigInt(scale) - quotient! * b
      const twice = distance < 0n ? -2n * distance : 2n * distance
      assert.ok(twice <= (b < 0n ? -b : b))
    }),
  )
})

test('texts with huge exponents cost nothing', () => {
  assert.equal(parseDecimal('1e999999999', 10, 2), null)
  assert.equal(parseDecimal('1e-999999999', 10, 2), 0n)
  assert.equal(parseDecimal('0e999999999', 10, 2), 0n)
})
