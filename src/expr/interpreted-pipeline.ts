import { unreachable } from '../base/assert.ts'
import { RheoError } from '../base/errors.ts'
import type { Arena, ArenaOwner } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import { readCell, writeCell } from '../data/cells.ts'
import { floorMs } from '../data/row-encoding.ts'
import type { SqlValue } from '../data/value.ts'
import { NO_WATERMARK } from '../data/watermark.ts'
import { walk } from './expr.ts'
import type { EvaluationContext } from './function.ts'
import { type Evaluator, prepare } from './interpret.ts'
import { FailedRowError, nullTimeError, type Pipeline, type PipelineDescription, type PipelineOptions, type WatermarkState } from './pipeline.ts'
import { PipelineOutput } from './pipeline-output.ts'
import { type PipelineProgram, type ProgramStep, columnsRead, expressionsOf } from './pipeline-program.ts'

type PreparedStep =
  | { readonly kind: 'filter'; readonly condition: Evaluator }
  | { readonly kind: 'compute'; readonly slot: number; readonly value: Evaluator }
  | { readonly kind: 'watermark'; readonly time: Evaluator; readonly watermark: Evaluator; readonly intervalMs: number }

/** Runs a program through the interpreter, row by row: the specification of what a compiled pipeline does. */
export class InterpretedPipeline implements Pipeline {
  readonly #arena: Arena
  readonly #program: PipelineProgram
  readonly #steps: readonly PreparedStep[]
  /** The values of the row at hand: the input's columns that the program reads, then slots. */
  readonly #values: SqlValue[]
  readonly #columnsRead: readonly number[]
  readonly #output: PipelineOutput
  readonly #description: PipelineDescription
  #emitted = NO_WATERMARK
  #greatest = 0

  constructor(program: PipelineProgram, options: PipelineOptions) {
    this.#arena = options.owner.arena
    this.#program = program
    this.#steps = program.steps.map((step) => prepareStep(step, options.context))
    this.#values = [...program.inputTypes, ...program.slots].map(() => null)
    this.#columnsRead = columnsRead(program)
    this.#output = new PipelineOutput(options.owner, program)
    this.#description = { compiled: [], called: functionsOf(program) }
  }

  run(input: Batch): Batch {
    const { i32, i64 } = this.#arena
    const output = this.#output
    const batch = output.begin(input)
    const before = this.#emitted
    let kept = 0
    let i = 0
    let row = 0
    try {
      for (; i < input.selectedCount; i++) {
        row = input.selection === 0 ? i : i32[input.selection / 4 + i]!
        if (output.rowWatermarks !== 0) i64[output.rowWatermarks / 8 + row] = BigInt(this.#emitted)
        if (!this.#runRow(input, row)) continue
        if (output.selection !== 0) i32[output.selection / 4 + kept] = row
        kept++
      }
    } catch (error) {
      if (!(error instanceof RheoError)) throw error
      throw new FailedRowError(error, row, output.finish(input, { rows: i, kept, watermark: before }))
    }
    return output.finish(input, { rows: i, kept, watermark: before })
  }

  /** True when the row passes all filters; its values then are in the output. */
  #runRow(input: Batch, row: number): boolean {
    const values = this.#values
    const slotsAt = this.#program.inputTypes.length
    for (const index of this.#columnsRead) values[index] = readCell(this.#arena, input.columns[index]!, row)
    for (const step of this.#steps) {
      switch (step.kind) {
        case 'filter':
          if (step.condition(values) !== true) return false
          break
        case 'compute':
          values[slotsAt + step.slot] = step.value(values)
          break
        case 'watermark':
          this.#raiseWatermark(step.time(values), step.watermark(values), step.intervalMs)
          break
      }
    }
    const { buffer, slotColumns } = this.#output
    for (let slot = 0; slot < slotColumns.length; slot++) {
      const column = slotColumns[slot]
      if (column !== undefined) writeCell(buffer, column, row, values[slotsAt + slot]!)
    }
    return true
  }

  #raiseWatermark(time: SqlValue, watermark: SqlValue, intervalMs: number): void {
    if (time === null) throw nullTimeError()
    if (watermark === null) return
    const millis = Number(floorMs(watermark as bigint))
    if (millis > this.#greatest) this.#greatest = millis
    if (this.#greatest - Math.max(this.#emitted, 0) > intervalMs) this.#emitted = this.#greatest
  }

  watermarkState(): WatermarkState {
    return { emitted: this.#emitted, greatest: this.#greatest }
  }

  restoreWatermark(state: WatermarkState): void {
    this.#emitted = state.emitted
    this.#greatest = state.greatest
  }

  describe(): PipelineDescription {
    return this.#description
  }
}


function prepareStep(step: ProgramStep, context: EvaluationContext): PreparedStep {
  switch (step.kind) {
    case 'filter':
      return { kind: 'filter', condition: prepare(step.condition, context) }
    case 'compute':
      return { kind: 'compute', slot: step.slot, value: prepare(step.value, context) }
    case 'watermark': {
      const { intervalMs } = step
      return { kind: 'watermark', time: prepare(step.time, context), watermark: prepare(step.watermark, context), intervalMs }
    }
    default:
      return unreachable(step)
  }
}

/** Canonical names of all functions that a program calls, sorted. */
function functionsOf(program: PipelineProgram): readonly string[] {
  const names = new Set<string>()
  for (const step of program.steps) {
    for (const expr of expressionsOf(step)) {
      walk(expr, (node) => {
        if (node.kind === 'call') names.add(node.name)
      })
    }
  }
  return [...names].sort()
}
