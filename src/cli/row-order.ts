import type { ScriptQuery } from '../api/script.ts'
import type { TableCells } from './table-text.ts'

export type RowOrder = (a: TableCells, b: TableCells) => number

const wholeNumbers: ReadonlySet<string> = new Set(['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT'])
const numbers: ReadonlySet<string> = new Set([...wholeNumbers, 'FLOAT', 'DOUBLE', 'DECIMAL'])

/** The order that ORDER BY asks for, for tables that changes add up to: the last row that came is seldom the last one. Undefined where there is none. */
export function rowOrder({ schema, orderKeys }: Pick<ScriptQuery, 'schema' | 'orderKeys'>): RowOrder | undefined {
  if (orderKeys.length === 0) return undefined
  return (a, b) => {
    for (const { column, order, nulls } of orderKeys) {
      const left = a[column] ?? null
      const right = b[column] ?? null
      if (left === right) continue
      if (left === null || right === null) return (left === null) === (nulls === 'first') ? -1 : 1
      const compared = compareCells(schema[column]?.type.kind ?? '', left, right)
      if (compared !== 0) return order === 'ascending' ? compared : -compared
    }
    return 0
  }
}

/** Texts of values of one type. Dates and times are in order as texts. */
function compareCells(kind: string, a: string, b: string): number {
  if (numbers.has(kind)) {
    const difference = Number(a) - Number(b)
    if (difference !== 0 || !wholeNumbers.has(kind)) return difference
    const [left, right] = [BigInt(a), BigInt(b)]
    return left < right ? -1 : left > right ? 1 : 0
  }
  return a < b ? -1 : a > b ? 1 : 0
}
