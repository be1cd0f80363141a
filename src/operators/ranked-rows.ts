import { assert } from '../base/assert.ts'
import type { Arena, ArenaOwner } from '../data/arena.ts'
import { BATCH_CAPACITY, type Batch } from '../data/batch.ts'
import type { ByteReader, ByteSink } from '../data/byte-sink.ts'
import type { SqlType } from '../data/types.ts'
import { RowLists } from '../state/row-lists.ts'
import { ORDER_BYTES, type OrderColumn, RowOrder } from '../state/row-order.ts'
import { RowStore } from '../state/row-store.ts'
import { Runs } from '../state/runs.ts'

// Fields of the context of `kernels/rank.ts`, in u32s.
const ROW = 0
const COUNT = 1
const IDS = 2
const INPUTS = 3
const LINES = 4
const KINDS = 5
const ORDER = 6
const SCHEMA = 7
const LISTS = 8
const RUNS = 9
const FROM = 10
const TO = 11
const FLAGS = 12
const OUT_LINES = 13
const OUT_KINDS = 14
const OUT_RANKS = 15
const OUT_INPUTS = 16
const OUT_NUMBERS = 17
const OUT_ROOM = 18
const OUT_COUNT = 19
const GONE = 20
const MISSING = 21
const PREFIXES = 22
const NEEDED = 23
const CONTEXT_BYTES = 96

const MISSING_ROOM = 1

const SHOWS_PLACES = 1
const EMITS_UPDATE_BEFORE = 2
const RETRACTS = 4
const LAST_FIRST = 8
const IS_TOP_1 = 16
const SHOWS_PLACES_OF_RETRACTION = 32

/** Of the form in which rows are saved. */
const FORMAT = 1

export interface RankedRowsOptions {
  readonly types: readonly SqlType[]
  readonly orderKeys: readonly OrderColumn[]
  readonly ties: 'first-come' | 'last-come'
  readonly from: number
  readonly to: number
  readonly showsRank: boolean
  readonly inputRetracts: boolean
  readonly emitsUpdateBefore: boolean
}

/** Where the kernels write changes. */
export interface ChangeRoom {
  readonly room: number
  readonly rows: number
  readonly ranks: number
  readonly inputs: number
  readonly numbers: number
  readonly kinds: number
  /** Makes room for so many changes; those that are there are lost. */
  grow(room: number): void
  fill(count: number): void
}

/** The rows of groups in order, as many as a Top-N needs. */
export class RankedRows {
  readonly store: RowStore
  readonly lists: RowLists
  readonly #arena: Arena
  readonly #order: RowOrder
  readonly #runs: Runs
  readonly #context: number
  readonly #prefixes: number
  readonly #inputs: number
  readonly #ids: number
  readonly #isTop1: boolean

