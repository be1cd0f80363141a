import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseDate, parseTime, parseTimestamp } from '../../data/datetime.ts'
import { types } from '../../data/types.ts'
import type { Expr } from '../expr.ts'
import { ask, call, column, literal, show, typeOf } from './ask.ts'

const ts = (text: string, precision = 3): Expr => literal(types.timestamp(precision, false), parseTimestamp(text)!)
const ltz = (text: string, precision = 3): Expr => literal(types.timestampLtz(precision, false), parseTimestamp(text)!)
const date = (text: string): Expr => literal(types.date(false), parseDate(text)!)
const time = (text: string): Expr => literal(types.time(0, false), parseTime(text)!)
const days = (ms: number): Expr => literal(types.intervalDayTime(false), BigInt(ms))
const months = (count: number): Expr => literal(types.intervalYearMonth(false), count)
const big = (value: bigint): Expr => literal(types.bigint(false), value)
const none = literal(types.timestamp(0), null)

test('EXTRACT takes the units that its argument has', () => {
  assert.equal(ask('EXTRACT', 'HOUR', ts('2024-02-29 13:14:15.987')), '13')
  assert.equal(ask('EXTRACT', 'MINUTE', time('13:14:15')), '14')
  assert.equal(ask('EXTRACT', 'CENTURY', date('2000-12-31')), '20')
  assert.equal(ask('EXTRACT', 'HOUR', days(3 * 86_400_000 + 4 * 3_600_000)), '4')
  assert.equal(ask('EXTRACT', 'DAY', days(-90_000_000)), '-1')
  assert.equal(ask('EXTRACT', 'MONTH', months(27)), '3')
  assert.equal(typeOf('EXTRACT', 'YEAR', column(types.date())), 'BIGINT')
  assert.equal(show(call('EXTRACT', 'HOUR', ltz('2024-12-30 23:59:59.999')), { timeZone: 'Europe/Berlin' }), '0')
  const refused: readonly (readonly [string, Expr])[] = [
    ['YEAR', time('13:14:15')],
    ['NANOSECOND', date('2024-01-01')],
    ['FORTNIGHT', ts('2024-01-01')],
    ['YEAR', days(1)],
  ]
  for (const [unit, value] of refused) assert.throws(() => call('EXTRACT', unit, value), { code: 'sql/argument-type' }, unit)
})

test('short forms of EXTRACT', () => {
  const answers = { YEAR: '2021', QUARTER: '1', MONTH: '1', WEEK: '53', DAYOFYEAR: '3', DAYOFMONTH: '3', DAYOFWEEK: '1' }
  for (const [name, wanted] of Object.entries(answers)) assert.equal(ask(name, date('2021-01-03')), wanted, name)
  assert.equal(ask('HOUR', time('06:07:08')), '6')
  assert.equal(ask('SECOND', ts('2000-12-31 12:00:00.5')), '0')
  assert.throws(() => call('YEAR', time('06:07:08')), { code: 'sql/argument-type' })
})

test('FLOOR and CEIL keep the type', () => {
  assert.equal(ask('FLOOR_TIME', date('2024-02-29'), 'WEEK'), '2024-02-25')
  assert.equal(ask('CEIL_TIME', date('2024-02-29'), 'QUARTER'), '2024-04-01')
  assert.equal(ask('FLOOR_TIME', time('23:59:59'), 'HOUR'), '23:00:00')
  assert.equal(ask('CEIL_TIME', time('12:44:31'), 'MINUTE'), '12:45:00')
  assert.equal(ask('FLOOR_TIME', ts('2024-02-29 13:14:15.987654', 6), 'SECOND'), '2024-02-29 13:14:15.000000')
  assert.equal(show(call('FLOOR_TIME', ltz('2024-03-30 23:30:00'), 'DAY'), { timeZone: 'Europe/Berlin' }), '2024-03-31 00:00:00.000')
  assert.throws(() => call('FLOOR_TIME', ts('2024-01-01'), 'DOY'), { code: 'sql/argument-type' })
})

