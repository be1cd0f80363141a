import { assert, unreachable } from '../../base/assert.ts'
import type { SqlType } from '../../data/types.ts'
import { readsArrivalOrder } from '../../expr/aggregates.ts'
import type { PipelineStep } from '../../expr/pipeline-program.ts'
import type { Distribution, PhysicalNode, PhysicalOf } from '../../plan/physical.ts'
import { sharedSteps } from '../../plan/physical-inputs.ts'

/** Nodes that become one operator each. */
export type OperatorNode = PhysicalOf<
  | 'local-group-aggregate'
  | 'group-aggregate'
  | 'window-table-function'
  | 'expand'
  | 'unnest'
  | 'window-aggregate'
  | 'rank'
  | 'over-aggregate'
  | 'over-by-value'
  | 'over-window'
  | 'window-rank'
  | 'match'
  | 'time-sort'
  | 'deduplicate'
  | 'changelog-normalize'
  | 'sink-materializer'
  | 'drop-update-before'
  | 'current-watermark'
  | 'lookup-join'
  | 'limit'
  | 'sort'
>

/** Nodes that become one operator with two inputs. */
export type JoinNode = PhysicalOf<'join' | 'mark-join' | 'interval-join' | 'temporal-join' | 'window-join'>

/** Names of joins, as EXPLAIN and messages show them. */
export const joinNames = {
  join: 'Join',
  'mark-join': 'Join',
  'interval-join': 'IntervalJoin',
  'temporal-join': 'TemporalJoin',
  'window-join': 'WindowJoin',
} as const satisfies Record<JoinNode['kind'], string>

/** Where the rows of an exchange go: by key, all to subtask 0, or each to the subtask of the same number. */
export type Routing = { readonly kind: 'hash'; readonly keys: readonly number[] } | { readonly kind: 'first' } | { readonly kind: 'same' }

/**
 * The plan as this engine runs it at one parallelism: neighbouring Calcs and watermarks are one pipeline, exchanges stand exactly where rows
 * change subtasks, and every step knows how many subtasks it has.
 */
export type LocalNode = {
  readonly parallelism: number
  readonly types: readonly SqlType[]
} & (
  | { readonly kind: 'source'; readonly node: PhysicalOf<'scan' | 'values'> }
  | {
      readonly kind: 'pipeline'
      readonly name: string
      readonly steps: readonly PipelineStep[]
      /** The id of the watermark node among the steps. */
      readonly watermarkId: string | undefined
      readonly input: LocalNode
    }
  | {
      readonly kind: 'operator'
      readonly node: OperatorNode
      /** Whether something above reads the order of its rows. */
      readonly ordersOutput: boolean
      readonly input: LocalNode
    }
  /** Rows of both sides meet in one subtask by their keys; without keys all in one. */
  | {
      readonly kind: 'join'
      readonly node: JoinNode
      readonly ordersOutput: boolean
      readonly inputs: readonly [left: LocalNode, right: LocalNode]
    }
  | { readonly kind: 'union'; readonly id: string; readonly inputs: readonly LocalNode[] }
  /** One of several that read the same rows. */
  | { readonly kind: 'reuse'; readonly shared: SharedPart }
  | {
      readonly kind: 'exchange'
      readonly id: string
      readonly routing: Routing
      /** Within a block, rows of several senders are brought into the order of the source rows that caused them. */
      readonly mergesByPlace: boolean
      readonly input: LocalNode
    }
)

/** A part of the plan that runs once and has several readers: the `reuse` nodes that hold this very object. */
export interface SharedPart {
  readonly input: LocalNode
}

/** Turns everything below the sinks into local nodes, one tree a sink. The rows of a query, which has no table to go to, come from one subtask. */
export function localPlans(sinks: readonly PhysicalOf<'sink'>[], parallelism: number): readonly LocalNode[] {
  const steps = sharedSteps(sinks)
  const demands = new Map<PhysicalNode, Demand>()
  for (;;) {
    const context: Context = { parallelism, readsOrder: false, steps, demands, parts: new Map() }
    const trees = sinks.map((sink) => {
      const input = lower(sink.input, context)
      return sink.target === undefined ? gather(input, sink.id, false) : input
    })
    // A part that is made for its first reader is made anew when a later one asks for more.
    if ([...context.parts].every(([node, { made }]) => demands.get(node) === made)) return trees
  }
}

/** What the readers of a shared part ask for together. */
interface Demand {
  readonly parallelism: number
  readonly readsOrder: boolean
}

