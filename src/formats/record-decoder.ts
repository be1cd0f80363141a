import type { RheoError } from '../base/errors.ts'
import { externalError } from '../base/errors.ts'
import type { SqlType } from '../data/types.ts'
import { formatType } from '../data/types.ts'
import type { Arena } from '../data/arena.ts'
import type { BatchBuffer } from '../data/batch-buffer.ts'
import type { Column } from '../data/column.ts'
import { quoteForMessage } from './field-text.ts'
import type { RecordWindow } from './format.ts'

export const LF = 0x0a
export const CR = 0x0d

/** A record that is no record at all: not JSON, an unclosed quote, too many fields, too long, not UTF-8. `format` is one that can drop it. */
export function badRecord(reason: string, format?: string): RheoError {
  const hint =
    format === undefined || reason.includes('.ignore-parse-errors')
      ? ''
      : `; set '${format}.ignore-parse-errors' = 'true' to drop such rows`
  return externalError('format/bad-record', `Cannot read the row: ${reason}${hint}`)
}

/** What is wrong with a field that does not fit its column. */
export function fieldProblem(name: string, text: string, type: SqlType): string {
  return `field "${name}" holds ${quoteForMessage(text)} and wants ${formatType({ ...type, nullable: true })}`
}

/** A field that does not fit its column. */
export function badField(format: string, name: string, text: string, type: SqlType): RheoError {
  const isTimestamp = type.kind === 'TIMESTAMP' || type.kind === 'TIMESTAMP_LTZ'
  const iso =
    isTimestamp && format !== 'csv' && /^\d{4}-\d\d-\d\dT/.test(text) ? `'${format}.timestamp-format.standard' = 'ISO-8601' reads it; ` : ''
  return externalError(
    'format/bad-field',
    `Cannot read the row: ${fieldProblem(name, text, type)}; ${iso}set '${format}.ignore-parse-errors' = 'true' to take it as NULL`,
  )
}

export function tooLong(maxRecordBytes: number): string {
  return `it is longer than ${maxRecordBytes} bytes; raise the limit with "rheo.max-record"`
}

/** Steps over the rest of a record that is too long: from the limit on to the next line end, wherever that stands and whatever lies in the window. */
export class OversizedRecord {
  #isOpen = false

  get isOpen(): boolean {
    return this.#isOpen
  }

  /** `position` is at the limit; the record goes on from there. */
  begin(): void {
    this.#isOpen = true
  }

  /** True when no such record is open any more and `position` is behind it. */
  finish(arena: Arena, window: RecordWindow): boolean {
    if (!this.#isOpen) return true
    const lineEnd = findLineEnd(arena, window.position, window.end)
    const isFound = lineEnd < window.end
    window.position = isFound ? lineEnd + 1 : window.end
    if (window.invalidAt < window.position) window.revalidate(window.position)
    if (isFound || window.isLast) this.#isOpen = false
    return !this.#isOpen
  }
}

export const notUtf8 = 'it is not UTF-8'

/** True when the bytes up to `end` hold one that is not UTF-8; the window then looks on behind them. */
export function dropsInvalidUtf8(window: RecordWindow, end: number): boolean {
  if (window.invalidAt >= end) return false
  window.revalidate(end)
  return true
}

/** The columns of ROW types below the named paths are wanted; all others are set NULL. */
export function isWanted(paths: readonly (readonly string[])[] | undefined, path: readonly string[]): boolean {
  if (paths === undefined) return true
  const below = paths.filter((candidate) => candidate[0] === path[0])
  if (below.length === 0) return true
  return below.some((candidate) => candidate.every((name, i) => i >= path.length || name === path[i]))
}

/** Points a text cell at bytes of the window. */
export function setView(buffer: BatchBuffer, column: Column, row: number, address: number, length: number): void {
  const { arena } = buffer
  if (column.nulls !== 0) arena.u8[column.nulls + row] = 0
  const at = (column.cells >>> 2) + row * 2
  arena.u32[at] = address
  arena.u32[at + 1] = length
}

/** Address of the next line end from `from` on; `end` when there is none. */
export function findLineEnd(arena: Arena, from: number, end: number): number {
  return arena.kernels.findByte(from, end, LF) >>> 0
}
