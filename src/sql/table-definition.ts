import { type Position, userError } from '../base/errors.ts'
import { suggestion } from '../base/nearest.ts'
import type { Schema } from '../catalog/schema.ts'
import type { Table, TableColumn, Watermark } from '../catalog/table.ts'
import { formatType, type SqlType, withNullability } from '../data/types.ts'
import type { Expr } from '../expr/expr.ts'
import { bindExpression } from './bind-expression.ts'
import { typeFromSyntax } from './bind-type.ts'
import type { BindContext } from './binder.ts'
import { scopeOf } from './scope.ts'
import type { Expression } from './syntax-query.ts'
import type { ColumnDefinition, Distribution, OptionNode, TableConstraint, WatermarkDefinition } from './syntax-definition.ts'
import type { Identifier, StringNode } from './syntax-type.ts'
import { unparseExpression } from './unparse.ts'
import { validatedForm } from './validated-form.ts'

/** The columns that expressions of a table may use: physical and metadata ones, for the watermark also computed ones. */
export function columnFields(columns: readonly TableColumn[], kinds: ReadonlySet<TableColumn['kind']>): Schema {
  return columns.filter((column) => kinds.has(column.kind)).map(({ name, type }) => ({ name, type }))
}

const stored: ReadonlySet<TableColumn['kind']> = new Set(['physical', 'metadata'])
const all: ReadonlySet<TableColumn['kind']> = new Set(['physical', 'metadata', 'computed'])

/**
 * Appends columns as CREATE TABLE and ALTER TABLE name them. Computed ones are bound over the stored columns of the whole table, so that they may
 * stand before what they use.
 *
 * @throws {RheoError} `sql/duplicate-column`, and what a computed column's expression has wrong.
 */
export function bindColumns(
  definitions: readonly ColumnDefinition[],
  inherited: readonly TableColumn[],
  context: BindContext,
): readonly TableColumn[] {
  checkDuplicates(definitions)
  const storedColumns = definitions.flatMap((definition) => storedColumn(definition) ?? [])
  const scope = columnFields([...inherited, ...storedColumns], stored)
  return definitions.map((definition) => {
    const column = storedColumn(definition)
    if (column !== undefined) return column
    if (definition.kind !== 'computed-column') throw userError('sql/syntax', 'Cannot understand the column', definition.at)
    const expr = bindTableExpression(definition.expression, scope, context, `the computed column "${definition.name.name}"`)
    return withComment(
      {
        kind: 'computed',
        name: definition.name.name,
        type: expr.type,
        expression: unparseExpression(validatedForm(definition.expression)),
      },
      definition.comment,
    )
  })
}

function checkDuplicates(definitions: readonly ColumnDefinition[]): void {
  const seen = new Map<string, Position>()
  for (const { name } of definitions) {
    const earlier = seen.get(name.name)
    if (earlier !== undefined) {
      throw userError(
        'sql/duplicate-column',
        `Cannot define column "${name.name}" twice: it stands at ${earlier.line}:${earlier.column} already`,
        name.at,
      )
    }
    seen.set(name.name, name.at)
  }
}

function storedColumn(definition: ColumnDefinition): TableColumn | undefined {
  const { name } = definition.name
  switch (definition.kind) {
    case 'physical-column':
      return withComment({ kind: 'physical', name, type: typeFromSyntax(definition.type) }, definition.comment)
    case 'metadata-column': {
      const key = definition.from?.value ?? name
      return withComment(
        { kind: 'metadata', name, type: typeFromSyntax(definition.type), key, isVirtual: definition.virtual },
        definition.comment,
      )
    }
    case 'computed-column':
      return undefined
  }
}

function withComment<T extends TableColumn>(column: T, comment: StringNode | undefined): T {
  return comment === undefined ? column : { ...column, comment: comment.value }
}

function bindTableExpression(expression: Expression, fields: Schema, context: BindContext, clause: string): Expr {
  return bindExpression(expression, { context, scope: scopeOf(fields), clause })
}

/**
 * @throws {RheoError} `sql/unknown-column`, `sql/watermark-type` when column or expression are not of type TIMESTAMP(0..3) or TIMESTAMP_LTZ(0..3).
 */
