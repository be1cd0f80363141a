import { type Position, userError } from '../base/errors.ts'
import type { Schema } from '../catalog/schema.ts'
import { withNullability } from '../data/types.ts'
import { type Expr, type Subquery, children, mapColumns, walk, withChildren } from '../expr/expr.ts'
import { buildCall } from '../expr/resolve-call.ts'
import { columnOf, filter, project, select } from './build.ts'
import { hasOneRowAtMost } from './correlated-form.ts'
import { dependentJoin } from './dependent-join.ts'
import { columnsOf, conjunction, conjuncts, expressionKey } from './expression-properties.ts'
import type { LogicalNode } from './logical.ts'
import type { JoinType } from './physical.ts'
import { timedJoin } from './timed-join.ts'

/** Rows with expressions over them that have no queries inside any more. */
export interface Attached {
  readonly input: LogicalNode
  readonly exprs: readonly Expr[]
}

/** Joins the queries inside of expressions to the rows that the expressions read; what they give stands behind the columns of the rows. */
export function attachSubqueries(input: LogicalNode, exprs: readonly Expr[]): Attached {
  if (!exprs.some(hasSubquery)) return { input, exprs }
  let plan = input
  const known = new Map<string, Expr>()
  const visit = (expr: Expr): Expr => {
    if (!hasSubquery(expr)) return expr
    const inner = withChildren(expr, children(expr).map(visit))
    if (inner.kind !== 'subquery') return inner
    const key = expressionKey(inner)
    const found = known.get(key)
    if (found !== undefined) return found
    plan = valueJoin(plan, inner)
    const column = { ...columnOf(plan.schema, plan.schema.length - 1), ...(inner.at === undefined ? {} : { at: inner.at }) }
    known.set(key, column)
    return column
  }
  return { exprs: exprs.map(visit), input: plan }
}

/** Projects rows by expressions that may have queries inside. */
export function projectRows(input: LogicalNode, projections: readonly Expr[], names: readonly string[]): LogicalNode {
  const attached = attachSubqueries(input, projections)
  return project(attached.input, attached.exprs, names)
}

/**
 * Keeps the rows for which a condition is TRUE that may have queries inside. EXISTS, IN and quantified comparisons that all depends on become semi and anti
 * joins, for there UNKNOWN is as good as FALSE; all others become values beside the rows.
 */
export function filterRows(input: LogicalNode, condition: Expr): LogicalNode {
  if (!hasSubquery(condition)) return filter(input, condition)
  const parts = conditionParts(condition, false)
  const plain = conjunction(parts.filter((part) => !hasSubquery(part)))
  let plan = plain === undefined ? input : filter(input, plain)
  const others: Expr[] = []
  for (const part of parts.filter(hasSubquery)) {
    const negated = part.kind === 'call' && part.name === 'NOT'
    const subquery = negated ? part.args[0]! : part
    const joined =
      subquery.kind === 'subquery' && subquery.form !== 'scalar' ? halfJoin(plan, subquery, negated ? 'anti' : 'semi') : undefined
    if (joined === undefined || (negated && comparesAll(joined, subquery))) others.push(part)
    else plan = joined
  }
  const width = input.schema.length
  if (others.length > 0) {
    const attached = attachSubqueries(plan, others)
    plan = filter(attached.input, conjunction(attached.exprs)!)
  }
  return plan.schema.length === width
    ? plan
    : select(
        plan,
        input.schema.map((_, i) => i),
      )
}

/**
 * A join whose condition may have queries inside. In an inner join they filter its rows; else each belongs to the one side whose columns it reads, where it
 * becomes a value of the rows.
 */
export function joinRows({
  joinType,
  left,
  right,
  condition,
  schema,
}: {
  readonly joinType: JoinType
  readonly left: LogicalNode
  readonly right: LogicalNode
  readonly condition: Expr | undefined
  readonly schema: Schema
}): LogicalNode {
  const parts = condition === undefined ? [] : conjuncts(condition)
  const plain = conjunction(parts.filter((part) => !hasSubquery(part)))
  const others = parts.filter(hasSubquery)
  const joined = (inputs: readonly [LogicalNode, LogicalNode], on: Expr | undefined, fields: Schema): LogicalNode => {
    return { kind: 'join', joinType, inputs, schema: fields, ...(on === undefined ? {} : { condition: on }) }
  }
  if (others.length === 0) return joined([left, right], condition, schema)
  if (joinType === 'inner') return filterRows(joined([left, right], plain, schema), conjunction(others)!)
  const width = left.schema.length
  const shift = (expr: Expr, by: number): Expr => mapColumns(expr, (column) => ({ ...column, index: column.index + by }))
  const ofLeft: Expr[] = []
  const ofRight: Expr[] = []
  const collect = (expr: Expr): void => {
    if (expr.kind !== 'subquery') {
      for (const child of children(expr)) collect(child)
      return
    }
    const columns = [...columnsOf(expr)]
    if (columns.every((column) => column < width)) ofLeft.push(expr)
    else if (columns.every((column) => column >= width)) ofRight.push(shift(expr, -width))
    else
      throw userError(
        'plan/subquery-of-both-sides',
        'Cannot plan this subquery in ON: it reads columns of both sides, and only in an inner join that has a plan; move it to WHERE',
        expr.at,
      )
  }
  others.forEach(collect)
  const leftSide = attachSubqueries(left, ofLeft)
  const rightSide = attachSubqueries(right, ofRight)
  const leftWidth = leftSide.input.schema.length
  const place = (column: number): number => (column < width ? column : column - width + leftWidth)
  const rewritten = (expr: Expr): Expr => {
    if (expr.kind === 'column') return { ...expr, index: place(expr.index) }
    if (expr.kind !== 'subquery') return withChildren(expr, children(expr).map(rewritten))
    const left = ofLeft.indexOf(expr)
    if (left >= 0) return leftSide.exprs[left]!
    const key = expressionKey(shift(expr, -width))
    return shift(rightSide.exprs[ofRight.findIndex((other) => expressionKey(other) === key)]!, leftWidth)
  }
  const pads = (side: 'left' | 'right'): boolean => joinType === 'full' || joinType === (side === 'left' ? 'right' : 'left')
  const padded = (fields: Schema, isPadded: boolean): Schema =>
    fields.map(({ name, type }) => ({ name, type: isPadded ? withNullability(type, true) : type }))
  const fields = [...padded(leftSide.input.schema, pads('left')), ...padded(rightSide.input.schema, pads('right'))]
  const node = joined([leftSide.input, rightSide.input], rewritten(condition!), fields)
  return select(
    node,
    schema.map((_, i) => place(i)),
  )
}

