import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { arbitraryTypedValues } from '../../test/arbitrary-values.ts'
import { types } from './types.ts'
import { type Json, valueFromJson, valueToJson } from './value-json.ts'

// Goal: a stored plan has exactly the literals that it was planned with.
// Method: random values of random types through JSON text and back.
test('a value is equal after its way through JSON', () => {
  fc.assert(
    fc.property(arbitraryTypedValues(1), ({ type, values }) => {
      const value = values[0]!
      const json = JSON.parse(JSON.stringify(valueToJson(type, value))) as Json
      assert.deepStrictEqual(valueFromJson(type, json), value)
    }),
  )
})

test('what JSON has no numbers for keeps its bits', () => {
  for (const value of [-0, 0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 5e-324, 0.1]) {
    const json = JSON.parse(JSON.stringify(valueToJson(types.double(), value))) as Json
    assert(Object.is(valueFromJson(types.double(), json), value), String(value))
  }
  const wide = 12345678901234567890123456789012345678n
  assert.equal(valueFromJson(types.decimal(38, 0), valueToJson(types.decimal(38, 0), wide)), wide)
})
