import { assert } from '../base/assert.ts'
import type { Arena, ArenaOwner } from '../data/arena.ts'
import { BATCH_CAPACITY, type Batch } from '../data/batch.ts'
import { KeyEncoder } from '../data/key-encoder.ts'
import { SlotTable } from './slot-table.ts'

// The owner's half of the index in `kernels/hash-table.ts`: it provides what the kernels find missing. Fields of the header, in u32s, behind those of the slots:
const NEXT_ID = 7
const ID_DIRECTORY = 9
const ID_CAPACITY = 10
const RECORD_CURSOR = 11
const RECORD_END = 12
const MISSING = 13
const MISSING_BYTES = 14
const CREATED = 15
const HEADER_BYTES = 512

const ID_PAGE = 4096
const FIRST_RECORD_PAGE = 4 << 10
const LAST_RECORD_PAGE = 1 << 20

/**
 * Gives each distinct key of keyed state a dense id, from 0; ids of removed keys are given again. Keys are encoded rows
 * (`row-encoding.ts`), so one index serves any key type. Holds keys and ids only: state itself lies in pages that its owner indexes by id.
 *
 * Growing takes no long pause: a larger table is filled by and by, in the calls that follow.
 */
export class GroupIndex {
  readonly #owner: ArenaOwner
  readonly #arena: Arena
  readonly #slots: SlotTable
  readonly #encoder: KeyEncoder
  readonly #header: number
  /** i32 ids of the rows of the last `prepare` or `find`. */
  readonly #ids: number
  readonly #created: number
  readonly #idPages: number[] = []
  #idDirectoryRoom = 0
  readonly #recordPages: number[] = []
  #nextRecordPage = FIRST_RECORD_PAGE

  /** @param capacity Rows of the largest batch. */
  constructor(owner: ArenaOwner, capacity: number = BATCH_CAPACITY) {
    this.#owner = owner
    this.#arena = owner.arena
    this.#encoder = new KeyEncoder(owner, capacity)
    this.#ids = owner.allocate(capacity * 4)
    this.#created = owner.allocate(capacity * 4)
    this.#slots = new SlotTable(owner, HEADER_BYTES, capacity)
    this.#header = this.#slots.address
  }

  /** How many keys there are. */
  get count(): number {
    return this.#slots.count
  }

  /** Every id is below it: how many entries arrays by id need. */
  get idBound(): number {
    return this.#get(NEXT_ID)
  }

  /** How many ids the last `prepare` or `add` gave: state of theirs is to be set up. Ids that were given before count too. */
  get createdCount(): number {
    return this.#get(CREATED)
  }

  /** Address of these ids, i32s, in the order in which they were given. */
  get created(): number {
    return this.#created
  }

  /**
   * The group id of each selected row; a key that is not there yet is added.
   *
   * @returns The address of one i32 a selected row, valid until the next call.
   */
  prepare(batch: Batch, keyColumns: readonly number[]): number {
    this.#set(CREATED, 0)
    const rows = batch.selectedCount
    this.#slots.migrate(rows)
    for (let from = 0; from < rows;) {
      const count = this.#encoder.encode(batch, keyColumns, from)
      this.#resolve(count, this.#ids + from * 4)
      from += count
    }
    return this.#ids
  }

