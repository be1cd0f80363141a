import { type Position, type RheoError, userError } from '../base/errors.ts'
import type { Field } from '../catalog/schema.ts'
import { typesEqual, withNullability } from '../data/types.ts'
import { isText } from '../expr/coercion.ts'
import { type Expr, mapColumns } from '../expr/expr.ts'
import { allColumns, filter } from '../plan/build.ts'
import { columnsOf, conjunction, conjuncts, isDeterministic, readsNoColumns } from '../plan/expression-properties.ts'
import { joinKeys } from '../plan/join-keys.ts'
import type { LogicalNode, LogicalOf } from '../plan/logical.ts'
import type { LookupOptions, TableReference } from '../plan/physical.ts'
import { hasSubquery } from '../plan/subqueries.ts'
import type { BindContext } from './binder.ts'
import type { Join } from './syntax-query.ts'

/** Where a lookup join stands. */
export interface LookupPlace {
  readonly item: Join
  /** The table's name in the query. */
  readonly name: string
  readonly options: LookupOptions
}

/**
 * Turns a join with a table as of processing time into lookups: the equalities of ON that compare columns of the table with values of the row are what is asked by, what
 * else ON says of the table's rows chooses among the answers.
 *
 * @throws {RheoError} `plan/no-lookup` when the table cannot be asked, `plan/lookup-needs-key`, `plan/lookup-join-type`.
 */
export function lookupJoin(join: LogicalOf<'join'>, { item, name, options }: LookupPlace, context: BindContext): LogicalNode {
  const { joinType, schema } = join
  if (joinType !== 'inner' && joinType !== 'left') {
    throw userError(
      'plan/lookup-join-type',
      `Cannot look up rows of "${name}" in a ${item.type} JOIN: only rows of the left side can be looked up for, so JOIN or LEFT JOIN was wanted`,
      item.at,
    )
  }
  if (join.condition !== undefined && hasSubquery(join.condition))
    throw userError(
      'plan/lookup-condition',
      `Cannot look up rows of "${name}" by a subquery: in ON comparisons of columns were wanted; write it in WHERE`,
      item.condition?.at ?? item.at,
    )
  const table = lookedUpTable(join.inputs[1])
  if (table === undefined) throw noLookup(name, 'rows of a table were wanted, without metadata columns', item.right.at)
  const width = join.inputs[0].schema.length
  const found = splitCondition(join, table)
  checkKeys(table, found.keyColumns, name, item.right.at, context)
  const { source, columns, projections } = table
  const rowCondition = conjunction([...table.conditions, ...found.ofTable])
  const condition = conjunction(found.residual)
  const input = found.ofInput.length === 0 ? join.inputs[0] : filter(join.inputs[0], conjunction(found.ofInput)!)
  return {
    kind: 'lookup-join',
    joinType,
    input,
    keyColumns: found.keyColumns,
    values: found.values,
    ...(condition === undefined ? {} : { condition }),
    source,
    columns,
    ...(rowCondition === undefined ? {} : { rowCondition }),
    projections,
    options,
    // The rows of the left side stay in their order, and so do their times.
    schema: schema.map((field, i): Field => (i < width ? { ...join.inputs[0].schema[i]!, name: field.name } : field)),
  }
}

export function noLookup(name: string, why: string, at: Position | undefined): RheoError {
  return userError('plan/no-lookup', `Cannot look up rows of "${name}" as they come: ${why}`, at)
}

/** A table with what its definition computes, over its physical columns. */
interface Table {
  readonly source: TableReference
  readonly columns: readonly string[]
  readonly conditions: readonly Expr[]
  readonly projections: readonly Expr[]
}

function lookedUpTable(node: LogicalNode): Table | undefined {
  switch (node.kind) {
    case 'scan':
      if (node.metadata.length > 0) return undefined
      return { source: node.source, columns: node.columns, conditions: [], projections: allColumns(node.schema) }
    case 'watermark':
      return lookedUpTable(node.input)
    case 'filter': {
      const below = lookedUpTable(node.input)
      return below === undefined ? undefined : { ...below, conditions: [...below.conditions, substitute(node.condition, below)] }
    }
    case 'project': {
      const below = lookedUpTable(node.input)
      if (below === undefined) return undefined
      return { ...below, projections: node.projections.map((projection) => substitute(projection, below)) }
    }
    default:
      return undefined
  }
}

