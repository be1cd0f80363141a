import { assert } from '../base/assert.ts'
import { RheoError } from '../base/errors.ts'
import type { Arena, ArenaOwner } from '../data/arena.ts'
import { BATCH_CAPACITY, type Batch } from '../data/batch.ts'
import type { Column } from '../data/column.ts'
import { NO_WATERMARK } from '../data/watermark.ts'
import { CallSites } from './call-sites.ts'
import { type CompiledLoop, type OutputCells, compileLoop, contextBytes, inputOffset, outputCells, outputOffset } from './compile-loop.ts'
import { contextLayout } from './emitter.ts'
import { type Expr, children, withChildren } from './expr.ts'
import type { EvaluationContext } from './function.ts'
import { InputPaths, columnAt } from './input-paths.ts'
import { interpret } from './interpret.ts'
import { RowInterpreter } from './interpreted-pipeline.ts'
import { FailedRowError, type Pipeline, type PipelineDescription, type PipelineOptions, type WatermarkState } from './pipeline.ts'
import { PipelineOutput } from './pipeline-output.ts'
import type { PipelineProgram, ProgramStep } from './pipeline-program.ts'
import { lookupFunction } from './registry.ts'

/** Variants of one loop for exactly the null masks of a batch; batches beyond them run the variant that expects a mask everywhere. */
const MAX_VARIANTS = 8

type Run = (context: number, from: number, to: number) => number

interface Variant {
  readonly run: Run
  readonly loop: CompiledLoop
  readonly masks: readonly boolean[]
}

/** Runs a program as one loop of generated WebAssembly. */
export class CompiledPipeline implements Pipeline {
  readonly #arena: Arena
  readonly #owner: ArenaOwner
  /** As it was asked for, for messages; and as it is compiled. */
  readonly #source: PipelineProgram
  readonly #program: PipelineProgram
  readonly #options: PipelineOptions
  readonly #paths: InputPaths
  readonly #outputs: readonly OutputCells[]
  readonly #outputColumns: readonly Column[]
  readonly #sites: CallSites
  readonly #output: PipelineOutput
  readonly #context: number
  readonly #variants = new Map<string, Variant>()
  /** A null mask for columns without one, where the general variant expects it. */
  #noNulls = 0
  #input: Batch | undefined
  #emitted = NO_WATERMARK
  #greatest = 0

