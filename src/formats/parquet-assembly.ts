import { assert } from '../base/assert.ts'
import { SqlMap, type SqlValue } from '../data/value.ts'
import type { ParquetPages } from './parquet-pages.ts'
import { leavesOf, type ParquetNode } from './parquet-schema.ts'

/**
 * Puts the value of a column together from the entries of its leaves, and leaves them at the next row.
 *
 * A node that is absent, and a list without items, have one entry in each leaf below them. Items of a list follow each other in entries whose repetition level
 * is that of the list.
 */
export function assembleValue(node: ParquetNode, pages: readonly ParquetPages[]): SqlValue {
  switch (node.kind) {
    case 'leaf': {
      const leaf = pages[node.leaf]!
      const value = leaf.definition === node.definition ? node.convert(leaf.value()) : null
      leaf.advance()
      return value
    }
    case 'row': {
      const first = pages[node.leaves[0]!]!
      if (first.definition < node.definition) return skip(node, pages, null)
      if (node.fields.every((field) => field === undefined)) {
        // The leaf may lie in a list: all its items belong to this row.
        do first.advance()
        while (first.repetition > node.repetition)
        return node.fields.map(() => null)
      }
      return node.fields.map((field) => (field === undefined ? null : assembleValue(field, pages)))
    }
    case 'list': {
      const first = pages[node.leaves[0]!]!
      if (first.definition < node.definition) return skip(node, pages, null)
      const items: SqlValue[] = []
      if (first.definition < node.itemDefinition) return skip(node, pages, items)
      const [element] = node.items
      assert(element !== undefined, 'a list has an element')
      do items.push(assembleValue(element, pages))
      while (first.repetition === node.itemRepetition)
      return items
    }
    case 'map': {
      const first = pages[node.leaves[0]!]!
      if (first.definition < node.definition) return skip(node, pages, null)
      if (first.definition < node.itemDefinition) return skip(node, pages, new SqlMap([], []))
      const keys: SqlValue[] = []
      const values: SqlValue[] = []
      do {
        keys.push(assembleValue(node.items[0]!, pages))
        values.push(assembleValue(node.items[1]!, pages))
      } while (first.repetition === node.itemRepetition)
      return new SqlMap(keys, values)
    }
  }
}

function skip(node: ParquetNode, pages: readonly ParquetPages[], value: SqlValue): SqlValue {
  for (const leaf of leavesOf(node)) pages[leaf]!.advance()
  return value
}
