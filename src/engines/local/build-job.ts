import { assert, unreachable } from '../../base/assert.ts'
import { userError } from '../../base/errors.ts'
import type { ArenaOwner } from '../../data/arena.ts'
import { BatchBuffer } from '../../data/batch-buffer.ts'
import { KEY_GROUPS, subtaskOfKeyGroup } from '../../data/partitioner.ts'
import { NO_WATERMARK } from '../../data/watermark.ts'
import type { EvaluationContext } from '../../expr/function.ts'
import type { PhysicalOf } from '../../plan/physical.ts'
import { calc } from '../../operators/calc.ts'
import { Channel } from '../../runtime/channel.ts'
import type { Downstream } from '../../runtime/event.ts'
import { ExchangeReceiver } from '../../runtime/exchange-receiver.ts'
import { ExchangeSender } from '../../runtime/exchange-sender.ts'
import { IdleWatch } from '../../runtime/idle-watch.ts'
import type { JobMemory } from '../../runtime/job-memory.ts'
import type { JobSnapshot } from '../../runtime/job-snapshot.ts'
import type { Lookup } from '../../runtime/lookup.ts'
import type { Operator } from '../../runtime/operator.ts'
import { OperatorLink } from '../../runtime/operator-link.ts'
import { type Route, Router } from '../../runtime/router.ts'
import type { Scheduler } from '../../runtime/scheduler.ts'
import { type RowTaker, SinkLink } from '../../runtime/sink-link.ts'
import { SharedLink } from '../../runtime/shared-link.ts'
import { SourceLeaf } from '../../runtime/source-leaf.ts'
import type { Source, SourceOpen, SourceReader } from '../../runtime/source.ts'
import { type InputTree, Subtask } from '../../runtime/subtask.ts'
import { TurnLog } from '../../runtime/turn-log.ts'
import { UnionLink } from '../../runtime/union-link.ts'
import { readWatermarkSnapshot } from '../../runtime/watermark-snapshot.ts'
import { type KeyedState, type StateOptions, memoryState } from '../../state/keyed-state.ts'
import { createJoin } from './create-join.ts'
import { createLookup, lookupOf } from './create-lookup.ts'
import { createOperator } from './create-operator.ts'
import type { JobOptions } from './job.ts'
import { type LocalNode, type SharedPart, hasOnlySources, joinNames, readersOf, readsShared, usesPlaces } from './local-plan.ts'
import { type StageEnd, stagesOf } from './stages.ts'
import { valuesReader } from './values-reader.ts'

/** Messages that a channel holds before its sender waits. */
const CHANNEL_LIMIT = 4

export interface BuildOptions {
  readonly job: JobOptions
  readonly context: EvaluationContext
  readonly memory: JobMemory
  readonly scheduler: Scheduler
  /** By sink and subtask. */
  readonly takers: readonly (readonly RowTaker[])[]
  readonly snapshot: JobSnapshot | undefined
  /** How many blocks each source may read before it is told to go on. */
  readonly grantedBlocks: number
  readonly fail: (error: unknown) => void
}

/** The readers of one table, by subtask. */
export interface BuiltSource {
  readonly id: string
  readonly leaves: readonly SourceLeaf[]
}

/** Everything of a job that its run deals with. */
export interface BuiltJob {
  /** One a sink. */
  readonly plans: readonly LocalNode[]
  readonly subtasks: readonly Subtask[]
  readonly sinks: readonly SinkLink[]
  readonly sources: readonly BuiltSource[]
  readonly operators: readonly Operator[]
  readonly states: readonly KeyedState[]
  /** Of each union: its links, by subtask. */
  readonly unions: ReadonlyMap<LocalNode, readonly UnionLink[]>
}

/** Makes the subtasks of plans, one a sink, with everything between them. */
export async function buildJob(plans: readonly LocalNode[], options: BuildOptions): Promise<BuiltJob> {
  return new Builder(plans, options).build()
}

/** The subtasks of one stage: chains between the same exchanges. */
interface Stage {
  readonly parallelism: number
  readonly watermarks: 'absolute' | 'by-block'
}

