import type { ScalarFunction } from '../function.ts'

export const urlFunctions: readonly ScalarFunction[] = []
