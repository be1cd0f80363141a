import type { SqlValue } from '../../data/value.ts'
import { type Expr, mapColumns, walk } from '../../expr/expr.ts'
import type { EvaluationContext } from '../../expr/function.ts'
import { prepare } from '../../expr/interpret.ts'
import type { MatchRead } from '../../expr/match.ts'
import type { CellTarget } from '../aggregates/accumulator.ts'
import { createAccumulator } from '../aggregates/create-accumulator.ts'
import { int64Cells } from '../int64.ts'
import { type MatchMemory, type MatchView, RowLister } from './match-reader.ts'

/** Writes the value of an aggregate over rows of a match to a cell. */
export type MatchAggregate = (view: MatchView, target: CellTarget) => void

type AggregateRead = Extract<MatchRead, { kind: 'aggregate' }>

export interface AggregateOptions extends MatchMemory {
  readonly context: EvaluationContext
}

export function matchAggregate({ rows, call, args }: AggregateRead, options: AggregateOptions): MatchAggregate {
  const { owner } = options
  const { arena } = owner
  const lister = new RowLister(rows, options)
  const cells = int64Cells(arena)
  const writeCount = (count: number, { column, row }: CellTarget): void => cells.set((column.cells >>> 3) + row, count)
  if (call.name === 'COUNT' && args.length === 0) return (view, target) => writeCount(lister.count(view), target)
  if (call.name === 'COUNT') {
    const isNull = nullTest(args[0]!, options)
    return (view, target) => {
      let left = lister.list(view)
      for (let i = left - 1; i >= 0; i--) if (isNull(lister.rows[i]!)) left--
      writeCount(left, target)
    }
  }
  const argument = argumentOf(args[0]!, options)
  const accumulator = createAccumulator(owner, call, 0, 'appending')
  const line = owner.allocate(Math.max(accumulator.lineBytes, 8))
  arena.u8.fill(0, line, line + accumulator.lineBytes)
  return (view, target) => {
    for (let i = lister.list(view) - 1; i >= 0; i--) accumulator.add(0, line, argument(lister.rows[i]!), 1)
    accumulator.write(0, line, target)
    accumulator.clear?.(0, line)
    arena.u8.fill(0, line, line + accumulator.lineBytes)
  }
}

/** The argument for a row. */
function argumentOf(arg: Expr, { rows, placeOf, context }: AggregateOptions): (row: number) => SqlValue {
  if (arg.kind === 'column') return rows.reader(placeOf(arg.index))
  const columns = columnsOf(arg)
  const readers = columns.map((column) => rows.reader(placeOf(column)))
  const evaluate = prepare(
    mapColumns(arg, (column) => ({ ...column, index: columns.indexOf(column.index) })),
    context,
  )
  const values: SqlValue[] = columns.map(() => null)
  return (row) => {
    for (let i = 0; i < readers.length; i++) values[i] = readers[i]!(row)
    return evaluate(values)
  }
}

/** Whether the argument is NULL for a row. */
function nullTest(arg: Expr, options: AggregateOptions): (row: number) => boolean {
  if (arg.kind !== 'column') {
    const argument = argumentOf(arg, options)
    return (row) => argument(row) === null
  }
  const { u8 } = options.owner.arena
  const { nullByte, nullBit } = options.rows.schema.fieldsOf(options.placeOf(arg.index))[0]!
  return (row) => (u8[row + nullByte]! & nullBit) !== 0
}

function columnsOf(expr: Expr): readonly number[] {
  const columns = new Set<number>()
  walk(expr, (part) => {
    if (part.kind === 'column') columns.add(part.index)
  })
  return [...columns]
}
