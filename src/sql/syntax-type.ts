import type { Position } from '../base/errors.ts'

/** A name of one part, as the user wrote it and without quotes. Names of tables and columns keep their case. */
export interface Identifier {
  readonly at: Position
  readonly name: string
}

/** `catalog.database.table`, or fewer parts; never empty. */
export interface QualifiedName {
  readonly at: Position
  readonly parts: readonly Identifier[]
}

/** The text of a quoted string, without quotes and with escapes undone. */
export interface StringNode {
  readonly at: Position
  readonly value: string
}

export type IntervalUnit = 'YEAR' | 'QUARTER' | 'MONTH' | 'WEEK' | 'DAY' | 'HOUR' | 'MINUTE' | 'SECOND'

/** `DAY(3) TO SECOND(2)`: what follows an interval's text, or the name of an interval type. */
export interface IntervalQualifier {
  readonly at: Position
  readonly start: IntervalUnit
  readonly startPrecision: number | undefined
  readonly end: IntervalUnit | undefined
  /** Digits of fractional seconds; only where the last unit is SECOND. */
  readonly fractionPrecision: number | undefined
}

/** Types without parameters. INT is INTEGER, `DOUBLE PRECISION` is DOUBLE, REAL is FLOAT. */
export type PlainTypeName =
  | 'BOOLEAN'
  | 'TINYINT'
  | 'SMALLINT'
  | 'INTEGER'
  | 'BIGINT'
  | 'FLOAT'
  | 'DOUBLE'
  | 'DATE'
  | 'STRING'
  | 'BYTES'
  | 'VARIANT'
  | 'BITMAP'
  | 'NULL'
  | 'ANY'

interface TypeBase {
  readonly at: Position
  /** False only where NOT NULL is written. */
  readonly nullable: boolean
}

/** A type as written. Lengths and precisions that are absent are undefined; the binder knows their defaults and limits. */
export type TypeNode = TypeBase &
  (
    | { readonly kind: 'plain-type'; readonly name: PlainTypeName }
    | { readonly kind: 'length-type'; readonly name: 'CHAR' | 'VARCHAR' | 'BINARY' | 'VARBINARY'; readonly length: number | undefined }
    | { readonly kind: 'decimal-type'; readonly precision: number | undefined; readonly scale: number | undefined }
    | {
        readonly kind: 'time-type'
        readonly name: 'TIME' | 'TIMESTAMP' | 'TIMESTAMP_LTZ' | 'TIMESTAMP_TZ' | 'TIME_LTZ'
        readonly precision: number | undefined
      }
    | { readonly kind: 'interval-type'; readonly qualifier: IntervalQualifier }
    /** `ARRAY<INT>` and the postfix form `INT ARRAY` alike. */
    | { readonly kind: 'array-type'; readonly element: TypeNode }
    | { readonly kind: 'multiset-type'; readonly element: TypeNode }
    | { readonly kind: 'map-type'; readonly key: TypeNode; readonly value: TypeNode }
    /** `ROW<a INT>` and `ROW(a INT)` alike. */
    | { readonly kind: 'row-type'; readonly fields: readonly FieldTypeNode[] }
    | { readonly kind: 'raw-type'; readonly className: StringNode; readonly serializer: StringNode }
    | { readonly kind: 'structured-type'; readonly className: StringNode; readonly fields: readonly FieldTypeNode[] }
  )

export interface FieldTypeNode {
  readonly at: Position
  readonly name: Identifier
  readonly type: TypeNode
  readonly comment: StringNode | undefined
}
