import { joinKeys } from './join-keys.ts'
import type { LogicalNode, LogicalOf } from './logical.ts'
import type { EmitStrategy, WindowSpec } from './physical.ts'

/** Which columns of a node hold the bounds and time of one window operation below it. */
export interface WindowColumns {
  readonly window: WindowSpec
  /** The windows are those of a TIMESTAMP_LTZ. */
  readonly isInstant: boolean
  readonly starts: ReadonlySet<number>
  readonly ends: ReadonlySet<number>
  readonly times: ReadonlySet<number>
  /** Of sessions: for each column by which rows are parted, those that show it. */
  readonly sessionKeys: readonly ReadonlySet<number>[]
  /** Of a window in GROUP BY, the old kind. */
  readonly groupWindow?: { readonly emit?: EmitStrategy }
  /** The clock says when the windows end. */
  readonly byClock: boolean
}

/** The window columns that leave a node, or undefined when it has none. They pass plain references, filters, window aggregates and ranks within windows. */
export function windowColumns(node: LogicalNode): WindowColumns | undefined {
  switch (node.kind) {
    case 'window-table-function': {
      const width = node.input.schema.length
      return {
        window: node.window,
        isInstant: node.input.schema[node.timeColumn]?.type.kind === 'TIMESTAMP_LTZ',
        starts: new Set([width]),
        ends: new Set([width + 1]),
        times: new Set([width + 2]),
        sessionKeys: node.window.kind === 'session' ? node.window.partitionKeys.map((key) => new Set([key])) : [],
        ...(node.groupWindow === undefined ? {} : { groupWindow: node.groupWindow }),
        byClock: isByClock(node),
      }
    }
    case 'project': {
      const below = windowColumns(node.input)
      if (below === undefined) return undefined
      return mapped(
        below,
        node.projections.map((projection) => (projection.kind === 'column' ? projection.index : -1)),
      )
    }
    case 'aggregate': {
      const below = windowColumns(node.input)
      // Above the aggregate, the bounds of the old kind are plain columns.
      return below !== undefined && below.groupWindow === undefined && isWindowAggregate(node, below) ? mapped(below, node.keys) : undefined
    }
    case 'expand':
    case 'unnest':
    case 'filter':
    case 'lookup-join':
      return windowColumns(node.input)
    // Ranks within windows leave with their window; others change their rows long after it has passed.
    case 'over':
      return ofWindows(node.input, node.window.partitionKeys)
    case 'rank':
      return ofWindows(node.input, node.partitionKeys)
    case 'temporal-join':
      return windowColumns(node.inputs[0])
    case 'join':
      return joinedColumns(node)
    case 'match':
    case 'union':
    case 'sort':
    case 'watermark':
    case 'scan':
    case 'values':
    case 'sink':
      return undefined
  }
}

/** Whether windows are those of processing time. */
export function isByClock(node: LogicalOf<'window-table-function'>): boolean {
  return node.input.schema[node.timeColumn]?.timeAttribute === 'proctime'
}

/** What leaves a node whose rows belong together by `keys`: the window columns of its input where the keys have both bounds. */
function ofWindows(input: LogicalNode, keys: readonly number[]): WindowColumns | undefined {
  const columns = windowColumns(input)
  return hasBounds(keys, columns) ? columns : undefined
}

/** Whether the keys have both bounds of a window. */
export function hasBounds(keys: readonly number[], columns: WindowColumns | undefined): boolean {
  return columns !== undefined && keys.some((key) => columns.starts.has(key)) && keys.some((key) => columns.ends.has(key))
}

/** A join of windows keeps those of the sides that it does not pad. */
function joinedColumns(node: LogicalOf<'join'>): WindowColumns | undefined {
  if (node.joinType === 'mark' || windowBounds(node) === undefined) return undefined
  const { joinType, inputs } = node
  const width = inputs[0].schema.length
  const left = joinType === 'right' || joinType === 'full' ? undefined : windowColumns(inputs[0])
  const right = joinType === 'inner' || joinType === 'right' ? windowColumns(inputs[1]) : undefined
  const known = left ?? right
  if (known === undefined) return undefined
  const both = (which: 'starts' | 'ends' | 'times'): ReadonlySet<number> =>
    new Set([...(left?.[which] ?? []), ...Array.from(right?.[which] ?? [], (column) => column + width)])
  return { ...known, starts: both('starts'), ends: both('ends'), times: both('times'), sessionKeys: [] }
}

/** A join of rows of the same window. */
export interface WindowBounds {
  readonly kind: 'window'
  readonly window: WindowSpec
  /** Columns of each side that the condition says are equal. */
  readonly leftBounds: readonly [start: number, end: number]
  readonly rightBounds: readonly [start: number, end: number]
}

/** Both sides have windows of one kind, whose bounds the condition says are equal. */
export function windowBounds(node: LogicalOf<'join'>): WindowBounds | undefined {
  return boundsOf(node, 'event time')
}

/** Whether a join of equal windows goes by windows of processing time, for which there is none, as in Flink. */
export function joinsWindowsByClock(node: LogicalOf<'join'>): boolean {
  return boundsOf(node, 'processing time') !== undefined
}

function boundsOf(node: LogicalOf<'join'>, time: 'event time' | 'processing time'): WindowBounds | undefined {
  if (node.condition === undefined) return undefined
  const left = windowColumns(node.inputs[0])
  const right = left === undefined ? undefined : windowColumns(node.inputs[1])
  if (left === undefined || right === undefined || !areAlike(left, right, time)) return undefined
  const keys = joinKeys(node)
  const pair = (ofLeft: ReadonlySet<number>, ofRight: ReadonlySet<number>): readonly [number, number] | undefined => {
    for (const [i, key] of keys.left.entries()) {
      const other = keys.right[i]!
      if (key.kind === 'column' && other.kind === 'column' && ofLeft.has(key.index) && ofRight.has(other.index))
        return [key.index, other.index]
    }
    return undefined
  }
  const starts = pair(left.starts, right.starts)
  const ends = pair(left.ends, right.ends)
  if (starts === undefined || ends === undefined) return undefined
  return { kind: 'window', window: left.window, leftBounds: [starts[0], ends[0]], rightBounds: [starts[1], ends[1]] }
}

function areAlike(left: WindowColumns, right: WindowColumns, time: 'event time' | 'processing time'): boolean {
  const areOfRows = [left, right].every((side) => side.byClock === (time === 'processing time') && side.groupWindow === undefined)
  return areOfRows && left.isInstant === right.isInstant && JSON.stringify(left.window) === JSON.stringify(right.window)
}

/**
 * Whether GROUP BY has both bounds of a window: then each window is final once the watermark has passed it. Sessions are windows of their keys: a group over several of them is a
 * plain one, as in Flink.
 */
export function isWindowAggregate(node: LogicalOf<'aggregate'>, input: WindowColumns | undefined = windowColumns(node.input)): boolean {
  return hasBounds(node.keys, input) && (input?.sessionKeys ?? []).every((shown) => node.keys.some((key) => shown.has(key)))
}

/** The properties where output column i shows input column `sources[i]`, -1 for anything else. */
function mapped(below: WindowColumns, sources: readonly number[]): WindowColumns | undefined {
  const pick = (columns: ReadonlySet<number>): ReadonlySet<number> =>
    new Set(sources.flatMap((source, i) => (columns.has(source) ? [i] : [])))
  const result = {
    ...below,
    starts: pick(below.starts),
    ends: pick(below.ends),
    times: pick(below.times),
    sessionKeys: below.sessionKeys.map(pick),
  }
  return result.starts.size + result.ends.size + result.times.size === 0 ? undefined : result
}
