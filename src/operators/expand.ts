import type { ArenaOwner } from '../data/arena.ts'
import { BATCH_CAPACITY, type Batch } from '../data/batch.ts'
import { BatchBuffer } from '../data/batch-buffer.ts'
import { writeCell } from '../data/cells.ts'
import type { SqlType } from '../data/types.ts'
import type { Operator, Output, Progress } from '../runtime/operator.ts'
import { viewOf } from './batch-view.ts'

export interface ExpandOptions {
  readonly owner: ArenaOwner
  readonly inputTypes: readonly SqlType[]
  /** Columns that are keys in some of the grouping sets only. */
  readonly keys: readonly number[]
  /** For each grouping set the places among `keys` of those that it has. */
  readonly sets: readonly (readonly number[])[]
  readonly numberType: SqlType
}

/**
 * GROUPING SETS below an aggregate: each batch once for each set, with the keys behind its columns, those that the set does not have as NULL, and the number
 * of the set. No cell is copied. Groups of different sets differ in that number, so nothing depends on the order among the copies.
 */
export function expand(options: ExpandOptions): Operator {
  return new Expand(options)
}

class Expand implements Operator {
  readonly name = 'Expand'
  readonly #options: ExpandOptions
  readonly #nulls: BatchBuffer
  /** One column a set. */
  readonly #numbers: BatchBuffer
  readonly #places: BatchBuffer
  #next = 0

  constructor(options: ExpandOptions) {
    this.#options = options
    const { owner, inputTypes, keys, sets, numberType } = options
    const keyTypes = keys.map((key): SqlType => ({ ...inputTypes[key]!, nullable: true }))
    this.#nulls = new BatchBuffer(owner, keyTypes)
    this.#numbers = new BatchBuffer(
      owner,
      sets.map(() => numberType),
    )
    this.#places = new BatchBuffer(owner, [])
    for (let row = 0; row < BATCH_CAPACITY; row++) {
      for (const column of this.#nulls.batch.columns) writeCell(this.#nulls, column, row, null)
      this.#numbers.batch.columns.forEach((column, set) => writeCell(this.#numbers, column, row, set))
    }
  }

  onBatch(_input: number, batch: Batch, out: Output): Progress {
    const { keys, sets } = this.#options
    while (this.#next < sets.length) {
      const set = this.#next++
      const shown = keys.map((key, i) => (sets[set]!.includes(i) ? batch.columns[key]! : this.#nulls.batch.columns[i]!))
      const copy = viewOf(batch, [...batch.columns, ...shown, this.#numbers.batch.columns[set]!])
      if (batch.places !== 0) copy.places = this.#placesOf(batch, set)
      out.push(copy)
      if (out.isFull && this.#next < sets.length) return 'more'
    }
    this.#next = 0
    return 'done'
  }

  /** The copies of one row have places that follow each other. */
  #placesOf(batch: Batch, set: number): number {
    const { i64 } = this.#options.owner.arena
    const from = batch.places / 8
    const places = this.#places.addPlaces()
    const width = BigInt(this.#options.sets.length)
    for (let row = 0; row < batch.rowCount; row++) i64[places / 8 + row] = i64[from + row]! * width + BigInt(set)
    return places
  }

  close(): void {
    this.#options.owner.close()
  }
}
