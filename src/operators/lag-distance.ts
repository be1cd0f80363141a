import { userError } from '../base/errors.ts'
import type { SqlValue } from '../data/value.ts'

/** How many rows back a row looks, in a stream; undefined where it says NULL. */
export function lagDistance(value: SqlValue): number | undefined {
  if (value === null) return undefined
  const distance = Number(value)
  if (distance >= 0) return distance
  throw userError(
    'data/lag-offset',
    `Cannot compute LAG in streaming mode: the offset of a row is ${distance}, 0 or more was wanted; LAG with a negative offset, as LEAD, reads rows that are still to come`,
  )
}
