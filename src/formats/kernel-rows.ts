import { type Arena, ArenaOwner } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import { BATCH_CAPACITY } from '../data/batch.ts'
import { readCell } from '../data/cells.ts'
import { layoutNumbers, layoutOf } from '../data/column.ts'
import type { SqlType } from '../data/types.ts'
import { encodeUtf8, utf8Room } from '../data/utf8.ts'
import type { SqlValue } from '../data/value.ts'
import type { ByteWriter } from './byte-writer.ts'

/** A column as the kernels `encodeCsv` and `encodeJson` write it. */
export interface KernelColumn {
  readonly index: number
  readonly type: SqlType
  /** The text of a value of a type that no kernel knows. */
  readonly format: (value: SqlValue) => string
  /** `raw`: that text is written as it is; `text`: as one of the column's kind would be, with quotes where they are needed. */
  readonly formatted: 'raw' | 'text'
  readonly decimals: 'scientific' | 'plain'
  /** Timestamps of the column end with Z. */
  readonly endsWithZ: boolean
  /** What stands before each value. */
  readonly name: Uint8Array
}

/** A kernel that writes rows, and what it wants in its context. */
export interface RowKernel {
  readonly run: (context: number, from: number, to: number, limit: number) => number
  /** Of the context, in u32s. */
  readonly selection: number
  readonly columns: number
  readonly descriptors: number
  readonly target: number
  readonly roomEnd: number
  readonly end: number
  /** Of a descriptor. */
  readonly descriptorBytes: number
  readonly hasNames: boolean
  /** Writes the rest of the context; `text` has room for 256 bytes. */
  readonly prepare: (context: Uint32Array, text: number) => void
}

const CONTEXT_BYTES = 64
const MOST_DESCRIPTOR_BYTES = 24
const MOST_COLUMNS = 1024
const MOST_TEXT = 256
const MOST_NAMES = 64 << 10
const ROOM_BYTES = 256 << 10
/** Rows whose values are formatted before a kernel writes them. */
const FORMATTED_ROWS = 256

interface Room {
  readonly owner: ArenaOwner
  readonly context: number
  readonly descriptors: number
  readonly text: number
  readonly names: number
  readonly target: number
  /** Formatted values, and for each such column its views and its mask. */
  readonly formatted: number
  readonly views: { readonly cells: number; readonly nulls: number }[]
}

/** One room a thread, for encoders work one after the other and leave nothing in it. */
const rooms = new WeakMap<Arena, Room>()

function roomOf(arena: Arena): Room {
  let room = rooms.get(arena)
  if (room === undefined) {
    const owner = new ArenaOwner(arena, 'formats')
    room = {
      owner,
      context: owner.allocate(CONTEXT_BYTES),
      descriptors: owner.allocate(MOST_COLUMNS * MOST_DESCRIPTOR_BYTES),
      text: owner.allocate(MOST_TEXT),
      names: owner.allocate(MOST_NAMES),
      target: owner.allocate(ROOM_BYTES),
      formatted: owner.allocate(ROOM_BYTES),
      views: [],
    }
    rooms.set(arena, room)
  }
  return room
}

interface PlacedColumn extends KernelColumn {
  readonly form: number
  readonly scale: number
  /** Number among those that are formatted before; -1: the kernel knows the type. */
  readonly slow: number
}

/** Writes many rows at once by a kernel; values of types that it does not know are formatted before, a few rows at a time. */
export class KernelRows {
  readonly #arena: Arena
  readonly #kernel: RowKernel
  readonly #columns: readonly PlacedColumn[]
  readonly #slowColumns: readonly PlacedColumn[]

