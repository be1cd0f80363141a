import { rowKindText, type RowKind } from '../../data/row-kind.ts'
import { readCell } from '../../data/cells.ts'
import type { Arena } from '../../data/arena.ts'
import type { Batch } from '../../data/batch.ts'
import { checkTableOptions } from '../../catalog/options.ts'
import type { Table } from '../../catalog/table.ts'
import type { RuntimeConnector, SinkRequest } from '../connector.ts'
import { javaText } from './java-text.ts'

/**
 * Prints every change as Flink's print connector does: `id:2> +I[1, a, null]`. The prefix is the identifier and, with more than one
 * subtask, the subtask's number from 1; static partitions of an INSERT are appended to the identifier.
 */
export const printConnector: RuntimeConnector = {
  name: 'print',
  doc: 'Prints every change on standard output or standard error',
  options: [
    { key: 'print-identifier', type: 'string', doc: 'Stands before every row' },
    { key: 'standard-error', type: 'boolean', default: 'false', doc: 'Prints on standard error instead of standard output' },
    { key: 'sink.parallelism', type: 'int', doc: 'Subtasks of the sink; absent: as the job' },
  ],
  sink(table) {
    checkTableOptions(table, { name: 'the connector "print"' }, printConnector.options)
    return { accepts: 'retract', canOverwrite: false, canPartition: true, metadata: [] }
  },
  createSink: (table, request) => ({
    open({ arena, subtask, parallelism, output }) {
      const stream = table.options.get('standard-error') === 'true' ? 'error' : 'out'
      const prefix = linePrefix(table, request, subtask, parallelism)
      return Promise.resolve({
        write(batch: Batch) {
          output(stream, Buffer.from(batchText(arena, batch, prefix)))
          return 'done' as const
        },
        flush: () => Promise.resolve(),
        finish: () => Promise.resolve(),
        close: () => Promise.resolve(),
      })
    },
  }),
}

function linePrefix(table: Table, request: SinkRequest, subtask: number, parallelism: number): string {
  const parts = Object.entries(request.partition).map(([column, value]) => `${column}=${value ?? 'null'}`)
  const identifier = [table.options.get('print-identifier') ?? [], ...parts].flat().join(':')
  if (parallelism > 1) return `${identifier}${identifier === '' ? '' : ':'}${subtask + 1}> `
  return identifier === '' ? '' : `${identifier}> `
}

function batchText(arena: Arena, batch: Batch, prefix: string): string {
  let text = ''
  for (let i = 0; i < batch.selectedCount; i++) {
    const row = batch.selection === 0 ? i : (arena.i32[batch.selection / 4 + i] ?? 0)
    const kind = batch.kinds === 0 ? 0 : arena.u8[batch.kinds + row]
    const values = batch.columns.map((column) => javaText(column.type, readCell(arena, column, row)))
    text += `${prefix}${rowKindText(kind as RowKind)}[${values.join(', ')}]\n`
  }
  return text
}
