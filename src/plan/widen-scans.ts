import type { Schema } from '../catalog/schema.ts'
import { type Expr, mapColumns } from '../expr/expr.ts'
import { columnOf } from './build.ts'
import { encodePlanData } from './json.ts'
import type { PhysicalNode, PhysicalOf } from './physical.ts'
import { type StepPlace, inputsOfStep, placeBelow, withInputsOfStep } from './physical-inputs.ts'

type Scan = PhysicalOf<'scan'>

/**
 * Scans of one table that differ only in what they read of it, and whose rows meet as `shareSubplans` wants it, read the columns of all of them; a Calc above each takes its
 * own. So the table is read once.
 */
export function widenScans(roots: readonly PhysicalNode[]): readonly PhysicalNode[] {
  const groups = new Map<string, Scan[]>()
  const meetings = new Map<PhysicalNode | undefined, number>()
  const groupOf = new Map<Scan, string>()
  const collect = (node: PhysicalNode, place: StepPlace): void => {
    if (node.kind === 'scan') {
      const { meeting } = place
      if (!meetings.has(meeting)) meetings.set(meeting, meetings.size)
      const { source, partitions, limit, changes } = node
      const key = `${meetings.get(meeting)} ${JSON.stringify(encodePlanData({ source, partitions, limit, changes }))}`
      groups.set(key, [...(groups.get(key) ?? []), node])
      groupOf.set(node, key)
    }
    const below = placeBelow(node, place)
    for (const input of inputsOfStep(node)) collect(input, below)
  }
  for (const root of roots) collect(root, { parent: root, meeting: undefined })
  const wide = new Map<string, Scan>()
  for (const [key, scans] of groups) if (!scans.every((scan) => readsSame(scan, scans[0]!))) wide.set(key, union(scans))

  const visit = (node: PhysicalNode): PhysicalNode => {
    if (node.kind === 'calc' && node.input.kind === 'scan') {
      const scan = wide.get(groupOf.get(node.input)!)
      if (scan === undefined) return node
      const rename = renumbering(node.input, scan)
      const projections = node.projections.map(rename)
      return { ...node, input: scan, projections, ...(node.condition === undefined ? {} : { condition: rename(node.condition) }) }
    }
    if (node.kind === 'scan') {
      const scan = wide.get(groupOf.get(node)!)
      return scan === undefined ? node : narrowed(scan, node)
    }
    return withInputsOfStep(node, visit)
  }
  return roots.map(visit)
}

/** A scan that reads what any of them reads, in the order of the table. */
function union(scans: readonly Scan[]): Scan {
  const [first] = scans as readonly [Scan, ...Scan[]]
  const columns = new Map<string, Schema[number]>()
  const metadata = new Map<string, Schema[number]>()
  for (const scan of scans) {
    scan.columns.forEach((name, i) => columns.set(name, scan.schema[i]!))
    scan.metadata.forEach((key, i) => metadata.set(key, scan.schema[scan.columns.length + i]!))
  }
  const order = first.source.table.columns.map((column) => column.name)
  const names = [...columns.keys()].sort((a, b) => order.indexOf(a) - order.indexOf(b))
  const keys = [...metadata.keys()]
  const primaryKey = (first.source.table.primaryKey?.columns ?? []).map((column) => names.indexOf(column))
  const { nestedPaths: _paths, ...rest } = first
  const nestedPaths = names.flatMap((name) => pathsOf(name, scans))
  return {
    ...rest,
    columns: names,
    metadata: keys,
    schema: [...names.map((name) => columns.get(name)!), ...keys.map((key) => metadata.get(key)!)],
    upsertKeys: primaryKey.length > 0 && !primaryKey.includes(-1) ? [primaryKey] : [],
    ...(nestedPaths.length === 0 ? {} : { nestedPaths }),
  }
}

/** The paths of a ROW column that any scan reads; none when one of them reads all of it. */
function pathsOf(column: string, scans: readonly Scan[]): readonly (readonly string[])[] {
  const paths = new Map<string, readonly string[]>()
  for (const scan of scans) {
    if (!scan.columns.includes(column)) continue
    const own = (scan.nestedPaths ?? []).filter(([name]) => name === column)
    if (own.length === 0) return []
    for (const path of own) paths.set(JSON.stringify(path), path)
  }
  return [...paths.values()]
}

function readsSame(a: Scan, b: Scan): boolean {
  const reads = ({ columns, metadata, nestedPaths = [] }: Scan): string => JSON.stringify([columns, metadata, nestedPaths])
  return reads(a) === reads(b)
}

/** Where each column of `scan` stands in `wide`. */
function places(scan: Scan, wide: Scan): readonly number[] {
  return [
    ...scan.columns.map((name) => wide.columns.indexOf(name)),
    ...scan.metadata.map((key) => wide.columns.length + wide.metadata.indexOf(key)),
  ]
}

function renumbering(scan: Scan, wide: Scan): (expr: Expr) => Expr {
  const target = places(scan, wide)
  return (expr) => mapColumns(expr, (column) => ({ ...column, index: target[column.index]! }))
}

/** The columns of `scan`, taken from `wide`. */
function narrowed(wide: Scan, scan: Scan): PhysicalNode {
  const { schema, changes, uniqueKeys, upsertKeys } = scan
  // An identical list of columns needs no step: only fields of ROW columns are more, which nobody reads.
  const target = places(scan, wide)
  if (target.length === wide.schema.length && target.every((place, i) => place === i)) return { ...wide, schema, upsertKeys }
  return {
    kind: 'calc',
    id: `${scan.id}/columns`,
    input: wide,
    projections: target.map((place) => columnOf(wide.schema, place)),
    schema,
    changes,
    uniqueKeys,
    upsertKeys,
  }
}
