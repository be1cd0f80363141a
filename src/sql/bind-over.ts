import { userError } from '../base/errors.ts'
import type { Field } from '../catalog/schema.ts'
import { type SqlType, types, withNullability } from '../data/types.ts'
import type { AggregateCall } from '../expr/aggregate.ts'
import { lookupAggregate, typeOverNoRows } from '../expr/aggregates.ts'
import { isInteger } from '../expr/coercion.ts'
import { type Expr, mapColumns } from '../expr/expr.ts'
import { DISTANCE_OF_ROW } from '../expr/lag.ts'
import { argInfo, implicitCast } from '../expr/resolve-call.ts'
import { allColumns } from '../plan/build.ts'
import { expressionKey } from '../plan/expression-properties.ts'
import type { LogicalNode } from '../plan/logical.ts'
import type { FrameBound as PlanBound, OverWindow, SortKey } from '../plan/physical.ts'
import { planningContext } from '../plan/plan-job.ts'
import { foldExpression } from '../plan/rules/fold-constants.ts'
import { aggregateArguments } from './bind-aggregate-arguments.ts'
import { functionName } from './bind-aggregate-call.ts'
import { projectRows } from '../plan/subqueries.ts'
import { bindExpression, shownType, untypedNull } from './bind-expression.ts'
import { sortKey } from './bind-order.ts'
import { isBatch } from './binder.ts'
import type { ExpressionContext } from './expression-context.ts'
import { overCall, overResult } from './over-result.ts'
import type { Call, FrameBound, NamedWindow, SortItem, WindowDefinition } from './syntax-query.ts'

interface CollectedCall {
  readonly call: Omit<AggregateCall, 'args'>
  readonly args: readonly Expr[]
  readonly partition: readonly Expr[]
  readonly order: readonly { readonly item: SortItem; readonly expr: Expr }[]
  readonly frame: OverWindow['frame']
  readonly at: Call['at']
}

interface BuiltOver {
  readonly plan: LogicalNode
  /** An expression over the columns of `plan`. */
  readonly rewrite: (expr: Expr) => Expr
}

/** Gathers the calls with OVER of one SELECT. They are evaluated after grouping and HAVING, each window of its own above the ones before. */
export class OverCollector {
  readonly #windows: readonly NamedWindow[]
  readonly #calls: CollectedCall[] = []

  constructor(windows: readonly NamedWindow[]) {
    this.#windows = windows
  }

  get isEmpty(): boolean {
    return this.#calls.length === 0
  }

  /** Binds a call and gives what stands for its result. */
  readonly add = (node: Call, where: ExpressionContext): Expr => {
    const { over: _, ...inside } = where
    const window = this.#definition(node)
    const collected = { ...bindCall(node, inside), ...bindWindow(window, inside, functionName(node)), at: node.at }
    const key = callKey(collected)
    const known = this.#calls.findIndex((other) => callKey(other) === key)
    const number = known >= 0 ? known : this.#calls.push(collected) - 1
    return { kind: 'column', index: overResult(number), type: collected.call.type, at: node.at }
  }

  #definition(node: Call): WindowDefinition {
    const { over } = node
    if (over?.kind === 'window-definition') return over.base === undefined ? over : merged(this.#named(over.base), over)
    return this.#named(over!.name)
  }

  #named({ name, at }: { readonly name: string; readonly at: Call['at'] }): WindowDefinition {
    const found = this.#windows.find((window) => window.name.name === name)
    if (found === undefined)
      throw userError('sql/unknown-window', `Cannot find window "${name}": the query defines it nowhere; add WINDOW ${name} AS (..)`, at)
    const { base } = found.window
    return base === undefined ? found.window : merged(this.#named(base), found.window)
  }

