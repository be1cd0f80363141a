import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type SqlType, types } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import { formatPrintf } from './printf.ts'

function printf(format: string, ...args: readonly (readonly [SqlType, SqlValue])[]): string | null {
  return formatPrintf(
    format,
    args.map(([, value]) => value),
    args.map(([type]) => type),
    'UTC',
  )
}

const int = (value: number): [SqlType, SqlValue] => [types.integer(), value]
const double = (value: number): [SqlType, SqlValue] => [types.double(), value]
const text = (value: string | null): [SqlType, SqlValue] => [types.string(), value]

test('formats of Java', () => {
  assert.equal(printf('%05d|%x|%s', int(7), [types.bigint(), -1n], text('1.0050')), '00007|ffffffffffffffff|1.0050')
  assert.equal(printf('%-6s|%6s|', text('7'), text('ab')), '7     |    ab|')
  assert.equal(printf('%.2f %.2f', double(2.5), double(1.005)), '2.50 1.01')
  assert.equal(printf('%.2f', text(null)), 'nu')
  assert.equal(printf('%05d', [types.integer(), null]), ' null')
  assert.equal(printf('%e %.1e', double(12345.678), double(0)), '1.234568e+04 0.0e+00')
  assert.equal(printf('%g %g', double(0.0001), double(1e7)), '0.000100000 1.00000e+07')
  assert.equal(printf('%,d %(d %+d % d', int(1234567), int(-5), int(3), int(4)), '1,234,567 (5) +3  4')
  assert.equal(printf('%2$s %1$s %<s', text('a'), text('b')), 'b a a')
  assert.equal(printf('%S %b %c %%', text('up'), [types.boolean(), false], int(65)), 'UP false A %')
  assert.equal(printf('%08.3f|%x', double(-3.14159), [types.tinyint(), -1]), '-003.142|ff')
  assert.equal(printf('%.1f', [types.decimal(10, 2), 1235n]), '12.4')
})

test('what Java refuses is NULL', () => {
  assert.equal(printf('%d', text('text')), null)
  assert.equal(printf('%s %s', text('one')), null)
  assert.equal(printf('%y', int(1)), null)
  assert.equal(printf('%-d', int(1)), null)
  assert.equal(printf('100%', int(1)), null)
})
