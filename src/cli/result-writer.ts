import { styleText } from 'node:util'
import { cellText, type ChangeEncoder, changeTextEncoder, fieldText, rowTextEncoder } from '../api/change-text.ts'
import { changeJsonEncoder } from '../api/change-json.ts'
import type { ScriptQuery } from '../api/script.ts'
import { arenaOfThread } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import { readCell } from '../data/cells.ts'
import { type RowKind, rowKindText } from '../data/row-kind.ts'
import type { SqlType } from '../data/types.ts'
import { countText } from './count-text.ts'
import { rowOrder } from './row-order.ts'
import { TableFold } from './table-fold.ts'
import { drawTable, type TableCells, type TableColumn } from './table-text.ts'
import { visibleBytes } from './terminal-text.ts'

export type ResultFormat = 'table' | 'changelog' | 'json' | 'csv'

type Schema = ScriptQuery['schema']

type ShownQuery = Pick<ScriptQuery, 'schema' | 'isAppendOnly' | 'isText' | 'orderKeys'>

/** Writes the changes of one query. */
export interface ResultWriter {
  write(batch: Batch): void
  /** The query has ended: what was held back is written. */
  finish(): void
}

export interface ResultOptions {
  readonly format: ResultFormat
  readonly timeZone: string
  /** Columns of the terminal that results go to; undefined: no terminal. */
  readonly terminalWidth: number | undefined
  /** Rows that a table on a terminal shows; 0: all. */
  readonly limit: number
  readonly output: (bytes: Uint8Array) => void
  /** What follows a table on a terminal; absent: how many rows are left out, if any. */
  readonly footer?: (rowCount: number, shownCount: number) => string
  /** What a table on a terminal has besides its columns. */
  readonly decorate?: (table: ShownTable) => ShownTable
}

export interface ShownTable {
  readonly columns: readonly TableColumn[]
  readonly rows: readonly TableCells[]
}

export function resultWriter(query: ShownQuery, options: ResultOptions): ResultWriter {
  const { terminalWidth, output, format } = options
  // What values hold never reaches a terminal as commands. Tables see to it themselves, for they have colours.
  if (terminalWidth === undefined || (format === 'table' && !query.isText)) return writerOf(query, options)
  const show = query.isText && format === 'table' ? withHeadings : (bytes: Uint8Array): Uint8Array => bytes
  return writerOf(query, { ...options, output: (bytes) => output(show(visibleBytes(bytes))) })
}

/** The headings of a plan stand out. */
function withHeadings(bytes: Uint8Array): Uint8Array {
  return Buffer.from(
    Buffer.from(bytes)
      .toString()
      .replace(/^== .* ==$/gm, (heading) => styleText('bold', heading)),
  )
}

function writerOf(query: ShownQuery, options: ResultOptions): ResultWriter {
  const { schema } = query
  switch (options.format) {
    case 'changelog':
      return lineWriter(changeTextEncoder(arenaOfThread(), typesOf(schema), options.timeZone), options)
    case 'json':
      return lineWriter(changeJsonEncoder(arenaOfThread(), schema, options.timeZone), options)
    case 'csv':
      return csvWriter(schema, options)
    case 'table':
      if (query.isText) return textWriter(schema, options)
      if (!query.isAppendOnly) return tableWriter(query, options)
      return options.terminalWidth === undefined ? lineTableWriter(schema, options) : shortTableWriter(schema, options)
  }
}

const typesOf = (schema: Schema): readonly SqlType[] => schema.map((field) => field.type)

function lineWriter(encode: ChangeEncoder, { output }: ResultOptions): ResultWriter {
  return {
    write: (batch) => output(encode(batch)),
    finish: () => undefined,
  }
}

/** RFC 4180 with a header; the first column `op` tells what each change does. NULL is an empty field, text with a delimiter is quoted. */
function csvWriter(schema: Schema, { output, timeZone }: ResultOptions): ResultWriter {
  const quote = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  let header = `${['op', ...schema.map((field) => quote(field.name))].join(',')}\n`
  return {
    write(batch) {
      let text = header
      header = ''
      eachRow(batch, schema, timeZone, (kind, cells) => {
        text += `${[rowKindText(kind), ...cells.map((cell) => quote(cell ?? ''))].join(',')}\n`
      })
      output(Buffer.from(text))
    },
    finish() {
      if (header !== '') output(Buffer.from(header))
    },
  }
}

