import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { batchRows } from './script-output.ts'

// A file that Rheo wrote is read by others with equal rows, and the other way round: DuckDB for csv, json and parquet, avsc for avro.
// The real Flink is asked by bench/peers/formats.ts, which needs a cluster that runs.

const folder = mkdtempSync(join(tmpdir(), 'rheo-readers-'))
let duck: DuckDBConnection
before(async () => {
  duck = await (await DuckDBInstance.create(':memory:')).connect()
  await duck.run("SET TimeZone = 'UTC'")
})
after(() => rmSync(folder, { recursive: true, force: true }))

const columns = `id INT, big BIGINT, name STRING, ok BOOLEAN, f FLOAT, d DOUBLE, de DECIMAL(20, 4), small DECIMAL(5, 2), da DATE, ts TIMESTAMP(6)`
const nested = `, tags ARRAY<STRING>, r ROW<x INT, y ROW<z STRING>>, m MAP<STRING, INT>`
const values = `
  (1, 9007199254740993, 'häé,"q"', TRUE, CAST(1.5 AS FLOAT), -2.25E0, 1234567890.1234, 1.50, DATE '2024-02-29', TIMESTAMP '2024-01-02 03:04:05.678901'),
  (-2147483648, -9223372036854775808, '', FALSE, CAST(-0.25 AS FLOAT), 1E300, -0.0001, -99.99, DATE '1969-12-31', TIMESTAMP '1969-12-31 23:59:59.999999'),
  (3, CAST(NULL AS BIGINT), CAST(NULL AS STRING), CAST(NULL AS BOOLEAN), CAST(NULL AS FLOAT), CAST(NULL AS DOUBLE), CAST(NULL AS DECIMAL(20, 4)), CAST(NULL AS DECIMAL(5, 2)),
   CAST(NULL AS DATE), CAST(NULL AS TIMESTAMP(6)))`
const nestedValues = `ARRAY['a', name], ROW(id, ROW(name)), MAP['k', id]`

const tableOf = (name: string, cols: string, path: string, options: string): string =>
  `CREATE TABLE ${name} (${cols}) WITH ('connector' = 'filesystem', 'path' = '${path}', ${options});`

/** What Rheo writes with `options`, and reads again. */
async function write(
  name: string,
  cols: string,
  select: string,
  options: string,
): Promise<{ readonly path: string; readonly rows: readonly string[] }> {
  const path = join(folder, name)
  const source = `(VALUES ${values}) AS t (id, big, name, ok, f, d, de, small, da, ts)`
  const rows = await batchRows(`${tableOf('o', cols, path, options)} INSERT INTO o SELECT ${select} FROM ${source}; SELECT * FROM o`)
  return { path, rows }
}

/** How DuckDB names the types that both tables have. */
const duckColumns =
  'id::INT AS id, big::BIGINT AS big, name::VARCHAR AS name, ok::BOOLEAN AS ok, f::FLOAT AS f, d::DOUBLE AS d, de::DECIMAL(20,4) AS de, small::DECIMAL(5,2) AS small, da::DATE AS da, ts::TIMESTAMP AS ts'

