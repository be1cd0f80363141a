import { assert } from '../base/assert.ts'
import { type Position, userError } from '../base/errors.ts'
import type { Field, Schema } from '../catalog/schema.ts'
import { types, withNullability } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import { type Expr, mapColumns } from '../expr/expr.ts'
import { buildCall, buildCoalesce } from '../expr/resolve-call.ts'
import { allColumns, columnOf, filter, project } from './build.ts'
import { conjunction, conjuncts, isDeterministic } from './expression-properties.ts'
import type { LogicalNode, LogicalOf } from './logical.ts'
import { mapOuters, outersOf, outersOfPlan } from './outer-columns.ts'

// A query that reads the row around it is a function of that row. Its form says the same without reading it: a plan that is the same for every row around,
// the conditions by which the rows of one row around are chosen, and what the query's columns are then:
//
//     SELECT t.b + o.x FROM t WHERE t.a = o.a AND t.c > 3     plan: t WHERE c > 3;  residual: t.a = o.a;  columns: [t.b + o.x]
//
// Conditions move up through the operators of the query. An equality passes an aggregate as one more key; any other condition does not, so the
// values of the rows around (their domain, each once) are joined to what is below it, and choose by equality from there on.

/** What a query gives for a row around it: `columns` of the rows of `plan` for which all of `residual` is TRUE. */
export interface Form {
  /** Reads nothing of the row around. */
  readonly plan: LogicalNode
  /** Of the query, over the columns of the plan and the row around. */
  readonly columns: readonly Expr[]
  readonly residual: readonly Expr[]
  /** At most one row is chosen, and where there is none the query still has a row: `columns` over NULLs. That is an aggregate without GROUP BY. */
  readonly isPadded: boolean
}

/** The rows around a query. */
export interface Domain {
  /** How many of the numbers of `outer` are those of the query's own parameters; greater ones are of queries further out and stay. */
  readonly limit: number
  /** Where the query stands, for messages. */
  readonly at: Position | undefined
  /** The values of some parameters, each combination once. */
  readonly distinct: (parameters: readonly number[]) => LogicalNode
}

/** @param place `top`: an aggregate without GROUP BY is padded although nothing chooses from it. */
export function formOf(node: LogicalNode, domain: Domain, place: 'top' | 'inside' = 'inside'): Form {
  if (outersOfPlan(node, domain.limit).size === 0 && !(place === 'top' && isGlobal(node)))
    return { plan: node, columns: allColumns(node.schema), residual: [], isPadded: false }
  switch (node.kind) {
    case 'filter':
      return filtered(chosen(formOf(node.input, domain), domain), node.condition, domain)
    case 'project':
      return projected(formOf(node.input, domain, place), node, domain)
    case 'aggregate':
      return aggregated(chosen(formOf(node.input, domain), domain), node, domain)
    case 'union':
      return united(node, domain)
    case 'join':
      return joined(node, domain)
    case 'sort':
      return sorted(node, domain)
    case 'over':
      return overRows(node, domain)
    case 'window-table-function':
      return windowed(node, domain)
    case 'expand':
      return expanded(node, domain)
    case 'unnest':
      return unnested(node, domain)
    default:
      throw userError(
        'plan/correlated-subquery',
        `Cannot plan the subquery: it reads columns of the query around it below an operation (${node.kind}) where that has no plan`,
        domain.at,
      )
  }
}

function isGlobal(node: LogicalNode): boolean {
  return node.kind === 'project' ? isGlobal(node.input) : node.kind === 'aggregate' && node.keys.length === 0
}

export function readsOuter(expr: Expr, { limit }: Domain): boolean {
  return [...outersOf(expr)].some((index) => index < limit)
}

/** An expression over the columns of a query as one over its form. */
export function overForm(expr: Expr, form: Form): Expr {
  return mapColumns(expr, (column) => form.columns[column.index]!)
}

function shifted(expr: Expr, by: number): Expr {
  return mapColumns(expr, (column) => ({ ...column, index: column.index + by }))
}

// --- row by row ---

function filtered(form: Form, condition: Expr, domain: Domain): Form {
  const parts = conjuncts(condition).map((part) => overForm(part, form))
  const own = conjunction(parts.filter((part) => !readsOuter(part, domain)))
  return {
    ...form,
    plan: own === undefined ? form.plan : filter(form.plan, own),
    residual: [...form.residual, ...parts.filter((part) => readsOuter(part, domain))],
  }
}

