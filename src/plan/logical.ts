import type { Position } from '../base/errors.ts'
import type { Schema } from '../catalog/schema.ts'
import type { AggregateCall } from '../expr/aggregate.ts'
import type { Expr } from '../expr/expr.ts'
import type { MatchSpec } from '../expr/match.ts'
import type { SqlValue } from '../data/value.ts'
import type { EmitStrategy, JoinType, LookedUpTable, OverWindow, SortKey, TableReference, WindowSpec } from './physical.ts'

interface NodeBase {
  readonly schema: Schema
}

/**
 * The logical plan: what a query means, with names resolved and types checked; what rules rewrite and what cluster engines translate.
 * A Project or Filter holds any expression; an Aggregate only column numbers, its arguments are computed in the Project below.
 */
export type LogicalNode = NodeBase &
  (
    | {
        readonly kind: 'scan'
        readonly source: TableReference
        readonly columns: readonly string[]
        readonly metadata: readonly string[]
        readonly nestedPaths?: readonly (readonly string[])[]
        readonly partitions?: readonly Readonly<Record<string, string | null>>[]
        readonly limit?: number
      }
    | { readonly kind: 'values'; readonly rows: readonly (readonly SqlValue[])[] }
    | { readonly kind: 'filter'; readonly input: LogicalNode; readonly condition: Expr }
    | { readonly kind: 'project'; readonly input: LogicalNode; readonly projections: readonly Expr[] }
    | { readonly kind: 'watermark'; readonly input: LogicalNode; readonly timeColumn: number; readonly expression: Expr }
    | {
        readonly kind: 'window-table-function'
        readonly input: LogicalNode
        readonly timeColumn: number
        readonly window: WindowSpec
        /** Of a window in GROUP BY, the old kind: its bounds mean nothing to those above its aggregate. */
        readonly groupWindow?: { readonly emit?: EmitStrategy }
      }
    /**
     * Each row once for each grouping set. Output: the input's columns, `keys` again, NULL where the set does not have them, and the number of the set. A set
     * is a list of places among `keys`.
     */
    | {
        readonly kind: 'expand'
        readonly input: LogicalNode
        readonly keys: readonly number[]
        readonly sets: readonly (readonly number[])[]
      }
    /** Each row once for each element of a collection, with the element's columns and perhaps its number behind its own. */
    | {
        readonly kind: 'unnest'
        readonly input: LogicalNode
        readonly collection: number
        readonly withOrdinality: boolean
        /** Which elements count, over their columns. */
        readonly condition?: Expr
        /** `left`: rows without elements stay, with NULLs. */
        readonly joinType: 'inner' | 'left'
      }
    /** Output: keys, then aggregates. DISTINCT is an aggregate without aggregates. */
    | {
        readonly kind: 'aggregate'
        readonly input: LogicalNode
        readonly keys: readonly number[]
        readonly aggregates: readonly AggregateCall[]
        readonly stateTtlMs?: number
      }
    /** Output: the input's columns, then what the calls give for each row. */
    | {
        readonly kind: 'over'
        readonly input: LogicalNode
        readonly window: OverWindow
        readonly calls: readonly AggregateCall[]
        readonly at?: Position
      }
    /** MATCH_RECOGNIZE: one row a match. Output: the partition keys, then the measures. */
    | {
        readonly kind: 'match'
        readonly input: LogicalNode
        readonly partitionKeys: readonly number[]
        /** The first is a time. */
        readonly orderKeys: readonly SortKey[]
        readonly spec: MatchSpec
        readonly at?: Position
      }
    /** The rows from rank `from` to rank `to` of each partition (the first has rank 1); behind their columns the rank, where it is shown. */
    | {
        readonly kind: 'rank'
        readonly input: LogicalNode
        readonly partitionKeys: readonly number[]
        readonly orderKeys: readonly SortKey[]
        readonly from: number
        readonly to: number
        /** This column of the first row of a partition is its `to`, where it is less. */
        readonly toColumn?: number
        readonly showsRank: boolean
      }
    | { readonly kind: 'union'; readonly inputs: readonly LogicalNode[] }
    /**
     * Output: the columns of the left side, then those of the right one; a semi or anti join shows the left side only. `condition` reads both sides. A mark
     * join shows every left row with one column more: whether `mark`, which reads both sides too, holds for some right row that fulfils the condition, UNKNOWN
     * when it holds for none and is UNKNOWN for some. Without `mark`: whether there is such a row.
     */
    | {
        readonly kind: 'join'
        readonly joinType: JoinType | 'mark'
        readonly inputs: readonly [left: LogicalNode, right: LogicalNode]
        readonly condition?: Expr
        readonly mark?: Expr
        /** By side, what the hint STATE_TTL says; undefined: the setting holds. */
        readonly stateTtlMs?: readonly [left: number | undefined, right: number | undefined]
      }
    /**
     * FOR SYSTEM_TIME AS OF: each left row with the version of the right side that was valid at the row's event time, where `condition` holds. A version is the last row of
     * `versionKey`, which the condition compares with the left side.
     */
    | {
        readonly kind: 'temporal-join'
        readonly joinType: 'inner' | 'left'
        readonly inputs: readonly [left: LogicalNode, right: LogicalNode]
        readonly leftTime: number
        /** Columns of the right side. */
        readonly rightTime: number
        readonly versionKey: readonly number[]
        readonly condition: Expr
      }
    /**
     * FOR SYSTEM_TIME AS OF processing time: each row with those that a table has for it at the moment at which it comes. Output: the input's columns, then `projections`.
     * `values` read the input; they stand for the table's columns `keyColumns`, or are constants.
     */
    | ({
        readonly kind: 'lookup-join'
        readonly joinType: 'inner' | 'left'
        readonly input: LogicalNode
        readonly keyColumns: readonly number[]
        readonly values: readonly Expr[]
        readonly condition?: Expr
      } & LookedUpTable)
    | {
        readonly kind: 'sort'
        readonly input: LogicalNode
        readonly keys: readonly SortKey[]
        readonly offset: number
        readonly count: number | undefined
      }
    | {
        readonly kind: 'sink'
        readonly input: LogicalNode
        readonly target: TableReference | undefined
        readonly overwrite: boolean
        readonly partition: Readonly<Record<string, string | null>>
        /** What happens when rows of different keys meet under one primary key of the table. */
        readonly onConflict?: 'NOTHING' | 'ERROR' | 'DEDUPLICATE'
      }
  )

export type LogicalKind = LogicalNode['kind']
export type LogicalOf<K extends LogicalKind> = Extract<LogicalNode, { kind: K }>
