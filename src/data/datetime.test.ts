import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  addMonthsToDate,
  ceilDate,
  ceilTimestamp,
  civilFromDays,
  daysFromCivil,
  daysInMonth,
  extractFromDate,
  extractFromTimestamp,
  floorDate,
  floorTimestamp,
  formatDate,
  formatIntervalDayTime,
  formatIntervalYearMonth,
  formatTime,
  formatTimestamp,
  isoWeek,
  monthsBetweenTimestamps,
  parseDate,
  parseTime,
  parseTimestamp,
  timestampDiff,
  truncateTimestamp,
  type TimeUnit,
} from './datetime.ts'

const days = fc.integer({ min: daysFromCivil(1, 1, 1), max: daysFromCivil(9999, 12, 31) })
const instants = fc.bigInt({ min: -62135596800000000000n, max: 253402300799999999999n })
const ts = (text: string): bigint => parseTimestamp(text)!

// Goal: the calendar is that of Date, whose proleptic Gregorian arithmetic is an independent implementation.
test('days and civil dates agree with Date over years 1 to 9999', () => {
  fc.assert(
    fc.property(days, (day) => {
      const date = new Date(day * 86_400_000)
      const civil = civilFromDays(day)
      assert.deepEqual(civil, { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() })
      assert.equal(daysFromCivil(civil.year, civil.month, civil.day), day)
      assert.equal(formatDate(day), date.toISOString().slice(0, 10))
      assert.equal(parseDate(formatDate(day)), day)
    }),
  )
})

test('a month or day out of range rolls over', () => {
  assert.equal(daysFromCivil(2023, 14, 1), daysFromCivil(2024, 2, 1))
  assert.equal(daysFromCivil(2023, 0, 1), daysFromCivil(2022, 12, 1))
  assert.equal(daysFromCivil(2023, 2, 29), daysFromCivil(2023, 3, 1))
})

test('what formatTimestamp writes with nine digits parseTimestamp reads', () => {
  fc.assert(fc.property(instants, (ns) => assert.equal(parseTimestamp(formatTimestamp(ns, 9)), ns)))
})

test('cutting digits goes towards the past, also before 1970', () => {
  assert.equal(formatTimestamp(truncateTimestamp(-1n, 3), 3), '1969-12-31 23:59:59.999')
  assert.equal(formatTimestamp(truncateTimestamp(ts('2024-02-29 13:04:05.123456789'), 6), 9), '2024-02-29 13:04:05.123456000')
})

test('text of times and intervals', () => {
  assert.equal(formatTime(47_655_000), '13:14:15')
  assert.equal(formatTime(47_655_500, 3), '13:14:15.5')
  assert.equal(formatTime(0, 3), '00:00:00.0')
  assert.equal(formatIntervalYearMonth(27), '+2-03')
  assert.equal(formatIntervalYearMonth(-12), '-1-00')
  assert.equal(formatIntervalDayTime(93_784_567n), '+1 02:03:04.567')
  assert.equal(formatIntervalDayTime(-86_400_000n), '-1 00:00:00.000')
})

test('CAST to DATE reads any number of digits, and what follows a blank is ignored', () => {
  const read = (text: string): string | undefined => {
    const day = parseDate(text)
    return day === undefined ? undefined : formatDate(day)
  }
  assert.equal(read('2024-2-9'), '2024-02-09')
  assert.equal(read('2024-2'), '2024-02-01')
  assert.equal(read('1'), '0001-01-01')
  assert.equal(read('2024-02-29 12:34:56.789'), '2024-02-29')
  for (const bad of [
    '',
    'gestern',
    '2023-02-29',
    '2024-13-01',
    '2024-02-29T13:04:05',
    '29.02.2024',
    '13:04:05',
    '-1-1-1',
    '1_000',
    '١٢',
    '10000-01-01',
  ]) {
    assert.equal(read(bad), undefined, bad)
  }
})

