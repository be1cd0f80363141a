/** Java's conversion of a floating-point number to `int`: the fraction cut off, NaN is 0. */
export function saturateInt(value: number): number {
  if (value >= 2147483647) return 2147483647
  if (value <= -2147483648) return -2147483648
  return Math.trunc(value) || 0
}

const longMin = -(2n ** 63n)
const longMax = 2n ** 63n - 1n

/** Java's conversion of a floating-point number to `long`. */
export function saturateLong(value: number): bigint {
  if (value >= 2 ** 63) return longMax
  if (value <= -(2 ** 63)) return longMin
  return Number.isNaN(value) ? 0n : BigInt(Math.trunc(value))
}
