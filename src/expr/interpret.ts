import { assert, unreachable } from '../base/assert.ts'
import { floorMs } from '../data/row-encoding.ts'
import type { SqlType } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import { prepareCast } from './cast.ts'
import { inExpression } from './evaluation-error.ts'
import type { Expr } from './expr.ts'
import type { CallSite, EvaluationContext } from './function.ts'
import { lookupFunction } from './registry.ts'

/** Gives an expression's value for one row of values. */
export type Evaluator = (row: readonly SqlValue[]) => SqlValue

/** Evaluates an expression once. Use `prepare` for more than one row: it keeps patterns and the state of seeded functions. */
export function interpret(expr: Expr, row: readonly SqlValue[], context: EvaluationContext): SqlValue {
  return prepare(expr, context)(row)
}

/**
 * Turns an expression into closures, once a job. The result is the specification of the expression: the compiler must agree with it.
 *
 * AND and OR are three-valued and stop at the first operand that decides; CASE and COALESCE evaluate only what they take. Arguments of a
 * function are evaluated from left to right, all of them.
 */
export function prepare(expr: Expr, context: EvaluationContext): Evaluator {
  switch (expr.kind) {
    case 'literal': {
      const { value } = expr
      return () => value
    }
    case 'column': {
      const { index } = expr
      return (row) => row[index]!
    }
    case 'field': {
      const base = prepare(expr.base, context)
      const { index } = expr
      return (row) => {
        const value = base(row)
        return value === null ? null : (value as readonly SqlValue[])[index]!
      }
    }
    case 'and':
      return decidedBy(false, expr.args, context)
    case 'or':
      return decidedBy(true, expr.args, context)
    case 'case':
      return prepareCase(expr, context)
    case 'coalesce': {
      const args = expr.args.map((arg) => prepare(arg, context))
      return (row) => {
        for (const arg of args) {
          const value = arg(row)
          if (value !== null) return value
        }
        return null
      }
    }
    case 'cast': {
      const arg = prepare(expr.arg, context)
      const convert = prepareCast(expr.arg.type, expr.type, expr.mode, context)
      const wrap = wrapOf(expr.type)
      return (row) => {
        const value = arg(row)
        try {
          return wrap(convert(value))
        } catch (error) {
          // An implicit cast stands where its operand does: the call around it tells more.
          throw expr.at?.offset === expr.arg.at?.offset ? error : inExpression(error, expr, [expr.arg], [value])
        }
      }
    }
    case 'call':
      return prepareCall(expr, context)
    case 'outer':
    case 'subquery':
      assert(false, 'queries inside of expressions are gone from a finished plan')
      break
    default:
      return unreachable(expr)
  }
}

/** AND is decided by FALSE, OR by TRUE; else one NULL makes the result NULL. */
function decidedBy(deciding: boolean, operands: readonly Expr[], context: EvaluationContext): Evaluator {
  const args = operands.map((arg) => prepare(arg, context))
  return (row) => {
    let result: SqlValue = !deciding
    for (const arg of args) {
      const value = arg(row)
      if (value === deciding) return deciding
      if (value === null) result = null
    }
    return result
  }
}

function prepareCase(expr: Extract<Expr, { kind: 'case' }>, context: EvaluationContext): Evaluator {
  const branches = expr.branches.map(({ when, then }) => ({ when: prepare(when, context), then: prepare(then, context) }))
  const otherwise = prepare(expr.otherwise, context)
  return (row) => {
    for (const branch of branches) if (branch.when(row) === true) return branch.then(row)
    return otherwise(row)
  }
}

function prepareCall(expr: Extract<Expr, { kind: 'call' }>, context: EvaluationContext): Evaluator {
  const definition = lookupFunction(expr.name)
  assert(definition !== undefined, `a bound expression calls functions of the registry, not "${expr.name}"`)
  const args = expr.args.map((arg) => prepare(arg, context))
  const site: CallSite = { argTypes: expr.args.map((arg) => arg.type), type: expr.type, context, memo: undefined }
  const isStrict = definition.nulls === 'strict'
  const wrap = wrapOf(expr.type)
  return (row) => {
    const values: SqlValue[] = []
    let hasNull = false
    try {
      for (const arg of args) {
        const value = arg(row)
        if (value === null) hasNull = true
        values.push(value)
      }
      return hasNull && isStrict ? null : wrap(definition.evaluate(values, site))
    } catch (error) {
      throw inExpression(error, expr, expr.args, values)
    }
  }
}

/** Times far outside of the calendar, and differences of them, wrap in the bits that a cell has for them, as in Java. */
function wrapOf(type: SqlType): (value: SqlValue) => SqlValue {
  switch (type.kind) {
    case 'DATE':
    case 'TIME':
    case 'INTERVAL_YEAR_MONTH':
      return (value) => (value === null ? null : (value as number) | 0)
    case 'BIGINT':
    case 'INTERVAL_DAY_TIME':
      return (value) => (value === null ? null : BigInt.asIntN(64, value as bigint))
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return (value) => (typeof value !== 'bigint' || (value < MAX_NANOS && value > -MAX_NANOS) ? value : wrapTimestamp(value))
    default:
      return (value) => value
  }
}

/** 64 bits of milliseconds, in nanoseconds. */
const MAX_NANOS = 2n ** 63n * 1_000_000n

function wrapTimestamp(value: bigint): bigint {
  const ms = floorMs(value)
  return BigInt.asIntN(64, ms) * 1_000_000n + (value - ms * 1_000_000n)
}
