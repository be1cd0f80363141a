import type { SqlType } from '../../src/data/types.ts'
import { SqlMap, type SqlValue } from '../../src/data/value.ts'

/** The columns of each element of a collection: the fields of a ROW, the key and value of a MAP, else the element itself. */
export function elementsOf(type: SqlType, value: SqlValue): readonly (readonly SqlValue[])[] {
  if (value === null) return []
  switch (type.kind) {
    case 'ARRAY':
      return (value as readonly SqlValue[]).map((element) => columnsOf(type.element, element))
    case 'MAP': {
      const { keys, values } = value as SqlMap
      return keys.map((key, i) => [key, values[i]!])
    }
    case 'MULTISET': {
      const { keys, values } = value as SqlMap
      return keys.flatMap((key, i) => Array.from({ length: Number(values[i]) }, () => columnsOf(type.element, key)))
    }
    default:
      throw new TypeError(`${type.kind} is no collection`)
  }
}

function columnsOf(type: SqlType, element: SqlValue): readonly SqlValue[] {
  if (type.kind !== 'ROW') return [element]
  return element === null ? type.fields.map(() => null) : (element as readonly SqlValue[])
}
