import { type Position, type RheoError, userError } from '../base/errors.ts'
import { unorderedPart } from '../data/order-key.ts'
import type { SqlType } from '../data/types.ts'
import type { LogicalNode } from '../plan/logical.ts'
import type { SortKey } from '../plan/physical.ts'
import { shownType } from './bind-expression.ts'
import type { Expression, SortItem } from './syntax-query.ts'

/** The rows of a query and how they are to be sorted; behind the query's own columns may stand ones that only the order reads. */
export interface OrderedRows {
  readonly plan: LogicalNode
  readonly keys: readonly SortKey[]
  readonly width: number
}

/** The column that `ORDER BY 2` means; undefined when the expression is no number. */
export function ordinalOf(expression: Expression, width: number): number | undefined {
  if (expression.kind !== 'number' || expression.form !== 'integer') return undefined
  const ordinal = Number(expression.text)
  if (ordinal >= 1 && ordinal <= width) return ordinal - 1
  throw userError('sql/order-by', `Cannot sort by column ${ordinal}: the query has ${width}`, expression.at)
}

/** The order of a column of some type. NULL is the smallest value unless NULLS FIRST or NULLS LAST says where it goes. */
export function sortKey(item: SortItem, column: number, type: SqlType): SortKey {
  const unordered = type.kind === 'NULL' ? undefined : unorderedPart(type)
  if (unordered !== undefined) throw noOrder(type, unordered, item.expression.at)
  const order = item.direction === 'ASC' ? 'ascending' : 'descending'
  const nulls = item.nulls === undefined ? (order === 'ascending' ? 'first' : 'last') : item.nulls === 'FIRST' ? 'first' : 'last'
  return { column, order, nulls }
}

/** @param part What of the type has no order, or the type. */
export function noOrder(type: SqlType, part: SqlType, at: Position | undefined): RheoError {
  const whose = part === type ? 'its values have' : `there is ${shownType(part)} in it, whose values have`
  return userError('sql/argument-type', `Cannot sort by ${shownType(type)}: ${whose} no order`, at)
}
