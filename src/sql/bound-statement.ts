import type { Modules, TextFiles } from '../base/ports.ts'
import type { Catalogs } from '../catalog/catalog.ts'
import type { ConnectorRegistry } from '../catalog/connector.ts'
import type { Schema } from '../catalog/schema.ts'
import type { Settings } from '../catalog/settings.ts'
import type { SqlValue } from '../data/value.ts'
import type { LogicalNode } from '../plan/logical.ts'
import type { PhysicalNode } from '../plan/physical.ts'

/** What the binder reads and changes: one per session. */
export interface BindEnvironment {
  readonly catalogs: Catalogs
  readonly connectors: ConnectorRegistry
  readonly settings: Settings
  /** Where functions in TypeScript come from; absent where there are none. */
  readonly modules?: Modules
  /** Where catalogs that last and compiled plans are kept; absent where there is no disk. */
  readonly textFiles?: TextFiles
  /** The path of the script, for the places that the catalog keeps; absent for a text without a file. */
  readonly source?: string
  /** How the session's engine would run a query: the last section of EXPLAIN. */
  readonly describeExecution?: (plan: LogicalNode) => { readonly title: string; readonly text: string }
}

/** What a statement is once its names and types are known. DDL and SET are applied already. */
export type BoundStatement =
  /** A query whose rows go to whoever asked. `plan` is not a sink node. */
  | { readonly kind: 'query'; readonly plan: LogicalNode }
  /** INSERT, CREATE TABLE AS or a statement set: sink nodes of one job. */
  | { readonly kind: 'insert'; readonly plans: readonly LogicalNode[] }
  /** EXECUTE PLAN: the sinks of a job that is planned already. */
  | { readonly kind: 'plan'; readonly plans: readonly PhysicalNode[] }
  /** SHOW, DESCRIBE, EXPLAIN: an answer at once. */
  | { readonly kind: 'rows'; readonly schema: Schema; readonly rows: readonly (readonly SqlValue[])[] }
  | { readonly kind: 'done' }
