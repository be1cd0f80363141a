import type { ArenaOwner } from '../../data/arena.ts'
import { BATCH_CAPACITY, Batch } from '../../data/batch.ts'
import { type ByteReader, ByteSink } from '../../data/byte-sink.ts'
import { type Column, layoutNumbers, layoutOf } from '../../data/column.ts'
import { KeyEncoder } from '../../data/key-encoder.ts'
import { decodeValue, encodeValue } from '../../data/row-encoding.ts'
import type { SqlType } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import { Runs } from '../../state/runs.ts'
import { SlotTable } from '../../state/slot-table.ts'
import type { CellRange, GroupLines, GroupRows } from './accumulator.ts'
import { newGroupRows } from './group-rows.ts'
import { copyTexts, writeValues } from './write-values.ts'

// Of what `kernels/group-values.ts` works on, in u32s behind the header of the slots.
const RUNS = 7
const LIST = 8
const COUNTED = 9
const KEYS = 10
const OFFSETS = 11
const HASHES = 12
const ROWS = 13
const IDS = 14
const LINES = 15
const SIGNS = 16
const MASKS = 17
const KEPT_ROWS = 18
const KEPT_IDS = 19
const KEPT_LINES = 20
const KEPT_SIGNS = 21
const KEPT_MASKS = 22
const KEPT = 23
const CHANGED = 24
const MISSING = 25
const GOT = 26
const LOST = 27

// Behind it what `kernels/value-heap.ts` works on, and how often the values of rows count, an i64.
const HEAP = 29
const FORM = 30
const IS_GREATEST = 31
const TIMES = 16
const HEADER_BYTES = 192

const MISSING_SLOTS = 1

// Of the line of a value.
const SIZE = 2
const BITS = 5
const COUNTS = 3

/** What a group's line holds for its values: the ends of their list. */
export const VALUES_BYTES = 8
/** What it also holds where the least or the greatest of them is asked for, behind those ends. */
export const HEAP_BYTES = 16
/** So many bytes of the line of a value come with a heap. */
const HEAP_LINE_BYTES = 16
/** So many aggregates share the values of one argument at most. */
export const MOST_MEMBERS = 32

export interface GroupValuesOptions {
  readonly type: SqlType
  /** Where the ends of a list lie in a group's line. */
  readonly list: number
  /** The aggregates that share the values. */
  readonly members: number
  /** `changing` rows are also taken back: values are counted. */
  readonly input: 'appending' | 'changing'
  /** Of one member over changing rows: its first value can be asked for, `first` and `writeFirsts`. */
  readonly first?: 'least' | 'greatest'
}

/** Rows with, for each, the members that it concerns: bit m for member m. */
export interface MemberRows {
  readonly rows: GroupRows
  readonly masksAt: number
}

/**
 * The values that each group has, in the arena: an index from group and value to the members that have it, how often where rows are also taken back, and for each group the
 * list of its values in the order in which they came. A count may be below zero while a row that is taken back has not come yet.
 */
export class GroupValues {
  /** The rows of the last `count` with which a member got a value, sign 1, or lost it, sign -1. */
  readonly kept: MemberRows
  readonly #owner: ArenaOwner
  readonly #type: SqlType
  readonly #options: GroupValuesOptions
  readonly #slots: SlotTable
  readonly #runs: Runs
  readonly #encoder: KeyEncoder
  readonly #single: MemberRows
  readonly #key = new ByteSink(64)
  readonly #bodyOffset: number

  constructor(owner: ArenaOwner, options: GroupValuesOptions) {
    this.#owner = owner
    this.#options = options
    this.#type = options.type
    this.#slots = new SlotTable(owner, HEADER_BYTES, BATCH_CAPACITY)
    this.#runs = new Runs(owner)
    this.#encoder = new KeyEncoder(owner)
    this.kept = newMemberRows(owner)
    this.#single = newMemberRows(owner, 1)
    const counted = options.input === 'changing' ? options.members : 0
    this.#bodyOffset = (COUNTS + counted) * 8 + (options.first === undefined ? 0 : HEAP_LINE_BYTES)
    this.#set(RUNS, this.#runs.address)
    this.#set(LIST, options.list)
    this.#set(COUNTED, counted)
    this.#setTimes(1)
    if (options.first !== undefined) {
      this.#set(HEAP, options.list + VALUES_BYTES)
      this.#set(FORM, layoutNumbers[layoutOf(options.type)])
      this.#set(IS_GREATEST, options.first === 'greatest' ? 1 : 0)
    }
    const { rows, masksAt } = this.kept
    this.#set(KEPT_ROWS, rows.rowsAt)
    this.#set(KEPT_IDS, rows.idsAt)
    this.#set(KEPT_LINES, rows.linesAt)
    this.#set(KEPT_SIGNS, rows.signsAt)
    this.#set(KEPT_MASKS, masksAt)
  }

