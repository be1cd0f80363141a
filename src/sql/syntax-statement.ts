import type { Position } from '../base/errors.ts'
import type { Expression, Hint, IntervalLiteral, Query } from './syntax-query.ts'
import type { Identifier, QualifiedName, StringNode, TypeNode } from './syntax-type.ts'

interface NodeBase {
  readonly at: Position
}

/** What a file of SQL holds. */
export interface Script {
  /** The path of the script, for messages. */
  readonly source: string | undefined
  readonly text: string
  readonly statements: readonly ScriptStatement[]
}

/** A statement with the text that it was read from, without the `;` and without comments before it. */
export interface ScriptStatement {
  readonly at: Position
  readonly text: string
  readonly statement: Statement
}

export type Statement =
  | QueryStatement
  | Insert
  | Update
  | Delete
  | Truncate
  | StatementSet
  | BeginStatementSet
  | EndStatementSet
  | Explain
  | CompilePlan
  | ExecutePlan
  | CreateTable
  | CreateView
  | CreateMaterializedTable
  | CreateCatalog
  | CreateDatabase
  | CreateFunction
  | CreateModel
  | CreateConnection
  | AlterTable
  | AlterMaterializedTable
  | AlterView
  | AlterCatalog
  | AlterDatabase
  | AlterFunction
  | AlterModel
  | AlterConnection
  | Drop
  | Describe
  | Show
  | ShowCreate
  | ShowCurrent
  | ShowPartitions
  | Use
  | UseModules
  | LoadModule
  | UnloadModule
  | SetOption
  | ResetOption
  | Jar
  | StopJob
  | CallProcedure
  | AnalyzeTable
  | ShellCommand

export type StatementKind = Statement['kind']
export type StatementOf<K extends StatementKind> = Extract<Statement, { kind: K }>

// -------------------------------------------------------------------------------------------------------- queries and changes

/** A query on its own; `EXECUTE query` alike. */
export interface QueryStatement extends NodeBase {
  readonly kind: 'select-statement'
  readonly query: Query
}

export interface Insert extends NodeBase {
  readonly kind: 'insert'
  readonly target: QualifiedName
  readonly hints: readonly Hint[]
  readonly overwrite: boolean
  readonly partition: readonly PartitionValue[]
  /** Empty where none are named. */
  readonly columns: readonly QualifiedName[]
  readonly query: Query
  readonly onConflict: 'NOTHING' | 'ERROR' | 'DEDUPLICATE' | undefined
}

/** `key = 'value'`; of INSERT and ANALYZE also `key` alone. */
export interface PartitionValue extends NodeBase {
  readonly column: Identifier
  readonly value: Expression | undefined
}

export interface Update extends NodeBase {
  readonly kind: 'update'
  readonly target: QualifiedName
  readonly hints: readonly Hint[]
  readonly alias: Identifier | undefined
  readonly assignments: readonly Assignment[]
  readonly where: Expression | undefined
}

export interface Assignment extends NodeBase {
  readonly column: QualifiedName
  readonly value: Expression
}

export interface Delete extends NodeBase {
  readonly kind: 'delete'
  readonly target: QualifiedName
  readonly hints: readonly Hint[]
  readonly alias: Identifier | undefined
  readonly where: Expression | undefined
}

export interface Truncate extends NodeBase {
  readonly kind: 'truncate'
  readonly table: QualifiedName
}

/** EXECUTE STATEMENT SET BEGIN .. END, and what stands between BEGIN STATEMENT SET; and END; of a script. */
export interface StatementSet extends NodeBase {
  readonly kind: 'statement-set'
  readonly inserts: readonly Insert[]
}

/** Only where it stands alone, as in a shell; parseScript joins it with what follows to a StatementSet. */
export interface BeginStatementSet extends NodeBase {
  readonly kind: 'begin-statement-set'
}

export interface EndStatementSet extends NodeBase {
  readonly kind: 'end-statement-set'
}

export type ExplainDetail = 'ESTIMATED_COST' | 'CHANGELOG_MODE' | 'JSON_EXECUTION_PLAN' | 'PLAN_ADVICE'

/** EXPLAIN [details | PLAN FOR | EXECUTE] statement. */
export interface Explain extends NodeBase {
  readonly kind: 'explain'
  readonly details: readonly ExplainDetail[]
  readonly statement: Statement
}

/** COMPILE PLAN, or COMPILE AND EXECUTE PLAN. */
export interface CompilePlan extends NodeBase {
  readonly kind: 'compile-plan'
  readonly path: StringNode
  readonly ifNotExists: boolean
  readonly execute: boolean
  readonly statement: Insert | StatementSet
}

