import { assert } from '../base/assert.ts'
import { type RheoError, userError } from '../base/errors.ts'
import type { Field, Schema } from '../catalog/schema.ts'
import { unorderedPart } from '../data/order-key.ts'
import { types, withNullability } from '../data/types.ts'
import { lookupAggregate, typeOverNoRows } from '../expr/aggregates.ts'
import type { AggregateCall } from '../expr/aggregate.ts'
import { type Expr, children, withChildren } from '../expr/expr.ts'
import { argInfo, buildCall } from '../expr/resolve-call.ts'
import { columnOf } from '../plan/build.ts'
import { expressionKey } from '../plan/expression-properties.ts'
import type { LogicalNode, LogicalOf } from '../plan/logical.ts'
import { projectRows } from '../plan/subqueries.ts'
import { isWindowAggregate, windowColumns } from '../plan/window-properties.ts'
import { aggregateArguments } from './bind-aggregate-arguments.ts'
import { overCall } from './over-result.ts'
import { bindCondition, bindExpression, shownType } from './bind-expression.ts'
import { noOrder, sortKey } from './bind-order.ts'
import type { ExpressionContext } from './expression-context.ts'
import type { Call } from './syntax-query.ts'
import { unparseExpression } from './unparse.ts'

interface CollectedCall {
  readonly name: string
  readonly args: readonly Expr[]
  readonly distinct: boolean
  readonly filter: Expr | undefined
  readonly options: readonly string[]
  readonly type: AggregateCall['type']
}

/**
 * Gathers the aggregate calls of one SELECT. While its expressions are bound over the input, a call stands as the column behind the input's last one; `rewrite` then turns
 * the expressions into ones over the aggregate's output.
 */
export class AggregateCollector {
  readonly #input: Schema
  readonly #calls: CollectedCall[] = []
  readonly #isGlobal: boolean

  /** @param grouping `global`: there is no GROUP BY, so an aggregate may see no row. */
  constructor(input: Schema, grouping: 'global' | 'grouped') {
    this.#input = input
    this.#isGlobal = grouping === 'global'
  }

  get isEmpty(): boolean {
    return this.#calls.length === 0
  }

  /** Binds a call and gives what stands for its result. */
  readonly add = (node: Call, where: ExpressionContext): Expr => {
    const { aggregate: _, over: _over, ...inside } = where
    if (isOrdered(node)) return this.#inOrder(node, inside, where)
    const { args, call, type: resolved } = resolveAggregate(node, inside)
    return this.#call({ args, call, type: resolved }, node, inside)
  }

  #call({ args, call, type: resolved }: ResolvedAggregate, node: Call, inside: ExpressionContext): Expr {
    const filter = node.filter === undefined ? undefined : bindCondition(node.filter, { ...inside, clause: 'FILTER' })
    const type = this.#isGlobal || filter !== undefined ? typeOverNoRows(call.name, resolved) : resolved
    const index = this.#find({ name: call.name, args, distinct: call.distinct, filter, options: call.options ?? [], type })
    return { kind: 'column', index: this.#input.length + index, type, at: node.at }
  }

