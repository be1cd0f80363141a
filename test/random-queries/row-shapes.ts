import { type Column, comparable, condition, expression, ofType } from './expressions.ts'
import { type Grammar, type Relation, fromOf } from './grammar.ts'
import { fromText, qualified, scalarQuery, subqueryCondition } from './subqueries.ts'

export function select(grammar: Grammar, input: Relation): Relation {
  const { choices } = grammar
  const where = choices.oneIn(3) ? '' : ` WHERE ${condition(choices, input.columns, 2, grammar.feature)}`
  if (choices.below(3) === 0 && input.table === undefined) {
    return { ...input, sql: `SELECT * FROM ${fromOf(grammar, input)}${where}`, isOrdered: input.isOrdered }
  }
  const columns: Column[] = []
  const items: string[] = []
  for (const column of input.columns) {
    const isKept = column.role === 'rowtime' || column.role === 'window_start' || column.role === 'window_end' || !choices.oneIn(4)
    if (!isKept) continue
    const name = grammar.name()
    columns.push({ ...column, name })
    items.push(`${column.name} AS ${name}`)
  }
  while (choices.oneIn(3) && items.length < 8) {
    const type = choices.pick(['INT', 'STRING', 'BIGINT', 'BOOLEAN', 'DOUBLE', 'DECIMAL'] as const)
    const name = grammar.name()
    columns.push({ name, type })
    items.push(`${expression(choices, input.columns, type, 2, grammar.feature)} AS ${name}`)
  }
  if (items.length === 0) {
    const name = grammar.name()
    columns.push({ name, type: 'INT' })
    items.push(`1 AS ${name}`)
  }
  const { window } = input
  const nameOf = (old: string): string => columns[items.findIndex((item) => item.startsWith(`${old} AS `))]!.name
  return {
    sql: `SELECT ${items.join(', ')} FROM ${fromOf(grammar, input)}${where}`,
    columns,
    isUpdating: input.isUpdating,
    isOrdered: input.isOrdered,
    hasUniqueTimes: input.hasUniqueTimes === true,
    window: window === undefined ? undefined : { ...window, start: nameOf(window.start), end: nameOf(window.end) },
  }
}

export function unnest(grammar: Grammar, input: Relation): Relation | undefined {
  const arrays = ofType(input.columns, 'ARRAY')
  if (arrays.length === 0) return undefined
  grammar.isPortable = false
  const { choices } = grammar
  const array = choices.pick(arrays)
  const element = grammar.name()
  const [query, unnested] = [grammar.alias(), grammar.alias()]
  const from = input.table === undefined ? `(${input.sql})` : input.table
  const withOrdinality = choices.oneIn(3)
  const ordinal = withOrdinality ? grammar.name() : undefined
  const join = choices.pick(['CROSS JOIN', 'LEFT JOIN'])
  const columns: Column[] = [{ name: element, type: 'INT' }]
  if (ordinal !== undefined) columns.push({ name: ordinal, type: 'INT' })
  return {
    sql:
      `SELECT * FROM ${from} AS ${query} ${join} UNNEST(${query}.${array.name})${withOrdinality ? ' WITH ORDINALITY' : ''}` +
      ` AS ${unnested} (${columns.map((column) => column.name).join(', ')})${join === 'LEFT JOIN' ? ' ON TRUE' : ''}`,
    columns: [...input.columns.map((column) => ({ ...column, role: undefined })), ...columns],
    isUpdating: input.isUpdating,
    isOrdered: input.isOrdered,
  }
}

