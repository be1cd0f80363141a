import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { arbitraryType, arbitraryValue } from '../../../test/arbitrary-values.ts'
import { insertRows, readAll, table } from '../../../test/file-tables.ts'
import { MemoryPorts } from '../../../test/memory-ports.ts'
import { RheoError } from '../../base/errors.ts'
import type { SqlType } from '../../data/types.ts'
import { types } from '../../data/types.ts'
import { SqlMap, type SqlValue } from '../../data/value.ts'

// Formats whose files consist of blocks: whatever is written comes back, in any batches, at any parallelism, from any block on.

interface Given {
  readonly name: string
  readonly options: Readonly<Record<string, string>>
  /** Whether the format has the type. */
  readonly has: (type: SqlType) => boolean
}

const isText = (type: SqlType): boolean => type.kind === 'CHAR' || type.kind === 'VARCHAR'

/** True when a type and all within it are such. */
function every(type: SqlType, is: (type: SqlType) => boolean): boolean {
  if (!is(type)) return false
  switch (type.kind) {
    case 'ARRAY':
    case 'MULTISET':
      return every(type.element, is)
    case 'MAP':
      return every(type.key, is) && every(type.value, is)
    case 'ROW':
      return type.fields.every((field) => every(field.type, is))
    default:
      return true
  }
}

const noFile = new Set<SqlType['kind']>(['VARIANT', 'BITMAP', 'INTERVAL_DAY_TIME', 'INTERVAL_YEAR_MONTH', 'NULL'])
const avroHas =
  (timestamps: number) =>
  (type: SqlType): boolean =>
    every(type, (inner) => {
      if (noFile.has(inner.kind)) return false
      if (inner.kind === 'TIMESTAMP') return inner.precision <= timestamps
      if (inner.kind === 'TIMESTAMP_LTZ') return timestamps > 3 && inner.precision <= timestamps
      if (inner.kind === 'MAP') return isText(inner.key)
      return inner.kind !== 'MULTISET' || isText(inner.element)
    })

const parquetHas = (type: SqlType): boolean => every(type, (inner) => !noFile.has(inner.kind))

const given: readonly Given[] = [
  { name: 'parquet', options: { format: 'parquet', 'parquet.block.size': '60 kb' }, has: parquetHas },
  {
    name: 'parquet, zstd, small pages',
    options: { format: 'parquet', 'parquet.compression': 'ZSTD', 'parquet.block.size': '60 kb', 'parquet.page.size': '100 b' },
    has: parquetHas,
  },
  {
    name: 'parquet, uncompressed, timestamps of 64 bits',
    options: {
      format: 'parquet',
      'parquet.compression': 'UNCOMPRESSED',
      'parquet.write.int64.timestamp': 'true',
      'parquet.timestamp.time.unit': 'nanos',
      'parquet.block.size': '60 kb',
    },
    has: parquetHas,
  },
  { name: 'avro', options: { format: 'avro' }, has: avroHas(3) },
  { name: 'avro, deflate', options: { format: 'avro', 'avro.codec': 'deflate' }, has: avroHas(3) },
  {
    name: 'avro, zstandard, exact timestamps',
    options: { format: 'avro', 'avro.codec': 'zstandard', 'avro.timestamp_mapping.legacy': 'false' },
    has: avroHas(6),
  },
]

/** Keys of maps are there, and each once. */
function withoutOddKeys(value: SqlValue): SqlValue {
  if (value instanceof SqlMap) {
    const kept = value.keys.flatMap((key, i) => (key !== null && value.keys.findIndex((other) => sameKey(other, key)) === i ? [i] : []))
    return new SqlMap(
      kept.map((i) => withoutOddKeys(value.keys[i]!)),
      kept.map((i) => withoutOddKeys(value.values[i]!)),
    )
  }
  return Array.isArray(value) ? (value as readonly SqlValue[]).map(withoutOddKeys) : value
}

const sameKey = (a: SqlValue, b: SqlValue): boolean => printed(a) === printed(b)

/** A text that is the same for the same values only; there is one NaN. */
function printed(value: SqlValue): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner === 'bigint') return `${inner}n`
    if (typeof inner === 'number') return Object.is(inner, -0) ? '-0' : String(inner)
    if (inner instanceof Uint8Array) return `x'${Buffer.from(inner).toString('hex')}'`
    if (inner instanceof SqlMap) return { keys: inner.keys, values: inner.values }
    return inner
  })
}

const shown = (rows: readonly (readonly SqlValue[])[]): readonly string[] => rows.map(printed)

const randomTable = (has: (type: SqlType) => boolean) =>
  fc.array(arbitraryType.filter(has), { minLength: 1, maxLength: 5 }).chain((list) =>
    fc.record({
      columns: fc.constant(Object.fromEntries(list.map((type, i) => [`c${i}`, type]))),
      files: fc.array(fc.array(fc.tuple(...list.map((type) => arbitraryValue(type).map(withoutOddKeys))), { maxLength: 8 }), {
        maxLength: 3,
      }),
      batchRows: fc.integer({ min: 1, max: 9 }),
      parallelism: fc.integer({ min: 1, max: 3 }),
    }),
  )

