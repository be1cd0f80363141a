import { unreachable } from '../base/assert.ts'
import { formatBitmap } from './bitmap.ts'
import {
  formatDate,
  formatIntervalDayTime,
  formatIntervalYearMonth,
  formatTime,
  formatTimestamp,
  parseDate,
  parseTime,
  parseTimestamp,
  truncateTimestamp,
} from './datetime.ts'
import { formatDecimal, parseDecimal } from './decimal.ts'
import { formatDouble, formatFloat, parseBigint, parseDouble, parseInteger } from './number-text.ts'
import { localToUtcNs, utc, utcToLocalNs, zone as zoneOf } from './time-zone.ts'
import type { SqlType } from './types.ts'
import type { SqlMap, SqlValue, Variant } from './value.ts'
import { variantJson } from './variant.ts'

/** How bytes stand in a text: `text` reads them as UTF-8, as CAST does; `hex` writes `x'6869'`, as results are printed. */
export type BytesForm = 'text' | 'hex'

/**
 * The value as `CAST(value AS STRING)` gives it; null for NULL. `zone` is the session's time zone, in which TIMESTAMP_LTZ is written.
 *
 * Inside of a ROW `(a, b)`, ARRAY `[a, b]`, MAP `{k=v}` and MULTISET `{element=count}` a NULL is `NULL`, and texts stand without quotes.
 */
export function formatValue(type: SqlType, value: SqlValue, zone = 'UTC', bytes: BytesForm = 'text'): string | null {
  if (value === null) return null
  switch (type.kind) {
    case 'BOOLEAN':
      return value === true ? 'TRUE' : 'FALSE'
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
    case 'BIGINT':
      return String(value)
    case 'FLOAT':
      return formatFloat(value as number)
    case 'DOUBLE':
      return formatDouble(value as number)
    case 'DECIMAL':
      return formatDecimal(value as bigint, type.scale)
    case 'CHAR':
    case 'VARCHAR':
      return value as string
    case 'BINARY':
    case 'VARBINARY':
      return formatBytes(value as Uint8Array, bytes)
    case 'DATE':
      return formatDate(value as number)
    case 'TIME':
      return formatTime(value as number, type.precision)
    case 'TIMESTAMP':
      return formatTimestamp(value as bigint, type.precision)
    case 'TIMESTAMP_LTZ':
      return formatTimestamp(utcToLocalNs(zoneOf(zone) ?? utc, value as bigint), type.precision)
    case 'INTERVAL_YEAR_MONTH':
      return formatIntervalYearMonth(value as number)
    case 'INTERVAL_DAY_TIME':
      return formatIntervalDayTime(value as bigint)
    case 'ARRAY': {
      const items = (value as readonly SqlValue[]).map((item) => nested(type.element, item, zone, bytes))
      return `[${items.join(', ')}]`
    }
    case 'ROW': {
      const row = value as readonly SqlValue[]
      const shown = type.fields.map((field, i) => nested(field.type, row[i] ?? null, zone, bytes))
      // A structured type shows the names of its fields, a plain row does not.
      return `(${type.className === undefined ? shown.join(', ') : shown.map((value, i) => `${type.fields[i]!.name}=${value}`).join(', ')})`
    }
    case 'MAP':
      return formatEntries(value as SqlMap, type.key, type.value, zone, bytes)
    case 'MULTISET':
      return formatEntries(value as SqlMap, type.element, { kind: 'INTEGER', nullable: false }, zone, bytes)
    case 'BITMAP':
      return formatBitmap(value as Uint8Array)
    case 'VARIANT':
      return variantJson((value as Variant).content)
    case 'NULL':
      return null
    default:
      return unreachable(type)
  }
}

function nested(type: SqlType, value: SqlValue, zone: string, bytes: BytesForm): string {
  return formatValue(type, value, zone, bytes) ?? 'NULL'
}

