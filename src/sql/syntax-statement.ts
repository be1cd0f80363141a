import type { Position } from '../base/errors.ts'
import type { ExplainDetail } from '../plan/explain.ts'
import type {
  AlterCatalog,
  AlterConnection,
  AlterDatabase,
  AlterFunction,
  AlterMaterializedTable,
  AlterModel,
  AlterTable,
  AlterView,
  CreateCatalog,
  CreateConnection,
  CreateDatabase,
  CreateFunction,
  CreateMaterializedTable,
  CreateModel,
  CreateTable,
  CreateView,
  OptionNode,
  PartitionValue,
} from './syntax-definition.ts'
import type { Hint } from './syntax-hint.ts'
import type { Expression, Query } from './syntax-query.ts'
import type { Identifier, QualifiedName, StringNode } from './syntax-type.ts'

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
