import { assert, unreachable } from '../base/assert.ts'
import type { Arena } from './arena.ts'
import { ByteReader, ByteSink } from './byte-sink.ts'
import type { SqlType } from './types.ts'
import { decodeUtf8 } from './utf8.ts'
import { SqlMap, Variant, type SqlValue, type VariantContent } from './value.ts'

// Any SQL value as bytes that tell their own end: the cells of ARRAY, MAP, MULTISET and VARIANT columns, keys of state, snapshots.
//
//   value   := 0x00                           NULL
//            | 0x01 payload                   by type:
//   BOOLEAN, TINYINT 1 byte; SMALLINT 2; INT, DATE, TIME, months 4; BIGINT, DECIMAL(1..18), TIMESTAMP(0..3) (ms), day interval 8;
//   DECIMAL(19..38) 16 bytes two's complement; TIMESTAMP(4..9) 8 bytes ms and 4 bytes nanoseconds of the millisecond;
//   FLOAT 4, DOUBLE 8; text and binary: varint length, bytes; ARRAY: varint count, values; MAP, MULTISET: varint count, then key and
//   value in turn; ROW: the values of its fields; VARIANT: a byte for the kind of content, then the content.
//
// Integers are little-endian. Equal values of one type have equal bytes, and different values different ones: there is one NaN, 0.0
// and -0.0 differ, fields of VARIANT objects are sorted by name. Entries of a MAP keep their order, which is part of the value
// here as it is in Flink's keys. `kernels/keys.ts` writes the same bytes for the key columns of a batch.

const NULL_TAG = 0
const VALUE_TAG = 1
const NANOS_PER_MS = 1_000_000n

/** Appends `value` to `out`. */
export function encodeValue(type: SqlType, value: SqlValue, out: ByteSink): void {
  if (value === null) {
    out.u8(NULL_TAG)
    return
  }
  out.u8(VALUE_TAG)
  switch (type.kind) {
    case 'BOOLEAN':
      out.u8(value === true ? 1 : 0)
      return
    case 'TINYINT':
      out.u8(value as number)
      return
    case 'SMALLINT':
      out.i16(value as number)
      return
    case 'INTEGER':
    case 'DATE':
    case 'TIME':
    case 'INTERVAL_YEAR_MONTH':
      out.i32(value as number)
      return
    case 'BIGINT':
    case 'INTERVAL_DAY_TIME':
      out.i64(value as bigint)
      return
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ': {
      const ms = floorMs(value as bigint)
      out.i64(ms)
      if (type.precision > 3) out.i32(Number((value as bigint) - ms * NANOS_PER_MS))
      return
    }
    case 'DECIMAL':
      out.i64(BigInt.asIntN(64, value as bigint))
      if (type.precision > 18) out.i64((value as bigint) >> 64n)
      return
    case 'FLOAT':
      out.f32(canonicalNaN(value as number))
      return
    case 'DOUBLE':
      out.f64(canonicalNaN(value as number))
      return
    case 'CHAR':
    case 'VARCHAR':
      out.text(value as string)
      return
    case 'BINARY':
    case 'VARBINARY':
    case 'BITMAP':
      out.prefixed(value as Uint8Array)
      return
    case 'ARRAY': {
      const items = value as readonly SqlValue[]
      out.varint(items.length)
      for (const item of items) encodeValue(type.element, item, out)
      return
    }
    case 'MAP':
    case 'MULTISET': {
      const map = value as SqlMap
      const [keyType, valueType] = entryTypes(type)
      out.varint(map.keys.length)
      map.keys.forEach((key, i) => {
        encodeValue(keyType, key, out)
        encodeValue(valueType, map.values[i]!, out)
      })
      return
    }
    case 'ROW':
      type.fields.forEach((field, i) => encodeValue(field.type, (value as readonly SqlValue[])[i]!, out))
      return
    case 'VARIANT':
      encodeVariant((value as Variant).content, out)
      return
    case 'NULL':
      return assert(false, 'the type NULL has no value')
    default:
      return unreachable(type)
  }
}

