import type { Position } from '../base/errors.ts'
import { type SqlType, types } from '../data/types.ts'
import type { AggregateCall } from './aggregate.ts'
import { type Expr, children, mapColumns, walk, withChildren } from './expr.ts'

/** What MATCH_RECOGNIZE says, as plain data: the binder makes it, rules renumber its columns, the operator runs it. */
export interface MatchSpec {
  /** Names of the variables; everywhere else a variable is its number in this list. */
  readonly variables: readonly string[]
  readonly pattern: MatchPattern
  /** By variable its condition; absent: every row will do. */
  readonly definitions: readonly (MatchExpression | undefined)[]
  readonly measures: readonly MatchExpression[]
  readonly afterMatch: AfterMatch
  /** A match takes less than this, milliseconds from its first row; undefined: any time. */
  readonly withinMs: number | undefined
}

/** A part of PATTERN and how often it comes; `most` undefined: without bound. */
export type MatchPattern = { readonly least: number; readonly most: number | undefined; readonly reluctant: boolean } & (
  | { readonly kind: 'variable'; readonly variable: number }
  | { readonly kind: 'group'; readonly parts: readonly MatchPattern[] }
)

export type AfterMatch =
  | { readonly kind: 'next-row' | 'past-last-row' }
  /** To the first or last row of these variables: several of a SUBSET. */
  | { readonly kind: 'first' | 'last'; readonly variables: readonly number[]; readonly at?: Position }

/** An expression over rows of a match. Its columns are the numbers of `reads`. */
export interface MatchExpression {
  readonly expr: Expr
  readonly reads: readonly MatchRead[]
}

/** The rows that a read is about: those of some variables, or all of the match. */
export type MatchRows = readonly number[] | 'all'

/** What an expression reads of a match; columns and arguments are columns of the input. In DEFINE the row that is tested counts as one of its variable. */
export type MatchRead =
  /** A column of one row, counted from the first or the last one on; NULL where there is none. */
  | {
      readonly kind: 'cell'
      readonly rows: MatchRows
      readonly column: number
      readonly from: 'first' | 'last'
      readonly offset: number
    }
  /** An aggregate over rows. `call.args` are numbers of `args`. */
  | { readonly kind: 'aggregate'; readonly rows: MatchRows; readonly call: AggregateCall; readonly args: readonly Expr[] }
  /** The name of the variable that a row was taken for. */
  | { readonly kind: 'classifier'; readonly rows: MatchRows; readonly from: 'first' | 'last'; readonly offset: number }
  /** The time of the row that completed the match; in DEFINE that of the row that is tested. */
  | { readonly kind: 'rowtime' }

/** Every expression of a match. */
function expressionsOf({ definitions, measures }: MatchSpec): readonly MatchExpression[] {
  return [...definitions.flatMap((definition) => definition ?? []), ...measures]
}

/** Columns of the input that a match reads. */
export function columnsOfMatch(spec: MatchSpec): ReadonlySet<number> {
  const columns = new Set<number>()
  for (const read of expressionsOf(spec).flatMap((expression) => expression.reads)) {
    if (read.kind === 'cell') columns.add(read.column)
    else if (read.kind === 'aggregate') for (const arg of read.args) addColumns(columns, arg)
  }
  return columns
}

function addColumns(columns: Set<number>, expr: Expr): void {
  if (expr.kind === 'column') columns.add(expr.index)
  for (const child of children(expr)) addColumns(columns, child)
}

/** The same match over an input whose columns have other numbers. */
export function renumberMatch(spec: MatchSpec, numberOf: (column: number) => number): MatchSpec {
  const renumberRead = (read: MatchRead): MatchRead => {
    if (read.kind === 'cell') return { ...read, column: numberOf(read.column) }
    if (read.kind !== 'aggregate') return read
    return { ...read, args: read.args.map((arg) => mapColumns(arg, (column) => ({ ...column, index: numberOf(column.index) }))) }
  }
  return mapMatch(spec, (expression) => ({ ...expression, reads: expression.reads.map(renumberRead) }))
}

/** The same match with other expressions. */
export function mapMatch(spec: MatchSpec, map: (expression: MatchExpression) => MatchExpression): MatchSpec {
  const definitions = spec.definitions.map((definition) => (definition === undefined ? undefined : map(definition)))
  return { ...spec, definitions, measures: spec.measures.map(map) }
}

/** The expression without the reads that it does not use. */
export function usedReads({ expr, reads }: MatchExpression): MatchExpression {
  const used: MatchRead[] = []
  const places = new Map<number, number>()
  const visit = (part: Expr): Expr => {
    if (part.kind !== 'column') return withChildren(part, children(part).map(visit))
    const known = places.get(part.index) ?? used.push(reads[part.index]!) - 1
    places.set(part.index, known)
    return { ...part, index: known }
  }
  return { expr: visit(expr), reads: used }
}

/** By read the type of what it gives, as the expression takes it. */
export function readTypes({ expr, reads }: MatchExpression): readonly SqlType[] {
  const found = reads.map((): SqlType => types.boolean())
  walk(expr, (part) => {
    if (part.kind === 'column') found[part.index] = part.type
  })
  return found
}
