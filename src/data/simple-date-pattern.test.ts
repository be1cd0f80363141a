import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  compileSimpleDatePattern,
  formatSimpleDate,
  lookupLegacyZone,
  parseSimpleDate,
  type SimpleDatePattern,
} from './simple-date-pattern.ts'
import { zone } from './time-zone.ts'

function compiled(pattern: string): SimpleDatePattern {
  const result = compileSimpleDatePattern(pattern)
  assert.ok(typeof result !== 'string', `${pattern}: ${String(result)}`)
  return result
}

const now = Date.UTC(2024, 5, 1)
const read = (text: string, pattern: string, name = 'UTC'): number | undefined =>
  parseSimpleDate(compiled(pattern), text, zone(name)!, () => now)
const print = (ms: number, pattern: string, name = 'UTC'): string => formatSimpleDate(compiled(pattern), ms, zone(name)!)

test('reads in the zone, ignores what follows, and refuses what is plainly wrong', () => {
  assert.equal(read('2024-02-29 13:04:05', 'yyyy-MM-dd HH:mm:ss', 'America/New_York'), 1709229845000)
  assert.equal(read('2024-02-29 13:04:05', 'yyyy-MM-dd', 'America/New_York'), 1709182800000)
  assert.equal(read('29.02.2024', 'dd.MM.yyyy', 'America/New_York'), 1709182800000)
  for (const text of ['', 'gestern', '29.02.2024']) assert.equal(read(text, 'yyyy-MM-dd'), undefined, text)
})

test('rolls over, takes fewer digits, names in any case, and an offset in the text', () => {
  assert.equal(read('2023-02-29', 'yyyy-MM-dd'), Date.UTC(2023, 2, 1))
  assert.equal(read('2023-14-1', 'yyyy-MM-dd'), Date.UTC(2024, 1, 1))
  assert.equal(read('20240229', 'yyyyMMdd'), Date.UTC(2024, 1, 29))
  assert.equal(read('thu, 29 FEBRUARY 2024', 'EEE, d MMM yyyy'), Date.UTC(2024, 1, 29))
  assert.equal(read('01:05 pm', 'hh:mm a'), 13 * 3_600_000 + 5 * 60_000)
  assert.equal(read('1970-01-01 08:00:01.001 +0800', 'yyyy-MM-dd HH:mm:ss.SSS X', 'Europe/Berlin'), 1001)
  assert.equal(read('1970-01-01 08:00:01.001', 'yyyy-MM-dd HH:mm:ss.SSS X'), undefined)
  assert.equal(read('1970-01-01 00:00:00 PST', 'yyyy-MM-dd HH:mm:ss z'), 8 * 3_600_000)
})

test('years of two digits lie within 80 years before and 20 after now', () => {
  assert.equal(read('1.2.30', 'd.M.yy'), Date.UTC(2030, 1, 1))
  assert.equal(read('1.2.50', 'd.M.yy'), Date.UTC(1950, 1, 1))
})

test('a time that exists twice is the later, one in the gap moves forward', () => {
  assert.equal(read('2024-10-27 02:30', 'yyyy-MM-dd HH:mm', 'Europe/Berlin'), Date.UTC(2024, 9, 27, 1, 30))
  assert.equal(read('2024-03-31 02:30', 'yyyy-MM-dd HH:mm', 'Europe/Berlin'), Date.UTC(2024, 2, 31, 1, 30))
})

test('prints milliseconds as a number, weekdays from Monday, and offsets', () => {
  assert.equal(print(7, 'S SSSSSS'), '7 000007')
  assert.equal(
    print(0, "EEE EEEE u F D w W dd.MM.yyyy HH'h' Z X XXX", 'Europe/Berlin'),
    'Thu Thursday 4 1 1 1 1 01.01.1970 01h +0100 +01 +01:00',
  )
  assert.equal(print(0, 'yy yyyyy z X'), '70 01970 UTC Z')
  assert.equal(print(0, 'z zzzz', 'Europe/Berlin'), 'CET Central European Standard Time')
  assert.equal(print(0, 'z', 'America/New_York'), 'EST')
  assert.equal(print(1709208245000, 'yyyy-MM-dd HH:mm:ss'), '2024-02-29 12:04:05')
})

test('zones as Java names them', () => {
  assert.equal(lookupLegacyZone('PST')?.offsetAtUtc(0), -8 * 3_600_000)
  assert.equal(lookupLegacyZone('IST')?.offsetAtUtc(0), 5.5 * 3_600_000)
  assert.equal(lookupLegacyZone('No/Where'), undefined)
})
