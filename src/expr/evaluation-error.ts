import { RheoError } from '../base/errors.ts'
import { formatValue } from '../data/text.ts'
import type { SqlValue } from '../data/value.ts'
import type { Expr } from './expr.ts'

const MAX_VALUE_LENGTH = 80

/** An expression refused a value: division by zero, a CAST that does not fit. The job ends with exit status 3 and the row's place. */
export class EvaluationError extends RheoError {
  constructor(code: string, message: string) {
    super(message, { code, domain: 'external' })
  }
}

/** The failure of `/` or `%` by an exact 0. */
export function divisionByZero(operator: string): EvaluationError {
  return new EvaluationError('data/division-by-zero', `Cannot evaluate "${operator}": the divisor is 0`)
}

/** The same failure with the place in the SQL text of the innermost expression that has one, and the values of its operands. */
export function inExpression(error: unknown, expr: Expr, operands: readonly Expr[], values: readonly SqlValue[]): unknown {
  if (!(error instanceof EvaluationError) || error.place?.expression !== undefined || expr.at === undefined) return error
  const known = operands.flatMap((operand, i) => {
    const value = values[i]
    return operand.at === undefined || operand.kind === 'literal' || value === undefined
      ? []
      : [{ position: operand.at, value: shownValue(operand, value) }]
  })
  return error.at({ expression: { position: expr.at, operands: known } })
}

function shownValue({ type }: Expr, value: SqlValue): string {
  const text = formatValue(type, value) ?? 'NULL'
  return text.length > MAX_VALUE_LENGTH ? `${text.slice(0, MAX_VALUE_LENGTH)}…` : text
}
