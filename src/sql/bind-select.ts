import { type Position, userError } from '../base/errors.ts'
import type { Schema } from '../catalog/schema.ts'
import { withNullability } from '../data/types.ts'
import type { Expr } from '../expr/expr.ts'
import { implicitCast } from '../expr/resolve-call.ts'
import { conjuncts, expressionKey } from '../plan/expression-properties.ts'
import type { LogicalNode } from '../plan/logical.ts'
import type { SortKey } from '../plan/physical.ts'
import { checkLookupHints } from './lookup-hint.ts'
import { refuseEmit } from './emit-strategy.ts'
import { filterRows, projectRows } from '../plan/subqueries.ts'
import { timedBy } from '../plan/timed-join.ts'
import { isWindowAggregate, windowColumns } from '../plan/window-properties.ts'
import { AggregateCollector, type GroupKeys, aggregateNode } from './bind-aggregate.ts'
import { type GroupWindow, bindGroupWindow, findGroupWindow } from './bind-group-window.ts'
import { bindCondition, bindExpression, untypedNull } from './bind-expression.ts'
import { type BoundFrom, bindFrom } from './bind-from.ts'
import { checkHintedTables, checkHints, stateTtlOf, withStateTtl } from './bind-hints.ts'
import { OverCollector } from './bind-over.ts'
import { type OrderedRows, ordinalOf, sortKey } from './bind-order.ts'
import { oneRow } from './bind-values.ts'
import { type BindContext, isBatch } from './binder.ts'
import type { BindQuery, ExpressionContext } from './expression-context.ts'
import { bindGrouping, groupKeysOf } from './bind-grouping.ts'
import { durationText } from './bind-window.ts'
import { type Scope, emptyScope, findRelation, resolveName } from './scope.ts'
import type { Star } from './syntax-literal.ts'
import type { Expression, GroupBy, GroupingItem, Select, SelectItem, SortItem } from './syntax-query.ts'

interface Item {
  readonly expr: Expr
  readonly name: string
}

/** SELECT with all its clauses, in the order in which SQL evaluates them. */
export function bindSelect(
  node: Select,
  orderBy: readonly SortItem[],
  outside: BindContext,
  outer: Scope | undefined,
  bindQuery: BindQuery,
): OrderedRows {
  checkHints(node.hints)
  const { expected, ...rest } = outside
  const context: BindContext = { ...rest, lookupHints: checkLookupHints(node.hints) }
  const bound: BoundFrom =
    node.from === undefined ? { plan: oneRow, scope: { ...emptyScope, outer } } : bindFrom(node.from, context, bindQuery, outer)
  const scope = hasGroupingSets(node.groupBy) ? nullableScope(bound.scope) : bound.scope
  const tableNames = scope.relations.flatMap((relation) => relation.alias ?? [])
  checkHintedTables(node.hints, tableNames)
  const from: BoundFrom = node.hints.length === 0 ? bound : { ...bound, plan: withStateTtl(bound.plan, node.hints, tableNames) }
  const base: ExpressionContext = {
    context,
    scope,
    clause: 'SELECT',
    laterAliases: node.items.flatMap(({ alias }) => alias?.name ?? []),
    subquery: (query, inner) => bindQuery(query, context, inner),
  }
  const filtered =
    node.where === undefined ? from.plan : filterTimed(from.plan, bindCondition(node.where, { ...base, clause: 'WHERE' }), context)
  const { groups, window } = bindGroupBy(node.groupBy, filtered, base)
  const input = window?.plan ?? filtered
  const collector = new AggregateCollector(input.schema, groups.keys.length === 0 ? 'global' : 'grouped')
  const overs = new OverCollector(node.windows)
  const aggregating: ExpressionContext = {
    ...base,
    aggregate: collector.add,
    over: overs.add,
    grouping: bindGrouping(groups, collector.setNumber),
    ...(window === undefined ? {} : { groupWindow: window.property }),
  }
  const names = new Map<string, number>()
  const items = typedItems(
    node.items.flatMap((item, i) => bindItem(item, i, aggregating, { node, names })),
    expected,
    node,
  )
  const having = node.having === undefined ? undefined : bindCondition(node.having, { ...aggregating, over: undefined, clause: 'HAVING' })
  const qualify =
    node.qualify === undefined
      ? undefined
      : bindCondition(node.qualify, { ...aggregating, clause: 'QUALIFY', alias: aliasesOf(node, items) })
  const order = orderBy.map((item) => bindOrder(item, items, node, aggregating))
  if (qualify !== undefined && overs.isEmpty)
    throw userError(
      'sql/qualify-needs-over',
      'Cannot use QUALIFY: it chooses rows by a call with OVER, and there is none; use WHERE',
      node.qualify?.at,
    )
  const ranked = (plan: LogicalNode, rewrite: (expr: Expr) => Expr): OrderedRows => {
    const over = overs.build(plan, rewrite)
    const finish = (expr: Expr): Expr => over.rewrite(rewrite(expr))
    const kept = qualify === undefined ? over.plan : filterRows(over.plan, finish(qualify))
    const shown = items.map((item) => ({ ...item, expr: finish(item.expr) }))
    return projected(kept, { node, items: shown, order: order.map(finish), orderBy })
  }
  if (node.groupBy === undefined && collector.isEmpty && having === undefined) return ranked(input, (expr) => expr)
  const aggregate = collector.build(input, groups, stateTtlOf(node.hints, tableNames))
  if (window === undefined) checkWindows(aggregate, node, context)
  const rewrite = (expr: Expr): Expr => collector.rewrite(expr, groups)
  const kept = having === undefined ? aggregate : filterRows(aggregate, rewrite(having))
  return ranked(kept, rewrite)
}

