import type { Schema } from '../catalog/schema.ts'
import type { Table } from '../catalog/table.ts'
import type { ChangelogMode } from '../catalog/connector.ts'
import { type SqlType, withNullability } from '../data/types.ts'
import type { Expr } from '../expr/expr.ts'
import type { EmitStrategy, PhysicalNode, PhysicalOf } from '../plan/physical.ts'

export type { EmitStrategy, PhysicalNode }

// Plan nodes for tests of operators, without a planner: no keys, ids from the caller.

/** Names columns `c0`, `c1`, ... */
export function schemaOf(types: readonly SqlType[]): Schema {
  return types.map((type, i) => ({ name: `c${i}`, type }))
}

/** Reads table `name` of the memory connector. */
export function scanNode(name: string, schema: Schema, changes: ChangelogMode = 'append'): PhysicalNode {
  const table: Table = {
    kind: 'table',
    columns: schema.map((field) => ({ kind: 'physical', name: field.name, type: field.type })),
    partitionedBy: [],
    options: new Map([
      ['connector', 'memory'],
      ['table', name],
    ]),
    isTemporary: false,
  }
  return {
    kind: 'scan',
    id: `scan ${name}`,
    source: { path: { catalog: 'c', database: 'd', name }, table },
    columns: schema.map((field) => field.name),
    metadata: [],
    schema,
    changes,
    uniqueKeys: [],
    upsertKeys: [],
  }
}

/** Rows to the subtasks by key; without keys all to one. */
export function exchangeNode(input: PhysicalNode, keys: readonly number[]): PhysicalNode {
  const distribution = keys.length === 0 ? ({ kind: 'single' } as const) : ({ kind: 'hash', keys } as const)
  return { ...fieldsOf(input), kind: 'exchange', id: `exchange of ${input.id}`, input, distribution }
}

export function calcNode(input: PhysicalNode, projections: readonly Expr[], condition?: Expr): PhysicalNode {
  const schema = schemaOf(projections.map((expr) => expr.type))
  const calc = { ...fieldsOf(input), kind: 'calc', id: `calc of ${input.id}`, input, projections, schema } as const
  return condition === undefined ? calc : { ...calc, condition }
}

/** Watermarks by an expression; `intervalMs` is how coarse they are. */
export function watermarkNode(input: PhysicalNode, timeColumn: number, expression: Expr, intervalMs: number = 0): PhysicalNode {
  return { ...fieldsOf(input), kind: 'watermark', id: `watermark of ${input.id}`, input, timeColumn, expression, intervalMs }
}

type GroupFields = Partial<Omit<PhysicalOf<'group-aggregate'>, 'kind' | 'input' | 'keys' | 'aggregates' | 'schema'>>

/** GROUP BY behind an exchange. */
export function groupNode(
  input: PhysicalNode,
  keys: readonly number[],
  aggregates: PhysicalOf<'group-aggregate'>['aggregates'],
  fields: GroupFields = {},
): PhysicalNode {
  return {
    kind: 'group-aggregate',
    id: `group of ${input.id}`,
    input: exchangeNode(input, keys),
    keys,
    aggregates,
    inputRetracts: input.changes !== 'append',
    emitsUpdateBefore: true,
    emission: 'batch',
    stateTtlMs: 0,
    mode: 'streaming',
    schema: schemaOf([...keys.map((key) => input.schema[key]!.type), ...aggregates.map((call) => call.type)]),
    changes: 'retract',
    uniqueKeys: [],
    upsertKeys: [],
    ...fields,
  }
}

function fieldsOf(input: PhysicalNode): Pick<PhysicalNode, 'schema' | 'changes' | 'uniqueKeys' | 'upsertKeys'> {
  const { schema, changes } = input
  return { schema, changes, uniqueKeys: [], upsertKeys: [] }
}

type WindowFields = Pick<PhysicalOf<'window-aggregate'>, 'window' | 'time'> &
  Partial<Omit<PhysicalOf<'window-aggregate'>, 'kind' | 'input' | 'keys' | 'aggregates' | 'schema'>>