  /** @param rewrite Makes expressions over `input` of those that were bound. */
  build(input: LogicalNode, rewrite: (expr: Expr) => Expr): BuiltOver {
    if (this.isEmpty) return { plan: input, rewrite: (expr) => expr }
    const projections = [...allColumns(input.schema)]
    const names = input.schema.map((field) => field.name)
    const position = (bound: Expr): number => {
      const expr = rewrite(bound)
      const key = expressionKey(expr)
      const found = projections.findIndex((other) => expressionKey(other) === key)
      if (found >= 0) return found
      projections.push(expr)
      names.push(`$over${projections.length}`)
      return projections.length - 1
    }
    const planned = this.#calls.map(({ call, args, partition, order, frame, at }) => {
      const window: OverWindow = {
        partitionKeys: [...new Set(partition.map(position))],
        orderKeys: order.map(({ item, expr }): SortKey => sortKey(item, position(expr), expr.type)),
        frame,
      }
      return { call: { ...call, args: args.map(position) }, window, at }
    })
    let plan: LogicalNode = projections.length === input.schema.length ? input : projectRows(input, projections, names)
    const columns: number[] = []
    for (const window of new Set(planned.map((each) => windowKey(each.window)))) {
      const members = planned.filter((each) => windowKey(each.window) === window)
      const width = plan.schema.length
      members.forEach((member, i) => (columns[planned.indexOf(member)] = width + i))
      const results = members.map(({ call }, i): Field => ({ name: `w${width + i}`, type: call.type }))
      const [first] = members
      plan = {
        kind: 'over',
        input: plan,
        window: first!.window,
        calls: members.map(({ call }) => call),
        schema: [...plan.schema, ...results],
        at: first!.at,
      }
    }
    return {
      plan,
      rewrite: (expr) =>
        mapColumns(expr, (column) => {
          const number = overCall(column.index)
          return number === undefined ? column : { ...column, index: columns[number]! }
        }),
    }
  }
}

function merged(base: WindowDefinition, own: WindowDefinition): WindowDefinition {
  if (own.partitionBy.length > 0 || (own.orderBy.length > 0 && base.orderBy.length > 0) || base.frame !== undefined) {
    throw userError('sql/window-twice', 'Cannot change the window: PARTITION BY, ORDER BY and the frame are each given once', own.at)
  }
  return { ...own, base: undefined, partitionBy: base.partitionBy, orderBy: own.orderBy.length > 0 ? own.orderBy : base.orderBy }
}

function callKey({ call, args, partition, order, frame }: CollectedCall): string {
  const ordered = order.map(({ item, expr }) => `${expressionKey(expr)} ${item.direction} ${item.nulls}`)
  return [
    call.name,
    call.type.kind,
    call.distinct,
    call.options ?? [],
    args.map(expressionKey),
    partition.map(expressionKey),
    ordered,
    frameKey(frame),
  ].join(' | ')
}

function windowKey({ partitionKeys, orderKeys, frame }: OverWindow): string {
  return `${partitionKeys.join(', ')} | ${orderKeys.map((key) => `${key.column} ${key.order} ${key.nulls}`).join(', ')} | ${frameKey(frame)}`
}

function frameKey({ unit, start, end }: OverWindow['frame']): string {
  return [start, end].map((bound) => ('offset' in bound ? `${bound.kind} ${expressionKey(bound.offset)}` : bound.kind)).join(' ') + unit
}

// --- calls ---

/** Functions that do not look at the frame. */
const ranking: ReadonlySet<string> = new Set(['ROW_NUMBER', 'RANK', 'DENSE_RANK', 'PERCENT_RANK', 'CUME_DIST', 'NTILE', 'LEAD', 'LAG'])

function bindCall(node: Call, where: ExpressionContext): Pick<CollectedCall, 'call' | 'args'> {
  const name = functionName(node)
  if (node.filter !== undefined)
    throw userError(
      'sql/filter-with-over',
      `Cannot use FILTER with ${name} OVER: write ${name}(CASE WHEN .. THEN .. END) OVER (..)`,
      node.filter.at,
    )
  if (node.orderBy.length > 0)
    throw userError(
      'sql/aggregate-order-by',
      `Cannot order the rows of ${name} OVER by themselves: they go by the ORDER BY of OVER`,
      node.orderBy[0]!.at,
    )
  const isStar = node.arguments.length === 1 && node.arguments[0]!.value.kind === 'star'
  if (isStar && name !== 'COUNT') throw userError('sql/star', `Cannot call "${name}" with *: only COUNT counts rows`, node.at)
  const inside: ExpressionContext = { ...where, clause: `the call of ${name}` }
  const args = isStar ? [] : node.arguments.map((argument) => bindExpression(argument.value, inside))
  const untyped = args.find((arg, i) => arg.type.kind === 'NULL' && i === 0)
  if (untyped !== undefined) throw untypedNull(untyped.at ?? node.at)
  const distinct = node.quantifier === 'DISTINCT'
  const definition = lookupAggregate(name)
  if (definition === undefined) return bindRanking(name, args, node, where)
  const resolved = definition.resolve(args.map(argInfo))
  if (resolved === 'count' || (!isStar && args.length === 0)) {
    const wanted = definition.forms.map((form) => `"${form}"`).join(' or ')
    throw userError('sql/argument-count', `Cannot call "${name}" with ${args.length} arguments: ${wanted} was wanted`, node.at)
  }
  if (typeof resolved === 'string')
    throw userError('sql/argument-type', `Cannot call "${name}": wanted is ${resolved}`, args[0]?.at ?? node.at)
  const { args: values, options } = aggregateArguments(definition, args, { argTypes: resolved.argTypes, node, context: where.context })
  const call = {
    name: definition.name,
    argTypes: values.map((arg) => arg.type),
    distinct,
    type: typeOverNoRows(definition.name, resolved.type),
    ...(options.length === 0 ? {} : { options }),
  }
  return { call, args: values }
}

