import type { Arena, ArenaOwner } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import { BatchBuffer } from '../data/batch-buffer.ts'
import type { SqlType } from '../data/types.ts'
import type { Output } from '../runtime/operator.ts'
import type { RowStore } from '../state/row-store.ts'

/** Beyond it changes of one row may change places with those of the next, behind an exchange. */
const MAX_WIDTH = 1 << 20

export interface RowChangesOptions {
  readonly owner: ArenaOwner
  /** Holds the rows that change. */
  readonly store: RowStore
  /** Of the columns behind the store's: one of BIGINT for a rank, or none. */
  readonly addedTypes: readonly SqlType[]
  readonly mode: 'append' | 'changing'
  /** How many changes one input row makes at most. */
  readonly changesPerRow: number
  /** How many changes there is room for at first. */
  readonly room: number
}

/**
 * Changes of stored rows on their way out, which a kernel wrote: the row, its kind, its rank, the input row that caused the change and its number among the
 * changes of that row. Each carries the watermark of the row that caused it, and a place of its own.
 */
export class RowChanges {
  readonly #arena: Arena
  readonly #owner: ArenaOwner
  readonly #store: RowStore
  readonly #hasRank: boolean
  readonly #mode: 'append' | 'changing'
  readonly #width: bigint
  readonly #output: BatchBuffer
  #room = 0
  #block = 0
  #count = 0
  #next = 0

  constructor({ owner, store, addedTypes, mode, changesPerRow, room }: RowChangesOptions) {
    this.#arena = owner.arena
    this.#owner = owner
    this.#store = store
    this.#hasRank = addedTypes.length > 0
    this.#mode = mode
    this.#width = BigInt(Math.min(changesPerRow, MAX_WIDTH))
    this.#output = new BatchBuffer(owner, [...store.types, ...addedTypes])
    this.grow(room)
  }

  get room(): number {
    return this.#room
  }

  /** Address of u32 stored rows. */
  get rows(): number {
    return this.#block + this.#room * 8
  }

  /** Address of i64 ranks. */
  get ranks(): number {
    return this.#block
  }

  /** Address of i32 physical rows of the input. */
  get inputs(): number {
    return this.#block + this.#room * 12
  }

  /** Address of u32 numbers. */
  get numbers(): number {
    return this.#block + this.#room * 16
  }

  /** Address of kinds, a byte each. */
  get kinds(): number {
    return this.#block + this.#room * 20
  }

  /** Makes room for so many changes; those that are there are lost. */
  grow(room: number): void {
    if (this.#block !== 0) this.#owner.free(this.#block)
    this.#room = Math.ceil(room / 64) * 64
    this.#block = this.#owner.allocate(this.#room * 21)
  }

  /** Says how many changes there are. */
  fill(count: number): void {
    this.#count = count
    this.#next = 0
  }

  /** Sends them, with the times of the `input` rows that caused them. False: `out` is full and some are left. */
  flush(input: Batch, out: Output): boolean {
    while (this.#next < this.#count) {
      if (out.isFull) return false
      const from = this.#next
      const count = Math.min(this.#count - from, this.#output.capacity)
      this.#next += count
      this.#show(input, from, count)
      out.push(this.#output.batch)
    }
    return true
  }

  #show(input: Batch, from: number, count: number): void {
    const { kernels } = this.#arena
    const output = this.#output
    output.clear()
    const { batch } = output
    const width = this.#store.types.length
    this.#store.read(this.rows + from * 4, count, output, width === batch.columns.length ? batch.columns : batch.columns.slice(0, width))
    if (this.#hasRank) kernels.copyBytes(batch.columns[width]!.cells, this.ranks + from * 8, count * 8)
    if (this.#mode === 'changing') kernels.copyBytes(output.addKinds(), this.kinds + from, count)
    const inputs = this.inputs + from * 4
    batch.watermark = input.watermark
    if (input.rowWatermarks !== 0) kernels.gatherCells(input.rowWatermarks, 3, inputs, 0, count, output.addRowWatermarks())
    if (input.places !== 0) kernels.changePlaces(input.places, inputs, this.numbers + from * 4, count, this.#width, output.addPlaces())
    batch.rowCount = count
    batch.selectedCount = count
  }
}
