import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { nextBlock, openReaders, readAll, table } from '../../../test/file-tables.ts'
import { MemoryPorts } from '../../../test/memory-ports.ts'
import { types } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import { filesystemConnector } from './connector.ts'

const word = fc.string({ unit: 'grapheme', maxLength: 12 })
const csvFile = fc
  .array(fc.tuple(fc.integer(), word), { maxLength: 12 })
  .map((rows) => rows.map(([id, text]) => `${id},"${text.replaceAll('"', '""')}"\n`).join(''))
const jsonFile = fc
  .array(fc.array(fc.record({ id: fc.integer(), text: word }), { maxLength: 4 }), { maxLength: 6 })
  .map((groups) => groups.map((group) => (group.length === 1 ? JSON.stringify(group[0]) : JSON.stringify(group))).join('\n'))
const rawFile = fc
  .array(
    word.map((text) => text.replaceAll(/[\r\n]/g, ' ')),
    { maxLength: 12 },
  )
  .map((lines) => lines.join('\r\n'))
const kinds = {
  csv: { file: csvFile, columns: { id: types.integer(), text: types.string() } },
  json: { file: jsonFile, columns: { id: types.integer(), text: types.string() } },
  raw: { file: rawFile, columns: { line: types.string() } },
} as const

// Goal: the rows of a table and their order depend neither on the size of blocks and batches, nor on parallelism, nor on where a job was stopped and went on.
for (const [format, { file, columns }] of Object.entries(kinds)) {
  test(`${format}: any block size, parallelism 1 and 3, and going on from every position give the same rows`, async () => {
    const sizes = fc.oneof(fc.integer({ min: 1, max: 60 }), fc.constantFrom(200, 1 << 20))
    await fc.assert(
      fc.asyncProperty(
        fc.array(file, { minLength: 1, maxLength: 3 }),
        sizes,
        fc.constantFrom(1, 2, 100),
        fc.constantFrom(11, 50, Infinity),
        async (files, blockBytes, batchRows, readBytes) => {
          const ports = new MemoryPorts()
          for (const [i, content] of files.entries()) ports.put(`/data/${i}${i === 1 ? '.gz' : ''}`, i === 1 ? gzipSync(content) : content)
          const of = table(columns, { format })
          const expected = (await readAll(of, { ports })).rows
          ports.readBytes = readBytes
          const { rows, stops } = await readAll(of, { ports, blockBytes, batchRows })
          assert.deepEqual(rows, expected)
          const three = await readAll(of, { ports, blockBytes, batchRows, parallelism: 3 })
          assert.deepEqual(three.rows, expected)
          assert.deepEqual(three.stops, stops)
          for (const [i, stop] of stops.entries()) {
            const rest = await readAll(of, { ports, blockBytes, batchRows, position: stop.position, parallelism: i % 2 === 0 ? 1 : 3 })
            assert.deepEqual(rest.rows, expected.slice(stop.rows))
            assert.deepEqual(
              rest.stops.map(({ position }) => position),
              stops.slice(i + 1).map(({ position }) => position),
            )
          }
        },
      ),
      { numRuns: 25 },
    )
  })
}

test('a folder is read recursively and sorted, without hidden names, as far as the pattern says', async () => {
  const ports = new MemoryPorts()
  for (const name of ['b.csv', 'a/z.csv', 'a/y.txt', '_x.csv', '.x.csv', 'a/_h/x.csv', 'c.csv']) ports.put(`/data/${name}`, `${name}\n`)
  const columns = { name: types.string() }
  assert.deepEqual((await readAll(table(columns, { format: 'csv' }), { ports })).rows.flat(), ['a/y.txt', 'a/z.csv', 'b.csv', 'c.csv'])
  const picked = table(columns, { format: 'csv', 'source.path.regex-pattern': '/data/.*[az]\\.csv' })
  assert.deepEqual((await readAll(picked, { ports })).rows.flat(), ['a/z.csv'])
  assert.deepEqual((await readAll(table(columns, { format: 'csv', path: 'file:///data/_x.csv' }), { ports })).rows.flat(), ['_x.csv'])
})

test('compressed files are known by their names', async () => {
  const ports = new MemoryPorts()
  const content = Buffer.from(Array.from({ length: 5000 }, (_, i) => `${i}\n`).join(''))
  for (const [ending, bytes] of [
    ['gz', gzipSync(content)],
    ['gzip', Buffer.concat([gzipSync(content.subarray(0, 7)), gzipSync(content.subarray(7))])],
    ['deflate', deflateSync(content)],
    ['zst', zstdCompressSync(content)],
  ] as const) {
    ports.contents.clear()
    ports.put(`/data/x.${ending}`, bytes)
    const { rows } = await readAll(table({ n: types.integer() }, { format: 'csv' }), { ports })
    assert.equal(rows.length, 5000)
    assert.deepEqual(rows.at(-1), [4999])
  }
  ports.put('/data/x.gz', gzipSync(content).subarray(0, 100))
  await assert.rejects(readAll(table({ n: types.integer() }, { format: 'csv', path: '/data/x.gz' }), { ports }), { code: 'file/corrupt' })
})

