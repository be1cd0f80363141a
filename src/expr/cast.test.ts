import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatValue } from '../data/text.ts'
import { type SqlType, types } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import { canCast, castValue } from './cast.ts'

const context = { timeZone: 'Europe/Berlin' }

/** The text of TRY_CAST(value AS to). */
function tryCast(from: SqlType, to: SqlType, value: SqlValue): string | null {
  return formatValue(to, castValue(from, to, value, 'try', context), context.timeZone)
}

test('numbers are cut to the bits of integers; floating point saturates first', () => {
  assert.equal(tryCast(types.bigint(), types.integer(), 5_000_000_000n), '705032704')
  assert.equal(tryCast(types.integer(), types.tinyint(), 70_000), '112')
  assert.equal(tryCast(types.double(), types.integer(), 1.7e308), '2147483647')
  assert.equal(tryCast(types.double(), types.tinyint(), 1.7e308), '-1')
  assert.equal(tryCast(types.double(), types.bigint(), Number.NaN), '0')
  assert.equal(tryCast(types.decimal(10, 2), types.integer(), -9_999_999_999n), '-99999999')
  assert.equal(tryCast(types.double(), types.float(), 1.7e308), 'Infinity')
})

test('text reads as numbers as Flink reads it', () => {
  const answers: readonly (readonly [string, string | null, string | null, string | null, string | null])[] = [
    // text, TINYINT, INT, DECIMAL(10, 2), DOUBLE
    [' 42 ', '42', '42', '42.00', '42.0'],
    ['+8', '8', '8', '8.00', '8.0'],
    ['-3.99', '-3', '-3', '-3.99', '-3.99'],
    ['1e3', null, null, '1000.00', '1000.0'],
    ['9223372036854775808', null, null, null, '9.223372036854776E18'],
    ['128', null, '128', '128.00', '128.0'],
    ['', null, null, null, null],
    ['-0.0', '0', '0', '0.00', '-0.0'],
    ['\t7\n', null, null, '7.00', '7.0'],
    ['0x1F', null, null, null, null],
    ['Infinity', null, null, null, 'Infinity'],
  ]
  for (const [text, tiny, int, decimal, double] of answers) {
    assert.equal(tryCast(types.string(), types.tinyint(), text), tiny, text)
    assert.equal(tryCast(types.string(), types.integer(), text), int, text)
    assert.equal(tryCast(types.string(), types.decimal(10, 2), text), decimal, text)
    assert.equal(tryCast(types.string(), types.double(), text), double, text)
  }
})

test('CAST fails where TRY_CAST is NULL, but a DECIMAL that does not fit is NULL in both', () => {
  assert.throws(() => castValue(types.string(), types.integer(), '1e3', 'cast', context), { code: 'data/cast' })
  assert.equal(castValue(types.bigint(), types.decimal(10, 2), 5_000_000_000n, 'cast', context), null)
  assert.equal(castValue(types.string(), types.decimal(3, 0), '1000', 'cast', context), null)
})

test('texts and bytes are cut and padded by their types', () => {
  assert.equal(tryCast(types.string(), types.char(5), '42'), '42   ')
  assert.equal(tryCast(types.string(), types.varchar(2), '🍕🍕🍕'), '🍕🍕')
  assert.equal(tryCast(types.integer(), types.char(6), -7), '-7    ')
  assert.deepEqual(castValue(types.string(), types.binary(4), '0', 'cast', context), new Uint8Array([0x30, 0, 0, 0]))
})

test('moments go between wall clock and instant by the session zone', () => {
  const noon = 1_717_236_000_000_000_000n // 2024-06-01 10:00:00 UTC
  assert.equal(tryCast(types.timestampLtz(3), types.timestamp(0), noon), '2024-06-01 12:00:00')
  assert.equal(tryCast(types.timestampLtz(3), types.string(), noon), '2024-06-01 12:00:00.000')
  assert.equal(castValue(types.string(), types.timestampLtz(3), '2024-06-01 12:00:00', 'cast', context), noon)
  assert.equal(tryCast(types.timestamp(3), types.date(), -1_000_000n), '1969-12-31')
  assert.equal(tryCast(types.date(), types.timestamp(3), 19_783), '2024-03-01 00:00:00.000')
})

test('nested values are cast inside, and one bad element spoils the whole', () => {
  const from = types.array(types.string())
  assert.equal(tryCast(from, types.array(types.integer()), ['1', null, ' 3 ']), '[1, NULL, 3]')
  assert.equal(tryCast(from, types.array(types.integer()), ['1', 'x']), null)
  const row = types.row([
    { name: 'a', type: types.integer() },
    { name: 'b', type: types.array(types.boolean()) },
  ])
  assert.equal(tryCast(row, types.string(), [1, [true, null]]), '(1, [TRUE, NULL])')
})

test('what cannot be cast', () => {
  assert.equal(canCast(types.array(types.integer()), types.integer(), 'explicit'), false)
  assert.equal(canCast(types.timestamp(3), types.bigint(), 'explicit'), false)
  assert.equal(canCast(types.integer(), types.bigint(), 'implicit'), true)
  assert.equal(canCast(types.string(), types.integer(), 'implicit'), false)
  assert.equal(canCast(types.string(), types.integer(), 'explicit'), true)
})
