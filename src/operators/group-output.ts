import type { Arena, ArenaOwner } from '../data/arena.ts'
import { Batch } from '../data/batch.ts'
import { BatchBuffer } from '../data/batch-buffer.ts'
import { writeCell } from '../data/cells.ts'
import type { Column } from '../data/column.ts'
import { copyRows } from '../data/copy-batch.ts'
import { decodeRow } from '../data/row-encoding.ts'
import type { SqlType } from '../data/types.ts'

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

  constructor(owner: ArenaOwner, keyTypes: readonly SqlType[], valueTypes: readonly SqlType[], capacity: number) {
    this.#arena = owner.arena
    this.#keyTypes = keyTypes
    this.#keys = new BatchBuffer(owner, keyTypes, capacity)
    this.buffer = new BatchBuffer(owner, valueTypes, capacity)
    this.columns = this.buffer.batch.columns
    this.batch = new Batch([...this.#keys.batch.columns, ...this.columns])
    this.capacity = capacity
    this.#sources = owner.allocate(capacity * 4)
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

  /** Says from which input row the key of an output row comes; `copyKeys` copies all. */
  setSource(row: number, inputRow: number): void {
    this.#arena.i32[(this.#sources >>> 2) + row] = inputRow
  }

  /** Copies the keys of output rows 0 to `count - 1` from the input rows that were set. */
  copyKeys(input: Batch, keyColumns: readonly number[], count: number): void {
    if (keyColumns.length === 0) return
    const view = new Batch(keyColumns.map((column) => input.columns[column]!))
    copyRows(view, this.#keys, { rows: this.#sources, from: 0, count })
  }

  /** Copies the keys of the input rows `sources`, which lie in the arena, each to two rows of the output. */
  copyKeysTwice(input: Batch, keyColumns: readonly number[], sources: Int32Array, count: number): void {
    const { i32 } = this.#arena
    const to = this.#sources >>> 2
    for (let k = 0; k < count; k++) {
      i32[to + k * 2] = sources[k]!
      i32[to + k * 2 + 1] = sources[k]!
    }
    this.copyKeys(input, keyColumns, count * 2)
  }

  /** Writes an encoded key to an output row. */
  writeKey(row: number, key: Uint8Array): void {
    const values = decodeRow(this.#keyTypes, key)
    values.forEach((value, i) => writeCell(this.#keys, this.#keys.batch.columns[i]!, row, value))
  }
}
