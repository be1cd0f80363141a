import type { Choices } from './choices.ts'
import { type Column, comparable, condition, literal, ofType } from './expressions.ts'
import { type Grammar, type Relation, rowtimeOf } from './grammar.ts'

/** A part of a pattern: a variable, and how often it comes. */
interface Part {
  readonly name: string
  readonly quantifier: string
  readonly isOptional: boolean
  readonly isGreedy: boolean
}

const quantifiers = [
  { text: '', isOptional: false, isGreedy: false },
  { text: '+', isOptional: false, isGreedy: true },
  { text: '*', isOptional: true, isGreedy: true },
  { text: '+?', isOptional: false, isGreedy: false },
  { text: '*?', isOptional: true, isGreedy: false },
  { text: '?', isOptional: true, isGreedy: false },
  { text: '{2}', isOptional: false, isGreedy: false },
  { text: '{1,2}', isOptional: false, isGreedy: true },
  { text: '{1,3}?', isOptional: false, isGreedy: false },
  { text: '{0,2}', isOptional: true, isGreedy: true },
  { text: '{0,2}?', isOptional: true, isGreedy: false },
  { text: '{2,}', isOptional: false, isGreedy: true },
  { text: '{2,}?', isOptional: false, isGreedy: false },
] as const

/** MATCH_RECOGNIZE; undefined where equal times would leave the order of rows open. */
export function match(grammar: Grammar, depth: number): Relation | undefined {
  const input = grammar.timed(depth)
  if (input === undefined) return undefined
  const { choices } = grammar
  const time = rowtimeOf(input)
  const others = comparable(input.columns).filter((column) => column !== time)
  // Rows of one time stand as they came, which only one table defines: else all columns tell them apart.
  if (!input.isOrdered && others.length + 1 < input.columns.length) return undefined
  const keys = others.length === 0 || choices.oneIn(2) ? [] : choices.some(others, choices.oneIn(6) ? 2 : 1)
  const sortedBy = !input.isOrdered ? others : others.length > 0 && choices.oneIn(5) ? choices.some(others, 1) : []
  const order = [
    time.name,
    ...sortedBy.map(({ name }) => `${name} ${choices.pick(['ASC NULLS FIRST', 'DESC NULLS LAST', 'ASC NULLS LAST', 'DESC NULLS FIRST'])}`),
  ]
  const waits = choices.oneIn(4)
  const parts = waits ? openParts(choices) : randomParts(choices)
  const usable = input.columns.filter((column) => column !== time && column.isInexact !== true)
  const definitions = parts.flatMap(({ name }, i) => {
    if (waits && i === parts.length - 1) return [`${name} AS ${comparedWithFirst(choices, name, usable)}`]
    if (choices.oneIn(2)) return []
    return [`${name} AS ${choices.span('definition', () => definition(grammar, name, parts, usable))}`]
  })
  const measures = randomMeasures(grammar, parts, usable)
  grammar.isPortable = false
  const clauses = [
    ...(keys.length === 0 ? [] : [`PARTITION BY ${keys.map(({ name }) => name).join(', ')}`]),
    `ORDER BY ${order.join(', ')}`,
    `MEASURES ${measures.map(({ sql, column }) => `${sql} AS ${column.name}`).join(', ')}`,
    ...(choices.oneIn(2) ? ['ONE ROW PER MATCH'] : []),
    ...afterMatch(choices, parts),
    `PATTERN (${patternText(choices, parts)})${choices.oneIn(2) ? ` WITHIN INTERVAL '${choices.pick(['12', '40', '5', '20'])}' SECOND` : ''}`,
    // Without conditions DEFINE needs one of a variable that is not there.
    `DEFINE ${definitions.length === 0 ? `${parts[0]!.name} AS TRUE` : definitions.join(', ')}`,
  ]
  return {
    sql: `SELECT * FROM ${input.table ?? `(${input.sql})`} MATCH_RECOGNIZE (${clauses.join(' ')}) AS ${grammar.alias()}`,
    columns: [...keys.map((key): Column => ({ ...key, role: undefined })), ...measures.map(({ column }) => column)],
    isUpdating: false,
    isOrdered: false,
  }
}

