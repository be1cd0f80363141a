import type { Arena, ArenaOwner } from '../data/arena.ts'
import type { BatchBuffer } from '../data/batch-buffer.ts'
import type { Column } from '../data/column.ts'
import type { SqlType } from '../data/types.ts'
import { utf8Bytes } from '../data/utf8.ts'
import type { DecodeStop, FormatColumn, RecordWindow } from './format.ts'
import { isWanted } from './record-decoder.ts'

/** Numbers of `kernels/fields.ts`. */
const kinds = {
  skipped: 0,
  BOOLEAN: 1,
  TINYINT: 2,
  SMALLINT: 3,
  INTEGER: 4,
  BIGINT: 5,
  FLOAT: 6,
  DOUBLE: 7,
  decimal64: 8,
  decimal128: 9,
  text: 10,
  DATE: 11,
  TIME: 12,
  timestampMs: 13,
  timestampNs: 14,
  instantMs: 15,
  instantNs: 16,
  ROW: 17,
} as const

const DESCRIPTOR_BYTES = 48
/** Which fields of an object were seen is kept in 64 bits. */
const MOST_FIELDS = 64

/** One column that a scanner writes. */
export interface ScannedField {
  readonly name: string
  readonly kind: number
  readonly precision: number
  readonly scale: number
  readonly children: readonly ScannedField[]
  /** Its place in the batch or among the children of its ROW; -1 when it is in no column. */
  readonly index: number
}

/** How the scanners write a type; undefined when they cannot. */
export function scannedField(
  type: SqlType,
  path: readonly string[],
  index: number,
  nestedPaths?: readonly (readonly string[])[],
): ScannedField | undefined {
  const name = path.at(-1) ?? ''
  if (path.length > 1 && !isWanted(nestedPaths, path)) return { name, kind: kinds.skipped, precision: 0, scale: 0, children: [], index }
  const field = (kind: number, precision = 0, scale = 0): ScannedField => ({ name, kind, precision, scale, children: [], index })
  switch (type.kind) {
    case 'BOOLEAN':
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
    case 'BIGINT':
    case 'FLOAT':
    case 'DOUBLE':
    case 'DATE':
      return field(kinds[type.kind])
    case 'TIME':
      return field(kinds.TIME, type.precision)
    case 'DECIMAL':
      return field(type.precision <= 18 ? kinds.decimal64 : kinds.decimal128, type.precision, type.scale)
    case 'CHAR':
    case 'VARCHAR':
      return field(kinds.text)
    case 'TIMESTAMP':
      return field(type.precision <= 3 ? kinds.timestampMs : kinds.timestampNs, type.precision)
    case 'TIMESTAMP_LTZ':
      return field(type.precision <= 3 ? kinds.instantMs : kinds.instantNs, type.precision)
    case 'ROW': {
      const children = type.fields.map((child, i) => scannedField(child.type, [...path, child.name], i, nestedPaths))
      if (children.length > MOST_FIELDS || !children.every((child) => child !== undefined)) return undefined
      return { name, kind: kinds.ROW, precision: 0, scale: 0, children, index }
    }
    default:
      return undefined
  }
}

/** A declared column of a file that is not wanted. */
export const skippedField: ScannedField = { name: '', kind: kinds.skipped, precision: 0, scale: 0, children: [], index: -1 }

/** The columns, or undefined when one is of a type that only the general path reads. */
export function scannedFields(
  columns: readonly (FormatColumn & { readonly index: number })[],
  nestedPaths?: readonly (readonly string[])[],
): readonly ScannedField[] | undefined {
  const fields = columns.map(({ name, type, index }) => scannedField(type, [name], index, nestedPaths))
  return fields.length <= MOST_FIELDS && fields.every((field) => field !== undefined) ? fields : undefined
}

/** Why a scanner stopped, by number. */
const stops: readonly (DecodeStop | 'unusual' | 'need-text')[] = ['full', 'block-end', 'need-more', 'unusual', 'need-text']
const CONTEXT_BYTES = 64

/**
 * Lets a scanning kernel write the rows of a batch: keeps the descriptors of the columns in the arena, gives every column a null mask while rows are
 * written, and takes it away where no NULL came.
 */
export class ScanPlan {
  /** The struct that the kernel reads, as an index of `arena.u32`. */
  readonly context: number
  readonly #arena: Arena
  readonly #memory: ArenaOwner
  readonly #fields: readonly ScannedField[]
  readonly #descriptors: number
  readonly #bound: { readonly column: Column; readonly descriptor: number; mask: number }[] = []
  #buffer: BatchBuffer | undefined
  #noMask: number | undefined
  #dirtyRows = 0
  readonly starts: { address: number }

