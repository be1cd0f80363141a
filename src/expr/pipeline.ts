import { RheoError } from '../base/errors.ts'
import type { ArenaOwner } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import { EvaluationError } from './evaluation-error.ts'
import type { EvaluationContext } from './function.ts'

/** How a pipeline stands in the watermarks of its stream, epoch ms; part of a snapshot. */
export interface WatermarkState {
  /** The last one that was given out, NO_WATERMARK before. */
  readonly emitted: number
  /** The greatest one of any row, at least 0, from which Flink's assigner starts too. */
  readonly greatest: number
}

/** What in a pipeline runs as generated code and what calls back: canonical names of functions, sorted. `EXPLAIN` shows both. */
export interface PipelineDescription {
  readonly compiled: readonly string[]
  readonly called: readonly string[]
}

/**
 * Filters, projections and the watermark of a stream, over one batch after another. Made by `createPipeline`; the compiled and the
 * interpreted execution are the same to whoever runs it.
 */
export interface Pipeline {
  /**
   * Runs over the selected rows of a batch and returns the result, which shares columns with the input and lives as long as that is
   * lent, and at most until the next call. An empty result has `selectedCount` 0.
   *
   * Rows with their watermarks leave as the `watermark` step says; the watermark after the batch is `watermarkState().emitted`, for the operator
   * to send on.
   *
   * @throws {FailedRowError} when an expression refuses a row.
   */
  run(input: Batch): Batch
  /** Asks the filters about rows that come one by one, quicker than `run` does. A pipeline that has one is not run. */
  rowTest(input: Batch): RowTest
  watermarkState(): WatermarkState
  /** Before the first batch, from a snapshot. */
  restoreWatermark(state: WatermarkState): void
  describe(): PipelineDescription
}

/** The filters of a pipeline for single rows: whoever asks says where the cells of each row are. */
export interface RowTest {
  /**
   * The address of two u32s, which name the cells and the null mask of the input column, or field of a ROW, at a path, for the row to test is row 0 of them; the mask is never
   * absent. Undefined: the filters do not read it.
   */
  placeOf(path: readonly number[]): number | undefined
  /**
   * Whether the filters keep the row.
   *
   * @throws {RheoError} the expression's own when it refuses the row.
   */
  keeps(): boolean
}

/** An expression refused a row. The message and code are the expression's own. */
export class FailedRowError extends RheoError {
  /** The physical row of the input batch. */
  readonly row: number
  /** The result of the rows before it, for whoever sends these before failing. */
  readonly before: Batch

  constructor(cause: RheoError, row: number, before: Batch) {
    super(cause.message, { code: cause.code, domain: cause.domain, place: cause.place, cause })
    this.row = row
    this.before = before
  }
}

/** A row without event time reached the step that assigns watermarks. */
export function nullTimeError(): EvaluationError {
  return new EvaluationError(
    'data/null-event-time',
    'Cannot assign a watermark: the event time of the row is NULL, wanted is a time; a computed column such as COALESCE(ts, ...) can carry the watermark',
  )
}

export interface PipelineOptions {
  /** Holds the pipeline's memory; closing it ends the pipeline. */
  readonly owner: ArenaOwner
  readonly context: EvaluationContext
  /** The setting `rheo.expressions`. */
  readonly execution: 'compiled' | 'interpreted'
}
