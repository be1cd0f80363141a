import { type Column, comparable } from './expressions.ts'
import { type Grammar, type Relation, fromOf, rowtimeOf } from './grammar.ts'

export function topN(grammar: Grammar, input: Relation): Relation | undefined {
  const { choices } = grammar
  const order = randomOrder(grammar, input)
  if (order === undefined) return undefined
  const partition = choices.oneIn(4) ? [] : choices.some(comparable(input.columns), 2)
  const over = `ROW_NUMBER() OVER (${partition.length === 0 ? '' : `PARTITION BY ${partition.map(({ name }) => name).join(', ')} `}ORDER BY ${order})`
  const most = 1 + choices.below(3)
  const rank = grammar.name()
  const names = input.columns.map(({ name }) => name).join(', ')
  const columns = input.columns.map((column): Column => ({ ...column, role: undefined }))
  const shared = { isUpdating: true, isOrdered: false }
  if (choices.oneIn(4)) {
    grammar.features.add('qualify')
    return { sql: `SELECT ${names} FROM ${fromOf(grammar, input)} QUALIFY ${over} <= ${most}`, columns, ...shared }
  }
  const bound = choices.pick([`${rank} <= ${most}`, `${rank} < ${most + 1}`, `${rank} = 1`, `${rank} BETWEEN 2 AND ${most + 2}`])
  const showsRank = choices.oneIn(2)
  return {
    sql: `SELECT ${names}${showsRank ? `, ${rank}` : ''} FROM (SELECT *, ${over} AS ${rank} FROM ${fromOf(grammar, input)}) AS ${grammar.alias()} WHERE ${bound}`,
    columns: showsRank ? [...columns, { name: rank, type: 'BIGINT' }] : columns,
    ...shared,
  }
}

export function limit(grammar: Grammar, input: Relation): Relation | undefined {
  const order = randomOrder(grammar, input)
  if (order === undefined) return undefined
  const offset = grammar.choices.oneIn(3) ? ` OFFSET ${1 + grammar.choices.below(3)}` : ''
  return {
    sql: `SELECT * FROM ${fromOf(grammar, input)} ORDER BY ${order} LIMIT ${1 + grammar.choices.below(6)}${offset}`,
    columns: input.columns.map((column) => ({ ...column, role: undefined })),
    isUpdating: true,
    isOrdered: false,
  }
}

export function deduplicate(grammar: Grammar, depth: number): Relation | undefined {
  const input = grammar.timed(depth)
  if (input === undefined) return undefined
  const { choices } = grammar
  const time = rowtimeOf(input)
  // Of equal times the one that came first or last is kept, which only one table defines.
  if (!input.isOrdered) return undefined
  grammar.isPortable = false
  const keys = choices.some(
    comparable(input.columns).filter((column) => column !== time),
    2,
  )
  const rank = grammar.name()
  const names = input.columns.map(({ name }) => name).join(', ')
  // Of equal times a stream keeps the row that came last, other than ROW_NUMBER over a table; so times are different here.
  const order = input.hasUniqueTimes === true ? choices.pick(['ASC', 'DESC']) : 'ASC'
  return {
    sql: `SELECT ${names} FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY ${keys.map(({ name }) => name).join(', ')} ORDER BY ${time.name} ${order}) AS ${rank} FROM ${fromOf(grammar, input)}) AS ${grammar.alias()} WHERE ${rank} = 1`,
    columns: input.columns.map((column) => ({ ...column, role: undefined })),
    isUpdating: true,
    isOrdered: false,
  }
}

export function over(grammar: Grammar, depth: number): Relation | undefined {
  const input = grammar.timed(depth)
  if (input === undefined) return undefined
  const { choices } = grammar
  const time = rowtimeOf(input)
  const keys = choices.oneIn(3)
    ? []
    : choices.some(
        comparable(input.columns).filter((column) => column !== time),
        2,
      )
  // Rows of one time stand as they came, which only one table defines; a RANGE takes them together.
  const frames = [
    "RANGE BETWEEN INTERVAL '3' SECOND PRECEDING AND CURRENT ROW",
    "RANGE BETWEEN INTERVAL '1' SECOND PRECEDING AND CURRENT ROW",
    "RANGE BETWEEN INTERVAL '11' SECOND PRECEDING AND CURRENT ROW",
    'RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW',
    '',
  ]
  if (input.isOrdered) frames.push('ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW', 'ROWS BETWEEN 2 PRECEDING AND CURRENT ROW')
  const frame = choices.pick(frames)
  if (frame.startsWith('ROWS')) grammar.isPortable = false
  const window = `(${keys.length === 0 ? '' : `PARTITION BY ${keys.map(({ name }) => name).join(', ')} `}ORDER BY ${time.name}${frame === '' ? '' : ` ${frame}`})`
  const calls: { readonly sql: string; readonly column: Column }[] = []
  do {
    calls.push(choices.span('aggregate', () => overCall(grammar, input)))
  } while (calls.length < 3 && choices.oneIn(2))
  return {
    sql: `SELECT ${input.columns.map(({ name }) => name).join(', ')}, ${calls.map(({ sql, column }) => `${sql} OVER ${window} AS ${column.name}`).join(', ')} FROM ${fromOf(grammar, input)}`,
    columns: [...input.columns.map((column) => ({ ...column, role: undefined })), ...calls.map(({ column }) => column)],
    isUpdating: false,
    isOrdered: false,
  }
}

function overCall(grammar: Grammar, input: Relation): { readonly sql: string; readonly column: Column } {
  const { choices } = grammar
  const name = grammar.name()
  const usable = comparable(input.columns)
  const numbers = usable.filter((column) => ['INT', 'BIGINT', 'DOUBLE'].includes(column.type))
  switch (choices.below(numbers.length === 0 ? 2 : 4)) {
    case 0:
      return { sql: 'COUNT(*)', column: { name, type: 'BIGINT' } }
    case 1: {
      const column = choices.pick(usable)
      return { sql: `${choices.pick(['MAX', 'MIN'])}(${column.name})`, column: { name, type: column.type } }
    }
    case 2: {
      const column = choices.pick(numbers)
      return { sql: `SUM(${column.name})`, column: { name, type: column.type } }
    }
    default:
      return { sql: `COUNT(DISTINCT ${choices.pick(numbers).name})`, column: { name, type: 'BIGINT' } }
  }
}

/** Rows that the order does not tell apart are equal, or came in a known order. */
export function randomOrder(grammar: Grammar, input: Relation, isOrdered = input.isOrdered): string | undefined {
  const { choices } = grammar
  const usable = comparable(input.columns)
  if (usable.length === 0) return undefined
  const keys = choices.some(usable, 2)
  // Of equal times the last one that came is the first by descending time, so that alone is not the order of a table.
  const isTotal = !isOrdered || keys.every((key) => key.role === 'rowtime' || key.role === 'held') || choices.oneIn(2)
  if (!isTotal) grammar.isPortable = false
  if (isTotal && usable.length < input.columns.length) return undefined
  const rest = isTotal ? usable.filter((column) => !keys.includes(column)) : []
  return [...keys, ...rest]
    .map(({ name }, i) =>
      i < keys.length
        ? `${name} ${choices.pick(['ASC NULLS FIRST', 'DESC NULLS LAST', 'ASC NULLS LAST', 'DESC NULLS FIRST'])}`
        : `${name} ASC NULLS FIRST`,
    )
    .join(', ')
}
