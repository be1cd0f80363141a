import { userError } from '../base/errors.ts'
import type { Schema } from '../catalog/schema.ts'
import { withNullability } from '../data/types.ts'
import { type Expr, mapColumns } from '../expr/expr.ts'
import { columnOf } from './build.ts'
import { conjunction, conjuncts, expressionKey, readsNoColumns } from './expression-properties.ts'
import { type IntervalBounds, mixesTimes } from './interval-bounds.ts'
import { type JoinKeys, type KeyPair, joinKeys, joinedKeys, keyPair, withKeyColumns } from './join-keys.ts'
import { heldTimeMs } from './held-times.ts'
import type { LogicalOf } from './logical.ts'
import type { Lowering, Needs } from './lowering.ts'
import { markedByEquality } from './mark-keys.ts'
import type { Distribution, LookupKey, PhysicalNode, PhysicalOf } from './physical.ts'
import { timedJoin } from './timed-join.ts'
import { type WindowBounds, joinsWindowsByClock } from './window-properties.ts'

interface JoinPlan {
  readonly kind: 'join' | 'interval-join' | 'window-join' | 'temporal-join'
  readonly keys: JoinKeys
  /** By side, whether the order in which its rows arrive is read. */
  readonly order: readonly [boolean, boolean]
  /** By side, whether -U is wanted. */
  readonly updateBefore?: readonly [boolean, boolean]
}

interface JoinSide {
  readonly input: PhysicalNode
  readonly keys: readonly number[]
}

export function lowerJoin(planner: Lowering, node: LogicalOf<'join'>, needs: Needs): PhysicalNode {
  const { joinType } = node
  if (joinType === 'mark') return lowerMarkJoin(planner, node, needs)
  const isFinal = planner.options.mode === 'batch'
  if (!isFinal && joinsWindowsByClock(node)) {
    throw userError(
      'plan/window-join-by-clock',
      'Cannot join windows of processing time: neither Rheo nor Flink does; join tables with an interval, or use windows of event time',
    )
  }
  if (!isFinal && mixesTimes(node)) {
    throw userError(
      'plan/interval-join-times',
      'Cannot join by an interval of event time: one side has a TIMESTAMP and the other one a TIMESTAMP_LTZ, the same was wanted',
    )
  }
  const timed = isFinal ? undefined : timedJoin(node, 'any')
  const keys = joinKeys(timed?.kind === 'interval' ? { ...node, condition: timed.rest } : node)
  const kind = timed === undefined ? 'join' : (`${timed.kind}-join` as const)
  const { id, calcId, sides } = joinSides(planner, node, { kind, keys, order: [needs.order, needs.order] }, needs)
  const inputs = [sides[0].input, sides[1].input] as const
  const adds = inputs.every((input) => input.changes === 'append')
  const isHalf = joinType === 'semi' || joinType === 'anti'
  if (timed !== undefined && !adds && !isHalf && timedJoin(node, 'written') !== undefined) throw needsInserts(timed, inputs)
  // Of rows that are taken back a join by time knows nothing.
  const isPlain = timed === undefined || !adds
  const rest = isPlain && timed?.kind === 'interval' ? conjunction([timed.bounds, ...conjunctsOf(keys.residual)]) : keys.residual
  const { met, filter } = keyedJoin(node, { id, sides, nullSafe: keys.nullSafe, condition: rest })
  const width = inputs[0].schema.length
  const changes = isFinal || !isPlain || (adds && (joinType === 'inner' || joinType === 'semi')) ? 'append' : 'retract'
  const fields = {
    ...met,
    joinType,
    schema: joinedSchema(node, inputs),
    changes,
    uniqueKeys: joinType === 'full' ? [] : joinedKeys(joinType, sides, 'uniqueKeys', width),
    upsertKeys: changes === 'append' ? [] : joinedKeys(joinType, sides, 'upsertKeys', width),
  } as const
  const stateTtlMs = [node.stateTtlMs?.[0] ?? planner.stateTtlMs, node.stateTtlMs?.[1] ?? planner.stateTtlMs] as const
  const join = isPlain
    ? ({ kind: 'join', mode: isFinal ? 'final' : 'streaming', stateTtlMs, ...fields } as const)
    : timedNode(timed, fields)
  return shown(planner, node, join, { calcId, condition: filter })
}

