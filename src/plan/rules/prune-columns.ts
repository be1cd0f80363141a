import type { Schema } from '../../catalog/schema.ts'
import { assert, unreachable } from '../../base/assert.ts'
import type { AggregateCall } from '../../expr/aggregate.ts'
import { type Expr, mapColumns } from '../../expr/expr.ts'
import { columnsOfMatch, renumberMatch } from '../../expr/match.ts'
import { select } from '../build.ts'
import { columnsOf } from '../expression-properties.ts'
import type { LogicalNode, LogicalOf } from '../logical.ts'
import { type Rule, type RuleContext, sourceAbilities } from '../rule.ts'

/**
 * Leaves out columns and aggregates that nobody reads, down into the sources that can project. An aggregate that is left out no longer causes updates, as in Flink.
 */
export const pruneColumns: Rule = {
  name: 'prune-columns',
  doc: 'Leaves out columns and aggregates that nobody reads, also in sources',
  apply: (plan, context) => prune(plan, range(plan.schema.length), context),
}

/** The plan with exactly the `needed` columns, in that order (which ascends). */
function prune(node: LogicalNode, needed: readonly number[], context: RuleContext): LogicalNode {
  switch (node.kind) {
    case 'scan':
      return pruneScan(node, needed, context)
    case 'values':
      return { ...node, rows: node.rows.map((row) => needed.map((column) => row[column]!)), schema: pick(node.schema, needed) }
    case 'project': {
      const projections = needed.map((column) => node.projections[column]!)
      const { input, renumber } = pruneInput(
        node.input,
        projections.flatMap((projection) => [...columnsOf(projection)]),
        context,
      )
      return { ...node, input, projections: projections.map(renumber), schema: pick(node.schema, needed) }
    }
    case 'filter': {
      const { input, renumber, columns } = pruneInput(node.input, [...needed, ...columnsOf(node.condition)], context)
      return restrict({ ...node, input, condition: renumber(node.condition), schema: input.schema }, columns, needed)
    }
    case 'watermark': {
      const { input, renumber, columns } = pruneInput(node.input, [...needed, node.timeColumn, ...columnsOf(node.expression)], context)
      const pruned = {
        ...node,
        input,
        expression: renumber(node.expression),
        timeColumn: columns.indexOf(node.timeColumn),
        schema: pick(node.schema, columns),
      }
      return restrict(pruned, columns, needed)
    }
    case 'window-table-function':
      return pruneWindow(node, needed, context)
    case 'expand': {
      const width = node.input.schema.length
      const { input, columns } = pruneInput(node.input, [...needed.filter((column) => column < width), ...node.keys], context)
      const given = [...columns, ...node.keys.map((_, i) => width + i), width + node.keys.length]
      const keys = node.keys.map((key) => columns.indexOf(key))
      return restrict({ ...node, input, keys, schema: pick(node.schema, given) }, given, needed)
    }
    case 'unnest': {
      const width = node.input.schema.length
      const { input, columns } = pruneInput(node.input, [...needed.filter((column) => column < width), node.collection], context)
      const given = [...columns, ...range(node.schema.length - width).map((i) => width + i)]
      return restrict({ ...node, input, collection: columns.indexOf(node.collection), schema: pick(node.schema, given) }, given, needed)
    }
    case 'aggregate':
      return pruneAggregate(node, needed, context)
    case 'over': {
      const width = node.input.schema.length
      const calls = node.calls.filter((_, i) => needed.includes(width + i))
      const { partitionKeys, orderKeys } = node.window
      const keys = [...partitionKeys, ...orderKeys.map((key) => key.column)]
      const read = [...needed.filter((column) => column < width), ...keys, ...calls.flatMap(columnsOfCall)]
      const { input, columns } = pruneInput(node.input, read, context)
      const given = [...columns, ...calls.map((call) => width + node.calls.indexOf(call))]
      if (calls.length === 0) return restrict(input, columns, needed)
      const window = {
        ...node.window,
        partitionKeys: partitionKeys.map((key) => columns.indexOf(key)),
        orderKeys: orderKeys.map((key) => ({ ...key, column: columns.indexOf(key.column) })),
      }
      const pruned = { ...node, input, window, calls: calls.map((call) => renumberCall(call, columns)), schema: pick(node.schema, given) }
      return restrict(pruned, given, needed)
    }
    case 'match':
      return pruneMatch(node, needed, context)
    case 'rank': {
      const width = node.input.schema.length
      const showsRank = node.showsRank && needed.includes(width)
      const ends = node.toColumn === undefined ? [] : [node.toColumn]
      const read = [
        ...needed.filter((column) => column < width),
        ...node.partitionKeys,
        ...node.orderKeys.map((key) => key.column),
        ...ends,
      ]
      const { input, columns } = pruneInput(node.input, read, context)
      const given = showsRank ? [...columns, width] : columns
      const pruned = {
        ...node,
        input,
        partitionKeys: node.partitionKeys.map((key) => columns.indexOf(key)),
        orderKeys: node.orderKeys.map((key) => ({ ...key, column: columns.indexOf(key.column) })),
        ...(node.toColumn === undefined ? {} : { toColumn: columns.indexOf(node.toColumn) }),
        showsRank,
        schema: pick(node.schema, given),
      }
      return restrict(pruned, given, needed)
    }
    case 'union':
      return { ...node, inputs: node.inputs.map((input) => prune(input, needed, context)), schema: pick(node.schema, needed) }
    case 'join':
      return pruneJoin(node, needed, context)
    case 'temporal-join':
      return pruneTemporalJoin(node, needed, context)
    case 'lookup-join':
      return pruneLookup(node, needed, context)
    case 'sort': {
      const { input, columns } = pruneInput(node.input, [...needed, ...node.keys.map((key) => key.column)], context)
      const keys = node.keys.map((key) => ({ ...key, column: columns.indexOf(key.column) }))
      return restrict({ ...node, input, keys, schema: input.schema }, columns, needed)
    }
    case 'sink':
      return { ...node, input: prune(node.input, range(node.input.schema.length), context) }
    default:
      return unreachable(node)
  }
}

