import { SqlMap, type SqlValue, Variant } from '../../src/data/value.ts'

/** A text by which values can be told apart: equal for values of one type that are one group, NULL with NULL, but 0.0 and -0.0 apart. */
export function keyOf(value: SqlValue): string {
  if (value === null) return 'null'
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value)
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value)
    case 'bigint':
    case 'boolean':
      return String(value)
    default:
      break
  }
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  if (value instanceof SqlMap)
    return `{${value.keys
      .map((key, i) => `${keyOf(key)}:${keyOf(value.values[i]!)}`)
      .sort()
      .join(',')}}`
  if (value instanceof Variant) throw new TypeError('random tables have no VARIANT')
  return `[${value.map(keyOf).join(',')}]`
}

export function keyOfValues(values: readonly SqlValue[]): string {
  return values.map(keyOf).join('|')
}
