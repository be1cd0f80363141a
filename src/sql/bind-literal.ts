import { type Position, userError } from '../base/errors.ts'
import { parseDate, parseTime, timestampOfDate } from '../data/datetime.ts'
import { parseDouble } from '../data/number-text.ts'
import { characterCount } from '../data/text.ts'
import { MAX_DECIMAL_PRECISION, type SqlType, types } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import type { Expr } from '../expr/expr.ts'
import type { BinaryLiteral, BooleanLiteral, DateTimeLiteral, IntervalLiteral, NumberLiteral, StringLiteral } from './syntax-literal.ts'
import type { IntervalQualifier, IntervalUnit } from './syntax-type.ts'

type Literal = Extract<Expr, { kind: 'literal' }>

function literal(type: SqlType, value: SqlValue, at: Position): Literal {
  return { kind: 'literal', type, value, at }
}

export function nullLiteral(at: Position): Literal {
  return literal(types.null(), null, at)
}

export function booleanLiteral({ value, at }: BooleanLiteral): Literal {
  return value === 'unknown' ? literal(types.boolean(), null, at) : literal(types.boolean(false), value, at)
}

/** CHAR of the text's length. */
export function textLiteral({ value, at }: Pick<StringLiteral, 'value' | 'at'>): Literal {
  return literal(types.char(characterCount(value), false), value, at)
}

export function binaryLiteral({ hex, at }: BinaryLiteral): Literal {
  return literal(types.binary(hex.length / 2, false), new Uint8Array(Buffer.from(hex, 'hex')), at)
}

/** INT, BIGINT, DECIMAL with as many digits as are written (a zero before the point counts), or DOUBLE. */
export function numberLiteral({ form, text, at }: NumberLiteral): Literal {
  if (form === 'approximate') {
    const value = parseDouble(text) ?? Number.NaN
    if (Number.isFinite(value)) return literal(types.double(false), value, at)
    throw userError('sql/number-range', `Cannot use the number ${text}: it exceeds DOUBLE, whose greatest is 1.7976931348623157E308`, at)
  }
  const point = text.indexOf('.')
  if (form === 'integer' || point < 0) {
    const value = BigInt(text)
    if (value <= 2147483647n) return literal(types.integer(false), Number(value), at)
    if (value <= 9223372036854775807n) return literal(types.bigint(false), value, at)
    throw userError('sql/number-range', `Cannot use the number ${text}: it exceeds BIGINT; write it with a point or as text`, at)
  }
  const scale = text.length - point - 1
  const precision = Math.max(text.length - 1, 1)
  const unscaled = BigInt(text.replace('.', '') || '0')
  if (unscaled > 9223372036854775807n) {
    throw userError(
      'sql/number-range',
      `Cannot use the number ${text}: its digits exceed 9223372036854775807; write CAST('${text}' AS DECIMAL(${Math.min(precision, MAX_DECIMAL_PRECISION)}, ${scale}))`,
      at,
    )
  }
  return literal(types.decimal(precision, scale, false), unscaled, at)
}

/** -9223372036854775808: without its sign it would be no BIGINT. */
export function leastBigint(at: Position): Literal {
  return literal(types.bigint(false), -(2n ** 63n), at)
}

/** The same literal with the other sign; undefined when it is no number. */
export function negated(expr: Expr, at: Position): Expr | undefined {
  if (expr.kind !== 'literal') return undefined
  const { value, type } = expr
  switch (type.kind) {
    case 'INTEGER':
    case 'DOUBLE':
    case 'FLOAT':
      return typeof value === 'number' ? literal(type, value === 0 && type.kind === 'INTEGER' ? 0 : -value, at) : undefined
    case 'BIGINT':
      return value === 2147483648n ? literal(types.integer(false), -2147483648, at) : literal(type, -(value as bigint), at)
    case 'DECIMAL':
      return literal(type, -(value as bigint), at)
    default:
      return undefined
  }
}

/** Stricter than CAST: a date needs month and day, a time minutes and seconds, only blanks before them are skipped. */
const dateForm = /^ *(\d{1,4}-\d{1,2}-\d{1,2})$/
const timeForm = /^ *(\d{1,2}:\d{1,2}:\d{1,2}(?:\.(\d*))?)$/
const timestampForm = /^ *(\d{1,4}-\d{1,2}-\d{1,2})(?: +(\d{1,2}:\d{1,2}:\d{1,2})(?:\.(\d*))?)?$/