function substitute(expr: Expr, { projections }: Table): Expr {
  return mapColumns(expr, (column) => projections[column.index]!)
}

interface SplitCondition {
  readonly keyColumns: number[]
  readonly values: Expr[]
  /** Over the physical columns of the table. */
  readonly ofTable: Expr[]
  readonly ofInput: Expr[]
  readonly residual: Expr[]
}

function splitCondition(join: LogicalOf<'join'>, table: Table): SplitCondition {
  const width = join.inputs[0].schema.length
  const result: SplitCondition = { keyColumns: [], values: [], ofTable: [], ofInput: [], residual: [] }
  for (const part of join.condition === undefined ? [] : conjuncts(join.condition)) {
    const key = keyOf(part, join, table) ?? constantKey(part, width, table)
    const columns = [...columnsOf(part)]
    if (key !== undefined && !result.keyColumns.includes(key.column)) {
      result.keyColumns.push(key.column)
      result.values.push(key.value)
    } else if (isDeterministic(part) && columns.length > 0 && columns.every((column) => column >= width)) {
      result.ofTable.push(substitute(shifted(part, width), table))
    } else if (isDeterministic(part) && join.joinType === 'inner' && columns.every((column) => column < width)) result.ofInput.push(part)
    else result.residual.push(part)
  }
  return result
}

interface Key {
  /** Among the physical columns. */
  readonly column: number
  /** Over the left side, or a constant. */
  readonly value: Expr
}

/** `row = column of the table`, where they are of one type. */
function keyOf(part: Expr, join: LogicalOf<'join'>, table: Table): Key | undefined {
  const { left, right, nullSafe } = joinKeys({ ...join, condition: part })
  const [value] = left
  const [column] = right
  if (value === undefined || column?.kind !== 'column' || nullSafe[0] === true) return undefined
  const shown = table.projections[column.index]
  return shown?.kind === 'column' ? { column: shown.index, value } : undefined
}

/** `column of the table = constant`. */
function constantKey(part: Expr, width: number, table: Table): Key | undefined {
  if (part.kind !== 'call' || part.name !== '=') return undefined
  const column = part.args.find((arg) => arg.kind === 'column' && arg.index >= width)
  const value = part.args.find((arg) => arg !== column && readsNoColumns(arg))
  if (column?.kind !== 'column' || value === undefined || !isDeterministic(value)) return undefined
  const isAlike =
    typesEqual(withNullability(column.type, true), withNullability(value.type, true)) || (isText(column.type) && isText(value.type))
  const shown = table.projections[column.index - width]
  return isAlike && shown?.kind === 'column' ? { column: shown.index, value } : undefined
}

function shifted(expr: Expr, width: number): Expr {
  return mapColumns(expr, (column) => ({ ...column, index: column.index - width }))
}

function checkKeys(table: Table, keyColumns: readonly number[], name: string, at: Position, { env }: BindContext): void {
  const { options } = table.source.table
  const connector = options.get('connector') ?? ''
  const abilities = env.connectors.get(connector)?.lookup?.(table.source.table)
  if (abilities === undefined)
    throw noLookup(name, `the connector "${connector}" gives whole tables only, with these options; use a regular join`, at)
  if (keyColumns.length === 0) {
    throw userError(
      'plan/lookup-needs-key',
      `Cannot look up rows of "${name}": ON has no equality of one of its columns, as it is, with a value of the same type of the row that comes`,
      at,
    )
  }
  const { keys } = abilities
  const names = keyColumns.map((column) => table.columns[column]!)
  if (keys === 'any' || keys.some((key) => key.every((column) => names.includes(column)))) return
  throw userError(
    'plan/lookup-needs-key',
    `Cannot look up rows of "${name}" by ${names.join(', ')}: its connector "${connector}" finds rows by ${keys.map((key) => key.join(', ')).join(' or ')}`,
    at,
  )
}
