import type { Expression, Query } from './syntax-query.ts'
import type { TypeNode } from './syntax-type.ts'
import { expressionText } from './unparse-expression.ts'
import { queryText } from './unparse-query.ts'
import { typeText } from './unparse-type.ts'

/** An expression as Flink prints it: `` `price` * 2 ``, ``UPPER(`name`)``. Reads back as an equal tree. */
export function unparseExpression(expression: Expression): string {
  return expressionText(expression, queryText)
}

/** A query as SHOW CREATE VIEW prints it, each clause on a line of its own. Reads back as an equal tree. */
export function unparseQuery(query: Query): string {
  return queryText(query)
}

/** A type as it may stand in a cast: `ARRAY<INTEGER NOT NULL>`. */
export function unparseType(type: TypeNode): string {
  return typeText(type)
}
