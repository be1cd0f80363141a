import type { ScalarFunction } from '../function.ts'

export const mathFunctions: readonly ScalarFunction[] = []
