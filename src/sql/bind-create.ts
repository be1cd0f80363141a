import { userError } from '../base/errors.ts'
import type { IfExists } from '../catalog/catalog.ts'
import type { Schema } from '../catalog/schema.ts'
import type { ObjectPath, Table, TableColumn, View } from '../catalog/table.ts'
import { withNullability } from '../data/types.ts'
import { type BindContext, pathOf } from './binder.ts'
import type { CreateCatalog, CreateDatabase, CreateTable, CreateView } from './syntax-definition.ts'
import {
  bindColumns,
  bindConstraints,
  bindDistribution,
  bindOptions,
  bindPartitions,
  bindWatermark,
  findColumn,
} from './table-definition.ts'
import { type Inherited, inherit } from './table-like.ts'
import { unparseQuery } from './unparse.ts'

/**
 * CREATE TABLE, with LIKE, and the table of CREATE TABLE AS, for which `querySchema` are the columns of its query. Returns whether it was created,
 * which it is not with IF NOT EXISTS when it is there.
 */
export function createTable(
  statement: CreateTable,
  context: BindContext,
  querySchema?: Schema,
): { readonly path: ObjectPath; readonly table: Table; readonly isCreated: boolean } {
  const { catalogs } = context.env
  const path = pathOf(statement.name, context)
  const table = tableOf(statement, context, querySchema)
  if (statement.mode === 'replace' && catalogs.find(path) === undefined) throw catalogs.unknownTable(path, 'replace', statement.name.at)
  const created = catalogs.create(path, table, ifExists(statement.mode !== 'create', statement.ifNotExists), statement.name.at)
  return { path, table, isCreated: created === 'created' }
}

function ifExists(replaces: boolean, ifNotExists: boolean): IfExists {
  return replaces ? 'replace' : ifNotExists ? 'keep' : 'fail'
}

function tableOf(statement: CreateTable, context: BindContext, querySchema: Schema | undefined): Table {
  const inherited = statement.like === undefined ? nothing : inherit(baseTable(statement, context), statement.like, statement)
  const own = bindColumns(statement.columns, inherited.columns, context)
  const merged = mergeColumns([...inherited.columns], own)
  const withQuery = querySchema === undefined ? merged : queryColumns(merged, querySchema, statement)
  const constraints = [
    ...statement.columns.flatMap((column) =>
      column.kind === 'physical-column' && column.constraint !== undefined ? [column.constraint] : [],
    ),
    ...statement.constraints,
  ]
  const { columns, primaryKey } = bindConstraints(constraints, withQuery)
  const watermark = statement.watermark === undefined ? inherited.watermark : bindWatermark(statement.watermark, columns, context)
  const key = primaryKey ?? inherited.primaryKey
  const distribution = statement.distribution === undefined ? inherited.distribution : bindDistribution(statement.distribution, columns)
  return {
    kind: 'table',
    columns,
    ...(watermark === undefined ? {} : { watermark }),
    ...(key === undefined ? {} : { primaryKey: key }),
    partitionedBy: statement.partitionedBy.length > 0 ? bindPartitions(statement.partitionedBy, columns) : inherited.partitionedBy,
    ...(distribution === undefined ? {} : { distribution }),
    options: new Map([...inherited.options, ...bindOptions(statement.options)]),
    ...(statement.comment === undefined ? {} : { comment: statement.comment.value }),
    isTemporary: statement.temporary,
    place: { position: statement.name.at, source: context.env.source },
    optionPlaces: new Map(statement.options.map(({ key, at }) => [key.value, { position: at, source: context.env.source }])),
  }
}

const nothing: Inherited = {
  columns: [],
  watermark: undefined,
  primaryKey: undefined,
  partitionedBy: [],
  distribution: undefined,
  options: new Map(),
}

function baseTable(statement: CreateTable, context: BindContext): Table {
  const name = statement.like?.source ?? statement.name
  const base = context.env.catalogs.get(pathOf(name, context), name.at)
  if (base.kind === 'view') throw userError('sql/like-view', 'Cannot make a table LIKE a view: a table was wanted', name.at)
  return base
}