/** What a chain needs to know of its subtask. */
interface Place {
  readonly stage: Stage
  readonly subtask: number
  readonly wake: () => void
  /** Counts the inputs of the chain. */
  leaves: number
  readonly timed: OperatorLink[]
  /** The shared parts of the subtask that are made. */
  readonly parts: Map<SharedPart, { readonly link: SharedLink; readonly input: InputTree }>
}

class Builder {
  readonly #plans: readonly LocalNode[]
  readonly #stages: ReturnType<typeof stagesOf>
  readonly #options: BuildOptions
  readonly #givesPlaces: boolean
  readonly #subtasks: Subtask[] = []
  readonly #sinks: SinkLink[] = []
  readonly #sources = new Map<LocalNode, SourceLeaf[]>()
  readonly #idleWatches = new Map<LocalNode, IdleWatch>()
  readonly #tables = new Map<PhysicalOf<'scan'>, Source>()
  readonly #operators: Operator[] = []
  readonly #states: KeyedState[] = []
  readonly #lookups = new Map<LocalNode, Lookup>()
  readonly #unions = new Map<LocalNode, UnionLink[]>()
  /** Of shared parts: how many read them, and those that need no more. */
  readonly #readers: ReadonlyMap<SharedPart, number>
  readonly #satisfied = new Map<SharedPart, Set<LocalNode>>()
  readonly #turnLogs = new Map<LocalNode, TurnLog>()
  /** By exchange: channels[sender][receiver]. */
  readonly #exchanges = new Map<LocalNode, { readonly channels: readonly (readonly Channel[])[]; readonly owner: ArenaOwner }>()

  constructor(plans: readonly LocalNode[], options: BuildOptions) {
    this.#plans = plans
    this.#stages = stagesOf(plans)
    this.#readers = readersOf(plans)
    this.#options = options
    this.#givesPlaces = plans.some(usesPlaces)
  }

