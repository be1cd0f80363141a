import { RheoError } from '../../base/errors.ts'
import type { EvaluationContext } from '../../expr/function.ts'
import { type Expr, children, withChildren } from '../../expr/expr.ts'
import { interpret, prepare } from '../../expr/interpret.ts'
import { mapMatch, usedReads } from '../../expr/match.ts'
import type { SqlValue } from '../../data/value.ts'
import { filter, noRows, transform } from '../build.ts'
import { conjunction, conjuncts, isDeterministic, readsNoColumns } from '../expression-properties.ts'
import type { LogicalNode, LogicalOf } from '../logical.ts'
import type { Rule } from '../rule.ts'

/** VALUES of more rows are computed when the job runs. */
const MAX_FOLDED_ROWS = 1000

/**
 * Computes what is constant while the query is planned, through the interpreter. What fails is left to fail (or not to be reached) when the job runs; what depends on
 * the clock or on chance is left too.
 */
export const foldConstants: Rule = {
  name: 'fold-constants',
  doc: 'Computes expressions without columns once, drops filters that are always TRUE and inputs of filters that never are',
  apply: (plan, { evaluation }) => transform(plan, (node) => foldNode(node, evaluation)),
}

function foldNode(node: LogicalNode, context: EvaluationContext): LogicalNode {
  switch (node.kind) {
    case 'project':
      return foldProject(node, context)
    case 'filter':
      return foldFilter(node, context)
    case 'watermark':
      return { ...node, expression: foldExpression(node.expression, context) }
    case 'match':
      return { ...node, spec: mapMatch(node.spec, ({ expr, reads }) => usedReads({ expr: foldExpression(expr, context), reads })) }
    default:
      return node
  }
}

function foldProject(node: LogicalOf<'project'>, context: EvaluationContext): LogicalNode {
  const projections = node.projections.map((projection) => foldExpression(projection, context))
  const { input } = node
  if (input.kind === 'values' && input.rows.length <= MAX_FOLDED_ROWS && projections.every(isDeterministic)) {
    const rows = attempt(() => {
      const evaluators = projections.map((projection) => prepare(projection, context))
      return input.rows.map((row) => evaluators.map((evaluate) => evaluate(row)))
    })
    if (rows !== undefined && rows.every((row) => row.every((value, i) => value !== null || node.schema[i]!.type.nullable))) {
      return { kind: 'values', rows, schema: node.schema }
    }
  }
  return { ...node, projections }
}

function foldFilter(node: LogicalOf<'filter'>, context: EvaluationContext): LogicalNode {
  const folded = conjuncts(foldExpression(node.condition, context))
  const kept = folded.filter((condition) => !isLiteral(condition, true))
  if (kept.some((condition) => isLiteral(condition, false) || isLiteral(condition, null))) return noRows(node.schema)
  const condition = conjunction(kept)
  if (condition === undefined) return node.input
  const { input } = node
  if (input.kind === 'values' && input.rows.length <= MAX_FOLDED_ROWS && isDeterministic(condition)) {
    const rows = attempt(() => {
      const evaluate = prepare(condition, context)
      return input.rows.filter((row) => evaluate(row) === true)
    })
    if (rows !== undefined) return { ...input, rows }
  }
  return filter(input, condition)
}

/** An equal expression with its constant parts as literals. */
export function foldExpression(expr: Expr, context: EvaluationContext): Expr {
  if (expr.kind === 'literal' || expr.kind === 'column') return expr
  const folded = simplifyLogic(
    withChildren(
      expr,
      children(expr).map((child) => foldExpression(child, context)),
    ),
  )
  if (folded.kind === 'literal' || !readsNoColumns(folded) || !isDeterministic(folded)) return folded
  const value = attempt(() => interpret(folded, [], context))
  if (value === undefined || (value === null && !folded.type.nullable)) return folded
  return folded.at === undefined
    ? { kind: 'literal', type: folded.type, value }
    : { kind: 'literal', type: folded.type, value, at: folded.at }
}

/** FALSE decides AND, TRUE decides OR; the other one of the two adds nothing. */
function simplifyLogic(expr: Expr): Expr {
  if (expr.kind !== 'and' && expr.kind !== 'or') return expr
  const deciding = expr.kind === 'or'
  const decided = expr.args.find((arg) => isLiteral(arg, deciding))
  if (decided !== undefined) return { kind: 'literal', type: expr.type, value: deciding }
  const kept = expr.args.filter((arg) => !isLiteral(arg, !deciding))
  const [first] = kept
  if (first === undefined) return { kind: 'literal', type: expr.type, value: !deciding }
  return kept.length === 1 ? first : { ...expr, args: kept }
}

function isLiteral(expr: Expr, value: SqlValue): boolean {
  return expr.kind === 'literal' && expr.value === value
}

/** The result, or undefined when the values are refused. */
function attempt<T>(compute: () => T): T | undefined {
  try {
    return compute()
  } catch (error) {
    if (error instanceof RheoError) return undefined
    throw error
  }
}
