import { unreachable } from '../base/assert.ts'
import { type Position, RheoError, userError } from '../base/errors.ts'
import { type SqlType, formatType, types, withNullability } from '../data/types.ts'
import { isText } from '../expr/coercion.ts'
import { aggregateKind } from '../expr/aggregates.ts'
import { canCast } from '../expr/cast.ts'
import type { Expr } from '../expr/expr.ts'
import { isJsonConstructor } from '../expr/json-arguments.ts'
import { lookupFunction } from '../expr/registry.ts'
import { asBoolean, buildCall, buildCase, buildLogical } from '../expr/resolve-call.ts'
import {
  bindAggregateCall,
  bindGroupWindowCall,
  bindOver,
  functionName,
  isGroupWindow,
  jsonAggregateCall,
  unknownFunction,
  withoutNullTreatment,
} from './bind-aggregate-call.ts'
import { bindJson } from './bind-json.ts'
import { bindSubquery } from './bind-subquery.ts'
import type { ExpressionContext } from './expression-context.ts'
import {
  binaryLiteral,
  booleanLiteral,
  dateTimeLiteral,
  intervalLiteral,
  negated,
  leastBigint,
  nullLiteral,
  numberLiteral,
  textLiteral,
} from './bind-literal.ts'
import { typeFromSyntax } from './bind-type.ts'
import { bindUserCall } from './bind-user-call.ts'
import { accessField, type ResolvedName, resolveName } from './scope.ts'
import type { Call, Case, Expression, ExpressionOf } from './syntax-query.ts'

/** An expression with its names resolved, its types checked and every implicit cast written out. */
export function bindExpression(node: Expression, where: ExpressionContext): Expr {
  const bind = (part: Expression): Expr => bindExpression(part, where)
  const { at } = node
  switch (node.kind) {
    case 'null':
      return nullLiteral(at)
    case 'boolean':
      return booleanLiteral(node)
    case 'number':
      return numberLiteral(node)
    case 'string':
      return textLiteral(node)
    case 'binary-literal':
      return binaryLiteral(node)
    case 'datetime':
      return dateTimeLiteral(node)
    case 'interval':
      return intervalLiteral(node)
    case 'column':
      return bindColumn(node, where)
    case 'unary':
      return bindUnary(node, where)
    case 'binary':
      return bindBinary(node, where)
    case 'is':
      return bindIs(node, where)
    case 'is-distinct-from':
      return buildCall(node.negated ? 'IS NOT DISTINCT FROM' : 'IS DISTINCT FROM', [bind(node.left), bind(node.right)], at)
    case 'between':
      return bindBetween(node, where)
    case 'in-list':
      return negate(bindInList(bind(node.operand), node.list.map(bind), at), node.negated, at)
    case 'like': {
      const args = [bind(node.operand), bind(node.pattern), ...(node.escape === undefined ? [] : [bind(node.escape)])]
      return negate(buildCall(node.operator === 'RLIKE' ? 'REGEXP' : node.operator, args, at), node.negated, at)
    }
    case 'datetime-difference': {
      const isMonths = node.qualifier.start === 'YEAR' || node.qualifier.start === 'QUARTER' || node.qualifier.start === 'MONTH'
      return buildCall(isMonths ? '- AS MONTHS' : '- AS SECONDS', [bind(node.left), bind(node.right)], at)
    }
    case 'case':
      return bindCase(node, where)
    case 'cast':
      return bindCast(node, where)
    case 'row':
      return buildCall('ROW', node.values.map(bind), at)
    case 'collection':
      return buildCall(node.type, node.values.map(bind), at)
    case 'element':
      return buildCall('ITEM', [bind(node.operand), bind(node.index)], at)
    case 'field':
      return accessField(bind(node.operand), node.field, at)
    case 'call':
      return bindCall(node, where)
    case 'time-unit':
      return textLiteral({ value: node.unit, at })
    case 'trim-word':
      return textLiteral({ value: node.word, at })
    case 'json-exists':
    case 'json-value':
    case 'json-query':
    case 'json-object':
    case 'json-array':
      return bindJson(node, bind)
    case 'json-objectagg':
      checkJsonKey(node, where)
      return bindCall(jsonAggregateCall(node), where)
    case 'json-arrayagg':
      return bindCall(jsonAggregateCall(node), where)
    case 'in-query':
    case 'exists':
    case 'scalar-query':
    case 'quantified':
    case 'collection-query':
    case 'json-array-query':
      return bindSubquery(node, where, bindExpression)
    case 'star':
      throw userError('sql/star', 'Cannot use * here: it stands for columns in SELECT, and for rows in COUNT(*)', at)
    case 'parameter':
      throw userError('sql/parameter', 'Cannot use ? here: a statement has no parameters; use --var and "${NAME}"', at)
    case 'default':
      throw userError('sql/default', 'Cannot use DEFAULT here: it stands for an argument that is left out', at)
    case 'table-argument':
    case 'model-argument':
    case 'descriptor':
      throw userError('sql/table-argument', 'Cannot use this here: it is an argument of table functions in FROM', at)
    case 'match-modifier':
      if (where.match !== undefined) return where.match.modifier(node, where)
      throw userError('sql/match-modifier', `Cannot use ${node.modifier} here: it belongs into MATCH_RECOGNIZE`, at)
    default:
      return unreachable(node)
  }
}

