import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ArenaOwner, arenaOfThread } from './arena.ts'
import { BatchBuffer } from './batch-buffer.ts'
import { writeCell } from './cells.ts'
import * as twin from './groups.twin.ts'
import { types } from './types.ts'

const arena = arenaOfThread()
const { kernels, u8, i8, i32, u32, f64 } = arena
const LINE_BYTES = 24
const GROUPS = 2100

// Goal: rows are counted, kept and their groups touched as the twin says, over several pages of lines.
test('rows touch their groups', () => {
  const owner = new ArenaOwner(arena, 'test')
  const pages = owner.ints(3)
  for (let i = 0; i < 3; i++) pages[i] = owner.allocate(LINE_BYTES << 10)
  const ids = owner.ints(64)
  const kinds = owner.allocate(64)
  const selection = owner.ints(64)
  const lines = owner.ints(64)
  const arrays = Array.from({ length: 8 }, () => owner.allocate(256))
  const work = owner.allocate(68)
  const id = fc.constantFrom(0, 1, 1023, 1024, GROUPS - 1)
  const row = fc.record({ id, kind: fc.constantFrom(0, 0, 1, 2, 3) })
  let run = 1
  fc.assert(
    fc.property(fc.array(fc.array(row, { maxLength: 40 }), { maxLength: 4 }), fc.boolean(), fc.boolean(), (runs, isOpen, hasKinds) => {
      for (let i = 0; i < 5; i++) ids[i] = [0, 1, 1023, 1024, GROUPS - 1][i]!
      kernels.clearLines(pages.byteOffset, LINE_BYTES, ids.byteOffset, 5)
      const counts = new Map<number, number>()
      for (const rows of runs) {
        rows.forEach((each, i) => {
          ids[i] = each.id
          // Rows stand in the batch in the opposite order.
          selection[i] = 63 - i
          u8[kinds + 63 - i] = each.kind
        })
        const words = [selection.byteOffset, ids.byteOffset, hasKinds ? kinds : 0, pages.byteOffset, LINE_BYTES, run++, ...arrays]
        words.forEach((word, i) => (u32[work / 4 + i] = word))
        u32[work / 4 + 14] = 0
        u32[work / 4 + 16] = isOpen ? 1 : 0
        const [plus, minus] = [1, -1] as const
        const signed = rows.map((each) => ({ id: each.id, sign: hasKinds && (each.kind & 1) === 1 ? minus : plus }))
        const touched = new Map<number, { place: number; hadRow: boolean }>()
        for (let from = 0; from < rows.length;) {
          const expected = twin.touchGroups(signed, from, counts, touched, isOpen)
          from = kernels.touchGroups(work, from, rows.length)
          assert.equal(from, expected.next)
          const [rowsAt, idsAt, , signsAt] = arrays as [number, number, number, number]
          const found = expected.kept.map((_, i) => [63 - i32[rowsAt / 4 + i]!, i32[idsAt / 4 + i], i8[signsAt + i]])
          assert.equal(u32[work / 4 + 15], expected.kept.length)
          assert.deepEqual(
            found,
            expected.kept.map((place) => [place, signed[place]!.id, signed[place]!.sign]),
          )
        }
        const [, , , , touchedAt, , rowsAt, hadAt] = arrays as [number, number, number, number, number, number, number, number]
        assert.deepEqual(
          Array.from({ length: u32[work / 4 + 14]! }, (_, k) => [i32[touchedAt / 4 + k], 63 - i32[rowsAt / 4 + k]!, u8[hadAt + k] === 1]),
          [...touched].map(([touchedId, { place, hadRow }]) => [touchedId, place, hadRow]),
        )
        const known = [...counts.keys()]
        known.forEach((each, i) => (ids[i] = each))
        kernels.lineAddresses(pages.byteOffset, LINE_BYTES, ids.byteOffset, known.length, lines.byteOffset)
        assert.deepEqual(
          known.map((_, i) => f64[lines[i]! / 8]),
          known.map((each) => counts.get(each)),
        )
      }
    }),
  )
  owner.close()
})

