import type { Choices } from './choices.ts'
import { type Column, comparable, condition, expression, ofType } from './expressions.ts'
import { type SubqueryGrammar, fromText, qualified, scalarQuery, subqueryCondition } from './subqueries.ts'
import { type ColumnType, type RandomTable, hasVersions } from './tables.ts'

/** A query, and what the one around it may do with its rows. */
export interface Relation {
  readonly sql: string
  /** Instead of the text in parentheses: a table's name. */
  readonly table?: string
  readonly columns: readonly Column[]
  readonly isUpdating: boolean
  /** Rows come in one order, whatever the parallelism: that of one table. Else nothing may depend on it. */
  readonly isOrdered: boolean
  /** No two rows have the same event time. */
  readonly hasUniqueTimes?: boolean
  /** Rows come by themselves as the watermark passes. */
  readonly window?: WindowColumns | undefined
}

interface WindowColumns {
  readonly start: string
  readonly end: string
  /** Windows of one kind and size are equal texts: a join of windows needs that. */
  readonly spec: string
}

export interface RandomQuery {
  readonly sql: string
  readonly features: ReadonlySet<string>
  /** DuckDB reads the text and means the same. */
  readonly isPortable: boolean
}

export function randomQuery(choices: Choices, tables: readonly RandomTable[]): RandomQuery {
  const grammar = new Grammar(choices, tables)
  const { sql } = grammar.relation(3)
  return { sql, features: grammar.features, isPortable: grammar.isPortable }
}

type Shape = readonly [weight: number, name: string, make: (depth: number) => Relation | undefined]

class Grammar {
  readonly features = new Set<string>()
  isPortable = true
  readonly #choices: Choices
  readonly #tables: readonly RandomTable[]
  #names = 0

  constructor(choices: Choices, tables: readonly RandomTable[]) {
    this.#choices = choices
    this.#tables = tables
  }

