import { type Position, userError } from '../base/errors.ts'
import type { Schema } from '../catalog/schema.ts'
import type { View } from '../catalog/table.ts'
import { permanentObject, renameObject } from './bind-alter.ts'
import { ifExistsMode } from './bind-create.ts'
import { type BindContext, pathOf } from './binder.ts'
import type { AlterView, CreateView } from './syntax-definition.ts'
import type { Query } from './syntax-query.ts'

/** What a view keeps of its query. */
export interface ViewQuery {
  readonly schema: Schema
  /** The text that is bound where the view is used: with every name written out, where that means the same. */
  readonly query: string
  /** What SHOW CREATE VIEW prints, where that is another text. */
  readonly shownQuery?: string
}

/** Binds a query for a view, with every mistake in it told. */
export type BindViewQuery = (query: Query, context: BindContext) => ViewQuery

export function createView(statement: CreateView, context: BindContext, bindViewQuery: BindViewQuery): void {
  const path = pathOf(statement.name, context)
  const bound = bindViewQuery(statement.query, context)
  const { schema } = bound
  if (statement.columns.length > 0 && statement.columns.length !== schema.length) {
    throw userError(
      'sql/column-count',
      `Cannot name ${statement.columns.length} columns of the view: its query has ${schema.length}`,
      statement.columns[0]?.at,
    )
  }
  const columns = schema.map((field, i) => {
    const named = statement.columns[i]
    const column = { ...field, name: named?.name.name ?? field.name }
    return named?.comment === undefined ? column : { ...column, comment: named.comment.value }
  })
  checkNames(columns, (i) => statement.columns[i]?.at ?? statement.query.at)
  const view: View = {
    kind: 'view',
    ...keptQuery(bound),
    ...(statement.columns.length > 0 ? { columnNames: columns.map(({ name }) => name) } : {}),
    columns,
    catalog: context.within.catalog,
    database: context.within.database,
    ...(statement.comment === undefined ? {} : { comment: statement.comment.value }),
    isTemporary: statement.temporary,
    place: { position: statement.name.at, source: context.env.source },
  }
  context.env.catalogs.create(path, view, ifExistsMode(statement.replace, statement.ifNotExists), statement.name.at)
}

export function alterView(statement: AlterView, context: BindContext, bindViewQuery: BindViewQuery): void {
  const { catalogs } = context.env
  const path = pathOf(statement.name, context)
  const view = permanentObject(path, 'view', statement.name.at, context)
  const { action } = statement
  if (action.kind === 'rename') {
    renameObject(path, view, action.to, context)
    return
  }
  const bound = bindViewQuery(action.query, context)
  checkNames(bound.schema, () => action.query.at)
  const { columnNames: _names, shownQuery: _shown, ...rest } = view
  const { catalog, database } = context.within
  catalogs.replace(path, { ...rest, ...keptQuery(bound), columns: bound.schema, catalog, database })
}

function keptQuery({ query, shownQuery }: ViewQuery): Pick<View, 'query' | 'shownQuery'> {
  return shownQuery === undefined ? { query } : { query, shownQuery }
}

function checkNames(columns: Schema, place: (column: number) => Position): void {
  for (const [i, { name }] of columns.entries()) {
    if (columns.findIndex((other) => other.name === name) === i) continue
    throw userError('sql/duplicate-column', `Cannot create the view: its column "${name}" is there twice; give one an alias`, place(i))
  }
}