/** Nanoseconds to milliseconds, towards the past. */
export function floorMs(nanos: bigint): bigint {
  const ms = nanos / NANOS_PER_MS
  return nanos < 0n && ms * NANOS_PER_MS !== nanos ? ms - 1n : ms
}

/** Any NaN becomes the one NaN that JavaScript writes. */
function canonicalNaN(value: number): number {
  return Number.isNaN(value) ? NaN : value
}

const countType: SqlType = { kind: 'INTEGER', nullable: false }

function entryTypes(type: Extract<SqlType, { key: SqlType } | { element: SqlType }>): readonly [SqlType, SqlType] {
  return type.kind === 'MAP' ? [type.key, type.value] : [type.element, countType]
}

const variantKinds = [
  'null',
  'boolean',
  'tinyint',
  'smallint',
  'integer',
  'bigint',
  'float',
  'double',
  'decimal',
  'string',
  'bytes',
  'date',
  'timestamp',
  'timestamp_ltz',
  'array',
  'object',
] as const satisfies readonly VariantContent['kind'][]

function encodeVariant(content: VariantContent, out: ByteSink): void {
  out.u8(variantKinds.indexOf(content.kind))
  switch (content.kind) {
    case 'null':
      return
    case 'boolean':
      out.u8(content.value ? 1 : 0)
      return
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'date':
      out.i32(content.value)
      return
    case 'float':
      out.f32(canonicalNaN(content.value))
      return
    case 'double':
      out.f64(canonicalNaN(content.value))
      return
    case 'bigint':
      out.i64(content.value)
      return
    case 'timestamp':
    case 'timestamp_ltz': {
      const ms = floorMs(content.value)
      out.i64(ms)
      out.i32(Number(content.value - ms * NANOS_PER_MS))
      return
    }
    case 'decimal':
      out.u8(content.scale)
      out.i64(BigInt.asIntN(64, content.value))
      out.i64(content.value >> 64n)
      return
    case 'string':
      out.text(content.value)
      return
    case 'bytes':
      out.prefixed(content.value)
      return
    case 'array':
      out.varint(content.items.length)
      for (const item of content.items) encodeVariant(item, out)
      return
    case 'object': {
      const names = [...content.fields.keys()].toSorted(compareUnits)
      out.varint(names.length)
      for (const name of names) {
        out.text(name)
        encodeVariant(content.fields.get(name)!, out)
      }
      return
    }
    default:
      return unreachable(content)
  }
}

function compareUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** The value that starts at `offset`, and the offset behind it. */
export function decodeValue(type: SqlType, bytes: Uint8Array, offset: number = 0): { value: SqlValue; offset: number } {
  const reader = new ByteReader(bytes, offset)
  const value = readValue(type, reader)
  return { value, offset: reader.offset }
}

/** The next value of `reader`. */
export function readValue(type: SqlType, reader: ByteReader): SqlValue {
  if (reader.u8() === NULL_TAG) return null
  switch (type.kind) {
    case 'BOOLEAN':
      return reader.u8() !== 0
    case 'TINYINT':
      return reader.i8()
    case 'SMALLINT':
      return reader.i16()
    case 'INTEGER':
    case 'DATE':
    case 'TIME':
    case 'INTERVAL_YEAR_MONTH':
      return reader.i32()
    case 'BIGINT':
    case 'INTERVAL_DAY_TIME':
      return reader.i64()
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ': {
      const nanos = reader.i64() * NANOS_PER_MS
      return type.precision > 3 ? nanos + BigInt(reader.i32()) : nanos
    }
    case 'DECIMAL': {
      const low = reader.i64()
      return type.precision > 18 ? joinHalves(low, reader.i64()) : low
    }
    case 'FLOAT':
      return reader.f32()
    case 'DOUBLE':
      return reader.f64()
    case 'CHAR':
    case 'VARCHAR':
      return readText(reader)
    case 'BINARY':
    case 'VARBINARY':
    case 'BITMAP':
      return reader.raw(reader.varint())
    case 'ARRAY': {
      const items: SqlValue[] = []
      for (let left = reader.varint(); left > 0; left--) items.push(readValue(type.element, reader))
      return items
    }
    case 'MAP':
    case 'MULTISET': {
      const [keyType, valueType] = entryTypes(type)
      const keys: SqlValue[] = []
      const values: SqlValue[] = []
      for (let left = reader.varint(); left > 0; left--) {
        keys.push(readValue(keyType, reader))
        values.push(readValue(valueType, reader))
      }
      return new SqlMap(keys, values)
    }
    case 'ROW':
      return type.fields.map((field) => readValue(field.type, reader))
    case 'VARIANT':
      return new Variant(readVariant(reader))
    case 'NULL':
      return null
    default:
      return unreachable(type)
  }
}

