import { assert } from '../base/assert.ts'
import type { Arena, ArenaOwner } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import { ByteReader, ByteSink } from '../data/byte-sink.ts'
import { GroupIndex } from './group-index.ts'

/** Groups whose lines lie on one page. */
const PAGE_SHIFT = 10
const PAGE_GROUPS = 1 << PAGE_SHIFT
/** Pages are cut from blocks of at least this, the first one apart: blocks are powers of two, and pages seldom are. */
const SLAB_BYTES = 1 << 20

/** State of one operator subtask by key, as the operator sees it. Ids hold until the call ends in which they were given. */
export interface KeyedState {
  /** Holds the memory of the state: what its owner keeps beside the lines belongs there too. */
  readonly owner: ArenaOwner
  /**
   * The group ids of the selected rows of a batch: the address of one i32 each. New keys get lines of zeros. A promise: some groups are not in
   * memory; nothing was done, and the call is made again when it settles.
   */
  prepare(batch: Batch, keyColumns: readonly number[]): number | Promise<void>
  /** As `prepare`, but a key that is not there is not added: its id is -1. The hashes of the keys, by which their key groups are chosen, go to u32s at `hashes`. */
  find(batch: Batch, keyColumns: readonly number[], hashes: number): number | Promise<void>
  /** Brings groups into memory that were not named by rows, for timers; a promise as above. */
  prepareGroups(ids: ArrayLike<number>): true | Promise<void>
  /** The id of one encoded key, added if it is not there. */
  add(key: Uint8Array): number
  /** Says that these groups will be written: `count` i32 ids from `ids` on, of which negative ones name none. Comes before the first write of a call. */
  touch(ids: number, count: number): void
  /** Says that one group will be written. */
  touchOne(id: number): void
  /** Address of a group's line: `lineBytes` bytes at a multiple of 8. */
  line(id: number): number
  /** For kernels: the address of the u32 addresses of pages of 1024 lines each; valid until the next `prepare` or `add`. */
  readonly directory: number
  /** From one line to the next. */
  readonly lineBytes: number
  /** The encoded key of a group, valid until the group is removed. */
  keyBytes(id: number): Uint8Array
  /** Forgets a group; its id and its line will be given again. */
  remove(id: number): void
  /** Forgets `count` groups, i32 ids from `ids` on, all different. */
  removeAll(ids: number, count: number): void
  /**
   * The ids of the groups whose keys are those of `count` groups, i32 ids from `ids` on, with another prefix of the same length; added where they are not there. At
   * most a batch of them; the address is that of `prepare`.
   */
  rename(ids: number, count: number, prefix: Uint8Array): number
  /** The ids that the last `prepare`, `add` or `rename` added, i32s in order. */
  readonly created: number
  readonly createdCount: number
  /** Sets the u32s at `places` to the addresses of the keys of `count` groups, behind their first `skip` bytes. */
  keyPlaces(ids: number, count: number, skip: number, places: number): void
  /** The first group at or after `id`, or -1. */
  next(id: number): number
  readonly count: number
  /** Every id is below it. */
  readonly idBound: number
  /** Groups and their state by key group; `save` writes what belongs to a group besides its key. */
  snapshot(groupCount: number, save: (id: number, sink: ByteSink) => void): ReadonlyMap<number, Uint8Array>
  /** Adds the groups of snapshots; `load` reads what `save` wrote. */
  restore(bytes: Uint8Array, load: (id: number, reader: ByteReader) => void): void
  readonly usedBytes: number
}

/** What an operator wants of its state. */
export interface StateOptions {
  readonly owner: ArenaOwner
  /** Bytes of a group's line. */
  readonly lineBytes: number
  /** So many bytes at the start of each key do not count for its key group: rows are routed by the rest. */
  readonly prefixBytes: number
  /** A store may forget a group that was not touched for so long, 0: never. The operator treats an older one as if it were not there. */
  readonly ttlMs: number
}

export type CreateState = (options: StateOptions) => KeyedState

/**
 * Keyed state in memory: a `GroupIndex` from keys to dense ids, and a line of fixed width for each id, in pages of the arena that
 * never move. What does not fit a line (lists, maps, texts) its owner keeps beside it, by id.
 */
class MemoryState implements KeyedState {
  readonly owner: ArenaOwner
  readonly #arena: Arena
  readonly #index: GroupIndex
  readonly lineBytes: number
  readonly #prefixBytes: number
  readonly #pages: number[] = []
  /** The part of the last block that is no page yet. */
  #slabCursor = 0
  #slabEnd = 0
  directory = 0
  #directoryRoom = 0

  constructor({ owner, lineBytes, prefixBytes }: StateOptions) {
    this.owner = owner
    this.#arena = owner.arena
    this.#prefixBytes = prefixBytes
    this.#index = new GroupIndex(owner)
    this.lineBytes = Math.ceil(lineBytes / 8) * 8
  }

