import { assert } from '../base/assert.ts'
import type { Arena, ArenaOwner } from './arena.ts'
import { BATCH_CAPACITY, Batch } from './batch.ts'
import { Column, layoutBytes, layoutOf } from './column.ts'
import type { SqlType } from './types.ts'

const FIRST_TEXT_CHUNK = 64 << 10

/**
 * Owns the memory of one batch: cells and null masks for a list of types, and chunks for the bytes of text. Sources and operators
 * that make rows hold one each, fill it, lend it, and `clear` it when it comes back.
 */
export class BatchBuffer {
  readonly batch: Batch
  readonly arena: Arena
  readonly capacity: number
  readonly #owner: ArenaOwner
  /** Null masks of all columns, nested ones included, kept while a batch has no NULL there. */
  readonly #masks = new Map<Column, number>()
  readonly #chunks: { address: number; sizeBytes: number }[] = []
  #chunk = -1
  #kinds = 0
  #rowWatermarks = 0
  #places = 0
  #selection = 0
  /** The free part of the current text chunk. */
  textAddress = 0
  textEnd = 0

  constructor(owner: ArenaOwner, types: readonly SqlType[], capacity: number = BATCH_CAPACITY) {
    this.#owner = owner
    this.arena = owner.arena
    this.capacity = capacity
    this.batch = new Batch(types.map((type) => this.#column(type)))
  }

  #column(type: SqlType): Column {
    const layout = layoutOf(type)
    const children = type.kind === 'ROW' ? type.fields.map((field) => this.#column(field.type)) : []
    const cells = layout === 'row' ? 0 : this.#owner.allocate(layoutBytes(layout) * this.capacity)
    return new Column(type, cells, 0, children)
  }

  /** Empties the batch: no rows, no NULLs, no kinds, and all text room free again. */
  clear(): void {
    const { batch } = this
    batch.rowCount = 0
    batch.selection = 0
    batch.selectedCount = 0
    batch.kinds = 0
    batch.rowWatermarks = 0
    batch.places = 0
    for (const column of this.#masks.keys()) column.nulls = 0
    this.#chunk = -1
    this.textAddress = 0
    this.textEnd = 0
  }

  /** Marks one cell as NULL; the first NULL of a batch in a column zeroes its mask. */
  setNull(column: Column, row: number): void {
    if (column.nulls === 0) this.addNullMask(column)
    this.arena.u8[column.nulls + row] = 1
  }

  /** Gives a column a mask of `capacity` zero bytes for this batch and returns its address. */
  addNullMask(column: Column): number {
    let mask = this.#masks.get(column)
    if (mask === undefined) {
      mask = this.#owner.allocate(this.capacity)
      this.#masks.set(column, mask)
    }
    this.arena.kernels.clearBytes(mask, this.capacity)
    column.nulls = mask
    return mask
  }

  /** Gives the batch a kind for every row, all inserts, and returns the address of the bytes. */
  addKinds(): number {
    this.#kinds ||= this.#owner.allocate(this.capacity)
    this.arena.kernels.clearBytes(this.#kinds, this.capacity)
    this.batch.kinds = this.#kinds
    return this.#kinds
  }

  /** Gives the batch a watermark for every row, with unknown content, and returns the address of the i64s. */
  addRowWatermarks(): number {
    this.#rowWatermarks ||= this.#owner.allocate(this.capacity * 8)
    this.batch.rowWatermarks = this.#rowWatermarks
    return this.#rowWatermarks
  }

  /** Gives the batch a place for every row, with unknown content, and returns the address of the i64s. */
  addPlaces(): number {
    this.#places ||= this.#owner.allocate(this.capacity * 8)
    this.batch.places = this.#places
    return this.#places
  }

  /** Room for a selection of the batch's rows, the same at every call; whoever fills it sets `batch.selection` and `batch.selectedCount`. */
  selectionRoom(): number {
    this.#selection ||= this.#owner.allocate(this.capacity * 4)
    return this.#selection
  }

  /** Makes room for `sizeBytes` bytes of text, valid until `clear`, and returns its address. */
  reserveText(sizeBytes: number): number {
    if (this.textAddress + sizeBytes > this.textEnd) this.addTextChunk(sizeBytes)
    const address = this.textAddress
    this.textAddress += sizeBytes
    return address
  }

  /** Moves on to a text chunk with at least `sizeBytes` free bytes; earlier chunks keep their text until `clear`. */
  addTextChunk(sizeBytes: number): void {
    do {
      this.#chunk++
      if (this.#chunk === this.#chunks.length) {
        const size = Math.max(FIRST_TEXT_CHUNK << Math.min(this.#chunk, 6), sizeBytes)
        this.#chunks.push({ address: this.#owner.allocate(size), sizeBytes: size })
      }
    } while (this.#chunks[this.#chunk]!.sizeBytes < sizeBytes)
    const chunk = this.#chunks[this.#chunk]!
    this.textAddress = chunk.address
    this.textEnd = chunk.address + chunk.sizeBytes
    assert(this.textEnd - this.textAddress >= sizeBytes, 'a new text chunk has room')
  }
}