export function bindWatermark(definition: WatermarkDefinition, columns: readonly TableColumn[], context: BindContext): Watermark {
  const [first, nested] = definition.column.parts
  const name = first?.name ?? ''
  if (nested !== undefined) {
    throw userError(
      'sql/watermark-column',
      `Cannot put a watermark on "${name}.${nested.name}": wanted is a column of the table itself, such as a computed one`,
      definition.column.at,
    )
  }
  const column = findColumn(name, columns, definition.column.at, 'put a watermark on')
  if (!isEventTime(column.type)) {
    throw userError(
      'sql/watermark-type',
      `Cannot put a watermark on "${name}": it is ${formatType(column.type)}, wanted is TIMESTAMP(0..3) or TIMESTAMP_LTZ(0..3)`,
      definition.column.at,
    )
  }
  const expr = bindTableExpression(definition.expression, columnFields(columns, all), context, 'WATERMARK')
  if (!isEventTime(expr.type)) {
    throw userError(
      'sql/watermark-type',
      `Cannot use this watermark of "${name}": its type is ${formatType(expr.type)}, wanted is TIMESTAMP(0..3) or TIMESTAMP_LTZ(0..3)`,
      definition.expression.at,
    )
  }
  return { column: name, expression: unparseExpression(validatedForm(definition.expression)) }
}

function isEventTime(type: SqlType): boolean {
  return (type.kind === 'TIMESTAMP' || type.kind === 'TIMESTAMP_LTZ') && type.precision <= 3
}

export function findColumn(name: string, columns: readonly TableColumn[], at: Position, verb: string): TableColumn {
  const column = columns.find((each) => each.name === name)
  if (column !== undefined) return column
  const names = columns.map((each) => each.name)
  throw userError(
    'sql/unknown-column',
    `Cannot ${verb} "${name}": the table has ${names.map((each) => `"${each}"`).join(', ')}${suggestion(name, names)}`,
    at,
  )
}

export interface KeyedColumns {
  readonly columns: readonly TableColumn[]
  readonly primaryKey: NonNullable<Table['primaryKey']> | undefined
}

/** Constraints behind columns and of the table; the columns of the key become NOT NULL, but those that are `inherited` have to be it. */
export function bindConstraints(
  constraints: readonly TableConstraint[],
  columns: readonly TableColumn[],
  inherited: readonly TableColumn[] = [],
): KeyedColumns {
  const [first, second] = constraints
  if (first === undefined) return { columns, primaryKey: undefined }
  if (first.type === 'UNIQUE')
    throw userError('sql/unique-constraint', 'Cannot declare UNIQUE: only PRIMARY KEY ... NOT ENFORCED is known', first.at)
  if (second !== undefined) throw userError('sql/duplicate-key', 'Cannot declare a second key: a table has one PRIMARY KEY', second.at)
  if (first.enforced !== false) {
    throw userError(
      'sql/enforced-key',
      'Cannot enforce the PRIMARY KEY: the data belongs to another system; wanted is PRIMARY KEY (...) NOT ENFORCED',
      first.at,
    )
  }
  const names = first.columns.map((column) => column.name)
  for (const [i, column] of first.columns.entries()) {
    if (names.indexOf(column.name) < i)
      throw userError('sql/duplicate-column', `Cannot name "${column.name}" twice in the PRIMARY KEY`, column.at)
    const found = findColumn(column.name, columns, column.at, 'make a key of')
    if (found.kind !== 'physical') {
      throw userError(
        'sql/key-column',
        `Cannot make a key of "${column.name}": it is a ${found.kind} column, wanted is a physical one`,
        column.at,
      )
    }
    if (found.type.nullable && inherited.includes(found)) {
      throw userError(
        'sql/key-column',
        `Cannot make a key of "${column.name}": in the base table it may be NULL, wanted is a column that is NOT NULL there`,
        column.at,
      )
    }
  }
  return {
    columns: columns.map((column) => (names.includes(column.name) ? { ...column, type: withNullability(column.type, false) } : column)),
    primaryKey: first.name === undefined ? { columns: names } : { name: first.name.name, columns: names },
  }
}

export function bindPartitions(names: readonly Identifier[], columns: readonly TableColumn[]): readonly string[] {
  for (const { name, at } of names) findColumn(name, columns, at, 'partition by')
  return names.map(({ name }) => name)
}

export function bindDistribution(distribution: Distribution, columns: readonly TableColumn[]): NonNullable<Table['distribution']> {
  for (const { name, at } of distribution.columns) findColumn(name, columns, at, 'distribute by')
  if (distribution.buckets !== undefined && distribution.buckets < 1)
    throw userError('sql/distribution', `Cannot distribute into ${distribution.buckets} buckets: at least 1 was wanted`, distribution.at)
  const kind = distribution.method === 'HASH' ? 'hash' : distribution.method === 'RANGE' ? 'range' : 'unknown'
  const bound = { kind, columns: distribution.columns.map(({ name }) => name) } as const
  return distribution.buckets === undefined ? bound : { ...bound, buckets: distribution.buckets }
}

/** WITH options by key; the last of equal keys wins, as in Flink. */
export function bindOptions(options: readonly OptionNode[]): ReadonlyMap<string, string> {
  return new Map(options.map(({ key, value }) => [key.value, value.value]))
}
