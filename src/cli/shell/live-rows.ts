import type { ScriptQuery } from '../../api/script.ts'
import { type RowKind, RowKind as Kinds, rowKindSign, rowKindText } from '../../data/row-kind.ts'
import { type RowOrder, rowOrder } from '../row-order.ts'
import { TableFold } from '../table-fold.ts'
import type { TableCells } from '../table-text.ts'
import { numberOf, SPARK_LENGTH } from './chart.ts'

/** Rows and changes that are kept to be shown; the oldest go first. */
const MAX_ROWS = 10_000
const MAX_APPENDED_ROWS = 1_000
const MAX_CHANGES = 1_000

/** A row of the live table. */
interface LiveRow {
  cells: TableCells
  /** Taken back; a change of the same key may still bring it back to its place. */
  isGone: boolean
  /** Values of the charted column, oldest first. */
  readonly history: number[]
}

/** The table that an endless query's changes add up to, and the last of the changes; both bounded. */
export class LiveRows {
  readonly #keyColumns: readonly number[] | undefined
  readonly #isAppendOnly: boolean
  readonly #chartColumn: number
  readonly #rows = new Map<string, LiveRow>()
  readonly #fold: TableFold
  readonly #order: RowOrder | undefined
  readonly #changes: { readonly kind: RowKind; readonly cells: TableCells }[] = []
  #nextRow = 0
  #rowCount = 0
  #changeCount = 0

  /** @param chartColumn Its values are remembered; -1: none. */
  constructor(query: Pick<ScriptQuery, 'schema' | 'isAppendOnly' | 'upsertKeys' | 'orderKeys'>, chartColumn: number) {
    this.#order = query.isAppendOnly ? undefined : rowOrder(query)
    this.#fold = new TableFold(this.#order)
    this.#isAppendOnly = query.isAppendOnly
    // An empty key stands for a table of one row.
    this.#keyColumns = query.isAppendOnly ? undefined : query.upsertKeys[0]
    this.#chartColumn = chartColumn
  }

  /** Rows that the table has, shown or not. */
  get rowCount(): number {
    return this.#rowCount
  }

  get changeCount(): number {
    return this.#changeCount
  }

  /** The first row of a batch of so many that is worth adding: earlier ones would be forgotten at once. */
  firstOf(batchRows: number): number {
    return this.#isAppendOnly ? Math.max(0, batchRows - MAX_APPENDED_ROWS) : 0
  }

  /** Counts rows that are not added. */
  skip(count: number): void {
    this.#rowCount += count
    this.#changeCount += count
  }

  add(kind: RowKind, cells: TableCells): void {
    this.#rowCount += rowKindSign(kind)
    this.#changeCount++
    this.#changes.push({ kind, cells })
    if (this.#changes.length > 2 * MAX_CHANGES) this.#changes.splice(0, MAX_CHANGES)
    if (this.#isAppendOnly) this.#set(String(this.#nextRow++), cells)
    else if (this.#keyColumns === undefined) this.#fold.add(kind, cells)
    else this.#change(kind, cells, this.#keyColumns)
  }

  /** The rows of the table from `from` on. */
  rows(from: number, most: number): { readonly cells: readonly TableCells[]; readonly histories: readonly (readonly number[])[] } {
    if (!this.#isAppendOnly && this.#keyColumns === undefined) {
      const cells = this.#fold.rows(from + most).slice(from)
      return { cells, histories: [] }
    }
    const order = this.#order
    const rows = order === undefined ? this.#rows.values() : [...this.#rows.values()].sort((a, b) => order(a.cells, b.cells))
    const shown: LiveRow[] = []
    let at = 0
    for (const row of rows) {
      if (row.isGone) continue
      if (at++ < from) continue
      if (shown.length >= most) break
      shown.push(row)
    }
    return { cells: shown.map((row) => row.cells), histories: shown.map((row) => row.history) }
  }

  /** Rows that can be shown. */
  get keptCount(): number {
    if (!this.#isAppendOnly && this.#keyColumns === undefined) return this.#fold.rowCount
    let count = 0
    for (const row of this.#rows.values()) if (!row.isGone) count++
    return count
  }

  /** The last changes, oldest first, as `+I[1, a]`. */
  changes(most: number): readonly string[] {
    const from = Math.max(0, this.#changes.length - most)
    return this.#changes.slice(from).map(({ kind, cells }) => `${rowKindText(kind)}[${cells.map((cell) => cell ?? 'null').join(', ')}]`)
  }

  #change(kind: RowKind, cells: TableCells, keyColumns: readonly number[]): void {
    const key = JSON.stringify(keyColumns.map((column) => cells[column]))
    if (kind !== Kinds.updateBefore && kind !== Kinds.delete) return this.#set(key, cells)
    const row = this.#rows.get(key)
    if (row === undefined) return
    // An update keeps its place: its new row follows.
    if (kind === Kinds.updateBefore) row.isGone = true
    else this.#rows.delete(key)
  }

  #set(key: string, cells: TableCells): void {
    const value = this.#chartColumn < 0 ? undefined : numberOf(cells[this.#chartColumn])
    const row = this.#rows.get(key)
    if (row === undefined) {
      this.#rows.set(key, { cells, isGone: false, history: value === undefined ? [] : [value] })
      if (this.#rows.size > (this.#isAppendOnly ? MAX_APPENDED_ROWS : MAX_ROWS)) this.#rows.delete(this.#rows.keys().next().value ?? '')
      return
    }
    row.cells = cells
    row.isGone = false
    if (value !== undefined && row.history.push(value) > 2 * SPARK_LENGTH) row.history.splice(0, SPARK_LENGTH)
  }
}
