import { unreachable } from '../base/assert.ts'
import { externalError, userError } from '../base/errors.ts'
import type { Arena } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import { readCell } from '../data/cells.ts'
import type { SqlType } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import type { ByteWriter } from './byte-writer.ts'
import type { Charset } from './charset.ts'
import type { Encoder, EncoderSpec } from './format.ts'

/** Writes the bytes of the one column, each row in a line. NULL has none. */
export class RawEncoder implements Encoder {
  readonly #arena: Arena
  readonly #index: number
  readonly #type: SqlType
  readonly #name: string
  readonly #encodeText: (text: string) => Uint8Array
  readonly #isLittleEndian: boolean

  /** @param charset Absent for UTF-8. */
  constructor(spec: EncoderSpec, charset?: Charset) {
    const [column] = spec.columns
    this.#arena = spec.arena
    this.#index = column!.index
    this.#type = column!.type
    this.#name = column!.name
    const encode = charset === undefined ? (text: string) => Buffer.from(text, 'utf8') : charset.encode
    if (encode === undefined) {
      const name = String(spec.options.get('charset'))
      throw userError(
        'unsupported/charset',
        `Cannot write text as "${name}": it can only be read, wanted a charset such as UTF-8, UTF-16, GBK or ISO-8859-1`,
      )
    }
    this.#encodeText = encode
    this.#isLittleEndian = spec.options.get('endianness') === 'little-endian'
  }

  encode(batch: Batch, row: number, _kind: number, out: ByteWriter): void {
    const value = readCell(this.#arena, batch.columns[this.#index]!, row)
    if (value === null) {
      throw externalError(
        'format/null',
        `Cannot write column "${this.#name}" as raw: a row has NULL there, wanted a value; COALESCE gives it one`,
      )
    }
    const bytes = this.#bytes(value)
    out.copy(bytes, 0, bytes.length)
    out.byte(0x0a)
  }

  #bytes(value: SqlValue): Uint8Array {
    if (typeof value === 'string') return this.#encodeText(value)
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
