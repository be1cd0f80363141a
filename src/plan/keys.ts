import type { Expr } from '../expr/expr.ts'

/** Sets of columns. */
export type Keys = readonly (readonly number[])[]

/** The keys of which every column is shown by a projection, by the numbers of the projections. */
export function mapKeys(keys: Keys, projections: readonly Expr[]): Keys {
  const shown = new Map<number, number>()
  projections.forEach((projection, i) => {
    if (projection.kind === 'column' && !shown.has(projection.index)) shown.set(projection.index, i)
  })
  return keys.filter((key) => key.every((column) => shown.has(column))).map((key) => key.map((column) => shown.get(column)!))
}

/** The keys by which changes still find each other after rows went to subtasks by `hashed` columns: those that decide the subtask. */
export function keysAfterHash(keys: Keys, hashed: readonly number[]): Keys {
  return keys.filter((key) => hashed.every((column) => key.includes(column)))
}

/** Whether some key lies inside of `columns`. */
export function hasKeyWithin(keys: Keys, columns: readonly number[]): boolean {
  return keys.some((key) => key.every((column) => columns.includes(column)))
}
