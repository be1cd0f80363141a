import type { ArenaOwner } from '../../data/arena.ts'
import { BATCH_CAPACITY, Batch } from '../../data/batch.ts'
import { type ByteReader, ByteSink } from '../../data/byte-sink.ts'
import { readCell } from '../../data/cells.ts'
import { type Column, layoutNumbers, layoutOf } from '../../data/column.ts'
import { KeyEncoder } from '../../data/key-encoder.ts'
import { decodeValue, encodeValue } from '../../data/row-encoding.ts'
import type { SqlType } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import { Runs } from '../../state/runs.ts'
import { SlotTable } from '../../state/slot-table.ts'
import type { Accumulator, CellRange, GroupLines, GroupRows } from './accumulator.ts'
import { newGroupRows } from './group-rows.ts'
import { copyTexts, writeValues } from './write-values.ts'

// Of what `kernels/arrivals.ts` works on, in u32s behind the header of the slots.
const RUNS = 7
const LIST = 8
const IS_CHANGING = 9
const KEYS = 10
const OFFSETS = 11
const HASHES = 12
const IDS = 13
const LINES = 14
const SIGNS = 15
const MISSING = 16
const HEADER_BYTES = 72

const MISSING_SLOTS = 1

// What lists are written as.
const TEXTS = 8
const ITEMS = 0

// Of the line of a value.
const SIZE = 2
const APPENDED_BODY = 12
const CHANGING_BODY = 28

/** What a group's line holds: the ends of the list of its values. */
export const ARRIVALS_BYTES = 8

export interface ArrivalsOptions {
  readonly type: SqlType
  /** Where the ends of a list lie in a group's line. */
  readonly list: number
  /** `changing` rows are also taken back: values are found by their group and bytes. */
  readonly input: 'appending' | 'changing'
}

/** All values of groups in the order in which they came, in the arena. Of equal values the one that came first is taken back, one that is not there is not. */
export class Arrivals {
  readonly #owner: ArenaOwner
  readonly #type: SqlType
  readonly #slots: SlotTable
  readonly #runs: Runs
  readonly #encoder: KeyEncoder
  readonly #key = new ByteSink(64)
  readonly #list: number
  readonly #bodyOffset: number

  constructor(owner: ArenaOwner, { type, list, input }: ArrivalsOptions) {
    this.#owner = owner
    this.#type = type
    this.#slots = new SlotTable(owner, HEADER_BYTES, BATCH_CAPACITY)
    this.#runs = new Runs(owner)
    this.#encoder = new KeyEncoder(owner)
    this.#bodyOffset = input === 'changing' ? CHANGING_BODY : APPENDED_BODY
    this.#list = list
    this.#set(RUNS, this.#runs.address)
    this.#set(LIST, list)
    this.#set(IS_CHANGING, input === 'changing' ? 1 : 0)
  }