/** Two to four parts that Flink takes: not all are optional, the last one is not greedy, and behind a greedy one none is left out but by numbers. */
function randomParts(choices: Choices): readonly Part[] {
  const count = choices.pick([2, 3, 2, 3, 4])
  const parts: Part[] = []
  for (let i = 0; i < count; i++) {
    const isLast = i === count - 1
    const isBehindGreedy = parts[i - 1]?.isGreedy === true
    const possible = quantifiers.filter(({ text, isGreedy, isOptional }) => {
      if (isLast && isGreedy) return false
      return !(isBehindGreedy && isOptional && !text.startsWith('{'))
    })
    const { text, ...rest } = choices.oneIn(2) ? choices.pick(possible) : quantifiers[0]
    parts.push({ name: 'ABCD'[i]!, quantifier: text, ...rest })
  }
  return parts.some(({ isOptional }) => !isOptional) ? parts : parts.with(0, { ...parts[0]!, ...quantifiers[0], quantifier: '' })
}

/** Parts of which a later beginning may be whole while an earlier one is still open: a loop between the first row and one that is compared with it. */
function openParts(choices: Choices): readonly Part[] {
  const [plain] = quantifiers
  const loop = choices.pick(quantifiers.filter(({ text }) => text.endsWith('?') && text.length > 1))
  return [plain, loop, plain].map(({ text, ...rest }, i) => ({ name: 'ABC'[i]!, quantifier: text, ...rest }))
}

function comparedWithFirst(choices: Choices, variable: string, columns: readonly Column[]): string {
  const usable = comparable(columns).filter(({ type }) => type !== 'BOOLEAN')
  if (usable.length === 0) return 'TRUE'
  const { name } = choices.pick(usable)
  return `${variable}.${name} ${choices.pick(['>', '=', '<'])} A.${name}`
}

/** Now and then some parts stand in a group. */
function patternText(choices: Choices, parts: readonly Part[]): string {
  const texts = parts.map(({ name, quantifier }) => `${name}${quantifier}`)
  if (!choices.oneIn(6) || parts.slice(0, 2).every(({ isOptional }) => isOptional)) return texts.join(' ')
  const isGreedyBefore = parts[1]!.isGreedy
  return `(${texts.slice(0, 2).join(' ')})${isGreedyBefore ? '' : '{2}'} ${texts.slice(2).join(' ')}`.trim()
}

/** The row to go on at is in every match, and is not its first one. */
function afterMatch(choices: Choices, parts: readonly Part[]): readonly string[] {
  const first = parts.findIndex(({ isOptional }) => !isOptional)
  const targets = parts.filter(({ isOptional }, i) => i > first && !isOptional)
  const form = choices.pick(['', 'NEXT ROW', 'PAST LAST ROW', 'FIRST', 'LAST', 'variable'])
  if (form === '' || (targets.length === 0 && form !== 'NEXT ROW' && form !== 'PAST LAST ROW')) return []
  if (form === 'PAST LAST ROW') return ['AFTER MATCH SKIP PAST LAST ROW']
  if (form === 'NEXT ROW') return ['AFTER MATCH SKIP TO NEXT ROW']
  const { name } = choices.pick(targets)
  return [`AFTER MATCH SKIP TO ${form === 'variable' ? '' : `${form} `}${name}`]
}

function definition(grammar: Grammar, variable: string, parts: readonly Part[], columns: readonly Column[]): string {
  const { choices, feature } = grammar
  const own = prefixed(columns, variable)
  const usable = comparable(columns).filter(({ type }) => type !== 'BOOLEAN')
  const form = choices.weighted([
    [5, 'row'],
    [3, 'before'],
    [3, 'other'],
    [2, 'aggregate'],
    [1, 'any'],
    [1, 'both'],
  ] as const)
  if (usable.length === 0 || form === 'row') return condition(choices, own, choices.below(2), feature)
  const { name, type } = choices.pick(usable)
  const operator = choices.pick(['>=', '<=', '<>', '<', '=', '>', '<>', '>='])
  const compared = `${variable}.${name} ${operator}`
  switch (form) {
    case 'before': {
      const before = `LAST(${variable}.${name}, 1)`
      const isFirst = `${before} IS NULL OR `
      return `${choices.oneIn(5) ? '' : isFirst}${compared} ${choices.oneIn(4) ? `COALESCE(${before}, ${literal(choices, type)})` : before}`
    }
    case 'other':
      return `${choices.oneIn(2) ? '' : `${compared} ${literal(choices, type)} OR `}${compared} ${navigated(choices, choices.pick(parts).name, name)}`
    case 'aggregate': {
      const of = choices.pick([variable, choices.pick(parts).name])
      const numbers = ofType(columns, 'INT')
      if (numbers.length === 0 || choices.oneIn(3)) return `COUNT(${of}.${name}) ${choices.pick(['<', '>=', '='])} ${1 + choices.below(3)}`
      return `${choices.pick(['SUM', 'MAX', 'MIN'])}(${of}.${choices.pick(numbers).name}) ${operator} ${choices.below(6)}`
    }
    // Names without a variable are of the rows of all variables.
    case 'any':
      return `${name} ${operator} ${choices.pick([literal(choices, type), `FIRST(${name})`, `COALESCE(LAST(${name}, 1), ${name})`])}`
    default: {
      const [first, second] = [condition(choices, own, 0, feature), navigated(choices, choices.pick(parts).name, name)]
      return `${first} ${choices.pick(['AND', 'OR'])} ${compared} ${second}`
    }
  }
}

