// Goal: nobody ever sees a half-written file, nothing is lost that was there, and nothing stays of a job that failed. Method: disks that fail, and processes
// that die, before each single change of a file; what a reader sees is compared with what the two ends of the job may show.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { insert, openWriters, table, visible, writeRows } from '../../../test/file-sinks.ts'
import { MemoryPorts } from '../../../test/memory-ports.ts'
import { externalError } from '../../base/errors.ts'
import { types } from '../../data/types.ts'
import { filesystemConnector } from './connector.ts'

const byKind = { id: types.integer(), kind: types.string() }
const settled = async (): Promise<void> => {
  for (let i = 0; i < 200; i++) await Promise.resolve()
}
const staged = (ports: MemoryPorts): readonly string[] => [...ports.contents.keys()].filter((path) => path.includes('/.staging-'))

/** A table with two partitions, and what an OVERWRITE of one of them and a new one makes of it. */
async function overwriteTwice(ports: MemoryPorts): Promise<void> {
  const of = table(byKind, { 'sink.partition-commit.policy.kind': 'success-file' }, ['kind'])
  const [first, second] = await openWriters(of, ports, 2, { overwrite: true })
  try {
    await writeRows(first!, of, [
      [4, 'b'],
      [5, 'c'],
    ])
    await writeRows(second!, of, [[6, 'b']])
    await Promise.all([first!.finish(), second!.finish()])
  } finally {
    await Promise.all([first!.close(), second!.close()])
  }
}

async function startPorts(): Promise<MemoryPorts> {
  const ports = new MemoryPorts()
  await insert(
    table(byKind, {}, ['kind']),
    ports,
    [
      [1, 'a'],
      [2, 'b'],
      [3, 'b'],
    ],
    {},
  )
  return ports
}

const before = ['/kind=a/1\n', '/kind=b/2\n3\n']
const after = ['/kind=a/1\n', '/kind=b/4\n', '/kind=b/6\n', '/kind=c/5\n']

test('a disk that fails at any moment ends an OVERWRITE with its error, and everything is as before', async () => {
  let failures = 0
  for (let failing = 0; ; failing++) {
    const ports = await startPorts()
    let changes = 0
    ports.onChange = (verb, path) => {
      // Removing is what a failed job does to clean up.
      if (verb !== 'remove' && changes++ === failing) throw externalError('file/disk-full', `Cannot ${verb} "${path}": the disk is full`)
    }
    const error = await overwriteTwice(ports).then(
      () => undefined,
      (reason: unknown) => reason,
    )
    assert.deepEqual(staged(ports), [])
    if (error === undefined) {
      assert.deepEqual(visible(ports), after)
      break
    }
    failures++
    assert.equal((error as { code?: string }).code, 'file/disk-full')
    assert.deepEqual(visible(ports), before)
  }
  assert.ok(failures > 20, `${failures} changes could fail`)
})

test('a process that dies at any moment leaves whole files, and the next job completes or clears away what it did', async () => {
  let deaths = 0
  for (let dying = 0; ; dying++) {
    const ports = await startPorts()
    let changes = 0
    ports.onChange = (verb, path) => {
      if (changes++ >= dying) throw externalError('file/failed', `Cannot ${verb} "${path}": this process is dead`)
    }
    const isDone = await overwriteTwice(ports).then(
      () => true,
      () => false,
    )
    for (const file of visible(ports)) assert.ok(before.includes(file) || after.includes(file), `half-written: ${JSON.stringify(file)}`)
    ports.onChange = () => undefined
    ports.processStates.set('machine-1-1', 'gone').set('machine-2-2', 'running')
    ports.processes.self = 'machine-2-2'
    await insert(table(byKind, {}, ['kind']), ports, [[9, 'z']])
    assert.deepEqual(staged(ports), [])
    const files = visible(ports).filter((file) => file !== '/kind=z/9\n')
    assert.ok(String(files) === String(before) || String(files) === String(after), `neither old nor new: ${JSON.stringify(files)}`)
    if (isDone) break
    deaths++
  }
  assert.ok(deaths > 20, `${deaths} moments to die`)
})

