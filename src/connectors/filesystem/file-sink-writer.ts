import { join } from 'node:path'
import type { FileWriter } from '../../base/ports.ts'
import { type Arena, ArenaOwner } from '../../data/arena.ts'
import type { Batch } from '../../data/batch.ts'
import { readCell } from '../../data/cells.ts'
import { layoutBytes } from '../../data/column.ts'
import { formatValue } from '../../data/text.ts'
import type { SqlType } from '../../data/types.ts'
import { NO_WATERMARK } from '../../data/watermark.ts'
import { ByteChunks } from '../../formats/byte-chunks.ts'
import { ByteWriter } from '../../formats/byte-writer.ts'
import { type EncoderSpec, type FileEncoder, fileEncoder } from '../../formats/format.ts'
import type { Progress } from '../../runtime/operator.ts'
import type { SinkOpen, SinkWriter } from '../../runtime/sink.ts'
import { escapePartition } from './partitions.ts'
import type { OpenPart, PartWriter, SinkJob } from './sink-job.ts'

/** Bytes of a file that are written in one go, and the memory that they take: the last row may be longer. */
const WRITE_BYTES = 448 << 10
const CHUNK_BYTES = 512 << 10
/** Bytes that wait for the disk at most before the writer says that it is behind. */
const MOST_WAITING_BYTES = 16 << 20
/** What a new file gets: many have few rows. */
const FIRST_BYTES = 1 << 10
/** Files that get rows at once at most; when a partition needs another, the one that was used least recently is closed. */
const MOST_OPEN_FILES = 128
/** Files that are closed and not yet flushed at most before the writer says that it is behind. */
const MOST_CLOSING_FILES = 32

interface OpenFile extends OpenPart {
  readonly path: string
  readonly bytes: ByteWriter
  readonly encoder: FileEncoder
  /** Undefined while nothing was sent. */
  opening: Promise<FileWriter> | undefined
  writer: FileWriter | undefined
  sizeBytes: number
  usedMs: number
  readonly writes: Set<Promise<void>>
}

/** Writes the rows of one subtask into files of the staging folder, one a partition and rolled by size. */
export class FileSinkWriter implements SinkWriter, PartWriter {
  readonly #job: SinkJob
  readonly #arena: Arena
  readonly #subtask: number
  readonly #timeZone: string
  readonly #spec: EncoderSpec
  /** Of all files, where the format knows only records. */
  readonly #recordEncoder: FileEncoder | undefined
  readonly #owner: ArenaOwner
  readonly #chunks: ByteChunks
  readonly #partitionColumns: readonly { readonly index: number; readonly name: string; readonly type: SqlType }[]
  /** By partition folder, in order of last use. */
  readonly #open = new Map<string, OpenFile>()
  readonly #closing = new Set<Promise<void>>()
  #fileCount = 0
  #waitingBytes = 0
  /** The place in the batch at hand from which on rows wait for the disk. */
  #next = 0
  #goOn: (() => void) | undefined
  #failure: unknown
  watermark = NO_WATERMARK

