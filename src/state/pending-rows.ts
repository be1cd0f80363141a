import type { ArenaOwner } from '../data/arena.ts'
import { BATCH_CAPACITY, type Batch } from '../data/batch.ts'
import { BatchBuffer } from '../data/batch-buffer.ts'
import type { ByteReader, ByteSink } from '../data/byte-sink.ts'
import type { Column } from '../data/column.ts'
import type { KeyedState } from './keyed-state.ts'
import type { RowLists } from './row-lists.ts'
import type { RowStore } from './row-store.ts'

// Of `kernels/pending-rows.ts`.
const PAGE_BYTES = 32 << 10
const PAGE_ENTRIES = 4088
const HEADER_ENTRIES = 16

const FILTER_BYTES = 16 << 10

/** Looking for one key after the other costs as much as a filter for all of them from so many keys on. */
const FILTER_COST = 24
/** So much may be spent on a page, in keys that were looked for, before its rows come into the index: an eighth of what that costs. */
const MOST_COST = 256
/** Pages that come into the index in one call, about 20 ms: the rest waits for the next one. */
const PAGES_AT_ONCE = 32
/** Rows that come into the index by whole pages before it may be said that they had better come there at once. */
const ENOUGH_ROWS = 4 * PAGE_ENTRIES

export interface PendingOptions {
  readonly state: KeyedState
  readonly store: RowStore
  readonly lists: RowLists
  /** Number of their list in a group. */
  readonly list: number
  /** Key columns of the store's rows; at least one. */
  readonly keys: readonly number[]
}

interface Page {
  readonly address: number
  /** What had been spent on looking for keys when the page was begun. */
  readonly begun: number
}

/**
 * Rows that were added to a store and that no list has yet: those of one list of each group. They come into the lists when somebody asks for their keys, in the order in which they came.
 *
 * An index has a place of its own for each key, far from that of the key before, where pages are written and searched one word behind the other. So a side of a join that is hardly ever asked
 * (rows that meet one maximum in ten seconds) costs little more than the writing of its rows.
 */
export class PendingRows {
  readonly #options: PendingOptions
  readonly #owner: ArenaOwner
  readonly #pages: Page[] = []
  #freePage = 0
  /** u32 hashes of the keys of the batch at hand. */
  readonly hashes: number
  readonly #filter: number
  /** What looking for keys has cost so far, a page each. */
  #cost = 0
  #added = 0
  /** Rows that came into lists by whole pages. */
  #moved = 0
  /** Rows that are in no page any more and in no list yet: u32s. */
  readonly #taken: number
  #takenCount = 0
  /** Their key columns. */
  readonly #buffer: BatchBuffer
  readonly #keys: readonly number[]
  /** For each column of the store where it goes in `#buffer`. */
  readonly #columns: readonly (Column | undefined)[]

