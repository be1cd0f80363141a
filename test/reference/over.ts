import type { SqlType } from '../../src/data/types.ts'
import type { SqlValue } from '../../src/data/value.ts'
import type { AggregateCall } from '../../src/expr/aggregate.ts'
import { lagParts } from '../../src/expr/lag.ts'
import type { LogicalOf } from '../../src/plan/logical.ts'
import type { FrameBound } from '../../src/plan/physical.ts'
import { aggregateOf } from './aggregates.ts'
import { type Row, compareRows, sorted } from './evaluate.ts'
import { keyOfValues } from './key-of.ts'

/** The rows, partition by partition, and behind their columns what the calls give over the rows of their frames. */
export function overRows(node: LogicalOf<'over'>, rows: readonly Row[], mode: 'streaming' | 'batch'): readonly Row[] {
  const { window, calls, input } = node
  const types = input.schema.map((field) => field.type)
  const partitions = Map.groupBy(rows, (row) => keyOfValues(window.partitionKeys.map((column) => row[column]!)))
  return [...partitions.values()].flatMap((partition) => {
    const ordered = sorted(types, partition, window.orderKeys)
    const peersOf = (row: Row): readonly number[] =>
      ordered.flatMap((other, i) => (compareRows(types, row, other, window.orderKeys) === 0 ? [i] : []))
    return ordered.map((row, i) => {
      const peers = peersOf(row)
      return [...row, ...calls.map((call) => callOf(call, { node, types, ordered, i, peers, mode }))]
    })
  })
}

interface Place {
  readonly node: LogicalOf<'over'>
  readonly types: readonly SqlType[]
  /** The partition in the window's order. */
  readonly ordered: readonly Row[]
  readonly i: number
  /** The places of the rows that the order does not tell from row i. */
  readonly peers: readonly number[]
  readonly mode: 'streaming' | 'batch'
}

function callOf(call: AggregateCall, place: Place): SqlValue {
  const { ordered, i, peers } = place
  const count = ordered.length
  switch (call.name) {
    case 'ROW_NUMBER':
      return BigInt(i + 1)
    case 'RANK':
      return BigInt(peers[0]! + 1)
    case 'DENSE_RANK':
      return BigInt(distinctBefore(place) + 1)
    case 'PERCENT_RANK':
      return count === 1 ? 0 : peers[0]! / (count - 1)
    case 'CUME_DIST':
      return (peers.at(-1)! + 1) / count
    case 'LAG':
    case 'LEAD':
      return offsetOf(call, place)
    default: {
      const rows = ordered.filter((_, other) => isInFrame(other, place))
      return aggregateOf(call, rows)
    }
  }
}

function distinctBefore({ node, types, ordered, peers }: Place): number {
  let count = 0
  for (let i = 0; i < peers[0]!; i++) if (compareRows(types, ordered[i]!, ordered[i + 1]!, node.window.orderKeys) !== 0) count++
  return count
}

/** In a stream LAG answers by the last of the rows of one time, for all of them. */
function offsetOf(call: AggregateCall, { ordered, i, peers, mode }: Place): SqlValue {
  const [value] = call.args
  const { distance, distanceArg, fallbackArg } = lagParts(call)
  const from = mode === 'streaming' ? peers.at(-1)! : i
  const own = (arg: number | undefined): SqlValue => (arg === undefined ? null : ordered[from]![call.args[arg]!]!)
  const rows = distance ?? own(distanceArg)
  if (rows === null) return null
  const target = ordered[call.name === 'LAG' ? from - Number(rows) : from + Number(rows)]
  return target === undefined ? own(fallbackArg) : target[value!]!
}

function isInFrame(other: number, place: Place): boolean {
  const { start, end } = place.node.window.frame
  return isBehind(other, start, place) && isBefore(other, end, place)
}

function isBehind(other: number, bound: FrameBound, place: Place): boolean {
  switch (bound.kind) {
    case 'unbounded-preceding':
      return true
    case 'unbounded-following':
      return false
    default:
      return distance(other, place) >= offsetOfBound(bound)
  }
}

function isBefore(other: number, bound: FrameBound, place: Place): boolean {
  switch (bound.kind) {
    case 'unbounded-preceding':
      return false
    case 'unbounded-following':
      return true
    default:
      return distance(other, place) <= offsetOfBound(bound)
  }
}

function offsetOfBound(bound: FrameBound): number {
  if (!('offset' in bound)) return 0
  const value = Number(bound.offset.value)
  return bound.kind === 'preceding' ? -value : value
}

/** How far another row stands behind row i: in rows, or for RANGE by the value of the order, times in milliseconds. Peers are at 0. */
function distance(other: number, { node, types, ordered, i, peers }: Place): number {
  const { frame, orderKeys } = node.window
  if (frame.unit === 'ROWS') return other - i
  if (peers.includes(other)) return 0
  const [key] = orderKeys
  if (key === undefined) return 0
  const measure = (row: Row): number => {
    const value = row[key.column]!
    if (value === null) return Number.NEGATIVE_INFINITY
    return types[key.column]!.kind === 'TIMESTAMP' ? Number(value) / 1e6 : Number(value)
  }
  const difference = orderKeys.length === 1 ? measure(ordered[other]!) - measure(ordered[i]!) : other - i
  return key.order === 'ascending' ? difference : -difference
}
