import { type RheoError, userError } from '../base/errors.ts'
import { nodeModules } from '../base/node-modules.ts'
import { nodePorts } from '../base/node-ports.ts'
import { nodeTextFiles } from '../base/node-text-files.ts'
import type { Ports } from '../base/ports.ts'
import { Catalogs } from '../catalog/catalog.ts'
import type { Schema } from '../catalog/schema.ts'
import { Settings } from '../catalog/settings.ts'
import { connectorRegistry, type RuntimeConnectorRegistry } from '../connectors/registry.ts'
import { arenaOfThread } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import type { Job, JobSummary } from '../engines/local/job.ts'
import { isBoundedPlan } from '../engines/local/bounded-plan.ts'
import type { PhysicalNode, SortKey } from '../plan/physical.ts'
import { bindStatement } from '../sql/bind.ts'
import type { BoundStatement } from '../sql/bound-statement.ts'
import { parseScript } from '../sql/parser.ts'
import type { ScriptStatement } from '../sql/syntax-statement.ts'
import {
  describeLocalExecution,
  addSummaries,
  allDone,
  type ExecutionEnvironment,
  noRows,
  physicalPlan,
  physicalPlans,
  startLocalJob,
  startLocalJobs,
} from './execute.ts'
import { batchOfRows } from './row-batch.ts'
import { inStatement } from './row-failure.ts'

/** A query of a script, as whoever shows its rows sees it. */
export interface ScriptQuery {
  readonly schema: Schema
  readonly isBounded: boolean
  /** No row is ever changed or taken back. */
  readonly isAppendOnly: boolean
  /** One row of one text of many lines: a plan, or a statement. */
  readonly isText: boolean
  /** Sets of columns each of which is unique in the result at any time. */
  readonly uniqueKeys: readonly (readonly number[])[]
  /** Sets of columns by which the changes of one row find each other, in their order, whatever the parallelism. */
  readonly upsertKeys: readonly (readonly number[])[]
  /** The columns by which ORDER BY sorts the result, where it does. */
  readonly orderKeys: readonly SortKey[]
  /** The statement as it was written. */
  readonly text: string
}

/** What the scripts of a session share. */
export interface SessionSettings {
  readonly settings: ReadonlyMap<string, string>
  /** Absent: the built-in connectors. */
  readonly connectors?: RuntimeConnectorRegistry
  /** The machine's own unless given. */
  readonly ports?: Ports
  readonly output: (stream: 'out' | 'error', bytes: Uint8Array) => void
}

/** What one script needs. */
export interface RunOptions {
  /** The script's path for messages. */
  readonly source: string
  /** Told of what is odd but stops nothing. */
  readonly warn?: (warning: RheoError) => void
  /** Called once a query, before its first row. */
  readonly writerOf: (query: ScriptQuery, timeZone: string) => { write(batch: Batch): void; finish(): void }
  /** Called when a statement has worked, or was stopped; `summary` is that of its jobs. */
  readonly onDone?: (statement: { readonly kind: Exclude<BoundStatement['kind'], 'plan'>; readonly summary: JobSummary }) => void
}

export type ScriptOptions = SessionSettings & RunOptions

export interface ScriptResult {
  readonly summary: JobSummary
  readonly isStopped: boolean
  readonly jobCount: number
}

export interface RunningScript {
  readonly done: Promise<ScriptResult>
  /** Stops the job that runs, cleanly, and begins no other. */
  stop(): Promise<void>
  /** Ends the job at once; `done` fails with code `job/aborted`. */
  abort(): void
  metrics(): JobSummary
}

/** What a session keeps from one script to the next. */
export function sessionEnvironment(options: SessionSettings): ExecutionEnvironment {
  return {
    catalogs: new Catalogs(),
    settings: new Settings(options.settings),
    connectors: options.connectors ?? connectorRegistry(),
    ports: options.ports ?? nodePorts,
    modules: nodeModules,
    textFiles: nodeTextFiles,
    output: options.output,
  }
}

/** Runs the statements of a script in order, jobs one after another. Syntax errors anywhere are found before anything runs. */
export function runScript(text: string, options: ScriptOptions): RunningScript {
  return runInSession(() => sessionEnvironment(options), text, options)
}

