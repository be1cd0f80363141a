import { encodeUtf8, utf8Room } from '../../data/utf8.ts'
import type { SqlValue } from '../../data/value.ts'

/**
 * The order of two values of one comparable type, neither NULL: negative when `a` comes first. Text goes by its UTF-8 bytes, binary by
 * bytes, arrays and rows by their items. Floating numbers have a total order here: -0.0 before 0.0, NaN last.
 */
export function compareValues(a: SqlValue, b: SqlValue): number {
  if (typeof a === 'number' && typeof b === 'number') return compareNumbers(a, b)
  if (typeof a === 'string' && typeof b === 'string') return compareTexts(a, b)
  if (a instanceof Uint8Array && b instanceof Uint8Array) return compareBytes(a, b)
  if (Array.isArray(a) && Array.isArray(b)) return compareLists(a, b)
  if (a === b) return 0
  return (a as bigint | boolean) < (b as bigint | boolean) ? -1 : 1
}

/** By the first items that differ, NULL first; of two with one beginning the shorter comes first. */
function compareLists(a: readonly SqlValue[], b: readonly SqlValue[]): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const [itemA, itemB] = [a[i]!, b[i]!]
    const compared = itemA === null || itemB === null ? Number(itemB === null) - Number(itemA === null) : compareValues(itemA, itemB)
    if (compared !== 0) return compared
  }
  return a.length - b.length
}

function compareNumbers(a: number, b: number): number {
  if (a < b) return -1
  if (a > b) return 1
  if (a === b) {
    if (a !== 0) return 0
    return Object.is(a, b) ? 0 : Object.is(a, -0) ? -1 : 1
  }
  const isNanA = Number.isNaN(a)
  return isNanA === Number.isNaN(b) ? 0 : isNanA ? 1 : -1
}

/** By code points, which is the order of UTF-8 bytes; JavaScript itself goes by UTF-16 units. */
function compareTexts(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const unitA = a.charCodeAt(i)
    const unitB = b.charCodeAt(i)
    if (unitA === unitB) continue
    // Surrogates stand for code points above all other units.
    const isSurrogateA = unitA >= 0xd800 && unitA < 0xe000
    const isSurrogateB = unitB >= 0xd800 && unitB < 0xe000
    if (isSurrogateA !== isSurrogateB) return isSurrogateA ? 1 : -1
    return unitA - unitB
  }
  return a.length - b.length
}

export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!
  return a.length - b.length
}

/** The UTF-8 bytes of a text in an array of their own. */
export function textBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(utf8Room(text))
  return bytes.slice(0, encodeUtf8(text, bytes, 0))
}
