import type { SqlValue } from '../data/value.ts'
import type { RowKind } from '../data/row-kind.ts'
import { BatchBuffer } from '../data/batch-buffer.ts'
import { ArenaOwner } from '../data/arena.ts'
import { writeCell } from '../data/cells.ts'
import type { ChangelogMode } from '../catalog/connector.ts'
import type { RuntimeConnector } from '../connectors/connector.ts'
import type { SourceOpen, SourceReader, SourceRequest } from '../runtime/source.ts'

/** A change of a table: its kind, then the values of its physical columns. */
export interface Change {
  readonly kind: RowKind
  readonly row: readonly SqlValue[]
}

/** Tables that a test fills by hand. */
export interface MemoryTable {
  readonly columns: readonly string[]
  readonly changes: readonly Change[]
  readonly mode: ChangelogMode
  /** Changes a block. */
  readonly blockRows: number
}

/** A connector over tables in memory; the option `table` says which one is read. */
export function memoryConnector(tables: ReadonlyMap<string, MemoryTable>): RuntimeConnector {
  const tableOf = (options: ReadonlyMap<string, string>): MemoryTable => {
    const table = tables.get(options.get('table') ?? '')
    if (table === undefined) throw new TypeError('the test has such a table')
    return table
  }
  return {
    name: 'memory',
    doc: 'Tables of a test',
    options: [{ key: 'table', type: 'string', doc: 'Which one' }],
    source: (table) => ({
      isBounded: true,
      changes: tableOf(table.options).mode,
      canProject: true,
      canProjectNested: false,
      canLimit: false,
      canPrunePartitions: false,
      metadata: [],
    }),
    createSource: (table, request) => ({
      open: (options) => Promise.resolve(memoryReader(tableOf(table.options), request, options)),
    }),
  }
}

function memoryReader(table: MemoryTable, request: SourceRequest, open: SourceOpen): SourceReader {
  const owner = new ArenaOwner(open.arena, 'memory table')
  const buffer = new BatchBuffer(
    owner,
    request.columns.map((column) => column.type),
    open.batchRows,
  )
  const picked = request.columns.map((column) => table.columns.indexOf(column.name))
  const first = typeof open.position?.['block'] === 'number' ? open.position['block'] : 0
  let block = first
  let row = block * table.blockRows
  return {
    next() {
      if (block * table.blockRows >= table.changes.length) return { kind: 'end' }
      const end = Math.min((block + 1) * table.blockRows, table.changes.length)
      if ((block - first) % open.parallelism !== open.subtask) row = end
      const count = Math.min(end - row, buffer.capacity)
      if (count === 0) {
        block++
        return { kind: 'block-end' }
      }
      buffer.clear()
      const { batch } = buffer
      const kinds = table.mode === 'append' ? 0 : buffer.addKinds()
      for (let i = 0; i < count; i++) {
        const change = table.changes[row + i]!
        picked.forEach((column, c) => writeCell(buffer, batch.columns[c]!, i, change.row[column]!))
        if (kinds !== 0) buffer.arena.u8[kinds + i] = change.kind
      }
      batch.rowCount = count
      batch.selectedCount = count
      row += count
      return { kind: 'batch', batch }
    },
    position: () => ({ block }),
    metrics: () => ({ badRecords: 0, bytesRead: 0 }),
    placeOf: (i) => ({ source: 'memory', line: row - buffer.batch.rowCount + i + 1 }),
    close() {
      owner.close()
      return Promise.resolve()
    },
  }
}