interface Context {
  readonly parallelism: number
  /** Whether something above reads the order in which rows arrive. */
  readonly readsOrder: boolean
  /** Steps that several others read. */
  readonly steps: ReadonlyMap<PhysicalNode, number>
  readonly demands: Map<PhysicalNode, Demand>
  readonly parts: Map<PhysicalNode, { readonly part: SharedPart; readonly made: Demand }>
}

function lower(node: PhysicalNode, context: Context): LocalNode {
  if (!context.steps.has(node)) return lowerStep(node, context)
  const demand = addDemand(context, node)
  let known = context.parts.get(node)
  if (known === undefined) {
    known = { part: { input: lowerStep(node, { ...context, ...demand }) }, made: demand }
    context.parts.set(node, known)
  }
  const { types, parallelism } = known.part.input
  return { kind: 'reuse', shared: known.part, types, parallelism }
}

function addDemand({ demands, parallelism, readsOrder }: Context, node: PhysicalNode): Demand {
  const before = demands.get(node)
  if (before === undefined || parallelism < before.parallelism || (readsOrder && !before.readsOrder)) {
    demands.set(node, {
      parallelism: Math.min(parallelism, before?.parallelism ?? parallelism),
      readsOrder: readsOrder || before?.readsOrder === true,
    })
  }
  return demands.get(node)!
}

function lowerStep(node: PhysicalNode, context: Context): LocalNode {
  const types = node.schema.map((field) => field.type)
  switch (node.kind) {
    case 'scan':
    case 'values':
      return { kind: 'source', node, types, parallelism: context.parallelism }
    case 'calc': {
      const steps: PipelineStep[] = node.condition === undefined ? [] : [{ kind: 'filter', condition: node.condition }]
      steps.push({ kind: 'project', projections: node.projections })
      return pipeline(lower(node.input, context), { name: 'Calc', steps, types, watermarkId: undefined })
    }
    case 'watermark': {
      const { timeColumn, expression, intervalMs } = node
      const steps: PipelineStep[] = [{ kind: 'watermark', timeColumn, expression, intervalMs }]
      // Which rows raise a coarse watermark depends on all rows before them, so one subtask reads the table.
      const below = intervalMs > 0 ? { ...context, parallelism: 1 } : context
      return pipeline(lower(node.input, below), { name: 'WatermarkAssigner', steps, types, watermarkId: node.id })
    }
    case 'exchange': {
      const input = lower(node.input, context)
      const { distribution } = node
      if (distribution.kind === 'any') return input
      if (distribution.kind === 'single') return gather(input, node.id, context.readsOrder)
      return route(input, node.id, distribution.keys, context)
    }
    case 'union':
      return union(node, context)
    case 'join':
    case 'mark-join':
    case 'interval-join':
    case 'window-join':
    case 'temporal-join': {
      // Of versions of one time the last one that comes is valid.
      const right = apart(
        lower(node.inputs[1], node.kind === 'temporal-join' ? { ...context, readsOrder: true } : context),
        `${node.id}/right`,
        context,
      )
      const left = apart(lower(node.inputs[0], context), `${node.id}/left`, context)
      assert(left.parallelism === right.parallelism, 'both sides of a join come from exchanges')
      return { kind: 'join', node, ordersOutput: context.readsOrder, inputs: [left, right], types, parallelism: left.parallelism }
    }
    case 'local-group-aggregate': {
      const input = lower(node.input, context)
      return { kind: 'operator', node, ordersOutput: false, input, types, parallelism: input.parallelism }
    }
    case 'group-aggregate': {
      if (node.phase === 'global' && (context.parallelism === 1 || context.readsOrder)) return lower(inOnePhase(node), context)
      const readsOrder = context.readsOrder || node.aggregates.some((call) => readsArrivalOrder(call.name))
      const input = distribute(lower(node.input, { ...context, readsOrder }), node, { ...context, readsOrder })
      return { kind: 'operator', node, ordersOutput: context.readsOrder, input, types, parallelism: input.parallelism }
    }
    case 'window-aggregate': {
      // What leaves is ordered by time and key, whatever came in which order, unless an aggregate looks at it.
      const readsOrder = node.aggregates.some((call) => readsArrivalOrder(call.name))
      const input = distribute(lower(node.input, { ...context, readsOrder }), node, { ...context, readsOrder })
      return { kind: 'operator', node, ordersOutput: context.readsOrder, input, types, parallelism: input.parallelism }
    }
    case 'rank':
    case 'window-rank':
    case 'over-aggregate':
    case 'over-by-value':
    case 'over-window':
    case 'match':
    case 'deduplicate': {
      // Rows that the order does not tell apart stand as they arrive.
      const ordered = { ...context, readsOrder: true }
      const input = distribute(lower(node.input, ordered), node, ordered)
      return { kind: 'operator', node, ordersOutput: context.readsOrder, input, types, parallelism: input.parallelism }
    }
    case 'sink-materializer':
    case 'changelog-normalize': {
      const input = distribute(lower(node.input, context), node, context)
      return { kind: 'operator', node, ordersOutput: context.readsOrder, input, types, parallelism: input.parallelism }
    }
    case 'window-table-function':
    case 'expand':
    case 'unnest':
    case 'lookup-join':
    case 'drop-update-before': {
      const below = lower(node.input, context)
      const input =
        node.kind === 'window-table-function' && node.window.kind === 'session'
          ? distribute(below, { id: node.id, keys: node.window.partitionKeys }, context)
          : below
      return { kind: 'operator', node, ordersOutput: context.readsOrder, input, types, parallelism: input.parallelism }
    }
    case 'current-watermark': {
      // Readers of blocks in turn know the watermarks of their own blocks only.
      const below = lower(node.input, context)
      const input = hasOnlySources(below) ? gather(below, node.id, context.readsOrder) : below
      return { kind: 'operator', node, ordersOutput: context.readsOrder, input, types, parallelism: input.parallelism }
    }
    case 'limit':
    case 'time-sort':
    case 'sort': {
      const input = gather(lower(node.input, { ...context, readsOrder: true }), node.id, true)
      return { kind: 'operator', node, ordersOutput: context.readsOrder, input, types, parallelism: 1 }
    }
    case 'sink':
      return unreachable(node as never)
    default:
      return unreachable(node)
  }
}