test('TIMESTAMPADD, as Flink answered', () => {
  assert.equal(ask('TIMESTAMPADD', 'MONTH', -13, date('2024-03-31')), '2023-02-28')
  assert.equal(ask('TIMESTAMPADD', 'QUARTER', 1, date('2024-02-29')), '2024-05-29')
  assert.equal(ask('TIMESTAMPADD', 'WEEK', -1, date('2024-02-29')), '2024-02-22')
  assert.equal(ask('TIMESTAMPADD', 'HOUR', 36, ts('2024-02-29 13:14:15.987')), '2024-03-02 01:14:15.987')
  assert.equal(ask('TIMESTAMPADD', 'SECOND', 86_400, time('13:14:15')), '13:14:15')
  assert.equal(ask('TIMESTAMPADD', 'MINUTE', -1, time('00:00:00')), '23:59:00')
  assert.equal(ask('TIMESTAMPADD', 'HOUR', 1, date('2016-06-15')), '2016-06-15 01:00:00.000000')
  assert.equal(typeOf('TIMESTAMPADD', 'HOUR', 1, column(types.date())), 'TIMESTAMP(6)')
  assert.equal(typeOf('TIMESTAMPADD', 'DAY', 1, column(types.date())), 'DATE')
})

test('TIMESTAMPDIFF counts complete units', () => {
  const rows: readonly (readonly [string, string, string])[] = [
    ['SECOND', '30580', '-30580'],
    ['MINUTE', '509', '-509'],
    ['HOUR', '8', '-8'],
    ['DAY', '0', '0'],
  ]
  for (const [unit, forth, back] of rows) {
    assert.equal(ask('TIMESTAMPDIFF', unit, ts('2024-10-26 22:15:30'), ts('2024-10-27 06:45:10')), forth, unit)
    assert.equal(ask('TIMESTAMPDIFF', unit, ts('2024-10-27 06:45:10'), ts('2024-10-26 22:15:30')), back, unit)
  }
  assert.equal(ask('TIMESTAMPDIFF', 'DAY', date('0001-01-01'), date('9999-12-31')), '3652058')
  assert.equal(ask('TIMESTAMPDIFF', 'HOUR', date('2024-01-01'), ts('2024-01-01 05:30:00')), '5')
  assert.equal(typeOf('TIMESTAMPDIFF', 'DAY', column(types.date()), column(types.date())), 'INT')
})

test('OVERLAPS, as Flink answered', () => {
  const visit = [ts('2024-03-31 05:45:00'), ts('2024-03-31 05:50:00')] as const
  assert.equal(ask('OVERLAPS', ts('2024-03-30 22:00:00'), ts('2024-03-31 06:00:00'), ...visit), 'TRUE')
  assert.equal(ask('OVERLAPS', ts('2024-03-31 06:00:00'), ts('2024-03-31 14:00:00'), ...visit), 'FALSE')
  assert.equal(ask('OVERLAPS', ts('2024-03-31 14:00:00'), ts('2024-03-31 06:00:00'), ts('2024-03-31 06:00:00'), days(0)), 'TRUE')
  assert.equal(ask('OVERLAPS', date('2024-01-31'), date('2024-02-29'), date('2024-02-01'), date('2024-01-15')), 'TRUE')
  assert.equal(ask('OVERLAPS', time('02:55:00'), days(3_600_000), time('03:30:00'), days(7_200_000)), 'TRUE')
  assert.equal(ask('OVERLAPS', time('09:00:00'), time('10:00:00'), time('10:15:00'), days(10_800_000)), 'FALSE')
  assert.equal(ask('OVERLAPS', ts('2024-05-05 05:05:05'), none, ...visit), null)
  assert.throws(() => call('OVERLAPS', ts('2024-01-01'), days(1), date('2024-01-01'), days(1)), { code: 'sql/argument-type' })
})

