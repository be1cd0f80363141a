import type { SqlValue } from '../data/value.ts'
import { compareValues } from './aggregates/compare-values.ts'

/** One column of an order. */
export interface SortColumn {
  readonly column: number
  readonly order: 'ascending' | 'descending'
  readonly nulls: 'first' | 'last'
}

/** Compares two rows by the values of their sort columns, which stand in `a` and `b` in the order of `keys`. */
export function compareKeys(keys: readonly SortColumn[], a: readonly SqlValue[], b: readonly SqlValue[]): number {
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!
    const valueA = a[i]!
    const valueB = b[i]!
    if (valueA === null || valueB === null) {
      if (valueA === valueB) continue
      return (valueA === null) === (key.nulls === 'first') ? -1 : 1
    }
    const compared = compareValues(valueA, valueB)
    if (compared !== 0) return key.order === 'ascending' ? compared : -compared
  }
  return 0
}
