import { type Position, type RheoError, userError } from '../base/errors.ts'
import { suggestion } from '../base/nearest.ts'
import { type CatalogStore, MemoryCatalogStore } from '../catalog/catalog-store.ts'
import type { OptionDefinition } from '../catalog/option.ts'
import { checkOptions } from '../catalog/options.ts'
import type { BindEnvironment } from './bound-statement.ts'
import { openDirectoryCatalog } from './directory-catalog.ts'

/** A kind of catalog that CREATE CATALOG makes. */
export interface CatalogType {
  readonly name: string
  readonly doc: string
  readonly options: readonly OptionDefinition[]
  /** Its store, which has the default database. */
  readonly open: (catalog: string, options: ReadonlyMap<string, string>, env: BindEnvironment) => CatalogStore
}

const defaultDatabase: OptionDefinition = {
  key: 'default-database',
  type: 'string',
  default: 'default',
  doc: 'Database that is the current one after USE CATALOG',
}

export const catalogTypes: readonly CatalogType[] = [
  {
    name: 'generic_in_memory',
    doc: 'Ends with its session',
    options: [defaultDatabase],
    open(_catalog, options) {
      const store = new MemoryCatalogStore()
      store.writeDatabase({ name: databaseOf(options), comment: undefined, options: new Map() }, 'create')
      return store
    },
  },
  {
    name: 'directory',
    doc: 'Lasts in a folder, a file for each table, view and function; sessions may share it',
    options: [{ key: 'path', type: 'string', isRequired: true, doc: 'The folder; made where it is not there yet' }, defaultDatabase],
    open: (catalog, options, env) => openDirectoryCatalog(catalog, options.get('path') ?? '', databaseOf(options), env),
  },
]

/** The database of a catalog that is the current one after USE CATALOG. */
export function databaseOf(options: ReadonlyMap<string, string>): string {
  return options.get('default-database') ?? 'default'
}

/**
 * The type that the options of a catalog name, once they are known to be right.
 *
 * @throws {RheoError} `sql/missing-option`, `sql/unknown-catalog-type`, `sql/unknown-option`.
 */
export function catalogTypeOf(catalog: string, options: ReadonlyMap<string, string>, at: Position): CatalogType {
  const name = options.get('type')
  const names = catalogTypes.map((type) => type.name)
  const list = names.map((each) => `"${each}"`).join(', ')
  if (name === undefined) throw refuse('sql/missing-option', catalog, `it needs the option "type"; there are ${list}`, at)
  const type = catalogTypes.find((each) => each.name === name)
  if (type === undefined) {
    const near = suggestion(name, names)
    throw refuse('sql/unknown-catalog-type', catalog, `there is no type "${name}"${near === '' ? `; there are ${list}` : near}`, at)
  }
  const own = new Map([...options].filter(([key]) => key !== 'type' && key !== 'property-version'))
  checkOptions(own, type.options, { name: `a catalog of type "${name}"`, position: at })
  return type
}

function refuse(code: string, catalog: string, why: string, at: Position): RheoError {
  return userError(code, `Cannot make catalog "${catalog}": ${why}`, at)
}
