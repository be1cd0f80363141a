import { appendFileSync, chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import { withoutSecrets } from './secrets.ts'

/** Statements that are kept, and bytes of their file; the oldest go first. */
const MAX_STATEMENTS = 2_000
const MAX_BYTES = 1 << 20
const MAX_STATEMENT_BYTES = 1 << 16

/** The file under the user's folder for state (XDG). */
export function defaultHistoryPath(env: NodeJS.ProcessEnv = process.env): string {
  const state = env['XDG_STATE_HOME']
  return join(state !== undefined && isAbsolute(state) ? state : join(homedir(), '.local/state'), 'rheo/history')
}

/**
 * What was typed, oldest first: one JSON string a line, so that a statement of several lines stays whole. The file belongs to the user alone (0600);
 * secrets never reach it. Two shells may share a file: each only adds to it.
 */
export class History {
  readonly #path: string | undefined
  readonly #entries: string[]

  /** @param path Absent: nothing is kept beyond this shell. */
  constructor(path: string | undefined) {
    this.#path = path
    this.#entries = path === undefined ? [] : load(path)
  }

  /** Oldest first. */
  get entries(): readonly string[] {
    return this.#entries
  }

  /** Adds a statement, unless it is blank or the last one again. A file that cannot be written is no reason to stop. */
  add(text: string): void {
    const entry = text.trim()
    if (entry === '' || entry === this.#entries.at(-1) || entry.length > MAX_STATEMENT_BYTES) return
    this.#entries.push(entry)
    if (this.#entries.length > MAX_STATEMENTS) this.#entries.shift()
    const kept = withoutSecrets(entry)
    if (this.#path === undefined || kept === undefined) return
    try {
      makeFolder(dirname(this.#path))
      appendFileSync(this.#path, `${JSON.stringify(kept)}\n`, { mode: 0o600 })
    } catch {
      // A folder without room or right to write: the shell works on with what it remembers.
    }
  }
}

/** Step by step: Node's own recursive form does not come back below /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return
  makeFolder(dirname(path))
  mkdirSync(path, { mode: 0o700 })
}

function load(path: string): string[] {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
    const status = lstatSync(path)
    if (status.isFile() && (status.mode & 0o077) !== 0) chmodSync(path, 0o600)
  } catch {
    return []
  }
  const lines = text.split('\n').filter((line) => line !== '')
  const entries = lines.map(entryOf).filter((entry) => entry !== undefined)
  const kept = newest(entries)
  if (kept.length < lines.length) rewrite(path, kept)
  return kept
}

function entryOf(line: string): string | undefined {
  try {
    const entry: unknown = JSON.parse(line)
    return typeof entry === 'string' ? entry : undefined
  } catch {
    return undefined
  }
}

function newest(entries: readonly string[]): string[] {
  let bytes = 0
  let from = entries.length
  while (from > 0 && entries.length - from < MAX_STATEMENTS) {
    bytes += Buffer.byteLength(entries[from - 1] ?? '') + 3
    if (bytes > MAX_BYTES) break
    from--
  }
  return entries.slice(from)
}

/** Beside and renamed, so that another shell never sees half of it. */
function rewrite(path: string, entries: readonly string[]): void {
  const draft = `${path}.${process.pid}`
  try {
    writeFileSync(draft, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''), { mode: 0o600 })
    chmodSync(draft, 0o600)
    renameSync(draft, path)
  } catch {
    // The old file still serves.
  }
}
