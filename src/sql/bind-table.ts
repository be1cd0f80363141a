import { assert } from '../base/assert.ts'
import { type Position, RheoError, userError } from '../base/errors.ts'
import { suggestion } from '../base/nearest.ts'
import { shortPath } from '../catalog/catalog.ts'
import type { Connector } from '../catalog/connector.ts'
import { inTable } from '../catalog/options.ts'
import type { Field, Schema } from '../catalog/schema.ts'
import type { ObjectPath, Table, TableColumn } from '../catalog/table.ts'

import { canCast } from '../expr/cast.ts'
import { type Expr, children, withChildren } from '../expr/expr.ts'
import { project } from '../plan/build.ts'
import type { LogicalNode } from '../plan/logical.ts'
import { bindExpression, buildCast, shownType } from './bind-expression.ts'
import { type BindContext, isBatch } from './binder.ts'
import { parseExpression } from './parser.ts'
import { scopeOf } from './scope.ts'
import type { Expression } from './syntax-query.ts'

/** The connector of a table; `sql/missing-option` without one, `sql/unknown-connector` when nobody knows it. */
export function connectorOf(path: ObjectPath, table: Table, context: BindContext, at: Position | undefined): Connector {
  const name = table.options.get('connector')
  const { connectors } = context.env
  if (name === undefined) {
    throw userError(
      'sql/missing-option',
      `Cannot use table "${shortPath(path)}": its WITH (...) has no option "connector"; there are ${connectors
        .names()
        .map((known) => `"${known}"`)
        .join(', ')}`,
      table.place?.position ?? at,
    )
  }
  const connector = connectors.get(name)
  if (connector === undefined) {
    const near = suggestion(name, connectors.names())
    const hint =
      near === ''
        ? `; there are ${connectors
            .names()
            .map((known) => `"${known}"`)
            .join(', ')}`
        : near
    throw userError(
      'sql/unknown-connector',
      `Cannot use table "${shortPath(path)}": there is no connector "${name}"${hint}`,
      (table.optionPlaces?.get('connector') ?? table.place)?.position ?? at,
    )
  }
  return connector
}

/** A table as FROM reads it: the columns that its source has, then metadata and computed columns, then its watermark. */
export function bindTable(path: ObjectPath, table: Table, context: BindContext, at: Position | undefined): LogicalNode {
  const connector = connectorOf(path, table, context, at)
  if (connector.source === undefined)
    throw userError('sql/no-source', `Cannot read table "${shortPath(path)}": the connector "${connector.name}" only writes`, at)
  const abilities = withPlace(table, at, () => connector.source!(table))
  const physical = table.columns.filter((column) => column.kind === 'physical')
  const metadata = table.columns.filter((column) => column.kind === 'metadata')
  const metadataFields = metadata.map((column): Field => {
    const known = abilities.metadata.find(({ key }) => key === column.key)
    if (known === undefined) {
      const keys = abilities.metadata.map(({ key }) => key)
      const hint =
        keys.length === 0
          ? `"${connector.name}" has none`
          : `there are ${keys.map((key) => `"${key}"`).join(', ')}${suggestion(column.key, keys)}`
      throw userError(
        'sql/unknown-metadata',
        `Cannot read column "${column.name}" of "${shortPath(path)}": there is no metadata "${column.key}"; ${hint}`,
        table.place?.position ?? at,
      )
    }
    return { name: column.name, type: known.type }
  })
  const scan: LogicalNode = {
    kind: 'scan',
    source: { path, table },
    columns: physical.map((column) => column.name),
    metadata: metadata.map((column) => column.key),
    schema: [...physical.map(({ name, type }): Field => ({ name, type })), ...metadataFields],
  }
  const plan = withPlace(table, at, () => addColumns(scan, table, context))
  return isBatch(context) ? plan : withPlace(table, at, () => addWatermark(plan, table, context))
}

/** The columns of a table as CREATE TABLE says, without a word with its connector. */
export function declaredSchema(path: ObjectPath, table: Table, context: BindContext): Schema {
  const stored = table.columns.filter((column) => column.kind !== 'computed')
  const scan: LogicalNode = {
    kind: 'scan',
    source: { path, table },
    columns: stored.map((column) => column.name),
    metadata: [],
    schema: stored.map(({ name, type }): Field => ({ name, type })),
  }
  const { schema } = withPlace(table, undefined, () => addColumns(scan, table, context))
  if (isBatch(context)) return schema
  return schema.map((field): Field => (field.name === table.watermark?.column ? { ...field, timeAttribute: 'rowtime' } : field))
}

