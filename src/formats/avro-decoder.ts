import { externalError, RheoError } from '../base/errors.ts'
import type { Arena } from '../data/arena.ts'
import type { BatchBuffer } from '../data/batch-buffer.ts'
import { writeCell } from '../data/cells.ts'
import type { Column } from '../data/column.ts'
import { decodeUtf8 } from '../data/utf8.ts'
import type { SqlValue } from '../data/value.ts'
import { type AvroCodec, avroCodec, avroCodecs } from './avro-codec.ts'
import { AvroCursor, AvroDataError } from './avro-cursor.ts'
import { type AvroSchema, parseAvroSchema } from './avro-schema.ts'
import { AvroValues } from './avro-values.ts'
import { corrupt, type FileBytes, type FileDecoder } from './file-format.ts'
import type { DecoderSpec } from './format.ts'
import { notUtf8 } from './record-decoder.ts'

const SYNC_BYTES = 16
/** A schema that is longer is none. */
const MOST_HEADER_BYTES = 16 << 20
const FIRST_HEADER_BYTES = 4 << 10
/** Two varints. */
const BLOCK_HEAD_BYTES = 20
/** What a block may take when it is decompressed. */
const MOST_BLOCK_BYTES = 1 << 30

/** Sets one cell of the current row; the cursor stands at its value. */
type CellReader = (row: number) => void

/** Reads container files: blocks of records, each followed by the file's marker. */
export class AvroDecoder implements FileDecoder {
  bytesRead = 0
  readonly #spec: DecoderSpec
  readonly #arena: Arena
  readonly #cursor = new AvroCursor()
  #file: FileBytes | undefined
  #codec: AvroCodec = avroCodec('null')
  #sync: Uint8Array = new Uint8Array(0)
  #schema: AvroSchema = { kind: 'null' }
  #steps: readonly CellReader[] | undefined
  #missing: readonly number[] = []
  /** Flink writes a union of null and the record: the branch of the record; -1 where there is no union. */
  #branch = -1
  #buffer: BatchBuffer | undefined
  /** Where the next block starts. */
  #offset = 0
  #rowsLeft = 0
  #block = 0
  #rowInBlock = 0
  #batchStart = 0

  constructor(spec: DecoderSpec) {
    this.#spec = spec
    this.#arena = spec.memory.arena
  }

  get position(): number {
    return this.#offset
  }

  placeOf(row: number): string {
    return `block ${this.#block}, row ${this.#batchStart + row + 1}`
  }

  async open(file: FileBytes, position: number): Promise<void> {
    this.#file = file
    const headerEnd = await this.#readHeader(file)
    this.#offset = position === 0 ? headerEnd : position
    this.#block = 0
    this.#steps = undefined
    this.#rowsLeft = 0
  }

