import { userError } from '../base/errors.ts'
import type { Schema } from '../catalog/schema.ts'
import { arenaOfThread } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import { readCell } from '../data/cells.ts'
import { type ExternalValue, toExternal } from '../data/external.ts'
import { type RowKind, type RowKindText, rowKindText } from '../data/row-kind.ts'
import type { Job, JobSummary } from '../engines/local/job.ts'
import type { BoundStatement } from '../sql/bound-statement.ts'
import { changeTextEncoder } from './change-text.ts'
import { batchOfRows } from './row-batch.ts'
import {
  addSummaries,
  allDone,
  type ExecutionEnvironment,
  noRows,
  physicalPlan,
  physicalPlans,
  startLocalJob,
  startLocalJobs,
} from './execute.ts'

/** One change of a query's result. */
export interface Change<Row> {
  readonly op: RowKindText
  readonly row: Row
}

/** Changes that may wait for a slow reader before the job is held back. */
const QUEUE_BOUND = 8192

/** What a statement needs to run, and who wants to know that it does. */
export interface QueryContext {
  readonly environment: ExecutionEnvironment
  /** The statements of the session that run. */
  readonly running: Set<Query<unknown>>
  /** Tells an error in the words of the statement's text. */
  readonly explain: (error: unknown) => unknown
}

/**
 * A statement that is ready to run. Iterating it runs it and gives its changes; the job waits when the reader is slow, and stops when the
 * reader leaves the loop. It may run again when it has ended.
 */
export class Query<Row> implements AsyncIterable<Change<Row>> {
  readonly #bound: BoundStatement
  readonly #context: QueryContext
  #jobs: readonly Job[] = []
  #ended: Promise<unknown> = Promise.resolve()

  constructor(bound: BoundStatement, context: QueryContext) {
    this.#bound = bound
    this.#context = context
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
    const bound = this.#bound
    if (bound.kind !== 'insert' && bound.kind !== 'plan')
      return { print: () => this.#print(), done: () => this.#print('nothing'), stop: () => this.stop() }
    const { environment } = this.#context
    const done = this.#run(() => startLocalJobs(physicalPlans(bound, environment), environment))
    let isWatched = false
    const watch = (): Promise<JobSummary> => {
      isWatched = true
      return done
    }
    // A failure that nobody has asked about yet is not lost: it ends the program as any unhandled rejection does.
    done.catch((error: unknown) => {
      if (!isWatched) void Promise.reject(error)
    })
    return { print: watch, done: watch, stop: () => this.stop() }
  }

  /** Ends the job between two blocks of its input; the reader's loop then ends. */
  async stop(): Promise<void> {
    await Promise.allSettled(this.#jobs.map((job) => job.stop()))
    await this.#ended
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Change<Row>, void, undefined> {
    if (this.#bound.kind === 'insert' || this.#bound.kind === 'plan') {
      await this.execute().done()
      return
    }
    const queue: Change<Row>[] = []
    let wakeReader: (() => void) | undefined
    let wakeJob: (() => void) | undefined
    let failure: { readonly error: unknown } | undefined
    let isOver = false
    let hasLeft = false
    const collect = (batch: Batch): 'done' | Promise<void> => {
      if (hasLeft) return 'done'
      if (queue.length >= QUEUE_BOUND) return new Promise((resolve) => (wakeJob = resolve))
      this.#addChanges(batch, queue)
      wakeReader?.()
      return 'done'
    }
    this.#run(() => this.#start(collect))
      .catch((error: unknown) => (failure = { error }))
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
      if (failure !== undefined) throw failure.error
    } finally {
      hasLeft = true
      queue.length = 0
      const wake = wakeJob
      wake?.()
      await this.stop()
    }
  }

  #addChanges(batch: Batch, queue: Change<Row>[]): void {
    const arena = arenaOfThread()
    const { schema } = this
    for (let i = 0; i < batch.selectedCount; i++) {
      const row = batch.selection === 0 ? i : (arena.i32[batch.selection / 4 + i] ?? 0)
      const kind = batch.kinds === 0 ? 0 : arena.u8[batch.kinds + row]
      const values = batch.columns.map(
        (column, c) => [schema[c]?.name ?? '', toExternal(schema[c]?.type ?? column.type, readCell(arena, column, row))] as const,
      )
      queue.push({ op: rowKindText(kind as RowKind), row: rowObject(values) as Row })
    }
  }

  /** Prints each change on standard output, as `+I[1, a]`, and gives the numbers of the job when it ends. */
  async #print(what: 'changes' | 'nothing' = 'changes'): Promise<JobSummary> {
    const { settings, output } = this.#context.environment
    const types = this.schema.map((field) => field.type)
    const encode = changeTextEncoder(arenaOfThread(), types, settings.timeZone)
    return this.#run(() =>
      this.#start((batch) => {
        if (what === 'changes') output('out', encode(batch))
        return 'done'
      }),
    )
  }

  /** Starts the job of a query; the rows of SHOW and its kin are there at once. */
  #start(collect: (batch: Batch) => 'done' | Promise<void>): readonly Job[] {
    const bound = this.#bound
    const { environment } = this.#context
    if (bound.kind === 'rows' && bound.rows.length > 0) void collect(batchOfRows(arenaOfThread(), bound.schema, bound.rows))
    return bound.kind === 'query' ? [startLocalJob(physicalPlan(bound.plan, environment), environment, collect)] : []
  }

  async #run(start: () => readonly Job[]): Promise<JobSummary> {
    if (this.isRunning) throw userError('api/running', 'Cannot run the statement: it runs already, and it runs once at a time')
    const { running, explain } = this.#context
    try {
      this.#jobs = start()
      running.add(this)
      const summaries = allDone(this.#jobs)
      const settled = summaries.then(
        () => this.#forget(),
        () => this.#forget(),
      )
      this.#ended = settled
      const finished = await summaries
      return finished.reduce(addSummaries, noRows)
    } catch (error) {
      throw explain(error)
    }
  }

  #forget(): void {
    this.#jobs = []
    this.#context.running.delete(this)
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
