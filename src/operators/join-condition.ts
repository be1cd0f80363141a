import type { ArenaOwner } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import { type SqlType, types } from '../data/types.ts'
import { createPipeline } from '../expr/create-pipeline.ts'
import { type Expr, walk } from '../expr/expr.ts'
import type { EvaluationContext } from '../expr/function.ts'
import { FailedRowError } from '../expr/pipeline.ts'
import { type PipelineStep, columnsRead, programOf } from '../expr/pipeline-program.ts'
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
export function joinCondition(condition: Expr, options: JoinConditionOptions): JoinCondition {
  const steps = [{ kind: 'filter', condition }] as const
  return pairPipeline(steps, columnsRead(programOf({ inputTypes: options.types, steps })), options)
}

/** As `joinCondition`, with one column: what `mark` says of the pairs that fulfil the condition; TRUE where there is none. */
export function markedPairs(condition: Expr | undefined, mark: Expr | undefined, options: JoinConditionOptions): JoinCondition {
  const value: Expr = mark ?? { kind: 'literal', value: true, type: types.boolean(false) }
  const project: PipelineStep = { kind: 'project', projections: [value] }
  const columns = new Set<number>()
  for (const expr of condition === undefined ? [value] : [condition, value]) {
    walk(expr, (node) => {
      if (node.kind === 'column') columns.add(node.index)
    })
  }
  return pairPipeline(condition === undefined ? [project] : [{ kind: 'filter', condition }, project], [...columns], options)
}

function pairPipeline(steps: readonly PipelineStep[], columns: readonly number[], options: JoinConditionOptions): JoinCondition {
  const { owner, context, execution } = options
  const pipeline = createPipeline({ inputTypes: options.types, steps }, { owner, context, execution })
  return {
    columns,
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
