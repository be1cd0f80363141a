import { resolve } from 'node:path'
import { externalError } from '../../base/errors.ts'
import { readCell } from '../../data/cells.ts'
import { rowBytes } from '../../data/row-encoding.ts'
import type { SqlType } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import type { Lookup, LookupOpen, LookupReader, LookupRequest, LookupRows } from '../../runtime/lookup.ts'
import { FileList } from './file-list.ts'
import type { FileLookupOptions, FileTable } from './options.ts'
import { fileSource } from './source.ts'

/** Rows of a table that is kept in memory. */
const MOST_ROWS = 20_000_000
/** Files are not looked at more often than this. */
const LOOK_MS = 10

/**
 * Lookups in files: the files are read whole, and again when they have changed, which is seen by their sizes and times. With a FULL cache they are read again by the clock
 * alone. The subtasks share what was read.
 */
export function fileLookup(declared: FileTable, request: LookupRequest, options: FileLookupOptions): Lookup {
  const table = { ...declared, path: resolve(declared.path) }
  let content: FileContent | undefined
  return {
    cache: options.cache,
    open(open) {
      content ??= new FileContent(table, request, options, open)
      return Promise.resolve(content.reader())
    },
  }
}

/** What was read, and from which files. */
interface Loaded {
  readonly rows: ReadonlyMap<string, LookupRows>
  readonly signature: string
  readonly version: number
  readonly atMs: number
}

class FileContent {
  readonly #table: FileTable
  readonly #request: LookupRequest
  readonly #options: FileLookupOptions
  readonly #open: LookupOpen
  readonly #keyTypes: readonly SqlType[]
  #loaded: Loaded | undefined
  #loading: Promise<Loaded> | undefined
  #lookedMs = Number.NEGATIVE_INFINITY

  constructor(table: FileTable, request: LookupRequest, options: FileLookupOptions, open: LookupOpen) {
    this.#table = table
    this.#request = request
    this.#options = options
    this.#open = open
    this.#keyTypes = request.keys.map((key) => request.columns[key]!.type)
  }

  reader(): LookupReader {
    let version = -1
    return {
      keysPerRequest: Infinity,
      lookup: async (keys) => {
        const loaded = await this.#current()
        version = loaded.version
        return keys.map((key) => loaded.rows.get(this.#keyText(key)) ?? [])
      },
      holds: () => {
        if (this.#isFresh()) return this.#loaded?.version === version
        return this.#current().then((loaded) => loaded.version === version)
      },
      close: () => Promise.resolve(),
    }
  }

  /** Whether what was read counts without a look at the files. */
  #isFresh(): boolean {
    const loaded = this.#loaded
    if (loaded === undefined) return false
    const { clock } = this.#open.ports
    const { cache, reloadMs } = this.#options
    if (cache.kind === 'full') return reloadMs === undefined || clock.nowMs() - loaded.atMs < reloadMs
    return clock.monotonicMs() - this.#lookedMs < LOOK_MS
  }

  #current(): Promise<Loaded> {
    if (this.#loaded !== undefined && this.#isFresh()) return Promise.resolve(this.#loaded)
    this.#loading ??= this.#refresh().finally(() => (this.#loading = undefined))
    return this.#loading
  }

  async #refresh(): Promise<Loaded> {
    const { clock } = this.#open.ports
    const before = this.#loaded
    const signature = await this.#signature()
    this.#lookedMs = clock.monotonicMs()
    if (before !== undefined && before.signature === signature) {
      this.#loaded = { ...before, atMs: clock.nowMs() }
      return this.#loaded
    }
    const rows = await this.#read()
    this.#loaded = { rows, signature, version: (before?.version ?? 0) + 1, atMs: clock.nowMs() }
    return this.#loaded
  }

  async #signature(): Promise<string> {
    const list = new FileList({ ...this.#table, monitorMs: undefined }, undefined, this.#open.ports)
    const first = list.at(0)
    if (first instanceof Promise) await first
    return list.files.map(({ path, sizeBytes, modifiedMs }) => `${path}\0${sizeBytes}\0${modifiedMs}`).join('\n')
  }

  async #read(): Promise<ReadonlyMap<string, LookupRows>> {
    const { columns, keys } = this.#request
    const found = new Map<string, SqlValue[][]>()
    const source = fileSource(this.#table, { columns, metadata: [] })
    const reader = await source.open({ ...this.#open, subtask: 0, parallelism: 1, position: undefined })
    const { arena } = this.#open
    let count = 0
    try {
      for (let step = reader.next(); step.kind !== 'end'; step = reader.next()) {
        if (step.kind === 'wait') await step.ready
        if (step.kind !== 'batch') continue
        const { batch } = step
        count += batch.selectedCount
        if (count > MOST_ROWS)
          throw externalError('lookup/too-large', `Cannot look up rows of "${this.#table.path}": it has more than ${MOST_ROWS} rows`)
        for (let i = 0; i < batch.selectedCount; i++) {
          const row = batch.selection === 0 ? i : arena.i32[(batch.selection >>> 2) + i]!
          const values = columns.map((_, column) => readCell(arena, batch.columns[column]!, row))
          const key = keys.map((column) => values[column] ?? null)
          // NULL equals nothing.
          if (key.includes(null)) continue
          const text = this.#keyText(key)
          const known = found.get(text)
          if (known === undefined) found.set(text, [values])
          else known.push(values)
        }
      }
    } finally {
      await reader.close()
    }
    return found
  }

  #keyText(key: readonly SqlValue[]): string {
    return Buffer.from(rowBytes(this.#keyTypes, key)).toString('latin1')
  }
}
