import type { Schema } from '../catalog/schema.ts'
import { type Arena, ArenaOwner } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import { BatchBuffer } from '../data/batch-buffer.ts'
import { writeCell } from '../data/cells.ts'
import type { SqlValue } from '../data/value.ts'

/** The rows of SHOW and DESCRIBE as one batch, good until the next call. */
export function batchOfRows(arena: Arena, schema: Schema, rows: readonly (readonly SqlValue[])[]): Batch {
  owner?.close()
  owner = new ArenaOwner(arena, 'statement')
  const buffer = new BatchBuffer(
    owner,
    schema.map((field) => field.type),
    Math.max(1, rows.length),
  )
  for (const [r, row] of rows.entries())
    for (const [c, column] of buffer.batch.columns.entries()) writeCell(buffer, column, r, row[c] ?? null)
  buffer.batch.rowCount = rows.length
  buffer.batch.selectedCount = rows.length
  return buffer.batch
}

let owner: ArenaOwner | undefined
