import type { SchemaElement } from 'hyparquet'
import { unreachable } from '../base/assert.ts'
import { NS_PER_DAY, NS_PER_MS, truncateTimestamp } from '../data/datetime.ts'
import { toDecimal } from '../data/decimal.ts'
import type { SqlType, TypeOf } from '../data/types.ts'
import { decodeUtf8 } from '../data/utf8.ts'
import type { SqlValue } from '../data/value.ts'
import { bigintOfBytes } from './avro-values.ts'

/** A value as it lies in a page: INT96 as a bigint of its 96 bits. */
export type RawValue = boolean | number | bigint | Uint8Array

/** What a file holds is not what its footer or the table says. */
export class ParquetDataError extends Error {
  override readonly name = 'ParquetDataError'
}

const JULIAN_DAY_OF_EPOCH = 2_440_588n

/** Turns values of a leaf into values of a SQL type; undefined where the leaf has none such. */
export function parquetConverter(element: SchemaElement, type: SqlType): ((raw: RawValue) => SqlValue) | undefined {
  const { type: physical } = element
  switch (type.kind) {
    case 'BOOLEAN':
      return physical === 'BOOLEAN' ? (raw) => raw : undefined
    case 'TINYINT':
      return integer(element, 7)
    case 'SMALLINT':
      return integer(element, 15)
    case 'INTEGER':
    case 'INTERVAL_YEAR_MONTH':
      return integer(element, 31)
    case 'BIGINT':
    case 'INTERVAL_DAY_TIME':
      if (physical === 'INT64') return (raw) => raw
      if (physical !== 'INT32') return undefined
      return isUnsigned(element) ? (raw) => BigInt((raw as number) >>> 0) : (raw) => BigInt(raw as number)
    case 'FLOAT':
      return physical === 'FLOAT' ? (raw) => raw : undefined
    case 'DOUBLE':
      return physical === 'DOUBLE' || physical === 'FLOAT' ? (raw) => raw : undefined
    case 'CHAR':
    case 'VARCHAR':
      return physical === 'BYTE_ARRAY' ? (raw) => decodeUtf8(raw as Uint8Array, 0, (raw as Uint8Array).length) : undefined
    case 'BINARY':
    case 'VARBINARY':
      return physical === 'BYTE_ARRAY' || physical === 'FIXED_LEN_BYTE_ARRAY' ? (raw) => (raw as Uint8Array).slice() : undefined
    case 'DATE':
      return physical === 'INT32' ? (raw) => raw : undefined
    case 'TIME':
      return time(element)
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return timestamp(element, type.precision)
    case 'DECIMAL':
      return decimal(element, type)
    case 'NULL':
      return () => null
    case 'ARRAY':
    case 'MAP':
    case 'MULTISET':
    case 'ROW':
    case 'VARIANT':
    case 'BITMAP':
      return undefined
    default:
      return unreachable(type)
  }
}

function isUnsigned({ converted_type: converted, logical_type: logical }: SchemaElement): boolean {
  return converted?.startsWith('UINT') === true || (logical?.type === 'INTEGER' && !logical.isSigned)
}

function integer(element: SchemaElement, bits: number): ((raw: RawValue) => SqlValue) | undefined {
  if (element.type !== 'INT32' && element.type !== 'INT64') return undefined
  const limit = 2 ** bits
  const unsigned = element.type === 'INT32' && isUnsigned(element)
  return (raw) => {
    const value = unsigned ? (raw as number) >>> 0 : Number(raw)
    if (value >= limit || value < -limit) throw new ParquetDataError(`found the number ${value}, wanted is one of ${bits + 1} bits`)
    return value
  }
}

function time(element: SchemaElement): ((raw: RawValue) => SqlValue) | undefined {
  if (element.type === 'INT32') return (raw) => raw
  if (element.type !== 'INT64') return undefined
  const perMs = unitOf(element) === 'NANOS' ? 1_000_000 : 1000
  return (raw) => Math.floor(Number(raw) / perMs)
}

/** The unit of an INT64 of time; microseconds where the file does not say. */
export function unitOf({ converted_type: converted, logical_type: logical }: SchemaElement): 'MILLIS' | 'MICROS' | 'NANOS' {
  if (logical?.type === 'TIMESTAMP' || logical?.type === 'TIME') return logical.unit
  return converted === 'TIMESTAMP_MILLIS' || converted === 'TIME_MILLIS' ? 'MILLIS' : 'MICROS'
}

function timestamp(element: SchemaElement, precision: number): ((raw: RawValue) => SqlValue) | undefined {
  if (element.type === 'INT96') {
    return (raw) => {
      const days = (raw as bigint) >> 64n
      return truncateTimestamp((days - JULIAN_DAY_OF_EPOCH) * NS_PER_DAY + BigInt.asUintN(64, raw as bigint), precision)
    }
  }
  if (element.type !== 'INT64') return undefined
  const unit = unitOf(element)
  const nanos = unit === 'MILLIS' ? NS_PER_MS : unit === 'MICROS' ? 1000n : 1n
  return (raw) => truncateTimestamp((raw as bigint) * nanos, precision)
}

function decimal(element: SchemaElement, type: TypeOf<'DECIMAL'>): ((raw: RawValue) => SqlValue) | undefined {
  const { type: physical, converted_type: converted, logical_type: logical } = element
  if (physical === 'BOOLEAN' || physical === 'FLOAT' || physical === 'DOUBLE' || physical === 'INT96') return undefined
  const isDecimal = converted === 'DECIMAL' || logical?.type === 'DECIMAL'
  if (!isDecimal && physical !== 'INT32' && physical !== 'INT64') return undefined
  const scale = logical?.type === 'DECIMAL' ? logical.scale : (element.scale ?? 0)
  return (raw) => {
    const unscaled = typeof raw === 'object' ? bigintOfBytes(raw) : BigInt(raw)
    return toDecimal(unscaled, scale, type.precision, type.scale)
  }
}

/** A leaf as messages name it. */
export function describeElement({ type, converted_type: converted, logical_type: logical }: SchemaElement): string {
  const meaning = logical?.type ?? converted
  return meaning === undefined ? `${type}` : `${type} (${meaning})`
}