  constructor(job: SinkJob, columnNames: readonly string[], options: SinkOpen) {
    const { table } = job
    const place = (column: { readonly name: string; readonly type: SqlType }) => ({ ...column, index: columnNames.indexOf(column.name) })
    this.#job = job
    this.#arena = options.arena
    this.#subtask = options.subtask
    this.#timeZone = options.timeZone
    this.#partitionColumns = table.partitionColumns.map(place)
    this.#spec = {
      arena: options.arena,
      columns: table.fileColumns.map(place),
      options: table.formatOptions,
      timeZone: options.timeZone,
    }
    this.#recordEncoder = table.format.createFileEncoder === undefined ? fileEncoder(table.format, this.#spec) : undefined
    this.#owner = new ArenaOwner(options.arena, 'filesystem')
    this.#chunks = new ByteChunks(this.#owner, CHUNK_BYTES)
    job.join(this)
  }

  onWatermark(time: number): void {
    this.watermark = time
  }

  write(batch: Batch): Progress {
    this.#throwFailure()
    const { rollingBytes } = this.#job.options
    for (let from = this.#next, runEnd = from; from < batch.selectedCount;) {
      if (this.#isBehind()) {
        this.#next = from
        return this.#caughtUp()
      }
      if (from === runEnd) runEnd = this.#runEnd(batch, from)
      const row = batch.selection === 0 ? from : this.#arena.i32[(batch.selection >>> 2) + from]!
      const file = this.#fileOf(batch, row)
      const limitBytes = Math.min(WRITE_BYTES, Math.max(1, rollingBytes - file.sizeBytes))
      from = file.encoder.encodeRows(batch, from, runEnd, file.bytes, limitBytes)
      if (file.bytes.length >= WRITE_BYTES) this.#send(file)
      if (file.sizeBytes + file.bytes.length + file.encoder.waitingBytes >= rollingBytes) this.#close(file)
    }
    this.#next = 0
    return 'done'
  }

  #throwFailure(): void {
    const failure = this.#failure ?? this.#job.failure
    if (failure !== undefined) throw failure
  }

  #isBehind(): boolean {
    return this.#waitingBytes > MOST_WAITING_BYTES || this.#closing.size > MOST_CLOSING_FILES
  }

  /** Settles when the disk has done enough for more rows. */
  #caughtUp(): Promise<void> {
    return new Promise((resolve) => {
      this.#goOn = resolve
    })
  }

  #released(): void {
    if (this.#isBehind()) return
    this.#goOn?.()
    this.#goOn = undefined
  }

  /** The place behind the rows from `from` on that are of one partition. */
  #runEnd(batch: Batch, from: number): number {
    let end = batch.selectedCount
    for (const { index } of this.#partitionColumns) {
      const { cells, nulls, layout } = batch.columns[index]!
      const shift = layout === 'bytes' ? -1 : 31 - Math.clz32(layoutBytes(layout))
      end = this.#arena.kernels.equalCells(cells, nulls, shift, batch.selection, from, end)
    }
    return end
  }

  #fileOf(batch: Batch, row: number): OpenFile {
    let partition = ''
    for (const { index, name, type } of this.#partitionColumns) {
      const text = formatValue(type, readCell(this.#arena, batch.columns[index]!, row), this.#timeZone)
      const value = text === null || text === '' ? this.#job.table.defaultPartition : type.kind === 'BOOLEAN' ? text.toLowerCase() : text
      partition = join(partition, `${escapePartition(name)}=${escapePartition(value)}`)
    }
    const nowMs = this.#job.ports.clock.nowMs()
    const open = this.#open.get(partition)
    if (open !== undefined) {
      open.usedMs = nowMs
      if (this.#partitionColumns.length > 0) {
        this.#open.delete(partition)
        this.#open.set(partition, open)
      }
      return open
    }
    const [oldest] = this.#open.values()
    if (oldest !== undefined && this.#open.size >= MOST_OPEN_FILES) this.#close(oldest)
    return this.#create(partition, nowMs)
  }

  #create(partition: string, nowMs: number): OpenFile {
    const number = String(this.#fileCount++).padStart(6, '0')
    const file: OpenFile = {
      partition,
      createdMs: nowMs,
      usedMs: nowMs,
      path: join(partition, `${this.#job.fileName}-${this.#subtask}-${number}`),
      bytes: new ByteWriter(FIRST_BYTES, this.#chunks),
      encoder: this.#recordEncoder ?? fileEncoder(this.#job.table.format, this.#spec),
      opening: undefined,
      writer: undefined,
      sizeBytes: 0,
      writes: new Set(),
    }
    this.#open.set(partition, file)
    this.#job.began(partition)
    return file
  }

  /** Hands the bytes of a file to the disk. */
  #send(file: OpenFile): void {
    if (file.bytes.length === 0) return
    const { bytes, done } = file.bytes.lend()
    this.#waitingBytes += bytes.length
    file.sizeBytes += bytes.length
    const write: Promise<void> = this.#write(file, bytes)
      .catch((error: unknown) => {
        this.#failure ??= error
      })
      .finally(() => {
        done()
        file.writes.delete(write)
        this.#waitingBytes -= bytes.length
        this.#released()
      })
    file.writes.add(write)
  }

  /** Writes go on side by side, in the order in which they were begun. */
  #write(file: OpenFile, bytes: Uint8Array): Promise<void> {
    if (this.#failure !== undefined) return Promise.resolve()
    if (file.writer !== undefined) return file.writer.write(bytes)
    file.opening ??= this.#job.ports.files.openWrite(join(this.#job.staging, file.path)).then((writer) => {
      file.writer = writer
      return writer
    })
    return file.opening.then((writer) => writer.write(bytes))
  }

  /** No more rows go to this file. */
  #close(file: OpenFile): void {
    if (this.#failure === undefined) file.encoder.finish(file.bytes)
    this.#send(file)
    this.#open.delete(file.partition)
    const closing: Promise<void> = this.#finishFile(file)
      .catch((error: unknown) => {
        this.#failure ??= error
      })
      .finally(() => {
        this.#closing.delete(closing)
        this.#released()
      })
    this.#closing.add(closing)
  }

  async #finishFile(file: OpenFile): Promise<void> {
    await Promise.all(file.writes)
    const { writer } = file
    try {
      if (this.#failure === undefined) await writer?.sync()
    } finally {
      await writer?.close()
    }
    if (this.#failure === undefined) this.#job.staged(file.path)
  }

  async closeParts(isDue: (part: OpenPart) => boolean): Promise<void> {
    for (const file of this.#open.values()) if (isDue(file)) this.#close(file)
    await Promise.all(this.#closing)
    this.#throwFailure()
  }

  /** Nobody sees rows before their file is whole: they wait for more of their kind. */
  flush(): Promise<void> {
    const failure = this.#failure ?? this.#job.failure
    return failure === undefined ? Promise.resolve() : Promise.reject(failure)
  }

  async finish(): Promise<void> {
    await this.closeParts(() => true)
    await this.#job.finish()
  }

  async close(): Promise<void> {
    // What is still open will not be seen: it is not worth a flush.
    this.#failure ??= new Error('the job was stopped')
    for (const file of this.#open.values()) this.#close(file)
    await Promise.all(this.#closing)
    this.#owner.close()
    await this.#job.leave(this)
  }
}
