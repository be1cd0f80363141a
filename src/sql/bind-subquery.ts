import { type Position, userError } from '../base/errors.ts'
import { type SqlType, types, withNullability } from '../data/types.ts'
import type { Expr } from '../expr/expr.ts'
import { buildCall } from '../expr/resolve-call.ts'
import type { BindExpression, ExpressionContext } from './expression-context.ts'
import type { Expression, ExpressionOf, Query } from './syntax-query.ts'

/** A query inside of an expression: bound for its mistakes, then refused. */
export function bindSubquery(
  node: Extract<Expression, { kind: 'in-query' | 'exists' | 'scalar-query' | 'quantified' | 'collection-query' | 'json-array-query' }>,
  where: ExpressionContext,
  bind: BindExpression,
): Expr {
  const { at } = node
  const { subquery } = where
  if (subquery === undefined)
    throw userError('sql/subquery-not-allowed', `Cannot use a subquery in ${where.clause}: queries stand in statements only`, at)
  const columnsOfQuery = (query: Query): readonly SqlType[] => subquery(query, { relations: [], outer: where.scope })
  const oneColumn = (query: Query): SqlType => {
    const columns = columnsOfQuery(query)
    const [first] = columns
    if (first === undefined || columns.length !== 1)
      throw userError(
        'sql/subquery-columns',
        `Cannot use the subquery as a value: it has ${columns.length} columns, one was wanted`,
        query.at,
      )
    return first
  }
  const type = ((): SqlType => {
    switch (node.kind) {
      case 'exists':
        columnsOfQuery(node.query)
        return types.boolean()
      case 'scalar-query':
        return withNullability(oneColumn(node.query), true)
      case 'in-query':
        return inQueryType(bind(node.operand, where), columnsOfQuery(node.query), at)
      case 'quantified':
        return quantifiedType(node, (part) => bind(part, where), oneColumn)
      case 'collection-query':
        return types.array(oneColumn(node.query))
      case 'json-array-query':
        oneColumn(node.query)
        return types.string()
    }
  })()
  where.context.refusals.add('subquery', 'Cannot use a subquery in an expression yet: write it in FROM', at)
  return { kind: 'literal', type, value: null, at }
}

function inQueryType(operand: Expr, columns: readonly SqlType[], at: Position): SqlType {
  const parts = operand.type.kind === 'ROW' && columns.length > 1 ? operand.type.fields.map((field) => field.type) : [operand.type]
  if (parts.length !== columns.length)
    throw userError(
      'sql/subquery-columns',
      `Cannot compare with the subquery: it has ${columns.length} columns, ${parts.length} were wanted`,
      at,
    )
  for (const [i, part] of parts.entries()) {
    const side = (type: SqlType): Expr => ({ kind: 'column', index: 0, type, at })
    buildCall('IN', [side(part), side(columns[i]!)], at)
  }
  return types.boolean()
}

function quantifiedType(node: ExpressionOf<'quantified'>, bind: (part: Expression) => Expr, oneColumn: (query: Query) => SqlType): SqlType {
  const left = bind(node.left)
  const rights =
    node.right.kind === 'query'
      ? [{ kind: 'column', index: 0, type: oneColumn(node.right.query), at: node.at } as const]
      : node.right.list.map(bind)
  for (const right of rights) buildCall(node.operator, [left, right], node.at)
  return types.boolean()
}
