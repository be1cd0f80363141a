import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RheoError } from '../base/errors.ts'
import { Random } from '../base/random.ts'
import { formatValue } from '../data/text.ts'
import { formatType, type SqlType, types } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import type { Expr } from './expr.ts'
import type { EvaluationContext } from './function.ts'
import { interpret } from './interpret.ts'
import { buildCall, buildCase } from './resolve-call.ts'

const context: EvaluationContext = {
  clock: { nowMs: () => 0, monotonicMs: () => 0, schedule: () => () => {} },
  random: new Random(1),
  timeZone: 'UTC',
  queryStartMs: undefined,
  currentCatalog: 'default_catalog',
  currentDatabase: 'default_database',
}

function literal(type: SqlType, value: SqlValue): Expr {
  return { kind: 'literal', type, value }
}

const notNull = false
const int = (value: number): Expr => literal(types.integer(notNull), value)
const big = (value: bigint): Expr => literal(types.bigint(notNull), value)
const text = (value: string): Expr => literal(types.char(value.length, notNull), value)
const decimal = (value: bigint, precision: number, scale: number): Expr => literal(types.decimal(precision, scale, notNull), value)
const column = (type: SqlType): Expr => ({ kind: 'column', index: 0, type })
const value = (expr: Expr): string | null => formatValue(expr.type, interpret(expr, [], context))
const typeOf = (name: string, ...args: SqlType[]): string => formatType(buildCall(name, args.map(column)).type)

test('arithmetic has the result types that Flink answered', () => {
  const c = types.decimal(10, 2)
  const answers: readonly (readonly [string, SqlType, SqlType, string])[] = [
    ['+', types.tinyint(), types.tinyint(), 'TINYINT'],
    ['+', types.tinyint(), types.smallint(), 'SMALLINT'],
    ['*', types.smallint(), types.integer(), 'INT'],
    ['/', types.integer(), types.bigint(), 'BIGINT'],
    ['%', types.bigint(), types.smallint(), 'SMALLINT'],
    ['%', types.smallint(), types.bigint(), 'BIGINT'],
    ['+', types.bigint(), types.decimal(2, 1), 'DECIMAL(21, 1)'],
    ['/', types.integer(), types.decimal(2, 1), 'DECIMAL(17, 6)'],
    ['+', types.float(), types.integer(), 'FLOAT'],
    ['+', types.float(), types.double(), 'FLOAT'],
    ['*', types.float(), c, 'DOUBLE'],
    ['/', types.double(), c, 'DOUBLE'],
    ['+', c, types.integer(), 'DECIMAL(13, 2)'],
    ['*', c, types.bigint(), 'DECIMAL(30, 2)'],
    ['/', c, types.tinyint(), 'DECIMAL(14, 6)'],
    ['/', types.integer(), c, 'DECIMAL(23, 11)'],
    ['*', c, c, 'DECIMAL(21, 4)'],
    ['/', c, types.integer(), 'DECIMAL(21, 13)'],
    ['/', c, c, 'DECIMAL(23, 13)'],
    ['+', types.decimal(38, 10), types.integer(), 'DECIMAL(38, 9)'],
    ['*', types.decimal(3, 3), types.bigint(), 'DECIMAL(23, 3)'],
  ]
  for (const [operator, left, right, wanted] of answers)
    assert.equal(typeOf(operator, left, right), wanted, `${formatType(left)} ${operator} ${formatType(right)}`)
})

test('values of several types meet as Flink answered', () => {
  assert.equal(typeOf('COALESCE', types.tinyint(), types.decimal(10, 2)), 'DECIMAL(10, 2)')
  assert.equal(typeOf('COALESCE', types.float(), types.double()), 'DOUBLE')
  assert.equal(typeOf('IF', types.boolean(), types.bigint(), types.double()), 'DOUBLE')
  const yesNo = buildCase([{ when: column(types.boolean()), then: text('yes') }], text('maybe'))
  assert.equal(formatType(yesNo.type), 'VARCHAR(5) NOT NULL')
  assert.equal(typeOf('||', types.char(5), types.char(1, notNull)), 'CHAR(6)')
  assert.throws(() => buildCase([{ when: column(types.boolean()), then: int(1) }], text('x')), { code: 'sql/argument-type' })
})

test('text and numbers compare with < and IN, but not with =', () => {
  assert.throws(() => buildCall('=', [column(types.integer()), column(types.string())]), { code: 'sql/argument-type' })
  assert.equal(value(buildCall('>', [text('100'), int(7)])), 'TRUE')
  assert.equal(value(buildCall('IN', [int(3), int(1), text('3')])), 'TRUE')
  assert.throws(() => buildCall('+', [column(types.integer()), column(types.string())]), { code: 'sql/argument-type' })
  assert.throws(() => buildCall('>', [column(types.timestamp(3)), column(types.date())]), { code: 'sql/argument-type' })
})

test('FLOAT and DOUBLE compare in the type of the left one', () => {
  const float = literal(types.float(notNull), Math.fround(0.1))
  const double = literal(types.double(notNull), 0.1)
  assert.equal(value(buildCall('=', [float, double])), 'TRUE')
  assert.equal(value(buildCall('=', [double, float])), 'FALSE')
})

