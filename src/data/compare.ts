import { AssertionError } from '../base/assert.ts'
import type { SqlType } from './types.ts'
import { SqlMap, type SqlValue } from './value.ts'

/**
 * Compares two values of one type, neither NULL: negative, 0 or positive. NaN is neither less nor greater nor equal (the result is NaN),
 * -0.0 equals 0.0, text compares by code points, which is the order of its UTF-8 bytes. For types with an order only.
 */
export function compareValues(type: SqlType, a: SqlValue, b: SqlValue): number {
  switch (type.kind) {
    case 'CHAR':
    case 'VARCHAR':
      return compareText(a as string, b as string)
    case 'BINARY':
    case 'VARBINARY':
      return compareBytes(a as Uint8Array, b as Uint8Array)
    case 'BOOLEAN':
      return Number(a) - Number(b)
    case 'ARRAY':
    case 'MAP':
    case 'MULTISET':
    case 'ROW':
    case 'VARIANT':
    case 'BITMAP':
    case 'NULL':
      throw new AssertionError(`Internal fault: values of ${type.kind} have no order`)
    default: {
      const left = a as number | bigint
      const right = b as number | bigint
      return left < right ? -1 : left > right ? 1 : left === right ? 0 : Number.NaN
    }
  }
}

/** Whether two values of one type, neither NULL, are equal. Inside of ROW, ARRAY and MAP a NULL equals a NULL; maps ignore their order. */
export function valuesEqual(type: SqlType, a: SqlValue, b: SqlValue): boolean {
  switch (type.kind) {
    case 'BINARY':
    case 'VARBINARY':
    case 'BITMAP':
      return compareBytes(a as Uint8Array, b as Uint8Array) === 0
    case 'ARRAY': {
      const left = a as readonly SqlValue[]
      const right = b as readonly SqlValue[]
      return left.length === right.length && left.every((value, i) => nestedEqual(type.element, value, right[i]!))
    }
    case 'ROW': {
      const left = a as readonly SqlValue[]
      const right = b as readonly SqlValue[]
      return type.fields.every((field, i) => nestedEqual(field.type, left[i]!, right[i]!))
    }
    case 'MAP':
      return mapsEqual(type.key, type.value, a as SqlMap, b as SqlMap)
    case 'MULTISET':
      return mapsEqual(type.element, { kind: 'INTEGER', nullable: false }, a as SqlMap, b as SqlMap)
    default:
      return a === b
  }
}

function nestedEqual(type: SqlType, a: SqlValue, b: SqlValue): boolean {
  return a === null || b === null ? a === b : valuesEqual(type, a, b)
}

function mapsEqual(keyType: SqlType, valueType: SqlType, a: SqlMap, b: SqlMap): boolean {
  if (a.keys.length !== b.keys.length) return false
  return a.keys.every((key, i) => {
    const j = b.keys.findIndex((other) => nestedEqual(keyType, key, other))
    return j >= 0 && nestedEqual(valueType, a.values[i]!, b.values[j]!)
  })
}

/** Order of code points; only where surrogates meet other high units does it differ from JavaScript's order of UTF-16 units. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    let left = a.charCodeAt(i)
    let right = b.charCodeAt(i)
    if (left === right) continue
    // Surrogates stand for code points above U+FFFF, behind U+E000 to U+FFFF.
    if (left >= 0xd800 && right >= 0xd800) {
      left = left >= 0xe000 ? left - 0x800 : left + 0x2000
      right = right >= 0xe000 ? right - 0x800 : right + 0x2000
    }
    return left - right
  }
  return a.length - b.length
}

/** Order of unsigned bytes; of two with one beginning the shorter is less. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const difference = a[i]! - b[i]!
    if (difference !== 0) return difference
  }
  return a.length - b.length
}
