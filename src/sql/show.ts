import { userError } from '../base/errors.ts'
import { DEFAULT_CATALOG } from '../catalog/catalog.ts'
import type { Schema } from '../catalog/schema.ts'
import type { CatalogObject, ObjectPath, TableColumn, View } from '../catalog/table.ts'
import { types, type SqlType } from '../data/types.ts'
import { formatType, withNullability } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import { describeFunction } from './bind-function.ts'
import { listedFunctions } from './listed-functions.ts'
import { aggregateNames } from '../expr/aggregates.ts'
import { callableNames } from '../expr/registry.ts'
import { databasePath } from './bind-catalog.ts'
import { partitionNames } from './bind-partitions.ts'
import { declaredSchema } from './bind-table.ts'
import { type BindContext, isBatch, nameText, pathOf } from './binder.ts'
import type { BoundStatement } from './bound-statement.ts'
import { showCreateCatalog, showCreateTable, showCreateView } from './show-create.ts'
import type { Describe, Listing, Show, ShowCreate, ShowCurrent, ShowPartitions } from './syntax-statement.ts'

type Rows = Extract<BoundStatement, { kind: 'rows' }>

const text: SqlType = types.string()

/** An answer of texts; a column named `null` says TRUE or FALSE. */
export function textRows(names: readonly string[], rows: readonly (readonly SqlValue[])[]): Rows {
  return { kind: 'rows', schema: names.map((name) => ({ name, type: name === 'null' ? types.boolean() : text })), rows }
}

function listOf(name: string, values: readonly string[]): Rows {
  return textRows(
    [name],
    values.map((value) => [value]),
  )
}

/** SHOW x [FROM y] [[NOT] LIKE 'pattern']: names by code units. */
export function show(statement: Show, context: BindContext): Rows {
  if (statement.listing === 'COLUMNS') return showColumns(statement, context)
  if (statement.listing === 'FULL MODULES') {
    const schema = [
      { name: 'module name', type: text },
      { name: 'used', type: types.boolean() },
    ]
    return { kind: 'rows', schema, rows: context.env.catalogs.modules.entries() }
  }
  const matches = nameFilter(statement)
  const names = [...listedNames(statement, context)].filter(matches).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  return listOf(headers[statement.listing], names)
}

const headers: Readonly<Record<Exclude<Listing, 'COLUMNS' | 'FULL MODULES'>, string>> = {
  CATALOGS: 'catalog name',
  DATABASES: 'database name',
  TABLES: 'table name',
  VIEWS: 'view name',
  'MATERIALIZED TABLES': 'table name',
  FUNCTIONS: 'function name',
  'USER FUNCTIONS': 'function name',
  MODULES: 'module name',
  PROCEDURES: 'procedure name',
  MODELS: 'model name',
  CONNECTIONS: 'connection name',
  JARS: 'jars',
  JOBS: 'job id',
}

function listedNames({ listing, from }: Show, { env }: BindContext): Iterable<string> {
  const { catalogs } = env
  const parts = from?.parts.map((part) => part.name) ?? []
  const databaseOf = (): { catalog: string; name: string } =>
    from === undefined ? { catalog: catalogs.currentCatalog, name: catalogs.currentDatabase } : databasePath(parts, catalogs.currentCatalog)
  const inDatabase = (): { catalog: string; name: string } => {
    const path = databaseOf()
    catalogs.database(path.catalog, path.name, from?.at)
    return path
  }
  switch (listing) {
    case 'CATALOGS':
      return catalogs.catalogNames()
    case 'DATABASES':
      return catalogs.databaseNames(parts[0] ?? catalogs.currentCatalog, from?.at)
    case 'TABLES': {
      const { catalog, name } = inDatabase()
      return catalogs.objectNames(catalog, name)
    }
    case 'VIEWS': {
      const { catalog, name } = inDatabase()
      return catalogs.objects(catalog, name).flatMap(({ object, path }) => (object.kind === 'view' ? [path.name] : []))
    }
    case 'FUNCTIONS':
    case 'USER FUNCTIONS': {
      const { catalog, name } = databaseOf()
      const own = catalogs.functions.names(catalog, name)
      return listing === 'FUNCTIONS' && catalogs.modules.isUsed ? [...new Set([...listedFunctions, ...own])].sort() : own
    }
    case 'MODULES':
    case 'FULL MODULES':
      return catalogs.modules.entries().flatMap(([module, isUsed]) => (isUsed ? [module] : []))
    case 'MATERIALIZED TABLES':
    case 'PROCEDURES':
    case 'MODELS':
    case 'CONNECTIONS':
    case 'JARS':
    case 'JOBS':
    case 'COLUMNS':
      return []
  }
}

