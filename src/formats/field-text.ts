import { parseDecimal } from '../data/decimal.ts'
import { parseDouble, trimControls } from '../data/number-text.ts'
import type { TypeOf } from '../data/types.ts'

/** Reads an integer as Java's `parseInt` after `trim`: a sign and digits; undefined when it is none or does not fit. */
export function parseJavaInteger(text: string, bits: 8 | 16 | 32): number | undefined {
  const trimmed = trimControls(text)
  if (!integerText.test(trimmed)) return undefined
  const value = Number(trimmed)
  const limit = 2 ** (bits - 1)
  return value >= limit || value < -limit ? undefined : value === 0 ? 0 : value
}

/** As `parseJavaInteger`, of 64 bits. */
export function parseJavaLong(text: string): bigint | undefined {
  const trimmed = trimControls(text)
  if (!integerText.test(trimmed)) return undefined
  const value = BigInt(trimmed.startsWith('+') ? trimmed.slice(1) : trimmed)
  return BigInt.asIntN(64, value) === value ? value : undefined
}

const integerText = /^[+-]?\d+$/

export function parseJavaFloat(text: string): number | undefined {
  const value = parseDouble(text)
  return value === undefined ? undefined : Math.fround(value)
}

/** Reads a DECIMAL as Java's BigDecimal, without blanks around; rounded half up to the scale, NULL when it has too many digits. */
export function parseJavaDecimal(text: string, type: TypeOf<'DECIMAL'>): bigint | null | undefined {
  if (text === '' || text.charCodeAt(0) <= 0x20 || text.charCodeAt(text.length - 1) <= 0x20) return undefined
  return parseDecimal(text, type.precision, type.scale)
}

const base64Text = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** Bytes of a base64 text; blanks between the characters do not count, padding is needed. */
export function parseBase64(text: string): Uint8Array | undefined {
  // oxlint-disable-next-line no-control-regex -- blanks and control characters are what Java skips
  const compact = text.replace(/[\u0000-\u0020]+/g, '')
  return base64Text.test(compact) ? new Uint8Array(Buffer.from(compact, 'base64')) : undefined
}

/** A value of a file as messages show it, cut to a readable length. */
export function quoteForMessage(text: string): string {
  return text.length <= 60 ? `"${text}"` : `"${text.slice(0, 57)}..."`
}