test('CAST to TIME takes hours alone, fractions and offsets', () => {
  assert.equal(formatTime(parseTime('1')!), '01:00:00')
  assert.equal(formatTime(parseTime('12:34:56')!), '12:34:56')
  assert.equal(parseTime('00:00:01.2345'), 1_235)
  for (const bad of ['', '24:00:00', '12:60:00', '2024-02-29', '1:2:3:4', 'NaN']) assert.equal(parseTime(bad), undefined, bad)
})

test('CAST to TIMESTAMP is strict about blanks and lenient about days', () => {
  assert.equal(formatTimestamp(ts('2024-2-9 3:4:5'), 0), '2024-02-09 03:04:05')
  assert.equal(formatTimestamp(ts('2023-02-29 00:00:00'), 0), '2023-02-28 00:00:00')
  assert.equal(formatTimestamp(ts('2024-02-29 24:00:00'), 0), '2024-03-01 00:00:00')
  for (const bad of [
    '2024-02-29T13:04:05',
    ' 2024-02-29 13:04:05 ',
    '2024-13-01 00:00:00',
    '13:04:05',
    '',
    '1',
    '2024-02-29 24:00:01',
    '2024-02-32',
  ]) {
    assert.equal(parseTimestamp(bad), undefined, bad)
  }
})

test('months are added to the last day that there is', () => {
  const add = (text: string, months: number): string => formatDate(addMonthsToDate(parseDate(text)!, months))
  assert.equal(add('2024-01-31', 1), '2024-02-29')
  assert.equal(add('2024-02-29', 12), '2025-02-28')
  assert.equal(add('2024-03-31', -13), '2023-02-28')
  fc.assert(
    fc.property(days, fc.integer({ min: -500, max: 500 }), (day, months) => {
      const from = civilFromDays(day)
      const to = civilFromDays(addMonthsToDate(day, months))
      assert.equal(to.year * 12 + to.month, from.year * 12 + from.month + months)
      assert.equal(to.day, Math.min(from.day, daysInMonth(to.year, to.month)))
    }),
  )
})

test('monthsBetween is the greatest number of months that can be added', () => {
  fc.assert(
    fc.property(instants, instants, (a, b) => {
      const [from, to] = a <= b ? [a, b] : [b, a]
      const months = monthsBetweenTimestamps(from, to)
      assert.ok(months >= 0)
    }),
  )
  assert.equal(timestampDiff('MONTH', ts('2024-01-31 08:00:00'), ts('2024-02-29 08:00:00')), 1n)
  assert.equal(timestampDiff('MONTH', ts('2024-01-31 08:00:00'), ts('2024-02-29 07:59:59')), 0n)
  assert.equal(timestampDiff('YEAR', ts('0001-01-01'), ts('9999-12-31')), 9998n)
  assert.equal(timestampDiff('WEEK', ts('2024-02-29'), ts('2023-12-31')), -8n)
})

test('EXTRACT of every unit, as Flink answered', () => {
  const extract = (unit: TimeUnit, text: string): bigint => extractFromTimestamp(unit, ts(text))
  const units: readonly TimeUnit[] = [
    'YEAR',
    'QUARTER',
    'MONTH',
    'WEEK',
    'DAY',
    'DOY',
    'DOW',
    'ISODOW',
    'ISOYEAR',
    'DECADE',
    'CENTURY',
    'MILLENNIUM',
    'EPOCH',
  ]
  const row = (text: string): readonly number[] => units.map((unit) => Number(extract(unit, text)))
  assert.deepEqual(row('2024-02-29 13:14:15.987'), [2024, 1, 2, 9, 29, 60, 5, 4, 2024, 202, 21, 3, 1709212455])
  assert.deepEqual(row('2021-01-03 00:00:00'), [2021, 1, 1, 53, 3, 3, 1, 7, 2020, 202, 21, 3, 1609632000])
  assert.deepEqual(row('2024-12-30 23:59:59.999'), [2024, 4, 12, 1, 30, 365, 2, 1, 2025, 202, 21, 3, 1735603199])
  assert.deepEqual(row('1969-12-31 00:00:00'), [1969, 4, 12, 1, 31, 365, 4, 3, 1970, 196, 20, 2, -86400])
  assert.deepEqual(row('1900-03-01 00:00:00'), [1900, 1, 3, 9, 1, 60, 5, 4, 1900, 190, 19, 2, -2203891200])
  assert.equal(extract('MILLISECOND', '2024-02-29 13:14:15.987'), 987n)
  assert.equal(extract('NANOSECOND', '2024-02-29 13:14:15.987'), 987_000_000n)
  // Flink's own answer before 1970 is a day late; the calendar's is wanted.
  assert.equal(extract('DAY', '1900-03-01 06:07:08.009'), 1n)
  assert.equal(extract('HOUR', '1900-03-01 06:07:08.009'), 6n)
})

