import type { Batch } from '../data/batch.ts'
import type { OperatorSnapshot } from './operator.ts'

/** What flows through a chain of operators, in order. */
export type StreamEvent =
  /** `leaf`: which input of the stage the rows come from. */
  | {
      readonly kind: 'batch'
      readonly batch: Batch
      readonly leaf: number
      /** Which input of an operator that has several the rows are of; absent: the only one. */
      readonly input?: number
    }
  /**
   * The watermark of a chain rose to `time`. Where inputs of a join meet, it comes whenever that of one of them rises: `inputs` are theirs, `time` is the least of them.
   */
  | { readonly kind: 'watermark'; readonly time: number; readonly inputs?: readonly number[] }
  /**
   * A block of input `leaf` is over. `watermark` is the greatest that this subtask's rows of the block raised; END_WATERMARK in the empty
   * block behind the last one.
   */
  | { readonly kind: 'block-end'; readonly leaf: number; readonly watermark: number }
  | { readonly kind: 'barrier'; readonly barrier: Barrier }
  /** Processing-time timers of one operator are due at `time`; does not go on to the next one. */
  | { readonly kind: 'timer'; readonly time: number }
  /**
   * Input `leaf` has had no rows for so long that nobody waits for its watermarks: the end of a block, which may be empty, follows. Or it has some again; rows say so too.
   */
  | { readonly kind: 'idle'; readonly leaf: number; readonly isIdle: boolean }
  /** Nothing more comes. `drained`: the input has ended, rather than been stopped, so what waits for the end may leave. */
  | { readonly kind: 'end'; readonly drained: boolean }

/** A cut through the whole job between two blocks; every operator that it passes leaves its state. */
export interface Barrier {
  readonly id: number
  /** Called by each end of the job's chains when the barrier has got there. */
  arrived(): void
  /** State of subtask `subtask` of the operator with this id. */
  add(stateId: string, subtask: number, snapshot: OperatorSnapshot): void
}

/**
 * Takes events one at a time. Neither call is made while the other side waits for a promise: `isWaiting` tells.
 */
export interface Downstream {
  /** Begins an event; true when it is worked off. Otherwise `resume` is called until that is so, before any other event. */
  accept(event: StreamEvent): boolean
  resume(): boolean
  /** True while nothing can go on before something outside settles; it wakes the subtask then. */
  readonly isWaiting: boolean
}