test('partitions and metadata', async () => {
  const ports = new MemoryPorts()
  ports.put('/data/day=2024-01-01/kind=a%2Fb/x.csv', '1\n2\n')
  ports.put('/data/day=2024-01-02/kind=__DEFAULT_PARTITION__/x.csv', '3\n')
  const of = table({ id: types.integer(), day: types.date(), kind: types.string() }, { format: 'csv' }, ['day', 'kind'])
  assert.deepEqual((await readAll(of, { ports })).rows, [
    [1, 19723, 'a/b'],
    [2, 19723, 'a/b'],
    [3, 19724, null],
  ])
  assert.deepEqual((await readAll(of, { ports, request: { partitions: [{ kind: null }] } })).rows, [[3, 19724, null]])
  const metadata = ['file.name', 'file.path', 'file.size', 'file.modification-time'].map((key) => ({ key, type: types.string() }))
  const keys = filesystemConnector.source!(of).metadata.map(({ key, type }) => ({ key, type }))
  assert.deepEqual(keys.map(({ key }) => key).toSorted(), metadata.map(({ key }) => key).toSorted())
  const read = await readAll(of, {
    ports,
    request: { columns: [{ name: 'id', type: types.integer() }], metadata: keys, partitions: [{ day: '2024-01-02' }] },
  })
  const path = '/data/day=2024-01-02/kind=__DEFAULT_PARTITION__/x.csv'
  assert.deepEqual(read.rows, [[3, path, 'x.csv', 2n, 1_700_000_000_000_000_000n]])
  ports.put('/data/stray.csv', '9\n')
  await assert.rejects(readAll(of, { ports }), { code: 'file/no-partition' })
})

test('a folder that is followed gives new files as they come, and goes on after a restore without those it had', async () => {
  const ports = new MemoryPorts()
  ports.put('/data/b', '1\n')
  const of = table({ n: types.integer() }, { format: 'csv', 'source.monitor-interval': '5 s' })
  assert.equal(filesystemConnector.source!(of).isBounded, false)
  const readers = await openReaders(of, { ports, parallelism: 2 })
  const block = async (): Promise<SqlValue[][]> =>
    (await Promise.all(readers.map((reader) => nextBlock(reader)))).flatMap((rows) => rows ?? [])
  assert.deepEqual(await block(), [[1]])
  const next = block()
  for (const [name, content] of [
    ['c', '3\n'],
    ['a', '2\n'],
  ] as const)
    ports.put(`/data/${name}`, content)
  const ticking = setInterval(() => ports.pass(5000), 1)
  assert.deepEqual(await next, [[2]])
  const position = readers[0]!.position()
  assert.deepEqual(await block(), [[3]])
  for (const reader of readers) await reader.close()
  const [again] = await openReaders(of, { ports, position })
  assert.deepEqual(await nextBlock(again!), [[3]])
  ports.put('/data/0', '4\n')
  assert.deepEqual(await nextBlock(again!), [[4]])
  await again!.close()
  clearInterval(ticking)
})

test('errors name the file and the line; rows before the bad one come first', async () => {
  const ports = new MemoryPorts()
  ports.put('/data/a.csv', '1\n2\n')
  ports.put('/data/b.csv', '3\n\n"x\ny"\n')
  const [reader] = await openReaders(table({ n: types.integer() }, { format: 'csv', 'csv.null-literal': '' }), { ports, blockBytes: 1 })
  const rows: SqlValue[][] = []
  await assert.rejects(
    async () => {
      for (let block = await nextBlock(reader!); block !== undefined; block = await nextBlock(reader!)) rows.push(...block)
    },
    { code: 'format/bad-field', domain: 'external', place: { source: '/data/b.csv', line: 3 } },
  )
  assert.deepEqual(rows.flat(), [1, 2, 3, null])
  await reader!.close()
  await assert.rejects(readAll(table({ n: types.integer() }, { format: 'csv', path: '/nowhere' }), { ports }), { code: 'file/not-found' })
})

test('an unknown option of the format is ignored with a warning, as Flink does without', () => {
  const misspelt = table({ n: types.integer() }, { format: 'csv', 'csv.field-delimeter': ';' })
  assert.equal(filesystemConnector.source!(misspelt).changes, 'append')
  const [warning, ...others] = filesystemConnector.warnings!(misspelt)
  assert.match(warning!.message, /did you mean "csv.field-delimiter"/)
  assert.deepEqual([warning!.key, others], ['csv.field-delimeter', []])
  assert.deepEqual(filesystemConnector.warnings!(table({ n: types.integer() }, { format: 'csv', 'csv.field-delimiter': ';' })), [])
})

test('options are checked and near names suggested', () => {
  const source = (options: Readonly<Record<string, string>>): unknown => filesystemConnector.source!(table({ n: types.integer() }, options))
  assert.throws(() => source({ format: 'jsn' }), { code: 'sql/unknown-format', message: /did you mean "json"/ })
  assert.throws(() => source({ format: 'csv', 'json.field-delimiter': ';' }), { code: 'sql/unknown-option' })
  assert.throws(() => source({ format: 'csv', 'csv.field-delimiter': ';;' }), { code: 'sql/option-value' })
  assert.throws(() => source({ format: 'json', 'json.fail-on-missing-field': 'true', 'json.ignore-parse-errors': 'true' }), {
    code: 'sql/option-value',
  })
  assert.throws(() => source({}), { code: 'sql/missing-option' })
  assert.throws(() => filesystemConnector.source!(table({ a: types.string(), b: types.integer() }, { format: 'raw' })), {
    code: 'sql/raw-columns',
  })
})
