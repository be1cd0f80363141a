import { unreachable } from '../base/assert.ts'
import { layoutOf } from '../data/column.ts'
import type { SqlType } from '../data/types.ts'
import type { CallSites } from './call-sites.ts'
import { ExpressionCompiler, type InputColumn } from './compile.ts'
import { Emitter, type Label, contextLayout } from './emitter.ts'
import { storeCell, withNull } from './fragment-memory.ts'
import type { InputPaths } from './input-paths.ts'
import type { PipelineProgram, ProgramStep } from './pipeline-program.ts'
import { type Local, type Operand, i32, i64, load, op, select } from './wasm-code.ts'

// The loop of a pipeline, compiled to one WebAssembly function:
//
//   run(context, from, to):
//     addresses of columns from the context, into locals
//     for position = from .. to - 1
//       row = selection[position], or position itself
//       each step of the program; a filter goes on with the next position, a failing expression ends the loop
//       values of slots to their columns, the row to the output's selection
//     counters back into the context
//     return position            which is `to`, or that of the row that failed

/** What a variant of the loop may take for granted about the batch. */
export interface Representation {
  /** Whether the batch has a null mask, by path. */
  readonly masks: readonly boolean[]
  readonly hasSelection: boolean
}

/** A column of the output in the order of the context: slots that are shown, each followed by its fields. */
export interface OutputCells {
  readonly slot: number
  /** Fields below the slot's ROW. */
  readonly path: readonly number[]
  readonly type: SqlType
}

export interface CompiledLoop {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Which output columns may have NULLs, in the order of `OutputCells`. */
  readonly nullable: readonly boolean[]
  readonly compiled: ReadonlySet<string>
  readonly called: ReadonlySet<string>
}

const INPUT_BYTES = 8
/** Of an output column in the context. */
export const OUTPUT_BYTES = 12

/** Bytes of the context of a loop. */
export function contextBytes(paths: InputPaths, outputs: readonly OutputCells[]): number {
  return outputOffset(paths, outputs.length)
}

/** Where the context has the address of an input path's cells; the null mask follows. */
export function inputOffset(path: number): number {
  return contextLayout.columns + path * INPUT_BYTES
}

/** Where the context has the address of an output column's cells; its null mask follows, then whether there was a NULL. */
export function outputOffset(paths: InputPaths, output: number): number {
  return contextLayout.columns + paths.paths.length * INPUT_BYTES + output * OUTPUT_BYTES
}

/** The output columns that the loop writes. */
export function outputCells(program: PipelineProgram): readonly OutputCells[] {
  const shown = new Set(program.outputs.flatMap((output) => (output.kind === 'slot' ? [output.slot] : [])))
  const below = (slot: number, path: readonly number[], type: SqlType): readonly OutputCells[] => [
    { slot, path, type },
    ...(type.kind === 'ROW' ? type.fields.flatMap((field, i) => below(slot, [...path, i], field.type)) : []),
  ]
  return program.slots.flatMap((type, slot) => (shown.has(slot) ? below(slot, [], type) : []))
}

export interface LoopOptions {
  readonly program: PipelineProgram
  readonly paths: InputPaths
  readonly outputs: readonly OutputCells[]
  readonly sites: CallSites
  readonly representation: Representation
}

interface OutputColumn {
  readonly cells: Operand
  readonly nulls: Operand
  /** Counts NULLs, at least from 0 to 1. */
  readonly hasNull: Local
}

/** Emits the variant of a program's loop for one representation of its input. */
export function compileLoop(options: LoopOptions): CompiledLoop {
  return new LoopCompiler(options).compile()
}

class LoopCompiler {
  readonly #emit = new Emitter()
  readonly #options: LoopOptions
  readonly #compiler: ExpressionCompiler
  readonly #targets: readonly OutputColumn[]
  readonly #nullable: boolean[] = []
  readonly #position: Local
  /** How many rows have passed all filters, when there are any. */
  readonly #kept: Local
  readonly #emitted: Local
  readonly #greatest: Local

