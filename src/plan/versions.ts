import type { Field } from '../catalog/schema.ts'
import { type Expr, mapColumns } from '../expr/expr.ts'
import { columnOf } from './build.ts'
import { columnsOf, conjuncts, expressionKey, isDeterministic } from './expression-properties.ts'
import type { LogicalNode, LogicalOf } from './logical.ts'

/** What tells the versions of a table apart. */
export interface Versions {
  /** Columns: each row is a new version of what they name. Undefined: nothing does. */
  readonly key: readonly number[] | undefined
  /** The event time from which a version is valid. */
  readonly time: number | undefined
  /** Rows are left out after versions were made, so a version may end unseen. */
  readonly isFiltered: boolean
}

/** The versions of a table with a primary key and a watermark, or of a view that keeps the last row of each key, or a group for each, with the latest time of its rows. */
export function versionsOf(node: LogicalNode): Versions {
  const rowtime = node.schema.findIndex((field) => field.timeAttribute === 'rowtime')
  const moved = [...node.schema.flatMap((field, i) => (field.movesTime === true ? [i] : [])), ...latestTimes(node)]
  const time = rowtime < 0 && moved.length === 1 ? moved[0]! : rowtime
  const key = versionKey(node)
  return { key, time: time < 0 ? undefined : time, isFiltered: key !== undefined && isFiltered(node) }
}

/** The columns that show MAX of an event time. */
function latestTimes(node: LogicalNode): readonly number[] {
  switch (node.kind) {
    case 'filter':
      return latestTimes(node.input)
    case 'project': {
      const below = latestTimes(node.input)
      return node.projections.flatMap((projection, i) => (projection.kind === 'column' && below.includes(projection.index) ? [i] : []))
    }
    case 'aggregate': {
      const { input, keys, aggregates } = node
      return aggregates.flatMap(({ name, args, filter }, i) =>
        name === 'MAX' && filter === undefined && input.schema[args[0]!]?.timeAttribute === 'rowtime' ? [keys.length + i] : [],
      )
    }
    default:
      return []
  }
}

function versionKey(node: LogicalNode): readonly number[] | undefined {
  switch (node.kind) {
    case 'scan': {
      const columns = (node.source.table.primaryKey?.columns ?? []).map((column) => node.columns.indexOf(column))
      return columns.length === 0 || columns.includes(-1) ? undefined : columns
    }
    case 'watermark':
    case 'filter':
      return versionKey(node.input)
    case 'project': {
      const shown = versionKey(node.input)?.map((column) => shownAt(node, column))
      return shown === undefined || shown.includes(-1) ? undefined : shown
    }
    case 'rank':
      return node.from === 1 && node.to === 1 ? node.partitionKeys : versionKey(node.input)
    case 'aggregate':
      return node.keys.length === 0 ? undefined : node.keys.map((_, i) => i)
    default:
      return undefined
  }
}

/** The column of a projection that shows a column of its input, or computes it anew; -1: none. */
function shownAt({ input, projections }: LogicalOf<'project'>, column: number): number {
  const plain = projections.findIndex((projection) => projection.kind === 'column' && projection.index === column)
  if (plain >= 0) return plain
  const definition = definitionOf(columnOf(input.schema, column), input)
  if (definition.kind === 'column' || !isDeterministic(definition)) return -1
  const key = expressionKey(definition)
  return projections.findIndex((projection) => expressionKey(definitionOf(projection, input)) === key)
}

/** What an expression over the columns of a node says of the rows far below. */
function definitionOf(expr: Expr, node: LogicalNode): Expr {
  switch (node.kind) {
    case 'project':
      return definitionOf(
        mapColumns(expr, (column) => node.projections[column.index]!),
        node.input,
      )
    case 'filter':
    case 'watermark':
      return definitionOf(expr, node.input)
    case 'rank':
      return node.showsRank ? expr : definitionOf(expr, node.input)
    default:
      return expr
  }
}

/** Versions of which only those count that fulfil `conditions`, which read the columns of `plan`: those that were asked for, and perhaps others behind them. */
export interface FilteredVersions {
  readonly plan: LogicalNode
  readonly conditions: readonly Expr[]
}

/**
 * Takes filters from above the row that is the last one of its key, or its group. A version that fails them ends the one before it, so a join asks them of the version that it has
 * found. Undefined for the versions of a table, of which Flink says that filters corrupt them.
 */
export function withoutFilters(node: LogicalNode): FilteredVersions | undefined {
  const lifted = lift(node)
  return isViewOfKeys(lifted.plan) && lifted.conditions.every(isDeterministic) ? lifted : undefined
}

function isViewOfKeys(node: LogicalNode): boolean {
  if (node.kind === 'project') return isViewOfKeys(node.input)
  return node.kind === 'aggregate' || (node.kind === 'rank' && node.from === 1 && node.to === 1)
}

function lift(node: LogicalNode): FilteredVersions {
  switch (node.kind) {
    case 'filter': {
      const below = lift(node.input)
      return { plan: below.plan, conditions: [...below.conditions, ...conjuncts(node.condition)] }
    }
    case 'project': {
      const { plan, conditions } = lift(node.input)
      if (conditions.length === 0) return { plan: node, conditions }
      const read = [...new Set(conditions.flatMap((condition) => [...columnsOf(condition)]))]
      const width = node.schema.length
      // None of them is a time of the versions.
      const fields = read.map((column, i): Field => ({ name: `$filter${i}`, type: plan.schema[column]!.type }))
      const projections = [...node.projections, ...read.map((column) => columnOf(plan.schema, column))]
      return {
        plan: { ...node, input: plan, projections, schema: [...node.schema, ...fields] },
        conditions: conditions.map((condition) =>
          mapColumns(condition, (column) => ({ ...column, index: width + read.indexOf(column.index) })),
        ),
      }
    }
    default:
      return { plan: node, conditions: [] }
  }
}

/** Whether a filter stands above what makes the versions. */
function isFiltered(node: LogicalNode): boolean {
  switch (node.kind) {
    case 'filter':
      return true
    case 'project':
    case 'watermark':
      return isFiltered(node.input)
    default:
      return false
  }
}
