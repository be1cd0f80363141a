import { assert, unreachable } from '../../base/assert.ts'
import { userError } from '../../base/errors.ts'
import type { Clock } from '../../base/ports.ts'
import type { ArenaOwner } from '../../data/arena.ts'
import { type Zone, zone } from '../../data/time-zone.ts'
import type { SqlType } from '../../data/types.ts'
import { arrivalOver } from '../../operators/arrival-over.ts'
import { type DueOperator, byClock } from '../../operators/by-clock.ts'
import { prepare } from '../../expr/interpret.ts'
import type { EvaluationContext } from '../../expr/function.ts'
import { changelogNormalize } from '../../operators/changelog-normalize.ts'
import { currentWatermark } from '../../operators/current-watermark.ts'
import { deduplicate } from '../../operators/deduplicate.ts'
import { dropUpdateBefore } from '../../operators/drop-update-before.ts'
import { emittingWindows } from '../../operators/emitting-windows.ts'
import { expand } from '../../operators/expand.ts'
import { groupAggregate } from '../../operators/group-aggregate.ts'
import { limit } from '../../operators/limit.ts'
import { localGroupAggregate } from '../../operators/local-group-aggregate.ts'
import { matchRecognize } from '../../operators/match-recognize.ts'
import { overAggregate } from '../../operators/over-aggregate.ts'
import { overByValue } from '../../operators/over-by-value.ts'
import { overWindow } from '../../operators/over-window.ts'
import { rank } from '../../operators/rank.ts'
import { sessionAggregate } from '../../operators/session-aggregate.ts'
import { sessionWindow } from '../../operators/session-window.ts'
import { sinkMaterializer } from '../../operators/sink-materializer.ts'
import { sort } from '../../operators/sort.ts'
import type { Operator } from '../../runtime/operator.ts'
import type { FixedWindow } from '../../operators/window-layout.ts'
import { unnest } from '../../operators/unnest.ts'
import { windowAggregate } from '../../operators/window-aggregate.ts'
import { windowRank } from '../../operators/window-rank.ts'
import { windowTableFunction } from '../../operators/window-table-function.ts'
import { windowTime } from '../../operators/window-time.ts'
import type { CreateState } from '../../state/keyed-state.ts'
import type { PhysicalNode, PhysicalOf } from '../../plan/physical.ts'
import type { OperatorNode } from './local-plan.ts'

export interface CreateOptions {
  readonly owner: ArenaOwner
  readonly createState: CreateState
  readonly clock: Clock
  readonly inputTypes: readonly SqlType[]
  readonly types: readonly SqlType[]
  readonly batchRows: number
  readonly timeZone: string
  readonly context: EvaluationContext
  readonly execution: 'compiled' | 'interpreted'
  /** Something above reads the order of rows. */
  readonly ordersOutput: boolean
  /** Exchanges merge rows by their places. */
  readonly givesPlaces: boolean
}

/** The operator of one subtask of a node. */
export function createOperator(node: Exclude<OperatorNode, { kind: 'lookup-join' }>, options: CreateOptions): Operator {
  const { owner, inputTypes, clock, createState } = options
  const clocked = (operator: DueOperator, { byClock: isByClock, timeColumn }: { byClock?: true; timeColumn: number }): Operator =>
    isByClock === true ? byClock({ operator, clock, owner, timeColumns: [timeColumn], watermark: 'behind' }) : operator
  switch (node.kind) {
    case 'local-group-aggregate':
      return localGroupAggregate({ ...node, owner, inputTypes })
    case 'group-aggregate':
      return groupAggregate({
        ...node,
        owner,
        createState,
        inputTypes,
        clock,
        batchRows: options.batchRows,
        ordersOutput: options.ordersOutput,
        givesPlaces: options.ordersOutput && options.givesPlaces,
      })
    case 'rank':
      return rank({ ...node, owner, createState, clock, types: inputTypes })
    case 'over-aggregate': {
      const givesPlaces = options.ordersOutput && options.givesPlaces
      if (node.byClock === true && (node.unit === 'ROWS' || node.preceding === undefined))
        return arrivalOver({ ...node, owner, createState, inputTypes, clock })
      return clocked(
        overAggregate({ ...node, owner, createState, inputTypes, clock, ordersOutput: options.ordersOutput, givesPlaces }),
        node,
      )
    }
    case 'match': {
      const { context, execution } = options
      const givesPlaces = options.ordersOutput && options.givesPlaces
      const { ordersOutput } = options
      return matchRecognize({
        ...node,
        owner,
        createState,
        inputTypes,
        outputTypes: options.types,
        context,
        execution,
        clock,
        ordersOutput,
        givesPlaces,
      })
    }
    case 'time-sort': {
      // The rows of one partition without calls; one is late when a row of its time or a later one has left.
      const { id, timeColumn, thenBy } = node
      const givesPlaces = options.ordersOutput && options.givesPlaces
      const frame = { unit: 'ROWS', preceding: 0, keys: [], calls: [], clock, stateTtlMs: 0 } as const
      const operator = overAggregate({ ...frame, id, owner, createState, inputTypes, timeColumn, thenBy, ordersOutput: true, givesPlaces })
      return clocked(operator, node)
    }
    case 'window-rank': {
      const time = windowTime(isInstant(node.input) ? sessionZone(options.timeZone) : undefined)
      const givesPlaces = options.ordersOutput && options.givesPlaces
      return windowRank({ ...node, owner, createState, types: inputTypes, time, ordersOutput: options.ordersOutput, givesPlaces })
    }
    case 'over-by-value':
      return overByValue({ ...node, owner, createState, clock, inputTypes })
    case 'over-window': {
      const givesPlaces = options.ordersOutput && options.givesPlaces
      return overWindow({ ...node, owner, createState, inputTypes, ordersOutput: options.ordersOutput, givesPlaces })
    }
    case 'deduplicate':
      return deduplicate({
        id: node.id,
        owner,
        createState,
        types: inputTypes,
        keys: node.keys,
        timeColumn: node.timeColumn,
        clock,
        stateTtlMs: node.stateTtlMs,
        ordersOutput: options.ordersOutput,
        givesPlaces: options.ordersOutput && options.givesPlaces,
      })
    case 'current-watermark':
      return currentWatermark(owner, node.types)
    case 'changelog-normalize':
      return changelogNormalize({ ...node, owner, createState, clock, types: inputTypes })
    case 'sink-materializer':
      return sinkMaterializer({ ...node, owner, createState, clock, types: inputTypes })
    case 'drop-update-before':
      return dropUpdateBefore(owner)
    case 'limit':
      return limit({
        id: node.id,
        owner,
        types: inputTypes,
        offset: node.offset,
        count: node.count,
        inputRetracts: node.input.changes !== 'append',
      })
    case 'sort':
      return sort({ id: node.id, owner, types: inputTypes, keys: node.keys, offset: node.offset, count: node.count })
    case 'expand':
      return expand({ owner, inputTypes, keys: node.keys, sets: node.sets, numberType: options.types.at(-1)! })
    case 'unnest':
      return unnest({
        owner,
        inputTypes,
        elementTypes: options.types.slice(inputTypes.length),
        collection: node.collection,
        withOrdinality: node.withOrdinality,
        joinType: node.joinType,
        ...(node.condition === undefined ? {} : { condition: prepare(node.condition, options.context) }),
      })
    case 'window-table-function': {
      const windowTypes = options.types.slice(inputTypes.length)
      const time = windowTime(isInstant(node) ? sessionZone(options.timeZone) : undefined)
      if (node.window.kind === 'session') {
        const operator = sessionWindow({
          id: node.id,
          owner,
          createState,
          inputTypes,
          windowTypes,
          timeColumn: node.timeColumn,
          gapMs: node.window.gapMs,
          keys: node.window.partitionKeys,
          inputRetracts: node.input.changes !== 'append',
          time,
          ordersOutput: options.ordersOutput,
          givesPlaces: options.ordersOutput && options.givesPlaces,
        })
        return clocked(operator, node)
      }
      return clocked(windowTableFunction({ owner, inputTypes, windowTypes, timeColumn: node.timeColumn, window: node.window, time }), node)
    }
    case 'window-aggregate':
      return windowAggregateOperator(node, options)
    default:
      return unreachable(node)
  }
}

