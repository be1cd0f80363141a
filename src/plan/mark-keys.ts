import { type Expr, mapColumns } from '../expr/expr.ts'
import { joinKeys, withKeyColumns } from './join-keys.ts'
import type { LogicalOf } from './logical.ts'

/** A mark join, and the columns of its sides whose equality is all that its mark asks; none where it asks anything else. */
export interface MarkedByEquality {
  readonly node: LogicalOf<'join'>
  readonly left: readonly number[]
  readonly right: readonly number[]
}

/** Finds the columns by which rows of a mark join say TRUE or FALSE to each other, and computes below it those that are expressions. */
export function markedByEquality(node: LogicalOf<'join'>): MarkedByEquality {
  const { mark, condition: own, ...rest } = node
  if (mark === undefined) return { node, left: [], right: [] }
  const equal = joinKeys({ ...rest, condition: mark })
  if (equal.residual !== undefined || equal.nullSafe.includes(true)) return { node, left: [], right: [] }
  const [left, right] = [withKeyColumns(node.inputs[0], equal.left), withKeyColumns(node.inputs[1], equal.right)]
  const width = node.inputs[0].schema.length
  const added = left.input.schema.length - width
  const moved = (expr: Expr): Expr =>
    mapColumns(expr, (column) => (column.index < width ? column : { ...column, index: column.index + added }))
  const wide: LogicalOf<'join'> = {
    ...rest,
    inputs: [left.input, right.input],
    mark: moved(mark),
    ...(own === undefined ? {} : { condition: moved(own) }),
    schema: [...left.input.schema, node.schema.at(-1)!],
  }
  return { node: wide, left: left.keys, right: right.keys }
}