test('integers wrap, their division cuts, and a divisor of 0 fails', () => {
  assert.equal(value(buildCall('+', [int(2147483647), int(1)])), '-2147483648')
  assert.equal(value(buildCall('*', [big(5000000000n), big(5000000000n)])), '6553255926290448384')
  assert.equal(value(buildCall('NEGATE', [int(-2147483648)])), '-2147483648')
  assert.equal(value(buildCall('/', [int(-7), int(2)])), '-3')
  assert.equal(value(buildCall('%', [int(-7), int(3)])), '-1')
  assert.equal(value(buildCall('%', [big(7n), int(-4)])), '3')
  assert.throws(() => value(buildCall('/', [int(1), int(0)])), { code: 'data/division-by-zero' })
  assert.throws(() => value(buildCall('%', [decimal(1n, 3, 1), int(0)])), { code: 'data/division-by-zero' })
  assert.equal(value(buildCall('/', [literal(types.double(notNull), 1), int(0)])), 'Infinity')
})

test('decimals divide and round half up, and are NULL when they do not fit', () => {
  assert.equal(value(buildCall('/', [decimal(325n, 10, 2), int(3)])), '1.0833333333333')
  assert.equal(value(buildCall('/', [decimal(-250n, 10, 2), decimal(700n, 10, 2)])), '-0.3571428571429')
  const huge = decimal(10n ** 37n, 38, 0)
  assert.equal(value(buildCall('*', [huge, huge])), null)
  assert.equal(value(buildCall('*', [decimal(325n * 10n ** 8n, 38, 10), decimal(325n * 10n ** 8n, 38, 10)])), '10.562500')
})

test('rounding keeps the types and digits that Flink answered', () => {
  const c = (unscaled: bigint): Expr => decimal(unscaled, 10, 4)
  const rounded: readonly (readonly [Expr, string | null, string])[] = [
    [buildCall('ROUND', [c(10050n)]), '1', 'DECIMAL(7, 0) NOT NULL'],
    [buildCall('ROUND', [c(-10050n), int(2)]), '-1.01', 'DECIMAL(9, 2) NOT NULL'],
    [buildCall('ROUND', [c(12345000n), int(-2)]), '1200', 'DECIMAL(7, 0) NOT NULL'],
    [buildCall('TRUNCATE', [c(123455n), int(1)]), '12.3', 'DECIMAL(8, 1) NOT NULL'],
    [buildCall('ROUND', [int(255), int(-1)]), '260', 'INT NOT NULL'],
    [buildCall('CEIL', [c(10050n)]), '2', 'DECIMAL(10, 0) NOT NULL'],
    [buildCall('FLOOR', [c(-10050n)]), '-2', 'DECIMAL(10, 0) NOT NULL'],
    [buildCall('ROUND', [literal(types.double(notNull), -0.5)]), '-1.0', 'DOUBLE NOT NULL'],
    [buildCall('ROUND', [literal(types.double(notNull), Number.NaN), int(2)]), 'NaN', 'DOUBLE NOT NULL'],
  ]
  for (const [expr, wanted, type] of rounded) {
    assert.equal(value(expr), wanted)
    assert.equal(formatType(expr.type), type)
  }
})

test('moments move by intervals', () => {
  const day = literal(types.intervalDayTime(notNull), 86_400_000n)
  const hour = literal(types.intervalDayTime(notNull), 3_600_000n)
  const month = literal(types.intervalYearMonth(notNull), 1)
  const date = literal(types.date(notNull), 19_753) // 2024-01-31
  assert.equal(value(buildCall('+', [date, month])), '2024-02-29')
  assert.equal(value(buildCall('+', [day, date])), '2024-02-01')
  assert.equal(value(buildCall('-', [date, hour])), '2024-01-31')
  assert.equal(value(buildCall('+', [literal(types.time(0, notNull), 82_800_000), hour])), '00:00:00')
  assert.equal(value(buildCall('*', [int(2), day])), '+2 00:00:00.000')
  assert.equal(value(buildCall('NEGATE', [month])), '-0-01')
})

test('NULL is decided by three values, and only what is needed is evaluated', () => {
  const unknown = literal(types.boolean(), null)
  const no = literal(types.boolean(notNull), false)
  const failing = buildCall('=', [buildCall('/', [int(1), int(0)]), int(1)])
  assert.equal(value(buildCall('AND', [unknown, no])), 'FALSE')
  assert.equal(value(buildCall('AND', [unknown, unknown])), null)
  assert.equal(value(buildCall('AND', [no, failing])), 'FALSE')
  assert.equal(value(buildCall('IF', [no, failing, unknown])), null)
  assert.equal(value(buildCall('COALESCE', [int(1), buildCall('/', [int(1), int(0)])])), '1')
  assert.equal(value(buildCall('IN', [int(4), int(1), literal(types.integer(), null)])), null)
  assert.equal(value(buildCall('NULLIF', [int(5), int(5)])), null)
})

test('refusals say what was found and where', () => {
  const at = { offset: 7, length: 3, line: 1, column: 8 }
  const refusal = (call: () => Expr): RheoError => {
    try {
      call()
    } catch (error) {
      if (error instanceof RheoError) return error
      throw error
    }
    throw new Error('nothing was refused')
  }
  const unknown = refusal(() => buildCall('UPER', [text('a')], at))
  assert.equal(unknown.message, 'Cannot call "UPER": there is no function of this name; did you mean "UPPER"?')
  assert.deepEqual(unknown.place, { position: at })
  const wrong = refusal(() => buildCall('CONCAT', [text('a'), { ...int(1), at }]))
  assert.equal(
    wrong.message,
    'Cannot evaluate "CONCAT(CHAR(1), INT)": argument 2 is 1, wanted is a text; CAST(... AS STRING) makes a text of it',
  )
  assert.deepEqual(wrong.place, { position: at })
  assert.equal(refusal(() => buildCall('UPPER', [])).code, 'sql/argument-count')
})
