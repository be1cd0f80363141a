import { Catalogs } from '../catalog/catalog.ts'
import { Settings } from '../catalog/settings.ts'
import { connectorRegistry } from '../connectors/registry.ts'
import { bindStatement, explainText } from '../sql/bind.ts'
import { describeLocalExecution } from './execute.ts'
import type { BindEnvironment } from '../sql/bound-statement.ts'
import { parseScript } from '../sql/parser.ts'

export interface ExplainOptions {
  /** The script's path for messages. */
  readonly source: string
  readonly settings: ReadonlyMap<string, string>
  /** Shows which kinds of changes leave each operator. */
  readonly showsChanges: boolean
}

/** Applies the DDL of a script and explains each of its queries and INSERTs, one below the other; nothing runs. */
export function explainScript(text: string, options: ExplainOptions): string {
  const { statements } = parseScript(text, options.source)
  const environment: BindEnvironment = {
    catalogs: new Catalogs(),
    settings: new Settings(options.settings),
    connectors: connectorRegistry(),
    source: options.source,
    describeExecution: (plan) => describeLocalExecution(plan, environment),
  }
  const parts: string[] = []
  for (const statement of statements) {
    const bound = bindStatement(statement, environment)
    const plans = bound.kind === 'query' ? [bound.plan] : bound.kind === 'insert' ? bound.plans : []
    for (const plan of plans) parts.push(explainText(plan, environment, options.showsChanges))
  }
  return parts.map((part) => `${part.trimEnd()}\n`).join('\n')
}
