import { unreachable } from '../base/assert.ts'
import { parseBitmap } from './bitmap.ts'
import { formatDecimal, parseDecimal } from './decimal.ts'
import { characterCount, formatValue, padText, parseValue } from './text.ts'
import type { SqlType } from './types.ts'
import { SqlMap, type SqlValue } from './value.ts'

/** What a SQL value is for a TypeScript program: see `toExternal`. */
export type ExternalValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Date
  | readonly ExternalValue[]
  | ReadonlyMap<ExternalValue, ExternalValue>
  | { readonly [field: string]: ExternalValue }

/**
 * A SQL value as programs receive it in rows, functions and sinks.
 *
 * TINYINT to INT, FLOAT, DOUBLE: `number`; BIGINT: `bigint`; BOOLEAN: `boolean`; DECIMAL and text: `string`; BYTES: `Uint8Array`;
 * TIMESTAMP_LTZ(0..3): `Date`; DATE, TIME, TIMESTAMP, finer TIMESTAMP_LTZ, intervals: their SQL text; ROW: object; ARRAY: array; MAP and
 * MULTISET: `Map`; VARIANT: its JSON text; NULL: `null`.
 */
export function toExternal(type: SqlType, value: SqlValue): ExternalValue {
  if (value === null) return null
  switch (type.kind) {
    case 'NULL':
      return null
    case 'BOOLEAN':
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
    case 'FLOAT':
    case 'DOUBLE':
    case 'BIGINT':
    case 'CHAR':
    case 'VARCHAR':
    case 'BINARY':
    case 'VARBINARY':
    case 'BITMAP':
      return value as ExternalValue
    case 'DECIMAL':
      return formatDecimal(value as bigint, type.scale)
    case 'TIMESTAMP_LTZ':
      return type.precision <= 3 ? new Date(Number((value as bigint) / 1_000_000n)) : formatValue(type, value)
    case 'DATE':
    case 'TIME':
    case 'TIMESTAMP':
    case 'VARIANT':
    case 'INTERVAL_YEAR_MONTH':
    case 'INTERVAL_DAY_TIME':
      return formatValue(type, value)
    case 'ARRAY':
      return (value as readonly SqlValue[]).map((item) => toExternal(type.element, item))
    case 'MULTISET':
    case 'MAP': {
      const { keys, values } = value as SqlMap
      const [keyType, valueType] = type.kind === 'MAP' ? [type.key, type.value] : [type.element, integer]
      return new Map(keys.map((key, i) => [toExternal(keyType, key), toExternal(valueType, values[i] ?? null)]))
    }
    case 'ROW': {
      const fields = value as readonly SqlValue[]
      return Object.fromEntries(type.fields.map((field, i) => [field.name, toExternal(field.type, fields[i] ?? null)]))
    }
    default:
      return unreachable(type)
  }
}

const integer: SqlType = { kind: 'INTEGER', nullable: false }

/**
 * The SQL value of what a program gives back, in the forms of `toExternal`; undefined when it is no value of the type, NULL of one that takes none among them.
 *
 * Besides those forms BIGINT takes a whole `number` that is exact, DECIMAL a `number` or `bigint`, TIMESTAMP_LTZ a text, ROW an array of its fields' values. A DECIMAL
 * is rounded to its scale; what is too large or too long for its type is none of it.
 */
export function fromExternal(type: SqlType, value: unknown): SqlValue | undefined {
  if (value === null) return type.nullable ? null : undefined
  switch (type.kind) {
    case 'NULL':
      return undefined
    case 'BOOLEAN':
      return typeof value === 'boolean' ? value : undefined
    case 'TINYINT':
      return wholeNumber(value, 8)
    case 'SMALLINT':
      return wholeNumber(value, 16)
    case 'INTEGER':
      return wholeNumber(value, 32)
    case 'BIGINT': {
      const whole = typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value
      return typeof whole === 'bigint' && BigInt.asIntN(64, whole) === whole ? whole : undefined
    }
    case 'FLOAT':
      return typeof value === 'number' ? Math.fround(value) : undefined
    case 'DOUBLE':
      return typeof value === 'number' ? value : undefined
    case 'CHAR':
    case 'VARCHAR':
      if (typeof value !== 'string' || characterCount(value) > type.length) return undefined
      return type.kind === 'CHAR' ? padText(value, type.length) : value
    case 'BINARY':
    case 'VARBINARY':
      return value instanceof Uint8Array && value.length <= type.length ? value.slice() : undefined
    case 'BITMAP':
      return value instanceof Uint8Array ? parseBitmap(value)?.toBytes() : undefined
    case 'DECIMAL':
      if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint') return undefined
      return parseDecimal(String(value), type.precision, type.scale) ?? undefined
    case 'TIMESTAMP_LTZ': {
      if (!(value instanceof Date)) return typeof value === 'string' ? parseValue(type, value) : undefined
      const ms = value.getTime()
      return Number.isNaN(ms) ? undefined : BigInt(ms) * 1_000_000n
    }
    case 'DATE':
    case 'TIME':
    case 'TIMESTAMP':
      return typeof value === 'string' ? parseValue(type, value) : undefined
    case 'ARRAY':
      return Array.isArray(value) ? allOf(value.map((item) => fromExternal(type.element, item))) : undefined
    case 'MAP':
      return entriesOf(value, type.key, type.value)
    case 'MULTISET':
      return entriesOf(value, type.element, integer)
    case 'ROW': {
      if (typeof value !== 'object') return undefined
      const fields: readonly unknown[] = Array.isArray(value)
        ? value
        : type.fields.map(({ name }) => (value as Readonly<Record<string, unknown>>)[name])
      if (fields.length !== type.fields.length) return undefined
      return allOf(type.fields.map((field, i) => fromExternal(field.type, fields[i])))
    }
    case 'INTERVAL_YEAR_MONTH':
    case 'INTERVAL_DAY_TIME':
    case 'VARIANT':
      return undefined
    default:
      return unreachable(type)
  }
}

function wholeNumber(value: unknown, bits: number): number | undefined {
  const limit = 2 ** (bits - 1)
  return typeof value === 'number' && Number.isInteger(value) && value >= -limit && value < limit ? value : undefined
}

function allOf(values: readonly (SqlValue | undefined)[]): readonly SqlValue[] | undefined {
  return values.includes(undefined) ? undefined : (values as readonly SqlValue[])
}

function entriesOf(value: unknown, keyType: SqlType, valueType: SqlType): SqlMap | undefined {
  if (!(value instanceof Map)) return undefined
  const keys = allOf(Array.from(value.keys(), (key) => fromExternal(keyType, key)))
  const values = allOf(Array.from(value.values(), (item) => fromExternal(valueType, item)))
  return keys === undefined || values === undefined ? undefined : new SqlMap(keys, values)
}
