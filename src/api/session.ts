import { assert } from '../base/assert.ts'
import { userError } from '../base/errors.ts'
import { nodeModules } from '../base/node-modules.ts'
import { nodePorts } from '../base/node-ports.ts'
import { nodeTextFiles } from '../base/node-text-files.ts'
import type { Ports } from '../base/ports.ts'
import { Catalogs } from '../catalog/catalog.ts'
import { Settings } from '../catalog/settings.ts'
import { connectorRegistry } from '../connectors/registry.ts'
import { bindStatement } from '../sql/bind.ts'
import type { BoundStatement } from '../sql/bound-statement.ts'
import { parseScript } from '../sql/parser.ts'
import type { ScriptStatement } from '../sql/syntax-statement.ts'
import { describeLocalExecution, type ExecutionEnvironment } from './execute.ts'
import { Query } from './query.ts'
import { inStatement } from './row-failure.ts'
import { checkRowSchema, type RowOf, type RowSchema } from './row-schema.ts'

export interface SessionOptions {
  /** Settings as SET takes them: `{ 'table.local-time-zone': 'Europe/Berlin' }`. */
  readonly settings?: Readonly<Record<string, string>>
  /** Clock, files and network; the machine's own unless a test gives others. */
  readonly ports?: Ports
  /** Where `print` and the connector `print` write; the program's own standard output and error unless told otherwise. */
  readonly output?: (stream: 'out' | 'error', bytes: Uint8Array) => void
}

/**
 * Tables, views and settings, and the queries over them.
 *
 * @example
 * ```ts
 * const session = Session.local()
 * session.sql(`CREATE TABLE numbers (n INT) WITH ('connector' = 'datagen', 'fields.n.kind' = 'sequence', 'fields.n.start' = '1', 'fields.n.end' = '3')`)
 * const query = session.sql<{ n: number; square: number }>('SELECT n, n * n AS square FROM numbers')
 * for await (const change of query) console.log(change.op, change.row.square)
 * ```
 */
export class Session {
  readonly #environment: ExecutionEnvironment
  readonly #running = new Set<Query<unknown>>()
  #isClosed = false

  private constructor(options: SessionOptions) {
    this.#environment = {
      catalogs: new Catalogs(),
      settings: new Settings(new Map(Object.entries(options.settings ?? {}))),
      connectors: connectorRegistry(),
      ports: options.ports ?? nodePorts,
      modules: nodeModules,
      textFiles: nodeTextFiles,
      describeExecution: (plan) => describeLocalExecution(plan, this.#environment),
      output: options.output ?? ((stream, bytes) => void (stream === 'out' ? process.stdout : process.stderr).write(bytes)),
    }
  }

  /** A session that runs its queries in this process. */
  static local(options: SessionOptions = {}): Session {
    return new Session(options)
  }

  /**
   * One statement of SQL. DDL and SET have worked when it returns (so `await` is optional); a query or an INSERT runs only when it is
   * executed or iterated.
   *
   * @param schema What rows the program expects; checked against the plan at once, and the row type is taken from it.
   * @throws {RheoError} codes `sql/...`, `plan/...`, `unsupported/...`, with the place in the text.
   */
  sql<const S extends RowSchema>(text: string, schema: S): Query<RowOf<S>>
  sql<Row = Record<string, unknown>>(text: string): Query<Row>
  sql(text: string, schema?: RowSchema): Query<unknown> {
    if (this.#isClosed) throw userError('api/closed', 'Cannot run SQL: the session is closed')
    const { statements } = parseScript(text)
    const [statement, another] = statements
    if (statement === undefined) throw userError('sql/syntax', 'Cannot run an empty text: found no statement')
    if (another !== undefined) {
      throw userError('sql/one-statement', 'Cannot run several statements at once: sql() takes one', another.at)
    }
    const explain = (error: unknown): unknown => inStatement(error, { at: statement.at, text, source: undefined })
    const bound = this.#bind(statement, explain)
    if (schema !== undefined) {
      if (bound.kind !== 'query' && bound.kind !== 'rows')
        throw userError('plan/row-type', 'Cannot give rows: the statement is no query', statement.at)
      checkRowSchema(schema, bound.kind === 'query' ? bound.plan.schema : bound.schema)
    }
    return new Query<unknown>(bound, { environment: this.#environment, running: this.#running, explain })
  }

  #bind(statement: ScriptStatement, explain: (error: unknown) => unknown): BoundStatement {
    try {
      return bindStatement(statement, this.#environment)
    } catch (error) {
      throw explain(error)
    }
  }

  /** Stops what still runs. The session takes no more statements. */
  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.all([...this.#running].map((query) => query.stop()))
    assert(this.#running.size === 0, 'a closed session runs nothing')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}
