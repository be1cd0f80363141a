import { type Position, type RheoError, userError } from '../base/errors.ts'
import { suggestion } from '../base/nearest.ts'
import type { Field, Schema } from '../catalog/schema.ts'
import { types, withNullability } from '../data/types.ts'
import { isTimestamp } from '../expr/coercion.ts'
import type { Expr } from '../expr/expr.ts'
import { implicitCast } from '../expr/resolve-call.ts'
import { allColumns, columnOf, project } from '../plan/build.ts'
import type { LogicalNode, LogicalOf } from '../plan/logical.ts'
import type { WindowSpec } from '../plan/physical.ts'
import { bindExpression, shownType } from './bind-expression.ts'
import { type BindContext, isBatch } from './binder.ts'
import { type Scope, emptyScope, scopeOf } from './scope.ts'
import type { Argument, Call, Expression, ExpressionOf } from './syntax-query.ts'

export type WindowFunctionName = 'TUMBLE' | 'HOP' | 'CUMULATE' | 'SESSION'

/** Names of the arguments in their order; those from `optionalFrom` on may be left out. */
const parametersOf: Record<WindowFunctionName, { readonly names: readonly string[]; readonly optionalFrom: number }> = {
  TUMBLE: { names: ['DATA', 'TIMECOL', 'SIZE', 'OFFSET'], optionalFrom: 3 },
  HOP: { names: ['DATA', 'TIMECOL', 'SLIDE', 'SIZE', 'OFFSET'], optionalFrom: 4 },
  CUMULATE: { names: ['DATA', 'TIMECOL', 'STEP', 'SIZE', 'OFFSET'], optionalFrom: 4 },
  SESSION: { names: ['DATA', 'TIMECOL', 'GAP'], optionalFrom: 3 },
}

export function isWindowFunction(name: string): name is WindowFunctionName {
  return Object.hasOwn(parametersOf, name)
}

/** TUMBLE, HOP, CUMULATE or SESSION over a table: its rows once for each of their windows, with window_start, window_end and window_time. */
export function bindWindowFunction(
  name: WindowFunctionName,
  call: Call,
  context: BindContext,
  bindTable: (table: ExpressionOf<'table-argument'>) => LogicalNode,
): LogicalNode {
  const given = matchArguments(name, call)
  const data = tableArgument(given.get('DATA'))
  if (data === undefined)
    throw userError(
      'sql/argument-type',
      `Cannot call ${name}: its first argument is a table, written TABLE t`,
      given.get('DATA')?.at ?? call.at,
    )
  const input = bindTable(data)
  const timeColumn = bindTimeColumn(name, given.get('TIMECOL'), input.schema, call, context)
  const window = bindWindow(name, given, data, input.schema, call, context)
  return windowTableRows(input, timeColumn, window, isBatch(context) ? 'batch' : 'streaming')
}

/** The node of a window table function; in streaming mode its `window_time` is event time again. */
export function windowedRows(
  input: LogicalNode,
  timeColumn: number,
  window: WindowSpec,
  mode: 'streaming' | 'batch',
): LogicalOf<'window-table-function'> {
  const { type, timeAttribute } = input.schema[timeColumn]!
  const time: Field = {
    name: 'window_time',
    type: type.kind === 'TIMESTAMP_LTZ' ? types.timestampLtz(3, false) : types.timestamp(3, false),
  }
  const schema: Schema = [
    ...input.schema,
    { name: 'window_start', type: types.timestamp(3, false) },
    { name: 'window_end', type: types.timestamp(3, false) },
    mode === 'batch' ? time : { ...time, timeAttribute: timeAttribute ?? 'rowtime' },
  ]
  return { kind: 'window-table-function', input, timeColumn, window, schema }
}

/** Batch mode takes a time of any precision, and `window_time` has that of the column. */
function windowTableRows(input: LogicalNode, timeColumn: number, window: WindowSpec, mode: 'streaming' | 'batch'): LogicalNode {
  const { type } = input.schema[timeColumn]!
  if (mode === 'streaming' || !isTimestamp(type) || type.precision === 3) return windowedRows(input, timeColumn, window, mode)
  const time = inMilliseconds(columnOf(input.schema, timeColumn))
  const exact = withColumn(input, time, '$time')
  const rows = windowedRows(exact.plan, exact.column, window, mode)
  const width = exact.plan.schema.length
  const shown = [width, width + 1, width + 2].map((column) => columnOf(rows.schema, column))
  const windowTime = implicitCast(shown[2]!, withNullability(type, false))
  const names = [...input.schema, ...rows.schema.slice(width)].map((field) => field.name)
  return project(rows, [...allColumns(input.schema), shown[0]!, shown[1]!, windowTime], names)
}

