import type { Choices } from './choices.ts'
import { type Column, comparable, condition, literal, ofType } from './expressions.ts'
import type { Grammar, Relation } from './grammar.ts'
import type { ColumnType } from './tables.ts'

/** A condition with a query inside, over the columns of the rows around it. */
export function subqueryCondition(grammar: Grammar, outer: readonly Column[], depth: number): string {
  const { choices, feature } = grammar
  return choices.span('subquery', () => {
    const form = choices.weighted([
      [4, 'EXISTS'],
      [4, 'IN'],
      [2, 'quantified'],
      [3, 'scalar'],
      [1, 'pair'],
    ] as const)
    const test = ((): string => {
      switch (form) {
        case 'EXISTS':
          return `EXISTS (${rowsQuery(grammar, outer, depth, undefined)})`
        case 'IN':
        case 'quantified': {
          const column = pickOperand(choices, outer)
          if (column === undefined) return 'TRUE'
          const query = rowsQuery(grammar, outer, depth, [column.type])
          if (form === 'IN') return `${column.name} ${choices.pick(['IN', 'NOT IN'])} (${query})`
          return `${column.name} ${choices.pick(['=', '<>', '<', '>='])} ${choices.pick(['ANY', 'ALL'])} (${query})`
        }
        case 'pair': {
          const [a, b] = [pickOperand(choices, outer), pickOperand(choices, outer)]
          if (a === undefined || b === undefined) return 'TRUE'
          // DuckDB says UNKNOWN of rows that differ in one column where another one is NULL; the standard says FALSE.
          feature('row in a query')
          return `(${a.name}, ${b.name}) ${choices.pick(['IN', 'NOT IN'])} (${rowsQuery(grammar, outer, depth, [a.type, b.type])})`
        }
        case 'scalar': {
          const type = choices.pick(['BIGINT', 'INT', 'STRING'] as const)
          const operand = choices.oneIn(2) ? literal(choices, type) : (ofType(outer, type)[0]?.name ?? literal(choices, type))
          return `${scalarQuery(grammar, outer, type, depth)} ${choices.pick(['=', '<', '>', '<>'])} ${operand}`
        }
      }
    })()
    const shape = choices.weighted([
      [6, 'plain'],
      [2, 'NOT'],
      [2, 'OR'],
      [1, 'AND'],
      [1, 'IS'],
    ] as const)
    switch (shape) {
      case 'plain':
        return test
      case 'NOT':
        return `NOT (${test})`
      case 'OR':
      case 'AND':
        return `(${test} ${shape} ${condition(choices, outer, 0, feature)})`
      case 'IS':
        return `(${test}) IS ${choices.pick(['NOT TRUE', 'UNKNOWN', 'NOT FALSE'])}`
    }
  })
}

/** A query with one row at most as a value; BIGINT may be a count, which is 0 without rows. */
export function scalarQuery(grammar: Grammar, outer: readonly Column[], type: 'BIGINT' | 'INT' | 'STRING', depth: number): string {
  const { choices, relation, alias: newAlias } = grammar
  const input = relation(choices.below(2))
  const alias = newAlias()
  const own = qualified(input, alias)
  const columns = ofType(own, type)
  const where = choices.oneIn(8) ? '' : ` WHERE ${correlation(grammar, own, outer, depth)}`
  const from = `FROM ${fromText(input)} AS ${alias}${where}`
  const form = choices.below(6)
  if (type === 'BIGINT' && (columns.length === 0 || form < 3))
    return `(SELECT COUNT(${choices.oneIn(2) ? '*' : (comparable(own)[0]?.name ?? '*')})${choices.oneIn(4) ? ' + 1' : ''} ${from})`
  if (columns.length === 0) return `(SELECT ${literal(choices, type)} ${from} LIMIT 1)`
  const { name: column } = choices.pick(columns)
  switch (form) {
    case 4:
      return `(SELECT ${column} ${from} ORDER BY ${column} DESC NULLS LAST LIMIT 1)`
    case 5:
      return `(SELECT COALESCE(${choices.pick(['MIN', 'MAX'])}(${column}), ${literal(choices, type)}) ${from})`
    default:
      return `(SELECT ${choices.pick(['MIN', 'MAX'])}(${column}) ${from})`
  }
}