  constructor(owner: ArenaOwner, { types, orderKeys, ties, from, to, showsRank, inputRetracts, emitsUpdateBefore }: RankedRowsOptions) {
    this.#arena = owner.arena
    this.store = new RowStore({ owner, types, extraBytes: ORDER_BYTES })
    this.#order = new RowOrder(owner, this.store.schema, orderKeys)
    this.lists = new RowLists(owner, [false])
    this.#runs = new Runs(owner)
    this.#prefixes = owner.allocate(BATCH_CAPACITY * 8)
    this.#inputs = owner.allocate(BATCH_CAPACITY * 4)
    this.#ids = owner.allocate(BATCH_CAPACITY * 4)
    this.#isTop1 = to === 1 && !inputRetracts
    this.#context = owner.allocate(CONTEXT_BYTES)
    let flags = inputRetracts ? RETRACTS : 0
    if (showsRank || from > 1 || to === 1) flags |= SHOWS_PLACES
    if (showsRank || from === to) flags |= SHOWS_PLACES_OF_RETRACTION
    if (emitsUpdateBefore) flags |= EMITS_UPDATE_BEFORE
    if (ties === 'last-come') flags |= LAST_FIRST
    if (this.#isTop1) flags |= IS_TOP_1
    this.#arena.u32.fill(0, this.#context >>> 2, (this.#context + CONTEXT_BYTES) >>> 2)
    this.#set(IDS, this.#ids)
    this.#set(INPUTS, this.#inputs)
    this.#set(ORDER, this.#order.address)
    this.#set(SCHEMA, this.store.schema.address)
    this.#set(LISTS, this.lists.address)
    this.#set(RUNS, this.#runs.address)
    this.#set(FROM, from)
    this.#set(TO, to)
    this.#set(FLAGS, flags)
    this.#set(PREFIXES, this.#prefixes)
  }

  /** Stores those rows of a batch that may have a rank. `ids`: i32 groups of its selected rows, all below `idBound`. */
  begin(batch: Batch, ids: number, idBound: number): void {
    const { kernels } = this.#arena
    this.store.reclaim()
    this.lists.grow(idBound)
    this.#order.bind(batch)
    kernels.batchPrefixes(this.#order.address, batch.selection, batch.selectedCount, this.#prefixes)
    const count = kernels.rankCandidates(this.#context, batch.selection, ids, batch.selectedCount)
    const rows = this.store.addRows(batch, { rows: this.#inputs, from: 0, count })
    kernels.setPrefixes(this.#prefixes, rows, count)
    this.#set(ROW, 0)
    this.#set(COUNT, count)
    this.#set(LINES, rows)
    this.#set(KINDS, batch.kinds)
    this.#set(GONE, this.store.releaseRoom(count * 2))
  }

  /** Works on until the changes have no room left, or all rows are done. False: nothing was left to do. */
  change(changes: ChangeRoom): boolean {
    if (this.#get(ROW) === this.#get(COUNT)) return false
    for (;;) {
      this.#set(OUT_LINES, changes.rows)
      this.#set(OUT_KINDS, changes.kinds)
      this.#set(OUT_RANKS, changes.ranks)
      this.#set(OUT_INPUTS, changes.inputs)
      this.#set(OUT_NUMBERS, changes.numbers)
      this.#set(OUT_ROOM, changes.room)
      if (this.#arena.kernels.rankRows(this.#context) === this.#get(COUNT)) break
      if (this.#get(MISSING) !== MISSING_ROOM) this.#runs.addPage()
      else if (this.#get(OUT_COUNT) > 0) break
      else changes.grow(this.#get(NEEDED))
    }
    changes.fill(this.#get(OUT_COUNT))
    this.#set(OUT_COUNT, 0)
    return true
  }

  /** The rows of a group in order. */
  rowsOf(id: number): readonly number[] {
    const first = this.lists.first(0, id)
    if (first === 0 || this.#isTop1) return first === 0 ? [] : [first]
    const start = (first >>> 2) + 2
    return [...this.#arena.u32.subarray(start, start + this.lists.size(0, id))]
  }

  save(id: number, sink: ByteSink): void {
    const rows = this.rowsOf(id)
    sink.u8(FORMAT)
    sink.varint(rows.length)
    for (const row of rows) sink.prefixed(this.store.bytesOf(row))
  }

  /** Reads what `save` wrote. */
  load(id: number, reader: ByteReader): void {
    assert(reader.u8() === FORMAT, 'rows are loaded in the form in which they were saved')
    const { kernels } = this.#arena
    for (let left = reader.varint(); left > 0; left--) {
      const row = this.store.addBytes(reader.raw(reader.varint()))
      kernels.linePrefix(this.#order.address, row)
      while (kernels.appendRanked(this.#context, id, row) === 0) this.#runs.addPage()
    }
  }

  #get(field: number): number {
    return this.#arena.u32[(this.#context >>> 2) + field]!
  }

  #set(field: number, value: number): void {
    this.#arena.u32[(this.#context >>> 2) + field] = value
  }
}
