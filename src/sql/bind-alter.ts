import { assert } from '../base/assert.ts'
import { type Position, userError } from '../base/errors.ts'
import type { ObjectPath, Table, TableColumn, View } from '../catalog/table.ts'
import { walk } from '../expr/expr.ts'
import { bindExpression } from './bind-expression.ts'
import { databasePath } from './bind-create.ts'
import { type BindContext, nameText, pathOf } from './binder.ts'
import { parseExpression } from './parser.ts'
import { scopeOf } from './scope.ts'
import type { AlterCatalog, AlterDatabase, AlterTable, AlterView, OptionsAction, PlacedColumn, TableAction } from './syntax-definition.ts'
import type { QualifiedName } from './syntax-type.ts'
import { bindColumns, bindConstraints, bindDistribution, bindOptions, bindWatermark, findColumn } from './table-definition.ts'
import { unparseQuery } from './unparse.ts'

type SchemaAction = Extract<TableAction, { kind: 'add-schema' | 'modify-schema' }>

/** ALTER TABLE: the whole change, or an error and no change. */
export function alterTable(statement: AlterTable, context: BindContext): void {
  const { catalogs } = context.env
  const path = pathOf(statement.name, context)
  const found = catalogs.find(path)
  if (found === undefined && statement.ifExists) return
  const object = catalogs.get(path, statement.name.at)
  if (object.kind === 'view')
    throw userError('sql/not-a-table', `Cannot alter table "${path.name}": it is a view; use ALTER VIEW`, statement.name.at)
  const { action } = statement
  if (action.kind === 'rename-table') renameObject(path, object, action.to, context)
  else catalogs.replace(path, changedTable(object, action, context))
}

function renameObject(path: ObjectPath, object: Table | View, to: QualifiedName, { env, within }: BindContext): void {
  const { catalogs } = env
  const target = catalogs.path(
    to.parts.map((part) => part.name),
    to.parts.length === 1 ? path : within,
  )
  if (target.catalog !== path.catalog || target.database !== path.database) {
    throw userError('sql/rename', `Cannot rename "${path.name}" to "${nameText(to)}": the new name has to be in the same database`, to.at)
  }
  catalogs.create(target, object, 'fail', to.at)
  catalogs.drop(path, object.isTemporary ? 'temporary' : 'permanent')
}

function changedTable(table: Table, action: Exclude<TableAction, { kind: 'rename-table' }>, context: BindContext): Table {
  switch (action.kind) {
    case 'rename-column':
      return renameColumn(table, action, context)
    case 'set-options':
      return { ...table, options: new Map([...table.options, ...bindOptions(action.options)]) }
    case 'reset-options': {
      const options = new Map(table.options)
      if (action.keys.length === 0) throw userError('sql/reset-options', 'Cannot reset options: none is named', action.at)
      for (const { value, at } of action.keys) {
        if (value === 'connector') throw userError('sql/reset-connector', 'Cannot reset "connector": a table has to keep it', at)
        options.delete(value)
      }
      return { ...table, options }
    }
    case 'add-schema':
      return addToSchema(table, action, context)
    case 'modify-schema':
      return modifySchema(table, action, context)
    case 'add-distribution':
    case 'modify-distribution':
      if ((action.kind === 'add-distribution') === (table.distribution !== undefined)) {
        throw userError(
          'sql/distribution',
          `Cannot ${action.kind === 'add-distribution' ? 'add a distribution: there is one' : 'modify the distribution: there is none'}`,
          action.at,
        )
      }
      return { ...table, distribution: bindDistribution(action.distribution, table.columns) }
    case 'drop-distribution':
      return without(table, 'distribution', action.at)
    case 'drop-primary-key':
      return without(table, 'primaryKey', action.at)
    case 'drop-constraint': {
      const name = table.primaryKey === undefined ? undefined : keyName(table.primaryKey)
      if (name !== action.name.name) {
        throw userError(
          'sql/unknown-constraint',
          `Cannot drop constraint "${action.name.name}": the table has ${name === undefined ? 'none' : `"${name}"`}`,
          action.name.at,
        )
      }
      return without(table, 'primaryKey', action.at)
    }
    case 'drop-watermark':
      return without(table, 'watermark', action.at)
    case 'drop-columns':
      return dropColumns(table, action.columns, context)
    case 'add-partitions':
    case 'drop-partitions':
      throw userError('unsupported/partitions', 'Cannot add or drop partitions yet: partitions are the folders that exist', action.at)
  }
}

/** The name of a primary key: its own, or `PK_a_b`, as Flink calls it. */
export function keyName(key: NonNullable<Table['primaryKey']>): string {
  return key.name ?? `PK_${key.columns.join('_')}`
}

const partNames = { primaryKey: 'primary key', watermark: 'watermark', distribution: 'distribution' } as const

