import type { Stats } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { RheoError } from './errors.ts'
import { externalError } from './errors.ts'
import type { FileReader, FileStatus, Files, FileWriter } from './ports.ts'

/** The machine's own disks. */
export const nodeFiles: Files = {
  async status(path) {
    try {
      return describe(path, await stat(path))
    } catch (error) {
      if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return undefined
      throw fileError('look at', path, error)
    }
  },

  async list(path) {
    const entries: FileStatus[] = []
    try {
      for (const name of (await readdir(path)).sort(byCodeUnits)) {
        const child = join(path, name)
        try {
          entries.push(describe(child, await stat(child)))
        } catch (error) {
          // A link to nothing, or a file that went away since the folder was read.
          if (errorCode(error) !== 'ENOENT') throw error
        }
      }
    } catch (error) {
      throw fileError('list', path, error)
    }
    return entries
  },

  async openRead(path): Promise<FileReader> {
    const handle = await open(path, 'r').catch((error: unknown) => {
      throw fileError('read', path, error)
    })
    return {
      async read(target, position) {
        try {
          return (await handle.read(target, 0, target.length, position)).bytesRead
        } catch (error) {
          throw fileError('read', path, error)
        }
      },
      close: () => handle.close(),
    }
  },

  async openWrite(path): Promise<FileWriter> {
    try {
      await makeFolder(dirname(path))
      const handle = await open(path, 'w')
      let end = 0
      return {
        async write(bytes) {
          const start = end
          end += bytes.length
          try {
            for (let at = 0; at < bytes.length;) at += (await handle.write(bytes, at, bytes.length - at, start + at)).bytesWritten
          } catch (error) {
            throw fileError('write', path, error)
          }
        },
        async sync() {
          await handle.datasync().catch((error: unknown) => {
            throw fileError('write', path, error)
          })
        },
        // Some file systems tell only now that the disk is full.
        async close() {
          await handle.close().catch((error: unknown) => {
            throw fileError('write', path, error)
          })
        },
      }
    } catch (error) {
      throw fileError('write', path, error)
    }
  },

  async rename(from, to) {
    try {
      await makeFolder(dirname(to))
      await rename(from, to)
    } catch (error) {
      throw fileError('rename', from, error)
    }
  },

  async syncFolder(path) {
    try {
      const handle = await open(path, 'r')
      try {
        await handle.sync()
      } finally {
        await handle.close()
      }
    } catch (error) {
      // Where folders cannot be flushed, as on Windows and some network disks, their names are as safe as they can be.
      if (['EISDIR', 'EPERM', 'EINVAL', 'ENOTSUP', 'EBADF'].includes(errorCode(error) ?? '')) return
      throw fileError('write', path, error)
    }
  },

  async remove(path) {
    try {
      await rm(path, { recursive: true, force: true })
    } catch (error) {
      // Below a file there is nothing to remove.
      if (errorCode(error) === 'ENOTDIR') return
      throw fileError('remove', path, error)
    }
  },
}

/** With the folders above it. Node's own recursion never ends where a folder exists and takes no new ones, as /proc does. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path)
  } catch (error) {
    const parent = dirname(path)
    if (errorCode(error) === 'EEXIST') return
    if (errorCode(error) !== 'ENOENT' || parent === path) throw error
    await makeFolder(parent)
    await mkdir(path).catch((second: unknown) => {
      if (errorCode(second) !== 'EEXIST') throw second
    })
  }
}

function describe(path: string, stats: Stats): FileStatus {
  return { path, kind: stats.isDirectory() ? 'folder' : 'file', sizeBytes: stats.size, modifiedMs: Math.floor(stats.mtimeMs) }
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** A failure of the system's as one of ours, by its code. */
export function fileError(verb: string, path: string, error: unknown): RheoError {
  const code = errorCode(error)
  if (code === 'ENOENT') return externalError('file/not-found', `Cannot ${verb} "${path}": nothing is there`, undefined, error)
  if (code === 'EACCES' || code === 'EPERM') {
    return externalError('file/denied', `Cannot ${verb} "${path}": this user may not`, undefined, error)
  }
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') {
    return externalError('file/disk-full', `Cannot ${verb} "${path}": ${fullReasons[code]}`, undefined, error)
  }
  const reason = (code === undefined ? undefined : reasons[code]) ?? (error instanceof Error ? error.message : String(error))
  return externalError('file/failed', `Cannot ${verb} "${path}": ${reason}`, undefined, error)
}

const fullReasons = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'this user may store no more',
  EFBIG: 'a file may not grow any more',
}

const reasons: Readonly<Record<string, string>> = {
  EISDIR: 'it is a folder',
  ENOTDIR: 'a file stands where a folder was wanted',
  EEXIST: 'a file stands where a folder was wanted',
  EROFS: 'the disk is read-only',
  EMFILE: 'too many files are open',
  EXDEV: 'it lies on another disk',
}
