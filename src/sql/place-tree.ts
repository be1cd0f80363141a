import type { Position } from '../base/errors.ts'

/** The same syntax tree with every place at `at`: a view's query is parsed anew from the catalog's text, but what the user wrote is the view's name. */
export function placeTree<T>(tree: T, at: Position): T {
  return place(tree, at) as T
}

function place(data: unknown, at: Position): unknown {
  if (Array.isArray(data)) return data.map((item: unknown) => place(item, at))
  if (typeof data !== 'object' || data === null) return data
  return Object.fromEntries(
    Object.entries(data).map(([key, value]: [string, unknown]) => [key, key === 'at' || key.endsWith('At') ? at : place(value, at)]),
  )
}
