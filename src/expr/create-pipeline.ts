import { CompiledPipeline } from './compiled-pipeline.ts'
import { InterpretedPipeline } from './interpreted-pipeline.ts'
import type { Pipeline, PipelineOptions } from './pipeline.ts'
import { type PipelineSpec, programOf } from './pipeline-program.ts'

/**
 * Makes filters, projections and a watermark into one loop over batches, by the execution that `options` ask for.
 *
 * @example A Calc
 * ```ts
 * const pipeline = createPipeline(
 *   { inputTypes, steps: [{ kind: 'filter', condition }, { kind: 'project', projections }] },
 *   { owner, context, execution: 'compiled' },
 * )
 * const result = pipeline.run(batch)
 * ```
 */
export function createPipeline(spec: PipelineSpec, options: PipelineOptions): Pipeline {
  const program = programOf(spec)
  return options.execution === 'compiled' ? new CompiledPipeline(program, options) : new InterpretedPipeline(program, options)
}
