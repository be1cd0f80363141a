import type { ArenaOwner } from '../../data/arena.ts'
import type { Batch } from '../../data/batch.ts'
import type { BatchBuffer } from '../../data/batch-buffer.ts'
import type { ByteReader, ByteSink } from '../../data/byte-sink.ts'
import type { Column } from '../../data/column.ts'
import type { SqlType } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import type { RowSchema } from '../../state/row-schema.ts'
import { RowStore } from '../../state/row-store.ts'
import { WaitingRows } from './waiting-rows.ts'

// What is kept with each row. In the 16 bytes of the store, for these rows are in no list and their mark is free: f64 its number in the order of the rows that were looked at, and,
// as the mark, u32 how many hold it. Behind them: 4 unused bytes; u16 the conditions that hold for it, u16 those of which it is known; f64 its time.
const NUMBER = 0
const HOLDERS = 3
const CONDITIONS = 5
const TIME = 3
const EXTRA_BYTES = 16
const KNOWN_SHIFT = 16
const MASK = 0xffff

/** Conditions of more variables are not remembered with the row. */
export const MAX_BITS = 15

/** What is known of a row's conditions, and which of them hold, as a row keeps it. */
export function packedConditions(known: number, holds: number): number {
  return (known << KNOWN_SHIFT) | holds
}

/** Rows that wait for their time, and those that partial matches took: bytes in the arena, named by their addresses. */
export class MatchRows {
  /** Those that wait for their time. */
  readonly waiting: WaitingRows
  readonly #owner: ArenaOwner
  readonly #store: RowStore
  readonly #chosen: number

  /** @param capacity Of the largest batch. */
  constructor(owner: ArenaOwner, types: readonly SqlType[], capacity: number) {
    this.#owner = owner
    this.#store = new RowStore({ owner, types, extraBytes: EXTRA_BYTES })
    this.#chosen = owner.allocate(capacity * 4)
    this.waiting = new WaitingRows(owner)
  }

  get schema(): RowSchema {
    return this.#store.schema
  }

  /** Room for the physical numbers of the rows that `add` takes, i32s. */
  get chosen(): number {
    return this.#chosen
  }

  /** Adds the chosen rows of a batch and returns the address of their names, u32s. The batch has the kept columns only. */
  add(batch: Batch, count: number): number {
    return this.#store.addRows(batch, { rows: this.#chosen, from: 0, count })
  }

  /** Says what a row waits for; `conditions` as `conditionsOf` has them. It has one holder from now on. */
  wait(row: number, id: number, conditions: number, time: number): void {
    const { u32, f64 } = this.#owner.arena
    const at = row >>> 2
    u32[at + CONDITIONS] = conditions
    u32[at + HOLDERS] = 1
    f64[(row >>> 3) + TIME] = time
    this.waiting.add(time, row, id)
  }

  /** Says which number a row has. */
  setNumber(row: number, number: number): void {
    this.#owner.arena.f64[(row >>> 3) + NUMBER] = number
  }

  /** Bits of the variables whose conditions hold for the row alone. */
  holdsOf(row: number): number {
    return this.conditionsOf(row) & MASK
  }

  /** Bits of the variables of whose conditions that is known. */
  knownOf(row: number): number {
    return this.conditionsOf(row) >>> KNOWN_SHIFT
  }

  conditionsOf(row: number): number {
    return this.#owner.arena.u32[(row >>> 2) + CONDITIONS]!
  }

  /** Remembers whether the condition of a variable holds. */
  learn(row: number, bit: number, holds: boolean): void {
    this.#owner.arena.u32[(row >>> 2) + CONDITIONS]! |= packedConditions(bit, holds ? bit : 0)
  }

  timeOf(row: number): number {
    return this.#owner.arena.f64[(row >>> 3) + TIME]!
  }

  numberOf(row: number): number {
    return this.#owner.arena.f64[(row >>> 3) + NUMBER]!
  }

  hold(row: number): void {
    this.#owner.arena.u32[(row >>> 2) + HOLDERS]!++
  }

  /** Without a holder a row is gone; what shows it can be read until `reclaim`. */
  letGo(row: number): void {
    if (--this.#owner.arena.u32[(row >>> 2) + HOLDERS]! === 0) this.#store.release(row)
  }

  /** Rows that are gone and can still be read. */
  get goneCount(): number {
    return this.#store.releasedCount
  }

  reclaim(): void {
    this.#store.reclaim()
  }

  /** Writes rows, u32s at `names`, to the first rows of a buffer's columns; a name 0 stands for NULLs. Texts stay where they are. */
  read(names: number, count: number, target: BatchBuffer, columns: readonly (Column | undefined)[]): void {
    this.#store.read(names, count, target, columns)
  }

  /** Reads the values of one column, row by row. */
  reader(column: number): (row: number) => SqlValue {
    return this.#store.reader(column)
  }

  save(row: number, sink: ByteSink): void {
    sink.varint(this.conditionsOf(row))
    sink.f64(this.timeOf(row))
    sink.f64(this.numberOf(row))
    sink.prefixed(this.#store.bytesOf(row))
  }

  /** Reads what `save` wrote: a row without holders. */
  load(reader: ByteReader): number {
    const { u32, f64 } = this.#owner.arena
    const conditions = reader.varint()
    const time = reader.f64()
    const number = reader.f64()
    const row = this.#store.addBytes(reader.raw(reader.varint()))
    u32[(row >>> 2) + CONDITIONS] = conditions
    u32[(row >>> 2) + HOLDERS] = 0
    f64[(row >>> 3) + TIME] = time
    f64[(row >>> 3) + NUMBER] = number
    return row
  }
}
