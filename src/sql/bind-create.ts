import { userError } from '../base/errors.ts'
import type { IfExists } from '../catalog/catalog.ts'
import type { Schema } from '../catalog/schema.ts'
import type { ObjectPath, Table, TableColumn } from '../catalog/table.ts'
import { withNullability } from '../data/types.ts'
import { type BindContext, nameText, pathOf } from './binder.ts'
import type { CreateTable } from './syntax-definition.ts'
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

/** The table that CREATE TABLE says, with LIKE; of CREATE TABLE AS `querySchema` are the columns of its query. Nothing is created yet. */
export function newTable(
  statement: CreateTable,
  context: BindContext,
  querySchema?: Schema,
): { readonly path: ObjectPath; readonly table: Table } {
  const { catalogs } = context.env
  const path = pathOf(statement.name, context)
  if (statement.query !== undefined) checkTableAs(statement)
  if (statement.mode === 'replace' && catalogs.find(path) === undefined) throw catalogs.unknownTable(path, 'replace', statement.name.at)
  return { path, table: tableOf(statement, context, querySchema) }
}

/** CREATE TABLE: puts the table into its catalog. */
export function createTable(statement: CreateTable, context: BindContext, table: Table): void {
  const mode = ifExistsMode(statement.mode !== 'create', statement.ifNotExists)
  context.env.catalogs.create(pathOf(statement.name, context), table, mode, statement.name.at)
}

function checkTableAs({ mode, temporary, ifNotExists, name }: CreateTable): void {
  const words = mode === 'create' ? 'CREATE TABLE .. AS' : 'REPLACE TABLE .. AS'
  if (temporary)
    throw userError('sql/table-as', `Cannot make "${nameText(name)}" a temporary table: ${words} makes tables that stay`, name.at)
  if (ifNotExists && mode !== 'create')
    throw userError('sql/table-as', `Cannot use IF NOT EXISTS here: ${words} replaces what is there`, name.at)
}

/** What CREATE does where the name is taken. */
export function ifExistsMode(replaces: boolean, ifNotExists: boolean): IfExists {
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
  const { columns, primaryKey } = bindConstraints(constraints, withQuery, inherited.columns)
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
