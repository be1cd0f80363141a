import { userError } from '../base/errors.ts'
import { types } from '../data/types.ts'
import { isInteger } from '../expr/coercion.ts'
import { type Expr, mapColumns } from '../expr/expr.ts'
import type { EvaluationContext } from '../expr/function.ts'
import { allColumns, filter, inputsOf, noRows, project, transform } from './build.ts'
import { conjunction, conjuncts } from './expression-properties.ts'
import type { LogicalNode, LogicalOf } from './logical.ts'
import { isRank, rankRange } from './rank-range.ts'
import { pushConditions } from './rules/push-filters.ts'

/** More rows of one partition are not ranked. */
const MAX_RANK = 0x7fffffff

/**
 * Turns filters on a row number into Top-N: `WHERE rn <= 3` above ROW_NUMBER() keeps three rows of each partition instead of numbering all; `rn <= n` keeps as many as
 * the column says. Not a rule, for a
 * stream whose rows are numbered by anything but time has no other plan.
 */
export function rankFilters(plan: LogicalNode, evaluation: EvaluationContext): LogicalNode {
  const ranked = ranksOf(plan, evaluation)
  // The condition may stand above a join, a union or a GROUP BY of the numbered rows, or in ON.
  return hasNumbers(ranked) ? ranksOf(pushConditions(plan), evaluation) : ranked
}

function ranksOf(plan: LogicalNode, evaluation: EvaluationContext): LogicalNode {
  return transform(plan, (node) => (node.kind === 'filter' ? rankOfFilter(node, evaluation) : node))
}

/** Whether rows are still numbered in an order other than that of time. */
function hasNumbers(plan: LogicalNode): boolean {
  if (plan.kind === 'over' && plan.calls.some((call) => call.name === 'ROW_NUMBER') && !isByTime(plan)) return true
  return inputsOf(plan).some(hasNumbers)
}

/** The Top-N that a filter on a row number is, or the filter itself. Without `evaluation`, constants have to be written out. */
export function rankOfFilter(node: LogicalOf<'filter'>, evaluation?: EvaluationContext): LogicalNode {
  const conditions = conjuncts(withoutNot(node.condition, 'as is'))
  const projects: LogicalOf<'project'>[] = []
  let below = node.input
  let substituted = conditions
  while (below.kind === 'project') {
    const { projections } = below
    substituted = substituted.map((condition) => mapColumns(condition, (column) => projections[column.index]!))
    projects.push(below)
    below = below.input
  }
  if (below.kind !== 'over' || below.calls.length !== 1) return node
  const [call] = below.calls
  const number = below.input.schema.length
  const bounds = substituted.map((condition) => rankRange(condition, number, evaluation))
  const ends = substituted.map((condition) => endOf(condition, number))
  if ([...bounds, ...ends].every((bound) => bound === undefined)) return node
  let from = 1
  let to = Infinity
  for (const bound of bounds) {
    from = Math.max(from, bound?.from ?? 1)
    to = Math.min(to, bound?.to ?? Infinity)
  }
  if (!['ROW_NUMBER', 'RANK', 'DENSE_RANK'].includes(call!.name)) return node
  if (call!.name !== 'ROW_NUMBER') {
    throw userError(
      'plan/rank-in-streaming',
      `Cannot keep rows by ${call!.name} in streaming mode: ROW_NUMBER was wanted, whose rows a new row moves by one place each`,
      below.at,
    )
  }
  const end = ends.find((found) => found !== undefined)
  if (to === Infinity && end !== undefined) {
    const ranked: LogicalNode = { ...ranking(below), kind: 'rank', from: 1, to: MAX_RANK, toColumn: end.column, showsRank: true }
    const rest = conjunction(conditions.filter((_, i) => ends[i] !== end || !end.isWhole))
    const shown = projects.reduceRight((input: LogicalNode, above) => ({ ...above, input }), ranked)
    return rest === undefined ? shown : filter(shown, rest)
  }
  if (to === Infinity) {
    if (isByTime(below)) return node
    throw userError(
      'plan/rank-without-end',
      'Cannot keep these rows in streaming mode: their row number has no upper end; add a condition such as rn <= 10',
      below.at,
    )
  }
  if (to < 1)
    throw userError(
      'plan/rank-without-end',
      'Cannot keep these rows: the first one has number 1, so that none has a number that low',
      below.at,
    )
  const rest = conjunction(conditions.filter((_, i) => bounds[i]?.isWhole !== true))
  const ranked = to < from ? noRows(below.schema) : rank(below, from, to)
  const shown = projects.reduceRight((input: LogicalNode, above) => ({ ...above, input }), ranked)
  return rest === undefined ? shown : filter(shown, rest)
}

