import type { ArenaOwner } from '../../data/arena.ts'
import type { Batch } from '../../data/batch.ts'
import { BatchBuffer } from '../../data/batch-buffer.ts'
import type { ByteReader, ByteSink } from '../../data/byte-sink.ts'
import { readCell } from '../../data/cells.ts'
import type { SqlType } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import { RowStore } from '../../state/row-store.ts'
import { TimeHeap } from '../time-heap.ts'

// What is kept with each row, behind the 16 bytes of the store: its group, which conditions hold for it, its time.
const ID = 4
const HOLDS = 5
const TIME = 3
const EXTRA_BYTES = 16

/** Rows that wait for their time: as bytes in the arena, named by their addresses. They are read a piece at a time. */
export class PendingRows {
  readonly #owner: ArenaOwner
  readonly #store: RowStore
  readonly #times = new TimeHeap()
  /** The rows that are being read. */
  readonly #piece: BatchBuffer
  readonly #names: number
  readonly #chosen: number

  constructor(owner: ArenaOwner, types: readonly SqlType[]) {
    this.#owner = owner
    this.#store = new RowStore({ owner, types, extraBytes: EXTRA_BYTES })
    this.#piece = new BatchBuffer(owner, types)
    this.#names = owner.allocate(this.#piece.capacity * 4)
    this.#chosen = owner.allocate(this.#piece.capacity * 4)
  }

  get count(): number {
    return this.#store.count
  }

  /** Room for the physical numbers of the rows that `add` takes, i32s. */
  get chosen(): number {
    return this.#chosen
  }

  /** Adds the chosen rows of a batch and returns the address of their names, u32s. The batch has the kept columns only. */
  add(batch: Batch, count: number): number {
    return this.#store.addRows(batch, { rows: this.#chosen, from: 0, count })
  }

  /** Says what a row waits for. */
  wait(row: number, id: number, holds: number, time: number): void {
    const { i32, f64 } = this.#owner.arena
    i32[(row >>> 2) + ID] = id
    i32[(row >>> 2) + HOLDS] = holds
    f64[row / 8 + TIME] = time
    this.#times.add(time, row)
  }

  /** When the next row is due; infinite: none waits. */
  get due(): number {
    return this.#times.peek() ?? Infinity
  }

  /** Takes the rows that are due next, in the order of arrival. */
  take(): readonly number[] {
    const rows = this.#times.idsAt(this.#times.peek()!)
    this.#times.pop()
    return rows
  }

  idOf(row: number): number {
    return this.#owner.arena.i32[(row >>> 2) + ID]!
  }

  holdsOf(row: number): number {
    return this.#owner.arena.i32[(row >>> 2) + HOLDS]!
  }

  timeOf(row: number): number {
    return this.#owner.arena.f64[row / 8 + TIME]!
  }

  /** Makes rows `from` to `to - 1` of a list readable, at most as many as a batch holds; row `from + i` is number i of the piece. A negative one is none. */
  open(rows: readonly number[], from: number, to: number): void {
    const { u32 } = this.#owner.arena
    for (let i = from; i < to; i++) u32[(this.#names >>> 2) + i - from] = Math.max(0, rows[i]!)
    this.#piece.clear()
    this.#store.read(this.#names, to - from, this.#piece, this.#piece.batch.columns)
  }

  get pieceRows(): number {
    return this.#piece.capacity
  }

  /** A value of a row of the piece. */
  valueOf(index: number, column: number): SqlValue {
    return readCell(this.#owner.arena, this.#piece.batch.columns[column]!, index)
  }

  /** Values of a row of the piece, those of the given columns. */
  valuesOf(index: number, columns: readonly number[]): readonly SqlValue[] {
    const { arena } = this.#owner
    const cells = this.#piece.batch.columns
    // An array that grows would take three times the memory, and there may be one a row.
    const values = new Array<SqlValue>(columns.length)
    for (let i = 0; i < columns.length; i++) values[i] = readCell(arena, cells[columns[i]!]!, index)
    return values
  }

  /** Forgets rows; those of the piece can be read until the next call of the operator. */
  release(row: number): void {
    this.#store.release(row)
  }

  reclaim(): void {
    this.#store.reclaim()
  }

  /** By group the rows that wait. */
  byGroup(): ReadonlyMap<number, readonly number[]> {
    const groups = new Map<number, number[]>()
    for (const row of this.#times.all()) {
      const rows = groups.get(this.idOf(row))
      if (rows === undefined) groups.set(this.idOf(row), [row])
      else rows.push(row)
    }
    return groups
  }

  save(rows: readonly number[], sink: ByteSink): void {
    sink.varint(rows.length)
    for (const row of rows) {
      sink.i32(this.holdsOf(row))
      sink.f64(this.timeOf(row))
      sink.prefixed(this.#store.bytesOf(row))
    }
  }

  /** Reads what `save` wrote and returns how many rows there are. */
  load(id: number, reader: ByteReader): number {
    const count = reader.varint()
    for (let i = 0; i < count; i++) {
      const holds = reader.i32()
      const time = reader.f64()
      this.wait(this.#store.addBytes(reader.raw(reader.varint())), id, holds, time)
    }
    return count
  }
}
