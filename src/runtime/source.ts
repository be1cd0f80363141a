import type { ErrorPlace } from '../base/errors.ts'
import type { Ports } from '../base/ports.ts'
import type { Arena } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import type { SqlType } from '../data/types.ts'

/**
 * Where a source stands between two blocks: plain JSON, made and understood by the source alone. It is the position of the whole table, the
 * same in every subtask after the same block, so that a job may go on from it at any parallelism.
 */
export type SourcePosition = { readonly [key: string]: SourcePositionValue }
export type SourcePositionValue =
  | null
  | boolean
  | number
  | string
  | readonly SourcePositionValue[]
  | { readonly [key: string]: SourcePositionValue }

/** What `SourceReader.next` has to say. */
export type SourceStep =
  /** Rows of the current block, lent until the next call. */
  | { readonly kind: 'batch'; readonly batch: Batch }
  /** The current block is over (blocks of other subtasks end at once, without rows). Barriers are placed here. */
  | { readonly kind: 'block-end' }
  /** Nothing to give right now; `ready` settles when there may be. */
  | { readonly kind: 'wait'; readonly ready: Promise<void> }
  /** The table has no more rows. */
  | { readonly kind: 'end' }

export interface BadRecord {
  readonly place: ErrorPlace
  readonly message: string
}

/** What a source tells the job besides rows. */
export interface SourceMetrics {
  /** Records that were skipped or partly taken as NULL, by the table's option. */
  readonly badRecords: number
  readonly bytesRead: number
  /** The first few bad records. */
  readonly badRecordSamples?: readonly BadRecord[]
}

/**
 * Reads one table for one subtask.
 *
 * A table is a sequence of blocks, the same for every parallelism. Subtask `i` of `n` gives the rows of blocks `i`, `i + n`, ... and steps over the
 * others with 'block-end'. The batch's columns are those that were asked for. It never waits to fill a batch.
 */
export interface SourceReader {
  next(): SourceStep
  /** After a 'block-end': where the next block starts. */
  position(): SourcePosition
  metrics(): SourceMetrics
  /** The place of a physical row of the last batch in the input, for the message of a row that an expression refused. May be slow. */
  placeOf?(row: number): ErrorPlace
  close(): Promise<void>
}

export interface SourceOpen {
  readonly arena: Arena
  readonly ports: Ports
  readonly subtask: number
  readonly parallelism: number
  /** Rows a batch at most: `rheo.batch.rows`. */
  readonly batchRows: number
  /** Bytes, or their like, a block: `rheo.source.block`. */
  readonly blockBytes: number
  readonly maxRecordBytes: number
  readonly seed: number
  readonly timeZone: string
  /** Undefined at the start of the table. */
  readonly position: SourcePosition | undefined
}

/** What the plan asks of a table's source. */
export interface SourceRequest {
  /** Names of physical columns, then metadata keys: the output columns in order, with their types. */
  readonly columns: readonly { readonly name: string; readonly type: SqlType }[]
  readonly metadata: readonly { readonly key: string; readonly type: SqlType }[]
  readonly nestedPaths?: readonly (readonly string[])[] | undefined
  readonly partitions?: readonly Readonly<Record<string, string | null>>[] | undefined
  readonly limit?: number | undefined
}

/** One table's source, ready to be opened once a subtask. */
export interface Source {
  open(options: SourceOpen): Promise<SourceReader>
}