/** A condition of WHERE, HAVING, FILTER or ON. */
export function bindCondition(node: Expression, where: ExpressionContext): Expr {
  return asBoolean(bindExpression(node, where), where.clause, node.at)
}

function bindColumn(node: ExpressionOf<'column'>, where: ExpressionContext): Expr {
  const alias = node.parts.length === 1 ? where.alias?.(node.parts[0]!.name) : undefined
  if (alias !== undefined) return alias
  if (isPi(node, where)) return buildCall('PI', [], node.at)
  if (where.match !== undefined) return { ...where.match.column(node), at: node.at }
  const { expr, qualified } = resolveColumn(node, where)
  where.context.expansion?.column(node, qualified)
  return expr
}

/** PI may be written without parentheses, where no column has the name. */
function isPi({ parts }: ExpressionOf<'column'>, { scope }: ExpressionContext): boolean {
  if (parts.length !== 1 || parts[0]!.name.toUpperCase() !== 'PI') return false
  return !scope.relations.some(({ fields, alias }) => alias === parts[0]!.name || fields.some((field) => field.name === parts[0]!.name))
}

function resolveColumn({ parts, at }: ExpressionOf<'column'>, where: ExpressionContext): ResolvedName {
  try {
    return resolveName(parts, where.scope, at)
  } catch (error) {
    const name = parts.length === 1 ? parts[0]!.name : undefined
    if (!(error instanceof RheoError) || name === undefined || where.laterAliases?.includes(name) !== true) throw error
    const seen =
      where.clause === 'SELECT' ? 'of this SELECT, whose items do not see each other' : `of SELECT, which comes after ${where.clause}`
    const reason = `it is an alias ${seen}; write the expression itself, or a subquery in FROM`
    throw userError('sql/unknown-column', `Cannot use "${name}" in ${where.clause}: ${reason}`, at)
  }
}

// --- operators ---

function bindUnary({ operator, operand, at }: ExpressionOf<'unary'>, where: ExpressionContext): Expr {
  if (operator === '-' && operand.kind === 'number' && operand.text === '9223372036854775808') return leastBigint(at)
  const value = bindExpression(operand, where)
  switch (operator) {
    case '-':
      return negated(value, at) ?? buildCall('NEGATE', [value], at)
    case '+':
      // The sign does nothing, but stands before numbers only.
      buildCall('NEGATE', [value], at)
      return value
    case 'NOT':
      return buildCall('NOT', [value], at)
    default:
      return unreachable(operator)
  }
}

