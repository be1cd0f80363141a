import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { arbitraryValue } from '../../test/arbitrary-values.ts'
import { decodeBytes } from '../../test/decode-bytes.ts'
import { ArenaOwner, arenaOfThread } from '../data/arena.ts'
import { BatchBuffer } from '../data/batch-buffer.ts'
import { writeCell } from '../data/cells.ts'
import { truncateTimestamp } from '../data/datetime.ts'
import { RowKind } from '../data/row-kind.ts'
import type { SqlType } from '../data/types.ts'
import { types } from '../data/types.ts'
import { SqlMap, type SqlValue } from '../data/value.ts'
import { ByteChunks } from './byte-chunks.ts'
import { ByteWriter } from './byte-writer.ts'
import type { FormatOptions } from './format.ts'
import { formats } from './registry.ts'

function encode(
  name: string,
  columns: readonly { name: string; type: SqlType }[],
  rows: readonly (readonly SqlValue[])[],
  options: FormatOptions,
  kind: number = 0,
): Uint8Array {
  const owner = new ArenaOwner(arenaOfThread(), 'test')
  const buffer = new BatchBuffer(
    owner,
    columns.map(({ type }) => type),
    Math.max(rows.length, 1),
  )
  rows.forEach((row, i) => row.forEach((value, j) => writeCell(buffer, buffer.batch.columns[j]!, i, value)))
  const encoder = formats.get(name)!.createEncoder!({
    arena: owner.arena,
    columns: columns.map((column, index) => ({ ...column, index })),
    options,
    timeZone: 'UTC',
  })
  const out = new ByteWriter(16)
  rows.forEach((_, row) => encoder.encode(buffer.batch, row, kind, out))
  owner.close()
  return out.take()
}

function text(
  name: string,
  columns: Readonly<Record<string, SqlType>>,
  row: readonly SqlValue[],
  options: Readonly<Record<string, string | boolean>> = {},
  kind: number = 0,
): string {
  const list = Object.entries(columns).map(([column, type]) => ({ name: column, type }))
  return Buffer.from(encode(name, list, [row], new Map(Object.entries(options)), kind)).toString()
}

const scalars: readonly SqlType[] = [
  types.boolean(),
  types.tinyint(),
  types.bigint(),
  types.float(),
  types.double(),
  types.decimal(10, 2),
  types.decimal(38, 10),
  types.string(),
  types.bytes(),
  types.date(),
  types.time(0),
  types.timestamp(3),
  types.timestamp(9),
  types.timestampLtz(6),
]
/** Years that the formats write with four digits. */
const isInRange = (type: SqlType, value: SqlValue): boolean => {
  if (type.kind === 'DATE') return value === null || ((value as number) > -700_000 && (value as number) < 2_900_000)
  return true
}
const table = (choices: readonly SqlType[]) =>
  fc.array(fc.constantFrom(...choices), { minLength: 1, maxLength: 6 }).chain((list) =>
    fc.record({
      columns: fc.constant(list.map((type, i) => ({ name: `c${i}`, type }))),
      rows: fc.array(fc.tuple(...list.map((type) => arbitraryValue(type).filter((value) => isInRange(type, value)))), {
        minLength: 1,
        maxLength: 5,
      }),
    }),
  )
const nested = [
  ...scalars,
  types.row([
    { name: 'a', type: types.integer() },
    { name: 'b', type: types.row([{ name: 'c', type: types.string() }]) },
  ]),
  types.array(types.bigint()),
  types.map(types.string(), types.double()),
]

test('what json writes it reads back', () => {
  fc.assert(
    fc.property(table(nested), fc.constantFrom('SQL', 'ISO-8601'), ({ columns, rows }, standard) => {
      // A NULL key of a MAP cannot be written; a lone surrogate is no character.
      const options: FormatOptions = new Map([
        ['timestamp-format.standard', standard],
        ['map-null-key.mode', 'LITERAL'],
      ])
      const hasNullKey = rows.some((row) => row.some((value) => value instanceof SqlMap && value.keys.includes(null)))
      fc.pre(!hasNullKey)
      const decoded = decodeBytes((spec) => formats.get('json')!.createDecoder!(spec), encode('json', columns, rows, options), {
        columns,
        options,
      })
      assert.equal(decoded.error, undefined)
      assert.deepEqual(
        decoded.rows,
        rows.map((row) => row.map((value, i) => normal(columns[i]!.type, value))),
      )
    }),
    { numRuns: 400 },
  )
})

