import { unreachable } from '../base/assert.ts'
import { type Position, RheoError, userError } from '../base/errors.ts'
import { suggestion } from '../base/nearest.ts'
import type { Field, Schema } from '../catalog/schema.ts'
import type { ObjectPath, View } from '../catalog/table.ts'
import { withNullability } from '../data/types.ts'
import { type Expr, mapColumns } from '../expr/expr.ts'
import { buildCall } from '../expr/resolve-call.ts'
import { allColumns, filter, noRows, project, select } from '../plan/build.ts'
import { dependentJoin } from '../plan/dependent-join.ts'
import { columnsOf, conjunction } from '../plan/expression-properties.ts'
import type { LogicalNode } from '../plan/logical.ts'
import type { JoinType } from '../plan/physical.ts'
import { outersOf } from '../plan/outer-columns.ts'
import { hasSubquery, joinRows } from '../plan/subqueries.ts'
import { keepsTimeOf, timedJoin } from '../plan/timed-join.ts'
import { bindCondition, bindExpression } from './bind-expression.ts'
import { checkHints, withOptions } from './bind-hints.ts'
import { bindMatch } from './bind-match.ts'
import { type LookupPlace, lookupJoin } from './bind-lookup.ts'
import { bindTable } from './bind-table.ts'
import { bindUnnest } from './bind-unnest.ts'
import { isTableCall } from './bind-user-call.ts'
import { oneRow } from './bind-values.ts'
import { bindVersionTime, refuseLoneVersion, temporalJoin } from './bind-version.ts'
import { type WindowFunctionName, bindWindowFunction, isWindowFunction } from './bind-window.ts'
import type { BindQuery } from './expression-context.ts'
import { type BindContext, isBatch, nameText, pathOf } from './binder.ts'
import { lookupOptionsOf } from './lookup-hint.ts'
import { parseQuery } from './parser.ts'
import { placeTree } from './place-tree.ts'
import { Parameters, type Relation, type Scope, joinedScope, resolveName } from './scope.ts'
import type { Call, DerivedTable, FromItem, Join, NamedTable, Sample, TableAlias, TableFunction, Unnest } from './syntax-query.ts'
import type { Identifier, QualifiedName } from './syntax-type.ts'

/** What FROM gives: rows, and the names of their columns. */
export interface BoundFrom {
  readonly plan: LogicalNode
  readonly scope: Scope
}

export function bindFrom(item: FromItem, context: BindContext, bindQuery: BindQuery, outer: Scope | undefined): BoundFrom {
  switch (item.kind) {
    case 'named-table':
      return bindNamedTable(item, context, bindQuery, outer)
    case 'derived-table':
      return aliased(bindQuery(item.query, context, outer), item.alias, undefined, [], item.at, outer)
    case 'table-function':
      return bindTableFunction(item, context, bindQuery, outer)
    case 'unnest':
      return bindLoneUnnest(item, context, outer)
    case 'join':
      return bindJoin(item, context, bindQuery, outer)
    case 'match-recognize':
      return aliased(bindMatch(item, bindFrom(item.input, context, bindQuery, outer), context), item.alias, undefined, [], item.at, outer)
    case 'pivot':
      bindFrom(item.input, context, bindQuery, outer)
      throw userError('plan/pivot', 'Cannot plan PIVOT: neither Rheo nor Flink has it; use aggregates with FILTER', item.at)
    case 'unpivot':
      bindFrom(item.input, context, bindQuery, outer)
      throw userError('unsupported/unpivot', 'Cannot plan UNPIVOT yet: use UNION ALL', item.at)
    case 'sample':
      return sampled(item, bindFrom(item.input, context, bindQuery, outer))
    default:
      return unreachable(item)
  }
}

