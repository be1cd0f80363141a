import type { CatalogFunction } from './catalog-function.ts'
import type { CatalogObject } from './table.ts'

export interface Database {
  readonly name: string
  readonly comment: string | undefined
  readonly options: ReadonlyMap<string, string>
}

/** What a database holds by name: tables and views share their names, functions have their own. */
export interface CatalogEntries {
  readonly object: CatalogObject
  readonly function: CatalogFunction
}

export type EntryKind = keyof CatalogEntries

/** `create` gives false where the name is taken, `replace` does not ask. */
export type WriteMode = 'create' | 'replace'

/** Where a catalog keeps what lasts: databases, and in each tables, views and functions. Whoever calls has checked that the database is there. */
export interface CatalogStore {
  databaseNames(): readonly string[]
  database(name: string): Database | undefined
  writeDatabase(database: Database, mode: WriteMode): boolean
  /** With all that is in it. */
  dropDatabase(name: string): void
  names(kind: EntryKind, database: string): readonly string[]
  read<K extends EntryKind>(kind: K, database: string, name: string): CatalogEntries[K] | undefined
  write<K extends EntryKind>(kind: K, database: string, name: string, entry: CatalogEntries[K], mode: WriteMode): boolean
  /** False where the new name is taken. */
  rename(kind: EntryKind, database: string, from: string, to: string): boolean
  /** False where there is none. */
  remove(kind: EntryKind, database: string, name: string): boolean
}

interface StoredDatabase {
  database: Database
  readonly object: Map<string, CatalogObject>
  readonly function: Map<string, CatalogFunction>
}

/** A catalog that ends with its session. */
export class MemoryCatalogStore implements CatalogStore {
  readonly #databases = new Map<string, StoredDatabase>()

  databaseNames(): readonly string[] {
    return [...this.#databases.keys()]
  }

  database(name: string): Database | undefined {
    return this.#databases.get(name)?.database
  }

  writeDatabase(database: Database, mode: WriteMode): boolean {
    const stored = this.#databases.get(database.name)
    if (stored === undefined) this.#databases.set(database.name, { database, object: new Map(), function: new Map() })
    else if (mode === 'create') return false
    else stored.database = database
    return true
  }

  dropDatabase(name: string): void {
    this.#databases.delete(name)
  }

  names(kind: EntryKind, database: string): readonly string[] {
    return [...(this.#databases.get(database)?.[kind].keys() ?? [])]
  }

  read<K extends EntryKind>(kind: K, database: string, name: string): CatalogEntries[K] | undefined {
    return this.#entries(kind, database)?.get(name)
  }

  write<K extends EntryKind>(kind: K, database: string, name: string, entry: CatalogEntries[K], mode: WriteMode): boolean {
    const entries = this.#entries(kind, database)
    if (entries === undefined || (mode === 'create' && entries.has(name))) return false
    entries.set(name, entry)
    return true
  }

  rename(kind: EntryKind, database: string, from: string, to: string): boolean {
    const entry = this.read(kind, database, from)
    if (entry === undefined || !this.write(kind, database, to, entry, 'create')) return false
    return this.remove(kind, database, from)
  }

  remove(kind: EntryKind, database: string, name: string): boolean {
    return this.#entries(kind, database)?.delete(name) ?? false
  }

  #entries<K extends EntryKind>(kind: K, database: string): Map<string, CatalogEntries[K]> | undefined {
    return this.#databases.get(database)?.[kind] as Map<string, CatalogEntries[K]> | undefined
  }
}