/** Windows read times in milliseconds, for they begin and end at whole ones. */
export function inMilliseconds(time: Expr): Expr {
  return isTimestamp(time.type) && time.type.precision > 3 ? implicitCast(time, { ...time.type, precision: 3 }) : time
}

/** The rows with a value behind their columns; a column stays where it is. */
export function withColumn(input: LogicalNode, value: Expr, name: string): { readonly plan: LogicalNode; readonly column: number } {
  if (value.kind === 'column') return { plan: input, column: value.index }
  const plan = project(input, [...allColumns(input.schema), value], [...input.schema.map((field) => field.name), name])
  return { plan, column: input.schema.length }
}

/** `TABLE t`, or a query in parentheses. */
function tableArgument(node: Expression | undefined): ExpressionOf<'table-argument'> | undefined {
  if (node?.kind !== 'scalar-query') return node?.kind === 'table-argument' ? node : undefined
  return { kind: 'table-argument', query: node.query, partitionBy: [], orderBy: [], at: node.at }
}

/** The arguments by the names of their parameters. */
function matchArguments(name: WindowFunctionName, call: Call): ReadonlyMap<string, Expression> {
  const { names, optionalFrom } = parametersOf[name]
  const given = new Map<string, Expression>()
  for (const [i, argument] of call.arguments.entries()) {
    const parameter = parameterOf(name, argument, i, call)
    if (given.has(parameter))
      throw userError('sql/argument-name', `Cannot call ${name}: the argument ${parameter} is there twice`, argument.at)
    if (argument.value.kind !== 'default') given.set(parameter, argument.value)
  }
  const missing = names.slice(0, optionalFrom).find((parameter) => !given.has(parameter))
  if (missing !== undefined) throw wrongArguments(name, `the argument ${missing} is missing`, call.at)
  return given
}

function parameterOf(name: WindowFunctionName, argument: Argument, index: number, call: Call): string {
  const { names } = parametersOf[name]
  if (argument.name !== undefined) {
    const parameter = argument.name.name.toUpperCase()
    if (names.includes(parameter)) return parameter
    throw wrongArguments(name, `there is no argument "${argument.name.name}"`, argument.at, suggestion(parameter, names))
  }
  const parameter = names[index]
  if (parameter === undefined) throw wrongArguments(name, `found ${call.arguments.length} arguments`, argument.at)
  return parameter
}

function wrongArguments(name: WindowFunctionName, found: string, at: Position, near = ''): RheoError {
  const { names, optionalFrom } = parametersOf[name]
  const wanted = names.map((parameter, i) => (i < optionalFrom ? parameter : `[${parameter}]`)).join(', ')
  return userError('sql/argument-count', `Cannot call ${name}: ${found}, wanted ${name}(${wanted})${near}`, at)
}

function bindTimeColumn(name: string, descriptor: Expression | undefined, schema: Schema, call: Call, context: BindContext): number {
  if (descriptor?.kind !== 'descriptor' || descriptor.columns.length !== 1) {
    const found = descriptor === undefined ? '' : `, found ${writtenForm(descriptor)}`
    throw userError(
      'sql/argument-type',
      `Cannot call ${name}: its second argument is DESCRIPTOR(column)${found}`,
      descriptor?.at ?? call.at,
    )
  }
  const column = descriptor.columns[0]!
  // Resolved as any column, for the same messages.
  const found = bindExpression(
    { kind: 'column', parts: [column], at: column.at },
    { context: { ...context, expansion: undefined }, scope: scopeOf(schema), clause: name },
  )
  const index = found.kind === 'column' ? found.index : -1
  const field = schema[index]!
  if (isBatch(context) && field.timeAttribute === 'proctime') throw clockInBatch(name, column.at)
  if (isBatch(context) && isTimestamp(field.type)) return index
  if (field.timeAttribute !== undefined) return index
  if (!isTimestamp(field.type))
    throw userError(
      'plan/no-watermark',
      `Cannot compute ${name} windows by "${column.name}": it is ${shownType(field.type)}, wanted is a TIMESTAMP with a watermark`,
      column.at,
    )
  throw userError(
    'plan/no-watermark',
    `Cannot compute ${name} windows by "${column.name}": it has no watermark, so nothing tells when a window ends; add WATERMARK FOR ${column.name} AS ${column.name} - INTERVAL '5' SECOND to its table`,
    column.at,
  )
}

/** What stands where a descriptor was wanted. */
function writtenForm(node: Expression): string {
  switch (node.kind) {
    case 'column':
      return `the column "${node.parts.map((part) => part.name).join('.')}" without it`
    case 'descriptor':
      return `${node.columns.length} columns`
    case 'call': {
      const name = node.name.parts.map((part) => part.name).join('.')
      return `a call of "${name}"${suggestion(name, ['DESCRIPTOR'])}`
    }
    default:
      return 'another expression'
  }
}

