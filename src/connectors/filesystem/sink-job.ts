import { basename, dirname, join } from 'node:path'
import type { Ports } from '../../base/ports.ts'
import type { SinkRequest } from '../connector.ts'
import { joinFiles } from './join-files.ts'
import type { FileTable } from './options.ts'
import { partitionFolder, partitionTexts } from './partitions.ts'
import type { FileSinkOptions } from './sink-options.ts'
import { clearLeftovers, oldPath, stagingName, type Swap, syncFolders, writeSwap } from './staging.ts'

/** What a job knows of a file that is being written. */
export interface OpenPart {
  /** Folder below the table's path; empty where the table has no partitions. */
  readonly partition: string
  readonly createdMs: number
  /** When it got its last rows. */
  readonly usedMs: number
}

/** One of the job's writers, as the job sees it. */
export interface PartWriter {
  readonly watermark: number
  /** Closes those of its files that are due; settles when they are whole and on the disk. */
  closeParts(isDue: (part: OpenPart) => boolean): Promise<void>
}

/**
 * What the writers of one INSERT have in common. Files are written below a hidden folder and renamed when they are whole: all at the end of a job that has one,
 * else as they are closed, by size or time.
 */
export class SinkJob {
  readonly table: FileTable
  readonly options: FileSinkOptions
  readonly ports: Ports
  readonly staging: string
  readonly fileName: string
  readonly #request: SinkRequest
  readonly #writers = new Set<PartWriter>()
  #unfinished = 0
  /** Whole files that cannot be seen yet. */
  #staged: string[] = []
  /** By partition without a success file: when its first row came. */
  readonly #incomplete = new Map<string, number>()
  #publishing: Promise<void> = Promise.resolve()
  #cancelCheck: (() => void) | undefined
  /** A swap has begun and could not be undone: what is staged must stay for the next job. */
  #isTorn = false
  #isOver = false
  failure: unknown

  constructor(table: FileTable, request: SinkRequest, ports: Ports) {
    this.table = table
    this.options = table.sink()
    this.ports = ports
    this.#request = request
    const { fileName, folder } = stagingName(table.path, ports)
    this.fileName = fileName
    this.staging = folder
    if (!request.isBounded) this.#checkLater()
  }

  join(writer: PartWriter): void {
    this.#writers.add(writer)
    this.#unfinished++
  }

