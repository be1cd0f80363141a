import { unreachable } from '../base/assert.ts'
import { externalError } from '../base/errors.ts'
import type { Arena } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import { readCell } from '../data/cells.ts'
import { floorDivBig } from '../data/datetime.ts'
import type { SqlType } from '../data/types.ts'
import { types } from '../data/types.ts'
import { utf8Bytes } from '../data/utf8.ts'
import type { SqlMap, SqlValue } from '../data/value.ts'
import { type AvroCodec, avroCodec } from './avro-codec.ts'
import { avroSchemaText } from './avro-schema.ts'
import { AvroSink } from './avro-sink.ts'
import type { ByteWriter } from './byte-writer.ts'
import type { EncoderSpec, FileEncoder } from './format.ts'

/** A block is written when its rows take so much, as Avro's own writer does. */
const BLOCK_BYTES = 64_000

/** Appends one cell of a batch to the block. */
type CellWriter = (batch: Batch, row: number) => void
type ValueWriter = (value: SqlValue) => void

/** Writes container files: a header with the schema, then blocks of records. */
export class AvroEncoder implements FileEncoder {
  readonly #arena: Arena
  readonly #codec: AvroCodec
  readonly #header: Uint8Array
  readonly #sync: Uint8Array
  readonly #block = new AvroSink(BLOCK_BYTES * 2)
  readonly #writers: readonly CellWriter[]
  #rowCount = 0
  #hasHeader = false

  constructor(spec: EncoderSpec) {
    const codec = String(spec.options.get('codec') ?? 'snappy')
    const schema = avroSchemaText(spec.columns, avroTimestamps(spec))
    this.#arena = spec.arena
    this.#codec = avroCodec(codec)
    this.#sync = marker(`${codec} ${schema}`)
    this.#header = header(schema, codec, this.#sync)
    this.#writers = spec.columns.map(({ name, type, index }) => this.#cellWriter(name, type, index))
  }

  get waitingBytes(): number {
    return this.#block.length
  }