/** GROUP BY windows behind an exchange; shows window_start and window_end. */
export function windowNode(
  input: PhysicalNode,
  keys: readonly number[],
  aggregates: PhysicalOf<'window-aggregate'>['aggregates'],
  fields: WindowFields,
): PhysicalNode {
  const bound: SqlType = { kind: 'TIMESTAMP', precision: 3, nullable: false }
  return {
    kind: 'window-aggregate',
    id: `window of ${input.id}`,
    input: exchangeNode(input, keys),
    keys,
    aggregates,
    properties: ['window_start', 'window_end'],
    inputRetracts: input.changes !== 'append',
    mode: 'streaming',
    schema: schemaOf([...keys.map((key) => input.schema[key]!.type), ...aggregates.map((call) => call.type), bound, bound]),
    changes: 'append',
    uniqueKeys: [],
    upsertKeys: [],
    ...fields,
  }
}

/** TUMBLE, HOP or CUMULATE as a table function. */
export function windowRowsNode(
  input: PhysicalNode,
  timeColumn: number,
  window: PhysicalOf<'window-table-function'>['window'],
): PhysicalNode {
  const bound: SqlType = { kind: 'TIMESTAMP', precision: 3, nullable: false }
  const schema = [...input.schema, ...schemaOf([bound, bound, bound])]
  return { ...fieldsOf(input), kind: 'window-table-function', id: `windows of ${input.id}`, input, timeColumn, window, schema }
}

export function unionNode(inputs: readonly PhysicalNode[]): PhysicalNode {
  return { ...fieldsOf(inputs[0]!), kind: 'union', id: `union of ${inputs.map((input) => input.id).join(' and ')}`, inputs }
}

type JoinKind = 'join' | 'interval-join' | 'temporal-join' | 'window-join' | 'mark-join'
type CommonField = 'inputs' | 'nullSafe' | keyof ReturnType<typeof fieldsOf>
type JoinFields<K extends JoinKind> = Omit<PhysicalOf<K>, CommonField | 'kind' | 'id' | 'mode'> & {
  readonly nullSafe?: readonly boolean[]
  readonly mode?: 'streaming' | 'final'
}

/** A join of two inputs behind exchanges. */
export function joinNode(left: PhysicalNode, right: PhysicalNode, fields: JoinFields<'join'>): PhysicalNode {
  const { mode = 'streaming', ...rest } = fields
  return { kind: 'join', ...sidesOf(left, right, rest), ...rest, mode, changes: mode === 'final' ? 'append' : 'retract' }
}

/** Left rows with what the right rows say to them behind. */
export function markJoinNode(left: PhysicalNode, right: PhysicalNode, fields: JoinFields<'mark-join'>): PhysicalNode {
  const { mode = 'streaming', ...rest } = fields
  const sides = sidesOf(left, right, { ...rest, joinType: 'semi' })
  const schema = [...left.schema, ...schemaOf([{ kind: 'BOOLEAN', nullable: true }])]
  return { ...sides, ...rest, kind: 'mark-join', schema, mode, changes: mode === 'final' ? 'append' : 'retract' }
}

/** Rows of two inputs whose event times lie near each other. */
export function intervalJoinNode(left: PhysicalNode, right: PhysicalNode, fields: JoinFields<'interval-join'>): PhysicalNode {
  return { kind: 'interval-join', ...sidesOf(left, right, fields), ...fields }
}

/** Rows with the version of their time. */
export function temporalJoinNode(left: PhysicalNode, right: PhysicalNode, fields: JoinFields<'temporal-join'>): PhysicalNode {
  return { kind: 'temporal-join', ...sidesOf(left, right, fields), ...fields, changes: left.changes }
}

/** Rows of the same windows. */
export function windowJoinNode(left: PhysicalNode, right: PhysicalNode, fields: JoinFields<'window-join'>): PhysicalNode {
  return { kind: 'window-join', ...sidesOf(left, right, fields), ...fields }
}

function sidesOf(
  left: PhysicalNode,
  right: PhysicalNode,
  { joinType, leftKeys, rightKeys }: Pick<PhysicalOf<'join'>, 'joinType' | 'leftKeys' | 'rightKeys'>,
): Pick<PhysicalOf<'join'>, CommonField | 'id'> {
  const isHalf = joinType === 'semi' || joinType === 'anti'
  const sides = isHalf ? left.schema : [...left.schema, ...right.schema]
  return {
    id: `join of ${left.id} and ${right.id}`,
    inputs: [exchangeNode(left, leftKeys), exchangeNode(right, rightKeys)],
    nullSafe: leftKeys.map(() => false),
    schema: schemaOf(sides.map((field) => withNullability(field.type, true))),
    changes: 'append',
    uniqueKeys: [],
    upsertKeys: [],
  }
}
