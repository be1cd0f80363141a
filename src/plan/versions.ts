import type { LogicalNode } from './logical.ts'

/** What tells the versions of a table apart. */
export interface Versions {
  /** Columns: each row is a new version of what they name. Undefined: nothing does. */
  readonly key: readonly number[] | undefined
  /** The event time from which a version is valid. */
  readonly time: number | undefined
  /** Rows are left out after versions were made, so a version may end unseen. */
  readonly isFiltered: boolean
}

/** The versions of a table with a primary key and a watermark, or of a view that keeps the last row of each key. */
export function versionsOf(node: LogicalNode): Versions {
  const rowtime = node.schema.findIndex((field) => field.timeAttribute === 'rowtime')
  const moved = node.schema.flatMap((field, i) => (field.movesTime === true ? [i] : []))
  const time = rowtime < 0 && moved.length === 1 ? moved[0]! : rowtime
  const key = versionKey(node)
  return { key, time: time < 0 ? undefined : time, isFiltered: key !== undefined && isFiltered(node) }
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
      const below = versionKey(node.input)
      const shown = below?.map((column) =>
        node.projections.findIndex((projection) => projection.kind === 'column' && projection.index === column),
      )
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
