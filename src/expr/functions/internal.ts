import { types, withNullability } from '../../data/types.ts'
import { EvaluationError } from '../evaluation-error.ts'
import type { ScalarFunction } from '../function.ts'

/** Of one row of INTERSECT ALL or EXCEPT ALL. */
const MOST_COPIES = 1 << 22

/** What the planner calls: their names cannot be written. */
export const internalFunctions: readonly ScalarFunction[] = [
  {
    name: 'NOT NULL ENFORCED',
    family: 'auxiliary',
    forms: ['INSERT INTO table_with_not_null_column ...'],
    doc: 'The value, or the end of the job when it is NULL and the column of the table is NOT NULL.',
    examples: [],
    resolve: (args) =>
      args.length === 2 ? { type: withNullability(args[0]!.type, false), argTypes: args.map((arg) => arg.type) } : 'count',
    nulls: 'custom',
    evaluate: ([value, column]) => {
      if (value !== null && value !== undefined) return value
      throw new EvaluationError(
        'data/not-null',
        `Cannot write NULL into column "${String(column)}": it is NOT NULL; SET 'table.exec.sink.not-null-enforcer' = 'DROP' leaves out such rows`,
      )
    },
    flinkName: null,
    sparkName: null,
  },
  {
    name: 'REPEATED ROWS',
    family: 'auxiliary',
    forms: ['SELECT ... INTERSECT ALL SELECT ...'],
    doc: 'An array with as many elements as a row is there in the result of INTERSECT ALL or EXCEPT ALL.',
    examples: [],
    resolve: ([count, ...rest]) => {
      if (count === undefined || rest.length > 0) return 'count'
      return count.type.kind === 'BIGINT'
        ? { type: types.array(types.boolean(false), count.type.nullable), argTypes: [count.type] }
        : 'a BIGINT as argument 1'
    },
    nulls: 'strict',
    evaluate: ([times]) => {
      const count = Number(times)
      if (count <= MOST_COPIES) return new Array<boolean>(Math.max(0, count)).fill(true)
      throw new EvaluationError(
        'data/too-many-copies',
        `Cannot give a row ${count} times: at most ${MOST_COPIES} copies of one row were wanted`,
      )
    },
    flinkName: null,
    sparkName: null,
  },
]
