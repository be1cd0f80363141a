import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { arbitraryTypedValues } from '../../test/arbitrary-values.ts'
import { decodeRow, decodeValue, rowBytes, valueBytes } from './row-encoding.ts'
import { types } from './types.ts'
import { Variant } from './value.ts'

test('every value comes back from its bytes, and the bytes tell their own end', () => {
  fc.assert(
    fc.property(arbitraryTypedValues(2), ({ type, values }) => {
      const bytes = rowBytes([type, type], values)
      assert.deepEqual(decodeRow([type, type], bytes), values)
      const first = decodeValue(type, bytes)
      assert.deepEqual(decodeValue(type, bytes, first.offset).value, values[1])
    }),
    { numRuns: 500 },
  )
})

test('equal values have equal bytes and different values different ones', () => {
  fc.assert(
    fc.property(arbitraryTypedValues(2), ({ type, values: [a, b] }) => {
      const same = Buffer.compare(valueBytes(type, a!), valueBytes(type, b!)) === 0
      assert.equal(same, isDeepEqual(a, b))
    }),
    { numRuns: 500 },
  )
})

function isDeepEqual(a: unknown, b: unknown): boolean {
  try {
    assert.deepStrictEqual(a, b)
    return true
  } catch {
    return false
  }
}

test('there is one NaN, and 0.0 is not -0.0', () => {
  const otherNaN = new Float64Array(new BigUint64Array([0xfff8000000000001n]).buffer)[0]!
  assert.deepEqual(valueBytes(types.double(), otherNaN), valueBytes(types.double(), NaN))
  assert.notDeepEqual(valueBytes(types.double(), 0), valueBytes(types.double(), -0))
})

test('the fields of a VARIANT object have no order', () => {
  const one = { kind: 'integer', value: 1 } as const
  const object = (...names: string[]) => new Variant({ kind: 'object', fields: new Map(names.map((name) => [name, one])) })
  assert.deepEqual(valueBytes(types.variant(), object('b', 'a')), valueBytes(types.variant(), object('a', 'b')))
})

test('a lone surrogate becomes a question mark', () => {
  assert.equal(decodeValue(types.string(), valueBytes(types.string(), 'a\ud800b')).value, 'a?b')
  assert.equal(decodeValue(types.string(), valueBytes(types.string(), '\udc00' + 'x'.repeat(100))).value, '?' + 'x'.repeat(100))
})
