import type { RheoError } from '../../base/errors.ts'
import type { ArenaOwner } from '../../data/arena.ts'
import { BATCH_CAPACITY, Batch } from '../../data/batch.ts'
import { BatchBuffer } from '../../data/batch-buffer.ts'
import { writeCell } from '../../data/cells.ts'
import type { Column } from '../../data/column.ts'
import type { SqlType } from '../../data/types.ts'
import { createPipeline } from '../../expr/create-pipeline.ts'
import { mapColumns } from '../../expr/expr.ts'
import { type MatchExpression, type MatchRead, readTypes, usedReads } from '../../expr/match.ts'
import { FailedRowError, type Pipeline } from '../../expr/pipeline.ts'
import { RowError } from '../../runtime/row-error.ts'
import type { CellTarget } from '../aggregates/accumulator.ts'
import { type MatchAggregate, matchAggregate } from './match-aggregate.ts'
import type { ConditionOptions } from './match-condition.ts'
import { type MatchView, RowFinder, placeKey } from './match-reader.ts'

export interface MeasureOptions extends ConditionOptions {
  readonly measures: readonly MatchExpression[]
  /** Types of the kept columns, and those of PARTITION BY among them. */
  readonly keptTypes: readonly SqlType[]
  readonly keys: readonly number[]
}

/** Cells of one row of each match: which one, and by kept column where they go. */
interface FoundCells {
  readonly finder: RowFinder
  /** Where the names of the rows are, u32s. */
  readonly names: number
  readonly columns: (Column | undefined)[]
}

/**
 * What matches leave with: the values of their key and their measures. Of each match it is noted at once which rows are read, and its aggregates are computed; then the cells
 * are gathered in columns and one pipeline computes the measures, for many matches together. Until then the rows can be read, though nobody else may hold them.
 */
export class MatchMeasures {
  readonly #options: MeasureOptions
  readonly #arena: ArenaOwner['arena']
  readonly #keyBuffer: BatchBuffer
  readonly #keyColumns: readonly (Column | undefined)[]
  readonly #buffer: BatchBuffer
  readonly #cells: readonly FoundCells[]
  readonly #aggregates: { readonly aggregate: MatchAggregate; readonly target: CellTarget }[] = []
  readonly #classifiers: { readonly finder: RowFinder; readonly column: Column }[] = []
  readonly #times: Column[] = []
  readonly #pipeline: Pipeline
  readonly #names: number
  readonly #view: MatchView = { last: 0, row: 0, variable: 0, time: 0 }
  #batch: Batch | undefined
  #count = 0

  constructor(options: MeasureOptions) {
    this.#options = options
    const { owner, context, execution, measures, keptTypes, keys } = options
    this.#arena = owner.arena
    this.#names = owner.allocate(BATCH_CAPACITY * 4)
    this.#keyBuffer = new BatchBuffer(
      owner,
      keys.map((key) => keptTypes[key]!),
    )
    this.#keyColumns = keptTypes.map((_, column) => this.#keyBuffer.batch.columns[keys.indexOf(column)])
    const { projections, reads, types } = joined(measures)
    this.#buffer = new BatchBuffer(owner, types)
    const cells = new Map<string, FoundCells>()
    reads.forEach((read, i) => this.#prepare(read, this.#buffer.batch.columns[i]!, cells))
    this.#cells = [...cells.values()]
    this.#pipeline = createPipeline({ inputTypes: types, steps: [{ kind: 'project', projections }] }, { owner, context, execution })
  }

