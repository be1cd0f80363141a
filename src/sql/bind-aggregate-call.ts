import { type Position, type RheoError, userError } from '../base/errors.ts'
import { suggestion } from '../base/nearest.ts'
import { type SqlType, types, withNullability } from '../data/types.ts'
import { aggregateKind, aggregateNames } from '../expr/aggregates.ts'
import type { Expr } from '../expr/expr.ts'
import { callableNames, lookupFunction } from '../expr/registry.ts'
import { foreignFunctions } from './foreign-words.ts'
import type { BindExpression, ExpressionContext } from './expression-context.ts'
import type { Call, Expression, JsonArrayAggregate, JsonObjectAggregate } from './syntax-query.ts'

/** The name of a call without qualifiers, in upper case. */
export function functionName(node: Call): string {
  return node.name.parts.at(-1)!.name.toUpperCase()
}

/** A call that does not say IGNORE NULLS or RESPECT NULLS, for one that may: only ARRAY_AGG has another answer for it, over the rows whose value is not NULL. */
export function withoutNullTreatment(node: Call): Call {
  if (node.nulls === undefined) return node
  const name = functionName(node)
  if (!['ARRAY_AGG', 'LAG', 'LEAD'].includes(name))
    throw userError(
      'sql/null-treatment',
      `Cannot call "${name}" with ${node.nulls} NULLS: found behind a function that has no choice, it stands behind ARRAY_AGG, LAG and LEAD`,
      node.at,
    )
  const value = node.arguments[0]?.value
  if (name !== 'ARRAY_AGG' || node.nulls === 'RESPECT' || value === undefined) return { ...node, nulls: undefined }
  const { at } = node
  const isPresent: Expression = { kind: 'is', operand: value, test: 'NULL', negated: true, at }
  const filter: Expression =
    node.filter === undefined ? isPresent : { kind: 'binary', operator: 'AND', operatorAt: at, left: node.filter, right: isPresent, at }
  return { ...node, nulls: undefined, filter }
}

/** A call of an aggregate or ranking function without OVER. */
export function bindAggregateCall(kind: 'supported' | 'later' | 'over', node: Call, where: ExpressionContext, bind: BindExpression): Expr {
  const name = functionName(node)
  if (kind === 'over') throw userError('sql/needs-over', `Cannot call "${name}" here: it needs OVER (PARTITION BY .. ORDER BY ..)`, node.at)
  if (where.aggregate === undefined) throw aggregateNotAllowed(name, node.at, where)
  if (kind === 'supported') return where.aggregate(node, where)
  if (where.grouping !== undefined && (name === 'GROUPING' || name === 'GROUPING_ID' || name === 'GROUP_ID')) {
    const { aggregate: _, ...inside } = where
    return where.grouping(
      node,
      node.arguments.map((argument) => bind(argument.value, inside)),
    )
  }
  const parts = [...node.arguments.map((argument) => argument.value), ...node.orderBy.map((item) => item.expression), node.filter]
  return laterAggregate({ name, parts, type: undefined, at: node.at }, where, bind)
}

function aggregateNotAllowed(name: string, at: Position, { clause }: ExpressionContext): RheoError {
  if (clause === 'WHERE') {
    return userError(
      'sql/aggregate-in-where',
      `Cannot use the aggregate ${name} in WHERE: WHERE chooses rows before they are grouped; use HAVING`,
      at,
    )
  }
  return userError(
    'sql/aggregate-not-allowed',
    `Cannot use the aggregate ${name} in ${clause}: aggregates stand in SELECT, HAVING and ORDER BY of a query`,
    at,
  )
}

interface LaterAggregate {
  readonly name: string
  readonly parts: readonly (Expression | undefined)[]
  /** Of the result, where the arguments do not say. */
  readonly type: SqlType | undefined
  readonly at: Position
}

/** An aggregate that is not there yet: its arguments are checked, then it is refused. */
export function laterAggregate({ name, parts, type, at }: LaterAggregate, where: ExpressionContext, bind: BindExpression): Expr {
  if (where.aggregate === undefined) throw aggregateNotAllowed(name, at, where)
  const { aggregate: _, ...inside } = where
  const args = parts.flatMap((part) => (part === undefined || part.kind === 'star' ? [] : [bind(part, { ...inside, clause: name })]))
  where.context.refusals.add('aggregate', `Cannot compute ${name} yet: there are the other aggregates of Flink`, at)
  return { kind: 'literal', type: type ?? laterType(name, args), value: null, at }
}

function laterType(name: string, args: readonly Expr[]): SqlType {
  const first = args[0]?.type ?? types.integer()
  switch (name) {
    case 'ARRAY_AGG':
      return types.array(first)
    case 'LISTAGG':
      return types.string()
    case 'GROUPING':
    case 'GROUPING_ID':
    case 'GROUP_ID':
    case 'APPROX_COUNT_DISTINCT':
    case 'ROW_NUMBER':
    case 'RANK':
    case 'DENSE_RANK':
    case 'NTILE':
    case 'COUNT':
      return types.bigint(false)
    case 'PERCENT_RANK':
    case 'CUME_DIST':
    case 'PERCENTILE':
      return types.double(false)
    default:
      return withNullability(first, true)
  }
}

