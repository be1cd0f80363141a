import { type RheoError, userError } from '../base/errors.ts'
import { suggestion } from '../base/nearest.ts'
import type { Field, Schema } from '../catalog/schema.ts'
import type { Expr } from '../expr/expr.ts'
import { asBoolean } from '../expr/resolve-call.ts'
import type { AfterMatch, MatchExpression, MatchPattern, MatchSpec } from '../expr/match.ts'
import type { LogicalNode } from '../plan/logical.ts'
import type { SortKey } from '../plan/physical.ts'
import { bindExpression, shownType, untypedNull } from './bind-expression.ts'
import { sortKey } from './bind-order.ts'
import { type BindContext, isBatch } from './binder.ts'
import { type MatchScopeOptions, type MatchVariables, bindMatchExpression } from './match-scope.ts'
import { patternOf, requiredVariables } from './match-pattern.ts'
import { type Scope, emptyScope } from './scope.ts'
import type { Expression, MatchRecognize } from './syntax-query.ts'
import type { Identifier } from './syntax-type.ts'

/** MATCH_RECOGNIZE over `input`: one row a match, with the columns of PARTITION BY and then the measures. */
export function bindMatch(
  item: MatchRecognize,
  input: { readonly plan: LogicalNode; readonly scope: Scope },
  context: BindContext,
): LogicalNode {
  const { schema } = input.plan
  const inInput = (node: Expression, clause: string): number => {
    const expr = bindExpression(node, { context, scope: input.scope, clause })
    if (expr.kind === 'column') return expr.index
    throw userError(
      'sql/match-column',
      `Cannot use an expression in ${clause} of MATCH_RECOGNIZE: a column was wanted; compute it in a subquery`,
      node.at,
    )
  }
  const partitionKeys = item.partitionBy.map((node) => inInput(node, 'PARTITION BY'))
  checkKeys(item, partitionKeys, schema)
  const orderKeys = item.orderBy.map((sorted): SortKey => {
    const column = inInput(sorted.expression, 'ORDER BY')
    return sortKey(sorted, column, schema[column]!.type)
  })
  checkOrder(item, orderKeys, schema, context)
  const { names, pattern } = patternOf(item)
  const variables = variablesOf(item, names, pattern)
  const inputNames = input.scope.relations.flatMap((relation) => relation.alias ?? [])
  const scope = { context, schema, inputNames, variables }
  const definitions = bindDefinitions(item, scope)
  const measures = bindMeasures(item, scope)
  const spec: MatchSpec = {
    variables: names,
    pattern,
    definitions,
    measures: measures.map(({ measure }) => measure),
    afterMatch: afterMatch(item, variables),
    withinMs: within(item, context),
  }
  if (item.rowsPerMatch === 'ALL')
    throw userError(
      'plan/all-rows-per-match',
      'Cannot give all rows of a match: a match gives one row, here as in Flink; say ONE ROW PER MATCH',
      item.at,
    )
  const keys = partitionKeys.map((key): Field => ({ name: schema[key]!.name, type: schema[key]!.type }))
  const shown = measures.map(({ measure, name }) => measureField(measure, name, isBatch(context)))
  checkNames([...keys, ...shown], item)
  return { kind: 'match', input: input.plan, partitionKeys, orderKeys, spec, schema: [...keys, ...shown], at: item.at }
}

function checkKeys(item: MatchRecognize, keys: readonly number[], schema: Schema): void {
  const twice = keys.findIndex((key, i) => keys.indexOf(key) < i)
  if (twice < 0) return
  const { name } = schema[keys[twice]!]!
  throw userError('sql/duplicate-column', `Cannot partition by "${name}" twice: each column once was wanted`, item.partitionBy[twice]!.at)
}

/** Rows of a match follow each other in time. */
function checkOrder(item: MatchRecognize, [first]: readonly SortKey[], schema: Schema, context: BindContext): void {
  const refuse = (message: string): RheoError =>
    userError('plan/match-order', `Cannot match patterns in this order: ${message}`, item.orderBy[0]?.at ?? item.at)
  const wanted = isBatch(context) ? 'a column of a time' : 'a column with a watermark'
  if (first === undefined) throw refuse(`there is no ORDER BY, wanted is one that begins with ${wanted}`)
  const { type, timeAttribute, name } = schema[first.column]!
  const isTime = type.kind === 'TIMESTAMP' || type.kind === 'TIMESTAMP_LTZ'
  if (isBatch(context) ? !isTime : timeAttribute === undefined)
    throw refuse(`it begins with "${name}", a ${shownType(type)}${isTime ? ' without a watermark' : ''}, wanted is ${wanted}`)
  if (first.order === 'descending') throw refuse(`"${name}" descends, and rows come in ascending order of time`)
}