/** Keeps the rows that fulfil WHERE. What it says of the event times of two tables makes them a join by event time. */
function filterTimed(plan: LogicalNode, condition: Expr, context: BindContext): LogicalNode {
  return filterRows(isBatch(context) ? plan : timedBy(plan, conjuncts(condition)), condition)
}

interface Rows {
  readonly node: Select
  readonly items: readonly Item[]
  readonly order: readonly Expr[]
  readonly orderBy: readonly SortItem[]
}

/** The columns of SELECT, DISTINCT or not, and behind them what only ORDER BY reads. */
function projected(input: LogicalNode, { node, items, order, orderBy }: Rows): OrderedRows {
  const projections = items.map((item) => item.expr)
  const names = items.map((item) => item.name)
  const columns = order.map((expr, i) => {
    const known = projections.findIndex((projection) => expressionKey(projection) === expressionKey(expr))
    if (known >= 0) return known
    if (node.quantifier === 'DISTINCT')
      throw userError('sql/order-by', 'Cannot sort by this: with SELECT DISTINCT, ORDER BY takes columns of SELECT', orderBy[i]!.at)
    projections.push(expr)
    names.push(`$order${i}`)
    return projections.length - 1
  })
  const keys = columns.map((column, i): SortKey => sortKey(orderBy[i]!, column, order[i]!.type))
  const plan = projectRows(input, projections, names)
  if (node.quantifier !== 'DISTINCT') return { plan, keys, width: items.length }
  return {
    plan: aggregateNode(
      plan,
      plan.schema.map((_, i) => i),
      [],
      undefined,
    ),
    keys,
    width: items.length,
  }
}

// --- SELECT ---

interface SelectList {
  readonly node: Select
  /** Those of the columns so far, with how often `*` has met them. */
  readonly names: Map<string, number>
}

