import { assert } from '../base/assert.ts'
import type { Arena, ArenaOwner } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import type { ByteReader, ByteSink } from '../data/byte-sink.ts'
import type { RowStore } from './row-store.ts'
import { RowKind } from '../data/row-kind.ts'

const GROUP_PAGE_SHIFT = 10
const GROUPS_PER_PAGE = 1 << GROUP_PAGE_SHIFT
const LIST_BYTES = 8
const FIRST_DIRECTORY = 64

// Fields of the index's header, in u32s.
const BUCKETS = 0
const BUCKET_COUNT = 1
const BUCKET_CAPACITY = 2
const BUCKETS_PER_PAGE = 4096
const HEADER_BYTES = 64

/** Of the form in which rows of lists are saved. */
const FORMAT = 1
const COUNT_MASK = 0x7fffffff

/** Pages of fixed size behind a directory that kernels read, all zeros at first. */
class PagedTable {
  readonly #owner: ArenaOwner
  readonly #pageBytes: number
  readonly #pages: number[] = []
  directory: number
  #room = FIRST_DIRECTORY

  constructor(owner: ArenaOwner, pageBytes: number) {
    this.#owner = owner
    this.#pageBytes = pageBytes
    this.directory = owner.allocate(FIRST_DIRECTORY * 4)
  }

  get pageCount(): number {
    return this.#pages.length
  }