/** A query of any number of rows, with columns of the types that are wanted; undefined: any. */
function rowsQuery(grammar: Grammar, outer: readonly Column[], depth: number, wanted: readonly ColumnType[] | undefined): string {
  const { choices, relation, alias: newAlias } = grammar
  const one = (): string => {
    const input = relation(choices.below(2))
    const alias = newAlias()
    const own = qualified(input, alias)
    const item = (type: ColumnType): string => {
      const candidates = ofType(own, type)
      if (candidates.length === 0) return literal(choices, type)
      const { name: column } = choices.pick(candidates)
      return choices.oneIn(8) && ofType(outer, type).length > 0 ? `COALESCE(${column}, ${ofType(outer, type)[0]!.name})` : column
    }
    const types = wanted ?? [choices.pick(['INT', 'STRING'] as const)]
    const items = types.map((type) => item(type))
    const where = choices.oneIn(8) ? '' : ` WHERE ${correlation(grammar, own, outer, depth)}`
    const shape = choices.weighted([
      [8, 'select'],
      [1, 'distinct'],
      [2, 'group'],
      [1, 'global'],
      [2, 'join'],
    ] as const)
    const from = `FROM ${fromText(input)} AS ${alias}`
    switch (shape) {
      case 'distinct':
        return `SELECT DISTINCT ${items.join(', ')} ${from}${where}`
      case 'group': {
        const having = choices.oneIn(2) ? ` HAVING COUNT(*) ${choices.pick(['>', '<', '='])} ${choices.below(3)}` : ''
        return `SELECT ${items.join(', ')} ${from}${where} GROUP BY ${[...new Set(items)].join(', ')}${having}`
      }
      case 'global':
        return `SELECT ${types.map((type, i) => (type === 'BOOLEAN' ? literal(choices, type) : `MAX(${items[i]})`)).join(', ')} ${from}${where}`
      case 'join': {
        const other = relation(0)
        const second = newAlias()
        const both = [...own, ...qualified(other, second)]
        const on = correlation(grammar, qualified(other, second), [...own, ...outer], 0)
        const join = choices.pick(['JOIN', 'LEFT JOIN', 'RIGHT JOIN'])
        const test = choices.oneIn(2) ? where : ` WHERE ${correlation(grammar, both, outer, depth)}`
        return `SELECT ${items.join(', ')} ${from} ${join} ${fromText(other)} AS ${second} ON ${on}${test}`
      }
      default:
        return `SELECT ${items.join(', ')} ${from}${where}`
    }
  }
  return choices.oneIn(10) ? `${one()} UNION ALL ${one()}` : one()
}

/** Conditions over the rows of a query and those around it: equalities first of all. */
function correlation(grammar: Grammar, own: readonly Column[], outer: readonly Column[], depth: number): string {
  const { choices, feature } = grammar
  const parts: string[] = []
  const usable = comparable(own)
  const compare = (operators: readonly string[]): void => {
    if (usable.length === 0) return
    const column = choices.pick(usable)
    const partners = ofType(outer, column.type)
    if (partners.length > 0) parts.push(`${column.name} ${choices.pick(operators)} ${choices.pick(partners).name}`)
  }
  if (!choices.oneIn(4)) compare(['='])
  if (choices.oneIn(4)) compare(['<', '<>', '>=', 'IS NOT DISTINCT FROM', '='])
  if (choices.oneIn(3)) parts.push(condition(choices, own, 1, feature))
  if (choices.oneIn(8)) parts.push(condition(choices, [...own, ...outer], 1, feature))
  if (depth > 0 && choices.oneIn(5)) parts.push(subqueryCondition(grammar, [...own, ...outer], depth - 1))
  return parts.length === 0 ? condition(choices, own, 0, feature) : parts.join(' AND ')
}

function pickOperand(choices: Choices, outer: readonly Column[]): Column | undefined {
  const usable = comparable(outer).filter((column) => column.type !== 'TIMESTAMP')
  return usable.length === 0 ? undefined : choices.pick(usable)
}

export function qualified({ columns }: Relation, alias: string): readonly Column[] {
  return columns.map((column) => ({ ...column, name: `${alias}.${column.name}`, role: undefined }))
}

export function fromText({ sql, table }: Relation): string {
  return table ?? `(${sql})`
}
