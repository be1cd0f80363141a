import { AssertionError } from '../base/assert.ts'
import { formatDecimal } from './decimal.ts'
import { bigDecimalText, parseJson, quoteJson, writeJson } from './json-tree.ts'
import { formatDouble } from './number-text.ts'
import type { SqlType } from './types.ts'
import type { SqlMap, SqlValue, Variant } from './value.ts'
import { isoTimestamp, variantJson } from './variant.ts'

/**
 * A value as JSON, as JSON_STRING, JSON_OBJECT, JSON_ARRAY and their aggregates write it: keys sorted, NULL as `null`, timestamps as `2024-02-29T13:04:05.123`
 * (TIMESTAMP_LTZ in UTC with a `Z`), bytes as base64.
 */
export function jsonText(type: SqlType, value: SqlValue): string {
  if (value === null) return 'null'
  switch (type.kind) {
    case 'BOOLEAN':
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
    case 'BIGINT':
      return String(value)
    case 'FLOAT':
    case 'DOUBLE':
      return doubleJson(value as number)
    case 'DECIMAL':
      return bigDecimalText(formatDecimal(value as bigint, type.scale))
    case 'CHAR':
    case 'VARCHAR':
      return quoteJson(value as string)
    case 'BINARY':
    case 'VARBINARY':
      return `"${base64(value as Uint8Array)}"`
    case 'TIMESTAMP':
      return `"${isoTimestamp(value as bigint)}"`
    case 'TIMESTAMP_LTZ':
      return `"${isoTimestamp(value as bigint)}Z"`
    case 'ARRAY':
      return `[${(value as readonly SqlValue[]).map((item) => jsonText(type.element, item)).join(',')}]`
    case 'ROW': {
      const row = value as readonly SqlValue[]
      return jsonObject(type.fields.map((field, i) => [field.name, jsonText(field.type, row[i] ?? null)] as const))
    }
    case 'MAP':
    case 'MULTISET': {
      const { keys, values } = value as SqlMap
      const valueType: SqlType = type.kind === 'MAP' ? type.value : { kind: 'INTEGER', nullable: false }
      return jsonObject(keys.map((key, i) => [key as string, jsonText(valueType, values[i] ?? null)] as const))
    }
    case 'VARIANT':
      return variantJson((value as Variant).content)
    default:
      throw new AssertionError(`Internal fault: a ${type.kind} has no JSON form, the binder refuses it`)
  }
}

/** Whether `jsonText` can write values of a type. Keys of maps must be texts. */
export function hasJsonForm(type: SqlType): boolean {
  switch (type.kind) {
    case 'DATE':
    case 'TIME':
    case 'INTERVAL_YEAR_MONTH':
    case 'INTERVAL_DAY_TIME':
    case 'BITMAP':
      return false
    case 'ARRAY':
      return hasJsonForm(type.element)
    case 'MULTISET':
      return type.element.kind === 'CHAR' || type.element.kind === 'VARCHAR'
    case 'MAP':
      return (type.key.kind === 'CHAR' || type.key.kind === 'VARCHAR') && hasJsonForm(type.value)
    case 'ROW':
      return type.fields.every((field) => hasJsonForm(field.type))
    default:
      return true
  }
}

/** An object of members whose values are JSON already, sorted by key; of equal keys the last one stays. */
export function jsonObject(members: readonly (readonly [key: string, json: string])[]): string {
  const byKey = new Map(members)
  const keys = [...byKey.keys()].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  return `{${keys.map((key) => `${quoteJson(key)}:${byKey.get(key)!}`).join(',')}}`
}

/** The same JSON in the form of the JSON functions: sorted keys, no blanks; undefined when the text is no JSON. */
export function normalizeJson(text: string): string | undefined {
  const node = parseJson(text)
  return node === undefined ? undefined : writeJson(node)
}

/** As in Flink a FLOAT shows the digits of its DOUBLE. */
function doubleJson(value: number): string {
  return Number.isFinite(value) ? bigDecimalText(formatDouble(value).replace('E', 'e')) : `"${formatDouble(value)}"`
}

export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
}
