import type { ErrorPlace } from '../base/errors.ts'
import type { SqlType } from '../data/types.ts'
import type { Field } from './schema.ts'

/**
 * A column of CREATE TABLE. Expressions are kept as SQL text and bound where they are used, so that the catalog knows neither parser
 * nor plan; a column's `type` is its declared one, of a computed column the type that the binder found.
 */
export type TableColumn =
  | { readonly kind: 'physical'; readonly name: string; readonly type: SqlType; readonly comment?: string }
  | {
      readonly kind: 'metadata'
      readonly name: string
      readonly type: SqlType
      /** The key that the connector knows; the column's name unless FROM says otherwise. */
      readonly key: string
      /** Read only: not part of what INSERT writes. */
      readonly isVirtual: boolean
      readonly comment?: string
    }
  | { readonly kind: 'computed'; readonly name: string; readonly type: SqlType; readonly expression: string; readonly comment?: string }

export interface Watermark {
  readonly column: string
  /** SQL text over the columns of the table, of type TIMESTAMP(0..3) or TIMESTAMP_LTZ(0..3). */
  readonly expression: string
}

/** A partition that ALTER TABLE ADD PARTITION noted. */
export interface TablePartition {
  /** Texts by column. */
  readonly values: ReadonlyMap<string, string>
  readonly options: ReadonlyMap<string, string>
}

/** What CREATE TABLE says, after LIKE is resolved. */
export interface Table {
  readonly kind: 'table'
  readonly columns: readonly TableColumn[]
  readonly watermark?: Watermark
  /** Names the columns of the NOT ENFORCED primary key. */
  readonly primaryKey?: { readonly name?: string; readonly columns: readonly string[] }
  readonly partitionedBy: readonly string[]
  /** Those that the catalog knows by name; rows may lie in others. */
  readonly partitions?: readonly TablePartition[]
  readonly distribution?: { readonly kind: 'hash' | 'range' | 'unknown'; readonly columns: readonly string[]; readonly buckets?: number }
  /** The WITH options, as written. */
  readonly options: ReadonlyMap<string, string>
  readonly comment?: string
  readonly isTemporary: boolean
  /** Where the statement stands, for messages about the table. */
  readonly place?: ErrorPlace
  /** Where each of the WITH options stands. */
  readonly optionPlaces?: ReadonlyMap<string, ErrorPlace>
}

/** A named query. Its text is bound anew where it is used, in the catalog and database that were current when it was made. */
export interface View {
  readonly kind: 'view'
  /** With every name and every `*` written out, so that columns that come to its tables later are not in it. */
  readonly query: string
  /** What SHOW CREATE VIEW prints instead of it. */
  readonly shownQuery?: string
  /** Names of the columns if CREATE VIEW gave some. */
  readonly columnNames?: readonly string[]
  /** What the binder found when the view was made. */
  readonly columns: readonly (Field & { readonly comment?: string })[]
  readonly catalog: string
  readonly database: string
  readonly comment?: string
  readonly isTemporary: boolean
  readonly place?: ErrorPlace
}

export type CatalogObject = Table | View

/** `catalog.database.name`. */
export interface ObjectPath {
  readonly catalog: string
  readonly database: string
  readonly name: string
}
