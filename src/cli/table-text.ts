import { styleText } from 'node:util'
import { cutTo, displayWidth, visible } from './terminal-text.ts'

/** A column that shrinks keeps so many cells; those that then still find no room are left out. */
const LEAST_WIDTH = 5

export interface TableColumn {
  readonly name: string
  /** Numbers stand right, everything else left. */
  readonly isNumber: boolean
}

export interface TableOptions {
  /** Columns of the terminal; columns of the table shrink to fit before anything is cut off. */
  readonly width: number
  readonly useColour: boolean
}

export type TableCells = readonly (string | null)[]

/**
 * A framed table: numbers right, text left, NULL dimmed. Cells are texts, null is NULL. Below it stand the names of the columns that found no room. Ends with
 * a line break.
 */
export function drawTable(columns: readonly TableColumn[], rows: readonly TableCells[], options: TableOptions): string {
  const names = columns.map((column) => visible(column.name))
  const cells = rows.map((row) => row.map((cell) => (cell === null ? 'NULL' : visible(cell))))
  const wanted = names.map((name, i) =>
    cells.reduce((most, row) => Math.max(most, displayWidth(row[i] ?? '')), Math.max(1, displayWidth(name))),
  )
  const count = fittingColumns(wanted, options.width)
  const isWhole = count === columns.length
  const shownNames = isWhole ? names : [...names.slice(0, count), '…']
  const widths = shrink(isWhole ? wanted : [...wanted.slice(0, count), 1], options.width - 3 * shownNames.length - 1)
  const frame = (left: string, middle: string, right: string): string =>
    left + widths.map((width) => '─'.repeat(width + 2)).join(middle) + right
  const line = (texts: readonly string[]): string => `│ ${texts.join(' │ ')} │`
  const lines = [
    frame('┌', '┬', '┐'),
    line(shownNames.map((name, i) => pad(name, widths[i] ?? 1, columns[i]?.isNumber === true))),
    frame('├', '┼', '┤'),
    ...cells.map((row, r) =>
      line(
        (isWhole ? row : [...row.slice(0, count), '…']).map((cell, i) => {
          const text = pad(cell, widths[i] ?? 1, columns[i]?.isNumber === true)
          return i < count && rows[r]?.[i] === null && options.useColour ? styleText('dim', text) : text
        }),
      ),
    ),
    frame('└', '┴', '┘'),
  ]
  if (!isWhole) lines.push(cutTo(`… and ${names.length - count} more columns: ${names.slice(count).join(', ')}`, options.width))
  return `${lines.join('\n')}\n`
}

/** How many columns find room when each is as narrow as it may be; at least one. */
function fittingColumns(wanted: readonly number[], width: number): number {
  const least = wanted.map((each) => Math.min(each, LEAST_WIDTH) + 3)
  const total = least.reduce((sum, each) => sum + each, 1)
  if (total <= width) return wanted.length
  // The column that stands for the others takes four cells.
  let room = width - 1 - 4
  let count = 0
  while (count < least.length && (least[count] ?? 0) <= room) room -= least[count++] ?? 0
  return Math.max(1, count)
}

/** Takes from the widest columns first. */
function shrink(wanted: readonly number[], room: number): readonly number[] {
  const widths = wanted.map((width) => Math.min(width, Math.max(LEAST_WIDTH, room)))
  let total = widths.reduce((sum, width) => sum + width, 0)
  while (total > room) {
    const widest = widths.indexOf(Math.max(...widths))
    const width = widths[widest] ?? 0
    if (width <= LEAST_WIDTH) break
    widths[widest] = width - 1
    total--
  }
  return widths
}

function pad(text: string, width: number, isNumber: boolean): string {
  const cut = cutTo(text, width)
  const blank = ' '.repeat(Math.max(0, width - displayWidth(cut)))
  return isNumber ? blank + cut : cut + blank
}