function pruneMatch(node: LogicalOf<'match'>, needed: readonly number[], context: RuleContext): LogicalNode {
  const { partitionKeys, orderKeys } = node
  const width = partitionKeys.length
  const measures = node.spec.measures.filter((_, i) => needed.includes(width + i))
  const given = [...range(width), ...measures.map((measure) => width + node.spec.measures.indexOf(measure))]
  const spec = { ...node.spec, measures }
  const read = [...partitionKeys, ...orderKeys.map((key) => key.column), ...columnsOfMatch(spec)]
  const { input, columns } = pruneInput(node.input, read, context)
  const pruned: LogicalNode = {
    ...node,
    input,
    partitionKeys: partitionKeys.map((key) => columns.indexOf(key)),
    orderKeys: orderKeys.map((key) => ({ ...key, column: columns.indexOf(key.column) })),
    spec: renumberMatch(spec, (column) => columns.indexOf(column)),
    schema: pick(node.schema, given),
  }
  return restrict(pruned, given, needed)
}

function pruneScan(node: LogicalOf<'scan'>, needed: readonly number[], context: RuleContext): LogicalNode {
  const abilities = sourceAbilities(node.source.table, context.connectors)
  if (abilities?.canProject !== true) return select(node, needed)
  // The changes of an updating source find each other by its key, also when the query does not show it.
  const keyNames = abilities.changes === 'append' ? [] : (node.source.table.primaryKey?.columns ?? [])
  const kept = range(node.schema.length).filter((column) => needed.includes(column) || keyNames.includes(node.columns[column] ?? ''))
  const width = node.columns.length
  const pruned: LogicalNode = {
    ...node,
    columns: kept.filter((column) => column < width).map((column) => node.columns[column]!),
    metadata: kept.filter((column) => column >= width).map((column) => node.metadata[column - width]!),
    schema: pick(node.schema, kept),
  }
  return restrict(pruned, kept, needed)
}

