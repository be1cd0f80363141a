import type { ArenaOwner } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import { NO_WATERMARK } from '../data/watermark.ts'
import { createPipeline } from '../expr/create-pipeline.ts'
import type { EvaluationContext } from '../expr/function.ts'
import { FailedRowError } from '../expr/pipeline.ts'
import type { PipelineSpec } from '../expr/pipeline-program.ts'
import type { Operator } from '../runtime/operator.ts'
import { RowError } from '../runtime/row-error.ts'
import { readWatermarkSnapshot, watermarkSnapshot } from '../runtime/watermark-snapshot.ts'

export interface CalcOptions {
  readonly name: string
  readonly spec: PipelineSpec
  readonly owner: ArenaOwner
  readonly context: EvaluationContext
  readonly execution: 'compiled' | 'interpreted'
  /** The id of the watermark node among the steps: its state is the watermark. */
  readonly watermarkId?: string | undefined
  /** Whether the rows that come in lie at the numbers of the source's batch. */
  readonly hasSourceRows: boolean
}

/**
 * Filters, projects and assigns watermarks in one loop over each batch. Output rows lie at the numbers of their input rows, columns that pass
 * through are shared; nothing is copied. Without state but for the watermark.
 *
 * When an expression refuses a row, the rows before it leave first.
 */
export function calc(options: CalcOptions): Operator {
  const { name, spec, owner, watermarkId } = options
  const pipeline = createPipeline(spec, { owner, context: options.context, execution: options.execution })
  let failure: RowError | undefined
  const operator: Operator = {
    name,
    keepsRowNumbers: true,
    onBatch(_input, batch, out) {
      if (failure !== undefined) throw failure
      let result: Batch
      try {
        result = pipeline.run(batch)
      } catch (error) {
        if (!(error instanceof FailedRowError)) throw error
        failure = new RowError(error, options.hasSourceRows ? error.row : undefined)
        if (error.before.selectedCount === 0) throw failure
        out.push(error.before)
        return 'more'
      }
      out.push(result)
      return 'done'
    },
    close: () => owner.close(),
  }
  if (watermarkId === undefined) return operator
  return {
    ...operator,
    stateId: watermarkId,
    watermarks: {
      current: () => pipeline.watermarkState().emitted,
      startBlock: () => pipeline.restoreWatermark({ emitted: NO_WATERMARK, greatest: 0 }),
    },
    snapshot: () => watermarkSnapshot(pipeline.watermarkState()),
    restore(parts) {
      const [part] = parts
      if (part !== undefined) pipeline.restoreWatermark(readWatermarkSnapshot(part))
    },
  }
}
