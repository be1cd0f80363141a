// Goal: a job of one row starts and ends within 100 ms and 75 MB. Method: the built bin runs several times; processor time and memory are what the process itself
// counts. It hardly waits for anything, so on an idle machine the clock on the wall shows no more; on a busy one it shows anything.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { root } from './rheo.ts'

const RUNS = 7

/** Writes its numbers as the last line on standard error. */
const probe = `process.on('exit',()=>{const u=process.cpuUsage();process.stderr.write('\\n'+JSON.stringify({cpuMs:(u.user+u.system)/1000,rssKb:process.resourceUsage().maxRSS}))})`

test('a job of one row takes less than 100 ms of processor time and 75 MB', () => {
  const runs = Array.from({ length: RUNS }, () => {
    const args = ['--import', `data:text/javascript,${encodeURIComponent(probe)}`, join(root, 'dist/rheo.js'), 'run', '-']
    const { stdout, stderr, status } = spawnSync(process.execPath, args, { input: 'SELECT 1 AS n', encoding: 'utf8' })
    assert.equal(stdout, 'n\n1\n', stderr)
    assert.equal(status, 0)
    return JSON.parse(stderr.trim().split('\n').at(-1) ?? '') as { cpuMs: number; rssKb: number }
  })
  const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!
  const cpuMs = median(runs.map((run) => run.cpuMs))
  assert.ok(cpuMs < 100, `${cpuMs} ms of processor time`)
  const rssMb = median(runs.map((run) => run.rssKb)) / 1024
  assert.ok(rssMb < 75, `${rssMb} MB`)
})
