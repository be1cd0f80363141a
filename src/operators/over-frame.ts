import type { SqlType } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import type { SortColumn } from './compare-rows.ts'

type FrameEnd =
  | { readonly kind: 'unbounded-preceding' | 'unbounded-following' | 'current-row' }
  | { readonly kind: 'preceding' | 'following'; readonly offset: { readonly type: SqlType; readonly value: SqlValue } }

/** Which rows around a row its calls read. */
export interface OverFrame {
  readonly unit: 'ROWS' | 'RANGE'
  readonly start: FrameEnd
  readonly end: FrameEnd
}

/** The rows of a partition, in order. */
export interface OrderedRows {
  readonly firstPeers: Int32Array
  readonly peerEnds: Int32Array
  /** The first sort key of each row, by which a RANGE with an offset measures. */
  readonly keys: readonly SqlValue[]
  readonly order: SortColumn | undefined
  readonly orderType: SqlType | undefined
}

/** The frame of row `i`: its first row, and the one behind its last. Neither moves back as `i` grows. */
export function frameRows(frame: OverFrame, rows: OrderedRows): (i: number) => readonly [number, number] {
  const count = rows.keys.length
  const [startOf, endOf] =
    frame.unit === 'ROWS'
      ? [rowsEdge(frame.start, 0, count), rowsEdge(frame.end, 1, count)]
      : [rangeEdge(frame.start, 'first', rows), rangeEdge(frame.end, 'end', rows)]
  const clamp = (position: number): number => Math.max(0, Math.min(position, count))
  return (i) => {
    const start = clamp(startOf(i))
    return [start, Math.max(start, clamp(endOf(i)))]
  }
}

/** @param behind 1 for the end of a frame, which stands behind its last row. */
function rowsEdge(edge: FrameEnd, behind: 0 | 1, count: number): (i: number) => number {
  switch (edge.kind) {
    case 'unbounded-preceding':
      return () => 0
    case 'unbounded-following':
      return () => count
    case 'current-row':
      return (i) => i + behind
    case 'preceding':
    case 'following': {
      const offset = Number(edge.offset.value) * (edge.kind === 'preceding' ? -1 : 1)
      return (i) => i + offset + behind
    }
  }
}

function rangeEdge(edge: FrameEnd, which: 'first' | 'end', rows: OrderedRows): (i: number) => number {
  const { firstPeers, peerEnds, keys, order, orderType } = rows
  const peers = which === 'first' ? firstPeers : peerEnds
  switch (edge.kind) {
    case 'unbounded-preceding':
      return () => 0
    case 'unbounded-following':
      return () => keys.length
    case 'current-row':
      return (i) => peers[i]!
    case 'preceding':
    case 'following': {
      const direction = order?.order === 'descending' ? -1 : 1
      const measures = keys.map((key) => (key === null || orderType === undefined ? Number.NaN : measure(orderType, key) * direction))
      const offset = measure(edge.offset.type, edge.offset.value) * (edge.kind === 'preceding' ? -1 : 1)
      const isNull = (i: number): boolean => Number.isNaN(measures[i]!)
      const firstValue = keys.findIndex((_, i) => !isNull(i))
      const values = keys.filter((_, i) => !isNull(i)).length
      return (i) => {
        // NULL is no distance from anything but NULL.
        if (isNull(i)) return peers[i]!
        const limit = measures[i]! + offset
        let low = firstValue
        let high = firstValue + values
        while (low < high) {
          const middle = (low + high) >>> 1
          if (which === 'first' ? measures[middle]! < limit : measures[middle]! <= limit) low = middle + 1
          else high = middle
        }
        return low
      }
    }
  }
}

/** A number whose differences are those of the values: times and intervals in milliseconds. */
function measure(type: SqlType, value: SqlValue): number {
  switch (type.kind) {
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return Number(value) / 1e6
    case 'DATE':
      return Number(value) * 86_400_000
    case 'DECIMAL':
      return Number(value) / 10 ** type.scale
    default:
      return Number(value)
  }
}
