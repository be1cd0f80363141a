import { type Expr, mapColumns } from '../expr/expr.ts'
import { columnOf, filter } from './build.ts'
import { columnsOf } from './expression-properties.ts'
import type { LogicalNode } from './logical.ts'

/** The input of a window aggregate without the window table function, which the aggregate then does itself. */
export interface PulledWindow {
  readonly input: LogicalNode
  /** Where the columns of the old input are now; window columns are nowhere. */
  readonly columns: ReadonlyMap<number, number>
  readonly timeColumn: number
  /** Of sessions: the columns of the new input that tell them apart. */
  readonly sessionKeys?: readonly number[]
}

/**
 * Takes the window table function out from under filters and projections, where these only pass its window columns on. Undefined where they compute with
 * them, or where the windows come from an earlier window aggregate: then the aggregate reads the columns.
 */
export function pullWindow(node: LogicalNode): PulledWindow | undefined {
  switch (node.kind) {
    case 'window-table-function':
      return {
        input: node.input,
        columns: new Map(node.input.schema.map((_, i) => [i, i])),
        timeColumn: node.timeColumn,
        ...(node.window.kind === 'session' ? { sessionKeys: node.window.partitionKeys } : {}),
      }
    case 'filter': {
      const below = pullWindow(node.input)
      // Which session a row is in depends on other rows, also on those that are dropped here.
      if (below?.sessionKeys !== undefined) return undefined
      const condition = below === undefined ? undefined : renumber(node.condition, below)
      return below === undefined || condition === undefined ? undefined : { ...below, input: filter(below.input, condition) }
    }
    case 'project':
      return pullFromProject(node)
    default:
      return undefined
  }
}

function pullFromProject(node: Extract<LogicalNode, { kind: 'project' }>): PulledWindow | undefined {
  const below = pullWindow(node.input)
  if (below === undefined) return undefined
  const projections: Expr[] = []
  const fields: LogicalNode['schema'][number][] = []
  const columns = new Map<number, number>()
  for (const [i, projection] of node.projections.entries()) {
    if (projection.kind === 'column' && !below.columns.has(projection.index)) continue
    const renumbered = renumber(projection, below)
    if (renumbered === undefined) return undefined
    columns.set(i, projections.length)
    projections.push(renumbered)
    fields.push(node.schema[i]!)
  }
  const known = projections.findIndex((projection) => projection.kind === 'column' && projection.index === below.timeColumn)
  if (known < 0) {
    projections.push(columnOf(below.input.schema, below.timeColumn))
    fields.push(below.input.schema[below.timeColumn]!)
  }
  const timeColumn = known < 0 ? projections.length - 1 : known
  const sessionKeys = below.sessionKeys?.map((key) => projections.findIndex((each) => each.kind === 'column' && each.index === key))
  if (sessionKeys?.includes(-1) === true) return undefined
  return {
    input: { kind: 'project', input: below.input, projections, schema: fields },
    columns,
    timeColumn,
    ...(sessionKeys === undefined ? {} : { sessionKeys }),
  }
}

/** The expression over the new input; undefined when it reads a window column. */
function renumber(expr: Expr, below: PulledWindow): Expr | undefined {
  if ([...columnsOf(expr)].some((column) => !below.columns.has(column))) return undefined
  return mapColumns(expr, (column) => ({ ...column, index: below.columns.get(column.index)! }))
}
