import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { test } from 'node:test'
import { nodeProcesses } from './node-processes.ts'

test('a process knows whether another one of its machine runs', async () => {
  assert.match(nodeProcesses.self, /^[0-9a-z]+-\d+-\d+$/)
  assert.equal(nodeProcesses.state(nodeProcesses.self), 'running')
  const script = `import('${join(import.meta.dirname, 'node-processes.ts')}').then((m) => console.log(m.nodeProcesses.self)); setTimeout(() => {}, 60_000)`
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [output] = (await once(child.stdout, 'data')) as [Buffer]
  const name = output.toString().trim()
  assert.equal(nodeProcesses.state(name), 'running')
  child.kill('SIGKILL')
  await once(child, 'close')
  assert.equal(nodeProcesses.state(name), 'gone')
})

test('numbers that are used again, other machines and other texts are told apart', () => {
  const [machine, pid] = nodeProcesses.self.split('-')
  if (process.platform === 'linux') assert.equal(nodeProcesses.state(`${machine}-${pid}-1`), 'gone')
  assert.equal(nodeProcesses.state(`another-${pid}-1`), 'unknown')
  assert.equal(nodeProcesses.state(''), 'unknown')
})
