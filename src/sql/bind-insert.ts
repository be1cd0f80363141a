import { assert } from '../base/assert.ts'
import { type Position, type RheoError, userError } from '../base/errors.ts'
import { suggestion } from '../base/nearest.ts'
import { shortPath } from '../catalog/catalog.ts'
import type { SinkAbilities } from '../catalog/connector.ts'
import type { Field } from '../catalog/schema.ts'
import type { ObjectPath, Table, TableColumn } from '../catalog/table.ts'
import { formatValue } from '../data/text.ts'
import { withNullability } from '../data/types.ts'
import { canCast } from '../expr/cast.ts'
import type { Expr } from '../expr/expr.ts'
import { interpret } from '../expr/interpret.ts'
import { implicitCast } from '../expr/resolve-call.ts'
import { columnOf, project } from '../plan/build.ts'
import type { LogicalNode } from '../plan/logical.ts'
import { planningContext } from '../plan/plan-job.ts'
import { createTable, newTable } from './bind-create.ts'
import { bindExpression, buildCast, shownType } from './bind-expression.ts'
import { withOptions } from './bind-hints.ts'
import { bindQuery } from './bind-query.ts'
import { partitionText } from './bind-partitions.ts'
import { connectorOf } from './bind-table.ts'
import { type BindContext, isBatch, nameText, pathOf } from './binder.ts'
import { enforceNested, enforceNotNull } from './enforce-constraints.ts'
import { emptyScope } from './scope.ts'
import type { BoundStatement } from './bound-statement.ts'
import type { CreateTable } from './syntax-definition.ts'
import type { Insert } from './syntax-statement.ts'
import type { Identifier, QualifiedName } from './syntax-type.ts'

type PersistedColumn = Extract<TableColumn, { kind: 'physical' | 'metadata' }>

/** INSERT INTO or OVERWRITE: the query's columns cast to the table's, those that are left out NULL, static partitions constant. */
export function bindInsert(node: Insert, context: BindContext): LogicalNode {
  const path = pathOf(node.target, context)
  const object = context.env.catalogs.get(path, node.target.at, 'write into')
  if (object.kind !== 'table')
    throw userError('sql/not-a-table', `Cannot write into "${path.name}": it is a view, a table was wanted`, node.target.at)
  const table = withOptions(object, node.hints, context)
  const abilities = sinkOf(path, table, node, context)
  const columns = persistedColumns(table)
  const fixed = bindPartition(path, columns, node, abilities, context)
  const targets = targetColumns(path, table, columns, fixed, node)
  const query = bindQuery(node.query, { ...context, expected: targets.map((target) => columns[target]!.type) }, undefined, 'top')
  checkTypes(
    path,
    query,
    targets.map((target) => columns[target]!),
    node.query.at,
  )
  return writeInto(
    { path, table },
    columns,
    query,
    { targets, fixed, overwrite: node.overwrite, onConflict: node.onConflict, at: node.target.at },
    context,
  )
}

interface WriteOptions {
  /** Numbers of the columns that the query's columns go to, in order. */
  readonly targets: readonly number[]
  /** Constant columns of static partitions, by number. */
  readonly fixed: ReadonlyMap<number, Extract<Expr, { kind: 'literal' }>>
  readonly overwrite: boolean
  readonly onConflict: Insert['onConflict']
  readonly at: Position
}

/** CREATE TABLE AS: the table, then an INSERT of the query into its columns by name. Nothing is created where the INSERT cannot be. */
export function bindCreateTableAs(node: CreateTable, query: LogicalNode, context: BindContext): BoundStatement {
  const { path, table } = newTable(node, context, query.schema)
  if (node.ifNotExists && context.env.catalogs.findPermanent(path) !== undefined) return { kind: 'done' }
  const plan = insertOfTableAs(path, table, query, node, context)
  context.refusals.throwFirst()
  createTable(node, context, table)
  return { kind: 'insert', plans: [plan] }
}

/** What EXPLAIN CREATE TABLE AS explains. */
export function planCreateTableAs(node: CreateTable, query: LogicalNode, context: BindContext): LogicalNode {
  const { path, table } = newTable(node, context, query.schema)
  return insertOfTableAs(path, table, query, node, context)
}