function bindBinary(node: ExpressionOf<'binary'>, where: ExpressionContext): Expr {
  const { operator, left, right, operatorAt, at } = node
  if (operator === 'AND' || operator === 'OR') {
    const operands = flatten(node, operator).map((operand) => bindExpression(operand, where))
    return buildLogical(operator === 'AND' ? 'and' : 'or', operands, at)
  }
  if (isPeriodOperator(operator)) return bindPeriod(node, where)
  const args = [bindExpression(left, where), bindExpression(right, where)]
  if (operator.startsWith('MULTISET') || operator === 'MEMBER OF' || operator === 'SUBMULTISET OF') {
    if (lookupFunction(operator) === undefined) {
      throw userError('sql/no-plan', `Cannot evaluate ${operator}: operators of multisets have no plan, here nor in Flink`, operatorAt)
    }
  }
  // A comparison of rows written out compares field by field.
  if (
    (operator === '=' || operator === '<>') &&
    left.kind === 'row' &&
    right.kind === 'row' &&
    left.values.length === right.values.length
  ) {
    return negate(equalRows(args[0]!, args[1]!, at), operator === '<>', at)
  }
  return buildCall(operator, args, at)
}

function flatten(node: Expression, operator: 'AND' | 'OR'): readonly Expression[] {
  return node.kind === 'binary' && node.operator === operator ? [...flatten(node.left, operator), ...flatten(node.right, operator)] : [node]
}

const periodOperators: readonly string[] = [
  'OVERLAPS',
  'CONTAINS',
  'EQUALS',
  'PRECEDES',
  'SUCCEEDS',
  'IMMEDIATELY PRECEDES',
  'IMMEDIATELY SUCCEEDS',
]

function isPeriodOperator(operator: string): boolean {
  return periodOperators.includes(operator)
}

function bindPeriod({ operator, left, right, at }: ExpressionOf<'binary'>, where: ExpressionContext): Expr {
  const ends = [left, right].flatMap((period) => {
    if (period.kind !== 'row' || period.values.length !== 2)
      throw userError('sql/argument-type', `Cannot apply "${operator}": a period is written (start, end)`, period.at)
    return period.values.map((end) => bindExpression(end, where))
  })
  if (lookupFunction(operator) === undefined)
    where.context.refusals.add('period-operator', `Cannot evaluate ${operator} yet: of the operators of periods there is OVERLAPS`, at)
  else return buildCall(operator, ends, at)
  return { kind: 'literal', type: types.boolean(), value: null, at }
}

function bindIs({ operand, test, negated: isNegated, at }: ExpressionOf<'is'>, where: ExpressionContext): Expr {
  const name = `IS ${isNegated ? 'NOT ' : ''}${test}`
  const value = bindExpression(operand, where)
  if (test === 'A SET' || test === 'EMPTY') {
    if (lookupFunction(name) === undefined)
      throw userError('sql/no-plan', `Cannot evaluate ${name}: tests of multisets have no plan, here nor in Flink`, at)
  }
  if (lookupFunction(name) === undefined && isNegated) return negate(buildCall(`IS ${test}`, [value], at), true, at)
  return buildCall(name, [value], at)
}

function bindBetween(node: ExpressionOf<'between'>, where: ExpressionContext): Expr {
  const { at, negated: isNegated, symmetric } = node
  const operand = bindExpression(node.operand, where)
  const low = bindExpression(node.low, where)
  const high = bindExpression(node.high, where)
  const within = (from: Expr, to: Expr): Expr =>
    buildLogical('and', [buildCall('>=', [operand, from], at), buildCall('<=', [operand, to], at)], at)
  const outside = (from: Expr, to: Expr): Expr =>
    buildLogical('or', [buildCall('<', [operand, from], at), buildCall('>', [operand, to], at)], at)
  if (!symmetric) return isNegated ? outside(low, high) : within(low, high)
  return isNegated
    ? buildLogical('and', [outside(low, high), outside(high, low)], at)
    : buildLogical('or', [within(low, high), within(high, low)], at)
}

function bindInList(operand: Expr, list: readonly Expr[], at: Position): Expr {
  if (operand.type.kind !== 'ROW' || operand.kind !== 'call' || operand.name !== 'ROW') return buildCall('IN', [operand, ...list], at)
  const tests = list.map((member) => equalRows(operand, member, at))
  return tests.length === 1 ? tests[0]! : buildLogical('or', tests, at)
}