/** FOR SYSTEM_TIME AS OF: rows meet by the key of the versions alone, all else is asked of the version that was valid. */
export function lowerTemporalJoin(planner: Lowering, node: LogicalOf<'temporal-join'>, needs: Needs): PhysicalNode {
  const { joinType, leftTime, rightTime } = node
  const keys = versionKeys(node)
  // Of versions of one time the last one counts. What a version was before is known.
  const how = { kind: 'temporal-join', keys, order: [needs.order, true], updateBefore: [true, false] } as const
  const { id, calcId, sides } = joinSides(planner, node, how, needs)
  const left = sides[0].input
  const inputs = [left, sides[1].input] as const
  const { met, filter } = keyedJoin(node, { id, sides, nullSafe: keys.nullSafe, condition: keys.residual })
  // Rows of sessions may lie behind the watermark by any time: all versions are kept for them.
  const held = Math.min(heldTimeMs(node.inputs[0], leftTime), Number.MAX_SAFE_INTEGER)
  const join: PhysicalNode = {
    kind: 'temporal-join',
    ...met,
    joinType,
    leftTime,
    rightTime,
    ...(held === 0 ? {} : { heldMs: held }),
    schema: joinedSchema(node, inputs),
    changes: left.changes,
    uniqueKeys: left.uniqueKeys,
    upsertKeys: left.upsertKeys,
  }
  return shown(planner, node, join, { calcId, condition: filter })
}

interface KeyedJoin {
  readonly id: string
  readonly sides: readonly [JoinSide, JoinSide]
  readonly nullSafe: readonly boolean[]
  /** What is asked of rows with the same keys, over the columns of the logical join. */
  readonly condition: Expr | undefined
}

/** How rows meet by keys. An inner join with a condition is one without below a filter. */
function keyedJoin(node: LogicalOf<'join' | 'temporal-join'>, { id, sides, nullSafe, condition }: KeyedJoin) {
  const [left, right] = sides
  const residual = condition === undefined ? undefined : shifted(node, left.input.schema.length)(condition)
  const isFilter = node.joinType === 'inner'
  const met = {
    id,
    inputs: [left.input, right.input] as const,
    leftKeys: left.keys,
    rightKeys: right.keys,
    nullSafe,
    ...(residual === undefined || isFilter ? {} : { condition: residual }),
  }
  return { met, filter: isFilter ? residual : undefined }
}

/** Both sides of a join behind exchanges by their keys. */
function joinSides(
  planner: Lowering,
  { inputs, joinType }: LogicalOf<'join' | 'temporal-join'>,
  { kind, keys, order, updateBefore = [true, true] }: JoinPlan,
  needs: Needs,
): { readonly id: string; readonly calcId: string; readonly sides: readonly [JoinSide, JoinSide] } {
  const [left, right] = inputs
  const names = `${keys.left.map((key) => nameOf(left.schema, key)).join(', ')}; ${keys.right.map((key) => nameOf(right.schema, key)).join(', ')}`
  const path = `${needs.path}/${kind}(${joinType}; ${names})`
  const id = planner.ids.next(kind, path)
  const calcId = planner.id('calc', needs)
  const side = (number: 0 | 1, expressions: readonly Expr[]): JoinSide => {
    const below: Needs = { path: `${path}/${number === 0 ? 'left' : 'right'}`, order: order[number], updateBefore: updateBefore[number] }
    const keyed = withKeyColumns(inputs[number], expressions)
    const lowered = planner.lower(keyed.input, below)
    const wanted = lowered.changes === 'retract' && !updateBefore[number] ? planner.dropUpdateBefore(lowered, below) : lowered
    const distribution: Distribution = keyed.keys.length === 0 ? { kind: 'single' } : { kind: 'hash', keys: keyed.keys }
    return { input: planner.exchange(wanted, distribution, below), keys: keyed.keys }
  }
  return { id, calcId, sides: [side(0, keys.left), side(1, keys.right)] }
}

