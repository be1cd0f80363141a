import type { ArenaOwner } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import { BatchBuffer } from '../data/batch-buffer.ts'
import { ByteReader, ByteSink } from '../data/byte-sink.ts'
import { readCell, writeCell } from '../data/cells.ts'
import { decodeRow, rowBytes } from '../data/row-encoding.ts'
import type { SqlType } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import type { Operator, OperatorSnapshot, Output, Progress } from '../runtime/operator.ts'
import { type SortColumn, compareKeys } from './compare-rows.ts'

export interface SortOptions {
  readonly id: string
  readonly owner: ArenaOwner
  readonly types: readonly SqlType[]
  readonly keys: readonly SortColumn[]
  readonly offset: number
  readonly count: number | undefined
}

interface SortedRow {
  readonly keys: readonly SqlValue[]
  readonly bytes: Uint8Array
}

/** ORDER BY over an input that ends: keeps all rows, gives them in order at the end. Rows with equal keys stay in the order of arrival. */
export function sort(options: SortOptions): Operator {
  return new Sort(options)
}

class Sort implements Operator {
  readonly name = 'Sort'
  readonly stateId: string
  readonly #options: SortOptions
  #rows: SortedRow[] = []
  readonly #output: BatchBuffer
  /** The next row to give; undefined before the end. */
  #next: number | undefined

  constructor(options: SortOptions) {
    this.stateId = options.id
    this.#options = options
    this.#output = new BatchBuffer(options.owner, options.types)
  }

  onBatch(_input: number, batch: Batch): Progress {
    const { owner, types, keys } = this.#options
    const { arena } = owner
    for (let i = 0; i < batch.selectedCount; i++) {
      const row = batch.selection === 0 ? i : arena.i32[(batch.selection >>> 2) + i]!
      const values = batch.columns.map((column) => readCell(arena, column, row))
      this.#rows.push({ keys: keys.map((key) => values[key.column]!), bytes: rowBytes(types, values) })
    }
    return 'done'
  }

  onEnd(_input: number, out: Output): Progress {
    const { keys, offset, count = Infinity, types } = this.#options
    if (this.#next === undefined) {
      this.#rows.sort((a, b) => compareKeys(keys, a.keys, b.keys))
      this.#next = offset
    }
    const end = Math.min(this.#rows.length, offset + count)
    while (this.#next < end && !out.isFull) {
      const output = this.#output
      output.clear()
      const { batch } = output
      for (; batch.rowCount < output.capacity && this.#next < end; this.#next++) {
        const values = decodeRow(types, this.#rows[this.#next]!.bytes)
        values.forEach((value, i) => writeCell(output, batch.columns[i]!, batch.rowCount, value))
        batch.rowCount++
      }
      batch.selectedCount = batch.rowCount
      out.push(batch)
    }
    return this.#next < end ? 'more' : 'done'
  }

  snapshot(): OperatorSnapshot {
    const sink = new ByteSink()
    for (const { bytes } of this.#rows) sink.prefixed(bytes)
    return { keyed: new Map(), whole: sink.toBytes() }
  }

  restore([part]: readonly OperatorSnapshot[]): void {
    if (part?.whole === undefined) return
    const { types, keys } = this.#options
    const reader = new ByteReader(part.whole)
    while (reader.offset < part.whole.length) {
      const bytes = reader.raw(reader.varint())
      const values = decodeRow(types, bytes)
      this.#rows.push({ keys: keys.map((key) => values[key.column]!), bytes })
    }
  }

  stateSize(): { readonly rows: number; readonly bytes: number } {
    return { rows: this.#rows.length, bytes: this.#rows.reduce((sum, row) => sum + row.bytes.length, 0) }
  }

  close(): void {
    this.#rows = []
    this.#options.owner.close()
  }
}
