import type { Position } from '../base/errors.ts'
import { userError } from '../base/errors.ts'
import { suggestion } from '../base/nearest.ts'
import { assert } from '../base/assert.ts'
import { type CatalogStore, type Database, MemoryCatalogStore, type WriteMode } from './catalog-store.ts'
import { FunctionCatalog } from './functions.ts'
import { SessionModules } from './modules.ts'
import type { CatalogObject, ObjectPath } from './table.ts'

export const DEFAULT_CATALOG = 'default_catalog'
export const DEFAULT_DATABASE = 'default_database'

export interface Catalog {
  readonly name: string
  readonly comment: string | undefined
  readonly options: ReadonlyMap<string, string>
}

interface AttachedCatalog {
  catalog: Catalog
  readonly store: CatalogStore
}

/** What CREATE does when the name is taken. */
export type IfExists = 'fail' | 'keep' | 'replace'

/** An object with the path under which it was found. */
export interface FoundObject<T extends CatalogObject = CatalogObject> {
  readonly path: ObjectPath
  readonly object: T
}

/**
 * The catalogs of a session: catalogs hold databases, databases hold tables and views by name, in the store of the catalog. Names are case-sensitive, as
 * in Flink. A temporary object belongs to the session, hides the permanent one of the same path until it is dropped, and may live in a database that does not exist.
 */
