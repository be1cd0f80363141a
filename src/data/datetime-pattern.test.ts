import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { formatTimestamp, parseTimestamp } from './datetime.ts'
import { compileDateTimePattern, formatWithPattern, type DateTimePattern } from './datetime-pattern.ts'
import { parseWithPattern } from './datetime-pattern-parse.ts'

function compiled(pattern: string): DateTimePattern {
  const result = compileDateTimePattern(pattern)
  assert.ok(typeof result !== 'string', `${pattern}: ${String(result)}`)
  return result
}

const print = (text: string, pattern: string): string | undefined => formatWithPattern(compiled(pattern), parseTimestamp(text)!)

function read(text: string, pattern: string): string | undefined {
  const ns = parseWithPattern(compiled(pattern), text)
  return ns === undefined ? undefined : formatTimestamp(ns, 3)
}

test('prints as Flink printed', () => {
  const patterns = [
    "yyyy-MM-dd'T'HH:mm:ss.SSS",
    'EEE, d MMM uu',
    'EEEE MMMM',
    'hh:mm a',
    'D e Q QQQ',
    'YYYY-ww',
    'yyyyMMddHHmmss',
    'k K H h',
  ]
  const rows: readonly (readonly [string, readonly string[]])[] = [
    [
      '2024-02-29 13:14:15.987',
      ['2024-02-29T13:14:15.987', 'Thu, 29 Feb 24', 'Thursday February', '01:14 PM', '60 5 1 Q1', '2024-09', '20240229131415', '13 1 13 1'],
    ],
    [
      '2021-01-03 00:00:00',
      ['2021-01-03T00:00:00.000', 'Sun, 3 Jan 21', 'Sunday January', '12:00 AM', '3 1 1 Q1', '2021-02', '20210103000000', '24 0 0 12'],
    ],
    [
      '2024-12-30 23:59:59.999',
      [
        '2024-12-30T23:59:59.999',
        'Mon, 30 Dec 24',
        'Monday December',
        '11:59 PM',
        '365 2 4 Q4',
        '2025-01',
        '20241230235959',
        '23 11 23 11',
      ],
    ],
    [
      '1969-12-31 00:00:00',
      [
        '1969-12-31T00:00:00.000',
        'Wed, 31 Dec 69',
        'Wednesday December',
        '12:00 AM',
        '365 4 4 Q4',
        '1970-01',
        '19691231000000',
        '24 0 0 12',
      ],
    ],
  ]
  for (const [text, wanted] of rows)
    assert.deepEqual(
      patterns.map((pattern) => print(text, pattern)),
      wanted,
      text,
    )
})

test('prints names, eras, quotes and fractions', () => {
  assert.equal(
    print('2024-02-29 13:14:15.987654321', "G GGGG MMMMM QQQQ 'it''s' SSSSSS n B"),
    "AD Anno Domini F 1st quarter it's 987654 987654321 in the afternoon",
  )
  assert.equal(print('2024-02-29', "yyyy'' W F [d]"), "2024' 5 1 29")
  assert.equal(print('2024-02-29', 'XXX'), undefined)
})

test('reads fixed and free widths, names, halves of the day, optional parts, offsets', () => {
  assert.equal(read('20240229131415987', 'yyyyMMddHHmmssSSS'), '2024-02-29 13:14:15.987')
  assert.equal(read('29 Feb 2024', 'd MMM yyyy'), '2024-02-29 00:00:00.000')
  assert.equal(read('01/02/24 01:05 PM', 'dd/MM/yy hh:mm a'), '2024-02-01 13:05:00.000')
  assert.equal(read('2024-02-29 13:04', 'yyyy-MM-dd[ HH:mm]'), '2024-02-29 13:04:00.000')
  assert.equal(read('2024-02-29', 'yyyy-MM-dd[ HH:mm]'), '2024-02-29 00:00:00.000')
  assert.equal(read('2024-060', 'yyyy-DDD'), '2024-02-29 00:00:00.000')
  assert.equal(read('2024-W09-5', "YYYY-'W'ww-e"), '2024-02-29 00:00:00.000')
  // The offset is read and dropped: the wall clock stays.
  assert.equal(read('2024-01-01T00:00:00+02:00', "yyyy-MM-dd'T'HH:mm:ssXXX"), '2024-01-01 00:00:00.000')
  assert.equal(read('2024-01-01T00:00:00Z', "yyyy-MM-dd'T'HH:mm:ssX"), '2024-01-01 00:00:00.000')
})

test('missing parts are those of 1970-01-01 00:00, days beyond the month its last, 24:00 the next day', () => {
  assert.equal(read('12:30', 'HH:mm'), '1970-01-01 12:30:00.000')
  assert.equal(read('2024/02/30 24:00', 'yyyy/MM/dd HH:mm'), '2024-03-01 00:00:00.000')
})

test('refuses what does not fit', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['2024-2-9', 'yyyy-MM-dd'],
    ['2024-13-01', 'yyyy-MM-dd'],
    ['2024-02-29x', 'yyyy-MM-dd'],
    ['29.02.2024', 'yyyy-MM-dd'],
    ['Fri 2024-02-29', 'EEE yyyy-MM-dd'],
    ['29 feb 2024', 'd MMM yyyy'],
    ['25:00', 'HH:mm'],
    ['13:00 PM', 'hh:mm a'],
    ['2024-02-29 1.5', 'yyyy-MM-dd s.SSS'],
  ]
  for (const [text, pattern] of cases) assert.equal(read(text, pattern), undefined, `${text} by ${pattern}`)
})

test('says what is wrong with a pattern', () => {
  assert.equal(compileDateTimePattern('yyyy-bb'), '"b" is no pattern letter')
  assert.equal(compileDateTimePattern("yyyy 'x"), 'a quote is not closed')
  assert.equal(compileDateTimePattern('ddd'), '"d" stands 3 times')
  assert.equal(compileDateTimePattern('yyyy]'), 'a "]" has no "["')
})

test('what a pattern of all parts prints it reads back', () => {
  const patterns = [
    'yyyy-MM-dd HH:mm:ss.SSSSSSSSS',
    'yyyyMMddHHmmssSSSSSSSSS',
    'EEEE, d MMMM uuuu h:m:s a SSSSSSSSS',
    "yyyy-DDD'T'N",
    'YYYY ww e k:m:s.SSSSSSSSS',
  ]
  const instants = fc.bigInt({ min: -30610224000000000000n, max: 253402300799999999999n })
  fc.assert(
    fc.property(instants, fc.constantFrom(...patterns), (ns, source) => {
      const pattern = compiled(source)
      // Nanoseconds of the day exceed 53 bits only in text, not in value: N is exact.
      assert.equal(parseWithPattern(pattern, formatWithPattern(pattern, ns)!), ns, source)
    }),
  )
})
