import type { FileStatus } from '../../base/ports.ts'
import { ArenaOwner } from '../../data/arena.ts'
import { BatchBuffer } from '../../data/batch-buffer.ts'
import { writeCell } from '../../data/cells.ts'
import type { SqlValue } from '../../data/value.ts'
import type { DecoderSpec, FormatColumn } from '../../formats/format.ts'
import type { SourceOpen, SourceRequest } from '../../runtime/source.ts'
import { metadataValue } from './metadata.ts'
import type { FileTable } from './options.ts'
import { partitionValues } from './partitions.ts'

/** The rows that a reader of files gives, in memory of its own: some columns lie in the files, others (partitions, metadata) are the same for all rows of one. */
export class FileRows {
  readonly memory: ArenaOwner
  readonly buffer: BatchBuffer
  /** What a decoder is told that fills the buffer. */
  readonly decoding: DecoderSpec
  readonly #table: FileTable
  readonly #timeZone: string
  readonly #constants: readonly { readonly index: number; readonly partition: string; readonly metadata: string }[]
  #values: readonly SqlValue[] = []

  constructor(table: FileTable, request: SourceRequest, options: SourceOpen) {
    this.#table = table
    this.#timeZone = options.timeZone
    this.memory = new ArenaOwner(options.arena, `filesystem "${table.path}"`)
    const wanted = [...request.columns, ...request.metadata]
    this.buffer = new BatchBuffer(
      this.memory,
      wanted.map(({ type }) => type),
      options.batchRows,
    )
    const isPartition = (name: string): boolean => table.partitionColumns.some((column) => column.name === name)
    const columns: readonly (FormatColumn & { readonly index: number })[] = request.columns.map(({ name, type }, index) => ({
      name,
      type,
      index,
    }))
    this.#constants = [
      ...columns.filter(({ name }) => isPartition(name)).map(({ name, index }) => ({ index, partition: name, metadata: '' })),
      ...request.metadata.map(({ key }, i) => ({ index: columns.length + i, partition: '', metadata: key })),
    ]
    this.decoding = {
      memory: this.memory,
      columns: columns.filter(({ name }) => !isPartition(name)),
      allColumns: table.fileColumns,
      options: table.formatOptions,
      timeZone: options.timeZone,
      nestedPaths: request.nestedPaths,
      maxRecordBytes: options.maxRecordBytes,
    }
  }

  /** Begins with a file. */
  open(file: FileStatus): void {
    if (this.#constants.length === 0) return
    const partitions = this.#constants.some(({ partition }) => partition !== '')
      ? partitionValues(this.#table, file.path, this.#timeZone)
      : new Map<string, SqlValue>()
    this.#values = this.#constants.map(({ partition, metadata }) =>
      partition !== '' ? (partitions.get(partition) ?? null) : metadataValue(metadata, file),
    )
  }

  /** Writes partitions and metadata into the rows of the batch. */
  fill(): void {
    const { buffer } = this
    const { batch } = buffer
    for (const [i, { index }] of this.#constants.entries()) {
      for (let row = 0; row < batch.rowCount; row++) writeCell(buffer, batch.columns[index]!, row, this.#values[i]!)
    }
  }
}
