import { compareValues } from '../../src/data/compare.ts'
import { MAX_DECIMAL_PRECISION, type SqlType } from '../../src/data/types.ts'
import { SqlMap, type SqlValue } from '../../src/data/value.ts'
import type { AggregateCall } from '../../src/expr/aggregate.ts'
import type { Row } from './evaluate.ts'
import { keyOf } from './key-of.ts'

/** An aggregate of the rows of a group, which stand in the order in which they came. */
export function aggregateOf(call: AggregateCall, rows: readonly Row[]): SqlValue {
  const { filter, args } = call
  const kept = filter === undefined ? rows : rows.filter((row) => row[filter] === true)
  const [column] = args
  if (column === undefined) return BigInt(kept.length)
  const all = kept.map((row) => row[column]!)
  const values = call.name === 'ARRAY_AGG' || call.name === 'SINGLE_VALUE' ? all : all.filter((value) => value !== null)
  return ofValues(call, call.distinct || call.name === 'APPROX_COUNT_DISTINCT' ? unique(values) : values)
}

function unique(values: readonly SqlValue[]): readonly SqlValue[] {
  const seen = new Map<string, SqlValue>()
  for (const value of values) if (!seen.has(keyOf(value))) seen.set(keyOf(value), value)
  return [...seen.values()]
}

function ofValues({ name, argTypes, type, options }: AggregateCall, values: readonly SqlValue[]): SqlValue {
  const argType = argTypes[0]!
  switch (name) {
    case 'COUNT':
    case 'APPROX_COUNT_DISTINCT':
      return BigInt(values.length)
    case 'COLLECT':
      return multiset(values)
    default:
      break
  }
  if (values.length === 0) return null
  switch (name) {
    case 'SUM':
      return fitted(type, sum(values))
    case 'AVG':
      return average(argType, type, values)
    case 'MIN':
      return values.reduce((a, b) => (compareValues(argType, b, a) < 0 ? b : a))
    case 'MAX':
      return values.reduce((a, b) => (compareValues(argType, b, a) > 0 ? b : a))
    case 'FIRST_VALUE':
    case 'SINGLE_VALUE':
      return values[0]!
    case 'LAST_VALUE':
      return values.at(-1)!
    case 'LISTAGG':
      return values.join(options?.[0] ?? ',')
    case 'ARRAY_AGG':
      return values
    case 'STDDEV_POP':
    case 'STDDEV_SAMP':
    case 'VAR_POP':
    case 'VAR_SAMP':
      return spread(name, argType, type, values)
    default:
      throw new TypeError(`the reference knows no ${name}`)
  }
}

function multiset(values: readonly SqlValue[]): SqlMap {
  const different = unique(values)
  return new SqlMap(
    different,
    different.map((value) => values.filter((other) => keyOf(other) === keyOf(value)).length),
  )
}

function sum(values: readonly SqlValue[]): bigint | number {
  if (typeof values[0] === 'bigint') return (values as readonly bigint[]).reduce((total, value) => total + value, 0n)
  return (values as readonly number[]).reduce((total, value) => total + value, 0)
}

/** Whole numbers wrap in their type, a DECIMAL of too many digits is NULL. */
function fitted(type: SqlType, value: bigint | number): SqlValue {
  switch (type.kind) {
    case 'TINYINT':
      return Number(BigInt.asIntN(8, BigInt(value)))
    case 'SMALLINT':
      return Number(BigInt.asIntN(16, BigInt(value)))
    case 'INTEGER':
      return Number(BigInt.asIntN(32, BigInt(value)))
    case 'BIGINT':
      return BigInt.asIntN(64, BigInt(value))
    case 'DECIMAL': {
      const limit = 10n ** BigInt(MAX_DECIMAL_PRECISION)
      return (value as bigint) < limit && (value as bigint) > -limit ? value : null
    }
    case 'FLOAT':
      return Math.fround(Number(value))
    default:
      return value
  }
}

function average(argType: SqlType, type: SqlType, values: readonly SqlValue[]): SqlValue {
  const total = sum(values)
  if (type.kind === 'DOUBLE' || type.kind === 'FLOAT') return fitted(type, Number(total) / values.length)
  if (type.kind !== 'DECIMAL' || argType.kind !== 'DECIMAL') return fitted(type, BigInt(total) / BigInt(values.length))
  const dividend = BigInt(total) * 10n ** BigInt(type.scale - argType.scale) * 2n
  const divisor = BigInt(values.length) * 2n
  const half = (dividend < 0n ? -divisor : divisor) / 2n
  return fitted(type, (dividend + half) / divisor)
}

/** From sum and sum of squares, as Flink computes it: a difference of means would round otherwise, and whole numbers are cut. */
function spread(name: string, argType: SqlType, type: SqlType, values: readonly SqlValue[]): SqlValue {
  const scale = argType.kind === 'DECIMAL' ? 10 ** argType.scale : 1
  const numbers = values.map((value) => Number(value) / scale)
  const count = numbers.length
  const divisor = name.endsWith('_POP') ? count : count - 1
  if (divisor === 0) return null
  const total = numbers.reduce((a, b) => a + b, 0)
  const squares = numbers.reduce((a, b) => a + b * b, 0)
  const variance = (squares - (total * total) / count) / divisor
  const result = name.startsWith('STDDEV') ? Math.sqrt(variance) : variance
  if (type.kind === 'DOUBLE' || type.kind === 'FLOAT') return fitted(type, result)
  if (type.kind === 'DECIMAL') return BigInt(Math.round(result * 10 ** type.scale))
  return fitted(type, BigInt(Math.trunc(result)))
}