/** Where rows stay in one subtask, or their order is read, adding them up first would only be work. The state is the same either way. */
function inOnePhase(node: PhysicalOf<'group-aggregate'>): PhysicalOf<'group-aggregate'> {
  const { phase: _, input: exchange, ...fields } = node
  assert(exchange.kind === 'exchange' && exchange.input.kind === 'local-group-aggregate', 'a second step stands behind a first one')
  const { input, keys } = exchange.input
  const distribution: Distribution = keys.length === 0 ? exchange.distribution : { kind: 'hash', keys }
  return { ...fields, keys, input: { ...exchange, input, distribution, schema: input.schema } }
}

/** Appends steps to the pipeline below, or begins one. A pipeline has one watermark. */
function pipeline(
  input: LocalNode,
  added: { name: string; steps: readonly PipelineStep[]; types: readonly SqlType[]; watermarkId: string | undefined },
): LocalNode {
  if (input.kind === 'pipeline' && (input.watermarkId === undefined || added.watermarkId === undefined)) {
    return {
      ...input,
      name: added.name === input.name ? input.name : `${input.name} -> ${added.name}`,
      steps: [...input.steps, ...added.steps],
      types: added.types,
      watermarkId: input.watermarkId ?? added.watermarkId,
    }
  }
  return { kind: 'pipeline', ...added, input, parallelism: input.parallelism }
}

/**
 * Where the rows of a shared part meet others, they come from channels: the chain of the part and that of the meeting are two, for what meets them may come by
 * other subtasks from that very part, and wait for it. A job of one subtask needs none, for it keeps what comes before its turn.
 */
function apart(input: LocalNode, id: string, context: Context): LocalNode {
  if (context.parallelism === 1 || !readsShared(input)) return input
  return {
    kind: 'exchange',
    id,
    routing: { kind: 'same' },
    mergesByPlace: false,
    input,
    types: input.types,
    parallelism: input.parallelism,
  }
}

/** Whether the stage that `node` ends has a part in it that others read too. */
export function readsShared(node: LocalNode): boolean {
  switch (node.kind) {
    case 'reuse':
      return true
    case 'source':
    case 'exchange':
      return false
    case 'union':
    case 'join':
      return node.inputs.some(readsShared)
    case 'pipeline':
    case 'operator':
      return readsShared(node.input)
    default:
      return unreachable(node)
  }
}