function pruneWindow(node: LogicalOf<'window-table-function'>, needed: readonly number[], context: RuleContext): LogicalNode {
  const width = node.input.schema.length
  const partitionKeys = node.window.kind === 'session' ? node.window.partitionKeys : []
  const read = [...needed.filter((column) => column < width), node.timeColumn, ...partitionKeys]
  const { input, columns } = pruneInput(node.input, read, context)
  const window =
    node.window.kind === 'session' ? { ...node.window, partitionKeys: partitionKeys.map((key) => columns.indexOf(key)) } : node.window
  const given = [...columns, width, width + 1, width + 2]
  const pruned = { ...node, input, window, timeColumn: columns.indexOf(node.timeColumn), schema: pick(node.schema, given) }
  return restrict(pruned, given, needed)
}

function pruneJoin(node: LogicalOf<'join'>, needed: readonly number[], context: RuleContext): LogicalNode {
  const [left, right] = node.inputs
  const width = left.schema.length
  const showsRight = node.joinType !== 'semi' && node.joinType !== 'anti' && node.joinType !== 'mark'
  const { condition, mark, ...rest } = node
  const own = [condition ?? [], mark ?? []].flat().flatMap((expr) => [...columnsOf(expr)])
  const read = [...(showsRight ? needed : needed.filter((column) => column < width)), ...own]
  const leftInput = pruneInput(
    left,
    read.filter((column) => column < width),
    context,
  )
  const rightInput = pruneInput(
    right,
    read.filter((column) => column >= width).map((column) => column - width),
    context,
  )
  const given = [...leftInput.columns, ...rightInput.columns.map((column) => column + width)]
  const shown = showsRight ? given : node.joinType === 'mark' ? [...leftInput.columns, width] : leftInput.columns
  const renumber = (expr: Expr): Expr => mapColumns(expr, (column) => ({ ...column, index: given.indexOf(column.index) }))
  const pruned: LogicalNode = {
    ...rest,
    inputs: [leftInput.input, rightInput.input],
    schema: pick(node.schema, shown),
    ...(condition === undefined ? {} : { condition: renumber(condition) }),
    ...(mark === undefined ? {} : { mark: renumber(mark) }),
  }
  return restrict(pruned, shown, needed)
}

function pruneTemporalJoin(node: LogicalOf<'temporal-join'>, needed: readonly number[], context: RuleContext): LogicalNode {
  const [left, right] = node.inputs
  const width = left.schema.length
  const read = [...needed, ...columnsOf(node.condition)]
  const leftRead = [...read.filter((column) => column < width), node.leftTime]
  const rightRead = [...read.filter((column) => column >= width).map((column) => column - width), node.rightTime, ...node.versionKey]
  const leftInput = pruneInput(left, leftRead, context)
  const rightInput = pruneInput(right, rightRead, context)
  const given = [...leftInput.columns, ...rightInput.columns.map((column) => column + width)]
  const pruned: LogicalNode = {
    ...node,
    inputs: [leftInput.input, rightInput.input],
    leftTime: leftInput.columns.indexOf(node.leftTime),
    rightTime: rightInput.columns.indexOf(node.rightTime),
    versionKey: node.versionKey.map((column) => rightInput.columns.indexOf(column)),
    condition: mapColumns(node.condition, (column) => ({ ...column, index: given.indexOf(column.index) })),
    schema: pick(node.schema, given),
  }
  return restrict(pruned, given, needed)
}

