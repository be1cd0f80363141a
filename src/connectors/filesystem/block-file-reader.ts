import type { ErrorPlace } from '../../base/errors.ts'
import { RheoError } from '../../base/errors.ts'
import type { FileStatus } from '../../base/ports.ts'
import type { FileDecoder } from '../../formats/file-format.ts'
import type { SourceMetrics, SourceOpen, SourceReader, SourceRequest, SourceStep } from '../../runtime/source.ts'
import { type FileContent, openContent } from './file-content.ts'
import { FileCursor, type FilePosition } from './file-cursor.ts'
import type { FileList } from './file-list.ts'
import { FileRows } from './file-rows.ts'
import type { FileTable } from './options.ts'
import { PendingWork } from './pending-work.ts'

/**
 * Reads files of formats that have blocks of their own (row groups of parquet, blocks of avro), one file after the other. A block of the file is a block of
 * the table: every subtask steps through all of them and loads only its own, so no more than one is in memory.
 */
export class BlockFileReader implements SourceReader {
  readonly #options: SourceOpen
  readonly #cursor: FileCursor
  readonly #pending = new PendingWork()
  readonly #rows: FileRows
  readonly #decoder: FileDecoder
  #path = ''
  #content: FileContent | undefined
  /** Whether rows of the current block are left; undefined before the next block is there. */
  #inBlock: boolean | undefined

  constructor(table: FileTable, request: SourceRequest, list: FileList, options: SourceOpen) {
    this.#options = options
    this.#cursor = new FileCursor(table, list, options)
    this.#rows = new FileRows(table, request, options)
    this.#decoder = table.format.createFileDecoder!(this.#rows.decoding)
  }

  next(): SourceStep {
    this.#pending.check()
    this.#rows.buffer.clear()
    for (;;) {
      const { ready } = this.#pending
      if (ready !== undefined) return { kind: 'wait', ready }
      if (this.#content === undefined) {
        const step = this.#startFile()
        if (step !== undefined) return step
      } else if (this.#inBlock === undefined) return this.#pending.begin(this.#nextBlock(this.#content))
      else return this.#readBlock()
    }
  }

  #startFile(): SourceStep | undefined {
    const file = this.#cursor.file()
    if (file === 'end') return { kind: 'end' }
    if (file instanceof Promise) return this.#pending.begin(file)
    const resume = this.#cursor.takeResume()
    // Nothing is in an empty file, nor in one that is gone since it was read before a restore.
    if (file.sizeBytes === 0) {
      this.#cursor.leaveFile()
      return undefined
    }
    return this.#pending.begin(this.#open(file, resume?.offset ?? 0))
  }

  async #open(file: FileStatus, offset: number): Promise<void> {
    const content = await openContent(this.#options.ports.files, file)
    // From now on it is closed with the reader.
    this.#content = content
    this.#inBlock = undefined
    this.#path = file.path
    this.#rows.open(file)
    try {
      await this.#decoder.open(content, offset)
    } catch (error) {
      // What the head of the file says may be refused by who does not know which file it is.
      throw error instanceof RheoError && !error.message.includes(file.path) ? error.at({ source: file.path }) : error
    }
  }

  async #nextBlock(content: FileContent): Promise<void> {
    const { isMine } = this.#cursor
    if (await this.#decoder.nextBlock(isMine)) {
      this.#inBlock = isMine
      return
    }
    this.#content = undefined
    this.#cursor.leaveFile()
    await content.close()
  }

  #readBlock(): SourceStep {
    const { buffer } = this.#rows
    const { batch } = buffer
    if (this.#inBlock === true) {
      try {
        this.#inBlock = !this.#decoder.decode(buffer, this.#options.batchRows)
      } catch (error) {
        const failure = error instanceof RheoError ? error.at(this.placeOf(batch.rowCount)) : error
        if (batch.rowCount === 0) throw failure
        // The rows before it are good.
        this.#pending.failLater(failure)
      }
      if (batch.rowCount > 0) {
        batch.selectedCount = batch.rowCount
        this.#rows.fill()
        return { kind: 'batch', batch }
      }
    }
    this.#inBlock = undefined
    this.#cursor.block++
    return { kind: 'block-end' }
  }

  position(): FilePosition {
    return this.#cursor.position({ path: this.#path, offset: this.#decoder.position, line: 1, state: 0 })
  }

  metrics(): SourceMetrics {
    return { badRecords: 0, bytesRead: this.#decoder.bytesRead }
  }

  placeOf(row: number): ErrorPlace {
    return { source: `${this.#path}, ${this.#decoder.placeOf(row)}` }
  }

  async close(): Promise<void> {
    this.#cursor.close()
    await this.#pending.ready
    await this.#content?.close()
    this.#rows.memory.close()
  }
}
