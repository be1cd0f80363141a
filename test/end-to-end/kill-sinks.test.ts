import assert from 'node:assert/strict'
import { test } from 'node:test'
import { killSinks } from './kill-sinks.ts'

test(
  'jobs that write files are killed at random moments: a reader sees whole files only (npm run nightly kills 50)',
  { timeout: 60_000 },
  async () => {
    const tally = await killSinks({ kills: 5, seed: 1 })
    assert.deepEqual(tally.faults, [])
    assert.equal(tally.kills, 5)
    assert.ok(tally.files > 20, `${tally.files} files were seen`)
  },
)
