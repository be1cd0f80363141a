import type { ArenaOwner } from '../data/arena.ts'
import { BatchBuffer } from '../data/batch-buffer.ts'
import type { Column } from '../data/column.ts'
import type { RowStore } from '../state/row-store.ts'
import type { JoinCondition } from './join-condition.ts'

/** Asks of stored rows of two sides which pairs fulfil a condition. */
export class PairCondition {
  readonly #condition: JoinCondition
  readonly #stores: readonly [RowStore, RowStore]
  readonly #buffer: BatchBuffer
  /** By side, the columns that the condition reads. */
  readonly #columns: readonly [readonly (Column | undefined)[], readonly (Column | undefined)[]]
  /** Names of rows, u32s. */
  readonly #names: number

  constructor(owner: ArenaOwner, stores: readonly [left: RowStore, right: RowStore], condition: JoinCondition) {
    this.#condition = condition
    this.#stores = stores
    this.#buffer = new BatchBuffer(owner, [...stores[0].types, ...stores[1].types])
    const width = stores[0].types.length
    const wanted = this.#buffer.batch.columns.map((column, i) => (condition.columns.includes(i) ? column : undefined))
    this.#columns = [wanted.slice(0, width), wanted.slice(width)]
    this.#names = owner.allocate(this.#buffer.capacity * 4)
  }

  /** Leaves in `others`, rows of the other side, only those with which row `row` of side `side` fulfils the condition. */
  keepMatches(side: 0 | 1, row: number, others: number[]): void {
    const { arena, capacity, batch } = this.#buffer
    let kept = 0
    for (let from = 0; from < others.length; from += capacity) {
      const count = Math.min(capacity, others.length - from)
      const names = this.#names >>> 2
      this.#buffer.clear()
      arena.u32.fill(row, names, names + count)
      this.#read(side, count)
      for (let i = 0; i < count; i++) arena.u32[names + i] = others[from + i]!
      this.#read(side === 0 ? 1 : 0, count)
      batch.rowCount = count
      batch.selectedCount = count
      const { selection, selectedCount } = this.#condition.run(batch)
      for (let i = 0; i < selectedCount; i++) others[kept++] = others[from + (selection === 0 ? i : arena.i32[(selection >>> 2) + i]!)]!
    }
    others.length = kept
  }

  #read(side: 0 | 1, count: number): void {
    const columns = this.#columns[side]
    if (columns.some((column) => column !== undefined)) this.#stores[side].read(this.#names, count, this.#buffer, columns)
  }
}
