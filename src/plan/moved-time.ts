import type { Schema } from '../catalog/schema.ts'
import { isInterval, isTimestamp } from '../expr/coercion.ts'
import type { Expr } from '../expr/expr.ts'

/** Functions of event times whose values are event times in Flink's eyes. */
const choices: readonly string[] = ['GREATEST', 'LEAST']
const rounded: readonly string[] = ['FLOOR_TIME', 'CEIL_TIME']

/**
 * Whether a value is made of event times alone: moved by an interval, rounded, or one of several. No watermark says how far such times have come, but rows have one of
 * their own, by which the old kind of windows and temporal joins can tell which are late.
 */
export function isMovedTime(expr: Expr, schema: Schema): boolean {
  if (!isTimestamp(expr.type) || expr.type.precision > 3) return false
  const isTime = (part: Expr | undefined): boolean => part !== undefined && isMovedTime(part, schema)
  switch (expr.kind) {
    case 'column': {
      const field = schema[expr.index]
      return field?.timeAttribute === 'rowtime' || field?.movesTime === true
    }
    case 'coalesce':
      return expr.args.every(isTime)
    case 'case':
      return isTime(expr.otherwise) && expr.branches.every(({ then }) => isTime(then))
    case 'call': {
      const [first, second] = expr.args
      const isStep = (part: Expr | undefined): boolean => part !== undefined && isInterval(part.type)
      if (expr.name === '+') return (isTime(first) && isStep(second)) || (isStep(first) && isTime(second))
      if (expr.name === '-') return isTime(first) && isStep(second)
      return rounded.includes(expr.name) ? isTime(first) : choices.includes(expr.name) && expr.args.every(isTime)
    }
    default:
      return false
  }
}