function nameFilter({ like }: Show): (name: string) => boolean {
  if (like === undefined) return () => true
  const pattern = likePattern(like.pattern.value, like.ignoreCase)
  return (name) => pattern.test(name) !== like.negated
}

/** A LIKE pattern as a regular expression; a backslash takes the next character as it is. */
function likePattern(like: string, ignoreCase: boolean): RegExp {
  let source = ''
  for (let i = 0; i < like.length; i++) {
    const character = like[i] ?? ''
    if (character === '%') source += '.*'
    else if (character === '_') source += '.'
    else source += (character === '\\' ? (like[++i] ?? '') : character).replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
  }
  return new RegExp(`^${source}$`, ignoreCase ? 'isu' : 'su')
}

function showColumns(statement: Show, context: BindContext): Rows {
  const { from } = statement
  if (from === undefined) throw userError('sql/syntax', 'Cannot show columns: wanted is SHOW COLUMNS FROM table', statement.at)
  const path = pathOf(from, context)
  const object = context.env.catalogs.get(path, from.at)
  const matches = nameFilter(statement)
  return describeRows(object, objectSchema(path, object, context), matches)
}

/** DESCRIBE of a table or view, a catalog, a database or a function. */
export function describe(statement: Describe, context: BindContext): Rows {
  const { catalogs } = context.env
  const { name, object } = statement
  switch (object) {
    case 'TABLE': {
      const path = pathOf(name, context)
      const found = catalogs.get(path, name.at)
      return describeRows(found, objectSchema(path, found, context), () => true)
    }
    case 'CATALOG': {
      const catalog = catalogs.catalog(nameText(name), name.at)
      const info = [
        ['name', catalog.name],
        ['type', catalog.options.get('type') ?? 'generic_in_memory'],
        ['comment', catalog.comment ?? null],
      ]
      const options = statement.extended
        ? [...catalog.options].filter(([key]) => key !== 'type').map(([key, value]) => [`option:${key}`, value])
        : []
      return textRows(['info name', 'info value'], [...info, ...options])
    }
    case 'DATABASE': {
      const path = databasePath(
        name.parts.map((part) => part.name),
        catalogs.currentCatalog,
      )
      const database = catalogs.database(path.catalog, path.name, name.at)
      return textRows(
        ['info name', 'info value'],
        [
          ['name', database.name],
          ['comment', database.comment ?? null],
        ],
      )
    }
    case 'FUNCTION': {
      const own = describeFunction(name, context)
      if (own !== undefined) return textRows(['info name', 'info value'], own)
      const wanted = nameText(name).toUpperCase()
      if (![...callableNames(), ...aggregateNames()].includes(wanted)) {
        throw userError('sql/unknown-function', `Cannot describe function "${nameText(name)}": there is none of that name`, name.at)
      }
      return textRows(
        ['info name', 'info value'],
        [
          ['is system function', 'true'],
          ['is temporary', 'false'],
        ],
      )
    }
    case 'MODEL':
    case 'CONNECTION':
    case 'JOB':
      throw userError(
        `sql/unknown-${object.toLowerCase()}`,
        `Cannot describe ${object.toLowerCase()} "${nameText(name)}": there is none of that name`,
        name.at,
      )
  }
}

/** The columns of a table or view with their time attributes, as they are declared: nothing is asked of the connector. */
function objectSchema(path: ObjectPath, object: CatalogObject, context: BindContext): Schema {
  if (object.kind === 'table') return declaredSchema(path, object, context)
  // The time of a view is that of the moment at which it was made; batch mode knows none.
  return object.columns.map(({ name, type, ...column }) => {
    const timeAttribute = column.movesTime === true ? 'rowtime' : column.timeAttribute
    return timeAttribute === undefined || (timeAttribute === 'rowtime' && isBatch(context)) ? { name, type } : { name, type, timeAttribute }
  })
}