/** Field by field where both are constructors, so that a NULL in one makes the answer NULL; else as a whole. */
function equalRows(left: Expr, right: Expr, at: Position): Expr {
  if (
    left.kind !== 'call' ||
    left.name !== 'ROW' ||
    right.kind !== 'call' ||
    right.name !== 'ROW' ||
    left.args.length !== right.args.length
  ) {
    return buildCall('=', [left, right], at)
  }
  const tests = left.args.map((arg, i) => buildCall('=', [arg, right.args[i]!], at))
  return tests.length === 1 ? tests[0]! : buildLogical('and', tests, at)
}

function negate(expr: Expr, isNegated: boolean, at: Position): Expr {
  return isNegated ? buildCall('NOT', [expr], at) : expr
}

function bindCase(node: Case, where: ExpressionContext): Expr {
  const bind = (part: Expression): Expr => bindExpression(part, where)
  const operand = node.operand === undefined ? undefined : bind(node.operand)
  const branches = node.branches.map(({ conditions, result, at }) => {
    const tests = conditions.map((condition) => {
      const value = bind(condition)
      return operand === undefined ? value : buildCall('=', [operand, value], condition.at)
    })
    return { when: tests.length === 1 ? tests[0]! : buildLogical('or', tests, at), then: bind(result) }
  })
  const otherwise = node.otherwise === undefined ? undefined : bind(node.otherwise)
  if (branches.every(({ then }) => then.type.kind === 'NULL') && (otherwise === undefined || otherwise.type.kind === 'NULL'))
    throw untypedNull(node.at, 'CASE gives NULL only')
  return buildCase(branches, otherwise, node.at)
}

function bindCast(node: ExpressionOf<'cast'>, where: ExpressionContext): Expr {
  const { at, isTry } = node
  const arg = bindExpression(node.operand, where)
  const type = typeFromSyntax(node.type)
  if (node.format !== undefined)
    where.context.refusals.add('cast-format', 'Cannot use FORMAT in CAST yet: use TO_DATE, TO_TIMESTAMP or DATE_FORMAT', node.format.at)
  return buildCast(arg, type, isTry ? 'try' : 'cast', at)
}

/** CAST or TRY_CAST, or `sql/cast` for types that do not cast. */
export function buildCast(arg: Expr, type: SqlType, mode: 'cast' | 'try', at: Position): Expr {
  const shown = withNullability(type, mode === 'try' || arg.type.nullable)
  if (arg.type.kind === 'NULL') return { kind: 'literal', type: withNullability(type, true), value: null, at }
  if (!canCast(arg.type, type, 'explicit')) {
    throw userError('sql/cast', `Cannot cast ${shownType(arg.type)} to ${shownType(type)}: no value of the one is a value of the other`, at)
  }
  return { kind: 'cast', mode, arg, type: shown, at }
}

export function shownType(type: SqlType): string {
  return formatType(withNullability(type, true))
}

/** NULL where nothing tells its type. */
export function untypedNull(at: Position, why = 'NULL has no type here'): RheoError {
  return userError('sql/null-without-type', `Cannot use NULL: ${why}; write CAST(NULL AS STRING), or another type`, at)
}

// --- calls ---

/** The keys of an object are texts: they are not made of other values. */
function checkJsonKey({ entry: { key } }: ExpressionOf<'json-objectagg'>, where: ExpressionContext): void {
  const { aggregate: _, ...inside } = where
  const { type } = bindExpression(key, { ...inside, clause: 'the aggregate JSON_OBJECTAGG' })
  if (!isText(type))
    throw userError('sql/argument-type', `Cannot call "JSON_OBJECTAGG": its key is ${shownType(type)}, a text was wanted`, key.at)
}