  encodeRows(batch: Batch, from: number, to: number, out: ByteWriter, limitBytes: number): number {
    const { i32 } = this.#arena
    for (let i = from; i < to; i++) {
      const row = batch.selection === 0 ? i : i32[(batch.selection >>> 2) + i]!
      for (let column = 0; column < this.#writers.length; column++) this.#writers[column]!(batch, row)
      this.#rowCount++
      if (this.#block.length < BLOCK_BYTES) continue
      this.#flush(out)
      if (out.length >= limitBytes) return i + 1
    }
    return to
  }

  finish(out: ByteWriter): void {
    this.#begin(out)
    if (this.#rowCount > 0) this.#flush(out)
  }

  #begin(out: ByteWriter): void {
    if (!this.#hasHeader) out.copy(this.#header, 0, this.#header.length)
    this.#hasHeader = true
  }

  #flush(out: ByteWriter): void {
    this.#begin(out)
    const block = this.#block
    const bytes = this.#codec.compress(block.bytes.subarray(0, block.length))
    const head = new AvroSink(20)
    head.int(this.#rowCount)
    head.int(bytes.length)
    out.copy(head.bytes, 0, head.length)
    out.copy(bytes, 0, bytes.length)
    out.copy(this.#sync, 0, this.#sync.length)
    block.length = 0
    this.#rowCount = 0
  }

  #cellWriter(name: string, type: SqlType, index: number): CellWriter {
    if (type.kind === 'NULL') return () => undefined
    const arena = this.#arena
    const write = this.#directWriter(type, index) ?? this.#readThenWrite(name, type, index)
    if (!type.nullable) {
      return (batch, row) => {
        if (batch.columns[index]!.isNull(arena, row)) throw nullError(name)
        write(batch, row)
      }
    }
    const block = this.#block
    return (batch, row) => {
      const isNull = batch.columns[index]!.isNull(arena, row)
      block.byte(isNull ? 0 : 2)
      if (!isNull) write(batch, row)
    }
  }

  #readThenWrite(name: string, type: SqlType, index: number): CellWriter {
    const write = this.#valueWriter(name, type)
    return (batch, row) => write(readCell(this.#arena, batch.columns[index]!, row))
  }

  /** Without a value between, for the types that most columns have. */
  #directWriter(type: SqlType, index: number): CellWriter | undefined {
    const block = this.#block
    const { u8, i32, u32 } = this.#arena
    switch (type.kind) {
      case 'INTEGER':
      case 'DATE':
      case 'TIME':
        return (batch, row) => block.int(i32[(batch.columns[index]!.cells >>> 2) + row]!)
      case 'BIGINT':
        return (batch, row) => {
          const at = (batch.columns[index]!.cells >>> 2) + row * 2
          block.long(i32[at]!, i32[at + 1]!)
        }
      case 'TIMESTAMP':
      case 'TIMESTAMP_LTZ':
        if (type.precision > 3) return undefined
        return (batch, row) => {
          const at = (batch.columns[index]!.cells >>> 2) + row * 2
          block.long(i32[at]!, i32[at + 1]!)
        }
      case 'CHAR':
      case 'VARCHAR':
      case 'BINARY':
      case 'VARBINARY':
        return (batch, row) => {
          const at = (batch.columns[index]!.cells >>> 2) + row * 2
          block.counted(u8, u32[at]!, u32[at + 1]!)
        }
      default:
        return undefined
    }
  }

  #nullable(name: string, type: SqlType): ValueWriter {
    const write = this.#valueWriter(name, type)
    if (type.kind === 'NULL') return write
    const block = this.#block
    if (!type.nullable) {
      return (value) => {
        if (value === null) throw nullError(name)
        write(value)
      }
    }
    return (value) => {
      block.byte(value === null ? 0 : 2)
      if (value !== null) write(value)
    }
  }

  #valueWriter(name: string, type: SqlType): ValueWriter {
    const block = this.#block
    switch (type.kind) {
      case 'NULL':
        return () => undefined
      case 'BOOLEAN':
        return (value) => block.byte(value === true ? 1 : 0)
      case 'TINYINT':
      case 'SMALLINT':
      case 'INTEGER':
      case 'DATE':
      case 'TIME':
        return (value) => block.int(value as number)
      case 'BIGINT':
        return (value) => block.bigint(value as bigint)
      case 'FLOAT':
        return (value) => block.float(value as number)
      case 'DOUBLE':
        return (value) => block.double(value as number)
      case 'CHAR':
      case 'VARCHAR':
        return (value) => {
          const bytes = utf8Bytes(value as string)
          block.counted(bytes, 0, bytes.length)
        }
      case 'BINARY':
      case 'VARBINARY':
        return (value) => block.counted(value as Uint8Array, 0, (value as Uint8Array).length)
      case 'TIMESTAMP':
      case 'TIMESTAMP_LTZ': {
        const nanos = type.precision <= 3 ? 1_000_000n : 1000n
        return (value) => block.bigint(floorDivBig(value as bigint, nanos))
      }
      case 'DECIMAL':
        return (value) => {
          const bytes = bytesOfBigint(value as bigint)
          block.counted(bytes, 0, bytes.length)
        }
      case 'ARRAY': {
        const write = this.#nullable(name, type.element)
        return (value) => {
          const items = value as readonly SqlValue[]
          if (items.length > 0) block.int(items.length)
          for (const item of items) write(item)
          block.byte(0)
        }
      }
      case 'MAP':
        return this.#mapWriter(name, type.key, type.value)
      case 'MULTISET':
        return this.#mapWriter(name, type.element, types.integer(false))
      case 'ROW': {
        const writes = type.fields.map((field) => this.#nullable(`${name}.${field.name}`, field.type))
        return (value) => {
          for (let i = 0; i < writes.length; i++) writes[i]!((value as readonly SqlValue[])[i]!)
        }
      }
      case 'VARIANT':
      case 'BITMAP':
      case 'INTERVAL_YEAR_MONTH':
      case 'INTERVAL_DAY_TIME':
        // The schema was made first and has refused it.
        return () => undefined
      default:
        return unreachable(type)
    }
  }

  #mapWriter(name: string, keyType: SqlType, valueType: SqlType): ValueWriter {
    const block = this.#block
    const writeKey = this.#nullable(name, { ...keyType, nullable: false })
    const writeValue = this.#nullable(name, valueType)
    return (value) => {
      const { keys, values } = value as SqlMap
      if (keys.length > 0) block.int(keys.length)
      for (let i = 0; i < keys.length; i++) {
        writeKey(keys[i]!)
        writeValue(values[i]!)
      }
      block.byte(0)
    }
  }
}

/** How the table's options have timestamps written. */
export function avroTimestamps({ options }: Pick<EncoderSpec, 'options'>): 'legacy' | 'exact' {
  return options.get('timestamp_mapping.legacy') === false ? 'exact' : 'legacy'
}

function nullError(name: string): Error {
  return externalError('format/null', `Cannot write column "${name}" as avro: found NULL, wanted a value, for its type is NOT NULL`)
}

function header(schema: string, codec: string, sync: Uint8Array): Uint8Array {
  const sink = new AvroSink(schema.length + 100)
  for (const byte of [0x4f, 0x62, 0x6a, 1]) sink.byte(byte)
  const entries: readonly (readonly [string, string])[] = [
    ['avro.schema', schema],
    ['avro.codec', codec],
  ]
  sink.int(entries.length)
  for (const texts of entries) {
    for (const text of texts) {
      const bytes = utf8Bytes(text)
      sink.counted(bytes, 0, bytes.length)
    }
  }
  sink.byte(0)
  for (const byte of sync) sink.byte(byte)
  return sink.bytes.slice(0, sink.length)
}

/** The marker between blocks. It has to be unlikely among data, not different for each file: the same rows give the same bytes. */
function marker(text: string): Uint8Array {
  const sync = new Uint8Array(16)
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length + 64; i++) {
    hash = Math.imul(hash ^ (i < text.length ? text.charCodeAt(i) : i), 0x01000193)
    hash ^= hash >>> 15
    sync[i % 16] = sync[i % 16]! ^ (hash >>> 11)
  }
  return sync
}

/** The shortest two's complement, the highest byte first. */
export function bytesOfBigint(value: bigint): Uint8Array {
  const bytes: number[] = []
  let rest = value
  do {
    bytes.push(Number(rest & 0xffn))
    rest >>= 8n
  } while (!(rest === 0n && bytes.at(-1)! < 0x80) && !(rest === -1n && bytes.at(-1)! >= 0x80))
  return Uint8Array.from(bytes.reverse())
}
