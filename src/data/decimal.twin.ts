// What `kernels/decimal.ts` computes, with bigints. Undefined stands for more than 38 digits.

const LIMIT = 10n ** 38n

export type Rounding = 0 | 1 | 2 | 3

function limited(value: bigint): bigint | undefined {
  return value < LIMIT && value > -LIMIT ? value : undefined
}

/** numerator / denominator, rounded: 0 half up (away from zero), 1 down, 2 floor, 3 ceiling. */
function divideRounded(numerator: bigint, denominator: bigint, rounding: Rounding): bigint {
  const quotient = numerator / denominator
  const rest = numerator - quotient * denominator
  if (rest === 0n) return quotient
  const sign = numerator < 0n === denominator < 0n ? 1n : -1n
  const magnitude = (value: bigint): bigint => (value < 0n ? -value : value)
  const isAway = rounding === 0 ? 2n * magnitude(rest) >= magnitude(denominator) : rounding === 2 ? sign < 0n : rounding === 3 && sign > 0n
  return isAway ? quotient + sign : quotient
}

export function decimalAdd(a: bigint, b: bigint): bigint | undefined {
  return limited(a + b)
}

export function decimalSubtract(a: bigint, b: bigint): bigint | undefined {
  return limited(a - b)
}

export function decimalMultiply(a: bigint, b: bigint, digits: number): bigint | undefined {
  return limited(divideRounded(a * b, 10n ** BigInt(digits), 0))
}

export function decimalDivide(a: bigint, b: bigint, digits: number): bigint | undefined {
  if (digits < 0) return limited(divideRounded(a, b * 10n ** BigInt(-digits), 0))
  return limited(divideRounded(a * 10n ** BigInt(digits), b, 0))
}

export function decimalRemainder(a: bigint, b: bigint, aDigits: number, bDigits: number): bigint | undefined {
  return limited((a * 10n ** BigInt(aDigits)) % (b * 10n ** BigInt(bDigits)))
}

export function decimalRescale(value: bigint, digits: number, rounding: Rounding): bigint | undefined {
  if (digits >= 0) return limited(value * 10n ** BigInt(digits))
  return limited(divideRounded(value, 10n ** BigInt(-digits), rounding))
}

export function decimalCompare(a: bigint, b: bigint, digits: number): number {
  const left = digits > 0 ? a * 10n ** BigInt(digits) : a
  const right = digits < 0 ? b * 10n ** BigInt(-digits) : b
  return left < right ? -1 : left > right ? 1 : 0
}

export function formatDecimal(value: bigint, scale: number): string {
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0')
  const whole = digits.length - scale
  return `${value < 0n ? '-' : ''}${digits.slice(0, whole)}${scale > 0 ? '.' : ''}${digits.slice(whole)}`
}

/** The unscaled value, undefined for more than 38 digits, or null for what is no number. */
export function parseDecimal(text: string, scale: number): bigint | undefined | null {
  const match = /^ *([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))? *$/.exec(text)
  if (match === null) return null
  const [, sign, whole = '', fraction = '', exponent = '0'] = match
  if (whole.length + fraction.length === 0) return null
  const unscaled = BigInt(whole + fraction) * (sign === '-' ? -1n : 1n)
  const digits = Math.max(-1000, Math.min(1000, Number(exponent))) - fraction.length + scale
  return decimalRescale(unscaled, digits, 0)
}
