import { MAX_LENGTH, type SqlType } from '../data/types.ts'
import type { Expr } from '../expr/expr.ts'

/** Sets of columns. */
export type Keys = readonly (readonly number[])[]

/** The keys of which every column is shown by a projection, by the numbers of the projections. */
export function mapKeys(keys: Keys, projections: readonly Expr[]): Keys {
  const shown = new Map<number, number>()
  projections.forEach((projection, i) => {
    const column = shownColumn(projection)
    if (column !== undefined && !shown.has(column)) shown.set(column, i)
  })
  return keys.filter((key) => key.every((column) => shown.has(column))).map((key) => key.map((column) => shown.get(column)!))
}

/** The column whose values an expression shows, each as another value. */
function shownColumn(expr: Expr): number | undefined {
  switch (expr.kind) {
    case 'column':
      return expr.index
    case 'call':
      return expr.name === 'NOT NULL ENFORCED' ? shownColumn(expr.args[0]!) : undefined
    case 'cast':
      return keepsValues(expr.arg.type, expr.type) ? shownColumn(expr.arg) : undefined
    default:
      return undefined
  }
}

const integers: readonly string[] = ['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT']

/** Casts to wider integers, of integers to text, and to text that is not cut. */
function keepsValues(from: SqlType, to: SqlType): boolean {
  if (to.kind === 'VARCHAR' && to.length === MAX_LENGTH && integers.includes(from.kind)) return true
  if (integers.includes(from.kind)) return integers.indexOf(to.kind) >= integers.indexOf(from.kind)
  return (from.kind === 'CHAR' || from.kind === 'VARCHAR') && to.kind === 'VARCHAR' && from.length <= to.length
}

/** The keys by which changes still find each other after rows went to subtasks by `hashed` columns: those that decide the subtask. */
export function keysAfterHash(keys: Keys, hashed: readonly number[]): Keys {
  return keys.filter((key) => hashed.every((column) => key.includes(column)))
}

/** Whether some key lies inside of `columns`. */
export function hasKeyWithin(keys: Keys, columns: readonly number[]): boolean {
  return keys.some((key) => key.every((column) => columns.includes(column)))
}
