import { type Expr, children } from '../../expr/expr.ts'
import { inputsOf, withInputs } from '../build.ts'
import type { LogicalNode, LogicalOf } from '../logical.ts'
import { type Rule, type RuleContext, sourceAbilities } from '../rule.ts'

/** Field numbers from a column down; an empty path is the whole column. */
type Path = readonly number[]
/** By column the paths that are read; undefined: everything is. */
type Uses = ReadonlyMap<number, readonly Path[]> | undefined

/** Tells sources that can read single fields of ROW columns which fields are read. */
export const pruneNested: Rule = {
  name: 'prune-nested',
  doc: 'Reads only the needed fields of ROW columns where a source can',
  apply: (plan, context) => visit(plan, undefined, context),
}

function visit(node: LogicalNode, uses: Uses, context: RuleContext): LogicalNode {
  switch (node.kind) {
    case 'scan':
      return uses === undefined ? node : pruneScan(node, uses, context)
    case 'project': {
      const below = new Map<number, Path[]>()
      node.projections.forEach((projection, i) => addProjection(below, projection, uses === undefined ? [[]] : (uses.get(i) ?? [])))
      return withInputs(node, [visit(node.input, below, context)])
    }
    case 'filter': {
      const below = copy(uses)
      if (below !== undefined) addReads(below, node.condition)
      return withInputs(node, [visit(node.input, below, context)])
    }
    case 'watermark': {
      const below = copy(uses)
      if (below !== undefined) {
        addReads(below, node.expression)
        add(below, node.timeColumn, [])
      }
      return withInputs(node, [visit(node.input, below, context)])
    }
    default:
      return withInputs(
        node,
        inputsOf(node).map((input) => visit(input, undefined, context)),
      )
  }
}

/** A column or field that is only passed on is read as far as its readers above do; anything else reads what it names. */
function addProjection(below: Map<number, Path[]>, projection: Expr, usesAbove: readonly Path[]): void {
  const path = pathOf(projection)
  if (path === undefined) addReads(below, projection)
  else for (const rest of usesAbove) add(below, path.column, [...path.fields, ...rest])
}

function addReads(uses: Map<number, Path[]>, expr: Expr): void {
  const path = pathOf(expr)
  if (path !== undefined) add(uses, path.column, path.fields)
  else for (const child of children(expr)) addReads(uses, child)
}

function pathOf(expr: Expr): { readonly column: number; readonly fields: Path } | undefined {
  if (expr.kind === 'column') return { column: expr.index, fields: [] }
  if (expr.kind !== 'field') return undefined
  const base = pathOf(expr.base)
  return base === undefined ? undefined : { column: base.column, fields: [...base.fields, expr.index] }
}

function add(uses: Map<number, Path[]>, column: number, path: Path): void {
  const paths = uses.get(column)
  if (paths === undefined) uses.set(column, [path])
  else paths.push(path)
}

function copy(uses: Uses): Map<number, Path[]> | undefined {
  return uses === undefined ? undefined : new Map(Array.from(uses, ([column, paths]) => [column, [...paths]]))
}

function pruneScan(node: LogicalOf<'scan'>, uses: ReadonlyMap<number, readonly Path[]>, context: RuleContext): LogicalNode {
  if (sourceAbilities(node.source.table, context.connectors)?.canProjectNested !== true) return node
  const nestedPaths: (readonly string[])[] = []
  node.columns.forEach((name, column) => {
    const paths = uses.get(column) ?? []
    if (paths.length === 0 || paths.some((path) => path.length === 0)) return
    for (const path of paths) nestedPaths.push([name, ...fieldNames(node, column, path)])
  })
  if (nestedPaths.length === 0) return node
  const distinct = [...new Map(nestedPaths.map((path) => [JSON.stringify(path), path])).values()]
  return { ...node, nestedPaths: distinct }
}

function fieldNames(node: LogicalOf<'scan'>, column: number, path: Path): readonly string[] {
  let type = node.schema[column]?.type
  return path.map((index) => {
    const field = type?.kind === 'ROW' ? type.fields[index] : undefined
    type = field?.type
    return field?.name ?? ''
  })
}
