import type { Table } from '../../catalog/table.ts'
import type { RuntimeConnector } from '../connector.ts'
import { fileMetadata } from './metadata.ts'
import { fileLookup } from './lookup.ts'
import { fileTable, filesystemOptions, fileTableWarnings } from './options.ts'
import { fileSink } from './sink.ts'
import { fileSource } from './source.ts'

/** Tables over files and folders of the local disk. */
export const filesystemConnector: RuntimeConnector = {
  name: 'filesystem',
  doc: 'Reads and writes files and folders',
  options: filesystemOptions,
  source(table) {
    const { format, monitorMs, partitionColumns } = fileTable(table)
    return {
      isBounded: monitorMs === undefined,
      changes: format.changes,
      canProject: true,
      canProjectNested: format.readsNestedPaths,
      canLimit: false,
      canPrunePartitions: partitionColumns.length > 0,
      metadata: fileMetadata,
    }
  },
  lookup(table) {
    const { format, monitorMs } = fileTable(table)
    return monitorMs === undefined && format.changes === 'append' ? { keys: 'any' } : undefined
  },
  sink(table) {
    const { format, partitionColumns, sink } = fileTable(table)
    sink()
    const canPartition = partitionColumns.length > 0
    return { accepts: format.changes, keepsChanges: true, canOverwrite: true, canPartition, metadata: [] }
  },
  warnings: fileTableWarnings,
  createSource: (table, request) => fileSource(fileTable(table), request),
  createLookup(table, request) {
    const files = fileTable(table)
    return fileLookup(files, request, files.lookup)
  },
  createSink: (table, request) => fileSink(fileTable(table), request, persistedColumns(table)),
}

/** The columns that INSERT writes, in order. */
function persistedColumns(table: Table): readonly string[] {
  return table.columns
    .filter((column) => column.kind === 'physical' || (column.kind === 'metadata' && !column.isVirtual))
    .map(({ name }) => name)
}
