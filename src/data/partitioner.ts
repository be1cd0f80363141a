import type { Arena, ArenaOwner } from './arena.ts'
import { BATCH_CAPACITY, type Batch } from './batch.ts'
import type { RowRange } from './copy-batch.ts'
import { KeyEncoder } from './key-encoder.ts'

/** How many key groups a job has: the unit in which keyed state moves between subtasks. */
export const KEY_GROUPS = 128

/** The subtask of `parallelism` that a key group belongs to: the groups of one subtask are neighbours. */
export function subtaskOfKeyGroup(keyGroup: number, parallelism: number, groupCount: number = KEY_GROUPS): number {
  return Math.floor((keyGroup * parallelism) / groupCount)
}

/** Divides the rows of batches among subtasks by the key group of their keys. */
export class Partitioner {
  readonly #arena: Arena
  readonly #encoder: KeyEncoder
  readonly #parallelism: number
  readonly #groupCount: number
  readonly #targets: number
  readonly #starts: number
  readonly #rows: number

  constructor(owner: ArenaOwner, parallelism: number, groupCount: number = KEY_GROUPS, capacity: number = BATCH_CAPACITY) {
    this.#arena = owner.arena
    this.#encoder = new KeyEncoder(owner, capacity)
    this.#parallelism = parallelism
    this.#groupCount = groupCount
    this.#targets = owner.allocate(capacity * 4)
    this.#starts = owner.allocate((parallelism + 1) * 4)
    this.#rows = owner.allocate(capacity * 4)
  }

  /** Sorts the selected rows of a batch by subtask, in their order within one; `rowsOf` tells them until the next call. */
  partition(batch: Batch, keyColumns: readonly number[]): void {
    const { kernels } = this.#arena
    for (let from = 0; from < batch.selectedCount;) {
      const count = this.#encoder.encode(batch, keyColumns, from)
      kernels.keyGroups(this.#encoder.hashes, count, this.#groupCount, this.#targets + from * 4)
      from += count
    }
    kernels.subtasksOfGroups(this.#targets, batch.selectedCount, this.#groupCount, this.#parallelism)
    kernels.partitionRows(this.#targets, batch.selection, batch.selectedCount, this.#parallelism, this.#starts, this.#rows)
  }

  /** The rows of the last batch that belong to a subtask, for `copyRows`. */
  rowsOf(subtask: number): RowRange {
    const starts = (this.#starts >>> 2) + subtask
    const from = this.#arena.i32[starts]!
    return { rows: this.#rows, from, count: this.#arena.i32[starts + 1]! - from }
  }
}
