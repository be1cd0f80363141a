import { unreachable } from '../base/assert.ts'
import { userError } from '../base/errors.ts'
import type { Arena } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import { readCell } from '../data/cells.ts'
import type { SqlType } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import type { ByteWriter } from './byte-writer.ts'
import type { Encoder, EncoderSpec } from './format.ts'

const nodeEncodings: Readonly<Record<string, BufferEncoding>> = {
  'UTF-8': 'utf8',
  UTF8: 'utf8',
  'US-ASCII': 'latin1',
  ASCII: 'latin1',
  'ISO-8859-1': 'latin1',
  LATIN1: 'latin1',
  'UTF-16LE': 'utf16le',
}

/** Writes the bytes of the one column, each row in a line; NULL is an empty line. */
export class RawEncoder implements Encoder {
  readonly #arena: Arena
  readonly #index: number
  readonly #type: SqlType
  readonly #encoding: BufferEncoding
  readonly #isLittleEndian: boolean

  constructor(spec: EncoderSpec) {
    const [column] = spec.columns
    this.#arena = spec.arena
    this.#index = column!.index
    this.#type = column!.type
    const charset = String(spec.options.get('charset') ?? 'UTF-8')
    const encoding = nodeEncodings[charset.toUpperCase()]
    if (encoding === undefined) {
      throw userError('unsupported/charset', `Cannot write text as "${charset}": wanted UTF-8, UTF-16LE, ISO-8859-1 or US-ASCII`)
    }
    this.#encoding = encoding
    this.#isLittleEndian = spec.options.get('endianness') === 'little-endian'
  }

  encode(batch: Batch, row: number, _kind: number, out: ByteWriter): void {
    const value = readCell(this.#arena, batch.columns[this.#index]!, row)
    if (value !== null) {
      const bytes = this.#bytes(value)
      out.copy(bytes, 0, bytes.length)
    }
    out.byte(0x0a)
  }

  #bytes(value: SqlValue): Uint8Array {
    if (typeof value === 'string') return Buffer.from(value, this.#encoding)
    if (value instanceof Uint8Array) return value
    const view = new DataView(new ArrayBuffer(8))
    const isLittle = this.#isLittleEndian
    const { kind } = this.#type
    switch (kind) {
      case 'BOOLEAN':
        view.setInt8(0, value === true ? 1 : 0)
        return new Uint8Array(view.buffer, 0, 1)
      case 'TINYINT':
        view.setInt8(0, value as number)
        return new Uint8Array(view.buffer, 0, 1)
      case 'SMALLINT':
        view.setInt16(0, value as number, isLittle)
        return new Uint8Array(view.buffer, 0, 2)
      case 'INTEGER':
        view.setInt32(0, value as number, isLittle)
        return new Uint8Array(view.buffer, 0, 4)
      case 'BIGINT':
        view.setBigInt64(0, value as bigint, isLittle)
        return new Uint8Array(view.buffer, 0, 8)
      case 'FLOAT':
        view.setFloat32(0, value as number, isLittle)
        return new Uint8Array(view.buffer, 0, 4)
      case 'DOUBLE':
        view.setFloat64(0, value as number, isLittle)
        return new Uint8Array(view.buffer, 0, 8)
      default:
        return unreachable(kind as never)
    }
  }
}
