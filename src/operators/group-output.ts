import type { Arena, ArenaOwner } from '../data/arena.ts'
import { Batch } from '../data/batch.ts'
import { BatchBuffer } from '../data/batch-buffer.ts'
import { writeCell } from '../data/cells.ts'
import { type Column, layoutNumbers } from '../data/column.ts'
import { copyRows } from '../data/copy-batch.ts'
import { decodeRow } from '../data/row-encoding.ts'
import type { SqlType } from '../data/types.ts'
import type { KeyedState } from '../state/keyed-state.ts'

/**
 * The output batch of an operator that gives rows of groups: key columns, taken from input rows or from the encoded key, then the columns
 * that the operator writes.
 */
export class GroupOutput {
  readonly batch: Batch
  /** Where the operator writes its own columns. */
  readonly buffer: BatchBuffer
  readonly columns: readonly Column[]
  readonly capacity: number
  readonly #arena: Arena
  readonly #keyTypes: readonly SqlType[]
  readonly #keys: BatchBuffer
  /** i32 numbers of the input rows that the keys of the output rows come from. */
  readonly #sources: number
  readonly #missing: number
  /** Kernels can read the keys. */
  readonly #hasPlainKeys: boolean

  constructor(owner: ArenaOwner, keyTypes: readonly SqlType[], valueTypes: readonly SqlType[], capacity: number) {
    this.#arena = owner.arena
    this.#keyTypes = keyTypes
    this.#keys = new BatchBuffer(owner, keyTypes, capacity)
    this.buffer = new BatchBuffer(owner, valueTypes, capacity)
    this.columns = this.buffer.batch.columns
    this.batch = new Batch([...this.#keys.batch.columns, ...this.columns])
    this.capacity = capacity
    this.#sources = owner.allocate(capacity * 4)
    this.#missing = owner.allocate(capacity)
    this.#hasPlainKeys = keyTypes.every(isPlainKey)
  }

  clear(): void {
    const { batch } = this
    this.#keys.clear()
    this.buffer.clear()
    batch.rowCount = 0
    batch.selectedCount = 0
    batch.selection = 0
    batch.kinds = 0
    batch.rowWatermarks = 0
    batch.places = 0
  }

  /** Copies the keys of the input rows `sources`, which lie in the arena, each to one row of the output. */
  copyKeys(input: Batch, keyColumns: readonly number[], sources: Int32Array, count: number): void {
    if (keyColumns.length === 0) return
    const view = new Batch(keyColumns.map((column) => input.columns[column]!))
    copyRows(view, this.#keys, { rows: sources.byteOffset, from: 0, count })
  }

  /** Copies them, each to two rows of the output. */
  copyKeysTwice(input: Batch, keyColumns: readonly number[], sources: Int32Array, count: number): void {
    if (keyColumns.length === 0) return
    const { i32 } = this.#arena
    const to = this.#sources >>> 2
    for (let k = 0; k < count; k++) {
      i32[to + k * 2] = sources[k]!
      i32[to + k * 2 + 1] = sources[k]!
    }
    const view = new Batch(keyColumns.map((column) => input.columns[column]!))
    copyRows(view, this.#keys, { rows: this.#sources, from: 0, count: count * 2 })
  }

  /** Writes the keys of groups, i32 ids at `ids`, behind their first `skip` bytes, to rows `first` and up. */
  takeKeys(state: KeyedState, ids: number, count: number, skip: number, first: number): void {
    if (!this.#hasPlainKeys) {
      const { i32 } = this.#arena
      for (let i = 0; i < count; i++) this.#writeKey(first + i, state.keyBytes(i32[(ids >>> 2) + i]!).subarray(skip))
      return
    }
    const { kernels } = this.#arena
    // The keys' room for row numbers is free while none are copied.
    const places = this.#sources
    state.keyPlaces(ids, count, skip, places)
    for (const column of this.#keys.batch.columns) {
      const missing = kernels.readKeys(layoutNumbers[column.layout], places, count, column.cells, first, this.#missing)
      if (missing > 0) {
        const nulls = column.nulls === 0 ? this.#keys.addNullMask(column) : column.nulls
        kernels.spreadMissing(this.#missing, count, nulls, first, 1)
      }
      if (column.layout !== 'bytes') continue
      const text = this.#keys.reserveText(kernels.takenTextSize(column.cells, count, first, 1) >>> 0)
      kernels.copyTakenTexts(column.cells, count, first, 1, text)
    }
  }

  #writeKey(row: number, key: Uint8Array): void {
    const values = decodeRow(this.#keyTypes, key)
    values.forEach((value, i) => writeCell(this.#keys, this.#keys.batch.columns[i]!, row, value))
  }
}

function isPlainKey({ kind }: SqlType): boolean {
  return kind !== 'NULL' && kind !== 'ROW' && kind !== 'ARRAY' && kind !== 'MAP' && kind !== 'MULTISET' && kind !== 'VARIANT'
}
