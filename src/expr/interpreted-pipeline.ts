import { unreachable } from '../base/assert.ts'
import { RheoError } from '../base/errors.ts'
import type { Arena, ArenaOwner } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import { readCell, writeCell } from '../data/cells.ts'
import type { Column } from '../data/column.ts'
import { floorMs } from '../data/row-encoding.ts'
import type { SqlValue } from '../data/value.ts'
import { NO_WATERMARK } from '../data/watermark.ts'
import { walk } from './expr.ts'
import type { EvaluationContext } from './function.ts'
import { type Evaluator, prepare } from './interpret.ts'
import {
  FailedRowError,
  nullTimeError,
  type Pipeline,
  type PipelineDescription,
  type PipelineOptions,
  type RowTest,
  type WatermarkState,
} from './pipeline.ts'
import { PipelineOutput } from './pipeline-output.ts'
import { type PipelineProgram, type ProgramStep, columnsRead, expressionsOf } from './pipeline-program.ts'

type PreparedStep =
  | { readonly kind: 'filter'; readonly condition: Evaluator }
  | { readonly kind: 'compute'; readonly slot: number; readonly value: Evaluator }
  | { readonly kind: 'watermark'; readonly time: Evaluator; readonly watermark: Evaluator; readonly intervalMs: number }

/** Runs a program through the interpreter, row by row: the specification of what a compiled pipeline does. */
export class InterpretedPipeline implements Pipeline {
  readonly #owner: ArenaOwner
  readonly #arena: Arena
  readonly #interpreter: RowInterpreter
  readonly #output: PipelineOutput
  readonly #description: PipelineDescription

  constructor(program: PipelineProgram, options: PipelineOptions) {
    this.#owner = options.owner
    this.#arena = options.owner.arena
    this.#interpreter = new RowInterpreter(this.#arena, program, options.context)
    this.#output = new PipelineOutput(options.owner, program)
    this.#description = { compiled: [], called: functionsOf(program) }
  }

  run(input: Batch): Batch {
    const { i32, i64 } = this.#arena
    const output = this.#output
    const interpreter = this.#interpreter
    output.begin(input)
    const watermark = interpreter.emitted
    let kept = 0
    let i = 0
    let row = 0
    try {
      for (; i < input.selectedCount; i++) {
        row = input.selection === 0 ? i : i32[input.selection / 4 + i]!
        if (output.rowWatermarks !== 0) i64[output.rowWatermarks / 8 + row] = BigInt(interpreter.emitted)
        if (!interpreter.run(input, row)) continue
        for (let slot = 0; slot < output.slotColumns.length; slot++) {
          const column = output.slotColumns[slot]
          if (column !== undefined) writeCell(output.buffer, column, row, interpreter.slot(slot))
        }
        if (output.selection !== 0) i32[output.selection / 4 + kept] = row
        kept++
      }
    } catch (error) {
      if (!(error instanceof RheoError)) throw error
      throw new FailedRowError(error, row, output.finish(input, { rows: i, kept, watermark }))
    }
    return output.finish(input, { rows: i, kept, watermark })
  }

  rowTest(input: Batch): RowTest {
    const { u32 } = this.#arena
    const places = new Map<string, { readonly column: Column; readonly place: number }>()
    const add = (column: Column, path: readonly number[]): void => {
      places.set(path.join('.'), { column, place: this.#owner.allocate(8) })
      column.children.forEach((child, i) => add(child, [...path, i]))
    }
    input.columns.forEach((column, i) => add(column, [i]))
    return {
      placeOf: (path) => places.get(path.join('.'))?.place,
      keeps: () => {
        for (const { column, place } of places.values()) {
          column.cells = u32[place >>> 2]!
          column.nulls = u32[(place >>> 2) + 1]!
        }
        return this.#interpreter.run(input, 0)
      },
    }
  }

  watermarkState(): WatermarkState {
    return { emitted: this.#interpreter.emitted, greatest: this.#interpreter.greatest }
  }

  restoreWatermark(state: WatermarkState): void {
    this.#interpreter.emitted = state.emitted
    this.#interpreter.greatest = state.greatest
  }

  describe(): PipelineDescription {
    return this.#description
  }
}

/** A program over one row at a time, by the interpreter. */
export class RowInterpreter {
  emitted = NO_WATERMARK
  greatest = 0
  readonly #arena: Arena
  readonly #steps: readonly PreparedStep[]
  /** The values of the row at hand: the input's columns that the program reads, then slots. */
  readonly #values: SqlValue[]
  readonly #columnsRead: readonly number[]
  readonly #inputCount: number

  constructor(arena: Arena, program: PipelineProgram, context: EvaluationContext) {
    this.#arena = arena
    this.#steps = program.steps.map((step) => prepareStep(step, context))
    this.#values = [...program.inputTypes, ...program.slots].map(() => null)
    this.#columnsRead = columnsRead(program)
    this.#inputCount = program.inputTypes.length
  }

  slot(index: number): SqlValue {
    return this.#values[this.#inputCount + index]!
  }

  /** True when the row passes all filters; its slots then have their values. */
  run(input: Batch, row: number): boolean {
    const values = this.#values
    for (const index of this.#columnsRead) values[index] = readCell(this.#arena, input.columns[index]!, row)
    for (const step of this.#steps) {
      switch (step.kind) {
        case 'filter':
          if (step.condition(values) !== true) return false
          break
        case 'compute':
          values[this.#inputCount + step.slot] = step.value(values)
          break
        case 'watermark':
          this.#raiseWatermark(step.time(values), step.watermark(values), step.intervalMs)
          break
      }
    }
    return true
  }

  /** The error of a row; undefined when it has none. */
  errorOf(input: Batch, row: number): RheoError | undefined {
    try {
      this.run(input, row)
      return undefined
    } catch (error) {
      if (!(error instanceof RheoError)) throw error
      return error
    }
  }

  #raiseWatermark(time: SqlValue, watermark: SqlValue, intervalMs: number): void {
    if (time === null) throw nullTimeError()
    if (watermark !== null) this.greatest = Math.max(this.greatest, Number(floorMs(watermark as bigint)))
    // The assigner starts from 0, not from the beginning of time, as Flink's does.
    if (this.greatest - Math.max(this.emitted, 0) > intervalMs) this.emitted = this.greatest
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

/** Canonical names of all functions that a program calls, CAST among them, sorted. */
function functionsOf(program: PipelineProgram): readonly string[] {
  const names = new Set<string>()
  for (const step of program.steps) {
    for (const expr of expressionsOf(step)) {
      walk(expr, (node) => {
        if (node.kind === 'call') names.add(node.name)
        if (node.kind === 'cast') names.add('CAST')
      })
    }
  }
  return [...names].sort()
}
