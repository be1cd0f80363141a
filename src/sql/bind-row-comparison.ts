import type { Position } from '../base/errors.ts'
import { userError } from '../base/errors.ts'
import type { Expr } from '../expr/expr.ts'
import { buildCall, buildLogical } from '../expr/resolve-call.ts'

/** A comparison of rows, given as pairs of their fields: equal when all pairs are; UNKNOWN when none differs and some pair is UNKNOWN. */
export function bindRowComparison(operator: string, pairs: readonly (readonly [Expr, Expr])[], at: Position): Expr {
  if (pairs.length === 1) return buildCall(operator, pairs[0]!, at)
  if (operator !== '=' && operator !== '<>')
    throw userError('sql/argument-type', `Cannot compare rows by ${operator}: rows are equal or not, and have no order`, at)
  const tests = pairs.map((pair) => buildCall(operator, pair, at))
  return buildLogical(operator === '=' ? 'and' : 'or', tests, at)
}
