import { assert, unreachable } from '../../base/assert.ts'
import { Random } from '../../base/random.ts'
import { arenaOfThread } from '../../data/arena.ts'
import { NO_WATERMARK } from '../../data/watermark.ts'
import type { EvaluationContext } from '../../expr/function.ts'
import type { PhysicalOf } from '../../plan/physical.ts'
import type { Barrier } from '../../runtime/event.ts'
import { JobMemory } from '../../runtime/job-memory.ts'
import { type JobSnapshot, type SourceSnapshot, encodeSnapshot } from '../../runtime/job-snapshot.ts'
import type { OperatorSnapshot } from '../../runtime/operator.ts'
import { Scheduler } from '../../runtime/scheduler.ts'
import type { BadRecord } from '../../runtime/source.ts'
import { type BuiltJob, type BuiltSource, buildJob } from './build-job.ts'
import type { JobSinks } from './job-sinks.ts'
import type { JobOptions } from './job.ts'
import { type LocalNode, localPlans } from './local-plan.ts'

export interface RunOptions {
  readonly plans: readonly PhysicalOf<'sink'>[]
  readonly job: JobOptions
  readonly context: EvaluationContext
  readonly parallelism: number
  /** Of each plan. */
  readonly sinks: readonly JobSinks[]
  /** From where a dropped job goes on. */
  readonly snapshot: JobSnapshot | undefined
  /** Stops for a snapshot at the first block end at which the sources have given so many rows. */
  readonly barrierAfterRows: number | undefined
}

/** How many of the bad records are told. */
const BAD_RECORD_SAMPLES = 10

/** The numbers of one run. */
export interface RunMetrics {
  readonly rowsIn: number
  readonly rowsOut: number
  readonly lateRows: number
  readonly badRecords: number
  readonly badRecordSamples: readonly BadRecord[]
  readonly peakStateBytes: number
  readonly stateRows: number
  readonly stateKeys: number
  readonly watermark: number
}

/** One life of a job, from its start or a snapshot to its end or a barrier. */
export class JobRun {
  readonly #options: RunOptions
  readonly #memory: JobMemory
  readonly #scheduler: Scheduler
  #built: BuiltJob | undefined
  #isStopping = false
  #barrierState: 'none' | 'wanted' | 'sent' = 'none'
  #arrivals = 0
  readonly #parts = new Map<string, OperatorSnapshot[]>()
  #snapshot: Uint8Array | undefined
  /** What the numbers were when the run closed its parts. */
  #final: RunMetrics | undefined

