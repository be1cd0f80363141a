import { serializableType, summaryType } from '../../data/type-text.ts'
import { types } from '../../data/types.ts'
import type { ScalarFunction } from '../function.ts'
import { any, boolean, signature } from '../signature.ts'

export const auxiliaryFunctions: readonly ScalarFunction[] = [
  {
    name: 'TYPEOF',
    family: 'conversion',
    forms: ['TYPEOF(value[, serializable])'],
    doc: "The name of the value's type; with TRUE the full text that a CREATE TABLE takes.",
    examples: [
      ['TYPEOF(1)', 'INT NOT NULL'],
      ["TYPEOF('a' || 'b')", 'CHAR(2) NOT NULL'],
    ],
    resolve: signature({ parameters: [any, boolean], optional: 1, returns: types.string(), nullable: 'own' }),
    nulls: 'custom',
    evaluate: ([, isSerializable], { argTypes }) => (isSerializable === true ? serializableType(argTypes[0]!) : summaryType(argTypes[0]!)),
    sparkName: 'typeof',
  },
  {
    name: 'CURRENT_DATABASE',
    family: 'auxiliary',
    forms: ['CURRENT_DATABASE()'],
    doc: 'The name of the current database.',
    examples: [['CURRENT_DATABASE()', 'default_database']],
    resolve: signature({ parameters: [], returns: types.string(false), nullable: 'own' }),
    nulls: 'custom',
    evaluate: (_args, { context }) => context.currentDatabase,
  },
]