test('what csv writes it reads back, with a null literal that is no value', () => {
  fc.assert(
    fc.property(
      table(scalars),
      fc.constantFrom(',', '|', '\t', '¦'),
      fc.constantFrom(undefined, '\\'),
      ({ columns, rows }, delimiter, escape) => {
        const options: FormatOptions = new Map([
          ['field-delimiter', delimiter],
          ['null-literal', '<null>'],
          ...(escape === undefined ? [] : [['escape-character', escape] as const]),
        ])
        const decoded = decodeBytes((spec) => formats.get('csv')!.createDecoder!(spec), encode('csv', columns, rows, options), {
          columns,
          options,
        })
        assert.equal(decoded.error, undefined)
        assert.deepEqual(
          decoded.rows,
          rows.map((row) => row.map((value, i) => normal(columns[i]!.type, value))),
        )
      },
    ),
    { numRuns: 400 },
  )
})

/** A value as a column of its type holds it: whole seconds, digits cut, no lone surrogates. */
function normal(type: SqlType, value: SqlValue): SqlValue {
  if (value === null) return null
  switch (type.kind) {
    case 'VARCHAR':
      return (value as string).replace(/\p{Surrogate}/gu, '?')
    case 'TIME':
      return Math.floor((value as number) / 1000) * 1000
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return truncateTimestamp(value as bigint, type.precision)
    case 'ROW':
      return (value as readonly SqlValue[]).map((field, i) => normal(type.fields[i]!.type, field))
    case 'MAP': {
      const { keys, values } = value as SqlMap
      const entries = new Map(keys.map((key, i) => [normal(type.key, key), values[i]!]))
      return new SqlMap([...entries.keys()], [...entries.values()])
    }
    default:
      return value
  }
}

test('csv quotes by the coarse rule of Flink', () => {
  const columns = { s: types.string() }
  assert.equal(text('csv', columns, ['plain']), 'plain\n')
  assert.equal(text('csv', columns, ['a b']), '"a b"\n')
  assert.equal(text('csv', columns, ['say "hi"']), '"say ""hi"""\n')
  assert.equal(text('csv', columns, ['x'.repeat(24)]), `${'x'.repeat(24)}\n`)
  assert.equal(text('csv', columns, ['x'.repeat(25)]), `"${'x'.repeat(25)}"\n`)
  assert.equal(text('csv', columns, ['plain'], { 'field-delimiter': '|', 'quote-character': "'" }), "'plain'\n")
  assert.equal(text('csv', columns, ['a b'], { 'disable-quote-character': true }), 'a b\n')
  assert.equal(
    text('csv', { a: types.array(types.decimal(5, 1)), b: types.boolean() }, [[1000n, null], null], { 'null-literal': '-' }),
    '"1E+2;-",-\n',
  )
})

test('json: decimals, NaN, left out fields and NULL keys', () => {
  assert.equal(text('json', { d: types.decimal(12, 8), n: types.double() }, [3n, Number.NaN]), '{"d":3E-8,"n":"NaN"}\n')
  assert.equal(text('json', { d: types.decimal(12, 8) }, [3n], { 'encode.decimal-as-plain-number': true }), '{"d":0.00000003}\n')
  assert.equal(text('json', { a: types.string(), b: types.integer() }, [null, 1], { 'encode.ignore-null-fields': true }), '{"b":1}\n')
  const map = { m: types.map(types.string(), types.integer()) }
  const value = new SqlMap([null, 'a'], [1, 2])
  assert.equal(text('json', map, [value], { 'map-null-key.mode': 'DROP' }), '{"m":{"a":2}}\n')
  assert.equal(text('json', map, [value], { 'map-null-key.mode': 'LITERAL', 'map-null-key.literal': 'none' }), '{"m":{"none":1,"a":2}}\n')
  assert.throws(() => text('json', map, [value]), { code: 'format/null-key' })
})