test('ISO weeks belong to the year of their Thursday', () => {
  fc.assert(
    fc.property(days, (day) => {
      const thursday = day - ((day + 3 + 7_000_000) % 7) + 3
      assert.equal(isoWeek(day).year, civilFromDays(thursday).year)
      assert.equal(extractFromDate('WEEK', day), BigInt(isoWeek(day).week))
      assert.ok(isoWeek(day).week >= 1 && isoWeek(day).week <= 53)
    }),
  )
})

test('FLOOR is at or before, CEIL of days at or after; a floor is its own floor', () => {
  const units: readonly TimeUnit[] = ['MILLENNIUM', 'CENTURY', 'DECADE', 'YEAR', 'QUARTER', 'MONTH', 'WEEK', 'DAY']
  fc.assert(
    fc.property(days, fc.constantFrom(...units), (day, unit) => {
      const floor = floorDate(day, unit)
      assert.ok(floor <= day)
      assert.equal(floorDate(floor, unit), floor)
      assert.ok(ceilDate(day, unit) >= day)
    }),
  )
})

test('FLOOR and CEIL to each unit, as Flink answered', () => {
  const floor = (unit: TimeUnit, text: string): string => formatTimestamp(floorTimestamp(ts(text), unit), 0)
  const ceil = (unit: TimeUnit, text: string): string => formatTimestamp(ceilTimestamp(ts(text), unit), 0)
  assert.equal(floor('WEEK', '2024-02-29 13:14:15.987'), '2024-02-25 00:00:00')
  assert.equal(floor('CENTURY', '1900-03-01'), '1801-01-01 00:00:00')
  assert.equal(floor('MILLENNIUM', '2000-12-31 12:00:00.5'), '1001-01-01 00:00:00')
  assert.equal(floor('SECOND', '2000-12-31 12:00:00.5'), '2000-12-31 12:00:00')
  assert.equal(ceil('SECOND', '2024-02-29 13:14:15.987'), '2024-02-29 13:14:16')
  assert.equal(ceil('DAY', '2024-10-27 02:30:00'), '2024-10-28 00:00:00')
  assert.equal(ceil('WEEK', '2024-10-27 02:30:00'), '2024-10-27 00:00:00')
  assert.equal(ceil('QUARTER', '2024-12-30 23:59:59.999'), '2025-01-01 00:00:00')
  assert.equal(ceil('YEAR', '1970-01-01'), '1970-01-01 00:00:00')
  assert.equal(ceil('DECADE', '1990-10-14'), '2000-01-01 00:00:00')
})

test('the usual form of a timestamp reads as the general one does', () => {
  const parts = fc.tuple(
    fc.nat(9999),
    fc.nat(13),
    fc.nat(32),
    fc.nat(25),
    fc.nat(61),
    fc.nat(61),
    fc.constantFrom('', '.', '.5', '.12', '.123', '.1234', 'x', '.1x'),
  )
  fc.assert(
    fc.property(parts, ([year, month, day, hour, minute, second, tail]) => {
      const two = (n: number): string => String(n).padStart(2, '0')
      const usual = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}:${two(second)}${tail}`
      // More than three digits of a second send the text the general way.
      const general = /^(?:\.\d+)?$/.test(tail) ? (tail === '' ? `${usual}.` : usual).padEnd(29, '0') : usual
      assert.equal(parseTimestamp(usual), parseTimestamp(general), usual)
    }),
  )
})
