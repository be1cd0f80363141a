import type { ErrorPlace } from '../../base/errors.ts'
import { RheoError } from '../../base/errors.ts'
import type { FileStatus } from '../../base/ports.ts'
import { ArenaOwner } from '../../data/arena.ts'
import { BatchBuffer } from '../../data/batch-buffer.ts'
import type { Decoder } from '../../formats/format.ts'
import type { BadRecord, SourceMetrics, SourceOpen, SourcePosition, SourceReader, SourceRequest, SourceStep } from '../../runtime/source.ts'
import type { ByteInput } from './byte-input.ts'
import { openInput } from './byte-input.ts'
import { FileColumns } from './file-columns.ts'
import type { FileList } from './file-list.ts'
import { FileWindow } from './file-window.ts'
import type { FileTable } from './options.ts'

/** Where the next block starts. */
export interface FilePosition extends SourcePosition {
  /** Files before the current one, in the order in which they were read; only of tables that are followed. */
  readonly done: readonly string[]
  readonly path: string
  /** Bytes from the start of the file, after decompression. */
  readonly offset: number
  readonly line: number
  /** What the format remembers between two records. */
  readonly state: number
  /** How many blocks came before it. */
  readonly block: number
}

const LARGEST_CHUNK = 1 << 20
const SMALLEST_CHUNK = 4 << 10

/** So many bad records are kept with their places, for whoever wants to look. */
const BAD_RECORD_SAMPLES = 10

/**
 * Reads the files of a list one after the other. Each file is cut into blocks: a block holds the records that start within the next `blockBytes` bytes.
 * Every subtask finds all records, for only so it knows where blocks end, and decodes those of its own blocks.
 *
 * While records are decoded from the window, the next chunk of the file is read into memory of its own.
 */
export class FileSourceReader implements SourceReader {
  readonly #table: FileTable
  readonly #list: FileList
  readonly #options: SourceOpen
  readonly #memory: ArenaOwner
  readonly #buffer: BatchBuffer
  readonly #window: FileWindow
  readonly #decoder: Decoder
  readonly #columns: FileColumns
  #fileIndex = 0
  #file: FileStatus | undefined
  #input: ByteInput | undefined
  #chunk = 0
  #chunkBytes = 0
  /** Bytes that lie in the chunk; -1 while there are none. */
  #chunkLength = -1
  #pending: Promise<void> | undefined
  #failure: unknown
  #block = 0
  #inBlock = false
  #bytesRead = 0
  /** Bytes that have to lie in the window before it is worthwhile to look at its first record again. */
  #wantedBytes = 0
  #resume: FilePosition | undefined

