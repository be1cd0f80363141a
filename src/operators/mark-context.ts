import type { ArenaOwner } from '../data/arena.ts'
import { BATCH_CAPACITY, type Batch } from '../data/batch.ts'
import type { BatchBuffer } from '../data/batch-buffer.ts'

// Fields of the context of `kernels/mark-join.ts`, in u32s.
const ROW = 0
const HAS_BEGUN = 1
const CHANGED_ROW = 7
const LISTS = 9
const LIST = 10
const IDS = 11
const BUCKETS = 12
const OPENS = 13
const SELECTION = 14
const COUNT = 15
const KINDS = 16
const PLACES = 17
const OWN = 18
const GROUP_LINES = 19
const BUCKET_LINES = 20
const PAIR_ROWS = 21
const PAIR_INPUTS = 22
const PAIR_LINES = 23
const PAIR_ANSWERS = 24
const OUT_LINES = 25
const OUT_KINDS = 26
const OUT_PLACES = 27
const OUT_MARKS = 28
const OUT_NULLS = 29
const OUT_SELECTION = 30
const FLAGS = 31
const UNKNOWNS = 32
const CONTEXT_BYTES = 136

const IS_RIGHT = 1
const IS_COUNTED = 2
const STREAMING = 4
const NO_ROW = 0xffffffff

/** Bytes of a line of a group, and of a bucket. */
export const GROUP_BYTES = 32
export const BUCKET_BYTES = 24

/** What of a mark join decides how its rows meet. */
export interface MarkShape {
  readonly isCounted: boolean
  readonly hasBuckets: boolean
  readonly mode: 'streaming' | 'final'
  /** Where a stored left row counts the right ones that are UNKNOWN to it. */
  readonly unknowns: number
  /** Of the lists of rows by bucket. */
  readonly lists: number
}

/** What the kernels of a mark join read and write, see `kernels/mark-join.ts`. */
export class MarkContext {
  readonly address: number
  /** i32 ids of the batch: of groups, and of buckets, the same without these; a bucket -1: the key matches nothing, -2: the row was taken back and never was there. */
  readonly ids: number
  readonly buckets: number
  /** A byte a row of the batch: whether what it compares has a NULL; 0 without buckets. */
  readonly opens: number
  /** Pairs: i32 physical rows of the input and u32 stored rows, a byte each for the answer. */
  readonly inputs: number
  readonly lines: number
  readonly answers: number
  /** Rows of the output: u32 stored left rows. */
  readonly shown: number
  readonly #owner: ArenaOwner
  readonly #flags: number

  constructor(owner: ArenaOwner, { isCounted, hasBuckets, mode, unknowns, lists }: MarkShape) {
    this.#owner = owner
    this.address = owner.allocate(CONTEXT_BYTES)
    const rowsOf = (bytes: number): number => owner.allocate(BATCH_CAPACITY * bytes)
    this.ids = rowsOf(4)
    this.buckets = hasBuckets ? rowsOf(4) : this.ids
    this.opens = hasBuckets ? rowsOf(1) : 0
    this.inputs = rowsOf(4)
    this.lines = rowsOf(4)
    this.answers = rowsOf(1)
    this.shown = rowsOf(4)
    this.#flags = (isCounted ? IS_COUNTED : 0) | (mode === 'streaming' ? STREAMING : 0)
    const at = this.address >>> 2
    const { u32 } = owner.arena
    u32.fill(0, at, at + CONTEXT_BYTES / 4)
    u32[at + LISTS] = lists
    u32[at + IDS] = this.ids
    u32[at + BUCKETS] = this.buckets
    u32[at + OPENS] = this.opens
    u32[at + PAIR_ROWS] = rowsOf(4)
    u32[at + PAIR_INPUTS] = this.inputs
    u32[at + PAIR_LINES] = this.lines
    u32[at + PAIR_ANSWERS] = this.answers
    u32[at + OUT_LINES] = this.shown
    u32[at + FLAGS] = this.#flags
    u32[at + UNKNOWNS] = unknowns
  }

  /** The next selected row of the batch that has not met the other side. */
  get row(): number {
    return this.#owner.arena.u32[(this.address >>> 2) + ROW]!
  }

  /** Says where the lines of groups and buckets are, after ids were given. */
  setLines(groups: number, buckets: number): void {
    const { u32 } = this.#owner.arena
    u32[(this.address >>> 2) + GROUP_LINES] = groups
    u32[(this.address >>> 2) + BUCKET_LINES] = buckets
  }

  /** Says whose rows, by their names in the store at `rows`, are to meet the other side. */
  begin(side: 0 | 1, batch: Batch, rows: number): void {
    const { u32 } = this.#owner.arena
    const at = this.address >>> 2
    u32[at + ROW] = 0
    u32[at + HAS_BEGUN] = 0
    u32[at + CHANGED_ROW] = NO_ROW
    u32[at + LIST] = 1 - side
    u32[at + SELECTION] = batch.selection
    u32[at + COUNT] = batch.selectedCount
    u32[at + KINDS] = batch.kinds
    u32[at + PLACES] = batch.places
    u32[at + OWN] = rows
    u32[at + FLAGS] = this.#flags | (side === 1 ? IS_RIGHT : 0)
  }

  /** Says of one key, whose ids are first at `ids` and `buckets`, that it comes from a snapshot. */
  beginOne(isOpen: boolean): void {
    const { u32, u8 } = this.#owner.arena
    u32[(this.address >>> 2) + COUNT] = 1
    u8[this.opens] = isOpen ? 1 : 0
  }

  /** Says where marks, the last column of `buffer`, and what else each row has go. */
  setOutput(buffer: BatchBuffer, kinds: number, places: number): void {
    const { u32 } = this.#owner.arena
    const at = this.address >>> 2
    const mark = buffer.batch.columns.at(-1)!
    u32[at + OUT_MARKS] = mark.cells
    u32[at + OUT_NULLS] = buffer.addNullMask(mark)
    u32[at + OUT_SELECTION] = buffer.selectionRoom()
    u32[at + OUT_KINDS] = kinds
    u32[at + OUT_PLACES] = places
  }
}