/** Own columns stand behind inherited ones; one of the same name takes the inherited one's place. */
function mergeColumns(columns: TableColumn[], own: readonly TableColumn[]): readonly TableColumn[] {
  for (const column of own) {
    const at = columns.findIndex((each) => each.name === column.name)
    if (at < 0) columns.push(column)
    else columns[at] = column
  }
  return columns
}

/**
 * The columns of CREATE TABLE AS: declared ones first, then those of the query. A declared column with the name of one of the query gives its type
 * and keeps the query's place. A list of names only puts the query's columns in that order.
 */
function queryColumns(declared: readonly TableColumn[], querySchema: Schema, statement: CreateTable): readonly TableColumn[] {
  const ofQuery = querySchema.map(({ name, type }): TableColumn => {
    const override = declared.find((column) => column.name === name)
    return { kind: 'physical', name, type: override?.type ?? withNullability(type, type.nullable) }
  })
  if (statement.columnNames.length > 0) {
    if (statement.columnNames.length !== ofQuery.length) {
      throw userError(
        'sql/column-count',
        `Cannot name ${statement.columnNames.length} columns: the query has ${ofQuery.length}`,
        statement.columnNames[0]?.at,
      )
    }
    return statement.columnNames.map(({ name, at }) => findColumn(name, ofQuery, at, 'order by name'))
  }
  const names = new Set(querySchema.map(({ name }) => name))
  return [...declared.filter((column) => !names.has(column.name)), ...ofQuery]
}

/** CREATE VIEW; `schema` are the columns of its query, bound by the caller. */
export function createView(statement: CreateView, schema: Schema, context: BindContext): void {
  const { catalogs } = context.env
  const path = pathOf(statement.name, context)
  if (statement.columns.length > 0 && statement.columns.length !== schema.length) {
    throw userError(
      'sql/column-count',
      `Cannot name ${statement.columns.length} columns of the view: its query has ${schema.length}`,
      statement.columns[0]?.at,
    )
  }
  const columns = schema.map(({ name, type }, i) => {
    const named = statement.columns[i]
    const column = { name: named?.name.name ?? name, type }
    return named?.comment === undefined ? column : { ...column, comment: named.comment.value }
  })
  for (const [i, { name }] of columns.entries()) {
    if (columns.findIndex((other) => other.name === name) < i) {
      throw userError(
        'sql/duplicate-column',
        `Cannot create the view: its column "${name}" is there twice; give one an alias`,
        statement.columns[i]?.at ?? statement.query.at,
      )
    }
  }
  const view: View = {
    kind: 'view',
    query: unparseQuery(statement.query),
    ...(statement.columns.length > 0 ? { columnNames: columns.map(({ name }) => name) } : {}),
    columns,
    catalog: context.within.catalog,
    database: context.within.database,
    ...(statement.comment === undefined ? {} : { comment: statement.comment.value }),
    isTemporary: statement.temporary,
    place: { position: statement.name.at, source: context.env.source },
  }
  catalogs.create(path, view, ifExists(statement.replace, statement.ifNotExists), statement.name.at)
}

/** CREATE CATALOG of type `generic_in_memory`, the only one that keeps its tables nowhere else. */
export function createCatalog(statement: CreateCatalog, { env }: BindContext): void {
  const { name, at } = statement.name
  const options = bindOptions(statement.options)
  const type = options.get('type')
  if (type === undefined)
    throw userError('sql/missing-option', `Cannot create catalog "${name}": it needs the option "type", such as 'generic_in_memory'`, at)
  if (type !== 'generic_in_memory') {
    throw userError('unsupported/catalog-type', `Cannot create catalog "${name}" of type "${type}" yet: there is "generic_in_memory"`, at)
  }
  const unknown = [...options.keys()].find((key) => key !== 'type' && key !== 'default-database')
  if (unknown !== undefined)
    throw userError('sql/unknown-option', `Cannot set option "${unknown}": a catalog in memory has "type" and "default-database"`, at)
  if (statement.ifNotExists && env.catalogs.hasCatalog(name)) return
  env.catalogs.createCatalog({ name, comment: statement.comment?.value, options }, options.get('default-database') ?? 'default', at)
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

/** `catalog.database` or `database`. */
export function databasePath(parts: readonly string[], currentCatalog: string): { readonly catalog: string; readonly name: string } {
  const name = parts.at(-1) ?? ''
  return { catalog: parts.at(-2) ?? currentCatalog, name }
}
