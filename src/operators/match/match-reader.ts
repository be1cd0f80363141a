import type { Arena, ArenaOwner } from '../../data/arena.ts'
import type { MatchRead, MatchRows as ReadRows } from '../../expr/match.ts'
import type { MatchRows } from './match-rows.ts'
import type { PartialMatches } from './partial-matches.ts'

/** What an expression of a match looks at. One object serves many evaluations. */
export interface MatchView {
  /** The way taken so far, or 0. */
  last: number
  /** In DEFINE the row that is tested, and for which variable; it counts behind the rows taken. Else 0. */
  row: number
  variable: number
  /** What MATCH_ROWTIME gives. */
  time: number
}

/** Which row of a match a read is about. */
type Place = Pick<Extract<MatchRead, { kind: 'cell' | 'classifier' }>, 'rows' | 'from' | 'offset'>

/** The same for reads that are about the same row. */
export function placeKey({ rows, from, offset }: Place): string {
  return JSON.stringify([rows, from, offset])
}

// A finder as the kernels read it, in u32s, see `kernels/match.ts`.
const COUNTS = 0
const IS_FROM_FIRST = 1
const OFFSET = 2
const VARIABLE_MASK = 3
const FOUND_VARIABLE = 4
const FINDER_BYTES = 24

/** Finds one row of a match, counted from the first or the last one on. */
export class RowFinder {
  /** For kernels. */
  readonly address: number
  readonly #arena: Arena

  constructor(place: Place, { owner, partials, variables }: FinderMemory) {
    this.#arena = owner.arena
    this.address = newFinder(place, { owner, partials, variables })
  }

  /** The row, or 0. */
  find({ last, row, variable }: MatchView): number {
    return this.#arena.kernels.findMatchRow(this.address, last, row, variable) >>> 0
  }

  /** For which variable the row that was found last was taken. */
  get variable(): number {
    return this.#arena.u32[(this.address >>> 2) + FOUND_VARIABLE]!
  }
}

interface FinderMemory {
  readonly owner: ArenaOwner
  readonly partials: PartialMatches
  readonly variables: readonly string[]
}

function newFinder({ rows, from, offset }: Place, { owner, partials, variables }: FinderMemory): number {
  const { u8, u32 } = owner.arena
  const counts = owner.allocate(variables.length)
  u8.set(membership(rows, variables.length), counts)
  const address = owner.allocate(FINDER_BYTES)
  const at = address >>> 2
  u32[at + COUNTS] = counts
  u32[at + IS_FROM_FIRST] = from === 'first' ? 1 : 0
  u32[at + OFFSET] = offset
  u32[at + VARIABLE_MASK] = partials.variableMask
  u32[at + FOUND_VARIABLE] = 0
  return address
}

/** By variable 1 where its rows count. */
function membership(rows: ReadRows, variables: number): Uint8Array {
  const counts = new Uint8Array(variables)
  if (rows === 'all') counts.fill(1)
  else for (const variable of rows) counts[variable] = 1
  return counts
}

/** Lists the rows of some variables. */
export class RowLister {
  /** The first `count` of them are the rows that were listed last, the latest one first. */
  readonly rows: number[] = []
  readonly #arena: Arena
  readonly #partials: PartialMatches
  readonly #counts: Uint8Array
  readonly #finder: number

  constructor(rows: ReadRows, memory: FinderMemory) {
    this.#arena = memory.owner.arena
    this.#partials = memory.partials
    this.#counts = membership(rows, memory.variables.length)
    this.#finder = newFinder({ rows, from: 'last', offset: 0 }, memory)
  }

  count({ last, row, variable }: MatchView): number {
    return this.#arena.kernels.countMatchRows(this.#finder, last, row, variable)
  }

  /** Lists the rows and returns how many there are. */
  list(view: MatchView): number {
    const { rows } = this
    const counts = this.#counts
    const partials = this.#partials
    let count = 0
    if (view.row !== 0 && counts[view.variable] === 1) rows[count++] = view.row
    for (let taken = view.last; taken !== 0; taken = partials.before(taken))
      if (counts[partials.variableOf(taken)] === 1) rows[count++] = partials.rowOf(taken)
    return count
  }
}

/** What readers of a match share. */
export interface MatchMemory {
  readonly owner: ArenaOwner
  readonly rows: MatchRows
  readonly partials: PartialMatches
  /** Names of the variables. */
  readonly variables: readonly string[]
  /** Where a column of the input stands among those that are kept. */
  readonly placeOf: (column: number) => number
}
