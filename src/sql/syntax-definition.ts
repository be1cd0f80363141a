import type { Position } from '../base/errors.ts'
import type { Expression, Query } from './syntax-query.ts'
import type { IntervalLiteral } from './syntax-literal.ts'
import type { Identifier, QualifiedName, StringNode, TypeNode } from './syntax-type.ts'

// CREATE and ALTER: the statements that say what an object of a catalog is.

interface NodeBase {
  readonly at: Position
}

/** `key = 'value'`; of INSERT and ANALYZE also `key` alone. */
export interface PartitionValue extends NodeBase {
  readonly column: Identifier
  readonly value: Expression | undefined
}

// --------------------------------------------------------------------------------------------------------------------- CREATE

/** `'key' = 'value'` of WITH and SET. */
export interface OptionNode extends NodeBase {
  readonly key: StringNode
  readonly value: StringNode
}

/**
 * CREATE [OR REPLACE] [TEMPORARY] TABLE, and REPLACE TABLE. One of `like` and `query` at most.
 *
 * The list before AS may give names only: then `columnNames` holds them and `columns` is empty.
 */
export interface CreateTable extends NodeBase {
  readonly kind: 'create-table'
  readonly mode: 'create' | 'create-or-replace' | 'replace'
  readonly temporary: boolean
  readonly ifNotExists: boolean
  readonly name: QualifiedName
  readonly columns: readonly ColumnDefinition[]
  readonly columnNames: readonly Identifier[]
  readonly watermark: WatermarkDefinition | undefined
  readonly constraints: readonly TableConstraint[]
  readonly comment: StringNode | undefined
  readonly distribution: Distribution | undefined
  readonly partitionedBy: readonly Identifier[]
  readonly options: readonly OptionNode[]
  readonly like: TableLike | undefined
  readonly query: Query | undefined
}

export type ColumnDefinition = PhysicalColumn | MetadataColumn | ComputedColumn

export interface PhysicalColumn extends NodeBase {
  readonly kind: 'physical-column'
  readonly name: Identifier
  readonly type: TypeNode
  /** PRIMARY KEY or UNIQUE behind the type. */
  readonly constraint: TableConstraint | undefined
  readonly comment: StringNode | undefined
}

export interface MetadataColumn extends NodeBase {
  readonly kind: 'metadata-column'
  readonly name: Identifier
  readonly type: TypeNode
  readonly from: StringNode | undefined
  readonly virtual: boolean
  readonly comment: StringNode | undefined
}

export interface ComputedColumn extends NodeBase {
  readonly kind: 'computed-column'
  readonly name: Identifier
  readonly expression: Expression
  readonly comment: StringNode | undefined
}

export interface WatermarkDefinition extends NodeBase {
  readonly kind: 'watermark'
  readonly column: QualifiedName
  readonly expression: Expression
}

export interface TableConstraint extends NodeBase {
  readonly kind: 'constraint'
  readonly name: Identifier | undefined
  readonly type: 'PRIMARY KEY' | 'UNIQUE'
  readonly columns: readonly Identifier[]
  /** Undefined where neither ENFORCED nor NOT ENFORCED is written. */
  readonly enforced: boolean | undefined
}

export interface Distribution extends NodeBase {
  readonly method: 'HASH' | 'RANGE' | undefined
  readonly columns: readonly Identifier[]
  readonly buckets: number | undefined
}

export interface TableLike extends NodeBase {
  readonly source: QualifiedName
  readonly options: readonly LikeOption[]
}

export interface LikeOption extends NodeBase {
  readonly strategy: 'INCLUDING' | 'EXCLUDING' | 'OVERWRITING'
  readonly feature: 'ALL' | 'CONSTRAINTS' | 'DISTRIBUTION' | 'PARTITIONS' | 'GENERATED' | 'OPTIONS' | 'WATERMARKS' | 'METADATA'
}

/** A column of a view or of names only. */
export interface NamedColumn extends NodeBase {
  readonly name: Identifier
  readonly comment: StringNode | undefined
}