/** A literal of TIMESTAMP WITH LOCAL TIME ZONE is read in UTC, as in Flink. */
export function dateTimeLiteral({ type, text, at }: DateTimeLiteral): Literal {
  switch (type) {
    case 'DATE': {
      const days = calendarDay(dateForm.exec(text)?.[1])
      if (days === undefined) throw badLiteral(type, text, '2024-02-29', at)
      return literal(types.date(false), days, at)
    }
    case 'TIME': {
      const [, time, fraction = ''] = timeForm.exec(text) ?? []
      const ms = time === undefined ? undefined : parseTime(time)
      if (ms === undefined) throw badLiteral(type, text, '13:14:15', at)
      return literal(types.time(Math.min(3, fraction.length), false), ms, at)
    }
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ': {
      const [, date, time = '00:00:00', fraction = ''] = timestampForm.exec(text) ?? []
      const days = calendarDay(date)
      const ms = parseTime(time)
      if (days === undefined || ms === undefined) throw badLiteral(type, text, '2024-02-29 13:14:15', at)
      const digits = fraction.slice(0, 9)
      const ns = timestampOfDate(days) + BigInt(ms) * 1_000_000n + BigInt(digits.padEnd(9, '0'))
      return literal({ kind: type, precision: digits.length, nullable: false }, ns, at)
    }
  }
}

/** The day of a date in the years 1 to 9999. */
function calendarDay(text: string | undefined): number | undefined {
  return text === undefined || /^0+-/.test(text) ? undefined : parseDate(text)
}

function badLiteral(type: string, text: string, example: string, at: Position): Error {
  return userError(
    'sql/literal',
    `Cannot read the literal ${type} '${text}': found no such value, wanted one like ${type} '${example}'`,
    at,
  )
}

export function intervalLiteral({ negative, text, qualifier, at }: IntervalLiteral): Literal {
  const amount = parseInterval(text.trim(), qualifier, at)
  const signed = negative ? -amount : amount
  return isMonths(qualifier.start)
    ? literal(types.intervalYearMonth(false), Number(signed), at)
    : literal(types.intervalDayTime(false), signed, at)
}

const monthsOf: Partial<Record<IntervalUnit, bigint>> = { YEAR: 12n, QUARTER: 3n, MONTH: 1n }
const msOf: Partial<Record<IntervalUnit, bigint>> = {
  WEEK: 604_800_000n,
  DAY: 86_400_000n,
  HOUR: 3_600_000n,
  MINUTE: 60_000n,
  SECOND: 1000n,
}
/** The fields of compound intervals, greatest first. */
const fieldOrder: readonly IntervalUnit[] = ['YEAR', 'MONTH', 'DAY', 'HOUR', 'MINUTE', 'SECOND']
const fieldLimit: Partial<Record<IntervalUnit, bigint>> = { MONTH: 11n, HOUR: 23n, MINUTE: 59n, SECOND: 59n }

function isMonths(unit: IntervalUnit): boolean {
  return monthsOf[unit] !== undefined
}

/** Months or milliseconds. */
function parseInterval(text: string, qualifier: IntervalQualifier, at: Position): bigint {
  const { start, end } = qualifier
  const first = fieldOrder.indexOf(start)
  const last = end === undefined || end === start ? first : fieldOrder.indexOf(end)
  const units = first < 0 || last < first ? [start] : fieldOrder.slice(first, last + 1)
  const pattern = intervalPattern(units)
  const parts = pattern.exec(text)
  if (parts === null) throw badInterval(text, qualifier, `wanted ${intervalExample(units)}`, at)
  const digits = qualifier.startPrecision ?? 2
  let total = 0n
  for (const [i, unit] of units.entries()) {
    const value = BigInt(parts[i + 2] ?? '0')
    const limit = fieldLimit[unit]
    if (i === 0 && value >= 10n ** BigInt(digits)) {
      throw badInterval(text, qualifier, `${start} holds ${digits} digits; write ${start}(${value.toString().length})`, at)
    }
    if (i > 0 && limit !== undefined && value > limit) throw badInterval(text, qualifier, `${unit} is at most ${limit}`, at)
    total += value * (monthsOf[unit] ?? msOf[unit] ?? 0n)
  }
  const fraction = parts[units.length + 2]
  if (fraction !== undefined) total += BigInt(fraction.slice(1, 4).padEnd(3, '0'))
  return parts[1] === '-' ? -total : total
}

function intervalPattern(units: readonly IntervalUnit[]): RegExp {
  const fields = units.map((unit, i) => `${i === 0 ? '' : separator(units[i - 1]!)}(\\d+)`).join('')
  return new RegExp(`^([+-]?)${fields}${units.at(-1) === 'SECOND' ? '(\\.\\d{1,9})?' : ''}$`)
}

/** What stands behind a field: `1-2` years to months, `1 02:03:04` days to seconds. */
function separator(unit: IntervalUnit): string {
  return unit === 'YEAR' ? '-' : unit === 'DAY' ? ' ' : ':'
}

function intervalExample(units: readonly IntervalUnit[]): string {
  return `text like '${units.map((unit, i) => `${i === 0 ? '' : separator(units[i - 1]!)}${i === 0 ? '1' : '02'}`).join('')}'`
}

function badInterval(text: string, { start, end }: IntervalQualifier, why: string, at: Position): Error {
  return userError('sql/literal', `Cannot read INTERVAL '${text}' ${end === undefined ? start : `${start} TO ${end}`}: ${why}`, at)
}