  constructor(program: PipelineProgram, options: PipelineOptions) {
    const { owner } = options
    this.#arena = owner.arena
    this.#owner = owner
    this.#source = program
    this.#program = { ...program, steps: program.steps.map((step) => ownStep(step, options.context)) }
    this.#options = options
    this.#paths = new InputPaths(this.#program)
    this.#outputs = outputCells(program)
    this.#sites = new CallSites(owner, options.context)
    this.#output = new PipelineOutput(owner, program)
    this.#outputColumns = this.#outputs.map(({ slot, path }) => {
      let column = this.#output.slotColumns[slot]!
      for (const field of path) column = column.children[field]!
      return column
    })
    this.#context = owner.allocate(contextBytes(this.#paths, this.#outputs))
  }

  run(input: Batch): Batch {
    const output = this.#output
    output.begin(input)
    this.#sites.tidy()
    const count = input.selectedCount
    const { i32 } = this.#arena
    const before = this.#emitted
    const variant = this.#variantFor(input)
    this.#enter(input, variant)
    this.#input = input
    const stop = variant.run(this.#context, 0, count)
    const kept = i32[(this.#context + contextLayout.kept) / 4]!
    this.#leave(variant)
    const hasFilter = output.selection !== 0
    const batch = output.finish(input, { rows: stop, kept: hasFilter ? kept : stop, watermark: before })
    if (stop === count) return batch
    const row = input.selection === 0 ? stop : i32[input.selection / 4 + stop]!
    throw new FailedRowError(this.#errorOf(input, row), row, batch)
  }

  /** What the interpreter says about a row at which the loop stopped; or the error of a call that fails only now and then. */
  #errorOf(input: Batch, row: number): RheoError {
    const found = new RowInterpreter(this.#arena, this.#source, this.#options.context).errorOf(input, row) ?? this.#sites.error
    this.#sites.error = undefined
    assert(found !== undefined, 'the interpreter refuses a row that the compiled loop refuses')
    return found
  }

  #variantFor(input: Batch): Variant {
    const { paths } = this.#paths
    const hasSelection = input.selection !== 0
    let masks = paths.map((path) => columnAt(input, path).nulls !== 0)
    let key = `${hasSelection ? 's' : ''}${masks.map((mask) => (mask ? '1' : '0')).join('')}`
    let variant = this.#variants.get(key)
    if (variant !== undefined) return variant
    if (this.#variants.size >= MAX_VARIANTS) {
      masks = paths.map(() => true)
      key = hasSelection ? 'general, selected' : 'general'
      variant = this.#variants.get(key)
      if (variant !== undefined) return variant
    }
    variant = this.#compile({ masks, hasSelection })
    this.#variants.set(key, variant)
    return variant
  }

  #compile(representation: { readonly masks: readonly boolean[]; readonly hasSelection: boolean }): Variant {
    const loop = compileLoop({
      program: this.#program,
      paths: this.#paths,
      outputs: this.#outputs,
      sites: this.#sites,
      representation,
    })
    const instance = new WebAssembly.Instance(new WebAssembly.Module(loop.bytes), {
      env: { memory: this.#arena.memory },
      kernels: { ...this.#arena.kernels },
      rheo: {
        call: (site: number, row: number) => this.#call(site, row),
        text: (sizeBytes: number) => this.#moreText(sizeBytes >>> 0),
      },
    })
    return { run: instance.exports['run'] as Run, loop, masks: representation.masks }
  }

  /** Fills the context of the loop. */
  #enter(input: Batch, variant: Variant): void {
    const { i32, i64 } = this.#arena
    const context = this.#context
    const output = this.#output
    const set = (offset: number, value: number): void => {
      i32[(context + offset) / 4] = value
    }
    set(contextLayout.text, output.buffer.textAddress)
    set(contextLayout.textEnd, output.buffer.textEnd)
    set(contextLayout.kept, 0)
    i64[(context + contextLayout.emitted) / 8] = BigInt(this.#emitted)
    i64[(context + contextLayout.greatest) / 8] = BigInt(this.#greatest)
    set(contextLayout.inputSelection, input.selection)
    set(contextLayout.outputSelection, output.selection)
    set(contextLayout.rowWatermarks, output.rowWatermarks)
    this.#paths.paths.forEach((path, index) => {
      const column = columnAt(input, path)
      const offset = inputOffset(index)
      set(offset, column.cells)
      set(offset + 4, column.nulls === 0 && variant.masks[index] === true ? this.#zeroMask() : column.nulls)
    })
    this.#outputColumns.forEach((column, index) => {
      const offset = outputOffset(this.#paths, index)
      set(offset, column.cells)
      set(offset + 4, variant.loop.nullable[index] === true ? output.buffer.addNullMask(column) : 0)
    })
  }

  /** Takes back what the loop counted, and the masks of columns that had no NULL. */
  #leave(variant: Variant): void {
    const { i32, i64 } = this.#arena
    const context = this.#context
    this.#emitted = Number(i64[(context + contextLayout.emitted) / 8]!)
    this.#greatest = Number(i64[(context + contextLayout.greatest) / 8]!)
    this.#outputColumns.forEach((column, index) => {
      if (variant.loop.nullable[index] === true && i32[(context + outputOffset(this.#paths, index) + 8) / 4] === 0) column.nulls = 0
    })
  }

  #zeroMask(): number {
    if (this.#noNulls === 0) {
      this.#noNulls = this.#owner.allocate(BATCH_CAPACITY)
      this.#arena.u8.fill(0, this.#noNulls, this.#noNulls + BATCH_CAPACITY)
    }
    return this.#noNulls
  }

  /** The import `call`: runs a function of the interpreter for one row. Text goes to the chunk that the loop is filling. */
  #call(site: number, row: number): number {
    const { u32 } = this.#arena
    const { buffer } = this.#output
    const at = (this.#context + contextLayout.text) / 4
    buffer.textAddress = u32[at]!
    const status = this.#sites.call(site, row, this.#input!, buffer)
    u32[at] = buffer.textAddress
    u32[at + 1] = buffer.textEnd
    return status
  }

  /** The import `text`: the chunk is full, the next one has room for so many bytes. Gives its address. */
  #moreText(sizeBytes: number): number {
    const { u32 } = this.#arena
    const { buffer } = this.#output
    const at = (this.#context + contextLayout.text) / 4
    buffer.addTextChunk(sizeBytes)
    u32[at] = buffer.textAddress
    u32[at + 1] = buffer.textEnd
    return buffer.textAddress
  }

  watermarkState(): WatermarkState {
    return { emitted: this.#emitted, greatest: this.#greatest }
  }

  restoreWatermark(state: WatermarkState): void {
    this.#emitted = state.emitted
    this.#greatest = state.greatest
  }

  /** Compiles the variant for batches without NULLs and selection, unless there is one. */
  describe(): PipelineDescription {
    if (this.#variants.size === 0) {
      const representation = { masks: this.#paths.paths.map(() => false), hasSelection: false }
      this.#variants.set(representation.masks.map(() => '0').join(''), this.#compile(representation))
    }
    const loops = [...this.#variants.values()].map((variant) => variant.loop)
    const names = (of: 'compiled' | 'called'): readonly string[] => [...new Set(loops.flatMap((loop) => [...loop[of]]))].sort()
    return { compiled: names('compiled'), called: names('called') }
  }
}

/**
 * The step with an expression object of its own for each call, for calls keep what they remember by their objects; and with literals for
 * calls of literals, so that the loop does not compute them for each row.
 */
function ownStep(step: ProgramStep, context: EvaluationContext): ProgramStep {
  const own = (expr: Expr): Expr => {
    const copy = withChildren(expr, children(expr).map(own))
    return isConstant(copy) ? folded(copy, context) : copy
  }
  switch (step.kind) {
    case 'filter':
      return { ...step, condition: own(step.condition) }
    case 'compute':
      return { ...step, value: own(step.value) }
    case 'watermark':
      return { ...step, time: own(step.time), watermark: own(step.watermark) }
  }
}

function isConstant(expr: Expr): boolean {
  if (expr.kind !== 'call' && expr.kind !== 'cast') return false
  if (expr.kind === 'call' && lookupFunction(expr.name)?.isDeterministic === false) return false
  return children(expr).every((child) => child.kind === 'literal')
}

/** The value as a literal; the expression itself when it fails, for it may stand where no row reaches it. */
function folded(expr: Expr, context: EvaluationContext): Expr {
  try {
    return { kind: 'literal', type: expr.type, value: interpret(expr, [], context) }
  } catch (error) {
    if (error instanceof RheoError) return expr
    throw error
  }
}