export interface CreateView extends NodeBase {
  readonly kind: 'create-view'
  readonly replace: boolean
  readonly temporary: boolean
  readonly ifNotExists: boolean
  readonly name: QualifiedName
  readonly columns: readonly NamedColumn[]
  readonly comment: StringNode | undefined
  readonly query: Query
  /** The query's own text. */
  readonly queryText: string
}

export interface CreateMaterializedTable extends NodeBase {
  readonly kind: 'create-materialized-table'
  readonly orAlter: boolean
  readonly ifNotExists: boolean
  readonly name: QualifiedName
  readonly columns: readonly ColumnDefinition[]
  readonly columnNames: readonly Identifier[]
  readonly watermark: WatermarkDefinition | undefined
  readonly constraints: readonly TableConstraint[]
  readonly comment: StringNode | undefined
  readonly distribution: Distribution | undefined
  readonly partitionedBy: readonly Identifier[]
  readonly options: readonly OptionNode[]
  readonly freshness: IntervalLiteral | undefined
  readonly refreshMode: 'FULL' | 'CONTINUOUS' | undefined
  readonly startMode: StartMode | undefined
  readonly query: Query
  readonly queryText: string
}

/** START_MODE = FROM_TIMESTAMP(TIMESTAMP '..') and kin. */
export interface StartMode extends NodeBase {
  readonly mode:
    | 'FROM_BEGINNING'
    | 'FROM_NOW'
    | 'FROM_TIMESTAMP'
    | 'RESUME_OR_FROM_BEGINNING'
    | 'RESUME_OR_FROM_NOW'
    | 'RESUME_OR_FROM_TIMESTAMP'
  readonly argument: Expression | undefined
}

export interface CreateCatalog extends NodeBase {
  readonly kind: 'create-catalog'
  readonly ifNotExists: boolean
  readonly name: Identifier
  readonly comment: StringNode | undefined
  readonly options: readonly OptionNode[]
}

export interface CreateDatabase extends NodeBase {
  readonly kind: 'create-database'
  readonly ifNotExists: boolean
  readonly name: QualifiedName
  readonly comment: StringNode | undefined
  readonly options: readonly OptionNode[]
}

export type FunctionLanguage = 'JAVA' | 'SCALA' | 'PYTHON' | 'SQL' | 'TYPESCRIPT' | 'JAVASCRIPT'

export interface CreateFunction extends NodeBase {
  readonly kind: 'create-function'
  readonly temporary: boolean
  readonly system: boolean
  readonly ifNotExists: boolean
  readonly name: QualifiedName
  readonly className: StringNode
  readonly language: FunctionLanguage | undefined
  readonly resources: readonly Resource[]
  readonly options: readonly OptionNode[]
}

/** USING JAR '..', ARTIFACT '..'. */
export interface Resource extends NodeBase {
  readonly type: 'JAR' | 'FILE' | 'ARCHIVE' | 'ARTIFACT'
  readonly path: StringNode
}

export interface ModelColumn extends NodeBase {
  readonly name: Identifier
  readonly type: TypeNode
  readonly comment: StringNode | undefined
}

export interface CreateModel extends NodeBase {
  readonly kind: 'create-model'
  readonly temporary: boolean
  readonly ifNotExists: boolean
  readonly name: QualifiedName
  readonly input: readonly ModelColumn[]
  readonly output: readonly ModelColumn[]
  readonly comment: StringNode | undefined
  readonly options: readonly OptionNode[]
  readonly query: Query | undefined
}

export interface CreateConnection extends NodeBase {
  readonly kind: 'create-connection'
  readonly temporary: boolean
  readonly system: boolean
  readonly ifNotExists: boolean
  readonly name: QualifiedName
  readonly comment: StringNode | undefined
  readonly options: readonly OptionNode[]
}

// ---------------------------------------------------------------------------------------------------------------------- ALTER

export interface AlterTable extends NodeBase {
  readonly kind: 'alter-table'
  readonly ifExists: boolean
  readonly name: QualifiedName
  readonly action: TableAction
}

