import type { Clock } from '../base/ports.ts'
import type { ArenaOwner } from '../data/arena.ts'
import { BATCH_CAPACITY, type Batch } from '../data/batch.ts'
import { Column } from '../data/column.ts'
import { types } from '../data/types.ts'
import { NO_WATERMARK } from '../data/watermark.ts'
import type { Operator, Output, Progress } from '../runtime/operator.ts'
import { viewOf } from './batch-view.ts'

/** An operator that waits for watermarks and can say for which one. */
export interface DueOperator extends Operator {
  /** The least watermark at which it has something to do; undefined: none. */
  nextDue?(): number | undefined
}

export interface ByClockOptions {
  readonly operator: DueOperator
  readonly clock: Clock
  readonly owner: ArenaOwner
  /** The column that gets the time at which a row comes; undefined: windows come with the rows. */
  readonly timeColumn: number | undefined
}

/**
 * Makes an operator of event time one of processing time: the clock stands in for the watermark, one millisecond behind, so that a window ends when the clock
 * reaches its end. Rows are of the moment at which they come, and none is late.
 *
 * Windows that are open when the input ends are not sent, as in Flink: their time has not come.
 */
export function byClock(options: ByClockOptions): Operator {
  const { operator } = options
  const clocked = new ByClock(options)
  return {
    name: operator.name,
    ...(operator.stateId === undefined ? {} : { stateId: operator.stateId }),
    ...(operator.keepsRowNumbers === undefined ? {} : { keepsRowNumbers: operator.keepsRowNumbers }),
    onBatch: (input, batch, out) => clocked.onBatch(input, batch, out),
    onTimer: (time, out) => clocked.onTimer(time, out),
    nextTimer: () => clocked.nextTimer(),
    onEnd: (input, out) => operator.onEnd?.(input, out) ?? 'done',
    ...(operator.snapshot === undefined ? {} : { snapshot: () => operator.snapshot!() }),
    ...(operator.restore === undefined ? {} : { restore: (parts, isMine) => operator.restore!(parts, isMine) }),
    stateSize: () => operator.stateSize?.() ?? { rows: 0, bytes: 0 },
    close: () => operator.close?.(),
  }
}

class ByClock {
  readonly #operator: DueOperator
  readonly #clock: Clock
  readonly #times: Column | undefined
  readonly #timeColumn: number
  readonly #i64: BigInt64Array
  /** The clock when the batch came that is worked at. */
  #now: number | undefined
  #last = NO_WATERMARK
  #phase: 'windows' | 'rows' = 'windows'
  readonly #out = new WithoutWatermarks()

  constructor({ operator, clock, owner, timeColumn }: ByClockOptions) {
    this.#operator = operator
    this.#clock = clock
    this.#timeColumn = timeColumn ?? -1
    this.#times = timeColumn === undefined ? undefined : new Column(types.timestampLtz(3, false), owner.allocate(BATCH_CAPACITY * 8), 0)
    this.#i64 = owner.arena.i64
  }

  onBatch(input: number, batch: Batch, to: Output): Progress {
    const out = this.#outOf(to)
    // A clock that is set back stands still for windows.
    this.#now ??= Math.max(this.#last, this.#clock.nowMs())
    this.#last = this.#now
    if (this.#phase === 'windows') {
      const progress = this.#operator.onWatermark?.(this.#now - 1, out) ?? 'done'
      if (progress !== 'done') return progress
      this.#phase = 'rows'
      if (out.isFull) return 'more'
    }
    const progress = this.#operator.onBatch(input, this.#stamped(batch, this.#now), out)
    if (progress !== 'done') return progress
    this.#phase = 'windows'
    this.#now = undefined
    return 'done'
  }

  #outOf(to: Output): Output {
    if (this.#operator.onWatermark === undefined) return to
    this.#out.to = to
    return this.#out
  }

  /** The batch as rows of this moment. An operator without state passes the watermarks of the rows on. */
  #stamped(batch: Batch, now: number): Batch {
    const times = this.#times
    if (times === undefined) {
      const view = viewOf(batch)
      view.watermark = NO_WATERMARK
      view.rowWatermarks = 0
      return view
    }
    const start = times.cells / 8
    this.#i64.fill(BigInt(now), start, start + batch.rowCount)
    const view = viewOf(
      batch,
      batch.columns.map((column, i) => (i === this.#timeColumn ? times : column)),
    )
    if (this.#operator.onWatermark === undefined) return view
    view.watermark = now - 1
    view.rowWatermarks = 0
    return view
  }

  onTimer(time: number, to: Output): Progress {
    const out = this.#outOf(to)
    const operator = this.#operator
    this.#last = Math.max(this.#last, time)
    if (this.#phase === 'windows') {
      const progress = operator.onWatermark?.(time - 1, out) ?? 'done'
      if (progress !== 'done') return progress
      this.#phase = 'rows'
      if (out.isFull) return 'more'
    }
    const progress = operator.onTimer?.(time, out) ?? 'done'
    if (progress === 'done') this.#phase = 'windows'
    return progress
  }

  nextTimer(): number | undefined {
    const due = this.#operator.nextDue?.()
    const timer = this.#operator.nextTimer?.()
    if (due === undefined) return timer
    return timer === undefined ? due + 1 : Math.min(due + 1, timer)
  }
}

/** Takes the clock's times away from rows that leave: they are no event times. */
class WithoutWatermarks implements Output {
  to: Output | undefined

  push(batch: Batch): void {
    const view = viewOf(batch)
    view.watermark = NO_WATERMARK
    view.rowWatermarks = 0
    this.to?.push(view)
  }

  get isFull(): boolean {
    return this.to?.isFull === true
  }
}