/** Windows send once, when they end, unless settings ask for more; the clock stands in for the watermark where they are of processing time. */
function windowAggregateOperator(node: PhysicalOf<'window-aggregate'>, options: CreateOptions): Operator {
  const { owner, inputTypes, clock, createState, ordersOutput } = options
  const time = windowTime(isInstant(node) ? sessionZone(options.timeZone) : undefined)
  const shared = {
    id: node.id,
    owner,
    createState,
    inputTypes,
    propertyTypes: options.types.slice(node.keys.length + node.aggregates.length),
    keys: node.keys,
    aggregates: node.aggregates,
    properties: node.properties,
    inputRetracts: node.inputRetracts,
    time,
    ordersOutput,
    givesPlaces: ordersOutput && options.givesPlaces,
  }
  if (node.emit !== undefined) {
    assert(node.time.kind === 'attached', 'windows that emit come with their rows')
    const { start, end } = node.time
    const operator = emittingWindows({ ...shared, ...node.emit, clock, start, end })
    return node.byClock === true ? byClock({ operator, clock, owner, timeColumns: [undefined], watermark: 'behind' }) : operator
  }
  if (node.window.kind === 'session' && node.time.kind === 'rowtime') {
    return sessionAggregate({ ...shared, gapMs: node.window.gapMs, timeColumn: node.time.column, mode: node.mode })
  }
  const operator = windowAggregate({
    ...shared,
    window: node.window.kind === 'session' ? boundsOnly : node.window,
    source: node.time,
    mode: node.mode,
  })
  if (node.byClock !== true) return operator
  return byClock({
    operator,
    clock,
    owner,
    timeColumns: [node.time.kind === 'rowtime' ? node.time.column : undefined],
    watermark: 'behind',
  })
}

/** Windows that come with the rows: where they lie is not asked. */
const boundsOnly: FixedWindow = { kind: 'tumble', sizeMs: 1, offsetMs: 0 }

/** Undefined for UTC, whose wall clock is the time itself. */
export function sessionZone(name: string): Zone | undefined {
  if (name === 'UTC') return undefined
  const found = zone(name)
  if (found === undefined)
    throw userError('sql/option-value', `Cannot use the time zone "${name}": it is neither an IANA name nor an offset such as "GMT+02:00"`)
  return found
}

/** Whether the event time of a window operator is TIMESTAMP_LTZ. Where windows come with the rows, those who made them know. */
export function isInstant(node: PhysicalNode): boolean {
  switch (node.kind) {
    case 'window-table-function':
      return node.input.schema[node.timeColumn]?.type.kind === 'TIMESTAMP_LTZ'
    case 'window-aggregate':
      return node.time.kind === 'rowtime' ? node.input.schema[node.time.column]?.type.kind === 'TIMESTAMP_LTZ' : isInstant(node.input)
    case 'scan':
    case 'values':
      return false
    case 'union':
    case 'join':
    case 'mark-join':
    case 'interval-join':
    case 'temporal-join':
    case 'window-join':
      return node.inputs.some(isInstant)
    default:
      return isInstant(node.input)
  }
}
