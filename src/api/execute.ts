import type { Ports } from '../base/ports.ts'
import { NO_WATERMARK } from '../data/watermark.ts'
import type { Settings } from '../catalog/settings.ts'
import type { RuntimeConnectorRegistry } from '../connectors/registry.ts'
import type { Collector, Job, JobSettings, JobSummary } from '../engines/local/job.ts'
import { startJob } from '../engines/local/start-job.ts'
import { planFromJson, planToJson } from '../plan/json.ts'
import type { LogicalNode } from '../plan/logical.ts'
import type { PhysicalNode } from '../plan/physical.ts'
import { type RheoError, userError } from '../base/errors.ts'
import type { BindEnvironment, BoundStatement } from '../sql/bound-statement.ts'
import { jobsOfSinks, planJob, planningContext } from '../plan/plan-job.ts'
import { describeExecution } from '../engines/local/describe.ts'
import { assert } from '../base/assert.ts'
import { tableWarnings } from './table-warnings.ts'

/** What a job needs besides its plan. */
export interface ExecutionEnvironment extends BindEnvironment {
  readonly connectors: RuntimeConnectorRegistry
  readonly ports: Ports
  readonly output: (stream: 'out' | 'error', bytes: Uint8Array) => void
  /** Told of what is odd but stops nothing. */
  readonly warn?: ((warning: RheoError) => void) | undefined
}

/** The physical plan of a query, with a sink for whoever asked. */
export function physicalPlan(plan: LogicalNode, environment: ExecutionEnvironment): PhysicalNode {
  const { settings } = environment
  const physical = planJob(plan, environment)
  return settings.boolean('rheo.plan.roundtrip') ? planFromJson(JSON.parse(JSON.stringify(planToJson(physical)))) : physical
}

/** The plans of the sinks of an INSERT, a statement set or a compiled plan. */
export function physicalPlans(
  bound: Extract<BoundStatement, { kind: 'insert' | 'plan' }>,
  environment: ExecutionEnvironment,
): readonly PhysicalNode[] {
  return bound.kind === 'plan' ? bound.plans : bound.plans.map((plan) => physicalPlan(plan, environment))
}

/** The last section of EXPLAIN: what this engine makes of a plan. */
export function describeLocalExecution(plan: LogicalNode, environment: BindEnvironment): { readonly title: string; readonly text: string } {
  const physical = planJob(plan, environment)
  assert(physical.kind === 'sink', 'a job is planned from its sink')
  const { parallelism, expressions } = jobSettings(environment)
  return {
    title: 'Local Execution',
    text: describeExecution(physical, { parallelism, expressions, context: planningContext(environment) }),
  }
}

/** Starts the jobs of plans that belong together in this process; those that have parts in common are one. */
export function startLocalJobs(plans: readonly PhysicalNode[], environment: ExecutionEnvironment): readonly Job[] {
  return jobsOfSinks(plans, environment.settings).map((sinks) => startJobOf(sinks, environment, undefined))
}

/** Starts the job of one physical plan in this process. */
export function startLocalJob(plan: PhysicalNode, environment: ExecutionEnvironment, collect?: Collector): Job {
  return startJobOf([plan], environment, collect)
}

function startJobOf(plans: readonly PhysicalNode[], environment: ExecutionEnvironment, collect: Collector | undefined): Job {
  const { connectors, ports, output, warn } = environment
  if (warn !== undefined) for (const plan of plans) for (const warning of tableWarnings(plan, connectors)) warn(warning)
  return startJob(plans, { connectors: (name) => connectors.get(name), ports, output, collect, settings: jobSettings(environment) })
}

function jobSettings({ settings, catalogs }: BindEnvironment): JobSettings {
  const threads = settings.number('rheo.threads')
  if (threads !== 0)
    throw userError('unsupported/threads', `Cannot run on ${threads} threads yet: found "rheo.threads" = ${threads}, wanted is 0`)
  return {
    parallelism: defaultParallelism(settings),
    batchRows: settings.number('rheo.batch.rows'),
    blockBytes: settings.number('rheo.source.block'),
    expressions: settings.string('rheo.expressions') === 'interpreted' ? 'interpreted' : 'compiled',
    seed: settings.number('rheo.seed'),
    restoreAt: parseRestoreAt(settings.text('rheo.restore-at')),
    memoryBytes: settings.number('rheo.memory'),
    maxRecordBytes: settings.number('rheo.max-record'),
    idleTimeoutMs: settings.number('table.exec.source.idle-timeout'),
    timeZone: settings.timeZone,
    batch: settings.runtimeMode === 'batch',
    currentCatalog: catalogs.currentCatalog,
    currentDatabase: catalogs.currentDatabase,
  }
}

function defaultParallelism(settings: Settings): number {
  const ofTables = settings.number('table.exec.resource.default-parallelism')
  return Math.max(1, ofTables > 0 ? ofTables : settings.number('parallelism.default'))
}

function parseRestoreAt(text: string | undefined): JobSettings['restoreAt'] {
  if (text === undefined || text === '') return undefined
  const parts = /^(\d+)(?:@([1-9]\d*))?$/.exec(text.trim())
  if (parts === null)
    throw userError('sql/option-value', `Cannot set option "rheo.restore-at": found "${text}", wanted ROWS or ROWS@PARALLELISM`)
  const rows = Number(parts[1])
  return parts[2] === undefined ? { rows } : { rows, parallelism: Number(parts[2]) }
}

/** Waits for jobs that belong together; when one fails, the others end at once. */
export async function allDone(jobs: readonly Job[]): Promise<readonly JobSummary[]> {
  try {
    return await Promise.all(jobs.map((job) => job.done))
  } catch (error) {
    for (const job of jobs) job.abort()
    await Promise.allSettled(jobs.map((job) => job.done))
    throw error
  }
}

/** The sum of the summaries of jobs that ran one after another or side by side. */
export function addSummaries(a: JobSummary, b: JobSummary): JobSummary {
  return {
    rowsIn: a.rowsIn + b.rowsIn,
    rowsOut: a.rowsOut + b.rowsOut,
    lateRows: a.lateRows + b.lateRows,
    badRecords: a.badRecords + b.badRecords,
    badRecordSamples: [...a.badRecordSamples, ...b.badRecordSamples].slice(0, 10),
    peakStateBytes: Math.max(a.peakStateBytes, b.peakStateBytes),
    stateRows: b.stateRows,
    stateKeys: b.stateKeys,
    watermark: b.watermark,
    seconds: a.seconds + b.seconds,
  }
}

/** The summary of no job at all. */
export const noRows: JobSummary = {
  rowsIn: 0,
  rowsOut: 0,
  lateRows: 0,
  badRecords: 0,
  badRecordSamples: [],
  peakStateBytes: 0,
  stateRows: 0,
  stateKeys: 0,
  watermark: NO_WATERMARK,
  seconds: 0,
}