  readonly #badRecordSamples: BadRecord[] = []

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
    this.#window = new FileWindow(this.#memory)
    this.#columns = new FileColumns(table, request)
    this.#decoder = table.format.createDecoder!({
      memory: this.#memory,
      columns: this.#columns.columns,
      allColumns: table.fileColumns,
      options: table.formatOptions,
      timeZone: options.timeZone,
      nestedPaths: request.nestedPaths,
      maxRecordBytes: options.maxRecordBytes,
      onBadRecord: (address, reason) => this.#sampleBadRecord(address, reason),
    })
    const position = options.position as FilePosition | undefined
    if (position !== undefined) {
      this.#resume = position
      this.#block = position.block
    }
  }

  next(): SourceStep {
    if (this.#failure !== undefined) throw this.#failure
    this.#buffer.clear()
    for (;;) {
      const file = this.#file
      if (file === undefined) {
        const step = this.#startFile()
        if (step !== undefined) return step
        continue
      }
      const step = this.#inBlock ? this.#readBlock(file) : this.#startBlock()
      if (step !== undefined) return step
    }
  }

  /** Finds the next file and begins to open it. */
  #startFile(): SourceStep | undefined {
    if (this.#pending !== undefined) return { kind: 'wait', ready: this.#pending }
    if (this.#resume !== undefined) {
      const index = this.#list.indexOf(this.#resume.path)
      if (typeof index !== 'number') return this.#wait(index)
      this.#fileIndex = index
    }
    const file = this.#list.at(this.#fileIndex)
    if (file === 'end') return { kind: 'end' }
    if (file instanceof Promise) return this.#wait(file)
    return this.#wait(this.#open(file))
  }

  async #open(file: FileStatus): Promise<void> {
    const resume = this.#resume
    this.#resume = undefined
    const isGone = file.sizeBytes === 0 && file.modifiedMs === 0
    this.#input = isGone
      ? { read: () => Promise.resolve(0), close: () => Promise.resolve() }
      : await openInput(this.#options.ports.files, file.path, resume?.offset ?? 0)
    this.#window.open(resume?.offset ?? 0, resume?.line ?? 1)
    this.#decoder.state = resume?.state ?? 0
    this.#wantedBytes = 0
    this.#takeChunk(Math.min(LARGEST_CHUNK, Math.max(SMALLEST_CHUNK, file.sizeBytes)))
    this.#columns.open(file, this.#options.timeZone)
    this.#file = file
  }

  #takeChunk(sizeBytes: number): void {
    if (sizeBytes <= this.#chunkBytes) return
    if (this.#chunk !== 0) this.#memory.free(this.#chunk)
    this.#chunk = this.#memory.allocate(sizeBytes)
    this.#chunkBytes = sizeBytes
  }

  /** A block begins where there is a byte left. */
  #startBlock(): SourceStep | undefined {
    const window = this.#window
    if (window.position < window.end || (window.isLast && this.#decoder.state !== 0)) {
      window.blockEnd = window.position + this.#options.blockBytes
      this.#inBlock = true
      return undefined
    }
    if (!window.isLast) return this.#fill()
    this.#file = undefined
    this.#fileIndex++
    const input = this.#input
    this.#input = undefined
    return input === undefined ? undefined : this.#wait(input.close())
  }

  #readBlock(file: FileStatus): SourceStep | undefined {
    const window = this.#window
    const { batch } = this.#buffer
    if (!window.isLast && window.end - window.position < this.#wantedBytes) return this.#fill()
    const isMine = this.#block % this.#options.parallelism === this.#options.subtask
    let stop
    try {
      stop = isMine ? this.#decoder.decode(window, this.#buffer, this.#options.batchRows) : this.#decoder.skip(window)
    } catch (error) {
      const failure = error instanceof RheoError ? error.at(this.#placeOf(file, window.position)) : error
      if (batch.rowCount === 0) throw failure
      // The rows before it are good.
      this.#failure = failure
    }
    if (batch.rowCount > 0) {
      this.#columns.fill(this.#buffer)
      return { kind: 'batch', batch }
    }
    if (stop === 'full' || stop === undefined) return undefined
    if (stop === 'block-end' || (window.isLast && window.position === window.end)) {
      this.#inBlock = false
      this.#wantedBytes = 0
      this.#block++
      return { kind: 'block-end' }
    }
    this.#wantedBytes = Math.min((window.end - window.position) * 2, this.#options.maxRecordBytes + 1)
    return this.#fill()
  }

  /** Appends the chunk that was read ahead, and begins to read the next one; a wait when there is none yet. */
  #fill(): SourceStep | undefined {
    if (this.#chunkLength >= 0) {
      this.#window.append(this.#chunk, this.#chunkLength)
      this.#bytesRead += this.#chunkLength
      this.#chunkLength = -1
      if (!this.#window.isLast) void this.#readAhead()
      return undefined
    }
    if (this.#pending !== undefined) return { kind: 'wait', ready: this.#pending }
    return { kind: 'wait', ready: this.#readAhead() }
  }

  #readAhead(): Promise<void> {
    const target = this.#options.arena.u8.subarray(this.#chunk, this.#chunk + this.#chunkBytes)
    const reading = this.#input!.read(target).then((length) => {
      this.#chunkLength = length
    })
    return this.#track(reading)
  }

  #wait(promise: Promise<void>): SourceStep {
    return { kind: 'wait', ready: this.#track(promise) }
  }

  /** Remembers what is under way; when it fails, the next call throws. */
  #track(promise: Promise<void>): Promise<void> {
    const tracked: Promise<void> = promise
      .catch((error: unknown) => {
        this.#failure ??= error
      })
      .finally(() => {
        // The next read may have begun between the end of this one and this call.
        if (this.#pending === tracked) this.#pending = undefined
      })
    this.#pending = tracked
    return tracked
  }

  position(): FilePosition {
    const window = this.#window
    const isFollowed = this.#table.monitorMs !== undefined
    return {
      done: isFollowed ? this.#list.files.slice(0, this.#fileIndex).map((file) => file.path) : [],
      path: this.#file!.path,
      offset: window.offset,
      line: window.lineAt(window.position),
      state: this.#decoder.state,
      block: this.#block,
    }
  }

  #sampleBadRecord(address: number, reason: string): void {
    if (this.#badRecordSamples.length < BAD_RECORD_SAMPLES)
      this.#badRecordSamples.push({ place: this.#placeOf(this.#file!, address), message: reason })
  }

  metrics(): SourceMetrics {
    return { badRecords: this.#decoder.badRecords, bytesRead: this.#bytesRead, badRecordSamples: this.#badRecordSamples }
  }

  placeOf(row: number): ErrorPlace {
    return this.#placeOf(this.#file!, this.#decoder.recordStart(row))
  }

  #placeOf(file: FileStatus, address: number): ErrorPlace {
    return { source: file.path, line: this.#window.lineAt(address) }
  }

  async close(): Promise<void> {
    this.#list.close()
    await this.#pending
    await this.#input?.close()
    this.#memory.close()
  }
}
