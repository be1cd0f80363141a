import type { ErrorPlace } from '../../base/errors.ts'
import { RheoError } from '../../base/errors.ts'
import { ArenaOwner } from '../../data/arena.ts'
import { BatchBuffer } from '../../data/batch-buffer.ts'
import type { FileDecoder } from '../../formats/file-format.ts'
import type { SourceMetrics, SourceOpen, SourceReader, SourceRequest, SourceStep } from '../../runtime/source.ts'
import { FileColumns } from './file-columns.ts'
import { type FileContent, openContent } from './file-content.ts'
import type { FileList } from './file-list.ts'
import type { FilePosition } from './file-source-reader.ts'
import type { FileTable } from './options.ts'

/**
 * Reads files of formats that have blocks of their own (row groups of parquet, blocks of avro), one file after the other. A block of the file is a block of
 * the table: every subtask steps through all of them and loads only its own, so no more than one is in memory.
 */
export class BlockFileReader implements SourceReader {
  readonly #table: FileTable
  readonly #list: FileList
  readonly #options: SourceOpen
  readonly #memory: ArenaOwner
  readonly #buffer: BatchBuffer
  readonly #columns: FileColumns
  readonly #decoder: FileDecoder
  #fileIndex = 0
  #path = ''
  #content: FileContent | undefined
  /** Whether rows of the current block are left; undefined before the next block is there. */
  #inBlock: boolean | undefined
  #pending: Promise<void> | undefined
  #failure: unknown
  #block = 0
  #resume: FilePosition | undefined

  constructor(table: FileTable, request: SourceRequest, list: FileList, options: SourceOpen) {
    this.#table = table
    this.#list = list
    this.#options = options
    this.#memory = new ArenaOwner(options.arena, `filesystem "${table.path}"`)
    const wanted = [...request.columns, ...request.metadata]
    this.#buffer = new BatchBuffer(
      this.#memory,
      wanted.map(({ type }) => type),
      options.batchRows,
    )
    this.#columns = new FileColumns(table, request)
    this.#decoder = table.format.createFileDecoder!({
      memory: this.#memory,
      columns: this.#columns.columns,
      allColumns: table.fileColumns,
      options: table.formatOptions,
      timeZone: options.timeZone,
      nestedPaths: request.nestedPaths,
      maxRecordBytes: options.maxRecordBytes,
    })
    const position = options.position as FilePosition | undefined
    this.#resume = position
    this.#block = position?.block ?? 0
  }

  next(): SourceStep {
    if (this.#failure !== undefined) throw this.#failure
    this.#buffer.clear()
    for (;;) {
      if (this.#pending !== undefined) return { kind: 'wait', ready: this.#pending }
      if (this.#content === undefined) {
        const step = this.#startFile()
        if (step !== undefined) return step
      } else if (this.#inBlock === undefined) return this.#wait(this.#nextBlock(this.#content))
      else return this.#readBlock()
    }
  }

  #startFile(): SourceStep | undefined {
    if (this.#resume !== undefined) {
      const index = this.#list.indexOf(this.#resume.path)
      if (typeof index !== 'number') return this.#wait(index)
      this.#fileIndex = index
    }
    const file = this.#list.at(this.#fileIndex)
    if (file === 'end') return { kind: 'end' }
    if (file instanceof Promise) return this.#wait(file)
    const resume = this.#resume
    this.#resume = undefined
    // Nothing is in an empty file, nor in one that is gone since it was read before a restore.
    if (file.sizeBytes === 0) {
      this.#fileIndex++
      return undefined
    }
    return this.#wait(
      (async () => {
        const content = await openContent(this.#options.ports.files, file)
        this.#path = file.path
        this.#columns.open(file, this.#options.timeZone)
        this.#content = content
        this.#inBlock = undefined
        try {
          await this.#decoder.open(content, resume?.offset ?? 0)
        } catch (error) {
          // What the head of the file says may be refused by who does not know which file it is.
          throw error instanceof RheoError && !error.message.includes(file.path) ? error.at({ source: file.path }) : error
        }
      })(),
    )
  }

  async #nextBlock(content: FileContent): Promise<void> {
    const { parallelism, subtask } = this.#options
    const isMine = this.#block % parallelism === subtask
    if (await this.#decoder.nextBlock(isMine)) {
      this.#inBlock = isMine
      return
    }
    this.#content = undefined
    this.#fileIndex++
    await content.close()
  }

  #readBlock(): SourceStep {
    const { batch } = this.#buffer
    if (this.#inBlock === true) {
      try {
        this.#inBlock = !this.#decoder.decode(this.#buffer, this.#options.batchRows)
      } catch (error) {
        const failure = error instanceof RheoError ? error.at(this.placeOf(batch.rowCount)) : error
        if (batch.rowCount === 0) throw failure
        // The rows before it are good.
        this.#failure = failure
      }
      if (batch.rowCount > 0) {
        batch.selectedCount = batch.rowCount
        this.#columns.fill(this.#buffer)
        return { kind: 'batch', batch }
      }
    }
    this.#inBlock = undefined
    this.#block++
    return { kind: 'block-end' }
  }

  /** Waits; when what is under way fails, the next call throws. */
  #wait(promise: Promise<void>): SourceStep {
    const tracked: Promise<void> = promise
      .catch((error: unknown) => {
        this.#failure ??= error
      })
      .finally(() => {
        if (this.#pending === tracked) this.#pending = undefined
      })
    this.#pending = tracked
    return { kind: 'wait', ready: tracked }
  }

  position(): FilePosition {
    const isFollowed = this.#table.monitorMs !== undefined
    return {
      done: isFollowed ? this.#list.files.slice(0, this.#fileIndex).map((file) => file.path) : [],
      path: this.#path,
      offset: this.#decoder.position,
      line: 1,
      state: 0,
      block: this.#block,
    }
  }

  metrics(): SourceMetrics {
    return { badRecords: 0, bytesRead: this.#decoder.bytesRead }
  }

  placeOf(row: number): ErrorPlace {
    return { source: `${this.#path}, ${this.#decoder.placeOf(row)}` }
  }

  async close(): Promise<void> {
    this.#list.close()
    await this.#pending
    await this.#content?.close()
    this.#memory.close()
  }
}
