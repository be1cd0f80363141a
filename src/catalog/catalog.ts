import type { Position } from '../base/errors.ts'
import { userError } from '../base/errors.ts'
import { suggestion } from '../base/nearest.ts'
import { assert } from '../base/assert.ts'
import { FunctionCatalog } from './functions.ts'
import type { CatalogObject, ObjectPath } from './table.ts'

export const DEFAULT_CATALOG = 'default_catalog'
export const DEFAULT_DATABASE = 'default_database'

export interface Database {
  readonly name: string
  readonly comment: string | undefined
  readonly options: ReadonlyMap<string, string>
}

export interface Catalog {
  readonly name: string
  readonly comment: string | undefined
  readonly options: ReadonlyMap<string, string>
}

interface StoredDatabase {
  database: Database
  readonly objects: Map<string, CatalogObject>
}

interface StoredCatalog {
  catalog: Catalog
  readonly databases: Map<string, StoredDatabase>
}

/** What CREATE does when the name is taken. */
export type IfExists = 'fail' | 'keep' | 'replace'

/** An object with the path under which it was found. */
export interface FoundObject<T extends CatalogObject = CatalogObject> {
  readonly path: ObjectPath
  readonly object: T
}

/**
 * The catalogs of a session, in memory: catalogs hold databases, databases hold tables and views by name. Names are case-sensitive, as
 * in Flink. A temporary object hides the permanent one of the same path until it is dropped, and may live in a database that does not exist.
 */
export class Catalogs {
  readonly functions = new FunctionCatalog()
  readonly #catalogs = new Map<string, StoredCatalog>()
  readonly #temporary = new Map<string, FoundObject>()
  #currentCatalog = DEFAULT_CATALOG
  #currentDatabase = DEFAULT_DATABASE