/** The columns that the logical join shows, without those of keys that were computed, of the rows that fulfil a condition. */
function shown(
  planner: Lowering,
  node: LogicalOf<'join' | 'temporal-join'>,
  join: PhysicalOf<'join' | 'interval-join' | 'temporal-join' | 'window-join'>,
  { calcId, condition }: { readonly calcId: string; readonly condition: Expr | undefined },
): PhysicalNode {
  const { schema } = join
  const width = node.inputs[0].schema.length
  const added = join.inputs[0].schema.length - width
  const shown = node.schema.map((_, i) => columnOf(schema, i < width ? i : i + added))
  const isPlain = condition === undefined && shown.length === schema.length
  return isPlain ? { ...join, schema: node.schema } : planner.calc(calcId, join, condition, shown, node.schema)
}

function lowerMarkJoin(planner: Lowering, logical: LogicalOf<'join'>, needs: Needs): PhysicalNode {
  const equal = markedByEquality(logical)
  const { node } = equal
  const keys = joinKeys(node)
  const { id, calcId, sides } = joinSides(planner, node, { kind: 'join', keys, order: [needs.order, needs.order] }, needs)
  const [left, right] = sides
  const width = node.inputs[0].schema.length
  const leftSchema = left.input.schema
  const shift = (expr: Expr): Expr =>
    mapColumns(expr, (column) => (column.index < width ? column : { ...column, index: column.index + leftSchema.length - width }))
  const found = node.schema.at(-1)!
  const schema = [...leftSchema.map(({ name, type }) => ({ name, type })), found]
  const isFinal = planner.options.mode === 'batch'
  const join: PhysicalNode = {
    kind: 'mark-join',
    id,
    inputs: [left.input, right.input],
    leftKeys: left.keys,
    rightKeys: right.keys,
    nullSafe: keys.nullSafe,
    ...(keys.residual === undefined ? {} : { condition: shift(keys.residual) }),
    ...(node.mark === undefined ? {} : { mark: shift(node.mark) }),
    leftEqual: equal.left,
    rightEqual: equal.right,
    stateTtlMs: planner.stateTtlMs,
    mode: isFinal ? 'final' : 'streaming',
    schema,
    changes: isFinal ? 'append' : 'retract',
    uniqueKeys: left.input.uniqueKeys,
    upsertKeys: isFinal ? [] : left.input.upsertKeys,
  }
  const shownWidth = logical.schema.length - 1
  const shown = logical.schema.map((_, i) => columnOf(schema, i < shownWidth ? i : schema.length - 1))
  return shown.length === schema.length ? { ...join, schema: logical.schema } : planner.calc(calcId, join, undefined, shown, logical.schema)
}

export function lowerLookupJoin(planner: Lowering, node: LogicalOf<'lookup-join'>, needs: Needs): PhysicalNode {
  const { joinType, source, columns, keyColumns, values, projections, rowCondition, condition, options } = node
  const id = planner.id('lookup-join', needs)
  const calcId = planner.id('calc', needs)
  const fromInput = values.filter((value) => !readsNoColumns(value))
  const keyed = withKeyColumns(node.input, fromInput)
  // A row that changes may find other rows than before, so what it had found is taken back.
  const lowered = planner.lower(keyed.input, { ...needs, updateBefore: true })
  const input = options.shuffles && keyed.keys.length > 0 ? planner.exchange(lowered, { kind: 'hash', keys: keyed.keys }, needs) : lowered
  const width = node.input.schema.length
  const added = input.schema.length - width
  const keys = keyColumns.map((column, i): LookupKey => {
    const place = fromInput.indexOf(values[i]!)
    return place < 0 ? { column, constant: values[i]! } : { column, input: keyed.keys[place]! }
  })
  const shift = (expr: Expr): Expr =>
    mapColumns(expr, (column) => (column.index < width ? column : { ...column, index: column.index + added }))
  const primaryKey = source.table.primaryKey?.columns
  const findsOne = primaryKey !== undefined && primaryKey.every((name) => keyColumns.some((column) => columns[column] === name))
  const schema = [...node.schema.slice(0, width), ...input.schema.slice(width), ...node.schema.slice(width)]
  const join: PhysicalNode = {
    kind: 'lookup-join',
    id,
    joinType,
    input,
    keys,
    source,
    columns,
    ...(rowCondition === undefined ? {} : { rowCondition }),
    projections,
    ...(condition === undefined ? {} : { condition: shift(condition) }),
    options,
    schema,
    changes: input.changes,
    uniqueKeys: findsOne ? input.uniqueKeys : [],
    upsertKeys: findsOne ? input.upsertKeys : [],
  }
  if (added === 0) return join
  const shown = node.schema.map((_, i) => columnOf(schema, i < width ? i : i + added))
  return planner.calc(calcId, join, undefined, shown, node.schema)
}