function bindItem(item: SelectItem, index: number, where: ExpressionContext, list: SelectList): readonly Item[] {
  const { expression, alias } = item
  if (expression.kind === 'star') return expandStar(expression, where, list)
  const expr = bindExpression(expression, where)
  const name = alias?.name ?? impliedName(expression) ?? `EXPR$${index}`
  if (!list.names.has(name)) list.names.set(name, 0)
  return [{ expr, name }]
}

/** A plain reference keeps its name; a field of a value that is computed has none. */
function impliedName(expression: Expression): string | undefined {
  return expression.kind === 'column' ? expression.parts.at(-1)!.name : undefined
}

function expandStar(star: Star, where: ExpressionContext, { node, names }: SelectList): readonly Item[] {
  const { scope, context } = where
  const { qualifier, at } = star
  if (node.from === undefined) throw userError('sql/star', 'Cannot use *: there is no FROM whose columns it would stand for', at)
  const relation = qualifier.length === 0 ? undefined : findRelation(qualifier, scope, at)
  if (qualifier.length > 0 && relation === undefined) return expandRow(star, scope)
  const relations = relation === undefined ? scope.relations : [{ ...relation, hidden: undefined }]
  const qualified: { readonly parts: readonly string[]; readonly name: string }[] = []
  const columns = relations.flatMap(({ fields, offset, alias, hidden }) =>
    fields.flatMap((field, i) => (hidden?.has(i) === true ? [] : [{ field, index: offset + i, alias }])),
  )
  const order = relation === undefined ? (scope.first ?? []) : []
  const first = order.flatMap((index) => columns.filter((column) => column.index === index))
  const sorted = [...first, ...columns.filter((column) => !order.includes(column.index))]
  for (const { fields, hidden } of relations) checkStarNames(fields, hidden, at)
  const items = sorted.map(({ field, index, alias }): Item => {
    const name = unusedName(field.name, names)
    qualified.push({ parts: alias === undefined ? [field.name] : [alias, field.name], name })
    return { expr: { kind: 'column', index, type: field.type, at }, name }
  })
  context.expansion?.star(star, qualified)
  return items
}

/** Columns of one name in one table, which `*` would have to name. */
function checkStarNames(fields: Schema, hidden: ReadonlySet<number> | undefined, at: Position): void {
  const seen = new Set<string>()
  for (const [i, { name }] of fields.entries()) {
    if (hidden?.has(i) === true) continue
    if (seen.has(name))
      throw userError(
        'sql/ambiguous-column',
        `Cannot tell which column "${name}" is: * means several columns of that name; give them aliases`,
        at,
      )
    seen.add(name)
  }
}

/** `row.*`: the fields of a ROW. */
function expandRow(star: Star, scope: Scope): readonly Item[] {
  const { expr } = resolveName(star.qualifier, scope, star.at)
  const { type } = expr
  if (type.kind !== 'ROW')
    throw userError(
      'sql/not-a-row',
      `Cannot expand "${star.qualifier.map((part) => part.name).join('.')}.*": it is ${type.kind}, a table or ROW was wanted`,
      star.at,
    )
  return type.fields.map((field, index): Item => {
    const nullable = field.type.nullable || type.nullable
    return { expr: { kind: 'field', base: expr, index, type: { ...field.type, nullable }, at: star.at }, name: field.name }
  })
}

/** Of equal names in a list with `*` the second is `id0`, the third `id1`. */
function unusedName(name: string, used: Map<string, number>): string {
  const count = used.get(name)
  if (count === undefined) {
    used.set(name, 0)
    return name
  }
  used.set(name, count + 1)
  return unusedName(`${name}${count}`, used)
}

/** A bare NULL has a type only where INSERT puts it into a column. */
function typedItems(items: readonly Item[], expected: BindContext['expected'], node: Select): readonly Item[] {
  return items.map((item, i) => {
    if (item.expr.type.kind !== 'NULL') return item
    const type = expected?.[i]
    if (type === undefined) throw untypedNull(item.expr.at ?? node.at)
    return { ...item, expr: implicitCast(item.expr, type) }
  })
}

