import type { NumberLiteral } from './syntax-literal.ts'
import type { Call, Case, Expression, Query, ScalarQuery, Select, TableAlias } from './syntax-query.ts'
import type { Identifier } from './syntax-type.ts'

/**
 * The tree as Flink's validator leaves it, which is what SHOW CREATE and DESCRIBE print: a CASE with an operand has become one of conditions, defaults
 * of the JSON functions are written out, `YEAR(d)` is EXTRACT. Means the same.
 */
export function validatedForm<T extends Expression | Query>(tree: T): T {
  return rewrite(tree, simplified) as T
}

/**
 * Gives each table of FROM that has no name the one by which Flink calls it, `EXPR$0` and on, outer ones first, and writes `TABLE t` as a SELECT of
 * all its columns.
 */
export function withTableNames(query: Query): Query {
  let count = 0
  const named = (node: object): object => {
    const { kind, alias, at } = node as { kind?: string; alias?: TableAlias; at: Identifier['at'] }
    switch (kind) {
      case 'query':
        // The right side of ALL and ANY is of this kind too, and no query itself.
        return 'body' in node ? sortedSelect(node as Query) : node
      case 'table':
        return { kind: 'select', items: [{ expression: star(at), alias: undefined, at }], from: namedTable(node), ...noClauses, at }
      case 'named-table':
        if (alias === undefined) count++
        return node
      case 'derived-table':
      case 'table-function':
      case 'unnest':
        return alias === undefined ? { ...node, alias: { name: { name: `EXPR$${count++}`, at }, columns: [], at } } : node
      case 'table-argument': {
        const {
          query: argument,
          partitionBy,
          orderBy,
        } = node as { query: Query; partitionBy: readonly unknown[]; orderBy: readonly unknown[] }
        return partitionBy.length + orderBy.length === 0 ? { kind: 'scalar-query', query: argument, isTable: true, at } : node
      }
      default:
        return node
    }
  }
  return rewriteDown(query, named) as Query
}

/** ORDER BY and LIMIT of what is no SELECT are those of a SELECT of all its columns. */
function sortedSelect(query: Query): Query {
  if (isPlain(query)) return query
  const { at } = query
  const body = query.body.kind === 'query' && query.body.with === undefined && isPlain(query.body) ? query.body.body : query.body
  if (body.kind !== 'set-operation' && body.kind !== 'values') return query
  const inner: Query = { kind: 'query', with: query.with, body, orderBy: [], offset: undefined, limit: undefined, at }
  const from = { kind: 'derived-table', query: inner, lateral: false, alias: undefined, at } as const
  return {
    ...query,
    with: undefined,
    body: { kind: 'select', items: [{ expression: star(at), alias: undefined, at }], from, ...noClauses, at },
  }
}

function isPlain({ orderBy, offset, limit }: Query): boolean {
  return orderBy.length === 0 && offset === undefined && limit === undefined
}

const noClauses = {
  quantifier: undefined,
  hints: [],
  where: undefined,
  groupBy: undefined,
  having: undefined,
  windows: [],
  qualify: undefined,
} as const

function star(at: Identifier['at']): Expression {
  return { kind: 'star', qualifier: [], at }
}

function namedTable(node: object): object {
  const { name, at } = node as { name: unknown; at: unknown }
  return { kind: 'named-table', name, hints: [], asOf: undefined, alias: undefined, at }
}

/** Rebuilds a tree from its leaves; positions stay as they are. */
function rewrite(data: unknown, change: (node: object) => object): unknown {
  if (Array.isArray(data)) return data.map((item: unknown) => rewrite(item, change))
  if (typeof data !== 'object' || data === null) return data
  return change(mapValues(data, (value) => rewrite(value, change)))
}

/** Rebuilds a tree from its root. */
function rewriteDown(data: unknown, change: (node: object) => object): unknown {
  if (Array.isArray(data)) return data.map((item: unknown) => rewriteDown(item, change))
  if (typeof data !== 'object' || data === null) return data
  return mapValues(change(data), (value) => rewriteDown(value, change))
}

function mapValues(node: object, map: (value: unknown) => unknown): object {
  return Object.fromEntries(Object.entries(node).map(([key, value]: [string, unknown]) => [key, key === 'at' ? value : map(value)]))
}