test('change logs: -U is written as a delete, +U as an insert', () => {
  const columns = { id: types.integer() }
  assert.equal(text('debezium-json', columns, [1], {}, RowKind.updateBefore), '{"before":{"id":1},"after":null,"op":"d"}\n')
  assert.equal(text('debezium-json', columns, [1], {}, RowKind.updateAfter), '{"before":null,"after":{"id":1},"op":"c"}\n')
  assert.equal(text('canal-json', columns, [1]), '{"data":[{"id":1}],"type":"INSERT"}\n')
  assert.equal(text('maxwell-json', columns, [1], {}, RowKind.delete), '{"data":{"id":1},"type":"delete"}\n')
  assert.equal(text('ogg-json', columns, [1]), '{"before":null,"after":{"id":1},"op_type":"I"}\n')
})

// Goal: rows that a kernel writes at once are those that are written one by one. Method: random tables, settings, selections and limits; texts around the length from which they
// are quoted unseen, and such that are looked at sixteen bytes at a time; types that the kernel knows, and others.
const plainTypes = [
  types.boolean(),
  types.tinyint(),
  types.smallint(),
  types.integer(),
  types.bigint(),
  types.string(),
  types.date(),
  types.timestamp(3),
  types.timestampLtz(3),
  types.decimal(10, 2),
  types.decimal(18, 18),
  types.decimal(5, 0),
  types.decimal(30, 10),
  types.timestamp(6),
  types.double(),
  types.float(),
  types.time(3),
  types.bytes(),
]
const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({ unit: fc.constantFrom('a', 'é', '語', '😀', '"', '\\', ',', ';', '\n', '\u0001', ' '), minLength: 0, maxLength: 27 }),
  fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'x', 'y', '語', '"'), minLength: 12, maxLength: 30, size: 'max' }),
  fc
    .tuple(fc.nat(300), fc.constantFrom('', '"', '!', ' ', '~', '\t'))
    .map(([length, last]) => 'x'.repeat(length) + last + 'yz'.repeat(length & 7)),
)
const unscaled = fc.oneof(fc.bigInt(-99_999n, 99_999n), fc.constantFrom(0n, 10n, -100n, 12_000n, -50_000n))
function valueOf(type: SqlType): fc.Arbitrary<SqlValue> {
  if (type.kind === 'VARCHAR') return fc.option(texts)
  if (type.kind === 'DECIMAL') return fc.option(fc.oneof(unscaled, arbitraryValue(type)))
  return arbitraryValue(type).filter((value) => isInRange(type, value))
}

function writesAlike(format: string, choices: readonly SqlType[], options: fc.Arbitrary<Readonly<Record<string, string | boolean>>>): void {
  const tables = fc
    .array(fc.constantFrom(...choices), { minLength: 1, maxLength: 5 })
    .chain((list) =>
      fc.record({ list: fc.constant(list), rows: fc.array(fc.tuple(...list.map(valueOf)), { minLength: 1, maxLength: 12 }) }),
    )
  fc.assert(
    fc.property(tables, options, fc.boolean(), fc.integer({ min: 1, max: 200 }), ({ list, rows }, chosen, hasSelection, limit) => {
      const owner = new ArenaOwner(arenaOfThread(), 'test')
      const buffer = new BatchBuffer(owner, list, 16)
      rows.forEach((row, i) => row.forEach((value, c) => writeCell(buffer, buffer.batch.columns[c]!, i, value)))
      const { batch } = buffer
      batch.rowCount = rows.length
      const places = rows.map((_, i) => i).filter((i) => !hasSelection || i % 3 !== 1)
      batch.selectedCount = places.length
      if (hasSelection) {
        batch.selection = buffer.selectionRoom()
        owner.arena.i32.set(places, batch.selection >>> 2)
      }
      const encoder = formats.get(format)!.createEncoder!({
        arena: owner.arena,
        columns: list.map((type, index) => ({ name: `c${index}`, type, index })),
        options: new Map(Object.entries(chosen)),
        timeZone: 'UTC',
      })
      const single = new ByteWriter(16)
      // Into the arena, straight as soon as it is there.
      const chunks = new ByteChunks(owner, 1 << 16)
      const atOnce = new ByteWriter(16, limit % 2 === 0 ? chunks : undefined)
      if (limit % 4 === 0) atOnce.reserve(1 << 15)
      for (let from = 0; from < places.length;) {
        const before = atOnce.length
        const next = encoder.encodeRows!(batch, from, places.length, atOnce, before + limit)
        assert.ok(next > from)
        // It goes on until there are enough bytes.
        if (next < places.length) assert.ok(atOnce.length - before >= limit || list.some((type) => type.kind !== 'VARCHAR'))
        from = next
      }
      for (const row of places) encoder.encode(batch, row, 0, single)
      assert.equal(Buffer.from(atOnce.take()).toString(), Buffer.from(single.take()).toString())
      owner.close()
    }),
    { numRuns: 500 },
  )
}

