import type { CompiledForm } from '../compiled-form.ts'

/** Forms by the canonical name of the function. */
export const compiledForms: ReadonlyMap<string, CompiledForm> = new Map<string, CompiledForm>([])
