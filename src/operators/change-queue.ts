import type { ArenaOwner } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import { BatchBuffer } from '../data/batch-buffer.ts'
import { writeCell } from '../data/cells.ts'
import { decodeRow } from '../data/row-encoding.ts'
import type { RowKind } from '../data/row-kind.ts'
import type { SqlType } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import type { Output } from '../runtime/operator.ts'

export interface ChangeQueueOptions {
  readonly owner: ArenaOwner
  /** Of the columns of a row as it is encoded. */
  readonly types: readonly SqlType[]
  /** Of the columns behind them. */
  readonly addedTypes: readonly SqlType[]
  readonly mode: 'append' | 'changing'
  /** How many changes one input row makes at most. */
  readonly changesPerRow: number
}

interface Change {
  readonly kind: RowKind
  readonly bytes: Uint8Array
  readonly added: readonly SqlValue[]
  /** The physical row of the input that caused it, and how many changes that row caused before. */
  readonly source: number
  readonly number: number
}

/** Beyond it changes of one row may change places with those of the next, behind an exchange. */
const MAX_WIDTH = 1 << 20

/**
 * Changes on their way out, for operators whose input rows cause any number of them. Each carries the watermark of the row that caused it, and a place
 * of its own.
 */
export class ChangeQueue {
  readonly #owner: ArenaOwner
  readonly #types: readonly SqlType[]
  readonly #mode: 'append' | 'changing'
  readonly #width: bigint
  readonly #output: BatchBuffer
  #changes: Change[] = []
  #next = 0

  constructor({ owner, types, addedTypes, mode, changesPerRow }: ChangeQueueOptions) {
    this.#owner = owner
    this.#types = types
    this.#mode = mode
    this.#width = BigInt(Math.min(changesPerRow, MAX_WIDTH))
    this.#output = new BatchBuffer(owner, [...types, ...addedTypes])
  }

  get size(): number {
    return this.#changes.length - this.#next
  }

  add(kind: RowKind, bytes: Uint8Array, source: number, added: readonly SqlValue[] = []): void {
    const last = this.#changes.at(-1)
    const number = last?.source === source ? last.number + 1 : 0
    this.#changes.push({ kind, bytes, added, source, number })
  }

  /** Sends what is queued, with the times of the `input` rows that caused it. False: `out` is full and some are left. */
  flush(input: Batch, out: Output): boolean {
    while (this.#next < this.#changes.length) {
      if (out.isFull) return false
      this.#fill(input)
      out.push(this.#output.batch)
    }
    this.#changes = []
    this.#next = 0
    return true
  }

  #fill(input: Batch): void {
    const output = this.#output
    const { arena } = this.#owner
    output.clear()
    const { batch } = output
    const kinds = this.#mode === 'append' ? 0 : output.addKinds()
    const count = Math.min(this.#changes.length - this.#next, output.capacity)
    batch.watermark = input.watermark
    const watermarks = input.rowWatermarks === 0 ? 0 : output.addRowWatermarks() / 8
    const places = input.places === 0 ? 0 : output.addPlaces() / 8
    const width = this.#types.length
    for (let row = 0; row < count; row++) {
      const { kind, bytes, added, source, number } = this.#changes[this.#next++]!
      const values = decodeRow(this.#types, bytes)
      for (let i = 0; i < width; i++) writeCell(output, batch.columns[i]!, row, values[i]!)
      for (let i = 0; i < added.length; i++) writeCell(output, batch.columns[width + i]!, row, added[i]!)
      if (kinds !== 0) arena.u8[kinds + row] = kind
      if (watermarks !== 0) arena.i64[watermarks + row] = arena.i64[input.rowWatermarks / 8 + source]!
      if (places !== 0) arena.i64[places + row] = arena.i64[input.places / 8 + source]! * this.#width + BigInt(number)
    }
    batch.rowCount = count
    batch.selectedCount = count
  }
}
