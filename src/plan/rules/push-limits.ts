import { transform, withInputs } from '../build.ts'
import type { LogicalNode } from '../logical.ts'
import { type Rule, type RuleContext, sourceAbilities } from '../rule.ts'

/** Tells sources that can stop how many rows a LIMIT without ORDER BY needs. The LIMIT stays. */
export const pushLimits: Rule = {
  name: 'push-limits',
  doc: 'Lets a source stop after the rows that LIMIT needs',
  apply: (plan, context) =>
    transform(plan, (node) => {
      if (node.kind !== 'sort' || node.keys.length > 0 || node.count === undefined) return node
      return withInputs(node, [limit(node.input, node.offset + node.count, context)])
    }),
}

function limit(node: LogicalNode, rows: number, context: RuleContext): LogicalNode {
  if (node.kind === 'project') return withInputs(node, [limit(node.input, rows, context)])
  if (node.kind !== 'scan') return node
  const abilities = sourceAbilities(node.source.table, context.connectors)
  if (abilities?.canLimit !== true || abilities.changes !== 'append') return node
  return { ...node, limit: Math.min(rows, node.limit ?? rows) }
}
