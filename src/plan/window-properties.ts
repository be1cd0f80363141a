import type { LogicalNode, LogicalOf } from './logical.ts'
import type { EmitStrategy, WindowSpec } from './physical.ts'

/** Which columns of a node hold the bounds and time of one window operation below it. */
export interface WindowColumns {
  readonly window: WindowSpec
  readonly starts: ReadonlySet<number>
  readonly ends: ReadonlySet<number>
  readonly times: ReadonlySet<number>
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
        starts: new Set([width]),
        ends: new Set([width + 1]),
        times: new Set([width + 2]),
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
      return windowColumns(node.input)
    // Ranks within windows leave with their window; others change their rows long after it has passed.
    case 'over':
      return ofWindows(node.input, node.window.partitionKeys)
    case 'rank':
      return ofWindows(node.input, node.partitionKeys)
    case 'match':
    case 'union':
    case 'join':
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

function hasBounds(keys: readonly number[], columns: WindowColumns | undefined): boolean {
  return columns !== undefined && keys.some((key) => columns.starts.has(key)) && keys.some((key) => columns.ends.has(key))
}

/** Whether GROUP BY has both bounds of a window: then each window is final once the watermark has passed it. */
export function isWindowAggregate(node: LogicalOf<'aggregate'>, input: WindowColumns | undefined = windowColumns(node.input)): boolean {
  return hasBounds(node.keys, input)
}

/** The properties where output column i shows input column `sources[i]`, -1 for anything else. */
function mapped(below: WindowColumns, sources: readonly number[]): WindowColumns | undefined {
  const pick = (columns: ReadonlySet<number>): ReadonlySet<number> =>
    new Set(sources.flatMap((source, i) => (columns.has(source) ? [i] : [])))
  const result = { ...below, starts: pick(below.starts), ends: pick(below.ends), times: pick(below.times) }
  return result.starts.size + result.ends.size + result.times.size === 0 ? undefined : result
}