function prefixed(columns: readonly Column[], variable: string): readonly Column[] {
  return columns.map((column): Column => ({ ...column, name: `${variable}.${column.name}`, role: undefined }))
}

function navigated(choices: Choices, variable: string, column: string): string {
  const name = `${variable}.${column}`
  return choices.pick([name, `LAST(${name})`, `FIRST(${name})`, `LAST(${name}, 1)`, `FIRST(${name}, 1)`])
}

interface Measure {
  readonly sql: string
  readonly column: Column
}

function randomMeasures(grammar: Grammar, parts: readonly Part[], columns: readonly Column[]): readonly Measure[] {
  const { choices } = grammar
  const measures: Measure[] = []
  if (choices.oneIn(3)) measures.push({ sql: 'MATCH_ROWTIME()', column: { name: grammar.name(), type: 'TIMESTAMP', role: 'rowtime' } })
  do {
    measures.push(choices.span('measure', () => measure(grammar, choices.pick(parts).name, columns)))
  } while (measures.length < 4 && choices.oneIn(2))
  return measures
}

function measure(grammar: Grammar, variable: string, columns: readonly Column[]): Measure {
  const { choices } = grammar
  const name = grammar.name()
  const made = (sql: string, type: Column['type'], more: Partial<Column> = {}): Measure => ({ sql, column: { name, type, ...more } })
  if (columns.length === 0) return made('COUNT(*)', 'BIGINT')
  const column = choices.pick(columns)
  const own = `${variable}.${column.name}`
  const form = choices.weighted([
    [5, 'row'],
    [3, 'aggregate'],
    [1, 'any'],
    [1, 'final'],
    [1, 'classifier'],
    [1, 'computed'],
  ] as const)
  switch (form) {
    case 'aggregate':
      return aggregate(grammar, variable, columns, made)
    case 'any':
      return made(choices.pick([`FIRST(${column.name})`, `LAST(${column.name}, 1)`, column.name]), column.type)
    case 'final':
      return made(`FINAL ${choices.pick(['LAST', 'FIRST'])}(${own})`, column.type)
    case 'classifier':
      return made('CLASSIFIER()', 'STRING')
    case 'computed': {
      const numbers = ofType(columns, 'INT')
      if (numbers.length === 0) break
      const number = choices.pick(numbers).name
      return made(`${navigated(choices, variable, number)} + COALESCE(${navigated(choices, variable, number)}, 1)`, 'INT')
    }
    default:
      break
  }
  return made(navigated(choices, variable, column.name), column.type)
}

function aggregate(
  { choices }: Grammar,
  variable: string,
  columns: readonly Column[],
  made: (sql: string, type: Column['type'], more?: Partial<Column>) => Measure,
): Measure {
  const usable = comparable(columns)
  const numbers = usable.filter(({ type }) => type === 'INT' || type === 'BIGINT' || type === 'DOUBLE')
  if (usable.length === 0) return made('COUNT(*)', 'BIGINT')
  const form = choices.pick(['COUNT', 'SUM', 'MAX', 'AVG', 'LISTAGG', 'MIN'])
  const texts = ofType(columns, 'STRING')
  if (form === 'LISTAGG' && texts.length > 0) return made(`LISTAGG(${variable}.${choices.pick(texts).name})`, 'STRING')
  if ((form === 'SUM' || form === 'AVG') && numbers.length > 0) {
    const { name, type } = choices.pick(numbers)
    return made(`${form}(${variable}.${name})`, type, form === 'AVG' && type === 'DOUBLE' ? { isInexact: true } : {})
  }
  const { name, type } = choices.pick(usable)
  if ((form === 'MAX' || form === 'MIN') && type !== 'BOOLEAN') return made(`${form}(${variable}.${name})`, type)
  return made(`COUNT(${variable}.${name})`, 'BIGINT')
}