/** A plan or a statement is printed as it is, without a frame. */
function textWriter(schema: Schema, { output, timeZone }: ResultOptions): ResultWriter {
  return {
    write: (batch) => eachRow(batch, schema, timeZone, (_, cells) => output(Buffer.from(`${cells.join('').trimEnd()}\n`))),
    finish: () => undefined,
  }
}

/** Folds the changes into the final table. */
function tableWriter(query: ShownQuery, options: ResultOptions): ResultWriter {
  const { schema } = query
  const { output, terminalWidth, limit, timeZone } = options
  const fold = new TableFold(rowOrder(query))
  return {
    write: (batch) => eachRow(batch, schema, timeZone, (kind, cells) => fold.add(kind, cells)),
    finish() {
      if (terminalWidth === undefined) {
        output(headerLine(schema))
        output(Buffer.from(fold.rows(Infinity).map(rowLine).join('')))
        return
      }
      output(framedTable(schema, fold.rows(limit === 0 ? Infinity : limit), fold.rowCount, { ...options, terminalWidth }))
    },
  }
}

/** Off a terminal, rows that stay are printed as they come. */
function lineTableWriter(schema: Schema, { output, timeZone }: ResultOptions): ResultWriter {
  const encode = rowTextEncoder(arenaOfThread(), typesOf(schema), timeZone)
  let hasHeader = false
  const header = (): void => {
    if (!hasHeader) output(headerLine(schema))
    hasHeader = true
  }
  return {
    write(batch) {
      header()
      output(encode(batch))
    },
    finish: header,
  }
}

/** On a terminal, of rows that stay only those are kept that will be shown. */
function shortTableWriter(schema: Schema, options: ResultOptions): ResultWriter {
  const { output, timeZone, limit, terminalWidth = 80 } = options
  const shown: (readonly (string | null)[])[] = []
  let total = 0
  return {
    write(batch) {
      const room = limit === 0 ? Infinity : limit - shown.length
      if (room > 0) eachRow(batch, schema, timeZone, (_, cells) => void (limit !== 0 && shown.length >= limit ? 0 : shown.push(cells)))
      total += batch.selectedCount
    },
    finish: () => output(framedTable(schema, shown, total, { ...options, terminalWidth })),
  }
}

function headerLine(schema: Schema): Uint8Array {
  return Buffer.from(rowLine(schema.map((field) => field.name)))
}

function rowLine(cells: readonly (string | null)[]): string {
  return `${cells.map((cell) => (cell === null ? 'NULL' : fieldText(cell))).join('\t')}\n`
}

function framedTable(
  schema: Schema,
  shown: readonly TableCells[],
  total: number,
  { terminalWidth, footer = restText, decorate = (table) => table }: ResultOptions & { readonly terminalWidth: number },
): Uint8Array {
  const { columns, rows } = decorate({ columns: tableColumns(schema), rows: shown })
  return Buffer.from(drawTable(columns, rows, { width: terminalWidth, useColour: true }) + footer(total, shown.length))
}

function restText(rowCount: number, shownCount: number): string {
  const more = rowCount - shownCount
  return more > 0 ? `… and ${countText(more)} more row${more === 1 ? '' : 's'} (--limit 0 shows all)\n` : ''
}

export function tableColumns(schema: Schema): readonly TableColumn[] {
  return schema.map((field) => ({ name: field.name, isNumber: numberKinds.has(field.type.kind) }))
}

const numberKinds: ReadonlySet<string> = new Set(['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'FLOAT', 'DOUBLE', 'DECIMAL'])

/** The rows of a batch as texts, from the `first` of those that are selected. */
export function eachRow(
  batch: Batch,
  schema: Schema,
  timeZone: string,
  visit: (kind: RowKind, cells: TableCells) => void,
  first = 0,
): void {
  const arena = arenaOfThread()
  const { columns, selection, kinds } = batch
  for (let i = first; i < batch.selectedCount; i++) {
    const row = selection === 0 ? i : (arena.i32[selection / 4 + i] ?? 0)
    const kind = (kinds === 0 ? 0 : arena.u8[kinds + row]) as RowKind
    visit(
      kind,
      columns.map((column, c) => cellText(schema[c]?.type ?? column.type, readCell(arena, column, row), timeZone)),
    )
  }
}
