import { assert } from '../base/assert.ts'
import type { ScalarFunction } from './function.ts'
import { bitmapFunctions } from './functions/bitmap.ts'
import { arithmeticFunctions } from './functions/arithmetic.ts'
import { auxiliaryFunctions } from './functions/auxiliary.ts'
import { internalFunctions } from './functions/internal.ts'
import { collectionFunctions } from './functions/collection.ts'
import { comparisonFunctions } from './functions/comparison.ts'
import { conditionalFunctions } from './functions/conditional.ts'
import { constructionFunctions } from './functions/construction.ts'
import { hashFunctions } from './functions/hash.ts'
import { jsonFunctions } from './functions/json.ts'
import { logicalFunctions } from './functions/logical.ts'
import { mathFunctions } from './functions/math.ts'
import { regexpFunctions } from './functions/regexp.ts'
import { stringFunctions } from './functions/string.ts'
import { temporalFunctions } from './functions/temporal.ts'
import { urlFunctions } from './functions/url.ts'
import { variantFunctions } from './functions/variant.ts'

const all: readonly ScalarFunction[] = [
  ...comparisonFunctions,
  ...logicalFunctions,
  ...arithmeticFunctions,
  ...mathFunctions,
  ...conditionalFunctions,
  ...stringFunctions,
  ...regexpFunctions,
  ...urlFunctions,
  ...hashFunctions,
  ...temporalFunctions,
  ...collectionFunctions,
  ...constructionFunctions,
  ...jsonFunctions,
  ...variantFunctions,
  ...bitmapFunctions,
  ...auxiliaryFunctions,
  ...internalFunctions,
]

const byName = new Map<string, ScalarFunction>()
for (const definition of all) {
  for (const name of [definition.name, ...(definition.aliases ?? [])]) {
    assert(!byName.has(name), `the function "${name}" is registered once`)
    byName.set(name, definition)
  }
}

const ofModules = new Map<string, ScalarFunction>()

/**
 * Adds a function of a user's module, whose name says which it is: module, export and a hash of the module's text. A name means one function for ever, so a plan
 * that has it runs in any session of the process.
 */
export function registerFunction(definition: ScalarFunction): void {
  if (!ofModules.has(definition.name)) ofModules.set(definition.name, definition)
}

/** The function of a name or alias in any case; operators by their sign (`+`, `IS NULL`). */
export function lookupFunction(name: string): ScalarFunction | undefined {
  return byName.get(name) ?? ofModules.get(name) ?? byName.get(name.toUpperCase())
}

/** Every scalar function once, family by family. */
export function scalarFunctions(): readonly ScalarFunction[] {
  return all
}

/** Canonical names and aliases that can be called as `NAME(...)`, for suggestions and completion. */
export function callableNames(): readonly string[] {
  return [...byName.keys()].filter((name) => /^[A-Z_][A-Z0-9_]*$/.test(name))
}
