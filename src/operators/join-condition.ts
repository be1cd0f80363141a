import type { ArenaOwner } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import type { SqlType } from '../data/types.ts'
import { createPipeline } from '../expr/create-pipeline.ts'
import type { Expr } from '../expr/expr.ts'
import type { EvaluationContext } from '../expr/function.ts'
import { FailedRowError } from '../expr/pipeline.ts'
import { columnsRead, programOf } from '../expr/pipeline-program.ts'
import { RowError } from '../runtime/row-error.ts'

/** Which pairs of rows match, beside having equal keys. */
export interface JoinCondition {
  /** The columns of a pair that it reads. */
  readonly columns: readonly number[]
  /** Selects the pairs of a batch that match. */
  run(pairs: Batch): Batch
}

export interface JoinConditionOptions {
  readonly owner: ArenaOwner
  readonly context: EvaluationContext
  readonly execution: 'compiled' | 'interpreted'
  /** Of both sides. */
  readonly types: readonly SqlType[]
}

/** A condition over the columns of both sides, evaluated for a batch of pairs. */
export function joinCondition(condition: Expr, { owner, context, execution, types }: JoinConditionOptions): JoinCondition {
  const spec = { inputTypes: types, steps: [{ kind: 'filter', condition }] } as const
  const pipeline = createPipeline(spec, { owner, context, execution })
  return {
    columns: columnsRead(programOf(spec)),
    run(pairs) {
      try {
        return pipeline.run(pairs)
      } catch (error) {
        if (error instanceof FailedRowError) throw new RowError(error, undefined)
        throw error
      }
    },
  }
}