function pruneLookup(node: LogicalOf<'lookup-join'>, needed: readonly number[], context: RuleContext): LogicalNode {
  const { condition, rowCondition, ...rest } = node
  const width = node.input.schema.length
  const read = [...needed, ...(condition === undefined ? [] : columnsOf(condition))]
  const fromInput = [...read.filter((column) => column < width), ...node.values.flatMap((value) => [...columnsOf(value)])]
  const { input, columns, renumber } = pruneInput(node.input, fromInput, context)
  const wanted = [...new Set(read.filter((column) => column >= width))].sort((a, b) => a - b)
  // Rows without columns could not be kept.
  const shown = wanted.length === 0 ? [width] : wanted
  const projections = shown.map((column) => node.projections[column - width]!)
  const fetched = range(node.columns.length).filter(
    (column) =>
      node.keyColumns.includes(column) ||
      [...projections, ...(rowCondition === undefined ? [] : [rowCondition])].some((expr) => columnsOf(expr).has(column)),
  )
  const ofTable = (expr: Expr): Expr => mapColumns(expr, (column) => ({ ...column, index: fetched.indexOf(column.index) }))
  const given = [...columns, ...shown]
  const ofOutput = (expr: Expr): Expr => mapColumns(expr, (column) => ({ ...column, index: given.indexOf(column.index) }))
  const pruned: LogicalNode = {
    ...rest,
    input,
    keyColumns: node.keyColumns.map((column) => fetched.indexOf(column)),
    values: node.values.map(renumber),
    columns: fetched.map((column) => node.columns[column]!),
    projections: projections.map(ofTable),
    ...(rowCondition === undefined ? {} : { rowCondition: ofTable(rowCondition) }),
    ...(condition === undefined ? {} : { condition: ofOutput(condition) }),
    schema: pick(node.schema, given),
  }
  return restrict(pruned, given, needed)
}

function pruneAggregate(node: LogicalOf<'aggregate'>, needed: readonly number[], context: RuleContext): LogicalNode {
  const width = node.keys.length
  const wanted = node.aggregates.filter((_, i) => needed.includes(width + i))
  // A row without columns would have nothing to change by, so a global aggregate keeps one.
  const aggregates = wanted.length === 0 && width === 0 ? node.aggregates.slice(0, 1) : wanted
  const { input, columns } = pruneInput(node.input, [...node.keys, ...aggregates.flatMap(columnsOfCall)], context)
  const given = [...range(width), ...aggregates.map((call) => width + node.aggregates.indexOf(call))]
  const pruned: LogicalNode = {
    ...node,
    input,
    keys: node.keys.map((key) => columns.indexOf(key)),
    aggregates: aggregates.map((call) => renumberCall(call, columns)),
    schema: pick(node.schema, given),
  }
  return restrict(pruned, given, needed)
}

function columnsOfCall(call: AggregateCall): readonly number[] {
  return call.filter === undefined ? call.args : [...call.args, call.filter]
}

function renumberCall(call: AggregateCall, columns: readonly number[]): AggregateCall {
  const args = call.args.map((arg) => columns.indexOf(arg))
  return call.filter === undefined ? { ...call, args } : { ...call, args, filter: columns.indexOf(call.filter) }
}

interface PrunedInput {
  readonly input: LogicalNode
  /** The columns of the old input that the new one has. */
  readonly columns: readonly number[]
  /** The expression over the new input. */
  readonly renumber: (expr: Expr) => Expr
}

function pruneInput(input: LogicalNode, read: readonly number[], context: RuleContext): PrunedInput {
  const columns = [...new Set(read)].sort((a, b) => a - b)
  const renumber = (expr: Expr): Expr => mapColumns(expr, (column) => ({ ...column, index: columns.indexOf(column.index) }))
  return { input: prune(input, columns, context), columns, renumber }
}

/** Leaves out the columns that only the node itself reads. */
function restrict(node: LogicalNode, given: readonly number[], needed: readonly number[]): LogicalNode {
  return select(
    node,
    needed.map((column) => given.indexOf(column)),
  )
}

function pick(schema: Schema, columns: readonly number[]): Schema {
  return columns.map((column) => {
    const field = schema[column]
    assert(field !== undefined, 'a needed column exists')
    return field
  })
}

function range(count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => i)
}
