import { type Expr, mapColumns, walk } from '../../expr/expr.ts'
import { transform } from '../build.ts'
import { isDeterministic, isTrivial } from '../expression-properties.ts'
import type { LogicalNode, LogicalOf } from '../logical.ts'
import type { Rule } from '../rule.ts'

/** Makes one projection of two, unless an expression would then be evaluated more often than it is written. */
export const mergeProjects: Rule = {
  name: 'merge-projects',
  doc: 'Makes one projection of two that follow each other',
  apply: (plan) => transform(plan, (node) => (node.kind === 'project' ? merge(node) : node)),
}

function merge(node: LogicalOf<'project'>): LogicalNode {
  const { input } = node
  if (input.kind !== 'project') return node
  const inner = input.projections
  const uses = countUses(node.projections, inner.length)
  const mayMerge = inner.every((expr, i) => isTrivial(expr) || uses[i] === 1 || (uses[i] === 0 && isDeterministic(expr)))
  if (!mayMerge) return node
  const projections = node.projections.map((projection) => mapColumns(projection, (column) => inner[column.index]!))
  return merge({ ...node, input: input.input, projections })
}

function countUses(projections: readonly Expr[], width: number): readonly number[] {
  const uses = new Array<number>(width).fill(0)
  for (const projection of projections) {
    walk(projection, (part) => {
      if (part.kind === 'column') uses[part.index] = (uses[part.index] ?? 0) + 1
    })
  }
  return uses
}
