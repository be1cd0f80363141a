import { formatDouble, trimControls } from './number-text.ts'

/*
 * DECIMAL(p, s) as an unscaled bigint: the value times 10^s. Rounding is half up (away from zero on a tie), and a result that needs more
 * digits than its type has is NULL, both as in Flink.
 */

const powers: bigint[] = []
for (let i = 0, power = 1n; i <= 80; i++, power *= 10n) powers.push(power)

/** 10^exponent. */
export function powerOfTen(exponent: number): bigint {
  return powers[exponent] ?? 10n ** BigInt(exponent)
}

/** The value at another scale, rounded half up. */
export function rescale(unscaled: bigint, fromScale: number, toScale: number): bigint {
  if (fromScale === toScale) return unscaled
  if (fromScale < toScale) return unscaled * powerOfTen(toScale - fromScale)
  return divideHalfUp(unscaled, powerOfTen(fromScale - toScale))
}

/** The quotient as an integer, a tie rounded away from zero. `divisor` is not 0. */
export function divideHalfUp(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor
  const remainder = dividend % divisor
  const twice = remainder < 0n ? -2n * remainder : 2n * remainder
  const size = divisor < 0n ? -divisor : divisor
  if (twice < size) return quotient
  return dividend < 0n !== divisor < 0n ? quotient - 1n : quotient + 1n
}

/** The value, or null when it has more than `precision` digits. */
export function fitPrecision(unscaled: bigint, precision: number): bigint | null {
  const limit = powerOfTen(precision)
  return unscaled < limit && unscaled > -limit ? unscaled : null
}

/** CAST between DECIMAL types, and of integers (scale 0): rounded half up, null when it does not fit. */
export function toDecimal(unscaled: bigint, fromScale: number, precision: number, scale: number): bigint | null {
  return fitPrecision(rescale(unscaled, fromScale, scale), precision)
}

/** How many decimal digits a bigint has; 1 for 0. */
export function digitCount(value: bigint): number {
  const size = value < 0n ? -value : value
  let digits = size < 10n ** 15n ? String(Number(size)).length : size.toString().length
  if (digits === 0) digits = 1
  return digits
}

/**
 * The quotient of two decimals as Flink computes it: to 38 significant digits half up, then to the scale of the result half up. Null when
 * it does not fit; `divisor` is not 0.
 */
export function divideDecimals(
  dividend: bigint,
  dividendScale: number,
  divisor: bigint,
  divisorScale: number,
  result: { readonly precision: number; readonly scale: number },
): bigint | null {
  if (dividend === 0n) return 0n
  // The quotient's exponent: enough extra digits that the integer quotient has at least 39 of them, so that one more rounding is exact.
  const extra = Math.max(0, 40 + digitCount(divisor) - digitCount(dividend))
  const scaled = dividend * powerOfTen(extra)
  let quotient = scaled / divisor
  // A sticky digit keeps "more than a tie" apart from a tie.
  const isExact = scaled % divisor === 0n
  let scale = dividendScale - divisorScale + extra
  const tooMany = digitCount(quotient) - 38
  if (tooMany > 0) {
    if (!isExact) quotient = quotient * 10n + (quotient < 0n || (quotient === 0n && scaled < 0n !== divisor < 0n) ? -1n : 1n)
    const drop = isExact ? tooMany : tooMany + 1
    quotient = divideHalfUp(quotient, powerOfTen(drop))
    scale = scale - tooMany
  }
  const rounded = scale >= 0 ? rescale(quotient, scale, result.scale) : quotient * powerOfTen(result.scale - scale)
  return fitPrecision(rounded, result.precision)
}

/** `-0.50`: plain digits with `scale` of them after the point. */
export function formatDecimal(unscaled: bigint, scale: number): string {
  const isNegative = unscaled < 0n
  let digits = (isNegative ? -unscaled : unscaled).toString()
  if (scale > 0) {
    if (digits.length <= scale) digits = digits.padStart(scale + 1, '0')
    digits = `${digits.slice(0, -scale)}.${digits.slice(-scale)}`
  } else if (scale < 0) {
    digits += '0'.repeat(-scale)
  }
  return isNegative ? `-${digits}` : digits
}

const decimalText = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/

/** The exact value of a decimal text with an optional exponent, blanks and control characters around allowed; undefined for other text. */
export function parseExactDecimal(text: string): { readonly unscaled: bigint; readonly scale: number } | undefined {
  const match = decimalText.exec(trimControls(text))
  if (match === null) return undefined
  const [, sign, whole = '', fraction = '', exponent = '0'] = match
  if (whole.length + fraction.length === 0) return undefined
  const size = BigInt(whole + fraction)
  const power = Number(exponent)
  return { unscaled: sign === '-' ? -size : size, scale: fraction.length - power }
}

/** CAST of text to DECIMAL: undefined when the text is no number, null when the number does not fit. */
export function parseDecimal(text: string, precision: number, scale: number): bigint | null | undefined {
  const exact = parseExactDecimal(text)
  if (exact === undefined) return undefined
  return exactToDecimal(exact.unscaled, exact.scale, precision, scale)
}

/** CAST of a DOUBLE to DECIMAL goes by its shortest decimal text, as Java's `BigDecimal.valueOf`; undefined for NaN and infinities. */
export function doubleToDecimal(value: number, precision: number, scale: number): bigint | null | undefined {
  if (!Number.isFinite(value)) return undefined
  return parseDecimal(formatDouble(value), precision, scale)
}

/** The nearest DOUBLE. */
export function decimalToDouble(unscaled: bigint, scale: number): number {
  if (scale === 0) return Number(unscaled)
  // Both operands exact and one correctly rounded division, as long as they fit 53 bits and 10^22.
  if (scale > 0 && scale <= 22 && unscaled <= 9007199254740992n && unscaled >= -9007199254740992n) {
    return Number(unscaled) / 10 ** scale
  }
  return Number(formatDecimal(unscaled, scale))
}

/** Scales far outside of a DECIMAL's range are decided without making the number: 1e999999999 must not cost memory. */
function exactToDecimal(unscaled: bigint, fromScale: number, precision: number, scale: number): bigint | null {
  if (unscaled === 0n) return 0n
  const integerDigits = digitCount(unscaled) - fromScale
  if (integerDigits > precision - scale + 1) return null
  if (integerDigits < -scale - 1) return 0n
  return toDecimal(unscaled, fromScale, precision, scale)
}