function projected(form: Form, node: LogicalOf<'project'>, domain: Domain): Form {
  const columns = node.projections.map((projection) => overForm(projection, form))
  // Behind an aggregate without rows the columns have still to become what they are without rows.
  if (form.isPadded) return { ...form, columns }
  return computed({ ...form, columns }, domain, (expr) => expr.kind === 'column' || readsOuter(expr, domain), node.schema)
}

/** The same form with its columns computed in the plan, but for those that stay as they are. */
function computed(form: Form, domain: Domain, stays: (expr: Expr) => boolean, schema: Schema | undefined): Form {
  const added = form.columns.flatMap((expr, i) => (stays(expr) ? [] : [{ expr, i }]))
  if (added.length === 0) return form
  assert(
    added.every(({ expr }) => !readsOuter(expr, domain)),
    'only what reads nothing of the row around is computed below',
  )
  const { plan } = form
  const width = plan.schema.length
  const names = [...plan.schema.map((field) => field.name), ...added.map(({ i }) => schema?.[i]?.name ?? `$f${i}`)]
  const below = project(plan, [...allColumns(plan.schema), ...added.map(({ expr }) => expr)], names)
  const columns = form.columns.map((expr, i) => {
    const place = added.findIndex((each) => each.i === i)
    return place < 0 ? expr : columnOf(below.schema, width + place)
  })
  return { ...form, plan: below, columns }
}

/** Everything as plain columns of the plan. */
function materialized(form: Form, domain: Domain): Form {
  const known = form.columns.some((column) => readsOuter(column, domain)) ? withDomain(form, domain) : form
  return computed(known, domain, (expr) => expr.kind === 'column', undefined)
}

function plainColumn(expr: Expr | undefined): number {
  assert(expr?.kind === 'column', 'the columns of the form are plain ones')
  return expr.index
}

function windowed(node: LogicalOf<'window-table-function'>, domain: Domain): Form {
  const input = materialized(chosen(formOf(node.input, domain), domain), domain)
  const bound = node.window.kind === 'session' ? keyed(input, domain) : { form: input, keys: [] }
  const { form } = bound
  const window =
    node.window.kind === 'session'
      ? { ...node.window, partitionKeys: [...bound.keys, ...node.window.partitionKeys.map((key) => plainColumn(form.columns[key]))] }
      : node.window
  return rowwise(form, node, (plan, schema) => ({
    kind: 'window-table-function',
    input: plan,
    timeColumn: plainColumn(form.columns[node.timeColumn]),
    window,
    schema,
  }))
}

function expanded(node: LogicalOf<'expand'>, domain: Domain): Form {
  const form = materialized(chosen(formOf(node.input, domain), domain), domain)
  const keys = node.keys.map((key) => plainColumn(form.columns[key]))
  return rowwise(form, node, (plan, schema) => ({ kind: 'expand', input: plan, keys, sets: node.sets, schema }))
}

function unnested(node: LogicalOf<'unnest'>, domain: Domain): Form {
  const form = materialized(chosen(formOf(node.input, domain), domain), domain)
  const collection = plainColumn(form.columns[node.collection])
  return rowwise(form, node, (plan, schema) => ({ ...node, input: plan, collection, schema }))
}

/** A node that puts columns of its own behind those of its rows. */
function rowwise(
  form: Form,
  node: LogicalNode & { readonly input: LogicalNode },
  build: (plan: LogicalNode, schema: Schema) => LogicalNode,
): Form {
  const added = node.schema.slice(node.input.schema.length)
  const schema = [...form.plan.schema, ...added]
  const plan = build(form.plan, schema)
  return { ...form, plan, columns: [...form.columns, ...added.map((_, i) => columnOf(schema, form.plan.schema.length + i))] }
}

// --- aggregates ---