function without(table: Table, part: keyof typeof partNames, at: Position): Table {
  if (table[part] === undefined) throw userError('sql/nothing-to-drop', `Cannot drop the ${partNames[part]}: the table has none`, at)
  const { [part]: _dropped, ...rest } = table
  return rest
}

function addToSchema(table: Table, action: SchemaAction, context: BindContext): Table {
  for (const { column } of action.columns) {
    if (table.columns.some((each) => each.name === column.name.name)) {
      throw userError(
        'sql/duplicate-column',
        `Cannot add column "${column.name.name}": the table has it already; use MODIFY`,
        column.name.at,
      )
    }
  }
  if (action.watermark !== undefined && table.watermark !== undefined) {
    throw userError('sql/duplicate-watermark', 'Cannot add a watermark: the table has one; use MODIFY WATERMARK', action.watermark.at)
  }
  if (action.constraints.length > 0 && table.primaryKey !== undefined) {
    throw userError('sql/duplicate-key', 'Cannot add a primary key: the table has one; drop it first', action.constraints[0]?.at)
  }
  const added = bindColumns(
    action.columns.map(({ column }) => column),
    table.columns,
    context,
  )
  return withSchema(table, placeColumns(table.columns, action.columns, added), action, context)
}

function modifySchema(table: Table, action: SchemaAction, context: BindContext): Table {
  for (const { column } of action.columns) findColumn(column.name.name, table.columns, column.name.at, 'modify')
  if (action.watermark !== undefined && table.watermark === undefined) {
    throw userError('sql/no-watermark', 'Cannot modify the watermark: the table has none; use ADD WATERMARK', action.watermark.at)
  }
  if (action.constraints.length > 0 && table.primaryKey === undefined) {
    throw userError(
      'sql/no-primary-key',
      'Cannot modify the primary key: the table has none; use ADD PRIMARY KEY',
      action.constraints[0]?.at,
    )
  }
  const names = new Set(action.columns.map(({ column }) => column.name.name))
  const kept = table.columns.filter((column) => !names.has(column.name))
  const changed = bindColumns(
    action.columns.map(({ column }) => column),
    kept,
    context,
  )
  const inPlace = table.columns.map((column) => changed.find((each) => each.name === column.name) ?? column)
  const moved = action.columns.filter(({ position }) => position !== undefined)
  const movedNames = new Set(moved.map(({ column }) => column.name.name))
  const columns = placeColumns(
    inPlace.filter((column) => !movedNames.has(column.name)),
    moved,
    changed.filter((column) => movedNames.has(column.name)),
  )
  return withSchema(rebound({ ...table, columns }, context), columns, action, context)
}

function withSchema(table: Table, columns: readonly TableColumn[], action: SchemaAction, context: BindContext): Table {
  const inline = action.columns.flatMap(({ column }) =>
    column.kind === 'physical-column' && column.constraint !== undefined ? [column.constraint] : [],
  )
  const constraints = [...inline, ...action.constraints]
  const keyed = bindConstraints(constraints, columns)
  const key = keyed.primaryKey ?? table.primaryKey
  const notNull = new Set(key?.columns)
  const withKey = keyed.columns.map((column): TableColumn =>
    notNull.has(column.name) ? { ...column, type: { ...column.type, nullable: false } } : column,
  )
  const watermark = action.watermark === undefined ? table.watermark : bindWatermark(action.watermark, withKey, context)
  return {
    ...table,
    columns: withKey,
    ...(key === undefined ? {} : { primaryKey: key }),
    ...(watermark === undefined ? {} : { watermark }),
  }
}

/** Puts columns where FIRST and AFTER say, else at the end. */
function placeColumns(
  columns: readonly TableColumn[],
  placed: readonly PlacedColumn[],
  added: readonly TableColumn[],
): readonly TableColumn[] {
  const result = [...columns]
  for (const [i, { position }] of placed.entries()) {
    const column = added[i]
    assert(column !== undefined, 'each placed column was bound')
    if (position === undefined) result.push(column)
    else if (position.kind === 'first') result.unshift(column)
    else {
      const { name, at } = position.column
      findColumn(name, result, at, 'put a column after')
      result.splice(result.findIndex((each) => each.name === name) + 1, 0, column)
    }
  }
  return result
}

