import { type Column, comparable, condition, ofType } from './expressions.ts'
import type { Grammar, Relation } from './grammar.ts'
import { qualified } from './subqueries.ts'

export function join(grammar: Grammar, left: Relation, right: Relation): Relation {
  const { choices } = grammar
  const type = choices.weighted([
    [4, 'JOIN'],
    [3, 'LEFT JOIN'],
    [2, 'RIGHT JOIN'],
    [2, 'FULL JOIN'],
  ] as const)
  const [l, r] = [grammar.alias(), grammar.alias()]
  const leftColumns = left.columns.map((column): Column => ({ ...column, name: `${l}.${column.name}`, role: undefined }))
  const rightColumns = right.columns.map((column): Column => ({ ...column, name: `${r}.${column.name}`, role: undefined }))
  const pairs = comparable(leftColumns).flatMap((column) => ofType(rightColumns, column.type).map((other) => [column, other] as const))
  const conditions: string[] = []
  if (pairs.length > 0) {
    do {
      const [a, b] = choices.pick(pairs)
      conditions.push(choices.oneIn(8) ? `${a.name} IS NOT DISTINCT FROM ${b.name}` : `${a.name} = ${b.name}`)
    } while (conditions.length < 2 && choices.oneIn(4))
    if (choices.oneIn(4)) {
      const [a, b] = choices.pick(pairs)
      conditions.push(`${a.name} ${choices.pick(['<', '<>', '>='])} ${b.name}`)
      if (choices.oneIn(3)) conditions.shift()
    }
  }
  if (choices.oneIn(5) || conditions.length === 0)
    conditions.push(condition(choices, [...leftColumns, ...rightColumns], 1, grammar.feature))
  return joined(grammar, { left, right, l, r, type, on: conditions.join(' AND ') })
}

export function joined(grammar: Grammar, parts: JoinParts): Relation {
  const { left, right, l, r, type, on } = parts
  const columns: Column[] = []
  const items: string[] = []
  for (const [relation, alias] of [
    [left, l],
    [right, r],
  ] as const) {
    for (const column of relation.columns) {
      const isTime = parts.keepsTime === true && relation === left && column.role === 'rowtime'
      if (!isTime && columns.length > 0 && grammar.choices.oneIn(3)) continue
      const name = grammar.name()
      columns.push({ ...column, name, role: isTime ? 'rowtime' : undefined })
      items.push(`${alias}.${column.name} AS ${name}`)
    }
  }
  const side = (relation: Relation, alias: string): string => `${relation.table ?? `(${relation.sql})`} AS ${alias}`
  const filtered = grammar.choices.pick([qualified(right, r), qualified(left, l)])
  const where = grammar.choices.oneIn(4) ? ` WHERE ${condition(grammar.choices, filtered, 1, grammar.feature)}` : ''
  return {
    sql: `SELECT ${items.join(', ')} FROM ${side(left, l)} ${type} ${side(right, r)} ON ${on}${where}`,
    columns,
    isUpdating: parts.isUpdating ?? (type !== 'JOIN' || left.isUpdating || right.isUpdating),
    isOrdered: false,
  }
}

/** Columns by which two queries may be joined, besides their times. */
export function pairOf(grammar: Grammar, left: Relation, right: Relation): readonly [Column, Column] | undefined {
  const pairs = comparable(left.columns).flatMap((column) =>
    ofType(right.columns, column.type).flatMap((other) =>
      column.role === undefined && other.role === undefined ? [[column, other] as const] : [],
    ),
  )
  return pairs.length === 0 ? undefined : grammar.choices.pick(pairs)
}

interface JoinParts {
  readonly left: Relation
  readonly right: Relation
  readonly l: string
  readonly r: string
  readonly type: 'JOIN' | 'LEFT JOIN' | 'RIGHT JOIN' | 'FULL JOIN'
  readonly on: string
  /** The left side's time stays one. */
  readonly keepsTime?: boolean
  /** Where the type of the join does not say it. */
  readonly isUpdating?: boolean
}
