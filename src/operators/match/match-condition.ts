import type { ArenaOwner } from '../../data/arena.ts'
import { Batch } from '../../data/batch.ts'
import { BatchBuffer } from '../../data/batch-buffer.ts'
import { writeCell } from '../../data/cells.ts'
import { Column } from '../../data/column.ts'
import type { SqlType } from '../../data/types.ts'
import { createPipeline } from '../../expr/create-pipeline.ts'
import type { EvaluationContext } from '../../expr/function.ts'
import { type MatchExpression, readTypes, usedReads } from '../../expr/match.ts'
import type { RowField } from '../../state/row-schema.ts'
import { matchAggregate } from './match-aggregate.ts'
import { type MatchMemory, type MatchView, RowFinder, placeKey } from './match-reader.ts'

export interface ConditionOptions extends MatchMemory {
  readonly owner: ArenaOwner
  readonly context: EvaluationContext
  readonly execution: 'compiled' | 'interpreted'
}

/** Whether a condition of DEFINE is TRUE. */
export type MatchCondition = (view: MatchView) => boolean

/** Shows a read of a match in row 0 of its column. */
type Show = (view: MatchView) => void

/** A condition as a pipeline over one row, whose cells are those of the rows where they are kept: nothing is copied but the views of texts. */
export function matchCondition(expression: MatchExpression, options: ConditionOptions): MatchCondition {
  const { owner, context, execution } = options
  const { expr, reads } = usedReads(expression)
  const types = readTypes({ expr, reads })
  const nowhere = { cells: owner.allocate(16), nulls: owner.allocate(8) }
  owner.arena.u8.fill(0, nowhere.cells, nowhere.cells + 16)
  owner.arena.u8.fill(1, nowhere.nulls, nowhere.nulls + 8)
  const finders = new Map<string, { readonly finder: RowFinder; readonly shown: ShownCell[] }>()
  const shows: Show[] = []
  const columns = reads.map((read, i): Column => {
    const type = types[i]!
    if (read.kind === 'cell') {
      const shown = new ShownCell(type, options, { place: options.placeOf(read.column), nowhere })
      const key = placeKey(read)
      let known = finders.get(key)
      if (known === undefined) {
        known = { finder: new RowFinder(options.partials, read, options.variables.length), shown: [] }
        finders.set(key, known)
        shows.push(showRow(known))
      }
      known.shown.push(shown)
      return shown.column
    }
    const buffer = new BatchBuffer(owner, [type], 8)
    const column = buffer.batch.columns[0]!
    const target = { buffer, column, row: 0 }
    if (read.kind === 'aggregate') {
      const aggregate = matchAggregate(read, options)
      shows.push((view) => {
        buffer.clear()
        aggregate(view, target)
      })
    } else if (read.kind === 'classifier') {
      const finder = new RowFinder(options.partials, read, options.variables.length)
      shows.push((view) => {
        buffer.clear()
        writeCell(buffer, column, 0, finder.find(view) === 0 ? null : options.variables[finder.variable]!)
      })
    } else shows.push((view) => writeCell(buffer, column, 0, BigInt(view.time) * NANOS_PER_MS))
    return column
  })
  const batch = new Batch(columns)
  batch.rowCount = 1
  batch.selectedCount = 1
  const pipeline = createPipeline({ inputTypes: types, steps: [{ kind: 'filter', condition: expr }] }, { owner, context, execution })
  return (view) => {
    for (let i = 0; i < shows.length; i++) shows[i]!(view)
    return pipeline.keepsRow(batch)
  }
}

const NANOS_PER_MS = 1_000_000n

function showRow({ finder, shown }: { readonly finder: RowFinder; readonly shown: readonly ShownCell[] }): Show {
  return (view) => {
    const row = finder.find(view)
    for (let i = 0; i < shown.length; i++) shown[i]!.show(row)
  }
}

/** A cell of a kept row, and behind a ROW its fields, as columns of one row. */
class ShownCell {
  readonly column: Column
  readonly #u8: Uint8Array
  readonly #u32: Uint32Array
  readonly #columns: readonly Column[]
  readonly #fields: readonly RowField[]
  /** For each field of bytes where its view goes, else 0. */
  readonly #views: readonly number[]
  readonly #bodyOffset: number
  /** A cell without content and a mask for NULLs. */
  readonly #nowhere: { readonly cells: number; readonly nulls: number }

  constructor(
    type: SqlType,
    { owner, rows }: ConditionOptions,
    { place, nowhere }: { readonly place: number; readonly nowhere: { readonly cells: number; readonly nulls: number } },
  ) {
    this.column = emptyColumn(type)
    this.#u8 = owner.arena.u8
    this.#u32 = owner.arena.u32
    this.#columns = withChildren(this.column)
    this.#fields = rows.schema.fieldsOf(place)
    this.#views = this.#columns.map(({ layout }) => (layout === 'bytes' ? owner.allocate(8) : 0))
    this.#bodyOffset = rows.schema.bodyOffset
    this.#nowhere = nowhere
  }

  /** @param row 0: NULL. */
  show(row: number): void {
    const u32 = this.#u32
    const columns = this.#columns
    for (let i = 0; i < columns.length; i++) {
      const column = columns[i]!
      const field = this.#fields[i]!
      if (row === 0 || (this.#u8[row + field.nullByte]! & field.nullBit) !== 0) {
        column.cells = this.#nowhere.cells
        column.nulls = this.#nowhere.nulls
        continue
      }
      column.nulls = 0
      const view = this.#views[i]!
      const cell = row + field.offset
      if (view === 0) column.cells = cell
      else {
        u32[view >>> 2] = row + this.#bodyOffset + u32[cell >>> 2]!
        u32[(view >>> 2) + 1] = u32[(cell >>> 2) + 1]!
        column.cells = view
      }
    }
  }
}

function emptyColumn(type: SqlType): Column {
  return new Column(type, 0, 0, type.kind === 'ROW' ? type.fields.map((field) => emptyColumn(field.type)) : [])
}

/** Each column before the fields below it, as the rows have them. */
function withChildren(column: Column): readonly Column[] {
  return [column, ...column.children.flatMap(withChildren)]
}
