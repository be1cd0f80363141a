/**
 * Text of FLOAT and DOUBLE as Java prints them, which is what Flink's CAST AS STRING gives: the shortest digits that read back as the
 * same number, always with a fraction, with an exponent below 10^-3 and from 10^7 on (`1.0`, `1.0E7`, `1.0E-4`, `NaN`, `-Infinity`).
 */
export function formatDouble(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  const magnitude = Math.abs(value)
  if (magnitude < 1e7 && (magnitude >= 1e-3 || magnitude === 0)) {
    if (Number.isInteger(value)) return Object.is(value, -0) ? '-0.0' : `${value}.0`
    return String(value)
  }
  // Java gives the least number two digits.
  if (magnitude === Number.MIN_VALUE) return value < 0 ? '-4.9E-324' : '4.9E-324'
  return withJavaExponent(value.toExponential())
}

/** As `formatDouble`, with the fewest digits that tell the value from its neighbours among 32-bit floats. */
export function formatFloat(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  const magnitude = Math.abs(value)
  if (magnitude < 1e7 && Number.isInteger(value)) return Object.is(value, -0) ? '-0.0' : `${value}.0`
  const digits = shortestFloatDigits(value)
  if (magnitude < 1e7 && magnitude >= 1e-3) {
    // Number() of the digits prints without an exponent in this range, and with a fraction because integers are done.
    const text = String(Number(digits))
    return text.includes('.') ? text : `${text}.0`
  }
  return withJavaExponent(digits)
}

/** `d.ddde±x`, the correctly rounded form of fewest digits that rounds to the same float. */
function shortestFloatDigits(value: number): string {
  for (let digits = 0; digits < 9; digits++) {
    const text = value.toExponential(digits)
    if (Math.fround(Number(text)) === value) return text
  }
  return value.toExponential(9)
}

/** `1.5e+21` to `1.5E21`, `1e-10` to `1.0E-10`. */
function withJavaExponent(text: string): string {
  const at = text.indexOf('e')
  let digits = text.slice(0, at)
  if (digits.includes('.')) {
    let end = digits.length
    while (digits[end - 1] === '0' && digits[end - 2] !== '.') end--
    digits = digits.slice(0, end)
  } else {
    digits += '.0'
  }
  const exponent = text.slice(at + 1)
  return `${digits}E${exponent.startsWith('+') ? exponent.slice(1) : exponent}`
}

const decimalFloat = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[fFdD]?$/
const hexFloat = /^([+-]?)0[xX]([0-9a-fA-F]*)(?:\.([0-9a-fA-F]*))?[pP]([+-]?\d+)[fFdD]?$/

/** Reads a DOUBLE as Java's `Double.parseDouble`: blanks around, `NaN`, `Infinity`, a suffix `f` or `d`, hexadecimal; else undefined. */
export function parseDouble(text: string): number | undefined {
  const trimmed = trimControls(text)
  if (decimalFloat.test(trimmed)) {
    const last = trimmed.charCodeAt(trimmed.length - 1) | 0x20
    return Number(last === 0x66 || last === 0x64 ? trimmed.slice(0, -1) : trimmed)
  }
  switch (trimmed) {
    case 'NaN':
    case '+NaN':
    case '-NaN':
      return Number.NaN
    case 'Infinity':
    case '+Infinity':
      return Infinity
    case '-Infinity':
      return -Infinity
    default:
      return parseHexFloat(trimmed)
  }
}

function parseHexFloat(text: string): number | undefined {
  const match = hexFloat.exec(text)
  if (match === null) return undefined
  const [, sign, whole = '', fraction = '', exponent] = match
  if (whole.length + fraction.length === 0) return undefined
  const magnitude = Number(`0x${whole}${fraction}`) * 2 ** (Number(exponent) - 4 * fraction.length)
  return sign === '-' ? -magnitude : magnitude
}

/** The text without characters up to U+0020 at both ends, as Java's `String.trim`. */
export function trimControls(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && text.charCodeAt(start) <= 0x20) start++
  while (end > start && text.charCodeAt(end - 1) <= 0x20) end--
  return start === 0 && end === text.length ? text : text.slice(start, end)
}

/**
 * Reads an integer as Flink's CAST from text: blanks (only U+0020) around, a sign, ASCII digits, a fraction that is cut off.
 * Undefined when the text is anything else or the number lies outside of `bits`.
 */
export function parseInteger(text: string, bits: 8 | 16 | 32): number | undefined {
  const end = integerPartEnd(text)
  if (end === undefined) return undefined
  const [from, to] = end
  const value = from === to ? 0 : Number(text.slice(from, to))
  const limit = 2 ** (bits - 1)
  if (Number.isNaN(value) || value >= limit || value < -limit) return undefined
  return value === 0 ? 0 : value
}

/** As `parseInteger`, of 64 bits. */
export function parseBigint(text: string): bigint | undefined {
  const end = integerPartEnd(text)
  if (end === undefined) return undefined
  const [from, to] = end
  if (from === to) return 0n
  const value = BigInt(text.charCodeAt(from) === 0x2b ? text.slice(from + 1, to) : text.slice(from, to))
  return BigInt.asIntN(64, value) === value ? value : undefined
}

/** Where sign and integer digits stand; an empty range when there are no digits before a point ("." is 0). */
function integerPartEnd(text: string): [number, number] | undefined {
  let start = 0
  let end = text.length
  while (start < end && text.charCodeAt(start) === 0x20) start++
  while (end > start && text.charCodeAt(end - 1) === 0x20) end--
  if (start === end) return undefined
  const first = text.charCodeAt(start)
  const digitsStart = first === 0x2d || first === 0x2b ? start + 1 : start
  if (digitsStart === end) return undefined
  let at = digitsStart
  while (at < end && isDigit(text.charCodeAt(at))) at++
  const integerEnd = at
  if (at < end) {
    if (text.charCodeAt(at) !== 0x2e) return undefined
    for (at++; at < end; at++) if (!isDigit(text.charCodeAt(at))) return undefined
  }
  return integerEnd === digitsStart ? [start, start] : [start, integerEnd]
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}
