import type { Arena } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import { readCell } from '../data/cells.ts'
import type { Column } from '../data/column.ts'
import { type RowKind, rowKindText } from '../data/row-kind.ts'
import { formatValue } from '../data/text.ts'
import type { SqlType } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import { ByteWriter } from '../formats/byte-writer.ts'

const SAFE_HIGH = 0x1fffff

/** Writes one cell; never called for NULL. */
type CellWriter = (lines: ByteWriter, column: Column, row: number) => void

/** The bytes of a batch's changes; the caller owns them. */
export type ChangeEncoder = (batch: Batch) => Uint8Array

/**
 * Writes changes as the corpus has them: `+I[1, a, null]`, each value as CAST(value AS STRING) gives it, BYTES as `x'6869'`.
 * Whole numbers and text go straight from the columns to bytes; nothing is allocated for them.
 */
export function changeTextEncoder(arena: Arena, types: readonly SqlType[], timeZone: string): ChangeEncoder {
  const lines = new ByteWriter()
  const writers = types.map((type) => cellWriter(arena, type, timeZone, 'as it is'))
  return (batch) => {
    const { columns, selection, kinds } = batch
    for (let i = 0; i < batch.selectedCount; i++) {
      const row = selection === 0 ? i : arena.i32[selection / 4 + i]!
      lines.text(rowKindText((kinds === 0 ? 0 : arena.u8[kinds + row]!) as RowKind))
      lines.byte(0x5b)
      for (let c = 0; c < columns.length; c++) {
        if (c > 0) lines.text(', ')
        const column = columns[c]!
        if (column.nulls !== 0 && arena.u8[column.nulls + row] !== 0) lines.text('null')
        else writers[c]!(lines, column, row)
      }
      lines.text(']\n')
    }
    return lines.take()
  }
}

/** Writes rows as tab-separated lines without their kinds; NULL is `NULL`, tabs and line breaks in values are `\t` and `\n`, a backslash is `\\`. */
export function rowTextEncoder(arena: Arena, types: readonly SqlType[], timeZone: string): ChangeEncoder {
  const lines = new ByteWriter()
  const writers = types.map((type) => cellWriter(arena, type, timeZone, 'escaped'))
  return ({ columns, selection, selectedCount }) => {
    for (let i = 0; i < selectedCount; i++) {
      const row = selection === 0 ? i : arena.i32[selection / 4 + i]!
      for (let c = 0; c < columns.length; c++) {
        if (c > 0) lines.byte(0x09)
        const column = columns[c]!
        if (column.nulls !== 0 && arena.u8[column.nulls + row] !== 0) lines.text('NULL')
        else writers[c]!(lines, column, row)
      }
      lines.byte(0x0a)
    }
    return lines.take()
  }
}

/** A text as a field of a tab-separated line. */
export function fieldText(text: string): string {
  return text.replace(/[\t\n\r\\]/g, (character) => ({ '\t': '\\t', '\n': '\\n', '\r': '\\r' })[character] ?? '\\\\')
}

function cellWriter(arena: Arena, type: SqlType, timeZone: string, form: 'as it is' | 'escaped'): CellWriter {
  switch (type.kind) {
    case 'INTEGER':
      return (lines, column, row) => lines.integer(arena.i32[column.cells / 4 + row]!)
    case 'SMALLINT':
      return (lines, column, row) => lines.integer(arena.i16[column.cells / 2 + row]!)
    case 'TINYINT':
      return (lines, column, row) => lines.integer(arena.i8[column.cells + row]!)
    case 'BIGINT':
      return (lines, column, row) => {
        const at = column.cells / 4 + row * 2
        const high = arena.i32[at + 1]!
        if (high < SAFE_HIGH && high > -SAFE_HIGH) lines.integer(high * 0x100000000 + arena.u32[at]!)
        else lines.text(String(arena.i64[at / 2]!))
      }
    case 'CHAR':
    case 'VARCHAR':
      return (lines, column, row) => {
        const at = column.cells / 4 + row * 2
        if (form === 'escaped') lines.field(arena.u8, arena.u32[at]!, arena.u32[at + 1]!)
        else lines.copy(arena.u8, arena.u32[at]!, arena.u32[at + 1]!)
      }
    default:
      return (lines, column, row) => {
        const text = cellText(type, readCell(arena, column, row), timeZone) ?? 'null'
        lines.text(form === 'escaped' ? fieldText(text) : text)
      }
  }
}

/** A value as results show it: CAST(value AS STRING), but BYTES as `x'6869'`; null for NULL. */
export function cellText(type: SqlType, value: SqlValue, timeZone: string): string | null {
  if (value === null) return null
  if (type.kind === 'BINARY' || type.kind === 'VARBINARY') return `x'${Buffer.from(value as Uint8Array).toString('hex')}'`
  return formatValue(type, value, timeZone)
}
