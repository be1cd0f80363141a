import { userError } from '../base/errors.ts'
import type { OptionDefinition } from '../catalog/option.ts'
import type { Arena } from '../data/arena.ts'
import type { BatchBuffer } from '../data/batch-buffer.ts'
import { writeCell } from '../data/cells.ts'
import type { SqlType } from '../data/types.ts'
import { formatType } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import { type Charset, findCharset } from './charset.ts'
import type { DecodeStop, Decoder, DecoderSpec, Format, FormatColumn, FormatOptions, RecordWindow } from './format.ts'
import { RawEncoder } from './raw-encoder.ts'
import { CR, badRecord, dropsInvalidUtf8, findLineEnd, notUtf8, setView, tooLong } from './record-decoder.ts'

const rawOptions: readonly OptionDefinition[] = [
  { key: 'charset', type: 'string', default: 'UTF-8', doc: 'How text is encoded.' },
  { key: 'endianness', type: { oneOf: ['big-endian', 'little-endian'] }, default: 'big-endian', doc: 'The order of the bytes of numbers.' },
]

export const rawFormat: Format = {
  name: 'raw',
  doc: 'Each line is the bytes of the one column.',
  options: rawOptions,
  changes: 'append',
  canJoinFiles: true,
  readsNestedPaths: false,
  check: checkRaw,
  createDecoder: (spec) => new RawDecoder(spec),
  createEncoder: (spec) => new RawEncoder(spec, rawCharset(spec.options)),
}

/** The sizes of numbers as bytes. */
const numberBytes: Partial<Record<SqlType['kind'], number>> = {
  BOOLEAN: 1,
  TINYINT: 1,
  SMALLINT: 2,
  INTEGER: 4,
  BIGINT: 8,
  FLOAT: 4,
  DOUBLE: 8,
}

function checkRaw(columns: readonly FormatColumn[], options: FormatOptions): void {
  const [column, ...others] = columns
  if (column === undefined || others.length > 0) {
    const found = columns.map(({ name, type }) => `"${name}" ${formatType(type)}`).join(', ')
    throw userError(
      'sql/raw-columns',
      `Cannot use format raw: the table has ${columns.length} physical columns (${found}), wanted exactly one`,
    )
  }
  const { kind } = column.type
  if (!isText(column.type) && kind !== 'BINARY' && kind !== 'VARBINARY' && numberBytes[kind] === undefined) {
    throw userError(
      'sql/unsupported-type',
      `Cannot use format raw: column "${column.name}" is ${formatType(column.type)}, wanted text, bytes or a number`,
    )
  }
  rawCharset(options)
}

function isText(type: SqlType): boolean {
  return type.kind === 'VARCHAR' || type.kind === 'CHAR'
}

/** Undefined for UTF-8, which needs no conversion. */
function rawCharset(options: FormatOptions): Charset | undefined {
  const name = String(options.get('charset') ?? 'UTF-8')
  const charset = findCharset(name)
  if (charset === undefined) {
    throw userError('sql/option-value', `Cannot set option "raw.charset": found "${name}", wanted a known charset such as "UTF-8"`)
  }
  return charset === 'utf-8' ? undefined : charset
}

class RawDecoder implements Decoder {
  state = 0
  readonly badRecords = 0
  readonly #arena: Arena
  readonly #bytes: Uint8Array
  readonly #type: SqlType | undefined
  readonly #index: number
  readonly #charset: Charset | undefined
  readonly #isLittleEndian: boolean
  readonly #maxRecordBytes: number
  readonly #recordStarts: number[] = []

  constructor(spec: DecoderSpec) {
    this.#arena = spec.memory.arena
    this.#bytes = spec.memory.arena.u8
    this.#type = spec.columns[0]?.type
    this.#index = spec.columns[0]?.index ?? -1
    this.#charset = rawCharset(spec.options)
    this.#isLittleEndian = spec.options.get('endianness') === 'little-endian'
    this.#maxRecordBytes = spec.maxRecordBytes
  }

  decode(window: RecordWindow, buffer: BatchBuffer, maxRows: number): DecodeStop {
    const { batch } = buffer
    for (;;) {
      if (batch.rowCount >= maxRows) return 'full'
      const lineEnd = this.#find(window)
      if (typeof lineEnd === 'string') return lineEnd
      const { position } = window
      this.#recordStarts[batch.rowCount] = position
      this.#write(window, buffer, position, lineEnd)
      batch.rowCount++
      batch.selectedCount = batch.rowCount
      window.position = lineEnd === window.end ? lineEnd : lineEnd + 1
    }
  }

  skip(window: RecordWindow): DecodeStop {
    for (;;) {
      const lineEnd = this.#find(window)
      if (typeof lineEnd === 'string') return lineEnd
      window.position = lineEnd === window.end ? lineEnd : lineEnd + 1
      if (window.invalidAt < window.position) window.revalidate(window.position)
    }
  }

  recordStart(row: number): number {
    return this.#recordStarts[row] ?? 0
  }

  #find(window: RecordWindow): number | DecodeStop {
    const { position, end } = window
    if (position === end) return 'need-more'
    if (position >= window.blockEnd) return 'block-end'
    const lineEnd = findLineEnd(this.#arena, position, end)
    if (lineEnd - position > this.#maxRecordBytes) throw badRecord(tooLong(this.#maxRecordBytes))
    return lineEnd < end || window.isLast ? lineEnd : 'need-more'
  }

  #write(window: RecordWindow, buffer: BatchBuffer, start: number, lineEnd: number): void {
    const column = buffer.batch.columns[this.#index]
    const type = this.#type
    const end = lineEnd > start && this.#bytes[lineEnd - 1] === CR ? lineEnd - 1 : lineEnd
    const isInvalid = dropsInvalidUtf8(window, lineEnd)
    if (column === undefined || type === undefined) return
    const row = buffer.batch.rowCount
    if (isText(type) && this.#charset !== undefined) writeCell(buffer, column, row, this.#charset.decode(this.#bytes.subarray(start, end)))
    else if (isText(type)) {
      if (isInvalid) throw badRecord(notUtf8)
      setView(buffer, column, row, start, end - start)
    } else if (type.kind === 'BINARY' || type.kind === 'VARBINARY') setView(buffer, column, row, start, end - start)
    else writeCell(buffer, column, row, this.#number(type, start, end))
  }

  #number(type: SqlType, start: number, end: number): SqlValue {
    const wanted = numberBytes[type.kind]!
    if (end - start !== wanted) throw badRecord(`${formatType(type)} wants ${wanted} bytes and the line has ${end - start}`)
    const view = new DataView(this.#bytes.buffer, start, wanted)
    switch (type.kind) {
      case 'BOOLEAN':
        return view.getInt8(0) !== 0
      case 'TINYINT':
        return view.getInt8(0)
      case 'SMALLINT':
        return view.getInt16(0, this.#isLittleEndian)
      case 'INTEGER':
        return view.getInt32(0, this.#isLittleEndian)
      case 'BIGINT':
        return view.getBigInt64(0, this.#isLittleEndian)
      case 'FLOAT':
        return view.getFloat32(0, this.#isLittleEndian)
      default:
        return view.getFloat64(0, this.#isLittleEndian)
    }
  }
}
