import { formatDecimal, parseExactDecimal } from '../data/decimal.ts'

/**
 * A decimal as Java's BigDecimal prints it after its trailing zeros are gone: `12.5`, `0.0001`, `1E-8`, `1E+5`. With `plain` without exponents and with
 * all digits of its scale.
 */
export function formatJavaDecimal(unscaled: bigint, scale: number, style: 'scientific' | 'plain'): string {
  if (style === 'plain') return formatDecimal(unscaled, scale)
  if (unscaled === 0n) return '0'
  let digits = unscaled
  let digitScale = scale
  while (digits % 10n === 0n) {
    digits /= 10n
    digitScale--
  }
  const text = String(digits < 0n ? -digits : digits)
  const sign = digits < 0n ? '-' : ''
  const exponent = text.length - 1 - digitScale
  if (digitScale >= 0 && exponent >= -6) return formatDecimal(digits, digitScale)
  const mantissa = text.length === 1 ? text : `${text[0]}.${text.slice(1)}`
  return `${sign}${mantissa}E${exponent >= 0 ? '+' : ''}${exponent}`
}

/** As `formatJavaDecimal`, of the text of a number. */
export function formatExactDecimal(text: string): string {
  const exact = parseExactDecimal(text)
  return exact === undefined ? text : formatJavaDecimal(exact.unscaled, exact.scale, 'scientific')
}
