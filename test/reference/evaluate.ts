import { unreachable } from '../../src/base/assert.ts'
import { compareValues } from '../../src/data/compare.ts'
import type { SqlType } from '../../src/data/types.ts'
import type { SqlValue } from '../../src/data/value.ts'
import type { Expr } from '../../src/expr/expr.ts'
import type { EvaluationContext } from '../../src/expr/function.ts'
import { prepare } from '../../src/expr/interpret.ts'
import type { LogicalNode, LogicalOf } from '../../src/plan/logical.ts'
import type { SortKey, TableReference } from '../../src/plan/physical.ts'
import { aggregateOf } from './aggregates.ts'
import { elementsOf } from './elements.ts'
import { keyOfValues } from './key-of.ts'
import { overRows } from './over.ts'
import { matchedRows } from './patterns.ts'
import { windowedRows } from './windows.ts'

export type Row = readonly SqlValue[]

export interface ReferenceContext {
  /** The rows of a table in the order in which they came, each with the columns that are named. */
  readonly rowsOf: (source: TableReference, columns: readonly string[]) => readonly Row[]
  /** Where Flink answers differently: an aggregate of no rows at all has no row in a stream and one in batch mode. */
  readonly mode: 'streaming' | 'batch'
  readonly evaluation: EvaluationContext
}

/** A query grew beyond what nested loops are good for. */
export class TooManyRows extends Error {}

const MOST_ROWS = 20_000

/**
 * What a query answers: its bound plan, before any rule, evaluated with arrays and nested loops over whole tables. It knows no watermarks, no changes and no state: the
 * answer is that of tables whose rows all came in time.
 */
export function evaluate(node: LogicalNode, context: ReferenceContext): readonly Row[] {
  const rows = rowsOf(node, context)
  if (rows.length > MOST_ROWS) throw new TooManyRows(`${node.kind}: ${rows.length} rows`)
  return rows
}

function rowsOf(node: LogicalNode, context: ReferenceContext): readonly Row[] {
  switch (node.kind) {
    case 'scan':
      return context.rowsOf(node.source, node.columns)
    case 'values':
      return node.rows
    case 'filter': {
      const condition = prepare(node.condition, context.evaluation)
      return evaluate(node.input, context).filter((row) => condition(row) === true)
    }
    case 'project': {
      const projections = node.projections.map((projection) => prepare(projection, context.evaluation))
      return evaluate(node.input, context).map((row) => projections.map((projection) => projection(row)))
    }
    case 'watermark':
    case 'sink':
      return evaluate(node.input, context)
    case 'window-table-function':
      return windowedRows(evaluate(node.input, context), node.timeColumn, node.window)
    case 'expand':
      return evaluate(node.input, context).flatMap((row) =>
        node.sets.map((set, number) => [...row, ...node.keys.map((key, place) => (set.includes(place) ? row[key]! : null)), number]),
      )
    case 'unnest':
      return unnested(node, context)
    case 'aggregate':
      return aggregated(node, context)
    case 'over':
      return overRows(node, evaluate(node.input, context), context.mode)
    case 'rank':
      throw new TypeError('the binder makes no ranks, only rules do')
    case 'union':
      return node.inputs.flatMap((input) => evaluate(input, context))
    case 'join':
      return node.joinType === 'mark' ? marked(node, context) : joined(node, context)
    case 'temporal-join':
      return joinedVersions(node, context)
    case 'sort': {
      const rows = sorted(
        node.input.schema.map((field) => field.type),
        evaluate(node.input, context),
        node.keys,
      )
      return rows.slice(node.offset, node.count === undefined ? undefined : node.offset + node.count)
    }
    case 'match':
      return matchedRows(node, evaluate(node.input, context), context.evaluation)
    case 'lookup-join':
      return lookedUp(node, context)
    default:
      return unreachable(node)
  }
}

function unnested(node: LogicalOf<'unnest'>, context: ReferenceContext): readonly Row[] {
  const { collection, withOrdinality, condition, joinType, input, schema } = node
  const counts = condition === undefined ? undefined : prepare(condition, context.evaluation)
  const { type } = input.schema[collection]!
  const nothing = Array.from({ length: schema.length - input.schema.length }, () => null)
  return evaluate(input, context).flatMap((row) => {
    const all = elementsOf(type, row[collection]!).map((element, i) => [...element, ...(withOrdinality ? [i + 1] : [])])
    const elements = all.filter((element) => counts === undefined || counts(element) === true).map((element) => [...row, ...element])
    return elements.length === 0 && joinType === 'left' ? [[...row, ...nothing]] : elements
  })
}

function aggregated({ input, keys, aggregates }: LogicalOf<'aggregate'>, context: ReferenceContext): readonly Row[] {
  const groups = new Map<string, Row[]>()
  if (keys.length === 0 && context.mode === 'batch') groups.set('', [])
  for (const row of evaluate(input, context)) {
    const key = keyOfValues(keys.map((column) => row[column]!))
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [row])
    else group.push(row)
  }
  return [...groups.values()].map((rows) => [
    ...keys.map((column) => rows[0]![column]!),
    ...aggregates.map((call) => aggregateOf(call, rows)),
  ])
}

