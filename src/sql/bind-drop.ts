import { userError } from '../base/errors.ts'
import { databasePath } from './bind-catalog.ts'
import { dropFunction } from './bind-function.ts'
import { type BindContext, nameText, pathOf } from './binder.ts'
import type { Drop } from './syntax-statement.ts'

/** DROP of tables, views, databases and catalogs. */
export function dropObject(statement: Drop, context: BindContext): void {
  switch (statement.object) {
    case 'TABLE':
    case 'VIEW':
      dropTableOrView(statement, statement.object, context)
      return
    case 'DATABASE':
      dropDatabase(statement, context)
      return
    case 'CATALOG': {
      const name = nameText(statement.name)
      if (statement.ifExists && !context.env.catalogs.hasCatalog(name)) return
      context.env.catalogs.dropCatalog(name, statement.name.at)
      return
    }
    case 'FUNCTION':
      dropFunction(statement, context)
      return
    case 'MATERIALIZED TABLE':
    case 'MODEL':
    case 'CONNECTION':
      if (statement.ifExists) return
      throw userError(
        `sql/unknown-${statement.object.toLowerCase().replace(' ', '-')}`,
        `Cannot drop ${statement.object.toLowerCase()} "${nameText(statement.name)}": there is none of that name`,
        statement.name.at,
      )
  }
}

function dropTableOrView(statement: Drop, wanted: 'TABLE' | 'VIEW', context: BindContext): void {
  const { catalogs } = context.env
  const { at } = statement.name
  const path = pathOf(statement.name, context)
  const temporary = catalogs.findTemporary(path)
  const kind = wanted === 'TABLE' ? 'table' : 'view'
  const permanent = catalogs.findPermanent(path)
  // One of the other kind hides nothing from DROP.
  const found = statement.temporary
    ? temporary
    : temporary?.kind !== kind && permanent?.kind === kind
      ? permanent
      : (temporary ?? permanent)
  if (found === undefined) {
    if (statement.ifExists) return
    const error = catalogs.unknownTable(path, `drop ${kind}`, at)
    throw userError(`sql/unknown-${kind}`, `${error.message}; DROP ${wanted} IF EXISTS does nothing then`, at)
  }
  if (found.kind !== kind) {
    if (statement.ifExists) return
    throw userError(
      `sql/not-a-${kind}`,
      `Cannot drop ${kind} "${path.name}": it is a ${found.kind}; use DROP ${found.kind.toUpperCase()}`,
      at,
    )
  }
  if (!statement.temporary && found === temporary) {
    const both = permanent === undefined ? '' : ', which hides a permanent one'
    throw userError('sql/temporary-object', `Cannot drop ${kind} "${path.name}": it is temporary${both}; use DROP TEMPORARY ${wanted}`, at)
  }
  catalogs.drop(path, statement.temporary ? 'temporary' : 'permanent')
}

function dropDatabase(statement: Drop, { env }: BindContext): void {
  const { catalog, name } = databasePath(
    statement.name.parts.map((part) => part.name),
    env.catalogs.currentCatalog,
  )
  if (statement.ifExists && !env.catalogs.hasDatabase(catalog, name)) return
  env.catalogs.dropDatabase(catalog, name, statement.behavior === 'CASCADE' ? 'cascade' : 'restrict', statement.name.at)
}
