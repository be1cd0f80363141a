import type { SqlType } from '../data/types.ts'
import { formatType, types, withNullability } from '../data/types.ts'
import { SqlMap, type SqlValue, type Variant, type VariantContent } from '../data/value.ts'
import { dateOfTimestamp, timeOfTimestamp, timestampOfDate, truncateTimestamp } from '../data/datetime.ts'
import { decimalToDouble, doubleToDecimal, powerOfTen, toDecimal } from '../data/decimal.ts'
import { saturateInt, saturateLong } from '../data/saturate.ts'
import { cutText, fitBytes, formatValue, padText, parseValue } from '../data/text.ts'
import { localToUtcNs, utc, utcToLocalNs, type Zone, zone } from '../data/time-zone.ts'
import { EvaluationError } from './evaluation-error.ts'
import type { EvaluationContext } from './function.ts'

/** Converts a value that is not NULL; undefined when it does not fit the type (which CAST reports and TRY_CAST turns into NULL). */
type Converter = (value: Exclude<SqlValue, null>) => SqlValue | undefined

/** CAST or TRY_CAST of one value. Use `prepareCast` for more than one. */
export function castValue(from: SqlType, to: SqlType, value: SqlValue, mode: 'cast' | 'try', context: CastContext): SqlValue {
  return prepareCast(from, to, mode, context)(value)
}

/** What a cast may read besides its value. */
export type CastContext = Pick<EvaluationContext, 'timeZone'>

/**
 * The conversion between two types, chosen once. `cast` throws an EvaluationError for a value that does not fit, `try` gives NULL.
 *
 * Integers are cut to the low bits, floating point saturates at INT or BIGINT, a DECIMAL that does not fit is NULL in both modes, text
 * is cut to VARCHAR(n) and cut or padded to CHAR(n).
 */
export function prepareCast(from: SqlType, to: SqlType, mode: 'cast' | 'try', context: CastContext): (value: SqlValue) => SqlValue {
  const convert = converter(from, to, context)
  if (convert === undefined) return (value) => value
  return (value) => {
    if (value === null) return null
    const result = convert(value)
    if (result !== undefined) return result
    if (mode === 'try') return null
    throw castError(from, to, value, context)
  }
}

function castError(from: SqlType, to: SqlType, value: SqlValue, context: CastContext): EvaluationError {
  const text = formatValue(from, value, context.timeZone, 'hex') ?? 'NULL'
  const shown = text.length > 100 ? `${text.slice(0, 100)}...` : text
  const target = formatType(withNullability(to, true))
  return new EvaluationError(
    'data/cast',
    `Cannot cast "${shown}" to ${target}: the value is not one of this type; TRY_CAST gives NULL instead`,
  )
}

/** Whether Flink allows CAST between the types; `implicit` casts lose nothing and need not be written. */
export function canCast(from: SqlType, to: SqlType, mode: 'explicit' | 'implicit'): boolean {
  if (from.kind === 'NULL') return true
  if (isNested(from) || isNested(to)) return canCastNested(from, to, mode)
  if (from.kind === to.kind) return true
  return implicitSources[to.kind].includes(from.kind) || (mode === 'explicit' && explicitSources[to.kind].includes(from.kind))
}

function isNested(type: SqlType): boolean {
  return type.kind === 'ARRAY' || type.kind === 'MAP' || type.kind === 'MULTISET' || type.kind === 'ROW'
}

function canCastNested(from: SqlType, to: SqlType, mode: 'explicit' | 'implicit'): boolean {
  if (mode === 'explicit' && isText(to)) return true
  if ((from.kind === 'ARRAY' || from.kind === 'MULTISET') && to.kind === from.kind) return canCast(from.element, to.element, mode)
  if (from.kind === 'MAP' && to.kind === 'MAP') return canCast(from.key, to.key, mode) && canCast(from.value, to.value, mode)
  if (from.kind === 'ROW' && to.kind === 'ROW') {
    return from.fields.length === to.fields.length && from.fields.every((field, i) => canCast(field.type, to.fields[i]!.type, mode))
  }
  return false
}

type Kind = SqlType['kind']
const integers: readonly Kind[] = ['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT']
const numbers: readonly Kind[] = [...integers, 'DECIMAL', 'FLOAT', 'DOUBLE']
const texts: readonly Kind[] = ['CHAR', 'VARCHAR']
const times: readonly Kind[] = ['DATE', 'TIME', 'TIMESTAMP', 'TIMESTAMP_LTZ']
const intervals: readonly Kind[] = ['INTERVAL_YEAR_MONTH', 'INTERVAL_DAY_TIME']
const binaries: readonly Kind[] = ['BINARY', 'VARBINARY']
const scalars: readonly Kind[] = ['BOOLEAN', ...numbers, ...texts, ...binaries, ...times, ...intervals, 'VARIANT', 'BITMAP']

