import { type Column, comparable, condition, ofType } from './expressions.ts'
import type { Grammar, Relation } from './grammar.ts'
import { joined } from './join-shapes.ts'
import { isLookedUp } from './tables.ts'

// What goes by processing time and answers the same whenever rows come.

/** Each row with those of a table that never changes: a plain join. */
export function lookupJoin(grammar: Grammar, left: Relation): Relation | undefined {
  const { choices } = grammar
  const tables = grammar.tables.filter(isLookedUp)
  if (tables.length === 0) return undefined
  const right = choices.pick(tables)
  const pairs = comparable(left.columns).flatMap((column) =>
    column.role === undefined
      ? ofType(
          right.columns.filter(({ name }) => name !== 'ts'),
          column.type,
        ).map((other) => [column, other] as const)
      : [],
  )
  if (pairs.length === 0) return undefined
  grammar.isPortable = false
  const { input, time } = clocked(grammar, left)
  const [l, r] = [grammar.alias(), grammar.alias()]
  const [a, b] = choices.pick(pairs)
  const conditions = [`${l}.${a.name} = ${r}.${b.name}`]
  if (choices.oneIn(4)) {
    const [c, d] = choices.pick(pairs)
    conditions.push(`${l}.${c.name} = ${r}.${d.name}`)
  }
  if (choices.oneIn(3)) {
    const ofBoth = [...named(left.columns, l), ...named(right.columns, r)]
    conditions.push(condition(choices, choices.pick([named(right.columns, r), ofBoth]), 1, grammar.feature))
  }
  const shown: Relation = {
    sql: '',
    table: `${right.name} FOR SYSTEM_TIME AS OF ${l}.${time}`,
    columns: right.columns,
    isUpdating: false,
    isOrdered: false,
  }
  const type = choices.pick(['JOIN', 'LEFT JOIN'] as const)
  const parts = { left: { ...left, table: input }, right: shown, l, r, type, on: conditions.join(' AND ') }
  return joined(grammar, { ...parts, keepsTime: true, isUpdating: left.isUpdating })
}

/** Rows that come within a day of each other: all do. */
export function clockJoin(grammar: Grammar, left: Relation, right: Relation): Relation | undefined {
  if (left.isUpdating || right.isUpdating) return undefined
  const { choices } = grammar
  grammar.isPortable = false
  const [a, b] = [clocked(grammar, left), clocked(grammar, right)]
  const [l, r] = [grammar.alias(), grammar.alias()]
  const conditions = [`${l}.${a.time} BETWEEN ${r}.${b.time} - INTERVAL '1' DAY AND ${r}.${b.time} + INTERVAL '1' DAY`]
  const pairs = comparable(left.columns).flatMap((column) =>
    ofType(comparable(right.columns), column.type).map((other) => [column, other] as const),
  )
  if (pairs.length > 0 && !choices.oneIn(5)) {
    const [x, y] = choices.pick(pairs)
    conditions.push(`${l}.${x.name} ${choices.pick(['=', '=', '<>'])} ${r}.${y.name}`)
  }
  const parts = { left: { ...left, table: a.input }, right: { ...right, table: b.input }, l, r }
  return joined(grammar, { ...parts, type: 'JOIN', on: conditions.join(' AND '), isUpdating: false })
}

/** The keys of the rows that came first, or how many had come in the end: who came when does not matter. */
export function byArrival(grammar: Grammar, input: Relation): Relation | undefined {
  const { choices } = grammar
  const usable = comparable(input.columns)
  if (input.isUpdating || usable.length === 0) return undefined
  grammar.isPortable = false
  const keys = choices.some(usable, 2)
  const names = keys.map(({ name }) => name).join(', ')
  const columns = keys.map((column): Column => ({ ...column, role: undefined }))
  const { input: from, time } = clocked(grammar, input)
  const [number, inner] = [grammar.name(), grammar.alias()]
  const over = (call: string, more = ''): string => `${call} OVER (PARTITION BY ${names} ORDER BY ${time}${more}) AS ${number}`
  if (choices.oneIn(2)) {
    const sql = `SELECT ${names} FROM (SELECT ${names}, ${over('ROW_NUMBER()')} FROM ${from} AS ${grammar.alias()}) AS ${inner} WHERE ${number} = 1`
    return { sql, columns, isUpdating: false, isOrdered: false }
  }
  const most = grammar.name()
  const counted = over('COUNT(*)', ' ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW')
  return {
    sql: `SELECT ${names}, MAX(${number}) AS ${most} FROM (SELECT ${names}, ${counted} FROM ${from} AS ${grammar.alias()}) AS ${inner} GROUP BY ${names}`,
    columns: [...columns, { name: most, type: 'BIGINT' }],
    isUpdating: true,
    isOrdered: false,
  }
}

/** A query with processing time. */
function clocked(grammar: Grammar, relation: Relation): { readonly input: string; readonly time: string } {
  const time = grammar.name()
  return { input: `(SELECT *, PROCTIME() AS ${time} FROM ${relation.table ?? `(${relation.sql}) AS ${grammar.alias()}`})`, time }
}

function named(columns: readonly Column[], alias: string): readonly Column[] {
  return columns.map((column) => ({ ...column, name: `${alias}.${column.name}`, role: undefined }))
}
