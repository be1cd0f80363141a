import { userError } from '../base/errors.ts'
import { types, withNullability } from '../data/types.ts'
import type { Expr, Subquery } from '../expr/expr.ts'
import { buildCall, buildLogical } from '../expr/resolve-call.ts'
import type { LogicalNode } from '../plan/logical.ts'
import { bindRowComparison } from './bind-row-comparison.ts'
import type { BindExpression, ExpressionContext } from './expression-context.ts'
import { Parameters } from './scope.ts'
import type { Expression, ExpressionOf, Query } from './syntax-query.ts'

interface BoundQuery {
  readonly plan: LogicalNode
  readonly parameters: readonly Expr[]
}

/** A query inside of an expression, as a value over the row that the expression reads. */
export function bindSubquery(
  node: Extract<Expression, { kind: 'in-query' | 'exists' | 'scalar-query' | 'quantified' | 'collection-query' | 'json-array-query' }>,
  where: ExpressionContext,
  bind: BindExpression,
): Expr {
  const { at } = node
  const bound = (query: Query): BoundQuery => {
    const { subquery } = where
    if (subquery === undefined)
      throw userError('sql/subquery-not-allowed', `Cannot use a subquery in ${where.clause}: queries stand in statements only`, at)
    const parameters = new Parameters()
    const plan = subquery(query, { ...where.scope, parameters })
    return { plan, parameters: parameters.values }
  }
  switch (node.kind) {
    case 'exists': {
      const { plan, parameters } = bound(node.query)
      return { kind: 'subquery', form: 'exists', query: plan, operands: [], parameters, type: types.boolean(false), at }
    }
    case 'scalar-query': {
      const { plan, parameters } = oneColumn(bound(node.query), node.query)
      const type = withNullability(plan.schema[0]!.type, true)
      return { kind: 'subquery', form: 'scalar', query: plan, operands: [], parameters, type, at }
    }
    case 'in-query': {
      const found = anyRow(bind(node.operand, where), '=', bound(node.query), node)
      return node.negated ? buildCall('NOT', [found], at) : found
    }
    case 'quantified': {
      const { right, operator, quantifier } = node
      if (right.kind === 'list') return bindQuantifiedList(node, right.list, (part) => bind(part, where))
      const left = bind(node.left, where)
      if (quantifier === 'ANY') return anyRow(left, operator, bound(right.query), node)
      // For all rows: for none of them it is not so.
      return buildCall('NOT', [anyRow(left, operator, bound(right.query), node, 'negated')], at)
    }
    case 'collection-query':
    case 'json-array-query': {
      oneColumn(bound(node.query), node.query)
      const name = node.kind === 'collection-query' ? node.type : 'JSON_ARRAY'
      throw userError(
        'plan/collection-query',
        `Cannot make ${name} of a query: neither Rheo nor Flink has a plan for it; use an aggregate such as ARRAY_AGG`,
        at,
      )
    }
  }
}

function oneColumn(bound: BoundQuery, query: Query): BoundQuery {
  const { length } = bound.plan.schema
  if (length === 1) return bound
  throw userError('sql/subquery-columns', `Cannot use the subquery as a value: it has ${length} columns, one was wanted`, query.at)
}

/** Whether a comparison holds for some row of a query. */
function anyRow(
  left: Expr,
  operator: ExpressionOf<'quantified'>['operator'],
  { plan, parameters }: BoundQuery,
  { at }: Expression,
  sense: 'plain' | 'negated' = 'plain',
): Subquery {
  const width = plan.schema.length
  const isRow = left.type.kind === 'ROW' && width > 1
  const operands = isRow ? fieldsOfRow(left) : [left]
  if (operands.length !== width)
    throw userError(
      'sql/subquery-columns',
      `Cannot compare with the subquery: it has ${width} columns, ${operands.length} ${operands.length === 1 ? 'was' : 'were'} wanted`,
      at,
    )
  const sides = operands.map((operand, i): readonly [Expr, Expr] => [
    { kind: 'column', index: i, type: operand.type, at },
    { kind: 'column', index: width + i, type: plan.schema[i]!.type, at },
  ])
  const compared = bindRowComparison(operator, sides, at)
  const predicate = sense === 'negated' ? buildCall('NOT', [compared], at) : compared
  const type = types.boolean(predicate.type.nullable)
  return { kind: 'subquery', form: 'any', query: plan, operands, predicate, parameters, type, at }
}

/** The fields of a ROW, those written out as they are. */
function fieldsOfRow(row: Expr): readonly Expr[] {
  if (row.kind === 'call' && row.name === 'ROW') return row.args
  const { type } = row
  if (type.kind !== 'ROW') return [row]
  return type.fields.map((field, index) => ({
    kind: 'field',
    base: row,
    index,
    type: withNullability(field.type, field.type.nullable || type.nullable),
  }))
}

/** `a = ANY (1, 2)`: one comparison for each. */
function bindQuantifiedList(node: ExpressionOf<'quantified'>, list: readonly Expression[], bind: (part: Expression) => Expr): Expr {
  const left = bind(node.left)
  const tests = list.map((member) => buildCall(node.operator, [left, bind(member)], node.at))
  return tests.length === 1 ? tests[0]! : buildLogical(node.quantifier === 'ANY' ? 'or' : 'and', tests, node.at)
}