/** The 128-bit integer of two halves. */
export function joinHalves(low: bigint, high: bigint): bigint {
  return (high << 64n) | BigInt.asUintN(64, low)
}

function readText(reader: ByteReader): string {
  const length = reader.varint()
  const text = decodeUtf8(reader.bytes, reader.offset, length)
  reader.offset += length
  return text
}

function readVariant(reader: ByteReader): VariantContent {
  const kind = variantKinds[reader.u8()]
  assert(kind !== undefined, 'a VARIANT begins with the kind of its content')
  switch (kind) {
    case 'null':
      return { kind }
    case 'boolean':
      return { kind, value: reader.u8() !== 0 }
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'date':
      return { kind, value: reader.i32() }
    case 'float':
      return { kind, value: reader.f32() }
    case 'double':
      return { kind, value: reader.f64() }
    case 'bigint':
      return { kind, value: reader.i64() }
    case 'timestamp':
    case 'timestamp_ltz': {
      const ms = reader.i64()
      return { kind, value: ms * NANOS_PER_MS + BigInt(reader.i32()) }
    }
    case 'decimal': {
      const scale = reader.u8()
      const low = reader.i64()
      return { kind, scale, value: joinHalves(low, reader.i64()) }
    }
    case 'string':
      return { kind, value: readText(reader) }
    case 'bytes':
      return { kind, value: reader.raw(reader.varint()) }
    case 'array': {
      const items: VariantContent[] = []
      for (let left = reader.varint(); left > 0; left--) items.push(readVariant(reader))
      return { kind, items }
    }
    case 'object': {
      const fields = new Map<string, VariantContent>()
      for (let left = reader.varint(); left > 0; left--) {
        const name = readText(reader)
        fields.set(name, readVariant(reader))
      }
      return { kind, fields }
    }
    default:
      return unreachable(kind)
  }
}

const scratch = new ByteSink(1024)

/** The bytes of one value in an array of their own. */
export function valueBytes(type: SqlType, value: SqlValue): Uint8Array {
  scratch.clear()
  encodeValue(type, value, scratch)
  return scratch.toBytes()
}

/** The value of a row of `types` as one run of bytes: its values one behind the other. */
export function rowBytes(types: readonly SqlType[], row: readonly SqlValue[]): Uint8Array {
  scratch.clear()
  types.forEach((type, i) => encodeValue(type, row[i]!, scratch))
  return scratch.toBytes()
}

/** The values that `rowBytes` wrote. */
export function decodeRow(types: readonly SqlType[], bytes: Uint8Array, offset: number = 0): SqlValue[] {
  const reader = new ByteReader(bytes, offset)
  return types.map((type) => readValue(type, reader))
}

// Making a view of the whole arena costs more than reading a small value, so the last one is kept.
let arenaReader: ByteReader | undefined

/** The value whose encoding lies at `address`. */
export function decodeFromArena(arena: Arena, type: SqlType, address: number): SqlValue {
  if (arenaReader?.bytes !== arena.u8) arenaReader = new ByteReader(arena.u8)
  arenaReader.offset = address
  return readValue(type, arenaReader)
}
