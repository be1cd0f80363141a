import { assert } from '../../base/assert.ts'
import { userError } from '../../base/errors.ts'
import { Random } from '../../base/random.ts'
import { arenaOfThread } from '../../data/arena.ts'
import type { EvaluationContext } from '../../expr/function.ts'
import type { PhysicalNode, PhysicalOf } from '../../plan/physical.ts'
import { decodeSnapshot } from '../../runtime/job-snapshot.ts'
import type { Job, JobOptions, JobSummary } from './job.ts'
import { JobRun, type RunOptions } from './job-run.ts'
import { JobSinks } from './job-sinks.ts'

/**
 * Starts the job of a plan on the calling thread. Nothing runs before the caller gives way to the event loop.
 *
 * @param plans Sinks and everything below them: one, or several that have parts in common.
 */
export function startJob(plans: readonly PhysicalNode[], options: JobOptions): Job {
  const sinks = plans.filter((plan) => plan.kind === 'sink')
  assert(sinks.length === plans.length && sinks.length > 0, 'a job is planned from its sinks')
  return new LocalJob(sinks, options)
}

/** A job and its lives: one, or, where it is dropped and restored on the way, one after the other. */
class LocalJob implements Job {
  readonly done: Promise<JobSummary>
  readonly #plans: readonly PhysicalOf<'sink'>[]
  readonly #options: JobOptions
  readonly #sinks: readonly JobSinks[]
  readonly #startMs: number
  #run: JobRun
  /** The numbers of lives that are over. */
  #before: JobSummary | undefined
  #isStopping = false
  #isOver = false

  constructor(plans: readonly PhysicalOf<'sink'>[], options: JobOptions) {
    this.#plans = plans
    this.#options = options
    const { settings, ports } = options
    this.#startMs = ports.clock.monotonicMs()
    this.#sinks = plans.map((plan) => new JobSinks(plan, options, arenaOfThread()))
    this.#run = this.#newRun({
      parallelism: settings.parallelism,
      snapshot: undefined,
      barrierAfterRows: settings.restoreAt?.rows,
    })
    this.done = this.#execute()
    // Whoever only stops the job hears of its failure there.
    this.done.catch(() => {})
  }

  #newRun(options: Pick<RunOptions, 'parallelism' | 'snapshot' | 'barrierAfterRows'>): JobRun {
    return new JobRun({ ...options, plans: this.#plans, job: this.#options, context: this.#context(), sinks: this.#sinks })
  }

  #context(): EvaluationContext {
    const { settings, ports } = this.#options
    return {
      clock: ports.clock,
      random: new Random(settings.seed),
      timeZone: settings.timeZone,
      queryStartMs: settings.batch === true ? ports.clock.nowMs() : undefined,
      currentCatalog: settings.currentCatalog ?? 'default_catalog',
      currentDatabase: settings.currentDatabase ?? 'default_database',
    }
  }

  async #execute(): Promise<JobSummary> {
    try {
      for (;;) {
        const bytes = await this.#run.run()
        if (bytes === undefined) break
        await this.#run.close()
        this.#before = this.metrics()
        const { settings } = this.#options
        this.#run = this.#newRun({
          parallelism: settings.restoreAt?.parallelism ?? settings.parallelism,
          snapshot: decodeSnapshot(bytes),
          barrierAfterRows: undefined,
        })
        if (this.#isStopping) this.#run.stop()
      }
      await Promise.all(this.#sinks.map((sinks) => sinks.finish()))
      return this.metrics()
    } finally {
      this.#isOver = true
      await this.#run.close()
      await Promise.all(this.#sinks.map((sinks) => sinks.close()))
    }
  }

  stop(): Promise<JobSummary> {
    this.#isStopping = true
    this.#run.stop()
    return this.done
  }

  abort(): void {
    if (this.#isOver) return
    this.#run.fail(userError('job/aborted', 'Cannot go on with the job: it was aborted'))
  }

  metrics(): JobSummary {
    const now = this.#run.metrics()
    const before = this.#before
    const seconds = (this.#options.ports.clock.monotonicMs() - this.#startMs) / 1000
    if (before === undefined) return { ...now, seconds }
    return {
      rowsIn: before.rowsIn + now.rowsIn,
      rowsOut: before.rowsOut + now.rowsOut,
      lateRows: before.lateRows + now.lateRows,
      badRecords: before.badRecords + now.badRecords,
      badRecordSamples: [...before.badRecordSamples, ...now.badRecordSamples],
      peakStateBytes: Math.max(before.peakStateBytes, now.peakStateBytes),
      stateRows: now.stateRows,
      stateKeys: now.stateKeys,
      watermark: now.watermark,
      seconds,
    }
  }
}
