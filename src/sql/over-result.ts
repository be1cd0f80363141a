/** While a SELECT is bound, the result of its call number i with OVER stands as the column of this number and i: above all columns of an input. */
const FIRST_RESULT = 1 << 24

export function overResult(number: number): number {
  return FIRST_RESULT + number
}

/** The number of the call whose result a column stands for, or undefined. */
export function overCall(column: number): number | undefined {
  return column < FIRST_RESULT ? undefined : column - FIRST_RESULT
}
