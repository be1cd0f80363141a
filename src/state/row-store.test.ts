import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Arena, ArenaOwner, arenaOfThread } from '../data/arena.ts'
import { BatchBuffer } from '../data/batch-buffer.ts'
import { ByteReader, ByteSink } from '../data/byte-sink.ts'
import { readCell, writeCell } from '../data/cells.ts'
import { rowBytes } from '../data/row-encoding.ts'
import { RowKind } from '../data/row-kind.ts'
import { type SqlType, types } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import { INDEX_BYTES, RowLists } from './row-lists.ts'
import { RowStore } from './row-store.ts'

const arena: Arena = arenaOfThread()

// Goal: a list of rows behaves as an array of values: rows are read as they were added, equal rows are found, and what is taken back leaves nothing behind.
// Method: random batches of additions and removals over few groups, against arrays of values; every layout, NULLs, ROWs that are NULL, long lists, long texts, selections, and a
// snapshot in the middle.

const nested: SqlType = {
  kind: 'ROW',
  nullable: true,
  fields: [
    { name: 'a', type: types.integer() },
    { name: 'b', type: types.string() },
  ],
}
const rowTypes: readonly SqlType[] = [
  types.bigint(),
  types.string(),
  nested,
  types.decimal(30, 2),
  types.timestamp(9),
  types.double(),
  types.boolean(),
  types.smallint(),
  { kind: 'ARRAY', nullable: true, element: types.integer() },
  types.float(),
]

const nullable = <T extends SqlValue>(values: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(values, { nil: null, freq: 8 })
const text = fc.oneof(
  fc.constantFrom('', 'a', 'čá', 'abcdefgh'),
  fc.integer({ min: 1, max: 300 }).map((n) => 'x'.repeat(n)),
)
const row: fc.Arbitrary<readonly SqlValue[]> = fc.tuple(
  nullable(fc.bigInt({ min: -3n, max: 3n })),
  nullable(text),
  nullable(fc.tuple(nullable(fc.integer({ min: 0, max: 2 })), nullable(text))),
  nullable(fc.constantFrom(0n, -5n, 10n ** 29n)),
  nullable(fc.constantFrom(0n, 1_234_567_891n, -1n)),
  nullable(fc.constantFrom(0, -0, Number.NaN, 1.5)),
  nullable(fc.boolean()),
  nullable(fc.constantFrom(-1, 300)),
  nullable(fc.array(nullable(fc.integer({ min: 0, max: 1 })), { maxLength: 3 })),
  nullable(fc.constantFrom(0, Number.NaN, 0.5)),
)

const step = fc.array(
  fc.record({ row, group: fc.nat(3), takesBack: fc.boolean(), which: fc.nat(), copies: fc.constantFrom(1, 1, 1, 20) }),
  {
    minLength: 1,
    maxLength: 12,
  },
)

interface Change {
  readonly kind: RowKind
  readonly group: number
  readonly row: readonly SqlValue[]
}

function fill(buffer: BatchBuffer, changes: readonly Change[]): void {
  buffer.clear()
  const { batch } = buffer
  const kinds = buffer.addKinds()
  const selection = buffer.selectionRoom()
  // Every other physical row only, so that rows and places differ.
  changes.forEach((change, i) => {
    change.row.forEach((value, c) => writeCell(buffer, batch.columns[c]!, i * 2 + 1, value))
    arena.u8[kinds + i * 2 + 1] = change.kind
    arena.i32[(selection >>> 2) + i] = i * 2 + 1
  })
  batch.rowCount = changes.length * 2
  batch.selection = selection
  batch.selectedCount = changes.length
}

const key = (values: readonly SqlValue[]): string => Buffer.from(rowBytes(rowTypes, values)).toString('hex')

class Harness {
  readonly owner = new ArenaOwner(arena, 'test')
  readonly store = new RowStore({ owner: this.owner, types: rowTypes, extraBytes: INDEX_BYTES })
  readonly lists = new RowLists(this.owner, [false, true])
  readonly shown = new BatchBuffer(this.owner, rowTypes)

  constructor() {
    this.lists.grow(4)
  }

  rows(group: number): SqlValue[][] {
    const found: SqlValue[][] = []
    for (let at = this.lists.first(1, group); at !== 0; at = this.store.nextOf(at)) found.push(this.store.valuesOf(at, this.shown))
    return found
  }
}

test('lists of rows are arrays of values', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const before = arena.usedBytes
      let at = new Harness()
      const input = new BatchBuffer(at.owner, rowTypes)
      const ids = at.owner.allocate(4096 * 4) >>> 2
      const model: (readonly SqlValue[])[][] = [[], [], [], []]
      steps.forEach((list, number) => {
        const changes: Change[] = []
        for (const { row: values, group, takesBack, which, copies } of list) {
          const rows = model[group]!
          if (!takesBack) for (let i = 0; i < copies; i++) changes.push({ kind: RowKind.insert, group, row: values })
          if (!takesBack) for (let i = 0; i < copies; i++) rows.push(values)
          if (!takesBack) continue
          const gone = rows.length === 0 ? values : rows[which % rows.length]!
          changes.push({ kind: RowKind.delete, group, row: gone })
          const place = rows.findLastIndex((known) => key(known) === key(gone))
          if (place >= 0) rows.splice(place, 1)
        }
        fill(input, changes)
        changes.forEach(({ group }, i) => (arena.i32[ids + i] = group))
        at.store.reclaim()
        at.lists.apply({ store: at.store, list: 1, ids: ids * 4, batch: input.batch, rows: at.store.add(input.batch) })
        model.forEach((rows, group) => {
          const sorted = (values: readonly (readonly SqlValue[])[]): string[] => values.map(key).sort()
          assert.deepEqual(sorted(at.rows(group)), sorted(rows))
          assert.equal(at.lists.size(1, group), rows.length)
        })
        if (number % 4 !== 3) return
        const restored = new Harness()
        for (let group = 0; group < 4; group++) {
          const sink = new ByteSink()
          at.lists.save(at.store, 1, group, sink)
          restored.lists.load(restored.store, 1, group, new ByteReader(sink.toBytes()))
        }
        at = restored
      })
      assert.equal(
        at.store.count,
        model.reduce((sum, rows) => sum + rows.length, 0),
      )
      at.owner.close()
      assert.ok(arena.usedBytes >= before)
    }),
    { numRuns: 150 },
  )
})