test('staging folders of running jobs stay, also of other machines for a week', async () => {
  const ports = new MemoryPorts()
  const of = table(byKind)
  ports.processStates.set('machine-7-7', 'running').set('machine-8-8', 'gone')
  ports.put('/out/.staging-part-1.machine-7-7/part', 'x')
  ports.put('/out/.staging-part-1.machine-8-8/part', 'x')
  ports.put('/out/.staging-part-1.elsewhere-1-1/part', 'x')
  ports.put('/out/.staging-old/part', 'x')
  const [running] = await openWriters(of, ports, 1)
  await writeRows(running!, of, [[1, 'a']])
  await insert(of, ports, [[2, 'b']])
  const left = staged(ports).map((path) => path.split('/')[2])
  assert.deepEqual(left, ['.staging-part-1.machine-7-7', '.staging-part-1.elsewhere-1-1', '.staging-old'])
  ports.pass(8 * 86_400_000)
  await insert(of, ports, [[3, 'c']])
  assert.deepEqual(
    staged(ports).map((path) => path.split('/')[2]),
    ['.staging-part-1.machine-7-7'],
  )
  await running!.finish()
  await running!.close()
  assert.deepEqual(visible(ports).toSorted(), ['/1,a\n', '/2,b\n', '/3,c\n'])
})

test('jobs that begin in the same millisecond keep out of each other’s way', async () => {
  const ports = new MemoryPorts()
  const of = table(byKind)
  const pairs = await Promise.all([openWriters(of, ports, 1), openWriters(of, ports, 1)])
  for (const [i, [writer]] of pairs.entries()) await writeRows(writer!, of, [[i, 'x']])
  await Promise.all(pairs.map(([writer]) => writer!.finish()))
  await Promise.all(pairs.map(([writer]) => writer!.close()))
  assert.deepEqual(visible(ports), ['/0,x\n', '/1,x\n'])
})

test('a job without end shows files when they are large, old or forgotten; what it never finished goes', async () => {
  const ports = new MemoryPorts()
  const of = table(byKind, {
    'sink.rolling-policy.file-size': '300 kb',
    'sink.rolling-policy.rollover-interval': '10 min',
    'sink.rolling-policy.inactivity-interval': '3 min',
  })
  const [writer] = await openWriters(of, ports, 1, { isBounded: false })
  await writeRows(writer!, of, [[1, 'a']])
  ports.pass(2 * 60_000)
  await settled()
  assert.deepEqual(visible(ports), [])
  ports.pass(60_000)
  await settled()
  assert.deepEqual(visible(ports), ['/1,a\n'])
  for (let minute = 0; minute < 10; minute++) {
    assert.equal(visible(ports).length, 1)
    await writeRows(writer!, of, [[minute, 'b']])
    ports.pass(60_000)
    await settled()
  }
  assert.equal(visible(ports)[1], `/${[0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((i) => `${i},b\n`).join('')}`)
  await writeRows(
    writer!,
    of,
    Array.from({ length: 3000 }, (_, i) => [i, 'x'.repeat(200)]),
  )
  await settled()
  assert.equal(visible(ports).length, 4)
  await writer!.close()
  assert.deepEqual(staged(ports), [])
  assert.equal(visible(ports).length, 4)
})

