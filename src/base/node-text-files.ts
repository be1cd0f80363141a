import { randomBytes } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { errorCode, fileError } from './node-files.ts'
import type { TextFiles } from './ports.ts'

/**
 * The machine's own disks. A text is written to a hidden file beside its place and synced; then that file is renamed, or, where nothing may be replaced, linked, which fails
 * where a file is already. Hidden files that a crash left over are in nobody's way.
 */
export const nodeTextFiles: TextFiles = {
  list(path) {
    try {
      return readdirSync(path, { withFileTypes: true })
        .filter((entry) => !entry.name.startsWith('.'))
        .map((entry) => ({ name: entry.name, kind: isFolder(join(path, entry.name)) ? ('folder' as const) : ('file' as const) }))
        .sort((a, b) => (a.name < b.name ? -1 : 1))
    } catch (error) {
      if (isAbsent(error)) return undefined
      throw fileError('list', path, error)
    }
  },

  read(path) {
    try {
      return readFileSync(path, 'utf8')
    } catch (error) {
      if (isAbsent(error)) return undefined
      throw fileError('read', path, error)
    }
  },

  write(path, text, mode) {
    const hidden = hiddenName(path)
    try {
      mkdirSync(dirname(path), { recursive: true })
      writeSynced(hidden, text)
      if (mode === 'replace') renameSync(hidden, path)
      else linkSync(hidden, path)
      syncFolder(dirname(path))
      return true
    } catch (error) {
      if (mode === 'create' && errorCode(error) === 'EEXIST') return false
      throw fileError('write', path, error)
    } finally {
      rmSync(hidden, { force: true })
    }
  },

  remove(path) {
    const hidden = hiddenName(path)
    try {
      renameSync(path, hidden)
      rmSync(hidden, { recursive: true, force: true })
      return true
    } catch (error) {
      if (isAbsent(error)) return false
      throw fileError('remove', path, error)
    }
  },
}

function hiddenName(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}`)
}

function writeSynced(path: string, text: string): void {
  const file = openSync(path, 'wx')
  try {
    const bytes = Buffer.from(text)
    for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Makes a new name last; not every system knows how. */
function syncFolder(path: string): void {
  try {
    const folder = openSync(path, 'r')
    try {
      fsyncSync(folder)
    } finally {
      closeSync(folder)
    }
  } catch (error) {
    if (errorCode(error) !== 'EISDIR' && errorCode(error) !== 'EPERM' && errorCode(error) !== 'EINVAL') throw error
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch (error) {
    if (isAbsent(error)) return false
    throw error
  }
}

function isAbsent(error: unknown): boolean {
  return errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR'
}
