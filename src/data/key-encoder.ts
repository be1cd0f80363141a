import { assert } from '../base/assert.ts'
import { MemoryExhaustedError, type Arena, type ArenaOwner } from './arena.ts'
import { BATCH_CAPACITY, type Batch } from './batch.ts'
import { type Column, layoutNumbers } from './column.ts'

const DESCRIPTOR_BYTES = 16
const FIRST_KEY_BYTES = 64 << 10
/** Keys of more bytes together are encoded in several runs. */
const LIMIT_BYTES = 1 << 20
const LONGEST_PREFIX = 64
const LARGEST_KEY = 1 << 30

/** Forms of key columns in `kernels/keys.ts` beside the layouts. */
const ENCODED_FORM = 9
const NULL_FORM = 11

/**
 * Encodes the key columns of batches as `rowBytes` encodes their values, with a hash of each key.
 *
 * Key i lies at `keys + offsets[i]` (u32s at `offsets`) and ends at `keys + offsets[i + 1]`; its hash is the i-th u32 at `hashes`. All
 * three stay until the next `encode`.
 */
export class KeyEncoder {
  readonly #owner: ArenaOwner
  readonly #arena: Arena
  readonly #capacity: number
  keys: number
  readonly offsets: number
  readonly hashes: number
  #keyBytes = FIRST_KEY_BYTES
  #descriptors = 0
  #descriptorRoom = 0
  #columnCount = 0
  #prefix = 0

  constructor(owner: ArenaOwner, capacity: number = BATCH_CAPACITY) {
    this.#owner = owner
    this.#arena = owner.arena
    this.#capacity = capacity
    this.keys = owner.allocate(FIRST_KEY_BYTES)
    this.offsets = owner.allocate((capacity + 1) * 4)
    this.hashes = owner.allocate(capacity * 4)
  }

  /**
   * Encodes the keys of the selected rows of `batch` from place `from` on.
   *
   * @returns How many: all rows that are left unless their keys are very long; then at least one.
   */
  encode(batch: Batch, keyColumns: readonly number[], from: number = 0): number {
    const { kernels } = this.#arena
    assert(batch.selectedCount - from <= this.#capacity, 'a batch is no larger than its key encoder')
    this.#describe(keyColumns.map((column) => batch.columns[column]!))
    const count = kernels.keySizes(
      this.#descriptors,
      this.#columnCount,
      batch.selection,
      from,
      batch.selectedCount,
      LIMIT_BYTES,
      this.offsets,
    )
    this.#makeRoom(this.#arena.u32[(this.offsets >>> 2) + count]!)
    kernels.writeKeys(this.#descriptors, this.#columnCount, batch.selection, from, count, this.offsets, this.keys)
    kernels.hashKeys(this.keys, this.offsets, count, this.hashes)
    return count
  }

  /** Takes one key that is encoded already. */
  take(key: Uint8Array): void {
    this.#makeRoom(key.length)
    const { u8, u32, kernels } = this.#arena
    u8.set(key, this.keys)
    u32[this.offsets >>> 2] = 0
    u32[(this.offsets >>> 2) + 1] = key.length
    kernels.hashKeys(this.keys, this.offsets, 1, this.hashes)
  }

  /** Takes the keys of some ids of a group index with another prefix of the same length; returns how many, at least one. */
  rename(index: number, ids: number, count: number, prefix: Uint8Array): number {
    const { u8, kernels } = this.#arena
    this.#prefix ||= this.#owner.allocate(LONGEST_PREFIX)
    assert(prefix.length <= LONGEST_PREFIX, 'prefixes are short')
    u8.set(prefix, this.#prefix)
    for (let room = this.#keyBytes; ; room = Math.min(room * 4, LARGEST_KEY)) {
      this.#makeRoom(room)
      const taken = kernels.renameKeys(index, ids, count, this.#prefix, prefix.length, this.keys, this.#keyBytes, this.offsets)
      if (taken === 0) continue
      kernels.hashKeys(this.keys, this.offsets, taken, this.hashes)
      return taken
    }
  }

  close(): void {
    for (const block of [this.keys, this.offsets, this.hashes, this.#descriptors, this.#prefix]) if (block !== 0) this.#owner.free(block)
  }

  #makeRoom(sizeBytes: number): void {
    if (sizeBytes <= this.#keyBytes) return
    if (sizeBytes > LARGEST_KEY) throw new MemoryExhaustedError(this.#owner.name, sizeBytes, this.#arena.usedBytes, LARGEST_KEY)
    this.#owner.free(this.keys)
    this.#keyBytes = Math.max(sizeBytes, LIMIT_BYTES)
    this.keys = this.#owner.allocate(this.#keyBytes)
  }

  #describe(columns: readonly Column[]): void {
    this.#columnCount = 0
    for (const column of columns) this.#describeColumn(column, 0)
  }

  #describeColumn(column: Column, parentNulls: number): void {
    if (this.#columnCount === this.#descriptorRoom) this.#growDescriptors()
    const { u32 } = this.#arena
    const at = (this.#descriptors + this.#columnCount++ * DESCRIPTOR_BYTES) >>> 2
    u32[at] = formOf(column)
    u32[at + 1] = column.cells
    u32[at + 2] = column.nulls
    u32[at + 3] = parentNulls
    for (const child of column.children) this.#describeColumn(child, column.nulls)
  }

  #growDescriptors(): void {
    const room = Math.max(16, this.#descriptorRoom * 2)
    const grown = this.#owner.allocate(room * DESCRIPTOR_BYTES)
    if (this.#descriptors !== 0) {
      this.#arena.u8.copyWithin(grown, this.#descriptors, this.#descriptors + this.#descriptorRoom * DESCRIPTOR_BYTES)
      this.#owner.free(this.#descriptors)
    }
    this.#descriptors = grown
    this.#descriptorRoom = room
  }
}

function formOf(column: Column): number {
  switch (column.type.kind) {
    case 'NULL':
      return NULL_FORM
    case 'ARRAY':
    case 'MAP':
    case 'MULTISET':
    case 'VARIANT':
      return ENCODED_FORM
    default:
      return layoutNumbers[column.layout]
  }
}
