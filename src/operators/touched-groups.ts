import type { ArenaOwner } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import type { KeyedState } from '../state/keyed-state.ts'
import type { GroupLines, GroupRows } from './aggregates/accumulator.ts'
import { newGroupLines, newGroupRows } from './aggregates/group-rows.ts'

// What the kernel `touchGroups` works on, in u32s.
const SELECTION = 0
const IDS = 1
const KINDS = 2
const DIRECTORY = 3
const LINE_BYTES = 4
const RUN_NUMBER = 5
const ROWS = 6
const ROW_IDS = 7
const ROW_LINES = 8
const ROW_SIGNS = 9
const TOUCHED_IDS = 10
const TOUCHED_LINES = 11
const TOUCHED_ROWS = 12
const HAD_ROW = 13
const TOUCHED_COUNT = 14
const ROW_COUNT = 15
const IS_OPEN = 16
const WORK_BYTES = 17 * 4

/** A group's line begins with the number of its rows, an f64, and the number of the run that touched it last. */
export const GROUP_HEADER_BYTES = 16
const RUN_OFFSET = 8

/**
 * The rows of a batch with their groups, and the groups that a run of rows touches, in the order of their first touch.
 *
 * `closed` groups have no rows less than none: one that is taken back from an empty group is left out, and taking stops behind a row with which its
 * group becomes empty, so that what the group held can be forgotten. `open` ones count on.
 */
export class TouchedGroups {
  readonly rows: GroupRows
  readonly groups: GroupLines
  /** Of each touched group: the row that touched it first, and a byte that says whether it had rows before. */
  readonly firstRows: Int32Array
  readonly firstRowsAt: number
  readonly hadRowAt: number
  readonly #owner: ArenaOwner
  readonly #work: number
  #run = 0

  constructor(owner: ArenaOwner, capacity: number, counting: 'closed' | 'open') {
    this.#owner = owner
    const { u32, i32 } = owner.arena
    this.rows = newGroupRows(owner, capacity)
    this.groups = newGroupLines(owner, capacity)
    this.firstRowsAt = owner.allocate(capacity * 4)
    this.firstRows = i32.subarray(this.firstRowsAt >>> 2, (this.firstRowsAt >>> 2) + capacity)
    this.hadRowAt = owner.allocate(capacity)
    this.#work = owner.allocate(WORK_BYTES) >>> 2
    u32[this.#work + ROWS] = this.rows.rowsAt
    u32[this.#work + ROW_IDS] = this.rows.idsAt
    u32[this.#work + ROW_LINES] = this.rows.linesAt
    u32[this.#work + ROW_SIGNS] = this.rows.signsAt
    u32[this.#work + TOUCHED_IDS] = this.groups.ids.byteOffset
    u32[this.#work + TOUCHED_LINES] = this.groups.linesAt
    u32[this.#work + TOUCHED_ROWS] = this.firstRowsAt
    u32[this.#work + HAD_ROW] = this.hadRowAt
    u32[this.#work + IS_OPEN] = counting === 'open' ? 1 : 0
  }

  /** How many groups the run has touched. */
  get count(): number {
    return this.#owner.arena.u32[this.#work + TOUCHED_COUNT]!
  }

  /** Begins a run over rows whose groups are the i32s at `ids`. With `run` a group counts as touched once in all runs of that number. */
  start(batch: Batch, ids: number, state: KeyedState, run: number = this.#run + 1): void {
    const { u32 } = this.#owner.arena
    // A number that comes again after 2^32 runs may meet a group that slept through all of them; 0 is that of new lines.
    this.#run = run >>> 0 || 1
    this.rows.batch = batch
    u32[this.#work + SELECTION] = batch.selection
    u32[this.#work + IDS] = ids
    u32[this.#work + KINDS] = batch.kinds
    u32[this.#work + DIRECTORY] = state.directory
    u32[this.#work + LINE_BYTES] = state.lineBytes
    u32[this.#work + RUN_NUMBER] = this.#run
    u32[this.#work + TOUCHED_COUNT] = 0
  }

  /** Counts the rows of places `from` to `to - 1` in their groups, and puts them into `rows`. Returns the next place. */
  take(from: number, to: number): number {
    const { u32, kernels } = this.#owner.arena
    const next = kernels.touchGroups(this.#work << 2, from, to)
    this.rows.count = u32[this.#work + ROW_COUNT]!
    return next
  }

  /** From here on every group is touched anew. */
  touchAgain(): void {
    this.#run = (this.#run + 1) >>> 0 || 1
    this.#owner.arena.u32[this.#work + RUN_NUMBER] = this.#run
  }

  /** Says again of a line that was filled with zeros that this run has touched it. */
  mark(line: number): void {
    this.#owner.arena.u32[(line + RUN_OFFSET) >>> 2] = this.#run
  }
}