export class Catalogs {
  readonly modules = new SessionModules()
  readonly functions = new FunctionCatalog((catalog) => this.#catalogs.get(catalog)?.store)
  readonly #catalogs = new Map<string, AttachedCatalog>()
  readonly #temporary = new Map<string, FoundObject>()
  #currentCatalog = DEFAULT_CATALOG
  #currentDatabase = DEFAULT_DATABASE

  constructor() {
    const store = new MemoryCatalogStore()
    store.writeDatabase({ name: DEFAULT_DATABASE, comment: undefined, options: new Map() }, 'create')
    this.attachCatalog({ name: DEFAULT_CATALOG, comment: undefined, options: new Map() }, store)
  }

  get currentCatalog(): string {
    return this.#currentCatalog
  }

  get currentDatabase(): string {
    return this.#currentDatabase
  }

  // --- catalogs ---

  catalogNames(): readonly string[] {
    return sorted(this.#catalogs.keys())
  }

  catalog(name: string, position?: Position): Catalog {
    return this.#catalog(name, position).catalog
  }

  hasCatalog(name: string): boolean {
    return this.#catalogs.has(name)
  }

  /** Refuses the name of a catalog that is there. */
  checkNewCatalog(name: string, position?: Position): void {
    if (this.#catalogs.has(name))
      throw userError('sql/duplicate-catalog', `Cannot create catalog "${name}": it exists already; use IF NOT EXISTS`, position)
  }

  attachCatalog(catalog: Catalog, store: CatalogStore, position?: Position): void {
    this.checkNewCatalog(catalog.name, position)
    this.#catalogs.set(catalog.name, { catalog, store })
  }

  alterCatalog(catalog: Catalog, position?: Position): void {
    this.#catalog(catalog.name, position).catalog = catalog
  }

  /** Forgets a catalog; what lasts in its store stays there. */
  dropCatalog(name: string, position?: Position): void {
    this.#catalog(name, position)
    if (name === this.#currentCatalog) {
      throw userError('sql/catalog-in-use', `Cannot drop catalog "${name}": it is the current one; use another first`, position)
    }
    this.#catalogs.delete(name)
  }

  useCatalog(name: string, position?: Position): void {
    const { catalog } = this.#catalog(name, position)
    this.#currentCatalog = name
    this.#currentDatabase = name === DEFAULT_CATALOG ? DEFAULT_DATABASE : (catalog.options.get('default-database') ?? 'default')
  }

  // --- databases ---

  databaseNames(catalog: string = this.#currentCatalog, position?: Position): readonly string[] {
    return sorted(this.#catalog(catalog, position).store.databaseNames())
  }

  hasDatabase(catalog: string, name: string): boolean {
    return this.#catalogs.get(catalog)?.store.database(name) !== undefined
  }

  database(catalog: string, name: string, position?: Position): Database {
    return this.#database(catalog, name, position)
  }

  createDatabase(catalog: string, database: Database, position?: Position): void {
    if (this.#catalog(catalog, position).store.writeDatabase(database, 'create')) return
    throw userError(
      'sql/duplicate-database',
      `Cannot create database "${database.name}": catalog "${catalog}" has it already; use IF NOT EXISTS`,
      position,
    )
  }

  alterDatabase(catalog: string, database: Database, position?: Position): void {
    this.#database(catalog, database.name, position)
    this.#catalog(catalog).store.writeDatabase(database, 'replace')
  }

  /** Drops a database; one that still has tables, views or functions only with `cascade`. */
  dropDatabase(catalog: string, name: string, mode: 'restrict' | 'cascade', position?: Position): void {
    this.#database(catalog, name, position)
    const { store } = this.#catalog(catalog)
    if (catalog === this.#currentCatalog && name === this.#currentDatabase) {
      throw userError('sql/database-in-use', `Cannot drop database "${name}": it is the current one; use another first`, position)
    }
    const kinds = [['object', 'table(s) or view(s)'] as const, ['function', 'function(s)'] as const]
    for (const [kind, words] of mode === 'restrict' ? kinds : []) {
      const count = store.names(kind, name).length
      if (count === 0) continue
      throw userError(
        'sql/database-not-empty',
        `Cannot drop database "${name}": it has ${count} ${words}; drop them first or add CASCADE`,
        position,
      )
    }
    store.dropDatabase(name)
  }

  useDatabase(catalog: string, name: string, position?: Position): void {
    this.#database(catalog, name, position)
    this.#currentCatalog = catalog
    this.#currentDatabase = name
  }

  // --- tables and views ---

  /** Completes a name of one to three parts with the current database and catalog. Checks nothing. */
  path(parts: readonly string[], within: { readonly catalog: string; readonly database: string } = this.#current()): ObjectPath {
    assert(parts.length >= 1 && parts.length <= 3, 'a name has one to three parts')
    const name = parts.at(-1)!
    const database = parts.at(-2) ?? within.database
    const catalog = parts.at(-3) ?? within.catalog
    return { catalog, database, name }
  }

  /** The object at a path, a temporary one first. */
  find(path: ObjectPath): CatalogObject | undefined {
    return this.#temporary.get(pathKey(path))?.object ?? this.findPermanent(path)
  }

  findTemporary(path: ObjectPath): CatalogObject | undefined {
    return this.#temporary.get(pathKey(path))?.object
  }

  findPermanent(path: ObjectPath): CatalogObject | undefined {
    return this.#catalogs.get(path.catalog)?.store.read('object', path.database, path.name)
  }

  /** The object at a path, or an error that says which part of the path is unknown and what was meant. */
  get(path: ObjectPath, position?: Position, verb = 'read'): CatalogObject {
    const found = this.find(path)
    if (found !== undefined) return found
    this.#database(path.catalog, path.database, position)
    throw this.unknownTable(path, verb, position)
  }

  /** The error for a table or view that is not there. */
  unknownTable(path: ObjectPath, verb: string, position?: Position): Error {
    const names = this.objectNames(path.catalog, path.database)
    const near = suggestion(path.name, names)
    const others =
      names.length === 0 ? '; there is none at all' : near === '' && names.length <= 10 ? `; there are ${quoteList(names)}` : ''
    return userError(
      'sql/unknown-table',
      `Cannot ${verb} "${path.name}": no table or view of that name in ${path.catalog}.${path.database}${near}${others}`,
      position,
    )
  }

  create(path: ObjectPath, object: CatalogObject, ifExists: IfExists, position?: Position): 'created' | 'kept' {
    const mode = ifExists === 'replace' ? 'replace' : 'create'
    if (this.#write(path, object, mode, position)) return 'created'
    if (ifExists === 'keep') return 'kept'
    throw duplicateTable(path, (object.isTemporary ? this.findTemporary(path) : this.findPermanent(path)) ?? object, object, position)
  }

  #write(path: ObjectPath, object: CatalogObject, mode: WriteMode, position?: Position): boolean {
    if (object.isTemporary) {
      if (mode === 'create' && this.#temporary.has(pathKey(path))) return false
      this.#temporary.set(pathKey(path), { path, object })
      return true
    }
    this.#database(path.catalog, path.database, position)
    return this.#catalog(path.catalog).store.write('object', path.database, path.name, object, mode)
  }

  /** Puts a changed definition where the old one is. */
  replace(path: ObjectPath, object: CatalogObject): void {
    this.create(path, object, 'replace')
  }

  /** Gives an object another name in its database. */
  rename(path: ObjectPath, object: CatalogObject, to: string, position?: Position): void {
    const target = { ...path, name: to }
    if (object.isTemporary) {
      this.create(target, object, 'fail', position)
      this.#temporary.delete(pathKey(path))
    } else if (!this.#catalog(path.catalog).store.rename('object', path.database, path.name, to)) {
      throw duplicateTable(target, this.findPermanent(target) ?? object, object, position)
    }
  }

  drop(path: ObjectPath, lifetime: 'temporary' | 'permanent'): void {
    if (lifetime === 'temporary') this.#temporary.delete(pathKey(path))
    else this.#catalogs.get(path.catalog)?.store.remove('object', path.database, path.name)
  }

  /** Tables and views of a database, temporary ones included, by name in code units. */
  objects(catalog: string = this.#currentCatalog, database: string = this.#currentDatabase): readonly FoundObject[] {
    return this.objectNames(catalog, database).flatMap((name) => {
      const path = { catalog, database, name }
      const object = this.find(path)
      return object === undefined ? [] : [{ path, object }]
    })
  }

  /** Their names alone, for which nothing has to be read. */
  objectNames(catalog: string = this.#currentCatalog, database: string = this.#currentDatabase): readonly string[] {
    const names = new Set(this.#catalogs.get(catalog)?.store.names('object', database))
    for (const { path } of this.#temporary.values()) if (path.catalog === catalog && path.database === database) names.add(path.name)
    return sorted(names)
  }

  #current(): { catalog: string; database: string } {
    return { catalog: this.#currentCatalog, database: this.#currentDatabase }
  }

  #catalog(name: string, position?: Position): AttachedCatalog {
    const found = this.#catalogs.get(name)
    if (found === undefined) {
      throw userError(
        'sql/unknown-catalog',
        `Cannot use catalog "${name}": there is none of that name${suggestion(name, this.#catalogs.keys())}`,
        position,
      )
    }
    return found
  }

  #database(catalog: string, name: string, position?: Position): Database {
    const { store } = this.#catalog(catalog, position)
    const found = store.database(name)
    if (found === undefined) {
      throw userError(
        'sql/unknown-database',
        `Cannot use database "${name}": catalog "${catalog}" has none of that name${suggestion(name, store.databaseNames())}`,
        position,
      )
    }
    return found
  }
}

function duplicateTable(path: ObjectPath, existing: CatalogObject, object: CatalogObject, position?: Position): Error {
  const line = existing.place?.position
  const where = line === undefined ? '' : `, created at ${line.line}:${line.column}`
  return userError(
    'sql/duplicate-table',
    `Cannot create ${object.kind} "${path.name}": a ${existing.kind} of that name is in ${path.catalog}.${path.database}${where}; use IF NOT EXISTS or another name`,
    position,
  )
}

/** One text a path, for maps. */
export function pathKey(path: ObjectPath): string {
  return [path.catalog, path.database, path.name].map((part) => part.replaceAll('`', '``')).join('`')
}

/** A table's name for messages: without the catalog and database that every session begins with. */
export function shortPath(path: ObjectPath): string {
  return path.catalog === 'default_catalog' && path.database === 'default_database' ? path.name : formatPath(path)
}

/** `catalog.database.name`. */
export function formatPath(path: ObjectPath): string {
  return `${path.catalog}.${path.database}.${path.name}`
}

function sorted(names: Iterable<string>): readonly string[] {
  return [...names].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
}

function quoteList(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ')
}