/** TABLESAMPLE of all rows or of none; there are no samples with a name, so SUBSTITUTE gives the table itself. */
function sampled({ method, size, at }: Sample, input: BoundFrom): BoundFrom {
  const wanted = method === 'SUBSTITUTE' ? 'string' : 'number'
  if (size.kind !== wanted)
    throw userError(
      'sql/table-sample',
      `Cannot sample the rows: found an expression, wanted is ${wanted === 'number' ? 'a number from 0 to 100' : 'a name in quotes'}`,
      size.at,
    )
  if (size.kind !== 'number') return input
  const percentage = Number(size.text)
  if (percentage === 100) return input
  if (percentage === 0) return { ...input, plan: noRows(input.plan.schema) }
  if (percentage > 100)
    throw userError('sql/table-sample', `Cannot sample ${size.text} percent of the rows: wanted is a number from 0 to 100`, size.at)
  throw userError(
    'plan/table-sample',
    `Cannot sample ${size.text} percent of the rows: 100 and 0 are possible, neither Rheo nor Flink has others; use WHERE RAND() < ${size.text} / 100`,
    at,
  )
}

/** One table under its name or alias; the alias may rename its columns. */
function aliased(
  plan: LogicalNode,
  alias: TableAlias | undefined,
  name: string | undefined,
  path: readonly string[],
  at: Position,
  outer: Scope | undefined,
): BoundFrom {
  const fields = alias === undefined ? plan.schema : renamed(plan.schema, alias.columns, alias.at)
  const relation: Relation = { alias: alias?.name.name ?? name, path: alias === undefined ? path : [], fields, offset: 0 }
  const renames = fields !== plan.schema
  return { plan: renames ? { ...plan, schema: fields } : plan, scope: { relations: [relation], outer } }
}

/** The fields under other names; as many as there are, or none. */
export function renamed(schema: Schema, names: readonly Identifier[], at: Position): Schema {
  if (names.length === 0) return schema
  if (names.length !== schema.length) {
    throw userError('sql/column-count', `Cannot name the columns: found ${names.length} names for ${schema.length} columns`, at)
  }
  for (const [i, { name, at: place }] of names.entries()) {
    if (names.findIndex((other) => other.name === name) < i)
      throw userError('sql/duplicate-column', `Cannot name two columns "${name}": each needs a name of its own`, place)
  }
  return schema.map((field, i): Field => ({ ...field, name: names[i]!.name }))
}

// --- tables and views ---

function bindNamedTable(item: NamedTable, context: BindContext, bindQuery: BindQuery, outer: Scope | undefined): BoundFrom {
  const { name, alias } = item
  const common = name.parts.length === 1 ? findCommonTable(name.parts[0]!.name, context) : undefined
  if (common !== undefined) {
    checkHints(item.hints)
    context.expansion?.table(item, [nameText(name)])
    return aliased(common, alias, nameText(name), [], item.at, outer)
  }
  const path = pathOf(name, context)
  context.expansion?.table(item, [path.catalog, path.database, path.name])
  const plan = bindObject(path, item, context, bindQuery)
  const asOf = item.asOf
  if (asOf !== undefined) refuseLoneVersion(item, asOf.at)
  return aliased(plan, alias, path.name, [path.catalog, path.database, path.name], item.at, outer)
}

function findCommonTable(name: string, context: BindContext): LogicalNode | undefined {
  for (let current = context.commonTables; current !== undefined; current = current.outer) {
    if (current.name === name) return current.plan
  }
  return undefined
}

/** The rows of a table or view of the catalog. */
export function bindObject(
  path: ObjectPath,
  item: Pick<NamedTable, 'hints' | 'at'> & { readonly name: QualifiedName },
  context: BindContext,
  bindQuery: BindQuery,
): LogicalNode {
  const object = context.env.catalogs.get(path, item.name.at)
  if (object.kind === 'table') return bindTable(path, withOptions(object, item.hints, context), context, item.name.at)
  if (item.hints.some((hint) => hint.name.name.toUpperCase() === 'OPTIONS')) {
    throw userError(
      'sql/options-hint',
      `Cannot use the hint OPTIONS for "${path.name}": it is a view, and only tables have options`,
      item.hints[0]!.at,
    )
  }
  checkHints(item.hints)
  return bindView(path, object, context, bindQuery, item.name.at)
}