  /** Any query with at most so many operators on top of each other. */
  relation(depth: number): Relation {
    return this.#choices.span('relation', () => {
      if (depth <= 0) return this.#table(() => true)
      const shapes: readonly Shape[] = [
        [1, 'table', () => this.#table(() => true)],
        [3, 'select', (below) => this.#select(this.relation(below))],
        [4, 'group by', (below) => this.#groupBy(this.relation(below))],
        [5, 'join', (below) => this.#join(this.relation(below), this.relation(below - 1))],
        [2, 'union', (below) => this.#union(this.relation(below), this.relation(below - 1))],
        [1, 'distinct', (below) => this.#distinct(this.relation(below))],
        [3, 'top-n', (below) => this.#topN(this.relation(below))],
        [1, 'limit', (below) => this.#limit(this.relation(below))],
        [2, 'grouping sets', (below) => this.#groupingSets(this.relation(below))],
        [1, 'unnest', (below) => this.#unnest(this.relation(below))],
        [2, 'window aggregate', (below) => this.#windowAggregate(below)],
        [2, 'window join', (below) => this.#windowJoin(below)],
        [2, 'window top-n', (below) => this.#windowTopN(below)],
        [2, 'session', (below) => this.#session(below)],
        [2, 'interval join', (below) => this.#intervalJoin(below)],
        [3, 'temporal join', (below) => this.#temporalJoin(below)],
        [2, 'window exists', (below) => this.#windowExists(below)],
        [4, 'over', (below) => this.#over(below)],
        [3, 'deduplicate', (below) => this.#deduplicate(below)],
        [1, 'timed', (below) => this.timed(below)],
        [4, 'subquery', (below) => this.#withSubqueries(this.relation(below))],
        [1, 'lateral', (below) => this.#lateral(this.relation(below))],
      ]
      const [, name, make] = this.#choices.weighted(shapes.map((shape) => [shape[0], shape] as const))
      const made = make(depth - 1)
      if (made === undefined) return this.#table(() => true)
      this.features.add(name)
      return made
    })
  }

  /** A query with event time whose rows are only added; undefined where no table has such. */
  timed(depth: number, allowsUpdating = false): Relation | undefined {
    const isTimed = (table: RandomTable): boolean =>
      table.boundSeconds !== undefined && !hasVersions(table) && (allowsUpdating || !table.isUpdating)
    if (!this.#tables.some(isTimed)) return undefined
    return this.#choices.span('timed', () => {
      if (depth <= 0) return this.#table(isTimed)
      const shapes: readonly Shape[] = [
        [3, 'table', () => this.#table(isTimed)],
        [3, 'select', (below) => this.#select(this.timed(below, allowsUpdating)!)],
        [1, 'union of times', (below) => this.#union(this.timed(below, allowsUpdating)!, this.timed(below, allowsUpdating)!)],
        [2, 'window cascade', (below) => this.#windowAggregate(below)],
        [1, 'interval join', (below) => this.#intervalJoin(below)],
        [1, 'temporal join', (below) => this.#temporalJoin(below)],
      ]
      const [, name, make] = this.#choices.weighted(shapes.map((shape) => [shape[0], shape] as const))
      const made = make(depth - 1)
      if (made === undefined || !made.columns.some((column) => column.role === 'rowtime')) return this.#table(isTimed)
      this.features.add(name)
      return made
    })
  }

  #feature = (name: string): void => {
    this.features.add(name)
    if (name === 'MOD') return
    this.isPortable = false
  }

  #name(): string {
    return `c${this.#names++}`
  }

  #from({ sql, table }: Relation): string {
    return table ?? `(${sql}) AS q${this.#names++}`
  }

  // --- leaves ---

  #table(fits: (table: RandomTable) => boolean): Relation {
    const candidates = this.#tables.filter((table) => !hasVersions(table) && fits(table))
    const { name, columns, isUpdating, boundSeconds } = this.#choices.pick(candidates)
    if (isUpdating) this.features.add('changes')
    const shown = columns.map((column): Column => ({
      name: column.name,
      type: column.type,
      role: column.name === 'ts' ? 'rowtime' : undefined,
    }))
    return {
      sql: `SELECT * FROM ${name}`,
      table: name,
      columns: shown,
      isUpdating,
      isOrdered: !isUpdating,
      hasUniqueTimes: boundSeconds === 0,
    }
  }

  // --- row by row ---

  #select(input: Relation): Relation {
    const choices = this.#choices
    const where = choices.oneIn(3) ? '' : ` WHERE ${condition(choices, input.columns, 2, this.#feature)}`
    if (choices.below(3) === 0 && input.table === undefined) {
      return { ...input, sql: `SELECT * FROM ${this.#from(input)}${where}`, isOrdered: input.isOrdered }
    }
    const columns: Column[] = []
    const items: string[] = []
    for (const column of input.columns) {
      const isKept = column.role === 'rowtime' || column.role === 'window_start' || column.role === 'window_end' || !choices.oneIn(4)
      if (!isKept) continue
      const name = this.#name()
      columns.push({ ...column, name })
      items.push(`${column.name} AS ${name}`)
    }
    while (choices.oneIn(3) && items.length < 8) {
      const type = choices.pick(['INT', 'STRING', 'BIGINT', 'BOOLEAN', 'DOUBLE', 'DECIMAL'] as const)
      const name = this.#name()
      columns.push({ name, type })
      items.push(`${expression(choices, input.columns, type, 2, this.#feature)} AS ${name}`)
    }
    if (items.length === 0) {
      const name = this.#name()
      columns.push({ name, type: 'INT' })
      items.push(`1 AS ${name}`)
    }
    const { window } = input
    const nameOf = (old: string): string => columns[items.findIndex((item) => item.startsWith(`${old} AS `))]!.name
    return {
      sql: `SELECT ${items.join(', ')} FROM ${this.#from(input)}${where}`,
      columns,
      isUpdating: input.isUpdating,
      isOrdered: input.isOrdered,
      hasUniqueTimes: input.hasUniqueTimes === true,
      window: window === undefined ? undefined : { ...window, start: nameOf(window.start), end: nameOf(window.end) },
    }
  }

  // --- queries inside of expressions ---

  get #subqueries(): SubqueryGrammar {
    return {
      choices: this.#choices,
      relation: (depth) => this.relation(depth),
      name: () => `q${this.#names++}`,
      feature: this.#feature,
    }
  }

  #withSubqueries(input: Relation): Relation {
    const choices = this.#choices
    const alias = `q${this.#names++}`
    const outer = qualified(input, alias)
    const columns: Column[] = []
    const items: string[] = []
    input.columns.forEach((column, i) => {
      if (i > 0 && choices.oneIn(3)) return
      const name = this.#name()
      columns.push({ ...column, name, role: undefined })
      items.push(`${outer[i]!.name} AS ${name}`)
    })
    if (choices.oneIn(2)) {
      const name = this.#name()
      const type = choices.pick(['BIGINT', 'INT', 'STRING', 'BOOLEAN'] as const)
      const value = type === 'BOOLEAN' ? subqueryCondition(this.#subqueries, outer, 1) : scalarQuery(this.#subqueries, outer, type, 1)
      columns.push({ name, type })
      items.push(`${value} AS ${name}`)
    }
    const conditions: string[] = []
    if (items.length === columns.length && !choices.oneIn(4)) conditions.push(subqueryCondition(this.#subqueries, outer, 1))
    if (choices.oneIn(3)) conditions.push(condition(choices, outer, 1, this.#feature))
    const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`
    return { sql: `SELECT ${items.join(', ')} FROM ${fromText(input)} AS ${alias}${where}`, columns, isUpdating: true, isOrdered: false }
  }

  #lateral(input: Relation): Relation {
    const choices = this.#choices
    const [alias, second] = [`q${this.#names++}`, `q${this.#names++}`]
    const name = this.#name()
    const type = choices.pick(['BIGINT', 'INT', 'STRING'] as const)
    const query = scalarQuery(this.#subqueries, qualified(input, alias), type, 1)
    const join = choices.pick(['CROSS JOIN', 'LEFT JOIN'])
    return {
      sql: `SELECT * FROM ${fromText(input)} AS ${alias} ${join} LATERAL ${query} AS ${second} (${name})${join === 'LEFT JOIN' ? ' ON TRUE' : ''}`,
      columns: [...input.columns.map((column): Column => ({ ...column, role: undefined })), { name, type }],
      isUpdating: true,
      isOrdered: false,
    }
  }

  #union(left: Relation, right: Relation): Relation | undefined {
    const choices = this.#choices
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
    const names = pairs.map(() => this.#name())
    const side = (relation: Relation, which: 0 | 1): string =>
      `SELECT ${pairs.map((pair, i) => `${pair[which].name} AS ${names[i]}`).join(', ')} FROM ${this.#from(relation)}`
    const isInexact = pairs.some((pair) => pair.some((column) => column.isInexact))
    const hasArray = pairs.some(([column]) => column.type === 'ARRAY')
    const operator =
      isInexact || hasArray || pairs.some(([column]) => isTimed(column))
        ? 'UNION ALL'
        : choices.pick(['UNION ALL', 'UNION', 'INTERSECT', 'EXCEPT', 'INTERSECT ALL', 'EXCEPT ALL'] as const)
    this.features.add(operator.toLowerCase())
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

  #distinct(input: Relation): Relation {
    const columns = this.#choices.some(comparable(input.columns).length === 0 ? input.columns : comparable(input.columns), 3)
    const names = columns.map(() => this.#name())
    return {
      sql: `SELECT DISTINCT ${columns.map((column, i) => `${column.name} AS ${names[i]}`).join(', ')} FROM ${this.#from(input)}`,
      columns: columns.map(({ type }, i) => ({ name: names[i]!, type })),
      isUpdating: true,
      isOrdered: false,
    }
  }

  #unnest(input: Relation): Relation | undefined {
    const arrays = ofType(input.columns, 'ARRAY')
    if (arrays.length === 0) return undefined
    this.isPortable = false
    const choices = this.#choices
    const array = choices.pick(arrays)
    const element = this.#name()
    const [query, unnested] = [`q${this.#names++}`, `q${this.#names++}`]
    const from = input.table === undefined ? `(${input.sql})` : input.table
    const withOrdinality = choices.oneIn(3)
    const ordinal = withOrdinality ? this.#name() : undefined
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

  // --- aggregates ---

  #groupBy(input: Relation): Relation {
    const choices = this.#choices
    const groupable = comparable(input.columns)
    const keys = groupable.length === 0 || choices.oneIn(6) ? [] : choices.some(groupable, 2)
    const aggregates = this.#aggregates(input)
    const names = keys.map(() => this.#name())
    const items = [
      ...keys.map((key, i) => `${key.name} AS ${names[i]}`),
      ...aggregates.map(({ sql, column }) => `${sql} AS ${column.name}`),
    ]
    const having = choices.oneIn(4) ? ` HAVING ${this.#having(input)}` : ''
    return {
      sql: `SELECT ${items.join(', ')} FROM ${this.#from(input)}${groupByOf(keys)}${having}`,
      columns: [...keys.map(({ type }, i): Column => ({ name: names[i]!, type })), ...aggregates.map(({ column }) => column)],
      isUpdating: true,
      isOrdered: false,
    }
  }

  #having(input: Relation): string {
    const choices = this.#choices
    const numbers = ofType(input.columns, 'INT')
    const count = numbers.length > 0 && choices.oneIn(2) ? `COUNT(${choices.pick(numbers).name})` : 'COUNT(*)'
    return `${count} ${choices.pick(['>', '<', '<>', '='])} ${choices.below(4)}`
  }

  /** @param keys Of GROUP BY. */
  #groupingSets(input: Relation): Relation | undefined {
    const choices = this.#choices
    const keys = choices.some(comparable(input.columns).slice(0, 5), 3)
    if (keys.length < 2) return undefined
    const names = keys.map(() => this.#name())
    const list = keys.map((key) => key.name)
    const sets = choices.pick([
      `ROLLUP (${list.join(', ')})`,
      `CUBE (${list.slice(0, 2).join(', ')})`,
      `GROUPING SETS ((${list.join(', ')}), (${list[0]}), ())`,
      `GROUPING SETS ((${list[0]}), (${list[1]}))`,
    ])
    // Of no rows DuckDB makes a row of the set (), as the standard does; Flink and Rheo make none.
    if (!sets.endsWith(`(${list[1]}))`)) this.isPortable = false
    const shown = sets.startsWith('CUBE') || !sets.includes(list[2] ?? list[0]!) ? keys.slice(0, 2) : keys
    const aggregates = this.#aggregates(input)
    const items = [
      ...shown.map((key, i) => `${key.name} AS ${names[i]}`),
      ...aggregates.map(({ sql, column }) => `${sql} AS ${column.name}`),
    ]
    const grouping: Column[] = []
    if (choices.oneIn(2)) {
      const name = this.#name()
      items.push(`GROUPING(${list[0]}) AS ${name}`)
      grouping.push({ name, type: 'BIGINT' })
    }
    return {
      sql: `SELECT ${items.join(', ')} FROM ${this.#from(input)} GROUP BY ${sets}`,
      columns: [...shown.map(({ type }, i): Column => ({ name: names[i]!, type })), ...aggregates.map(({ column }) => column), ...grouping],
      isUpdating: true,
      isOrdered: false,
    }
  }

  #aggregates(input: Relation): readonly { readonly sql: string; readonly column: Column }[] {
    const choices = this.#choices
    const made: { readonly sql: string; readonly column: Column }[] = []
    do {
      made.push(choices.span('aggregate', () => this.#aggregate(input)))
    } while (made.length < 4 && choices.oneIn(2))
    return made
  }

  #aggregate(input: Relation): { readonly sql: string; readonly column: Column } {
    const choices = this.#choices
    const { columns } = input
    const usable = comparable(columns)
    const filter = choices.oneIn(4) ? ` FILTER (WHERE ${condition(choices, columns, 0, this.#feature)})` : ''
    const name = this.#name()
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
      [1, 'arrival'],
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
        if (column.type !== 'DOUBLE') this.isPortable = false
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
        if (!input.isOrdered) return made('COUNT(*)', 'BIGINT')
        this.isPortable = false
        const column = choices.pick(usable)
        this.features.add('arrival')
        const strings = ofType(columns, 'STRING')
        if (strings.length > 0 && choices.oneIn(2))
          return made(`LISTAGG(${choices.oneIn(3) ? 'DISTINCT ' : ''}${choices.pick(strings).name})`, 'STRING')
        const ints = ofType(columns, 'INT')
        if (ints.length > 0 && choices.oneIn(3)) return made(`ARRAY_AGG(${choices.pick(ints).name})`, 'ARRAY')
        return made(`${choices.pick(['LAST_VALUE', 'FIRST_VALUE'])}(${column.name})`, column.type)
      }
    }
  }

  // --- joins ---

  #join(left: Relation, right: Relation): Relation {
    const choices = this.#choices
    const type = choices.weighted([
      [4, 'JOIN'],
      [3, 'LEFT JOIN'],
      [2, 'RIGHT JOIN'],
      [2, 'FULL JOIN'],
    ] as const)
    const [l, r] = [`q${this.#names++}`, `q${this.#names++}`]
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
      conditions.push(condition(choices, [...leftColumns, ...rightColumns], 1, this.#feature))
    return this.#joined({ left, right, l, r, type, on: conditions.join(' AND ') })
  }

  #joined(parts: JoinParts): Relation {
    const { left, right, l, r, type, on } = parts
    const columns: Column[] = []
    const items: string[] = []
    for (const [relation, alias] of [
      [left, l],
      [right, r],
    ] as const) {
      for (const column of relation.columns) {
        const isTime = parts.keepsTime === true && relation === left && column.role === 'rowtime'
        if (!isTime && columns.length > 0 && this.#choices.oneIn(3)) continue
        const name = this.#name()
        columns.push({ ...column, name, role: isTime ? 'rowtime' : undefined })
        items.push(`${alias}.${column.name} AS ${name}`)
      }
    }
    const side = (relation: Relation, alias: string): string => `${relation.table ?? `(${relation.sql})`} AS ${alias}`
    const filtered = this.#choices.pick([qualified(right, r), qualified(left, l)])
    const where = this.#choices.oneIn(4) ? ` WHERE ${condition(this.#choices, filtered, 1, this.#feature)}` : ''
    return {
      sql: `SELECT ${items.join(', ')} FROM ${side(left, l)} ${type} ${side(right, r)} ON ${on}${where}`,
      columns,
      isUpdating: parts.isUpdating ?? (type !== 'JOIN' || left.isUpdating || right.isUpdating),
      isOrdered: false,
    }
  }

  // --- ranks ---

  /** Rows that the order does not tell apart are equal, or came in a known order. */
  #order(input: Relation, isOrdered = input.isOrdered): string | undefined {
    const choices = this.#choices
    const usable = comparable(input.columns)
    if (usable.length === 0) return undefined
    const keys = choices.some(usable, 2)
    // Of equal times the last one that came is the first by descending time, so that alone is not the order of a table.
    const isTotal = !isOrdered || keys.every((key) => key.role === 'rowtime') || choices.oneIn(2)
    if (!isTotal) this.isPortable = false
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

  #topN(input: Relation): Relation | undefined {
    const choices = this.#choices
    const order = this.#order(input)
    if (order === undefined) return undefined
    const partition = choices.oneIn(4) ? [] : choices.some(comparable(input.columns), 2)
    const over = `ROW_NUMBER() OVER (${partition.length === 0 ? '' : `PARTITION BY ${partition.map(({ name }) => name).join(', ')} `}ORDER BY ${order})`
    const most = 1 + choices.below(3)
    const rank = this.#name()
    const names = input.columns.map(({ name }) => name).join(', ')
    const columns = input.columns.map((column): Column => ({ ...column, role: undefined }))
    const shared = { isUpdating: true, isOrdered: false }
    if (choices.oneIn(4)) {
      this.features.add('qualify')
      return { sql: `SELECT ${names} FROM ${this.#from(input)} QUALIFY ${over} <= ${most}`, columns, ...shared }
    }
    const bound = choices.pick([`${rank} <= ${most}`, `${rank} < ${most + 1}`, `${rank} = 1`, `${rank} BETWEEN 2 AND ${most + 2}`])
    const showsRank = choices.oneIn(2)
    return {
      sql: `SELECT ${names}${showsRank ? `, ${rank}` : ''} FROM (SELECT *, ${over} AS ${rank} FROM ${this.#from(input)}) AS q${this.#names++} WHERE ${bound}`,
      columns: showsRank ? [...columns, { name: rank, type: 'BIGINT' }] : columns,
      ...shared,
    }
  }

  #limit(input: Relation): Relation | undefined {
    const order = this.#order(input)
    if (order === undefined) return undefined
    const offset = this.#choices.oneIn(3) ? ` OFFSET ${1 + this.#choices.below(3)}` : ''
    return {
      sql: `SELECT * FROM ${this.#from(input)} ORDER BY ${order} LIMIT ${1 + this.#choices.below(6)}${offset}`,
      columns: input.columns.map((column) => ({ ...column, role: undefined })),
      isUpdating: true,
      isOrdered: false,
    }
  }

  // --- event time ---

  #deduplicate(depth: number): Relation | undefined {
    const input = this.timed(depth)
    if (input === undefined) return undefined
    const choices = this.#choices
    const time = rowtimeOf(input)
    // Of equal times the one that came first or last is kept, which only one table defines.
    if (!input.isOrdered) return undefined
    this.isPortable = false
    const keys = choices.some(
      comparable(input.columns).filter((column) => column !== time),
      2,
    )
    const rank = this.#name()
    const names = input.columns.map(({ name }) => name).join(', ')
    // Of equal times a stream keeps the row that came last, other than ROW_NUMBER over a table; so times are different here.
    const order = input.hasUniqueTimes === true ? choices.pick(['ASC', 'DESC']) : 'ASC'
    return {
      sql: `SELECT ${names} FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY ${keys.map(({ name }) => name).join(', ')} ORDER BY ${time.name} ${order}) AS ${rank} FROM ${this.#from(input)}) AS q${this.#names++} WHERE ${rank} = 1`,
      columns: input.columns.map((column) => ({ ...column, role: undefined })),
      isUpdating: true,
      isOrdered: false,
    }
  }

  #over(depth: number): Relation | undefined {
    const input = this.timed(depth)
    if (input === undefined) return undefined
    const choices = this.#choices
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
    if (frame.startsWith('ROWS')) this.isPortable = false
    const window = `(${keys.length === 0 ? '' : `PARTITION BY ${keys.map(({ name }) => name).join(', ')} `}ORDER BY ${time.name}${frame === '' ? '' : ` ${frame}`})`
    const calls: { readonly sql: string; readonly column: Column }[] = []
    do {
      calls.push(choices.span('aggregate', () => this.#overCall(input)))
    } while (calls.length < 3 && choices.oneIn(2))
    return {
      sql: `SELECT ${input.columns.map(({ name }) => name).join(', ')}, ${calls.map(({ sql, column }) => `${sql} OVER ${window} AS ${column.name}`).join(', ')} FROM ${this.#from(input)}`,
      columns: [...input.columns.map((column) => ({ ...column, role: undefined })), ...calls.map(({ column }) => column)],
      isUpdating: false,
      isOrdered: false,
    }
  }

  #overCall(input: Relation): { readonly sql: string; readonly column: Column } {
    const choices = this.#choices
    const name = this.#name()
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

  /** Rows of a window function, or a window aggregate that shows its windows. */
  #windowed(depth: number, spec: string): Relation | undefined {
    const input = this.timed(depth - 1)
    if (input === undefined) return undefined
    this.isPortable = false
    return this.#choices.oneIn(2) ? this.#windowRows(input, spec) : this.#windowGroups(input, spec)
  }

  #windowRows(input: Relation, spec: string): Relation {
    const choices = this.#choices
    const [start, end] = [this.#name(), this.#name()]
    const where = choices.oneIn(3) ? ` WHERE ${condition(choices, input.columns, 1, this.#feature)}` : ''
    return {
      sql: `SELECT ${input.columns.map(({ name }) => name).join(', ')}, window_start AS ${start}, window_end AS ${end} FROM ${this.#windowCall(input, spec)}${where}`,
      columns: [
        ...input.columns.map((column): Column => ({ ...column, role: undefined })),
        { name: start, type: 'TIMESTAMP', role: 'window_start' },
        { name: end, type: 'TIMESTAMP', role: 'window_end' },
      ],
      isUpdating: input.isUpdating,
      isOrdered: input.isOrdered,
      window: { start, end, spec },
    }
  }

  #windowCall(input: Relation, spec: string): string {
    return `${spec.split('(')[0]}(TABLE ${input.table ?? `(${input.sql})`}, DESCRIPTOR(${rowtimeOf(input).name}), ${spec.slice(spec.indexOf('(') + 1)}`
  }

  #windowSpec(): string {
    return this.#choices.pick([
      "TUMBLE(INTERVAL '10' SECOND)",
      "HOP(INTERVAL '5' SECOND, INTERVAL '10' SECOND)",
      "CUMULATE(INTERVAL '5' SECOND, INTERVAL '15' SECOND)",
      "TUMBLE(INTERVAL '7' SECOND, INTERVAL '2' SECOND)",
      "HOP(INTERVAL '4' SECOND, INTERVAL '12' SECOND)",
      "TUMBLE(INTERVAL '1' SECOND)",
    ])
  }

  #windowAggregate(depth: number): Relation | undefined {
    const input = this.timed(depth, true)
    if (input === undefined) return undefined
    return this.#windowGroups(input, this.#windowSpec())
  }

  #windowGroups(input: Relation, spec: string): Relation {
    const choices = this.#choices
    this.isPortable = false
    const groupable = comparable(input.columns).filter((column) => column.role === undefined)
    const keys = groupable.length === 0 || choices.oneIn(3) ? [] : choices.some(groupable, 2)
    // Windows that share panes have what came pane by pane.
    const aggregates = this.#aggregates({ ...input, isOrdered: input.isOrdered && spec.startsWith('TUMBLE') })
    const names = keys.map(() => this.#name())
    const [start, end] = [this.#name(), this.#name()]
    const time = choices.oneIn(2) ? this.#name() : undefined
    const items = [
      ...keys.map((key, i) => `${key.name} AS ${names[i]}`),
      `window_start AS ${start}`,
      `window_end AS ${end}`,
      ...(time === undefined ? [] : [`window_time AS ${time}`]),
      ...aggregates.map(({ sql, column }) => `${sql} AS ${column.name}`),
    ]
    const by = [...keys.map((key) => key.name), 'window_start', 'window_end', ...(time === undefined ? [] : ['window_time'])]
    const having = choices.oneIn(5) ? ` HAVING ${this.#having(input)}` : ''
    const sets = keys.length > 0 && time === undefined && having === '' && choices.oneIn(6)
    if (sets) this.features.add('window grouping sets')
    const groups = sets ? `window_start, window_end, GROUPING SETS ((${keys.map((key) => key.name).join(', ')}), ())` : by.join(', ')
    return {
      sql: `SELECT ${items.join(', ')} FROM ${this.#windowCall(input, spec)} GROUP BY ${groups}${having}`,
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

  #session(depth: number): Relation | undefined {
    const input = this.timed(depth)
    if (input === undefined) return undefined
    const choices = this.#choices
    const groupable = comparable(input.columns).filter((column) => column.role === undefined)
    const keys = groupable.length === 0 || choices.oneIn(3) ? [] : choices.some(groupable, 1)
    const names = keys.map(() => this.#name())
    this.isPortable = false
    const aggregates = this.#aggregates({ ...input, isOrdered: false })
    // A session may have left when a row comes that touches its end, so none does.
    const gaps = ['2.5', '5.5', '1.5']
    const [start, end] = [this.#name(), this.#name()]
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

  #windowJoin(depth: number): Relation | undefined {
    const choices = this.#choices
    const spec = this.#windowSpec()
    const [left, right] = [this.#windowed(depth, spec), this.#windowed(depth - 1, spec)]
    if (left?.window === undefined || right?.window === undefined) return undefined
    const type = choices.pick(['JOIN', 'LEFT JOIN', 'FULL JOIN', 'RIGHT JOIN'] as const)
    const [l, r] = [`q${this.#names++}`, `q${this.#names++}`]
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
    return this.#joined({ left, right, l, r, type, on: conditions.join(' AND ') })
  }

  /** Rows of windows for which there is one, or none, in the same window of another query. */
  #windowExists(depth: number): Relation | undefined {
    const choices = this.#choices
    const spec = this.#windowSpec()
    const [left, right] = [this.#windowed(depth, spec), this.#windowed(depth - 1, spec)]
    if (left?.window === undefined || right?.window === undefined) return undefined
    const [l, r] = [`q${this.#names++}`, `q${this.#names++}`]
    const conditions = [`${l}.${left.window.start} = ${r}.${right.window.start}`, `${l}.${left.window.end} = ${r}.${right.window.end}`]
    const pair = this.#pairOf(left, right)
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

  /** Columns by which two queries may be joined, besides their times. */
  #pairOf(left: Relation, right: Relation): readonly [Column, Column] | undefined {
    const pairs = comparable(left.columns).flatMap((column) =>
      ofType(right.columns, column.type).flatMap((other) =>
        column.role === undefined && other.role === undefined ? [[column, other] as const] : [],
      ),
    )
    return pairs.length === 0 ? undefined : this.#choices.pick(pairs)
  }

  #intervalJoin(depth: number): Relation | undefined {
    const [left, right] = [this.timed(depth), this.timed(depth - 1)]
    if (left === undefined || right === undefined) return undefined
    const choices = this.#choices
    const type = choices.pick(['JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN'] as const)
    const [l, r] = [`q${this.#names++}`, `q${this.#names++}`]
    const [a, b] = [`${l}.${rowtimeOf(left).name}`, `${r}.${rowtimeOf(right).name}`]
    const span = (): string => `INTERVAL '${choices.pick([2, 0, 5, 10])}' SECOND`
    const conditions = [
      choices.pick([
        `${a} BETWEEN ${b} - ${span()} AND ${b} + ${span()}`,
        `${a} >= ${b} AND ${a} < ${b} + ${span()}`,
        `${b} > ${a} - ${span()} AND ${b} <= ${a}`,
        `${a} = ${b}`,
      ]),
    ]
    const pair = this.#pairOf(left, right)
    if (pair !== undefined && !choices.oneIn(4)) conditions.push(`${l}.${pair[0].name} = ${r}.${pair[1].name}`)
    if (choices.oneIn(4)) {
      const columns = left.columns.map((column): Column => ({ ...column, name: `${l}.${column.name}`, role: undefined }))
      conditions.push(condition(choices, columns, 0, this.#feature))
    }
    return this.#joined({ left, right, l, r, type, on: conditions.join(' AND '), keepsTime: type === 'JOIN', isUpdating: false })
  }

  #temporalJoin(depth: number): Relation | undefined {
    const choices = this.#choices
    const versions = this.#tables.filter(hasVersions)
    const left = versions.length === 0 ? undefined : this.timed(depth)
    const keys = left === undefined ? [] : ofType(left.columns, 'INT')
    if (left === undefined || keys.length === 0) return undefined
    this.isPortable = false
    const right = choices.pick(versions)
    const [l, r] = [`q${this.#names++}`, `q${this.#names++}`]
    const type = choices.pick(['JOIN', 'LEFT JOIN'] as const)
    const shown: Relation = {
      sql: '',
      table: `${right.name} FOR SYSTEM_TIME AS OF ${l}.${rowtimeOf(left).name}`,
      columns: right.columns,
      isUpdating: false,
      isOrdered: false,
    }
    const conditions = [`${l}.${choices.pick(keys).name} = ${r}.k`]
    if (choices.oneIn(4)) {
      const columns = [
        ...left.columns.map((column) => ({ ...column, name: `${l}.${column.name}` })),
        ...right.columns.map((column) => ({ ...column, name: `${r}.${column.name}` })),
      ]
      conditions.push(condition(choices, columns, 0, this.#feature))
    }
    return this.#joined({ left, right: shown, l, r, type, on: conditions.join(' AND '), keepsTime: true, isUpdating: false })
  }

  #windowTopN(depth: number): Relation | undefined {
    const choices = this.#choices
    const input = this.#windowed(depth, this.#windowSpec())
    if (input?.window === undefined) return undefined
    const { window } = input
    const order = this.#order(input)
    if (order === undefined) return undefined
    const others = comparable(input.columns).filter((column) => column.role === undefined)
    const keys = others.length === 0 || choices.oneIn(2) ? [] : choices.some(others, 1)
    const rank = this.#name()
    const partition = [window.start, window.end, ...keys.map(({ name }) => name)].join(', ')
    const names = input.columns.map(({ name }) => name).join(', ')
    return {
      sql: `SELECT ${names}, ${rank} FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY ${partition} ORDER BY ${order}) AS ${rank} FROM ${this.#from(input)}) AS q${this.#names++} WHERE ${rank} <= ${1 + choices.below(3)}`,
      columns: [...input.columns.map((column): Column => ({ ...column, role: undefined })), { name: rank, type: 'BIGINT' }],
      isUpdating: false,
      isOrdered: false,
    }
  }
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

function groupByOf(keys: readonly Column[]): string {
  return keys.length === 0 ? '' : ` GROUP BY ${keys.map((key) => key.name).join(', ')}`
}

function rowtimeOf({ columns }: Relation): Column {
  const time = columns.find((column) => column.role === 'rowtime')
  if (time === undefined) throw new RangeError('a timed query has a time')
  return time
}
