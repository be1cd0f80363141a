import { assert } from '../base/assert.ts'
import type { Schema } from '../catalog/schema.ts'
import { arenaOfThread } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import { readCell } from '../data/cells.ts'
import { type ExternalValue, toExternal } from '../data/external.ts'
import { type RowKind, type RowKindText, rowKindText } from '../data/row-kind.ts'
import type { Job, JobSummary } from '../engines/local/job.ts'
import type { BoundStatement } from '../sql/bound-statement.ts'
import { changeTextEncoder } from './change-text.ts'
import { addSummaries, type ExecutionEnvironment, noRows, physicalPlan, startLocalJob } from './execute.ts'

/** One change of a query's result. */
export interface Change<Row> {
  readonly op: RowKindText
  readonly row: Row
}

/** Changes that may wait for a slow reader before the job is held back. */
const QUEUE_BOUND = 8192

/**
 * A statement that is ready to run. Iterating it runs it and gives its changes; the job waits when the reader is slow, and stops when the
 * reader leaves the loop.
 */
export class Query<Row> implements AsyncIterable<Change<Row>> {
  readonly #bound: BoundStatement
  readonly #environment: ExecutionEnvironment
  readonly #onEnd: () => void
  #jobs: readonly Job[] = []

  constructor(bound: BoundStatement, environment: ExecutionEnvironment, onEnd: () => void) {
    this.#bound = bound
    this.#environment = environment
    this.#onEnd = onEnd
    if (bound.kind === 'done' || bound.kind === 'rows') onEnd()
  }

  /** The columns of the rows; empty for statements that give none. */
  get schema(): Schema {
    return this.#bound.kind === 'query' ? this.#bound.plan.schema : this.#bound.kind === 'rows' ? this.#bound.schema : []
  }

  get isRunning(): boolean {
    return this.#jobs.length > 0
  }

  /** Starts an INSERT, or readies a query for `print`. */
  execute(): Execution {
    if (this.#bound.kind !== 'insert')
      return { print: () => this.#print(), done: () => this.#print(() => undefined), stop: () => this.stop() }
    const done = this.#run(this.#bound.plans.map((plan) => startLocalJob(physicalPlan(plan, this.#environment), this.#environment)))
    done.catch(() => undefined)
    return { print: () => done, done: () => done, stop: () => this.stop() }
  }

  /** Ends the job between two blocks of its input; the reader's loop then ends. */
  async stop(): Promise<void> {
    await Promise.all(this.#jobs.map((job) => job.stop()))
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Change<Row>, void, undefined> {
    if (this.#bound.kind === 'insert') {
      await this.execute().done()
      return
    }
    const arena = arenaOfThread()
    const { schema } = this
    const queue: Change<Row>[] = []
    let wakeReader: (() => void) | undefined
    let wakeJob: (() => void) | undefined
    let failure: unknown
    let isOver = false
    const collect = (batch: Batch): 'done' | Promise<void> => {
      if (queue.length >= QUEUE_BOUND) return new Promise((resolve) => (wakeJob = resolve))
      for (let i = 0; i < batch.selectedCount; i++) {
        const row = batch.selection === 0 ? i : (arena.i32[batch.selection / 4 + i] ?? 0)
        const kind = batch.kinds === 0 ? 0 : arena.u8[batch.kinds + row]
        const values = batch.columns.map(
          (column, c) => [schema[c]?.name ?? '', toExternal(column.type, readCell(arena, column, row))] as const,
        )
        queue.push({ op: rowKindText(kind as RowKind), row: rowObject(values) as Row })
      }
      wakeReader?.()
      return 'done'
    }
    this.#run(this.#start(collect))
      .then(
        () => undefined,
        (error: unknown) => (failure = error),
      )
      .finally(() => {
        isOver = true
        wakeReader?.()
      })
      .catch(() => undefined)
    try {
      for (;;) {
        const changes = queue.splice(0)
        wakeJob?.()
        yield* changes
        if (queue.length > 0) continue
        if (isOver) break
        await new Promise<void>((resolve) => (wakeReader = resolve))
      }
      if (failure !== undefined) throw failure
    } finally {
      queue.length = 0
      const wake = wakeJob
      wake?.()
      await this.stop()
    }
  }

  /** Prints each change on standard output, as `+I[1, a]`, and gives the numbers of the job when it ends. */
  async #print(write: (bytes: Uint8Array) => void = (bytes) => this.#environment.output('out', bytes)): Promise<JobSummary> {
    const encode = changeTextEncoder(
      arenaOfThread(),
      this.schema.map((field) => field.type),
      this.#environment.settings.timeZone,
    )
    return this.#run(
      this.#start((batch) => {
        write(encode(batch))
        return 'done'
      }),
    )
  }

  #start(collect: (batch: Batch) => 'done' | Promise<void>): readonly Job[] {
    const bound = this.#bound
    if (bound.kind !== 'query') return []
    return [startLocalJob(physicalPlan(bound.plan, this.#environment), this.#environment, collect)]
  }

  async #run(jobs: readonly Job[]): Promise<JobSummary> {
    assert(this.#jobs.length === 0, 'a statement runs once at a time')
    this.#jobs = jobs
    try {
      const summaries = await Promise.all(jobs.map((job) => job.done))
      return summaries.reduce(addSummaries, noRows)
    } finally {
      this.#jobs = []
      this.#onEnd()
    }
  }
}

/** A statement that runs, or that is about to print. */
export interface Execution {
  /** Prints the changes of a query until it ends or is stopped. */
  print(): Promise<JobSummary>
  /** The numbers of the job when it has ended. */
  done(): Promise<JobSummary>
  stop(): Promise<void>
}

/** Columns of one name: the later ones are called `name0`, `name1`, as Flink calls them in joined stars. */
function rowObject(values: readonly (readonly [string, ExternalValue])[]): Record<string, ExternalValue> {
  const row: Record<string, ExternalValue> = {}
  for (const [name, value] of values) {
    let key = name
    for (let n = 0; key in row; n++) key = `${name}${n}`
    row[key] = value
  }
  return row
}