function bindView(path: ObjectPath, view: View, context: BindContext, bindQuery: BindQuery, at: Position): LogicalNode {
  const name = `${path.catalog}.${path.database}.${path.name}`
  if (context.views.includes(name)) throw userError('sql/recursive-view', `Cannot read view "${path.name}": it reads itself`, at)
  const inside: BindContext = {
    ...context,
    within: { catalog: view.catalog, database: view.database },
    commonTables: undefined,
    expansion: undefined,
    views: [...context.views, name],
  }
  try {
    const query = placeTree(parseQuery(view.query), at)
    const plan = bindQuery(query, inside)
    if (view.columnNames !== undefined && view.columnNames.length !== plan.schema.length) {
      throw userError(
        'sql/column-count',
        `Cannot name the columns: found ${view.columnNames.length} names for ${plan.schema.length} columns`,
      )
    }
    const names = view.columnNames
    return names === undefined ? plan : { ...plan, schema: plan.schema.map((field, i): Field => ({ ...field, name: names[i]! })) }
  } catch (error) {
    if (!(error instanceof RheoError)) throw error
    // The view was right when it was made; what it reads has changed.
    throw new RheoError(`${error.message} (in view "${path.name}")`, {
      code: error.code,
      domain: error.domain,
      place: error.place ?? { position: at },
      cause: error,
    })
  }
}

// --- table functions ---

/** The window table function that a call names, which reads no table beside it. */
function windowFunction({ name }: Call): WindowFunctionName | undefined {
  const text = name.parts.at(-1)!.name.toUpperCase()
  return name.parts.length === 1 && isWindowFunction(text) ? text : undefined
}

function bindTableFunction(item: TableFunction, context: BindContext, bindQuery: BindQuery, outer: Scope | undefined): BoundFrom {
  const { call, alias } = item
  const name = call.name.parts.at(-1)!.name.toUpperCase()
  const window = windowFunction(call)
  if (window !== undefined) {
    const plan = bindWindowFunction(window, call, context, (table) => bindQuery(table.query, context))
    return aliased(plan, alias, undefined, [], item.at, outer)
  }
  if (isTableCall(call, context)) return bindLoneUnnest(unnestOf(item), context, outer)
  const scope = outer ?? { relations: [] }
  for (const { value } of call.arguments) {
    if (value.kind === 'table-argument') bindQuery(value.query, context)
    else if (value.kind !== 'descriptor' && value.kind !== 'model-argument' && value.kind !== 'default')
      bindExpression(value, { context, scope, clause: name })
  }
  if (laterTableFunctions.includes(name))
    throw userError(
      'unsupported/table-function',
      `Cannot call ${name} yet: of the table functions there are TUMBLE, HOP, CUMULATE and SESSION`,
      call.at,
    )
  const near = suggestion(name, ['TUMBLE', 'HOP', 'CUMULATE', 'SESSION', 'UNNEST', ...laterTableFunctions])
  throw userError(
    'sql/unknown-function',
    `Cannot call "${nameText(call.name)}" in FROM: there is no table function of that name${near}`,
    call.name.at,
  )
}

const laterTableFunctions: readonly string[] = [
  'FROM_CHANGELOG',
  'TO_CHANGELOG',
  'ML_PREDICT',
  'ML_EVALUATE',
  'VECTOR_SEARCH',
  'DEDUPLICATE_KEEP_FIRST',
]

/** A table function of the session is a function whose rows are one array, which is unnested. */
function unnestOf({ call, lateral, alias, at }: TableFunction): Unnest {
  return { kind: 'unnest', operands: [call], withOrdinality: false, lateral, alias, at }
}

/** UNNEST without a table before it, whose columns it could read. */
function bindLoneUnnest(item: Unnest, context: BindContext, outer: Scope | undefined): BoundFrom {
  const { plan } = bindUnnest(item, oneRow, { scope: { relations: [], outer }, context, joinType: 'inner' })
  const shown = select(
    plan,
    plan.schema.flatMap((_, i) => (i < oneRow.schema.length ? [] : [i])),
  )
  return aliased(shown, item.alias, undefined, [], item.at, outer)
}

