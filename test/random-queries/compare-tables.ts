import type { SqlType } from '../../src/data/types.ts'
import type { SqlValue } from '../../src/data/value.ts'
import { formatValue } from '../../src/data/text.ts'
import type { Row } from '../reference/evaluate.ts'
import { keyOf } from '../reference/key-of.ts'

/** The root of a last digit: a deviation of equal values after others were taken back is that far from 0. */
const TOLERANCE = 1e-7

/** How two tables differ as bags of rows, or undefined. DOUBLE and FLOAT may differ in their last digits. */
export function differenceOfTables(types: readonly SqlType[], wanted: readonly Row[], found: readonly Row[]): string | undefined {
  const [left, right] = [bagOf(types, wanted), bagOf(types, found)]
  const missing: Row[] = []
  const tooMuch: Row[] = []
  for (const key of new Set([...left.keys(), ...right.keys()])) {
    const [a, b] = [left.get(key) ?? [], right.get(key) ?? []]
    if (a.length === b.length && a.every((row, i) => areClose(types, row, b[i]!))) continue
    const unmatched = [...b]
    for (const row of a) {
      const place = unmatched.findIndex((other) => areClose(types, row, other))
      if (place < 0) missing.push(row)
      else unmatched.splice(place, 1)
    }
    tooMuch.push(...unmatched)
  }
  if (missing.length + tooMuch.length === 0) return undefined
  const lines = [
    ...missing.map((row) => `  missing   ${rowText(types, row)}`),
    ...tooMuch.map((row) => `  too much  ${rowText(types, row)}`),
  ]
  return `wanted ${wanted.length} rows, found ${found.length}\n${lines.slice(0, 12).join('\n')}`
}

export function rowText(types: readonly SqlType[], row: Row): string {
  return `[${row.map((value, i) => (value === null ? 'null' : formatValue(types[i]!, value))).join(', ')}]`
}

function isFloating(type: SqlType): boolean {
  return type.kind === 'DOUBLE' || type.kind === 'FLOAT'
}

/** Rows by their exact columns, those of one key sorted by the others. */
function bagOf(types: readonly SqlType[], rows: readonly Row[]): ReadonlyMap<string, readonly Row[]> {
  const bag = new Map<string, Row[]>()
  for (const row of rows) {
    const key = row.map((value, i) => (isFloating(types[i]!) && value !== null ? '' : keyOf(value))).join('|')
    const same = bag.get(key)
    if (same === undefined) bag.set(key, [row])
    else same.push(row)
  }
  for (const same of bag.values()) same.sort((a, b) => compareFloating(types, a, b))
  return bag
}

function compareFloating(types: readonly SqlType[], a: Row, b: Row): number {
  for (const [i, type] of types.entries()) {
    if (!isFloating(type) || a[i] === null || b[i] === null) continue
    const difference = Number(a[i]) - Number(b[i])
    if (Math.abs(difference) > TOLERANCE) return difference
  }
  return 0
}

function areClose(types: readonly SqlType[], a: Row, b: Row): boolean {
  return types.every((type, i) => {
    const [x, y] = [a[i] as SqlValue, b[i] as SqlValue]
    if (!isFloating(type) || x === null || y === null) return keyOf(x) === keyOf(y)
    const [left, right] = [Number(x), Number(y)]
    if (Number.isNaN(left) || Number.isNaN(right)) return Number.isNaN(left) === Number.isNaN(right)
    return Math.abs(left - right) <= TOLERANCE * Math.max(1, Math.abs(left), Math.abs(right))
  })
}