  constructor() {
    this.createCatalog({ name: DEFAULT_CATALOG, comment: undefined, options: new Map() }, DEFAULT_DATABASE)
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

  createCatalog(catalog: Catalog, defaultDatabase: string, position?: Position): void {
    if (this.#catalogs.has(catalog.name)) {
      throw userError('sql/duplicate-catalog', `Cannot create catalog "${catalog.name}": it exists already; use IF NOT EXISTS`, position)
    }
    const databases = new Map([[defaultDatabase, newDatabase({ name: defaultDatabase, comment: undefined, options: new Map() })]])
    this.#catalogs.set(catalog.name, { catalog, databases })
  }

  alterCatalog(catalog: Catalog, position?: Position): void {
    this.#catalog(catalog.name, position).catalog = catalog
  }

  dropCatalog(name: string, position?: Position): void {
    this.#catalog(name, position)
    if (name === this.#currentCatalog) {
      throw userError('sql/catalog-in-use', `Cannot drop catalog "${name}": it is the current one; use another first`, position)
    }
    this.functions.dropIn(name, undefined)
    this.#catalogs.delete(name)
  }

  useCatalog(name: string, position?: Position): void {
    const { databases, catalog } = this.#catalog(name, position)
    const first = catalog.options.get('default-database') ?? (databases.has('default') ? 'default' : databases.keys().next().value)
    this.#currentCatalog = name
    this.#currentDatabase = name === DEFAULT_CATALOG ? DEFAULT_DATABASE : (first ?? DEFAULT_DATABASE)
  }

  // --- databases ---

  databaseNames(catalog: string = this.#currentCatalog, position?: Position): readonly string[] {
    return sorted(this.#catalog(catalog, position).databases.keys())
  }

  hasDatabase(catalog: string, name: string): boolean {
    return this.#catalogs.get(catalog)?.databases.has(name) ?? false
  }

  database(catalog: string, name: string, position?: Position): Database {
    return this.#database(catalog, name, position).database
  }

  createDatabase(catalog: string, database: Database, position?: Position): void {
    const { databases } = this.#catalog(catalog, position)
    if (databases.has(database.name)) {
      throw userError(
        'sql/duplicate-database',
        `Cannot create database "${database.name}": catalog "${catalog}" has it already; use IF NOT EXISTS`,
        position,
      )
    }
    databases.set(database.name, newDatabase(database))
  }

  alterDatabase(catalog: string, database: Database, position?: Position): void {
    this.#database(catalog, database.name, position).database = database
  }

  /** Drops a database; one that still has tables only with `cascade`. */
  dropDatabase(catalog: string, name: string, mode: 'restrict' | 'cascade', position?: Position): void {
    const { objects } = this.#database(catalog, name, position)
    if (catalog === this.#currentCatalog && name === this.#currentDatabase) {
      throw userError('sql/database-in-use', `Cannot drop database "${name}": it is the current one; use another first`, position)
    }
    if (mode === 'restrict' && objects.size > 0) {
      throw userError(
        'sql/database-not-empty',
        `Cannot drop database "${name}": it has ${objects.size} table(s) or view(s); drop them first or add CASCADE`,
        position,
      )
    }
    const functions = this.functions.countIn(catalog, name)
    if (mode === 'restrict' && functions > 0) {
      throw userError(
        'sql/database-not-empty',
        `Cannot drop database "${name}": it has ${functions} function(s); drop them first or add CASCADE`,
        position,
      )
    }
    this.functions.dropIn(catalog, name)
    this.#catalog(catalog).databases.delete(name)
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
    return this.#catalogs.get(path.catalog)?.databases.get(path.database)?.objects.get(path.name)
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
    const existing = object.isTemporary ? this.findTemporary(path) : this.findPermanent(path)
    if (existing !== undefined) {
      if (ifExists === 'keep') return 'kept'
      if (ifExists === 'fail') throw duplicateTable(path, existing, object, position)
    }
    if (object.isTemporary) this.#temporary.set(pathKey(path), { path, object })
    else this.#database(path.catalog, path.database, position).objects.set(path.name, object)
    return 'created'
  }

  /** Puts a changed definition where the old one is. */
  replace(path: ObjectPath, object: CatalogObject): void {
    this.create(path, object, 'replace')
  }

  drop(path: ObjectPath, lifetime: 'temporary' | 'permanent'): void {
    if (lifetime === 'temporary') this.#temporary.delete(pathKey(path))
    else this.#catalogs.get(path.catalog)?.databases.get(path.database)?.objects.delete(path.name)
  }

  /** Tables and views of a database, temporary ones included, by name in code units. */
  objects(catalog: string = this.#currentCatalog, database: string = this.#currentDatabase): readonly FoundObject[] {
    const found = new Map<string, FoundObject>()
    for (const [name, object] of this.#catalogs.get(catalog)?.databases.get(database)?.objects ?? []) {
      found.set(name, { path: { catalog, database, name }, object })
    }
    for (const entry of this.#temporary.values()) {
      if (entry.path.catalog === catalog && entry.path.database === database) found.set(entry.path.name, entry)
    }
    return sorted(found.keys()).map((name) => found.get(name)!)
  }

  objectNames(catalog?: string, database?: string): readonly string[] {
    return this.objects(catalog, database).map(({ path }) => path.name)
  }

  #current(): { catalog: string; database: string } {
    return { catalog: this.#currentCatalog, database: this.#currentDatabase }
  }

  #catalog(name: string, position?: Position): StoredCatalog {
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

  #database(catalog: string, name: string, position?: Position): StoredDatabase {
    const { databases } = this.#catalog(catalog, position)
    const found = databases.get(name)
    if (found === undefined) {
      throw userError(
        'sql/unknown-database',
        `Cannot use database "${name}": catalog "${catalog}" has none of that name${suggestion(name, databases.keys())}`,
        position,
      )
    }
    return found
  }
}

function newDatabase(database: Database): StoredDatabase {
  return { database, objects: new Map() }
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