// --- GROUP BY ---

interface Grouping {
  readonly groups: GroupKeys
  readonly window: GroupWindow | undefined
}

function bindGroupBy(groupBy: GroupBy | undefined, input: LogicalNode, base: ExpressionContext): Grouping {
  if (groupBy === undefined) return { groups: { keys: [], sets: [[]] }, window: undefined }
  const where: ExpressionContext = { ...base, clause: 'GROUP BY' }
  const call = findGroupWindow(groupBy)
  const others = groupBy.items.filter((item) => item.kind !== 'expression' || item.expression !== call)
  const groups = groupKeysOf(groupBy, others, (item) => bindGroupingItem(item, where))
  if (call === undefined) return { groups, window: undefined }
  const { keys, sets } = groups
  const window = bindGroupWindow(call, keys, input, where)
  const places = window.keys.map((_, i) => keys.length + i)
  return { groups: { keys: [...keys, ...window.keys], sets: sets.map((set) => [...set, ...places]) }, window }
}

function bindGroupingItem(item: GroupingItem, where: ExpressionContext): readonly Expr[] {
  switch (item.kind) {
    case 'expression': {
      const { expression } = item
      if (expression.kind === 'row' && expression.form === 'PARENTHESES') return expression.values.map((value) => bindKey(value, where))
      return [bindKey(expression, where)]
    }
    case 'set':
      return item.expressions.map((expression) => bindKey(expression, where))
    case 'grouping-sets':
    case 'rollup':
    case 'cube':
      return item.items.flatMap((inner) => bindGroupingItem(inner, where))
  }
}

function hasGroupingSets(groupBy: GroupBy | undefined): boolean {
  return groupBy !== undefined && groupBy.items.some((item) => item.kind !== 'expression' && item.kind !== 'set')
}

/** A key is NULL in the rows of a grouping set without it, whatever its column says. */
function nullableScope(scope: Scope): Scope {
  const relations = scope.relations.map((relation) => ({
    ...relation,
    fields: relation.fields.map((field) => ({ ...field, type: withNullability(field.type, true) })),
  }))
  return { ...scope, relations }
}

function bindKey(expression: Expression, where: ExpressionContext): Expr {
  const key = bindExpression(expression, where)
  if (key.type.kind === 'NULL') throw untypedNull(expression.at)
  return key
}

function checkWindows(aggregate: LogicalNode, node: Select, context: BindContext): void {
  if (aggregate.kind !== 'aggregate') return
  const columns = windowColumns(aggregate.input)
  if (columns === undefined || !isWindowAggregate(aggregate, columns)) return
  if (columns.groupWindow === undefined) refuseEmit(node.groupBy?.at ?? node.at, context)
  if (columns.window.kind !== 'hop') return
  const { sizeMs, slideMs } = columns.window
  if (sizeMs % slideMs === 0) return
  throw userError(
    'plan/window-size',
    `Cannot aggregate HOP windows: the size of ${durationText(sizeMs)} is no multiple of the slide of ${durationText(slideMs)}`,
    node.groupBy?.at ?? node.at,
  )
}

// --- ORDER BY ---

/** A number is a column of SELECT, a name first an alias of SELECT; all else is read as in SELECT. */
function bindOrder(item: SortItem, items: readonly Item[], node: Select, where: ExpressionContext): Expr {
  const ordinal = ordinalOf(item.expression, items.length)
  if (ordinal !== undefined) return items[ordinal]!.expr
  return bindExpression(item.expression, { ...where, clause: 'ORDER BY', alias: aliasesOf(node, items) })
}

function aliasesOf(node: Select, items: readonly Item[]): (name: string) => Expr | undefined {
  const written = new Set(node.items.flatMap((item) => item.alias?.name ?? []))
  return (name) => (written.has(name) ? items.find((item) => item.name === name)?.expr : undefined)
}
