import assert from 'node:assert/strict'
import { test } from 'node:test'
import { insert, openWriters, table, visible, writeRows } from '../../../test/file-sinks.ts'
import { MemoryPorts } from '../../../test/memory-ports.ts'
import { types } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'

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
