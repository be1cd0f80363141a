import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Random } from '../base/random.ts'
import { ArenaOwner, arenaOfThread } from '../data/arena.ts'
import { BatchBuffer } from '../data/batch-buffer.ts'
import { ByteReader, ByteSink } from '../data/byte-sink.ts'
import { writeCell } from '../data/cells.ts'
import { rowBytes } from '../data/row-encoding.ts'
import { types } from '../data/types.ts'
import { memoryState } from './keyed-state.ts'
import { PendingRows } from './pending-rows.ts'
import { RandomlyAsynchronousState } from './random-state.ts'
import { RowLists } from './row-lists.ts'
import { RowStore } from './row-store.ts'

const arena = arenaOfThread()
const storeTypes = [types.integer(), types.string(), types.bigint()]
const probeTypes = [types.bigint(), types.string()]
/** Of the store's columns, and of those that ask. */
const keys = [2, 1]
const probeKeys = [0, 1]

type Key = readonly [bigint | null, string]

const keyOf = (number: number): Key => [number % 17 === 16 ? null : BigInt(number), number % 2 === 0 ? '' : 'č']
const nameOf = (key: Key): string => `${key[0]} ${key[1]}`

/** Pending rows and the lists that they come into. */
class Subject {
  readonly owner = new ArenaOwner(arena, 'pending rows')
  readonly state
  readonly store: RowStore
  readonly lists: RowLists
  readonly pending: PendingRows
  readonly #rows: BatchBuffer
  readonly #ids: number
  readonly #probe: BatchBuffer

  constructor(random: Random | undefined) {
    const { owner } = this
    const state = memoryState({ owner, lineBytes: 0, prefixBytes: 0, ttlMs: 0 })
    this.state = random === undefined ? state : new RandomlyAsynchronousState(state, random)
    this.store = new RowStore({ owner, types: storeTypes })
    this.lists = new RowLists(owner, [false])
    this.pending = new PendingRows({ state: this.state, store: this.store, lists: this.lists, list: 0, keys })
    this.#rows = new BatchBuffer(owner, storeTypes)
    this.#ids = owner.allocate(this.#rows.capacity * 4)
    this.#probe = new BatchBuffer(owner, probeTypes)
  }