  /** `ARRAY_AGG(value ORDER BY keys)` and JSON_ARRAYAGG: of rows of values and keys, which are sorted above. */
  #inOrder(node: Call, inside: ExpressionContext, where: ExpressionContext): Expr {
    const bound = resolveAggregate({ ...node, orderBy: [] }, where)
    const keys = node.orderBy.map((item): Expr => {
      const key = bindExpression(item.expression, { ...inside, clause: `the aggregate ${bound.call.name}` })
      const unordered = unorderedPart(key.type)
      if (unordered !== undefined) throw noOrder(key.type, unordered, key.at ?? node.at)
      return key
    })
    const [value] = bound.args
    if (bound.call.distinct && keys.some((key) => expressionKey(key) !== expressionKey(value!)))
      throw userError('sql/aggregate-order-by', 'Cannot sort by this: ARRAY_AGG(DISTINCT value) is sorted by the value alone', keys[0]!.at)
    const row = buildCall('ROW', [value!, ...keys.map(plainKey)], node.at)
    const isJson = bound.call.name === 'JSON_ARRAYAGG'
    const call = { ...bound.call, name: 'ARRAY_AGG', argTypes: [row.type] }
    const rows = this.#call({ args: [row], call, type: types.array(row.type, bound.type.nullable) }, node, inside)
    const how = node.orderBy.map((item, i) => {
      const { order, nulls } = sortKey(item, 0, keys[i]!.type)
      return `${order === 'ascending' ? 'A' : 'D'}${nulls === 'first' ? 'F' : 'L'}`
    })
    const spec: Expr = { kind: 'literal', type: types.varchar(2 * how.length, false), value: how.join('') }
    const elements = buildCall('ELEMENTS IN ORDER', [rows, spec], node.at)
    return isJson ? buildCall('JSON MEMBERS JOINED', [elements], node.at) : elements
  }

  /** The number of an equal call, or of this one. */
  #find(call: CollectedCall): number {
    const key = callKey(call)
    const found = this.#calls.findIndex((other) => callKey(other) === key)
    if (found >= 0) return found
    this.#calls.push(call)
    return this.#calls.length - 1
  }

  /** The number of the grouping set of a group, among the expressions that `rewrite` takes. */
  get setNumber(): Expr {
    return { kind: 'column', index: SET_NUMBER, type: setNumberType }
  }

  /** The aggregate over `input`, with what its keys and arguments need computed below it. */
  build(input: LogicalNode, { keys, sets }: GroupKeys, stateTtlMs: number | undefined): LogicalOf<'aggregate'> {
    const projections: Expr[] = []
    const position = (expr: Expr): number => {
      const key = expressionKey(expr)
      const found = projections.findIndex((other) => expressionKey(other) === key)
      if (found >= 0) return found
      projections.push(expr)
      return projections.length - 1
    }
    const keyColumns = keys.map(position)
    const aggregates = this.#calls.map(({ name, args, distinct, filter, options, type }): AggregateCall => {
      const call = {
        ...(options.length === 0 ? {} : { options }),
        name,
        args: args.map(position),
        argTypes: args.map((arg) => arg.type),
        distinct,
        type,
      }
      return filter === undefined ? call : { ...call, filter: position(filter) }
    })
    const names = projections.map((expr, i) => (expr.kind === 'column' ? this.#input[expr.index]!.name : `$f${i}`))
    const below = projectRows(input, projections, names)
    if (sets.length === 1) return aggregateNode(below, keyColumns, aggregates, stateTtlMs)
    return expandedNode(below, keyColumns, sets, aggregates, stateTtlMs)
  }

  /** The expression over the output of `build`; `sql/not-grouped` for a column that is neither grouped nor inside of an aggregate. */
  rewrite(expr: Expr, { keys, sets }: GroupKeys): Expr {
    const width = sets.length === 1 ? keys.length : keys.length + 1
    const grouped = new Map(keys.map((key, i) => [expressionKey(key), i]))
    const visit = (part: Expr): Expr => {
      const key = grouped.get(expressionKey(part))
      if (key !== undefined) return { kind: 'column', index: key, type: part.type, ...(part.at === undefined ? {} : { at: part.at }) }
      if (part.kind === 'column' && part.index === SET_NUMBER) return { ...part, index: keys.length }
      if (part.kind !== 'column') return withChildren(part, children(part).map(visit))
      if (overCall(part.index) !== undefined) return part
      if (part.index < this.#input.length) throw this.#notGrouped(part, keys)
      return { ...part, index: width + part.index - this.#input.length }
    }
    return visit(expr)
  }

  #notGrouped(column: Extract<Expr, { kind: 'column' }>, keys: readonly Expr[]): RheoError {
    const { name } = this.#input[column.index]!
    const names = keys.map((key) =>
      key.kind === 'column' ? this.#input[key.index]!.name : key.kind === 'literal' ? 'a constant' : 'an expression',
    )
    const positions = keys.some((key) => key.kind === 'literal') ? ' (numbers of columns are not understood there)' : ''
    const found =
      keys.length === 0
        ? `the query has aggregates and no GROUP BY; add GROUP BY ${name}`
        : `it is neither in GROUP BY, which has ${names.join(', ')}${positions}, nor inside of an aggregate; add it there`
    return userError('sql/not-grouped', `Cannot use column "${name}" here: ${found}, or write for example MAX(${name})`, column.at)
  }
}

function isOrdered(node: Call): boolean {
  if (node.orderBy.length === 0 || node.withinGroup !== undefined) return false
  return ['ARRAY_AGG', 'JSON_ARRAYAGG'].includes(node.name.parts.at(-1)!.name.toUpperCase())
}

/** What compares as the key does and is neither ARRAY nor ROW. */
function plainKey(key: Expr): Expr {
  return key.type.kind === 'ARRAY' || key.type.kind === 'ROW' ? buildCall('ORDER KEY', [key], key.at) : key
}

/** An aggregate call with its arguments bound, before it is known over which rows it runs. */
export interface ResolvedAggregate {
  readonly args: readonly Expr[]
  readonly call: Omit<AggregateCall, 'args' | 'filter' | 'type'>
  readonly type: AggregateCall['type']
}

/** Binds the arguments of an aggregate call and finds its type. */
export function resolveAggregate(node: Call, where: ExpressionContext): ResolvedAggregate {
  const name = node.name.parts.at(-1)!.name.toUpperCase()
  const definition = lookupAggregate(name)
  assert(definition !== undefined, 'the binder asked what kind of function it is')
  const { aggregate: _, over: _over, ...inside } = where
  if (node.orderBy.length > 0 || node.withinGroup !== undefined) {
    if (node.withinGroup !== undefined)
      throw userError('sql/within-group', `Cannot use WITHIN GROUP with ${name}: its rows count in the order in which they arrive`, node.at)
    throw userError(
      'sql/aggregate-order-by',
      `Cannot order the rows of ${name}: they count in the order in which they arrive; ARRAY_AGG(value ORDER BY key) and JSON_ARRAYAGG have an order, without OVER`,
      node.at,
    )
  }
  const isStar = node.arguments.length === 1 && node.arguments[0]!.value.kind === 'star'
  if (isStar && name !== 'COUNT') throw userError('sql/star', `Cannot call "${name}" with *: only COUNT counts rows`, node.at)
  const given = isStar
    ? []
    : node.arguments.map((argument) => bindExpression(argument.value, { ...inside, clause: `the aggregate ${name}` }))
  if (!isStar && given.length === 0) throw wrongCount(definition.forms, name, given, node)
  const resolved = definition.resolve(given.map(argInfo))
  if (resolved === 'count') throw wrongCount(definition.forms, name, given, node)
  if (typeof resolved === 'string') {
    const found = given.map((arg) => shownType(arg.type)).join(', ')
    throw userError('sql/argument-type', `Cannot call "${name}(${found})": wanted is ${resolved}`, given[0]?.at ?? node.at)
  }
  const { args, options } = aggregateArguments(definition, given, { argTypes: resolved.argTypes, node, context: where.context })
  const untyped = args.find((arg) => arg.type.kind === 'NULL')
  if (untyped !== undefined)
    throw userError(
      'sql/null-without-type',
      `Cannot call "${name}" with NULL: it has no type here; write CAST(NULL AS INT), or another type`,
      untyped.at,
    )
  const call = {
    name: definition.name,
    argTypes: args.map((arg) => arg.type),
    distinct: node.quantifier === 'DISTINCT',
    ...(options.length === 0 ? {} : { options }),
  }
  return { args, call, type: resolved.type }
}

/** Below the results of OVER, above all columns of an input and the calls of one SELECT. */
const SET_NUMBER = (1 << 24) - 1
const setNumberType = types.integer(false)

/** What GROUP BY says. */
export interface GroupKeys {
  readonly keys: readonly Expr[]
  /** The grouping sets, each the places of its keys; one with all of them for a plain GROUP BY. */
  readonly sets: readonly (readonly number[])[]
}

/** GROUP BY with several grouping sets: the number of the set is one more key, behind the others. */
function expandedNode(
  input: LogicalNode,
  keyColumns: readonly number[],
  sets: GroupKeys['sets'],
  aggregates: readonly AggregateCall[],
  stateTtlMs: number | undefined,
): LogicalOf<'aggregate'> {
  const nulled = keyColumns.flatMap((_, place) => (sets.every((set) => set.includes(place)) ? [] : [place]))
  const width = input.schema.length
  const fields = nulled.map((place): Field => {
    const { name, type } = input.schema[keyColumns[place]!]!
    return { name, type: withNullability(type, true) }
  })
  const node: LogicalNode = {
    kind: 'expand',
    input,
    keys: nulled.map((place) => keyColumns[place]!),
    sets: sets.map((set) => nulled.flatMap((place, i) => (set.includes(place) ? [i] : []))),
    schema: [...input.schema, ...fields, { name: '$set', type: setNumberType }],
  }
  const keys = keyColumns.map((column, place) => (nulled.includes(place) ? width + nulled.indexOf(place) : column))
  return aggregateNode(node, [...keys, width + nulled.length], aggregates, stateTtlMs)
}

function callKey({ name, args, distinct, filter, options, type }: CollectedCall): string {
  return `${name} ${type.kind} ${distinct} ${JSON.stringify(options)} ${args.map(expressionKey).join(', ')} ${filter === undefined ? '' : expressionKey(filter)}`
}

function wrongCount(forms: readonly string[], name: string, args: readonly Expr[], node: Call): RheoError {
  const wanted = forms.map((form) => `"${form}"`).join(' or ')
  return userError(
    'sql/argument-count',
    `Cannot call "${name}" with ${args.length} argument${args.length === 1 ? '' : 's'}: ${wanted} was wanted, found ${unparseExpression(node)}`,
    node.at,
  )
}

/** GROUP BY over columns. Only the time of a window stays a time attribute. */
export function aggregateNode(
  input: LogicalNode,
  keys: readonly number[],
  aggregates: readonly AggregateCall[],
  stateTtlMs: number | undefined,
): LogicalOf<'aggregate'> {
  const keyFields = keys.map((key): Field => ({ name: input.schema[key]!.name, type: columnOf(input.schema, key).type }))
  const aggregateFields = aggregates.map((call, i): Field => ({ name: `EXPR$${i}`, type: call.type }))
  const node: LogicalOf<'aggregate'> = {
    kind: 'aggregate',
    input,
    keys,
    aggregates,
    schema: [...keyFields, ...aggregateFields],
    ...(stateTtlMs === undefined ? {} : { stateTtlMs }),
  }
  const columns = windowColumns(input)
  if (columns === undefined || !isWindowAggregate(node, columns)) return node
  const schema = node.schema.map((field, i): Field =>
    i < keys.length && columns.times.has(keys[i]!) ? { ...field, timeAttribute: columns.byClock ? 'proctime' : 'rowtime' } : field,
  )
  return { ...node, schema }
}
