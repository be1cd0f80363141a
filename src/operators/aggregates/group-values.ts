import { assert } from '../../base/assert.ts'
import type { ArenaOwner } from '../../data/arena.ts'
import { BATCH_CAPACITY, Batch } from '../../data/batch.ts'
import { type ByteReader, ByteSink } from '../../data/byte-sink.ts'
import { Column } from '../../data/column.ts'
import { decodeValue, encodeValue } from '../../data/row-encoding.ts'
import { type SqlType, types } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import { type KeyedState, memoryState } from '../../state/keyed-state.ts'
import type { GroupRows } from './accumulator.ts'
import { newGroupRows } from './group-rows.ts'

// Of the line of an entry, a value of a group; see `kernels/group-values.ts`.
const NEXT_OFFSET = 8
const STATE_OFFSET = 16
const LINE_BYTES = 24
/** Keys begin with the id of the group, a tag and an i32. */
const GROUP_KEY_BYTES = 5

/** What a group's line holds for its values: the ends of their list. */
export const VALUES_BYTES = 8

/**
 * How often each value is in each group, in the arena: an index from group and value to counts, and for each group the list of its values in the order in
 * which they came. A count may be below zero while a row that is taken back has not come yet.
 *
 * @param list Where the ends of the list lie in a group's line.
 */
export class GroupValues {
  readonly #owner: ArenaOwner
  readonly #type: SqlType
  readonly #list: number
  readonly #state: KeyedState
  readonly #ids: Column
  readonly #freed: number
  readonly #kept: GroupRows
  readonly #key = new ByteSink(64)

  constructor(owner: ArenaOwner, type: SqlType, list: number) {
    this.#owner = owner
    this.#type = type
    this.#list = list
    this.#state = memoryState({ owner, lineBytes: LINE_BYTES, prefixBytes: 0, ttlMs: 0 })
    this.#ids = new Column(types.integer(false), owner.allocate(BATCH_CAPACITY * 4), 0)
    this.#freed = owner.allocate(BATCH_CAPACITY * 4 + 4)
    this.#kept = newGroupRows(owner)
  }

  /** Counts the values of a column in the groups of rows. Returns the rows with which a group gets a value, sign 1, or loses it, sign -1; they hold until the next call. */
  count(rows: GroupRows, column: Column): GroupRows {
    const { kernels, u32 } = this.#owner.arena
    const { rowsAt, idsAt, linesAt, signsAt, count } = rows
    kernels.scatterInts(idsAt, rowsAt, count, this.#ids.cells)
    const keys = new Batch([this.#ids, column])
    keys.selection = rowsAt
    keys.selectedCount = count
    const entries = this.#state.prepare(keys, [0, 1])
    assert(typeof entries === 'number', 'values are in memory')
    const kept = this.#kept
    const { directory, lineBytes } = this.#state
    kept.batch = rows.batch
    kept.count = kernels.countValues(
      directory,
      lineBytes,
      entries,
      this.#list,
      this.#freed,
      rowsAt,
      idsAt,
      linesAt,
      signsAt,
      count,
      kept.rowsAt,
      kept.idsAt,
      kept.linesAt,
      kept.signsAt,
    )
    const freed = this.#freed >>> 2
    for (let left = u32[freed]!, i = 1; left > 0; left--, i++) this.#state.remove(u32[freed + i]!)
    return kept
  }

  /** Changes the count of one value and returns the new one. */
  add(id: number, line: number, value: SqlValue, change: number): number {
    const { f64, u32 } = this.#owner.arena
    const key = this.#key
    key.clear()
    key.u8(1)
    key.i32(id)
    encodeValue(this.#type, value, key)
    const state = this.#state
    const entryId = state.add(key.toBytes())
    const entry = state.line(entryId)
    const before = f64[entry >>> 3]!
    const after = before + change
    f64[entry >>> 3] = after
    const isListed = u32[(entry + STATE_OFFSET) >>> 2] !== 0
    if (after === 0) {
      if (isListed) this.#unlink(line, entry)
      state.remove(entryId)
    } else if (!isListed) this.#link(line, entry, entryId)
    return after
  }

  #link(line: number, entry: number, id: number): void {
    const { u32 } = this.#owner.arena
    const ends = (line + this.#list) >>> 2
    const at = (entry + NEXT_OFFSET) >>> 2
    const last = u32[ends + 1]!
    u32[at] = 0
    u32[at + 1] = last
    u32[at + 2] = 1
    if (last === 0) u32[ends] = id + 1
    else u32[(this.#state.line(last - 1) + NEXT_OFFSET) >>> 2] = id + 1
    u32[ends + 1] = id + 1
  }

  #unlink(line: number, entry: number): void {
    const { u32 } = this.#owner.arena
    const ends = (line + this.#list) >>> 2
    const at = (entry + NEXT_OFFSET) >>> 2
    const next = u32[at]!
    const previous = u32[at + 1]!
    if (previous === 0) u32[ends] = next
    else u32[(this.#state.line(previous - 1) + NEXT_OFFSET) >>> 2] = next
    if (next === 0) u32[ends + 1] = previous
    else u32[((this.#state.line(next - 1) + NEXT_OFFSET) >>> 2) + 1] = previous
  }

  /** The ids of the entries of a group, in order. */
  #entries(line: number): readonly number[] {
    const { u32 } = this.#owner.arena
    const ids: number[] = []
    for (let next = u32[(line + this.#list) >>> 2]!; next !== 0; next = u32[(this.#state.line(next - 1) + NEXT_OFFSET) >>> 2]!)
      ids.push(next - 1)
    return ids
  }

  /** The values that a group has, with their counts; also those of which more were taken back than added. */
  values(line: number): readonly { readonly value: SqlValue; readonly count: number }[] {
    return this.#entries(line).map((id) => ({
      value: decodeValue(this.#type, this.#state.keyBytes(id), GROUP_KEY_BYTES).value,
      count: this.#countOf(id),
    }))
  }

  #countOf(id: number): number {
    return this.#owner.arena.f64[this.#state.line(id) >>> 3]!
  }

  /** Forgets the values of a group, whose line is then its owner's to clear. */
  clear(line: number): void {
    for (const id of this.#entries(line)) this.#state.remove(id)
  }

  save(line: number, sink: ByteSink): void {
    const entries = this.#entries(line)
    sink.varint(entries.length)
    for (const id of entries) {
      sink.raw(this.#state.keyBytes(id).subarray(GROUP_KEY_BYTES))
      sink.f64(this.#countOf(id))
    }
  }

  load(id: number, line: number, reader: ByteReader): void {
    for (let left = reader.varint(); left > 0; left--) {
      const { value, offset } = decodeValue(this.#type, reader.bytes, reader.offset)
      reader.offset = offset
      this.add(id, line, value, reader.f64())
    }
  }
}
