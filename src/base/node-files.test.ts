import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { nodeFiles } from './node-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'rheo-files-'))
after(() => rmSync(folder, { recursive: true }))

async function write(path: string, text: string): Promise<void> {
  const writer = await nodeFiles.openWrite(path)
  await writer.write(Buffer.from(text))
  await writer.sync()
  await writer.close()
}

test('files are written with their folders, read by position, listed in order, moved and removed', async () => {
  await write(join(folder, 'b/c/x'), 'hello')
  await write(join(folder, 'a'), '')
  await write(join(folder, 'Z'), '12')
  symlinkSync(join(folder, 'nothing'), join(folder, 'dangling'))
  const entries = await nodeFiles.list(folder)
  assert.deepEqual(
    entries.map(({ path, kind, sizeBytes }) => [path.slice(folder.length + 1), kind, kind === 'file' ? sizeBytes : 0]),
    [
      ['Z', 'file', 2],
      ['a', 'file', 0],
      ['b', 'folder', 0],
    ],
  )
  const reader = await nodeFiles.openRead(join(folder, 'b/c/x'))
  const target = new Uint8Array(3)
  assert.equal(await reader.read(target, 1), 3)
  assert.equal(Buffer.from(target).toString(), 'ell')
  assert.equal(await reader.read(target, 5), 0)
  await reader.close()
  await nodeFiles.rename(join(folder, 'b/c/x'), join(folder, 'new/y'))
  await nodeFiles.syncFolder(join(folder, 'new'))
  assert.equal((await nodeFiles.status(join(folder, 'new/y')))?.sizeBytes, 5)
  assert.equal(await nodeFiles.status(join(folder, 'b/c/x')), undefined)
  assert.equal(await nodeFiles.status(join(folder, 'a/below-a-file')), undefined)
  await nodeFiles.remove(join(folder, 'new'))
  await nodeFiles.remove(join(folder, 'new'))
  assert.equal(await nodeFiles.status(join(folder, 'new')), undefined)
})

test('failures are errors with codes', async () => {
  await assert.rejects(nodeFiles.openRead(join(folder, 'none')), { code: 'file/not-found', domain: 'external' })
  await assert.rejects(nodeFiles.list(join(folder, 'none')), { code: 'file/not-found' })
  await assert.rejects(nodeFiles.openWrite(folder), { code: 'file/failed', message: /it is a folder/ })
  await assert.rejects(nodeFiles.syncFolder(join(folder, 'none')), { code: 'file/not-found' })
  await assert.rejects(nodeFiles.rename(join(folder, 'none'), join(folder, 'other')), { code: 'file/not-found' })
})

test(
  'a folder that takes no new ones is an error, not a search without end',
  { skip: process.platform !== 'linux', timeout: 5000 },
  async () => {
    await assert.rejects(write('/proc/no-such-folder/inner/x', 'hello'), { code: 'file/not-found' })
  },
)
