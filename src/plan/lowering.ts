import type { Schema } from '../catalog/schema.ts'
import type { Expr } from '../expr/expr.ts'
import type { LogicalNode } from './logical.ts'
import type { Distribution, PhysicalNode } from './physical.ts'
import type { RuleContext } from './rule.ts'
import type { SinkOptions } from './sink-changes.ts'
import type { StableIds } from './stable-ids.ts'

export interface PhysicalOptions extends RuleContext, Pick<SinkOptions, 'upsertMaterialize' | 'requiresOnConflict'> {
  /** 0: for ever. */
  readonly stateTtlMs: number
  readonly watermarkIntervalMs: number
  /** Change logs of sources with a primary key may repeat events. */
  readonly repeatedChanges: boolean
  readonly mergesCalcs: boolean
}

/** What the operators above want of a node's rows. */
export interface Needs {
  /** -U before +U. */
  readonly updateBefore: boolean
  /** Something above reads the order in which rows arrive. */
  readonly order: boolean
  /** The stateful operators above, from the sink down. */
  readonly path: string
}

export type NodeFields = Pick<PhysicalNode, 'schema' | 'changes' | 'uniqueKeys' | 'upsertKeys'>

/** What the planner of each kind of node needs of the whole. */
export interface Lowering {
  readonly options: PhysicalOptions
  readonly ids: StableIds
  /** 0: for ever; input that ends needs no end of its state. */
  readonly stateTtlMs: number
  lower(node: LogicalNode, needs: Needs): PhysicalNode
  id(kind: string, needs: Needs): string
  calc(id: string, input: PhysicalNode, condition: Expr | undefined, projections: readonly Expr[], schema: Schema): PhysicalNode
  exchange(input: PhysicalNode, distribution: Distribution, needs: Needs): PhysicalNode
  dropUpdateBefore(input: PhysicalNode, needs: Needs): PhysicalNode
}

/** What passes a node that neither adds nor joins rows. */
export function fieldsOf(input: PhysicalNode, schema: Schema): NodeFields {
  return { schema, changes: input.changes, uniqueKeys: input.uniqueKeys, upsertKeys: input.upsertKeys }
}

export function keyNames(schema: Schema, keys: readonly number[]): string {
  return keys.map((key) => schema[key]?.name ?? '').join(', ')
}
