import type { Ports } from '../../base/ports.ts'
import type { Batch } from '../../data/batch.ts'
import type { RuntimeConnector } from '../../connectors/connector.ts'
import type { Progress } from '../../runtime/operator.ts'
import type { BadRecord } from '../../runtime/source.ts'

/** How a job runs; no setting changes its answers. */
export interface JobSettings {
  /** Subtasks of every step that rows can be divided among. */
  readonly parallelism: number
  /** `rheo.batch.rows`, at most BATCH_CAPACITY. */
  readonly batchRows: number
  /** `rheo.source.block`. */
  readonly blockBytes: number
  /** `rheo.expressions`. */
  readonly expressions: 'compiled' | 'interpreted'
  /** `rheo.seed`: of the scheduler's choices and of RAND, UUID and generated rows. */
  readonly seed: number
  /** `rheo.restore-at`: snapshot, drop and restore the job at the first block end after so many source rows. */
  readonly restoreAt?: { readonly rows: number; readonly parallelism?: number } | undefined
  /** `rheo.memory`: the most bytes that all operators may hold. */
  readonly memoryBytes?: number | undefined
  /** `rheo.max-record`. */
  readonly maxRecordBytes: number
  /** `table.exec.source.idle-timeout`: after so long without rows a source no longer holds back watermarks; 0: it always does. */
  readonly idleTimeoutMs?: number | undefined
  /** `table.local-time-zone`. */
  readonly timeZone: string
  /** `execution.runtime-mode` = batch: CURRENT_TIMESTAMP and its kin are one value for the whole job. */
  readonly batch?: boolean | undefined
  /** What CURRENT_CATALOG and CURRENT_DATABASE give. */
  readonly currentCatalog?: string | undefined
  readonly currentDatabase?: string | undefined
}

/**
 * Takes the rows of a SELECT: one subtask, in order, kinds as the plan's changelog mode has them. The batch is lent until the call that
 * answers 'done'; a promise means that nothing was taken yet and the same batch comes again when it settles ('more' is not an answer).
 */
export type Collector = (batch: Batch) => Exclude<Progress, 'more'>

export interface JobOptions {
  readonly connectors: (name: string) => RuntimeConnector | undefined
  readonly ports: Ports
  readonly settings: JobSettings
  /** For plans whose sink has no target table. */
  readonly collect?: Collector | undefined
  /** Standard output and standard error of the program, for connectors that print. */
  readonly output: (stream: 'out' | 'error', bytes: Uint8Array) => void
}

export interface JobSummary {
  /** Rows that sources gave. */
  readonly rowsIn: number
  /** Rows, or changes, that sinks and collectors took. */
  readonly rowsOut: number
  readonly lateRows: number
  /** Records that were skipped or partly taken as NULL. */
  readonly badRecords: number
  /** The first few of them, where sources tell. */
  readonly badRecordSamples: readonly BadRecord[]
  readonly peakStateBytes: number
  /** Rows that operators hold now, or held at the end. */
  readonly stateRows: number
  /** Keys that they know. */
  readonly stateKeys: number
  /** Epoch ms at the sink; NO_WATERMARK where there is none, END_WATERMARK after the end of bounded inputs. */
  readonly watermark: number
  readonly seconds: number
}

/** A running job. */
export interface Job {
  /** Settles when every input has ended, a LIMIT is satisfied, or `stop` has worked; fails with the RheoError that ended the job. */
  readonly done: Promise<JobSummary>
  /** Ends the job between two blocks: what sources gave so far reaches the sinks, which finish; windows that are open stay unsent. */
  stop(): Promise<JobSummary>
  /** Ends the job at once; sinks drop what they have not finished. `done` fails with code `job/aborted`. */
  abort(): void
  /** The numbers so far. */
  metrics(): JobSummary
}