/** How many read each shared part. */
export function readersOf(roots: readonly LocalNode[]): ReadonlyMap<SharedPart, number> {
  const readers = new Map<SharedPart, number>()
  const visit = (node: LocalNode): void => {
    switch (node.kind) {
      case 'source':
        return
      case 'reuse': {
        const count = readers.get(node.shared) ?? 0
        readers.set(node.shared, count + 1)
        if (count === 0) visit(node.shared.input)
        return
      }
      case 'union':
      case 'join':
        node.inputs.forEach(visit)
        return
      case 'exchange':
      case 'pipeline':
      case 'operator':
        visit(node.input)
        return
      default:
        unreachable(node)
    }
  }
  roots.forEach(visit)
  return readers
}

/** Brings all rows to one subtask. */
function gather(input: LocalNode, id: string, readsOrder: boolean): LocalNode {
  if (input.parallelism === 1) return input
  return {
    kind: 'exchange',
    id: `${id}/gather`,
    routing: { kind: 'first' },
    mergesByPlace: readsOrder && !hasOnlySources(input),
    input,
    types: input.types,
    parallelism: 1,
  }
}

function route(input: LocalNode, id: string, keys: readonly number[], context: Context): LocalNode {
  if (keys.length === 0) return gather(input, id, context.readsOrder)
  if (context.parallelism === 1) return input
  return {
    kind: 'exchange',
    id: `${id}/hash`,
    routing: { kind: 'hash', keys },
    mergesByPlace: context.readsOrder && input.parallelism > 1 && !hasOnlySources(input),
    input,
    types: input.types,
    parallelism: context.parallelism,
  }
}

/** Rows of one key must meet in one subtask: where the plan has no exchange and sources are read by several, one is put in. */
function distribute(input: LocalNode, node: { readonly id: string; readonly keys: readonly number[] }, context: Context): LocalNode {
  if (node.keys.length === 0) return gather(input, node.id, context.readsOrder)
  return hasOnlySources(input) ? route(input, node.id, node.keys, context) : input
}

/** Whether all leaves of the stage that `node` ends are sources. */
export function hasOnlySources(node: LocalNode): boolean {
  switch (node.kind) {
    case 'source':
      return true
    case 'exchange':
      return false
    case 'union':
    case 'join':
      return node.inputs.every(hasOnlySources)
    case 'pipeline':
    case 'operator':
      return hasOnlySources(node.input)
    case 'reuse':
      return hasOnlySources(node.shared.input)
    default:
      return unreachable(node)
  }
}

/**
 * Inputs meet subtask by subtask. When they have different numbers of subtasks, or some are sources and others not, an exchange brings the
 * blocks of each in order to every subtask first.
 */
function union(node: PhysicalOf<'union'>, context: Context): LocalNode {
  const inputs = flatInputs(node, context.steps).map((input) => lower(input, context))
  const types = node.schema.map((field) => field.type)
  const parallelism = Math.max(...inputs.map((input) => input.parallelism))
  const areAlike = inputs.every(
    (input) => input.parallelism === parallelism && hasOnlySources(input) === hasOnlySources(inputs[0]!) && !readsShared(input),
  )
  const aligned =
    areAlike || context.parallelism === 1
      ? inputs
      : inputs.map((input, i): LocalNode => {
          if (input.parallelism === parallelism && (parallelism === 1 || !hasOnlySources(input)))
            return apart(input, `${node.id}/input-${i}`, context)
          const routing: Routing = { kind: input.parallelism === 1 ? 'first' : 'same' }
          return { kind: 'exchange', id: `${node.id}/input-${i}`, routing, mergesByPlace: false, input, types: input.types, parallelism }
        })
  return { kind: 'union', id: node.id, inputs: aligned, types, parallelism }
}

/** A union directly below a union takes turns with its neighbours as if it were not there. */
function flatInputs(node: PhysicalOf<'union'>, steps: Context['steps']): readonly PhysicalNode[] {
  return node.inputs.flatMap((input) => (input.kind === 'union' && !steps.has(input) ? flatInputs(input, steps) : [input]))
}

/** Whether any exchange wants the places of rows. */
export function usesPlaces(node: LocalNode): boolean {
  switch (node.kind) {
    case 'source':
      return false
    case 'exchange':
      return node.mergesByPlace || usesPlaces(node.input)
    case 'union':
    case 'join':
      return node.inputs.some(usesPlaces)
    case 'pipeline':
    case 'operator':
      return usesPlaces(node.input)
    case 'reuse':
      return usesPlaces(node.shared.input)
    default:
      return unreachable(node)
  }
}
