import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Random } from '../base/random.ts'
import { Arena, ArenaOwner, arenaOfThread } from '../data/arena.ts'
import { BatchBuffer } from '../data/batch-buffer.ts'
import { writeCell } from '../data/cells.ts'
import { rowBytes } from '../data/row-encoding.ts'
import { types, type SqlType } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import { GroupIndex } from './group-index.ts'

const arena: Arena = arenaOfThread()

function fill(buffer: BatchBuffer, values: readonly SqlValue[]): void {
  buffer.clear()
  values.forEach((value, row) => writeCell(buffer, buffer.batch.columns[0]!, row, value))
  buffer.batch.rowCount = values.length
  buffer.batch.selectedCount = values.length
}

// Goal: the index behaves as a Map from key to id whose ids are dense and reused last in, first out.
// Method: random batches of keys from a small set and random removals, against that model; small capacities, so that tables grow while they are
// being moved, and long texts, so that records of many sizes are reused; batches of more than 256 rows look for a key among the latest ones first.
const text = types.string()
const arbitraryKey = fc.oneof(
  fc.integer({ min: 0, max: 3000 }).map((n) => `k${n}`),
  fc.integer({ min: 0, max: 400 }).map((n) => `${n}`.repeat(1 + (n % 90))),
  fc.constant(null),
)
const arbitraryRun = fc.constantFrom(64, 512).chain((capacity) => {
  const arbitraryStep = fc.oneof(
    { arbitrary: fc.record({ add: fc.array(arbitraryKey, { minLength: 1, maxLength: capacity, size: 'max' }) }), weight: 4 },
    { arbitrary: fc.record({ remove: fc.array(fc.nat(1 << 20), { maxLength: 30, size: 'max' }) }), weight: 1 },
  )
  return fc.record({ capacity: fc.constant(capacity), steps: fc.array(arbitraryStep, { maxLength: 150, size: 'max' }) })
})

test('ids are those of a map, through growth, removal and reuse', () => {
  fc.assert(
    fc.property(arbitraryRun, ({ capacity, steps }) => {
      const owner = new ArenaOwner(arena, 'test')
      const before = arena.usedBytes
      const index = new GroupIndex(owner, capacity)
      const buffer = new BatchBuffer(owner, [text], capacity)
      const model = new Map<SqlValue, number>()
      const free: number[] = []
      let bound = 0
      for (const step of steps) {
        if ('remove' in step) {
          for (const n of step.remove) {
            if (model.size === 0) break
            const [key, id] = [...model][n % model.size]!
            model.delete(key)
            free.push(id)
            index.remove(id)
          }
        } else {
          fill(buffer, step.add)
          const created: number[] = []
          const expected = step.add.map((key) => {
            let id = model.get(key)
            if (id === undefined) {
              id = free.pop() ?? bound++
              created.push(id)
              model.set(key, id)
            }
            return id
          })
          const ids = index.prepare(buffer.batch, [0]) >>> 2
          assert.deepEqual(Array.from(arena.i32.subarray(ids, ids + step.add.length)), expected)
          assert.deepEqual(Array.from(arena.i32.subarray(index.created >>> 2, (index.created >>> 2) + index.createdCount)), created)
        }
        assert.equal(index.count, model.size)
        assert.equal(index.idBound, bound)
      }
      const live: number[] = []
      for (let id = index.next(0); id >= 0; id = index.next(id + 1)) live.push(id)
      assert.deepEqual(
        live,
        [...model.values()].toSorted((a, b) => a - b),
      )
      for (const [key, id] of model) {
        const bytes = rowBytes([text], [key])
        assert.equal(index.idOf(bytes), id)
        assert.equal(Buffer.compare(index.keyBytes(id), bytes), 0)
      }
      assert.equal(index.idOf(rowBytes([text], ['absent'])), -1)
      index.close()
      owner.close()
      assert.equal(arena.usedBytes, before)
    }),
    { numRuns: 60 },
  )
})