export function hasSubquery(expr: Expr): boolean {
  let found = false
  walk(expr, (part) => {
    if (part.kind === 'subquery') found = true
  })
  return found
}

/**
 * NOT IN as an anti join by "not FALSE" compares all rows with all, unless it is one of windows; as a value, which is a mark join, it finds equal rows by a
 * hash.
 */
function comparesAll(joined: LogicalNode, subquery: Expr): boolean {
  const predicate = subquery.kind === 'subquery' ? subquery.predicate : undefined
  const isEquality = predicate !== undefined && conjuncts(predicate).every((part) => part.kind === 'call' && part.name === '=')
  return isEquality && predicate.type.nullable && !(joined.kind === 'join' && timedJoin(joined, 'written') !== undefined)
}

/** What has to be TRUE for a condition to be: the operands of nested ANDs, NOT moved inwards as far as that needs. */
function conditionParts(expr: Expr, negated: boolean): readonly Expr[] {
  if (expr.kind === 'call' && expr.name === 'NOT') return conditionParts(expr.args[0]!, !negated)
  if ((expr.kind === 'or' && negated) || (expr.kind === 'and' && !negated)) return expr.args.flatMap((arg) => conditionParts(arg, negated))
  return negated ? [buildCall('NOT', [expr], expr.at)] : [expr]
}

// --- joins ---

function halfJoin(input: LogicalNode, subquery: Subquery, joinType: 'semi' | 'anti'): LogicalNode {
  const { input: left, exprs } = attachSubqueries(input, [...subquery.operands, ...subquery.parameters])
  const operands = exprs.slice(0, subquery.operands.length)
  const parameters = exprs.slice(operands.length)
  const predicate = subquery.predicate === undefined ? undefined : overBoth(subquery.predicate, operands, left.schema.length)
  const condition =
    joinType === 'anti' && predicate?.type.nullable === true ? buildCall('IS NOT FALSE', [predicate], subquery.at) : predicate
  return dependentJoin({ joinType, left, right: rowsOf(subquery), parameters, condition, at: subquery.at })
}

/** The rows with a column more: what the query gives for each. */
function valueJoin(left: LogicalNode, subquery: Subquery): LogicalNode {
  const { operands, parameters, predicate } = subquery
  const query = rowsOf(subquery)
  if (subquery.form !== 'scalar') {
    const mark = predicate === undefined ? undefined : overBoth(predicate, operands, left.schema.length)
    return dependentJoin({ joinType: 'mark', left, right: query, parameters, mark, at: subquery.at })
  }
  return dependentJoin({ joinType: 'left', left, right: singleRow(query, subquery.at), parameters, at: subquery.at, whenEmpty: 'value' })
}

/** A predicate over operands and the columns of a query as one over the rows that have the operands, and the columns. */
function overBoth(predicate: Expr, operands: readonly Expr[], width: number): Expr {
  return mapColumns(predicate, (column) =>
    column.index < operands.length ? operands[column.index]! : { ...column, index: column.index - operands.length + width },
  )
}

/** A second row fails the job; `at`: where the query stands, for the message. */
function singleRow(query: LogicalNode, at: Position | undefined): LogicalNode {
  if (hasOneRowAtMost(query)) return query
  const type = withNullability(query.schema[0]!.type, true)
  const options = at === undefined ? [] : [`${at.line}:${at.column}`]
  const call = { name: 'SINGLE_VALUE', args: [0], argTypes: [query.schema[0]!.type], distinct: false, type, options }
  return { kind: 'aggregate', input: query, keys: [], aggregates: [call], schema: [{ name: query.schema[0]!.name, type }] }
}

/** The rows of a query as far as its form asks: their order, and how often each is there, is nothing to EXISTS and IN. */
function rowsOf(subquery: Subquery): LogicalNode {
  const query = subquery.query as LogicalNode
  return subquery.form === 'exists' ? forExists(query) : subquery.form === 'any' ? withoutRepeats(query) : query
}

function forExists(node: LogicalNode): LogicalNode {
  switch (node.kind) {
    case 'project':
      return forExists(node.input)
    case 'aggregate':
      return node.keys.length === 0 ? node : forExists(node.input)
    case 'sort':
      return node.offset === 0 && (node.count === undefined || node.count > 0) ? forExists(node.input) : node
    default:
      return node
  }
}

function withoutRepeats(node: LogicalNode): LogicalNode {
  switch (node.kind) {
    case 'aggregate':
      return node.aggregates.length === 0 && node.keys.length > 0 ? withoutRepeats(select(node.input, node.keys)) : node
    case 'sort':
      return node.offset === 0 && node.count === undefined ? withoutRepeats(node.input) : node
    default:
      return node
  }
}
