import { readdirSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'

/** Entries of a folder that are looked at. */
const MAX_ENTRIES = 1_000

/** The files and folders whose path begins like this; hidden ones only when asked for. */
export function completePath(prefix: string): readonly { readonly path: string; readonly isFolder: boolean }[] {
  const folder =
    prefix.endsWith('/') || prefix === ''
      ? prefix
      : dirname(prefix) === '.' && !prefix.startsWith('./')
        ? ''
        : `${dirname(prefix).replace(/\/$/, '')}/`
  const begin = prefix.slice(folder.length)
  const real = resolved(folder)
  try {
    return readdirSync(real === '' ? '.' : real)
      .slice(0, MAX_ENTRIES)
      .filter((name) => name.startsWith(begin) && (begin.startsWith('.') || !name.startsWith('.')))
      .sort()
      .map((name) => ({ path: folder + name, isFolder: isFolder(join(real, name)) }))
  } catch {
    return []
  }
}

/** `~/` is the user's folder. */
export function resolved(path: string): string {
  return path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}
