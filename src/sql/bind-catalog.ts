import { userError } from '../base/errors.ts'
import { databaseOf, catalogTypeOf } from './catalog-types.ts'
import type { BindContext } from './binder.ts'
import type { AlterCatalog, AlterDatabase, CreateCatalog, CreateDatabase, OptionsAction } from './syntax-definition.ts'
import { bindOptions } from './table-definition.ts'

/** CREATE CATALOG: opens its store, which is made where it is not there yet. */
export function createCatalog(statement: CreateCatalog, { env }: BindContext): void {
  const { name, at } = statement.name
  const options = bindOptions(statement.options)
  const type = catalogTypeOf(name, options, at)
  if (statement.ifNotExists && env.catalogs.hasCatalog(name)) return
  env.catalogs.checkNewCatalog(name, at)
  env.catalogs.attachCatalog({ name, comment: statement.comment?.value, options }, type.open(name, options, env), at)
}

/** ALTER CATALOG: options that say what the catalog is stay as they are. */
export function alterCatalog(statement: AlterCatalog, { env }: BindContext): void {
  const { name, at } = statement.name
  const catalog = env.catalogs.catalog(name, at)
  const { action } = statement
  const changed = changedOptions(catalog, action)
  for (const key of ['type', 'path']) {
    const isNamed =
      (action.kind === 'set-options' && action.options.some((option) => option.key.value === key)) ||
      (action.kind === 'reset-options' && action.keys.some(({ value }) => value === key))
    if (isNamed)
      throw userError(
        'sql/catalog-option',
        `Cannot change "${key}" of catalog "${name}": make a new catalog with CREATE CATALOG`,
        action.at,
      )
  }
  catalogTypeOf(name, changed.options, action.at)
  if (databaseOf(changed.options) !== databaseOf(catalog.options) && !env.catalogs.hasDatabase(name, databaseOf(changed.options)))
    env.catalogs.createDatabase(name, { name: databaseOf(changed.options), comment: undefined, options: new Map() }, action.at)
  env.catalogs.alterCatalog(changed, at)
}

export function createDatabase(statement: CreateDatabase, { env }: BindContext): void {
  const { catalog, name } = databasePath(
    statement.name.parts.map((part) => part.name),
    env.catalogs.currentCatalog,
  )
  if (statement.ifNotExists && env.catalogs.hasDatabase(catalog, name)) return
  env.catalogs.createDatabase(
    catalog,
    { name, comment: statement.comment?.value, options: bindOptions(statement.options) },
    statement.name.at,
  )
}

export function alterDatabase(statement: AlterDatabase, { env }: BindContext): void {
  const { catalog, name } = databasePath(
    statement.name.parts.map((part) => part.name),
    env.catalogs.currentCatalog,
  )
  const database = env.catalogs.database(catalog, name, statement.name.at)
  env.catalogs.alterDatabase(catalog, changedOptions(database, statement.action), statement.name.at)
}

/** `catalog.database` or `database`. */
export function databasePath(parts: readonly string[], currentCatalog: string): { readonly catalog: string; readonly name: string } {
  const name = parts.at(-1) ?? ''
  return { catalog: parts.at(-2) ?? currentCatalog, name }
}

interface Described {
  readonly name: string
  readonly comment: string | undefined
  readonly options: ReadonlyMap<string, string>
}

function changedOptions<T extends Described>(object: T, action: OptionsAction): T {
  switch (action.kind) {
    case 'set-options':
      return { ...object, options: new Map([...object.options, ...bindOptions(action.options)]) }
    case 'reset-options': {
      const options = new Map(object.options)
      if (action.keys.length === 0) throw userError('sql/reset-options', 'Cannot reset options: none is named', action.at)
      for (const { value } of action.keys) options.delete(value)
      return { ...object, options }
    }
    case 'comment':
      return { ...object, comment: action.comment.value }
    case 'rename':
      throw userError('sql/rename', `Cannot rename "${object.name}": only tables and views are renamed`, action.at)
  }
}