/** What ALTER TABLE and ALTER MATERIALIZED TABLE do. */
export type TableAction = NodeBase &
  (
    | { readonly kind: 'rename-table'; readonly to: QualifiedName }
    | { readonly kind: 'rename-column'; readonly column: QualifiedName; readonly to: Identifier }
    | { readonly kind: 'set-options'; readonly options: readonly OptionNode[] }
    | { readonly kind: 'reset-options'; readonly keys: readonly StringNode[] }
    /** ADD or MODIFY of columns, a constraint, a watermark, or several of them in parentheses. */
    | {
        readonly kind: 'add-schema' | 'modify-schema'
        readonly columns: readonly PlacedColumn[]
        readonly constraints: readonly TableConstraint[]
        readonly watermark: WatermarkDefinition | undefined
      }
    | { readonly kind: 'add-distribution' | 'modify-distribution'; readonly distribution: Distribution }
    | { readonly kind: 'drop-distribution' | 'drop-primary-key' | 'drop-watermark' }
    | { readonly kind: 'drop-columns'; readonly columns: readonly QualifiedName[] }
    | { readonly kind: 'drop-constraint'; readonly name: Identifier }
    | { readonly kind: 'add-partitions'; readonly ifNotExists: boolean; readonly partitions: readonly PartitionDefinition[] }
    | { readonly kind: 'drop-partitions'; readonly ifExists: boolean; readonly partitions: readonly PartitionDefinition[] }
  )

/** A column and where ADD or MODIFY puts it. */
export interface PlacedColumn extends NodeBase {
  readonly column: ColumnDefinition
  readonly position: { readonly kind: 'first' } | { readonly kind: 'after'; readonly column: Identifier } | undefined
}

export interface PartitionDefinition extends NodeBase {
  readonly values: readonly PartitionValue[]
  readonly options: readonly OptionNode[]
}

export interface AlterMaterializedTable extends NodeBase {
  readonly kind: 'alter-materialized-table'
  readonly name: QualifiedName
  readonly action: MaterializedTableAction | TableAction
}

export type MaterializedTableAction = NodeBase &
  (
    | { readonly kind: 'suspend' }
    | { readonly kind: 'resume'; readonly options: readonly OptionNode[] }
    | { readonly kind: 'refresh'; readonly partition: readonly PartitionValue[] }
    | { readonly kind: 'set-freshness'; readonly freshness: IntervalLiteral }
    | { readonly kind: 'set-refresh-mode'; readonly refreshMode: 'FULL' | 'CONTINUOUS' }
    | { readonly kind: 'as-query'; readonly query: Query; readonly queryText: string; readonly startMode: StartMode | undefined }
  )

export interface AlterView extends NodeBase {
  readonly kind: 'alter-view'
  readonly name: QualifiedName
  readonly action:
    | { readonly kind: 'rename'; readonly to: QualifiedName }
    | { readonly kind: 'as-query'; readonly query: Query; readonly queryText: string }
}

/** SET ('k' = 'v'), RESET ('k'), COMMENT '..', RENAME TO n of objects that hold little else. */
export type OptionsAction = NodeBase &
  (
    | { readonly kind: 'set-options'; readonly options: readonly OptionNode[] }
    | { readonly kind: 'reset-options'; readonly keys: readonly StringNode[] }
    | { readonly kind: 'comment'; readonly comment: StringNode }
    | { readonly kind: 'rename'; readonly to: QualifiedName }
  )

export interface AlterCatalog extends NodeBase {
  readonly kind: 'alter-catalog'
  readonly name: Identifier
  readonly action: OptionsAction
}

export interface AlterDatabase extends NodeBase {
  readonly kind: 'alter-database'
  readonly name: QualifiedName
  readonly action: OptionsAction
}

export interface AlterFunction extends NodeBase {
  readonly kind: 'alter-function'
  readonly temporary: boolean
  readonly system: boolean
  readonly ifExists: boolean
  readonly name: QualifiedName
  readonly className: StringNode
  readonly language: FunctionLanguage | undefined
}

export interface AlterModel extends NodeBase {
  readonly kind: 'alter-model'
  readonly ifExists: boolean
  readonly name: QualifiedName
  readonly action: OptionsAction
}

export interface AlterConnection extends NodeBase {
  readonly kind: 'alter-connection'
  readonly ifExists: boolean
  readonly name: QualifiedName
  readonly action: OptionsAction
}
