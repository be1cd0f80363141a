import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ArenaOwner, arenaOfThread } from './arena.ts'
import * as twin from './windows.twin.ts'

const arena = arenaOfThread()
const { kernels, i32, u32, i64, u8, f64 } = arena

test('rows in time get their panes', () => {
  const owner = new ArenaOwner(arena, 'test')
  const [times, ends, watermarks, starts, froms] = Array.from({ length: 5 }, () => owner.allocate(512))
  const nulls = owner.allocate(64)
  const selection = owner.ints(64)
  const kept = owner.ints(64)
  const work = owner.allocate(72)
  const time = fc.integer({ min: -50, max: 50 })
  const row = fc.record({ time: fc.option(time, { freq: 6 }), watermark: fc.integer({ min: -90, max: 40 }), end: time })
  const options = fc.record({ size: fc.integer({ min: 1, max: 20 }), offset: time, all: fc.constant(-1000), isAttached: fc.boolean() })
  fc.assert(
    fc.property(
      fc.array(row, { maxLength: 40 }),
      options,
      fc.option(fc.integer({ min: -90, max: 40 })),
      (given, chosen, batchWatermark) => {
        given.forEach((each, i) => {
          const number = 63 - i
          selection[i] = number
          i64[times! / 8 + number] = BigInt(each.time ?? 77)
          i64[ends! / 8 + number] = BigInt(each.end)
          i64[watermarks! / 8 + number] = BigInt(each.watermark)
          u8[nulls + number] = each.time === null ? 1 : 0
        })
        // A batch has one watermark or also those of its rows.
        const rows = given.map((each) => ({ ...each, watermark: batchWatermark ?? Math.max(each.watermark, -60) }))
        const words = [
          selection.byteOffset,
          times!,
          nulls,
          chosen.isAttached ? ends! : 0,
          batchWatermark === null ? watermarks! : 0,
          starts!,
          froms!,
        ]
        ;[...words, kept.byteOffset].forEach((word, i) => (u32[work / 4 + i] = word))
        ;[batchWatermark ?? -60, chosen.size, chosen.offset, chosen.all].forEach((word, i) => (i64[work / 8 + 5 + i] = BigInt(word)))
        for (let from = 0; from < rows.length; from++) {
          u32[work / 4 + 8] = 0
          const expected = twin.assignPanes(rows, from, chosen)
          from = kernels.assignPanes(work, from, rows.length)
          assert.equal(from, expected.next)
          assert.equal(u32[work / 4 + 8], expected.kept.length)
          const found = expected.kept.map((_, i) => ({
            place: 63 - kept[i]!,
            start: Number(i64[starts! / 8 + kept[i]!]),
            from: Number(i64[froms! / 8 + kept[i]!]),
          }))
          assert.deepEqual(found, expected.kept)
        }
      },
    ),
    { numRuns: 300 },
  )
  owner.close()
})

test('groups with rows are kept, words filled', () => {
  const owner = new ArenaOwner(arena, 'test')
  const block = owner.allocate(256)
  const [ids, lines] = [owner.ints(32), owner.ints(32)]
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(0, 0, 1, -1), { maxLength: 32 }),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      (counts, word) => {
        counts.forEach((count, i) => {
          ids[i] = i + 7
          lines[i] = block + i * 8
          f64[block / 8 + i] = count
        })
        const kept = kernels.groupsWithRows(ids.byteOffset, lines.byteOffset, counts.length)
        const expected = counts.flatMap((count, i) => (count === 0 ? [] : [i]))
        assert.deepEqual(
          [...ids.subarray(0, kept)],
          expected.map((i) => i + 7),
        )
        assert.deepEqual(
          [...lines.subarray(0, kept)],
          expected.map((i) => block + i * 8),
        )
        kernels.fillWords(block, counts.length, word)
        for (let i = 0; i < counts.length; i++) assert.equal(i64[block / 8 + i], word)
        assert.equal(i32[ids.byteOffset / 4], ids[0])
      },
    ),
  )
  owner.close()
})
