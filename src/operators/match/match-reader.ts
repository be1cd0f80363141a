import { unreachable } from '../../base/assert.ts'
import type { ArenaOwner } from '../../data/arena.ts'
import { BatchBuffer } from '../../data/batch-buffer.ts'
import { readCell } from '../../data/cells.ts'
import type { SqlValue } from '../../data/value.ts'
import { mapColumns } from '../../expr/expr.ts'
import type { EvaluationContext } from '../../expr/function.ts'
import { type Evaluator, prepare } from '../../expr/interpret.ts'
import type { MatchExpression, MatchRead, MatchRows } from '../../expr/match.ts'
import { createAccumulator } from '../aggregates/create-accumulator.ts'
import type { MatchRow, PartialMatch } from './match-queue.ts'

/** What an expression of a match looks at. One object serves many evaluations. */
export interface MatchView {
  /** The rows taken so far. */
  last: PartialMatch | undefined
  /** In DEFINE the row that is tested, and for which variable; it counts behind the rows taken. */
  row: MatchRow | undefined
  variable: number
  /** What MATCH_ROWTIME gives. */
  time: number
}

export interface ReaderOptions {
  readonly owner: ArenaOwner
  readonly context: EvaluationContext
  readonly variables: readonly string[]
  /** Where the value of a column of the input stands among the values of a row. */
  readonly placeOf: (column: number) => number
}

type Read = (view: MatchView) => SqlValue

/** Turns an expression over a match into a closure. */
export function prepareMatchExpression({ expr, reads }: MatchExpression, options: ReaderOptions): Read {
  const prepared = reads.map((read) => prepareRead(read, options))
  const evaluate = prepare(expr, options.context)
  const values: SqlValue[] = reads.map(() => null)
  return (view) => {
    for (let i = 0; i < prepared.length; i++) values[i] = prepared[i]!(view)
    return evaluate(values)
  }
}

/** The same for a condition that reads the tested row only. */
export function prepareRowExpression({ expr, reads }: MatchExpression, { context, placeOf }: ReaderOptions): Evaluator {
  const onRow = mapColumns(expr, (column) => {
    const read = reads[column.index]!
    return read.kind === 'cell' ? { ...column, index: placeOf(read.column) } : column
  })
  return prepare(onRow, context)
}

function prepareRead(read: MatchRead, options: ReaderOptions): Read {
  switch (read.kind) {
    case 'cell': {
      const place = options.placeOf(read.column)
      return prepareRow(read, options, ({ row }) => row.values![place]!)
    }
    case 'classifier':
      return prepareRow(read, options, ({ variable }) => options.variables[variable]!)
    case 'aggregate':
      return prepareAggregate(read, options)
    case 'rowtime':
      return ({ time }) => BigInt(time) * NANOS_PER_MS
    default:
      return unreachable(read)
  }
}

const NANOS_PER_MS = 1_000_000n

interface FoundRow {
  readonly row: MatchRow
  readonly variable: number
}

/** What `show` gives of the row so many rows from the first or last one on. */
function prepareRow(
  { rows, from, offset }: Extract<MatchRead, { kind: 'cell' | 'classifier' }>,
  options: ReaderOptions,
  show: (found: FoundRow) => SqlValue,
): Read {
  const counts = membership(rows, options.variables.length)
  if (from === 'last') {
    return (view) => {
      let left = offset
      if (view.row !== undefined && counts[view.variable] === 1 && left-- === 0) return show(view as FoundRow)
      for (let taken = view.last; taken !== undefined; taken = taken.before)
        if (counts[taken.variable] === 1 && left-- === 0) return show(taken)
      return null
    }
  }
  return (view) => {
    // The chain goes backwards: how many rows there are says which one it is from that end.
    let left = countRows(view, counts) - 1 - offset
    if (left < 0) return null
    if (view.row !== undefined && counts[view.variable] === 1 && left-- === 0) return show(view as FoundRow)
    for (let taken = view.last; taken !== undefined; taken = taken.before)
      if (counts[taken.variable] === 1 && left-- === 0) return show(taken)
    return null
  }
}

function countRows(view: MatchView, counts: Uint8Array): number {
  let count = view.row !== undefined && counts[view.variable] === 1 ? 1 : 0
  for (let taken = view.last; taken !== undefined; taken = taken.before) count += counts[taken.variable]!
  return count
}

/** Rows from the first one on. */
function rowsOf(view: MatchView, counts: Uint8Array): readonly FoundRow[] {
  const found: FoundRow[] = []
  if (view.row !== undefined && counts[view.variable] === 1) found.push({ row: view.row, variable: view.variable })
  for (let taken = view.last; taken !== undefined; taken = taken.before) if (counts[taken.variable] === 1) found.push(taken)
  return found.reverse()
}

/** Rows whose argument is not NULL. */
function countValues(view: MatchView, counts: Uint8Array, argument: Evaluator): number {
  let count = 0
  if (view.row !== undefined && counts[view.variable] === 1 && argument(view.row.values!) !== null) count++
  for (let taken = view.last; taken !== undefined; taken = taken.before)
    if (counts[taken.variable] === 1 && argument(taken.row.values!) !== null) count++
  return count
}

/** By variable 1 where its rows count. */
function membership(rows: MatchRows, width: number): Uint8Array {
  const counts = new Uint8Array(width)
  if (rows === 'all') counts.fill(1)
  else for (const variable of rows) counts[variable] = 1
  return counts
}

function prepareAggregate(
  { rows, call, args }: Extract<MatchRead, { kind: 'aggregate' }>,
  { owner, context, variables, placeOf }: ReaderOptions,
): Read {
  const counts = membership(rows, variables.length)
  if (call.name === 'COUNT' && args.length === 0) return (view) => BigInt(countRows(view, counts))
  const evaluators = args.map((arg) =>
    prepare(
      mapColumns(arg, (column) => ({ ...column, index: placeOf(column.index) })),
      context,
    ),
  )
  const argument = evaluators[0]!
  if (call.name === 'COUNT') return (view) => BigInt(countValues(view, counts, argument))
  const accumulator = createAccumulator(owner, call, 0, 'appending')
  const line = owner.allocate(Math.max(accumulator.lineBytes, 8))
  const { arena } = owner
  arena.u8.fill(0, line, line + accumulator.lineBytes)
  const buffer = new BatchBuffer(owner, [call.type], 8)
  const column = buffer.batch.columns[0]!
  return (view) => {
    for (const { row } of rowsOf(view, counts)) accumulator.add(0, line, argument(row.values!), 1)
    buffer.clear()
    accumulator.write(0, line, { buffer, column, row: 0 })
    accumulator.clear?.(0, line)
    arena.u8.fill(0, line, line + accumulator.lineBytes)
    return readCell(arena, column, 0)
  }
}
