import { type Arena, ArenaOwner } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import { layoutNumbers, layoutOf } from '../data/column.ts'
import type { SqlType } from '../data/types.ts'
import type { ByteWriter } from './byte-writer.ts'
import type { CsvSettings } from './csv-options.ts'

// What the kernel `encodeCsv` works on, in u32s.
const SELECTION = 0
const COLUMNS = 1
const DESCRIPTORS = 2
const DELIMITER = 3
const QUOTE = 4
const ESCAPE = 5
const LEAST_SAFE = 6
const NULL_ADDRESS = 7
const NULL_LENGTH = 8
const TARGET = 9
const ROOM_END = 10
const END = 11
const CONTEXT_BYTES = 48
const DESCRIPTOR_BYTES = 16
const MOST_COLUMNS = 1024
const LONGEST_NULL = 256
const ROOM_BYTES = 256 << 10

interface Room {
  readonly context: number
  readonly descriptors: number
  readonly nullText: number
  readonly target: number
}

/** One room a thread, for encoders work one after the other and leave nothing in it. */
const rooms = new WeakMap<Arena, Room>()

function roomOf(arena: Arena): Room {
  let room = rooms.get(arena)
  if (room === undefined) {
    const owner = new ArenaOwner(arena, 'csv')
    room = {
      context: owner.allocate(CONTEXT_BYTES),
      descriptors: owner.allocate(MOST_COLUMNS * DESCRIPTOR_BYTES),
      nullText: owner.allocate(LONGEST_NULL),
      target: owner.allocate(ROOM_BYTES),
    }
    rooms.set(arena, room)
  }
  return room
}

/** Writes many rows at once, where all columns are of types that the kernel writes. */
export class CsvRows {
  readonly #arena: Arena
  readonly #columns: readonly { readonly index: number; readonly form: number }[]
  readonly #settings: CsvSettings
  readonly #leastSafe: number
  readonly #nullText: Uint8Array

  constructor(
    arena: Arena,
    columns: readonly { readonly index: number; readonly form: number }[],
    settings: CsvSettings,
    leastSafe: number,
  ) {
    this.#arena = arena
    this.#columns = columns
    this.#settings = settings
    this.#leastSafe = leastSafe
    this.#nullText = Buffer.from(settings.nullLiteral ?? '')
  }

  /** Writes rows from place `from` on until `out` has `limitBytes`; returns the next place, which may be `from` when that row must be written the slow way. */
  write(batch: Batch, from: number, to: number, out: ByteWriter, limitBytes: number): number {
    const { u8, u32, kernels } = this.#arena
    const { context, descriptors, nullText, target } = roomOf(this.#arena)
    const { delimiter, quote, escape } = this.#settings
    u8.set(this.#nullText, nullText)
    const at = context / 4
    u32[at + SELECTION] = batch.selection
    u32[at + COLUMNS] = this.#columns.length
    u32[at + DESCRIPTORS] = descriptors
    u32[at + DELIMITER] = delimiter.charCodeAt(0)
    u32[at + QUOTE] = quote?.charCodeAt(0) ?? 0
    u32[at + ESCAPE] = escape?.charCodeAt(0) ?? 0
    u32[at + LEAST_SAFE] = this.#leastSafe
    u32[at + NULL_ADDRESS] = nullText
    u32[at + NULL_LENGTH] = this.#nullText.length
    this.#columns.forEach(({ index, form }, i) => {
      const column = batch.columns[index]!
      const d = (descriptors + i * DESCRIPTOR_BYTES) / 4
      u32[d] = form
      u32[d + 1] = column.cells
      u32[d + 2] = column.nulls
    })
    for (let place = from; ;) {
      // Straight to where the bytes are collected, where that is in the arena.
      const { address } = out
      const start = address === 0 ? target : address + out.length
      u32[at + TARGET] = start
      u32[at + ROOM_END] = address === 0 ? target + ROOM_BYTES : address + out.bytes.length
      const next = kernels.encodeCsv(context, place, to, Math.max(1, limitBytes - out.length))
      const written = u32[at + END]! - start
      if (address === 0) out.copy(u8, target, written)
      else out.length += written
      if (next === to || next === place || out.length >= limitBytes) return next
      place = next
    }
  }
}

/** Undefined where the kernel cannot write a column or a setting. */
export function csvRows(
  arena: Arena,
  columns: readonly { readonly index: number; readonly type: SqlType }[],
  settings: CsvSettings,
  leastSafe: number,
): CsvRows | undefined {
  const { delimiter, nullLiteral } = settings
  const forms = columns.map(({ index, type }) => ({ index, form: formOf(type) }))
  if (forms.some(({ form }) => form < 0) || forms.length > MOST_COLUMNS || forms.length === 0) return undefined
  if (delimiter.charCodeAt(0) > 0x7f || Buffer.byteLength(nullLiteral ?? '') > LONGEST_NULL) return undefined
  return new CsvRows(arena, forms, settings, leastSafe)
}

const BOOLEAN_FORM = 20
const TIMESTAMP_FORM = 21
const DATE_FORM = 22

function formOf(type: SqlType): number {
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
      return type.precision <= 3 ? TIMESTAMP_FORM : -1
    case 'DATE':
      return DATE_FORM
    default:
      return -1
  }
}