test('many rows are read at once, beside rows of NULLs, into a part of the columns', () => {
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 300 }), fc.array(fc.nat(), { maxLength: 300 }), (rows, picks) => {
      const owner = new ArenaOwner(arena, 'test')
      const store = new RowStore({ owner, types: rowTypes })
      const input = new BatchBuffer(owner, rowTypes)
      fill(
        input,
        rows.map((values) => ({ kind: RowKind.insert, group: 0, row: values })),
      )
      const names = Array.from(arena.u32.subarray(store.add(input.batch) >>> 2).subarray(0, rows.length))
      input.clear()
      const list = owner.allocate(4096 * 4)
      const picked = picks.map((n) => n % (rows.length + 1))
      picked.forEach((n, i) => (arena.u32[(list >>> 2) + i] = names[n] ?? 0))
      const target = new BatchBuffer(owner, rowTypes)
      const { columns } = target.batch
      const wanted = columns.map((column, i) => (i === 3 ? undefined : column))
      store.read(list, 0, target, wanted)
      // In two runs, the second behind the first.
      const half = picked.length >>> 1
      store.read(list, half, target, wanted)
      store.read(list + half * 4, picked.length - half, target, wanted, half)
      picked.forEach((n, i) => {
        const values = rows[n] ?? rowTypes.map(() => null)
        const expected = key(values.map((value, c) => (c === 3 ? null : value)))
        const found = columns.map((column, c) => (c === 3 ? null : readCell(arena, column, i)))
        assert.equal(key(found), expected)
      })
      owner.close()
    }),
    { numRuns: 60 },
  )
})

