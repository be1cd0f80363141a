import { unreachable } from '../../base/assert.ts'
import { formatDecimal } from '../../data/decimal.ts'
import { formatDate } from '../../data/datetime.ts'
import { formatValue } from '../../data/text.ts'
import type { SqlType } from '../../data/types.ts'
import { SqlMap, type SqlValue } from '../../data/value.ts'

const NANOS_A_SECOND = 1_000_000_000n

/**
 * A value as Flink's `print` connector shows it: as Java's own objects do. Dates and times in ISO form with the shortest seconds
 * (`2020-04-15T08:05`, an instant with `Z`), ARRAY as `[a, b]`, MAP as `{k=v}`, ROW as `+I[a, b]`, NULL as `null`.
 */
export function javaText(type: SqlType, value: SqlValue): string {
  if (value === null) return 'null'
  switch (type.kind) {
    case 'BOOLEAN':
      return String(value)
    case 'DECIMAL':
      return formatDecimal(value as bigint, type.scale)
    case 'DATE':
      return formatDate(value as number)
    case 'TIME':
      return isoTime(BigInt(value as number) * 1_000_000n)
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ': {
      const nanos = value as bigint
      const ofDay = ((nanos % DAY) + DAY) % DAY
      const isInstant = type.kind === 'TIMESTAMP_LTZ'
      return `${formatDate(Number((nanos - ofDay) / DAY))}T${isInstant ? isoInstantTime(ofDay) : isoTime(ofDay)}`
    }
    case 'BINARY':
    case 'VARBINARY':
      return `[${Array.from(value as Uint8Array, (byte) => (byte << 24) >> 24).join(', ')}]`
    case 'ARRAY':
      return `[${(value as readonly SqlValue[]).map((item) => javaText(type.element, item)).join(', ')}]`
    case 'MAP':
      return mapText(
        value as SqlMap,
        (key) => javaText(type.key, key),
        (item) => javaText(type.value, item),
      )
    case 'MULTISET':
      return mapText(value as SqlMap, (key) => javaText(type.element, key), String)
    case 'ROW':
      return `+I[${type.fields.map((field, i) => javaText(field.type, (value as readonly SqlValue[])[i] ?? null)).join(', ')}]`
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
    case 'BIGINT':
    case 'FLOAT':
    case 'DOUBLE':
    case 'CHAR':
    case 'VARCHAR':
    case 'VARIANT':
    case 'BITMAP':
    case 'NULL':
    case 'INTERVAL_YEAR_MONTH':
    case 'INTERVAL_DAY_TIME':
      return formatValue(type, value) ?? 'null'
    default:
      return unreachable(type)
  }
}

const DAY = 86_400n * NANOS_A_SECOND

function mapText(map: SqlMap, key: (key: SqlValue) => string, item: (value: SqlValue) => string): string {
  return `{${map.keys.map((each, i) => `${key(each)}=${item(map.values[i] ?? null)}`).join(', ')}}`
}

/** LocalTime.toString: seconds only when there are some, fractions in groups of three digits. */
function isoTime(nanosOfDay: bigint): string {
  const seconds = Number(nanosOfDay / NANOS_A_SECOND)
  const nanos = Number(nanosOfDay % NANOS_A_SECOND)
  const minute = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}`
  if (seconds % 60 === 0 && nanos === 0) return minute
  return `${minute}:${two(seconds % 60)}${fraction(nanos)}`
}

/** Instant.toString: always seconds. */
function isoInstantTime(nanosOfDay: bigint): string {
  const seconds = Number(nanosOfDay / NANOS_A_SECOND)
  const time = [seconds / 3600, (seconds / 60) % 60, seconds % 60].map((part) => two(Math.floor(part))).join(':')
  return `${time}${fraction(Number(nanosOfDay % NANOS_A_SECOND))}Z`
}

function fraction(nanos: number): string {
  if (nanos === 0) return ''
  const digits = String(nanos).padStart(9, '0')
  return `.${digits.endsWith('000000') ? digits.slice(0, 3) : digits.endsWith('000') ? digits.slice(0, 6) : digits}`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