  /** Counts the values of a column in the groups of rows, for the members that each concerns. Returns the members of the rows in `kept`. */
  count({ rows, masksAt }: MemberRows, column: Column): number {
    const keys = new Batch([column])
    keys.selection = rows.rowsAt
    keys.selectedCount = rows.count
    this.#begin({ rows, masksAt })
    this.#slots.migrate(rows.count)
    for (let from = 0; from < rows.count;) {
      const encoded = this.#encoder.encode(keys, [0], from)
      this.#add(from, encoded)
      from += encoded
    }
    this.kept.rows.batch = rows.batch
    this.kept.rows.count = this.#get(KEPT)
    return this.#get(CHANGED)
  }

  /** Counts one value of a group, for all members. Returns those that got it, or lost it. */
  add(id: number, line: number, value: SqlValue, sign: number): number {
    const key = this.#key
    key.clear()
    encodeValue(this.#type, value, key)
    return this.#addKey(id, line, key.toBytes(), sign)
  }

  /** Counts one value of a group so many times, 1 or more. */
  addTimes(id: number, line: number, value: SqlValue, { sign, times }: { readonly sign: number; readonly times: number }): void {
    this.#setTimes(times)
    this.add(id, line, value, sign)
    this.#setTimes(1)
  }

  #setTimes(times: number): void {
    this.#owner.arena.i64[(this.#slots.address >>> 3) + TIMES] = BigInt(times)
  }

