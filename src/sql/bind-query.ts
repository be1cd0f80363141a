import { assert, unreachable } from '../base/assert.ts'
import { type Position, userError } from '../base/errors.ts'
import type { Field } from '../catalog/schema.ts'
import { shownType } from './bind-expression.ts'
import { withNullability } from '../data/types.ts'
import { commonType } from '../expr/coercion.ts'
import { implicitCast } from '../expr/resolve-call.ts'
import { columnOf, project, select } from '../plan/build.ts'
import { isMovedTime } from '../plan/moved-time.ts'
import type { LogicalNode, LogicalOf } from '../plan/logical.ts'
import type { SortKey } from '../plan/physical.ts'
import { chosenRows, countedRows, distinctRows } from '../plan/set-operations.ts'
import { bindExpression } from './bind-expression.ts'
import { bindObject, renamed } from './bind-from.ts'
import { type OrderedRows, ordinalOf, sortKey } from './bind-order.ts'
import { bindSelect } from './bind-select.ts'
import { bindValues } from './bind-values.ts'
import { type BindContext, isBatch, pathOf } from './binder.ts'
import { type Scope, emptyScope, scopeOf } from './scope.ts'
import type { Expression, Query, QueryBody, SetOperation, SortItem, With } from './syntax-query.ts'

/**
 * Binds a query: names to columns, types checked. `place`: where it stands; in a subquery an ORDER BY without LIMIT orders nothing.
 *
 * @param outer The scope around a subquery that may read the query around it.
 */
export function bindQuery(query: Query, context: BindContext, outer?: Scope, place: 'top' | 'inside' = 'inside'): LogicalNode {
  const inside = query.with === undefined ? context : bindWith(query.with, context)
  const { plan, keys, width } = bindOrderedBody(query, inside, outer)
  const offset = constantRows(query.offset, 'OFFSET', inside) ?? 0
  const count = constantRows(query.limit, 'LIMIT', inside)
  const isLimited = count !== undefined || offset > 0
  const shown = (node: LogicalNode): LogicalNode =>
    select(
      node,
      Array.from({ length: width }, (_, i) => i),
    )
  if (keys.length === 0)
    return isLimited ? { kind: 'sort', input: shown(plan), keys: [], offset, count, schema: plan.schema.slice(0, width) } : shown(plan)
  if (place === 'inside' && !isLimited) return shown(plan)
  if (!isBatch(inside) && count === undefined) checkStreamingOrder(query.orderBy, keys, plan, inside)
  return shown({ kind: 'sort', input: plan, keys, offset, count, schema: plan.schema })
}

function bindWith(clause: With, context: BindContext): BindContext {
  let inside = context
  for (const { name, columns, query } of clause.items) {
    if (clause.recursive && mentions(query, name.name)) {
      throw userError(
        'sql/recursive-with',
        `Cannot read "${name.name}" inside of itself: recursive queries have no plan, here nor in Flink`,
        name.at,
      )
    }
    const plan = bindQuery(query, { ...inside, expected: undefined })
    const twice = plan.schema.find((field, i) => plan.schema.findIndex((other) => other.name === field.name) < i)
    if (columns.length === 0 && twice !== undefined)
      throw userError(
        'sql/duplicate-column',
        `Cannot use "${name.name}" of WITH: its query has two columns "${twice.name}"; name its columns, "${name.name} (a, b) AS .."`,
        name.at,
      )
    const schema = renamed(plan.schema, columns, name.at)
    inside = {
      ...inside,
      commonTables: { name: name.name, plan: schema === plan.schema ? plan : { ...plan, schema }, outer: inside.commonTables },
    }
  }
  return inside
}

/** Whether a query names a table. */
function mentions(tree: unknown, name: string): boolean {
  if (Array.isArray(tree)) return tree.some((item: unknown) => mentions(item, name))
  if (typeof tree !== 'object' || tree === null) return false
  const node = tree as { readonly kind?: string; readonly name?: { readonly parts?: readonly { readonly name: string }[] } }
  if (node.kind === 'named-table' && node.name?.parts?.length === 1 && node.name.parts[0]?.name === name) return true
  return Object.values(tree).some((value: unknown) => mentions(value, name))
}

/** The body with what ORDER BY reads. */
function bindOrderedBody(query: Query, context: BindContext, outer: Scope | undefined): OrderedRows {
  const { body, orderBy } = query
  if (body.kind === 'select') return bindSelect(body, orderBy, context, outer, bindQuery)
  const plan = bindBody(body, context, outer)
  const keys = orderBy.map((item): SortKey => {
    const column = orderColumn(item.expression, plan, context)
    return sortKey(item, column, plan.schema[column]!.type)
  })
  return { plan, keys, width: plan.schema.length }
}

function bindBody(body: QueryBody, context: BindContext, outer: Scope | undefined): LogicalNode {
  switch (body.kind) {
    case 'select': {
      const { plan, width } = bindSelect(body, [], context, outer, bindQuery)
      return select(
        plan,
        Array.from({ length: width }, (_, i) => i),
      )
    }
    case 'set-operation':
      return bindSetOperation(body, context, outer)
    case 'values':
      return bindValues(body, context, bindQuery, outer)
    case 'table': {
      const { name, at } = body
      const common = name.parts.length === 1 ? context.commonTables : undefined
      for (let current = common; current !== undefined; current = current.outer)
        if (current.name === name.parts[0]!.name) return current.plan
      return bindObject(pathOf(name, context), { name, hints: [], at }, context, bindQuery)
    }
    case 'query':
      return bindQuery(body, context, outer)
    default:
      return unreachable(body)
  }
}

