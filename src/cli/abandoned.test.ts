import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'

function exitOf(work: string): { readonly status: number | null; readonly stderr: string } {
  const script = `import { statusOf } from './abandoned.ts'\nprocess.exitCode = await statusOf(${work})`
  const options = { cwd: join(import.meta.dirname), encoding: 'utf8', timeout: 10_000, input: script } as const
  const { status, stderr } = spawnSync(process.execPath, ['--no-warnings', '--input-type=module-typescript', '-'], options)
  return { status, stderr }
}

test('work that ends has its own status', () => {
  assert.deepEqual(exitOf('Promise.resolve(3)'), { status: 3, stderr: '' })
})

test('work that nothing drives any more is a fault, not a silent success', () => {
  const { status, stderr } = exitOf('new Promise(() => {})')
  assert.match(stderr, /^Internal fault, please report it: .*the work has not ended/)
  assert.notEqual(status, 0)
})
