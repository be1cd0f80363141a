import { join } from 'node:path'
import type { FileWriter } from '../../base/ports.ts'
import type { Arena } from '../../data/arena.ts'
import type { Batch } from '../../data/batch.ts'
import { readCell } from '../../data/cells.ts'
import { layoutBytes } from '../../data/column.ts'
import { formatValue } from '../../data/text.ts'
import type { SqlType } from '../../data/types.ts'
import { ByteWriter } from '../../formats/byte-writer.ts'
import { type EncoderSpec, type FileEncoder, fileEncoder } from '../../formats/format.ts'
import type { Progress } from '../../runtime/operator.ts'
import type { SinkOpen, SinkWriter } from '../../runtime/sink.ts'
import { escapePartition } from './partitions.ts'
import type { SinkJob } from './sink-job.ts'

/** Bytes of a file that are written in one go. */
const WRITE_BYTES = 256 << 10
/** Bytes that wait for the disk at most before the writer says that it is behind. */
const MOST_WAITING_BYTES = 8 << 20
/** Files that are open at once at most; when a partition needs another, the one that was used least recently is closed. */
const MOST_OPEN_FILES = 128

interface OpenFile {
  readonly partition: string
  readonly path: string
  readonly bytes: ByteWriter
  readonly encoder: FileEncoder
  writer: FileWriter | undefined
  sizeBytes: number
  /** The writes so far, one after the other. */
  done: Promise<void>
}

/** Writes the rows of one subtask into files of the staging folder, one a partition and rolled by size. */
export class FileSinkWriter implements SinkWriter {
  readonly #job: SinkJob
  readonly #arena: Arena
  readonly #subtask: number
  readonly #timeZone: string
  readonly #spec: EncoderSpec
  readonly #partitionColumns: readonly { readonly index: number; readonly name: string; readonly type: SqlType }[]
  /** By partition folder, in order of last use. */
  readonly #open = new Map<string, OpenFile>()
  readonly #closing = new Set<Promise<void>>()
  readonly #finished: string[] = []
  #fileCount = 0
  #waitingBytes = 0
  #failure: unknown
  #isFinished = false

  constructor(job: SinkJob, columnNames: readonly string[], options: SinkOpen) {
    const { table } = job
    const place = (column: { readonly name: string; readonly type: SqlType }) => ({ ...column, index: columnNames.indexOf(column.name) })
    job.join()
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
  }

  write(batch: Batch): Progress {
    if (this.#failure !== undefined) throw this.#failure
    if (this.#waitingBytes > MOST_WAITING_BYTES) return this.#drain()
    for (let from = 0, runEnd = 0; from < batch.selectedCount;) {
      if (from === runEnd) runEnd = this.#runEnd(batch, from)
      const row = batch.selection === 0 ? from : this.#arena.i32[(batch.selection >>> 2) + from]!
      const file = this.#fileOf(batch, row)
      from = file.encoder.encodeRows(batch, from, runEnd, file.bytes, WRITE_BYTES)
      if (file.bytes.length >= WRITE_BYTES) this.#send(file)
      if (file.sizeBytes + file.encoder.waitingBytes >= this.#job.table.rollingBytes) this.#close(file)
    }
    return 'done'
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
    const open = this.#open.get(partition)
    if (open !== undefined) {
      if (this.#partitionColumns.length > 0) {
        this.#open.delete(partition)
        this.#open.set(partition, open)
      }
      return open
    }
    const [oldest] = this.#open.values()
    if (oldest !== undefined && this.#open.size >= MOST_OPEN_FILES) this.#close(oldest)
    return this.#create(partition)
  }

  #create(partition: string): OpenFile {
    const number = String(this.#fileCount++).padStart(6, '0')
    const file: OpenFile = {
      partition,
      path: join(partition, `${this.#job.fileName}-${this.#subtask}-${number}`),
      bytes: new ByteWriter(),
      encoder: fileEncoder(this.#job.table.format, this.#spec),
      writer: undefined,
      sizeBytes: 0,
      done: Promise.resolve(),
    }
    this.#open.set(partition, file)
    return file
  }

  /** Hands the bytes of a file to the disk. */
  #send(file: OpenFile): void {
    if (file.bytes.length === 0) return
    const bytes = file.bytes.take()
    this.#waitingBytes += bytes.length
    file.sizeBytes += bytes.length
    file.done = file.done
      .then(async () => {
        file.writer ??= await this.#job.ports.files.openWrite(join(this.#job.staging, file.path))
        await file.writer.write(bytes)
      })
      .catch((error: unknown) => {
        this.#failure ??= error
      })
      .finally(() => {
        this.#waitingBytes -= bytes.length
      })
  }

  /** No more rows go to this file. */
  #close(file: OpenFile): void {
    file.encoder.finish(file.bytes)
    this.#send(file)
    this.#open.delete(file.partition)
    this.#finished.push(file.path)
    const closing: Promise<void> = file.done
      .then(async () => {
        await file.writer?.sync()
        await file.writer?.close()
        file.writer = undefined
      })
      .catch((error: unknown) => {
        this.#failure ??= error
      })
      .finally(() => this.#closing.delete(closing))
    this.#closing.add(closing)
  }

  async #drain(): Promise<void> {
    await Promise.all([...Array.from(this.#open.values(), (file) => file.done), ...this.#closing])
  }

  async flush(): Promise<void> {
    for (const file of this.#open.values()) this.#send(file)
    await this.#drain()
    if (this.#failure !== undefined) throw this.#failure
  }

  async finish(): Promise<void> {
    for (const file of this.#open.values()) this.#close(file)
    await this.#drain()
    if (this.#failure !== undefined) throw this.#failure
    this.#isFinished = true
    await this.#job.finish(this.#finished)
  }

  async close(): Promise<void> {
    if (this.#isFinished) return
    for (const file of this.#open.values()) this.#close(file)
    await this.#drain()
    await this.#job.abandon()
  }
}