export function union(grammar: Grammar, left: Relation, right: Relation): Relation | undefined {
  const { choices } = grammar
  const pairs: (readonly [Column, Column])[] = []
  const isTimed = (column: Column): boolean => column.role === 'rowtime'
  const used = new Set<Column>()
  for (const column of left.columns) {
    const partner = right.columns.find((other) => other.type === column.type && isTimed(other) === isTimed(column) && !used.has(other))
    if (partner === undefined) continue
    used.add(partner)
    pairs.push([column, partner])
  }
  if (pairs.length === 0) return undefined
  const names = pairs.map(() => grammar.name())
  const side = (relation: Relation, which: 0 | 1): string =>
    `SELECT ${pairs.map((pair, i) => `${pair[which].name} AS ${names[i]}`).join(', ')} FROM ${fromOf(grammar, relation)}`
  const isInexact = pairs.some((pair) => pair.some((column) => column.isInexact))
  const hasArray = pairs.some(([column]) => column.type === 'ARRAY')
  const operator =
    isInexact || hasArray || pairs.some(([column]) => isTimed(column))
      ? 'UNION ALL'
      : choices.pick(['UNION ALL', 'UNION', 'INTERSECT', 'EXCEPT', 'INTERSECT ALL', 'EXCEPT ALL'] as const)
  grammar.features.add(operator.toLowerCase())
  return {
    sql: `${side(left, 0)} ${operator} ${side(right, 1)}`,
    columns: pairs.map(([column, other], i) => ({
      name: names[i]!,
      type: column.type,
      role: isTimed(column) ? 'rowtime' : undefined,
      isInexact: column.isInexact === true || other.isInexact === true,
    })),
    isUpdating: operator !== 'UNION ALL' || left.isUpdating || right.isUpdating,
    isOrdered: false,
  }
}

export function distinct(grammar: Grammar, input: Relation): Relation {
  const columns = grammar.choices.some(comparable(input.columns).length === 0 ? input.columns : comparable(input.columns), 3)
  const names = columns.map(() => grammar.name())
  return {
    sql: `SELECT DISTINCT ${columns.map((column, i) => `${column.name} AS ${names[i]}`).join(', ')} FROM ${fromOf(grammar, input)}`,
    columns: columns.map(({ type }, i) => ({ name: names[i]!, type })),
    isUpdating: true,
    isOrdered: false,
  }
}

export function withSubqueries(grammar: Grammar, input: Relation): Relation {
  const { choices } = grammar
  const alias = grammar.alias()
  const outer = qualified(input, alias)
  const columns: Column[] = []
  const items: string[] = []
  input.columns.forEach((column, i) => {
    if (i > 0 && choices.oneIn(3)) return
    const name = grammar.name()
    columns.push({ ...column, name, role: undefined })
    items.push(`${outer[i]!.name} AS ${name}`)
  })
  if (choices.oneIn(2)) {
    const name = grammar.name()
    const type = choices.pick(['BIGINT', 'INT', 'STRING', 'BOOLEAN'] as const)
    const value = type === 'BOOLEAN' ? subqueryCondition(grammar, outer, 1) : scalarQuery(grammar, outer, type, 1)
    columns.push({ name, type })
    items.push(`${value} AS ${name}`)
  }
  const conditions: string[] = []
  if (items.length === columns.length && !choices.oneIn(4)) conditions.push(subqueryCondition(grammar, outer, 1))
  if (choices.oneIn(3)) conditions.push(condition(choices, outer, 1, grammar.feature))
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`
  return { sql: `SELECT ${items.join(', ')} FROM ${fromText(input)} AS ${alias}${where}`, columns, isUpdating: true, isOrdered: false }
}

export function lateral(grammar: Grammar, input: Relation): Relation {
  const { choices } = grammar
  const [alias, second] = [grammar.alias(), grammar.alias()]
  const name = grammar.name()
  const type = choices.pick(['BIGINT', 'INT', 'STRING'] as const)
  const query = scalarQuery(grammar, qualified(input, alias), type, 1)
  const join = choices.pick(['CROSS JOIN', 'LEFT JOIN'])
  return {
    sql: `SELECT * FROM ${fromText(input)} AS ${alias} ${join} LATERAL ${query} AS ${second} (${name})${join === 'LEFT JOIN' ? ' ON TRUE' : ''}`,
    columns: [...input.columns.map((column): Column => ({ ...column, role: undefined })), { name, type }],
    isUpdating: true,
    isOrdered: false,
  }
}