function bindRanking(name: string, args: readonly Expr[], node: Call, where: ExpressionContext): Pick<CollectedCall, 'call' | 'args'> {
  const wanted = name === 'LAG' || name === 'LEAD' ? [1, 2, 3] : name === 'NTILE' ? [1] : [0]
  if (!wanted.includes(args.length)) {
    throw userError(
      'sql/argument-count',
      `Cannot call "${name}" with ${args.length} argument${args.length === 1 ? '' : 's'}: ${wanted.join(' or ')} ${wanted.at(-1) === 1 ? 'was' : 'were'} wanted`,
      node.at,
    )
  }
  if (name === 'NTH_VALUE') throw userError('sql/unknown-function', 'Cannot call "NTH_VALUE": it has no plan, here nor in Flink', node.at)
  if (name === 'LAG' || name === 'LEAD') return bindOffset(name, args, node, where)
  if (name === 'NTILE') checkBuckets(args[0]!, node)
  const type = name === 'PERCENT_RANK' || name === 'CUME_DIST' ? types.double(false) : types.bigint(false)
  return { call: { name, argTypes: args.map((arg) => arg.type), distinct: false, type }, args }
}

/** LAG and LEAD: the offset is a constant or says for each row how far it looks, the default is cast to the type of the value. */
function bindOffset(
  name: string,
  [value, offset, fallback]: readonly Expr[],
  node: Call,
  where: ExpressionContext,
): Pick<CollectedCall, 'call' | 'args'> {
  const isInBatch = isBatch(where.context)
  const constant = offset === undefined ? undefined : foldExpression(offset, planningContext(where.context.env))
  const isConstant = constant === undefined || constant.kind === 'literal'
  const rows = constant?.kind === 'literal' ? (constant.value === null ? Number.NaN : Number(constant.value)) : 1
  if (!Number.isSafeInteger(rows) || (rows < 0 && !isInBatch) || (offset !== undefined && !isInteger(offset.type))) {
    const wanted = isInBatch ? 'a whole number of rows' : 'a whole number of rows, 0 or more in streaming mode'
    throw userError('sql/argument-type', `Cannot call "${name}": its offset is ${wanted}`, offset?.at ?? node.at)
  }
  const { type } = value!
  if (fallback !== undefined && !isInBatch && !isDefaultOf(fallback.type, type))
    throw userError(
      'sql/argument-type',
      `Cannot call "${name}": its default is ${fallback.type.kind}, wanted is the type of the value, ${type.kind}; CAST it`,
      fallback.at ?? node.at,
    )
  const args = [
    value!,
    ...(isConstant ? [] : [offset!]),
    ...(fallback === undefined ? [] : [implicitCast(fallback, withNullability(type, fallback.type.nullable))]),
  ]
  const nullable = type.nullable || fallback === undefined || fallback.type.nullable || (!isConstant && offset!.type.nullable)
  const call = {
    name,
    argTypes: args.map((arg) => arg.type),
    distinct: false,
    type: withNullability(type, nullable),
    options: [isConstant ? String(rows) : DISTANCE_OF_ROW],
  }
  return { call, args }
}