test('partitions get their success file by the clock, or when the watermark has passed their time, and again after late rows', async () => {
  const options = { 'sink.partition-commit.policy.kind': 'success-file', 'sink.partition-commit.success-file.name': '_DONE' }
  const byClock = table(byKind, { ...options, 'sink.partition-commit.delay': '90 s' }, ['kind'])
  const ports = new MemoryPorts()
  const marks = (): readonly string[] => [...ports.contents.keys()].filter((path) => path.endsWith('/_DONE'))
  const [writer] = await openWriters(byClock, ports, 1, { isBounded: false })
  await writeRows(writer!, byClock, [[1, 'a']])
  ports.pass(60_000)
  await settled()
  await writeRows(writer!, byClock, [[2, 'b']])
  assert.deepEqual([visible(ports), marks()], [[], []])
  ports.pass(60_000)
  await settled()
  assert.deepEqual([visible(ports), marks()], [['/kind=a/1\n'], ['/out/kind=a/_DONE']])
  await writer!.finish()
  await writer!.close()
  assert.deepEqual(
    [visible(ports), marks()],
    [
      ['/kind=a/1\n', '/kind=b/2\n'],
      ['/out/kind=a/_DONE', '/out/kind=b/_DONE'],
    ],
  )

  ports.contents.clear()
  const byTime = table(
    { id: types.integer(), day: types.string(), hour: types.integer() },
    {
      ...options,
      'sink.partition-commit.trigger': 'partition-time',
      'sink.partition-commit.delay': '1 h',
      'sink.partition-commit.watermark-time-zone': 'GMT+02:00',
      'partition.time-extractor.timestamp-pattern': '$day $hour:00:00',
    },
    ['day', 'hour'],
  )
  const [first, second] = await openWriters(byTime, ports, 2, { isBounded: false })
  await writeRows(first!, byTime, [[1, '2024-01-01', 9]])
  await writeRows(second!, byTime, [[2, '2024-01-01', 10]])
  // 9 o'clock there is 7 o'clock in UTC, and an hour is waited.
  first!.onWatermark!(Date.UTC(2024, 0, 1, 12))
  second!.onWatermark!(Date.UTC(2024, 0, 1, 8))
  ports.pass(60_000)
  await settled()
  assert.deepEqual(marks(), [])
  second!.onWatermark!(Date.UTC(2024, 0, 1, 8) + 1)
  ports.pass(60_000)
  await settled()
  assert.deepEqual([visible(ports), marks()], [['/day=2024-01-01/hour=9/1\n'], ['/out/day=2024-01-01/hour=9/_DONE']])
  await writeRows(first!, byTime, [[3, '2024-01-01', 9]])
  ports.contents.delete('/out/day=2024-01-01/hour=9/_DONE')
  ports.pass(60_000)
  await settled()
  assert.deepEqual([visible(ports).length, marks().length], [2, 1])
  await writeRows(first!, byTime, [[4, 'someday', 9]])
  ports.pass(60_000)
  await settled()
  await assert.rejects(async () => writeRows(first!, byTime, [[5, '2024-01-01', 9]]), { code: 'file/partition-time', domain: 'external' })
  await Promise.all([first!.close(), second!.close()])
  assert.deepEqual(staged(ports), [])
})

test('small files are joined before they can be read', async () => {
  const ports = new MemoryPorts()
  const of = table(byKind, { 'auto-compaction': 'true', 'compaction.file-size': '8 b' }, ['kind'])
  const writers = await openWriters(of, ports, 5)
  for (const [i, writer] of writers.entries()) {
    await writeRows(writer, of, [
      [i, 'a'],
      [i + 10, 'b'],
    ])
  }
  await Promise.all(writers.map((writer) => writer.finish()))
  await Promise.all(writers.map((writer) => writer.close()))
  assert.deepEqual(visible(ports), ['/kind=a/0\n1\n2\n3\n', '/kind=a/4\n', '/kind=b/10\n11\n', '/kind=b/12\n13\n', '/kind=b/14\n'])
})

test('as many rows as partitions keep few files open', async () => {
  const ports = new MemoryPorts()
  const of = table({ id: types.integer(), kind: types.integer() }, {}, ['kind'])
  await insert(
    of,
    ports,
    Array.from({ length: 3000 }, (_, i) => [i, i]),
  )
  assert.equal(visible(ports).length, 3000)
  assert.equal(ports.openFiles, 0)
  assert.ok(ports.mostOpenFiles < 200, `${ports.mostOpenFiles} files were open`)
})

test('what cannot be followed is refused when the job is planned', () => {
  const refuses = (options: Readonly<Record<string, string>>, code: string): void => {
    assert.throws(() => filesystemConnector.sink!(table(byKind, options, ['kind'])), { code, domain: 'user' })
    // Reading needs none of it.
    filesystemConnector.source!(table(byKind, options, ['kind']))
  }
  const policy = 'sink.partition-commit.policy.kind'
  const partitionTime = { [policy]: 'success-file', 'sink.partition-commit.trigger': 'partition-time' }
  refuses({ [policy]: 'metastore,success-file' }, 'sql/option-value')
  refuses({ [policy]: 'custom' }, 'unsupported/partition-commit')
  refuses({ ...partitionTime, 'partition.time-extractor.kind': 'custom' }, 'unsupported/partition-time')
  refuses({ ...partitionTime, 'sink.partition-commit.watermark-time-zone': 'Nowhere' }, 'sql/option-value')
  refuses({ ...partitionTime, 'partition.time-extractor.timestamp-formatter': 'bbb' }, 'sql/option-value')
})
