import type { ChangelogMode } from '../catalog/connector.ts'
import type { Schema } from '../catalog/schema.ts'
import type { ObjectPath, Table } from '../catalog/table.ts'
import type { AggregateCall } from '../expr/aggregate.ts'
import type { Expr } from '../expr/expr.ts'
import type { SqlType } from '../data/types.ts'
import type { MatchSpec } from '../expr/match.ts'
import type { SqlValue } from '../data/value.ts'

/** What every physical node carries. Columns of expressions and keys are numbers of the input's columns. */
interface NodeBase {
  readonly schema: Schema
  /** What leaves the node: `append` has no kinds column. */
  readonly changes: ChangelogMode
  /** Sets of columns each of which is unique at any time. */
  readonly uniqueKeys: readonly (readonly number[])[]
  /** The columns by which the changes of one row find each other downstream, when there are such. */
  readonly upsertKeys: readonly (readonly number[])[]
}

/** A table as a node refers to it: its path and its definition with hints applied (plain data, so a plan runs without the catalog). */
export interface TableReference {
  readonly path: ObjectPath
  readonly table: Table
}

/** How rows come from a node to the subtasks of the next one. */
export type Distribution =
  | { readonly kind: 'hash'; readonly keys: readonly number[] }
  | { readonly kind: 'single' }
  /** Rows stay in the subtask that has them. */
  | { readonly kind: 'any' }

export interface SortKey {
  readonly column: number
  readonly order: 'ascending' | 'descending'
  readonly nulls: 'first' | 'last'
}

/** Where a frame begins or ends; offsets of ROWS are numbers of rows, those of RANGE are literals that are added to the order's value. */
export type FrameBound =
  | { readonly kind: 'unbounded-preceding' | 'unbounded-following' | 'current-row' }
  | { readonly kind: 'preceding' | 'following'; readonly offset: Extract<Expr, { kind: 'literal' }> }

/** What OVER says: the rows that belong together, their order, and which of them a row's call reads. */
export interface OverWindow {
  readonly partitionKeys: readonly number[]
  readonly orderKeys: readonly SortKey[]
  readonly frame: { readonly unit: 'ROWS' | 'RANGE'; readonly start: FrameBound; readonly end: FrameBound }
}

/** TUMBLE, HOP, CUMULATE, SESSION over an event-time column; all in milliseconds. */
export type WindowSpec =
  | { readonly kind: 'tumble'; readonly sizeMs: number; readonly offsetMs: number }
  | { readonly kind: 'hop'; readonly sizeMs: number; readonly slideMs: number; readonly offsetMs: number }
  | { readonly kind: 'cumulate'; readonly maxSizeMs: number; readonly stepMs: number; readonly offsetMs: number }
  | { readonly kind: 'session'; readonly gapMs: number; readonly partitionKeys: readonly number[] }

/**
 * When a window of the old kind sends its result besides the moment at which it ends. `earlyMs` before that, `lateMs` behind it, for rows that are late by
 * less than `latenessMs`: 0 is after every row, more is so often in processing time, undefined is not at all.
 */
export interface EmitStrategy {
  readonly earlyMs: number | undefined
  readonly lateMs: number | undefined
  readonly latenessMs: number
}

/** What all joins have: rows meet that have equal keys and fulfil `condition`, which reads the columns of both sides. */
interface JoinFields {
  readonly joinType: JoinType
  readonly inputs: readonly [left: PhysicalNode, right: PhysicalNode]
  readonly leftKeys: readonly number[]
  readonly rightKeys: readonly number[]
  /** By key: whether NULL matches NULL. */
  readonly nullSafe: readonly boolean[]
  readonly condition?: Expr
}

/** How a table is asked in a lookup join. */
export interface LookupOptions {
  /** Requests in flight at most; one where they are not asynchronous. */
  readonly capacity: number
  /** How long a request may take; undefined: as long as it does. */
  readonly timeoutMs: number | undefined
  /** Keys without rows are asked for again, so often in all. */
  readonly missing: { readonly delayMs: number; readonly maxAttempts: number } | undefined
  /** Rows of one key come to one subtask. */
  readonly shuffles: boolean
}

/** One column of a table that is looked up, and what it has to equal: a column of the input, or a constant. */
export type LookupKey = { readonly column: number } & ({ readonly input: number } | { readonly constant: Expr })

/** What a lookup join asks of a table. Expressions read the columns that are looked up. */
export interface LookedUpTable {
  readonly source: TableReference
  /** Names of physical columns. */
  readonly columns: readonly string[]
  /** Which of the rows that are found count. */
  readonly rowCondition?: Expr
  /** What is shown of them. */
  readonly projections: readonly Expr[]
  readonly options: LookupOptions
}