function insertOfTableAs(path: ObjectPath, table: Table, query: LogicalNode, node: CreateTable, context: BindContext): LogicalNode {
  sinkOf(path, table, { target: node.name, at: node.at, overwrite: false }, context)
  const columns = persistedColumns(table)
  const targets = query.schema.map((field) => columns.findIndex((column) => column.name === field.name))
  checkTypes(
    path,
    query,
    targets.map((target) => columns[target]!),
    node.query?.at ?? node.at,
  )
  const options: WriteOptions = { targets, fixed: new Map(), overwrite: false, onConflict: undefined, at: node.name.at }
  return writeInto({ path, table }, columns, query, options, context)
}

/** The columns that a table stores, which INSERT writes. */
function persistedColumns(table: Table): readonly PersistedColumn[] {
  return table.columns.filter(
    (column): column is PersistedColumn => column.kind === 'physical' || (column.kind === 'metadata' && !column.isVirtual),
  )
}

/** A sink node whose input has exactly the columns that the table stores. */
function writeInto(
  target: { readonly path: ObjectPath; readonly table: Table },
  columns: readonly PersistedColumn[],
  query: LogicalNode,
  { targets, fixed, overwrite, onConflict, at }: WriteOptions,
  context: BindContext,
): LogicalNode {
  const values = columns.map((column, i): Expr => {
    const source = targets.indexOf(i)
    if (source >= 0) return implicitCast(columnOf(query.schema, source), withNullability(column.type, query.schema[source]!.type.nullable))
    return fixed.get(i) ?? missingValue(column, at)
  })
  const names = columns.map((column) => column.name)
  const cast = project(query, values, names)
  const enforced = enforceNotNull(enforceNested(cast, columns, context), columns, context)
  const schema = columns.map(({ name, type }): Field => ({ name, type }))
  const partition = Object.fromEntries(
    Array.from(fixed, ([column, literal]) => [columns[column]!.name, formatValue(literal.type, literal.value)]),
  )
  return { kind: 'sink', input: enforced, target, overwrite, partition, ...(onConflict === undefined ? {} : { onConflict }), schema }
}

function missingValue(column: PersistedColumn, at: Position): Expr {
  if (!column.type.nullable) {
    throw userError(
      'sql/insert-not-null',
      `Cannot leave out column "${column.name}": it is NOT NULL and has no other value than one that INSERT gives`,
      at,
    )
  }
  return { kind: 'literal', type: column.type, value: null }
}

// --- checks ---

function sinkOf(path: ObjectPath, table: Table, node: Pick<Insert, 'target' | 'at' | 'overwrite'>, context: BindContext): SinkAbilities {
  const connector = connectorOf(path, table, context, node.target.at)
  if (connector.sink === undefined)
    throw userError('sql/no-sink', `Cannot write into "${path.name}": the connector "${connector.name}" only reads`, node.target.at)
  const abilities = connector.sink(table)
  for (const column of table.columns) {
    if (column.kind !== 'metadata' || column.isVirtual || abilities.metadata.some(({ key }) => key === column.key)) continue
    throw userError(
      'sql/unknown-metadata',
      `Cannot write column "${column.name}" of "${path.name}": "${connector.name}" has no writable metadata "${column.key}"; declare the column VIRTUAL`,
      node.target.at,
    )
  }
  if (table.distribution !== undefined) {
    throw userError(
      'plan/no-buckets',
      `Cannot write into "${path.name}": it is DISTRIBUTED into buckets, which the connector "${connector.name}" does not have`,
      node.target.at,
    )
  }
  if (node.overwrite && !abilities.canOverwrite) {
    throw userError('plan/no-overwrite', `Cannot overwrite "${path.name}": the connector "${connector.name}" only appends`, node.at)
  }
  if (node.overwrite && !isBatch(context)) {
    throw userError(
      'plan/overwrite-in-streaming',
      `Cannot overwrite "${path.name}" in streaming mode: a stream has no end at which the old rows could go; SET 'execution.runtime-mode' = 'batch'`,
      node.at,
    )
  }
  return abilities
}