test('a million keys come and stay, removed ones go, and their ids come again', () => {
  const owner = new ArenaOwner(arena, 'test')
  const index = new GroupIndex(owner)
  const bigint: SqlType = types.bigint()
  const buffer = new BatchBuffer(owner, [bigint])
  const { batch } = buffer
  const cells = batch.columns[0]!.cells >>> 3
  const show = (first: number, rows: number): number => {
    for (let i = 0; i < rows; i++) arena.i64[cells + i] = BigInt(first + i) * 0x9e3779b97f4a7c15n
    batch.rowCount = rows
    batch.selectedCount = rows
    return index.prepare(batch, [0]) >>> 2
  }
  const total = 1_000_000
  for (let first = 0; first < total; first += 4096) {
    const rows = Math.min(4096, total - first)
    const ids = show(first, rows)
    for (let i = 0; i < rows; i++) assert.ok(arena.i32[ids + i] === first + i)
    assert.ok(index.createdCount === rows)
    // Keys of long ago, while the table is being moved.
    const earlier = new Random(first).nextInt(Math.max(1, first - 4096))
    const again = show(earlier, 64)
    for (let i = 0; i < 64; i++) assert.ok(arena.i32[again + i] === earlier + i)
    assert.ok(index.createdCount === 0)
  }
  assert.equal(index.count, total)
  for (let id = 0; id < total; id += 2) index.remove(id)
  assert.equal(index.count, total / 2)
  const bytes = owner.usedBytes
  for (let first = 0; first < total; first += 4096) {
    const rows = Math.min(4096, total - first)
    const ids = show(first, rows)
    for (let i = 1; i < rows; i += 2) assert.ok(arena.i32[ids + i] === first + i)
  }
  assert.equal(index.count, total)
  assert.equal(index.idBound, total)
  assert.equal(owner.usedBytes, bytes)
  owner.close()
})

// Goal: while a table is being moved, every key is found, also where runs of neighbours cross the end of a slice or of the table.
test('all keys are found after every step of growth and removal', () => {
  for (let seed = 0; seed < 12; seed++) {
    const random = new Random(seed)
    const owner = new ArenaOwner(arena, 'test')
    const index = new GroupIndex(owner, 16)
    const ids = new Map<number, number>()
    const key = (n: number): Uint8Array => rowBytes([types.integer()], [n])
    for (let step = 0; step < 400; step++) {
      for (let i = 0; i < 4; i++) {
        const n = random.nextUint32() | 0
        ids.set(n, index.add(key(n)))
      }
      const victim = [...ids.keys()][random.nextInt(ids.size)]!
      index.remove(ids.get(victim)!)
      ids.delete(victim)
      assert.equal(index.idOf(key(victim)), -1)
      if (step % 3 === 0) for (const [n, id] of ids) assert.equal(index.idOf(key(n)), id)
    }
    assert.equal(index.count, ids.size)
    owner.close()
  }
})

test('no key columns are one group', () => {
  const owner = new ArenaOwner(arena, 'test')
  const index = new GroupIndex(owner)
  const buffer = new BatchBuffer(owner, [types.integer()])
  buffer.batch.selectedCount = 3
  const ids = index.prepare(buffer.batch, []) >>> 2
  assert.deepEqual([...arena.i32.subarray(ids, ids + 3)], [0, 0, 0])
  assert.equal(index.keyBytes(0).length, 0)
  owner.close()
})

// Goal: renamed keys are those with the other prefix, whatever their lengths. Method: against keys that are encoded anew.
test('keys get another prefix', () => {
  const owner = new ArenaOwner(arena, 'test')
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.string({ maxLength: 20 }),
          fc.nat(3).map((n) => 'x'.repeat(n * 40_000)),
        ),
        { minLength: 1, maxLength: 30 },
      ),
      (texts) => {
        const index = new GroupIndex(owner, 64)
        const key = (prefix: bigint, value: string): Uint8Array => rowBytes([types.bigint(), text], [prefix, value])
        const ids = owner.ints(64)
        texts.forEach((value, i) => (ids[i] = index.add(key(1n, value))))
        const before = index.count
        const renamed = index.rename(ids.byteOffset, texts.length, key(2n, '').subarray(0, 9)) >>> 2
        const found = [...arena.i32.subarray(renamed, renamed + texts.length)]
        assert.equal(index.createdCount, new Set(texts).size)
        assert.equal(index.count, before + new Set(texts).size)
        const places = owner.ints(64)
        texts.forEach((value, i) => {
          assert.equal(Buffer.compare(index.keyBytes(found[i]!), key(2n, value)), 0)
          assert.equal(index.idOf(key(1n, value)), ids[i])
        })
        index.keyPlaces(ids.byteOffset, texts.length, 9, places.byteOffset)
        texts.forEach((_, i) => assert.equal(places[i]! >>> 0, index.keyBytes(ids[i]!).byteOffset + 9))
        index.close()
      },
    ),
    { numRuns: 100 },
  )
  owner.close()
})
