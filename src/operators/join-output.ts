import type { ArenaOwner } from '../data/arena.ts'
import { BatchBuffer } from '../data/batch-buffer.ts'
import type { Column } from '../data/column.ts'
import type { RowKind } from '../data/row-kind.ts'
import type { SqlType } from '../data/types.ts'
import type { Output } from '../runtime/operator.ts'
import type { RowStore } from '../state/row-store.ts'
import { type Int64Cells, int64Cells } from './int64.ts'
import { TIMER_PLACE } from './order-groups.ts'

export interface JoinOutputOptions {
  readonly owner: ArenaOwner
  /** Where the rows of each side are kept. */
  readonly stores: readonly [left: RowStore, right: RowStore]
  /** Of the output: the columns of the left side, then those of the right one where it is shown. */
  readonly types: readonly SqlType[]
  readonly emitsKinds: boolean
  readonly givesPlaces: boolean
  /** Rows that leave may be older than those that came, by so much: their watermarks are less by it. */
  readonly delayMs: number
}

/** Places that rows made from one row have at most; those behind share the last one. */
const PLACES_PER_ROW = 4096n
const LAST_PLACE = 4095
/** Rows that wait before some are sent. */
const ENOUGH_ROWS = 2048
const FIRST_ROOM = 1024

/**
 * Joined rows on their way out, as names of rows in the stores of both sides; 0 is a row of NULLs. Each carries the watermark at which it was made.
 * One input row may make any number of them, so whoever adds rows asks `isEnough` between two input rows.
 */
export class JoinOutput {
  readonly #stores: readonly [RowStore, RowStore]
  readonly #emitsKinds: boolean
  readonly #givesPlaces: boolean
  readonly #delayMs: number
  readonly #buffer: BatchBuffer
  readonly #cells: Int64Cells
  readonly #columns: readonly [readonly Column[], readonly Column[]]
  /** Names of the rows of a batch, u32s. */
  readonly #names: number
  #lefts = new Uint32Array(FIRST_ROOM)
  #rights = new Uint32Array(FIRST_ROOM)
  #kinds = new Uint8Array(FIRST_ROOM)
  #watermarks = new Float64Array(FIRST_ROOM)
  #places = new BigInt64Array(FIRST_ROOM)
  #count = 0
  #sent = 0

  constructor({ owner, stores, types, emitsKinds, givesPlaces, delayMs }: JoinOutputOptions) {
    this.#stores = stores
    this.#emitsKinds = emitsKinds
    this.#givesPlaces = givesPlaces
    this.#delayMs = delayMs
    this.#buffer = new BatchBuffer(owner, types)
    this.#cells = int64Cells(owner.arena)
    const width = stores[0].types.length
    const { columns } = this.#buffer.batch
    this.#columns = [columns.slice(0, width), columns.slice(width)]
    this.#names = owner.allocate(this.#buffer.capacity * 4)
  }

  /** No row waits: released rows may be reclaimed. */
  get isEmpty(): boolean {
    return this.#count === 0
  }

  get isEnough(): boolean {
    return this.#count >= ENOUGH_ROWS
  }

  /** @param place Of the row that caused it; `number`: how many that row has caused before. */
  add(kind: RowKind, left: number, right: number, watermark: number, place: bigint, number: number = 0): void {
    if (this.#count === this.#lefts.length) this.#grow()
    const at = this.#count++
    this.#lefts[at] = left
    this.#rights[at] = right
    this.#kinds[at] = kind
    this.#watermarks[at] = watermark
    if (this.#givesPlaces) this.#places[at] = place < TIMER_PLACE ? place * PLACES_PER_ROW + BigInt(Math.min(number, LAST_PLACE)) : place
  }

  #grow(): void {
    const room = this.#lefts.length * 2
    const lefts = new Uint32Array(room)
    const rights = new Uint32Array(room)
    const kinds = new Uint8Array(room)
    const watermarks = new Float64Array(room)
    const places = new BigInt64Array(room)
    lefts.set(this.#lefts)
    rights.set(this.#rights)
    kinds.set(this.#kinds)
    watermarks.set(this.#watermarks)
    places.set(this.#places)
    this.#lefts = lefts
    this.#rights = rights
    this.#kinds = kinds
    this.#watermarks = watermarks
    this.#places = places
  }

  /** Sends what waits; false: `out` is full and some is left. */
  flush(out: Output): boolean {
    while (this.#sent < this.#count) {
      if (out.isFull) return false
      this.#fill()
      out.push(this.#buffer.batch)
    }
    // What was lent last may still be shown: until the next call nothing is reclaimed.
    this.#count = 0
    this.#sent = 0
    return true
  }

  #fill(): void {
    const buffer = this.#buffer
    const { arena } = buffer
    buffer.clear()
    const { batch } = buffer
    const from = this.#sent
    const count = Math.min(this.#count - from, buffer.capacity)
    const to = from + count
    arena.u32.set(this.#lefts.subarray(from, to), this.#names >>> 2)
    this.#stores[0].read(this.#names, count, buffer, this.#columns[0])
    if (this.#columns[1].length > 0) {
      arena.u32.set(this.#rights.subarray(from, to), this.#names >>> 2)
      this.#stores[1].read(this.#names, count, buffer, this.#columns[1])
    }
    if (this.#emitsKinds) arena.u8.set(this.#kinds.subarray(from, to), buffer.addKinds())
    if (this.#givesPlaces) arena.i64.set(this.#places.subarray(from, to), buffer.addPlaces() / 8)
    this.#setWatermarks(from, to)
    batch.rowCount = count
    batch.selectedCount = count
    this.#sent = to
  }

  #setWatermarks(from: number, to: number): void {
    const { batch } = this.#buffer
    const watermarks = this.#watermarks
    const first = watermarks[from]!
    batch.watermark = this.#delayed(first)
    let at = from + 1
    while (at < to && watermarks[at] === first) at++
    if (at === to) return
    let least = first
    for (let i = from; i < to; i++) least = Math.min(least, watermarks[i]!)
    batch.watermark = this.#delayed(least)
    const cells = this.#buffer.addRowWatermarks() / 8
    for (let i = from; i < to; i++) this.#cells.set(cells + i - from, this.#delayed(watermarks[i]!))
  }

  #delayed(time: number): number {
    return Number.isSafeInteger(time - this.#delayMs) ? time - this.#delayMs : time
  }
}
