import type { Position } from '../base/errors.ts'

/** The same tree with its places moved to where its text stands in a script: a view's query is parsed anew from its text. */
export function shiftPlaces<T>(tree: T, start: Position | undefined): T {
  return start === undefined ? tree : (shift(tree, start) as T)
}

function shift(data: unknown, start: Position): unknown {
  if (Array.isArray(data)) return data.map((item: unknown) => shift(item, start))
  if (typeof data !== 'object' || data === null) return data
  if (isPosition(data)) {
    return {
      offset: data.offset + start.offset,
      length: data.length,
      line: data.line + start.line - 1,
      column: data.line === 1 ? data.column + start.column - 1 : data.column,
    }
  }
  return Object.fromEntries(Object.entries(data).map(([key, value]: [string, unknown]) => [key, shift(value, start)]))
}

function isPosition(data: object): data is Position {
  return 'offset' in data && 'line' in data && 'column' in data && typeof data.line === 'number'
}