function aggregated(input: Form, node: LogicalOf<'aggregate'>, domain: Domain): Form {
  const read = [...node.keys, ...node.aggregates.flatMap((call) => (call.filter === undefined ? call.args : [...call.args, call.filter]))]
  const isPlain = read.every((column) => !readsOuter(input.columns[column]!, domain))
  const chosenBy = input.residual.map((part) => equality(part, domain))
  const known = isPlain && chosenBy.every((part) => part !== undefined) ? input : withDomain(input, domain)
  const parts = known.residual.map((part) => equality(part, domain)!)
  const width = known.plan.schema.length
  // What the conditions compare with the row around becomes a key.
  const compared = parts.flatMap((part) => (part.kind === 'equal' ? [part.inner] : []))
  const below = computed(
    { ...known, columns: [...known.columns, ...compared] },
    domain,
    (expr) => expr.kind === 'column' || readsOuter(expr, domain),
    undefined,
  )
  assert(below.plan.schema.length >= width, 'columns are added behind')
  const columnAt = (index: number): number => plainColumn(below.columns[index])
  const ownKeys = node.keys.map(columnAt)
  const addedKeys = compared.map((_, i) => columnAt(known.columns.length + i))
  const aggregates = node.aggregates.map((call) => ({
    ...call,
    args: call.args.map(columnAt),
    ...(call.filter === undefined ? {} : { filter: columnAt(call.filter) }),
  }))
  const keyFields = [
    ...node.schema.slice(0, node.keys.length),
    ...addedKeys.map((key, i): Field => ({ name: `$key${i}`, type: below.plan.schema[key]!.type })),
  ]
  const schema = [...keyFields, ...node.schema.slice(node.keys.length)]
  const { stateTtlMs } = node
  const plan: LogicalNode = {
    kind: 'aggregate',
    input: below.plan,
    keys: [...ownKeys, ...addedKeys],
    aggregates,
    schema,
    ...(stateTtlMs === undefined ? {} : { stateTtlMs }),
  }
  let next = node.keys.length
  const residual = parts.map((part) => (part.kind === 'outer' ? part.condition : part.with(columnOf(schema, next++))))
  const isPadded = node.keys.length === 0
  const columns = node.schema.map((_, i): Expr => {
    if (i < node.keys.length) return columnOf(schema, i)
    const at = i + addedKeys.length
    const column = columnOf(schema, at)
    const nothing = isPadded ? valueOverNoRows(node.aggregates[i - node.keys.length]!.name) : undefined
    if (nothing === undefined) return column
    const nullable: Expr = { ...column, type: withNullability(column.type, true) }
    return buildCoalesce([nullable, { kind: 'literal', type: column.type, value: nothing }])
  })
  return { plan, columns, residual, isPadded }
}

/** What an aggregate that is never NULL gives without rows. */
function valueOverNoRows(name: string): SqlValue | undefined {
  switch (name) {
    case 'COUNT':
    case 'APPROX_COUNT_DISTINCT':
      return 0n
    case 'JSON_ARRAYAGG':
      return '[]'
    case 'JSON_OBJECTAGG':
      return '{}'
    default:
      return undefined
  }
}

/** A condition that an aggregate lets pass: one on the row around alone, or one that something of it equals something of a row. */
type Passing =
  | { readonly kind: 'outer'; readonly condition: Expr }
  | { readonly kind: 'equal'; readonly inner: Expr; readonly with: (inner: Expr) => Expr }

function equality(part: Expr, domain: Domain): Passing | undefined {
  if (isOfOuter(part, domain)) return { kind: 'outer', condition: part }
  if (part.kind !== 'call' || (part.name !== '=' && part.name !== 'IS NOT DISTINCT FROM') || !isDeterministic(part)) return undefined
  const [a, b] = part.args
  const outer = [a, b].findIndex((side) => side !== undefined && isOfOuter(side, domain))
  const inner = part.args[1 - outer]
  if (outer < 0 || inner === undefined || readsOuter(inner, domain)) return undefined
  return { kind: 'equal', inner, with: (column) => ({ ...part, args: outer === 0 ? [part.args[0]!, column] : [column, part.args[1]!] }) }
}

/** Whether an expression reads the row around and no other. */
function isOfOuter(expr: Expr, domain: Domain): boolean {
  let readsColumns = false
  mapColumns(expr, (column) => {
    readsColumns = true
    return column
  })
  return !readsColumns && readsOuter(expr, domain)
}

// --- the rows around ---