  constructor(options: RunOptions) {
    this.#options = options
    const { settings, ports } = options.job
    const budget = settings.memoryBytes
    this.#memory = new JobMemory(arenaOfThread(), budget === undefined || budget <= 0 ? Infinity : budget)
    if (options.barrierAfterRows !== undefined) this.#barrierState = 'wanted'
    this.#scheduler = new Scheduler({
      clock: ports.clock,
      random: new Random(settings.seed),
      onQuiet: () => this.#onQuiet(),
      onYield: () => this.#onYield(),
    })
  }

  /** Runs to the end, or to the barrier: then the bytes of the snapshot are returned. */
  async run(): Promise<Uint8Array | undefined> {
    const { job, context, parallelism, sinks, snapshot } = this.#options
    const plans = localPlans(this.#options.plans, parallelism)
    this.#built = await buildJob(plans, {
      job,
      context,
      memory: this.#memory,
      scheduler: this.#scheduler,
      takers: await Promise.all(plans.map((plan, i) => sinks[i]!.open(plan.parallelism))),
      snapshot,
      grantedBlocks: this.#barrierState === 'wanted' ? 0 : Infinity,
      fail: (error) => this.#scheduler.end(error),
    })
    if (this.#isStopping) this.#stopSources()
    await this.#scheduler.run()
    return this.#snapshot
  }

  /** Lets the sources end, between two blocks where they are not waiting. */
  stop(): void {
    this.#isStopping = true
    this.#barrierState = 'none'
    this.#stopSources()
  }

  #stopSources(): void {
    for (const source of this.#built?.sources ?? []) {
      for (const leaf of source.leaves) leaf.stop('block-end')
    }
  }

  /** Ends the run at once. */
  fail(error: unknown): void {
    this.#scheduler.end(error)
  }

  /** Gives everything back; the sinks are not part of the run. */
  async close(): Promise<void> {
    this.#final ??= this.metrics()
    const built = this.#built
    this.#built = undefined
    const leaves = (built?.sources ?? []).flatMap((source) => source.leaves)
    // One that cannot be closed does not keep the others open.
    const closed = await Promise.allSettled(leaves.map((leaf) => leaf.close()))
    for (const operator of built?.operators ?? []) operator.close?.()
    this.#memory.close()
    const failed = closed.find((result) => result.status === 'rejected')
    if (failed !== undefined) throw failed.reason
  }

  metrics(): RunMetrics {
    if (this.#final !== undefined) return this.#final
    const { sources = [], sinks = [], operators = [], states = [] } = this.#built ?? {}
    const leaves = sources.flatMap((source) => source.leaves)
    const readers = leaves.map((leaf) => leaf.reader.metrics())
    return {
      rowsIn: sum(leaves.map((leaf) => leaf.rows)),
      rowsOut: sum(sinks.map((sink) => sink.rows)),
      lateRows: sum(operators.map((operator) => operator.lateRows?.() ?? 0)),
      badRecords: sum(readers.map((reader) => reader.badRecords)),
      badRecordSamples: readers.flatMap((reader) => reader.badRecordSamples ?? []).slice(0, BAD_RECORD_SAMPLES),
      peakStateBytes: this.#memory.peakStateBytes,
      stateRows: sum(operators.map((operator) => operator.stateSize?.().rows ?? 0)),
      stateKeys: sum(states.map((state) => state.count)),
      watermark: sinks.length === 0 ? NO_WATERMARK : Math.min(...sinks.map((sink) => sink.watermark)),
    }
  }

  #onYield(): void {
    const { sinks } = this.#options
    let isDirty = false
    for (const sink of this.#built?.sinks ?? []) {
      isDirty ||= sink.isDirty
      sink.isDirty = false
    }
    if (isDirty) for (const sink of sinks) sink.flushSoon((error) => this.#scheduler.end(error))
  }

  /**
   * While a barrier is wanted, one block at a time goes through the whole job, so that each block end is a cut through all of it, and the
   * order of the blocks is that in which the end of the plan wants them.
   */
  #onQuiet(): boolean {
    const built = this.#built
    if (built === undefined) return false
    // Not before: a part that is shared gives the barrier to its readers one after the other.
    if (this.#barrierState === 'sent' && this.#arrivals === built.sinks.length) this.#completeSnapshot(built)
    if (this.#barrierState !== 'wanted') return false
    const leaves = built.sources.flatMap((source) => source.leaves)
    const areBetweenBlocks = leaves.every((leaf) => leaf.hasReadGranted)
    const rows = sum(leaves.map((leaf) => leaf.rows))
    // A subtask may be in the middle of something because a channel is full whose receiver waits for another input's block: then that one is granted.
    const isThrough = areBetweenBlocks && !built.subtasks.some((subtask) => subtask.isBusy)
    if (isThrough && rows >= this.#options.barrierAfterRows! && rows > 0) {
      this.#sendBarrier(built)
      return true
    }
    const source = built.plans.map((plan) => nextSource(plan, built)).find((found) => found !== undefined)
    // One reader of a table may need no more in the middle of a block; then the others want another table's block before the rest of it.
    if (source === undefined || (!areBetweenBlocks && !source.leaves.every((leaf) => leaf.hasReadGranted))) return false
    for (const leaf of source.leaves) leaf.grantBlocks(1)
    return true
  }

  #sendBarrier(built: BuiltJob): void {
    this.#barrierState = 'sent'
    const barrier: Barrier = {
      id: 1,
      add: (stateId, _subtask, snapshot) => {
        const parts = this.#parts.get(stateId)
        if (parts === undefined) this.#parts.set(stateId, [snapshot])
        else parts.push(snapshot)
      },
      arrived: () => {
        this.#arrivals++
      },
    }
    const live = built.sources.filter((source) => !source.leaves[0]!.hasEnded)
    assert(live.length > 0, 'a barrier starts from sources')
    for (const source of live) for (const leaf of source.leaves) leaf.sendBarrier(barrier)
  }

  #completeSnapshot(built: BuiltJob): void {
    const sources = new Map<string, SourceSnapshot>()
    for (const { id, leaves } of built.sources) {
      const [leaf] = leaves
      // Also one that a satisfied LIMIT has stopped is over.
      sources.set(id, { position: leaf!.position, hasEnded: leaf!.hasEnded })
    }
    this.#snapshot = encodeSnapshot({ sources, operators: this.#parts })
    this.#scheduler.end()
  }
}

/** The source whose block the end of the plan waits for. */
function nextSource(node: LocalNode, built: BuiltJob): BuiltSource | undefined {
  switch (node.kind) {
    case 'source': {
      const source = built.sources.find(({ id }) => id === node.node.id)
      return source === undefined || source.leaves[0]!.hasEnded ? undefined : source
    }
    case 'join':
    case 'union': {
      const input = built.unions.get(node)![0]!.turn(() => true)
      return input === undefined ? undefined : nextSource(node.inputs[input]!, built)
    }
    case 'exchange':
    case 'pipeline':
    case 'operator':
      return nextSource(node.input, built)
    case 'reuse':
      return nextSource(node.shared.input, built)
    default:
      return unreachable(node)
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
