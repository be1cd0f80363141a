import type { Expr } from '../expr/expr.ts'
import { lookupFunction } from '../expr/registry.ts'
import { withInputs } from './build.ts'
import type { LogicalNode, LogicalOf } from './logical.ts'

type Columns = ReadonlySet<number>

const none: Columns = new Set()

/**
 * Makes outer joins that pad rows which a WHERE above drops anyway joins that do not: `a LEFT JOIN b ... WHERE b.x > 0` is an inner join, and a FULL JOIN is a LEFT JOIN where a column
 * of its left side must not be NULL. Not a rule, for only the joins that are left have the keys by which a sink finds rows.
 */
export function reduceOuterJoins(plan: LogicalNode): LogicalNode {
  return reduce(plan, none)
}

/** @param known Columns of the node: a row that has NULL in one of them counts for nothing above. */
function reduce(node: LogicalNode, known: Columns): LogicalNode {
  switch (node.kind) {
    case 'scan':
    case 'values':
      return node
    case 'filter':
      return over(node, union(known, whenTrue(node.condition)))
    case 'project':
      return over(node, unionOf([...known].map((column) => whenPresent(node.projections[column]!))))
    case 'union':
      return withInputs(
        node,
        node.inputs.map((input) => reduce(input, known)),
      )
    case 'join':
      return reduceJoin(node, known)
    case 'temporal-join': {
      const [left, right] = sides(node, known)
      const inputs = withInputs(node, [reduce(node.inputs[0], left), reduce(node.inputs[1], none)])
      return right.size > 0 && inputs.kind === 'temporal-join' ? { ...inputs, joinType: 'inner' } : inputs
    }
    case 'lookup-join': {
      const width = node.input.schema.length
      const looked = over(node, below(known, width))
      return [...known].some((column) => column >= width) && looked.kind === 'lookup-join' ? { ...looked, joinType: 'inner' } : looked
    }
    case 'aggregate':
      return over(node, from(known, node.keys))
    case 'expand': {
      const width = node.input.schema.length
      const copied = [...known].filter((column) => column >= width && column < width + node.keys.length)
      return over(node, union(below(known, width), new Set(copied.map((column) => node.keys[column - width]!))))
    }
    case 'unnest':
      return over(node, below(known, node.input.schema.length))
    case 'window-table-function':
      return over(node, node.window.kind === 'session' ? none : below(known, node.input.schema.length))
    // Of all other rows of its partition a row may change the place.
    case 'over':
      return over(node, only(known, node.window.partitionKeys))
    case 'rank':
      return over(node, only(known, node.partitionKeys))
    case 'sort':
      return over(node, node.count === undefined && node.offset === 0 ? known : none)
    // What is dropped below a watermark would not advance it.
    case 'watermark':
    case 'match':
    case 'sink':
      return over(node, none)
  }
}

function over(node: Extract<LogicalNode, { readonly input: LogicalNode }>, known: Columns): LogicalNode {
  return withInputs(node, [reduce(node.input, known)])
}

function reduceJoin(node: LogicalOf<'join'>, known: Columns): LogicalNode {
  const [left, right] = sides(node, known)
  const joinType = withoutPadding(node.joinType, left.size > 0, right.size > 0)
  const inputs = withInputs(node, [reduce(node.inputs[0], left), reduce(node.inputs[1], right)])
  return inputs.kind === 'join' && joinType !== node.joinType ? { ...inputs, joinType } : inputs
}

/** The join where rows that have no left, or no right, side are dropped. */
function withoutPadding(joinType: LogicalOf<'join'>['joinType'], dropsLeft: boolean, dropsRight: boolean): LogicalOf<'join'>['joinType'] {
  const padsLeft = (joinType === 'right' || joinType === 'full') && !dropsLeft
  const padsRight = (joinType === 'left' || joinType === 'full') && !dropsRight
  if (joinType !== 'left' && joinType !== 'right' && joinType !== 'full') return joinType
  return padsLeft ? (padsRight ? 'full' : 'right') : padsRight ? 'left' : 'inner'
}

function sides({ joinType, inputs }: LogicalOf<'join' | 'temporal-join'>, known: Columns): readonly [Columns, Columns] {
  const width = inputs[0].schema.length
  // Semi and anti joins show nothing of the right side, and a mark is no column of it.
  const showsRight = joinType !== 'semi' && joinType !== 'anti' && joinType !== 'mark'
  const right = showsRight ? [...known].filter((column) => column >= width).map((column) => column - width) : []
  return [below(known, width), new Set(right)]
}

/** Columns that are not NULL where a condition is TRUE. */
function whenTrue(expr: Expr): Columns {
  switch (expr.kind) {
    case 'and':
      return unionOf(expr.args.map(whenTrue))
    case 'or':
      return common(expr.args.map(whenTrue))
    case 'case': {
      const cases = [...expr.branches.map(({ when, then }) => [whenTrue(when), then] as const), [none, expr.otherwise] as const]
      return common(cases.filter(([, value]) => mayBeTrue(value)).map(([when, value]) => union(when, whenTrue(value))))
    }
    case 'call':
      if (expr.name === 'NOT' || expr.name === 'IS FALSE') return whenFalse(expr.args[0]!)
      if (expr.name === 'IS TRUE') return whenTrue(expr.args[0]!)
      return expr.name === 'IS NOT NULL' ? whenPresent(expr.args[0]!) : whenPresent(expr)
    default:
      return whenPresent(expr)
  }
}

/** Columns that are not NULL where a condition is FALSE. */
function whenFalse(expr: Expr): Columns {
  switch (expr.kind) {
    case 'and':
      return common(expr.args.map(whenFalse))
    case 'or':
      return unionOf(expr.args.map(whenFalse))
    case 'call':
      if (expr.name === 'NOT') return whenTrue(expr.args[0]!)
      return expr.name === 'IS NULL' ? whenPresent(expr.args[0]!) : whenPresent(expr)
    default:
      return whenPresent(expr)
  }
}

/** Columns that are not NULL where a value is not NULL. */
function whenPresent(expr: Expr): Columns {
  switch (expr.kind) {
    case 'column':
      return new Set([expr.index])
    case 'cast':
      return whenPresent(expr.arg)
    case 'field':
      return whenPresent(expr.base)
    case 'coalesce':
      return common(expr.args.map(whenPresent))
    case 'call':
      return lookupFunction(expr.name)?.nulls === 'strict' ? unionOf(expr.args.map(whenPresent)) : none
    default:
      return none
  }
}

function mayBeTrue(expr: Expr): boolean {
  return expr.kind !== 'literal' || expr.value === true
}

function below(columns: Columns, width: number): Columns {
  return new Set([...columns].filter((column) => column < width))
}

/** Of columns that show others first those that are shown. */
function from(columns: Columns, shown: readonly number[]): Columns {
  return new Set([...below(columns, shown.length)].map((column) => shown[column]!))
}

function only(columns: Columns, wanted: readonly number[]): Columns {
  return new Set(wanted.filter((column) => columns.has(column)))
}

function union(a: Columns, b: Columns): Columns {
  return new Set([...a, ...b])
}

function unionOf(sets: readonly Columns[]): Columns {
  return new Set(sets.flatMap((set) => [...set]))
}

function common(sets: readonly Columns[]): Columns {
  const [first = none, ...others] = sets
  return new Set([...first].filter((column) => others.every((other) => other.has(column))))
}