  async build(): Promise<BuiltJob> {
    const built = new Set<readonly StageEnd[]>()
    for (const root of this.#plans.keys()) {
      const ends = this.#stages.get(root)!
      if (built.has(ends)) continue
      built.add(ends)
      await this.#stage(ends)
    }
    const sources = [...this.#sources].map(([node, leaves]) => {
      assert(node.kind === 'source', 'leaves belong to sources')
      return { id: node.node.id, leaves }
    })
    return {
      plans: this.#plans,
      subtasks: this.#subtasks,
      sinks: this.#sinks,
      sources,
      operators: this.#operators,
      states: this.#states,
      unions: this.#unions,
    }
  }

  /** Makes all subtasks of a stage. */
  async #stage(ends: readonly StageEnd[]): Promise<void> {
    const { scheduler } = this.#options
    for (const { to } of ends) if (typeof to !== 'number') this.#openChannels(to, ends.length > 1)
    const [{ node: first }] = ends as readonly [StageEnd, ...StageEnd[]]
    const stage: Stage = { parallelism: first.parallelism, watermarks: watermarksOf(first) }
    for (let subtask = 0; subtask < stage.parallelism; subtask++) {
      const holder: { made?: Subtask } = {}
      const wake = (): void => {
        if (holder.made !== undefined) scheduler.wake(holder.made)
      }
      const timed: OperatorLink[] = []
      const parts: Place['parts'] = new Map()
      const inputs: InputTree[] = []
      for (const { node, to } of ends) {
        const next = typeof to === 'number' ? this.#sink(to, subtask, wake) : this.#sender(to, subtask, wake)
        inputs.push(await this.#chain(node, { stage, subtask, wake, leaves: 0, timed, parts }, next))
      }
      holder.made = new Subtask({ name: `${describe(first)} (${subtask + 1}/${stage.parallelism})`, inputs, timed })
      this.#subtasks.push(holder.made)
      scheduler.add(holder.made)
    }
  }

  #sink(root: number, subtask: number, wake: () => void): SinkLink {
    const sink = new SinkLink({ taker: this.#options.takers[root]![subtask]!, wake, fail: this.#options.fail })
    this.#sinks.push(sink)
    return sink
  }

  /** Makes the chain up to `node`, whose rows go to `next`. */
  async #chain(node: LocalNode, place: Place, next: Downstream): Promise<InputTree> {
    switch (node.kind) {
      case 'source':
        return { kind: 'leaf', leaf: await this.#source(node, place, next) }
      case 'pipeline':
      case 'operator': {
        const operator = node.kind === 'pipeline' ? this.#pipeline(node) : this.#operator(node)
        return this.#chain(node.input, place, this.#link(operator, [node.input], place, next))
      }
      case 'join':
        return this.#join(node, place, next)
      case 'union':
        return this.#union(node, place, next)
      case 'reuse':
        return this.#reuse(node, place, next)
      case 'exchange':
        return { kind: 'leaf', leaf: await this.#receiver(node, place, next) }
      default:
        return unreachable(node)
    }
  }

  /** The first reader of a part makes it, the others are added. */
  async #reuse({ shared }: Extract<LocalNode, { kind: 'reuse' }>, place: Place, next: Downstream): Promise<InputTree> {
    const known = place.parts.get(shared)
    if (known !== undefined) {
      known.link.add(next)
      return known.input
    }
    const link = new SharedLink()
    link.add(next)
    const input = await this.#chain(shared.input, place, link)
    place.parts.set(shared, { link, input })
    return input
  }

  async #join(node: Extract<LocalNode, { kind: 'join' }>, place: Place, next: Downstream): Promise<InputTree> {
    const { memory, context, job } = this.#options
    const operator = createJoin(node.node, {
      owner: memory.owner(describe(node)),
      createState: (options) => this.#state(options),
      clock: context.clock,
      context,
      execution: job.settings.expressions,
      inputTypes: [node.inputs[0].types, node.inputs[1].types],
      types: node.types,
      timeZone: job.settings.timeZone,
      ordersOutput: node.ordersOutput,
      givesPlaces: this.#givesPlaces && node.ordersOutput,
    })
    const link = this.#link(operator, node.inputs, place, next)
    return this.#meet(node, { id: `${node.node.id}/inputs`, place, next: link, tags: 'input' })
  }

  #link(operator: Operator, inputs: readonly LocalNode[], place: Place, next: Downstream): OperatorLink {
    const hasEnded = this.#restore(operator, place) === 'ended'
    this.#operators.push(operator)
    const link = new OperatorLink({
      operator,
      subtask: place.subtask,
      next,
      wake: place.wake,
      fail: this.#options.fail,
      watermarks: place.stage.watermarks,
      onSatisfied: () => inputs.forEach((input) => this.#stopSources(input)),
      hasEnded,
    })
    if (operator.nextTimer !== undefined) place.timed.push(link)
    return link
  }

  #state(options: StateOptions): KeyedState {
    const state = memoryState({ ...options, owner: this.#options.memory.owner(options.owner.name, 'state') })
    this.#states.push(state)
    return state
  }

  #pipeline(node: Extract<LocalNode, { kind: 'pipeline' }>): Operator {
    const { memory, context, job } = this.#options
    return calc({
      name: node.name,
      spec: { inputTypes: node.input.types, steps: node.steps },
      owner: memory.owner(node.name),
      context,
      execution: job.settings.expressions,
      watermarkId: node.watermarkId,
      hasSourceRows: keepsRowNumbers(node.input),
    })
  }

  #operator(node: Extract<LocalNode, { kind: 'operator' }>): Operator {
    const { memory, job, context } = this.#options
    if (node.node.kind === 'lookup-join') {
      // One for all subtasks: what they share, such as the content of files, lives in it.
      const lookup = this.#lookups.get(node) ?? lookupOf(node.node, job)
      this.#lookups.set(node, lookup)
      const owner = memory.owner(describe(node))
      return createLookup(node.node, { owner, lookup, job, context, inputTypes: node.input.types, types: node.types })
    }
    return createOperator(node.node, {
      owner: memory.owner(describe(node)),
      context,
      execution: job.settings.expressions,
      createState: (options) => this.#state(options),
      clock: job.ports.clock,
      inputTypes: node.input.types,
      types: node.types,
      batchRows: job.settings.batchRows,
      timeZone: job.settings.timeZone,
      ordersOutput: node.ordersOutput,
      givesPlaces: this.#givesPlaces,
    })
  }

  /** `ended`: the snapshot's barrier did not pass the operator, for its input had ended before. */
  #restore(operator: Operator, { stage, subtask }: Place): 'ended' | 'open' {
    const { snapshot } = this.#options
    if (snapshot === undefined || operator.stateId === undefined || operator.restore === undefined) return 'open'
    // A watermark that the exchange behind it keeps begins anew with every block.
    if (operator.watermarks !== undefined && stage.watermarks === 'by-block') return 'open'
    const parts = snapshot.operators.get(operator.stateId)
    if (parts === undefined) return 'ended'
    operator.restore(parts, (group) => subtaskOfKeyGroup(group, stage.parallelism, KEY_GROUPS) === subtask)
    return 'open'
  }

  #stopSources(node: LocalNode): void {
    switch (node.kind) {
      case 'source':
        for (const leaf of this.#sources.get(node) ?? []) leaf.stop('now')
        return
      case 'union':
      case 'join':
        for (const input of node.inputs) this.#stopSources(input)
        return
      case 'exchange':
      case 'pipeline':
      case 'operator':
        this.#stopSources(node.input)
        return
      case 'reuse': {
        const satisfied = this.#satisfied.get(node.shared) ?? new Set()
        this.#satisfied.set(node.shared, satisfied.add(node))
        if (satisfied.size === this.#readers.get(node.shared)) this.#stopSources(node.shared.input)
        return
      }
      default:
        unreachable(node)
    }
  }

  async #source(node: Extract<LocalNode, { kind: 'source' }>, place: Place, next: Downstream): Promise<SourceLeaf> {
    const { memory, snapshot, grantedBlocks, fail } = this.#options
    const stored = snapshot?.sources.get(node.node.id)
    const leaf = new SourceLeaf({
      reader: stored?.hasEnded === true ? endedReader : await this.#reader(node, place),
      subtask: place.subtask,
      leaf: place.leaves++,
      next,
      watermarks: place.stage.watermarks,
      placesOwner: this.#givesPlaces ? memory.owner('places of rows') : undefined,
      grantedBlocks,
      idleWatch: this.#idleWatch(node),
      position: stored?.position,
      wake: place.wake,
      fail,
    })
    const leaves = this.#sources.get(node)
    if (leaves === undefined) this.#sources.set(node, [leaf])
    else leaves.push(leaf)
    return leaf
  }

  /** One for all subtasks that read the table. What has an end is always waited for: how long its rows take then changes no answer. */
  #idleWatch(node: Extract<LocalNode, { kind: 'source' }>): IdleWatch | undefined {
    const { settings, ports } = this.#options.job
    const timeoutMs = settings.idleTimeoutMs ?? 0
    if (timeoutMs <= 0 || isBounded(node, this.#options.job)) return undefined
    const watch = this.#idleWatches.get(node) ?? new IdleWatch({ clock: ports.clock, timeoutMs })
    this.#idleWatches.set(node, watch)
    return watch
  }

  async #reader({ node, types }: Extract<LocalNode, { kind: 'source' }>, { subtask, stage }: Place): Promise<SourceReader> {
    const { memory, job, snapshot } = this.#options
    const { settings, ports } = job
    const open: SourceOpen = {
      arena: memory.arena,
      ports,
      subtask,
      parallelism: stage.parallelism,
      batchRows: settings.batchRows,
      blockBytes: settings.blockBytes,
      maxRecordBytes: settings.maxRecordBytes,
      seed: settings.seed,
      timeZone: settings.timeZone,
      position: snapshot?.sources.get(node.id)?.position,
    }
    if (node.kind === 'values') return valuesReader(types, node.rows, memory.owner('Values'), open)
    // One source for all subtasks: what they share, such as the list of files in a folder that is followed, lives in it.
    const source = this.#tables.get(node) ?? sourceOf(node, job)
    this.#tables.set(node, source)
    return source.open(open)
  }

  #union(node: Extract<LocalNode, { kind: 'union' }>, place: Place, next: Downstream): Promise<InputTree> {
    return this.#meet(node, { id: node.id, place, next, tags: 'none' })
  }

  /** Where several inputs come together. `tags`: whether batches say of which input they are. */
  async #meet(
    node: Extract<LocalNode, { kind: 'union' | 'join' }>,
    { id, place, next, tags }: { readonly id: string; readonly place: Place; readonly next: Downstream; readonly tags: 'none' | 'input' },
  ): Promise<InputTree> {
    const { snapshot, job } = this.#options
    const restored = snapshot?.operators.get(id)?.[0]?.whole
    const order = isBounded(node, job) ? 'turns' : 'ready'
    const { parallelism } = place.stage
    if (order === 'ready' && parallelism > 1 && !this.#turnLogs.has(node)) this.#turnLogs.set(node, new TurnLog(parallelism))
    const log = this.#turnLogs.get(node)
    const owner = this.#options.memory.owner(describe(node))
    const early = order === 'turns' ? node.inputs.map((input) => (readsShared(input) ? { owner, types: input.types } : undefined)) : []
    const { subtask, stage } = place
    const inputCount = node.inputs.length
    const { watermarks } = stage
    const union = new UnionLink({ stateId: id, tags, subtask, inputs: inputCount, order, log, next, early, watermarks, restored })
    this.#unions.set(node, [...(this.#unions.get(node) ?? []), union])
    const inputs: InputTree[] = []
    for (let i = 0; i < node.inputs.length; i++) inputs.push(await this.#chain(node.inputs[i]!, place, union.inputs[i]!))
    return { kind: 'union', union, inputs }
  }

  async #receiver(node: Extract<LocalNode, { kind: 'exchange' }>, place: Place, next: Downstream): Promise<ExchangeReceiver> {
    if (!this.#exchanges.has(node)) await this.#stage(this.#stages.get(node)!)
    const { channels } = this.#exchanges.get(node)!
    const mine = channels.map((ofSender) => ofSender[place.subtask]!)
    for (const channel of mine) channel.wakeReceiver = place.wake
    const { memory, snapshot } = this.#options
    const ids = watermarksOf(node.input) === 'by-block' ? watermarkIds(node.input) : [undefined]
    return new ExchangeReceiver({
      owner: memory.owner('exchange'),
      subtask: place.subtask,
      leaf: place.leaves++,
      channels: mine,
      next,
      mergesByPlace: node.mergesByPlace,
      inputs: ids.map((watermarkId) => {
        const part = watermarkId === undefined ? undefined : snapshot?.operators.get(watermarkId)?.[0]
        return { watermarkId, watermark: part === undefined ? NO_WATERMARK : readWatermarkSnapshot(part).emitted }
      }),
    })
  }

  /** Makes the channels of an exchange. */
  #openChannels(node: Extract<LocalNode, { kind: 'exchange' }>, takesWholeBlocks: boolean): void {
    const owner = this.#options.memory.owner('exchange')
    const createBuffer = (): BatchBuffer => new BatchBuffer(owner, node.types)
    const channels = Array.from({ length: node.input.parallelism }, () =>
      Array.from({ length: node.parallelism }, () => new Channel({ limit: CHANNEL_LIMIT, createBuffer, takesWholeBlocks })),
    )
    this.#exchanges.set(node, { channels, owner })
  }

  #sender(node: Extract<LocalNode, { kind: 'exchange' }>, subtask: number, wake: () => void): ExchangeSender {
    const { channels: all, owner } = this.#exchanges.get(node)!
    const channels = all[subtask]!
    for (const channel of channels) channel.wakeSender = wake
    const { routing } = node
    const route: Route = routing.kind === 'hash' ? routing : { kind: 'fixed', receiver: routing.kind === 'first' ? 0 : subtask }
    return new ExchangeSender({ channels, router: new Router(route, channels, owner), watermarks: watermarksOf(node.input) })
  }
}

