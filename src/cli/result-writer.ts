import { cellText, type ChangeEncoder, changeTextEncoder, fieldText, rowTextEncoder } from '../api/change-text.ts'
import { changeJsonEncoder } from '../api/change-json.ts'
import type { ScriptQuery } from '../api/script.ts'
import { arenaOfThread } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import { readCell } from '../data/cells.ts'
import { type RowKind, rowKindSign, rowKindText } from '../data/row-kind.ts'
import type { SqlType } from '../data/types.ts'
import { drawTable } from './table-text.ts'
import { countText } from './count-text.ts'

export type ResultFormat = 'table' | 'changelog' | 'json' | 'csv'

type Schema = ScriptQuery['schema']

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
}

export function resultWriter(query: Pick<ScriptQuery, 'schema' | 'isAppendOnly' | 'isText'>, options: ResultOptions): ResultWriter {
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
      if (!query.isAppendOnly) return tableWriter(schema, options)
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

interface TableRow {
  readonly cells: readonly (string | null)[]
  count: number
}

/** Folds the changes into the final table: rows in the order in which they came to stay. */
function tableWriter(schema: Schema, options: ResultOptions): ResultWriter {
  const { output, terminalWidth, limit, timeZone } = options
  const rows = new Map<string, TableRow>()
  const add = (kind: RowKind, cells: readonly (string | null)[]): void => {
    const key = JSON.stringify(cells)
    const row = rows.get(key)
    const count = (row?.count ?? 0) + rowKindSign(kind)
    if (count === 0) rows.delete(key)
    else if (row === undefined) rows.set(key, { cells, count })
    else row.count = count
  }
  const expanded = (most: number): (readonly (string | null)[])[] => {
    const all: (readonly (string | null)[])[] = []
    for (const { cells, count } of rows.values()) for (let i = 0; i < count && all.length < most; i++) all.push(cells)
    return all
  }
  return {
    write: (batch) => eachRow(batch, schema, timeZone, add),
    finish() {
      if (terminalWidth === undefined) {
        output(headerLine(schema))
        output(Buffer.from(expanded(Infinity).map(rowLine).join('')))
        return
      }
      const total = [...rows.values()].reduce((sum, row) => sum + row.count, 0)
      const shown = expanded(limit === 0 ? Infinity : limit)
      output(framedTable(schema, shown, total, terminalWidth))
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
function shortTableWriter(schema: Schema, { output, timeZone, limit, terminalWidth }: ResultOptions): ResultWriter {
  const shown: (readonly (string | null)[])[] = []
  let total = 0
  return {
    write(batch) {
      const room = limit === 0 ? Infinity : limit - shown.length
      if (room > 0) eachRow(batch, schema, timeZone, (_, cells) => void (limit !== 0 && shown.length >= limit ? 0 : shown.push(cells)))
      total += batch.selectedCount
    },
    finish: () => output(framedTable(schema, shown, total, terminalWidth ?? 80)),
  }
}

function headerLine(schema: Schema): Uint8Array {
  return Buffer.from(rowLine(schema.map((field) => field.name)))
}

function rowLine(cells: readonly (string | null)[]): string {
  return `${cells.map((cell) => (cell === null ? 'NULL' : fieldText(cell))).join('\t')}\n`
}

function framedTable(schema: Schema, shown: readonly (readonly (string | null)[])[], total: number, width: number): Uint8Array {
  const columns = schema.map((field) => ({ name: field.name, isNumber: numberKinds.has(field.type.kind) }))
  const more = total - shown.length
  const rest = more > 0 ? `… and ${countText(more)} more row${more === 1 ? '' : 's'} (--limit 0 shows all)\n` : ''
  return Buffer.from(drawTable(columns, shown, { width, useColour: true }) + rest)
}

const numberKinds: ReadonlySet<string> = new Set(['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'FLOAT', 'DOUBLE', 'DECIMAL'])

function eachRow(batch: Batch, schema: Schema, timeZone: string, visit: (kind: RowKind, cells: readonly (string | null)[]) => void): void {
  const arena = arenaOfThread()
  const { columns, selection, kinds } = batch
  for (let i = 0; i < batch.selectedCount; i++) {
    const row = selection === 0 ? i : (arena.i32[selection / 4 + i] ?? 0)
    const kind = (kinds === 0 ? 0 : arena.u8[kinds + row]) as RowKind
    visit(
      kind,
      columns.map((column, c) => cellText(schema[c]?.type ?? column.type, readCell(arena, column, row), timeZone)),
    )
  }
}