  #addKey(id: number, line: number, key: Uint8Array, sign: number): number {
    const { rows, masksAt } = this.#single
    rows.ids[0] = id
    rows.lines[0] = line
    rows.signs[0] = sign
    this.#owner.arena.u32[masksAt >>> 2] = allMembers(this.#options.members)
    this.#begin(this.#single)
    this.#slots.migrate(1)
    this.#encoder.take(key)
    this.#add(0, 1)
    return this.#get(CHANGED)
  }

  #begin({ rows, masksAt }: MemberRows): void {
    this.#set(ROWS, rows.rowsAt)
    this.#set(IDS, rows.idsAt)
    this.#set(LINES, rows.linesAt)
    this.#set(SIGNS, rows.signsAt)
    this.#set(MASKS, masksAt)
    this.#set(KEPT, 0)
    this.#set(CHANGED, 0)
  }

  #add(from: number, count: number): void {
    const { keys, offsets, hashes } = this.#encoder
    this.#set(KEYS, keys)
    this.#set(OFFSETS, offsets)
    this.#set(HASHES, hashes)
    for (let done = 0; ; this.#provide()) {
      done = this.#owner.arena.kernels.addValues(this.#slots.address, from, done, count)
      if (done === count) return
    }
  }

  #provide(): void {
    if (this.#get(MISSING) === MISSING_SLOTS) this.#slots.grow()
    else this.#runs.addPage()
  }

  /** Adds the values of another group to a group: `tell` says which members got a value by that, and which lost it. */
  merge(id: number, line: number, otherLine: number, tell: (value: SqlValue, got: number, lost: number) => void): void {
    const { kernels } = this.#owner.arena
    for (const entry of this.#entries(otherLine)) {
      this.#slots.migrate(1)
      while (kernels.mergeValue(this.#slots.address, entry, id, line) === 0) this.#provide()
      const got = this.#get(GOT)
      const lost = this.#get(LOST)
      if (got !== 0 || lost !== 0) tell(decodeValue(this.#type, this.#bytesOf(entry), 0).value, got, lost)
    }
  }

  /** The least or the greatest value of a group; NULL without any. */
  first(line: number): SqlValue {
    const { u32 } = this.#owner.arena
    const heap = (line + this.#get(HEAP)) >>> 2
    if (u32[heap + 1] === 0) return null
    const entry = u32[heap + 2] === 0 ? u32[heap]! : u32[u32[heap]! >>> 2]!
    return decodeValue(this.#type, this.#bytesOf(entry), 0).value
  }

  /** Writes those of many groups. */
  writeFirsts(groups: GroupLines, range: CellRange): void {
    const { kernels } = this.#owner.arena
    writeValues(groups, range, this.#bodyOffset, (lines, count, offset, ...cells) =>
      kernels.takeFirsts(this.#slots.address, offset, lines, count, ...cells),
    )
    if (range.column.layout === 'bytes') copyTexts(range)
  }

  /** Writes the values of many groups, with how often each is there, as MULTISETs. */
  writeMultisets({ linesAt }: GroupLines, { buffer, column, from, to, first, step }: CellRange): void {
    const { kernels, u8 } = this.#owner.arena
    const lines = linesAt + from * 4
    const bytes = buffer.reserveText(kernels.multisetSizes(this.#slots.address, lines, to - from))
    kernels.writeMultisets(this.#slots.address, bytes, lines, to - from, column.cells, first + from * step, step)
    if (column.nulls !== 0) for (let k = from; k < to; k++) u8[column.nulls + first + k * step] = 0
  }

  /** The values of a group, in order, with how often the first member has each; also those of which more were taken back than added. */
  values(line: number): readonly { readonly value: SqlValue; readonly count: number }[] {
    return this.#entries(line).map((entry) => ({
      value: decodeValue(this.#type, this.#bytesOf(entry), 0).value,
      count: this.#get(COUNTED) === 0 ? 1 : Number(this.#owner.arena.i64[(entry >>> 3) + COUNTS]!),
    }))
  }

  /** The addresses of the lines of a group's values. */
  #entries(line: number): readonly number[] {
    const { u32 } = this.#owner.arena
    const entries: number[] = []
    for (let entry = u32[(line + this.#options.list) >>> 2]!; entry !== 0; entry = u32[entry >>> 2]!) entries.push(entry)
    return entries
  }

  #bytesOf(entry: number): Uint8Array {
    const start = entry + this.#bodyOffset
    return this.#owner.arena.u8.subarray(start, start + this.#owner.arena.u32[(entry >>> 2) + SIZE]!)
  }

  /** Forgets the values of a group, whose line is then its owner's to clear. */
  clear(line: number): void {
    this.#owner.arena.kernels.forgetValues(this.#slots.address, line)
    if (this.#runs.count === 0) this.#runs.reset()
  }

  save(line: number, sink: ByteSink): void {
    const { u32, i64 } = this.#owner.arena
    const entries = this.#entries(line)
    const counted = this.#get(COUNTED)
    sink.varint(entries.length)
    for (const entry of entries) {
      sink.raw(this.#bytesOf(entry))
      if (counted === 0) sink.varint(u32[(entry >>> 2) + BITS]!)
      for (let m = 0; m < counted; m++) sink.i64(i64[(entry >>> 3) + COUNTS + m]!)
    }
  }

  load(id: number, line: number, reader: ByteReader): void {
    const { u32, i64 } = this.#owner.arena
    const counted = this.#get(COUNTED)
    for (let left = reader.varint(); left > 0; left--) {
      const start = reader.offset
      reader.offset = decodeValue(this.#type, reader.bytes, start).offset
      const key = reader.bytes.subarray(start, reader.offset)
      const bits = counted === 0 ? reader.varint() : 0
      const counts = Array.from({ length: counted }, () => reader.i64())
      // A value that was taken back before it came is in no heap.
      this.#addKey(id, line, key, counted === 1 && counts[0]! < 0n ? -1 : 1)
      const last = u32[((line + this.#options.list) >>> 2) + 1]!
      if (counted === 0) u32[(last >>> 2) + BITS] = bits
      counts.forEach((count, m) => {
        i64[(last >>> 3) + COUNTS + m] = count
      })
    }
  }

  #get(field: number): number {
    return this.#owner.arena.u32[(this.#slots.address >>> 2) + field]!
  }

  #set(field: number, value: number): void {
    this.#owner.arena.u32[(this.#slots.address >>> 2) + field] = value
  }
}

/** The bits of so many members. */
export function allMembers(count: number): number {
  return count === MOST_MEMBERS ? 0xffffffff : (1 << count) - 1
}

/** Room for the rows of a batch with their members. */
export function newMemberRows(owner: ArenaOwner, capacity?: number): MemberRows {
  const rows = newGroupRows(owner, capacity)
  return { rows, masksAt: owner.allocate(rows.rows.length * 4) }
}