  constructor(memory: ArenaOwner, fields: readonly ScannedField[]) {
    this.#memory = memory
    this.#arena = memory.arena
    this.#fields = fields
    this.context = memory.allocate(CONTEXT_BYTES) >>> 2
    this.starts = { address: 0 }
    this.#descriptors = this.#describe(fields)
    this.set(8, fields.length)
    this.set(9, this.#descriptors)
  }

  /** Sets a word of the context. */
  set(word: number, value: number): void {
    this.#arena.u32[this.context + word] = value
  }

  /** Bytes in the arena for the kernel to read, with some behind them that it may read too. */
  keep(bytes: Uint8Array): number {
    const address = this.#memory.allocate(bytes.length + 16)
    this.#arena.u8.set(bytes, address)
    return address
  }

  #describe(fields: readonly ScannedField[]): number {
    const address = this.#memory.allocate(Math.max(fields.length, 1) * DESCRIPTOR_BYTES)
    for (const [i, field] of fields.entries()) {
      const at = (address + i * DESCRIPTOR_BYTES) >>> 2
      // The quote behind a name is compared with it.
      const name = utf8Bytes(`${field.name}"`)
      const children = field.children.length > 0 ? this.#describe(field.children) : 0
      this.#arena.u32.set(
        [field.kind, 0, 0, field.precision, field.scale, this.keep(name), name.length - 1, children, field.children.length, 0],
        at,
      )
    }
    return address
  }

  /** Before the first row of a batch. */
  begin(buffer: BatchBuffer): void {
    if (this.#buffer !== buffer) {
      this.#buffer = buffer
      this.#bound.length = 0
      this.#bind(this.#fields, this.#descriptors, buffer.batch.columns)
      this.starts.address = this.#memory.allocate(buffer.capacity * 4)
      this.set(10, this.starts.address)
    }
    for (const { column, mask } of this.#bound) column.nulls = mask
    // Only what the last batch may have dirtied, with the record that it gave up: small blocks would else spend their time here.
    this.#arena.kernels.clearMasks(this.#descriptors, this.#fields.length, Math.min(this.#dirtyRows + 1, buffer.capacity))
  }

  #bind(fields: readonly ScannedField[], descriptors: number, columns: readonly Column[]): void {
    const { u32 } = this.#arena
    for (const [i, field] of fields.entries()) {
      const descriptor = (descriptors + i * DESCRIPTOR_BYTES) >>> 2
      const column = columns[field.index]
      const mask = column === undefined ? this.#scratchMask() : this.#buffer!.addNullMask(column)
      u32[descriptor + 1] = column?.cells ?? 0
      u32[descriptor + 2] = mask
      if (column === undefined) continue
      this.#bound.push({ column, descriptor, mask })
      if (field.children.length > 0) this.#bind(field.children, u32[descriptor + 7]!, column.children)
    }
  }

  /** One mask for all fields that are in no column. */
  #scratchMask(): number {
    this.#noMask ??= this.#memory.allocate(this.#buffer!.capacity)
    return this.#noMask
  }

  /** Scans on with one of the kernels. */
  run(
    decode: (context: number) => number,
    window: RecordWindow,
    buffer: BatchBuffer,
    maxRows: number,
  ): DecodeStop | 'unusual' | 'need-text' {
    const { u32 } = this.#arena
    const { context } = this
    u32[context] = window.position
    u32[context + 1] = window.end
    u32[context + 2] = Math.min(window.blockEnd, 0xffffffff)
    u32[context + 3] = window.isLast ? 1 : 0
    u32[context + 4] = buffer.batch.rowCount
    u32[context + 5] = maxRows
    const stop = stops[decode(context * 4)]!
    window.position = u32[context]!
    buffer.batch.rowCount = u32[context + 4]!
    buffer.batch.selectedCount = buffer.batch.rowCount
    return stop
  }

  /** After the last row of a batch. */
  end(buffer: BatchBuffer): void {
    const { u32 } = this.#arena
    this.#dirtyRows = buffer.batch.rowCount
    this.#arena.kernels.findNulls(this.#descriptors, this.#fields.length, buffer.batch.rowCount)
    for (const { column, descriptor } of this.#bound) if (u32[descriptor + 9] === 0) column.nulls = 0
  }

  /** Notes where the record of a row starts that the general path read. */
  setStart(row: number, address: number): void {
    this.#arena.u32[(this.starts.address >>> 2) + row] = address
  }

  start(row: number): number {
    return this.#arena.u32[(this.starts.address >>> 2) + row]!
  }
}
