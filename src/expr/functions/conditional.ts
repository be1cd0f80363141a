import type { ScalarFunction } from '../function.ts'

export const conditionalFunctions: readonly ScalarFunction[] = []
