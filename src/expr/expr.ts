import type { Position } from '../base/errors.ts'
import type { SqlType } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'

/**
 * A typed expression over the columns of one row. Plain data; the binder makes it with all implicit casts written out, so that
 * both executions (interpreter and compiler) only follow it. `at` is the place in the SQL text, for messages; it is not part of the
 * plan's JSON and never changes a result.
 */
export type Expr =
  | { readonly kind: 'literal'; readonly type: SqlType; readonly value: SqlValue; readonly at?: Position }
  /** Column `index` of the input row. */
  | { readonly kind: 'column'; readonly index: number; readonly type: SqlType; readonly at?: Position }
  /** Field `index` of a ROW; NULL when the row is NULL. */
  | { readonly kind: 'field'; readonly base: Expr; readonly index: number; readonly type: SqlType; readonly at?: Position }
  /** Three-valued, two or more operands. */
  | { readonly kind: 'and' | 'or'; readonly args: readonly Expr[]; readonly type: SqlType; readonly at?: Position }
  /** Only the branch that is taken is evaluated. Branch values and `otherwise` have the type of the node but for nullability. */
  | {
      readonly kind: 'case'
      readonly branches: readonly { readonly when: Expr; readonly then: Expr }[]
      readonly otherwise: Expr
      readonly type: SqlType
      readonly at?: Position
    }
  /** The first argument that is not NULL; later ones are not evaluated. Arguments have the type of the node but for nullability. */
  | { readonly kind: 'coalesce'; readonly args: readonly Expr[]; readonly type: SqlType; readonly at?: Position }
  /** `cast` fails the row on a value that does not fit, `try` gives NULL. Implicit casts are `cast`. */
  | { readonly kind: 'cast'; readonly mode: 'cast' | 'try'; readonly arg: Expr; readonly type: SqlType; readonly at?: Position }
  /** A function of the registry by its canonical name. */
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expr[]; readonly type: SqlType; readonly at?: Position }
  /** In a query inside of another: a value of the row around it, by its place among the parameters. No finished plan has one. */
  | { readonly kind: 'outer'; readonly index: number; readonly type: SqlType; readonly at?: Position }
  | Subquery

/** A query as a value. No finished plan has one. */
export interface Subquery {
  readonly kind: 'subquery'
  /** `any`: whether `predicate` holds for some row, UNKNOWN when it is so for none and UNKNOWN for some. */
  readonly form: 'exists' | 'scalar' | 'any'
  /** A node of the logical plan, of which expressions know no more; what it reads of the row around are `outer` expressions. */
  readonly query: { readonly schema: readonly { readonly name: string; readonly type: SqlType }[] }
  /** What the rows of the query are compared with. */
  readonly operands: readonly Expr[]
  /** Of `any`: over the operands, then the columns of the query. */
  readonly predicate?: Expr
  /** What the query reads of the row around it. */
  readonly parameters: readonly Expr[]
  readonly type: SqlType
  readonly at?: Position
}

/** The expressions directly below one. */
export function children(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'literal':
    case 'column':
    case 'outer':
      return []
    case 'field':
      return [expr.base]
    case 'cast':
      return [expr.arg]
    case 'case':
      return [...expr.branches.flatMap((branch) => [branch.when, branch.then]), expr.otherwise]
    case 'and':
    case 'or':
    case 'coalesce':
    case 'call':
      return expr.args
    case 'subquery':
      return [...expr.operands, ...expr.parameters]
  }
}

/** The same expression with its direct children replaced, in the order of `children`. */
export function withChildren(expr: Expr, replaced: readonly Expr[]): Expr {
  switch (expr.kind) {
    case 'literal':
    case 'column':
    case 'outer':
      return expr
    case 'field':
      return { ...expr, base: replaced[0]! }
    case 'cast':
      return { ...expr, arg: replaced[0]! }
    case 'case':
      return {
        ...expr,
        branches: expr.branches.map((_, i) => ({ when: replaced[2 * i]!, then: replaced[2 * i + 1]! })),
        otherwise: replaced.at(-1)!,
      }
    case 'and':
    case 'or':
    case 'coalesce':
    case 'call':
      return { ...expr, args: replaced }
    case 'subquery': {
      const { length } = expr.operands
      return { ...expr, operands: replaced.slice(0, length), parameters: replaced.slice(length) }
    }
  }
}

/** Replaces every column reference, bottom up. What stands for a column and has no place of its own takes the column's. */
export function mapColumns(expr: Expr, replace: (column: Extract<Expr, { kind: 'column' }>) => Expr): Expr {
  if (expr.kind === 'column') {
    const replaced = replace(expr)
    return replaced.at === undefined && expr.at !== undefined ? { ...replaced, at: expr.at } : replaced
  }
  return withChildren(
    expr,
    children(expr).map((child) => mapColumns(child, replace)),
  )
}

/** Calls `visit` for the expression and everything below it. */
export function walk(expr: Expr, visit: (expr: Expr) => void): void {
  visit(expr)
  for (const child of children(expr)) walk(child, visit)
}
