import { basename, join } from 'node:path'
import type { Files, Ports } from '../../base/ports.ts'

/*
 * The folder in which a job's files grow until they may be seen: `.staging-part-TIME-NAME.PROCESS` in the table's own folder, so that a rename makes them
 * visible. Its name says which process made it; a job that starts removes the folders of those that are gone.
 *
 * A job that overwrites writes down there what it is about to swap before it begins. When it dies half-way, the next job that writes the table completes the swap;
 * without that, rows of a table that was there before could be lost.
 */

const PREFIX = '.staging-'
/** A folder of which nobody can say whether its job runs is removed when nothing in it changed for so long. */
const FORGOTTEN_MS = 7 * 86_400_000
const SWAP = 'swap.json'

/** What INSERT OVERWRITE does at its end; paths below the table's folder. */
export interface Swap {
  /** What goes: files, or folders with all in them. */
  readonly old: readonly string[]
  /** The staged files that come. */
  readonly files: readonly string[]
}

export interface StagingName {
  /** The start of the names of all files of the job; later jobs sort behind. */
  readonly fileName: string
  readonly folder: string
}

const lastTimes = new WeakMap<Files, number>()

/** Names that no other job has, had or will have. */
export function stagingName(tablePath: string, ports: Ports): StagingName {
  const { self } = ports.processes
  // Two jobs of one process may begin in the same millisecond, jobs of two processes have other names.
  const time = Math.max(Math.floor(ports.clock.nowMs()), (lastTimes.get(ports.files) ?? 0) + 1)
  lastTimes.set(ports.files, time)
  const fileName = `part-${time.toString(36).padStart(9, '0')}-${shortName(self)}`
  return { fileName, folder: join(tablePath, `${PREFIX}${fileName}.${self}`) }
}

function shortName(text: string): string {
  let hash = 0
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) >>> 0
  return (hash % 36 ** 5).toString(36).padStart(5, '0')
}

/** Removes what jobs that are gone have left, and completes their swaps. */
export async function clearLeftovers(tablePath: string, ports: Ports): Promise<void> {
  if ((await ports.files.status(tablePath))?.kind !== 'folder') return
  for (const { path, kind } of await ports.files.list(tablePath)) {
    if (kind !== 'folder' || !basename(path).startsWith(PREFIX) || !(await isLeftover(path, ports))) continue
    const swap = await readSwap(path, ports)
    if (swap !== undefined) await completeSwap({ tablePath, staging: path, swap }, ports)
    await ports.files.remove(path)
  }
}

async function isLeftover(path: string, ports: Ports): Promise<boolean> {
  const owner = /\.([^.]+)$/.exec(basename(path))?.[1] ?? ''
  const state = ports.processes.state(owner)
  if (state !== 'unknown') return state === 'gone'
  return (await lastChangeMs(path, ports.files)) < ports.clock.nowMs() - FORGOTTEN_MS
}

async function lastChangeMs(folder: string, files: Files): Promise<number> {
  let last = (await files.status(folder))?.modifiedMs ?? Infinity
  for (const { path, kind, modifiedMs } of await files.list(folder)) {
    last = Math.max(last, kind === 'folder' ? await lastChangeMs(path, files) : modifiedMs)
  }
  return last
}

/** From here on a swap is completed by somebody. */
export async function writeSwap(staging: string, swap: Swap, files: Files): Promise<void> {
  const draft = join(staging, `${SWAP}.draft`)
  const writer = await files.openWrite(draft)
  try {
    await writer.write(new TextEncoder().encode(JSON.stringify(swap)))
    await writer.sync()
  } finally {
    await writer.close()
  }
  await files.rename(draft, join(staging, SWAP))
  await files.syncFolder(staging)
}

async function readSwap(staging: string, { files }: Ports): Promise<Swap | undefined> {
  const path = join(staging, SWAP)
  const status = await files.status(path)
  if (status === undefined) return undefined
  const bytes = new Uint8Array(status.sizeBytes)
  const reader = await files.openRead(path)
  try {
    for (let at = 0; at < bytes.length;) {
      const length = await reader.read(bytes.subarray(at), at)
      if (length === 0) break
      at += length
    }
  } finally {
    await reader.close()
  }
  return JSON.parse(new TextDecoder().decode(bytes)) as Swap
}

/** Where what a swap takes away lies until it is complete. */
export function oldPath(staging: string, path: string): string {
  return join(staging, 'old', path)
}

interface SwapPlace {
  readonly tablePath: string
  readonly staging: string
  readonly swap: Swap
}

/** Does what was not yet done of a swap whose job is gone. */
async function completeSwap({ tablePath, staging, swap }: SwapPlace, { files }: Ports): Promise<void> {
  for (const path of swap.old) {
    // It was moved away, or is still there; that something of its name is there besides is no doing of that job.
    if ((await files.status(oldPath(staging, path))) === undefined) await files.remove(join(tablePath, path))
  }
  for (const path of swap.files) {
    if ((await files.status(join(staging, path))) !== undefined) await files.rename(join(staging, path), join(tablePath, path))
  }
  await syncFolders(tablePath, swap.files, files)
}

/** Flushes the folders of some files and those above them, up to the table's. */
export async function syncFolders(tablePath: string, paths: Iterable<string>, files: Files): Promise<void> {
  const folders = new Set<string>()
  for (const path of paths) {
    for (let folder = join(path, '..'); !folders.has(folder); folder = join(folder, '..')) {
      folders.add(folder)
      if (folder === '.') break
    }
  }
  for (const folder of folders) await files.syncFolder(join(tablePath, folder))
}
