import { unreachable } from '../base/assert.ts'
import { formatDecimal } from './decimal.ts'
import { formatValue } from './text.ts'
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
