import { assert } from '../../base/assert.ts'
import { userError } from '../../base/errors.ts'
import type { Arena } from '../../data/arena.ts'
import type { PhysicalOf } from '../../plan/physical.ts'
import type { RowTaker } from '../../runtime/sink-link.ts'
import type { Sink, SinkWriter } from '../../runtime/sink.ts'
import { isBoundedPlan } from './bounded-plan.ts'
import type { JobOptions } from './job.ts'

/** How long rows may wait in a writer before a person who watches sees them. */
const FLUSH_MS = 50

/**
 * The writers of a job's sink, one a subtask. They live as long as the job, also where the subtasks that fed them were dropped and restored
 * from a snapshot: what was written before the barrier stays written.
 */
export class JobSinks {
  readonly #node: PhysicalOf<'sink'>
  readonly #options: JobOptions
  readonly #arena: Arena
  readonly #writers: SinkWriter[] = []
  #sink: Sink | undefined
  #cancelFlush: (() => void) | undefined
  #flushing: Promise<void> | undefined
  #isClosed = false

  constructor(node: PhysicalOf<'sink'>, options: JobOptions, arena: Arena) {
    this.#node = node
    this.#options = options
    this.#arena = arena
  }

  /** Makes writers for `parallelism` subtasks and returns what takes the rows of each. */
  async open(parallelism: number): Promise<readonly RowTaker[]> {
    const { target } = this.#node
    if (target === undefined) {
      const { collect } = this.#options
      assert(collect !== undefined && parallelism === 1, 'the rows of a query go to one who asked')
      return [{ write: collect }]
    }
    while (this.#writers.length < parallelism) this.#writers.push(await this.#openWriter(this.#writers.length, parallelism))
    return this.#writers.slice(0, parallelism)
  }

  async #openWriter(subtask: number, parallelism: number): Promise<SinkWriter> {
    const { target, overwrite, partition } = this.#node
    const { connectors, ports, settings, output } = this.#options
    const table = target!.table
    const name = table.options.get('connector') ?? ''
    // One sink for all writers: what they share, such as the moment when files become visible, lives in it.
    this.#sink ??= connectors(name)?.createSink?.(table, { overwrite, partition, isBounded: isBoundedPlan(this.#node, connectors) })
    const sink = this.#sink
    if (sink === undefined) throw userError('sql/no-sink', `Cannot write to "${target!.path.name}": the connector "${name}" only reads`)
    return sink.open({ arena: this.#arena, ports, subtask, parallelism, timeZone: settings.timeZone, output })
  }

  /** Rows were written: makes them visible soon, to whoever watches. */
  flushSoon(fail: (error: unknown) => void): void {
    if (this.#writers.length === 0 || this.#cancelFlush !== undefined || this.#flushing !== undefined) return
    this.#cancelFlush = this.#options.ports.clock.schedule(FLUSH_MS, () => {
      this.#cancelFlush = undefined
      const flushing = Promise.all(this.#writers.map((writer) => writer.flush()))
      this.#flushing = flushing.then(() => {
        this.#flushing = undefined
      }, fail)
    })
  }

  /** Makes everything visible. */
  async finish(): Promise<void> {
    this.#cancelFlush?.()
    await this.#flushing
    await Promise.all(this.#writers.map((writer) => writer.finish()))
  }

  /** Releases what the writers hold; what was not finished stays invisible. */
  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#cancelFlush?.()
    await this.#flushing
    await Promise.all(this.#writers.map((writer) => writer.close()))
  }
}
