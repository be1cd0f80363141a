import { assert } from '../base/assert.ts'
import type { Arena, ArenaOwner } from '../data/arena.ts'
import { BATCH_CAPACITY, Batch } from '../data/batch.ts'
import { BatchBuffer } from '../data/batch-buffer.ts'
import { Column } from '../data/column.ts'
import type { SqlType } from '../data/types.ts'
import type { PipelineProgram } from './pipeline-program.ts'

/**
 * The batch that a pipeline gives: columns of the input shown as they are, columns of computed values, a selection, and the watermark of
 * each row. Both executions fill it.
 */
export class PipelineOutput {
  readonly batch: Batch
  /** Cells of the slots that are columns of the output; other slots have none. */
  readonly buffer: BatchBuffer
  /** The column of each slot that is shown. */
  readonly slotColumns: readonly (Column | undefined)[]
  /** Where the rows that pass a filter are listed; 0 when the program has no filter. */
  readonly selection: number
  /** One i64 a row; 0 when the program assigns no watermark. */
  readonly rowWatermarks: number
  readonly #arena: Arena
  readonly #owner: ArenaOwner
  readonly #shared: readonly { readonly column: Column; readonly path: readonly number[] }[]
  readonly #mergedMasks = new Map<Column, number>()

  constructor(owner: ArenaOwner, program: PipelineProgram) {
    this.#owner = owner
    this.#arena = owner.arena
    const shown = [...new Set(program.outputs.flatMap((output) => (output.kind === 'slot' ? [output.slot] : [])))]
    this.buffer = new BatchBuffer(
      owner,
      shown.map((slot) => program.slots[slot]!),
    )
    const slotColumns = program.slots.map((_, slot) => this.buffer.batch.columns[shown.indexOf(slot)])
    const shared: { column: Column; path: readonly number[] }[] = []
    this.batch = new Batch(
      program.outputs.map((output) => {
        if (output.kind === 'slot') return slotColumns[output.slot]!
        const column = viewColumn(output.type)
        shared.push({ column, path: output.path })
        return column
      }),
    )
    this.slotColumns = slotColumns
    this.#shared = shared
    const hasFilter = program.steps.some((step) => step.kind === 'filter')
    this.selection = hasFilter ? owner.allocate(BATCH_CAPACITY * 4) : 0
    const hasWatermark = program.steps.some((step) => step.kind === 'watermark')
    this.rowWatermarks = hasWatermark ? owner.allocate(BATCH_CAPACITY * 8) : 0
  }

  /** Makes the output show the input's rows, all of them still selected, with computed columns empty. */
  begin(input: Batch): Batch {
    const { batch } = this
    assert(input.rowCount <= BATCH_CAPACITY, 'a batch holds at most BATCH_CAPACITY rows')
    this.buffer.clear()
    for (const { column, path } of this.#shared) this.#share(column, path, input)
    batch.rowCount = input.rowCount
    batch.selection = input.selection
    batch.selectedCount = input.selectedCount
    batch.kinds = input.kinds
    batch.watermark = input.watermark
    batch.rowWatermarks = input.rowWatermarks
    batch.places = input.places
    return batch
  }

  /** Makes the result of the first `rows` selected rows of the input, `kept` of which passed all filters. `watermark` is that of the first row. */
  finish(input: Batch, { rows, kept, watermark }: { rows: number; kept: number; watermark: number }): Batch {
    const { batch } = this
    const { i32, i64 } = this.#arena
    if (this.selection !== 0 && kept < input.rowCount) batch.selection = this.selection
    else if (input.selection === 0) batch.rowCount = rows
    batch.selectedCount = kept
    if (batch.selection !== 0) this.#dropMasks()
    if (this.rowWatermarks !== 0) {
      const lastRow = input.selection === 0 ? rows - 1 : i32[input.selection / 4 + rows - 1]!
      const isUniform = rows === 0 || i64[this.rowWatermarks / 8 + lastRow] === BigInt(watermark)
      batch.rowWatermarks = isUniform ? 0 : this.rowWatermarks
      if (isUniform) batch.watermark = watermark
    }
    return batch
  }

  /**
   * Takes masks away that mark none of the rows that are left, as those of a ROW that only rows of one kind have: whoever reads a column without a mask is faster.
   * Columns that are fields of one ROW often have one mask.
   */
  #dropMasks(): void {
    const { kernels } = this.#arena
    const { selection, selectedCount } = this.batch
    let mask = 0
    let isNeeded = false
    for (const { column } of this.#shared) {
      if (column.nulls === 0) continue
      if (column.nulls !== mask) {
        mask = column.nulls
        isNeeded = kernels.hasNull(mask, selection, 0, selectedCount) !== 0
      }
      if (!isNeeded) column.nulls = 0
    }
  }

  #share(target: Column, path: readonly number[], input: Batch): void {
    let source = input.columns[path[0]!]!
    let parentNulls = 0
    for (const field of path.slice(1)) {
      parentNulls = this.#merge(target, parentNulls, source.nulls, input.rowCount)
      source = source.children[field]!
    }
    point(target, source)
    target.nulls = this.#merge(target, parentNulls, source.nulls, input.rowCount)
  }

  /** A mask of the rows that are NULL by either mask, of which each may be absent. */
  #merge(column: Column, first: number, second: number, rowCount: number): number {
    if (first === 0 || first === second) return second
    if (second === 0) return first
    let merged = this.#mergedMasks.get(column)
    if (merged === undefined) {
      merged = this.#owner.allocate(BATCH_CAPACITY)
      this.#mergedMasks.set(column, merged)
    }
    this.#arena.kernels.mergeMasks(first, second, rowCount, merged)
    return merged
  }
}

/** A column that owns no cells. */
function viewColumn(type: SqlType): Column {
  return new Column(type, 0, 0, type.kind === 'ROW' ? type.fields.map((field) => viewColumn(field.type)) : [])
}

function point(target: Column, source: Column): void {
  assert(target.layout === source.layout, 'a shared column keeps its layout')
  target.cells = source.cells
  target.nulls = source.nulls
  for (let i = 0; i < target.children.length; i++) point(target.children[i]!, source.children[i]!)
}
