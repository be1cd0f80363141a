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
  /** By input: the column that gets the time at which a row comes; undefined: windows come with the rows. */
  readonly timeColumns: readonly (number | undefined)[]
  /**
   * Where the watermark stands. `behind` the clock by a millisecond: rows of this one still come, and windows that end with it are over. `at` it: so joins count, whose rows meet those that
   * are there already.
   */
  readonly watermark: 'behind' | 'at'
}

/**
 * Makes an operator of event time one of processing time: the clock stands in for the watermarks of all inputs, so that a window ends when the clock
 * reaches its end. Rows are of the moment at which they come, and none is late.
 *
 * Windows that are open when the input ends are not sent, nor are rows that wait for a match, as in Flink: their time has not come.
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
  readonly #timeColumns: readonly (number | undefined)[]
  readonly #lagMs: number
  readonly #i64: BigInt64Array
  /** The clock when the batch came that is worked at. */
  #now: number | undefined
  #last = NO_WATERMARK
  #phase: 'windows' | 'rows' = 'windows'
  readonly #out = new WithoutWatermarks()

  constructor({ operator, clock, owner, timeColumns, watermark }: ByClockOptions) {
    this.#operator = operator
    this.#clock = clock
    this.#timeColumns = timeColumns
    this.#lagMs = watermark === 'behind' ? 1 : 0
    const isStamped = timeColumns.some((column) => column !== undefined)
    this.#times = !isStamped ? undefined : new Column(types.timestampLtz(3, false), owner.allocate(BATCH_CAPACITY * 8), 0)
    this.#i64 = owner.arena.i64
  }

  onBatch(input: number, batch: Batch, to: Output): Progress {
    const out = this.#outOf(to)
    // A clock that is set back stands still for windows.
    this.#now ??= Math.max(this.#last, this.#clock.nowMs())
    this.#last = this.#now
    if (this.#phase === 'windows') {
      const progress = this.#moveTo(this.#now, out)
      if (progress !== 'done') return progress
      this.#phase = 'rows'
      if (out.isFull) return 'more'
    }
    const progress = this.#operator.onBatch(input, this.#stamped(batch, this.#timeColumns[input], this.#now), out)
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
  #stamped(batch: Batch, timeColumn: number | undefined, now: number): Batch {
    const times = this.#times
    if (times === undefined || timeColumn === undefined) {
      const view = viewOf(batch)
      view.watermark = NO_WATERMARK
      view.rowWatermarks = 0
      return view
    }
    const start = times.cells / 8
    this.#i64.fill(BigInt(now), start, start + batch.rowCount)
    const view = viewOf(
      batch,
      batch.columns.map((column, i) => (i === timeColumn ? times : column)),
    )
    if (this.#operator.onWatermark === undefined) return view
    view.watermark = now - this.#lagMs
    view.rowWatermarks = 0
    return view
  }

  onTimer(time: number, to: Output): Progress {
    const out = this.#outOf(to)
    const operator = this.#operator
    this.#last = Math.max(this.#last, time)
    if (this.#phase === 'windows') {
      const progress = this.#moveTo(time, out)
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
    const time = due + this.#lagMs
    return timer === undefined ? time : Math.min(time, timer)
  }

  /** The clock has come to `now`, for each input. */
  #moveTo(now: number, out: Output): Progress {
    const time = now - this.#lagMs
    return (
      this.#operator.onWatermark?.(
        time,
        out,
        this.#timeColumns.map(() => time),
      ) ?? 'done'
    )
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