/** The form with the values of the row around, as far as it reads them, as columns of its plan; rows are chosen by equality with them. */
function withDomain(form: Form, domain: Domain, also: Iterable<number> = []): Form {
  const read = [...form.residual, ...form.columns].flatMap((expr) => [...outersOf(expr)].filter((index) => index < domain.limit))
  const parameters = [...new Set([...read, ...also])].sort((a, b) => a - b)
  if (parameters.length === 0 && !form.isPadded) return form
  const values = parameters.length === 0 ? oneRowOf([]) : domain.distinct(parameters)
  const width = values.schema.length
  const known = (expr: Expr): Expr =>
    mapOuters(shifted(expr, width), (outer) => {
      const place = parameters.indexOf(outer.index)
      return place < 0 ? outer : columnOf(values.schema, place)
    })
  const condition = conjunction(form.residual.map(known))
  const isPlain = !form.isPadded && isOneRow(form.plan)
  const right = form.plan.schema.map((field): Field => ({
    name: field.name,
    type: form.isPadded ? withNullability(field.type, true) : field.type,
  }))
  const plan: LogicalNode = isPlain
    ? condition === undefined
      ? values
      : filter(values, condition)
    : {
        kind: 'join',
        joinType: form.isPadded ? 'left' : 'inner',
        inputs: [values, form.plan],
        schema: [...values.schema, ...right],
        ...(condition === undefined ? {} : { condition }),
      }
  const equal = parameters.map((index, i): Expr => {
    const column = columnOf(plan.schema, i)
    return buildCall('IS NOT DISTINCT FROM', [{ kind: 'outer', index, type: column.type }, column])
  })
  return { plan, columns: form.columns.map(known), residual: equal, isPadded: false }
}

/** The same rows, with those that are there although nothing is chosen in the plan. */
export function chosen(form: Form, domain: Domain): Form {
  return form.isPadded ? computed(withDomain(form, domain), domain, (expr) => expr.kind === 'column', undefined) : form
}

interface Keyed {
  readonly form: Form
  /** The columns by which the rows of one row around differ from those of another. */
  readonly keys: readonly number[]
}

/** A form whose rows are chosen by equality of plain columns, besides conditions on the row around alone. */
function keyed(input: Form, domain: Domain): Keyed {
  const isKeyed = input.residual.every((part) => equality(part, domain) !== undefined)
  const form = isKeyed ? input : withDomain(input, domain)
  const parts = form.residual.map((part) => equality(part, domain)!)
  const compared = parts.flatMap((part) => (part.kind === 'equal' ? [part.inner] : []))
  const below = computed(
    { ...form, columns: [...form.columns, ...compared] },
    domain,
    (expr) => expr.kind === 'column' || readsOuter(expr, domain),
    undefined,
  )
  const keys = compared.map((_, i) => plainColumn(below.columns[form.columns.length + i]))
  let next = 0
  const residual = parts.map((part) => (part.kind === 'outer' ? part.condition : part.with(columnOf(below.plan.schema, keys[next++]!))))
  return { form: { ...below, columns: below.columns.slice(0, form.columns.length), residual }, keys: [...new Set(keys)] }
}

export function isOneRow(node: LogicalNode): boolean {
  return node.kind === 'values' && node.rows.length === 1 && node.schema.length === 0
}

function oneRowOf(schema: Schema): LogicalNode {
  return { kind: 'values', rows: [[]], schema }
}

// --- several inputs ---

function united(node: LogicalOf<'union'>, domain: Domain): Form {
  const inputs = node.inputs.map((input) => chosen(formOf(input, domain), domain))
  const parameters = [...outersOfPlan(node, domain.limit)].sort((a, b) => a - b)
  const known = inputs.map((input) => materialized(withDomain(input, domain, parameters), domain))
  const branches = known.map((form) => {
    const columns = [...parameters.map((_, i) => columnOf(form.plan.schema, i)), ...form.columns]
    return project(form.plan, columns, [...parameters.map((_, i) => `$outer${i}`), ...node.schema.map((field) => field.name)])
  })
  const fields = parameters.map((_, i): Field => ({ name: `$outer${i}`, type: branches[0]!.schema[i]!.type }))
  const schema = [...fields, ...node.schema.map(({ name, type }): Field => ({ name, type }))]
  const residual = parameters.map((index, i) => {
    const column = columnOf(schema, i)
    return buildCall('IS NOT DISTINCT FROM', [{ kind: 'outer', index, type: column.type }, column])
  })
  return {
    plan: { kind: 'union', inputs: branches, schema },
    columns: node.schema.map((_, i) => columnOf(schema, parameters.length + i)),
    residual,
    isPadded: false,
  }
}