  constructor(options: PendingOptions) {
    this.#options = options
    const { store, keys, state } = options
    const { owner } = state
    this.#owner = owner
    this.hashes = owner.allocate(BATCH_CAPACITY * 4)
    this.#filter = owner.allocate(FILTER_BYTES)
    this.#taken = owner.allocate(BATCH_CAPACITY * 4)
    const columns = [...new Set(keys)]
    this.#buffer = new BatchBuffer(
      owner,
      columns.map((column) => store.types[column]!),
    )
    this.#keys = keys.map((key) => columns.indexOf(key))
    this.#columns = store.types.map((_, column) => this.#buffer.batch.columns[columns.indexOf(column)])
  }

  /** Rows are asked for too often to wait. */
  get #isHasty(): boolean {
    return this.#moved > ENOUGH_ROWS && this.#moved * 2 > this.#added
  }

  /** Whether new rows come here; else they come into lists at once, and none is pending. */
  get takesRows(): boolean {
    return this.#pages.length > 0 || !this.#isHasty
  }

  /**
   * Adds `count` rows, u32s at `rows`, whose keys have the hashes at `hashes`. Those of i32 group -1 in `ids` match nothing and are released.
   */
  add(rows: number, ids: number, count: number): void {
    const { kernels } = this.#owner.arena
    this.#added += count
    const gone = this.#options.store.releaseRoom(count)
    for (let from = 0; ;) {
      const page = this.#pages.at(-1)
      if (page !== undefined) from = kernels.addPending(page.address, this.hashes, rows, ids, from, count, gone)
      if (page !== undefined && from === count) return
      this.#addPage()
    }
  }

  #addPage(): void {
    const address = this.#freePage === 0 ? this.#owner.allocate(PAGE_BYTES) : this.#freePage
    this.#freePage = 0
    this.#owner.arena.u32[address >>> 2] = 0
    this.#pages.push({ address, begun: this.#cost })
  }

  /** Puts the rows whose keys are among those of a batch into their lists, and some others; a promise: the call is made again when it settles. */
  demand(batch: Batch, keyColumns: readonly number[]): true | Promise<void> {
    if (this.#pages.length === 0 && this.#takenCount === 0) return true
    const count = batch.selectedCount
    const cost = Math.min(count, FILTER_COST)
    for (let moved = 0; ; moved++) {
      const indexed = this.#index()
      if (indexed !== true) return indexed
      const [page] = this.#pages
      if (page === undefined) return true
      // A few rows cost less in the index than the hashes of those that ask for them.
      const isSmall = this.#pages.length === 1 && this.#owner.arena.u32[page.address >>> 2]! <= count
      const isWorn = this.#isHasty || this.#cost + cost - page.begun > MOST_COST
      if (!isSmall && (!isWorn || moved === PAGES_AT_ONCE)) break
      this.#take(page)
    }
    const found = this.#options.state.find(batch, keyColumns, this.hashes)
    if (typeof found !== 'number') return found
    this.#cost += cost
    return this.#search(count)
  }

  /** Puts the rows whose hashes are among `count` ones at `hashes` into their lists. */
  #search(count: number): true | Promise<void> {
    const { kernels } = this.#owner.arena
    const isFiltered = count > FILTER_COST
    if (isFiltered) kernels.fillFilter(this.#filter, this.hashes, count)
    for (const { address } of this.#pages) {
      this.#takenCount = isFiltered
        ? kernels.filterPending(address, this.#filter, this.#taken)
        : kernels.findPending(address, this.hashes, count, this.#taken)
      const indexed = this.#index()
      if (indexed !== true) return indexed
    }
    return true
  }

  /** Puts all rows into their lists; a promise as above. */
  demandAll(): true | Promise<void> {
    for (;;) {
      const indexed = this.#index()
      if (indexed !== true) return indexed
      const [page] = this.#pages
      if (page === undefined) return true
      this.#take(page)
    }
  }

  /** Takes the rows of the first page. */
  #take(page: Page): void {
    this.#takenCount = this.#owner.arena.kernels.takePending(page.address, this.#taken)
    this.#moved += this.#takenCount
    this.#pages.shift()
    if (this.#freePage === 0) this.#freePage = page.address
    else this.#owner.free(page.address)
  }

  /** Puts the rows that were taken into their lists. */
  #index(): true | Promise<void> {
    const count = this.#takenCount
    if (count === 0) return true
    const { state, store, lists, list } = this.#options
    const { batch } = this.#buffer
    this.#buffer.clear()
    store.read(this.#taken, count, this.#buffer, this.#columns)
    batch.rowCount = count
    batch.selectedCount = count
    const ids = state.prepare(batch, this.#keys)
    if (typeof ids !== 'number') return ids
    state.touch(ids, count)
    lists.grow(state.idBound)
    lists.apply({ store, list, ids, batch, rows: this.#taken })
    this.#takenCount = 0
    return true
  }

  /** Writes the rows, and what tells their key groups, to the sinks of these. */
  save(sinkOf: (hash: number) => ByteSink): void {
    const { store } = this.#options
    const { u32 } = this.#owner.arena
    for (const { address } of this.#pages) {
      const at = address >>> 2
      for (let entry = 0; entry < u32[at]!; entry++) {
        const row = u32[at + HEADER_ENTRIES + PAGE_ENTRIES + entry]!
        if (row === 0) continue
        const hash = u32[at + HEADER_ENTRIES + entry]!
        const sink = sinkOf(hash)
        sink.i32(hash | 0)
        sink.prefixed(store.bytesOf(row))
        sink.varint(store.markOf(row))
      }
    }
  }

  /** Reads one row that `save` wrote. */
  load(reader: ByteReader): void {
    const { store } = this.#options
    const { u32 } = this.#owner.arena
    const hash = reader.i32() >>> 0
    const row = store.addBytes(reader.raw(reader.varint()))
    store.setMark(row, reader.varint())
    u32[this.hashes >>> 2] = hash
    u32[this.#taken >>> 2] = row
    u32[(this.#taken >>> 2) + 1] = 0
    this.add(this.#taken, this.#taken + 4, 1)
  }
}
