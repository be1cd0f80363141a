import { havingCondition, randomAggregates } from './aggregate-shapes.ts'
import { type Column, comparable, condition, ofType } from './expressions.ts'
import { type Grammar, type Relation, fromOf, rowtimeOf } from './grammar.ts'
import { joined, pairOf } from './join-shapes.ts'
import { randomOrder } from './rank-shapes.ts'

export function windowAggregate(grammar: Grammar, depth: number): Relation | undefined {
  const input = grammar.timed(depth, true)
  if (input === undefined) return undefined
  return windowGroups(grammar, input, windowSpec(grammar))
}

export function session(grammar: Grammar, depth: number): Relation | undefined {
  const input = grammar.timed(depth)
  if (input === undefined) return undefined
  const { choices } = grammar
  const groupable = comparable(input.columns).filter((column) => column.role === undefined)
  const keys = groupable.length === 0 || choices.oneIn(3) ? [] : choices.some(groupable, 1)
  const names = keys.map(() => grammar.name())
  grammar.isPortable = false
  const aggregates = randomAggregates(grammar, { ...input, isOrdered: false })
  // A session may have left when a row comes that touches its end, so none does.
  const gaps = ['2.5', '5.5', '1.5']
  const [start, end] = [grammar.name(), grammar.name()]
  const partition = keys.length === 0 ? '' : ` PARTITION BY ${keys.map(({ name }) => name).join(', ')}`
  const items = [
    ...keys.map((key, i) => `${key.name} AS ${names[i]}`),
    `window_start AS ${start}`,
    `window_end AS ${end}`,
    ...aggregates.map(({ sql, column }) => `${sql} AS ${column.name}`),
  ]
  const from = `SESSION(TABLE ${input.table ?? `(${input.sql})`}${partition}, DESCRIPTOR(${rowtimeOf(input).name}), INTERVAL '${choices.pick(gaps)}' SECOND)`
  return {
    sql: `SELECT ${items.join(', ')} FROM ${from} GROUP BY ${[...keys.map(({ name }) => name), 'window_start', 'window_end'].join(', ')}`,
    columns: [
      ...keys.map(({ type }, i): Column => ({ name: names[i]!, type })),
      { name: start, type: 'TIMESTAMP' },
      { name: end, type: 'TIMESTAMP' },
      ...aggregates.map(({ column }) => column),
    ],
    isUpdating: false,
    isOrdered: false,
  }
}

export function windowJoin(grammar: Grammar, depth: number): Relation | undefined {
  const { choices } = grammar
  const spec = windowSpec(grammar)
  const [left, right] = [windowed(grammar, depth, spec), windowed(grammar, depth - 1, spec)]
  if (left?.window === undefined || right?.window === undefined) return undefined
  const type = choices.pick(['JOIN', 'LEFT JOIN', 'FULL JOIN', 'RIGHT JOIN'] as const)
  const [l, r] = [grammar.alias(), grammar.alias()]
  const conditions = [`${l}.${left.window.start} = ${r}.${right.window.start}`, `${l}.${left.window.end} = ${r}.${right.window.end}`]
  const pairs = comparable(left.columns).flatMap((column) =>
    ofType(right.columns, column.type).flatMap((other) =>
      column.role === undefined && other.role === undefined ? [[column, other] as const] : [],
    ),
  )
  if (pairs.length > 0 && !choices.oneIn(4)) {
    const [a, b] = choices.pick(pairs)
    conditions.push(`${l}.${a.name} = ${r}.${b.name}`)
  }
  return joined(grammar, { left, right, l, r, type, on: conditions.join(' AND ') })
}

/** Rows of windows for which there is one, or none, in the same window of another query. */
export function windowExists(grammar: Grammar, depth: number): Relation | undefined {
  const { choices } = grammar
  const spec = windowSpec(grammar)
  const [left, right] = [windowed(grammar, depth, spec), windowed(grammar, depth - 1, spec)]
  if (left?.window === undefined || right?.window === undefined) return undefined
  const [l, r] = [grammar.alias(), grammar.alias()]
  const conditions = [`${l}.${left.window.start} = ${r}.${right.window.start}`, `${l}.${left.window.end} = ${r}.${right.window.end}`]
  const pair = pairOf(grammar, left, right)
  const isIn = pair !== undefined && choices.oneIn(2)
  if (pair !== undefined && !isIn) conditions.push(`${l}.${pair[0].name} = ${r}.${pair[1].name}`)
  const inner = `(SELECT ${isIn ? `${r}.${pair[1].name}` : '*'} FROM (${right.sql}) AS ${r} WHERE ${conditions.join(' AND ')})`
  const not = choices.oneIn(2) ? 'NOT ' : ''
  return {
    sql: `SELECT * FROM (${left.sql}) AS ${l} WHERE ${isIn ? `${l}.${pair[0].name} ${not}IN` : `${not}EXISTS`} ${inner}`,
    columns: left.columns.map((column) => ({ ...column, role: undefined })),
    isUpdating: true,
    isOrdered: false,
  }
}