/** One node whose parts have their form already. */
function simplified(node: object): object {
  const expression = node as Expression | Select
  switch (expression.kind) {
    case 'scalar-query':
      return 'isTable' in expression ? expression : inParentheses(expression)
    case 'select':
      return {
        ...expression,
        items: expression.items.map((item) => (item.alias === undefined ? item : { ...item, expression: operand(item.expression) })),
      }
    case 'binary':
      return { ...expression, left: operand(expression.left), right: operand(expression.right) }
    case 'is-distinct-from':
      return { ...expression, left: operand(expression.left), right: operand(expression.right) }
    case 'unary':
    case 'is':
    case 'in-list':
    case 'in-query':
      return { ...expression, operand: operand(expression.operand) }
    case 'between':
      return { ...expression, operand: operand(expression.operand), high: operand(expression.high) }
    case 'like':
      return { ...expression, operand: operand(expression.operand), pattern: operand(expression.pattern) }
    case 'quantified':
      return { ...expression, left: operand(expression.left) }
    case 'number':
      return { ...expression, text: numberText(expression) }
    case 'row':
      return { ...expression, form: 'ROW' }
    case 'case':
      return searchedCase(expression)
    case 'call':
      return extractCall(expression)
    case 'json-object':
    case 'json-objectagg':
      return { ...expression, onNull: expression.onNull ?? 'NULL ON NULL' }
    case 'json-array':
    case 'json-array-query':
    case 'json-arrayagg':
      return { ...expression, onNull: expression.onNull ?? 'ABSENT ON NULL' }
    case 'json-query': {
      const onNull = { kind: 'NULL', at: expression.at }
      const { wrapper = 'WITHOUT', onEmpty = onNull, onError = onNull } = expression
      return { ...expression, wrapper, onEmpty, onError }
    }
    default:
      return node
  }
}

/** A query as a value stands in two pairs of parentheses, as an operand and before AS in three, as Flink prints it. */
function inParentheses(value: ScalarQuery): ScalarQuery {
  const { query, at } = value
  return { ...value, query: { kind: 'query', with: undefined, body: query, orderBy: [], offset: undefined, limit: undefined, at } }
}

function operand(expression: Expression): Expression {
  return expression.kind === 'scalar-query' && !('isTable' in expression) ? inParentheses(expression) : expression
}

/** `CASE a WHEN 1 THEN ..` as `CASE WHEN a = 1 THEN ..`; what no branch takes is NULL. */
function searchedCase(expression: Case): Expression {
  const { operand, at } = expression
  const otherwise: Expression = expression.otherwise ?? { kind: 'null', at }
  if (operand === undefined) return { ...expression, otherwise }
  const branches = expression.branches.map((branch) => {
    const [first, ...others] = branch.conditions
    const condition: Expression =
      others.length === 0 && first !== undefined
        ? { kind: 'binary', operator: '=', left: operand, right: first, at, operatorAt: at }
        : { kind: 'in-list', operand, list: branch.conditions, negated: false, at }
    return { ...branch, conditions: [condition] }
  })
  return { ...expression, operand: undefined, branches, otherwise }
}

/** Functions of one unit of time that are other names of EXTRACT. */
const EXTRACTS: Readonly<Record<string, string>> = {
  YEAR: 'YEAR',
  QUARTER: 'QUARTER',
  MONTH: 'MONTH',
  WEEK: 'WEEK',
  DAYOFYEAR: 'DOY',
  DAYOFMONTH: 'DAY',
  DAYOFWEEK: 'DOW',
  HOUR: 'HOUR',
  MINUTE: 'MINUTE',
  SECOND: 'SECOND',
}

function extractCall(call: Call): Expression {
  const [name, ...rest] = call.name.parts
  const [argument, ...others] = call.arguments
  const upper = name?.name.toUpperCase() ?? ''
  if (name === undefined || rest.length > 0 || argument === undefined || others.length > 0 || !Object.hasOwn(EXTRACTS, upper)) return call
  const unit = { kind: 'time-unit', unit: EXTRACTS[upper]!, at: call.at } as Expression
  const extract = { ...call.name, parts: [{ ...name, name: 'EXTRACT' }] }
  return { ...call, name: extract, arguments: [{ ...argument, value: unit }, argument] }
}

/** `1e3` is `1E3`, `12e3` is `1.2E4`; a whole number has no zeros before it. */
function numberText({ form, text }: NumberLiteral): string {
  if (form === 'integer') return text.replace(/^0+(?=\d)/, '')
  if (form === 'decimal') return text
  const [, whole = '', fraction = '', exponent = '0'] = /^(\d*)\.?(\d*)e([+-]?\d+)$/i.exec(text) ?? []
  const digits = (whole + fraction).replace(/^0+(?=\d)/, '')
  const power = digits.length - 1 - fraction.length + Number(exponent)
  return `${digits[0] ?? '0'}${digits.length > 1 ? `.${digits.slice(1)}` : ''}E${power}`
}
