import { types } from '../../data/types.ts'
import { parseVariant } from '../../data/variant.ts'
import { EvaluationError } from '../evaluation-error.ts'
import type { ScalarFunction } from '../function.ts'
import { boolean, signature, text } from '../signature.ts'

/** Functions that make a VARIANT; its members are reached with `[]` (ITEM). */
export const variantFunctions: readonly ScalarFunction[] = [
  {
    name: 'PARSE_JSON',
    family: 'variant',
    forms: ['PARSE_JSON(text[, allowDuplicateKeys])'],
    doc: 'A JSON text as VARIANT, keys sorted; fails for other text and, unless allowed, for a key that stands twice (the last one counts).',
    examples: [
      ['PARSE_JSON(\'{"b": [1, 2.50], "a": null}\')', '{"a":null,"b":[1,2.5]}'],
      ['PARSE_JSON(\'{"k": 1, "k": 2}\', TRUE)', '{"k":2}'],
    ],
    resolve: signature({ parameters: [text, boolean], optional: 1, returns: types.variant() }),
    nulls: 'strict',
    evaluate: ([value, duplicates]) => {
      const variant = parseVariant(value as string, duplicates === true ? 'last' : 'refuse')
      if (variant !== undefined) return variant
      const shown = (value as string).length > 100 ? `${(value as string).slice(0, 100)}...` : (value as string)
      throw new EvaluationError(
        'data/json',
        `Cannot parse "${shown}" in "PARSE_JSON": the text is no JSON, or has a key twice; TRY_PARSE_JSON gives NULL instead`,
      )
    },
  },
  {
    name: 'TRY_PARSE_JSON',
    family: 'variant',
    forms: ['TRY_PARSE_JSON(text[, allowDuplicateKeys])'],
    doc: 'As PARSE_JSON, but NULL where that fails.',
    examples: [
      ["TRY_PARSE_JSON('[1,')", null],
      ["TRY_PARSE_JSON('[10, 20]')[2]", '20'],
    ],
    resolve: signature({ parameters: [text, boolean], optional: 1, returns: types.variant(), nullable: 'always' }),
    nulls: 'strict',
    evaluate: ([value, duplicates]) => parseVariant(value as string, duplicates === true ? 'last' : 'refuse') ?? null,
  },
]
