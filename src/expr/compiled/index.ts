import type { CompiledForm } from '../compiled-form.ts'
import { arithmeticForms } from './arithmetic.ts'
import { comparisonForms } from './comparison.ts'
import { mathForms } from './math.ts'
import { temporalForms } from './temporal.ts'
import { textForms } from './text.ts'

/** Forms by the canonical name of the function. Functions without one are called from the loop. */
export const compiledForms: ReadonlyMap<string, CompiledForm> = new Map<string, CompiledForm>([
  ...arithmeticForms,
  ...comparisonForms,
  ...mathForms,
  ...textForms,
  ...temporalForms,
])