  /** As `prepare`, but the id of a key that is not there is -1. The hashes of the keys, by which their key groups are chosen, go to u32s at `hashes`. */
  find(batch: Batch, keyColumns: readonly number[], hashes: number): number {
    const encoder = this.#encoder
    const { kernels } = this.#arena
    for (let from = 0; from < batch.selectedCount;) {
      const count = encoder.encode(batch, keyColumns, from)
      kernels.findGroupIds(this.#header, encoder.keys, encoder.offsets, encoder.hashes, count, this.#ids + from * 4)
      kernels.copyBytes(hashes + from * 4, encoder.hashes, count * 4)
      from += count
    }
    return this.#ids
  }

  /**
   * The ids of the keys of `count` live ids, i32s at `ids`, with another prefix of the same length, added where they are not there; at most as many as a batch has
   * rows. The result is as that of `prepare`.
   */
  rename(ids: number, count: number, prefix: Uint8Array): number {
    this.#set(CREATED, 0)
    this.#slots.migrate(count)
    for (let from = 0; from < count;) {
      const taken = this.#encoder.rename(this.#header, ids + from * 4, count - from, prefix)
      this.#resolve(taken, this.#ids + from * 4)
      from += taken
    }
    return this.#ids
  }

  /** Sets the u32s at `places` to the addresses of the keys of live ids, i32s at `ids`, behind their first `skip` bytes. */
  keyPlaces(ids: number, count: number, skip: number, places: number): void {
    this.#arena.kernels.keyPlaces(this.#header, ids, count, skip, places)
  }

  /** The id of one encoded key, added if it is not there. */
  add(key: Uint8Array): number {
    this.#set(CREATED, 0)
    this.#slots.migrate(1)
    this.#encoder.take(key)
    this.#resolve(1, this.#ids)
    return this.#arena.i32[this.#ids >>> 2]!
  }

  /** The id of one encoded key, or -1. */
  idOf(key: Uint8Array): number {
    const encoder = this.#encoder
    encoder.take(key)
    this.#arena.kernels.findGroupIds(this.#header, encoder.keys, encoder.offsets, encoder.hashes, 1, this.#ids)
    return this.#arena.i32[this.#ids >>> 2]!
  }

  /** The encoded key of a live id, as a view that is valid until the id is removed. */
  keyBytes(id: number): Uint8Array {
    const record = this.#arena.kernels.groupRecord(this.#header, id) >>> 0
    assert(record !== 0, 'a group id is live')
    return this.#arena.u8.subarray(record + 8, record + 8 + this.#arena.u32[(record >>> 2) + 1]!)
  }

  /** The key group of a live id, the same that exchanges route its rows by. */
  keyGroup(id: number, groupCount: number): number {
    const { kernels } = this.#arena
    const record = kernels.groupRecord(this.#header, id) >>> 0
    assert(record !== 0, 'a group id is live')
    const hash = Number(BigInt.asUintN(32, kernels.hashBytes(record + 8, this.#arena.u32[(record >>> 2) + 1]!)))
    return kernels.keyGroup(hash, groupCount) >>> 0
  }

  /** Forgets the key of a live id; the id will be given again. */
  remove(id: number): void {
    assert(this.has(id), 'a group id is live')
    this.#arena.i32[this.#ids >>> 2] = id
    this.#arena.kernels.removeGroups(this.#header, this.#ids, 1)
  }

  /** Forgets the keys of `count` live ids, i32s at `ids`, all different. */
  removeAll(ids: number, count: number): void {
    this.#arena.kernels.removeGroups(this.#header, ids, count)
  }

  has(id: number): boolean {
    return this.#arena.kernels.groupRecord(this.#header, id) !== 0
  }

  /** The first live id at or after `id`, or -1: `for (let id = index.next(0); id >= 0; id = index.next(id + 1))` visits all in ascending order. */
  next(id: number): number {
    return this.#arena.kernels.nextGroup(this.#header, id)
  }

  /** Gives its memory back to the owner; nothing else may be called afterwards. */
  close(): void {
    const blocks = [...this.#idPages, ...this.#recordPages, this.#get(ID_DIRECTORY), this.#ids, this.#created]
    for (const block of blocks) if (block !== 0) this.#owner.free(block)
    this.#slots.close()
    this.#encoder.close()
  }

  #resolve(count: number, ids: number): void {
    const encoder = this.#encoder
    for (let from = 0; ; this.#provide()) {
      from = this.#arena.kernels.groupIds(this.#header, encoder.keys, encoder.offsets, encoder.hashes, from, count, ids, this.#created)
      if (from === count) return
    }
  }

  /** Provides what a kernel stopped for. */
  #provide(): void {
    const missing = this.#get(MISSING)
    if (missing === 1) this.#slots.grow()
    else if (missing === 2) this.#addIdPage()
    else this.#addRecordPage(this.#get(MISSING_BYTES))
  }

  #addIdPage(): void {
    const { u32, u8 } = this.#arena
    if (this.#idPages.length === this.#idDirectoryRoom) {
      const room = Math.max(64, this.#idDirectoryRoom * 2)
      const directory = this.#owner.allocate(room * 4)
      if (this.#idDirectoryRoom > 0) {
        const old = this.#get(ID_DIRECTORY)
        u8.copyWithin(directory, old, old + this.#idDirectoryRoom * 4)
        this.#owner.free(old)
      }
      this.#set(ID_DIRECTORY, directory)
      this.#idDirectoryRoom = room
    }
    const page = this.#owner.allocate(ID_PAGE * 4)
    u32[(this.#get(ID_DIRECTORY) >>> 2) + this.#idPages.length] = page
    this.#idPages.push(page)
    this.#set(ID_CAPACITY, this.#idPages.length * ID_PAGE)
  }

  #addRecordPage(sizeBytes: number): void {
    const size = Math.max(sizeBytes, this.#nextRecordPage)
    this.#nextRecordPage = Math.min(this.#nextRecordPage * 2, LAST_RECORD_PAGE)
    const page = this.#owner.allocate(size)
    this.#recordPages.push(page)
    this.#set(RECORD_CURSOR, page)
    this.#set(RECORD_END, page + size)
  }

  #get(field: number): number {
    return this.#arena.u32[(this.#header >>> 2) + field]!
  }

  #set(field: number, value: number): void {
    this.#arena.u32[(this.#header >>> 2) + field] = value
  }
}
