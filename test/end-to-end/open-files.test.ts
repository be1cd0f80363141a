// Goal: however a job ends, no file of it stays open. Method: jobs over real files through a port that counts which are open; ends of every kind.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { type RunningScript, runScript } from '../../src/api/script.ts'
import { RheoError } from '../../src/base/errors.ts'
import { nodePorts } from '../../src/base/node-ports.ts'
import type { Ports } from '../../src/base/ports.ts'
import { folderWith } from './rheo.ts'

/** The machine's own files, and the paths of those that are open. */
function countingPorts(open: Set<object>): Ports {
  const counted = <Opened extends { close(): Promise<void> }>(file: Opened): Opened => {
    open.add(file)
    return {
      ...file,
      close: async () => {
        open.delete(file)
        await file.close()
      },
    }
  }
  const { files } = nodePorts
  return {
    ...nodePorts,
    files: {
      ...files,
      openRead: async (path) => counted(await files.openRead(path)),
      openWrite: async (path) => counted(await files.openWrite(path)),
    },
  }
}

interface End {
  readonly name: string
  readonly sql: string
  readonly settings?: Readonly<Record<string, string>>
  /** Called with the first rows. */
  readonly onRows?: (running: RunningScript) => void
  /** The error's code. */
  readonly fails?: string
}

const rows = Array.from({ length: 20_000 }, (_, i) => `{"k":${i % 7},"s":"${'x'.repeat(i % 50)}"}\n`).join('')

const ends: readonly End[] = [
  { name: 'all rows', sql: 'SELECT COUNT(*) FROM t' },
  { name: 'LIMIT', sql: 'SELECT s FROM t LIMIT 3' },
  { name: 'LIMIT at parallelism 3', sql: 'SELECT s FROM t LIMIT 3', settings: { 'parallelism.default': '3' } },
  { name: 'LIMIT above a table that is read twice', sql: 'SELECT a.s FROM t a JOIN t b ON a.k = b.k LIMIT 3' },
  { name: 'LIMIT over rows of two files', sql: 'SELECT s FROM t UNION ALL SELECT s FROM z LIMIT 3' },
  { name: 'a row that an expression refuses', sql: 'SELECT CAST(s AS INT) FROM t', fails: 'data/cast' },
  { name: 'a record that cannot be read', sql: 'SELECT k FROM bad', fails: 'format/bad-field' },
  { name: 'a file that is no gzip', sql: 'SELECT k FROM broken', fails: 'file/corrupt' },
  { name: 'a file that is not there', sql: 'SELECT a.k FROM t a JOIN gone b ON a.k = b.k', fails: 'file/not-found' },
  { name: 'a restore on the way', sql: 'SELECT COUNT(*) FROM z', settings: { 'rheo.restore-at': '5000@3', 'rheo.source.block': '4096' } },
  { name: 'a failing INSERT', sql: 'INSERT INTO results SELECT CAST(s AS INT) FROM t', fails: 'data/cast' },
  { name: 'an OVERWRITE', sql: 'INSERT OVERWRITE results SELECT k FROM t', settings: { 'execution.runtime-mode': 'batch' } },
  { name: 'a stop', sql: 'SELECT s FROM t', onRows: (running) => void running.stop() },
  { name: 'an abort', sql: 'SELECT s FROM t', onRows: (running) => running.abort(), fails: 'job/aborted' },
]

for (const { name, sql, settings = {}, onRows, fails } of ends) {
  test(`no file stays open behind ${name}`, async () => {
    using folder = folderWith({ 't.jsonl': rows, 'bad.jsonl': `${rows}{"k":"seven"}\n`, 'broken.jsonl.gz': rows })
    writeFileSync(join(folder.path, 'z.jsonl.gz'), gzipSync(rows))
    const tables = Object.entries({ t: 't.jsonl', z: 'z.jsonl.gz', bad: 'bad.jsonl', broken: 'broken.jsonl.gz', gone: 'gone.jsonl' })
      .map(
        ([table, file]) =>
          `CREATE TABLE ${table} (k INT, s STRING) WITH ('connector' = 'filesystem', 'path' = '${join(folder.path, file)}', 'format' = 'json');\n`,
      )
      .join('')
    const out = `CREATE TABLE results (k INT) WITH ('connector' = 'filesystem', 'path' = '${join(folder.path, 'out')}', 'format' = 'csv');\n`
    const open = new Set<object>()
    const running = runScript(`${tables}${out}${sql};`, {
      source: 'job.sql',
      settings: new Map(Object.entries(settings)),
      ports: countingPorts(open),
      output: () => undefined,
      writerOf: () => ({ write: () => onRows?.(running), finish: () => undefined }),
    })
    const error = await running.done.then(
      () => undefined,
      (failure: unknown) => failure,
    )
    assert.equal(error instanceof RheoError ? error.code : error, fails, String(error))
    assert.equal(open.size, 0)
  })
}
