import type { Choices } from './choices.ts'
import type { Column } from './expressions.ts'
import type { RandomTable } from './tables.ts'

/** A query, and what the one around it may do with its rows. */
export interface Relation {
  readonly sql: string
  /** Instead of the text in parentheses: a table's name. */
  readonly table?: string
  readonly columns: readonly Column[]
  readonly isUpdating: boolean
  /** Rows come in one order, whatever the parallelism: that of one table. Else nothing may depend on it. */
  readonly isOrdered: boolean
  /** No two rows have the same event time. */
  readonly hasUniqueTimes?: boolean
  /** Rows come by themselves as the watermark passes. */
  readonly window?: WindowColumns | undefined
}

export interface WindowColumns {
  readonly start: string
  readonly end: string
  /** Windows of one kind and size are equal texts: a join of windows needs that. */
  readonly spec: string
}

/** What the shapes of queries are made of, and what they tell. */
export interface Grammar {
  readonly choices: Choices
  readonly tables: readonly RandomTable[]
  readonly features: Set<string>
  /** DuckDB reads the text and means the same. */
  isPortable: boolean
  /** Any query with at most so many operators on top of each other. */
  readonly relation: (depth: number) => Relation
  /** A query with event time whose rows are only added; undefined where no table has such. */
  readonly timed: (depth: number, allowsUpdating?: boolean) => Relation | undefined
  /** A new name for a column. */
  readonly name: () => string
  /** A new name for a query. */
  readonly alias: () => string
  /** Of expressions: what DuckDB would read otherwise. */
  readonly feature: (name: string) => void
}

export function fromOf(grammar: Grammar, { sql, table }: Relation): string {
  return table ?? `(${sql}) AS ${grammar.alias()}`
}

export function rowtimeOf({ columns }: Relation): Column {
  const time = columns.find((column) => column.role === 'rowtime')
  if (time === undefined) throw new RangeError('a timed query has a time')
  return time
}
