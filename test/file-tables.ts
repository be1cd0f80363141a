import assert from 'node:assert/strict'
import type { Table } from '../src/catalog/table.ts'
import { filesystemConnector } from '../src/connectors/filesystem/connector.ts'
import { ArenaOwner, arenaOfThread } from '../src/data/arena.ts'
import { BatchBuffer } from '../src/data/batch-buffer.ts'
import { readCell, writeCell } from '../src/data/cells.ts'
import type { SqlType } from '../src/data/types.ts'
import type { SqlValue } from '../src/data/value.ts'
import type { SourceMetrics, SourcePosition, SourceReader, SourceRequest } from '../src/runtime/source.ts'
import type { MemoryPorts } from './memory-ports.ts'

// Reads and writes tables over files through the connector alone.

/** A table over files. */
export function table(
  columns: Readonly<Record<string, SqlType>>,
  options: Readonly<Record<string, string>>,
  partitionedBy: readonly string[] = [],
): Table {
  return {
    kind: 'table',
    columns: Object.entries(columns).map(([name, type]) => ({ kind: 'physical', name, type })),
    partitionedBy,
    options: new Map(Object.entries({ connector: 'filesystem', path: '/data', ...options })),
    isTemporary: false,
  }
}

export interface ReadOptions {
  readonly ports: MemoryPorts
  readonly parallelism?: number
  readonly batchRows?: number
  readonly blockBytes?: number
  readonly maxRecordBytes?: number
  readonly position?: SourcePosition
  readonly request?: Partial<SourceRequest>
}

export interface Read {
  readonly rows: readonly (readonly SqlValue[])[]
  /** Where the table stood after each block, and how many rows came before. */
  readonly stops: readonly { readonly position: SourcePosition; readonly rows: number }[]
  readonly metrics: readonly SourceMetrics[]
}

export async function openReaders(of: Table, options: ReadOptions): Promise<readonly SourceReader[]> {
  const { ports, parallelism = 1, batchRows = 16, blockBytes = 1 << 20, maxRecordBytes = 1 << 20, position, request } = options
  const columns = of.columns.map(({ name, type }) => ({ name, type }))
  const source = filesystemConnector.createSource!(of, { columns, metadata: [], ...request })
  const open = (subtask: number): Promise<SourceReader> =>
    source.open({
      arena: arenaOfThread(),
      ports,
      subtask,
      parallelism,
      batchRows,
      blockBytes,
      maxRecordBytes,
      seed: 0,
      timeZone: 'UTC',
      position,
    })
  return Promise.all(Array.from({ length: parallelism }, (_, subtask) => open(subtask)))
}

/** The rows of one block, or undefined at the end of the table. */
export async function nextBlock(reader: SourceReader): Promise<SqlValue[][] | undefined> {
  const rows: SqlValue[][] = []
  for (;;) {
    const step = reader.next()
    if (step.kind === 'wait') await step.ready
    else if (step.kind === 'block-end') return rows
    else if (step.kind === 'end') return undefined
    else
      for (let row = 0; row < step.batch.rowCount; row++)
        rows.push(step.batch.columns.map((column) => readCell(arenaOfThread(), column, row)))
  }
}

/** Reads a table to its end; all subtasks step through its blocks side by side, and only one of them gives rows of a block. */
export async function readAll(of: Table, options: ReadOptions): Promise<Read> {
  const readers = await openReaders(of, options)
  const rows: (readonly SqlValue[])[] = []
  const stops: { position: SourcePosition; rows: number }[] = []
  try {
    for (;;) {
      const blocks: (SqlValue[][] | undefined)[] = []
      for (const reader of readers) blocks.push(await nextBlock(reader))
      if (blocks.every((block) => block === undefined)) break
      assert.ok(
        blocks.every((block) => block !== undefined),
        'all subtasks see the same blocks',
      )
      assert.ok(blocks.filter((block) => block.length > 0).length <= 1, 'a block belongs to one subtask')
      rows.push(...blocks.flatMap((block) => block ?? []))
      for (const reader of readers) assert.deepEqual(reader.position(), readers[0]!.position())
      stops.push({ position: JSON.parse(JSON.stringify(readers[0]!.position())) as SourcePosition, rows: rows.length })
    }
    return { rows, stops, metrics: readers.map((reader) => reader.metrics()) }
  } finally {
    for (const reader of readers) await reader.close()
  }
}

/** Writes rows into a table, in batches, as one INSERT. */
export async function insertRows(
  of: Table,
  ports: MemoryPorts,
  rows: readonly (readonly SqlValue[])[],
  batchRows: number = 1000,
): Promise<void> {
  const sink = filesystemConnector.createSink!(of, { overwrite: false, partition: {}, isBounded: true })
  const writer = await sink.open({ arena: arenaOfThread(), ports, subtask: 0, parallelism: 1, timeZone: 'UTC', output: () => undefined })
  const owner = new ArenaOwner(arenaOfThread(), 'test')
  const buffer = new BatchBuffer(
    owner,
    of.columns.map(({ type }) => type),
    batchRows,
  )
  for (let from = 0; from < rows.length; from += batchRows) {
    const part = rows.slice(from, from + batchRows)
    buffer.clear()
    part.forEach((row, i) => row.forEach((value, j) => writeCell(buffer, buffer.batch.columns[j]!, i, value)))
    buffer.batch.rowCount = part.length
    buffer.batch.selectedCount = part.length
    while (writer.write(buffer.batch) !== 'done') await new Promise((resolve) => setImmediate(resolve))
  }
  await writer.finish()
  await writer.close()
  owner.close()
}