/** Name, type, nullability, key, extras, watermark and, if some column has one, comment of each column. */
function describeRows(object: CatalogObject, schema: Schema, matches: (name: string) => boolean): Rows {
  const columns: readonly (TableColumn | View['columns'][number])[] = object.columns
  const hasComments = columns.some((column) => column.comment !== undefined)
  const keys = object.kind === 'table' ? (object.primaryKey?.columns ?? []) : []
  const rows = schema.flatMap((field, i) => {
    if (!matches(field.name)) return []
    const column = columns[i]
    const mark = field.timeAttribute === undefined ? '' : ` *${field.timeAttribute.toUpperCase()}*`
    const row: SqlValue[] = [
      field.name,
      describedType(field.type) + mark,
      field.type.nullable,
      keys.includes(field.name) ? `PRI(${keys.join(', ')})` : null,
      object.kind === 'table' ? columnExtras(object.columns[i]) : null,
      object.kind === 'table' && object.watermark?.column === field.name ? object.watermark.expression : null,
    ]
    if (hasComments) row.push(column?.comment ?? null)
    return [row]
  })
  return textRows(['name', 'type', 'null', 'key', 'extras', 'watermark', ...(hasComments ? ['comment'] : [])], rows)
}

function describedType(type: SqlType): string {
  if (type.kind === 'INTERVAL_DAY_TIME') return 'INTERVAL SECOND(3)'
  if (type.kind === 'INTERVAL_YEAR_MONTH') return 'INTERVAL MONTH'
  return formatType(withNullability(type, true))
}

function columnExtras(column: TableColumn | undefined): string | null {
  if (column === undefined || column.kind === 'physical') return null
  if (column.kind === 'computed') return `AS ${column.expression}`
  const from = column.key === column.name ? '' : ` FROM '${column.key}'`
  return `METADATA${from}${column.isVirtual ? ' VIRTUAL' : ''}`
}

export function showCurrent({ object }: ShowCurrent, { env }: BindContext): Rows {
  const { currentCatalog, currentDatabase } = env.catalogs
  return object === 'CATALOG' ? listOf('current catalog name', [currentCatalog]) : listOf('current database name', [currentDatabase])
}

/** SHOW CREATE in Flink's normal form. */
export function showCreate(statement: ShowCreate, context: BindContext): Rows {
  const { catalogs } = context.env
  const { name, object } = statement
  if (object === 'CATALOG') {
    const catalog = catalogs.catalog(nameText(name), name.at)
    if (catalog.name === DEFAULT_CATALOG)
      throw userError('sql/built-in-catalog', `Cannot show how "${DEFAULT_CATALOG}" was made: every session begins with it`, name.at)
    return listOf('result', [showCreateCatalog(catalog)])
  }
  if (object !== 'TABLE' && object !== 'VIEW') {
    throw userError(
      `sql/unknown-${object.toLowerCase().replace(' ', '-')}`,
      `Cannot show ${object.toLowerCase()} "${nameText(name)}": there is none of that name`,
      name.at,
    )
  }
  const path = pathOf(name, context)
  const found = catalogs.get(path, name.at)
  if (found.kind === 'view') {
    if (object === 'TABLE')
      throw userError('sql/not-a-table', `Cannot show table "${path.name}": it is a view; use SHOW CREATE VIEW`, name.at)
    return listOf('result', [showCreateView(path, found)])
  }
  if (object === 'VIEW') throw userError('sql/not-a-view', `Cannot show view "${path.name}": it is a table; use SHOW CREATE TABLE`, name.at)
  return listOf('result', [showCreateTable(path, found)])
}

export function showPartitions(statement: ShowPartitions, context: BindContext): Rows {
  const path = pathOf(statement.table, context)
  const table = context.env.catalogs.get(path, statement.table.at)
  if (table.kind === 'view')
    throw userError('sql/not-a-table', `Cannot show partitions of "${path.name}": it is a view, a table was wanted`, statement.table.at)
  return listOf('partition name', partitionNames(path, table, statement.partition, statement.table.at))
}