function isDefaultOf(type: SqlType, wanted: SqlType): boolean {
  const texts = ['CHAR', 'VARCHAR']
  return type.kind === 'NULL' || type.kind === wanted.kind || (texts.includes(type.kind) && texts.includes(wanted.kind))
}

function checkBuckets(count: Expr, node: Call): void {
  if (count.kind === 'literal' && count.value !== null && Number(count.value) >= 1) return
  throw userError('sql/argument-type', 'Cannot call "NTILE": its number of buckets is a constant, 1 or more', count.at ?? node.at)
}

// --- windows ---

function bindWindow(
  window: WindowDefinition,
  where: ExpressionContext,
  name: string,
): Pick<CollectedCall, 'partition' | 'order' | 'frame'> {
  const partition = window.partitionBy.map((key) => bindExpression(key, { ...where, clause: 'PARTITION BY' }))
  const order = window.orderBy.map((item) => ({ item, expr: bindExpression(item.expression, { ...where, clause: 'ORDER BY' }) }))
  if (order.length === 0 && ranking.has(name))
    throw userError('sql/over-needs-order', `Cannot call "${name}" OVER rows without an order: ORDER BY was wanted`, window.at)
  const frame = bindFrame(window, where, name)
  checkDistance(frame, order[0]?.expr.type, window)
  return { partition, order, frame }
}

/** A RANGE counts in numbers along numbers, in intervals along time. */
function checkDistance({ unit, start, end }: OverWindow['frame'], order: SqlType | undefined, { frame }: WindowDefinition): void {
  if (unit === 'ROWS' || order === undefined) return
  const wantsInterval = ['DATE', 'TIME', 'TIMESTAMP', 'TIMESTAMP_LTZ'].includes(order.kind)
  for (const bound of [start, end]) {
    if (!('offset' in bound) || bound.offset.type.kind.startsWith('INTERVAL') === wantsInterval) continue
    throw userError(
      'sql/frame-offset',
      `Cannot use this as a bound of RANGE: found ${shownType(bound.offset.type)} in an order by ${shownType(order)}, wanted ${wantsInterval ? "is a length of time such as INTERVAL '5' SECOND" : 'is a number'}`,
      frame?.at,
    )
  }
}

/** Without a frame, an order gives the rows up to the current one and its equals; no order gives all. */
function bindFrame(window: WindowDefinition, where: ExpressionContext, name: string): OverWindow['frame'] {
  const { frame } = window
  if (frame !== undefined && ranking.has(name))
    throw userError('sql/frame-not-allowed', `Cannot use ROWS or RANGE with ${name}: it reads the whole partition`, frame.at)
  if (name === 'ROW_NUMBER') return { unit: 'ROWS', start: { kind: 'unbounded-preceding' }, end: { kind: 'current-row' } }
  if (frame === undefined) {
    const end: PlanBound = window.orderBy.length === 0 ? { kind: 'unbounded-following' } : { kind: 'current-row' }
    return { unit: 'RANGE', start: { kind: 'unbounded-preceding' }, end }
  }
  const bound = (node: FrameBound): PlanBound => {
    if (node.kind !== 'preceding' && node.kind !== 'following') return { kind: node.kind }
    const offset = bindExpression(node.offset, { ...where, clause: frame.unit })
    if (offset.kind !== 'literal' || offset.value === null || (frame.unit === 'ROWS' && !['INTEGER', 'BIGINT'].includes(offset.type.kind)))
      throw userError(
        'sql/frame-offset',
        `Cannot use this as a bound of ${frame.unit}: a constant number${frame.unit === 'ROWS' ? ' of rows' : ' or interval'} was wanted`,
        node.at,
      )
    if (Number(offset.value) < 0)
      throw userError('sql/frame-offset', `Cannot use this as a bound of ${frame.unit}: 0 or more was wanted`, node.at)
    if (offset.type.kind === 'INTERVAL_YEAR_MONTH')
      throw userError(
        'sql/frame-offset',
        `Cannot use this as a bound of ${frame.unit}: months and years differ in length; days, hours, minutes and seconds are possible`,
        node.at,
      )
    return { kind: node.kind, offset: { kind: 'literal', type: offset.type, value: offset.value } }
  }
  return { unit: frame.unit, start: bound(frame.start), end: frame.end === undefined ? { kind: 'current-row' } : bound(frame.end) }
}
