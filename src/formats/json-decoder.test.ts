import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodeBytes } from '../../test/decode-bytes.ts'
import { types } from '../data/types.ts'
import type { FormatOptions } from './format.ts'
import { JsonDecoder } from './json-decoder.ts'

const columns = [
  { name: 'b', type: types.boolean() },
  { name: 'ti', type: types.tinyint() },
  { name: 'si', type: types.smallint() },
  { name: 'i', type: types.integer() },
  { name: 'bi', type: types.bigint() },
  { name: 'f', type: types.float() },
  { name: 'd', type: types.double() },
  { name: 'amount', type: types.decimal(10, 2) },
  { name: 'large', type: types.decimal(30, 4) },
  { name: 's', type: types.string() },
  { name: 'day', type: types.date() },
  { name: 'clock', type: types.time(2) },
  { name: 'at', type: types.timestamp(3) },
  { name: 'precise', type: types.timestamp(7) },
  { name: 'instant', type: types.timestampLtz(3) },
  {
    name: 'nested',
    type: types.row([
      { name: 'x', type: types.bigint() },
      { name: 'deep', type: types.row([{ name: 'y', type: types.string() }]) },
      { name: 'z', type: types.double() },
    ]),
  },
]

const names = columns.map(({ name }) => name)
const number = fc.oneof(
  fc.integer().map(String),
  fc.integer({ min: -200, max: 200 }).map(String),
  fc.bigInt({ min: -(2n ** 66n), max: 2n ** 66n }).map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.tuple(fc.integer({ min: -99999, max: 99999 }), fc.nat(9999)).map(([whole, fraction]) => `${whole}.${fraction}`),
  fc.constantFrom(
    '0',
    '-0',
    '-0.0',
    '1e3',
    '1E-7',
    '1.50',
    '01',
    '1.',
    '.5',
    '+1',
    '-',
    '1e',
    '9223372036854775807',
    '123e30',
    '7e-30',
    '1234567.5e22',
    '9e23',
    '-9223372036854775808',
    '127',
    '128',
  ),
)
const two = (most: number) => fc.nat(most).map((value) => String(value).padStart(2, '0'))
const clock = fc
  .tuple(two(25), two(60), two(61), fc.constantFrom('', '.5', '.123', '.123456789', '.1234567891', '.'))
  .map(([h, m, s, f]) => `${h}:${m}:${s}${f}`)