function renameColumn(table: Table, action: Extract<TableAction, { kind: 'rename-column' }>, context: BindContext): Table {
  const name = action.column.parts[0]?.name ?? ''
  const column = findColumn(name, table.columns, action.column.at, 'rename')
  if (table.columns.some((each) => each.name === action.to.name)) {
    throw userError(
      'sql/duplicate-column',
      `Cannot rename "${name}" to "${action.to.name}": the table has a column of that name`,
      action.to.at,
    )
  }
  const uses = usesOf(name, table, context).filter((use) => use !== 'the primary key')
  if (uses.length > 0)
    throw userError(
      'sql/column-in-use',
      `Cannot rename column "${name}": ${uses.join(', ')} ${uses.length === 1 ? 'uses' : 'use'} it`,
      action.column.at,
    )
  const rename = (each: string): string => (each === name ? action.to.name : each)
  const { primaryKey } = table
  return {
    ...table,
    columns: table.columns.map((each) => (each === column ? { ...each, name: action.to.name } : each)),
    ...(primaryKey === undefined ? {} : { primaryKey: { ...primaryKey, columns: primaryKey.columns.map(rename) } }),
  }
}

function dropColumns(table: Table, names: readonly QualifiedName[], context: BindContext): Table {
  const dropped = new Set(names.map((name) => name.parts[0]?.name ?? ''))
  for (const { parts, at } of names) {
    const name = parts[0]?.name ?? ''
    findColumn(name, table.columns, at, 'drop')
    const rest = { ...table, columns: table.columns.filter((column) => column.name === name || !dropped.has(column.name)) }
    const uses = usesOf(name, rest, context)
    if (uses.length > 0)
      throw userError('sql/column-in-use', `Cannot drop column "${name}": ${uses.join(', ')} ${uses.length === 1 ? 'uses' : 'use'} it`, at)
  }
  return { ...table, columns: table.columns.filter((column) => !dropped.has(column.name)) }
}

/** What of a table needs a column. */
function usesOf(name: string, table: Table, context: BindContext): readonly string[] {
  const uses = table.columns.flatMap((column) =>
    column.kind === 'computed' && readsColumn(column.expression, name, table, context) ? [`the computed column "${column.name}"`] : [],
  )
  const { watermark, primaryKey, partitionedBy } = table
  if (watermark !== undefined && (watermark.column === name || readsColumn(watermark.expression, name, table, context)))
    uses.push('the watermark')
  if (primaryKey?.columns.includes(name) === true) uses.push('the primary key')
  if (partitionedBy.includes(name)) uses.push('PARTITIONED BY')
  return uses
}

function readsColumn(expression: string, name: string, table: Table, context: BindContext): boolean {
  const scope = scopeOf(table.columns.map((column) => ({ name: column.name, type: column.type })))
  let isRead = false
  walk(bindExpression(parseExpression(expression), { context, scope, clause: 'a computed column' }), (expr) => {
    if (expr.kind === 'column' && table.columns[expr.index]?.name === name) isRead = true
  })
  return isRead
}

/** Computed columns with the types that they have now that other columns changed. */
function rebound(table: Table, context: BindContext): Table {
  const scope = scopeOf(table.columns.filter((column) => column.kind !== 'computed').map(({ name, type }) => ({ name, type })))
  const columns = table.columns.map((column) =>
    column.kind === 'computed'
      ? { ...column, type: bindExpression(parseExpression(column.expression), { context, scope, clause: 'a computed column' }).type }
      : column,
  )
  return { ...table, columns }
}

/** ALTER VIEW; `schema` binds the new query, whose errors are told before anything changes. */
export function alterView(statement: AlterView, context: BindContext, schema: () => View['columns']): void {
  const { catalogs } = context.env
  const path = pathOf(statement.name, context)
  const view = catalogs.get(path, statement.name.at)
  if (view.kind !== 'view')
    throw userError('sql/not-a-view', `Cannot alter view "${path.name}": it is a table; use ALTER TABLE`, statement.name.at)
  const { action } = statement
  if (action.kind === 'rename') {
    renameObject(path, view, action.to, context)
    return
  }
  const { columnNames: _names, ...rest } = view
  const { catalog, database } = context.within
  catalogs.replace(path, { ...rest, query: unparseQuery(action.query), columns: schema(), catalog, database })
}

export function alterDatabase(statement: AlterDatabase, { env }: BindContext): void {
  const { catalog, name } = databasePath(
    statement.name.parts.map((part) => part.name),
    env.catalogs.currentCatalog,
  )
  const database = env.catalogs.database(catalog, name, statement.name.at)
  env.catalogs.alterDatabase(catalog, changedOptions(database, statement.action), statement.name.at)
}

export function alterCatalog(statement: AlterCatalog, { env }: BindContext): void {
  const catalog = env.catalogs.catalog(statement.name.name, statement.name.at)
  env.catalogs.alterCatalog(changedOptions(catalog, statement.action), statement.name.at)
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
      for (const { value } of action.keys) options.delete(value)
      return { ...object, options }
    }
    case 'comment':
      return { ...object, comment: action.comment.value }
    case 'rename':
      throw userError('sql/rename', `Cannot rename "${object.name}": only tables and views are renamed`, action.at)
  }
}
