import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodeBytes } from '../../test/decode-bytes.ts'
import { types } from '../data/types.ts'
import { CsvDecoder } from './csv-decoder.ts'
import type { FormatOptions } from './format.ts'

const columns = [
  { name: 'b', type: types.boolean() },
  { name: 'ti', type: types.tinyint() },
  { name: 'bi', type: types.bigint() },
  { name: 'd', type: types.double() },
  { name: 'amount', type: types.decimal(10, 2) },
  { name: 's', type: types.string() },
  { name: 'day', type: types.date() },
  { name: 'clock', type: types.time(0) },
  { name: 'at', type: types.timestamp(3) },
  { name: 'instant', type: types.timestampLtz(6) },
]
const names = columns.map(({ name }) => name)
const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`
const plain: Readonly<Record<string, fc.Arbitrary<string>>> = {
  b: fc.constantFrom('true', 'false', 'n/a'),
  ti: fc.integer({ min: -128, max: 127 }).map(String),
  bi: fc.oneof(fc.bigInt({ min: -(2n ** 60n), max: 2n ** 60n }).map(String), fc.constant('"17"')),
  d: fc.tuple(fc.integer(), fc.integer({ min: -26, max: 26 })).map(([mantissa, power]) => `${mantissa}e${power}`),
  amount: fc.tuple(fc.integer({ min: -9999999, max: 9999999 }), fc.constantFrom('', '.5', '.05', '.99')).map((parts) => parts.join('')),
  s: fc.oneof(fc.constantFrom('', 'a b', 'é☂', 'n/a', '"n/a"', 'half"way', ' x '), fc.string({ maxLength: 30 }).map(quote)),
  day: fc.constantFrom('2024-02-29', '1969-12-31', '0001-01-01', '"9999-12-31"'),
  clock: fc.constantFrom('23:59:59.999', '00:00:00'),
  at: fc.constantFrom('1969-12-31 23:59:59.9999', '2024-02-29 01:02:03'),
  instant: fc.constantFrom('1969-12-31 23:59:59.9999999Z', '2024-02-29 01:02:03Z'),
}
const odd = fc.oneof(
  fc.constantFrom(
    '',
    ' 1 ',
    '+5',
    '007',
    '1.',
    '.5',
    'NaN',
    'TRUE',
    '1e400',
    '99999999999999999999',
    '128',
    '"a""b"',
    '"open',
    '"x"y',
    '"x" ',
    'a\rb',
    '2024-1-5',
  ),
  fc.constantFrom('2023-02-29', '2023-02-29 12:00:00', '24:00:00', '2024-01-01 24:00:00', '2024-01-01T00:00:00', ' 2024-01-01 00:00:00 '),
  fc.string({ maxLength: 10 }),
)
const field = (name: string): fc.Arbitrary<string> => fc.oneof({ arbitrary: plain[name]!, weight: 24 }, { arbitrary: odd, weight: 1 })
const record = fc.tuple(...names.map(field))
const line = fc.oneof(
  { arbitrary: record.map((fields) => fields.join(',')), weight: 10 },
  { arbitrary: fc.tuple(record, fc.nat(12)).map(([fields, count]) => fields.slice(0, count).join(',')), weight: 1 },
  { arbitrary: record.map((fields) => [...fields, fields[0]].join(',')), weight: 1 },
  { arbitrary: record.map((fields) => `${fields.join(',')},`), weight: 1 },
  { arbitrary: fc.constant(''), weight: 1 },
)
const file = fc
  .tuple(fc.array(line, { maxLength: 8 }), fc.constantFrom('\n', '\r\n', '\r'), fc.boolean(), fc.boolean())
  .map(([lines, end, isEnded, isMarked]) => (isMarked ? '\ufeff' : '') + lines.join(end) + (isEnded ? end : ''))
const optionMaps: readonly FormatOptions[] = [
  new Map([['ignore-parse-errors', true]]),
  new Map<string, string | boolean>([
    ['ignore-parse-errors', true],
    ['null-literal', 'n/a'],
  ]),
  new Map([['null-literal', 'n/a']]),
  new Map<string, string | boolean>([
    ['ignore-parse-errors', true],
    ['null-literal', ''],
    ['disable-quote-character', true],
  ]),
]

// Goal: the kernel and the general path give the same rows, errors and counts. Method: as for JSON.
test('the scanning kernel and the general path read the same', () => {
  fc.assert(
    fc.property(
      file,
      fc.constantFrom(...optionMaps),
      fc.record({
        chunkBytes: fc.integer({ min: 1, max: 300 }),
        batchRows: fc.constantFrom(1, 3, 64),
        blockBytes: fc.integer({ min: 1, max: 300 }),
      }),
      fc.option(fc.subarray(names), { nil: undefined }),
      (text, options, cut, wanted) => {
        const bytes = Buffer.from(text)
        const selection = wanted === undefined ? {} : { wanted }
        const expected = decodeBytes((spec) => new CsvDecoder(spec, 'general'), bytes, { columns, options, ...selection })
        assert.deepEqual(
          decodeBytes((spec) => new CsvDecoder(spec), bytes, { columns, options, ...selection }),
          expected,
        )
        assert.deepEqual(
          decodeBytes((spec) => new CsvDecoder(spec), bytes, { columns, options, ...selection, ...cut }),
          expected,
        )
      },
    ),
    { numRuns: 1000 },
  )
})

test('a field that does not fit is an error with its line, or NULL and counted', () => {
  const two = [columns[1]!, columns[5]!]
  const text = '1,a\n\n300,"b\nc"\n4,d,e\n5,f,\n'
  const strict = decodeBytes((spec) => new CsvDecoder(spec), Buffer.from(text), { columns: two })
  assert.equal(
    strict.error,
    "format/bad-record Cannot read the row: it has 1 field and wants 2; is 'csv.field-delimiter' right? Else set 'csv.ignore-parse-errors' = 'true' to take the missing ones as NULL at 2",
  )
  const lenient = decodeBytes((spec) => new CsvDecoder(spec), Buffer.from(text), {
    columns: two,
    options: new Map([['ignore-parse-errors', true]]),
  })
  assert.deepEqual(lenient.rows, [
    [1, 'a'],
    [null, null],
    [null, 'b\nc'],
    [5, 'f'],
  ])
  assert.deepEqual(lenient.lines, [1, 2, 3, 6])
  assert.equal(lenient.badRecords, 3)
})

test('escapes, other delimiters, comments and arrays', () => {
  const text = '  # no\n1;a\\;b;1:2\n\n#x\n2;"c\\"d";\n3;\\n;x:3\n'
  const decoded = decodeBytes((spec) => new CsvDecoder(spec), Buffer.from(text), {
    columns: [columns[1]!, columns[5]!, { name: 'list', type: types.array(types.integer()) }],
    options: new Map<string, string | boolean>([
      ['field-delimiter', ';'],
      ['escape-character', '\\'],
      ['allow-comments', true],
      ['array-element-delimiter', ':'],
      ['null-literal', 'x'],
    ]),
    chunkBytes: 3,
  })
  assert.deepEqual(decoded.rows, [
    [1, 'a;b', [1, 2]],
    [2, 'c"d', []],
    [3, '\n', [null, 3]],
  ])
})

test('a record beyond the limit is a bad record, however much lies in the window', () => {
  const text = `1,a\n2,"${'x'.repeat(300)}\n9,inner"\n3,b\n`
  for (const chunkBytes of [7, 64, 4096]) {
    const given = { columns: [columns[1]!, columns[5]!], chunkBytes, maxRecordBytes: 100 }
    const lenient = decodeBytes((spec) => new CsvDecoder(spec), Buffer.from(text), {
      ...given,
      options: new Map([['ignore-parse-errors', true]]),
    })
    // The line end within the quotes is taken as the end of the record: where it ends really cannot be known.
    assert.deepEqual(lenient.rows, [
      [1, 'a'],
      [9, 'inner"'],
      [3, 'b'],
    ])
    assert.match(decodeBytes((spec) => new CsvDecoder(spec), Buffer.from(text), given).error ?? '', /longer than 100 bytes.* at 2$/)
  }
})