const endedReader: SourceReader = {
  next: () => ({ kind: 'end' }),
  position: () => ({}),
  metrics: () => ({ badRecords: 0, bytesRead: 0 }),
  close: () => Promise.resolve(),
}

/** Where several subtasks read the blocks of tables by turns, none knows the watermarks of the others' blocks. */
function watermarksOf(node: LocalNode): 'absolute' | 'by-block' {
  return node.parallelism > 1 && hasOnlySources(node) ? 'by-block' : 'absolute'
}

/** The ids of the watermark assigners above the inputs of a stage of sources, in the order of the inputs. */
function watermarkIds(node: LocalNode, above?: string): readonly (string | undefined)[] {
  switch (node.kind) {
    case 'source':
      return [above]
    case 'pipeline':
      return watermarkIds(node.input, node.watermarkId ?? above)
    case 'operator':
      return watermarkIds(node.input, above)
    case 'reuse':
      return watermarkIds(node.shared.input, above)
    case 'union':
      return node.inputs.flatMap((input) => watermarkIds(input, above))
    case 'join':
    case 'exchange':
      return [undefined]
    default:
      return unreachable(node)
  }
}

/** Whether the rows of a node lie at the numbers that they have in the batch of their source. */
function keepsRowNumbers(node: LocalNode): boolean {
  switch (node.kind) {
    case 'source':
      return true
    case 'pipeline':
      return keepsRowNumbers(node.input)
    case 'operator':
      return (node.node.kind === 'drop-update-before' || node.node.kind === 'current-watermark') && keepsRowNumbers(node.input)
    case 'union':
      return node.inputs.every(keepsRowNumbers)
    case 'reuse':
      return keepsRowNumbers(node.shared.input)
    case 'join':
    case 'exchange':
      return false
    default:
      return unreachable(node)
  }
}

