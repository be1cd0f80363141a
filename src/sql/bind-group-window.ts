import { type Position, userError } from '../base/errors.ts'
import { withNullability } from '../data/types.ts'
import { isTimestamp } from '../expr/coercion.ts'
import type { Expr } from '../expr/expr.ts'
import { buildCall, implicitCast } from '../expr/resolve-call.ts'
import { allColumns, columnOf, project } from '../plan/build.ts'
import { expressionKey } from '../plan/expression-properties.ts'
import type { LogicalNode } from '../plan/logical.ts'
import { isMovedTime } from '../plan/moved-time.ts'
import type { WindowSpec } from '../plan/physical.ts'
import { groupWindowEmit } from './emit-strategy.ts'
import { functionName, isGroupWindow } from './bind-aggregate-call.ts'
import { bindExpression, shownType } from './bind-expression.ts'
import { clockInBatch, inMilliseconds, windowDuration, windowedRows, withColumn } from './bind-window.ts'
import { isBatch } from './binder.ts'
import type { ExpressionContext } from './expression-context.ts'
import type { Call, Expression, GroupBy } from './syntax-query.ts'

/** A window of the old kind in GROUP BY, such as `TUMBLE(ts, INTERVAL '1' HOUR)`. */
export interface GroupWindow {
  /** The rows with the bounds and the time of their windows behind the columns. */
  readonly plan: LogicalNode
  /** The three columns, which are keys of the aggregate. */
  readonly keys: readonly Expr[]
  /** What TUMBLE_START and its kin stand for. */
  readonly property: (call: Call, where: ExpressionContext) => Expr
}

/** The one call of TUMBLE, HOP or SESSION among the items of GROUP BY. */
export function findGroupWindow(groupBy: GroupBy | undefined): Call | undefined {
  const calls = (groupBy?.items ?? []).flatMap((item): readonly Call[] =>
    item.kind === 'expression' && isWindowCall(item.expression) ? [item.expression] : [],
  )
  if (calls.length > 1)
    throw userError('sql/one-group-window', `Cannot group by ${calls.length} windows: one window was wanted`, calls[1]!.at)
  return calls[0]
}

export function isWindowCall(expression: Expression): expression is Call {
  return expression.kind === 'call' && !functionName(expression).includes('_') && isGroupWindow(functionName(expression), expression)
}

/**
 * Puts the window of GROUP BY below the aggregate as a table function, so that from here on there is one kind of windows. Unlike those, HOP takes any slide,
 * and the sessions of SESSION are those of the other keys.
 */
export function bindGroupWindow(call: Call, otherKeys: readonly Expr[], input: LogicalNode, where: ExpressionContext): GroupWindow {
  const name = functionName(call)
  const { time, window: spec } = bindArguments(call, name, where)
  const timed = withColumn(input, windowTime(call, name, time, input, where), '$time')
  let below = timed.plan
  const timeColumn = timed.column
  const emit = groupWindowEmit(call, spec, below.schema[timeColumn]?.timeAttribute, where.context)
  let window = spec
  if (spec.kind === 'session') {
    if (isBatch(where.context))
      throw userError('plan/session-in-batch', 'Cannot compute SESSION windows in batch mode: they exist in streaming mode only', call.at)
    const computed = otherKeys.filter((key) => key.kind !== 'column')
    const names = [...below.schema.map((field) => field.name), ...computed.map((_, i) => `$key${i}`)]
    const keyed = below
    if (computed.length > 0) below = project(keyed, [...allColumns(keyed.schema), ...computed], names)
    const partitionKeys = otherKeys.map((key) => (key.kind === 'column' ? key.index : keyed.schema.length + computed.indexOf(key)))
    window = { ...spec, partitionKeys }
  }
  const plan: LogicalNode = {
    ...windowedRows(below, timeColumn, window, isBatch(where.context) ? 'batch' : 'streaming'),
    groupWindow: emit === undefined ? {} : { emit },
  }
  const width = below.schema.length
  const keys = [0, 1, 2].map((i) => columnOf(plan.schema, width + i))
  const argumentsKey = keyOf(time, spec)
  const isProctime = below.schema[timeColumn]?.timeAttribute === 'proctime'
  return {
    plan,
    keys,
    property: (property, inside) => {
      const shown = functionName(property)
      const [base, part] = shown.split('_')
      const found = bindArguments(property, base!, inside)
      if (base !== name || keyOf(found.time, found.window) !== argumentsKey)
        throw userError('sql/group-window', `Cannot compute ${shown} here: GROUP BY has no ${base} with the same arguments`, property.at)
      const value = propertyColumn(part, { keys, isProctime }, property)
      const isInTimeOfBatch = part === 'ROWTIME' && isBatch(inside.context)
      return { ...(isInTimeOfBatch ? implicitCast(value, withNullability(time.type, false)) : value), at: property.at }
    },
  }
}

