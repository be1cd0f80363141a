import type { Arena, ArenaOwner } from '../data/arena.ts'

// Fields of the context of `kernels/rank.ts`, in u32s.
const ROW = 0
const COUNT = 1
const IDS = 2
const INPUTS = 3
const LINES = 4
const KINDS = 5
const ORDER = 6
const SCHEMA = 7
const LISTS = 8
const RUNS = 9
const FROM = 10
const TO = 11
const FLAGS = 12
const OUT_LINES = 13
const OUT_KINDS = 14
const OUT_RANKS = 15
const OUT_INPUTS = 16
const OUT_NUMBERS = 17
const OUT_ROOM = 18
const OUT_COUNT = 19
const GONE = 20
const MISSING = 21
const PREFIXES = 22
const NEEDED = 23
const ENDS = 24
const CONTEXT_BYTES = 104

const MISSING_ROOM = 1

/** How rows are kept and what is told of them, see `kernels/rank.ts`. */
export const rankFlags = {
  showsPlaces: 1,
  emitsUpdateBefore: 2,
  retracts: 4,
  lastFirst: 8,
  isTop1: 16,
  showsPlacesOfRetraction: 32,
  isSilent: 64,
} as const

/** Where the kernels write changes. */
export interface RankRoom {
  readonly room: number
  readonly rows: number
  readonly ranks: number
  readonly inputs: number
  readonly numbers: number
  readonly kinds: number
  /** Makes room for so many changes; those that are there are lost. */
  grow(room: number): void
  /** Says how many changes there are. */
  fill(count: number): void
}

/** What stays the same from batch to batch: addresses, and the ranks that are shown. */
export interface RankSetup {
  readonly ids: number
  readonly inputs: number
  readonly order: number
  readonly schema: number
  readonly lists: number
  readonly runs: number
  readonly from: number
  readonly to: number
  readonly flags: number
  readonly prefixes: number
  /** i32 for each physical row: how many rows are ranked of the group that it begins; 0: as many of all. */
  readonly ends: number
}

/** Rows of a batch that the kernels take. */
export interface RankInput {
  readonly count: number
  /** As they are stored. */
  readonly lines: number
  readonly kinds: number
  /** Room for what is released, as `RowStore.releaseRoom` gave it. */
  readonly gone: number
}

/** What the kernels of ranked rows read and write. */
export class RankContext {
  readonly address: number
  readonly #arena: Arena

  constructor(owner: ArenaOwner, setup: RankSetup) {
    this.#arena = owner.arena
    this.address = owner.allocate(CONTEXT_BYTES)
    this.#arena.u32.fill(0, this.address >>> 2, (this.address + CONTEXT_BYTES) >>> 2)
    this.#set(IDS, setup.ids)
    this.#set(INPUTS, setup.inputs)
    this.#set(ORDER, setup.order)
    this.#set(SCHEMA, setup.schema)
    this.#set(LISTS, setup.lists)
    this.#set(RUNS, setup.runs)
    this.#set(FROM, setup.from)
    this.#set(TO, setup.to)
    this.#set(FLAGS, setup.flags)
    this.#set(PREFIXES, setup.prefixes)
    this.#set(ENDS, setup.ends)
  }

  begin({ count, lines, kinds, gone }: RankInput): void {
    this.#set(ROW, 0)
    this.#set(COUNT, count)
    this.#set(LINES, lines)
    this.#set(KINDS, kinds)
    this.setGone(gone)
  }

  setGone(gone: number): void {
    this.#set(GONE, gone)
  }

  /** The rows of the batch by selected row, where those that are stored were not picked from it. */
  setInputs(ids: number, inputs: number): void {
    this.#set(IDS, ids)
    this.#set(INPUTS, inputs)
  }

  setRoom({ rows, kinds, ranks, inputs, numbers, room }: RankRoom): void {
    this.#set(OUT_LINES, rows)
    this.#set(OUT_KINDS, kinds)
    this.#set(OUT_RANKS, ranks)
    this.#set(OUT_INPUTS, inputs)
    this.#set(OUT_NUMBERS, numbers)
    this.#set(OUT_ROOM, room)
  }

  /** Ranks rows until all are done, the changes have no room, or a page is missing. */
  run(): 'done' | 'room' | 'page' {
    if (this.#arena.kernels.rankRows(this.address) === this.#get(COUNT)) return 'done'
    return this.#get(MISSING) === MISSING_ROOM ? 'room' : 'page'
  }

  get isDone(): boolean {
    return this.#get(ROW) === this.#get(COUNT)
  }

  get changeCount(): number {
    return this.#get(OUT_COUNT)
  }

  set changeCount(count: number) {
    this.#set(OUT_COUNT, count)
  }

  /** Room that the next row needs for its changes at least. */
  get neededRoom(): number {
    return this.#get(NEEDED)
  }

  #get(field: number): number {
    return this.#arena.u32[(this.address >>> 2) + field]!
  }

  #set(field: number, value: number): void {
    this.#arena.u32[(this.address >>> 2) + field] = value
  }
}
