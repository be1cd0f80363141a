import type { ConnectorRegistry, SourceAbilities } from '../catalog/connector.ts'
import type { Table } from '../catalog/table.ts'
import type { EvaluationContext } from '../expr/function.ts'
import type { LogicalNode } from './logical.ts'

/** What rules may ask. */
export interface RuleContext {
  readonly connectors: ConnectorRegistry
  readonly mode: 'streaming' | 'batch'
  /** For folding what is constant; functions of the clock and of chance are never folded. */
  readonly evaluation: EvaluationContext
}

/** A rewriting of the logical plan that keeps its answer. It can be left out by its name (`rheo.rules.disabled`). */
export interface Rule {
  readonly name: string
  readonly doc: string
  readonly apply: (plan: LogicalNode, context: RuleContext) => LogicalNode
}

/** What the source of a table can do; undefined when its connector cannot read. */
export function sourceAbilities(table: Table, connectors: ConnectorRegistry): SourceAbilities | undefined {
  return connectors.get(table.options.get('connector') ?? '')?.source?.(table)
}
