import type { ArenaOwner } from '../data/arena.ts'
import { BATCH_CAPACITY, type Batch } from '../data/batch.ts'

// Fields of the context of `kernels/join.ts`, in u32s.
const ROW = 0
const NEXT_LINE = 1
const CHANGED_ROW = 2
const MATCHES = 3
const CHANGES = 4
const LISTS = 5
const LIST = 6
const IDS = 7
const SELECTION = 8
const COUNT = 9
const KINDS = 10
const PLACES = 11
const OWN = 12
const PAIR_ROWS = 13
const PAIR_INPUTS = 14
const PAIR_LINES = 15
const MATCHED = 16
const OUT_INPUTS = 17
const OUT_LINES = 18
const OUT_KINDS = 19
const OUT_PLACES = 20
const OUT_ABSENT = 21
const ANY_ABSENT = 22
const FLAGS = 23
const CONTEXT_BYTES = 96

const SHOWS_OWN = 1
const SHOWS_OTHER = 2
const SEMI = 4
const ANTI = 8
const IS_RIGHT = 16
const STREAMING = 32
const COUNTS = 64

/** Which rows are shown without a match, or as a left row alone. */
export type JoinKind = 'inner' | 'left' | 'right' | 'full' | 'semi' | 'anti'

/** A batch whose rows are to meet the other side. */
interface JoinInput {
  readonly side: 0 | 1
  readonly batch: Batch
  /** As they are stored. */
  readonly rows: number
  readonly lists: number
}

/** What the kernels of a join read and write, see `kernels/join.ts`. */
export interface JoinContext {
  readonly address: number
  /** i32 group ids of the batch; -1: the key matches nothing, -2: the row was taken back and never was there. */
  readonly ids: number
  /** Pairs: i32 physical rows of the input and u32 stored rows. */
  readonly inputs: number
  readonly lines: number
  /** A byte a pair: whether it fulfils the condition. */
  readonly matched: number
  readonly changes: { readonly inputs: number; readonly lines: number; readonly absent: number }
  /** The next selected row of the batch that has not met the other side. */
  readonly row: number
  /** Whether some change shows no input row. */
  readonly hasAbsent: boolean
  begin(input: JoinInput): void
  /** Where kinds and places of the output go, 0: nowhere. */
  setOutput(kinds: number, places: number): void
}

/** What of a join decides how its rows meet. */
interface JoinShape {
  readonly joinType: JoinKind
  readonly condition: object | undefined
  readonly mode: 'streaming' | 'final'
}

/** The context of one join. */
export function joinContext(owner: ArenaOwner, { joinType, condition, mode }: JoinShape): JoinContext {
  const { u32 } = owner.arena
  const address = owner.allocate(CONTEXT_BYTES)
  const at = address >>> 2
  const rowsOf = (bytes: number): number => owner.allocate(BATCH_CAPACITY * bytes)
  const ids = rowsOf(4)
  const pairRows = rowsOf(4)
  const inputs = rowsOf(4)
  const lines = rowsOf(4)
  const isInner = joinType === 'inner'
  const matched = isInner || condition === undefined ? 0 : rowsOf(1)
  const changes = isInner ? { inputs, lines, absent: 0 } : { inputs: rowsOf(4), lines: rowsOf(4), absent: rowsOf(1) }
  const isHalf = joinType === 'semi' || joinType === 'anti'
  const shows = [joinType === 'left' || joinType === 'full', joinType === 'right' || joinType === 'full']
  const flagsOf = (side: 0 | 1): number => {
    let flags = mode === 'streaming' ? STREAMING : 0
    if (shows[side]) flags |= SHOWS_OWN
    if (shows[1 - side]) flags |= SHOWS_OTHER
    if (isHalf) flags |= joinType === 'semi' ? SEMI : ANTI
    if (side === 1) flags |= IS_RIGHT
    // A left row of a semi or anti join need not meet the right ones one by one.
    if (isHalf && side === 0 && condition === undefined) flags |= COUNTS
    return flags
  }
  u32.fill(0, at, at + CONTEXT_BYTES / 4)
  u32[at + IDS] = ids
  u32[at + PAIR_ROWS] = pairRows
  u32[at + PAIR_INPUTS] = inputs
  u32[at + PAIR_LINES] = lines
  u32[at + MATCHED] = matched
  u32[at + OUT_INPUTS] = changes.inputs
  u32[at + OUT_LINES] = changes.lines
  u32[at + OUT_ABSENT] = changes.absent
  return {
    address,
    ids,
    inputs,
    lines,
    matched,
    changes,
    get row() {
      return u32[at + ROW]!
    },
    get hasAbsent() {
      return u32[at + ANY_ABSENT] !== 0
    },
    begin({ side, batch, rows, lists }) {
      for (const field of [ROW, NEXT_LINE, CHANGED_ROW, MATCHES, CHANGES]) u32[at + field] = 0
      u32[at + LISTS] = lists
      u32[at + LIST] = 1 - side
      u32[at + SELECTION] = batch.selection
      u32[at + COUNT] = batch.selectedCount
      u32[at + KINDS] = batch.kinds
      u32[at + PLACES] = batch.places
      u32[at + OWN] = rows
      u32[at + FLAGS] = flagsOf(side)
    },
    setOutput(kinds, places) {
      u32[at + OUT_KINDS] = kinds
      u32[at + OUT_PLACES] = places
    },
  }
}
