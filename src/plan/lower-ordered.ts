import { assert } from '../base/assert.ts'
import { userError } from '../base/errors.ts'
import type { SqlType } from '../data/types.ts'
import type { AggregateCall } from '../expr/aggregate.ts'
import { buildCall } from '../expr/resolve-call.ts'
import { allColumns, columnOf, noRows, project, select } from './build.ts'
import type { LogicalNode, LogicalOf } from './logical.ts'
import { type Lowering, type Needs, type NodeFields, fieldsOf, keyNames } from './lowering.ts'
import type { PhysicalNode } from './physical.ts'
import { checkRange, streamingOver } from './streaming-over.ts'
import { windowColumns } from './window-properties.ts'

export function lowerOver(planner: Lowering, node: LogicalOf<'over'>, needs: Needs): PhysicalNode {
  const { partitionKeys: keys, orderKeys } = node.window
  const isBatch = planner.options.mode === 'batch'
  if (isBatch) checkRange(node)
  const streaming = isBatch ? undefined : streamingOver(node)
  const path = `${needs.path}/over-aggregate(${keyNames(node.input.schema, keys)})`
  const below: Needs = { path, order: true, updateBefore: true }
  const id = planner.ids.next('over-aggregate', path)
  const input = planner.exchange(planner.lower(node.input, below), keys.length === 0 ? { kind: 'single' } : { kind: 'hash', keys }, below)
  if (input.changes !== 'append' && streaming?.order !== 'value') {
    throw userError(
      'plan/over-needs-inserts-only',
      'Cannot compute OVER in the order of event time here: its input updates rows, and rows that are only added were wanted',
      node.at,
    )
  }
  const fields: NodeFields = { schema: node.schema, changes: 'append', uniqueKeys: input.uniqueKeys, upsertKeys: [] }
  if (streaming === undefined)
    return { ...fields, kind: 'over-window', id, input, keys, orderKeys, frame: node.window.frame, calls: node.calls }
  // No two rows arrive together, so every rank is a count there.
  const isByArrival = streaming.order === 'time' && streaming.byClock
  const counts = isByArrival ? ['ROW_NUMBER', 'RANK', 'DENSE_RANK'] : ['ROW_NUMBER']
  const calls = node.calls.map((call): AggregateCall => (counts.includes(call.name) ? { ...call, name: 'COUNT' } : call))
  if (streaming.order === 'value') {
    const { upsertKeys } = input
    return {
      ...fields,
      changes: 'retract',
      upsertKeys,
      kind: 'over-by-value',
      id,
      input,
      keys,
      orderKeys,
      unit: streaming.unit,
      calls,
      stateTtlMs: planner.stateTtlMs,
    }
  }
  const { timeColumn, preceding, unit, byClock } = streaming
  return {
    ...fields,
    kind: 'over-aggregate',
    id,
    input,
    keys,
    timeColumn,
    unit,
    preceding,
    ...(byClock ? { byClock } : {}),
    calls,
    stateTtlMs: planner.stateTtlMs,
  }
}

export function lowerMatch(planner: Lowering, node: LogicalOf<'match'>, needs: Needs): PhysicalNode {
  const { partitionKeys: keys, orderKeys, spec, schema } = node
  const path = `${needs.path}/match(${keyNames(node.input.schema, keys)}; ${spec.variables.join(' ')})`
  const below: Needs = { path, order: true, updateBefore: true }
  const id = planner.ids.next('match', path)
  const input = planner.exchange(planner.lower(node.input, below), keys.length === 0 ? { kind: 'single' } : { kind: 'hash', keys }, below)
  if (input.changes !== 'append') {
    throw userError(
      'plan/match-needs-inserts-only',
      'Cannot match patterns here: the input updates rows, and rows that are only added were wanted',
      node.at,
    )
  }
  const [first, ...thenBy] = orderKeys
  assert(first !== undefined, 'the binder saw to the order')
  const time = node.input.schema[first.column]?.timeAttribute === 'proctime' ? 'proctime' : 'rowtime'
  const fields: NodeFields = { schema, changes: 'append', uniqueKeys: [], upsertKeys: [] }
  const match: PhysicalNode = { ...fields, kind: 'match', id, input, keys, timeColumn: first.column, time, thenBy, spec }
  return planner.options.mode === 'batch' ? { ...match, isFinal: true } : match
}

