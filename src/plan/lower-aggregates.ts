import { assert } from '../base/assert.ts'
import type { Schema } from '../catalog/schema.ts'
import { readsArrivalOrder } from '../expr/aggregates.ts'
import type { Expr } from '../expr/expr.ts'
import { columnOf } from './build.ts'
import { markOneWay } from './growing-columns.ts'
import type { LogicalOf } from './logical.ts'
import { type Lowering, type Needs, keyNames } from './lowering.ts'
import type { PhysicalNode } from './physical.ts'
import { type PulledWindow, pullWindow } from './pull-window.ts'
import { type WindowColumns, isWindowAggregate, windowColumns } from './window-properties.ts'

export function lowerAggregate(planner: Lowering, node: LogicalOf<'aggregate'>, needs: Needs): PhysicalNode {
  const columns = windowColumns(node.input)
  if (columns !== undefined && isWindowAggregate(node, columns)) return lowerWindowAggregate(planner, node, columns, needs)
  return lowerGroupAggregate(planner, node, needs)
}

function lowerGroupAggregate(planner: Lowering, node: LogicalOf<'aggregate'>, needs: Needs): PhysicalNode {
  const { keys } = node
  const path = `${needs.path}/group-aggregate(${keyNames(node.input.schema, keys)})`
  const id = planner.ids.next('group-aggregate', path)
  const order = needs.order || node.aggregates.some((call) => readsArrivalOrder(call.name))
  const below: Needs = { path, order, updateBefore: true }
  const input = planner.exchange(planner.lower(node.input, below), keys.length === 0 ? { kind: 'single' } : { kind: 'hash', keys }, below)
  const isFinal = planner.options.mode === 'batch'
  const key = keys.map((_, i) => i)
  return {
    kind: 'group-aggregate',
    id,
    input,
    keys,
    aggregates: markOneWay(node.aggregates, keys, input),
    inputRetracts: input.changes !== 'append',
    emitsUpdateBefore: needs.updateBefore,
    emission: needs.order ? 'row' : 'batch',
    stateTtlMs: isFinal ? 0 : (node.stateTtlMs ?? planner.stateTtlMs),
    mode: isFinal ? 'final' : 'streaming',
    schema: node.schema,
    changes: isFinal ? 'append' : needs.updateBefore ? 'retract' : 'upsert',
    uniqueKeys: [key],
    upsertKeys: [key],
  }
}

