import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MemoryPorts } from '../../../test/memory-ports.ts'
import type { Table } from '../../catalog/table.ts'
import { arenaOfThread } from '../../data/arena.ts'
import { types } from '../../data/types.ts'
import type { LookupReader, LookupRows } from '../../runtime/lookup.ts'
import { filesystemConnector } from './connector.ts'

const columns = [
  { name: 'id', type: types.integer() },
  { name: 'kind', type: types.string() },
  { name: 'name', type: types.string() },
]

function tableOf(options: Readonly<Record<string, string>> = {}): Table {
  return {
    kind: 'table',
    columns: columns.map(({ name, type }) => ({ kind: 'physical', name, type })),
    partitionedBy: [],
    options: new Map(Object.entries({ connector: 'filesystem', path: '/data', format: 'csv', 'csv.null-literal': '-', ...options })),
    isTemporary: false,
  }
}

function open(ports: MemoryPorts, options: Readonly<Record<string, string>> = {}, keys: readonly number[] = [0]): Promise<LookupReader> {
  return filesystemConnector.createLookup!(tableOf(options), { columns, keys }).open({
    arena: arenaOfThread(),
    ports,
    batchRows: 2,
    blockBytes: 32,
    maxRecordBytes: 1 << 10,
    seed: 0,
    timeZone: 'UTC',
  })
}

const namesOf = (answers: readonly LookupRows[]): readonly unknown[] => answers.map((rows) => rows.map((row) => row[2]))

test('rows of all files of a folder by any columns; NULL keys are nowhere', async () => {
  const ports = new MemoryPorts()
  ports.put('/data/a.csv', '1,x,ann\n2,x,bob\n-,x,nobody\n')
  ports.put('/data/b.csv', '1,y,cid\n1,x,dan\n')
  const byId = await open(ports)
  assert.deepEqual(namesOf(await byId.lookup([[1], [2], [3]])), [['ann', 'cid', 'dan'], ['bob'], []])
  const byBoth = await open(ports, {}, [1, 0])
  assert.deepEqual(
    namesOf(
      await byBoth.lookup([
        ['x', 1],
        ['y', 2],
      ]),
    ),
    [['ann', 'dan'], []],
  )
  await byId.close()
})

test('a file that changes is read again', async () => {
  const ports = new MemoryPorts()
  ports.put('/data/a.csv', '1,x,ann\n')
  const reader = await open(ports)
  assert.deepEqual(namesOf(await reader.lookup([[1]])), [['ann']])
  assert.equal(await reader.holds?.(), true)
  ports.pass(1000)
  assert.equal(await reader.holds?.(), true)
  ports.pass(1000)
  ports.put('/data/a.csv', '1,x,eve\n')
  assert.equal(await reader.holds?.(), false)
  assert.deepEqual(namesOf(await reader.lookup([[1]])), [['eve']])
  assert.equal(await reader.holds?.(), true)
})

test('a FULL cache is read again by the clock alone', async () => {
  const ports = new MemoryPorts()
  ports.put('/data/a.csv', '1,x,ann\n')
  const never = await open(ports, { 'lookup.cache': 'FULL' })
  const hourly = await open(ports, { 'lookup.cache': 'FULL', 'lookup.full-cache.periodic-reload.interval': '1 h' })
  await never.lookup([[1]])
  await hourly.lookup([[1]])
  ports.pass(3_599_999)
  ports.put('/data/a.csv', '1,x,eve\n')
  assert.equal(hourly.holds?.(), true)
  ports.pass(1)
  assert.equal(await hourly.holds?.(), false)
  assert.deepEqual(namesOf(await hourly.lookup([[1]])), [['eve']])
  assert.equal(never.holds?.(), true)
  assert.deepEqual(namesOf(await never.lookup([[1]])), [['ann']])
})

test('options of caches', () => {
  const { cache } = filesystemConnector.createLookup!(
    tableOf({
      'lookup.cache': 'partial',
      'lookup.partial-cache.max-rows': '10',
      'lookup.partial-cache.expire-after-write': '1 min',
      'lookup.partial-cache.cache-missing-key': 'false',
      'lookup.max-retries': '7',
    }),
    { columns, keys: [0] },
  )
  assert.deepEqual(cache, {
    kind: 'partial',
    maxKeys: 10,
    expireAfterWriteMs: 60_000,
    expireAfterAccessMs: undefined,
    keepsMissing: false,
    maxRetries: 7,
  })
  assert.equal(filesystemConnector.lookup?.(tableOf({ 'source.monitor-interval': '1 s' })), undefined)
  assert.throws(() => filesystemConnector.lookup?.(tableOf({ 'lookup.cache': 'SOME' })), { code: 'sql/option-value' })
})
