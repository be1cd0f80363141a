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
  const time = fc.integer({ min: -12, max: 12 })
  const row = fc.record({ time: fc.option(time, { freq: 6 }), watermark: fc.integer({ min: -30, max: 8 }), end: time })
  const options = fc.record({ size: fc.integer({ min: 1, max: 6 }), offset: time, all: fc.constant(-1000), isAttached: fc.boolean() })
  fc.assert(
    fc.property(fc.array(row, { maxLength: 40 }), options, fc.option(fc.integer({ min: -30, max: 0 })), (given, chosen, batchWatermark) => {
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
    }),
    { numRuns: 1000 },
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

test('rows extend the only sessions of their keys', () => {
  const owner = new ArenaOwner(arena, 'test')
  const KEY_BYTES = 8
  const SESSION_BYTES = 40
  const [times, watermarks] = [owner.allocate(512), owner.allocate(512)]
  const [nulls, kinds] = [owner.allocate(64), owner.allocate(64)]
  const [selection, keyIds, keyPages, sessionPages, rowsOut, idsOut, linesOut] = Array.from({ length: 7 }, () => owner.ints(64))
  const signsOut = owner.allocate(64)
  const keyLines = owner.allocate(KEY_BYTES << 10)
  const sessionLines = owner.allocate(SESSION_BYTES << 10)
  keyPages![0] = keyLines
  sessionPages![0] = sessionLines
  const work = owner.allocate(80)
  // Few times, so that bounds meet.
  const time = fc.integer({ min: -6, max: 6 })
  const row = fc.record({
    time: fc.option(time, { freq: 12 }),
    watermark: fc.integer({ min: -20, max: 6 }),
    key: fc.nat(3),
    kind: fc.nat(3),
  })
  const session = fc.option(
    fc.record({ start: time, length: fc.integer({ min: 1, max: 6 }), rows: fc.nat(3), isOnly: fc.constantFrom(true, true, true, false) }),
    {
      freq: 8,
    },
  )
  fc.assert(
    fc.property(
      fc.array(row, { maxLength: 30 }),
      fc.array(session, { minLength: 4, maxLength: 4 }),
      fc.integer({ min: 1, max: 4 }),
      fc.boolean(),
      (given, opened, gap, hasKinds) => {
        const sessions = new Map<number, twin.OpenSession>()
        opened.forEach((each, key) => {
          u32[(keyLines + key * KEY_BYTES) / 4] = each === null ? 0 : key + 5
          if (each === null) return
          sessions.set(key, { rows: each.rows, start: each.start, end: each.start + each.length, isOnly: each.isOnly })
          const line = sessionLines + (key + 4) * SESSION_BYTES
          f64[line / 8] = each.rows
          u32[line / 4 + 2] = each.isOnly ? 0 : 1
          i64[line / 8 + 2] = BigInt(each.start)
          i64[line / 8 + 3] = BigInt(each.start + each.length)
        })
        given.forEach((each, i) => {
          const number = 63 - i
          selection![i] = number
          keyIds![i] = each.key
          i64[times / 8 + number] = BigInt(each.time ?? 77)
          i64[watermarks / 8 + number] = BigInt(each.watermark)
          u8[nulls + number] = each.time === null ? 1 : 0
          u8[kinds + number] = each.kind
        })
        const addresses = [selection, keyIds, keyPages, sessionPages, rowsOut, idsOut, linesOut].map((array) => array!.byteOffset)
        const [selectionAt, keyIdsAt, keyPagesAt, sessionPagesAt, rowsAt, idsAt, linesAt] = addresses as [
          number,
          number,
          number,
          number,
          number,
          number,
          number,
        ]
        const words = [
          selectionAt,
          times,
          nulls,
          hasKinds ? kinds : 0,
          watermarks,
          keyIdsAt,
          keyPagesAt,
          KEY_BYTES,
          sessionPagesAt,
          SESSION_BYTES,
        ]
        ;[...words, rowsAt, idsAt, linesAt, signsOut, 0].forEach((word, i) => (u32[work / 4 + i] = word))
        i64[work / 8 + 8] = -30n
        i64[work / 8 + 9] = BigInt(gap)
        const rows = given.map((each) => ({
          ...each,
          end: 0,
          watermark: Math.max(each.watermark, -30),
          sign: hasKinds && (each.kind & 1) === 1 ? (-1 as const) : (1 as const),
        }))
        const next = twin.extendSessions(rows, 0, sessions, gap)
        assert.equal(kernels.extendSessions(work, 0, rows.length), next)
        assert.equal(u32[work / 4 + 14], next)
        for (let i = 0; i < next; i++) {
          assert.deepEqual([rowsOut![i], idsOut![i], arena.i8[signsOut + i]], [63 - i, rows[i]!.key + 4, rows[i]!.sign])
          assert.equal(linesOut![i]! >>> 0, sessionLines + idsOut![i]! * SESSION_BYTES)
        }
        for (const [key, expected] of sessions) {
          const line = (sessionLines + (key + 4) * SESSION_BYTES) / 8
          assert.deepEqual([f64[line], Number(i64[line + 2]), Number(i64[line + 3])], [expected.rows, expected.start, expected.end])
        }
      },
    ),
    { numRuns: 2000 },
  )
  owner.close()
})