const implicitSources: Record<Kind, readonly Kind[]> = {
  BOOLEAN: [],
  TINYINT: [],
  SMALLINT: ['TINYINT'],
  INTEGER: ['TINYINT', 'SMALLINT'],
  BIGINT: ['TINYINT', 'SMALLINT', 'INTEGER'],
  DECIMAL: numbers,
  FLOAT: [...integers, 'DECIMAL'],
  DOUBLE: numbers,
  CHAR: [],
  VARCHAR: texts,
  BINARY: [],
  VARBINARY: binaries,
  DATE: ['TIMESTAMP'],
  TIME: ['TIMESTAMP'],
  TIMESTAMP: ['TIMESTAMP_LTZ'],
  TIMESTAMP_LTZ: ['TIMESTAMP'],
  INTERVAL_YEAR_MONTH: [],
  INTERVAL_DAY_TIME: [],
  VARIANT: [],
  BITMAP: [],
  NULL: [],
  ARRAY: [],
  MAP: [],
  MULTISET: [],
  ROW: [],
}

const explicitSources: Record<Kind, readonly Kind[]> = {
  BOOLEAN: [...numbers, ...texts, 'VARIANT'],
  TINYINT: [...numbers, ...texts, 'BOOLEAN', 'VARIANT'],
  SMALLINT: [...numbers, ...texts, 'BOOLEAN', 'VARIANT'],
  INTEGER: [...numbers, ...texts, 'BOOLEAN', 'VARIANT'],
  BIGINT: [...numbers, ...texts, 'BOOLEAN', 'VARIANT'],
  DECIMAL: [...texts, 'BOOLEAN', 'VARIANT'],
  FLOAT: [...numbers, ...texts, 'BOOLEAN', 'VARIANT'],
  DOUBLE: [...texts, 'BOOLEAN', 'VARIANT'],
  CHAR: scalars,
  VARCHAR: scalars,
  BINARY: [...texts, ...binaries, 'VARIANT'],
  VARBINARY: [...texts, 'VARIANT'],
  DATE: [...texts, 'TIMESTAMP', 'TIMESTAMP_LTZ', 'VARIANT'],
  TIME: [...texts, 'TIMESTAMP', 'TIMESTAMP_LTZ'],
  TIMESTAMP: [...texts, ...times, 'VARIANT'],
  TIMESTAMP_LTZ: [...texts, ...times, 'VARIANT'],
  INTERVAL_YEAR_MONTH: [],
  INTERVAL_DAY_TIME: [],
  VARIANT: [],
  BITMAP: [],
  NULL: [],
  ARRAY: [],
  MAP: [],
  MULTISET: [],
  ROW: [],
}

function isText(type: SqlType): boolean {
  return type.kind === 'CHAR' || type.kind === 'VARCHAR'
}

/** Undefined when the value stays as it is. */
function converter(from: SqlType, to: SqlType, context: CastContext): Converter | undefined {
  if (from.kind === 'NULL') return undefined
  if (from.kind === 'VARIANT' && !isText(to)) return to.kind === 'VARIANT' ? undefined : fromVariant(to, context)
  switch (to.kind) {
    case 'CHAR':
    case 'VARCHAR':
      return toText(from, to, context)
    case 'BOOLEAN':
      return toBoolean(from)
    case 'TINYINT':
      return toInteger(from, to, (value) => (value << 24) >> 24)
    case 'SMALLINT':
      return toInteger(from, to, (value) => (value << 16) >> 16)
    case 'INTEGER':
      return toInteger(from, to, (value) => value | 0)
    case 'BIGINT':
      return toBigint(from, to)
    case 'FLOAT':
    case 'DOUBLE':
      return toFloating(from, to)
    case 'DECIMAL':
      return toDecimalType(from, to)
    case 'BINARY':
    case 'VARBINARY': {
      const shorter = to.kind === 'BINARY' ? 'pad' : 'keep'
      if (isText(from)) return (value) => parseValue(to, value as string)
      return (value) => fitBytes(value as Uint8Array, to.length, shorter)
    }
    case 'DATE':
    case 'TIME':
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return toTemporal(from, to, context)
    case 'ARRAY':
    case 'MULTISET':
    case 'MAP':
    case 'ROW':
      return toNested(from, to, context)
    default:
      return undefined
  }
}

