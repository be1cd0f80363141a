import { assert } from '../base/assert.ts'
import type { Arena, ArenaOwner } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import { BatchBuffer } from '../data/batch-buffer.ts'
import { type Column, layoutBytes } from '../data/column.ts'
import type { SqlType } from '../data/types.ts'
import type { RowStore } from '../state/row-store.ts'

/** Pairs of a row of a batch and a row of a store. */
export interface Pairs {
  readonly batch: Batch
  /** i32 physical rows of the batch. */
  readonly inputs: number
  /** A byte each: 1 where the batch's row is not shown; 0: all are. */
  readonly absent: number
  readonly store: RowStore
  /** u32 names of stored rows, 0: a row of NULLs. */
  readonly rows: number
  readonly count: number
  /** Which side the batch is of. */
  readonly side: 0 | 1
}

/**
 * A batch of pairs: the left columns, then the right ones. Cells are copied, texts are shown where they lie: in the input batch or in the store, which both
 * stay until the call is over.
 */
export class PairBatch {
  readonly buffer: BatchBuffer
  readonly #arena: Arena
  /** By side, its columns; undefined: not wanted. */
  readonly #columns: readonly [readonly (Column | undefined)[], readonly (Column | undefined)[]]

  /**
   * @param types Of the batch's columns.
   * @param leftWidth How many of them are the left side's.
   * @param rightWidth How many the right side has; where `types` has fewer, that side is not shown.
   * @param isWanted Whether a column is filled.
   */
  constructor(
    owner: ArenaOwner,
    types: readonly SqlType[],
    [leftWidth, rightWidth]: readonly [number, number],
    isWanted: (column: number) => boolean,
  ) {
    this.#arena = owner.arena
    this.buffer = new BatchBuffer(owner, types)
    const { columns } = this.buffer.batch
    const of = (from: number, width: number): readonly (Column | undefined)[] =>
      Array.from({ length: width }, (_, i) => (isWanted(from + i) ? columns[from + i] : undefined))
    this.#columns = [of(0, leftWidth), of(leftWidth, rightWidth)]
  }

  /** Fills rows 0 to `count - 1` of a cleared buffer. */
  fill({ batch, inputs, absent, store, rows, count, side }: Pairs): void {
    const own = this.#columns[side]
    for (let i = 0; i < own.length; i++) {
      const target = own[i]
      if (target !== undefined) this.#gather(batch.columns[i]!, target, inputs, absent, count)
    }
    const other = this.#columns[1 - side]!
    if (other.some((column) => column !== undefined)) store.read(rows, count, this.buffer, other)
    this.buffer.batch.rowCount = count
    this.buffer.batch.selectedCount = count
  }

  /** Fills rows of a cleared buffer with stored rows of one side, beside NULLs. */
  showAlone(side: 0 | 1, store: RowStore, rows: number, count: number): void {
    store.read(rows, count, this.buffer, this.#columns[side])
    for (const column of this.#columns[1 - side]!) if (column !== undefined) this.#setNulls(column, count)
    this.buffer.batch.rowCount = count
    this.buffer.batch.selectedCount = count
  }

  #setNulls(column: Column, count: number): void {
    const mask = this.buffer.addNullMask(column)
    this.#arena.u8.fill(1, mask, mask + count)
    // A NULL text is a view of nothing.
    if (column.layout === 'bytes') this.#arena.kernels.clearBytes(column.cells, count * 8)
    for (const child of column.children) this.#setNulls(child, count)
  }

  #gather(source: Column, target: Column, inputs: number, absent: number, count: number): void {
    assert(source.layout === target.layout, 'cells are gathered between columns of one layout')
    const { kernels } = this.#arena
    if (absent !== 0 || (source.nulls !== 0 && kernels.hasNull(source.nulls, inputs, 0, count) !== 0)) {
      kernels.gatherMask(source.nulls, inputs, absent, count, this.buffer.addNullMask(target))
    }
    const size = layoutBytes(target.layout)
    if (size > 0) kernels.gatherCells(source.cells, 31 - Math.clz32(size), inputs, 0, count, target.cells)
    for (let i = 0; i < target.children.length; i++) this.#gather(source.children[i]!, target.children[i]!, inputs, absent, count)
  }
}
