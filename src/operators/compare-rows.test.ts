import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { orderKey } from '../data/order-key.ts'
import { type SqlType, types } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import { compareBytes, compareValues } from './aggregates/compare-values.ts'

// Goal: the bytes by which Top-N finds the place of an array are in the order in which whole tables are sorted by it.
// Method: pairs of random values of random types, arrays and rows of them too; bytes and values compare alike.

const plain: readonly (readonly [SqlType, fc.Arbitrary<SqlValue>])[] = [
  [types.boolean(), fc.boolean()],
  [types.integer(), fc.constantFrom(0, 1, -1, 2 ** 31 - 1, -(2 ** 31))],
  [types.bigint(), fc.constantFrom(0n, 1n, -1n, 2n ** 63n - 1n, -(2n ** 63n))],
  [types.double(), fc.constantFrom(0, -0, 1.5, -1.5, 1e300, -1e300, Infinity, -Infinity, Number.NaN)],
  [types.decimal(38, 2), fc.bigInt(-(10n ** 38n), 10n ** 38n)],
  [types.timestamp(9), fc.constantFrom(-1n, 0n, 1n, 253_402_300_799_999_999_999n)],
  [types.string(), fc.constantFrom('', 'a', 'a\u0000', 'a\u0000b', 'ab', 'ü', '\uffff', '😀')],
  [types.bytes(), fc.constantFrom([], [0], [0, 0], [0, 255], [255], [1]).map((bytes) => Uint8Array.from(bytes))],
]

const orNull = (value: fc.Arbitrary<SqlValue>): fc.Arbitrary<SqlValue> => fc.option(value, { nil: null, freq: 4 })

for (const [type, value] of plain) {
  const array = fc.array(orNull(value), { maxLength: 3 }) as fc.Arbitrary<SqlValue>
  const row = fc.tuple(orNull(value), orNull(array)) as fc.Arbitrary<SqlValue>
  const rowType = types.row([
    { name: 'a', type },
    { name: 'b', type: types.array(type) },
  ])
  const shapes: readonly (readonly [string, SqlType, fc.Arbitrary<SqlValue>])[] = [
    ['a value', type, value],
    ['an array', types.array(type), array],
    ['an array of arrays', types.array(types.array(type)), fc.array(orNull(array), { maxLength: 3 })],
    ['a row', rowType, row],
    ['an array of rows', types.array(rowType), fc.array(orNull(row), { maxLength: 2 })],
  ]
  for (const [shape, shapeType, values] of shapes) {
    test(`the order key of ${shape} of ${type.kind}`, () => {
      fc.assert(
        fc.property(values, values, (a, b) => {
          const byBytes = compareBytes(orderKey(shapeType, a), orderKey(shapeType, b))
          assert.equal(Math.sign(byBytes), Math.sign(compareValues(a, b)))
        }),
      )
    })
  }
}
