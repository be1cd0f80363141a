import { type RowKind, rowKindSign } from '../data/row-kind.ts'
import type { RowOrder } from './row-order.ts'
import type { TableCells } from './table-text.ts'

interface FoldedRow {
  readonly cells: TableCells
  count: number
}

/** The table that changes add up to: rows in the order that is asked for, else in that in which they came to stay. */
export class TableFold {
  readonly #order: RowOrder | undefined
  readonly #rows = new Map<string, FoldedRow>()

  constructor(order: RowOrder | undefined) {
    this.#order = order
  }

  add(kind: RowKind, cells: TableCells): void {
    const key = JSON.stringify(cells)
    const row = this.#rows.get(key)
    const count = (row?.count ?? 0) + rowKindSign(kind)
    if (count === 0) this.#rows.delete(key)
    else if (row === undefined) this.#rows.set(key, { cells, count })
    else row.count = count
  }

  get rowCount(): number {
    let total = 0
    for (const row of this.#rows.values()) total += row.count
    return total
  }

  /** The first `most` rows. */
  rows(most: number): TableCells[] {
    const order = this.#order
    const rows = order === undefined ? this.#rows.values() : [...this.#rows.values()].sort((a, b) => order(a.cells, b.cells))
    const all: TableCells[] = []
    for (const { cells, count } of rows) {
      for (let i = 0; i < count && all.length < most; i++) all.push(cells)
      if (all.length >= most) break
    }
    return all
  }
}