  /** A file was begun. */
  began(partition: string): void {
    if (this.options.successFile === undefined || this.table.partitionColumns.length === 0) return
    if (!this.#incomplete.has(partition)) this.#incomplete.set(partition, this.ports.clock.nowMs())
  }

  /** A file is whole and on the disk; `path` is its place below the staging folder, and will be that below the table's. */
  staged(path: string): void {
    this.#staged.push(path)
    if (!this.#request.isBounded && this.options.compactionBytes === undefined) void this.#publishStaged()
  }

  /** A writer has closed all its files. The last one makes visible what is not. */
  async finish(): Promise<void> {
    if (--this.#unfinished > 0) return
    this.#end()
    await this.#publishing
    if (this.failure !== undefined) throw this.failure
    if (this.#request.isBounded) await this.#publishAll()
    else {
      await this.#publishStaged()
      if (this.failure !== undefined) throw this.failure
      await this.#markComplete(this.#incomplete.keys())
    }
  }

  /** A writer is no more; the last one takes the staging folder with it. */
  async leave(writer: PartWriter): Promise<void> {
    if (!this.#writers.delete(writer) || this.#writers.size > 0) return
    this.#end()
    await this.#publishing
    if (!this.#isTorn) await this.ports.files.remove(this.staging)
  }

  #end(): void {
    this.#isOver = true
    this.#cancelCheck?.()
  }

  #checkLater(): void {
    this.#cancelCheck = this.ports.clock.schedule(this.options.checkMs, () => {
      this.#check().then(
        () => {
          if (!this.#isOver) this.#checkLater()
        },
        (error: unknown) => {
          this.failure ??= error
        },
      )
    })
  }

  /** Of a job without end: shows files that are old enough, and marks complete partitions. */
  async #check(): Promise<void> {
    const { rolloverMs, inactivityMs } = this.options
    const nowMs = this.ports.clock.nowMs()
    const complete = new Set([...this.#incomplete.keys()].filter((partition) => this.#isComplete(partition, nowMs)))
    for (const partition of complete) this.#incomplete.delete(partition)
    const isDue = ({ partition, createdMs, usedMs }: OpenPart): boolean =>
      complete.has(partition) || nowMs - createdMs >= rolloverMs || nowMs - usedMs >= inactivityMs
    await Promise.all(Array.from(this.#writers, (writer) => writer.closeParts(isDue)))
    await this.#publishStaged()
    await this.#markComplete(complete)
  }

  #isComplete(partition: string, nowMs: number): boolean {
    const { trigger } = this.options
    if (trigger.kind === 'process-time') return trigger.delayMs === 0 || nowMs > this.#incomplete.get(partition)! + trigger.delayMs
    const watermark = Math.min(...Array.from(this.#writers, (writer) => writer.watermark))
    return watermark > trigger.timeOf(partitionTexts(partition)) + trigger.delayMs
  }

  /** Renames what is staged, file after file. */
  #publishStaged(): Promise<void> {
    this.#publishing = this.#publishing
      .then(async () => {
        const files = await this.#joined(this.#staged.splice(0))
        for (const file of files) await this.ports.files.rename(join(this.staging, file), join(this.table.path, file))
        await syncFolders(this.table.path, files, this.ports.files)
      })
      .catch((error: unknown) => {
        this.failure ??= error
      })
    return this.#publishing
  }

  /** At the end: renames all files, and takes away what they replace. When that fails, what was there before is there again. */
  async #publishAll(): Promise<void> {
    const { table, staging, ports } = this
    const files = (await this.#joined(this.#staged)).toSorted()
    const swap: Swap = { old: this.#request.overwrite ? await this.#oldPaths(files) : [], files }
    if (swap.old.length > 0) await writeSwap(staging, swap, ports.files)
    const undo: (() => Promise<void>)[] = []
    const move = async (from: string, to: string): Promise<void> => {
      await ports.files.rename(from, to)
      undo.push(() => ports.files.rename(to, from))
    }
    try {
      // A partition after the other, so that each is empty for a short time only.
      const left = new Map(Map.groupBy(swap.old, (path) => dirname(path)))
      for (const [folder, added] of Map.groupBy(files, (path) => dirname(path))) {
        for (const path of left.get(folder) ?? []) await move(join(table.path, path), oldPath(staging, path))
        left.delete(folder)
        for (const path of added) await move(join(staging, path), join(table.path, path))
      }
      for (const path of [...left.values()].flat()) await move(join(table.path, path), oldPath(staging, path))
      await syncFolders(table.path, [...files, ...swap.old], ports.files)
      await this.#markComplete(this.#writtenFolders(files))
    } catch (error) {
      this.#isTorn = swap.old.length > 0
      for (const step of undo.toReversed()) await step()
      this.#isTorn = false
      throw error
    }
    await ports.files.remove(staging)
  }

  /** The folders that were written, and the one that the statement names also when it got no rows. */
  #writtenFolders(files: readonly string[]): ReadonlySet<string> {
    const { table } = this
    const { partition } = this.#request
    const folders = new Set(files.map((file) => dirname(file)))
    if (table.partitionColumns.length === 0) folders.add('.')
    else if (table.partitionColumns.every(({ name }) => name in partition)) folders.add(partitionFolder(table, partition))
    return folders
  }

  /** OVERWRITE replaces the whole table, or the partitions that were written; one that the statement names in full also when it got no rows. */
  async #oldPaths(files: readonly string[]): Promise<readonly string[]> {
    const { table, ports } = this
    const old: string[] = []
    for (const folder of this.#writtenFolders(files)) {
      if ((await ports.files.status(join(table.path, folder)))?.kind !== 'folder') continue
      for (const entry of await ports.files.list(join(table.path, folder))) {
        const name = basename(entry.path)
        if (!name.startsWith('.') && !name.startsWith('_')) old.push(join(folder, name))
      }
    }
    return old
  }

  async #joined(files: readonly string[]): Promise<readonly string[]> {
    const { compactionBytes } = this.options
    if (compactionBytes === undefined || files.length < 2) return files
    return joinFiles({ files: this.ports.files, folder: this.staging, mostBytes: compactionBytes }, files.toSorted())
  }

  /** Puts the success file into partitions. */
  async #markComplete(partitions: Iterable<string>): Promise<void> {
    const { successFile } = this.options
    if (successFile === undefined) return
    for (const partition of partitions) {
      const path = join(this.table.path, partition, successFile)
      const writer = await this.ports.files.openWrite(path)
      await writer.close()
      await this.ports.files.syncFolder(dirname(path))
    }
  }
}

/** Begins the INSERT of a job: clears away what dead ones left. */
export async function startJob(table: FileTable, request: SinkRequest, ports: Ports): Promise<SinkJob> {
  await clearLeftovers(table.path, ports)
  return new SinkJob(table, request, ports)
}