function variablesOf(item: MatchRecognize, names: readonly string[], pattern: MatchPattern): MatchVariables {
  const rows = new Map<string, readonly number[]>(names.map((name, i) => [name, [i]]))
  for (const { name } of item.definitions) if (!rows.has(name.name)) rows.set(name.name, [])
  for (const subset of item.subsets) {
    if (rows.has(subset.name.name))
      throw userError('sql/duplicate-variable', `Cannot define "${subset.name.name}" twice: it is a variable already`, subset.name.at)
    const members = subset.variables.map((variable) => {
      const index = names.indexOf(variable.name)
      if (index < 0) throw unknownVariable(variable, names)
      return index
    })
    rows.set(
      subset.name.name,
      [...new Set(members)].toSorted((a, b) => a - b),
    )
  }
  return { names, rows, required: requiredVariables(pattern) }
}

type ScopeBase = Omit<MatchScopeOptions, 'clause' | 'tested'>

function bindDefinitions(item: MatchRecognize, scope: ScopeBase): readonly (MatchExpression | undefined)[] {
  const { names } = scope.variables
  const definitions = new Map<string, MatchExpression>()
  for (const { name, condition, at } of item.definitions) {
    if (definitions.has(name.name))
      throw userError('sql/duplicate-variable', `Cannot define "${name.name}" twice: DEFINE has a condition for it already`, at)
    if (item.subsets.some((subset) => subset.name.name === name.name))
      throw userError('sql/duplicate-variable', `Cannot define "${name.name}": it is a SUBSET, and its variables have the conditions`, at)
    const bound = bindMatchExpression(condition, { ...scope, clause: 'DEFINE', tested: names.indexOf(name.name) })
    if (bound.expr.type.kind === 'NULL') throw untypedNull(condition.at)
    definitions.set(name.name, { ...bound, expr: asBoolean(bound.expr, 'DEFINE', condition.at) })
  }
  return names.map((name) => definitions.get(name))
}

function bindMeasures(item: MatchRecognize, scope: ScopeBase): readonly { readonly name: string; readonly measure: MatchExpression }[] {
  if (item.measures.length === 0)
    throw userError('sql/match-measures', 'Cannot match a pattern without MEASURES: they are the columns that a match gives', item.at)
  return item.measures.map(({ expression, name }) => ({
    name: name.name,
    measure: bindMatchExpression(expression, { ...scope, clause: 'MEASURES', tested: undefined }),
  }))
}

/** MATCH_ROWTIME itself stays an event time. */
function measureField({ expr, reads }: MatchExpression, name: string, batch: boolean): Field {
  const field: Field = { name, type: expr.type }
  if (expr.kind === 'call' && expr.name === 'PROCTIME') return { ...field, timeAttribute: 'proctime' }
  const isRowtime = !batch && expr.kind === 'column' && reads[expr.index]?.kind === 'rowtime'
  return isRowtime ? { ...field, timeAttribute: 'rowtime' } : field
}

function checkNames(fields: readonly Field[], item: MatchRecognize): void {
  const twice = fields.find((field, i) => fields.findIndex((other) => other.name === field.name) < i)
  if (twice === undefined) return
  const at = item.measures.findLast((measure) => measure.name.name === twice.name)?.name.at ?? item.at
  throw userError('sql/duplicate-column', `Cannot name a measure "${twice.name}": another column of the match has that name`, at)
}

function afterMatch({ afterMatch: node }: MatchRecognize, variables: MatchVariables): AfterMatch {
  if (node === undefined) return { kind: 'next-row' }
  if (!('variable' in node)) return { kind: node.kind }
  const rows = variables.rows.get(node.variable.name)
  if (rows === undefined || rows.length === 0) throw unknownVariable(node.variable, variables.names)
  return { kind: node.kind, variables: rows, at: node.at }
}

function within({ within: node }: MatchRecognize, context: BindContext): number | undefined {
  if (node === undefined) return undefined
  if (node.kind === 'interval' && node.negative)
    throw userError(
      'plan/match-within',
      'Cannot limit the time of a match by this: it is negative, and an interval of at least 0 was wanted',
      node.at,
    )
  const bound = bindExpression(node, { context, scope: emptyScope, clause: 'WITHIN' })
  if (bound.kind !== 'literal' || bound.type.kind !== 'INTERVAL_DAY_TIME' || typeof bound.value !== 'bigint')
    throw userError(
      'plan/match-within',
      `Cannot limit the time of a match by ${foundAs(bound)}: wanted is an interval of days, hours, minutes or seconds, such as INTERVAL '10' MINUTE`,
      node.at,
    )
  // No limit at all, as in Flink.
  return bound.value > 0n ? Number(bound.value) : undefined
}

function foundAs(bound: Expr): string {
  if (bound.type.kind === 'INTERVAL_YEAR_MONTH') return 'months or years, which differ in length'
  return bound.kind === 'literal' ? `this ${shownType(bound.type)}` : 'what is no constant'
}

export function unknownVariable(name: Identifier, names: readonly string[]): RheoError {
  const found = names.map((each) => `"${each}"`).join(', ')
  return userError(
    'sql/unknown-variable',
    `Cannot find the pattern variable "${name.name}": PATTERN has ${found}${suggestion(name.name, names)}`,
    name.at,
  )
}
