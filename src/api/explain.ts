import { userError } from '../base/errors.ts'
import { nodeTextFiles } from '../base/node-text-files.ts'
import { OverlaidTextFiles } from '../base/overlaid-text-files.ts'
import { Catalogs } from '../catalog/catalog.ts'
import { Settings } from '../catalog/settings.ts'
import { connectorRegistry } from '../connectors/registry.ts'
import { bindStatement, explainText } from '../sql/bind.ts'
import { describeLocalExecution } from './execute.ts'
import { inStatement } from './row-failure.ts'
import type { BindEnvironment } from '../sql/bound-statement.ts'
import { parseScript } from '../sql/parser.ts'

/** Letters of a statement that stand above its plan. */
const MAX_TITLE_LENGTH = 100

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
    // Nothing that a script makes stays.
    textFiles: new OverlaidTextFiles(nodeTextFiles),
    source: options.source,
    describeExecution: (plan) => describeLocalExecution(plan, environment),
  }
  const parts: { readonly title: string; readonly text: string }[] = []
  for (const statement of statements) {
    const title = `-- ${options.source}:${statement.at.line}: ${firstWords(statement.text)}`
    try {
      const bound = bindStatement(statement, environment)
      const plans = bound.kind === 'query' ? [bound.plan] : bound.kind === 'insert' ? bound.plans : []
      if (plans.length > 0) parts.push({ title, text: explainText(plans, environment, options.showsChanges ? ['CHANGELOG_MODE'] : []) })
      // EXPLAIN in the script has its answer already.
      const answer = bound.kind === 'rows' && statement.statement.kind === 'explain' ? bound.rows[0]?.[0] : undefined
      if (typeof answer === 'string') parts.push({ title, text: answer })
    } catch (error) {
      throw inStatement(error, { at: statement.at, text, source: options.source })
    }
  }
  if (parts.length === 0)
    throw userError('cli/nothing-to-explain', `Cannot explain "${options.source}": it has no query and no INSERT, wanted is at least one`)
  return parts.map((part) => `${parts.length > 1 ? `${part.title}\n\n` : ''}${part.text.trimEnd()}\n`).join('\n')
}

function firstWords(text: string): string {
  const line = text.replace(/\s+/g, ' ')
  return line.length > MAX_TITLE_LENGTH ? `${line.slice(0, MAX_TITLE_LENGTH)}…` : line
}