function joined(node: LogicalOf<'join'>, domain: Domain): Form {
  const { joinType } = node
  if (joinType === 'inner') return innerJoined(node, domain)
  if (joinType === 'right') return turned(node, domain)
  if (joinType === 'full')
    throw userError(
      'plan/correlated-subquery',
      'Cannot plan the subquery: it reads columns of the query around it inside of a FULL JOIN; a LEFT JOIN was wanted',
      domain.at,
    )
  const right = chosen(formOf(node.inputs[1], domain), domain)
  const first = chosen(formOf(node.inputs[0], domain), domain)
  const own = [node.condition ?? [], node.mark ?? []].flat()
  const needed = new Set(
    [...right.residual, ...right.columns, ...own].flatMap((expr) => [...outersOf(expr)].filter((index) => index < domain.limit)),
  )
  // Which right rows a left row has depends on the row around: it is brought to the left side first.
  const left = needed.size === 0 ? first : withDomain(first, domain, needed)
  const width = left.plan.schema.length
  const places = new Map(left === first ? [] : outerPlaces(left))
  const known = (expr: Expr): Expr =>
    mapOuters(expr, (outer) => {
      const place = places.get(outer.index)
      return place === undefined ? outer : columnOf(left.plan.schema, place)
    })
  const padsRight = joinType === 'left'
  const rightColumns = right.columns.map((column) => known(shifted(column, width)))
  const both = [...left.columns, ...rightColumns]
  const overBoth = (expr: Expr): Expr => known(mapColumns(expr, (column) => both[column.index]!))
  const condition = conjunction([
    ...right.residual.map((part) => known(shifted(part, width))),
    ...(node.condition === undefined ? [] : conjuncts(node.condition).map(overBoth)),
  ])
  const rightFields = right.plan.schema.map((field): Field => ({ name: field.name, type: withNullability(field.type, true) }))
  const found: Field = { name: '$found', type: types.boolean() }
  const marked = padsRight && rightColumns.some((column) => column.kind !== 'column')
  const rightPlan = marked
    ? project(right.plan, [...allColumns(right.plan.schema), trueLiteral], [...right.plan.schema.map((field) => field.name), '$found'])
    : right.plan
  const added: Schema =
    joinType === 'left' ? [...rightFields, ...(marked ? [found] : [])] : joinType === 'mark' ? [node.schema.at(-1)!] : []
  const schema = [...left.plan.schema.map(({ name, type }): Field => ({ name, type })), ...added]
  const plan: LogicalNode = {
    kind: 'join',
    joinType,
    inputs: [left.plan, rightPlan],
    schema,
    ...(condition === undefined ? {} : { condition }),
    ...(node.mark === undefined ? {} : { mark: overBoth(node.mark) }),
  }
  const shown = padsRight
    ? rightColumns.map((column) =>
        column.kind === 'column' ? columnOf(schema, column.index) : whereFound(column, columnOf(schema, schema.length - 1)),
      )
    : joinType === 'mark'
      ? [columnOf(schema, schema.length - 1)]
      : []
  return { plan, columns: [...left.columns, ...shown], residual: left.residual, isPadded: false }
}

/** A right join as the left join of its sides. */
function turned(node: LogicalOf<'join'>, domain: Domain): Form {
  const { inputs, condition, schema } = node
  const [left, right] = inputs
  const [leftWidth, rightWidth] = [left.schema.length, right.schema.length]
  const moved = (expr: Expr): Expr =>
    mapColumns(expr, (column) => ({ ...column, index: column.index < leftWidth ? column.index + rightWidth : column.index - leftWidth }))
  const form = joined(
    {
      ...node,
      joinType: 'left',
      inputs: [right, left],
      schema: [...schema.slice(leftWidth), ...schema.slice(0, leftWidth)],
      ...(condition === undefined ? {} : { condition: moved(condition) }),
    },
    domain,
  )
  return { ...form, columns: [...form.columns.slice(rightWidth), ...form.columns.slice(0, rightWidth)] }
}

export const trueLiteral: Expr = { kind: 'literal', type: types.boolean(false), value: true }

/** The value of a joined row, NULL where there is none. */
export function whereFound(value: Expr, found: Expr): Expr {
  const type = withNullability(value.type, true)
  return {
    kind: 'case',
    branches: [{ when: buildCall('IS NOT NULL', [found]), then: value }],
    otherwise: { kind: 'literal', type, value: null },
    type,
  }
}

