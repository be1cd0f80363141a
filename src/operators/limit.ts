import type { ArenaOwner } from '../data/arena.ts'
import { BATCH_CAPACITY, type Batch } from '../data/batch.ts'
import { BatchBuffer } from '../data/batch-buffer.ts'
import { ByteReader, ByteSink } from '../data/byte-sink.ts'
import { readCell, writeCell } from '../data/cells.ts'
import { decodeRow, rowBytes } from '../data/row-encoding.ts'
import { RowKind, rowKindSign } from '../data/row-kind.ts'
import type { SqlType } from '../data/types.ts'
import type { Operator, OperatorSnapshot, Output, Progress } from '../runtime/operator.ts'
import { compareBytes } from './aggregates/compare-values.ts'
import { viewOf } from './batch-view.ts'
import { carryTime } from './carry-time.ts'

export interface LimitOptions {
  readonly id: string
  readonly owner: ArenaOwner
  readonly types: readonly SqlType[]
  readonly offset: number
  readonly count: number | undefined
  /** Rows are also taken back. */
  readonly inputRetracts: boolean
}

/** LIMIT and OFFSET by arrival. Of rows that are only added, the first ones pass and then the job has all that it needs. */
export function limit(options: LimitOptions): Operator {
  return options.inputRetracts ? new ChangingLimit(options) : appendingLimit(options)
}

function appendingLimit({ id, owner, offset, count = Infinity }: LimitOptions): Operator {
  const { i32 } = owner.arena
  const rowNumbers = owner.allocate(BATCH_CAPACITY * 4)
  for (let i = 0; i < BATCH_CAPACITY; i++) i32[(rowNumbers >>> 2) + i] = i
  /** Rows that came. */
  let seen = 0
  return {
    name: 'Limit',
    stateId: id,
    onBatch(_input, batch, out) {
      const from = Math.min(Math.max(offset - seen, 0), batch.selectedCount)
      const to = Math.min(offset + count - seen, batch.selectedCount)
      seen += batch.selectedCount
      if (to <= from) return 'done'
      const result = viewOf(batch)
      result.selection = (batch.selection === 0 ? rowNumbers : batch.selection) + from * 4
      result.selectedCount = to - from
      out.push(result)
      return 'done'
    },
    isSatisfied: () => seen >= offset + count,
    snapshot() {
      const sink = new ByteSink(8)
      sink.f64(seen)
      return { keyed: new Map(), whole: sink.toBytes() }
    },
    restore([part]) {
      if (part?.whole !== undefined) seen = new ByteReader(part.whole).f64()
    },
    close: () => owner.close(),
  }
}

/** Of two rows of output an input row may take back one and add another. */
const CHUNK_ROWS = BATCH_CAPACITY / 2

/** Keeps all rows in the order of arrival. When one of those that were shown is taken back, the next one moves up. */
class ChangingLimit implements Operator {
  readonly name = 'Limit'
  readonly stateId: string
  readonly #owner: ArenaOwner
  readonly #types: readonly SqlType[]
  readonly #offset: number
  readonly #end: number
  readonly #rows: Uint8Array[] = []
  readonly #output: BatchBuffer
  readonly #sources: Int32Array
  #done = 0

  constructor({ id, owner, types, offset, count = Infinity }: LimitOptions) {
    this.stateId = id
    this.#owner = owner
    this.#types = types
    this.#offset = offset
    this.#end = offset + count
    this.#output = new BatchBuffer(owner, types)
    this.#sources = owner.ints(CHUNK_ROWS)
  }

  onBatch(_input: number, batch: Batch, out: Output): Progress {
    const { i32, u8 } = this.#owner.arena
    while (this.#done < batch.selectedCount) {
      const output = this.#output
      output.clear()
      const result = viewOf(output.batch)
      result.kinds = output.addKinds()
      result.selection = output.selectionRoom()
      let entry = 0
      for (; entry < CHUNK_ROWS && this.#done < batch.selectedCount; entry++) {
        const row = batch.selection === 0 ? this.#done : i32[(batch.selection >>> 2) + this.#done]!
        this.#sources[entry] = row
        const values = batch.columns.map((column) => readCell(this.#owner.arena, column, row))
        if (batch.kinds === 0 || rowKindSign(u8[batch.kinds + row]!) > 0) this.#add(rowBytes(this.#types, values), result, entry)
        else this.#takeBack(rowBytes(this.#types, values), result, entry)
        this.#done++
      }
      result.rowCount = entry * 2
      carryTime(batch, { buffer: output, batch: result, rows: this.#sources, entries: entry, rowsPerEntry: 2 })
      if (result.selectedCount > 0) out.push(result)
      if (out.isFull && this.#done < batch.selectedCount) return 'more'
    }
    this.#done = 0
    return 'done'
  }

  #add(bytes: Uint8Array, result: Batch, entry: number): void {
    const position = this.#rows.push(bytes) - 1
    if (position >= this.#offset && position < this.#end) this.#select(result, entry * 2 + 1, RowKind.insert, bytes)
  }

  #takeBack(bytes: Uint8Array, result: Batch, entry: number): void {
    const position = this.#rows.findIndex((row) => compareBytes(row, bytes) === 0)
    if (position < 0) return
    const wasShown = this.#rows.length > this.#offset
    // Below the offset, the first row that was shown moves out instead.
    const gone = Math.max(position, this.#offset)
    const goneBytes = this.#rows[gone]
    this.#rows.splice(position, 1)
    if (gone >= this.#end || !wasShown || goneBytes === undefined) return
    this.#select(result, entry * 2, RowKind.delete, goneBytes)
    const moved = this.#rows[this.#end - 1]
    if (moved !== undefined) this.#select(result, entry * 2 + 1, RowKind.insert, moved)
  }

  #select(result: Batch, row: number, kind: RowKind, bytes: Uint8Array): void {
    const { u8, i32 } = this.#owner.arena
    decodeRow(this.#types, bytes).forEach((value, i) => writeCell(this.#output, result.columns[i]!, row, value))
    u8[result.kinds + row] = kind
    i32[(result.selection >>> 2) + result.selectedCount++] = row
  }

  snapshot(): OperatorSnapshot {
    const sink = new ByteSink()
    for (const row of this.#rows) sink.prefixed(row)
    return { keyed: new Map(), whole: sink.toBytes() }
  }

  restore([part]: readonly OperatorSnapshot[]): void {
    if (part?.whole === undefined) return
    const reader = new ByteReader(part.whole)
    while (reader.offset < part.whole.length) this.#rows.push(reader.raw(reader.varint()))
  }

  close(): void {
    this.#owner.close()
  }
}