export interface ExecutePlan extends NodeBase {
  readonly kind: 'execute-plan'
  readonly path: StringNode
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

// ------------------------------------------------------------------------------------------------------------- other statements

export type ObjectType = 'TABLE' | 'VIEW' | 'MATERIALIZED TABLE' | 'CATALOG' | 'DATABASE' | 'FUNCTION' | 'MODEL' | 'CONNECTION'

export interface Drop extends NodeBase {
  readonly kind: 'drop'
  readonly object: ObjectType
  readonly temporary: boolean
  /** DROP TEMPORARY SYSTEM FUNCTION. */
  readonly system: boolean
  readonly ifExists: boolean
  readonly name: QualifiedName
  /** Of DROP DATABASE. */
  readonly behavior: 'CASCADE' | 'RESTRICT' | undefined
}

/** DESCRIBE, DESC. A table where no kind is named; views and materialized tables alike. */
export interface Describe extends NodeBase {
  readonly kind: 'describe'
  readonly object: 'TABLE' | 'CATALOG' | 'DATABASE' | 'FUNCTION' | 'MODEL' | 'CONNECTION' | 'JOB'
  readonly extended: boolean
  /** Of JOB the id as text, one part. */
  readonly name: QualifiedName
}

export type Listing =
  | 'CATALOGS'
  | 'DATABASES'
  | 'TABLES'
  | 'VIEWS'
  | 'MATERIALIZED TABLES'
  | 'COLUMNS'
  | 'FUNCTIONS'
  | 'USER FUNCTIONS'
  | 'MODULES'
  | 'FULL MODULES'
  | 'PROCEDURES'
  | 'MODELS'
  | 'CONNECTIONS'
  | 'JARS'
  | 'JOBS'

/** SHOW x [FROM|IN name] [[NOT] LIKE|ILIKE 'pattern']. */
export interface Show extends NodeBase {
  readonly kind: 'show'
  readonly listing: Listing
  readonly from: QualifiedName | undefined
  readonly like:
    | { readonly at: Position; readonly pattern: StringNode; readonly negated: boolean; readonly ignoreCase: boolean }
    | undefined
}

export interface ShowCreate extends NodeBase {
  readonly kind: 'show-create'
  readonly object: 'TABLE' | 'VIEW' | 'MATERIALIZED TABLE' | 'CATALOG' | 'MODEL' | 'CONNECTION'
  readonly name: QualifiedName
}

export interface ShowCurrent extends NodeBase {
  readonly kind: 'show-current'
  readonly object: 'CATALOG' | 'DATABASE'
}

export interface ShowPartitions extends NodeBase {
  readonly kind: 'show-partitions'
  readonly table: QualifiedName
  readonly partition: readonly PartitionValue[]
}

/** USE database, USE CATALOG catalog. */
export interface Use extends NodeBase {
  readonly kind: 'use'
  readonly object: 'CATALOG' | 'DATABASE'
  readonly name: QualifiedName
}

export interface UseModules extends NodeBase {
  readonly kind: 'use-modules'
  readonly names: readonly Identifier[]
}

export interface LoadModule extends NodeBase {
  readonly kind: 'load-module'
  readonly name: Identifier
  readonly options: readonly OptionNode[]
}

export interface UnloadModule extends NodeBase {
  readonly kind: 'unload-module'
  readonly name: Identifier
}

/** SET 'k' = 'v', SET k = v; SET alone lists and has no key. */
export interface SetOption extends NodeBase {
  readonly kind: 'set'
  readonly key: StringNode | undefined
  readonly value: StringNode | undefined
}

/** RESET 'k'; RESET alone resets all. */
export interface ResetOption extends NodeBase {
  readonly kind: 'reset'
  readonly key: StringNode | undefined
}

export interface Jar extends NodeBase {
  readonly kind: 'jar'
  readonly action: 'ADD' | 'REMOVE'
  readonly path: StringNode
}

export interface StopJob extends NodeBase {
  readonly kind: 'stop-job'
  readonly job: StringNode
  readonly withSavepoint: boolean
  readonly withDrain: boolean
}

/** CALL catalog.database.procedure(a, name => b). */
export interface CallProcedure extends NodeBase {
  readonly kind: 'call-procedure'
  readonly name: QualifiedName
  readonly arguments: readonly { readonly at: Position; readonly name: Identifier | undefined; readonly value: Expression }[]
}

export interface AnalyzeTable extends NodeBase {
  readonly kind: 'analyze-table'
  readonly table: QualifiedName
  readonly partition: readonly PartitionValue[]
  /** FOR COLUMNS a, b; 'all' for FOR ALL COLUMNS. */
  readonly columns: readonly Identifier[] | 'all' | undefined
}

/** QUIT, EXIT, CLEAR, HELP: commands of a shell. */
export interface ShellCommand extends NodeBase {
  readonly kind: 'shell-command'
  readonly command: 'QUIT' | 'EXIT' | 'CLEAR' | 'HELP'
}
