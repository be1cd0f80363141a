import type { BatchBuffer } from '../../data/batch-buffer.ts'
import type { Batch } from '../../data/batch.ts'
import type { ByteReader, ByteSink } from '../../data/byte-sink.ts'
import type { Column } from '../../data/column.ts'
import type { SqlValue } from '../../data/value.ts'

/** Rows of a batch with the groups that they belong to; entries 0 to `count - 1` of each array. */
export interface GroupRows {
  batch: Batch
  count: number
  /** Physical row numbers. */
  readonly rows: Int32Array
  readonly ids: Int32Array
  /** Addresses of the groups' lines. */
  readonly lines: Uint32Array
  /** 1 for a row that is added, -1 for one that is taken back. */
  readonly signs: Int8Array
  /** Addresses of these arrays, for kernels. */
  readonly rowsAt: number
  readonly idsAt: number
  readonly linesAt: number
  readonly signsAt: number
}

/** Groups whose values are written together; entries from 0 on of each array. */
export interface GroupLines {
  readonly ids: Int32Array
  /** Addresses of their lines. */
  readonly lines: Uint32Array
  readonly linesAt: number
  /** Room for a byte a group. */
  readonly missingAt: number
}

/** Pairs of groups: each gets what the other one holds, in order. */
export interface GroupPairs {
  count: number
  readonly ids: Int32Array
  readonly lines: Uint32Array
  readonly linesAt: number
  readonly otherIds: Int32Array
  readonly otherLines: Uint32Array
  readonly othersAt: number
}

/** Entries `from` to `to - 1` of some groups, and cells of a column of an output batch: entry k goes to row `first + k * step`. */
export interface CellRange {
  readonly buffer: BatchBuffer
  column: Column
  readonly from: number
  readonly to: number
  readonly first: number
  readonly step: number
}

/** A cell of an output batch. One object serves many writes. */
export interface CellTarget {
  readonly buffer: BatchBuffer
  column: Column
  row: number
}

/**
 * One aggregate of an operator: what it keeps for each group, how rows change that, and its value. A part of the group's line holds what
 * has a fixed width (all zeros: an empty group); the rest lies beside it, by group id.
 *
 * Only an accumulator that was made for retraction is given rows with sign -1.
 */
export interface Accumulator {
  /** How much of the line it uses; a multiple of 8. */
  readonly lineBytes: number
  /** Adds and takes back rows, in order. */
  update(rows: GroupRows): void
  /** Adds or takes back one value of the argument. NULL is skipped, as in `update`. */
  add(id: number, line: number, value: SqlValue, sign: number): void
  /** Writes the value of a group to a cell of an output batch. */
  write(id: number, line: number, target: CellTarget): void
  /** Writes the values of many groups, as `write` does one by one, which is used where this is absent. */
  writeAll?(groups: GroupLines, range: CellRange): void
  /** Adds what another group holds to a group. */
  merge(id: number, line: number, otherId: number, otherLine: number): void
  /** Does so for many groups; `merge` is used where this is absent. */
  mergeAll?(pairs: GroupPairs): void
  /** Takes away again what other groups hold, and leaves exactly what there was without them; absent where that cannot be done. */
  unmergeAll?(pairs: GroupPairs): void
  /** Forgets what lies beside the line of a group, where there is something; the line itself is its owner's to clear, afterwards. */
  clear?(id: number, line: number): void
  save(id: number, line: number, sink: ByteSink): void
  load(id: number, line: number, reader: ByteReader): void
}

/** What is made for one call: how it reads its argument, where its part of the line begins. */
export interface AccumulatorPlace {
  /** Offset of its part in the line; a multiple of 8. */
  readonly offset: number
  /** The argument's column in the batches; -1 for COUNT(*). */
  readonly column: number
}