export function lowerRank(planner: Lowering, node: LogicalOf<'rank'>, needs: Needs): PhysicalNode {
  const { partitionKeys: keys, orderKeys, from, to, toColumn, showsRank, schema } = node
  const byKeys = rankByOrderKeys(node)
  if (byKeys !== undefined) return planner.lower(byKeys, needs)
  const window = toColumn === undefined ? windowColumns(node.input) : undefined
  const names = keyNames(node.input.schema, keys)
  // Arrival is what proctime orders by, and what tells apart rows that are equal otherwise.
  const arrival = orderKeys.findIndex((key) => node.input.schema[key.column]?.timeAttribute === 'proctime')
  const byArrival = arrival < 0 ? undefined : orderKeys[arrival]
  const byTime = orderKeys.length === 1 && node.input.schema[orderKeys[0]!.column]?.timeAttribute === 'rowtime' ? orderKeys[0] : undefined
  const isOne = from === 1 && to === 1 && !showsRank
  const path = `${needs.path}/rank(${names})`
  const below: Needs = { path, order: true, updateBefore: true }
  const id = planner.ids.next('rank', path)
  const input = planner.exchange(planner.lower(node.input, below), keys.length === 0 ? { kind: 'single' } : { kind: 'hash', keys }, below)
  const isAppend = input.changes === 'append'
  const endColumn = keys.find((key) => window?.ends.has(key) === true)
  if (endColumn !== undefined && keys.some((key) => window?.starts.has(key) === true) && arrival < 0) {
    if (window?.byClock === true)
      throw userError(
        'plan/no-processing-time',
        'Cannot keep the first rows of windows of processing time: windows of event time were wanted, and neither Rheo nor Flink has others here',
      )
    if (!isAppend)
      throw userError(
        'plan/window-top-n-needs-inserts',
        'Cannot keep the first rows of windows here: the input updates rows, and rows that are only added were wanted',
      )
    const ties = isOne && byTime?.order === 'descending' ? 'last-come' : 'first-come'
    const uniqueKeys = showsRank ? [[...keys, node.input.schema.length]] : from === to ? [keys] : input.uniqueKeys
    const fields: NodeFields = { schema, changes: 'append', uniqueKeys, upsertKeys: [] }
    return { ...fields, kind: 'window-rank', id, input, keys, endColumn, orderKeys, ties, from, to, showsRank }
  }
  if (isOne && isAppend && byTime?.order === 'ascending') {
    const fields: NodeFields = { schema, changes: 'append', uniqueKeys: [keys], upsertKeys: [keys] }
    return { ...fields, kind: 'deduplicate', id, input, keys, timeColumn: byTime.column, stateTtlMs: planner.stateTtlMs }
  }
  const isFinal = isAppend && arrival === 0 && byArrival?.order === 'ascending'
  const rankKey = [...keys, node.input.schema.length]
  const uniqueKeys = showsRank ? [rankKey] : from === to ? [keys] : input.uniqueKeys
  const upsertKeys = showsRank ? [rankKey] : from === to ? [keys] : input.upsertKeys
  // Without the rank nothing tells which of several rows is meant.
  const emitsUpdateBefore = needs.updateBefore || (!showsRank && from !== to)
  const isLastByTime = isOne && isAppend && byTime?.order === 'descending'
  return {
    kind: 'rank',
    id,
    input,
    keys,
    orderKeys: arrival < 0 ? orderKeys : orderKeys.slice(0, arrival),
    ties: isLastByTime || byArrival?.order === 'descending' ? 'last-come' : 'first-come',
    from,
    to,
    ...(toColumn === undefined ? {} : { toColumn }),
    showsRank,
    inputRetracts: !isAppend,
    emitsUpdateBefore,
    stateTtlMs: planner.stateTtlMs,
    schema,
    changes: isFinal ? 'append' : emitsUpdateBefore ? 'retract' : 'upsert',
    uniqueKeys,
    upsertKeys,
  }
}