function outerPlaces(form: Form): readonly (readonly [number, number])[] {
  return form.residual.map((part) => {
    assert(part.kind === 'call' && part.args[0]?.kind === 'outer' && part.args[1]?.kind === 'column', 'a domain is chosen from by equality')
    return [part.args[0].index, part.args[1].index] as const
  })
}

function innerJoined(node: LogicalOf<'join'>, domain: Domain): Form {
  const [left, right] = node.inputs.map((input) => chosen(formOf(input, domain), domain)) as [Form, Form]
  const width = left.plan.schema.length
  const columns = [...left.columns, ...right.columns.map((column) => shifted(column, width))]
  const parts = (node.condition === undefined ? [] : conjuncts(node.condition)).map((part) =>
    mapColumns(part, (column) => columns[column.index]!),
  )
  const condition = conjunction(parts.filter((part) => !readsOuter(part, domain)))
  const schema = [...left.plan.schema, ...right.plan.schema].map(({ name, type }): Field => ({ name, type }))
  const { stateTtlMs } = node
  const plan: LogicalNode = {
    kind: 'join',
    joinType: 'inner',
    inputs: [left.plan, right.plan],
    schema,
    ...(stateTtlMs === undefined ? {} : { stateTtlMs }),
    ...(condition === undefined ? {} : { condition }),
  }
  const residual = [
    ...left.residual,
    ...right.residual.map((part) => shifted(part, width)),
    ...parts.filter((part) => readsOuter(part, domain)),
  ]
  return { plan, columns, residual, isPadded: false }
}

// --- ordered rows ---

/** ORDER BY with LIMIT for each row around: the first rows of each partition. */
function sorted(node: LogicalOf<'sort'>, domain: Domain): Form {
  const input = chosen(formOf(node.input, domain), domain)
  if (node.count === undefined && node.offset === 0) return input
  const { form, keys } = keyed(materialized(input, domain), domain)
  const orderKeys = node.keys.map((key) => ({ ...key, column: plainColumn(form.columns[key.column]) }))
  const { offset, count } = node
  const { plan } = form
  const { schema } = plan
  const type = types.bigint(false)
  const number = schema.length
  const numbered: LogicalNode = {
    kind: 'over',
    input: plan,
    window: {
      partitionKeys: keys,
      orderKeys,
      frame: { unit: 'ROWS', start: { kind: 'unbounded-preceding' }, end: { kind: 'current-row' } },
    },
    calls: [{ name: 'ROW_NUMBER', args: [], argTypes: [], distinct: false, type }],
    schema: [...schema, { name: '$number', type }],
  }
  const place = columnOf(numbered.schema, number)
  const literal = (value: number): Expr => ({ kind: 'literal', type, value: BigInt(value) })
  const parts = [
    ...(offset > 0 ? [buildCall('>', [place, literal(offset)])] : []),
    ...(count === undefined ? [] : [buildCall('<=', [place, literal(offset + count)])]),
  ]
  return { ...form, plan: filter(numbered, conjunction(parts)!) }
}

function overRows(node: LogicalOf<'over'>, domain: Domain): Form {
  const { form, keys } = keyed(materialized(chosen(formOf(node.input, domain), domain), domain), domain)
  const { partitionKeys, orderKeys, frame } = node.window
  const window = {
    partitionKeys: [...new Set([...keys, ...partitionKeys.map((key) => plainColumn(form.columns[key]))])],
    orderKeys: orderKeys.map((key) => ({ ...key, column: plainColumn(form.columns[key.column]) })),
    frame,
  }
  const calls = node.calls.map((call) => ({
    ...call,
    args: call.args.map((arg) => plainColumn(form.columns[arg])),
    ...(call.filter === undefined ? {} : { filter: plainColumn(form.columns[call.filter]) }),
  }))
  const { at } = node
  return rowwise(form, node, (plan, schema) => ({ kind: 'over', input: plan, window, calls, schema, ...(at === undefined ? {} : { at }) }))
}

/** Whether a query never has a second row for one row around. */
export function hasOneRowAtMost(node: LogicalNode): boolean {
  switch (node.kind) {
    case 'project':
    case 'filter':
      return hasOneRowAtMost(node.input)
    case 'aggregate':
      return node.keys.length === 0
    case 'sort':
      return (node.count !== undefined && node.count <= 1) || hasOneRowAtMost(node.input)
    case 'values':
      return node.rows.length <= 1
    default:
      return false
  }
}