/** Which rows of a join's sides are shown without a match, or as a left row alone. */
export type JoinType = 'inner' | 'left' | 'right' | 'full' | 'semi' | 'anti'

/** When a first step stops to look for equal keys: of `rows` rows more than the part `distinctRate` were of different keys. */
export interface AdaptiveSampling {
  readonly rows: number
  readonly distinctRate: number
}

/** What the columns behind the keys and aggregates of a window aggregate hold. */
export type WindowProperty = 'window_start' | 'window_end' | 'window_time'

/**
 * The physical plan: what `engines/local` lowers and what a stored plan holds.
 *
 * `id` is stable: it derives from the path of node kinds and keys from the sink down, not from the order of planning, and addresses the
 * operator's state in snapshots.
 */
export type PhysicalNode = NodeBase & { readonly id: string } & (
    | {
        readonly kind: 'scan'
        readonly source: TableReference
        /** Names of the physical columns that are read, in the order of the output. */
        readonly columns: readonly string[]
        /** Of ROW columns of which only some fields are read: the paths; a field that is not read is NULL. */
        readonly nestedPaths?: readonly (readonly string[])[]
        /** Metadata keys, behind the physical columns. */
        readonly metadata: readonly string[]
        /** Partition values to keep: each a map from partition column to text; absent: all. */
        readonly partitions?: readonly Readonly<Record<string, string | null>>[]
        readonly limit?: number
      }
    | { readonly kind: 'values'; readonly rows: readonly (readonly SqlValue[])[] }
    /** Filter, then project. `condition` and `projections` read the input's columns. */
    | { readonly kind: 'calc'; readonly input: PhysicalNode; readonly condition?: Expr; readonly projections: readonly Expr[] }
    /** Evaluates the watermark after every row; `delayMs`: the coarseness from `pipeline.auto-watermark-interval`. */
    | {
        readonly kind: 'watermark'
        readonly input: PhysicalNode
        readonly timeColumn: number
        readonly expression: Expr
        readonly intervalMs: number
      }
    /** Shows the watermark of each row, as it was before the row, in columns of these types behind its own; NULL before the first one. */
    | { readonly kind: 'current-watermark'; readonly input: PhysicalNode; readonly types: readonly SqlType[] }
    | { readonly kind: 'exchange'; readonly input: PhysicalNode; readonly distribution: Distribution }
    | { readonly kind: 'union'; readonly inputs: readonly PhysicalNode[] }
    /** A join over inputs that may change; each retracts with all the values of a row. */
    | ({
        readonly kind: 'join'
        /** `final`: rows without a match leave at the end of bounded inputs (batch mode). */
        readonly mode: 'streaming' | 'final'
        /** By side, how long rows of a key stay that has no more of them; 0: for ever. */
        readonly stateTtlMs: readonly [left: number, right: number]
      } & JoinFields)
    /**
     * Every left row with a BOOLEAN behind it: whether `mark` holds for some right row with equal keys that fulfils `condition`, UNKNOWN when it holds for none
     * and is UNKNOWN for some. Without `mark`: whether there is such a row.
     */
    | ({
        readonly kind: 'mark-join'
        readonly mark?: Expr
        /** In pairs of one type: the mark asks whether all of these are equal, and no more. Else empty. */
        readonly leftEqual: readonly number[]
        readonly rightEqual: readonly number[]
        /** How long rows of a key and side stay that has no more of them; 0: for ever. */
        readonly stateTtlMs: number
        /** `final`: rows leave at the end of bounded inputs (batch mode). */
        readonly mode: 'streaming' | 'final'
      } & Omit<JoinFields, 'joinType'>)
    /** Rows whose left time less the right one is at least `lowerMs` and at most `upperMs`. */
    | ({
        readonly kind: 'interval-join'
        /** The times are those at which rows come. */
        readonly byClock?: true
        readonly leftTime: number
        readonly rightTime: number
        readonly lowerMs: number
        readonly upperMs: number
        /** How far rows may lie behind the watermark when they come, by side; absent: not at all. */
        readonly heldMs?: readonly [left: number, right: number]
      } & JoinFields)
    /** Each left row with the version of the right side that was valid at its event time. The keys are those of the versions. */
    | ({
        readonly kind: 'temporal-join'
        readonly leftTime: number
        readonly rightTime: number
        /** How far left rows may lie behind the watermark when they come; absent: not at all. */
        readonly heldMs?: number
      } & JoinFields)
    /** Rows of the same window, whose bounds are among the keys, when the watermark has passed it. */
    | ({
        readonly kind: 'window-join'
        readonly window: WindowSpec
        /** Columns of the window's bounds. */
        readonly leftBounds: readonly [start: number, end: number]
        readonly rightBounds: readonly [start: number, end: number]
      } & JoinFields)
    /** Each row with the rows that a table has for it at the moment at which it comes. Output: the input's columns, then what is shown of those rows. */
    | ({
        readonly kind: 'lookup-join'
        readonly joinType: 'inner' | 'left'
        readonly input: PhysicalNode
        readonly keys: readonly LookupKey[]
        /** Which pairs match, over the columns of the output. */
        readonly condition?: Expr
      } & LookedUpTable)
    /**
     * The first step of GROUP BY where rows go to other subtasks: each batch's rows added up by key. Output: keys, then the line of the accumulators as bytes, whose count of rows is
     * less by one.
     */
    | {
        readonly kind: 'local-group-aggregate'
        readonly input: PhysicalNode
        readonly keys: readonly number[]
        readonly aggregates: readonly AggregateCall[]
        readonly adaptive?: AdaptiveSampling
      }
    /** GROUP BY without windows; output: keys, then aggregates. */
    | {
        readonly kind: 'group-aggregate'
        readonly input: PhysicalNode
        readonly keys: readonly number[]
        readonly aggregates: readonly AggregateCall[]
        /** The input takes rows back. */
        readonly inputRetracts: boolean
        /** -U is wanted above. */
        readonly emitsUpdateBefore: boolean
        /** Each input row's change leaves by itself, for an operator above reads arrival order. Else once per batch and group. */
        readonly emission: 'batch' | 'row'
        /** 0: for ever. */
        readonly stateTtlMs: number
        /** `final`: one row a group at the end of a bounded input (batch mode). */
        readonly mode: 'streaming' | 'final'
        /** `global`: the second step, behind an exchange and a `local-group-aggregate`, whose input the aggregates read. */
        readonly phase?: 'global'
      }
    /** Each row once for each grouping set, with `keys` and the number of the set behind its columns. */
    | {
        readonly kind: 'expand'
        readonly input: PhysicalNode
        readonly keys: readonly number[]
        readonly sets: readonly (readonly number[])[]
      }
    /** Each row once for each element of a collection, with the element's columns and perhaps its number behind its own. */
    | {
        readonly kind: 'unnest'
        readonly input: PhysicalNode
        readonly collection: number
        readonly withOrdinality: boolean
        /** Which elements count, over their columns. */
        readonly condition?: Expr
        /** `left`: rows without elements stay, with NULLs. */
        readonly joinType: 'inner' | 'left'
      }
    /** Adds window_start, window_end and window_time to every row, once for each window. */
    | {
        readonly kind: 'window-table-function'
        readonly input: PhysicalNode
        readonly timeColumn: number
        readonly window: WindowSpec
        /** A row is in the windows of the moment at which it comes. */
        readonly byClock?: true
      }
    /** Windows of event time. Output: keys, aggregates, then `properties`. */
    | {
        readonly kind: 'window-aggregate'
        readonly input: PhysicalNode
        readonly keys: readonly number[]
        readonly aggregates: readonly AggregateCall[]
        readonly window: WindowSpec
        /** Where a row's time comes from: its event time, or the window bounds that an earlier window operation gave it. */
        readonly time:
          | { readonly kind: 'rowtime'; readonly column: number }
          | { readonly kind: 'attached'; readonly start: number; readonly end: number }
        readonly properties: readonly WindowProperty[]
        readonly inputRetracts: boolean
        /** Results leave before the window's end or change behind it. */
        readonly emit?: EmitStrategy
        /** The clock says when windows end, not the watermark; with `rowtime` it also says in which windows a row is. */
        readonly byClock?: true
        readonly mode: 'streaming' | 'final'
      }
    /** Top-N: the rows from rank `from` to rank `to` of each partition, behind their columns the rank where it is shown. */
    | {
        readonly kind: 'rank'
        readonly input: PhysicalNode
        readonly keys: readonly number[]
        readonly orderKeys: readonly SortKey[]
        /** Of rows that the order does not tell apart, the one that came first stands before or behind. */
        readonly ties: 'first-come' | 'last-come'
        readonly from: number
        readonly to: number
        /** This column of the first row of a partition is its `to`, where it is less. */
        readonly toColumn?: number
        readonly showsRank: boolean
        readonly inputRetracts: boolean
        readonly emitsUpdateBefore: boolean
        readonly stateTtlMs: number
      }
    /** Calls over the rows of a partition up to the current one, in the order of event time. Output: the input's columns, then the calls. */
    | {
        readonly kind: 'over-aggregate'
        readonly input: PhysicalNode
        readonly keys: readonly number[]
        readonly timeColumn: number
        readonly unit: 'ROWS' | 'RANGE'
        /** Of the frame: rows, or milliseconds, before the current row; undefined: all. */
        readonly preceding: number | undefined
        /** The time is processing time: rows go in the order in which they come. */
        readonly byClock?: true
        readonly calls: readonly AggregateCall[]
        /** How long a key stays of which no rows come or leave, 0: for ever. A RANGE of some time ends its state by itself. */
        readonly stateTtlMs: number
      }
    /** Calls over the rows of a partition up to the current one, in the order of plain values: a row changes the results of those behind it. Columns as above. */
    | {
        readonly kind: 'over-by-value'
        readonly input: PhysicalNode
        readonly keys: readonly number[]
        readonly orderKeys: readonly SortKey[]
        /** RANGE: rows of equal order share their results. */
        readonly unit: 'ROWS' | 'RANGE'
        readonly calls: readonly AggregateCall[]
        readonly stateTtlMs: number
      }
    /** Calls over the sorted rows of each partition, at the end of a bounded input (batch mode). Output: the input's columns, then the calls. */
    | {
        readonly kind: 'over-window'
        readonly input: PhysicalNode
        readonly keys: readonly number[]
        readonly orderKeys: readonly SortKey[]
        readonly frame: OverWindow['frame']
        readonly calls: readonly AggregateCall[]
      }
    /** MATCH_RECOGNIZE: one row a match, as soon as the watermark has reached its last row. Output: the partition keys, then the measures. */
    | {
        readonly kind: 'match'
        readonly input: PhysicalNode
        readonly keys: readonly number[]
        readonly timeColumn: number
        readonly time: 'rowtime' | 'proctime'
        /** Rows come in any order till the end of bounded inputs, and go then (batch mode). */
        readonly isFinal?: true
        readonly thenBy: readonly SortKey[]
        readonly spec: MatchSpec
      }
    /** ORDER BY event time: a row leaves once the watermark has reached its time. `thenBy` sorts rows of equal time. */
    | {
        readonly kind: 'time-sort'
        readonly input: PhysicalNode
        readonly timeColumn: number
        readonly thenBy: readonly SortKey[]
        /** The time is processing time: rows leave when the clock has gone on. */
        readonly byClock?: true
      }
    /** Top-N of windows: the rows leave once, when the watermark has passed the window, whose bounds are among the keys. */
    | {
        readonly kind: 'window-rank'
        readonly input: PhysicalNode
        readonly keys: readonly number[]
        readonly endColumn: number
        readonly orderKeys: readonly SortKey[]
        readonly ties: 'first-come' | 'last-come'
        readonly from: number
        readonly to: number
        readonly showsRank: boolean
      }
    /** The first row of each key by event time, as soon as the watermark has reached it. */
    | {
        readonly kind: 'deduplicate'
        readonly input: PhysicalNode
        readonly keys: readonly number[]
        readonly timeColumn: number
        /** How long a key stays known whose row has left; 0: for ever. */
        readonly stateTtlMs: number
      }
    /** From upsert to retract: keeps the last row of each key and puts -U before +U. */
    | { readonly kind: 'changelog-normalize'; readonly input: PhysicalNode; readonly keys: readonly number[]; readonly stateTtlMs: number }
    /**
     * Keeps the rows of each primary key of the table that follows, where the rows of the query are keyed by something else: `last` shows the one that came last, `first` the one that
     * is there when the watermark passes, and `error` refuses a second one then.
     */
    | {
        readonly kind: 'sink-materializer'
        readonly input: PhysicalNode
        readonly keys: readonly number[]
        /** By which columns the query's changes find their row; without it by all. */
        readonly rowKey?: readonly number[]
        readonly keeps: 'last' | 'first' | 'error'
        readonly stateTtlMs: number
      }
    /** Takes -U out of a stream whose consumer finds rows by key. */
    | { readonly kind: 'drop-update-before'; readonly input: PhysicalNode }
    | { readonly kind: 'limit'; readonly input: PhysicalNode; readonly offset: number; readonly count: number | undefined }
    /** Of a bounded input, at its end (batch mode). */
    | {
        readonly kind: 'sort'
        readonly input: PhysicalNode
        readonly keys: readonly SortKey[]
        readonly offset: number
        readonly count: number | undefined
      }
    | {
        readonly kind: 'sink'
        readonly input: PhysicalNode
        /** The table, or `undefined` for the rows of a SELECT, which go to whoever asked. */
        readonly target: TableReference | undefined
        readonly overwrite: boolean
        /** Static partitions: column to value text. */
        readonly partition: Readonly<Record<string, string | null>>
      }
  )

export type PhysicalKind = PhysicalNode['kind']
export type PhysicalOf<K extends PhysicalKind> = Extract<PhysicalNode, { kind: K }>
