import { groupBy, groupingSets } from './aggregate-shapes.ts'
import type { Choices } from './choices.ts'
import { byArrival, clockJoin, lookupJoin } from './clock-shapes.ts'
import type { Column } from './expressions.ts'
import type { Grammar, Relation } from './grammar.ts'
import { join } from './join-shapes.ts'
import { match } from './match-shapes.ts'
import { deduplicate, limit, over, topN } from './rank-shapes.ts'
import { distinct, lateral, select, union, unnest, withSubqueries } from './row-shapes.ts'
import { type RandomTable, hasVersions, isLookedUp } from './tables.ts'
import { intervalJoin, temporalJoin } from './timed-joins.ts'
import { session, windowAggregate, windowExists, windowJoin, windowTopN } from './window-shapes.ts'

export interface RandomQuery {
  readonly sql: string
  readonly features: ReadonlySet<string>
  /** DuckDB reads the text and means the same. */
  readonly isPortable: boolean
}

/** A query over some of the tables, of operators at most three deep. */
export function randomQuery(choices: Choices, tables: readonly RandomTable[]): RandomQuery {
  return queryOf(choices, tables, (grammar) => grammar.relation(3))
}

/** A pattern over rows of a table, or over those of a small query. */
export function patternQuery(choices: Choices, tables: readonly RandomTable[]): RandomQuery {
  return queryOf(choices, tables, (grammar) => {
    grammar.features.add('match')
    return match(grammar, choices.oneIn(4) ? 1 : 0) ?? grammar.relation(0)
  })
}

function queryOf(choices: Choices, tables: readonly RandomTable[], make: (grammar: Grammar) => Relation): RandomQuery {
  let names = 0
  const grammar: Grammar = {
    choices,
    tables,
    features: new Set(),
    isPortable: true,
    relation: (depth) => relation(grammar, depth),
    timed: (depth, allowsUpdating = false) => timed(grammar, depth, allowsUpdating),
    name: () => `c${names++}`,
    alias: () => `q${names++}`,
    feature(name) {
      grammar.features.add(name)
      if (name !== 'MOD') grammar.isPortable = false
    },
  }
  const { sql } = make(grammar)
  return { sql, features: grammar.features, isPortable: grammar.isPortable }
}

type Shape = readonly [weight: number, name: string, make: (depth: number) => Relation | undefined]

function relation(grammar: Grammar, depth: number): Relation {
  const { choices } = grammar
  const any = (below: number): Relation => relation(grammar, below)
  return choices.span('relation', () => {
    if (depth <= 0) return table(grammar, () => true)
    const shapes: readonly Shape[] = [
      [1, 'table', () => table(grammar, () => true)],
      [3, 'select', (below) => select(grammar, any(below))],
      [4, 'group by', (below) => groupBy(grammar, any(below))],
      [5, 'join', (below) => join(grammar, any(below), any(below - 1))],
      [2, 'union', (below) => union(grammar, any(below), any(below - 1))],
      [1, 'distinct', (below) => distinct(grammar, any(below))],
      [3, 'top-n', (below) => topN(grammar, any(below))],
      [1, 'limit', (below) => limit(grammar, any(below))],
      [2, 'grouping sets', (below) => groupingSets(grammar, any(below))],
      [1, 'unnest', (below) => unnest(grammar, any(below))],
      [2, 'window aggregate', (below) => windowAggregate(grammar, below)],
      [2, 'window join', (below) => windowJoin(grammar, below)],
      [2, 'window top-n', (below) => windowTopN(grammar, below)],
      [2, 'session', (below) => session(grammar, below)],
      [2, 'interval join', (below) => intervalJoin(grammar, below)],
      [3, 'temporal join', (below) => temporalJoin(grammar, below)],
      [2, 'window exists', (below) => windowExists(grammar, below)],
      [4, 'over', (below) => over(grammar, below)],
      [3, 'deduplicate', (below) => deduplicate(grammar, below)],
      [4, 'match', (below) => match(grammar, below)],
      [1, 'timed', (below) => grammar.timed(below)],
      [4, 'subquery', (below) => withSubqueries(grammar, any(below))],
      [1, 'lateral', (below) => lateral(grammar, any(below))],
      [grammar.tables.some(isLookedUp) ? 9 : 0, 'lookup join', (below) => lookupJoin(grammar, any(below))],
      [1, 'clock join', (below) => clockJoin(grammar, any(below), any(below - 1))],
      [1, 'by arrival', (below) => byArrival(grammar, any(below))],
    ]
    const [, name, make] = choices.weighted(shapes.map((shape) => [shape[0], shape] as const))
    const made = make(depth - 1)
    if (made === undefined) return table(grammar, () => true)
    grammar.features.add(name)
    return made
  })
}

function timed(grammar: Grammar, depth: number, allowsUpdating: boolean): Relation | undefined {
  const { choices, tables } = grammar
  const isTimed = (each: RandomTable): boolean =>
    each.boundSeconds !== undefined && !isOnlyAsked(each) && (allowsUpdating || !each.isUpdating)
  if (!tables.some(isTimed)) return undefined
  const any = (below: number): Relation => timed(grammar, below, allowsUpdating)!
  return choices.span('timed', () => {
    if (depth <= 0) return table(grammar, isTimed)
    const shapes: readonly Shape[] = [
      [3, 'table', () => table(grammar, isTimed)],
      [3, 'select', (below) => select(grammar, any(below))],
      [1, 'union of times', (below) => union(grammar, any(below), any(below))],
      [2, 'window cascade', (below) => windowAggregate(grammar, below)],
      [1, 'interval join', (below) => intervalJoin(grammar, below)],
      [1, 'temporal join', (below) => temporalJoin(grammar, below)],
      [1, 'lookup join of times', (below) => lookupJoin(grammar, any(below))],
      [1, 'match', (below) => match(grammar, below)],
    ]
    const [, name, make] = choices.weighted(shapes.map((shape) => [shape[0], shape] as const))
    const made = make(depth - 1)
    if (made === undefined || !made.columns.some((column) => column.role === 'rowtime')) return table(grammar, isTimed)
    grammar.features.add(name)
    return made
  })
}

/** A table that no query reads whole. */
function isOnlyAsked(each: RandomTable): boolean {
  return hasVersions(each) || isLookedUp(each)
}

function table({ choices, tables, features }: Grammar, fits: (table: RandomTable) => boolean): Relation {
  const candidates = tables.filter((each) => !isOnlyAsked(each) && fits(each))
  const { name, columns, isUpdating, boundSeconds } = choices.pick(candidates)
  if (isUpdating) features.add('changes')
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
