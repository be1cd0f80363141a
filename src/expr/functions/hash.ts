import type { ScalarFunction } from '../function.ts'

export const hashFunctions: readonly ScalarFunction[] = []
