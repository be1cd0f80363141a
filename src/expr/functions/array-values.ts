import { valuesEqual } from '../../data/compare.ts'
import type { SqlType, TypeOf } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import type { Parameter } from '../signature.ts'

export type ArrayValue = readonly SqlValue[]
export type ArrayType = TypeOf<'ARRAY' | 'MULTISET'>

/** An ARRAY, as it is. */
export const array: Parameter = {
  wanted: 'an array',
  accept: ({ type }) => (type.kind === 'ARRAY' ? type : undefined),
}

export function elementOf(type: SqlType | undefined): SqlType {
  return (type as ArrayType).element
}

/** NULL equals NULL here: elements are looked for, not compared in SQL. */
export function isSame(type: SqlType, a: SqlValue, b: SqlValue): boolean {
  return a === null || b === null ? a === b : valuesEqual(type, a, b)
}