/** A VARIANT casts as the scalar that it holds; an array or object casts to text only. */
function fromVariant(to: SqlType, context: CastContext): Converter {
  return (value) => {
    const { content } = value as Variant
    if (content.kind === 'null') return null
    const type = contentType(content)
    if (type === undefined || !('value' in content) || !canCast(type, to, 'explicit')) return undefined
    const convert = converter(type, to, context)
    return convert === undefined ? content.value : convert(content.value)
  }
}

function contentType(content: VariantContent): SqlType | undefined {
  switch (content.kind) {
    case 'boolean':
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'float':
    case 'double':
    case 'date':
    case 'string':
    case 'bytes':
      return types[content.kind]()
    case 'timestamp':
      return types.timestamp(9)
    case 'timestamp_ltz':
      return types.timestampLtz(9)
    case 'decimal':
      return types.decimal(38, content.scale)
    default:
      return undefined
  }
}

function toText(from: SqlType, to: SqlType & { readonly length: number }, context: CastContext): Converter | undefined {
  const { timeZone } = context
  const { length } = to
  const text: (value: SqlValue) => string = isText(from) ? (value) => value as string : (value) => formatValue(from, value, timeZone) ?? ''
  if (to.kind === 'CHAR') {
    if (from.kind === 'CHAR' && from.length === length) return undefined
    return (value) => padText(cutText(text(value), length), length)
  }
  if (isText(from) && 'length' in from && from.length <= length) return undefined
  return (value) => cutText(text(value), length)
}

function toBoolean(from: SqlType): Converter | undefined {
  switch (from.kind) {
    case 'CHAR':
    case 'VARCHAR':
      return (value) => parseValue({ kind: 'BOOLEAN', nullable: true }, value as string)
    case 'BIGINT':
    case 'DECIMAL':
      return (value) => value !== 0n
    case 'BOOLEAN':
      return undefined
    default:
      return (value) => value !== 0
  }
}

/** `cut` keeps the low bits of a number that is an INT already. */
function toInteger(from: SqlType, to: SqlType, cut: (value: number) => number): Converter | undefined {
  switch (from.kind) {
    case 'CHAR':
    case 'VARCHAR':
      return (value) => parseValue(to, value as string)
    case 'BOOLEAN':
      return (value) => (value === true ? 1 : 0)
    case 'BIGINT':
      return (value) => cut(Number(BigInt.asIntN(32, value as bigint)))
    case 'DECIMAL': {
      const unit = powerOfTen(from.scale)
      return (value) => cut(Number(BigInt.asIntN(32, (value as bigint) / unit)))
    }
    case 'FLOAT':
    case 'DOUBLE':
      return (value) => cut(saturateInt(value as number))
    default:
      return from.kind === to.kind ? undefined : (value) => cut(value as number)
  }
}

function toBigint(from: SqlType, to: SqlType): Converter | undefined {
  switch (from.kind) {
    case 'CHAR':
    case 'VARCHAR':
      return (value) => parseValue(to, value as string)
    case 'BOOLEAN':
      return (value) => (value === true ? 1n : 0n)
    case 'DECIMAL': {
      const unit = powerOfTen(from.scale)
      return (value) => BigInt.asIntN(64, (value as bigint) / unit)
    }
    case 'FLOAT':
    case 'DOUBLE':
      return (value) => saturateLong(value as number)
    case 'BIGINT':
      return undefined
    default:
      return (value) => BigInt(value as number)
  }
}

function toFloating(from: SqlType, to: SqlType): Converter | undefined {
  const round = to.kind === 'FLOAT' ? Math.fround : (value: number): number => value
  switch (from.kind) {
    case 'CHAR':
    case 'VARCHAR':
      return (value) => parseValue(to, value as string)
    case 'BOOLEAN':
      return (value) => (value === true ? 1 : 0)
    case 'BIGINT':
      return (value) => round(Number(value))
    case 'DECIMAL': {
      const { scale } = from
      return (value) => round(decimalToDouble(value as bigint, scale))
    }
    case 'DOUBLE':
      return to.kind === 'DOUBLE' ? undefined : (value) => Math.fround(value as number)
    default:
      return from.kind === to.kind || to.kind === 'DOUBLE' ? undefined : (value) => Math.fround(value as number)
  }
}