function lowerWindowAggregate(planner: Lowering, node: LogicalOf<'aggregate'>, columns: WindowColumns, needs: Needs): PhysicalNode {
  const isWindowColumn = (column: number): boolean => columns.starts.has(column) || columns.ends.has(column) || columns.times.has(column)
  const plainKeys = node.keys.filter((key) => !isWindowColumn(key))
  const path = `${needs.path}/window-aggregate(${keyNames(node.input.schema, plainKeys)})`
  const id = planner.ids.next('window-aggregate', path)
  const calcId = planner.id('calc', needs)
  const order = needs.order || node.aggregates.some((call) => readsArrivalOrder(call.name))
  const below: Needs = { path, order, updateBefore: true }
  const emit = columns.groupWindow?.emit
  const pulled = emit === undefined ? pulledWindow(node, columns, plainKeys) : undefined
  const renumber = (column: number): number => (pulled === undefined ? column : pulled.columns.get(column)!)
  const keys = plainKeys.map(renumber)
  const lowered = planner.lower(pulled?.input ?? node.input, below)
  // The operator stamps rows itself: what PROCTIME() gave before is not looked at.
  const stamped = pulled !== undefined && columns.byClock && !keys.includes(pulled.timeColumn)
  const input = planner.exchange(
    stamped ? withoutClock(lowered, pulled.timeColumn) : lowered,
    keys.length === 0 ? { kind: 'single' } : { kind: 'hash', keys },
    below,
  )
  const aggregates = node.aggregates.map((call) => ({
    ...call,
    args: call.args.map(renumber),
    ...(call.filter === undefined ? {} : { filter: renumber(call.filter) }),
  }))
  const width = keys.length + aggregates.length
  const properties = ['window_start', 'window_end', 'window_time'] as const
  const hasTime = node.keys.some((key) => columns.times.has(key))
  const shownProperties = hasTime ? properties : properties.slice(0, 2)
  const output = windowAggregateOutput(node, columns, plainKeys)
  const key = [...keys.map((_, i) => i), width, width + 1]
  const aggregate: PhysicalNode = {
    kind: 'window-aggregate',
    id,
    input,
    keys,
    aggregates,
    window: columns.window,
    time:
      pulled === undefined
        ? { kind: 'attached', start: first(columns.starts), end: first(columns.ends) }
        : { kind: 'rowtime', column: pulled.timeColumn },
    properties: shownProperties,
    inputRetracts: input.changes !== 'append',
    ...(emit === undefined ? {} : { emit }),
    ...(columns.byClock && planner.options.mode === 'streaming' ? { byClock: true } : {}),
    mode: planner.options.mode === 'batch' ? 'final' : 'streaming',
    schema: output.schema,
    changes: emit === undefined ? 'append' : 'retract',
    uniqueKeys: [key],
    upsertKeys: emit === undefined ? [] : [key],
  }
  return planner.calc(
    calcId,
    emit !== undefined && !needs.updateBefore ? planner.dropUpdateBefore(aggregate, needs) : aggregate,
    undefined,
    output.columns.map((column) => columnOf(output.schema, column)),
    node.schema,
  )
}

/** A projection of PROCTIME() that nobody reads costs nothing. */
function withoutClock(node: PhysicalNode, column: number): PhysicalNode {
  const projection = node.kind === 'calc' ? node.projections[column] : undefined
  if (node.kind !== 'calc' || projection?.kind !== 'call' || projection.name !== 'PROCTIME') return node
  const never: Expr = { kind: 'literal', type: projection.type, value: 0n }
  return { ...node, projections: node.projections.map((expr, i) => (i === column ? never : expr)) }
}

function first(columns: ReadonlySet<number>): number {
  const [column] = columns
  assert(column !== undefined, 'a window aggregate has both bounds')
  return column
}

/**
 * The window table function that an aggregate does itself. Sessions only where it groups by what tells them apart: they grow row by row, which aggregates that read the order of
 * arrival cannot follow, and rows of processing time come with their windows.
 */
function pulledWindow(node: LogicalOf<'aggregate'>, columns: WindowColumns, plainKeys: readonly number[]): PulledWindow | undefined {
  const pulled = pullWindow(node.input)
  if (pulled?.sessionKeys === undefined) return pulled
  const keys = new Set(plainKeys.map((key) => pulled.columns.get(key)))
  const isBySession = keys.size === pulled.sessionKeys.length && pulled.sessionKeys.every((key) => keys.has(key))
  const readsOrder = node.aggregates.some((call) => readsArrivalOrder(call.name))
  return isBySession && !readsOrder && !columns.byClock ? pulled : undefined
}

/** The schema of a window aggregate (keys, aggregates, properties), and which of its columns the columns of the logical node are. */
function windowAggregateOutput(
  node: LogicalOf<'aggregate'>,
  columns: WindowColumns,
  plainKeys: readonly number[],
): { readonly schema: Schema; readonly columns: readonly number[] } {
  const width = plainKeys.length + node.aggregates.length
  const positionOf = (key: number): number =>
    columns.starts.has(key) ? width : columns.ends.has(key) ? width + 1 : columns.times.has(key) ? width + 2 : plainKeys.indexOf(key)
  const shown = [...node.keys.map(positionOf), ...node.aggregates.map((_, i) => plainKeys.length + i)]
  const schema: Schema[number][] = []
  shown.forEach((position, i) => {
    schema[position] = node.schema[i]!
  })
  return { schema, columns: shown }
}
