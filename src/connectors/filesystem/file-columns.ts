import type { FileStatus } from '../../base/ports.ts'
import type { BatchBuffer } from '../../data/batch-buffer.ts'
import { writeCell } from '../../data/cells.ts'
import type { SqlValue } from '../../data/value.ts'
import type { FormatColumn } from '../../formats/format.ts'
import type { SourceRequest } from '../../runtime/source.ts'
import { metadataValue } from './metadata.ts'
import type { FileTable } from './options.ts'
import { partitionValues } from './partitions.ts'

/** Which of the wanted columns lie in the files, and which are the same for all rows of one: partitions and metadata. */
export class FileColumns {
  /** Those in the files, with their place in the batch. */
  readonly columns: readonly (FormatColumn & { readonly index: number })[]
  readonly #table: FileTable
  readonly #constants: readonly { readonly index: number; readonly partition: string; readonly metadata: string }[]
  #values: readonly SqlValue[] = []

  constructor(table: FileTable, request: SourceRequest) {
    const isPartition = (name: string): boolean => table.partitionColumns.some((column) => column.name === name)
    const columns = request.columns.map(({ name, type }, index) => ({ name, type, index }))
    this.#table = table
    this.columns = columns.filter(({ name }) => !isPartition(name))
    this.#constants = [
      ...columns.filter(({ name }) => isPartition(name)).map(({ name, index }) => ({ index, partition: name, metadata: '' })),
      ...request.metadata.map(({ key }, i) => ({ index: columns.length + i, partition: '', metadata: key })),
    ]
  }

  /** Begins with a file. */
  open(file: FileStatus, timeZone: string): void {
    if (this.#constants.length === 0) return
    const partitions = this.#constants.some(({ partition }) => partition !== '')
      ? partitionValues(this.#table, file.path, timeZone)
      : new Map<string, SqlValue>()
    this.#values = this.#constants.map(({ partition, metadata }) =>
      partition !== '' ? (partitions.get(partition) ?? null) : metadataValue(metadata, file),
    )
  }

  /** Writes partitions and metadata into the rows of the batch. */
  fill(buffer: BatchBuffer): void {
    const { batch } = buffer
    for (const [i, { index }] of this.#constants.entries()) {
      for (let row = 0; row < batch.rowCount; row++) writeCell(buffer, batch.columns[index]!, row, this.#values[i]!)
    }
  }
}
