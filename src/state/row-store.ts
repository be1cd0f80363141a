import { assert } from '../base/assert.ts'
import type { Arena, ArenaOwner } from '../data/arena.ts'
import { BATCH_CAPACITY, type Batch } from '../data/batch.ts'
import { BatchBuffer } from '../data/batch-buffer.ts'
import { readCell } from '../data/cells.ts'
import { Column } from '../data/column.ts'
import type { RowRange } from '../data/copy-batch.ts'
import type { SqlType } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import { RowSchema } from './row-schema.ts'
import { Runs } from './runs.ts'

const FIRST_GONE = 256

// Fields of a line, in u32s.
const NEXT = 0
const SIZE = 2
const MARK = 3

export interface RowStoreOptions {
  readonly owner: ArenaOwner
  readonly types: readonly SqlType[]
  /** What the owner keeps with each row, a multiple of 8: 16 bytes behind its address, 0 at first. */
  readonly extraBytes?: number
  /** Rows of the largest batch. */
  readonly capacity?: number
}

/**
 * Rows of one schema, kept as bytes in pages of the arena. A row is named by its address, a number that never changes and means nothing once the row is
 * released. Rows are written and read by kernels, many at a time; texts are not copied when rows are read, cells show them where they are kept.
 *
 * Therefore a row that is `release`d keeps its bytes until `reclaim`, which comes when no batch shows it any more: at the beginning of the next call.
 */
export class RowStore {
  readonly schema: RowSchema
  readonly types: readonly SqlType[]
  readonly #owner: ArenaOwner
  readonly #arena: Arena
  readonly #runs: Runs
  readonly #sizes: number
  readonly #lines: number
  readonly #nullBits: number
  /** Rows that were released and may still be shown: u32s behind their number and 4 unused bytes. */
  #gone: number
  #goneRoom = FIRST_GONE

  constructor({ owner, types, extraBytes = 0, capacity = BATCH_CAPACITY }: RowStoreOptions) {
    assert(extraBytes % 8 === 0, 'the cells of a row lie at multiples of 8')
    this.types = types
    this.#owner = owner
    this.#arena = owner.arena
    this.schema = new RowSchema(owner, types, extraBytes)
    this.#runs = new Runs(owner)
    this.#sizes = owner.allocate(capacity * 4)
    this.#lines = owner.allocate(capacity * 4)
    this.#nullBits = owner.allocate(this.schema.nullBytes + 8)
    this.#gone = owner.allocate(FIRST_GONE * 4 + 8)
    this.#arena.u32[(this.#gone >>> 2) + 1] = 0
  }

  /** Rows that were added and not released. */
  get count(): number {
    return this.#runs.count - this.releasedCount
  }

  /** Rows that wait for `reclaim`. */
  get releasedCount(): number {
    return this.#arena.u32[(this.#gone >>> 2) + 1]!
  }

  /**
   * Adds the selected rows of a batch.
   *
   * @returns The address of one u32 a row, the names of the new rows, valid until the next call.
   */
  add(batch: Batch): number {
    return this.addRows(batch, { rows: batch.selection, from: 0, count: batch.selectedCount })
  }