export function clockInBatch(name: string, at: Position): RheoError {
  return userError(
    'plan/no-processing-time',
    `Cannot compute ${name} windows of processing time in batch mode: all its rows come at once; use a column of a TIMESTAMP type`,
    at,
  )
}

function bindWindow(
  name: WindowFunctionName,
  given: ReadonlyMap<string, Expression>,
  data: ExpressionOf<'table-argument'>,
  schema: Schema,
  call: Call,
  context: BindContext,
): WindowSpec {
  const duration = (parameter: string): number => windowDuration(name, parameter, given.get(parameter)!, context)
  const partition = data.partitionBy[0]
  if (partition !== undefined && name !== 'SESSION') {
    throw userError(
      'sql/partition-by',
      `Cannot use PARTITION BY in ${name}: only SESSION windows depend on a key; write it into GROUP BY`,
      partition.at,
    )
  }
  const order = data.orderBy[0]
  if (order !== undefined)
    throw userError('sql/order-by', `Cannot use ORDER BY in ${name}: its rows go by the time of DESCRIPTOR`, order.at)
  const offset = given.get('OFFSET')
  const offsetMs = offset === undefined ? 0 : interval(name, 'OFFSET', offset, context)
  const checked = (sizeMs: number): number => {
    if (Math.abs(offsetMs) < sizeMs) return offsetMs
    throw userError(
      'plan/window-offset',
      `Cannot compute ${name} windows: the offset of ${durationText(offsetMs)} has to be less than the size of ${durationText(sizeMs)}`,
      offset?.at ?? call.at,
    )
  }
  switch (name) {
    case 'TUMBLE': {
      const sizeMs = duration('SIZE')
      return { kind: 'tumble', sizeMs, offsetMs: checked(sizeMs) }
    }
    case 'HOP': {
      const sizeMs = duration('SIZE')
      return { kind: 'hop', sizeMs, slideMs: duration('SLIDE'), offsetMs: checked(sizeMs) }
    }
    case 'CUMULATE': {
      const maxSizeMs = duration('SIZE')
      const stepMs = duration('STEP')
      if (maxSizeMs % stepMs !== 0)
        throw userError(
          'plan/window-size',
          `Cannot compute CUMULATE windows: the size of ${durationText(maxSizeMs)} is no multiple of the step of ${durationText(stepMs)}`,
          call.at,
        )
      return { kind: 'cumulate', maxSizeMs, stepMs, offsetMs: checked(maxSizeMs) }
    }
    case 'SESSION': {
      if (isBatch(context))
        throw userError('plan/session-in-batch', 'Cannot compute SESSION windows in batch mode: they exist in streaming mode only', call.at)
      const scope = scopeOf(schema)
      const keys = data.partitionBy.map((key) => bindExpression(key, { context, scope, clause: 'PARTITION BY' }))
      const partitionKeys = keys.map((key) => (key.kind === 'column' ? key.index : 0))
      return { kind: 'session', gapMs: duration('GAP'), partitionKeys }
    }
  }
}

/** `50 minutes`, in the greatest unit that gives a whole number. */
export function durationText(ms: number): string {
  const units = [
    ['day', 86_400_000],
    ['hour', 3_600_000],
    ['minute', 60_000],
    ['second', 1000],
  ] as const
  for (const [unit, size] of units) if (ms !== 0 && ms % size === 0) return `${ms / size} ${unit}${ms === size ? '' : 's'}`
  return `${ms} ms`
}

const noColumns: Scope = emptyScope

function interval(name: string, parameter: string, node: Expression, context: BindContext): number {
  const value = bindExpression(node, { context, scope: noColumns, clause: name })
  if (value.type.kind === 'INTERVAL_YEAR_MONTH') {
    throw userError(
      'plan/window-size',
      `Cannot compute ${name} windows: months and years differ in length; days, hours, minutes and seconds are possible`,
      node.at,
    )
  }
  if (value.kind !== 'literal' || typeof value.value !== 'bigint' || value.type.kind !== 'INTERVAL_DAY_TIME') {
    throw userError(
      'sql/argument-type',
      `Cannot call ${name}: ${parameter} is an interval such as INTERVAL '10' MINUTE, found ${value.type.kind === 'INTERVAL_DAY_TIME' ? 'one that is computed; its number stands in quotes' : shownType(value.type)}`,
      node.at,
    )
  }
  return Number(value.value)
}

/** An interval of more than 0 ms. */
export function windowDuration(name: string, parameter: string, node: Expression, context: BindContext): number {
  return positive(name, parameter, interval(name, parameter, node, context), node.at)
}

function positive(name: string, parameter: string, ms: number, at: Position): number {
  if (ms > 0) return ms
  throw userError('plan/window-size', `Cannot compute ${name} windows: ${parameter} is ${durationText(ms)}, it has to be more than 0`, at)
}