function formatEntries(map: SqlMap, key: SqlType, value: SqlType, zone: string, bytes: BytesForm): string {
  const entries = map.keys.map((k, i) => `${nested(key, k, zone, bytes)}=${nested(value, map.values[i] ?? null, zone, bytes)}`)
  return `{${entries.join(', ')}}`
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const encoder = new TextEncoder()

function formatBytes(bytes: Uint8Array, form: BytesForm): string {
  if (form === 'text') return decoder.decode(bytes)
  return `x'${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}'`
}

const booleans = new Map<string, boolean>([
  ...['t', 'true', 'y', 'yes', '1'].map((word) => [word, true] as const),
  ...['f', 'false', 'n', 'no', '0'].map((word) => [word, false] as const),
])

/**
 * The value that `CAST(text AS type)` gives; undefined for a text that is no value of the type (CAST fails, TRY_CAST is NULL), null where
 * CAST itself is NULL: a number that does not fit its DECIMAL. There is no reading of nested types and intervals: undefined.
 */
export function parseValue(type: SqlType, text: string, zone = 'UTC'): SqlValue | undefined {
  switch (type.kind) {
    case 'BOOLEAN':
      return booleans.get(text.toLowerCase())
    case 'TINYINT':
      return parseInteger(text, 8)
    case 'SMALLINT':
      return parseInteger(text, 16)
    case 'INTEGER':
      return parseInteger(text, 32)
    case 'BIGINT':
      return parseBigint(text)
    case 'FLOAT': {
      const value = parseDouble(text)
      return value === undefined ? undefined : Math.fround(value)
    }
    case 'DOUBLE':
      return parseDouble(text)
    case 'DECIMAL':
      return parseDecimal(text, type.precision, type.scale)
    case 'CHAR':
      return padText(cutText(text, type.length), type.length)
    case 'VARCHAR':
      return cutText(text, type.length)
    case 'BINARY':
      return fitBytes(encoder.encode(text), type.length, 'pad')
    case 'VARBINARY':
      return fitBytes(encoder.encode(text), type.length, 'keep')
    case 'DATE':
      return parseDate(text)
    case 'TIME':
      return parseTimeOf(text, type.precision)
    case 'TIMESTAMP': {
      const local = parseTimestamp(text)
      return local === undefined ? undefined : truncateTimestamp(local, type.precision)
    }
    case 'TIMESTAMP_LTZ': {
      const local = parseTimestamp(text)
      return local === undefined ? undefined : localToUtcNs(zoneOf(zone) ?? utc, truncateTimestamp(local, type.precision))
    }
    default:
      return undefined
  }
}

function parseTimeOf(text: string, precision: number): number | undefined {
  const time = parseTime(text)
  if (time === undefined || precision >= 3) return time
  const unit = 10 ** (3 - precision)
  return Math.floor(time / unit) * unit
}

/** How many characters (code points) a text has. */
export function characterCount(text: string): number {
  let count = text.length
  for (let i = 0; i < text.length - 1; i++) {
    if ((text.charCodeAt(i) & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) {
      count--
      i++
    }
  }
  return count
}

/** The UTF-16 index behind the first `count` characters, or the text's length when it has fewer. */
export function characterIndex(text: string, count: number): number {
  if (count <= 0) return 0
  if (count >= text.length) return text.length
  let index = 0
  for (let left = count; left > 0 && index < text.length; left--) {
    const isPair = (text.charCodeAt(index) & 0xfc00) === 0xd800 && (text.charCodeAt(index + 1) & 0xfc00) === 0xdc00
    index += isPair ? 2 : 1
  }
  return index
}

/** The first `length` characters. */
export function cutText(text: string, length: number): string {
  return text.length <= length ? text : text.slice(0, characterIndex(text, length))
}

/** The text with blanks behind it up to `length` characters. */
export function padText(text: string, length: number): string {
  const missing = length - characterCount(text)
  return missing > 0 ? text + ' '.repeat(missing) : text
}

/** Bytes cut to `length`, and filled up with zeros for BINARY. */
export function fitBytes(bytes: Uint8Array, length: number, shorter: 'pad' | 'keep'): Uint8Array {
  if (bytes.length > length) return bytes.slice(0, length)
  if (bytes.length === length || shorter === 'keep') return bytes
  const padded = new Uint8Array(length)
  padded.set(bytes)
  return padded
}
