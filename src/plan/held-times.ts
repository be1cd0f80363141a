import type { LogicalNode, LogicalOf } from './logical.ts'
import type { WindowSpec } from './physical.ts'
import { rankOfFilter } from './rank-filters.ts'
import { hasBounds, isByClock, windowBounds, windowColumns } from './window-properties.ts'

/**
 * How long, in milliseconds of event time, the rows of a node may lie behind the watermark by one of their event times. A window join and the first rows of a window hold rows
 * till the window is over, so their times are up to its size behind; `window_time` never is. Infinity where nothing bounds it, as in sessions.
 */
export function heldTimeMs(node: LogicalNode, column: number): number {
  switch (node.kind) {
    case 'window-table-function':
      if (column >= node.input.schema.length) return 0
      return node.window.kind === 'session' && !isByClock(node) ? Infinity : heldTimeMs(node.input, column)
    case 'filter': {
      const ranked = rankOfFilter(node)
      return heldTimeMs(ranked === node ? node.input : ranked, column)
    }
    case 'rank': {
      const columns = windowColumns(node.input)
      if (!hasBounds(node.partitionKeys, columns)) return heldTimeMs(node.input, column)
      return columns?.times.has(column) === true ? 0 : windowSizeMs(node.input, column)
    }
    case 'project': {
      const projection = node.projections[column]
      return projection?.kind === 'column' ? heldTimeMs(node.input, projection.index) : 0
    }
    case 'join': {
      // A join by an interval holds back the watermark itself; others have no event times.
      if (node.joinType === 'mark' || windowBounds(node) === undefined) return 0
      const { input, place } = sideOf(node, column)
      return windowColumns(input)?.times.has(place) === true ? 0 : windowSizeMs(input, place)
    }
    case 'union':
      return Math.max(...node.inputs.map((input) => heldTimeMs(input, column)))
    case 'over':
    case 'unnest':
    case 'lookup-join':
    case 'sort':
    case 'expand':
      return column < node.input.schema.length ? heldTimeMs(node.input, column) : 0
    case 'temporal-join': {
      const [left] = node.inputs
      if (column >= left.schema.length) return 0
      // It holds back the watermark for the time that it goes by, where something bounds that.
      const known = heldTimeMs(left, node.leftTime)
      const own = heldTimeMs(left, column)
      return Number.isFinite(known) ? Math.max(0, own - known) : own
    }
    case 'aggregate':
    case 'match':
    case 'watermark':
    case 'scan':
    case 'values':
    case 'sink':
      return 0
  }
}

/** The size of the windows that a column put its row into; Infinity for any other time, which says nothing of when its window is over. */
function windowSizeMs(node: LogicalNode, column: number): number {
  switch (node.kind) {
    case 'window-table-function':
      return column === node.timeColumn ? sizeMsOf(node.window) : Infinity
    case 'project': {
      const projection = node.projections[column]
      return projection?.kind === 'column' ? windowSizeMs(node.input, projection.index) : Infinity
    }
    case 'join': {
      const { input, place } = sideOf(node, column)
      return windowSizeMs(input, place)
    }
    case 'filter':
    case 'rank':
    case 'over':
    case 'unnest':
    case 'lookup-join':
      return column < node.input.schema.length ? windowSizeMs(node.input, column) : Infinity
    default:
      return Infinity
  }
}

function sizeMsOf(window: WindowSpec): number {
  switch (window.kind) {
    case 'tumble':
    case 'hop':
      return window.sizeMs
    case 'cumulate':
      return window.maxSizeMs
    case 'session':
      return Infinity
  }
}

function sideOf({ inputs }: LogicalOf<'join'>, column: number): { readonly input: LogicalNode; readonly place: number } {
  const [left, right] = inputs
  const width = left.schema.length
  return column < width ? { input: left, place: column } : { input: right, place: column - width }
}
