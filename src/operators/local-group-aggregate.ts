import { assert } from '../base/assert.ts'
import type { ArenaOwner } from '../data/arena.ts'
import { BATCH_CAPACITY, type Batch } from '../data/batch.ts'
import { type SqlType, types } from '../data/types.ts'
import type { AggregateCall } from '../expr/aggregate.ts'
import type { Operator, Output, Progress } from '../runtime/operator.ts'
import { type KeyedState, memoryState } from '../state/keyed-state.ts'
import type { GroupRows } from './aggregates/accumulator.ts'
import { AggregateLines } from './aggregates/aggregate-lines.ts'
import { newGroupRows } from './aggregates/group-rows.ts'
import { carryTime } from './carry-time.ts'
import { GroupOutput } from './group-output.ts'
import { GROUP_HEADER_BYTES, TouchedGroups } from './touched-groups.ts'

export interface LocalGroupAggregateOptions {
  readonly owner: ArenaOwner
  readonly inputTypes: readonly SqlType[]
  readonly keys: readonly number[]
  /** Such as lie in a line of fixed width and can be merged. */
  readonly aggregates: readonly AggregateCall[]
  /** When it stops to look for equal keys: of so many rows more than a part had different ones. */
  readonly adaptive?: { readonly rows: number; readonly distinctRate: number }
}

/** Without looking for equal keys go so many times the rows that are looked at. */
const PASSED_SAMPLES = 15

/**
 * The first of two steps of GROUP BY: adds up the rows of each batch by their keys, and sends for each key a line of accumulators as bytes; its count of rows is less by one, since the
 * row that carries it counts too. Rows are never taken back.
 *
 * Keeps nothing between batches. Keys leave in the order of their first rows.
 */
export function localGroupAggregate(options: LocalGroupAggregateOptions): Operator {
  const { owner, inputTypes, keys, adaptive } = options
  const { arena } = owner
  const lines = new AggregateLines(owner, options.aggregates, GROUP_HEADER_BYTES, 'appending')
  const state = memoryState({ owner, lineBytes: lines.lineBytes, prefixBytes: 0, ttlMs: 0 })
  const touched = new TouchedGroups(owner, BATCH_CAPACITY, 'closed')
  const output = new GroupOutput(
    owner,
    keys.map((key) => inputTypes[key]!),
    [types.bytes(false)],
    BATCH_CAPACITY,
  )
  const singles = singleRows(owner, lines.lineBytes)
  /** Groups of the last batch: their lines are shown until the next one. */
  let shown = 0
  let sampledRows = 0
  let sampledGroups = 0
  let passedRows = 0

  const isPassing = (): boolean => {
    if (adaptive === undefined || sampledRows < adaptive.rows) return false
    if (passedRows < adaptive.rows * PASSED_SAMPLES && sampledGroups > sampledRows * adaptive.distinctRate) return true
    sampledRows = 0
    sampledGroups = 0
    passedRows = 0
    return false
  }
  const forget = (): void => {
    if (shown > 0) state.removeAll(touched.groups.ids.byteOffset, shown)
    shown = 0
  }
  /** The lines of the groups of a batch, and their first rows. */
  const addUp = (batch: Batch): { readonly lines: Uint32Array; readonly firstRows: Int32Array; readonly count: number } => {
    if (isPassing()) {
      const rows = singles(batch)
      lines.update(rows)
      passedRows += rows.count
      return { lines: rows.lines, firstRows: rows.rows, count: rows.count }
    }
    touched.start(batch, groupsOf(state, batch, keys), state)
    touched.take(0, batch.selectedCount)
    lines.update(touched.rows)
    shown = touched.count
    sampledRows += batch.selectedCount
    sampledGroups += shown
    return { lines: touched.groups.lines, firstRows: touched.firstRows, count: shown }
  }
  return {
    name: 'LocalGroupAggregate',
    onBatch(_input: number, batch: Batch, out: Output): Progress {
      forget()
      const groups = addUp(batch)
      const { u32, f64 } = arena
      output.clear()
      output.copyKeys(batch, keys, groups.firstRows, groups.count)
      const cells = output.columns[0]!.cells >>> 2
      for (let k = 0; k < groups.count; k++) {
        const line = groups.lines[k]!
        f64[line >>> 3] = f64[line >>> 3]! - 1
        u32[cells + k * 2] = line
        u32[cells + k * 2 + 1] = lines.lineBytes
      }
      const result = output.batch
      result.rowCount = groups.count
      result.selectedCount = groups.count
      carryTime(batch, { buffer: output.buffer, batch: result, rows: groups.firstRows, entries: groups.count, rowsPerEntry: 1 })
      out.push(result)
      return 'done'
    },
    close: () => owner.close(),
  }
}

function groupsOf(state: KeyedState, batch: Batch, keys: readonly number[]): number {
  const ids = state.prepare(batch, keys)
  assert(typeof ids === 'number', 'the groups of one batch are in memory')
  return ids
}

/** Gives each row of a batch a line of its own, with one row in it. */
function singleRows(owner: ArenaOwner, lineBytes: number): (batch: Batch) => GroupRows {
  const { arena } = owner
  const rows = newGroupRows(owner)
  let start = 0
  return (batch) => {
    start ||= owner.allocate(BATCH_CAPACITY * lineBytes)
    const count = batch.selectedCount
    arena.kernels.clearBytes(start, count * lineBytes)
    rows.batch = batch
    rows.count = count
    for (let i = 0; i < count; i++) {
      const line = start + i * lineBytes
      arena.f64[line >>> 3] = 1
      rows.rows[i] = batch.selection === 0 ? i : arena.i32[(batch.selection >>> 2) + i]!
      rows.ids[i] = i
      rows.lines[i] = line
      rows.signs[i] = 1
    }
    return rows
  }
}
