import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { arbitraryType, arbitraryValue } from '../../test/arbitrary-values.ts'
import { ArenaOwner, arenaOfThread } from './arena.ts'
import { BatchBuffer } from './batch-buffer.ts'
import { readCell, writeCell } from './cells.ts'
import { copySelected } from './copy-batch.ts'
import * as twin from './hash.twin.ts'
import { KeyEncoder } from './key-encoder.ts'
import { Partitioner, subtaskOfKeyGroup } from './partitioner.ts'
import { rowBytes } from './row-encoding.ts'
import type { SqlType } from './types.ts'
import type { SqlValue } from './value.ts'

const arena = arenaOfThread()

const arbitraryTable = fc.array(arbitraryType, { minLength: 1, maxLength: 3 }).chain((columns) =>
  fc.record({
    columns: fc.constant(columns),
    rows: fc.array(fc.tuple(...columns.map(arbitraryValue)), { maxLength: 8 }),
    selected: fc.option(fc.array(fc.boolean(), { minLength: 8, maxLength: 8 })),
  }),
)

/** A batch of the rows; `selected` becomes its selection. */
function batchOf(owner: ArenaOwner, columns: readonly SqlType[], rows: readonly SqlValue[][], selected: readonly boolean[] | null) {
  const buffer = new BatchBuffer(owner, columns, 16)
  const { batch } = buffer
  rows.forEach((row, i) => row.forEach((value, c) => writeCell(buffer, batch.columns[c]!, i, value)))
  batch.rowCount = rows.length
  batch.selectedCount = rows.length
  if (selected === null) return { buffer, batch, places: rows.map((_, i) => i) }
  const places = rows.map((_, i) => i).filter((i) => selected[i])
  batch.selection = buffer.selectionRoom()
  batch.selectedCount = places.length
  arena.i32.set(places, batch.selection >>> 2)
  return { buffer, batch, places }
}

test('keys are the bytes of the row encoding, for every type, and carry their hash', () => {
  fc.assert(
    fc.property(arbitraryTable, ({ columns, rows, selected }) => {
      const owner = new ArenaOwner(arena, 'test')
      const { batch, places } = batchOf(owner, columns, rows, selected)
      const encoder = new KeyEncoder(owner, 16)
      const keyColumns = columns.map((_, i) => i).toReversed()
      const count = encoder.encode(batch, keyColumns)
      assert.equal(count, places.length)
      const offsets = arena.u32.subarray(encoder.offsets >>> 2)
      places.forEach((row, i) => {
        const expected = rowBytes(
          columns.toReversed(),
          keyColumns.map((c) => rows[row]![c]!),
        )
        const key = arena.u8.slice(encoder.keys + offsets[i]!, encoder.keys + offsets[i + 1]!)
        assert.deepEqual(key, expected)
        assert.equal(arena.u32[(encoder.hashes >>> 2) + i], Number(BigInt.asUintN(32, twin.hashBytes(expected))))
      })
      owner.close()
    }),
    { numRuns: 500 },
  )
})

test('very long keys are encoded in several runs', () => {
  const owner = new ArenaOwner(arena, 'test')
  const types: SqlType[] = [{ kind: 'VARCHAR', length: 1 << 30, nullable: true }]
  const texts = ['a', 'b'.repeat(900_000), 'c'.repeat(900_000), 'd'.repeat(3_000_000), 'e']
  const { batch } = batchOf(
    owner,
    types,
    texts.map((text) => [text]),
    null,
  )
  const encoder = new KeyEncoder(owner, 16)
  const counts: number[] = []
  for (let from = 0; from < texts.length;) {
    const count = encoder.encode(batch, [0], from)
    const offsets = arena.u32.subarray(encoder.offsets >>> 2)
    for (let i = 0; i < count; i++) {
      const key = arena.u8.slice(encoder.keys + offsets[i]!, encoder.keys + offsets[i + 1]!)
      assert.equal(Buffer.compare(key, rowBytes(types, [texts[from + i]!])), 0)
    }
    counts.push(count)
    from += count
  }
  assert.deepEqual(counts, [2, 1, 1, 1])
  owner.close()
})

test('copied rows are the selected ones, with kinds, watermarks and places, however they are cut', () => {
  fc.assert(
    fc.property(arbitraryTable, fc.nat(8), fc.boolean(), fc.boolean(), (table, cut, hasKinds, hasWatermarks) => {
      const owner = new ArenaOwner(arena, 'test')
      const { buffer, batch, places } = batchOf(owner, table.columns, table.rows, table.selected)
      if (hasKinds) buffer.addKinds()
      if (hasWatermarks) buffer.addRowWatermarks()
      buffer.addPlaces()
      batch.watermark = 7
      table.rows.forEach((_, row) => {
        if (hasKinds) arena.u8[batch.kinds + row] = row % 4
        if (hasWatermarks) arena.i64[batch.rowWatermarks / 8 + row] = BigInt(row * 10)
        arena.i64[batch.places / 8 + row] = BigInt(row + 100)
      })
      const target = new BatchBuffer(owner, table.columns, 16)
      const copy = target.batch
      const middle = Math.min(cut, places.length)
      const kinds = batch.kinds
      copySelected(batch, target, 0, middle)
      // The second half has one watermark for all rows and no kinds.
      batch.kinds = 0
      batch.rowWatermarks = 0
      batch.watermark = 8
      copySelected(batch, target, middle)
      assert.equal(copy.selectedCount, places.length)
      places.forEach((row, i) => {
        assert.deepEqual(
          copy.columns.map((column) => readCell(arena, column, i)),
          table.rows[row],
        )
        assert.equal(copy.kinds === 0 ? 0 : arena.u8[copy.kinds + i], i < middle && kinds !== 0 ? row % 4 : 0)
        const watermark = copy.rowWatermarks === 0 ? copy.watermark : Number(arena.i64[copy.rowWatermarks / 8 + i])
        assert.equal(watermark, i >= middle ? 8 : hasWatermarks ? row * 10 : 7)
        assert.equal(arena.i64[copy.places / 8 + i], BigInt(row + 100))
      })
      owner.close()
    }),
    { numRuns: 500 },
  )
})

test('partitions hold each selected row once, in order, where its key group belongs', () => {
  fc.assert(
    fc.property(arbitraryTable, fc.integer({ min: 1, max: 5 }), ({ columns, rows, selected }, parallelism) => {
      const owner = new ArenaOwner(arena, 'test')
      const { batch, places } = batchOf(owner, columns, rows, selected)
      const partitioner = new Partitioner(owner, parallelism, 128, 16)
      partitioner.partition(batch, [0])
      for (let subtask = 0; subtask < parallelism; subtask++) {
        const { rows: address, from, count } = partitioner.rowsOf(subtask)
        const found = Array.from(arena.i32.subarray((address >>> 2) + from, (address >>> 2) + from + count))
        const expected = places.filter((row) => {
          const hash = Number(BigInt.asUintN(32, twin.hashBytes(rowBytes([columns[0]!], [rows[row]![0]!]))))
          return subtaskOfKeyGroup(twin.keyGroup(hash, 128), parallelism) === subtask
        })
        assert.deepEqual(found, expected)
      }
      owner.close()
    }),
    { numRuns: 300 },
  )
})
