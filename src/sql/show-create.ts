import { unreachable } from '../base/assert.ts'
import type { Catalog } from '../catalog/catalog.ts'
import type { ObjectPath, Table, TableColumn, View } from '../catalog/table.ts'
import { formatType, type SqlType } from '../data/types.ts'
import { keyName } from './bind-alter.ts'
import { quoteName, quoteText } from './unparse-type.ts'

/** The statement that makes a table, in Flink's normal form: one column a line, options by key. */
export function showCreateTable(path: ObjectPath, table: Table): string {
  const { watermark, primaryKey, comment, distribution, partitionedBy, options } = table
  const lines = table.columns.map(columnText)
  if (watermark !== undefined) lines.push(`WATERMARK FOR ${quoteName(watermark.column)} AS ${watermark.expression}`)
  if (primaryKey !== undefined) {
    lines.push(`CONSTRAINT ${quoteName(keyName(primaryKey))} PRIMARY KEY (${quotedNames(primaryKey.columns)}) NOT ENFORCED`)
  }
  const parts = [
    `CREATE ${table.isTemporary ? 'TEMPORARY ' : ''}TABLE ${pathText(path)} (\n${lines.map((line) => `  ${line}`).join(',\n')}\n)`,
  ]
  if (comment !== undefined && comment !== '') parts.push(`COMMENT ${quoteText(comment)}`)
  if (distribution !== undefined) parts.push(distributionText(distribution))
  if (partitionedBy.length > 0) parts.push(`PARTITIONED BY (${quotedNames(partitionedBy)})`)
  if (options.size > 0) parts.push(optionsText(options))
  return `${parts.join('\n')}\n`
}

/** The statement that makes a catalog. */
export function showCreateCatalog({ name, comment, options }: Catalog): string {
  const parts = [`CREATE CATALOG ${quoteName(name)}`]
  if (comment !== undefined) parts.push(`COMMENT ${quoteText(comment)}`)
  if (options.size > 0) parts.push(optionsText(options))
  return `${parts.join('\n')}\n`
}

function optionsText(options: ReadonlyMap<string, string>): string {
  const sorted = [...options].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => `  ${quoteText(key)} = ${quoteText(value)}`)
  return `WITH (\n${sorted.join(',\n')}\n)`
}

/** The statement that makes a view, with every name of its query written out. */
export function showCreateView(path: ObjectPath, view: View): string {
  const names = view.columns.map(
    ({ name, comment }) => `  ${quoteName(name)}${comment === undefined ? '' : ` COMMENT ${quoteText(comment)}`}`,
  )
  const comment = view.comment === undefined || view.comment === '' ? '' : `COMMENT ${quoteText(view.comment)}\n`
  return `CREATE ${view.isTemporary ? 'TEMPORARY ' : ''}VIEW ${pathText(path)} (\n${names.join(',\n')}\n)\n${comment}AS ${view.shownQuery ?? view.query}\n`
}

function columnText(column: TableColumn): string {
  const comment = column.comment === undefined ? '' : ` COMMENT ${quoteText(column.comment)}`
  const name = quoteName(column.name)
  switch (column.kind) {
    case 'physical':
      return `${name} ${serializedType(column.type)}${comment}`
    case 'metadata': {
      const from = column.key === column.name ? '' : ` FROM ${quoteText(column.key)}`
      return `${name} ${serializedType(column.type)} METADATA${from}${column.isVirtual ? ' VIRTUAL' : ''}${comment}`
    }
    case 'computed':
      return `${name} AS ${column.expression}${comment}`
  }
}

function distributionText({ kind, columns, buckets }: NonNullable<Table['distribution']>): string {
  const by =
    columns.length === 0 ? 'DISTRIBUTED' : `DISTRIBUTED BY ${kind === 'unknown' ? '' : kind.toUpperCase()}(${quotedNames(columns)})`
  return buckets === undefined ? by : `${by} INTO ${buckets} BUCKETS`
}

function quotedNames(names: readonly string[]): string {
  return names.map(quoteName).join(', ')
}

export function pathText(path: ObjectPath): string {
  return [path.catalog, path.database, path.name].map(quoteName).join('.')
}

/** A type as SHOW CREATE writes it: nothing abbreviated (`VARCHAR(2147483647)`, `TIMESTAMP(3) WITH LOCAL TIME ZONE`). */
export function serializedType(type: SqlType): string {
  return type.nullable ? bareType(type) : `${bareType(type)} NOT NULL`
}

function bareType(type: SqlType): string {
  switch (type.kind) {
    case 'VARCHAR':
    case 'VARBINARY':
      return `${type.kind}(${type.length})`
    case 'TIMESTAMP_LTZ':
      return `TIMESTAMP(${type.precision}) WITH LOCAL TIME ZONE`
    case 'ARRAY':
    case 'MULTISET':
      return `${type.kind}<${serializedType(type.element)}>`
    case 'MAP':
      return `MAP<${serializedType(type.key)}, ${serializedType(type.value)}>`
    case 'ROW':
      return `ROW<${type.fields.map((field) => `${quoteName(field.name)} ${serializedType(field.type)}`).join(', ')}>`
    case 'BOOLEAN':
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
    case 'BIGINT':
    case 'FLOAT':
    case 'DOUBLE':
    case 'DATE':
    case 'VARIANT':
    case 'BITMAP':
    case 'NULL':
    case 'INTERVAL_YEAR_MONTH':
    case 'INTERVAL_DAY_TIME':
    case 'DECIMAL':
    case 'CHAR':
    case 'BINARY':
    case 'TIME':
    case 'TIMESTAMP':
      return formatType({ ...type, nullable: true })
    default:
      return unreachable(type)
  }
}