  /** Adds any rows of a batch, at most as many as the largest batch has. */
  addRows(batch: Batch, { rows, from, count }: RowRange): number {
    const { kernels } = this.#arena
    this.schema.bind(batch.columns)
    kernels.lineSizes(this.schema.address, rows, from, count, this.#sizes)
    this.#take(count)
    kernels.writeLines(this.schema.address, rows, from, count, this.#lines)
    return this.#lines
  }

  /** Adds a row by the bytes that `bytesOf` gave. */
  addBytes(bytes: Uint8Array): number {
    const { u32, u8 } = this.#arena
    u32[this.#sizes >>> 2] = this.schema.bodyOffset + bytes.length
    this.#take(1)
    const row = u32[this.#lines >>> 2]!
    this.schema.expectNulls()
    u8.set(bytes, row + this.schema.bodyOffset)
    return row
  }

  #take(count: number): void {
    const { kernels } = this.#arena
    for (let from = 0; ;) {
      from = kernels.takeLines(this.#runs.address, this.schema.address, this.#sizes, from, count, this.#lines)
      if (from === count) return
      this.#runs.addPage()
    }
  }

  /** The row as bytes, equal for equal rows; a view that is valid until the row is reclaimed. */
  bytesOf(row: number): Uint8Array {
    const start = row + this.schema.bodyOffset
    return this.#arena.u8.subarray(start, start + this.#arena.u32[(row >>> 2) + SIZE]!)
  }

  equal(a: number, b: number): boolean {
    return this.#arena.kernels.linesEqual(this.schema.address, a, b) !== 0
  }

  /** A number that the owner keeps with a row, 0 at first. */
  markOf(row: number): number {
    return this.#arena.u32[(row >>> 2) + MARK]!
  }

  setMark(row: number, mark: number): void {
    this.#arena.u32[(row >>> 2) + MARK] = mark
  }

  /** The row behind a row of a list, or 0. */
  nextOf(row: number): number {
    return this.#arena.u32[(row >>> 2) + NEXT]!
  }

  /**
   * Writes `count` rows, u32s at `rows`, to rows `first` and behind of `target`'s columns; a name 0 stands for a row of NULLs. Texts stay where they are.
   *
   * @param columns For each of the store's columns where it goes; undefined: it is not wanted.
   */
  read(rows: number, count: number, target: BatchBuffer, columns: readonly (Column | undefined)[], first: number = 0): void {
    if (count === 0) return
    const { kernels, u8 } = this.#arena
    const bits = this.#nullBits
    kernels.nullBitsOf(this.schema.address, rows, count, bits)
    this.schema.bindTarget(columns, first, (column, field) => {
      const hasNull = (u8[bits + (field >>> 3)]! & (1 << (field & 7))) !== 0
      if (column.nulls !== 0) return column.nulls
      return hasNull ? target.addNullMask(column) : 0
    })
    kernels.readLines(this.schema.address, rows, count)
  }

  /** The values of one row. */
  valuesOf(row: number, buffer: BatchBuffer): SqlValue[] {
    const { u32 } = this.#arena
    buffer.clear()
    u32[this.#sizes >>> 2] = row
    this.read(this.#sizes, 1, buffer, buffer.batch.columns)
    return buffer.batch.columns.map((column) => readCell(this.#arena, column, 0))
  }

  /** Reads the values of one column, row by row, where kernels do not help. */
  reader(column: number): (row: number) => SqlValue {
    const type = this.types[column]!
    if (type.kind === 'ROW') {
      const buffer = new BatchBuffer(this.#owner, this.types, 1)
      return (row) => this.valuesOf(row, buffer)[column]!
    }
    const arena = this.#arena
    const { u8, u32 } = arena
    const cell = new Column(type, 0, 0)
    const { offset, nullByte, nullBit } = this.schema.fieldsOf(column)[0]!
    const { bodyOffset } = this.schema
    const view = cell.layout === 'bytes' ? this.#owner.allocate(8) : 0
    return (row) => {
      if ((u8[row + nullByte]! & nullBit) !== 0) return null
      if (view === 0) cell.cells = row + offset
      else {
        cell.cells = view
        u32[view >>> 2] = row + bodyOffset + u32[(row + offset) >>> 2]!
        u32[(view >>> 2) + 1] = u32[((row + offset) >>> 2) + 1]!
      }
      return readCell(arena, cell, 0)
    }
  }

  /** Says that a row is in the state no longer. */
  release(row: number): void {
    const list = this.releaseRoom(1)
    const { u32 } = this.#arena
    const count = this.releasedCount
    u32[(list >>> 2) + count] = row
    u32[(this.#gone >>> 2) + 1] = count + 1
  }

  /** Room for `count` more rows to release: they are put behind those of the list, whose number is the u32 before its address. */
  releaseRoom(count: number): number {
    const wanted = this.releasedCount + count
    if (wanted > this.#goneRoom) {
      const { u8 } = this.#arena
      const room = Math.max(wanted, this.#goneRoom * 2)
      const grown = this.#owner.allocate(room * 4 + 8)
      u8.copyWithin(grown, this.#gone, this.#gone + 8 + this.releasedCount * 4)
      this.#owner.free(this.#gone)
      this.#gone = grown
      this.#goneRoom = room
    }
    return this.#gone + 8
  }

  /** Frees the bytes of released rows; of an empty store all pages. */
  reclaim(): void {
    const count = this.releasedCount
    if (count === 0) return
    const { kernels, u32 } = this.#arena
    kernels.freeLines(this.#runs.address, this.schema.address, this.#gone + 8, count)
    u32[(this.#gone >>> 2) + 1] = 0
    if (this.#runs.count === 0) this.#runs.reset()
  }
}