/** Numbers of a join's columns where columns of keys were added behind those of the left side, which then has `width`. */
function shifted({ inputs }: LogicalOf<'join' | 'temporal-join'>, width: number): (expr: Expr) => Expr {
  const plain = inputs[0].schema.length
  return (expr) => mapColumns(expr, (column) => (column.index < plain ? column : { ...column, index: column.index + width - plain }))
}

/** The columns of both sides, nullable where they may be padded; of a semi or anti join those of the left one. */
function joinedSchema(
  { joinType, schema: shown }: LogicalOf<'join' | 'temporal-join'>,
  [left, right]: readonly [PhysicalNode, PhysicalNode],
): Schema {
  if (joinType === 'semi' || joinType === 'anti') return [...shown, ...left.schema.slice(shown.length)]
  const padded = (schema: Schema, isPadded: boolean): Schema =>
    schema.map((field) => ({ ...field, type: isPadded ? withNullability(field.type, true) : field.type }))
  return [
    ...padded(left.schema, joinType === 'right' || joinType === 'full'),
    ...padded(right.schema, joinType === 'left' || joinType === 'full'),
  ]
}

function timedNode(
  timed: IntervalBounds | WindowBounds,
  fields: Omit<PhysicalOf<'interval-join'>, 'kind' | 'leftTime' | 'rightTime' | 'lowerMs' | 'upperMs' | 'heldMs'>,
): PhysicalOf<'interval-join' | 'window-join'> {
  if (timed.kind === 'window') {
    const { window, leftBounds, rightBounds } = timed
    return { kind: 'window-join', ...fields, window, leftBounds, rightBounds }
  }
  const { byClock, leftTime, rightTime, lowerMs, upperMs, heldMs } = timed
  const held = heldMs.every((ms) => ms === 0) ? {} : { heldMs }
  return { kind: 'interval-join', ...(byClock ? { byClock } : {}), ...fields, leftTime, rightTime, lowerMs, upperMs, ...held }
}

function needsInserts({ kind }: IntervalBounds | WindowBounds, [left]: readonly [PhysicalNode, PhysicalNode]): Error {
  const what = kind === 'window' ? 'windows' : 'by an interval of time'
  const side = left.changes === 'append' ? 'right' : 'left'
  return userError(
    `plan/${kind}-join-needs-inserts`,
    `Cannot join ${what} here: the ${side} input updates rows, and rows that are only added were wanted`,
  )
}

/** The parts of a temporal join's condition that name the version's key, each once, and what is left. */
function versionKeys({ inputs, condition, versionKey }: LogicalOf<'temporal-join'>): JoinKeys {
  const pairs: KeyPair[] = []
  const rest: Expr[] = []
  for (const part of conjuncts(condition)) {
    const pair = keyPair(part, inputs[0].schema.length)
    const column = pair?.right.kind === 'column' ? pair.right.index : -1
    const isKnown = pairs.some(({ right }) => right.kind === 'column' && right.index === column)
    if (pair !== undefined && versionKey.includes(column) && !isKnown) pairs.push(pair)
    else rest.push(part)
  }
  return {
    left: pairs.map((pair) => pair.left),
    right: pairs.map((pair) => pair.right),
    nullSafe: pairs.map((pair) => pair.nullSafe),
    residual: conjunction(rest),
  }
}

function conjunctsOf(condition: Expr | undefined): readonly Expr[] {
  return condition === undefined ? [] : conjuncts(condition)
}

function nameOf(schema: Schema, key: Expr): string {
  return key.kind === 'column' ? (schema[key.index]?.name ?? '') : expressionKey(key)
}
