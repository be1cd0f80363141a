import type { Position } from '../base/errors.ts'
import type { Field, Schema } from '../catalog/schema.ts'
import { types, withNullability } from '../data/types.ts'
import { type Expr, mapColumns } from '../expr/expr.ts'
import { buildCall } from '../expr/resolve-call.ts'
import { allColumns, columnOf, filter, project } from './build.ts'
import { type Domain, type Form, chosen, formOf, isOneRow, trueLiteral, whereFound } from './correlated-form.ts'
import { conjunction, conjuncts } from './expression-properties.ts'
import type { LogicalNode } from './logical.ts'
import { mapExpressions, mapOuters } from './outer-columns.ts'
import { timedJoin } from './timed-join.ts'

/** A join whose right side is another one for each left row: it reads `parameters`, expressions over that row, as `outer`. */
export interface DependentJoin {
  readonly joinType: 'inner' | 'left' | 'semi' | 'anti' | 'mark'
  readonly left: LogicalNode
  readonly right: LogicalNode
  readonly parameters: readonly Expr[]
  /** Over both sides, as of a join that is not dependent. */
  readonly condition?: Expr | undefined
  readonly mark?: Expr | undefined
  /** Where the right side stands, for messages. */
  readonly at?: Position | undefined
  /** The right side without rows stands for NULL, or what its aggregates are without rows; an aggregate over an empty stream gives no row by itself. */
  readonly whenEmpty?: 'value'
}

/** Numbers from here on are of `outer` expressions that the dependent join does not resolve, for they belong to a query further out. */
const FURTHER = 1 << 20

/** The same join, with a right side that is one for all left rows. Output as of the join. */
export function dependentJoin(join: DependentJoin): LogicalNode {
  const further = (expr: Expr): Expr => mapOuters(expr, (outer) => ({ ...outer, index: outer.index + FURTHER }))
  const back = (expr: Expr): Expr => mapOuters(expr, (outer) => ({ ...outer, index: outer.index - FURTHER }))
  const joined = resolved({
    ...join,
    left: mapExpressions(join.left, further),
    parameters: join.parameters.map(further),
    condition: join.condition === undefined ? undefined : further(join.condition),
    mark: join.mark === undefined ? undefined : further(join.mark),
  })
  return mapExpressions(joined, back)
}

function resolved(join: DependentJoin): LogicalNode {
  const { left, right, parameters } = join
  const domain: Domain = { limit: FURTHER, at: join.at, distinct: (chosenParameters) => distinctValues(left, chosenParameters, parameters) }
  const form = formOf(right, domain, join.whenEmpty === 'value' ? 'top' : 'inside')
  if (form.isPadded && (join.joinType === 'left' || join.joinType === 'inner')) return alone(join, form)
  if (isOneRow(form.plan) && !form.isPadded) return alone(join, form)
  const matching = chosen(form, domain)
  const width = left.schema.length
  const known = (expr: Expr): Expr => mapOuters(expr, (outer) => (outer.index < FURTHER ? parameters[outer.index]! : outer))
  const ofRight = (expr: Expr): Expr => known(mapColumns(expr, (column) => ({ ...column, index: column.index + width })))
  const columns = [...allColumns(left.schema), ...matching.columns.map(ofRight)]
  const overBoth = (expr: Expr): Expr => mapColumns(expr, (column) => columns[column.index]!)
  const marks = join.mark === undefined ? [] : conjuncts(overBoth(join.mark))
  // What is never UNKNOWN chooses rows as well as it marks them.
  const choosing = marks.filter((mark) => !mark.type.nullable)
  const mark = conjunction(marks.filter((each) => each.type.nullable))
  const condition = conjunction([
    ...matching.residual.map(ofRight),
    ...(join.condition === undefined ? [] : conjuncts(overBoth(join.condition))),
    ...choosing,
  ])
  return built(join, { plan: matching.plan, columns: columns.slice(width), condition, mark })
}

interface Resolved {
  readonly plan: LogicalNode
  /** What the right side shows, over both sides. */
  readonly columns: readonly Expr[]
  readonly condition: Expr | undefined
  readonly mark: Expr | undefined
}

