// Writes rows through the filesystem connector into files that a test can look at.
import type { Table } from '../src/catalog/table.ts'
import type { SinkRequest } from '../src/connectors/connector.ts'
import { filesystemConnector } from '../src/connectors/filesystem/connector.ts'
import { ArenaOwner, arenaOfThread } from '../src/data/arena.ts'
import { BatchBuffer } from '../src/data/batch-buffer.ts'
import { writeCell } from '../src/data/cells.ts'
import type { SqlType } from '../src/data/types.ts'
import type { SqlValue } from '../src/data/value.ts'
import type { SinkWriter } from '../src/runtime/sink.ts'
import type { MemoryPorts } from './memory-ports.ts'

/** A table over files in /out. */
export function table(
  columns: Readonly<Record<string, SqlType>>,
  options: Readonly<Record<string, string>> = {},
  partitionedBy: readonly string[] = [],
): Table {
  return {
    kind: 'table',
    columns: Object.entries(columns).map(([name, type]) => ({ kind: 'physical', name, type })),
    partitionedBy,
    options: new Map(Object.entries({ connector: 'filesystem', path: '/out', format: 'csv', ...options })),
    isTemporary: false,
  }
}

/** The writers of one INSERT, one a subtask. */
export async function openWriters(
  of: Table,
  ports: MemoryPorts,
  parallelism: number,
  request: Partial<SinkRequest> = {},
): Promise<readonly SinkWriter[]> {
  const sink = filesystemConnector.createSink!(of, { overwrite: false, partition: {}, isBounded: true, ...request })
  const writers: SinkWriter[] = []
  for (let subtask = 0; subtask < parallelism; subtask++) {
    writers.push(await sink.open({ arena: arenaOfThread(), ports, subtask, parallelism, timeZone: 'UTC', output: () => undefined }))
  }
  return writers
}

export async function writeRows(writer: SinkWriter, of: Table, rows: readonly (readonly SqlValue[])[]): Promise<void> {
  const owner = new ArenaOwner(arenaOfThread(), 'test')
  const buffer = new BatchBuffer(
    owner,
    of.columns.map(({ type }) => type),
    Math.max(rows.length, 1),
  )
  rows.forEach((row, i) => row.forEach((value, j) => writeCell(buffer, buffer.batch.columns[j]!, i, value)))
  buffer.batch.rowCount = rows.length
  buffer.batch.selectedCount = rows.length
  while (writer.write(buffer.batch) !== 'done') await new Promise((resolve) => setImmediate(resolve))
  owner.close()
}

/** An INSERT of one subtask, from its start to its end. */
export async function insert(
  of: Table,
  ports: MemoryPorts,
  rows: readonly (readonly SqlValue[])[],
  request: Partial<SinkRequest> = {},
): Promise<void> {
  const [writer] = await openWriters(of, ports, 1, request)
  await writeRows(writer!, of, rows)
  await writer!.finish()
  await writer!.close()
}

/** What a reader of the table sees: folder, then content, in order. */
export function visible(ports: MemoryPorts): readonly string[] {
  return [...ports.contents]
    .filter(([path]) => !/\/[._]/.test(path))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, bytes]) => `${path.slice('/out'.length).replace(/part-.*/, '')}${Buffer.from(bytes).toString()}`)
}
