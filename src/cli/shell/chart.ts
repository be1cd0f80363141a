import type { ShownTable } from '../result-writer.ts'
import type { TableCells } from '../table-text.ts'

/** A column that is drawn beside its numbers. */
export interface Chart {
  readonly column: string
  readonly form: 'bar' | 'spark'
}

/** Cells of a bar, and values of a sparkline. */
const BAR_WIDTH = 20
export const SPARK_LENGTH = 16

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const
const LEVELS = '▁▂▃▄▅▆▇█'

/**
 * Puts the chart behind its column; a table without that column is left as it is.
 *
 * @param historyOf The values that a row's column had, oldest first; absent: only what it has now.
 */
export function withChart(table: ShownTable, chart: Chart | undefined, historyOf?: (row: number) => readonly number[]): ShownTable {
  const at = chart === undefined ? -1 : table.columns.findIndex((column) => column.name === chart.column)
  if (chart === undefined || at < 0) return table
  const values = table.rows.map((row) => numberOf(row[at]))
  const histories = values.map((value, r) => historyOf?.(r) ?? (value === undefined ? [] : [value]))
  const drawn = chart.form === 'bar' ? bars(values) : sparks(histories)
  const insert = <T>(list: readonly T[], item: T): T[] => [...list.slice(0, at + 1), item, ...list.slice(at + 1)]
  return {
    columns: insert(table.columns, { name: '', isNumber: false }),
    rows: table.rows.map((row, r): TableCells => insert(row, drawn[r] ?? '')),
  }
}

/** The number that a cell shows; undefined for NULL and what is none. */
export function numberOf(cell: string | null | undefined): number | undefined {
  if (cell === null || cell === undefined || cell === '') return undefined
  const value = Number(cell)
  return Number.isFinite(value) ? value : undefined
}

/** Bars from zero; where some are negative, zero stands within. */
function bars(values: readonly (number | undefined)[]): readonly string[] {
  const known = values.filter((value) => value !== undefined)
  const most = Math.max(0, ...known)
  const least = Math.min(0, ...known)
  const range = most - least
  if (range === 0) return values.map(() => '')
  const left = Math.round((-least / range) * BAR_WIDTH)
  return values.map((value) => {
    if (value === undefined) return ''
    const length = (Math.abs(value) / range) * BAR_WIDTH
    if (value >= 0) return ' '.repeat(left) + solid(length)
    const cells = Math.max(1, Math.round(length))
    return ' '.repeat(Math.max(0, left - cells)) + '█'.repeat(Math.min(cells, left))
  })
}

function solid(length: number): string {
  const eighths = Math.round(length * 8)
  // What is not nothing is seen.
  return '█'.repeat(eighths >> 3) + (EIGHTHS[length > 0 && eighths === 0 ? 1 : eighths & 7] ?? '')
}

/** Each row's values, all on one scale. */
function sparks(histories: readonly (readonly number[])[]): readonly string[] {
  const all = histories.flat()
  const most = Math.max(0, ...all)
  const least = Math.min(0, ...all)
  const range = most - least
  return histories.map((values) =>
    values
      .slice(-SPARK_LENGTH)
      .map((value) => LEVELS[range === 0 ? 0 : Math.min(7, Math.floor(((value - least) / range) * 8))])
      .join(''),
  )
}
