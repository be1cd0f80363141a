import { type Column, comparable, condition, ofType } from './expressions.ts'
import { type Grammar, type Relation, fromOf } from './grammar.ts'
import type { ColumnType } from './tables.ts'

export function groupBy(grammar: Grammar, input: Relation): Relation {
  const { choices } = grammar
  const groupable = comparable(input.columns)
  const keys = groupable.length === 0 || choices.oneIn(6) ? [] : choices.some(groupable, 2)
  const aggregates = randomAggregates(grammar, input)
  const names = keys.map(() => grammar.name())
  const items = [...keys.map((key, i) => `${key.name} AS ${names[i]}`), ...aggregates.map(({ sql, column }) => `${sql} AS ${column.name}`)]
  const having = choices.oneIn(4) ? ` HAVING ${havingCondition(grammar, input)}` : ''
  return {
    sql: `SELECT ${items.join(', ')} FROM ${fromOf(grammar, input)}${groupByOf(keys)}${having}`,
    columns: [...keys.map(({ type }, i): Column => ({ name: names[i]!, type })), ...aggregates.map(({ column }) => column)],
    isUpdating: true,
    isOrdered: false,
  }
}

export function groupingSets(grammar: Grammar, input: Relation): Relation | undefined {
  const { choices } = grammar
  const keys = choices.some(comparable(input.columns).slice(0, 5), 3)
  if (keys.length < 2) return undefined
  const names = keys.map(() => grammar.name())
  const list = keys.map((key) => key.name)
  const sets = choices.pick([
    `ROLLUP (${list.join(', ')})`,
    `CUBE (${list.slice(0, 2).join(', ')})`,
    `GROUPING SETS ((${list.join(', ')}), (${list[0]}), ())`,
    `GROUPING SETS ((${list[0]}), (${list[1]}))`,
  ])
  // Of no rows DuckDB makes a row of the set (), as the standard does; Flink and Rheo make none.
  if (!sets.endsWith(`(${list[1]}))`)) grammar.isPortable = false
  const shown = sets.startsWith('CUBE') || !sets.includes(list[2] ?? list[0]!) ? keys.slice(0, 2) : keys
  const aggregates = randomAggregates(grammar, input)
  const items = [...shown.map((key, i) => `${key.name} AS ${names[i]}`), ...aggregates.map(({ sql, column }) => `${sql} AS ${column.name}`)]
  const grouping: Column[] = []
  if (choices.oneIn(2)) {
    const name = grammar.name()
    items.push(`GROUPING(${list[0]}) AS ${name}`)
    grouping.push({ name, type: 'BIGINT' })
  }
  return {
    sql: `SELECT ${items.join(', ')} FROM ${fromOf(grammar, input)} GROUP BY ${sets}`,
    columns: [...shown.map(({ type }, i): Column => ({ name: names[i]!, type })), ...aggregates.map(({ column }) => column), ...grouping],
    isUpdating: true,
    isOrdered: false,
  }
}

export function havingCondition(grammar: Grammar, input: Relation): string {
  const { choices } = grammar
  const numbers = ofType(input.columns, 'INT')
  const count = numbers.length > 0 && choices.oneIn(2) ? `COUNT(${choices.pick(numbers).name})` : 'COUNT(*)'
  return `${count} ${choices.pick(['>', '<', '<>', '='])} ${choices.below(4)}`
}

export function randomAggregates(grammar: Grammar, input: Relation): readonly { readonly sql: string; readonly column: Column }[] {
  const { choices } = grammar
  const made: { readonly sql: string; readonly column: Column }[] = []
  do {
    made.push(choices.span('aggregate', () => randomAggregate(grammar, input)))
  } while (made.length < 4 && choices.oneIn(2))
  return made
}

