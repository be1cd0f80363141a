import { formatDecimal, parseExactDecimal, rescale } from '../data/decimal.ts'
import { formatDouble } from '../data/number-text.ts'
import { formatValue } from '../data/text.ts'
import type { SqlType } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'

/** One `%[index$][flags][width][.precision]conversion`. */
interface Specifier {
  readonly flags: string
  readonly width: number | undefined
  readonly precision: number | undefined
  readonly conversion: string
}

interface Argument {
  readonly type: SqlType
  readonly value: SqlValue
}

const specifier = /%(?:(\d+)\$|(<))?([-#+ 0,(]*)(\d+)?(?:\.(\d+))?([a-zA-Z%])/y

/** A width or precision above this would only exhaust memory. */
const maxWidth = 1_000_000

/** A format that does not fit; the call then gives NULL. */
class FormatError extends Error {}

/** Values in a format string of Java's `Formatter` (locale US); null where Java would throw: malformed, too few values, a value of another type. */
export function formatPrintf(format: string, values: readonly SqlValue[], valueTypes: readonly SqlType[], timeZone: string): string | null {
  try {
    return interpolate(format, values, valueTypes, timeZone)
  } catch (error) {
    if (error instanceof FormatError) return null
    throw error
  }
}

function interpolate(format: string, values: readonly SqlValue[], valueTypes: readonly SqlType[], timeZone: string): string {
  let result = ''
  let at = 0
  let ordinary = 0
  let last = -1
  for (;;) {
    const percent = format.indexOf('%', at)
    if (percent < 0) return result + format.slice(at)
    result += format.slice(at, percent)
    specifier.lastIndex = percent
    const match = specifier.exec(format)
    if (match === null) throw new FormatError('malformed')
    at = specifier.lastIndex
    const [, index, relative, flags = '', width, precision, conversion = ''] = match
    const parsed: Specifier = { flags, width: numberOf(width), precision: numberOf(precision), conversion }
    checkFlags(parsed)
    if (conversion === '%' || conversion === 'n') {
      result += conversion === 'n' ? '\n' : padded('%', parsed)
      continue
    }
    if (relative === undefined) last = index === undefined ? ordinary++ : Number(index) - 1
    const type = valueTypes[last]
    if (type === undefined) throw new FormatError('missing value')
    result += formatArgument(parsed, { type, value: values[last] ?? null }, timeZone)
  }
}

function numberOf(digits: string | undefined): number | undefined {
  if (digits === undefined) return undefined
  const value = Number(digits)
  if (value > maxWidth) throw new FormatError('too wide')
  return value
}

function checkFlags({ flags, width, precision, conversion }: Specifier): void {
  if (new Set(flags).size !== flags.length) throw new FormatError('duplicate flags')
  if (width === undefined && /[-0]/.test(flags)) throw new FormatError('missing width')
  if ((flags.includes('-') && flags.includes('0')) || (flags.includes('+') && flags.includes(' ')))
    throw new FormatError('contradicting flags')
  if (precision !== undefined && /[cCdoxXn%]/.test(conversion)) throw new FormatError('no precision here')
}

function padded(text: string, { flags, width = 0 }: Specifier): string {
  return flags.includes('-') ? text.padEnd(width) : text.padStart(width)
}

function formatArgument(spec: Specifier, argument: Argument, timeZone: string): string {
  const isUpper = spec.conversion !== spec.conversion.toLowerCase()
  const conversion = spec.conversion.toLowerCase()
  if (isUpper && !/[bhscxeg]/.test(conversion)) throw new FormatError('unknown conversion')
  const text = convert(conversion, spec, argument, timeZone)
  return isUpper ? text.toUpperCase() : text
}

function convert(conversion: string, spec: Specifier, { type, value }: Argument, timeZone: string): string {
  if (conversion === 'b') return cut(value === null ? 'false' : value === false ? 'false' : 'true', spec)
  if (!/[hscdoxefg]/.test(conversion)) throw new FormatError('unknown conversion')
  if (value === null) return cut('null', spec)
  switch (conversion) {
    case 's':
      return cut(plainText(type, value, timeZone), spec)
    case 'h':
      return cut(javaHash(type, value), spec)
    case 'c':
      return padded(characterOf(type, value), spec)
    case 'd':
      return integerText(type, value, spec)
    case 'o':
    case 'x':
      return radixText(type, value, spec, conversion === 'x' ? 16 : 8)
    default:
      return realText(conversion as 'e' | 'f' | 'g', type, value, spec)
  }
}

/** `%s` and its like: the precision is the greatest length. */
function cut(text: string, spec: Specifier): string {
  return padded(spec.precision === undefined ? text : text.slice(0, spec.precision), spec)
}

/** As Java prints the object that Flink holds: `true` where SQL has TRUE, days for a DATE, milliseconds for a TIME or interval, timestamps in UTC. */
function plainText(type: SqlType, value: SqlValue, timeZone: string): string {
  if (typeof value === 'boolean' || isCountOfUnits(type)) return String(value)
  if (type.kind === 'TIMESTAMP' || type.kind === 'TIMESTAMP_LTZ') return javaDateTime(value as bigint)
  return formatValue(type, value, timeZone) ?? 'null'
}

/** `LocalDateTime.toString`: seconds only where there are some, fractions in threes of digits. */
function javaDateTime(ns: bigint): string {
  const [day = '', time = ''] = (formatValue({ kind: 'TIMESTAMP', precision: 9, nullable: false }, ns) ?? '').split(' ')
  return `${day}T${time
    .replace(/(?:000){1,2}$/, '')
    .replace(/\.000$/, '')
    .replace(/^(\d\d:\d\d):00$/, '$1')}`
}

function javaHash(type: SqlType, value: SqlValue): string {
  if (type.kind === 'BIGINT') {
    const bits = BigInt.asUintN(64, value as bigint)
    return BigInt.asUintN(32, bits ^ (bits >> 32n)).toString(16)
  }
  if (typeof value === 'number' && isIntegerKind(type)) return (value >>> 0).toString(16)
  if (typeof value !== 'string') throw new FormatError('no hash')
  let hash = 0
  for (let i = 0; i < value.length; i++) hash = (Math.imul(hash, 31) + value.charCodeAt(i)) | 0
  return (hash >>> 0).toString(16)
}

function isIntegerKind(type: SqlType): boolean {
  return type.kind in bitsOf
}

function isCountOfUnits(type: SqlType): boolean {
  return type.kind === 'DATE' || type.kind === 'TIME' || type.kind === 'INTERVAL_YEAR_MONTH' || type.kind === 'INTERVAL_DAY_TIME'
}

function characterOf(type: SqlType, value: SqlValue): string {
  if (type.kind === 'BIGINT' || isCountOfUnits(type) || !isIntegerKind(type)) throw new FormatError('no character')
  const code = value as number
  if (code < 0 || code > 0x10ffff) throw new FormatError('no code point')
  return String.fromCodePoint(code)
}

function integerText(type: SqlType, value: SqlValue, spec: Specifier): string {
  if (!isIntegerKind(type)) throw new FormatError('no integer')
  const number = BigInt(value as number | bigint)
  const digits = (number < 0n ? -number : number).toString()
  return signed(spec.flags.includes(',') ? grouped(digits) : digits, number < 0n, spec)
}

/** The integers that Java sees, dates and times among them. */
const bitsOf: Record<string, number> = {
  TINYINT: 8,
  SMALLINT: 16,
  INTEGER: 32,
  BIGINT: 64,
  DATE: 32,
  TIME: 32,
  INTERVAL_YEAR_MONTH: 32,
  INTERVAL_DAY_TIME: 64,
}

/** Negative integers as the two's complement of their type. */
function radixText(type: SqlType, value: SqlValue, spec: Specifier, radix: 8 | 16): string {
  const bits = bitsOf[type.kind]
  if (bits === undefined || /[+ ,(]/.test(spec.flags)) throw new FormatError('no integer')
  const digits = BigInt.asUintN(bits, BigInt(value as number | bigint)).toString(radix)
  const prefix = spec.flags.includes('#') ? (radix === 16 ? '0x' : '0') : ''
  if (!spec.flags.includes('0')) return padded(prefix + digits, spec)
  return prefix + digits.padStart((spec.width ?? 0) - prefix.length, '0')
}

/** Puts sign, parentheses and zeros around digits. */
function signed(digits: string, isNegative: boolean, spec: Specifier): string {
  const { flags } = spec
  const inParentheses = isNegative && flags.includes('(')
  const before = inParentheses ? '(' : isNegative ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : ''
  const after = inParentheses ? ')' : ''
  if (!flags.includes('0')) return padded(before + digits + after, spec)
  return before + digits.padStart((spec.width ?? 0) - before.length - after.length, '0') + after
}

function grouped(digits: string): string {
  return digits.replace(/\B(?=(?:\d{3})+$)/g, ',')
}

interface Exact {
  readonly unscaled: bigint
  readonly scale: number
  readonly isNegative: boolean
}

/** The decimal digits that Java rounds: of a floating-point number the shortest ones. */
function exactOf(type: SqlType, value: SqlValue): Exact {
  if (type.kind === 'DECIMAL') {
    const unscaled = value as bigint
    return { unscaled: unscaled < 0n ? -unscaled : unscaled, scale: type.scale, isNegative: unscaled < 0n }
  }
  const number = value as number
  const { unscaled, scale } = parseExactDecimal(formatDouble(Math.abs(number)))!
  return { unscaled, scale, isNegative: number < 0 || Object.is(number, -0) }
}

function realText(conversion: 'e' | 'f' | 'g', type: SqlType, value: SqlValue, spec: Specifier): string {
  if (type.kind !== 'DECIMAL' && type.kind !== 'FLOAT' && type.kind !== 'DOUBLE') throw new FormatError('no real number')
  if (typeof value === 'number' && !Number.isFinite(value)) {
    const text = Number.isNaN(value) ? 'NaN' : 'Infinity'
    const withoutZeros = { ...spec, flags: spec.flags.replace('0', '') }
    return Number.isNaN(value) ? padded(text, withoutZeros) : signed(text, value < 0, withoutZeros)
  }
  const exact = exactOf(type, value)
  const precision = spec.precision ?? 6
  const text = conversion === 'f' ? fixed(exact, precision) : conversion === 'e' ? exponential(exact, precision) : general(exact, precision)
  const [whole = '', fraction] = text.split('.')
  const withGroups =
    spec.flags.includes(',') && conversion !== 'e' ? [grouped(whole), fraction].filter((part) => part !== undefined).join('.') : text
  return signed(withGroups, exact.isNegative, spec)
}

function fixed({ unscaled, scale }: Exact, precision: number): string {
  return formatDecimal(rescale(unscaled, scale, precision), precision)
}

/** `d.ddde+xx`: the exponent has at least two digits. */
function exponential(exact: Exact, precision: number): string {
  const { digits, exponent } = significant(exact, precision + 1)
  const mantissa = precision === 0 ? digits : `${digits[0]}.${digits.slice(1)}`
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
}

/** `%g`: plain from 10^-4 to below 10^precision, else with an exponent; `precision` significant digits either way. */
function general(exact: Exact, wanted: number): string {
  const precision = Math.max(wanted, 1)
  if (exact.unscaled === 0n) return fixed(exact, precision - 1)
  const { exponent } = significant(exact, precision)
  if (exponent >= -4 && exponent < precision) return fixed(exact, precision - 1 - exponent)
  return exponential(exact, precision - 1)
}

/** So many digits, rounded half up, and the power of ten of the first. */
function significant({ unscaled, scale }: Exact, count: number): { readonly digits: string; readonly exponent: number } {
  if (unscaled === 0n) return { digits: '0'.repeat(count), exponent: 0 }
  const length = unscaled.toString().length
  const rounded = rescale(unscaled, length, count).toString()
  // 9.99 rounds to 10.0: one digit more, one power more.
  return { digits: rounded.slice(0, count), exponent: length - 1 - scale + (rounded.length - count) }
}
