import { type Expr, children, walk, withChildren } from '../expr/expr.ts'
import { inputsOf, withInputs } from './build.ts'
import type { LogicalNode } from './logical.ts'

/** The numbers of the parameters that an expression reads of the row around its query. */
export function outersOf(expr: Expr): ReadonlySet<number> {
  const found = new Set<number>()
  walk(expr, (part) => {
    if (part.kind === 'outer') found.add(part.index)
  })
  return found
}

/** Replaces what an expression reads of the row around its query. */
export function mapOuters(expr: Expr, replace: (outer: Extract<Expr, { kind: 'outer' }>) => Expr): Expr {
  if (expr.kind === 'outer') return replace(expr)
  const parts = children(expr)
  const mapped = parts.map((part) => mapOuters(part, replace))
  return mapped.every((part, i) => part === parts[i]) ? expr : withChildren(expr, mapped)
}

/** The expressions of a node itself. */
export function expressionsOf(node: LogicalNode): readonly Expr[] {
  switch (node.kind) {
    case 'filter':
      return [node.condition]
    case 'project':
      return node.projections
    case 'watermark':
      return [node.expression]
    case 'join':
      return [node.condition ?? [], node.mark ?? []].flat()
    default:
      return []
  }
}

/** The same plan with its expressions rewritten. */
export function mapExpressions(node: LogicalNode, rewrite: (expr: Expr) => Expr): LogicalNode {
  const below = withInputs(
    node,
    inputsOf(node).map((input) => mapExpressions(input, rewrite)),
  )
  switch (below.kind) {
    case 'filter':
      return { ...below, condition: rewrite(below.condition) }
    case 'project':
      return { ...below, projections: below.projections.map(rewrite) }
    case 'watermark':
      return { ...below, expression: rewrite(below.expression) }
    case 'join': {
      const { condition, mark } = below
      return {
        ...below,
        ...(condition === undefined ? {} : { condition: rewrite(condition) }),
        ...(mark === undefined ? {} : { mark: rewrite(mark) }),
      }
    }
    default:
      return below
  }
}

/** The numbers of the parameters that a plan reads, of those below `limit`. */
export function outersOfPlan(node: LogicalNode, limit: number): ReadonlySet<number> {
  const found = new Set<number>()
  const visit = (part: LogicalNode): void => {
    for (const expr of expressionsOf(part)) for (const index of outersOf(expr)) if (index < limit) found.add(index)
    inputsOf(part).forEach(visit)
  }
  visit(node)
  return found
}
