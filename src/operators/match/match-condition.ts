import { unreachable } from '../../base/assert.ts'
import type { ArenaOwner } from '../../data/arena.ts'
import { Batch } from '../../data/batch.ts'
import { BatchBuffer } from '../../data/batch-buffer.ts'
import { writeCell } from '../../data/cells.ts'
import { Column } from '../../data/column.ts'
import type { SqlType } from '../../data/types.ts'
import { createPipeline } from '../../expr/create-pipeline.ts'
import type { EvaluationContext } from '../../expr/function.ts'
import { type MatchExpression, type MatchRead, readTypes, usedReads } from '../../expr/match.ts'
import type { RowTest } from '../../expr/pipeline.ts'
import { matchAggregate } from './match-aggregate.ts'
import { type MatchMemory, type MatchView, RowFinder, placeKey } from './match-reader.ts'

export interface ConditionOptions extends MatchMemory {
  readonly context: EvaluationContext
  readonly execution: 'compiled' | 'interpreted'
}

/** Whether a condition of DEFINE is TRUE. */
export type MatchCondition = (view: MatchView) => boolean

/** Writes a read of a match that is not a cell to row 0 of its column. */
type Write = (view: MatchView) => void

const NANOS_PER_MS = 1_000_000n

/** A condition as filters over one row, whose cells are those of the rows where they are kept: nothing is copied but the views of texts. */
export function matchCondition(expression: MatchExpression, options: ConditionOptions): MatchCondition {
  const { owner, context, execution } = options
  const { kernels } = owner.arena
  const { expr, reads } = usedReads(expression)
  const types = readTypes({ expr, reads })
  const buffers = reads.map((read, i) => (read.kind === 'cell' ? undefined : new BatchBuffer(owner, [types[i]!], 8)))
  const batch = new Batch(types.map((type, i) => buffers[i]?.batch.columns[0] ?? emptyColumn(type)))
  batch.rowCount = 1
  batch.selectedCount = 1
  const pipeline = createPipeline({ inputTypes: types, steps: [{ kind: 'filter', condition: expr }] }, { owner, context, execution })
  const test = pipeline.rowTest(batch)
  const notNull = zeros(owner, 8)
  const shown = shownCells(reads, batch.columns, { ...options, test, notNull })
  const writes = reads.flatMap((read, i): readonly Write[] => {
    const buffer = buffers[i]
    if (read.kind === 'cell' || buffer === undefined) return []
    const write = writeOf(read, buffer, options)
    const parts = withPaths(batch.columns[i]!, [i])
    const tell = tellColumns(parts, { owner, test, notNull })
    return [
      (view) => {
        buffer.clear()
        // The test may have told the columns of a mask that is not the buffer's.
        for (let k = 0; k < parts.length; k++) parts[k]!.part.nulls = 0
        write(view)
        tell()
      },
    ]
  })
  return (view) => {
    kernels.showMatchCells(shown, view.last, view.row, view.variable)
    for (let i = 0; i < writes.length; i++) writes[i]!(view)
    return test.keeps()
  }
}

function writeOf(read: Exclude<MatchRead, { kind: 'cell' }>, buffer: BatchBuffer, options: ConditionOptions): Write {
  const column = buffer.batch.columns[0]!
  switch (read.kind) {
    case 'aggregate': {
      const aggregate = matchAggregate(read, options)
      const target = { buffer, column, row: 0 }
      return (view) => aggregate(view, target)
    }
    case 'classifier': {
      const finder = new RowFinder(read, options)
      return (view) => writeCell(buffer, column, 0, finder.find(view) === 0 ? null : options.variables[finder.variable]!)
    }
    case 'rowtime':
      return (view) => writeCell(buffer, column, 0, BigInt(view.time) * NANOS_PER_MS)
    default:
      return unreachable(read)
  }
}

interface TestMemory {
  readonly owner: ArenaOwner
  readonly test: RowTest
  /** A null mask without NULL. */
  readonly notNull: number
}

interface PartOfColumn {
  readonly part: Column
  readonly path: readonly number[]
}

/** Tells the test where columns are that were written. */
function tellColumns(parts: readonly PartOfColumn[], { owner, test, notNull }: TestMemory): () => void {
  const { u32 } = owner.arena
  const told = parts.flatMap(({ part, path }) => {
    const place = test.placeOf(path)
    return place === undefined ? [] : [{ part, place: place >>> 2 }]
  })
  return () => {
    for (let i = 0; i < told.length; i++) {
      const { part, place } = told[i]!
      u32[place] = part.cells
      u32[place + 1] = part.nulls === 0 ? notNull : part.nulls
    }
  }
}

/** What `showMatchCells` is to show, see `kernels/match.ts`: the cells of one row after those of the other. */
function shownCells(
  reads: readonly MatchRead[],
  columns: readonly Column[],
  { test, notNull, ...options }: ConditionOptions & TestMemory,
): number {
  const { owner, rows } = options
  const byRow = new Map<string, { readonly finder: RowFinder; readonly cells: number[][] }>()
  reads.forEach((read, i) => {
    if (read.kind !== 'cell') return
    const key = placeKey(read)
    const row = byRow.get(key) ?? { finder: new RowFinder(read, options), cells: [] }
    byRow.set(key, row)
    const fields = rows.schema.fieldsOf(options.placeOf(read.column))
    withPaths(columns[i]!, [i]).forEach(({ part, path }, field) => {
      const target = test.placeOf(path)
      if (target === undefined) return
      const { offset, nullByte, nullBit } = fields[field]!
      row.cells.push([offset, nullByte, nullBit, part.layout === 'bytes' ? owner.allocate(8) : 0, target])
    })
  })
  const isNull = zeros(owner, 8)
  owner.arena.u8[isNull] = 1
  const words = [byRow.size, rows.schema.bodyOffset, zeros(owner, 16), isNull, notNull]
  for (const { finder, cells } of byRow.values()) words.push(finder.address, cells.length, ...cells.flat())
  const address = owner.allocate(words.length * 4)
  owner.arena.u32.set(words, address >>> 2)
  return address
}

function zeros(owner: ArenaOwner, sizeBytes: number): number {
  const address = owner.allocate(sizeBytes)
  owner.arena.u8.fill(0, address, address + sizeBytes)
  return address
}

function emptyColumn(type: SqlType): Column {
  return new Column(type, 0, 0, type.kind === 'ROW' ? type.fields.map((field) => emptyColumn(field.type)) : [])
}

/** Each column before the fields below it, as the rows have them. */
function withPaths(part: Column, path: readonly number[]): readonly PartOfColumn[] {
  return [{ part, path }, ...part.children.flatMap((child, i) => withPaths(child, [...path, i]))]
}
