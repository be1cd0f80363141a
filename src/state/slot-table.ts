import { assert } from '../base/assert.ts'
import type { Arena, ArenaOwner } from '../data/arena.ts'

// Fields of the header, in u32s.
const DIRECTORY = 0
const BITS = 1
const OLD_DIRECTORY = 2
const OLD_BITS = 3
const CURSOR = 4
const COUNT = 5
const LIMIT = 6

const FIRST_BITS = 8
const LARGEST_BITS = 30
const CHUNK_SHIFT = 17
const SLOT_BYTES = 8
/**
 * Slots moved per row of a call: the old table is gone before the records that it takes meanwhile crowd it. For the same reason a table that is small
 * beside a batch is moved at once.
 */
const SLOTS_PER_ROW = 8

/** A table of slots: the address of its directory, and its chunks as they were allocated, 0 for one that is not there yet or any more. */
interface Slots {
  readonly directory: number
  readonly bits: number
  readonly chunks: number[]
}

/**
 * The owner's half of `kernels/slot-table.ts`: gives it its chunks, and moves a growing table over a slice a call, so that growing takes no long pause.
 */
export class SlotTable {
  /** Of the header, as the kernels find it. What lies behind its first 7 words is its user's. */
  readonly address: number
  readonly #owner: ArenaOwner
  readonly #arena: Arena
  readonly #capacity: number
  #table: Slots
  #oldTable: Slots | undefined

  /** @param capacity Rows of the largest batch. */
  constructor(owner: ArenaOwner, headerBytes: number, capacity: number) {
    this.#owner = owner
    this.#arena = owner.arena
    this.#capacity = capacity
    this.address = owner.allocate(headerBytes)
    this.#arena.u8.fill(0, this.address, this.address + headerBytes)
    this.#table = this.#newTable(FIRST_BITS)
    this.#ensureChunks(1)
    this.#publish()
  }

  /** How many records there are. */
  get count(): number {
    return this.#get(COUNT)
  }

  /** Makes room for more records: a table twice as large begins to be filled. */
  grow(): void {
    assert(this.#oldTable === undefined && this.#table.bits < LARGEST_BITS, 'a table grows after it was moved over')
    this.#oldTable = this.#table
    this.#table = this.#newTable(this.#oldTable.bits + 1)
    this.#set(CURSOR, 0)
    this.#publish()
    const slots = 1 << this.#oldTable.bits
    this.#migrateSlots(slots <= this.#capacity * SLOTS_PER_ROW ? slots : 0)
  }

  /** Moves a slice of a growing table over, in proportion to the rows of a call; comes before them. */
  migrate(rows: number): void {
    if (this.#oldTable !== undefined) this.#migrateSlots(rows * SLOTS_PER_ROW)
  }

  #migrateSlots(slots: number): void {
    const old = this.#oldTable
    assert(old !== undefined, 'a table is being moved')
    const { kernels } = this.#arena
    const end = kernels.migrationEnd(this.address, slots)
    // One chunk more than the homes need, for what they displace.
    this.#ensureChunks(((end * 2) >>> CHUNK_SHIFT) + 2)
    kernels.migrate(this.address, end)
    const isOver = this.#get(OLD_DIRECTORY) === 0
    // Keys at the end of the old table may go round to its first chunk.
    const passed = isOver ? old.chunks.length : end >>> CHUNK_SHIFT
    for (let i = isOver ? 0 : 1; i < passed; i++) this.#freeChunk(old, i)
    if (!isOver) return
    this.#owner.free(old.directory)
    this.#oldTable = undefined
  }

  #newTable(bits: number): Slots {
    const chunks = Array.from({ length: bits <= CHUNK_SHIFT ? 1 : 1 << (bits - CHUNK_SHIFT) }, () => 0)
    const directory = this.#owner.allocate(chunks.length * 4)
    this.#arena.kernels.clearBytes(directory, chunks.length * 4)
    return { directory, bits, chunks }
  }

  /** Makes the first `count` chunks of the table exist, if it has so many. */
  #ensureChunks(count: number): void {
    const { chunks, bits, directory } = this.#table
    const sizeBytes = SLOT_BYTES << Math.min(bits, CHUNK_SHIFT)
    // Chunks come into being in order.
    for (let i = Math.min(count, chunks.length) - 1; i >= 0 && chunks[i] === 0; i--) {
      const chunk = this.#owner.allocate(sizeBytes)
      this.#arena.kernels.clearBytes(chunk, sizeBytes)
      chunks[i] = chunk
      this.#arena.u32[(directory >>> 2) + i] = chunk
    }
  }

  #freeChunk(table: Slots, index: number): void {
    const chunk = table.chunks[index]!
    if (chunk === 0) return
    this.#owner.free(chunk)
    table.chunks[index] = 0
    this.#arena.u32[(table.directory >>> 2) + index] = 0
  }

  /** Tells the kernels which tables there are. */
  #publish(): void {
    this.#set(DIRECTORY, this.#table.directory)
    this.#set(BITS, this.#table.bits)
    this.#set(OLD_DIRECTORY, this.#oldTable?.directory ?? 0)
    this.#set(OLD_BITS, this.#oldTable?.bits ?? 0)
    this.#set(LIMIT, 1 << (this.#table.bits - 1))
  }

  /** Gives its memory back to the owner; nothing else may be called afterwards. */
  close(): void {
    const tables = this.#oldTable === undefined ? [this.#table] : [this.#table, this.#oldTable]
    const blocks = [...tables.flatMap((table) => [table.directory, ...table.chunks]), this.address]
    for (const block of blocks) if (block !== 0) this.#owner.free(block)
  }

  #get(field: number): number {
    return this.#arena.u32[(this.address >>> 2) + field]!
  }

  #set(field: number, value: number): void {
    this.#arena.u32[(this.address >>> 2) + field] = value
  }
}
