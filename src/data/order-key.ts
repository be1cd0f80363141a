import { AssertionError, unreachable } from '../base/assert.ts'
import { ByteSink } from './byte-sink.ts'
import type { SqlType } from './types.ts'
import { encodeUtf8, utf8Room } from './utf8.ts'
import type { SqlValue } from './value.ts'

// Values as bytes that compare, one by one and without signs, as the values do:
//
//   item    := 0x01                 NULL, which comes first
//            | 0x02 payload
//   payload := of an ARRAY its items, then 0x00: of two with one beginning the shorter comes first
//            | of a ROW the items of its fields
//            | of a number or time its bytes, the greatest first, shifted so that none is negative
//            | of text and binary its bytes, 0x00 followed by 0xff, then twice 0x00
const END = 0
const NULL_TAG = 1
const VALUE_TAG = 2

const sink = new ByteSink(64)
const doubleView = new DataView(new ArrayBuffer(8))

const unorderedKinds: ReadonlySet<SqlType['kind']> = new Set(['MAP', 'MULTISET', 'VARIANT', 'BITMAP', 'NULL'])

/** A type within a type, or itself, whose values have no order; undefined where all of them have one. */
export function unorderedPart(type: SqlType): SqlType | undefined {
  if (unorderedKinds.has(type.kind)) return type
  if (type.kind === 'ARRAY') return unorderedPart(type.element)
  if (type.kind !== 'ROW') return undefined
  for (const field of type.fields) {
    const part = unorderedPart(field.type)
    if (part !== undefined) return part
  }
  return undefined
}

/** The order of a value, of an ARRAY or ROW too: -0.0 before 0.0, NaN last. Types without an order have none. */
export function orderKey(type: SqlType, value: SqlValue): Uint8Array {
  sink.clear()
  write(type, value)
  return sink.toBytes()
}

function writeItem(type: SqlType, value: SqlValue): void {
  sink.u8(value === null ? NULL_TAG : VALUE_TAG)
  if (value !== null) write(type, value)
}

function write(type: SqlType, value: SqlValue): void {
  switch (type.kind) {
    case 'ARRAY':
      for (const item of value as readonly SqlValue[]) writeItem(type.element, item)
      sink.u8(END)
      return
    case 'ROW':
      type.fields.forEach((field, i) => writeItem(field.type, (value as readonly SqlValue[])[i]!))
      return
    case 'BOOLEAN':
      sink.u8(value === true ? 1 : 0)
      return
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
    case 'DATE':
    case 'TIME':
    case 'INTERVAL_YEAR_MONTH':
      writeBits(BigInt(value as number) + (1n << 31n), 4)
      return
    case 'BIGINT':
    case 'DECIMAL':
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
    case 'INTERVAL_DAY_TIME':
      writeBits((value as bigint) + (1n << 127n), 16)
      return
    case 'FLOAT':
    case 'DOUBLE':
      writeBits(doubleOrder(value as number), 8)
      return
    case 'CHAR':
    case 'VARCHAR': {
      const bytes = new Uint8Array(utf8Room(value as string))
      writeBytes(bytes.subarray(0, encodeUtf8(value as string, bytes, 0)))
      return
    }
    case 'BINARY':
    case 'VARBINARY':
      writeBytes(value as Uint8Array)
      return
    case 'MAP':
    case 'MULTISET':
    case 'VARIANT':
    case 'BITMAP':
    case 'NULL':
      throw new AssertionError(`Internal fault: values of ${type.kind} have no order`)
    default:
      return unreachable(type)
  }
}

/** Bits that are in the order of the numbers: those of a negative one are turned round. */
function doubleOrder(value: number): bigint {
  doubleView.setFloat64(0, Number.isNaN(value) ? Number.NaN : value)
  const bits = doubleView.getBigUint64(0)
  const sign = 1n << 63n
  return (bits & sign) === 0n ? bits | sign : bits ^ ((sign << 1n) - 1n)
}

function writeBits(bits: bigint, count: number): void {
  for (let shift = (count - 1) * 8; shift >= 0; shift -= 8) sink.u8(Number((bits >> BigInt(shift)) & 0xffn))
}

function writeBytes(bytes: Uint8Array): void {
  for (const byte of bytes) {
    sink.u8(byte)
    if (byte === 0) sink.u8(0xff)
  }
  sink.u8(0)
  sink.u8(0)
}
