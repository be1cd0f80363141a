import type { ArenaOwner } from '../data/arena.ts'
import { BatchBuffer } from '../data/batch-buffer.ts'
import { writeCell } from '../data/cells.ts'
import type { RowKind } from '../data/row-kind.ts'
import type { SqlType } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import { NO_WATERMARK } from '../data/watermark.ts'
import type { Output } from '../runtime/operator.ts'
import { int64Cells } from './int64.ts'

/** What a change inherits from the row or the moment that caused it. */
export interface TimedCause {
  /** Undefined: none. */
  readonly watermark: number | undefined
  readonly place: bigint
}

interface Change extends TimedCause {
  readonly kind: RowKind
  readonly row: readonly SqlValue[]
  /** How many changes in a row had the same place before. */
  readonly number: number
}

/** Changes of one place that keep their order behind an exchange. */
const WIDTH = 64n
const LAST_PLACE = (1n << 63n) - 1n

/** Changes on their way out whose causes are rows of several batches, or moments: each carries the watermark and the place of its own. */
export class TimedQueue {
  readonly #owner: ArenaOwner
  readonly #output: BatchBuffer
  readonly #givesPlaces: boolean
  #changes: Change[] = []
  #next = 0

  constructor(owner: ArenaOwner, types: readonly SqlType[], givesPlaces: boolean) {
    this.#owner = owner
    this.#givesPlaces = givesPlaces
    this.#output = new BatchBuffer(owner, types)
  }

  get size(): number {
    return this.#changes.length - this.#next
  }

  add(kind: RowKind, row: readonly SqlValue[], { watermark, place }: TimedCause): void {
    const last = this.#changes.at(-1)
    this.#changes.push({ kind, row, watermark, place, number: last?.place === place ? last.number + 1 : 0 })
  }

  /** Sends what is queued. False: `out` is full and some are left. */
  flush(out: Output): boolean {
    while (this.#next < this.#changes.length) {
      if (out.isFull) return false
      this.#fill()
      out.push(this.#output.batch)
    }
    this.#changes = []
    this.#next = 0
    return true
  }

  #fill(): void {
    const output = this.#output
    const { arena } = this.#owner
    const cells = int64Cells(arena)
    output.clear()
    const { batch } = output
    batch.watermark = NO_WATERMARK
    const kinds = output.addKinds()
    const watermarks = output.addRowWatermarks() / 8
    const places = this.#givesPlaces ? output.addPlaces() / 8 : 0
    const count = Math.min(this.#changes.length - this.#next, output.capacity)
    for (let row = 0; row < count; row++) {
      const change = this.#changes[this.#next++]!
      for (let i = 0; i < change.row.length; i++) writeCell(output, batch.columns[i]!, row, change.row[i]!)
      arena.u8[kinds + row] = change.kind
      cells.set(watermarks + row, change.watermark ?? NO_WATERMARK)
      if (places !== 0) arena.i64[places + row] = placeOf(change)
    }
    batch.rowCount = count
    batch.selectedCount = count
  }
}

/** Places of timers lie so high that they cannot be spread; they only have to stay behind those of rows. */
function placeOf({ place, number }: Change): bigint {
  const spread = place * WIDTH + BigInt(Math.min(number, Number(WIDTH) - 1))
  return spread > LAST_PLACE ? place : spread
}