/** JSON_ARRAYAGG and JSON_OBJECTAGG as calls over what each row gives: an array of at most one value, for an object `"key":` before it. */
export function jsonAggregateCall(node: JsonObjectAggregate | JsonArrayAggregate): Call {
  const { at, filter, over } = node
  const value = node.kind === 'json-objectagg' ? node.entry : node.element
  const onNull = node.onNull ?? (node.kind === 'json-objectagg' ? 'NULL ON NULL' : 'ABSENT ON NULL')
  const part: Expression = { kind: 'json-array', elements: [value], onNull, at }
  if (node.kind === 'json-arrayagg') return { ...callOf('JSON_ARRAYAGG', part, at), orderBy: node.orderBy, filter, over }
  const concat = (left: Expression, right: Expression): Expression => ({ kind: 'binary', operator: '||', operatorAt: at, left, right, at })
  const key = concat(callOf('JSON_STRING', node.entry.key, at), { kind: 'string', value: ':', charset: undefined, at })
  return { ...callOf('JSON_OBJECTAGG', concat(key, part), at), filter, over }
}

function callOf(name: string, value: Expression, at: Position): Call {
  return {
    kind: 'call',
    name: { parts: [{ name, at }], at },
    arguments: [{ name: undefined, value, at }],
    hasParentheses: true,
    nulls: undefined,
    quantifier: undefined,
    orderBy: [],
    withinGroup: undefined,
    filter: undefined,
    over: undefined,
    at,
  }
}

/** A call with OVER. */
export function bindOver(node: Call, where: ExpressionContext, bind: BindExpression): Expr {
  const name = functionName(node)
  const kind = aggregateKind(name)
  if (kind === undefined) {
    if (lookupFunction(name) === undefined) throw unknownFunction(node)
    throw userError('sql/not-an-aggregate', `Cannot call "${name}" with OVER: it is no aggregate`, node.at)
  }
  if (where.clause === 'WHERE' || where.clause === 'GROUP BY')
    throw userError('sql/over-not-allowed', `Cannot use OVER in ${where.clause}: it stands in SELECT, QUALIFY and ORDER BY`, node.at)
  if (where.over === undefined)
    throw userError('sql/over-not-allowed', `Cannot use OVER in ${where.clause}: it stands in SELECT, QUALIFY and ORDER BY`, node.at)
  if (kind !== 'later') return where.over(node, where)
  if (name.startsWith('GROUP'))
    throw userError('sql/over-not-allowed', `Cannot call "${name}" with OVER: it tells of the keys of GROUP BY`, node.at)
  const args = node.arguments.flatMap((argument) => (argument.value.kind === 'star' ? [] : [bind(argument.value, where)]))
  where.context.refusals.add('over', `Cannot compute ${name} OVER yet: it runs over groups and windows`, node.at)
  return { kind: 'literal', type: laterType(name, args), value: null, at: node.at }
}

const groupWindows = /^(?:TUMBLE|HOP|SESSION)(?:_START|_END|_ROWTIME|_PROCTIME)?$/

/** TUMBLE(ts, INTERVAL ..) in GROUP BY, and TUMBLE_START and its kin. */
export function isGroupWindow(name: string, node: Call): boolean {
  return (
    groupWindows.test(name) &&
    !node.arguments.some((argument) => argument.value.kind === 'descriptor' || argument.value.kind === 'table-argument')
  )
}

/** A window of the old kind outside of GROUP BY: its bounds or its time. */
export function bindGroupWindowCall(node: Call, where: ExpressionContext): Expr {
  const name = functionName(node)
  if (name.includes('_') && where.groupWindow !== undefined) return where.groupWindow(node, where)
  const base = name.split('_')[0]!
  throw userError(
    'sql/group-window',
    name.includes('_')
      ? `Cannot compute ${name} here: there is no ${base} in GROUP BY; write GROUP BY ${base}(ts, INTERVAL '1' MINUTE)`
      : `Cannot use the window ${name} in ${where.clause}: it stands in GROUP BY; ${name}_START and ${name}_END show its bounds`,
    node.at,
  )
}

/** What is called as functions are, and is none. */
const formNames: readonly string[] = [
  'COALESCE',
  'IFNULL',
  'IF',
  'NULLIF',
  'ROLLUP',
  'CUBE',
  'FIRST',
  'LAST',
  'MATCH_ROWTIME',
  'MATCH_PROCTIME',
  ...['TUMBLE', 'HOP', 'SESSION'].flatMap((name) => ['', '_START', '_END', '_ROWTIME', '_PROCTIME'].map((suffix) => name + suffix)),
]

export function unknownFunction(node: Call): RheoError {
  const name = node.name.parts.map((part) => part.name).join('.')
  const foreign = foreignFunctions.get(name.toUpperCase())
  const near =
    foreign === undefined ? suggestion(name, [...callableNames(), ...aggregateNames(), ...formNames]) : `; Flink SQL has ${foreign}`
  return userError('sql/unknown-function', `Cannot call "${name}": there is no function of that name${near}`, node.name.at)
}
