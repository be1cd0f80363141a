import type { ErrorPlace } from '../../base/errors.ts'
import { RheoError } from '../../base/errors.ts'
import type { FileStatus } from '../../base/ports.ts'
import type { Decoder } from '../../formats/format.ts'
import type { BadRecord, SourceMetrics, SourceOpen, SourceReader, SourceRequest, SourceStep } from '../../runtime/source.ts'
import type { ByteInput } from './byte-input.ts'
import { openInput } from './byte-input.ts'
import { FileCursor, type FilePosition } from './file-cursor.ts'
import type { FileList } from './file-list.ts'
import { FileRows } from './file-rows.ts'
import { FileWindow } from './file-window.ts'
import type { FileTable } from './options.ts'
import { PendingWork } from './pending-work.ts'

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
  readonly #options: SourceOpen
  readonly #cursor: FileCursor
  readonly #pending = new PendingWork()
  readonly #rows: FileRows
  readonly #window: FileWindow
  readonly #decoder: Decoder
  #file: FileStatus | undefined
  #input: ByteInput | undefined
  #chunk = 0
  #chunkBytes = 0
  /** Bytes that lie in the chunk; -1 while there are none. */
  #chunkLength = -1
  #inBlock = false
  #bytesRead = 0
  /** Bytes that have to lie in the window before it is worthwhile to look at its first record again. */
  #wantedBytes = 0
  readonly #badRecordSamples: BadRecord[] = []

  constructor(table: FileTable, request: SourceRequest, list: FileList, options: SourceOpen) {
    this.#options = options
    this.#cursor = new FileCursor(table, list, options)
    this.#rows = new FileRows(table, request, options)
    this.#window = new FileWindow(this.#rows.memory)
    const onBadRecord = (address: number, reason: string): void => this.#sampleBadRecord(address, reason)
    this.#decoder = table.format.createDecoder!({ ...this.#rows.decoding, onBadRecord })
  }

  next(): SourceStep {
    this.#pending.check()
    this.#rows.buffer.clear()
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
    const { ready } = this.#pending
    if (ready !== undefined) return { kind: 'wait', ready }
    const file = this.#cursor.file()
    if (file === 'end') return { kind: 'end' }
    if (file instanceof Promise) return this.#pending.begin(file)
    return this.#pending.begin(this.#open(file))
  }

  async #open(file: FileStatus): Promise<void> {
    const resume = this.#cursor.takeResume()
    const isGone = file.sizeBytes === 0 && file.modifiedMs === 0
    this.#input = isGone
      ? { read: () => Promise.resolve(0), close: () => Promise.resolve() }
      : await openInput(this.#options.ports.files, file.path, resume?.offset ?? 0)
    this.#window.open(resume?.offset ?? 0, resume?.line ?? 1)
    this.#decoder.state = resume?.state ?? 0
    this.#wantedBytes = 0
    this.#takeChunk(Math.min(LARGEST_CHUNK, Math.max(SMALLEST_CHUNK, file.sizeBytes)))
    this.#rows.open(file)
    this.#file = file
  }

  #takeChunk(sizeBytes: number): void {
    if (sizeBytes <= this.#chunkBytes) return
    if (this.#chunk !== 0) this.#rows.memory.free(this.#chunk)
    this.#chunk = this.#rows.memory.allocate(sizeBytes)
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
    this.#cursor.leaveFile()
    const input = this.#input
    this.#input = undefined
    return input === undefined ? undefined : this.#pending.begin(input.close())
  }

  #readBlock(file: FileStatus): SourceStep | undefined {
    const window = this.#window
    const { buffer } = this.#rows
    const { batch } = buffer
    if (!window.isLast && window.end - window.position < this.#wantedBytes) return this.#fill()
    const { isMine } = this.#cursor
    let stop
    try {
      stop = isMine ? this.#decoder.decode(window, buffer, this.#options.batchRows) : this.#decoder.skip(window)
    } catch (error) {
      const failure = error instanceof RheoError ? error.at(this.#placeOf(file, window.position)) : error
      if (batch.rowCount === 0) throw failure
      // The rows before it are good.
      this.#pending.failLater(failure)
    }
    if (batch.rowCount > 0) {
      this.#rows.fill()
      return { kind: 'batch', batch }
    }
    if (stop === 'full' || stop === undefined) return undefined
    if (stop === 'block-end' || (window.isLast && window.position === window.end)) {
      this.#inBlock = false
      this.#wantedBytes = 0
      this.#cursor.block++
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
      if (!this.#window.isLast) this.#readAhead()
      return undefined
    }
    const { ready } = this.#pending
    return ready === undefined ? this.#readAhead() : { kind: 'wait', ready }
  }

  #readAhead(): SourceStep {
    const target = this.#options.arena.u8.subarray(this.#chunk, this.#chunk + this.#chunkBytes)
    const reading = this.#input!.read(target).then((length) => {
      this.#chunkLength = length
    })
    return this.#pending.begin(reading)
  }

  position(): FilePosition {
    const window = this.#window
    return this.#cursor.position({
      path: this.#file!.path,
      offset: window.offset,
      line: window.lineAt(window.position),
      state: this.#decoder.state,
    })
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
    this.#cursor.close()
    await this.#pending.ready
    await this.#input?.close()
    this.#rows.memory.close()
  }
}
