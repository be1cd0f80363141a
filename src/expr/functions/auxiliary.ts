import type { ScalarFunction } from '../function.ts'

export const auxiliaryFunctions: readonly ScalarFunction[] = []