/** Of a query that is no SELECT only its own columns can be sorted by. */
function orderColumn(expression: Expression, plan: LogicalNode, context: BindContext): number {
  const ordinal = ordinalOf(expression, plan.schema.length)
  if (ordinal !== undefined) return ordinal
  const bound = bindExpression(expression, { context, scope: scopeOf(plan.schema), clause: 'ORDER BY' })
  if (bound.kind === 'column') return bound.index
  throw userError(
    'sql/order-by',
    'Cannot sort by this: behind a set operation or VALUES, ORDER BY takes names and numbers of columns',
    expression.at,
  )
}

function checkStreamingOrder(items: readonly SortItem[], keys: readonly SortKey[], plan: LogicalNode, context: BindContext): void {
  const [first] = keys
  const [item] = items
  if (first === undefined || item === undefined) return
  const { at } = item
  const attribute = first.order === 'ascending' ? plan.schema[first.column]?.timeAttribute : undefined
  if (attribute !== undefined) return
  context.refusals.addError(
    userError(
      'plan/order-by-needs-time',
      `Cannot sort by ${sortedBy(plan.schema[first.column]?.name)} in streaming mode: a stream has no last row; begin with a column with a watermark, ascending, or add LIMIT, or SET 'execution.runtime-mode' = 'batch'`,
      at,
    ),
  )
}

/** Columns that only ORDER BY reads have names of the binder's own. */
function sortedBy(name: string | undefined): string {
  return name === undefined || name.startsWith('$') ? 'this' : `"${name}"`
}

function constantRows(node: Expression | undefined, clause: string, context: BindContext): number | undefined {
  if (node === undefined) return undefined
  const value = bindExpression(node, { context, scope: emptyScope, clause })
  const rows = value.kind === 'literal' && (typeof value.value === 'number' || typeof value.value === 'bigint') ? Number(value.value) : -1
  if (!Number.isSafeInteger(rows) || rows < 0)
    throw userError('sql/row-count', `Cannot use this in ${clause}: wanted is a whole number of rows, such as ${clause} 10`, node.at)
  return rows
}

// --- set operations ---

function bindSetOperation(node: SetOperation, context: BindContext, outer: Scope | undefined): LogicalNode {
  const sides = node.operator === 'UNION' ? flattenUnion(node) : [node.left, node.right]
  const inputs = sides.map((side) => bindBody(side, context, outer))
  const union = unify(inputs, sides, node)
  if (node.operator === 'UNION') return node.all ? union : distinctRows(union)
  return node.all ? countedRows(union, node.operator) : chosenRows(union, node.operator)
}

/** The inputs of nested unions of one kind. */
function flattenUnion(node: SetOperation): readonly QueryBody[] {
  const parts = (side: QueryBody): readonly QueryBody[] =>
    side.kind === 'set-operation' && side.operator === 'UNION' && side.all === node.all ? flattenUnion(side) : [side]
  return [...parts(node.left), ...parts(node.right)]
}

/** UNION ALL of inputs, each cast to the common types; names are the first one's. */
function unify(inputs: readonly LogicalNode[], sides: readonly QueryBody[], node: SetOperation): LogicalOf<'union'> {
  const [first] = inputs
  assert(first !== undefined, 'a set operation has inputs')
  const { schema } = first
  const operation = `${node.operator}${node.all ? ' ALL' : ''}`
  inputs.forEach((input, i) => {
    if (input.schema.length === schema.length) return
    const names = (fields: LogicalNode['schema']): string => `${fields.length} (${fields.map((field) => field.name).join(', ')})`
    throw userError(
      'sql/column-count',
      `Cannot compute ${operation}: the first query has columns ${names(schema)}, another ${names(input.schema)}; they pair by their order`,
      sides[i]!.at,
    )
  })
  const fields = schema.map((field, column): Field => {
    const type = commonType(
      inputs.map((input) => input.schema[column]!.type),
      'query',
    )
    if (type === undefined) throw mixedTypes(operation, column, inputs, sides[sides.length - 1]!.at)
    const attribute = field.timeAttribute
    const keepsTime = attribute !== undefined && inputs.every((input) => input.schema[column]!.timeAttribute === attribute)
    if (keepsTime) return { name: field.name, type, timeAttribute: attribute }
    const areTimes = inputs.every((input) => isMovedTime(columnOf(input.schema, column), input.schema))
    return areTimes ? { name: field.name, type, movesTime: true } : { name: field.name, type }
  })
  return { kind: 'union', inputs: inputs.map((input) => castColumns(input, fields)), schema: fields }
}

function mixedTypes(operation: string, column: number, inputs: readonly LogicalNode[], at: Position): Error {
  const found = [...new Set(inputs.map((input) => shownType(input.schema[column]!.type)))].join(', ')
  return userError('sql/union-types', `Cannot compute ${operation}: column ${column + 1} is ${found}, types of one family were wanted`, at)
}

/** The input with its columns cast to the types of fields. */
export function castColumns(input: LogicalNode, fields: readonly Field[]): LogicalNode {
  const projections = fields.map((field, i) =>
    implicitCast(columnOf(input.schema, i), withNullability(field.type, input.schema[i]!.type.nullable)),
  )
  if (projections.every((projection) => projection.kind === 'column')) return input
  return project(
    input,
    projections,
    fields.map((field) => field.name),
  )
}