  /** Adds the values of a column in rows to their groups, or takes them back. */
  update(rows: GroupRows, column: Column): void {
    const keys = new Batch([column])
    keys.selection = rows.rowsAt
    keys.selectedCount = rows.count
    this.#set(IDS, rows.idsAt)
    this.#set(LINES, rows.linesAt)
    this.#set(SIGNS, rows.signsAt)
    this.#slots.migrate(rows.count)
    const { kernels } = this.#owner.arena
    for (let from = 0; from < rows.count;) {
      const encoded = this.#encoder.encode(keys, [0], from)
      this.#set(KEYS, this.#encoder.keys)
      this.#set(OFFSETS, this.#encoder.offsets)
      this.#set(HASHES, this.#encoder.hashes)
      for (let done = 0; ; this.#provide()) {
        done = kernels.addArrivals(this.#slots.address, from, done, encoded)
        if (done === encoded) break
      }
      from += encoded
    }
  }

  /** Adds or takes back one value. */
  add(id: number, line: number, value: SqlValue, sign: number): void {
    const key = this.#key
    key.clear()
    encodeValue(this.#type, value, key)
    this.#encoder.take(key.toBytes())
    this.#addBytes(id, line, this.#encoder.keys, key.length, sign)
  }

  #addBytes(id: number, line: number, value: number, size: number, sign: number): void {
    const { kernels } = this.#owner.arena
    this.#slots.migrate(1)
    while (kernels.addArrival(this.#slots.address, value, size, id, line, sign) === 0) this.#provide()
  }

  #provide(): void {
    if (this.#get(MISSING) === MISSING_SLOTS) this.#slots.grow()
    else this.#runs.addPage()
  }

  /** Adds the values of another group behind those of a group. */
  merge(id: number, line: number, otherLine: number): void {
    for (const entry of this.#entries(otherLine)) this.#addBytes(id, line, entry + this.#bodyOffset, this.#sizeOf(entry), 1)
  }

  /** The values of a group. */
  *values(line: number): Iterable<SqlValue> {
    for (const entry of this.#entries(line)) yield this.#valueOf(entry)
  }

  hasAny(line: number): boolean {
    return this.#end(line, 'first') !== 0
  }

  /** Whether one of the texts of a group begins with these bytes. */
  hasText(line: number, beginning: Uint8Array): boolean {
    const { u8 } = this.#owner.arena
    for (const entry of this.#entries(line)) {
      let start = entry + this.#bodyOffset + 1
      while (u8[start]! >= 0x80) start++
      start++
      let at = 0
      while (at < beginning.length && u8[start + at] === beginning[at]) at++
      if (at === beginning.length) return true
    }
    return false
  }

  /** NULL without any. */
  end(line: number, which: 'first' | 'last'): SqlValue {
    const entry = this.#end(line, which)
    return entry === 0 ? null : this.#valueOf(entry)
  }

  /** Writes the first or the last values of many groups; only where cells are fixed, texts or binary. */
  writeEnds(groups: GroupLines, range: CellRange, which: 'first' | 'last'): void {
    const { kernels } = this.#owner.arena
    const form = layoutNumbers[layoutOf(this.#type)]
    writeValues(groups, range, 0, (lines, count, _offset, ...cells) =>
      kernels.takeArrivals(this.#slots.address, which === 'first' ? 0 : 4, form, lines, count, ...cells),
    )
    if (range.column.layout === 'bytes') copyTexts(range)
  }

  /** Writes the values of many groups: texts with a separator (its address and length) between them, or ARRAYs. */
  writeLists(groups: GroupLines, range: CellRange, separator: readonly [address: number, length: number] | undefined): void {
    const { kernels } = this.#owner.arena
    const { from, to } = range
    const form = separator === undefined ? ITEMS : TEXTS
    const [address, length] = separator ?? [0, 0]
    const sizeBytes = kernels.listSizes(this.#slots.address, form, length, groups.linesAt + from * 4, to - from)
    const bytes = range.buffer.reserveText(sizeBytes)
    writeValues(groups, range, 0, (lines, count, _offset, ...cells) =>
      kernels.writeLists(this.#slots.address, form, address, length, bytes, lines, count, ...cells),
    )
  }

  /** Forgets the values of a group, whose line is then its owner's to clear. */
  clear(line: number): void {
    this.#owner.arena.kernels.forgetArrivals(this.#slots.address, line)
    if (this.#runs.count === 0) this.#runs.reset()
  }

  save(line: number, sink: ByteSink): void {
    const { u8 } = this.#owner.arena
    const entries = [...this.#entries(line)]
    sink.varint(entries.length)
    for (const entry of entries) sink.raw(u8.subarray(entry + this.#bodyOffset, entry + this.#bodyOffset + this.#sizeOf(entry)))
  }

  load(id: number, line: number, reader: ByteReader): void {
    for (let left = reader.varint(); left > 0; left--) {
      const start = reader.offset
      reader.offset = decodeValue(this.#type, reader.bytes, start).offset
      this.#encoder.take(reader.bytes.subarray(start, reader.offset))
      this.#addBytes(id, line, this.#encoder.keys, reader.offset - start, 1)
    }
  }

  /** The addresses of the lines of a group's values. */
  *#entries(line: number): Iterable<number> {
    const { u32 } = this.#owner.arena
    for (let entry = this.#end(line, 'first'); entry !== 0; entry = u32[entry >>> 2]!) yield entry
  }

  #end(line: number, which: 'first' | 'last'): number {
    return this.#owner.arena.u32[((line + this.#list) >>> 2) + (which === 'first' ? 0 : 1)]!
  }

  #sizeOf(entry: number): number {
    return this.#owner.arena.u32[(entry >>> 2) + SIZE]!
  }

  #valueOf(entry: number): SqlValue {
    const { u8 } = this.#owner.arena
    return decodeValue(this.#type, u8, entry + this.#bodyOffset).value
  }

  #get(field: number): number {
    return this.#owner.arena.u32[(this.#slots.address >>> 2) + field]!
  }

  #set(field: number, value: number): void {
    this.#owner.arena.u32[(this.#slots.address >>> 2) + field] = value
  }
}

/** An aggregate that keeps all its values: everything but how its value comes from them. `check` is asked before a value is added. */
export function arrivalsAccumulator(
  owner: ArenaOwner,
  arrivals: Arrivals,
  { column: columnNumber, nulls, check }: ArrivalsUse,
): Omit<Accumulator, 'write'> {
  const { arena } = owner
  const present = newGroupRows(owner)
  /** The rows whose value is not NULL. */
  const keep = ({ batch, rowsAt, idsAt, linesAt, signsAt, count }: GroupRows, mask: number): GroupRows => {
    const { kernels } = arena
    present.batch = batch
    present.count = kernels.filterRows(
      0,
      mask,
      rowsAt,
      idsAt,
      linesAt,
      signsAt,
      count,
      present.rowsAt,
      present.idsAt,
      present.linesAt,
      present.signsAt,
    )
    return present
  }
  const add = (id: number, line: number, value: SqlValue, sign: number): void => {
    if (value === null && nulls === 'without-null') return
    if (sign > 0) check?.(value, line)
    arrivals.add(id, line, value, sign)
  }
  return {
    lineBytes: ARRIVALS_BYTES,
    update(rows) {
      const column = rows.batch.columns[columnNumber]!
      if (check === undefined) {
        arrivals.update(nulls === 'with-null' || column.nulls === 0 ? rows : keep(rows, column.nulls), column)
        return
      }
      for (let i = 0; i < rows.count; i++) add(rows.ids[i]!, rows.lines[i]!, readCell(arena, column, rows.rows[i]!), rows.signs[i]!)
    },
    add,
    merge(id, line, _otherId, otherLine) {
      if (check !== undefined) for (const value of arrivals.values(otherLine)) check(value, line)
      arrivals.merge(id, line, otherLine)
    },
    clear: (_id, line) => arrivals.clear(line),
    save: (_id, line, sink) => arrivals.save(line, sink),
    load: (id, line, reader) => arrivals.load(id, line, reader),
  }
}

interface ArrivalsUse {
  readonly column: number
  /** `with-null`: NULL is a value too. */
  readonly nulls: 'with-null' | 'without-null'
  /** Refuses values that must not come beside those of a group. */
  readonly check?: ((value: SqlValue, line: number) => void) | undefined
}
