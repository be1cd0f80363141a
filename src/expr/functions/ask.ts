import { Random } from '../../base/random.ts'
import { formatValue } from '../../data/text.ts'
import { formatType, type SqlType, types } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import type { Expr } from '../expr.ts'
import type { EvaluationContext } from '../function.ts'
import { interpret } from '../interpret.ts'
import { buildCall } from '../resolve-call.ts'

/** For tests of functions: builds calls as the binder does, evaluates them, and shows values as CAST AS STRING does. */

/** An argument: an expression, or a value whose type is plain (text, INT, BOOLEAN, NULL). */
export type Argument = Expr | string | number | boolean | null

export interface Session {
  readonly timeZone?: string
  readonly nowMs?: number
  readonly queryStartMs?: number
}

/** A literal of any type; nullable unless the type says otherwise. */
export function literal(type: SqlType, value: SqlValue): Expr {
  return { kind: 'literal', type, value }
}

/** A column of a type that holds a value: what no binder may look into. */
export function column(type: SqlType): Expr {
  return { kind: 'column', index: 0, type }
}

export function argument(value: Argument): Expr {
  if (value === null) return literal(types.null(), null)
  if (typeof value === 'string') return literal(types.char(Math.max(1, value.length), false), value)
  if (typeof value === 'number') return literal(types.integer(false), value)
  return typeof value === 'boolean' ? literal(types.boolean(false), value) : value
}

/** A call with its types resolved. */
export function call(name: string, ...args: readonly Argument[]): Expr {
  return buildCall(name, args.map(argument))
}

/** The text of an expression's value; null for NULL. */
export function show(expr: Expr, session: Session = {}): string | null {
  const { timeZone = 'UTC', nowMs = 0 } = session
  const context: EvaluationContext = {
    clock: { nowMs: () => nowMs, monotonicMs: () => nowMs, schedule: () => () => {} },
    random: new Random(1),
    timeZone,
    queryStartMs: session.queryStartMs,
    currentCatalog: 'default_catalog',
    currentDatabase: 'default_database',
  }
  return formatValue(expr.type, interpret(expr, [], context), timeZone)
}

/** The text of a call's value. */
export function ask(name: string, ...args: readonly Argument[]): string | null {
  return show(call(name, ...args))
}

/** The type of a call, as text. */
export function typeOf(name: string, ...args: readonly Argument[]): string {
  return formatType(call(name, ...args).type)
}