  constructor(arena: Arena, columns: readonly KernelColumn[], kernel: RowKernel) {
    let slow = 0
    this.#arena = arena
    this.#kernel = kernel
    this.#columns = columns.map((column) => {
      const form = formOf(column)
      const scale = column.type.kind === 'DECIMAL' ? column.type.scale : 0
      return form < 0
        ? { ...column, form: column.formatted === 'raw' ? RAW_FORM : TEXT_FORM, scale, slow: slow++ }
        : { ...column, form, scale, slow: -1 }
    })
    this.#slowColumns = this.#columns.filter((column) => column.slow >= 0)
  }

  /** Writes rows from place `from` on until `out` has `limitBytes`; returns the next place, which may be `from` when that row must be written the slow way. */
  write(batch: Batch, from: number, to: number, out: ByteWriter, limitBytes: number): number {
    const kernel = this.#kernel
    const room = roomOf(this.#arena)
    const { u8, u32 } = this.#arena
    this.#prepare(batch, room)
    const at = room.context / 4
    for (let place = from; ;) {
      const end = this.#slowColumns.length === 0 ? to : this.#format(batch, place, to, room)
      // Straight to where the bytes are collected, where that is in the arena.
      const { address } = out
      const start = address === 0 ? room.target : address + out.length
      u32[at + kernel.target] = start
      u32[at + kernel.roomEnd] = address === 0 ? start + ROOM_BYTES : address + out.bytes.length
      const next = kernel.run(room.context, place, end, Math.max(1, limitBytes - out.length))
      const written = u32[at + kernel.end]! - start
      if (address === 0) out.copy(u8, start, written)
      else out.length += written
      if (next === to || next === place || out.length >= limitBytes) return next
      place = next
    }
  }

  #prepare(batch: Batch, room: Room): void {
    const { u8, u32 } = this.#arena
    const kernel = this.#kernel
    const at = room.context / 4
    u32[at + kernel.selection] = batch.selection
    u32[at + kernel.columns] = this.#columns.length
    u32[at + kernel.descriptors] = room.descriptors
    kernel.prepare(u32.subarray(at, at + CONTEXT_BYTES / 4), room.text)
    let names = room.names
    this.#columns.forEach(({ index, form, scale, slow, name }, i) => {
      const column = slow < 0 ? batch.columns[index]! : this.#viewsOf(slow, room)
      const d = (room.descriptors + i * kernel.descriptorBytes) / 4
      u32[d] = form
      u32[d + 1] = column.cells
      u32[d + 2] = column.nulls
      u32[d + 3] = scale
      if (!kernel.hasNames) return
      u8.set(name, names)
      u32[d + 4] = names
      u32[d + 5] = name.length
      names += name.length
    })
  }

  #viewsOf(slow: number, room: Room): { readonly cells: number; readonly nulls: number } {
    room.views[slow] ??= { cells: room.owner.allocate(BATCH_CAPACITY * 8), nulls: room.owner.allocate(BATCH_CAPACITY) }
    return room.views[slow]
  }

  /** Formats the values of rows from a place on; returns the place behind the last row for which there was room. */
  #format(batch: Batch, from: number, to: number, room: Room): number {
    const { u8, u32, i32 } = this.#arena
    const last = Math.min(to, from + FORMATTED_ROWS)
    let at = room.formatted
    for (let place = from; place < last; place++) {
      const row = batch.selection === 0 ? place : i32[(batch.selection >>> 2) + place]!
      for (const { index, format, slow } of this.#slowColumns) {
        const { cells, nulls } = this.#viewsOf(slow, room)
        const value = readCell(this.#arena, batch.columns[index]!, row)
        u8[nulls + row] = value === null ? 1 : 0
        u32[cells / 4 + row * 2] = 0
        u32[cells / 4 + row * 2 + 1] = 0
        if (value === null) continue
        const text = format(value)
        if (at + utf8Room(text) > room.formatted + ROOM_BYTES) return place
        const length = encodeUtf8(text, u8, at)
        u32[cells / 4 + row * 2] = at
        u32[cells / 4 + row * 2 + 1] = length
        at += length
      }
    }
    return last
  }
}

/** Undefined where a kernel cannot write so many columns or such names. */
export function kernelRows(arena: Arena, columns: readonly KernelColumn[], kernel: RowKernel): KernelRows | undefined {
  if (columns.length === 0 || columns.length > MOST_COLUMNS) return undefined
  if (columns.reduce((sum, { name }) => sum + name.length, 0) > MOST_NAMES) return undefined
  return new KernelRows(arena, columns, kernel)
}

const TEXT_FORM = layoutNumbers.bytes
const BOOLEAN_FORM = 20
const TIMESTAMP_FORM = 21
const DATE_FORM = 22
const RAW_FORM = 23
const TIMESTAMP_Z_FORM = 24
const DECIMAL_FORM = 25
const PLAIN_DECIMAL_FORM = 26

function formOf({ type, decimals, endsWithZ }: KernelColumn): number {
  switch (type.kind) {
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
    case 'BIGINT':
    case 'CHAR':
    case 'VARCHAR':
      return layoutNumbers[layoutOf(type)]
    case 'BOOLEAN':
      return BOOLEAN_FORM
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      if (type.precision > 3) return -1
      return endsWithZ ? TIMESTAMP_Z_FORM : TIMESTAMP_FORM
    case 'DATE':
      return DATE_FORM
    case 'DECIMAL':
      if (layoutOf(type) !== 'i64') return -1
      return decimals === 'plain' ? PLAIN_DECIMAL_FORM : DECIMAL_FORM
    default:
      return -1
  }
}
