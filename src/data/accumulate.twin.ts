// What `kernels/accumulate.ts` computes, in plain TypeScript, for one group at a time.
import { decimalDivide } from './decimal.twin.ts'

/** A value of a group's rows, null for NULL, and 1 or -1. */
export interface Signed<Value> {
  readonly value: Value | null
  readonly sign: 1 | -1
}

export function countOf(rows: readonly Signed<unknown>[]): number {
  return rows.reduce((count, { value, sign }) => (value === null ? count : count + sign), 0)
}

/** The sum in two's complement of `bits` bits. */
export function wholeSum(rows: readonly Signed<bigint>[], bits: 64 | 192): bigint {
  return BigInt.asIntN(
    bits,
    rows.reduce((sum, { value, sign }) => sum + BigInt(sign) * (value ?? 0n), 0n),
  )
}

export function floatSum(rows: readonly Signed<number>[], isSingle: boolean): number {
  return rows.reduce((sum, { value, sign }) => {
    if (value === null) return sum
    return isSingle ? Math.fround(sum + sign * value) : sum + sign * value
  }, 0)
}

/** The value that comes first by `isBefore`, of those that are added; of equal ones the first. */
export function extremum<Value>(rows: readonly Signed<Value>[], isBefore: (a: Value, b: Value) => boolean): Value | null {
  let kept: Value | null = null
  for (const { value, sign } of rows) if (sign > 0 && value !== null && (kept === null || isBefore(value, kept))) kept = value
  return kept
}

export function wholeAverage(sum: bigint, count: number, bits: number): bigint | null {
  return count === 0 ? null : BigInt.asIntN(bits, sum / BigInt(count))
}

const DECIMAL_LIMIT = 10n ** 38n

export function decimalValue(sum: bigint, count: number): bigint | null {
  return count === 0 || sum >= DECIMAL_LIMIT || sum <= -DECIMAL_LIMIT ? null : sum
}

export function decimalAverage(sum: bigint, count: number, digits: number): bigint | null {
  const whole = decimalValue(sum, count)
  return whole === null ? null : (decimalDivide(whole, BigInt(count), digits) ?? null)
}