  constructor(options: LoopOptions) {
    const emit = this.#emit
    const { program, paths, sites, representation } = options
    this.#options = options
    this.#compiler = new ExpressionCompiler({
      emit,
      paths,
      columns: inputColumns(emit, paths, representation),
      sites,
      inputCount: program.inputTypes.length,
    })
    this.#targets = options.outputs.map((_, index) => {
      const offset = outputOffset(paths, index)
      const hasNull = emit.local('i32')
      emit.set(hasNull, i32(0))
      const address = (at: number): Operand => emit.bind(load('i32.load', emit.context, at))
      return { cells: address(offset), nulls: address(offset + 4), hasNull }
    })
    this.#position = emit.local('i32')
    this.#kept = emit.local('i32')
    this.#emitted = emit.local('i64')
    this.#greatest = emit.local('i64')
  }

  compile(): CompiledLoop {
    const emit = this.#emit
    const { context } = emit
    const { representation, paths } = this.#options
    const fromContext = (offset: number): Operand => emit.bind(load('i32.load', context, offset))
    const selection = fromContext(contextLayout.inputSelection)
    const outputSelection = fromContext(contextLayout.outputSelection)
    const rowWatermarks = fromContext(contextLayout.rowWatermarks)
    emit.set(this.#kept, load('i32.load', context, contextLayout.kept))
    emit.set(this.#emitted, load('i64.load', context, contextLayout.emitted))
    emit.set(this.#greatest, load('i64.load', context, contextLayout.greatest))
    emit.set(this.#position, emit.from)
    emit.block((failed) => {
      emit.failed = failed
      emit.loop((next) => {
        emit.branchIf(failed, op('i32.ge_u', this.#position, emit.to))
        const selected = load('i32.load', op('i32.add', selection, op('i32.shl', this.#position, i32(2))))
        emit.set(emit.row, representation.hasSelection ? selected : this.#position)
        emit.block((skipped) => this.#row(skipped, outputSelection, rowWatermarks))
        emit.set(this.#position, op('i32.add', this.#position, i32(1)))
        emit.branch(next)
      })
    })
    emit.store('i32.store', context, this.#kept, contextLayout.kept)
    emit.store('i64.store', context, this.#emitted, contextLayout.emitted)
    emit.store('i64.store', context, this.#greatest, contextLayout.greatest)
    this.#targets.forEach(({ hasNull }, index) => emit.store('i32.store', context, hasNull, outputOffset(paths, index) + 8))
    emit.return(this.#position)
    const { compiled, called } = this.#compiler
    return { bytes: emit.finish(), nullable: this.#nullable, compiled, called }
  }

  #row(skipped: Label, outputSelection: Operand, rowWatermarks: Operand): void {
    const emit = this.#emit
    const { program, outputs } = this.#options
    const hasFilter = program.steps.some((step) => step.kind === 'filter')
    for (const step of program.steps) this.#step(step, skipped, rowWatermarks)
    outputs.forEach((output, index) => this.#store(output, index))
    if (!hasFilter) return
    emit.store('i32.store', op('i32.add', outputSelection, op('i32.shl', this.#kept, i32(2))), emit.row)
    emit.set(this.#kept, op('i32.add', this.#kept, i32(1)))
  }

  #step(step: ProgramStep, skipped: Label, rowWatermarks: Operand): void {
    switch (step.kind) {
      case 'filter':
        this.#compiler.filter(step.condition, skipped)
        return
      case 'compute':
        this.#compiler.slots[step.slot] = this.#compiler.value(step.value)
        return
      case 'watermark':
        this.#watermark(step, rowWatermarks)
        return
      default:
        return unreachable(step)
    }
  }

  #watermark(step: Extract<ProgramStep, { kind: 'watermark' }>, rowWatermarks: Operand): void {
    const emit = this.#emit
    emit.store('i64.store', op('i32.add', rowWatermarks, op('i32.shl', emit.row, i32(3))), this.#emitted)
    const time = this.#compiler.value(step.time)
    if (time.isNull !== undefined) emit.failIf(time.isNull)
    const { isNull, value } = this.#compiler.value(step.watermark)
    const millis = value[0]!
    const isGreater = op('i64.gt_s', millis, this.#greatest)
    const rises = isNull === undefined ? isGreater : op('i32.and', isGreater, op('i32.eqz', isNull))
    emit.set(this.#greatest, select(rises, millis, this.#greatest))
    // The assigner starts from 0, not from the beginning of time, as Flink's does.
    const start = select(op('i64.gt_s', this.#emitted, i64(0)), this.#emitted, i64(0))
    const isDue = op('i64.gt_s', op('i64.sub', this.#greatest, start), i64(step.intervalMs))
    emit.set(this.#emitted, select(isDue, this.#greatest, this.#emitted))
  }

  #store(output: OutputCells, index: number): void {
    const emit = this.#emit
    const { cells, nulls, hasNull } = this.#targets[index]!
    let fragment = this.#compiler.slots[output.slot]!
    for (const field of output.path) fragment = withNull(emit, fragment.fields![field]!, fragment.isNull)
    storeCell(emit, layoutOf(output.type), cells, emit.row, fragment)
    this.#nullable[index] = fragment.isNull !== undefined
    if (fragment.isNull === undefined) return
    emit.store('i32.store8', op('i32.add', nulls, emit.row), fragment.isNull)
    emit.set(hasNull, op('i32.or', hasNull, fragment.isNull))
  }
}

function inputColumns(emit: Emitter, paths: InputPaths, { masks }: Representation): readonly InputColumn[] {
  return paths.paths.map((_, index) => ({
    cells: emit.bind(load('i32.load', emit.context, inputOffset(index))),
    nulls: masks[index] === true ? emit.bind(load('i32.load', emit.context, inputOffset(index) + 4)) : undefined,
  }))
}
