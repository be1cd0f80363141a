import { AssertionError, assert } from '../base/assert.ts'
import { RheoError } from '../base/errors.ts'
import type { Arena, ArenaOwner } from '../data/arena.ts'
import { BATCH_CAPACITY, type Batch } from '../data/batch.ts'
import type { Column } from '../data/column.ts'
import { NO_WATERMARK } from '../data/watermark.ts'
import { CallSites } from './call-sites.ts'
import {
  type CompiledLoop,
  OUTPUT_BYTES,
  type OutputCells,
  compileLoop,
  contextBytes,
  inputOffset,
  outputCells,
  outputOffset,
} from './compile-loop.ts'
import { contextLayout } from './emitter.ts'
import { type Expr, children, withChildren } from './expr.ts'
import type { EvaluationContext } from './function.ts'
import { InputPaths, columnAt } from './input-paths.ts'
import { interpret } from './interpret.ts'
import { RowInterpreter } from './interpreted-pipeline.ts'
import {
  FailedRowError,
  type Pipeline,
  type PipelineDescription,
  type PipelineOptions,
  type RowTest,
  type WatermarkState,
} from './pipeline.ts'
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
  readonly hasSelection: boolean
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
  readonly #inputs: readonly (readonly number[])[]
  readonly #outputsAt: number
  readonly #outputs: readonly OutputCells[]
  readonly #outputColumns: readonly Column[]
  readonly #sites: CallSites
  readonly #output: PipelineOutput
  readonly #context: number
  readonly #hasWatermark: boolean
  readonly #variants = new Map<string, Variant>()
  #lastVariant: Variant | undefined
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
    this.#inputs = this.#paths.paths
    this.#outputs = outputCells(program)
    this.#sites = new CallSites(owner, options.context)
    this.#output = new PipelineOutput(owner, program)
    this.#outputColumns = this.#outputs.map(({ slot, path }) => {
      let column = this.#output.slotColumns[slot]!
      for (const field of path) column = column.children[field]!
      return column
    })
    this.#context = owner.allocate(contextBytes(this.#paths, this.#outputs))
    this.#outputsAt = outputOffset(this.#paths, 0)
    this.#hasWatermark = program.steps.some((step) => step.kind === 'watermark')
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

  rowTest(input: Batch): RowTest {
    const { i32, u32 } = this.#arena
    const context = this.#context
    // One variant for all rows: NULLs come and go from row to row.
    const variant = this.#findVariant(
      this.#inputs.map(() => true),
      false,
    )
    const { run, loop } = variant
    const columns = this.#inputs.map((path) => columnAt(input, path))
    const places = new Map(this.#inputs.map((path, i) => [path.join('.'), context + inputOffset(i)]))
    // The loop reads what was told in its context; calls and messages want it in the columns.
    const tellColumns = (): void => {
      for (let i = 0; i < columns.length; i++) {
        const place = (context + inputOffset(i)) >>> 2
        columns[i]!.cells = u32[place]!
        columns[i]!.nulls = u32[place + 1]!
      }
    }
    const kept = (context + contextLayout.kept) >>> 2
    this.#enter(input, variant)
    this.#input = input
    let beforeTidying = BATCH_CAPACITY
    return {
      placeOf: (path) => places.get(path.join('.')),
      keeps: () => {
        if (--beforeTidying === 0) {
          this.#sites.tidy()
          this.#output.buffer.clear()
          this.#enterText()
          beforeTidying = BATCH_CAPACITY
        }
        i32[kept] = 0
        if (loop.called.size > 0) tellColumns()
        if (run(context, 0, 1) === 1) return i32[kept] === 1
        tellColumns()
        throw this.#errorOf(input, 0)
      },
    }
  }

  /** What the interpreter says about a row at which the loop stopped; or the error of a call that fails only now and then. */
  #errorOf(input: Batch, row: number): RheoError {
    const found = new RowInterpreter(this.#arena, this.#source, this.#options.context).errorOf(input, row) ?? this.#sites.error
    this.#sites.error = undefined
    assert(found !== undefined, 'the interpreter refuses a row that the compiled loop refuses')
    return found
  }

  /** The variant for the null masks of a batch, mostly that of the batch before. */
  #variantFor(input: Batch): Variant {
    const last = this.#lastVariant
    if (last !== undefined && this.#fits(last, input)) return last
    const masks = this.#inputs.map((path) => columnAt(input, path).nulls !== 0)
    const variant = this.#findVariant(masks, input.selection !== 0)
    this.#lastVariant = variant
    return variant
  }

  #fits(variant: Variant, input: Batch): boolean {
    if (variant.hasSelection !== (input.selection !== 0)) return false
    const inputs = this.#inputs
    for (let i = 0; i < inputs.length; i++) if ((columnAt(input, inputs[i]!).nulls !== 0) !== variant.masks[i]) return false
    return true
  }

  #findVariant(masks: readonly boolean[], hasSelection: boolean): Variant {
    const all = [...masks, hasSelection]
    const general = [...masks.map(() => true), hasSelection]
    for (const wanted of this.#variants.size < MAX_VARIANTS ? [all] : [all, general]) {
      const key = wanted.map(Number).join('')
      const known = this.#variants.get(key)
      if (known !== undefined) return known
      if (wanted === all && this.#variants.size >= MAX_VARIANTS) continue
      const variant = this.#compile({ masks: wanted.slice(0, -1), hasSelection })
      this.#variants.set(key, variant)
      return variant
    }
    throw new AssertionError('the general variant is always found')
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
    return { run: instance.exports['run'] as Run, loop, ...representation }
  }

  /** Fills the context of the loop. */
  #enter(input: Batch, variant: Variant): void {
    const { i32, i64 } = this.#arena
    const output = this.#output
    const at = this.#context / 4
    this.#enterText()
    i32[at + contextLayout.kept / 4] = 0
    if (this.#hasWatermark) {
      i64[(this.#context + contextLayout.emitted) / 8] = BigInt(this.#emitted)
      i64[(this.#context + contextLayout.greatest) / 8] = BigInt(this.#greatest)
    }
    i32[at + contextLayout.inputSelection / 4] = input.selection
    i32[at + contextLayout.outputSelection / 4] = output.selection
    i32[at + contextLayout.rowWatermarks / 4] = output.rowWatermarks
    for (let i = 0; i < this.#inputs.length; i++) {
      const column = columnAt(input, this.#inputs[i]!)
      const place = at + inputOffset(i) / 4
      i32[place] = column.cells
      i32[place + 1] = column.nulls === 0 && variant.masks[i] === true ? this.#zeroMask() : column.nulls
    }
    for (let i = 0; i < this.#outputColumns.length; i++) {
      const column = this.#outputColumns[i]!
      const place = at + (this.#outputsAt + i * OUTPUT_BYTES) / 4
      i32[place] = column.cells
      i32[place + 1] = variant.loop.nullable[i] === true ? output.buffer.addNullMask(column) : 0
    }
  }

  #enterText(): void {
    const { i32 } = this.#arena
    const at = this.#context / 4
    i32[at + contextLayout.text / 4] = this.#output.buffer.textAddress
    i32[at + contextLayout.textEnd / 4] = this.#output.buffer.textEnd
  }

  /** Takes back what the loop counted, and the masks of columns that had no NULL. */
  #leave(variant: Variant): void {
    const { i32, i64 } = this.#arena
    if (this.#hasWatermark) {
      this.#emitted = Number(i64[(this.#context + contextLayout.emitted) / 8]!)
      this.#greatest = Number(i64[(this.#context + contextLayout.greatest) / 8]!)
    }
    for (let i = 0; i < this.#outputColumns.length; i++) {
      const hasNull = i32[(this.#context + this.#outputsAt + i * OUTPUT_BYTES + 8) / 4]
      if (variant.loop.nullable[i] === true && hasNull === 0) this.#outputColumns[i]!.nulls = 0
    }
  }

  #zeroMask(): number {
    if (this.#noNulls === 0) {
      this.#noNulls = this.#owner.allocate(BATCH_CAPACITY)
      this.#arena.kernels.clearBytes(this.#noNulls, BATCH_CAPACITY)
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
      this.#findVariant(
        this.#inputs.map(() => false),
        false,
      )
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
