import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ArenaOwner, arenaOfThread } from '../data/arena.ts'
import { BatchBuffer } from '../data/batch-buffer.ts'
import { types } from '../data/types.ts'
import type { Downstream, StreamEvent } from './event.ts'
import { SharedLink } from './shared-link.ts'

/** Takes an event after so many calls, and narrows batches as a filter may. */
function slow(name: string, calls: number, log: string[]): Downstream & { isWaiting: boolean } {
  let left = 0
  let rows = 0
  const work = (): boolean => {
    if (left-- > 0) return false
    log.push(`${name} ${rows}`)
    return true
  }
  return {
    isWaiting: true,
    accept(event: StreamEvent) {
      rows = event.kind === 'batch' ? event.batch.selectedCount : 0
      if (event.kind === 'batch') event.batch.selectedCount = 1
      left = calls
      return work()
    },
    resume: work,
  }
}

test('readers get each event once, one after the other, and a batch as it was', () => {
  const owner = new ArenaOwner(arenaOfThread(), 'test')
  const { batch } = new BatchBuffer(owner, [types.integer()])
  batch.rowCount = 3
  batch.selectedCount = 3
  const log: string[] = []
  const link = new SharedLink()
  link.add(slow('a', 1, log))
  link.add(slow('b', 0, log))
  link.add(slow('c', 2, log))
  assert.equal(link.accept({ kind: 'batch', batch, leaf: 0 }), false)
  assert.deepEqual(log, [])
  assert.equal(link.isWaiting, true)
  assert.equal(link.resume(), false)
  assert.deepEqual(log, ['a 3', 'b 3'])
  assert.equal(link.resume(), false)
  assert.equal(link.resume(), true)
  assert.deepEqual(log, ['a 3', 'b 3', 'c 3'])
  assert.equal(batch.selectedCount, 3)
  assert.equal(link.isWaiting, false)
  owner.close()
})
