import type { SchemaElement, SchemaTree } from 'hyparquet'
import type { SqlType } from '../data/types.ts'
import { formatType, types } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import type { ParquetLeaf } from './parquet-pages.ts'
import { describeElement, parquetConverter, ParquetDataError, type RawValue } from './parquet-values.ts'
import { isWanted } from './record-decoder.ts'

/** How the entries of leaves make the values of a column. Levels are those at which a node, or an item of it, is there. */
export type ParquetNode =
  | { readonly kind: 'leaf'; readonly leaf: number; readonly definition: number; readonly convert: (raw: RawValue) => SqlValue }
  | {
      readonly kind: 'row'
      readonly leaves: readonly number[]
      readonly definition: number
      readonly repetition: number
      readonly fields: readonly (ParquetNode | undefined)[]
    }
  | {
      readonly kind: 'list' | 'map'
      readonly leaves: readonly number[]
      readonly definition: number
      readonly itemDefinition: number
      readonly itemRepetition: number
      /** The element, or key and value. */
      readonly items: readonly ParquetNode[]
    }

/** The leaves that are read of a file, without repetition. */
export class ParquetLeaves {
  readonly leaves: ParquetLeaf[] = []

  add(schemaPath: readonly SchemaTree[]): number {
    const { path } = schemaPath.at(-1)!
    const known = this.leaves.findIndex((leaf) => leaf.path.join('\0') === path.join('\0'))
    if (known >= 0) return known
    this.leaves.push({ path, schemaPath, ...levels(schemaPath) })
    return this.leaves.length - 1
  }
}

/** The levels of a node: how many nodes on its path may be absent, and how many repeat. */
function levels(schemaPath: readonly SchemaTree[]): { readonly maxDefinition: number; readonly maxRepetition: number } {
  const below = schemaPath.slice(1).map(({ element }) => element.repetition_type)
  return {
    maxDefinition: below.filter((repetition) => repetition !== 'REQUIRED').length,
    maxRepetition: below.filter((repetition) => repetition === 'REPEATED').length,
  }
}

export interface NodeSpec {
  readonly leaves: ParquetLeaves
  readonly nestedPaths: readonly (readonly string[])[] | undefined
}

/** @throws {ParquetDataError} when the file holds something else than the table says. */
export function parquetNode(schemaPath: readonly SchemaTree[], type: SqlType, path: readonly string[], spec: NodeSpec): ParquetNode {
  const node = schemaPath.at(-1)!
  // A column that repeats without being called a list is one all the same.
  if (node.element.repetition_type === 'REPEATED' && type.kind === 'ARRAY') return listOf(schemaPath, schemaPath, type.element, path, spec)
  return nodeOf(schemaPath, type, path, spec)
}

function nodeOf(schemaPath: readonly SchemaTree[], type: SqlType, path: readonly string[], spec: NodeSpec): ParquetNode {
  const { children, element } = schemaPath.at(-1)!
  switch (type.kind) {
    case 'ROW':
      if (children.length > 0 && !isAnnotated(element)) return rowOf(schemaPath, type, path, spec)
      break
    case 'ARRAY': {
      const repeated = children[0]
      if (repeated === undefined || children.length > 1 || repeated.element.repetition_type !== 'REPEATED') break
      return listOf(schemaPath, [...schemaPath, repeated], type.element, path, spec)
    }
    case 'MAP':
    case 'MULTISET': {
      const repeated = children[0]
      if (repeated === undefined || repeated.element.repetition_type !== 'REPEATED' || repeated.children.length !== 2) break
      const key = type.kind === 'MAP' ? type.key : type.element
      const value = type.kind === 'MAP' ? type.value : types.integer(false)
      const items = [...schemaPath, repeated]
      return listOfNodes('map', schemaPath, items, [
        parquetNode([...items, repeated.children[0]!], key, path, spec),
        parquetNode([...items, repeated.children[1]!], value, path, spec),
      ])
    }
    default: {
      const convert = children.length > 0 ? undefined : parquetConverter(element, type)
      if (convert === undefined) break
      return { kind: 'leaf', leaf: spec.leaves.add(schemaPath), definition: levels(schemaPath).maxDefinition, convert }
    }
  }
  const found =
    children.length > 0 ? `a group of ${children.map((child) => `"${child.element.name}"`).join(', ')}` : describeElement(element)
  throw new ParquetDataError(`column "${path.join('.')}" is ${found} there, wanted is ${formatType(type)}`)
}

function isAnnotated({ converted_type: converted, logical_type: logical }: SchemaElement): boolean {
  return converted === 'LIST' || converted === 'MAP' || logical?.type === 'LIST' || logical?.type === 'MAP'
}

function rowOf(schemaPath: readonly SchemaTree[], type: SqlType & { kind: 'ROW' }, path: readonly string[], spec: NodeSpec): ParquetNode {
  const { children } = schemaPath.at(-1)!
  const fields = type.fields.map((field) => {
    const child = children.find(({ element }) => element.name === field.name)
    const below = [...path, field.name]
    if (child === undefined || !isWanted(spec.nestedPaths, below)) return undefined
    return parquetNode([...schemaPath, child], field.type, below, spec)
  })
  const leaves = fields.flatMap((field) => (field === undefined ? [] : leavesOf(field)))
  // Of a row whose fields are all missing one leaf tells whether the row itself is there.
  if (leaves.length === 0) leaves.push(spec.leaves.add(firstLeaf(schemaPath)))
  const { maxDefinition, maxRepetition } = levels(schemaPath)
  return { kind: 'row', leaves, definition: maxDefinition, repetition: maxRepetition, fields }
}

function firstLeaf(schemaPath: readonly SchemaTree[]): readonly SchemaTree[] {
  const [child] = schemaPath.at(-1)!.children
  return child === undefined ? schemaPath : firstLeaf([...schemaPath, child])
}

/** Three levels as they should be, or two: then what repeats is the element itself. */
function listOf(
  schemaPath: readonly SchemaTree[],
  items: readonly SchemaTree[],
  element: SqlType,
  path: readonly string[],
  spec: NodeSpec,
): ParquetNode {
  const repeated = items.at(-1)!
  const { name } = repeated.element
  const isElement =
    schemaPath === items || repeated.children.length !== 1 || name === 'array' || name === `${schemaPath.at(-1)!.element.name}_tuple`
  const node = isElement ? nodeOf(items, element, path, spec) : parquetNode([...items, repeated.children[0]!], element, path, spec)
  return listOfNodes('list', schemaPath, items, [node])
}

function listOfNodes(
  kind: 'list' | 'map',
  schemaPath: readonly SchemaTree[],
  items: readonly SchemaTree[],
  nodes: readonly ParquetNode[],
): ParquetNode {
  const { maxDefinition, maxRepetition } = levels(items)
  return {
    kind,
    leaves: nodes.flatMap(leavesOf),
    // Where what repeats has no group around it, the list itself is always there.
    definition: schemaPath === items ? maxDefinition - 1 : levels(schemaPath).maxDefinition,
    itemDefinition: maxDefinition,
    itemRepetition: maxRepetition,
    items: nodes,
  }
}

export function leavesOf(node: ParquetNode): readonly number[] {
  return node.kind === 'leaf' ? [node.leaf] : node.leaves
}
