import type { SqlType } from '../../data/types.ts'
import { SqlMap, type SqlValue } from '../../data/value.ts'

/** Where in a value the first NULL is that its type does not have: `r.a`, `m[0].value`. The value itself may be NULL. */
export function nullPath(value: SqlValue, type: SqlType, path: string, reach: 'rows' | 'collections'): string | undefined {
  if (value === null) return undefined
  const at = (inner: SqlValue, innerType: SqlType, innerPath: string): string | undefined =>
    inner === null && !innerType.nullable ? innerPath : nullPath(inner, innerType, innerPath, reach)
  const first = (items: readonly SqlValue[], itemType: SqlType, name: (i: number) => string): string | undefined => {
    for (const [i, item] of items.entries()) {
      const found = at(item, itemType, name(i))
      if (found !== undefined) return found
    }
    return undefined
  }
  if (type.kind === 'ROW') {
    for (const [i, field] of type.fields.entries()) {
      const found = at((value as readonly SqlValue[])[i] ?? null, field.type, `${path}.${field.name}`)
      if (found !== undefined) return found
    }
    return undefined
  }
  if (reach === 'rows') return undefined
  if (type.kind === 'ARRAY') return first(value as readonly SqlValue[], type.element, (i) => `${path}[${i}]`)
  if (!(value instanceof SqlMap)) return undefined
  if (type.kind === 'MULTISET') return first(value.keys, type.element, (i) => `${path}[${i}]`)
  if (type.kind !== 'MAP') return undefined
  return first(value.keys, type.key, (i) => `${path}[${i}].key`) ?? first(value.values, type.value, (i) => `${path}[${i}].value`)
}