  async #readHeader(file: FileBytes): Promise<number> {
    for (let length = FIRST_HEADER_BYTES; ; length *= 4) {
      const isWhole = length >= file.sizeBytes
      const bytes = await file.read(0, Math.min(length, file.sizeBytes))
      if (bytes[0] !== 0x4f || bytes[1] !== 0x62 || bytes[2] !== 0x6a || bytes[3] !== 1) {
        throw corrupt(file.path, 'it is no Avro container file: it does not start with "Obj" and 1')
      }
      const header = this.#parseHeader(file, bytes)
      if (header !== undefined) return header
      if (isWhole || length > MOST_HEADER_BYTES) throw corrupt(file.path, 'its header has no end')
    }
  }

  /** Where the header ends; undefined when it goes on behind the bytes. */
  #parseHeader(file: FileBytes, bytes: Uint8Array): number | undefined {
    const cursor = new AvroCursor()
    cursor.reset(bytes)
    cursor.at = 4
    const entries = new Map<string, string>()
    try {
      cursor.items(() => {
        const name = cursor.view(cursor.length())
        const value = cursor.view(cursor.length())
        entries.set(decodeUtf8(name, 0, name.length), decodeUtf8(value, 0, value.length))
      })
      this.#sync = cursor.view(SYNC_BYTES).slice()
    } catch (error) {
      if (error instanceof AvroDataError) return undefined
      throw error
    }
    try {
      this.#schema = parseAvroSchema(entries.get('avro.schema') ?? '')
    } catch (error) {
      throw corrupt(file.path, error instanceof SyntaxError ? error.message : String(error), error)
    }
    const codec = entries.get('avro.codec') ?? 'null'
    if (!(avroCodecs as readonly string[]).includes(codec)) throw corrupt(file.path, `its codec is "${codec}", wanted is one that avro has`)
    try {
      this.#codec = avroCodec(codec)
    } catch (error) {
      throw error instanceof RheoError ? error.at({ source: file.path }) : error
    }
    return cursor.at
  }

  async nextBlock(isWanted: boolean): Promise<boolean> {
    const file = this.#file!
    if (this.#offset >= file.sizeBytes) return false
    const cursor = this.#cursor
    const damaged = (problem: string): never => {
      throw corrupt(`${file.path}, block ${this.#block + 1}`, problem)
    }
    cursor.reset(await file.read(this.#offset, Math.min(BLOCK_HEAD_BYTES, file.sizeBytes - this.#offset)))
    let count = 0
    let size = 0
    try {
      count = cursor.number()
      size = cursor.number()
    } catch (error) {
      if (!(error instanceof AvroDataError)) throw error
      damaged(error.message)
    }
    const start = this.#offset + cursor.at
    if (count < 0 || size < 0 || start + size + SYNC_BYTES > file.sizeBytes) {
      damaged(`found ${count} rows in ${size} bytes at byte ${this.#offset}, where ${file.sizeBytes - start} bytes are left`)
    }
    this.#offset = start + size + SYNC_BYTES
    this.#block++
    if (!isWanted) return true
    const bytes = await file.read(start, size + SYNC_BYTES)
    this.bytesRead += bytes.length
    for (let i = 0; i < SYNC_BYTES; i++) {
      if (bytes[size + i] !== this.#sync[i])
        throw corrupt(`${file.path}, block ${this.#block}`, 'it does not end with the marker of the file')
    }
    const content = this.#codec.decompress(bytes.subarray(0, size), MOST_BLOCK_BYTES)
    if (content === undefined) throw corrupt(`${file.path}, block ${this.#block}`, 'it cannot be decompressed')
    cursor.reset(content)
    this.#rowsLeft = count
    this.#rowInBlock = 0
    return true
  }

  decode(buffer: BatchBuffer, maxRows: number): boolean {
    const { batch } = buffer
    const steps = this.#bind(buffer)
    const cursor = this.#cursor
    this.#batchStart = this.#rowInBlock - batch.rowCount
    try {
      for (; this.#rowsLeft > 0 && batch.rowCount < maxRows; this.#rowsLeft--) {
        const row = batch.rowCount
        if (this.#branch >= 0 && cursor.number() !== this.#branch) throw new AvroDataError('found a row that is no record')
        for (let i = 0; i < steps.length; i++) steps[i]!(row)
        for (const index of this.#missing) writeCell(buffer, batch.columns[index]!, row, null)
        if (cursor.at > cursor.bytes.length) throw new AvroDataError('the block ends within it')
        batch.rowCount = row + 1
        this.#rowInBlock++
      }
    } catch (error) {
      throw this.#rowError(error)
    }
    return this.#rowsLeft === 0
  }

  #rowError(error: unknown): unknown {
    if (!(error instanceof AvroDataError) && !(error instanceof RangeError)) return error
    return externalError('format/corrupt', `Cannot read the row: ${error.message}`, undefined, error)
  }

  /** How to read a record into the batch. */
  #bind(buffer: BatchBuffer): readonly CellReader[] {
    if (this.#steps !== undefined && this.#buffer === buffer) return this.#steps
    this.#buffer = buffer
    const file = this.#file!
    const top = this.#schema
    const branches = top.kind === 'union' ? top.branches : [top]
    const branch = branches.findIndex(({ kind }) => kind === 'record')
    const schema = branches[branch] ?? top
    this.#branch = top.kind === 'union' ? branch : -1
    if (schema.kind !== 'record') throw corrupt(file.path, `its rows are of type ${schema.kind}, wanted are records`)
    const { columns, nestedPaths } = this.#spec
    const values = new AvroValues(this.#cursor, nestedPaths)
    try {
      const fields = values.fields(schema, columns, [])
      this.#missing = columns.filter(({ name }) => schema.fields.every((field) => field.name !== name)).map(({ index }) => index)
      this.#steps = fields.map(({ index, schema: of, read }) =>
        index < 0 ? values.skipper(of) : this.#cellReader(buffer, buffer.batch.columns[columns[index]!.index]!, of, read),
      )
      return this.#steps
    } catch (error) {
      if (error instanceof AvroDataError) throw corrupt(file.path, error.message, error)
      throw error
    }
  }

  #cellReader(buffer: BatchBuffer, column: Column, schema: AvroSchema, read: () => SqlValue): CellReader {
    const cursor = this.#cursor
    if (schema.kind === 'union' && schema.branches.length === 2) {
      const nullBranch = schema.branches.findIndex((branch) => branch.kind === 'null')
      const direct = nullBranch < 0 ? undefined : this.#directReader(buffer, column, schema.branches[1 - nullBranch]!)
      if (direct !== undefined) {
        return (row) => {
          if (cursor.number() === nullBranch) writeCell(buffer, column, row, null)
          else direct(row)
        }
      }
    }
    return this.#directReader(buffer, column, schema) ?? ((row) => writeCell(buffer, column, row, read()))
  }

  /** Sets cells without a value between where schema and column are alike. */
  #directReader(buffer: BatchBuffer, column: Column, schema: AvroSchema): CellReader | undefined {
    const cursor = this.#cursor
    const { i32, f32, f64 } = this.#arena
    const { kind } = column.type
    if (schema.kind === 'int' && (kind === 'INTEGER' || kind === 'DATE' || kind === 'TIME')) {
      return (row) => {
        i32[(column.cells >>> 2) + row] = cursor.int()
      }
    }
    const isMillis = schema.kind === 'long' && column.layout === 'i64' && (schema.logical?.name.endsWith('-millis') ?? false)
    if (
      ((schema.kind === 'int' || schema.kind === 'long') && kind === 'BIGINT') ||
      ((kind === 'TIMESTAMP' || kind === 'TIMESTAMP_LTZ') && isMillis)
    ) {
      return (row) => {
        cursor.long()
        const at = (column.cells >>> 2) + row * 2
        i32[at] = cursor.low
        i32[at + 1] = cursor.high
      }
    }
    if (schema.kind === 'double' && kind === 'DOUBLE') {
      return (row) => {
        f64[(column.cells >>> 3) + row] = cursor.double()
      }
    }
    if (schema.kind === 'float' && kind === 'FLOAT') {
      return (row) => {
        f32[(column.cells >>> 2) + row] = cursor.float()
      }
    }
    if (schema.kind === 'string' && (kind === 'VARCHAR' || kind === 'CHAR')) return this.#textReader(buffer, column)
    return undefined
  }

  #textReader(buffer: BatchBuffer, column: Column): CellReader {
    const cursor = this.#cursor
    const { u8, u32, kernels } = this.#arena
    return (row) => {
      const length = cursor.length()
      const address = buffer.reserveText(length)
      const { bytes, at } = cursor
      let bits = 0
      if (length > 64) {
        u8.set(bytes.subarray(at, at + length), address)
        bits = 0x80
      } else {
        for (let i = 0; i < length; i++) {
          const byte = bytes[at + i]!
          bits |= byte
          u8[address + i] = byte
        }
      }
      cursor.at += length
      if (bits > 0x7f && kernels.invalidUtf8(address, address + length) >>> 0 !== address + length) throw new AvroDataError(notUtf8)
      const cell = (column.cells >>> 2) + row * 2
      u32[cell] = address
      u32[cell + 1] = length
    }
  }
}