function built({ joinType, left, right }: DependentJoin, { plan, columns, condition, mark }: Resolved): LogicalNode {
  const width = left.schema.length
  const shared = { kind: 'join', joinType, ...(condition === undefined ? {} : { condition }) } as const
  switch (joinType) {
    case 'semi':
    case 'anti': {
      const node = { ...shared, joinType, inputs: [left, plan], schema: withoutTime(left.schema) } as const
      return timedJoin(node, 'written') !== undefined ? { ...node, schema: left.schema } : node
    }
    case 'mark': {
      const found: Field = { name: '$found', type: types.boolean(mark !== undefined) }
      return { ...shared, inputs: [left, plan], schema: [...withoutTime(left.schema), found], ...(mark === undefined ? {} : { mark }) }
    }
    case 'inner':
    case 'left': {
      const pads = joinType === 'left'
      const isPlain = (expr: Expr): boolean => expr.kind === 'column' && expr.index >= width
      const marked = pads && !columns.every(isPlain)
      const names = plan.schema.map((field) => field.name)
      const below = marked ? project(plan, [...allColumns(plan.schema), trueLiteral], [...names, '$found']) : plan
      const bare = { ...shared, joinType, inputs: [left, below], schema: [] } as const
      const isTimed = timedJoin(bare, 'written') !== undefined
      const timed = (fields: Schema): Schema => (isTimed ? fields : withoutTime(fields))
      const fields = timed(below.schema).map((field) => (pads ? { ...field, type: withNullability(field.type, true) } : field))
      const ofLeft = timed(left.schema)
      const schema = [...ofLeft, ...fields]
      const node: LogicalNode = { ...bare, schema }
      const shown = columns.map((column) => {
        if (isPlain(column) && column.kind === 'column') return columnOf(schema, column.index)
        return pads ? whereFound(column, columnOf(schema, schema.length - 1)) : column
      })
      return shownRows(node, [...allColumns(ofLeft), ...shown], [...left.schema, ...right.schema])
    }
  }
}

/** A right side that has one row for each left row, perhaps after a left join: what is left to do is done row by row. */
function alone(join: DependentJoin, form: Form): LogicalNode {
  const { joinType, left, right, parameters } = join
  const width = left.schema.length
  const known = (expr: Expr): Expr => mapOuters(expr, (outer) => (outer.index < FURTHER ? parameters[outer.index]! : outer))
  const ofRight = (expr: Expr): Expr => known(mapColumns(expr, (column) => ({ ...column, index: column.index + width })))
  const residual = form.residual.map(ofRight)
  const on = conjunction(residual)
  const input: LogicalNode = form.isPadded
    ? {
        kind: 'join',
        joinType: 'left',
        inputs: [left, form.plan],
        schema: [
          ...withoutTime(left.schema),
          ...withoutTime(form.plan.schema).map((field) => ({ ...field, type: withNullability(field.type, true) })),
        ],
        ...(on === undefined ? {} : { condition: on }),
      }
    : left
  const columns = [...allColumns(left.schema), ...form.columns.map(ofRight)]
  const overBoth = (expr: Expr): Expr => mapColumns(expr, (column) => columns[column.index]!)
  const found = conjunction([
    ...(form.isPadded ? [] : residual),
    ...(join.condition === undefined ? [] : conjuncts(overBoth(join.condition))),
  ])
  const fields = [...left.schema, ...right.schema]
  switch (joinType) {
    case 'semi':
      return found === undefined ? input : filter(input, found)
    case 'anti':
      return filter(input, found === undefined ? falseLiteral : buildCall('IS NOT TRUE', [found]))
    case 'mark': {
      const value = join.mark === undefined ? trueLiteral : overBoth(join.mark)
      const marked: Expr =
        found === undefined
          ? value
          : { kind: 'case', branches: [{ when: found, then: value }], otherwise: falseLiteral, type: types.boolean(value.type.nullable) }
      return shownRows(input, [...allColumns(left.schema), marked], [...left.schema, { name: '$found', type: marked.type }])
    }
    case 'inner':
      return shownRows(found === undefined ? input : filter(input, found), columns, fields)
    case 'left': {
      const shown =
        found === undefined
          ? columns
          : columns.map((column, i): Expr => {
              if (i < width) return column
              const type = withNullability(column.type, true)
              return { kind: 'case', branches: [{ when: found, then: column }], otherwise: { kind: 'literal', type, value: null }, type }
            })
      return shownRows(input, shown, fields)
    }
  }
}

const falseLiteral: Expr = { kind: 'literal', type: types.boolean(false), value: false }

function shownRows(input: LogicalNode, columns: readonly Expr[], fields: Schema): LogicalNode {
  const isSelection = columns.every((column, i) => column.kind === 'column' && column.index === i)
  if (isSelection && columns.length === input.schema.length) return renamedAs(input, fields)
  return project(
    input,
    columns,
    fields.map((field) => field.name),
  )
}

function renamedAs(node: LogicalNode, fields: Schema): LogicalNode {
  const schema = node.schema.map((field, i): Field => ({ ...field, name: fields[i]!.name }))
  return { ...node, schema }
}

/** Rows of a join come in no order of time, unless the join goes by time. */
function withoutTime(schema: Schema): Schema {
  return schema.map(({ name, type }): Field => ({ name, type }))
}

/** The values of parameters over the rows of a plan, each combination once. */
function distinctValues(input: LogicalNode, chosenParameters: readonly number[], parameters: readonly Expr[]): LogicalNode {
  const values = project(
    input,
    chosenParameters.map((index) => parameters[index]!),
    chosenParameters.map((index) => `$outer${index}`),
  )
  const schema = withoutTime(values.schema)
  return { kind: 'aggregate', input: values, keys: schema.map((_, i) => i), aggregates: [], schema }
}
