import { assert } from '../base/assert.ts'
import { type Position, userError } from '../base/errors.ts'
import type { CatalogObject, ObjectPath, Table, TableColumn, View } from '../catalog/table.ts'
import { walk } from '../expr/expr.ts'
import { bindExpression } from './bind-expression.ts'
import { alterPartitions } from './bind-partitions.ts'
import { type BindContext, nameText, pathOf } from './binder.ts'
import { parseExpression } from './parser.ts'
import { scopeOf } from './scope.ts'
import type { AlterTable, PlacedColumn, TableAction } from './syntax-definition.ts'
import type { QualifiedName } from './syntax-type.ts'
import { bindColumns, bindConstraints, bindDistribution, bindOptions, bindWatermark, findColumn } from './table-definition.ts'

type SchemaAction = Extract<TableAction, { kind: 'add-schema' | 'modify-schema' }>

/** ALTER TABLE: the whole change, or an error and no change. */
export function alterTable(statement: AlterTable, context: BindContext): void {
  const { catalogs } = context.env
  const path = pathOf(statement.name, context)
  if (statement.ifExists && catalogs.find(path) === undefined) return
  const object = permanentObject(path, 'table', statement.name.at, context)
  const { action } = statement
  if (action.kind === 'rename-table') renameObject(path, object, action.to, context)
  else if (action.kind === 'add-partitions' || action.kind === 'drop-partitions')
    catalogs.replace(path, alterPartitions(path, object, action))
  else catalogs.replace(path, changedTable(object, action, context))
}

/** What ALTER changes: a temporary object is made anew instead. */
export function permanentObject<K extends 'table' | 'view'>(
  path: ObjectPath,
  kind: K,
  at: Position,
  { env }: BindContext,
): Extract<CatalogObject, { kind: K }> {
  const object = env.catalogs.get(path, at, 'alter')
  if (object.kind !== kind) {
    const other = object.kind.toUpperCase()
    throw userError(`sql/not-a-${kind}`, `Cannot alter ${kind} "${path.name}": it is a ${object.kind}; use ALTER ${other}`, at)
  }
  if (object.isTemporary) {
    const words = `TEMPORARY ${kind.toUpperCase()}`
    throw userError(
      'sql/temporary-object',
      `Cannot alter ${kind} "${path.name}": it is temporary; use DROP ${words} and CREATE ${words}`,
      at,
    )
  }
  return object as Extract<CatalogObject, { kind: K }>
}

export function renameObject(path: ObjectPath, object: Table | View, to: QualifiedName, { env, within }: BindContext): void {
  const { catalogs } = env
  const target = catalogs.path(
    to.parts.map((part) => part.name),
    to.parts.length === 1 ? path : within,
  )
  if (target.catalog !== path.catalog || target.database !== path.database) {
    throw userError('sql/rename', `Cannot rename "${path.name}" to "${nameText(to)}": the new name has to be in the same database`, to.at)
  }
  catalogs.rename(path, object, target.name, to.at)
}

function changedTable(
  table: Table,
  action: Exclude<TableAction, { kind: 'rename-table' | 'add-partitions' | 'drop-partitions' }>,
  context: BindContext,
): Table {
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
  const name = wholeColumn(action.column, 'rename')
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
  for (const [i, { parts, at }] of names.entries()) {
    const name = wholeColumn(names[i]!, 'drop')
    if (names.findIndex((other) => other.parts[0]?.name === name) < i)
      throw userError('sql/duplicate-column', `Cannot drop column "${name}" twice`, parts[0]?.at ?? at)
    findColumn(name, table.columns, at, 'drop')
    const rest = { ...table, columns: table.columns.filter((column) => column.name === name || !dropped.has(column.name)) }
    const uses = usesOf(name, rest, context)
    if (uses.length > 0)
      throw userError('sql/column-in-use', `Cannot drop column "${name}": ${uses.join(', ')} ${uses.length === 1 ? 'uses' : 'use'} it`, at)
  }
  return { ...table, columns: table.columns.filter((column) => !dropped.has(column.name)) }
}

/** The name of a column of the table itself. */
function wholeColumn(name: QualifiedName, verb: string): string {
  const [first, nested] = name.parts
  if (nested === undefined) return first?.name ?? ''
  throw userError('sql/nested-column', `Cannot ${verb} "${nameText(name)}": only whole columns are altered, not fields of a ROW`, name.at)
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