for (const { name, options, has } of given) {
  test(`${name}: random tables come back`, async () => {
    await fc.assert(
      fc.asyncProperty(randomTable(has), async ({ columns, files, batchRows, parallelism }) => {
        const ports = new MemoryPorts()
        const of = table(columns, options)
        for (const rows of files) {
          await insertRows(of, ports, rows, batchRows)
          ports.pass(10)
        }
        if (files.flat().length === 0) return
        const { rows } = await readAll(of, { ports, batchRows, parallelism })
        assert.deepEqual(shown(rows), shown(files.flat()))
      }),
      { numRuns: 60 },
    )
  })

  test(`${name}: files of many blocks, from each of them on and with some columns only`, async () => {
    const columns = {
      n: types.bigint(),
      text: types.string(),
      r: types.row([
        { name: 'a', type: types.integer() },
        { name: 'b', type: types.string() },
      ]),
    }
    const all = Array.from({ length: 12_000 }, (_, i): readonly SqlValue[] => [
      BigInt(i) * 1_000_003n,
      i % 7 === 0 ? null : `text ${(i * 2654435761) % 1_000_000_007}`,
      i % 11 === 0 ? null : [i, `${i % 5}`],
    ])
    const ports = new MemoryPorts()
    const of = table(columns, options)
    await insertRows(of, ports, all)
    const { rows, stops } = await readAll(of, { ports, batchRows: 4096, parallelism: 3 })
    assert.deepEqual(shown(rows), shown(all))
    assert.ok(stops.length > 3, `found ${stops.length} blocks`)
    for (const stop of stops) {
      const rest = await readAll(of, { ports, batchRows: 1000, parallelism: 2, position: stop.position })
      assert.deepEqual(shown(rest.rows), shown(all.slice(stop.rows)))
    }
    const some = await readAll(of, {
      ports,
      batchRows: 4096,
      request: { columns: [{ name: 'r', type: columns.r }], nestedPaths: [['r', 'b']] },
    })
    assert.deepEqual(shown(some.rows), shown(all.map(([, , r]) => [r === null ? null : [null, (r as readonly SqlValue[])[1]!]])))
  })
}

const people = { id: types.bigint(), name: types.string(), tags: types.array(types.string()) }
const somePeople = Array.from({ length: 300 }, (_, i): readonly SqlValue[] => [
  BigInt(i),
  `name ${i % 9}`,
  i % 4 === 0 ? null : ['a', null, `${i}`],
])

/** The one file of the table. */
function onlyFile(ports: MemoryPorts): string {
  const [path, ...others] = [...ports.contents.keys()].filter((name) => !/\/[._]/.test(name))
  assert.deepEqual(others, [])
  return path!
}

for (const format of ['avro', 'parquet']) {
  test(`${format}: a damaged file is refused with its name, or read; nothing else happens`, async () => {
    const ports = new MemoryPorts()
    const of = table(people, { format })
    await insertRows(of, ports, somePeople)
    const path = onlyFile(ports)
    const whole = ports.contents.get(path)!
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 }),
        fc.option(fc.nat(whole.length), { nil: whole.length, freq: 3 }),
        async (changes, length) => {
          const damaged = Uint8Array.from(whole)
          for (const [at, byte] of changes) damaged[at] = byte
          ports.put(path, damaged.slice(0, length))
          try {
            await readAll(of, { ports })
          } catch (error) {
            assert.ok(error instanceof RheoError, String(error))
            assert.match(error.code, /^(format\/|unsupported\/|runtime\/memory)/)
            assert.ok(error.place?.source?.startsWith(path) ?? error.message.includes(path), error.message)
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  test(`${format}: columns of other types, or that are not there`, async () => {
    const ports = new MemoryPorts()
    await insertRows(table(people, { format }), ports, somePeople.slice(0, 1))
    const path = onlyFile(ports)
    const read = (columns: Readonly<Record<string, SqlType>>) => readAll(table(columns, { format, path }), { ports })
    await assert.rejects(read({ name: types.integer() }), { code: 'format/corrupt', message: /column "name" is .* there, wanted is INT/ })
    await assert.rejects(read({ tags: types.array(types.date()) }), { code: 'format/corrupt', message: /column "tags" is/ })
    await assert.rejects(read({ more: types.string(false) }), { code: 'format/corrupt', message: /it has no column "more"/ })
    assert.deepEqual((await read({ more: types.string(), id: types.bigint() })).rows, [[null, 0n]])
  })

  test(`${format}: what is no such file`, async () => {
    const ports = new MemoryPorts()
    ports.put('/data/a', 'id,name and more\n')
    await assert.rejects(readAll(table(people, { format }), { ports }), { code: 'format/corrupt', message: /^Cannot read "\/data\/a": / })
    ports.put('/data/a', '')
    assert.deepEqual((await readAll(table(people, { format }), { ports })).rows, [])
  })

  test(`${format}: a number that does not fit names its row`, async () => {
    const ports = new MemoryPorts()
    await insertRows(table({ n: types.bigint() }, { format }), ports, [[1n], [2n], [3_000_000_000n], [4n]])
    const path = onlyFile(ports)
    await assert.rejects(readAll(table({ n: types.integer() }, { format, path }), { ports, batchRows: 2 }), (error: RheoError) => {
      assert.equal(error.code, 'format/corrupt')
      assert.match(error.place?.source ?? '', format === 'avro' ? /block 1, row 3$/ : /row group 1, row 3$/)
      return true
    })
  })

  test(`${format}: a NULL for a column that has none is refused`, async () => {
    const ports = new MemoryPorts()
    await assert.rejects(insertRows(table({ n: types.bigint(false) }, { format }), ports, [[null]]), { code: 'format/null' })
  })
}