function propertyColumn(
  part: string | undefined,
  { keys, isProctime }: { readonly keys: readonly Expr[]; readonly isProctime: boolean },
  call: Call,
): Expr {
  switch (part) {
    case 'START':
      return keys[0]!
    case 'END':
      return keys[1]!
    case 'ROWTIME':
      if (isProctime)
        throw userError('sql/group-window', `Cannot compute ${functionName(call)} here: its window is one of processing time`, call.at)
      return keys[2]!
    case 'PROCTIME':
      if (isProctime) return buildCall('PROCTIME', [], call.at)
      throw userError('sql/group-window', `Cannot compute ${functionName(call)} here: its window is one of event time`, call.at)
    default:
      throw userError(
        'sql/group-window',
        `Cannot compute ${functionName(call)} here: of a window there are its _START, _END, _ROWTIME and _PROCTIME`,
        call.at,
      )
  }
}

const formOf = { TUMBLE: ['size'], HOP: ['slide', 'size'], SESSION: ['gap'] } as const

function bindArguments(call: Call, name: string, where: ExpressionContext): { readonly time: Expr; readonly window: WindowSpec } {
  const names = formOf[name as keyof typeof formOf]
  if (call.arguments.length !== names.length + 1) {
    throw userError(
      'sql/argument-count',
      `Cannot call ${functionName(call)}: found ${call.arguments.length} arguments, wanted ${functionName(call)}(time, ${names.join(', ')})`,
      call.at,
    )
  }
  const [first, ...rest] = call.arguments.map((argument) => argument.value)
  const { aggregate: _, ...inside } = where
  const time = bindExpression(first!, { ...inside, clause: name })
  const [a, b] = rest.map((value, i) => windowDuration(name, names[i]!, value, where.context))
  switch (name) {
    case 'TUMBLE':
      return { time, window: { kind: 'tumble', sizeMs: a!, offsetMs: 0 } }
    case 'HOP':
      return { time, window: { kind: 'hop', slideMs: a!, sizeMs: b!, offsetMs: 0 } }
    default:
      return { time, window: { kind: 'session', gapMs: a!, partitionKeys: [] } }
  }
}

/** The time by which the windows go: a time attribute, or one that was moved; in batch mode any TIMESTAMP. */
function windowTime(call: Call, name: string, time: Expr, input: LogicalNode, { context }: ExpressionContext): Expr {
  const at: Position = call.arguments[0]?.at ?? call.at
  const attribute = time.kind === 'column' ? input.schema[time.index]?.timeAttribute : undefined
  const isProctime = attribute === 'proctime' || (time.kind === 'call' && time.name === 'PROCTIME')
  if (isProctime && isBatch(context)) throw clockInBatch(name, at)
  if (isBatch(context) && isTimestamp(time.type)) return inMilliseconds(time)
  if (isProctime || attribute !== undefined || isMovedTime(time, input.schema)) return time
  throw userError(
    'plan/no-watermark',
    `Cannot compute ${name} windows by this ${shownType(time.type)}: wanted is a column with a watermark, as it comes from its table`,
    at,
  )
}

function keyOf(time: Expr, window: WindowSpec): string {
  return `${expressionKey(time)} ${JSON.stringify(window)}`
}
