import type { Batch } from '../data/batch.ts'

/**
 * What a call of an operator achieved.
 *
 * - 'done': the batch (or watermark, timers, end) is worked off; a lent batch may be filled again.
 * - 'more': `out` is full. The operator is called again with the same arguments as soon as `out` has room, before any other input; it
 *   remembers where it stopped.
 * - a promise: nothing was done yet. The operator is called again with the same arguments when it settles.
 */
export type Progress = 'done' | 'more' | Promise<void>

/** Where an operator's rows go. `push` always takes the batch it is given; after it `isFull` says whether another one may follow in this call. */
export interface Output {
  /**
   * Lends `batch` downstream. When `isFull` is true afterwards, the batch may still be in use: its owner returns ('more', or 'done' if that was
   * all) and does not touch the batch before it is called again.
   */
  push(batch: Batch): void
  readonly isFull: boolean
}

/** The state of one operator subtask in a snapshot, by key group; bytes are the store's own format. */
export interface OperatorSnapshot {
  /** State that belongs to keys: snapshot bytes by key group. */
  readonly keyed: ReadonlyMap<number, Uint8Array>
  /** State that belongs to the whole operator (LIMIT's counter, a sink's files), given to subtask 0 on restore. */
  readonly whole?: Uint8Array
}

/** The watermark side of an operator that assigns watermarks. */
export interface WatermarkGenerator {
  /** The watermark after the last row, NO_WATERMARK before the first. */
  current(): number
  /**
   * Forgets the rows so far: a block begins whose predecessor another subtask reads. Its watermarks are then those of its own rows
   * alone, and whoever brings the blocks in order raises them to the greatest of the earlier blocks.
   */
  startBlock(): void
}

/**
 * One subtask of one step of a job: a record of functions over closed-over state. No base class; functions that are not needed are absent.
 *
 * Watermarks, timers and ends reach an operator between batches. An operator need not pass on watermarks or ends: the task does, after the
 * operator returned 'done', with the least watermark of its inputs.
 */
export interface Operator {
  /** As EXPLAIN and messages show it. */
  readonly name: string
  /** Rows that leave may be older than those that came, by so much: watermarks go on less it. */
  readonly delayMs?: number
  /** The stable id of the plan's node; absent where there is no state. */
  readonly stateId?: string
  /** Only of an operator that assigns watermarks; it then hears none but END_WATERMARK. */
  readonly watermarks?: WatermarkGenerator
  /**
   * True where output rows lie at the numbers of the input rows that made them, so that a failing row above still has its place in the
   * source's batch.
   */
  readonly keepsRowNumbers?: boolean
  onBatch(input: number, batch: Batch, out: Output): Progress
  /**
   * The watermark of all inputs together is `time` (epoch ms); it rose, or, of an operator with several inputs, that of one of `inputs` did.
   */
  onWatermark?(time: number, out: Output, inputs?: readonly number[]): Progress
  /** Processing-time timers that are due at `time`. */
  onTimer?(time: number, out: Output): Progress
  /** When the next processing-time timer is due; undefined: none. */
  nextTimer?(): number | undefined
  /** Input number `input` has ended; END_WATERMARK came before. */
  onEnd?(input: number, out: Output): Progress
  /** True when no further input can change anything (LIMIT has its rows): the task ends the input. */
  isSatisfied?(): boolean
  snapshot?(): OperatorSnapshot
  /** Before any input; `parts` are the snapshots of all subtasks that the job had, `isMine` says which key groups this subtask has now. */
  restore?(parts: readonly OperatorSnapshot[], isMine: (keyGroup: number) => boolean): void
  /** Rows dropped for being late, so far. */
  lateRows?(): number
  /** Rows or entries held in state, and bytes. */
  stateSize?(): { readonly rows: number; readonly bytes: number }
  close?(): void
}
