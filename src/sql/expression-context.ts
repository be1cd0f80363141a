import type { Expr } from '../expr/expr.ts'
import type { LogicalNode } from '../plan/logical.ts'
import type { BindContext } from './binder.ts'
import type { Scope } from './scope.ts'
import type { Call, Expression, ExpressionOf, Query } from './syntax-query.ts'

/** Where an expression stands. */
export interface ExpressionContext {
  readonly context: BindContext
  readonly scope: Scope
  /** `WHERE`, `SELECT`, for messages. */
  readonly clause: string
  /** Takes aggregate calls and gives what stands for them; absent where none may stand. */
  readonly aggregate?: (call: Call, at: ExpressionContext) => Expr
  /** What GROUPING, GROUPING_ID and GROUP_ID stand for; absent where there is no GROUP BY. */
  readonly grouping?: (call: Call, args: readonly Expr[]) => Expr
  /** What TUMBLE_START and its kin stand for; absent where GROUP BY has no window. */
  readonly groupWindow?: (call: Call, at: ExpressionContext) => Expr
  /** Takes calls with OVER and gives what stands for them; absent where none may stand. */
  readonly over?: ((call: Call, at: ExpressionContext) => Expr) | undefined
  /** A name that ORDER BY takes before columns: an alias of SELECT. */
  readonly alias?: (name: string) => Expr | undefined
  /** Aliases of SELECT, which clauses that run before it do not know: for messages. */
  readonly laterAliases?: readonly string[]
  /** What names, calls and FINAL stand for inside of MATCH_RECOGNIZE; absent elsewhere. */
  readonly match?: MatchBinding
  /** Binds a query inside of an expression, which reads `outer`; absent where none may stand. */
  readonly subquery?: (query: Query, outer: Scope) => LogicalNode
}

/** How an expression of MATCH_RECOGNIZE reads the rows of a match. */
export interface MatchBinding {
  readonly column: (node: ExpressionOf<'column'>) => Expr
  /** Undefined for a function that has no meaning of its own there. */
  readonly call: (node: Call, where: ExpressionContext) => Expr | undefined
  readonly modifier: (node: ExpressionOf<'match-modifier'>, where: ExpressionContext) => Expr
}

/** Binds an expression: handed to the parts of the binder that expressions contain and that contain expressions. */
export type BindExpression = (node: Expression, where: ExpressionContext) => Expr

/** Binds a whole query; handed in, for queries and FROM contain each other. `outer`: of a subquery that may read the query around it. */
export type BindQuery = (query: Query, context: BindContext, outer?: Scope) => LogicalNode
