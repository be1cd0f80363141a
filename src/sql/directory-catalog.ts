import { type RheoError, externalError } from '../base/errors.ts'
import type { TextFiles } from '../base/ports.ts'
import type { CatalogEntries, CatalogStore, Database, EntryKind, WriteMode } from '../catalog/catalog-store.ts'
import type { BindEnvironment } from './bound-statement.ts'
import { CATALOG_VERSION, databaseOfText, databaseText, entryOfText, entryText } from './catalog-file.ts'

const MARK = 'rheo-catalog.json'
const folders = { object: 'tables', function: 'functions' } as const

/**
 * A catalog in a folder: one folder for each database, in it a file for each table, view and function. Everything is read anew whenever it is asked for, and written whole
 * or not at all, so that sessions may share the folder.
 */
export class DirectoryCatalogStore implements CatalogStore {
  readonly #files: TextFiles
  readonly #root: string

  constructor(files: TextFiles, root: string) {
    this.#files = files
    this.#root = root.length > 1 ? root.replace(/\/+$/, '') : root
  }

  databaseNames(): readonly string[] {
    return (this.#files.list(this.#root) ?? []).flatMap(({ name, kind }) => {
      const database = kind === 'folder' ? nameOfFile(name) : undefined
      return database !== undefined && this.database(database) !== undefined ? [database] : []
    })
  }

  database(name: string): Database | undefined {
    const path = this.#databaseFile(name)
    const text = this.#files.read(path)
    return text === undefined ? undefined : databaseOfText(name, text, path)
  }

  writeDatabase(database: Database, mode: WriteMode): boolean {
    return this.#files.write(this.#databaseFile(database.name), databaseText(database), mode)
  }

  dropDatabase(name: string): void {
    this.#files.remove(this.#folder(name))
  }

  names(kind: EntryKind, database: string): readonly string[] {
    const files = this.#files.list(`${this.#folder(database)}/${folders[kind]}`) ?? []
    return files.flatMap(({ name }) => (name.endsWith('.json') ? (nameOfFile(name.slice(0, -'.json'.length)) ?? []) : []))
  }

  read<K extends EntryKind>(kind: K, database: string, name: string): CatalogEntries[K] | undefined {
    const path = this.#entryFile(kind, database, name)
    const text = this.#files.read(path)
    return text === undefined ? undefined : entryOfText(kind, name, text, path)
  }

  write<K extends EntryKind>(kind: K, database: string, name: string, entry: CatalogEntries[K], mode: WriteMode): boolean {
    return this.#files.write(this.#entryFile(kind, database, name), entryText(kind, name, entry), mode)
  }

  rename(kind: EntryKind, database: string, from: string, to: string): boolean {
    // The file holds the name, so it is written anew. A crash in between leaves both names, and never none.
    const entry = this.read(kind, database, from)
    if (entry === undefined || !this.write(kind, database, to, entry, 'create')) return false
    return this.remove(kind, database, from)
  }

  remove(kind: EntryKind, database: string, name: string): boolean {
    return this.#files.remove(this.#entryFile(kind, database, name))
  }

  #folder(database: string): string {
    return `${this.#root}/${fileName(database)}`
  }

  #databaseFile(database: string): string {
    return `${this.#folder(database)}/database.json`
  }

  #entryFile(kind: EntryKind, database: string, name: string): string {
    return `${this.#folder(database)}/${folders[kind]}/${fileName(name)}.json`
  }
}

/**
 * Opens the catalog in a folder, which is made with one database where nothing is.
 *
 * @throws {RheoError} `catalog/not-a-catalog` for a folder that holds other things, `catalog/version`.
 */
export function openDirectoryCatalog(catalog: string, path: string, database: string, { textFiles }: BindEnvironment): CatalogStore {
  if (textFiles === undefined) throw refuse(catalog, path, 'this session has no disk')
  if (path.trim() === '') throw refuse(catalog, path, 'the path is empty, wanted is a folder')
  const store = new DirectoryCatalogStore(textFiles, path)
  const markFile = `${path.replace(/\/+$/, '')}/${MARK}`
  const mark = textFiles.read(markFile)
  if (mark === undefined) {
    const found = textFiles.list(path)
    const [first] = found ?? []
    if (first !== undefined)
      throw refuse(catalog, path, `the folder holds "${first.name}" and no "${MARK}", wanted is a catalog or an empty folder`)
    textFiles.write(markFile, `${JSON.stringify({ rheoCatalog: CATALOG_VERSION })}\n`, 'create')
  } else {
    checkMark(catalog, path, mark)
  }
  if (store.database(database) === undefined) store.writeDatabase({ name: database, comment: undefined, options: new Map() }, 'create')
  return store
}

function checkMark(catalog: string, path: string, text: string): void {
  let version: unknown
  try {
    version = (JSON.parse(text) as { rheoCatalog?: unknown }).rheoCatalog
  } catch {
    // Told below.
  }
  if (typeof version !== 'number') throw refuse(catalog, path, `its file "${MARK}" is damaged`)
  if (version > CATALOG_VERSION)
    throw externalError(
      'catalog/version',
      `Cannot open catalog "${catalog}" in "${path}": found version ${version}, wanted is ${CATALOG_VERSION} at most; a newer Rheo made it`,
    )
}

function refuse(catalog: string, path: string, why: string): RheoError {
  return externalError('catalog/not-a-catalog', `Cannot open catalog "${catalog}" in "${path}": ${why}`)
}

/** A name as files may have it: letters, digits, `_` and `-` stand as they are, other bytes as `%2F`. */
function fileName(name: string): string {
  return encodeURIComponent(name.toWellFormed()).replace(
    /[.!~*'()]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  )
}

/** Undefined for a file that this catalog has not made. */
function nameOfFile(file: string): string | undefined {
  try {
    const name = decodeURIComponent(file)
    return fileName(name) === file ? name : undefined
  } catch {
    return undefined
  }
}