  addPage(): void {
    const { arena } = this.#owner
    if (this.#pages.length === this.#room) {
      const grown = this.#owner.allocate(this.#room * 8)
      arena.u8.copyWithin(grown, this.directory, this.directory + this.#room * 4)
      this.#owner.free(this.directory)
      this.directory = grown
      this.#room *= 2
    }
    const page = this.#owner.allocate(this.#pageBytes)
    arena.kernels.clearBytes(page, this.#pageBytes)
    arena.u32[(this.directory >>> 2) + this.#pages.length] = page
    this.#pages.push(page)
  }
}

/** Which rows of a batch come into lists and which are taken back. */
export interface ApplyOptions {
  readonly store: RowStore
  /** Number of the list in its group. */
  readonly list: number
  /** i32 group ids of the selected rows; -1: the row belongs to no group. A row that is taken back and was not there gets -2. */
  readonly ids: number
  /** The batch that the rows are of. */
  readonly batch: Batch
  /** Their names in `store`, which `RowStore.add` gave. */
  readonly rows: number
}

/**
 * Lists of rows by group id, in the order in which they came: `listCount` for each group, of a store each. A group without rows costs its place only, and
 * nothing need be said when its id is given to another key.
 */
export class RowLists {
  readonly #arena: Arena
  readonly #groups: PagedTable
  /** Where the kernels find them. */
  readonly address: number
  /** By list: the index of the rows of long lists, where rows are taken back. */
  readonly #indexes: readonly (RowIndex | undefined)[]
  /** A group id, a row and a kind. */
  readonly #scratch: number

  /** @param retracts By list, whether rows are taken back; their store keeps `INDEX_BYTES` extra bytes first. */
  constructor(owner: ArenaOwner, retracts: readonly boolean[]) {
    this.#arena = owner.arena
    const groupBytes = retracts.length * LIST_BYTES
    this.#groups = new PagedTable(owner, groupBytes << GROUP_PAGE_SHIFT)
    this.address = owner.allocate(8)
    this.#arena.u32[(this.address >>> 2) + 1] = groupBytes
    this.#scratch = owner.allocate(16)
    this.#indexes = retracts.map((isRetracting) => (isRetracting ? new RowIndex(owner) : undefined))
  }

  /** Makes lists for all group ids below `idBound`. Comes before any other call that names them. */
  grow(idBound: number): void {
    while (this.#groups.pageCount * GROUPS_PER_PAGE < idBound) this.#groups.addPage()
    this.#arena.u32[this.address >>> 2] = this.#groups.directory
  }

  /** Adds the rows of a batch to their lists, and takes back those whose kind says so; releases what is in no list. */
  apply({ store, list, ids, batch, rows }: ApplyOptions): void {
    this.#apply(store, list, ids, batch.kinds, batch.selection, rows, batch.selectedCount)
  }

  #apply(store: RowStore, list: number, ids: number, kinds: number, selection: number, rows: number, count: number): void {
    const { kernels } = this.#arena
    const index = this.#indexes[list]
    const gone = store.releaseRoom(count * 2)
    const { address } = store.schema
    for (let from = 0; ;) {
      from = kernels.applyLines(address, this.address, list, index?.address ?? 0, ids, kinds, selection, rows, from, count, gone)
      if (from === count) return
      assert(index !== undefined, 'only an index runs out of room')
      index.grow()
    }
  }

  /** The first row of a list, or 0. `RowStore.nextOf` gives the others. */
  first(list: number, id: number): number {
    return this.#arena.u32[this.#arena.kernels.groupList(this.address, list, id) >>> 2]!
  }

  /** How many rows a list has. */
  size(list: number, id: number): number {
    return this.#arena.u32[(this.#arena.kernels.groupList(this.address, list, id) >>> 2) + 1]! & COUNT_MASK
  }

  /** Puts one row at the end of a list that is never searched for equal rows. */
  append(list: number, id: number, row: number): void {
    this.#arena.kernels.appendLine(this.address, list, id, row)
  }

  /** Takes a row out of its list, which is never searched for equal rows. */
  unlink(list: number, id: number, row: number): void {
    this.#arena.kernels.unlinkLine(this.address, list, id, row)
  }

  /** Takes all rows out of a list and releases them. */
  clear(store: RowStore, list: number, id: number): void {
    if (this.#indexes[list] === undefined) {
      for (let row = this.first(list, id); row !== 0; row = this.first(list, id)) {
        this.unlink(list, id, row)
        store.release(row)
      }
      return
    }
    const { u32, u8 } = this.#arena
    const kinds = this.#scratch + 8
    u32[this.#scratch >>> 2] = id
    u8[kinds] = RowKind.delete
    for (let row = this.first(list, id); row !== 0; row = this.first(list, id)) {
      // Taken back by an equal one, as a change does it: the index knows rows by what they hold.
      u32[(this.#scratch >>> 2) + 1] = store.addBytes(store.bytesOf(row).slice())
      this.#apply(store, list, this.#scratch, kinds, 0, this.#scratch + 4, 1)
    }
  }

  /** Writes the rows of a list and their marks. */
  save(store: RowStore, list: number, id: number, sink: ByteSink): void {
    sink.u8(FORMAT)
    sink.varint(this.size(list, id))
    for (let row = this.first(list, id); row !== 0; row = store.nextOf(row)) {
      sink.prefixed(store.bytesOf(row))
      sink.varint(store.markOf(row))
    }
  }

  /** Reads what `save` wrote into an empty list. */
  load(store: RowStore, list: number, id: number, reader: ByteReader): void {
    assert(reader.u8() === FORMAT, 'rows are loaded in the form in which they were saved')
    const { u32 } = this.#arena
    const scratch = this.#scratch >>> 2
    u32[scratch] = id
    for (let left = reader.varint(); left > 0; left--) {
      const row = store.addBytes(reader.raw(reader.varint()))
      store.setMark(row, reader.varint())
      u32[scratch + 1] = row
      this.#apply(store, list, this.#scratch, 0, 0, this.#scratch + 4, 1)
    }
  }
}

/** Extra bytes of a row in a list that takes rows back. */
export const INDEX_BYTES = 8

/** The buckets of linear hashing: a kernel uses one more for each row, and stops when there is none. */
class RowIndex {
  readonly #buckets: PagedTable
  readonly #arena: Arena
  readonly address: number

  constructor(owner: ArenaOwner) {
    this.#arena = owner.arena
    this.#buckets = new PagedTable(owner, BUCKETS_PER_PAGE * 4)
    this.address = owner.allocate(HEADER_BYTES)
    this.#arena.u8.fill(0, this.address, this.address + HEADER_BYTES)
    this.#arena.u32[(this.address >>> 2) + BUCKET_COUNT] = 1
  }

  grow(): void {
    this.#buckets.addPage()
    const at = this.address >>> 2
    this.#arena.u32[at + BUCKETS] = this.#buckets.directory
    this.#arena.u32[at + BUCKET_CAPACITY] = this.#buckets.pageCount * BUCKETS_PER_PAGE
  }
}
