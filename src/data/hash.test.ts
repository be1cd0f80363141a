import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ArenaOwner, arenaOfThread } from './arena.ts'
import { BatchBuffer } from './batch-buffer.ts'
import { writeCell } from './cells.ts'
import * as twin from './hash.twin.ts'
import { RowKind } from './row-kind.ts'
import { types } from './types.ts'

const arena = arenaOfThread()
const { kernels } = arena
const u64 = (value: bigint): bigint => BigInt.asUintN(64, value)

test('the hash of bytes is its twin’s at every length', () => {
  const owner = new ArenaOwner(arena, 'test')
  const at = owner.allocate(256) + 3
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      arena.u8.set(bytes, at)
      assert.equal(u64(kernels.hashBytes(at, bytes.length)), twin.hashBytes(bytes))
    }),
    { numRuns: 300 },
  )
  owner.close()
})

const arbitraryCells = fc.integer({ min: 0, max: 4 }).chain((shift) =>
  fc.record({
    shift: fc.constant(shift),
    cells: fc.array(fc.option(fc.uint8Array({ minLength: 1 << shift, maxLength: 1 << shift }), { freq: 4 }), { maxLength: 20 }),
    hasMask: fc.boolean(),
    selected: fc.option(fc.infiniteStream(fc.boolean())),
  }),
)

test('hashes and checksums of cells are their twins’, with masks and selections', () => {
  const owner = new ArenaOwner(arena, 'test')
  const at = owner.allocate(1024)
  const mask = owner.allocate(64)
  const selection = owner.allocate(256)
  const hashes = owner.allocate(256)
  fc.assert(
    fc.property(arbitraryCells, ({ shift, cells, hasMask, selected }) => {
      const present = hasMask ? cells : cells.filter((cell) => cell !== null)
      present.forEach((cell, row) => {
        arena.u8[mask + row] = cell === null ? 1 : 0
        if (cell !== null) arena.u8.set(cell, at + (row << shift))
      })
      const rows = present.map((_, row) => row).filter(() => selected === null || selected.next().value)
      rows.forEach((row, i) => (arena.i32[(selection >>> 2) + i] = row))
      const args = [at, hasMask ? mask : 0, shift, selected === null ? 0 : selection, rows.length] as const
      const expected = rows.map((row) => present[row]!)
      assert.equal(u64(kernels.checksumCells(...args)), twin.checksumCells(expected))
      kernels.hashCells(...args, hashes)
      assert.deepEqual(
        rows.map((_, i) => u64(arena.i64[(hashes >>> 3) + i]!)),
        expected.map(twin.hashCell),
      )
    }),
    { numRuns: 500 },
  )
  owner.close()
})

test('the checksum of texts is its twin’s, and the sum over any cut', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.uint8Array({ maxLength: 140 }), { freq: 4 }), { maxLength: 20 }), fc.nat(20), (texts, cut) => {
      const owner = new ArenaOwner(arena, 'test')
      const buffer = new BatchBuffer(owner, [types.bytes()], 32)
      const column = buffer.batch.columns[0]!
      texts.forEach((text, row) => writeCell(buffer, column, row, text))
      const whole = u64(kernels.checksumText(column.cells, column.nulls, 0, texts.length))
      assert.equal(whole, twin.checksumText(texts))
      const middle = Math.min(cut, texts.length)
      const front = kernels.checksumText(column.cells, column.nulls, 0, middle)
      const back = kernels.checksumText(column.cells + middle * 8, column.nulls && column.nulls + middle, 0, texts.length - middle)
      assert.equal(u64(front + back), whole)
      owner.close()
    }),
    { numRuns: 300 },
  )
})

test('the checksum of a text of any length is its twin’s', () => {
  const owner = new ArenaOwner(arena, 'test')
  const buffer = new BatchBuffer(owner, [types.bytes()], 1)
  const column = buffer.batch.columns[0]!
  for (let length = 0; length < 200; length++) {
    const text = Uint8Array.from({ length }, (_, i) => (i * 37 + length * 11) & 0xff)
    buffer.clear()
    writeCell(buffer, column, 0, text)
    assert.equal(u64(kernels.checksumText(column.cells, 0, 0, 1)), twin.checksumText([text]), `of ${length} bytes`)
  }
  owner.close()
})

test('a checksum sees every byte and its place in the text', () => {
  const owner = new ArenaOwner(arena, 'test')
  const checksum = (text: string): bigint => {
    const buffer = new BatchBuffer(owner, [types.string()], 4)
    writeCell(buffer, buffer.batch.columns[0]!, 0, text)
    return kernels.checksumText(buffer.batch.columns[0]!.cells, 0, 0, 1)
  }
  const text = 'The quick brown fox jumps over the lazy dog, and sixteen pangolins count it all again'
  const variants = [...text].map((_, i) => `${text.slice(0, i)}X${text.slice(i + 1)}`)
  for (const size of [8, 16, 32]) variants.push(text.slice(size, 2 * size) + text.slice(0, size) + text.slice(2 * size))
  variants.push(text.slice(0, 64) + text.slice(72, 80) + text.slice(64, 72) + text.slice(80), `${text} `, text.slice(1))
  assert.equal(new Set([text, ...variants].map(checksum)).size, variants.length + 1)
  owner.close()
})

test('changes are counted by what they do to a table', () => {
  const owner = new ArenaOwner(arena, 'test')
  const at = owner.allocate(64)
  arena.u8.set([RowKind.insert, RowKind.updateBefore, RowKind.updateAfter, RowKind.delete, RowKind.insert], at)
  assert.equal(kernels.checksumKinds(at, 0, 5), 1)
  arena.i32.set([0, 2, 4], (at + 16) / 4)
  assert.equal(kernels.checksumKinds(at, at + 16, 3), 3)
  owner.close()
})

test('key groups are their twin’s and spread evenly', () => {
  const counts = new Array<number>(128).fill(0)
  for (let i = 0; i < 12_800; i++) {
    const hash = Number(BigInt.asUintN(32, twin.hashBytes(new Uint8Array(new Uint32Array([i]).buffer))))
    const group = kernels.keyGroup(hash, 128)
    assert.equal(group, twin.keyGroup(hash, 128))
    counts[group]!++
  }
  assert.ok(Math.min(...counts) > 60 && Math.max(...counts) < 150)
})