function randomAggregate(grammar: Grammar, input: Relation): { readonly sql: string; readonly column: Column } {
  const { choices } = grammar
  const { columns } = input
  const usable = comparable(columns)
  const filter = choices.oneIn(4) ? ` FILTER (WHERE ${condition(choices, columns, 0, grammar.feature)})` : ''
  const name = grammar.name()
  const made = (sql: string, type: ColumnType, more: Partial<Column> = {}) => ({
    sql: `${sql}${filter}`,
    column: { name, type, ...more },
  })
  if (usable.length === 0) return made('COUNT(*)', 'BIGINT')
  const form = choices.weighted([
    [4, 'count'],
    [4, 'sum'],
    [2, 'extremum'],
    [2, 'count distinct'],
    [3, 'avg'],
    [1, 'spread'],
    [1, 'sum distinct'],
    [2, 'arrival'],
  ] as const)
  const numbers = usable.filter((column) => ['INT', 'BIGINT', 'DECIMAL', 'DOUBLE'].includes(column.type))
  switch (form) {
    case 'count':
      return choices.oneIn(2) ? made(`COUNT(${choices.pick(usable).name})`, 'BIGINT') : made('COUNT(*)', 'BIGINT')
    case 'sum':
    case 'sum distinct': {
      if (numbers.length === 0) return made('COUNT(*)', 'BIGINT')
      const column = choices.pick(numbers)
      const sql = `SUM(${form === 'sum' ? '' : 'DISTINCT '}${column.name})`
      // The sum of a DECIMAL(10, 2) is a DECIMAL(38, 2).
      return column.type === 'DECIMAL'
        ? { sql: `CAST(${sql}${filter} AS DECIMAL(10, 2))`, column: { name, type: 'DECIMAL' } }
        : made(sql, column.type)
    }
    case 'extremum': {
      const column = choices.pick(usable.filter(({ type }) => type !== 'BOOLEAN').concat(usable))
      return made(`${choices.pick(['MAX', 'MIN'])}(${column.name})`, column.type)
    }
    case 'count distinct':
      return made(`COUNT(DISTINCT ${choices.pick(usable).name})`, 'BIGINT')
    case 'avg': {
      if (numbers.length === 0) return made('COUNT(*)', 'BIGINT')
      const column = choices.pick(numbers)
      // DuckDB's average of whole numbers is a DOUBLE.
      if (column.type !== 'DOUBLE') grammar.isPortable = false
      if (column.type === 'DECIMAL')
        return { sql: `CAST(AVG(${column.name})${filter} AS DECIMAL(10, 2))`, column: { name, type: 'DECIMAL' } }
      return made(`AVG(${choices.oneIn(4) ? 'DISTINCT ' : ''}${column.name})`, column.type, { isInexact: column.type === 'DOUBLE' })
    }
    case 'spread': {
      // Those of whole numbers are cut, which shows the last digit.
      const doubles = usable.filter(({ type }) => type === 'DOUBLE')
      if (doubles.length === 0) return made('COUNT(*)', 'BIGINT')
      const sql = `${choices.pick(['STDDEV_POP', 'VAR_POP', 'STDDEV_SAMP', 'VAR_SAMP'])}(${choices.pick(doubles).name})`
      return made(sql, 'DOUBLE', { isInexact: true })
    }
    case 'arrival': {
      grammar.isPortable = false
      const column = choices.pick(usable)
      grammar.features.add('arrival')
      const strings = ofType(columns, 'STRING')
      if (!input.isOrdered) {
        // What these are does not depend on the order.
        if (strings.length > 0 && choices.oneIn(2))
          return { sql: `CHAR_LENGTH(LISTAGG(${choices.pick(strings).name})${filter})`, column: { name, type: 'INT' } }
        const elements = ofType(columns, 'INT')
        if (elements.length === 0) return made('COUNT(*)', 'BIGINT')
        return { sql: `ARRAY_SORT(ARRAY_AGG(${choices.pick(elements).name})${filter})`, column: { name, type: 'ARRAY' } }
      }
      if (strings.length > 0 && choices.oneIn(2))
        return made(`LISTAGG(${choices.oneIn(3) ? 'DISTINCT ' : ''}${choices.pick(strings).name})`, 'STRING')
      const ints = ofType(columns, 'INT')
      if (ints.length > 0 && choices.oneIn(3)) return made(`ARRAY_AGG(${choices.pick(ints).name})`, 'ARRAY')
      return made(`${choices.pick(['LAST_VALUE', 'FIRST_VALUE'])}(${column.name})`, column.type)
    }
  }
}

function groupByOf(keys: readonly Column[]): string {
  return keys.length === 0 ? '' : ` GROUP BY ${keys.map((key) => key.name).join(', ')}`
}