  prepare(batch: Batch, keyColumns: readonly number[]): number {
    const ids = this.#index.prepare(batch, keyColumns)
    this.#clearCreated()
    return ids
  }

  find(batch: Batch, keyColumns: readonly number[], hashes: number): number {
    return this.#index.find(batch, keyColumns, hashes)
  }

  prepareGroups(): true {
    return true
  }

  add(key: Uint8Array): number {
    const id = this.#index.add(key)
    this.#clearCreated()
    return id
  }

  #clearCreated(): void {
    const count = this.#index.createdCount
    if (count === 0 || this.lineBytes === 0) return
    while (this.#pages.length << PAGE_SHIFT < this.#index.idBound) this.#addPage()
    this.#arena.kernels.clearLines(this.directory, this.lineBytes, this.#index.created, count)
  }

  #addPage(): void {
    const pageBytes = this.lineBytes << PAGE_SHIFT
    if (this.#slabEnd - this.#slabCursor < pageBytes) {
      const slabBytes = this.#pages.length === 0 ? pageBytes : Math.max(pageBytes, SLAB_BYTES)
      this.#slabCursor = this.owner.allocate(slabBytes)
      this.#slabEnd = this.#slabCursor + slabBytes
    }
    if (this.#pages.length === this.#directoryRoom) this.#growDirectory()
    this.#arena.u32[(this.directory >>> 2) + this.#pages.length] = this.#slabCursor
    this.#pages.push(this.#slabCursor)
    this.#slabCursor += pageBytes
  }

  #growDirectory(): void {
    const room = Math.max(16, this.#directoryRoom * 2)
    const grown = this.owner.allocate(room * 4)
    if (this.directory !== 0) {
      this.#arena.kernels.copyBytes(grown, this.directory, this.#directoryRoom * 4)
      this.owner.free(this.directory)
    }
    this.directory = grown
    this.#directoryRoom = room
  }

  touch(_ids: number, _count: number): void {
    // Pages are copied before they are written once snapshots run beside the job.
  }

  touchOne(_id: number): void {}

  line(id: number): number {
    return this.#pages[id >>> PAGE_SHIFT]! + (id & (PAGE_GROUPS - 1)) * this.lineBytes
  }

  keyBytes(id: number): Uint8Array {
    return this.#index.keyBytes(id)
  }

  remove(id: number): void {
    this.#index.remove(id)
  }

  removeAll(ids: number, count: number): void {
    this.#index.removeAll(ids, count)
  }

  rename(ids: number, count: number, prefix: Uint8Array): number {
    const renamed = this.#index.rename(ids, count, prefix)
    this.#clearCreated()
    return renamed
  }

  get created(): number {
    return this.#index.created
  }

  get createdCount(): number {
    return this.#index.createdCount
  }

  keyPlaces(ids: number, count: number, skip: number, places: number): void {
    this.#index.keyPlaces(ids, count, skip, places)
  }

  next(id: number): number {
    return this.#index.next(id)
  }

  get count(): number {
    return this.#index.count
  }

  get idBound(): number {
    return this.#index.idBound
  }

  get usedBytes(): number {
    return this.owner.usedBytes
  }

  snapshot(groupCount: number, save: (id: number, sink: ByteSink) => void): ReadonlyMap<number, Uint8Array> {
    const sinks = new Map<number, ByteSink>()
    for (let id = this.next(0); id >= 0; id = this.next(id + 1)) {
      const group = this.#keyGroup(id, groupCount)
      let sink = sinks.get(group)
      if (sink === undefined) {
        sink = new ByteSink()
        sinks.set(group, sink)
      }
      sink.prefixed(this.keyBytes(id))
      save(id, sink)
    }
    return new Map([...sinks].map(([group, sink]) => [group, sink.toBytes()]))
  }

  #keyGroup(id: number, groupCount: number): number {
    if (this.#prefixBytes === 0) return this.#index.keyGroup(id, groupCount)
    const hash = hashOfKey(this.#arena, this.keyBytes(id).subarray(this.#prefixBytes))
    return this.#arena.kernels.keyGroup(Number(BigInt.asUintN(32, hash)), groupCount) >>> 0
  }

  restore(bytes: Uint8Array, load: (id: number, reader: ByteReader) => void): void {
    const reader = new ByteReader(bytes)
    while (reader.offset < bytes.length) {
      const key = reader.raw(reader.varint())
      const before = this.count
      const id = this.add(key)
      assert(this.count === before + 1, 'a key is in a snapshot once')
      load(id, reader)
    }
  }
}

/** 64 hash bits of key bytes that lie in the arena. */
export function hashOfKey(arena: Arena, key: Uint8Array): bigint {
  return BigInt.asUintN(64, arena.kernels.hashBytes(key.byteOffset, key.length))
}

/** State in memory. */
export const memoryState: CreateState = (options) => new MemoryState(options)