for (const [format, options, reader] of [
  ['parquet', `'format' = 'parquet'`, "read_parquet('PATH')"],
  [
    'parquet-int64',
    `'format' = 'parquet', 'parquet.write.int64.timestamp' = 'true', 'parquet.compression' = 'ZSTD'`,
    "read_parquet('PATH')",
  ],
  ['parquet-gzip', `'format' = 'parquet', 'parquet.compression' = 'GZIP', 'parquet.page.size' = '1 b'`, "read_parquet('PATH')"],
  [
    'json',
    `'format' = 'json'`,
    "read_json('PATH', format = 'newline_delimited', columns = {id: 'INT', big: 'BIGINT', name: 'VARCHAR', ok: 'BOOLEAN', f: 'FLOAT', d: 'DOUBLE', de: 'DECIMAL(20,4)', small: 'DECIMAL(5,2)', da: 'DATE', ts: 'TIMESTAMP', tags: 'VARCHAR[]', r: 'STRUCT(x INT, y STRUCT(z VARCHAR))', m: 'MAP(VARCHAR, INT)'})",
  ],
] as const) {
  test(`DuckDB reads ${format} of Rheo, and Rheo what DuckDB makes of it`, async () => {
    const cols = columns + nested
    const { path, rows } = await write(format, cols, `*, ${nestedValues}`, options)
    assert.equal(rows.length, 3)
    const select = `${duckColumns}, tags, r, m`
    await duck.run(`CREATE OR REPLACE TABLE t AS SELECT ${select} FROM ${reader.replace('PATH', `${path}/*`)}`)
    const back = join(folder, `${format}-back.${format.startsWith('json') ? 'json' : 'parquet'}`)
    await duck.run(
      `COPY (SELECT * FROM t) TO '${back}' (FORMAT ${format.startsWith('json') ? "JSON, TIMESTAMPFORMAT '%Y-%m-%d %H:%M:%S.%f'" : 'PARQUET'})`,
    )
    const read = `'format' = '${format.startsWith('json') ? 'json' : 'parquet'}'`
    assert.deepEqual(await batchRows(`${tableOf('b', cols, back, read)} SELECT * FROM b`), rows)
    const facts = await duck.runAndReadAll(
      `SELECT count(*)::INT, max(big)::VARCHAR, max(name), min(de)::VARCHAR, max(ts)::VARCHAR, max(len(tags))::INT FROM t`,
    )
    assert.deepEqual(facts.getRowsJson(), [[3, '9007199254740993', 'häé,"q"', '-0.0001', '2024-01-02 03:04:05.678901', 2]])
  })
}

test('DuckDB reads csv of Rheo, and Rheo what DuckDB makes of it', async () => {
  const options = `'format' = 'csv', 'csv.null-literal' = 'NULL'`
  const { path, rows } = await write('csv', columns, '*', options)
  const types = `{id: 'INT', big: 'BIGINT', name: 'VARCHAR', ok: 'BOOLEAN', f: 'FLOAT', d: 'DOUBLE', de: 'DECIMAL(20,4)', small: 'DECIMAL(5,2)', da: 'DATE', ts: 'TIMESTAMP'}`
  await duck.run(
    `CREATE OR REPLACE TABLE t AS SELECT * FROM read_csv('${path}/*', header = false, nullstr = 'NULL', quote = '"', escape = '"', columns = ${types})`,
  )
  const back = join(folder, 'back.csv')
  await duck.run(`COPY t TO '${back}' (FORMAT CSV, HEADER false, NULLSTR 'NULL', TIMESTAMPFORMAT '%Y-%m-%d %H:%M:%S.%f')`)
  assert.deepEqual(await batchRows(`${tableOf('b', columns, back, options)} SELECT * FROM b`), rows)
})

test('Rheo reads parquet of DuckDB: dictionaries, many row groups, lists of structs', async () => {
  const path = join(folder, 'many.parquet')
  await duck.run(`COPY (SELECT i::BIGINT AS id, 'name ' || (i % 13) AS name, CASE WHEN i % 3 = 0 THEN NULL ELSE [{'a': i, 'b': 'x' || i}, NULL] END AS items,
    (i * 1.5)::DECIMAL(12, 3) AS de, i::UTINYINT % 200 AS tiny, make_timestamp(i * 1000003) AS ts
    FROM range(0, 100) t(i)) TO '${path}' (FORMAT PARQUET, ROW_GROUP_SIZE 2048)`)
  const cols = 'id BIGINT, name STRING, items ARRAY<ROW<b STRING, a BIGINT>>, de DECIMAL(12, 3), tiny INT, ts TIMESTAMP(6), absent STRING'
  const rows = await batchRows(`${tableOf('t', cols, path, `'format' = 'parquet'`)} SELECT * FROM t WHERE id IN (3, 4)`)
  assert.deepEqual(rows, [
    '+I[3, name 3, null, 4.500, 3, 1970-01-01 00:00:03.000009, null]',
    '+I[4, name 4, [(x4, 4), NULL], 6.000, 4, 1970-01-01 00:00:04.000012, null]',
  ])
})

for (const compression of ['uncompressed', 'snappy', 'gzip', 'zstd', 'brotli', 'lz4_raw']) {
  test(`Rheo reads parquet of DuckDB: both kinds of encodings, ${compression}`, async () => {
    for (const version of ['V1', 'V2']) {
      const path = join(folder, `${compression}-${version}.parquet`)
      await duck.run(`COPY (SELECT i::INT AS id, i * 3000000007 AS big, 'a text ' || i * 31 AS text, i / 7.0::DOUBLE AS d, i % 3 = 0 AS ok, CASE WHEN i % 5 > 0 THEN [i, i + 1] END AS list
        FROM range(0, 30000) t(i)) TO '${path}' (FORMAT PARQUET, PARQUET_VERSION ${version}, COMPRESSION ${compression}, ROW_GROUP_SIZE 10000)`)
      const cols = 'id INT, big BIGINT, text STRING, d DOUBLE, ok BOOLEAN, list ARRAY<BIGINT>'
      const rows = await batchRows(`${tableOf('t', cols, path, `'format' = 'parquet'`)}
        SELECT COUNT(*), SUM(big), SUM(CHAR_LENGTH(text)), MAX(d), SUM(CASE WHEN ok THEN 1 ELSE 0 END), SUM(list[2]) FROM t`)
      const facts = await duck.runAndReadAll(
        `SELECT count(*)::VARCHAR, sum(big)::VARCHAR, sum(len(text))::VARCHAR, max(d)::VARCHAR, sum(ok::INT)::VARCHAR, sum(list[2])::VARCHAR FROM '${path}'`,
      )
      assert.deepEqual(rows, [`+I[${facts.getRowsJson()[0]!.join(', ')}]`])
    }
  })
}

const avroColumns = `${columns.replace('TIMESTAMP(6)', 'TIMESTAMP(3)')}${nested}`

for (const codec of ['null', 'deflate', 'snappy'] as const) {
  test(`avsc reads avro of Rheo (${codec}), and Rheo what avsc makes of it`, async () => {
    const { path, rows } = await write(
      `avro-${codec}`,
      avroColumns,
      `id, big, name, ok, f, d, de, small, da, CAST(ts AS TIMESTAMP(3)), ${nestedValues}`,
      `'format' = 'avro', 'avro.codec' = '${codec}'`,
    )
    const [file] = readdirSync(path).filter((name) => !name.startsWith('.'))
    const back = join(folder, `back-${codec}.avro`)
    const program = join(folder, 'avsc.cjs')
    writeFileSync(program, avscProgram)
    // avsc makes code from text, which the tests' own process does not allow.
    const avsc = join(import.meta.dirname, '../../node_modules/avsc')
    const out = execFileSync(process.execPath, [program, avsc, join(path, file!), back], { encoding: 'utf8' })
    const [first, , third] = JSON.parse(out) as readonly Record<string, unknown>[]
    assert.deepEqual([first!['id'], first!['name'], first!['f'], first!['d'], first!['da']], [1, 'häé,"q"', 1.5, -2.25, 19782])
    assert.deepEqual([third!['name'], third!['ts'], third!['tags']], [null, null, ['a', null]])
    assert.deepEqual(await batchRows(`${tableOf('b', avroColumns, back, `'format' = 'avro'`)} SELECT * FROM b`), rows)
  })
}

const avscProgram = `
const [, , path, input, output] = process.argv
const avro = require(path)
const zlib = require('node:zlib')
// Numbers of 64 bits as bigints, for avsc alone would round them.
const long = avro.types.LongType.__with({
  fromBuffer: (bytes) => bytes.readBigInt64LE(), toBuffer: (n) => { const b = Buffer.alloc(8); b.writeBigInt64LE(n); return b },
  fromJSON: BigInt, toJSON: String, isValid: (n) => typeof n === 'bigint', compare: (a, b) => (a < b ? -1 : a > b ? 1 : 0),
})
const parseHook = (schema) => avro.Type.forSchema(schema, { wrapUnions: false, typeHook: (attrs) => ((attrs.type ?? attrs) === 'long' ? long : undefined) })
const records = []
import(require('node:url').pathToFileURL(path + '/../hyparquet/src/snappy.js').href).then(({ snappyUncompress }) => {
  globalThis.unsnappy = (bytes) => {
    let length = 0
    for (let i = 0, shift = 0; ; i++, shift += 7) { length += (bytes[i] & 127) * 2 ** shift; if (bytes[i] < 128) break }
    const out = Buffer.alloc(length)
    snappyUncompress(new Uint8Array(bytes.subarray(0, bytes.length - 4)), out)
    if (zlib.crc32(out) !== bytes.readUInt32BE(bytes.length - 4)) throw new Error('checksum')
    return out
  }
  let type
  avro.createFileDecoder(input, { parseHook, codecs: { snappy: (bytes, done) => done(null, globalThis.unsnappy(bytes)), null: (b, d) => d(null, b), deflate: zlib.inflateRaw } })
    .on('metadata', (found) => { type = found })
    .on('data', (record) => records.push(record))
    .on('error', (error) => { throw error })
    .on('end', () => {
      const encoder = avro.createFileEncoder(output, type, { codec: 'deflate' })
      for (const record of records) encoder.write(record)
      encoder.end()
      encoder.on('finish', () => undefined)
      process.on('exit', () => process.stdout.write(JSON.stringify(records, (_, value) => (typeof value === 'bigint' ? String(value) : value))))
    })
})
`
