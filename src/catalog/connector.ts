import type { SqlType } from '../data/types.ts'
import type { OptionDefinition, OptionWarning } from './option.ts'
import type { Table } from './table.ts'

/** The kinds of changes that a table's source gives, or a sink takes. `upsert` has no -U and needs a primary key. */
export type ChangelogMode = 'append' | 'upsert' | 'retract'

/** What the source of one table can do; the planner's rules ask, none assumes. */
export interface SourceAbilities {
  readonly isBounded: boolean
  readonly changes: ChangelogMode
  /** Reads only the physical columns that the plan needs. */
  readonly canProject: boolean
  /** Reads only the children of ROW columns that the plan needs. */
  readonly canProjectNested: boolean
  /** May stop after so many rows. */
  readonly canLimit: boolean
  /** Skips whole partitions by the values of the PARTITIONED BY columns. */
  readonly canPrunePartitions: boolean
  /** Metadata keys with their types, read in this order. */
  readonly metadata: readonly { readonly key: string; readonly type: SqlType }[]
}

export interface SinkAbilities {
  readonly accepts: ChangelogMode
  /** Every change stays to be read, so those of one row are not merged. */
  readonly keepsChanges?: true
  readonly canOverwrite: boolean
  readonly canPartition: boolean
  /** Writable metadata keys with their types. */
  readonly metadata: readonly { readonly key: string; readonly type: SqlType }[]
}

/** What a table can be asked for besides all of its rows: the rows that have given values in given columns. */
export interface LookupAbilities {
  /** Sets of columns by which rows are found, of which a query has to give one whole; `any`: whatever it asks by. */
  readonly keys: 'any' | readonly (readonly string[])[]
}

/**
 * A connector as the planner knows it: its options and what it can do. How it reads and writes is in `connectors`, which extends this.
 * `source` and `sink` check the options of the table and throw RheoErrors with codes `sql/unknown-option`, `sql/option-value`,
 * `sql/missing-option`, or are absent when the connector has no such side.
 */
export interface Connector {
  readonly name: string
  readonly doc: string
  readonly options: readonly OptionDefinition[]
  readonly source?: (table: Table) => SourceAbilities
  readonly sink?: (table: Table) => SinkAbilities
  /** Absent, or `undefined` for a table, where rows cannot be asked for. */
  readonly lookup?: (table: Table) => LookupAbilities | undefined
  /** What is odd about a table that is used; absent where nothing ever is. */
  readonly warnings?: (table: Table) => readonly OptionWarning[]
}

/** The connectors by name; the session hands it to the binder. */
export interface ConnectorRegistry {
  get(name: string): Connector | undefined
  names(): readonly string[]
}