test('texts of any length are kept, each between two others', () => {
  const owner = new ArenaOwner(arena, 'test')
  const textTypes = [types.string(), types.string(), types.string()]
  const store = new RowStore({ owner, types: textTypes })
  const input = new BatchBuffer(owner, textTypes)
  const textOf = (row: number, column: number): string =>
    Array.from({ length: column === 1 ? row : 3 }, (_, i) => String.fromCharCode(97 + ((i * 7 + row + column) % 26))).join('')
  for (let row = 0; row < 400; row++) for (let c = 0; c < 3; c++) writeCell(input, input.batch.columns[c]!, row, textOf(row, c))
  input.batch.rowCount = 400
  input.batch.selectedCount = 400
  const names = Array.from(arena.u32.subarray(store.add(input.batch) >>> 2).subarray(0, 400))
  const buffer = new BatchBuffer(owner, textTypes, 1)
  for (const [row, name] of names.entries())
    assert.deepEqual(
      store.valuesOf(name, buffer),
      [0, 1, 2].map((c) => textOf(row, c)),
    )
  owner.close()
})

test('the bytes of rows that are gone are used again, and all are given back by an empty store', () => {
  const owner = new ArenaOwner(arena, 'test')
  const store = new RowStore({ owner, types: [types.integer(), types.string()] })
  const input = new BatchBuffer(owner, [types.integer(), types.string()])
  const empty = owner.usedBytes
  let full = 0
  for (let round = 0; round < 50; round++) {
    input.clear()
    for (let i = 0; i < 4000; i++) {
      writeCell(input, input.batch.columns[0]!, i, i)
      writeCell(input, input.batch.columns[1]!, i, 'text '.repeat(1 + (i % 70)))
    }
    input.batch.rowCount = 4000
    input.batch.selectedCount = 4000
    const rows = Array.from(arena.u32.subarray(store.add(input.batch) >>> 2).subarray(0, 4000))
    if (round === 0) full = owner.usedBytes
    const kept = round === 49 ? 0 : 1
    for (const gone of rows.slice(kept)) store.release(gone)
    store.reclaim()
    assert.ok(store.count >= kept)
  }
  assert.ok(full - empty > 500_000)
  assert.ok(owner.usedBytes < full + 600_000, `${owner.usedBytes}`)
  owner.close()
})

test('rows of a long list are found in any order, and leave nothing behind', () => {
  const owner = new ArenaOwner(arena, 'test')
  const columns = [types.integer(), types.string()]
  const store = new RowStore({ owner, types: columns, extraBytes: INDEX_BYTES })
  const lists = new RowLists(owner, [true])
  lists.grow(1)
  const input = new BatchBuffer(owner, columns)
  const ids = owner.allocate(4096 * 4)
  const total = 20_000
  const change = (numbers: readonly number[], kind: RowKind): void => {
    input.clear()
    arena.u8.fill(kind, input.addKinds(), input.batch.kinds + numbers.length)
    numbers.forEach((n, i) => {
      writeCell(input, input.batch.columns[0]!, i, n)
      writeCell(input, input.batch.columns[1]!, i, `row ${n}`)
      arena.i32[(ids >>> 2) + i] = 0
    })
    input.batch.rowCount = numbers.length
    input.batch.selectedCount = numbers.length
    store.reclaim()
    lists.apply({ store, list: 0, ids, batch: input.batch, rows: store.add(input.batch) })
  }
  const order = Array.from({ length: total }, (_, i) => (i * 7919) % total)
  for (let from = 0; from < total; from += 4000) change(order.slice(from, from + 4000), RowKind.insert)
  assert.equal(lists.size(0, 0), total)
  for (let from = 0; from < total; from += 4000) {
    change(order.map((n) => total - 1 - n).slice(from, from + 4000), RowKind.delete)
  }
  assert.equal(lists.size(0, 0), 0)
  assert.equal(lists.first(0, 0), 0)
  store.reclaim()
  assert.equal(store.count, 0)
  owner.close()
})