/** `t CROSS JOIN UNNEST(t.tags)`: each row of the left side with the elements of a collection of it. */
function bindUnnestJoin(item: Join, right: Unnest, context: BindContext, bindQuery: BindQuery, outer: Scope | undefined): BoundFrom {
  const left = bindFrom(item.left, context, bindQuery, outer)
  const leftScope: Scope = { ...left.scope, outer }
  const isLeft = item.type === 'LEFT'
  if (item.type === 'RIGHT' || item.type === 'FULL')
    throw userError('sql/unnest-join', `Cannot use ${item.type} JOIN with UNNEST: its rows are those of the left side`, item.at)
  const unnested = bindUnnest(right, left.plan, { scope: leftScope, context, joinType: isLeft ? 'left' : 'inner' })
  const fields = right.alias === undefined ? unnested.fields : renamed(unnested.fields, right.alias.columns, right.alias.at)
  const width = left.plan.schema.length
  const plan: LogicalNode = { ...unnested.plan, schema: [...unnested.plan.schema.slice(0, width), ...fields] }
  const rightScope: Scope = { relations: [{ alias: right.alias?.name.name, path: [], fields, offset: 0 }], outer }
  checkAliases(left.scope, rightScope, item)
  const scope: Scope = { ...leftScope, relations: joinedScope(leftScope, rightScope, width).relations }
  if (item.natural || item.condition?.kind === 'using')
    throw userError('sql/unnest-join', 'Cannot join with UNNEST by names of columns: write CROSS JOIN, or ON TRUE', item.at)
  if (item.condition === undefined) return { plan, scope }
  const condition = bindCondition(item.condition.condition, { context, scope, clause: 'ON' })
  if (condition.kind === 'literal' && condition.value === true) return { plan, scope }
  if (isLeft) {
    const isOfElements =
      !hasSubquery(condition) && outersOf(condition).size === 0 && [...columnsOf(condition)].every((column) => column >= width)
    if (plan.kind !== 'project' || plan.input.kind !== 'unnest' || !isOfElements)
      throw userError(
        'sql/unnest-join',
        'Cannot use this condition in LEFT JOIN UNNEST: ON TRUE was wanted, or a condition over the elements alone',
        item.condition.condition.at,
      )
    const overElements = mapColumns(condition, (column) => ({ ...column, index: column.index - width }))
    return { plan: { ...plan, input: { ...plan.input, condition: overElements } }, scope }
  }
  return { plan: filter(plan, condition), scope }
}

// --- joins ---

function bindJoin(item: Join, context: BindContext, bindQuery: BindQuery, outer: Scope | undefined): BoundFrom {
  if (item.right.kind === 'table-function' && isTableCall(item.right.call, context))
    return bindUnnestJoin(item, unnestOf(item.right), context, bindQuery, outer)
  if (item.right.kind === 'unnest') return bindUnnestJoin(item, item.right, context, bindQuery, outer)
  if (item.right.kind === 'derived-table' && item.right.lateral) return bindLateralJoin(item, item.right, context, bindQuery, outer)
  const left = bindFrom(item.left, context, bindQuery, outer)
  const versioned = item.right.kind === 'named-table' && item.right.asOf !== undefined ? item.right : undefined
  const version = versioned === undefined ? undefined : bindVersionTime(versioned.asOf!, versioned, { ...left.scope, outer }, context)
  const rightItem = versioned === undefined ? item.right : { ...versioned, asOf: undefined }
  const readsLeft = mayReadLeft(rightItem)
  const right = bindFrom(rightItem, context, bindQuery, readsLeft ? { ...left.scope, outer } : outer)
  checkAliases(left.scope, right.scope, item)
  if (readsLeft) context.refusals.add('lateral-join', 'Cannot join with rows that are computed for each row yet', item.at)
  const width = left.plan.schema.length
  const rightScope: Scope = { relations: right.scope.relations, outer }
  const scope = joinedScope({ ...left.scope, outer }, rightScope, width)
  const names = item.natural
    ? commonNames(left.scope, right.scope)
    : item.condition?.kind === 'using'
      ? item.condition.columns.map(({ name }) => name)
      : []
  const conditions = names.map((name) => usingCondition(name, left.scope, { scope: rightScope, width }, item))
  if (item.condition?.kind === 'on')
    conditions.push(
      bindCondition(item.condition.condition, {
        context,
        scope,
        clause: 'ON',
        subquery: (query, inner) => bindQuery(query, context, inner),
      }),
    )
  const joinType = joinTypes[item.type]
  const padsLeft = joinType === 'right' || joinType === 'full'
  const padsRight = joinType === 'left' || joinType === 'full'
  const condition = conjunction(conditions)
  const bare = {
    kind: 'join',
    joinType,
    inputs: [left.plan, right.plan],
    schema: [],
    ...(condition === undefined ? {} : { condition }),
  } as const
  const timed = version !== undefined || isBatch(context) ? undefined : timedJoin(bare, 'written')
  const relations = scope.relations.map((relation, i): Relation => {
    const isLeft = i < left.scope.relations.length
    const keepsTime = (field: Field): boolean => (timed !== undefined && keepsTimeOf(timed, field)) || (isLeft && version !== undefined)
    return { ...relation, fields: relation.fields.map((field) => joinedField(field, isLeft ? padsLeft : padsRight, keepsTime(field))) }
  })
  const schema = relations.flatMap((relation) => relation.fields)
  const plan =
    versioned === undefined || version === undefined
      ? joinRows({ joinType, left: left.plan, right: right.plan, condition, schema })
      : version.kind === 'rowtime'
        ? temporalJoin({ ...bare, schema }, { item, right: versioned, leftTime: version.column, context })
        : lookupJoin({ ...bare, schema }, lookupPlace(item, versioned, context), context)
  const joined: BoundFrom = { plan, scope: { relations, outer } }
  return names.length === 0 ? keepFirst(joined, left.scope) : merged(joined, left.scope, names, item)
}