function sourceOf(node: PhysicalOf<'scan'>, job: JobOptions): Source {
  const { table, path } = node.source
  const name = table.options.get('connector') ?? ''
  const { createSource } = job.connectors(name) ?? {}
  if (createSource === undefined) throw userError('sql/no-source', `Cannot read "${path.name}": the connector "${name}" only writes`)
  const columns = node.schema.slice(0, node.columns.length)
  const metadata = node.schema.slice(node.columns.length)
  return createSource(table, {
    columns: columns.map((field, i) => ({ name: node.columns[i]!, type: field.type })),
    metadata: metadata.map((field, i) => ({ key: node.metadata[i]!, type: field.type })),
    nestedPaths: node.nestedPaths,
    partitions: node.partitions,
    limit: node.limit,
  })
}

/** Whether all inputs below a node come to an end. */
function isBounded(node: LocalNode, job: JobOptions): boolean {
  switch (node.kind) {
    case 'source': {
      if (node.node.kind === 'values') return true
      const { table } = node.node.source
      return job.connectors(table.options.get('connector') ?? '')?.source?.(table).isBounded ?? true
    }
    case 'union':
    case 'join':
      return node.inputs.every((input) => isBounded(input, job))
    case 'exchange':
    case 'pipeline':
    case 'operator':
      return isBounded(node.input, job)
    case 'reuse':
      return isBounded(node.shared.input, job)
    default:
      return unreachable(node)
  }
}

function describe(node: LocalNode): string {
  switch (node.kind) {
    case 'source':
      return node.node.kind === 'values' ? 'Values' : `TableSourceScan(${node.node.source.path.name})`
    case 'pipeline':
      return node.name
    case 'operator':
      return node.node.kind
    case 'join':
      return joinNames[node.node.kind]
    case 'union':
      return 'Union'
    case 'exchange':
      return 'Exchange'
    case 'reuse':
      return describe(node.shared.input)
    default:
      return unreachable(node)
  }
}
