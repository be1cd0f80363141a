import { unreachable } from '../base/assert.ts'
import type { Schema } from '../catalog/schema.ts'
import type { MatchExpression, MatchPattern, MatchRead, MatchRows, MatchSpec } from '../expr/match.ts'
import { describeAggregate, describeExpression, namesOf } from './describe-expression.ts'
import type { SortKey } from './physical.ts'

interface DescribedMatch {
  readonly input: { readonly schema: Schema }
  readonly schema: Schema
  readonly keys: readonly number[]
  readonly orderKeys: readonly SortKey[]
  readonly spec: MatchSpec
}

/** MATCH_RECOGNIZE as EXPLAIN shows it, in the parts that Flink prints. */
export function matchText({ input, schema, keys, orderKeys, spec }: DescribedMatch): string {
  const names = namesOf(input.schema)
  const expression = (each: MatchExpression): string => expressionText(each, spec, names)
  const order = orderKeys.map((key) => `${names(key.column)} ${key.order === 'ascending' ? 'ASC' : 'DESC'}`)
  const measures = spec.measures.map((measure, i) => `${expression(measure)} AS ${schema[keys.length + i]?.name ?? ''}`)
  const definitions = spec.definitions.flatMap((definition, i) =>
    definition === undefined ? [] : [`${spec.variables[i]} AS ${expression(definition)}`],
  )
  const parts = [
    ...(keys.length === 0 ? [] : [`partitionBy=[${keys.map(names).join(', ')}]`]),
    `orderBy=[${order.join(', ')}]`,
    `measures=[${measures.join(', ')}]`,
    'rowsPerMatch=[ONE ROW PER MATCH]',
    `after=[${afterText(spec)}]`,
    `pattern=[${patternText(spec.pattern, spec)}]`,
    ...(spec.withinMs === undefined ? [] : [`within=[${spec.withinMs} ms]`]),
    `define=[${definitions.join(', ')}]`,
  ]
  return parts.join(', ')
}

function afterText({ afterMatch, variables }: MatchSpec): string {
  switch (afterMatch.kind) {
    case 'next-row':
      return 'SKIP TO NEXT ROW'
    case 'past-last-row':
      return 'SKIP PAST LAST ROW'
    case 'first':
    case 'last':
      return `SKIP TO ${afterMatch.kind.toUpperCase()} ${rowsText(afterMatch.variables, variables)}`
    default:
      return unreachable(afterMatch)
  }
}

function patternText(pattern: MatchPattern, spec: MatchSpec): string {
  const { least, most, reluctant } = pattern
  const isOne = least === 1 && most === 1
  const own =
    pattern.kind === 'variable' ? spec.variables[pattern.variable]! : pattern.parts.map((part) => patternText(part, spec)).join(' ')
  const inside = pattern.kind === 'group' && !isOne ? `(${own})` : own
  return isOne ? inside : `${inside}${boundsText(least, most)}${reluctant ? '?' : ''}`
}

function boundsText(least: number, most: number | undefined): string {
  if (most === undefined) return least === 0 ? '*' : least === 1 ? '+' : `{${least},}`
  if (least === 0 && most === 1) return '?'
  return least === most ? `{${least}}` : `{${least},${most}}`
}

function expressionText({ expr, reads }: MatchExpression, spec: MatchSpec, names: (column: number) => string): string {
  return describeExpression(expr, (column) => readText(reads[column]!, spec, names))
}

function readText(read: MatchRead, spec: MatchSpec, names: (column: number) => string): string {
  switch (read.kind) {
    case 'cell': {
      const cell = qualified(read.rows, spec, names(read.column))
      return read.from === 'last' && read.offset === 0 ? cell : `${read.from.toUpperCase()}(${cell}, ${read.offset})`
    }
    case 'aggregate': {
      const args = read.args.map((arg) => describeExpression(arg, (column) => qualified(read.rows, spec, names(column))))
      return describeAggregate(read.call, (arg) => args[arg]!)
    }
    case 'classifier': {
      const call = `CLASSIFIER(${read.rows === 'all' ? '' : rowsText(read.rows, spec.variables)})`
      return read.from === 'last' && read.offset === 0 ? call : `${read.from.toUpperCase()}(${call}, ${read.offset})`
    }
    case 'rowtime':
      return 'MATCH_ROWTIME()'
    default:
      return unreachable(read)
  }
}

function qualified(rows: MatchRows, spec: MatchSpec, column: string): string {
  return rows === 'all' ? column : `${rowsText(rows, spec.variables)}.${column}`
}

function rowsText(rows: readonly number[], variables: readonly string[]): string {
  const names = rows.map((variable) => variables[variable]!)
  return names.length === 1 ? names[0]! : `(${names.join(', ')})`
}