/** Errors of a table's definition name the place of CREATE TABLE, or the table's use where that is not known. */
function withPlace<T>(table: Table, at: Position | undefined, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof RheoError) || error.place?.position !== undefined) throw error
    const placed = inTable(error, table)
    throw placed instanceof RheoError && placed.place === undefined && at !== undefined ? placed.at({ position: at }) : placed
  }
}

function addColumns(scan: LogicalNode, table: Table, context: BindContext): LogicalNode {
  if (table.columns.every((column) => column.kind === 'physical')) return scan
  const regular = table.columns.filter((column) => column.kind === 'metadata' || column.kind === 'physical')
  const declared = new Map(regular.map((column) => [column.name, regularColumn(scan, column)]))
  const schema = regular.map(({ name, type }): Field => ({ name, type }))
  const order = regular.map(({ name }) => declared.get(name)!)
  const projections = table.columns.map((column) => {
    if (column.kind !== 'computed') return declared.get(column.name)!
    const expression = bindCatalogText(column.expression, schema, `computed column "${column.name}"`, context)
    return substitute(expression, order)
  })
  const projected = project(
    scan,
    projections,
    table.columns.map((column) => column.name),
  )
  // What CREATE TABLE declares counts, also where the connector promises more.
  const fields = table.columns.map((column, i): Field =>
    column.kind === 'computed' ? projected.schema[i]! : { name: column.name, type: column.type },
  )
  return { ...projected, schema: fields }
}

/** A physical column, or a metadata column in its declared type. */
function regularColumn(scan: LogicalNode, column: TableColumn): Expr {
  const index = scan.schema.findIndex((field) => field.name === column.name)
  const field = scan.schema[index]
  assert(field !== undefined, 'a scan gives the regular columns')
  const reference: Expr = { kind: 'column', index, type: field.type }
  if (column.kind !== 'metadata' || shownType(field.type) === shownType(column.type)) return reference
  if (!canCast(field.type, column.type, 'explicit')) {
    throw userError(
      'sql/cast',
      `Cannot read column "${column.name}": its metadata is ${shownType(field.type)}, which does not cast to ${shownType(column.type)}`,
    )
  }
  return buildCast(reference, column.type, 'cast', NOWHERE)
}

const NOWHERE: Position = { offset: 0, length: 0, line: 1, column: 1 }

function substitute(expr: Expr, columns: readonly Expr[]): Expr {
  if (expr.kind === 'column') return columns[expr.index]!
  return withChildren(
    expr,
    children(expr).map((child) => substitute(child, columns)),
  )
}

function addWatermark(plan: LogicalNode, table: Table, context: BindContext): LogicalNode {
  const { watermark } = table
  if (watermark === undefined) return plan
  const timeColumn = plan.schema.findIndex((field) => field.name === watermark.column)
  assert(timeColumn >= 0, 'CREATE TABLE checked the watermark')
  const expression = bindCatalogText(watermark.expression, plan.schema, `watermark of "${watermark.column}"`, context)
  const schema = plan.schema.map((field, i): Field => (i === timeColumn ? { ...field, timeAttribute: 'rowtime' } : field))
  if (expression.kind === 'call' && expression.name === 'SOURCE_WATERMARK') {
    throw userError(
      'plan/source-watermark',
      `Cannot use SOURCE_WATERMARK() for "${watermark.column}": the connector of the table knows no watermarks, wanted is an expression over its columns`,
    )
  }
  return { kind: 'watermark', input: plan, timeColumn, expression, schema }
}

/** An expression that the catalog keeps as text. Its places would be those of that text, so it has none. */
function bindCatalogText(text: string, schema: Schema, clause: string, context: BindContext): Expr {
  try {
    return withoutPlaces(bindTableExpression(parseExpression(text), schema, clause, { ...context, expansion: undefined }))
  } catch (error) {
    throw error instanceof RheoError
      ? new RheoError(`${error.message} (in the ${clause})`, { code: error.code, domain: error.domain, cause: error })
      : error
  }
}

/** An expression over the columns of one table, as computed columns and watermarks are. */
export function bindTableExpression(node: Expression, schema: Schema, clause: string, context: BindContext): Expr {
  return bindExpression(node, { context, scope: scopeOf(schema), clause })
}

export function withoutPlaces(expr: Expr): Expr {
  const { at: _, ...rest } = withChildren(expr, children(expr).map(withoutPlaces))
  return rest
}