function joined({ joinType, inputs, condition }: LogicalOf<'join'>, context: ReferenceContext): readonly Row[] {
  const [left, right] = [evaluate(inputs[0], context), evaluate(inputs[1], context)]
  const test = condition === undefined ? undefined : prepare(condition, context.evaluation)
  const [noLeft, noRight] = [inputs[0].schema.map(() => null), inputs[1].schema.map(() => null)]
  const rows: Row[] = []
  const matchedRight = new Set<number>()
  for (const leftRow of left) {
    let isMatched = false
    right.forEach((rightRow, i) => {
      const both = [...leftRow, ...rightRow]
      if (test !== undefined && test(both) !== true) return
      isMatched = true
      matchedRight.add(i)
      if (joinType !== 'semi' && joinType !== 'anti') rows.push(both)
      if (rows.length > MOST_ROWS) throw new TooManyRows('join')
    })
    if (joinType === 'semi' ? isMatched : joinType === 'anti' && !isMatched) rows.push(leftRow)
    if (!isMatched && (joinType === 'left' || joinType === 'full')) rows.push([...leftRow, ...noRight])
  }
  if (joinType !== 'right' && joinType !== 'full') return rows
  return [...rows, ...right.filter((_, i) => !matchedRight.has(i)).map((rightRow) => [...noLeft, ...rightRow])]
}

/** Each row with those that the table has for it: a table that does not change is joined. */
function lookedUp(node: LogicalOf<'lookup-join'>, context: ReferenceContext): readonly Row[] {
  const { joinType, input, source, columns, keyColumns, projections, schema } = node
  const test = (condition: Expr | undefined) => (condition === undefined ? undefined : prepare(condition, context.evaluation))
  const [counts, matches] = [test(node.rowCondition), test(node.condition)]
  const values = node.values.map((value) => prepare(value, context.evaluation))
  const shown = projections.map((projection) => prepare(projection, context.evaluation))
  const table = context.rowsOf(source, columns).filter((row) => counts === undefined || counts(row) === true)
  const nothing = Array.from({ length: schema.length - input.schema.length }, () => null)
  return evaluate(input, context).flatMap((row) => {
    const wanted = values.map((value) => value(row))
    const found = table
      .filter((each) => wanted.every((value, i) => value !== null && keyOfValues([value]) === keyOfValues([each[keyColumns[i]!]!])))
      .map((each) => [...row, ...shown.map((show) => show(each))])
      .filter((both) => matches === undefined || matches(both) === true)
    return found.length === 0 && joinType === 'left' ? [[...row, ...nothing]] : found
  })
}

/** Each left row with the youngest version of its key that is not younger than the row; of versions of one time the last one. */
function joinedVersions(node: LogicalOf<'temporal-join'>, context: ReferenceContext): readonly Row[] {
  const { joinType, inputs, leftTime, rightTime, versionKey, condition } = node
  const [left, right] = [evaluate(inputs[0], context), versionsOf(inputs[1], context)]
  const test = prepare(condition, context.evaluation)
  const noRight = inputs[1].schema.map(() => null)
  const timeOf = (row: Row, column: number): bigint => row[column] as bigint
  return left.flatMap((leftRow) => {
    const past = right.filter((version) => timeOf(version, rightTime) <= timeOf(leftRow, leftTime))
    const valid = past.filter((version, i) => {
      const isOfKey = (other: Row): boolean =>
        keyOfValues(versionKey.map((key) => other[key]!)) === keyOfValues(versionKey.map((key) => version[key]!))
      return !past.some((other, j) => {
        const [a, b] = [timeOf(other, rightTime), timeOf(version, rightTime)]
        return isOfKey(other) && (a > b || (a === b && j > i))
      })
    })
    const found = valid.map((version) => [...leftRow, ...version]).filter((both) => test(both) === true)
    return found.length === 0 && joinType === 'left' ? [[...leftRow, ...noRight]] : found
  })
}

/** All versions that there ever were, of a table without a view around it. */
function versionsOf(node: LogicalNode, context: ReferenceContext): readonly Row[] {
  if (node.kind === 'watermark') return versionsOf(node.input, context)
  if (node.kind !== 'scan') throw new TypeError('the reference knows versions of tables only')
  return evaluate(node, context)
}

/** Left rows with a BOOLEAN behind them: whether the mark is TRUE for some right row that fulfils the condition, or else UNKNOWN for some. */
function marked({ inputs, condition, mark }: LogicalOf<'join'>, context: ReferenceContext): readonly Row[] {
  const [left, right] = [evaluate(inputs[0], context), evaluate(inputs[1], context)]
  const counts = condition === undefined ? undefined : prepare(condition, context.evaluation)
  const test = mark === undefined ? undefined : prepare(mark, context.evaluation)
  return left.map((leftRow) => {
    const pairs = right.map((rightRow) => [...leftRow, ...rightRow]).filter((both) => counts === undefined || counts(both) === true)
    const answers = pairs.map((both) => (test === undefined ? true : test(both)))
    return [...leftRow, answers.includes(true) ? true : answers.includes(null) ? null : false]
  })
}

/** Rows in an order; those that it does not tell apart stay as they came. */
export function sorted(types: readonly SqlType[], rows: readonly Row[], keys: readonly SortKey[]): readonly Row[] {
  return [...rows].sort((a, b) => compareRows(types, a, b, keys))
}

export function compareRows(types: readonly SqlType[], a: Row, b: Row, keys: readonly SortKey[]): number {
  for (const { column, order, nulls } of keys) {
    const [left, right] = [a[column]!, b[column]!]
    if (left === null || right === null) {
      if (left === right) continue
      return (left === null) === (nulls === 'first') ? -1 : 1
    }
    const difference = compareValues(types[column]!, left, right)
    if (difference !== 0) return order === 'ascending' ? difference : -difference
  }
  return 0
}