/** The rows with their numbers. One number alone is a constant. */
function rank(node: LogicalOf<'over'>, from: number, to: number): LogicalNode {
  const { input } = node
  const showsRank = from !== to
  const schema = showsRank ? node.schema : input.schema
  const ranked: LogicalNode = { ...ranking(node), kind: 'rank', from, to, showsRank, schema }
  if (showsRank) return ranked
  const constant: Expr = { kind: 'literal', type: types.bigint(false), value: BigInt(from) }
  const names = node.schema.map((field) => field.name)
  return { ...project(ranked, [...allColumns(input.schema), constant], names), schema: node.schema }
}

function ranking({
  input,
  schema,
  window,
}: LogicalOf<'over'>): Pick<LogicalOf<'rank'>, 'input' | 'schema' | 'partitionKeys' | 'orderKeys'> {
  return { input, schema, partitionKeys: window.partitionKeys, orderKeys: window.orderKeys }
}

/** Whether the rows are numbered in the order of time, so that no number changes. */
function isByTime({ window, input }: LogicalOf<'over'>): boolean {
  const [first] = window.orderKeys
  return first?.order === 'ascending' && input.schema[first.column]?.timeAttribute !== undefined
}

const opposites: Readonly<Record<string, string>> = { '<': '>=', '<=': '>', '>': '<=', '>=': '<', '=': '<>', '<>': '=' }

/** The condition, or its opposite, with NOT moved into comparisons: `NOT rn > 3` is `rn <= 3`. */
function withoutNot(expr: Expr, form: 'as is' | 'opposite'): Expr {
  if (expr.kind === 'call' && expr.name === 'NOT') return withoutNot(expr.args[0]!, form === 'as is' ? 'opposite' : 'as is')
  if (expr.kind === 'and' || expr.kind === 'or') {
    const kind = (expr.kind === 'and') === (form === 'as is') ? 'and' : 'or'
    return { ...expr, kind, args: expr.args.map((arg) => withoutNot(arg, form)) }
  }
  if (form === 'as is') return expr
  const name = expr.kind === 'call' ? opposites[expr.name] : undefined
  if (expr.kind === 'call' && name !== undefined) return { ...expr, name }
  return { kind: 'call', name: 'NOT', args: [expr], type: expr.type }
}

const mirrored: Readonly<Record<string, string>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=', '=': '=' }

/** The column of whole numbers that bounds column `number`, and whether the condition says no more than that it is not passed. */
function endOf(condition: Expr, number: number): { readonly column: number; readonly isWhole: boolean } | undefined {
  if (condition.kind !== 'call' || condition.args.length !== 2) return undefined
  const [left, right] = condition.args as [Expr, Expr]
  const isFlipped = isRank(right, number)
  if (!isFlipped && !isRank(left, number)) return undefined
  const column = wholeColumn(isFlipped ? left : right)
  const operator = isFlipped ? mirrored[condition.name] : condition.name
  if (column === undefined || column >= number || operator === undefined || !['<', '<=', '='].includes(operator)) return undefined
  return { column, isWhole: operator === '<=' }
}

function wholeColumn(expr: Expr): number | undefined {
  if (!isInteger(expr.type)) return undefined
  return expr.kind === 'cast' ? wholeColumn(expr.arg) : expr.kind === 'column' ? expr.index : undefined
}
