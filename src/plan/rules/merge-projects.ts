import { typesEqual } from '../../data/types.ts'
import { type Expr, mapColumns, walk } from '../../expr/expr.ts'
import { transform } from '../build.ts'
import { isDeterministic, isTrivial } from '../expression-properties.ts'
import type { LogicalNode, LogicalOf } from '../logical.ts'
import type { Rule } from '../rule.ts'

/** Makes one projection of two, unless an expression would then be evaluated more often than it is written, and drops those that change nothing. */
export const mergeProjects: Rule = {
  name: 'merge-projects',
  doc: 'Makes one projection of two that follow each other',
  apply: (plan) => transform(plan, (node) => (node.kind === 'project' ? merge(node) : node)),
}

function merge(node: LogicalOf<'project'>): LogicalNode {
  const { input } = node
  if (isIdentity(node)) return input
  if (input.kind !== 'project') return node
  const projections = composed(node.projections, input.projections)
  return projections === undefined ? node : merge({ ...node, input: input.input, projections })
}

function isIdentity({ projections, schema, input }: LogicalOf<'project'>): boolean {
  if (schema.length !== input.schema.length) return false
  return projections.every((projection, i) => {
    const field = schema[i]!
    const below = input.schema[i]!
    return (
      projection.kind === 'column' &&
      projection.index === i &&
      field.name === below.name &&
      field.timeAttribute === below.timeAttribute &&
      typesEqual(field.type, below.type)
    )
  })
}

/** Projections over the output of other ones, as projections over their input; undefined where something would be evaluated twice. */
export function composed(outer: readonly Expr[], inner: readonly Expr[]): readonly Expr[] | undefined {
  const uses = countUses(outer, inner.length)
  const mayMerge = inner.every((expr, i) => isTrivial(expr) || uses[i] === 1 || (uses[i] === 0 && isDeterministic(expr)))
  return mayMerge ? outer.map((projection) => mapColumns(projection, (column) => inner[column.index]!)) : undefined
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
