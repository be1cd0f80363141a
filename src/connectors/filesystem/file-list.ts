import { basename, dirname } from 'node:path'
import { externalError, type RheoError } from '../../base/errors.ts'
import { suggestion } from '../../base/nearest.ts'
import { Pause } from '../../base/pause.ts'
import type { FileStatus, Ports } from '../../base/ports.ts'
import type { FileTable } from './options.ts'
import type { PartitionTexts } from './partitions.ts'
import { isWantedPartition, partitionOf } from './partitions.ts'

/**
 * The files of a table in the order in which all subtasks read them: sorted by path when the job starts; a table that is followed appends new ones
 * as they appear, sorted among themselves.
 */
export class FileList {
  readonly files: FileStatus[] = []
  readonly #table: FileTable
  readonly #partitions: readonly PartitionTexts[] | undefined
  readonly #ports: Ports
  readonly #known = new Set<string>()
  #listing: Promise<void> | undefined
  #isListed = false
  readonly #pause: Pause

  constructor(table: FileTable, partitions: readonly PartitionTexts[] | undefined, ports: Ports) {
    this.#table = table
    this.#partitions = partitions
    this.#ports = ports
    this.#pause = new Pause(ports.clock)
  }

  /** Of a table that is followed: puts the files that a restored job had read, or was reading, first; those that are gone by now with size 0. */
  async restore(paths: readonly string[]): Promise<void> {
    if (this.#table.monitorMs === undefined) return
    for (const path of paths) {
      if (this.#known.has(path)) continue
      this.#known.add(path)
      const status = await this.#ports.files.status(path)
      this.files.push(status ?? { path, kind: 'file', sizeBytes: 0, modifiedMs: 0 })
    }
  }

  /** The number of a file that a restored job was reading; a promise while the files are not listed. */
  indexOf(path: string): number | Promise<void> {
    const index = this.files.findIndex((file) => file.path === path)
    if (index >= 0) return index
    const first = this.at(0)
    if (first instanceof Promise) return first
    throw externalError('file/not-found', `Cannot go on reading "${path}": it is gone since the job was stopped`)
  }

  /** The file number `index`; 'end' when there is none and will be none; else a promise that settles when there may be one. */
  at(index: number): FileStatus | 'end' | Promise<void> {
    const file = this.files[index]
    if (file !== undefined) return file
    if (this.#isListed && this.#table.monitorMs === undefined) return 'end'
    this.#listing ??= this.#refresh().finally(() => (this.#listing = undefined))
    return this.#listing
  }

  close(): void {
    this.#pause.cutShort()
  }

  async #refresh(): Promise<void> {
    if (this.#isListed) await this.#pause.begin(this.#table.monitorMs ?? 0)
    const found = await this.#list()
    for (const file of found) {
      if (this.#known.has(file.path)) continue
      this.#known.add(file.path)
      this.files.push(file)
    }
    this.#isListed = true
  }

  async #list(): Promise<readonly FileStatus[]> {
    const { path, partitionColumns, pathPattern } = this.#table
    const root = await this.#ports.files.status(path)
    if (root === undefined) throw await this.#notThere()
    const files = root.kind === 'file' ? [root] : await this.#listFolder(path)
    return files.filter((file) => {
      if (pathPattern !== undefined && !pathPattern.test(file.path)) return false
      return partitionColumns.length === 0 || isWantedPartition(this.#partitions, partitionOf(this.#table, file.path))
    })
  }

  async #notThere(): Promise<RheoError> {
    const { path, pathPlace } = this.#table
    const folder = dirname(path)
    const isFolder = (await this.#ports.files.status(folder))?.kind === 'folder'
    const names = isFolder ? (await this.#ports.files.list(folder)).map((entry) => basename(entry.path)) : []
    const found = isFolder ? `nothing is there${suggestion(basename(path), names)}` : `there is no folder "${folder}"`
    return externalError('file/not-found', `Cannot read "${path}": ${found}`, pathPlace)
  }

  /** All files below a folder in the order of their paths, without hidden ones. */
  async #listFolder(path: string): Promise<readonly FileStatus[]> {
    const found: FileStatus[] = []
    for (const entry of await this.#ports.files.list(path)) {
      const name = basename(entry.path)
      if (name.startsWith('_') || name.startsWith('.')) continue
      if (entry.kind === 'file') found.push(entry)
      else found.push(...(await this.#listFolder(entry.path)))
    }
    return found
  }
}