function toDecimalType(from: SqlType, to: Extract<SqlType, { kind: 'DECIMAL' }>): Converter | undefined {
  const { precision, scale } = to
  switch (from.kind) {
    case 'CHAR':
    case 'VARCHAR':
      return (value) => parseValue(to, value as string)
    case 'BOOLEAN':
      return (value) => toDecimal(value === true ? 1n : 0n, 0, precision, scale)
    case 'FLOAT':
    case 'DOUBLE':
      return (value) => doubleToDecimal(value as number, precision, scale)
    case 'DECIMAL': {
      const fromScale = from.scale
      if (fromScale === scale && from.precision <= precision) return undefined
      return (value) => toDecimal(value as bigint, fromScale, precision, scale)
    }
    case 'BIGINT':
      return (value) => toDecimal(value as bigint, 0, precision, scale)
    default:
      return (value) => toDecimal(BigInt(value as number), 0, precision, scale)
  }
}

function toTemporal(from: SqlType, to: SqlType, context: CastContext): Converter | undefined {
  const { timeZone } = context
  if (isText(from)) return (value) => parseValue(to, value as string, timeZone)
  const sessionZone = zone(timeZone) ?? utc
  const local = localTimestamp(from, sessionZone)
  switch (to.kind) {
    case 'DATE':
      if (from.kind === 'DATE' || local === undefined) return undefined
      return (value) => dateOfTimestamp(local(value))
    case 'TIME': {
      const unit = 10 ** Math.max(0, 3 - to.precision)
      if (from.kind === 'TIME') {
        return from.precision <= to.precision ? undefined : (value) => Math.floor((value as number) / unit) * unit
      }
      if (local === undefined) return undefined
      return (value) => Math.floor(timeOfTimestamp(local(value)) / unit) * unit
    }
    case 'TIMESTAMP':
      if (local === undefined || (from.kind === 'TIMESTAMP' && from.precision <= to.precision)) return undefined
      return (value) => truncateTimestamp(local(value), to.precision)
    case 'TIMESTAMP_LTZ':
      if (from.kind === 'TIMESTAMP_LTZ') {
        return from.precision <= to.precision ? undefined : (value) => truncateTimestamp(value as bigint, to.precision)
      }
      if (local === undefined) return undefined
      return (value) => localToUtcNs(sessionZone, truncateTimestamp(local(value), to.precision))
    default:
      return undefined
  }
}

/** The wall clock in nanoseconds; a TIME falls on the epoch day. */
function localTimestamp(from: SqlType, sessionZone: Zone): ((value: SqlValue) => bigint) | undefined {
  switch (from.kind) {
    case 'DATE':
      return (value) => timestampOfDate(value as number)
    case 'TIME':
      return (value) => BigInt(value as number) * 1_000_000n
    case 'TIMESTAMP':
      return (value) => value as bigint
    case 'TIMESTAMP_LTZ':
      return (value) => utcToLocalNs(sessionZone, value as bigint)
    default:
      return undefined
  }
}

function toNested(from: SqlType, to: SqlType, context: CastContext): Converter | undefined {
  if (from.kind === 'ARRAY' && to.kind === 'ARRAY') {
    const element = converter(from.element, to.element, context)
    return element === undefined ? undefined : (value) => convertAll(value as readonly SqlValue[], () => element)
  }
  if (from.kind === 'ROW' && to.kind === 'ROW') {
    const fields = from.fields.map((field, i) => converter(field.type, to.fields[i]!.type, context))
    if (fields.every((field) => field === undefined)) return undefined
    return (value) => convertAll(value as readonly SqlValue[], (i) => fields[i])
  }
  if (from.kind === 'MAP' && to.kind === 'MAP') {
    return convertEntries(converter(from.key, to.key, context), converter(from.value, to.value, context))
  }
  if (from.kind === 'MULTISET' && to.kind === 'MULTISET') return convertEntries(converter(from.element, to.element, context), undefined)
  return undefined
}

function convertAll(values: readonly SqlValue[], converterAt: (index: number) => Converter | undefined): SqlValue[] | undefined {
  const result: SqlValue[] = []
  for (const [i, value] of values.entries()) {
    const convert = converterAt(i)
    const converted = value === null || convert === undefined ? value : convert(value)
    if (converted === undefined) return undefined
    result.push(converted)
  }
  return result
}

function convertEntries(key: Converter | undefined, value: Converter | undefined): Converter | undefined {
  if (key === undefined && value === undefined) return undefined
  return (entry) => {
    const map = entry as SqlMap
    const keys = convertAll(map.keys, () => key)
    const values = convertAll(map.values, () => value)
    return keys === undefined || values === undefined ? undefined : new SqlMap(keys, values)
  }
}