test('DATE_FORMAT of timestamps in the zone of the session, and of text', () => {
  assert.equal(ask('DATE_FORMAT', ts('2024-02-29 13:14:15.987'), 'yyyy-MM-dd HH:mm:ss.SS'), '2024-02-29 13:14:15.98')
  assert.equal(
    show(call('DATE_FORMAT', ltz('2024-12-30 23:59:59.999'), 'yyyy-MM-dd HH:mm'), { timeZone: 'Europe/Berlin' }),
    '2024-12-31 00:59',
  )
  assert.equal(ask('DATE_FORMAT', '2024-02-29 13:14:15', 'yyyy/MM/dd'), '2024/02/29')
  assert.equal(ask('DATE_FORMAT', 'gestern', 'yyyy/MM/dd'), null)
  assert.throws(() => ask('DATE_FORMAT', ltz('2024-01-01'), 'z'), { code: 'data/date-pattern' })
  assert.throws(() => ask('DATE_FORMAT', ts('2024-01-01'), 'bad'), { code: 'data/date-pattern' })
})

test('TO_TIMESTAMP and TO_DATE, as Flink answered', () => {
  const rows: readonly (readonly [string, string | null, string | null])[] = [
    ['2024-02-29 13:04:05.123456789', '2024-02-29 13:04:05.123', '2024-02-29'],
    ['2024-02-29T13:04:05', null, null],
    [' 2024-02-29 13:04:05 ', null, null],
    ['2024-2-9 3:4:5', '2024-02-09 03:04:05.000', '2024-02-09'],
    ['29.02.2024', null, null],
    ['2023-02-29 00:00:00', '2023-02-28 00:00:00.000', null],
    ['2024-13-01 00:00:00', null, null],
    ['2024-02-29 24:00:00', '2024-03-01 00:00:00.000', '2024-02-29'],
  ]
  for (const [text, timestamp, day] of rows) {
    assert.equal(ask('TO_TIMESTAMP', text), timestamp, text)
    assert.equal(ask('TO_DATE', text), day, text)
  }
  assert.equal(ask('TO_TIMESTAMP', '2024-01-01 00:15', 'yyyy-MM-dd HH:mm'), '2024-01-01 00:15:00.000')
  assert.equal(ask('TO_TIMESTAMP', 'no date', 'yyyy-MM-dd'), null)
  // Text that is no match of the pattern may still have the default form.
  assert.equal(ask('TO_TIMESTAMP', '1999-9-10 05:20:10', 'yyyy-MM-dd HH:mm:ss'), '1999-09-10 05:20:10.000')
  assert.equal(ask('TO_DATE', '29.02.2024', 'dd.MM.yyyy'), '2024-02-29')
  assert.equal(ask('TO_DATE', 'no date', 'dd.MM.yyyy'), null)
  assert.equal(typeOf('TO_TIMESTAMP', 'x'), 'TIMESTAMP(3)')
})