test('csv rows written at once are those written one by one', () => {
  const options = fc.record(
    {
      'field-delimiter': fc.constantFrom(';', '|', '\t', '~'),
      'disable-quote-character': fc.boolean(),
      'escape-character': fc.constantFrom('\\', '!', 'a'),
      'null-literal': fc.constantFrom('', 'NULL', 'n/a,'),
      'write-bigdecimal-in-scientific-notation': fc.boolean(),
    },
    { requiredKeys: [] },
  )
  writesAlike('csv', [...plainTypes, types.array(types.integer())], options)
})

test('json rows written at once are those written one by one', () => {
  const options = fc.record(
    {
      'timestamp-format.standard': fc.constantFrom('SQL', 'ISO-8601', 'ISO-8601-WITH-OFFSET'),
      'encode.decimal-as-plain-number': fc.boolean(),
      'encode.ignore-null-fields': fc.boolean(),
    },
    { requiredKeys: [] },
  )
  // A MAP may have a key that is NULL, which fails.
  writesAlike('json', [...plainTypes, ...nested.slice(scalars.length).filter(({ kind }) => kind !== 'MAP' && kind !== 'MULTISET')], options)
})

test('a writer lends chunks that go round, and moves what outgrows them', () => {
  const owner = new ArenaOwner(arenaOfThread(), 'test')
  const chunks = new ByteChunks(owner, 1 << 15)
  const writer = new ByteWriter(16, chunks)
  const written: string[] = []
  const lent: { readonly bytes: Uint8Array; readonly done: () => void }[] = []
  for (let round = 0; round < 5; round++) {
    const text = String(round).repeat([10, 20_000, 100, 40_000, 32_768][round]!)
    for (let at = 0; at < text.length; at += 7) writer.text(text.slice(at, at + 7))
    written.push(text)
    assert.equal(writer.address !== 0, [1, 2].includes(round), `round ${round}`)
    lent.push(writer.lend())
    assert.equal(writer.length, 0)
  }
  assert.deepEqual(
    lent.map(({ bytes }) => Buffer.from(bytes).toString()),
    written,
  )
  const used = owner.usedBytes
  for (const { done } of lent) done()
  for (let i = 0; i < 2; i++) chunks.take()
  assert.equal(owner.usedBytes, used)
  owner.close()
})

test('runs of equal cells end where they differ', () => {
  const owner = new ArenaOwner(arenaOfThread(), 'test')
  const { kernels } = owner.arena
  const buffer = new BatchBuffer(owner, [types.string(), types.integer()], 16)
  const texts = fc.option(fc.constantFrom('', 'a', 'nine char', 'nine chaR'))
  fc.assert(
    fc.property(fc.array(fc.tuple(texts, fc.option(fc.nat(1))), { minLength: 1, maxLength: 16 }), fc.nat(15), (rows, start) => {
      buffer.clear()
      rows.forEach((row, i) => row.forEach((value, c) => writeCell(buffer, buffer.batch.columns[c]!, i, value)))
      const from = start % rows.length
      buffer.batch.columns.forEach(({ cells, nulls }, c) => {
        const found = kernels.equalCells(cells, nulls, c === 0 ? -1 : 2, 0, from, rows.length)
        const differs = rows.findIndex((row, i) => i > from && row[c] !== rows[from]![c])
        assert.equal(found, differs < 0 ? rows.length : differs)
      })
    }),
  )
  owner.close()
})