test('changes of groups are selected with their kinds', () => {
  const owner = new ArenaOwner(arena, 'test')
  const room = 32
  const buffer = new BatchBuffer(owner, [types.integer(), types.string(), types.decimal(38, 0)], room * 2)
  const lineBytes = owner.allocate(room * 8)
  const lines = owner.ints(room)
  const [hadRow, changed, kinds] = [owner.allocate(room), owner.allocate(room), owner.allocate(room * 2)]
  const selection = owner.ints(room * 2)
  const emptied = owner.ints(room + 1)
  const values = fc.tuple(
    fc.option(fc.nat(1)),
    fc.option(fc.constantFrom('', 'a', 'b', 'twelve bytes', 'twelve byteS')),
    fc.option(fc.bigInt(0n, 1n)),
  )
  const entry = fc.record({ hadRow: fc.boolean(), hasRow: fc.boolean(), before: values, after: fc.option(values, { nil: undefined }) })
  fc.assert(
    fc.property(fc.array(entry, { maxLength: room }), fc.boolean(), fc.nat(room), (entries, emitsBefore, cut) => {
      buffer.clear()
      entries.forEach((each, k) => {
        lines[k] = lineBytes + k * 8
        f64[lines[k] / 8] = each.hasRow ? 3 : 0
        u8[hadRow + k] = each.hadRow ? 1 : 0
        u8[changed + k] = 0
        buffer.batch.columns.forEach((column, c) => {
          writeCell(buffer, column, k * 2, each.before[c]!)
          writeCell(buffer, column, k * 2 + 1, (each.after ?? each.before)[c]!)
        })
      })
      const [ints, texts, wides] = buffer.batch.columns
      const middle = Math.min(cut, entries.length)
      emptied[0] = 0
      let selected = 0
      // In two parts, as changes by row do it.
      for (const [from, to] of [
        [0, middle],
        [middle, entries.length],
      ] as const) {
        kernels.markChangedCells(ints!.cells, ints!.nulls, 2, from, to, changed)
        kernels.markChangedTexts(texts!.cells, texts!.nulls, from, to, changed)
        kernels.markChangedCells(wides!.cells, wides!.nulls, 4, from, to, changed)
        const places = [lines.byteOffset, hadRow, changed, from, to] as const
        selected = kernels.selectChanges(...places, emitsBefore, kinds, selection.byteOffset, selected, emptied.byteOffset)
      }
      const expected = entries.map(({ before, after = before, ...each }) => ({
        ...each,
        isChanged: before.some((value, c) => value !== after[c]),
      }))
      assert.deepEqual(
        Array.from(selection.subarray(0, selected), (row) => `${row}:${u8[kinds + row]}`),
        twin.selectChanges(expected, emitsBefore),
      )
      assert.deepEqual(
        [...emptied.subarray(1, 1 + emptied[0])],
        entries.flatMap((each, k) => (each.hasRow ? [] : [k])),
      )
    }),
    { numRuns: 300 },
  )
  owner.close()
})

test('rows are kept by a filter and by NULLs, words are spread', () => {
  const owner = new ArenaOwner(arena, 'test')
  const column = new BatchBuffer(owner, [types.boolean()], 32).batch.columns[0]!
  const [rows, ids, lines, keptRows, keptIds, keptLines] = Array.from({ length: 6 }, () => owner.ints(32))
  const [signs, keptSigns, mask] = [owner.allocate(32), owner.allocate(32), owner.allocate(32)]
  const source = owner.allocate(256)
  const target = owner.allocate(1024)
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.boolean(), fc.boolean()), { maxLength: 32 }),
      fc.boolean(),
      fc.boolean(),
      (cells, hasCells, hasNulls) => {
        cells.forEach(([value, isNull], i) => {
          const row = 31 - i
          u8[column.cells + row] = value ? 1 : 0
          u8[mask + row] = isNull ? 1 : 0
          rows![i] = row
          ids![i] = i + 100
          lines![i] = i + 200
          i8[signs + i] = i % 3 === 0 ? -1 : 1
          arena.i64[source / 8 + row] = BigInt(row) * -7n
        })
        const given = [rows!.byteOffset, ids!.byteOffset, lines!.byteOffset, signs, cells.length] as const
        const out = [keptRows!.byteOffset, keptIds!.byteOffset, keptLines!.byteOffset, keptSigns] as const
        const count = kernels.filterRows(hasCells ? column.cells : 0, hasNulls ? mask : 0, ...given, ...out)
        const kept = cells.flatMap(([value, isNull], i) => ((hasCells && !value) || (hasNulls && isNull) ? [] : [i]))
        assert.deepEqual(
          [...keptRows!.subarray(0, count)],
          kept.map((i) => 31 - i),
        )
        assert.deepEqual(
          [...keptIds!.subarray(0, count)],
          kept.map((i) => i + 100),
        )
        assert.deepEqual(
          [...keptLines!.subarray(0, count)],
          kept.map((i) => i + 200),
        )
        assert.deepEqual(
          [...i8.subarray(keptSigns, keptSigns + count)],
          kept.map((i) => (i % 3 === 0 ? -1 : 1)),
        )
        for (const factor of [1, 2]) {
          kernels.spreadWords(source, rows!.byteOffset, cells.length, 2, factor, target)
          assert.deepEqual(
            [...arena.i64.subarray(target / 8, target / 8 + cells.length * 2)],
            cells.flatMap((_, i) => [0n, 1n].map((j) => BigInt(31 - i) * -7n * BigInt(factor) + (factor > 1 ? j : 0n))),
          )
        }
      },
    ),
  )
  owner.close()
})
