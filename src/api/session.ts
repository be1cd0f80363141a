import { assert } from '../base/assert.ts'
import { userError } from '../base/errors.ts'
import { nodePorts } from '../base/node-ports.ts'
import type { Ports } from '../base/ports.ts'
import { Catalogs } from '../catalog/catalog.ts'
import { Settings } from '../catalog/settings.ts'
import { connectorRegistry } from '../connectors/registry.ts'
import { bindStatement } from '../sql/bind.ts'
import { parseScript } from '../sql/parser.ts'
import type { ExecutionEnvironment } from './execute.ts'
import { Query } from './query.ts'
import { checkRowSchema, type RowOf, type RowSchema } from './row-schema.ts'

export interface SessionOptions {
  /** Settings as SET takes them: `{ 'table.local-time-zone': 'Europe/Berlin' }`. */
  readonly settings?: Readonly<Record<string, string>>
  /** Clock, files and network; the machine's own unless a test gives others. */
  readonly ports?: Ports
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
  readonly #queries = new Set<Query<unknown>>()

  private constructor(options: SessionOptions) {
    this.#environment = {
      catalogs: new Catalogs(),
      settings: new Settings(new Map(Object.entries(options.settings ?? {}))),
      connectors: connectorRegistry(),
      ports: options.ports ?? nodePorts,
      output: (stream, bytes) => void (stream === 'out' ? process.stdout : process.stderr).write(bytes),
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
  sql<S extends RowSchema>(text: string, schema: S): Query<RowOf<S>>
  sql<Row = Record<string, unknown>>(text: string): Query<Row>
  sql(text: string, schema?: RowSchema): Query<unknown> {
    const { statements } = parseScript(text)
    const [statement, another] = statements
    if (statement === undefined) throw userError('sql/syntax', 'Cannot run an empty text: found no statement')
    if (another !== undefined) {
      throw userError('sql/one-statement', 'Cannot run several statements at once: sql() takes one', another.at)
    }
    const bound = bindStatement(statement, this.#environment)
    if (schema !== undefined) {
      if (bound.kind !== 'query' && bound.kind !== 'rows')
        throw userError('plan/row-type', 'Cannot give rows: the statement is no query', statement.at)
      checkRowSchema(schema, bound.kind === 'query' ? bound.plan.schema : bound.schema)
    }
    const query = new Query<unknown>(bound, this.#environment, () => this.#queries.delete(query))
    this.#queries.add(query)
    return query
  }

  /** Stops what still runs. */
  async close(): Promise<void> {
    await Promise.all([...this.#queries].map((query) => query.stop()))
    assert(this.#queries.size === 0 || [...this.#queries].every((query) => !query.isRunning), 'a closed session runs nothing')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}
