import type { ArenaOwner } from '../data/arena.ts'
import { BATCH_CAPACITY, type Batch } from '../data/batch.ts'
import { BatchBuffer } from '../data/batch-buffer.ts'
import { readCell, writeCell } from '../data/cells.ts'
import { KEY_GROUPS } from '../data/partitioner.ts'
import { decodeRow, rowBytes } from '../data/row-encoding.ts'
import { RowKind, rowKindSign } from '../data/row-kind.ts'
import type { SqlType } from '../data/types.ts'
import type { Operator, OperatorSnapshot, Output, Progress } from '../runtime/operator.ts'
import { type CreateState, type KeyedState, memoryState } from '../state/keyed-state.ts'
import { compareBytes } from './aggregates/compare-values.ts'
import { viewOf } from './batch-view.ts'
import { carryTime } from './carry-time.ts'

export interface ChangelogNormalizeOptions {
  readonly id: string
  readonly owner: ArenaOwner
  readonly types: readonly SqlType[]
  readonly keys: readonly number[]
  readonly createState?: CreateState
}

const CHUNK_ROWS = BATCH_CAPACITY / 2

/**
 * Makes full changes of upserts: keeps the last row of each key, puts it as -U before the +U that replaces it, and as -D where its key is deleted.
 * A row that comes again unchanged, and a deletion of what is not there, tell nothing.
 */
export function changelogNormalize(options: ChangelogNormalizeOptions): Operator {
  return new ChangelogNormalize(options)
}

class ChangelogNormalize implements Operator {
  readonly name = 'ChangelogNormalize'
  readonly stateId: string
  readonly #owner: ArenaOwner
  readonly #types: readonly SqlType[]
  readonly #keys: readonly number[]
  readonly #state: KeyedState
  /** The encoded last row of each key, by group. */
  readonly #rows: (Uint8Array | undefined)[] = []
  readonly #output: BatchBuffer
  readonly #sources: Int32Array
  #done = 0

  constructor({ id, owner, types, keys, createState = memoryState }: ChangelogNormalizeOptions) {
    this.stateId = id
    this.#owner = owner
    this.#types = types
    this.#keys = keys
    this.#state = createState({ owner, lineBytes: 0, prefixBytes: 0, ttlMs: 0 })
    this.#output = new BatchBuffer(owner, types)
    this.#sources = owner.ints(CHUNK_ROWS)
  }

  onBatch(_input: number, batch: Batch, out: Output): Progress {
    const { i32 } = this.#owner.arena
    const ids = this.#state.prepare(batch, this.#keys)
    if (typeof ids !== 'number') return ids
    this.#state.touch(ids, batch.selectedCount)
    while (this.#done < batch.selectedCount) {
      const output = this.#output
      output.clear()
      const result = viewOf(output.batch)
      result.kinds = output.addKinds()
      result.selection = output.selectionRoom()
      result.selectedCount = 0
      let entry = 0
      for (; entry < CHUNK_ROWS && this.#done < batch.selectedCount; entry++) {
        const row = batch.selection === 0 ? this.#done : i32[(batch.selection >>> 2) + this.#done]!
        this.#sources[entry] = row
        this.#change(batch, row, i32[(ids >>> 2) + this.#done]!, result, entry)
        this.#done++
      }
      result.rowCount = entry * 2
      carryTime(batch, { buffer: output, batch: result, rows: this.#sources, entries: entry, rowsPerEntry: 2 })
      if (result.selectedCount > 0) out.push(result)
      if (out.isFull && this.#done < batch.selectedCount) return 'more'
    }
    this.#done = 0
    this.#forget(ids, batch.selectedCount)
    return 'done'
  }

  /** Output rows 2 * entry and 2 * entry + 1 are what is taken back and what is added. */
  #change(batch: Batch, row: number, id: number, result: Batch, entry: number): void {
    const { arena } = this.#owner
    const before = this.#rows[id]
    const isAdded = batch.kinds === 0 || rowKindSign(arena.u8[batch.kinds + row]!) > 0
    if (!isAdded) {
      if (before === undefined) return
      this.#select(result, entry * 2, RowKind.delete, decodeRow(this.#types, before))
      this.#rows[id] = undefined
      return
    }
    const values = batch.columns.map((column) => readCell(arena, column, row))
    const after = rowBytes(this.#types, values)
    if (before === undefined) this.#select(result, entry * 2 + 1, RowKind.insert, values)
    else if (compareBytes(before, after) !== 0) {
      this.#select(result, entry * 2, RowKind.updateBefore, decodeRow(this.#types, before))
      this.#select(result, entry * 2 + 1, RowKind.updateAfter, values)
    }
    this.#rows[id] = after
  }

  #select(result: Batch, row: number, kind: RowKind, values: ReturnType<typeof decodeRow>): void {
    const { u8, i32 } = this.#owner.arena
    values.forEach((value, i) => writeCell(this.#output, result.columns[i]!, row, value))
    u8[result.kinds + row] = kind
    i32[(result.selection >>> 2) + result.selectedCount++] = row
  }

  /** Forgets the keys without a row among those of a batch. */
  #forget(ids: number, count: number): void {
    const { i32 } = this.#owner.arena
    const gone = new Set<number>()
    for (let i = 0; i < count; i++) {
      const id = i32[(ids >>> 2) + i]!
      if (this.#rows[id] === undefined) gone.add(id)
    }
    for (const id of gone) this.#state.remove(id)
  }

  snapshot(): OperatorSnapshot {
    return { keyed: this.#state.snapshot(KEY_GROUPS, (id, sink) => sink.prefixed(this.#rows[id]!)) }
  }

  restore(parts: readonly OperatorSnapshot[], isMine: (keyGroup: number) => boolean): void {
    for (const { keyed } of parts) {
      for (const [keyGroup, bytes] of keyed) {
        if (!isMine(keyGroup)) continue
        this.#state.restore(bytes, (id, reader) => {
          this.#rows[id] = reader.raw(reader.varint())
        })
      }
    }
  }

  stateSize(): { readonly rows: number; readonly bytes: number } {
    return { rows: this.#state.count, bytes: this.#state.usedBytes }
  }

  close(): void {
    this.#owner.close()
  }
}
