import { assert, unreachable } from '../base/assert.ts'
import type { SqlType } from './types.ts'
import { SqlMap, Variant, type SqlValue, type VariantContent } from './value.ts'

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined }

/**
 * A value as JSON that `valueFromJson` turns into an equal one. Exact: integers above 53 bits, decimals and times are texts of digits, NaN and
 * infinities their names, -0.0 the text `-0`, bytes hexadecimal.
 */
export function valueToJson(type: SqlType, value: SqlValue): Json {
  if (value === null) return null
  switch (type.kind) {
    case 'FLOAT':
    case 'DOUBLE':
      return floatToJson(value as number)
    case 'BIGINT':
    case 'DECIMAL':
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
    case 'INTERVAL_DAY_TIME':
      return String(value)
    case 'BINARY':
    case 'VARBINARY':
    case 'BITMAP':
      return bytesToHex(value as Uint8Array)
    case 'ARRAY':
      return (value as readonly SqlValue[]).map((item) => valueToJson(type.element, item))
    case 'ROW':
      return type.fields.map((field, i) => valueToJson(field.type, (value as readonly SqlValue[])[i]!))
    case 'MAP':
      return mapToJson(value as SqlMap, type.key, type.value)
    case 'MULTISET':
      return mapToJson(value as SqlMap, type.element, countType)
    case 'VARIANT':
      return variantToJson((value as Variant).content)
    case 'BOOLEAN':
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
    case 'DATE':
    case 'TIME':
    case 'INTERVAL_YEAR_MONTH':
    case 'CHAR':
    case 'VARCHAR':
    case 'NULL':
      return value as boolean | number | string
    default:
      return unreachable(type)
  }
}

/** The value that `valueToJson` wrote. */
export function valueFromJson(type: SqlType, json: Json): SqlValue {
  if (json === null) return null
  switch (type.kind) {
    case 'FLOAT':
    case 'DOUBLE':
      return floatFromJson(json)
    case 'BIGINT':
    case 'DECIMAL':
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
    case 'INTERVAL_DAY_TIME':
      assert(typeof json === 'string', 'a 64-bit value is stored as text')
      return BigInt(json)
    case 'BINARY':
    case 'VARBINARY':
    case 'BITMAP':
      assert(typeof json === 'string', 'bytes are stored as text')
      return bytesFromHex(json)
    case 'ARRAY':
      return items(json).map((item) => valueFromJson(type.element, item))
    case 'ROW': {
      const values = items(json)
      return type.fields.map((field, i) => valueFromJson(field.type, values[i] ?? null))
    }
    case 'MAP':
      return mapFromJson(json, type.key, type.value)
    case 'MULTISET':
      return mapFromJson(json, type.element, countType)
    case 'VARIANT':
      return new Variant(variantFromJson(json))
    case 'BOOLEAN':
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
    case 'DATE':
    case 'TIME':
    case 'INTERVAL_YEAR_MONTH':
    case 'CHAR':
    case 'VARCHAR':
    case 'NULL':
      assert(typeof json !== 'object', 'a scalar is stored as a scalar')
      return json
    default:
      return unreachable(type)
  }
}

const countType: SqlType = { kind: 'INTEGER', nullable: false }

function items(json: Json): readonly Json[] {
  assert(Array.isArray(json), 'a collection is stored as a list')
  return json as readonly Json[]
}

function floatToJson(value: number): Json {
  if (Number.isFinite(value) && !Object.is(value, -0)) return value
  return Object.is(value, -0) ? '-0' : String(value)
}

function floatFromJson(json: Json): number {
  return typeof json === 'number' ? json : Number(json)
}

function mapToJson(map: SqlMap, key: SqlType, value: SqlType): Json {
  return map.keys.map((item, i) => [valueToJson(key, item), valueToJson(value, map.values[i]!)])
}

function mapFromJson(json: Json, key: SqlType, value: SqlType): SqlMap {
  const entries = items(json).map(items)
  return new SqlMap(
    entries.map((entry) => valueFromJson(key, entry[0]!)),
    entries.map((entry) => valueFromJson(value, entry[1]!)),
  )
}

function variantToJson(content: VariantContent): Json {
  switch (content.kind) {
    case 'null':
      return { kind: 'null' }
    case 'boolean':
    case 'string':
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'date':
      return { kind: content.kind, value: content.value }
    case 'float':
    case 'double':
      return { kind: content.kind, value: floatToJson(content.value) }
    case 'bigint':
    case 'timestamp':
    case 'timestamp_ltz':
      return { kind: content.kind, value: String(content.value) }
    case 'decimal':
      return { kind: 'decimal', value: String(content.value), scale: content.scale }
    case 'bytes':
      return { kind: 'bytes', value: bytesToHex(content.value) }
    case 'array':
      return { kind: 'array', items: content.items.map(variantToJson) }
    case 'object':
      return { kind: 'object', fields: Array.from(content.fields, ([name, item]) => [name, variantToJson(item)]) }
    default:
      return unreachable(content)
  }
}

function variantFromJson(json: Json): VariantContent {
  const stored = json as {
    readonly kind: VariantContent['kind']
    readonly value?: Json
    readonly scale?: number
    readonly items?: Json
    readonly fields?: Json
  }
  switch (stored.kind) {
    case 'null':
      return { kind: 'null' }
    case 'boolean':
      return { kind: 'boolean', value: stored.value === true }
    case 'string':
      return { kind: 'string', value: String(stored.value) }
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'date':
    case 'float':
    case 'double':
      return { kind: stored.kind, value: floatFromJson(stored.value ?? null) }
    case 'bigint':
    case 'timestamp':
    case 'timestamp_ltz':
      return { kind: stored.kind, value: BigInt(String(stored.value)) }
    case 'decimal':
      return { kind: 'decimal', value: BigInt(String(stored.value)), scale: stored.scale ?? 0 }
    case 'bytes':
      return { kind: 'bytes', value: bytesFromHex(String(stored.value)) }
    case 'array':
      return { kind: 'array', items: items(stored.items ?? []).map(variantFromJson) }
    case 'object':
      return {
        kind: 'object',
        fields: new Map(items(stored.fields ?? []).map((entry) => [String(items(entry)[0]), variantFromJson(items(entry)[1]!)])),
      }
    default:
      return unreachable(stored.kind)
  }
}

function bytesToHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
}

function bytesFromHex(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'))
}