export function windowTopN(grammar: Grammar, depth: number): Relation | undefined {
  const { choices } = grammar
  const input = windowed(grammar, depth, windowSpec(grammar))
  if (input?.window === undefined) return undefined
  const { window } = input
  const order = randomOrder(grammar, input)
  if (order === undefined) return undefined
  const others = comparable(input.columns).filter((column) => column.role === undefined)
  const keys = others.length === 0 || choices.oneIn(2) ? [] : choices.some(others, 1)
  const rank = grammar.name()
  const partition = [window.start, window.end, ...keys.map(({ name }) => name)].join(', ')
  const names = input.columns.map(({ name }) => name).join(', ')
  return {
    sql: `SELECT ${names}, ${rank} FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY ${partition} ORDER BY ${order}) AS ${rank} FROM ${fromOf(grammar, input)}) AS ${grammar.alias()} WHERE ${rank} <= ${1 + choices.below(3)}`,
    columns: [...input.columns.map(heldColumn), { name: rank, type: 'BIGINT' }],
    isUpdating: false,
    isOrdered: false,
  }
}

/** Behind rows that a window held only their own time is one. */
function heldColumn(column: Column): Column {
  return { ...column, role: column.role === 'held' ? 'held' : undefined }
}

/** Rows of a window function, or a window aggregate that shows its windows. */
function windowed(grammar: Grammar, depth: number, spec: string): Relation | undefined {
  const input = grammar.timed(depth - 1)
  if (input === undefined) return undefined
  grammar.isPortable = false
  return grammar.choices.oneIn(2) ? windowRows(grammar, input, spec) : windowGroups(grammar, input, spec)
}

function windowRows(grammar: Grammar, input: Relation, spec: string): Relation {
  const { choices } = grammar
  const [start, end] = [grammar.name(), grammar.name()]
  const where = choices.oneIn(3) ? ` WHERE ${condition(choices, input.columns, 1, grammar.feature)}` : ''
  return {
    sql: `SELECT ${input.columns.map(({ name }) => name).join(', ')}, window_start AS ${start}, window_end AS ${end} FROM ${windowCall(grammar, input, spec)}${where}`,
    columns: [
      ...input.columns.map((column): Column => ({ ...column, role: column.role === 'rowtime' ? 'held' : undefined })),
      { name: start, type: 'TIMESTAMP', role: 'window_start' },
      { name: end, type: 'TIMESTAMP', role: 'window_end' },
    ],
    isUpdating: input.isUpdating,
    isOrdered: input.isOrdered,
    window: { start, end, spec },
  }
}

function windowGroups(grammar: Grammar, input: Relation, spec: string): Relation {
  const { choices } = grammar
  grammar.isPortable = false
  const groupable = comparable(input.columns).filter((column) => column.role === undefined)
  const keys = groupable.length === 0 || choices.oneIn(3) ? [] : choices.some(groupable, 2)
  // Windows that share panes have what came pane by pane.
  const aggregates = randomAggregates(grammar, { ...input, isOrdered: input.isOrdered && spec.startsWith('TUMBLE') })
  const names = keys.map(() => grammar.name())
  const [start, end] = [grammar.name(), grammar.name()]
  const time = choices.oneIn(2) ? grammar.name() : undefined
  const items = [
    ...keys.map((key, i) => `${key.name} AS ${names[i]}`),
    `window_start AS ${start}`,
    `window_end AS ${end}`,
    ...(time === undefined ? [] : [`window_time AS ${time}`]),
    ...aggregates.map(({ sql, column }) => `${sql} AS ${column.name}`),
  ]
  const by = [...keys.map((key) => key.name), 'window_start', 'window_end', ...(time === undefined ? [] : ['window_time'])]
  const having = choices.oneIn(5) ? ` HAVING ${havingCondition(grammar, input)}` : ''
  const sets = keys.length > 0 && time === undefined && having === '' && choices.oneIn(6)
  if (sets) grammar.features.add('window grouping sets')
  const groups = sets ? `window_start, window_end, GROUPING SETS ((${keys.map((key) => key.name).join(', ')}), ())` : by.join(', ')
  return {
    sql: `SELECT ${items.join(', ')} FROM ${windowCall(grammar, input, spec)} GROUP BY ${groups}${having}`,
    columns: [
      ...keys.map(({ type }, i): Column => ({ name: names[i]!, type })),
      { name: start, type: 'TIMESTAMP', role: 'window_start' },
      { name: end, type: 'TIMESTAMP', role: 'window_end' },
      ...(time === undefined ? [] : [{ name: time, type: 'TIMESTAMP', role: 'rowtime' } as const]),
      ...aggregates.map(({ column }) => column),
    ],
    isUpdating: false,
    isOrdered: false,
    window: { start, end, spec },
  }
}

function windowCall(grammar: Grammar, input: Relation, spec: string): string {
  return `${spec.split('(')[0]}(TABLE ${input.table ?? `(${input.sql})`}, DESCRIPTOR(${rowtimeOf(input).name}), ${spec.slice(spec.indexOf('(') + 1)}`
}

function windowSpec(grammar: Grammar): string {
  return grammar.choices.pick([
    "TUMBLE(INTERVAL '10' SECOND)",
    "HOP(INTERVAL '5' SECOND, INTERVAL '10' SECOND)",
    "CUMULATE(INTERVAL '5' SECOND, INTERVAL '15' SECOND)",
    "TUMBLE(INTERVAL '7' SECOND, INTERVAL '2' SECOND)",
    "HOP(INTERVAL '4' SECOND, INTERVAL '12' SECOND)",
    "TUMBLE(INTERVAL '1' SECOND)",
  ])
}