/** `t, LATERAL (SELECT ..)`: the query is one for each row before it, which it may read. */
function bindLateralJoin(item: Join, right: DerivedTable, context: BindContext, bindQuery: BindQuery, outer: Scope | undefined): BoundFrom {
  const left = bindFrom(item.left, context, bindQuery, outer)
  if (item.type === 'RIGHT' || item.type === 'FULL')
    throw userError('sql/lateral-join', `Cannot use ${item.type} JOIN with LATERAL: its rows are those of the left side`, item.at)
  if (item.natural || item.condition?.kind === 'using')
    throw userError('sql/lateral-join', 'Cannot join with LATERAL by names of columns: write CROSS JOIN, or ON', item.at)
  const parameters = new Parameters()
  const inner = bindFrom(right, context, bindQuery, { ...left.scope, outer, parameters })
  checkAliases(left.scope, inner.scope, item)
  const width = left.plan.schema.length
  const scope = joinedScope({ ...left.scope, outer }, { relations: inner.scope.relations, outer }, width)
  const condition = item.condition === undefined ? undefined : bindCondition(item.condition.condition, { context, scope, clause: 'ON' })
  const isTrue = condition?.kind === 'literal' && condition.value === true
  const pads = item.type === 'LEFT'
  const plan = dependentJoin({
    joinType: pads ? 'left' : 'inner',
    left: left.plan,
    right: inner.plan,
    parameters: parameters.values,
    at: right.at,
    ...(isTrue ? {} : { condition }),
  })
  const relations = scope.relations.map((relation, i): Relation => {
    const isPadded = pads && i >= left.scope.relations.length
    return { ...relation, fields: relation.fields.map((field) => joinedField(field, isPadded, false)) }
  })
  return keepFirst({ plan, scope: { relations, outer } }, left.scope)
}

function lookupPlace(item: Join, table: NamedTable, context: BindContext): LookupPlace {
  const { alias, name } = table
  const options = lookupOptionsOf([alias?.name.name, name.parts.at(-1)!.name, nameText(name)], context)
  return { item, name: nameText(name), options }
}

const joinTypes = { INNER: 'inner', LEFT: 'left', RIGHT: 'right', FULL: 'full', CROSS: 'inner', COMMA: 'inner' } as const satisfies Record<
  Join['type'],
  JoinType
>

/** A join has no event time unless it goes by it: its rows come in no order of time. */
function joinedField({ name, type, timeAttribute }: Field, isPadded: boolean, keepsTime: boolean): Field {
  const field = { name, type: isPadded ? withNullability(type, true) : type }
  return keepsTime && timeAttribute !== undefined ? { ...field, timeAttribute } : field
}

/** Columns that an inner USING shows first stay there. */
function keepFirst(joined: BoundFrom, left: Scope): BoundFrom {
  return left.first === undefined ? joined : { ...joined, scope: { ...joined.scope, first: left.first } }
}