/** The constant columns of PARTITION (k = v), by number. */
function bindPartition(
  path: ObjectPath,
  columns: readonly PersistedColumn[],
  node: Insert,
  abilities: SinkAbilities,
  context: BindContext,
): ReadonlyMap<number, Extract<Expr, { kind: 'literal' }>> {
  const fixed = new Map<number, Extract<Expr, { kind: 'literal' }>>()
  const object = context.env.catalogs.get(path)
  const partitionedBy = object.kind === 'table' ? object.partitionedBy : []
  for (const { column, value } of node.partition) {
    if (!partitionedBy.includes(column.name)) {
      const known =
        partitionedBy.length === 0
          ? 'the table has no partitions'
          : `it is partitioned by ${partitionedBy.map((name) => `"${name}"`).join(', ')}`
      throw userError('sql/unknown-column', `Cannot write partition "${column.name}" of "${path.name}": ${known}`, column.at)
    }
    if (!abilities.canPartition)
      throw userError('plan/no-partitions', `Cannot write partitions of "${path.name}": its connector knows none`, column.at)
    if (value === undefined) continue
    partitionText(value, value.at)
    const index = columns.findIndex(({ name }) => name === column.name)
    const target = columns[index]!
    const bound = buildCast(bindExpression(value, { context, scope: emptyScope, clause: 'PARTITION' }), target.type, 'cast', value.at)
    const constant = bound.kind === 'literal' ? bound.value : interpret(bound, [], planningContext(context.env))
    fixed.set(index, { kind: 'literal', type: withNullability(target.type, constant === null), value: constant })
  }
  return fixed
}

function targetColumns(
  path: ObjectPath,
  table: Table,
  columns: readonly PersistedColumn[],
  fixed: ReadonlyMap<number, Expr>,
  node: Insert,
): readonly number[] {
  if (node.columns.length === 0) return columns.flatMap((_, i) => (fixed.has(i) ? [] : [i]))
  const seen = new Set<number>()
  return node.columns.map((name) => {
    const index = findTarget(path, table, columns, name)
    const last = name.parts.at(-1)!
    if (seen.has(index)) throw userError('sql/duplicate-column', `Cannot write column "${last.name}": it is named twice`, last.at)
    if (fixed.has(index))
      throw userError('sql/duplicate-column', `Cannot write column "${last.name}": PARTITION gives its value already`, last.at)
    seen.add(index)
    return index
  })
}

function findTarget(path: ObjectPath, table: Table, columns: readonly PersistedColumn[], name: QualifiedName): number {
  const last: Identifier = name.parts.at(-1)!
  if (name.parts.length > 1)
    throw userError('sql/unknown-column', `Cannot write "${nameText(name)}": INSERT takes names of whole columns`, name.at)
  const index = columns.findIndex((column) => column.name === last.name)
  if (index >= 0) return index
  const other = table.columns.find((column) => column.name === last.name)
  if (other !== undefined)
    throw userError(
      'sql/not-writable',
      `Cannot write column "${last.name}" of "${path.name}": it is ${other.kind === 'computed' ? 'computed' : 'VIRTUAL metadata'}`,
      last.at,
    )
  const names = columns.map((column) => column.name)
  const list = names.map((known) => `"${known}"`).join(', ')
  throw userError(
    'sql/unknown-column',
    `Cannot find column "${last.name}": "${path.name}" has ${list}${suggestion(last.name, names)}`,
    last.at,
  )
}

function checkTypes(path: ObjectPath, query: LogicalNode, targets: readonly PersistedColumn[], at: Position): void {
  const { schema } = query
  if (schema.length !== targets.length) {
    throw mismatch(
      'sql/insert-columns',
      `the query has ${countOf(schema.length)}, wanted ${targets.length === 1 ? 'is' : 'are'} ${targets.length}`,
      path,
      query,
      targets,
      at,
    )
  }
  for (const [i, target] of targets.entries()) {
    const field = schema[i]
    assert(field !== undefined, 'the counts are equal')
    if (canCast(field.type, target.type, 'implicit')) continue
    const what = `column ${i + 1} of the query, "${field.name}" ${shownType(field.type)}, does not fit "${target.name}" ${shownType(target.type)}`
    throw mismatch('sql/insert-types', what, path, query, targets, at)
  }
}

function countOf(columns: number): string {
  return columns === 1 ? '1 column' : `${columns} columns`
}

function mismatch(
  code: string,
  what: string,
  path: ObjectPath,
  query: LogicalNode,
  targets: readonly PersistedColumn[],
  at: Position,
): RheoError {
  const list = (fields: readonly { readonly name: string; readonly type: Field['type'] }[]): string =>
    fields.map(({ name, type }) => `${name} ${shownType(type)}`).join(', ')
  return userError(
    code,
    `Cannot write into "${shortPath(path)}": ${what}; the query gives (${list(query.schema)}), the table takes (${list(targets)})`,
    at,
  )
}