  #prepare(read: MatchRead, column: Column, cells: Map<string, FoundCells>): void {
    const { keptTypes, placeOf } = this.#options
    switch (read.kind) {
      case 'cell': {
        const place = placeOf(read.column)
        const key = placeKey(read)
        const found = cells.get(key) ?? {
          finder: new RowFinder(read, this.#options),
          names: this.#options.owner.allocate(BATCH_CAPACITY * 4),
          columns: keptTypes.map(() => undefined),
        }
        found.columns[place] = column
        cells.set(key, found)
        return
      }
      case 'aggregate':
        this.#aggregates.push({ aggregate: matchAggregate(read, this.#options), target: { buffer: this.#buffer, column, row: 0 } })
        return
      case 'classifier':
        this.#classifiers.push({ finder: new RowFinder(read, this.#options), column })
        return
      case 'rowtime':
        this.#times.push(column)
    }
  }

  /** How many matches it has; at most a batch. */
  get count(): number {
    return this.#count
  }

  /** @param time When the match was complete, or when that was sure. */
  add(match: number, time: number): void {
    const { partials, variables } = this.#options
    const { u32 } = this.#arena
    const number = this.#count
    if (number === 0) this.#buffer.clear()
    const view = this.#view
    view.last = match
    u32[(this.#names >>> 2) + number] = partials.rowOf(match)
    for (let i = 0; i < this.#cells.length; i++) {
      const { finder, names } = this.#cells[i]!
      u32[(names >>> 2) + number] = finder.find(view)
    }
    for (let i = 0; i < this.#aggregates.length; i++) {
      const { aggregate, target } = this.#aggregates[i]!
      target.row = number
      aggregate(view, target)
    }
    for (const { finder, column } of this.#classifiers)
      writeCell(this.#buffer, column, number, finder.find(view) === 0 ? null : variables[finder.variable]!)
    for (const column of this.#times) writeCell(this.#buffer, column, number, BigInt(time) * NANOS_PER_MS)
    // Not before: an aggregate may refuse the match.
    this.#count++
  }

  /** Takes the matches out, as the rows that they leave with, valid until the next match; when a measure refuses one, those before it, and the error. */
  take(): { readonly batch: Batch; readonly failure: RheoError | undefined } {
    const { rows } = this.#options
    const count = this.#count
    this.#count = 0
    this.#keyBuffer.clear()
    if (this.#options.keys.length > 0) rows.read(this.#names, count, this.#keyBuffer, this.#keyColumns)
    for (const { names, columns } of this.#cells) rows.read(names, count, this.#buffer, columns)
    const input = this.#buffer.batch
    input.rowCount = count
    input.selectedCount = count
    try {
      return { batch: this.#shown(this.#pipeline.run(input)), failure: undefined }
    } catch (error) {
      if (!(error instanceof FailedRowError)) throw error
      return { batch: this.#shown(error.before), failure: new RowError(error, undefined) }
    }
  }

  /** The columns of the key before those of the measures. */
  #shown(computed: Batch): Batch {
    this.#batch ??= new Batch([...this.#keyBuffer.batch.columns, ...computed.columns])
    const batch = this.#batch
    batch.rowCount = computed.rowCount
    batch.selectedCount = computed.selectedCount
    return batch
  }

  /** Holds room for the watermarks and places of the rows. */
  get buffer(): BatchBuffer {
    return this.#keyBuffer
  }
}

const NANOS_PER_MS = 1_000_000n

/** All measures over one list of reads. */
function joined(measures: readonly MatchExpression[]): {
  readonly projections: readonly MatchExpression['expr'][]
  readonly reads: readonly MatchRead[]
  readonly types: readonly SqlType[]
} {
  const reads: MatchRead[] = []
  const types: SqlType[] = []
  const places = new Map<string, number>()
  const projections = measures.map((measure) => {
    const used = usedReads(measure)
    const own = readTypes(used)
    const numbers = used.reads.map((read, i) => {
      const key = JSON.stringify(read, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value))
      const known = places.get(key)
      if (known !== undefined) return known
      types.push(own[i]!)
      const number = reads.push(read) - 1
      places.set(key, number)
      return number
    })
    return mapColumns(used.expr, (column) => ({ ...column, index: numbers[column.index]! }))
  })
  return { projections, reads, types }
}
