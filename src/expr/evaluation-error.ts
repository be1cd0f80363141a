import { RheoError } from '../base/errors.ts'

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
