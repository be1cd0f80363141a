import type { RuntimeConnector } from '../connector.ts'
import { fileMetadata } from './metadata.ts'
import { fileTable, filesystemOptions } from './options.ts'
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
      canProjectNested: false,
      canLimit: false,
      canPrunePartitions: partitionColumns.length > 0,
      metadata: fileMetadata,
    }
  },
  createSource: (table, request) => fileSource(fileTable(table), request),
}