const day = fc.oneof(
  fc.constantFrom('1900-02-29', '2000-02-29', '2023-02-29'),
  fc
    .tuple(fc.constantFrom('2024', '1969', '0000', '0001', '9999', '-0001', '+12345', '1900'), two(13), two(32))
    .map((parts) => parts.join('-')),
)
const edges = fc.constantFrom(
  '1900-02-29 12:00:00',
  '2000-02-29 12:00:00',
  '2023-02-29 12:00:00',
  '2024-04-31 12:00:00',
  '2024-01-01 24:00:00',
  '1969-12-31 23:59:59.9999',
)
const moment = fc.oneof(
  edges,
  edges.map((text) => `${text.replace(' ', 'T')}Z`),
  fc.tuple(day, fc.constantFrom(' ', 'T', '  '), clock, fc.constantFrom('', 'Z', 'z')).map((parts) => parts.join('')),
)
const string = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => JSON.stringify(text)),
  fc.constantFrom(
    '""',
    '"\\ud83d\\ude80"',
    '"\\ud83d"',
    '"\\ud83dx\\ude80"',
    '"\\ude80\\ude80"',
    '"\\u00e9\\/\\b\\f"',
    '"\\x"',
    '"\\u12"',
    '"open',
    '"tab\there"',
    '"true"',
    '" 12 "',
  ),
)
const quoted = (text: fc.Arbitrary<string>) => text.map((value) => `"${value}"`)
const scalar = fc.oneof(
  number,
  quoted(number),
  string,
  quoted(day),
  quoted(clock),
  quoted(moment),
  fc.constantFrom('true', 'false', 'null', 'nul', 'truex'),
)
const blank = fc.constantFrom('', '', '', '', ' ', '\t', '  ', '\r')
const value: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    scalar,
    fc.array(fc.tuple(fc.constantFrom('x', 'y', 'z', 'deep', 'other', 'd\\u0065ep'), tie('value')), { maxLength: 4 }).map(object),
    fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(',')}]`),
  ),
})).value
function object(fields: readonly (readonly [string, string])[]): string {
  return `{${fields.map(([name, text]) => `"${name}":${text}`).join(',')}}`
}
/** What a column mostly gets. */
const fitting: Readonly<Record<string, fc.Arbitrary<string>>> = {
  b: fc.constantFrom('true', 'false'),
  s: string,
  day: quoted(day),
  clock: quoted(clock),
  at: quoted(moment),
  precise: quoted(moment),
  instant: quoted(moment),
  nested: value,
}
/** What no path finds unusual: with anything odd in each record the kernel would read none. */
const small = fc.integer({ min: -128, max: 127 }).map(String)
const plain: Readonly<Record<string, fc.Arbitrary<string>>> = {
  b: fc.constantFrom('true', 'false', 'null'),
  f: fc.constantFrom('1.5', '-0.0', '1e3', '0.1'),
  d: fc.tuple(fc.integer(), fc.integer({ min: -26, max: 26 })).map(([mantissa, power]) => `${mantissa}e${power}`),
  amount: fc.tuple(fc.integer({ min: -9999999, max: 9999999 }), fc.constantFrom('', '.5', '.05', '.99')).map((parts) => parts.join('')),
  s: fc.oneof(
    fc.string({ maxLength: 40 }).map((text) => JSON.stringify(text)),
    fc.constantFrom('12', 'true', 'null', '"\\ud83d\\ude80"', '"\\ude80\\ude80"', '"\\ud83d\\ud83d"', '"é\\n\\u0000"'),
  ),
  day: fc.constantFrom('"2024-02-29"', '"1969-12-31"', '"0001-01-01"', '"9999-12-31"'),
  clock: fc.constantFrom('"23:59:59.999"', '"00:00:00"'),
  at: fc.constantFrom('"1969-12-31 23:59:59.9999"', '"2024-02-29 01:02:03"'),
  precise: fc.constantFrom('"1969-12-31 23:59:59.123456789"', '"2024-02-29 01:02:03.5"'),
  instant: fc.constantFrom('"1969-12-31 23:59:59.9999Z"', '"2024-02-29T01:02:03Z"', 'null'),
  nested: fc.constantFrom('{"x":1,"deep":{"y":"a"},"z":2}', '{"z":2.5,"other":[1,{"a":"]"}],"x":null}', 'null', '{}', '{"deep":null}'),
  other: fc.constantFrom('1', '"\\""', '[]', '{"a":[{},"x\\u00e9"]}'),
}
const field = fc
  .constantFrom(...names, ...names, 'other')
  .chain((name) =>
    fc.tuple(
      fc.constant(name),
      fc.oneof(
        { arbitrary: plain[name] ?? small, weight: 10 },
        { arbitrary: fitting[name] ?? number, weight: 4 },
        { arbitrary: value, weight: 1 },
      ),
      blank,
      blank,
    ),
  )
const record = fc
  .uniqueArray(field, { maxLength: 5, selector: ([name]) => name })
  .map((fields) => `{${fields.map(([name, text, a, b]) => `${a}"${name}"${b}:${a}${text}${b}`).join(',')}}`)
const line = fc.oneof(
  { arbitrary: record, weight: 12 },
  {
    arbitrary: fc.tuple(record, fc.nat(200), fc.constantFrom('"', '{', '}', '[', ']', ',', ':', '\\', '\n', '0', 'e', '')).map(mutate),
    weight: 3,
  },
  { arbitrary: fc.array(record, { maxLength: 4 }).map((items) => `[${items.join(' , ')}]`), weight: 3 },
  {
    arbitrary: fc.constantFrom('', '  ', '[]', '[ ]', '[1]', 'null', '[{}', '[{},]', '{} x', '[] x', '\ufeff{}', '{"i":1,"i":2}'),
    weight: 1,
  },
)
function mutate([text, place, character]: readonly [string, number, string]): string {
  const at = place % (text.length + 1)
  return text.slice(0, at) + character + text.slice(at + 1)
}
const file = fc
  .tuple(fc.array(line, { maxLength: 8 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
  .map(([lines, end, isEnded]) => lines.join(end) + (isEnded ? end : ''))

const optionMaps: readonly FormatOptions[] = [
  new Map([['ignore-parse-errors', true]]),
  new Map(),
  new Map([['fail-on-missing-field', true]]),
  new Map<string, string | boolean>([
    ['timestamp-format.standard', 'ISO-8601'],
    ['ignore-parse-errors', true],
  ]),
]
const optionSets = fc.constantFrom(...optionMaps)

// Goal: the kernel and the general path give the same rows, errors and counts, whatever stands in a file.
// Method: lines of mostly fitting fields with all that is unusual mixed in, damaged lines, arrays; cut into windows and blocks of random sizes. The general
// path over the whole file at once is the oracle.
test('the scanning kernel and the general path read the same', () => {
  fc.assert(
    fc.property(
      file,
      optionSets,
      fc.record({
        chunkBytes: fc.integer({ min: 1, max: 300 }),
        batchRows: fc.constantFrom(1, 3, 64),
        blockBytes: fc.integer({ min: 1, max: 300 }),
      }),
      fc.option(fc.subarray(names), { nil: undefined }),
      (text, options, cut, wanted) => {
        const bytes = Buffer.from(text)
        const selection = wanted === undefined ? {} : { wanted }
        const expected = decodeBytes((spec) => new JsonDecoder(spec, 'general'), bytes, { columns, options, ...selection })
        assert.deepEqual(
          decodeBytes((spec) => new JsonDecoder(spec), bytes, { columns, options, ...selection }),
          expected,
        )
        assert.deepEqual(
          decodeBytes((spec) => new JsonDecoder(spec), bytes, { columns, options, ...selection, ...cut }),
          expected,
        )
      },
    ),
    { numRuns: 1500 },
  )
})

test('only the nested fields that are wanted are read, the others are NULL', () => {
  const text = '{"nested":{"x":"bad","deep":{"y":"a"},"z":1}}\n{"nested":{"x":2,"deep":null,"z":3}}\n'
  for (const path of ['scanning', 'general'] as const) {
    const decoded = decodeBytes((spec) => new JsonDecoder(spec, path), Buffer.from(text), {
      columns: columns.slice(-1),
      nestedPaths: [
        ['nested', 'deep', 'y'],
        ['nested', 'z'],
      ],
    })
    assert.deepEqual(decoded.rows, [[[null, ['a'], 1]], [[null, null, 3]]])
  }
})

test('bytes that are not UTF-8 make a bad record, wherever windows end', () => {
  const bad = Buffer.concat([Buffer.from('{"s":"é"}\n{"s":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}\n{"s":"ok ☂"}\n')])
  for (const chunkBytes of [1, 2, 3, 5, 100]) {
    const options = new Map([['ignore-parse-errors', true]])
    const { rows, badRecords } = decodeBytes((spec) => new JsonDecoder(spec), bad, { columns, options, wanted: ['s'], chunkBytes })
    assert.deepEqual(rows, [['é'], ['ok ☂']])
    assert.equal(badRecords, 1)
    const { error } = decodeBytes((spec) => new JsonDecoder(spec), bad, { columns, wanted: ['s'], chunkBytes })
    assert.match(error ?? '', /^format\/bad-record Cannot read the row: it is not UTF-8; .* at 2$/)
  }
})

test('a record beyond the limit is a bad record and the next line is read, however much lies in the window', () => {
  const text = `{"i":1}\n{"s":"${'x'.repeat(500)}"}\n{"i":2}\n[{"i":3},{"s":"${'y'.repeat(500)}"},{"i":4}]\n{"i":5}\n`
  for (const chunkBytes of [7, 64, 4096]) {
    const options = new Map([['ignore-parse-errors', true]])
    const given = { columns, options, wanted: ['i'], chunkBytes, maxRecordBytes: 100 }
    const { rows } = decodeBytes((spec) => new JsonDecoder(spec), Buffer.from(text), given)
    assert.deepEqual(rows.flat(), [1, 2, 3, 5])
    const failing = decodeBytes((spec) => new JsonDecoder(spec), Buffer.from(text), { ...given, options: new Map() })
    assert.match(failing.error ?? '', /^format\/bad-record Cannot read the row: it is longer than 100 bytes.* at 2$/)
  }
})