export function lowerSort(planner: Lowering, node: LogicalOf<'sort'>, needs: Needs): PhysicalNode {
  if (planner.options.mode === 'streaming' && node.keys.length > 0 && node.count !== undefined) {
    if (node.count === 0) return planner.lower(noRows(node.schema), needs)
    const { input, keys, offset, count, schema } = node
    const from = offset + 1
    const to = offset + count
    const top = lowerRank(planner, { kind: 'rank', input, partitionKeys: [], orderKeys: keys, from, to, showsRank: false, schema }, needs)
    // As in Flink, keys of the input are not those of its first rows.
    return from === to ? top : { ...top, upsertKeys: [] }
  }
  const kind = node.keys.length === 0 ? 'limit' : 'sort'
  const path = `${needs.path}/${kind}`
  const id = planner.ids.next(kind, path)
  const below: Needs = { path, order: true, updateBefore: true }
  const input = planner.exchange(planner.lower(node.input, below), { kind: 'single' }, below)
  const { offset, count } = node
  const fields = fieldsOf(input, node.schema)
  if (kind === 'sort' && planner.options.mode === 'streaming') {
    if (input.changes !== 'append')
      throw userError(
        'plan/order-by-needs-inserts',
        'Cannot sort by event time here: the input updates rows, and rows that are only added were wanted',
      )
    if (offset > 0) throw userError('unsupported/order-by-offset', 'Cannot skip rows of an order by event time yet: OFFSET needs LIMIT')
    const [time, ...thenBy] = node.keys
    const byClock = input.schema[time!.column]?.timeAttribute === 'proctime'
    // The order of processing time is that of arrival.
    if (byClock && thenBy.length === 0) return { ...fields, kind: 'limit', id, input, offset: 0, count: undefined }
    return { ...fields, kind: 'time-sort', id, input, timeColumn: time!.column, thenBy, ...(byClock ? { byClock } : {}) }
  }
  return node.keys.length === 0
    ? { ...fields, kind: 'limit', id, input, offset, count }
    : { ...fields, kind: 'sort', id, input, keys: node.keys, offset, count }
}

/** The first rows are found by the bytes of stored cells, and those of an array do not tell its place: a column with its order stands for it, as long as they are ranked. */
function rankByOrderKeys(node: LogicalOf<'rank'>): LogicalNode | undefined {
  const { input, orderKeys, showsRank } = node
  const width = input.schema.length
  const arrays = [...new Set(orderKeys.map((key) => key.column))].filter((column) => hasArray(input.schema[column]!.type))
  if (arrays.length === 0) return undefined
  const places = arrays.map((column) => buildCall('ORDER KEY', [columnOf(input.schema, column)]))
  const names = [...input.schema.map((field) => field.name), ...arrays.map((column) => `$order of ${input.schema[column]!.name}`)]
  const below = project(input, [...allColumns(input.schema), ...places], names)
  const ranked: LogicalNode = {
    ...node,
    input: below,
    orderKeys: orderKeys.map((key) => (arrays.includes(key.column) ? { ...key, column: width + arrays.indexOf(key.column) } : key)),
    schema: [...below.schema, ...node.schema.slice(width)],
  }
  return select(ranked, [...input.schema.keys(), ...(showsRank ? [width + arrays.length] : [])])
}

function hasArray(type: SqlType): boolean {
  return type.kind === 'ARRAY' || (type.kind === 'ROW' && type.fields.some((field) => hasArray(field.type)))
}