  /** `matches`: whether a row may match anything. */
  async add(from: number, rows: readonly Key[], matches: (i: number) => boolean): Promise<void> {
    const { batch } = this.#rows
    this.#rows.clear()
    rows.forEach(([number, text], i) => {
      writeCell(this.#rows, batch.columns[0]!, i, from + i)
      writeCell(this.#rows, batch.columns[1]!, i, text)
      writeCell(this.#rows, batch.columns[2]!, i, number)
    })
    batch.rowCount = rows.length
    batch.selectedCount = rows.length
    for (;;) {
      const found = this.state.find(batch, keys, this.pending.hashes)
      if (typeof found === 'number') break
      await found
    }
    rows.forEach((_, i) => (arena.i32[(this.#ids >>> 2) + i] = matches(i) ? -3 : -1))
    this.store.reclaim()
    this.pending.add(this.store.add(batch), this.#ids, rows.length)
  }

  async demand(probes: readonly Key[]): Promise<void> {
    const { batch } = this.#probe
    this.#probe.clear()
    probes.forEach((key, i) => {
      writeCell(this.#probe, batch.columns[0]!, i, key[0])
      writeCell(this.#probe, batch.columns[1]!, i, key[1])
    })
    batch.rowCount = probes.length
    batch.selectedCount = probes.length
    await done(() => this.pending.demand(batch, probeKeys))
  }

  /** Numbers of the rows of a key that are in its list. */
  listOf(key: Key): readonly number[] {
    const id = this.state.add(rowBytes([types.bigint(), types.string()], key))
    this.lists.grow(this.state.idBound)
    const buffer = new BatchBuffer(this.owner, storeTypes, 1)
    const found: number[] = []
    for (let row = this.lists.first(0, id); row !== 0; row = this.store.nextOf(row)) {
      const values = this.store.valuesOf(row, buffer)
      assert.deepEqual([values[2], values[1]], key)
      found.push(Number(values[0]))
    }
    return found
  }

  save(): Uint8Array {
    const sink = new ByteSink()
    this.pending.save(() => sink)
    return sink.toBytes()
  }

  load(bytes: Uint8Array): void {
    const reader = new ByteReader(bytes)
    while (reader.offset < bytes.length) this.pending.load(reader)
  }
}

async function done(call: () => true | Promise<void>): Promise<void> {
  for (let result = call(); result !== true; result = call()) await result
}

const number = fc.nat({ max: 60 })
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('add' as const), seed: fc.nat(), count: fc.constantFrom(1, 7, 3000, 4096) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('demand' as const),
      keys: fc.oneof(fc.array(number, { maxLength: 3 }), fc.array(number, { minLength: 60, maxLength: 90 })),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'demandAll' as const }) },
)

// Goal: whoever asks for keys finds their rows in the lists, in the order in which they were added; the others may be there or not, but in order too.
// Method: random additions and demands against arrays; many pages, NULLs in keys, keys of which no row is there, demands that are many enough to empty pages, and a state that is slow at random.
test('rows come into their lists when their keys are asked for, in their order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), fc.option(fc.nat()), async (steps, slowness) => {
      const subject = new Subject(slowness === null ? undefined : new Random(slowness))
      const wanted = new Map<string, number[]>()
      let next = 0
      let kept = 0
      for (const given of steps) {
        if (given.kind === 'add') {
          if (!subject.pending.takesRows) continue
          const random = new Random(given.seed)
          const rows = Array.from({ length: given.count }, () => keyOf(random.nextInt(50)))
          await subject.add(next, rows, (i) => i % 5 !== 4)
          rows.forEach((key, i) => {
            if (i % 5 === 4) return
            kept++
            const name = nameOf(key)
            wanted.set(name, [...(wanted.get(name) ?? []), next + i])
          })
          next += rows.length
        } else if (given.kind === 'demand') {
          await subject.demand(given.keys.map(keyOf))
          for (const key of given.keys.map(keyOf)) assert.deepEqual(subject.listOf(key), wanted.get(nameOf(key)) ?? [])
          const other = subject.listOf(keyOf(3))
          assert.deepEqual(other, (wanted.get(nameOf(keyOf(3))) ?? []).slice(0, other.length))
        } else await done(() => subject.pending.demandAll())
        assert.equal(subject.store.count, kept)
      }
      const restored = new Subject(undefined)
      restored.load(subject.save())
      await done(() => subject.pending.demandAll())
      await done(() => restored.pending.demandAll())
      assert.equal(subject.save().length, 0)
      for (let i = 0; i < 50; i++) {
        const rows = subject.listOf(keyOf(i))
        assert.deepEqual(rows, wanted.get(nameOf(keyOf(i))) ?? [])
        // What was saved are the rows that were in no list: the last ones.
        const late = restored.listOf(keyOf(i))
        assert.deepEqual(late, late.length === 0 ? [] : rows.slice(-late.length))
      }
      subject.owner.close()
      restored.owner.close()
    }),
    { numRuns: 60 },
  )
})

const page = Array.from({ length: 4088 }, (_, i) => keyOf(i % 50))
/** Rows of key 2 in a page. */
const PER_PAGE = 82

test('rows that are asked for now and then stay where they are, until that has cost as much as an index', async () => {
  const subject = new Subject(undefined)
  for (let i = 0; i < 20; i++) {
    await subject.add(i * page.length, page, () => true)
    await subject.demand([keyOf(1)])
  }
  const many = Array.from({ length: 100 }, () => keyOf(1))
  for (let i = 0; i < 9; i++) await subject.demand(many)
  assert.equal(subject.listOf(keyOf(2)).length, 0)
  // Now the four oldest pages have been searched for more than 256 keys, of which 24 stand for any number.
  await subject.demand(many)
  assert.equal(subject.listOf(keyOf(2)).length, 4 * PER_PAGE)
  assert.equal(subject.pending.takesRows, true)
  subject.owner.close()
})

test('one call puts no more than 32 pages into the index', async () => {
  const absent = Array.from({ length: 30 }, () => keyOf(60))
  const subject = new Subject(undefined)
  for (let i = 0; i < 40; i++) await subject.add(i * page.length, page, () => true)
  for (let i = 0; i < 11; i++) await subject.demand(absent)
  assert.equal(subject.listOf(keyOf(2)).length, 32 * PER_PAGE)
  await subject.demand(absent)
  assert.equal(subject.listOf(keyOf(2)).length, 40 * PER_PAGE)
  subject.owner.close()
})

test('rows wait no longer when most of them came into the index at once', async () => {
  const subject = new Subject(undefined)
  for (let i = 0; i < 5; i++) {
    assert.equal(subject.pending.takesRows, true)
    await subject.add(i * page.length, page, () => true)
    await subject.demand(page)
  }
  assert.equal(subject.pending.takesRows, false)
  subject.owner.close()
})