/** The same with what earlier scripts left: their tables, views, functions and settings. */
export function runInSession(session: () => ExecutionEnvironment, text: string, options: RunOptions): RunningScript {
  let jobs: readonly Job[] = []
  let summary = noRows
  let isStopped = false
  let jobCount = 0

  const runJobs = async (started: readonly Job[]): Promise<JobSummary> => {
    jobs = started
    jobCount += started.length
    try {
      const summaries = await allDone(started)
      summary = summaries.reduce(addSummaries, summary)
      return summaries.reduce(addSummaries, noRows)
    } finally {
      jobs = []
    }
  }

  const runStatement = async (statement: ScriptStatement, environment: ExecutionEnvironment, isLast: boolean): Promise<void> => {
    const bound = bindStatement(statement, environment)
    const { timeZone } = environment.settings
    let ofJobs = noRows
    if (bound.kind === 'rows') {
      const { kind } = statement.statement
      const isText = kind === 'explain' || kind === 'show-create'
      const writer = options.writerOf(
        {
          schema: bound.schema,
          isBounded: true,
          isAppendOnly: true,
          isText,
          uniqueKeys: [],
          upsertKeys: [],
          orderKeys: [],
          text: statement.text,
        },
        timeZone,
      )
      writer.write(batchOfRows(arenaOfThread(), bound.schema, bound.rows))
      writer.finish()
    } else if (bound.kind === 'insert' || bound.kind === 'plan') {
      const plans = physicalPlans(bound, environment)
      if (!isLast) refuseEndless(plans, environment, statement)
      ofJobs = await runJobs(startLocalJobs(plans, environment))
    } else if (bound.kind === 'query') {
      const plan = physicalPlan(bound.plan, environment)
      const query: ScriptQuery = {
        schema: bound.plan.schema,
        isBounded: isBoundedPlan(plan, (name) => environment.connectors.get(name)),
        isAppendOnly: (plan.kind === 'sink' ? plan.input : plan).changes === 'append',
        isText: false,
        uniqueKeys: plan.uniqueKeys,
        upsertKeys: plan.upsertKeys,
        orderKeys: bound.plan.kind === 'sort' ? bound.plan.keys : [],
        text: statement.text,
      }
      const writer = options.writerOf(query, timeZone)
      const collect = (batch: Batch): 'done' => {
        writer.write(batch)
        return 'done'
      }
      ofJobs = await runJobs([startLocalJob(plan, environment, collect)])
      writer.finish()
    }
    options.onDone?.({ kind: bound.kind === 'plan' ? 'insert' : bound.kind, summary: ofJobs })
  }

  const runAll = async (): Promise<ScriptResult> => {
    const { statements } = parseScript(text, options.source)
    const environment: ExecutionEnvironment = {
      ...session(),
      source: options.source,
      warn: options.warn,
      describeExecution: (plan) => describeLocalExecution(plan, environment),
    }
    for (const [i, statement] of statements.entries()) {
      if (isStopped) break
      try {
        await runStatement(statement, environment, i === statements.length - 1)
      } catch (error) {
        throw inStatement(error, { at: statement.at, text, source: options.source })
      }
    }
    return { summary, isStopped, jobCount }
  }

  return {
    // Not before the caller has what this returns: a writer may ask for metrics at once.
    done: Promise.resolve().then(runAll),
    async stop() {
      isStopped = true
      await Promise.all(jobs.map((job) => job.stop()))
    },
    abort: () => jobs.forEach((job) => job.abort()),
    metrics: () => jobs.map((job) => job.metrics()).reduce(addSummaries, summary),
  }
}

function refuseEndless(
  plans: readonly PhysicalNode[],
  environment: ExecutionEnvironment,
  statement: { readonly at: Parameters<typeof userError>[2] },
): void {
  if (plans.every((plan) => isBoundedPlan(plan, (name) => environment.connectors.get(name)))) return
  throw userError(
    'plan/endless-insert',
    'Cannot run the statements behind this INSERT: it reads a table without an end, wanted is that it stands last or in a statement set',
    statement.at,
  ).at({ source: environment.source })
}
