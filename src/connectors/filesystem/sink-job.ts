import { basename, join } from 'node:path'
import type { Files, Ports } from '../../base/ports.ts'
import type { SinkOpen } from '../../runtime/sink.ts'
import type { SinkRequest } from '../connector.ts'
import type { FileTable } from './options.ts'
import type { PartitionTexts } from './partitions.ts'
import { partitionFolder } from './partitions.ts'

/** What the subtasks of one INSERT have in common: the staging folder, and who finished. */
export interface SinkJob {
  readonly table: FileTable
  readonly ports: Ports
  /** Files are written here, below a hidden name, and moved when all subtasks have finished. */
  readonly staging: string
  /** The start of the names of all its files; later INSERTs sort behind. */
  readonly fileName: string
  /** Called by each subtask before it writes. */
  join(): void
  /** Takes over the finished files of a subtask (paths below `staging` and below the table alike); the last one makes all visible. */
  finish(files: readonly string[]): Promise<void>
  /** Removes what was staged; nothing is left to do after the last `finish`. */
  abandon(): Promise<void>
}

export async function startJob(table: FileTable, request: SinkRequest, options: SinkOpen): Promise<SinkJob> {
  const { ports } = options
  const fileName = await freeName(table, ports)
  const staging = join(table.path, `.staging-${fileName}`)
  const staged: string[] = []
  let unfinished = 0
  const abandon = async (): Promise<void> => {
    await ports.files.remove(staging)
    begun.get(ports.files)?.delete(staging)
  }
  return {
    table,
    ports,
    staging,
    fileName,
    join() {
      unfinished++
    },
    async finish(files) {
      staged.push(...files)
      if (--unfinished > 0) return
      if (request.overwrite) await removeOld(table, ports, request.partition, staged)
      for (const file of staged.toSorted()) await ports.files.rename(join(staging, file), join(table.path, file))
      if (table.successFile !== undefined) await markComplete(table, ports, staged, table.successFile)
      await abandon()
    },
    abandon,
  }
}

/** The staging folders of jobs that began here; two of one statement set begin before either has written. */
const begun = new WeakMap<Files, Set<string>>()

/** `part-` and the time in a form that sorts; the next free one when another job began in the same millisecond. */
async function freeName(table: FileTable, ports: Ports): Promise<string> {
  const names = begun.get(ports.files) ?? new Set()
  begun.set(ports.files, names)
  for (let time = ports.clock.nowMs(); ; time++) {
    const name = `part-${Math.floor(time).toString(36).padStart(9, '0')}`
    const staging = join(table.path, `.staging-${name}`)
    if (names.has(staging) || (await ports.files.status(staging)) !== undefined || (await isTaken(table.path, name, ports))) continue
    // Asked again, for another job may have taken it in the meantime.
    if (names.has(staging)) continue
    names.add(staging)
    return name
  }
}

async function isTaken(folder: string, name: string, ports: Ports): Promise<boolean> {
  const status = await ports.files.status(folder)
  if (status?.kind !== 'folder') return false
  for (const entry of await ports.files.list(folder)) {
    if (entry.kind === 'file' ? basename(entry.path).startsWith(name) : await isTaken(entry.path, name, ports)) return true
  }
  return false
}

/** OVERWRITE replaces the whole table, or the partitions that were written; one that the statement names in full also when it got no rows. */
async function removeOld(table: FileTable, ports: Ports, partition: PartitionTexts, staged: readonly string[]): Promise<void> {
  const folders = new Set(staged.map((file) => join(table.path, file, '..')))
  if (table.partitionColumns.length === 0) folders.add(table.path)
  else if (table.partitionColumns.every(({ name }) => name in partition)) folders.add(join(table.path, partitionFolder(table, partition)))
  for (const folder of folders) {
    if ((await ports.files.status(folder))?.kind !== 'folder') continue
    for (const entry of await ports.files.list(folder)) {
      const name = basename(entry.path)
      if (!name.startsWith('.') && !name.startsWith('_')) await ports.files.remove(entry.path)
    }
  }
}

async function markComplete(table: FileTable, ports: Ports, staged: readonly string[], name: string): Promise<void> {
  for (const folder of new Set(staged.map((file) => join(table.path, file, '..')))) {
    await (await ports.files.openWrite(join(folder, name))).close()
  }
}