test('TO_TIMESTAMP_LTZ in all forms, shown in Berlin', () => {
  const berlin = (...args: readonly (Expr | string | number)[]): string | null =>
    show(call('TO_TIMESTAMP_LTZ', ...args), { timeZone: 'Europe/Berlin' })
  assert.equal(berlin('2024-07-01 12:00:00'), '2024-07-01 14:00:00.000')
  assert.equal(berlin('01/07/2024 12', 'dd/MM/yyyy HH'), '2024-07-01 14:00:00.000')
  assert.equal(berlin('2024-07-01 12:00:00', 'yyyy-MM-dd HH:mm:ss', 'America/New_York'), '2024-07-01 18:00:00.000')
  assert.throws(() => berlin('2024-07-01 12:00:00', 'yyyy-MM-dd HH:mm:ss', 'No/Where'), { code: 'sql/argument-type' })
  assert.equal(berlin(1719828000), '1970-01-20 22:43:48.000')
  assert.equal(berlin(1719828000, 0), '2024-07-01 12:00:00.000')
  assert.equal(berlin(big(1719828000123n), 3), '2024-07-01 12:00:00.123')
  assert.equal(berlin(big(1719828000123456n), 6), '2024-07-01 12:00:00.123456')
  assert.equal(berlin(big(1719828000123456789n), 9), '2024-07-01 12:00:00.123456789')
  assert.equal(berlin(literal(types.double(false), 1.5), 0), '1970-01-01 01:00:01.500')
  assert.equal(berlin('no date', 'yyyy-MM-dd'), null)
  assert.equal(berlin(big(10n ** 15n), 0), null)
  assert.equal(typeOf('TO_TIMESTAMP_LTZ', column(types.bigint()), 6), 'TIMESTAMP_LTZ(6)')
  assert.equal(typeOf('TO_TIMESTAMP_LTZ', column(types.bigint()), 0), 'TIMESTAMP_LTZ(3)')
})

test('unix time and CONVERT_TZ', () => {
  const newYork = { timeZone: 'America/New_York' }
  assert.equal(ask('FROM_UNIXTIME', big(253402300799n)), '9999-12-31 23:59:59')
  assert.equal(ask('FROM_UNIXTIME', big(-2208988800n), "dd.MM.yyyy HH'h'"), '01.01.1900 00h')
  assert.equal(show(call('FROM_UNIXTIME', 44), { timeZone: 'Asia/Tokyo' }), '1970-01-01 09:00:44')
  assert.equal(show(call('UNIX_TIMESTAMP', '2024-02-29 13:04:05'), newYork), '1709229845')
  assert.equal(show(call('UNIX_TIMESTAMP', '29.02.2024', 'dd.MM.yyyy'), newYork), '1709182800')
  assert.equal(ask('UNIX_TIMESTAMP', 'gestern'), '-9223372036854775808')
  assert.equal(show(call('UNIX_TIMESTAMP'), { nowMs: 86_400_999 }), '86400')
  assert.equal(ask('CONVERT_TZ', '2024-03-31 06:00:00', 'UTC', 'Europe/Berlin'), '2024-03-31 08:00:00')
  assert.equal(ask('CONVERT_TZ', '2024-03-30 22:00:00', 'UTC', 'GMT+05:30'), '2024-03-31 03:30:00')
  assert.equal(ask('CONVERT_TZ', '2024-03-30 22:00:00', 'UTC', 'No/Where'), '2024-03-30 22:00:00')
  assert.equal(ask('CONVERT_TZ', 'gestern', 'UTC', 'GMT+05:30'), null)
})

test('the clock: once a query in batch, each row otherwise, shown in the zone of the session', () => {
  const tokyo = { timeZone: 'Asia/Tokyo', nowMs: 44_123 }
  assert.equal(show(call('CURRENT_TIMESTAMP'), tokyo), '1970-01-01 09:00:44.123')
  assert.equal(show(call('LOCALTIMESTAMP'), tokyo), '1970-01-01 09:00:44.123')
  assert.equal(show(call('CURRENT_TIME'), tokyo), '09:00:44')
  assert.equal(show(call('CURRENT_DATE'), tokyo), '1970-01-01')
  assert.equal(show(call('NOW'), { nowMs: 5, queryStartMs: 1 }), '1970-01-01 00:00:00.001')
  assert.equal(show(call('CURRENT_ROW_TIMESTAMP'), { nowMs: 5, queryStartMs: 1 }), '1970-01-01 00:00:00.005')
  assert.equal(typeOf('CURRENT_TIMESTAMP'), 'TIMESTAMP_LTZ(3) NOT NULL')
  assert.equal(typeOf('LOCALTIME'), 'TIME(0) NOT NULL')
})