/**
 * The columns of USING, once each: `*` shows them first. Where the left side may be padded they are columns of their own, with the values of whichever side has
 * some. Names with a table in front still mean the columns of that side.
 */
function merged({ plan, scope }: BoundFrom, left: Scope, names: readonly string[], item: Join): BoundFrom {
  const leftCount = left.relations.length
  const at = item.condition?.at ?? item.at
  const ofSide = (name: string, relations: readonly Relation[]): number => {
    const { expr } = resolveName([{ name, at }], { relations }, at)
    return expr.kind === 'column' ? expr.index : -1
  }
  const pairs = names.map((name) => ({
    left: ofSide(name, scope.relations.slice(0, leftCount)),
    right: ofSide(name, scope.relations.slice(leftCount)),
  }))
  const others = (left.first ?? []).filter((column) => !pairs.some((pair) => pair.left === column))
  if (item.type !== 'RIGHT' && item.type !== 'FULL') {
    const shown = hide(
      scope,
      pairs.map((pair) => pair.right),
    )
    return { plan, scope: { ...shown, first: [...pairs.map((pair) => pair.left), ...others] } }
  }
  const columns = allColumns(plan.schema)
  const values = pairs.map((pair): Expr => buildCall('COALESCE', [columns[pair.left]!, columns[pair.right]!], at))
  const projected = project(plan, [...columns, ...values], [...plan.schema.map((field) => field.name), ...names])
  const width = columns.length
  const shown = hide(
    scope,
    pairs.flatMap((pair) => [pair.left, pair.right]),
  )
  const fieldsAt = (offset: number, count: number): Schema => projected.schema.slice(offset, offset + count)
  const relations: readonly Relation[] = [
    ...shown.relations.map((relation) => ({ ...relation, fields: fieldsAt(relation.offset, relation.fields.length) })),
    { alias: undefined, path: [], fields: fieldsAt(width, names.length), offset: width },
  ]
  return { plan: projected, scope: { ...shown, relations, first: [...names.map((_, i) => width + i), ...others] } }
}

/** Two tables of one FROM have two names. */
function checkAliases(left: Scope, right: Scope, item: Join): void {
  const names = new Set(left.relations.flatMap((relation) => relation.alias ?? []))
  const twice = right.relations.find((relation) => relation.alias !== undefined && names.has(relation.alias))?.alias
  if (twice === undefined) return
  throw userError('sql/duplicate-alias', `Cannot join: two tables have the name "${twice}"; give one of them another alias`, item.right.at)
}

/** LATERAL and UNNEST read columns of the tables before them. */
function mayReadLeft(item: FromItem): boolean {
  switch (item.kind) {
    case 'derived-table':
      return item.lateral
    case 'table-function':
      return windowFunction(item.call) === undefined
    case 'unnest':
      return true
    default:
      return false
  }
}

function commonNames(left: Scope, right: Scope): readonly string[] {
  const [ours, theirs] = [left, right].map(shownNames)
  return ours!.filter((name) => theirs!.includes(name))
}

/** The names of columns that need no table in front. */
function shownNames({ relations }: Scope): readonly string[] {
  return relations.flatMap(({ fields, hidden }) => fields.filter((_, i) => hidden?.has(i) !== true).map((field) => field.name))
}

function usingCondition(
  name: string,
  left: Scope,
  { scope: right, width }: { readonly scope: Scope; readonly width: number },
  item: Join,
): Expr {
  const at = item.condition?.at ?? item.at
  const sides = [left, right].map((scope) => resolveName([{ name, at }], scope, at).expr)
  return buildCall('=', [sides[0]!, mapColumns(sides[1]!, (column) => ({ ...column, index: column.index + width }))], at)
}

/** Columns by their places in the row, which `*` and bare names leave out. */
function hide(scope: Scope, columns: readonly number[]): Scope {
  const relations = scope.relations.map((relation) => {
    const own = relation.fields.flatMap((_, i) => (columns.includes(relation.offset + i) ? [i] : []))
    return own.length === 0 ? relation : { ...relation, hidden: new Set([...(relation.hidden ?? []), ...own]) }
  })
  return { ...scope, relations }
}