function bindCall(written: Call, where: ExpressionContext): Expr {
  const node = withoutNullTreatment(written)
  const name = functionName(node)
  const { at } = node
  const own = bindUserCall(node, where, node.name.parts.length > 1 ? 'any' : 'system', bindExpression)
  if (own !== undefined) return own
  if (node.name.parts.length > 1) throw unknownFunction(node)
  const matched = where.match?.call(node, where)
  if (matched !== undefined) return { ...matched, at }
  const kind = aggregateKind(name)
  if (kind === undefined && lookupFunction(name) === undefined && !isLazyForm(name)) {
    const other = bindUserCall(node, where, 'any', bindExpression)
    if (other !== undefined) return other
  }
  if (node.over !== undefined) return bindOver(node, where, bindExpression)
  if (kind !== undefined && (kind === 'over' || lookupFunction(name) === undefined))
    return bindAggregateCall(kind, node, where, bindExpression)
  if (isGroupWindow(name, node)) return bindGroupWindowCall(node, where)
  if (node.filter !== undefined || node.quantifier === 'DISTINCT' || node.orderBy.length > 0 || node.withinGroup !== undefined) {
    throw userError('sql/not-an-aggregate', `Cannot call "${name}" with DISTINCT, ORDER BY or FILTER: it is no aggregate`, at)
  }
  const named = node.arguments.find((argument) => argument.name !== undefined)
  if (named !== undefined)
    throw userError(
      'sql/argument-name',
      `Cannot call "${name}" with the argument "${named.name?.name ?? ''}": its arguments have no names`,
      named.at,
    )
  if (lookupFunction(name) === undefined && !isLazyForm(name)) throw unknownFunction(node)
  const values = node.arguments.map((argument) => argument.value)
  const last = values.at(-1)
  if ((name === 'FLOOR' || name === 'CEIL') && last?.kind === 'time-unit') return buildCall(`${name}_TIME`, bindAll(values, where), at)
  if (name === 'TRIM') return bindTrim(values, at, where)
  if (name === 'JSON') {
    throw userError(
      'sql/json-function',
      'Cannot call "JSON" here: it stands for a value of JSON_OBJECT and JSON_ARRAY only; PARSE_JSON reads JSON',
      at,
    )
  }
  if (name === 'SOURCE_WATERMARK' && !/watermark/i.test(where.clause))
    throw userError('sql/source-watermark', 'Cannot call "SOURCE_WATERMARK" here: it stands in WATERMARK FOR only', at)
  if (name === 'CURRENT_WATERMARK') return bindCurrentWatermark(bindAll(values, where), at, where)
  if (name === 'JSON_STRING' && values.length === 1) {
    const value = bindExpression(values[0]!, where)
    return isJsonConstructor(value) ? value : buildCall(name, [value], at)
  }
  return buildCall(name, bindAll(values, where), at)
}

/** The argument must be an event time column itself. */
function bindCurrentWatermark(args: readonly Expr[], at: Position, where: ExpressionContext): Expr {
  const call = buildCall('CURRENT_WATERMARK', args, at)
  const [time] = args
  const fields =
    time?.kind === 'column' ? where.scope.relations.flatMap((relation) => relation.fields[time.index - relation.offset] ?? []) : []
  if (!fields.some((field) => field.timeAttribute === 'rowtime' || field.movesTime === true)) {
    throw userError(
      'sql/argument-type',
      'Cannot evaluate "CURRENT_WATERMARK": wanted is an event time column, one that has a watermark',
      time?.at ?? at,
    )
  }
  return call
}

function bindAll(values: readonly Expression[], where: ExpressionContext): readonly Expr[] {
  return values.map((value) => bindExpression(value, where))
}

/** These are no entries of the registry: they evaluate their arguments lazily. */
function isLazyForm(name: string): boolean {
  return name === 'COALESCE' || name === 'IFNULL' || name === 'IF' || name === 'NULLIF'
}

/** TRIM(word, characters, text). */
function bindTrim(values: readonly Expression[], at: Position, where: ExpressionContext): Expr {
  const [word, ...rest] = values
  if (word?.kind !== 'trim-word') return buildCall('TRIM', bindAll(values, where), at)
  const [characters, text] = bindAll(rest, where)
  const name = word.word === 'LEADING' ? 'LTRIM' : word.word === 'TRAILING' ? 'RTRIM' : 'TRIM'
  return text === undefined ? buildCall(name, characters === undefined ? [] : [characters], at) : buildCall(name, [text, characters!], at)
}
