import { unreachable } from '../base/assert.ts'
import type { Arena } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import { ByteSink } from '../data/byte-sink.ts'
import { readCell } from '../data/cells.ts'
import { floorDivBig, MS_PER_DAY, NS_PER_DAY, NS_PER_MS } from '../data/datetime.ts'
import { utf8Bytes } from '../data/utf8.ts'
import type { SqlValue } from '../data/value.ts'
import { decimalBytes, type ParquetTimestamps, type WrittenLeaf } from './parquet-columns.ts'

const JULIAN_DAY_OF_EPOCH = 2_440_588n

/** A run of entries that becomes one page: where it ends. */
interface PageEnd {
  readonly valueBytes: number
  readonly entries: number
}

/** Collects the entries of one leaf until their row group is written: values as they will lie in pages, and their levels. */
export class ParquetLeafWriter {
  readonly leaf: WrittenLeaf
  readonly values = new ByteSink(1024)
  readonly definitions = new ByteSink(64)
  readonly repetitions = new ByteSink(64)
  entries = 0
  nullCount = 0
  pages: PageEnd[] = []
  readonly #pageBytes: number
  readonly #writeValue: (value: SqlValue) => void
  #pageStart = 0

  constructor(leaf: WrittenLeaf, timestamps: ParquetTimestamps, pageBytes: number) {
    this.leaf = leaf
    this.#pageBytes = pageBytes
    this.#writeValue = valueWriter(leaf, timestamps, this.values)
  }

  get sizeBytes(): number {
    return this.values.length + this.definitions.length + this.repetitions.length
  }

  /** Before each row: pages end between two of them. */
  beginRow(): void {
    if (this.sizeBytes - this.#pageStart < this.#pageBytes) return
    this.pages.push({ valueBytes: this.values.length, entries: this.entries })
    this.#pageStart = this.sizeBytes
  }

  add(value: SqlValue, definition: number, repetition: number): void {
    this.#levels(definition, repetition)
    if (definition === this.leaf.maxDefinition) this.#writeValue(value)
    else this.nullCount++
  }

  #levels(definition: number, repetition: number): void {
    const { maxDefinition, maxRepetition } = this.leaf
    if (maxDefinition > 0) this.definitions.u8(definition)
    if (maxRepetition > 0) this.repetitions.u8(repetition)
    this.entries++
  }

  /** The cell of a column that is a leaf of its own; a copy of its bytes where the file has the same ones. */
  addCell(arena: Arena, batch: Batch, index: number, row: number): void {
    const column = batch.columns[index]!
    const isNull = column.isNull(arena, row)
    this.#levels(isNull ? 0 : this.leaf.maxDefinition, 0)
    if (isNull) {
      this.nullCount++
      return
    }
    const { values } = this
    switch (this.leaf.type.kind) {
      case 'INTEGER':
      case 'DATE':
      case 'TIME':
        values.i32(arena.i32[(column.cells >>> 2) + row]!)
        return
      case 'BIGINT': {
        const at = (column.cells >>> 2) + row * 2
        values.i32(arena.i32[at]!)
        values.i32(arena.i32[at + 1]!)
        return
      }
      case 'DOUBLE':
        values.f64(arena.f64[(column.cells >>> 3) + row]!)
        return
      case 'CHAR':
      case 'VARCHAR':
      case 'BINARY':
      case 'VARBINARY': {
        const at = (column.cells >>> 2) + row * 2
        const address = arena.u32[at]!
        const length = arena.u32[at + 1]!
        values.i32(length)
        values.raw(arena.u8.subarray(address, address + length))
        return
      }
      case 'TIMESTAMP':
      case 'TIMESTAMP_LTZ':
        if (this.leaf.element.type === 'INT96' && column.layout === 'i64') {
          this.#writeMillis(Number(arena.i64[(column.cells >>> 3) + row]!))
          return
        }
        this.#writeValue(readCell(arena, column, row))
        return
      default:
        this.#writeValue(readCell(arena, column, row))
    }
  }

  /** Milliseconds as INT96: nanoseconds of the day, then its Julian number. */
  #writeMillis(ms: number): void {
    const days = Math.floor(ms / MS_PER_DAY)
    const nanos = (ms - days * MS_PER_DAY) * 1_000_000
    this.values.i32(nanos | 0)
    this.values.i32(Math.floor(nanos / 4294967296))
    this.values.i32(days + Number(JULIAN_DAY_OF_EPOCH))
  }

  clear(): void {
    this.values.clear()
    this.definitions.clear()
    this.repetitions.clear()
    this.entries = 0
    this.nullCount = 0
    this.pages = []
    this.#pageStart = 0
  }
}

/** Booleans are a byte here and become a bit when the page is written. */
function valueWriter({ type }: WrittenLeaf, timestamps: ParquetTimestamps, out: ByteSink): (value: SqlValue) => void {
  switch (type.kind) {
    case 'BOOLEAN':
      return (value) => out.u8(value === true ? 1 : 0)
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
    case 'DATE':
    case 'TIME':
      return (value) => out.i32(value as number)
    case 'BIGINT':
      return (value) => out.i64(value as bigint)
    case 'FLOAT':
      return (value) => out.f32(value as number)
    case 'DOUBLE':
      return (value) => out.f64(value as number)
    case 'CHAR':
    case 'VARCHAR':
      return (value) => {
        const bytes = utf8Bytes(value as string)
        out.i32(bytes.length)
        out.raw(bytes)
      }
    case 'BINARY':
    case 'VARBINARY':
      return (value) => {
        out.i32((value as Uint8Array).length)
        out.raw(value as Uint8Array)
      }
    case 'DECIMAL': {
      const length = decimalBytes(type.precision)
      return (value) => {
        for (let i = length - 1; i >= 0; i--) out.u8(Number(((value as bigint) >> BigInt(8 * i)) & 0xffn))
      }
    }
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ': {
      if (timestamps === 'INT96') {
        return (value) => {
          const days = floorDivBig(value as bigint, NS_PER_DAY)
          out.i64((value as bigint) - days * NS_PER_DAY)
          out.i32(Number(days + JULIAN_DAY_OF_EPOCH))
        }
      }
      const nanos = timestamps === 'MILLIS' ? NS_PER_MS : timestamps === 'MICROS' ? 1000n : 1n
      return (value) => out.i64(floorDivBig(value as bigint, nanos))
    }
    case 'ARRAY':
    case 'MAP':
    case 'MULTISET':
    case 'ROW':
    case 'NULL':
    case 'VARIANT':
    case 'BITMAP':
    case 'INTERVAL_YEAR_MONTH':
    case 'INTERVAL_DAY_TIME':
      // No leaf: the schema was made first and has refused it.
      return () => undefined
    default:
      return unreachable(type)
  }
}
