import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MemoryPorts } from '../../../test/memory-ports.ts'
import type { Table } from '../../catalog/table.ts'
import { ArenaOwner, arenaOfThread } from '../../data/arena.ts'
import { BatchBuffer } from '../../data/batch-buffer.ts'
import { writeCell } from '../../data/cells.ts'
import type { SqlType } from '../../data/types.ts'
import { types } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import type { SinkWriter } from '../../runtime/sink.ts'
import type { SinkRequest } from '../connector.ts'
import { filesystemConnector } from './connector.ts'

function table(
  columns: Readonly<Record<string, SqlType>>,
  options: Readonly<Record<string, string>> = {},
  partitionedBy: readonly string[] = [],
): Table {
  return {
    kind: 'table',
    columns: Object.entries(columns).map(([name, type]) => ({ kind: 'physical', name, type })),
    partitionedBy,
    options: new Map(Object.entries({ connector: 'filesystem', path: '/out', format: 'csv', ...options })),
    isTemporary: false,
  }
}

async function openWriters(
  of: Table,
  ports: MemoryPorts,
  parallelism: number,
  request: Partial<SinkRequest> = {},
): Promise<readonly SinkWriter[]> {
  const sink = filesystemConnector.createSink!(of, { overwrite: false, partition: {}, isBounded: true, ...request })
  const writers: SinkWriter[] = []
  for (let subtask = 0; subtask < parallelism; subtask++) {
    writers.push(await sink.open({ arena: arenaOfThread(), ports, subtask, parallelism, timeZone: 'UTC', output: () => undefined }))
  }
  return writers
}

async function writeRows(writer: SinkWriter, of: Table, rows: readonly (readonly SqlValue[])[]): Promise<void> {
  const owner = new ArenaOwner(arenaOfThread(), 'test')
  const buffer = new BatchBuffer(
    owner,
    of.columns.map(({ type }) => type),
    Math.max(rows.length, 1),
  )
  rows.forEach((row, i) => row.forEach((value, j) => writeCell(buffer, buffer.batch.columns[j]!, i, value)))
  buffer.batch.rowCount = rows.length
  buffer.batch.selectedCount = rows.length
  while (writer.write(buffer.batch) !== 'done') await new Promise((resolve) => setImmediate(resolve))
  owner.close()
}

async function insert(
  of: Table,
  ports: MemoryPorts,
  rows: readonly (readonly SqlValue[])[],
  request: Partial<SinkRequest> = {},
): Promise<void> {
  const [writer] = await openWriters(of, ports, 1, request)
  await writeRows(writer!, of, rows)
  await writer!.finish()
  await writer!.close()
}

/** What a reader of the table sees: folder, then content, in order. */
function visible(ports: MemoryPorts): readonly string[] {
  return [...ports.contents]
    .filter(([path]) => !/\/[._]/.test(path))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, bytes]) => `${path.slice('/out'.length).replace(/part-.*/, '')}${Buffer.from(bytes).toString()}`)
}

const two = { id: types.integer(), kind: types.string() }

test('INSERT INTO appends files, OVERWRITE replaces them, also with nothing', async () => {
  const ports = new MemoryPorts()
  const of = table(two)
  await insert(of, ports, [[1, 'a']])
  await insert(of, ports, [
    [2, 'b'],
    [3, null],
  ])
  assert.deepEqual(visible(ports), ['/1,a\n', '/2,b\n3,\n'])
  await insert(of, ports, [[4, 'c']], { overwrite: true })
  assert.deepEqual(visible(ports), ['/4,c\n'])
  await insert(of, ports, [], { overwrite: true })
  assert.deepEqual([...ports.contents.keys()], [])
})

test('nothing is visible before the last subtask has finished, and nothing stays of a job that fails', async () => {
  const ports = new MemoryPorts()
  const of = table(two)
  await insert(of, ports, [[0, 'old']])
  const [first, second] = await openWriters(of, ports, 2, { overwrite: true })
  await writeRows(first!, of, [[1, 'a']])
  await writeRows(second!, of, [[2, 'b']])
  await first!.flush()
  await first!.finish()
  assert.deepEqual(visible(ports), ['/0,old\n'])
  await second!.finish()
  await Promise.all([first!.close(), second!.close()])
  assert.deepEqual(visible(ports), ['/1,a\n', '/2,b\n'])
  const [failing] = await openWriters(of, ports, 1, { overwrite: true })
  await writeRows(failing!, of, [[3, 'c']])
  await failing!.flush()
  await failing!.close()
  assert.deepEqual(visible(ports), ['/1,a\n', '/2,b\n'])
  assert.ok([...ports.contents.keys()].every((path) => !path.includes('staging')))
})

test('partitions get folders; an overwrite replaces those that it writes or names in full', async () => {
  const ports = new MemoryPorts()
  const of = table(
    { day: types.date(), id: types.integer(), kind: types.string() },
    { 'sink.partition-commit.policy.kind': 'success-file' },
    ['day', 'kind'],
  )
  await insert(of, ports, [
    [19723, 1, 'a/b'],
    [19723, 2, null],
    [19724, 3, ''],
  ])
  const none = '__DEFAULT_PARTITION__'
  assert.deepEqual(visible(ports), [
    `/day=2024-01-01/kind=${none}/2\n`,
    '/day=2024-01-01/kind=a%2Fb/1\n',
    `/day=2024-01-02/kind=${none}/3\n`,
  ])
  assert.ok(ports.contents.has(`/out/day=2024-01-02/kind=${none}/_SUCCESS`))
  await insert(of, ports, [[19723, 4, 'a/b']], { overwrite: true })
  assert.deepEqual(visible(ports), [
    `/day=2024-01-01/kind=${none}/2\n`,
    '/day=2024-01-01/kind=a%2Fb/4\n',
    `/day=2024-01-02/kind=${none}/3\n`,
  ])
  await insert(of, ports, [], { overwrite: true, partition: { day: '2024-01-01', kind: 'a/b' } })
  assert.deepEqual(visible(ports), [`/day=2024-01-01/kind=${none}/2\n`, `/day=2024-01-02/kind=${none}/3\n`])
})

test('files roll by size, many partitions share few open files, and a slow disk holds rows back', async () => {
  const ports = new MemoryPorts()
  const rolled = table({ id: types.integer(), text: types.string() }, { 'sink.rolling-policy.file-size': '600 kb' })
  const rows = Array.from({ length: 1000 }, (_, i): SqlValue[] => [i, 'x'.repeat(2000)])
  const [writer] = await openWriters(rolled, ports, 1)
  for (let i = 0; i < 8; i++) await writeRows(writer!, rolled, rows)
  await writer!.finish()
  assert.ok(visible(ports).length >= 16)
  const lines = visible(ports).flatMap((text) => text.slice(1).trim().split('\n'))
  assert.deepEqual(
    lines.map((line) => Number(line.split(',')[0])),
    Array.from({ length: 8000 }, (_, i) => i % 1000),
  )
  ports.contents.clear()
  const wide = table({ id: types.integer(), kind: types.integer() }, {}, ['kind'])
  const many = Array.from({ length: 1200 }, (_, i): SqlValue[] => [i, i % 400])
  await insert(wide, ports, many)
  assert.equal(visible(ports).flatMap((text) => text.trim().split('\n')).length, 1200)
})
