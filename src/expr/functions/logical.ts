import { types } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import type { ScalarFunction } from '../function.ts'
import { boolean, signature } from '../signature.ts'

function test(name: string, doc: string, example: readonly [string, string], accepts: (value: SqlValue) => boolean): ScalarFunction {
  return {
    name,
    family: 'logical',
    forms: [`boolean ${name}`],
    doc,
    examples: [example],
    resolve: signature({ parameters: [boolean], returns: types.boolean(false), nullable: 'own' }),
    nulls: 'custom',
    evaluate: ([value]) => accepts(value!),
  }
}

export const logicalFunctions: readonly ScalarFunction[] = [
  {
    name: 'NOT',
    family: 'logical',
    forms: ['NOT boolean'],
    doc: 'TRUE for FALSE and FALSE for TRUE; NULL for NULL.',
    examples: [['NOT TRUE', 'FALSE']],
    resolve: signature({ parameters: [boolean], returns: types.boolean() }),
    nulls: 'strict',
    evaluate: ([value]) => value !== true,
  },
  test('IS TRUE', 'TRUE for TRUE only; never NULL.', ['(1 = 1) IS TRUE', 'TRUE'], (value) => value === true),
  test('IS NOT TRUE', 'TRUE for FALSE and NULL; never NULL.', ['CAST(NULL AS BOOLEAN) IS NOT TRUE', 'TRUE'], (value) => value !== true),
  test('IS FALSE', 'TRUE for FALSE only; never NULL.', ['(1 = 1) IS FALSE', 'FALSE'], (value) => value === false),
  test('IS NOT FALSE', 'TRUE for TRUE and NULL; never NULL.', ['CAST(NULL AS BOOLEAN) IS NOT FALSE', 'TRUE'], (value) => value !== false),
  test('IS UNKNOWN', 'TRUE for NULL only; never NULL.', ['CAST(NULL AS BOOLEAN) IS UNKNOWN', 'TRUE'], (value) => value === null),
  test('IS NOT UNKNOWN', 'TRUE for TRUE and FALSE; never NULL.', ['(1 = 1) IS NOT UNKNOWN', 'TRUE'], (value) => value !== null),
]
